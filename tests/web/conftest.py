"""The pages with a small register behind them, at the moment of the tests, and somebody signed in for each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import NOW
from tests.web.browser import server, sign_in

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.web.world import World

__all__ = ["server"]
# Tables can be imported only when Django stands, which is after this file was read; hence the imports inside.


@pytest.fixture
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages read the clock of the tests."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def world(db: None, at_now: None) -> World:
    """A small register of public and internal records, with a user for every role."""
    from tests.web.world import make_world

    return make_world()


@pytest.fixture
def as_role(world: World) -> Callable[..., Client]:
    """A client signed in as the user of a role."""
    from django.test import Client

    def signed_in(role: str, language: str = "vi", **options: Any) -> Client:
        client = Client(**options)
        client.force_login(world.users[role], backend="banggiao.accounts.backend.AccountBackend")
        client.cookies["django_language"] = language
        return client

    return signed_in


@pytest.fixture
def signed_in(server: str, chromium: Browser) -> Iterator[tuple[BrowserContext, Page]]:
    """The desk, signed in through the page."""
    context = chromium.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    sign_in(page, server)
    yield context, page
    context.close()
