"""How fast are registers with the records of a ministry? Run: `python bench/registers.py [--commitments N] [--agreements N]`.

Prints figures beside targets, on SQLite and PostgreSQL, in one run; asserts nothing. A list page and a trivial page (signed in,
framed, nothing asked) go through the same middleware and template engine; the filter of visibility is put beside the same query
without it; a service beside the bare saves of the same rows; search is asked what users ask.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import world

ROUNDS = 60
HEAD = f"{'question':<58} {'target':>9} {'figure':>9} {'ratio':>7} {'spread':>7}"
QUERIES = Path(__file__).resolve().parent.parent / "tests" / "core" / "data" / "search_queries.csv"
COMMON = (
    *("hợp tác", "thị trường", "mở cửa", "ca phe", "thiết bị y tế", "DT-CK-0", "số 77", "công nhận tiêu chuẩn", "a", "2019"),
    *("cơ quan 7", "han quoc gao"),
)
_PASSWORD = "do toc do 2026 nhe"  # noqa: S105  of an account that goes away with the database


def main() -> None:
    """Measure in each database; with `--in` in this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commitments", type=int, default=world.COMMITMENTS)
    parser.add_argument("--agreements", type=int, default=world.AGREEMENTS)
    parser.add_argument("--in", dest="inside", default="")
    chosen = parser.parse_args()
    sizes = ["--commitments", str(chosen.commitments), "--agreements", str(chosen.agreements)]
    if not chosen.inside:
        print(f"machine: {os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}, {platform.system()}")
        print(f"{chosen.commitments:,} commitments, {chosen.agreements:,} agreements; medians, spread = (p90 - p10) / median")
        world.in_each_database(__file__, sizes)
        return
    world.prepare()
    begun = time.perf_counter()
    world.fill(chosen.commitments, chosen.agreements)
    seconds, count = time.perf_counter() - begun, chosen.commitments + chosen.agreements
    print(f"made in {seconds:.0f} s by the services' own door, {count / seconds:,.0f} records a second")
    _settle()
    print(HEAD)
    _pages()
    _filter()
    _writes()
    _search()
    _memory()


def _settle() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _pages() -> None:
    from django.http import HttpRequest, HttpResponse
    from django.test import Client
    from django.urls import path

    from banggiao.accounts.models import User
    from banggiao.accounts.services import create_user, give_role
    from banggiao.config import urls
    from banggiao.core.acts import Act, system_viewer
    from banggiao.partners.models import Institution
    from banggiao.web.asking import private
    from banggiao.web.frame import render
    from banggiao.web.pages import SearchPage

    act = Act(system_viewer("đo"), world.AT, "đo tốc độ", exercise=True)
    body = Institution.objects.get(code="DT-CQ-007")

    def trivial(request: HttpRequest) -> HttpResponse:
        return render(request, "search.html", SearchPage(query="", groups=[], total=0))

    urls.urlpatterns.insert(0, path("trivial", private(trivial)))
    for role in ("desk", "ministry"):
        user: User = create_user(act=act, username=f"do-{role}", name="Người Đo", password=_PASSWORD, institution_id=body.pk)
        give_role(act=act, user=user, role=role, institution_id=body.pk, held_from=world.AT.date())
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user)

        def get(address: str, client: Client = client) -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        addresses = {
            "list of commitments": "/commitments",
            "list of commitments, filtered, by due date": "/commitments?work_state=active&order=due",
            "list of agreements": "/agreements",
        }
        times = _together({"trivial": lambda: get("/trivial"), **{n: lambda a=a: get(a) for n, a in addresses.items()}})
        _row(f"{role}: trivial page, ms", "", times["trivial"], scale=1e3)
        for name in addresses:
            _row(f"{role}: {name}, ms, against trivial", "<= 12", times[name], times["trivial"], scale=1e3)


