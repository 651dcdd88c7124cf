"""How soon does a page paint on a slow line, and how many bytes does it take? Run: `python bench/pages.py`. Asserts nothing.

The demo is served from a folder of its own and read by Chromium through a line of 1.6 Mbit/s with 150 ms there and back (what
Lighthouse calls slow 4G): the first page cold, then each page with the assets in the cache, as on every day but the first.
"""

from __future__ import annotations

import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
PAGES = (
    "/",
    "/partners",
    "/institutions",
    "/activities",
    "/agreements",
    "/commitments",
    "/tasks",
    "/documents",
    "/figures",
    "/search?q=han",
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
ROUNDS = 3


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    print(f"machine: {os.cpu_count()} cores, {platform.machine()}, {platform.system()}; Chromium, 1.6 Mbit/s, 150 ms")
    with served() as address, sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_context(locale="vi").new_page()
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", LINE)
        counted = {"bytes": 0}
        line.on("Network.loadingFinished", lambda event: counted.update(bytes=counted["bytes"] + int(event["encodedDataLength"])))
        print(f"{'page':<28} {'paint ms':>9} {'target':>8} {'spread':>7} {'KB':>7} {'target':>8}")
        page.goto(f"{address}/sign-in")
        _row("sign-in, nothing cached", [_paint(page)], counted["bytes"], limit="")
        page.fill("input[name=username]", "chuyenvien")
        page.fill("input[name=password]", "tre xanh ben song thu")
        counted["bytes"] = 0
        page.press("input[name=password]", "Enter")
        page.wait_for_load_state("load")
        _row("home, first of a session", [_paint(page)], counted["bytes"], limit="")
        for path in PAGES:
            paints, sizes = [], []
            for _ in range(ROUNDS):
                counted["bytes"] = 0
                page.goto(f"{address}{path}", wait_until="load")
                page.wait_for_timeout(200)
                paints.append(_paint(page))
                sizes.append(counted["bytes"])
            _row(path, paints, statistics.median(sizes), limit="< 100")
        browser.close()


def _paint(page: Any) -> float:
    """First contentful paint, ms after navigation began."""
    return float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"))


def _row(name: str, paints: list[float], size: float, *, limit: str) -> None:
    middle = statistics.median(paints)
    spread = f"{(max(paints) - min(paints)) / middle:.2f}" if len(paints) > 1 else ""
    print(f"{name:<28} {middle:>9.0f} {'< 1000':>8} {spread:>7} {size / 1024:>7.1f} {limit:>8}")


@contextmanager
def served() -> Iterator[str]:
    """The demo, served on a free port from an empty folder until the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "banggiao", "demo", "--port", str(port)]
        server = subprocess.Popen(command, env={**os.environ, "BANGGIAO_DATA": folder}, stdout=subprocess.DEVNULL)
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).read()
                    break
                except OSError:
                    time.sleep(0.5)
            yield address
        finally:
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    main()
