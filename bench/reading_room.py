"""Does the reading room stay quick with 5,000 facts in one document? Run: `python bench/reading_room.py [--facts N]`.

Prints figures beside targets for SQLite and PostgreSQL; asserts nothing. The document is generated, the same every run, and
another of the same kind has been accepted before, so that the register has something to say beside the facts. Last, in a browser
where there is one: how long from the key that accepts to the focus on the next card.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import reading_texts as texts
import world

FACTS, ROUNDS = 5_000, 5
PASSWORD = "mat khau cua phep do 7"  # noqa: S105  of an account that lasts as long as the measure
CHROMIUM = "/usr/bin/chromium"


def main() -> None:
    """Measure in each database; with `--in` in this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=FACTS)
    parser.add_argument("--in", dest="inside", default="")
    chosen = parser.parse_args()
    if not chosen.inside:
        print(f"machine: {os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}, {platform.system()}")
        print(f"{chosen.facts:,} facts in one document; medians of {ROUNDS}, spread = largest - smallest; ratio above 1 is good")
        world.in_each_database(__file__, ["--facts", str(chosen.facts)])
        return
    world.prepare()
    with tempfile.TemporaryDirectory() as folder:
        from django.conf import settings

        settings.MEDIA_ROOT = folder
        settings.ALLOWED_HOSTS = ["*"]
        _measure(chosen.facts)


def _measure(wanted: int) -> None:
    from django.conf import settings
    from django.test import Client

    from banggiao.intelligence.services import accept_above
    from banggiao.sources.models import Fact

    user, act = _desk()
    before = _document(act, 200, seed=1_000_000)
    accept_above(act=act, document=before, certainty=0)
    document = _document(act, wanted, seed=0)
    count = Fact.objects.filter(document=document).count()
    print(f"{count:,} facts, {len(document.text):,} characters")
    client = Client()
    client.force_login(user, backend="banggiao.accounts.backend.AccountBackend")
    page = f"/documents/{document.pk}"
    last = Fact.objects.filter(document=document).order_by("-start").values_list("pk", flat=True)[0]
    print(f"\n{'question':<52} {'target':>8} {'figure':>8} {'ratio':>6} {'spread':>7}")
    _row("first page, ms to its whole answer", 600, _times(lambda: client.get(page)))
    _row("page with the last fact, ms", 600, _times(lambda: client.get(f"{page}?fact={last}")))
    _row("first page, KB sent", 500, [len(client.get(page).content) / 1000])
    _row("what a batch would do with all of them, ms", 4_000, _times(lambda: client.get(f"{page}/accept/preview?above=0"), 3))
    facts = iter(Fact.objects.filter(document=document, kind__in=("result", "shortcoming")).order_by("start")[: ROUNDS * 2])
    accept = [
        _ms(lambda: client.post(f"/facts/{fact.pk}/accept", {"version": fact.version}, HTTP_HX_REQUEST="true"))  # noqa: B023
        for fact in facts
    ]
    _row("accept one, ms to its card", 250, accept)
    _in_browser(page, client.cookies[settings.SESSION_COOKIE_NAME].value)


def _in_browser(page: str, session: str) -> None:
    """From the key to the focus on the next card, and how long the page takes to be drawn."""
    if not os.path.exists(CHROMIUM):
        print("No Chromium: what a reader feels is left out.")
        return
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("No playwright: what a reader feels is left out.")
        return
    from django.conf import settings
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the driver of the browser runs a loop in this thread
    made = make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), _Server, _Quiet)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{made.server_port}"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
        )
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        tab.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])
        drawn = []
        for _round in range(ROUNDS):
            tab.goto(base + page)
            drawn.append(tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"))
        _row("first page drawn in the browser, ms", 1_000, drawn)
        elements = tab.evaluate("document.querySelectorAll('*').length")
        _row("elements on the page", 15_000, [elements])
        tab.locator(".fact.waits:not(:has(.choices))").first.focus()
        times = []
        for _round in range(ROUNDS):
            here = tab.evaluate("document.activeElement.id")
            begun = time.perf_counter()
            tab.keyboard.press("r")
            while tab.evaluate("document.activeElement.id") in (here, ""):
                if time.perf_counter() - begun > 20:
                    raise TimeoutError(here)
            times.append((time.perf_counter() - begun) * 1000)
        _row("from the key to the focus on the next card, ms", 400, times)
        browser.close()
    made.shutdown()


class _Server(ThreadingMixIn, WSGIServer):
    """One thread a connection: a browser opens several and leaves some idle."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _desk() -> tuple[Any, Any]:
    """A desk officer with the right to check, and an act of theirs."""
    from datetime import date

    from banggiao.accounts.questions import viewer_of
    from banggiao.accounts.services import create_user, give_role
    from banggiao.core.acts import Act, system_viewer
    from banggiao.partners.models import Institution

    system = Act(system_viewer("đo"), world.AT, "đo tốc độ")
    body = Institution.objects.order_by("code").first()
    assert body is not None, "the reference data has institutions"
    user = create_user(act=system, username="do.phong.doc", name="Người đo", password=PASSWORD, institution_id=body.pk)
    give_role(act=system, user=user, role="desk", institution_id=body.pk, held_from=date(2020, 1, 1))
    return user, Act(viewer_of(user, today=world.AT.date()), world.AT)


def _document(act: Any, wanted: int, *, seed: int) -> Any:
    """A document with so many facts or a few more."""
    from banggiao.intelligence.services import read_in

    text = "\n\n".join(texts.dense_document(random.Random(seed + number)) for number in range(max(wanted // 27, 1)))
    return read_in(act=act, data=text.encode(), name=f"{wanted}.txt", classification="public")[0]


def _times(ask: Callable[[], Any], rounds: int = ROUNDS) -> list[float]:
    ask()  # the first pays for imports and templates
    return [_ms(ask) for _ in range(rounds)]


def _ms(ask: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    answer = ask()
    taken = (time.perf_counter() - begun) * 1000
    assert answer.status_code == 200, answer.status_code
    return taken


def _row(question: str, target: float, figures: list[float]) -> None:
    figure = statistics.median(figures)
    ratio = target / figure
    print(f"{question:<52} {target:>8,.0f} {figure:>8,.0f} {ratio:>6.2f} {max(figures) - min(figures):>7,.0f}", flush=True)


if __name__ == "__main__":
    main()
