"""Does a command become a server that answers, shows the sign-in page, and stops when told with Ctrl-C?

    try_server.py PORT SECONDS COMMAND...

Starts COMMAND, waits up to SECONDS for /healthz, opens the first page, takes a PDF of a demo, has it solve a
system of equations, presses Ctrl-C and fails when any of it goes wrong.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

STOP_WITHIN = 3.0


def main() -> int:
    """Run the trial; returns the exit code."""
    port, patience, command = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    base = f"http://127.0.0.1:{port}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
    begun = time.monotonic()
    # A group of its own, as a terminal gives; and Ctrl-C heard even when the gate itself runs where it is ignored.
    server = subprocess.Popen(command, start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    try:
        while not _answers(f"{base}/healthz"):
            if server.poll() is not None:
                return _fail(f"stopped by itself with exit code {server.returncode}")
            if time.monotonic() - begun > patience:
                return _fail(f"/healthz was not 200 within {patience:.0f} s")
            time.sleep(0.05)
        print(f"ready after {time.monotonic() - begun:.1f} s")
        page, address = _page(base)
        if 'type="password"' not in page:
            return _fail(f"no sign-in form at {address}")
        print(f"{address} shows the sign-in form, {len(page.encode())} bytes")
        if "demo" in command:
            opener = _signed_in(base)
            print(f"a paper of {_paper(opener, base)} bytes, an equilibrium of {_equilibrium(opener, base)} rows")
        begun = time.monotonic()
        os.killpg(server.pid, signal.SIGINT)
        try:
            code = server.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            return _fail(f"still running {STOP_WITHIN:.0f} s after Ctrl-C")
        print(f"stopped {time.monotonic() - begun:.2f} s after Ctrl-C, exit code {code}")
        if code not in (0, 130, -signal.SIGINT):
            return _fail("Ctrl-C is no error, the exit code says it was one")
        return 0 if _group_is_gone(server.pid) else _fail("a process of it lives on")
    finally:
        if _alive(server.pid):
            os.killpg(server.pid, signal.SIGKILL)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _page(base: str) -> tuple[str, str]:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with opener.open(base, timeout=20) as answer:
        return answer.read().decode("utf-8"), answer.geturl()


def _signed_in(base: str) -> urllib.request.OpenerDirector:
    """A browser signed in with a demo account."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with opener.open(f"{base}/sign-in", timeout=20) as answer:
        page, address = answer.read().decode("utf-8"), answer.geturl()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    sent = {"csrfmiddlewaretoken": token[1] if token else "", "username": "lanhdao", "password": "tre xanh ben song thu"}
    form = urllib.request.Request(address, urllib.parse.urlencode(sent).encode(), {"Referer": address})  # noqa: S310
    opener.open(form, timeout=20).close()
    return opener


def _paper(opener: urllib.request.OpenerDirector, base: str) -> int:
    """The size of a PDF that the server draws for a demo account: its library must work where requests are answered."""
    with opener.open(f"{base}/reports/commitments/file.pdf?exercise=yes", timeout=30) as answer:
        content = answer.read()
    if not content.startswith(b"%PDF"):
        raise SystemExit(_fail("the report of commitments is no PDF"))
    return len(content)


def _equilibrium(opener: urllib.request.OpenerDirector, base: str) -> int:
    """The rows of a page that needs linear algebra: its stack must be there where requests are answered."""
    with opener.open(f"{base}/markets/agreement", timeout=60) as answer:
        rows = answer.read().decode("utf-8").count("<tr")
    if rows < 10:
        raise SystemExit(_fail("the page of a new agreement holds no figures"))
    return rows


def _group_is_gone(group: int) -> bool:
    for _ in range(20):
        if not _alive(group):
            return True
        time.sleep(0.05)
    return False


def _alive(group: int) -> bool:
    """Whether a process of the group still runs; one that has ended and waits for init to take note does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, of = stat.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue  # gone meanwhile
        if int(of) == group and state != "Z":
            return True
    return False


def _fail(reason: str) -> int:
    print(f"FAILED: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
