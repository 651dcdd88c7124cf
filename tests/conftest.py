"""What does every test stand on: which database and data folder, which clock, which browser, and no network?

SQLite by default; BANGGIAO_TEST_ENGINE=postgres runs everything on the server that BANGGIAO_TEST_DATABASE_URL names.
BANGGIAO_REQUIRE_ALL=1 (the gate) turns every skip into a failure.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
ROOT = Path(__file__).resolve().parent.parent
REQUIRE_ALL = os.environ.get("BANGGIAO_REQUIRE_ALL") == "1"
POSTGRES_URL = os.environ.get("BANGGIAO_TEST_DATABASE_URL", "")
ON_POSTGRES = os.environ.get("BANGGIAO_TEST_ENGINE") == "postgres"
#: The moment at which tests happen. Nothing below the faces reads a clock, so passing it in is enough.
NOW = datetime(2025, 9, 15, 8, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Settings are read once, when Django loads, so what they depend on is set before anything imports them.
DATA_FOLDER = Path(tempfile.mkdtemp(prefix="banggiao-test-"))
os.environ["BANGGIAO_DATA"] = str(DATA_FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "banggiao.config.settings"
os.environ.pop("BANGGIAO_DATABASE_URL", None)
if ON_POSTGRES:
    os.environ["BANGGIAO_DATABASE_URL"] = POSTGRES_URL


# Network -------------------------------------------------------------------------------------------------------------------


class NetworkRefused(BaseException):
    """A test reached for another machine. Not an Exception, so that no error handling of the programme can hide it."""


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo" or event == "socket.gethostbyname":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost"):
        return
    try:
        if ipaddress.ip_address(host).is_loopback or ipaddress.ip_address(host).is_unspecified:
            return
    except ValueError:
        pass
    raise NetworkRefused(f"tests stay on this machine, but one reached for {host}")


sys.addaudithook(_refuse_network)


# Session -------------------------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    if (ON_POSTGRES or REQUIRE_ALL) and not POSTGRES_URL:
        raise pytest.UsageError("The PostgreSQL part cannot run: BANGGIAO_TEST_DATABASE_URL is not set.")
    from django.conf import settings

    # Loading the settings here makes pytest-django set Django up before the test modules are imported.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA_FOLDER, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that are about the other engine: they are not skipped, they have no meaning here."""
    engine = "postgresql" if ON_POSTGRES else "sqlite"
    other = [item for item in items if (mark := item.get_closest_marker("engine")) and mark.args and engine not in mark.args]
    if other:
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if item not in other]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return _required(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return _required(report)


def _required(report: Report) -> Report:
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"BANGGIAO_REQUIRE_ALL allows no skips. {reason}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not POSTGRES_URL:
        terminalreporter.line("Not run: the tests marked engine on PostgreSQL. BANGGIAO_TEST_DATABASE_URL is not set.")


# Database ------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """One SQLite file per process: a database in memory locks differently from the one users have."""
    from django.conf import settings

    if not ON_POSTGRES:
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(DATA_FOLDER / "test.sqlite3")


# What tests ask for --------------------------------------------------------------------------------------------------------


@pytest.fixture
def now() -> datetime:
    """The moment at which the test happens, always the same."""
    return NOW


@pytest.fixture
def today() -> date:
    """The day on which the test happens, always the same."""
    return NOW.date()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the seed documents and gold facts beside the checkout, or BANGGIAO_SHARED."""
    folder = Path(os.environ.get("BANGGIAO_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip("No seed documents: BANGGIAO_SHARED is not set and there is no ../shared.")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright; one for all browser tests of a process."""
    if not CHROMIUM.exists():
        pytest.skip("No browser: /usr/bin/chromium is absent (apt-get install chromium).")
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in the thread of the tests; without this Django refuses database calls beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh Vietnamese desktop page with no cookies."""
    context = chromium.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1366, "height": 900})
    yield context.new_page()
    context.close()
