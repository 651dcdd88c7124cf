"""Does one get in with the right password only, stay in one's language, and learn what to do when one does not?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from banggiao.core import records
from tests.factories.rows import act
from tests.web.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "mat khau that dai 9"


def test_sign_in_leads_on_and_out_again(world: World) -> None:
    client = Client()
    assert client.get("/tasks?kind=x").headers["Location"] == "/sign-in?next=/tasks%3Fkind%3Dx"
    answer = client.post("/sign-in", {"username": "user.desk", "password": PASSWORD, "next": "/tasks"})
    assert answer.status_code == 302 and answer.headers["Location"] == "/tasks"
    assert client.get("/").status_code == 200
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/").status_code == 302
    assert Client().get("/sign-out").status_code == 405


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
def test_sign_in_leads_nowhere_else(address: str, world: World) -> None:
    answer = Client().post("/sign-in", {"username": "user.desk", "password": PASSWORD, "next": address})
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_says_nothing_about_the_account(world: World) -> None:
    pages = []
    for name in ("user.desk", "khong.co"):
        answer = Client().post("/sign-in", {"username": name, "password": "sai"})
        assert answer.status_code == 422
        pages.append(answer.content.decode().replace(name, ""))
    strip = [page[page.index('role="alert"') : page.index("</form>")] for page in pages]
    assert strip[0] == strip[1] and "chưa đúng" in strip[0]


def test_too_many_wrong_passwords_say_how_long_to_wait(world: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # The guard against guessing holds the time it writes against the clock of the machine.
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.now(UTC))
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = client.post("/sign-in", {"username": "user.desk", "password": "sai"})
    assert last.status_code == 429 and "15 phút" in last.content.decode() and last.headers["Retry-After"] == "900"
    assert client.post("/sign-in", {"username": "user.desk", "password": PASSWORD}).status_code == 429


def test_the_language_switch_stays_on_the_page(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    answer = client.post("/language", {"language": "en", "next": "/tasks"})
    assert answer.headers["Location"] == "/tasks" and '<html lang="en">' in client.get("/tasks").content.decode()


def test_pages_are_vietnamese_until_somebody_chooses(world: World) -> None:
    english = {"Accept-Language": "en-US,en"}
    client = Client(headers=english)
    assert '<html lang="vi">' in client.get("/sign-in").content.decode()
    client.post("/sign-in", {"username": "user.desk", "password": PASSWORD})
    assert '<html lang="vi">' in client.get("/").content.decode()
    records.revise(world.users["desk"], act=act(), values={"language": "en"}, version=1)
    assert '<html lang="en">' in client.get("/").content.decode()
    client.post("/language", {"language": "vi"})
    assert '<html lang="vi">' in client.get("/").content.decode()


def test_a_form_sent_after_the_session_ended_is_not_lost_silently(world: World) -> None:
    answer = Client().post(f"/activities/{world.activity.pk}/edit", {"version": "1", "name_vi": "X"})
    assert answer.status_code == 401 and "Phiên làm việc đã hết" in answer.content.decode()


def test_a_fragment_without_session_sends_the_whole_page_to_sign_in(world: World) -> None:
    answer = Client().get("/search?q=a", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_a_forged_form_is_refused_with_a_way_on(world: World, as_role: Callable[..., Client], settings: Any) -> None:
    settings.CSRF_FAILURE_VIEW = "banggiao.web.errors.csrf_failure"
    client = as_role("desk", enforce_csrf_checks=True)
    answer = client.post(f"/activities/{world.activity.pk}/edit", {"version": "1", "name_vi": "X"})
    assert answer.status_code == 403 and "tải lại trang rồi gửi lại" in answer.content.decode()


def test_demo_accounts_stand_in_a_demo_only(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Tài khoản dùng thử" not in Client().get("/sign-in").content.decode()
    monkeypatch.setattr("banggiao.web.demo.demo_accounts", lambda: [("chuyenvien", "Trần Thị Thí Dụ", "desk", "Vụ E")])
    html = Client().get("/sign-in").content.decode()
    assert "chuyenvien" in html and "Vụ E" in html and "Mật khẩu chung" in html


def test_health(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from banggiao.web import health

    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n") and "Set-Cookie" not in answer.headers and not answer.cookies
    monkeypatch.setattr(health, "_ready", lambda: False)
    assert Client().get("/healthz").status_code == 503
    assert Client().post("/healthz").status_code == 405


def test_what_breaks_says_so_and_leaks_nothing(
    world: World, as_role: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("mật khẩu của cơ sở dữ liệu")

    monkeypatch.setattr("banggiao.web.home.home_of", fails)
    client = as_role("desk", raise_request_exception=False)
    answer = client.get("/")
    assert (
        answer.status_code == 500
        and "mật khẩu của" not in answer.content.decode()
        and "Hệ thống gặp lỗi" in answer.content.decode()
    )
    monkeypatch.setattr("banggiao.web.frame.acts_for", fails)
    bare = client.get("/")
    assert bare.status_code == 500 and "Hệ thống gặp lỗi" in bare.content.decode()
