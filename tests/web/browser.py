"""The pages served on this machine, for a browser: the server as a fixture, and signing in as a role."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.web.world import World

PASSWORD = "mat khau that dai 9"


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server(world: World) -> Iterator[str]:
    """The pages served on this machine."""
    from banggiao.config.wsgi import application

    made = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    thread.join()
    made.server_close()


def sign_in(page: Page, server: str, role: str = "desk") -> None:
    """As the user of that role, with the keyboard."""
    page.goto(f"{server}/sign-in")
    page.fill("#field-username", f"user.{role}")
    page.fill("#field-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server}/")