def _filter() -> None:
    from banggiao.commitments.models import Commitment

    bare = Commitment.objects.order_by("-made_on", "-pk")
    for role, viewer in world.viewers().items():
        seen = Commitment.objects.visible_to(viewer).order_by("-made_on", "-pk")
        times = _together({"seen": lambda s=seen: list(s[:51]), "bare": lambda: list(bare[:51])})
        _row(f"filter for {role}: page of 50, ms, against none", "<= 1.3", times["seen"], times["bare"], scale=1e3)
        times = _together({"seen": seen.count, "bare": bare.count}, rounds=12)
        _row(f"filter for {role}: total, ms, against none", "", times["seen"], times["bare"], scale=1e3)


def _writes() -> None:
    from django.db import transaction

    from banggiao.commitments.models import Commitment
    from banggiao.commitments.services import revise_commitment
    from banggiao.core.acts import Act, system_viewer
    from banggiao.core.record import writing

    act = Act(system_viewer("đo"), world.AT, "đo tốc độ", exercise=True)
    rows = cycle(Commitment.objects.order_by("pk")[:500])
    number = iter(range(10**9))

    def service(field: str) -> None:
        row = next(rows)
        revise_commitment(act=act, commitment=row, values={field: f"giá trị {next(number)}"}, version=row.version)

    def bare() -> None:
        with transaction.atomic(), writing():
            row = Commitment.objects.get(pk=next(rows).pk)
            row.authority = f"giá trị {next(number)}"
            row.save(force_update=True)

    times = _together({"bare": bare, "plain": lambda: service("authority"), "searched": lambda: service("product")}, rounds=300)
    _row("bare write: read, change, save in a transaction, ms", "", times["bare"], scale=1e3)
    _row("service write with ledger, ms, against the bare one", "<= 3", times["plain"], times["bare"], scale=1e3)
    _row("the same of a field that search holds", "<= 3", times["searched"], times["bare"], scale=1e3)


def _search() -> None:
    from banggiao.core.search_query import find

    with QUERIES.open(encoding="utf-8", newline="") as handle:
        asked = [row["query"] for row in csv.DictReader(handle)]
    for role, viewer in world.viewers().items():
        spent = sorted(min(_timed(lambda q=q, v=viewer: find(q, v)) for _ in range(2)) for q in (*asked, *COMMON))
        _say(f"search for {role}, {len(spent)} queries, p95, ms", "< 100", spent[int(len(spent) * 0.95)] * 1e3)
        _say(f"search for {role}, the slowest, ms", "", spent[-1] * 1e3)


def _memory() -> None:
    """Resident memory of `serve` with one worker, idle after its first pages, with all its processes."""
    import socket
    import urllib.request

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "banggiao", "serve", "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).read()
                break
            except OSError:
                time.sleep(0.5)
        for _ in range(5):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=30).read()
        time.sleep(3)
        megabytes = sum(_resident(pid) for pid in _family(server.pid)) / 1024
        _say("serve with one worker, idle, all processes, MB", "< 400", megabytes)
    finally:
        server.terminate()
        server.wait(20)


def _family(root: int) -> list[int]:
    found = [root]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(float(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def _together(parts: dict[str, Callable[[], Any]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Times of each, taken in turns, so that what disturbs one disturbs all."""
    for part in parts.values():
        part()
    times: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(rounds):
        for name, part in parts.items():
            times[name].append(_timed(part))
    return times


def _timed(part: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    part()
    return time.perf_counter() - begun


def _say(name: str, target: str, figure: float) -> None:
    print(f"{name:<58} {target:>9} {figure:>9.1f}")


def _row(name: str, target: str, times: list[float], base: list[float] | None = None, *, scale: float) -> None:
    middle = statistics.median(times)
    cuts = statistics.quantiles(times, n=10)
    ratio = f"{middle / statistics.median(base):.2f}" if base else ""
    print(f"{name:<58} {target:>9} {middle * scale:>9.2f} {ratio:>7} {(cuts[-1] - cuts[0]) / middle:>7.2f}")


if __name__ == "__main__":
    main()
