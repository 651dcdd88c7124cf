"""How fast is following with the commitments of a ministry? Run: `python bench/delivery.py [--commitments N] [--entries N]`.

Prints figures beside targets, on SQLite and PostgreSQL, in one run; asserts nothing. Pages are asked of a running server by eight
readers at once, a trivial signed-in page among them; each list and page also with somebody who writes every four seconds, as
often as five million entries in two years come in working hours. Reports are made in this process, as the command does; where
the machine is busy with other things, the time of the processor beside says what they cost. `--growth` fills a fifth and a half
first; `--keep FILE` adds the figures to a file for `bench/growth.py`.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import os
import platform
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import plans
import world

READERS, ROUNDS = 8, 12
HEAD = f"{'question':<62} {'target':>9} {'figure':>9} {'ratio':>7} {'spread':>7}"
PAGES = {
    "list of commitments": ("/commitments?exercise=yes", "< 300"),
    "list of commitments, overdue, by due date": ("/commitments?overdue_on=2026-09-15&order=due", "< 300"),
    "dashboard of the desk": ("/", "< 300"),
    "indicators by lead institution": ("/kpi?exercise=yes&by=lead", "< 1000"),
    "indicators by partner": ("/kpi?exercise=yes&by=partner", "< 1000"),
    "page of a commitment, another each time": ("/commitments/DT-CK-{n:06}", "< 300"),
}
#: Seconds between two writes while pages are asked for.
BETWEEN_WRITES = 4.0
_figures: list[dict[str, Any]] = []
_PASSWORD = "do toc do 2026 nhe"  # noqa: S105  of an account that goes away with the database


def main() -> None:
    """Measure in each database; with `--in` in this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commitments", type=int, default=world.COMMITMENTS)
    parser.add_argument("--entries", type=int, default=plans.ENTRIES)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--keep", default="")
    parser.add_argument("--in", dest="inside", default="")
    chosen = parser.parse_args()
    if not chosen.inside:
        print(f"machine: {os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}, {platform.system()}")
        sizes = [5, 2, 1] if chosen.growth else [1]
        for part in sizes:
            arguments = ["--commitments", str(chosen.commitments // part), "--entries", str(chosen.entries // part)]
            arguments += ["--keep", os.path.abspath(chosen.keep)] if chosen.keep else []
            commitments, entries = chosen.commitments // part, chosen.entries // part
            print(f"\n{commitments:,} commitments, {plans.MILESTONES_EACH} milestones each, {entries:,} ledger entries")
            world.in_each_database(__file__, arguments)
        return
    begun = time.perf_counter()
    world.prepare()
    world.fill(chosen.commitments, 200)
    plans.fill()
    count = plans.lengthen(chosen.entries)
    _settle()
    print(f"made in {time.perf_counter() - begun:.0f} s; {count:,} entries in the ledger")
    measure(chosen.inside, chosen.commitments, count, chosen.keep)


def measure(engine: str, commitments: int, entries: int, keep: str = "") -> None:
    """Every figure of a database that is filled; added to a file, one JSON object a line, if one is named."""
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    print(HEAD, flush=True)
    cookie = _sign_in()
    _alone(commitments)
    _pages(commitments, cookie)
    _reports()
    _import()
    if keep:
        with open(keep, "a", encoding="utf-8") as file:
            for figure in _figures:
                file.write(json.dumps({"engine": engine, "commitments": commitments, "entries": entries, **figure}) + "\n")


def _settle() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _alone(commitments: int) -> None:
    """What a page costs in this process: time of the processor, which a busy machine does not change; kept and counted anew.

    PostgreSQL works in other processes, which are not in it; the fastest time on the clock, which holds them, stands beside.
    """
    from django.core.cache import caches
    from django.test import Client

    from banggiao.accounts.models import User
    from banggiao.core.kept import CACHE

    client, chance = Client(SERVER_NAME="127.0.0.1"), random.Random(3)  # noqa: S311  pages, not secrets
    client.force_login(User.objects.get(username="do-desk"), backend="banggiao.accounts.backend.AccountBackend")

    def cost(address: str, *, anew: bool) -> tuple[float, float]:
        spent = []
        for _round in range(7):
            if anew:
                caches[CACHE].clear()
            page = address.format(n=chance.randrange(commitments))
            begun, clock = time.process_time(), time.perf_counter()
            assert client.get(page).status_code == 200, page
            spent.append((1e3 * (time.process_time() - begun), 1e3 * (time.perf_counter() - clock)))
        return statistics.median(s[0] for s in spent[1:]), min(s[1] for s in spent[1:])

    trivial, _clock = cost("/search", anew=False)
    print(f"trivial page alone: {trivial:.1f} ms of the processor")
    for name, (address, _target) in PAGES.items():
        for said, anew in (("kept", False), ("counted anew", True)):
            spent, clock = cost(address, anew=anew)
            _row(f"{name}, alone, {said}, ms of the processor", "", spent, [spent], trivial)
            print(f"    {clock:.0f} ms on the clock at best")


def _pages(commitments: int, cookie: str) -> None:
    """p95 at eight readers at once, against a page that asks nothing."""
    port = _free_port()
    # Without jobs: the first night's reminders of a hundred thousand duties would be written meanwhile.
    server = subprocess.Popen(
        [sys.executable, "-m", "banggiao", "serve", "--no-jobs", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        for name, (address, target) in PAGES.items():
            # Asked anew each time: what else the machine does changes from minute to minute.
            trivial = _asked(port, cookie, "/search", commitments)
            _row("trivial signed-in page, 8 readers, p95, ms", "", _p95(trivial), trivial)
            times = _asked(port, cookie, address, commitments)
            _row(f"{name}, p95, ms", target, _p95(times), times, _p95(trivial))
            with _somebody_writes():
                times = _asked(port, cookie, address, commitments)
            _row("    while somebody writes", target, _p95(times), times, _p95(trivial))
    finally:
        server.terminate()
        server.wait(20)


def _reports() -> None:
    """As the command makes them: the whole file, as JSON and as a paper, now and as known in the middle of the history."""
    from banggiao.commitments.models import Commitment
    from banggiao.core.acts import Act
    from banggiao.reports.commitments_known import Asked, known
    from banggiao.reports.commitments_report import take_report

    viewer = world.viewers()["desk"]
    bare = _timed(lambda: list(Commitment.objects.filter(made_on__startswith="2025")))
    _row("bare read of the commitments of a year, s", "", bare, [bare])

    def make(period: str, form: str, at: Any, lead: str = "") -> int:
        found = known(viewer, at, Asked(period, lead=lead, exercise=True))
        take_report(found, form, act=Act(viewer, world.AT), language="vi")
        return len(found.lines)

    for name, period, form, at, target in (
        ("report of a year, JSON, now", "2025", "json", world.AT, ""),
        ("report of a year, JSON, as known a year before", "2025", "json", plans.middle(), "< 10"),
        ("report of a month, JSON, as known a year before", "2025-03", "json", plans.middle(), ""),
    ):
        count = 0

        def one(period: str = period, form: str = form, at: Any = at) -> None:
            nonlocal count
            count = make(period, form, at)

        begun = time.process_time()
        seconds = _timed(one)
        _row(f"{name}, s", target, seconds, [seconds], bare)
        print(f"    {count:,} commitments, {time.process_time() - begun:.1f} s of the processor here")
    lead = ""
    count = 0

    def paper() -> None:
        nonlocal count
        count = make("2025-03", "pdf", world.AT, lead)

    seconds = _timed(paper)
    _row("report of a month, PDF, now, s", "< 3 (927)", seconds, [seconds], bare)
    print(f"    {count:,} commitments")


def _import() -> None:
    """A list of ten thousand rows in Excel: opened, understood, held against the register, and written."""
    import openpyxl

    from banggiao.core.acts import Act
    from banggiao.core.registers import register_named
    from banggiao.reports.importing import Wanted
    from banggiao.reports.pasting import Known
    from banggiao.reports.taking_in import find_table, look, open_list, take_in

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["STT", "Nội dung cam kết", "Bên thực hiện", "Hạn", "Ngày cam kết"])
    for n in range(10_000):
        sheet.append([n + 1, f"Việc nhập số {n} về hợp tác thử nghiệm", "Phía ta", "30/6/2027", "5/9/2025"])
    buffer = io.BytesIO()
    book.save(buffer)
    viewer = world.viewers()["desk"]
    act, register = Act(viewer, world.AT + timedelta(days=1)), register_named("commitments")

    def run() -> None:
        file = open_list(buffer.getvalue(), "danh-muc.xlsx")
        _place, table = find_table(register, file, "", Known(), viewer)
        held = look(register, file.name, table, Wanted(twins="new"), viewer)
        made = take_in(register, file, table, Wanted(twins="new"), seen=held.seen, act=act)
        assert len(made.created) == 10_000, len(made.created)

    begun = time.process_time()
    seconds = _timed(run)
    print(f"    {time.process_time() - begun:.1f} s of the processor here")
    _row("import of 10,000 rows from Excel, looked at and written, s", "< 60", seconds, [seconds])


def _sign_in() -> str:
    from django.conf import settings
    from django.test import Client

    from banggiao.accounts.services import create_user, give_role
    from banggiao.core.acts import Act, system_viewer
    from banggiao.partners.models import Institution

    act = Act(system_viewer("đo"), world.AT, "đo tốc độ", exercise=True)
    body = Institution.objects.get(code="DT-CQ-007")
    user = create_user(act=act, username="do-desk", name="Người Đo", password=_PASSWORD, institution_id=body.pk)
    give_role(act=act, user=user, role="desk", institution_id=body.pk, held_from=world.AT.date())
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def _somebody_writes() -> Iterator[None]:
    """A commitment is revised every few seconds, by a process of its own as another worker would."""
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); import django; django.setup(); import plans\n"
        "print('ready', flush=True)\n"
        "while True: plans.write_once(); time.sleep(float(sys.argv[2]))"
    )
    folder = os.path.dirname(os.path.abspath(__file__))
    writer = subprocess.Popen([sys.executable, "-c", code, folder, str(BETWEEN_WRITES)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    writer.stdout.readline()
    try:
        yield
    finally:
        writer.terminate()
        writer.wait(20)


def _asked(port: int, cookie: str, address: str, commitments: int) -> list[float]:
    def reader(number: int) -> list[float]:
        spent, chance = [], random.Random(number)  # noqa: S311  pages, not secrets
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for _round in range(ROUNDS):
            page = address.format(n=chance.randrange(commitments))
            begun = time.perf_counter()
            connection.request("GET", page, headers={"Cookie": cookie, "Accept-Encoding": "identity"})
            answer = connection.getresponse()
            answer.read()
            spent.append(1e3 * (time.perf_counter() - begun))
            assert answer.status == 200, (page, answer.status)
        return spent

    reader(0)  # warm
    with ThreadPoolExecutor(READERS) as pool:
        return [each for spent in pool.map(reader, range(READERS)) for each in spent]


def _wait(port: int) -> None:
    for _try in range(240):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.25)
    raise SystemExit("the server did not answer within a minute")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _timed(deed: Callable[[], object]) -> float:
    begun = time.perf_counter()
    deed()
    return time.perf_counter() - begun


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _row(name: str, target: str, figure: float, times: Sequence[float], against: float | None = None) -> None:
    ordered = sorted(times)
    spread = (
        (ordered[int(len(ordered) * 0.9)] - ordered[int(len(ordered) * 0.1)]) / statistics.median(ordered)
        if len(ordered) > 1
        else 0
    )
    ratio = f"{figure / against:7.1f}" if against else f"{'':>7}"
    _figures.append({"name": name, "target": target, "figure": figure, "ratio": figure / against if against else None})
    print(f"{name:<62} {target:>9} {figure:9.2f} {ratio} {spread:7.2f}", flush=True)


if __name__ == "__main__":
    main()
