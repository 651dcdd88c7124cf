"""Is nothing typed lost when the session ends in the middle of a form, and is nothing sent that its author did not send?"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from banggiao.commitments.models import Commitment, Task
from tests.web.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "mat khau rat dai 12"  # noqa: S105
TYPED = {"text_vi": "Mở <b>đường</b> bay\nthẳng", "side": "joint", "current_due": "quý IV/2025"}


@pytest.fixture
def known(world: World) -> World:
    """A desk officer with a password that the test knows."""
    from banggiao.accounts.services import set_password
    from tests.factories.rows import act

    set_password(act=act(), user=world.users["desk"], password=PASSWORD)
    return world


def _hidden(html: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    return {unescape(n): unescape(v) for n, v in fields if n.startswith("kept")}


def _again(client: Client, carried: dict[str, str], password: str = PASSWORD) -> str:
    return unescape(client.post("/sign-in", {**carried, "username": "user.desk", "password": password}).content.decode())


def test_a_form_sent_without_a_session_comes_back_filled_after_signing_in(known: World) -> None:
    client = Client()
    response = client.post("/commitments/new", TYPED)
    assert response.status_code == 401 and b"<b>" not in response.content.split(b"<form")[1].split(b"</form")[0]
    carried = _hidden(response.content.decode())
    assert carried["kept.text_vi"] == TYPED["text_vi"] and carried["kept-place"] == "/commitments/new"
    wrong = client.post("/sign-in", {**carried, "username": "user.desk", "password": "sai"})
    assert _hidden(wrong.content.decode()) == carried
    page = _again(client, carried)
    assert ">Mở <b>đường</b> bay\nthẳng</textarea>" in page and 'value="quý IV/2025"' in page and "chưa được lưu" in page
    assert 'action="/commitments/new"' in page and not Commitment.objects.filter(side="joint").exists()
    assert client.post("/commitments/new", TYPED).status_code == 302 and Commitment.objects.filter(side="joint").count() == 1


@pytest.mark.parametrize("tail", ["edit", "steps/pause", "progress", "evidence", "due"])
def test_every_form_of_a_record_comes_back(tail: str, known: World) -> None:
    client, task = Client(), known.task
    name = {"edit": "text_vi", "evidence": "description", "progress": "text"}.get(tail, "reason")
    carried = _hidden(client.post(f"/tasks/{task.pk}/{tail}", {"version": "3", name: "Chữ tôi đã gõ"}).content.decode())
    page = _again(client, carried)
    assert ">Chữ tôi đã gõ</textarea>" in page and f'action="/tasks/{task.pk}/{tail}"' in page
    assert Task.objects.get(pk=task.pk).version == task.version


def test_a_stale_form_that_was_kept_is_still_stale(known: World, as_role: Callable[..., Client]) -> None:
    client, task = Client(), known.task
    version = Task.objects.get(pk=task.pk).version
    carried = _hidden(client.post(f"/tasks/{task.pk}/edit", {"version": version, "text_vi": "Của tôi"}).content.decode())
    as_role("desk").post(f"/tasks/{task.pk}/edit", {"version": version, "text_vi": "Của người khác"})
    assert f'name="version" value="{version}"' in _again(client, carried)
    assert client.post(f"/tasks/{task.pk}/edit", {"version": version, "text_vi": "Của tôi"}).status_code == 412


@pytest.mark.parametrize(
    "place", ["https://elsewhere.example/x", "//elsewhere.example", "/sign-out", "/api/tokens", "/khong/co/dau", ""]
)
def test_nothing_is_given_back_to_an_address_that_is_no_form_of_ours(place: str, known: World) -> None:
    client = Client()
    response = client.post("/sign-in", {"kept-place": place, "kept.text_vi": "x", "username": "user.desk", "password": PASSWORD})
    assert response.status_code == 302 and response.headers["Location"] == "/"


def test_too_much_to_carry_is_said_and_passwords_are_never_carried(known: World) -> None:
    response = Client().post("/commitments/new", {"text_vi": "x" * 2_000_001})
    assert not _hidden(response.content.decode()) and "quay lại trang trước" in unescape(response.content.decode())
    response = Client().post("/account/password", {"password": "bi-mat-cua-toi", "x": "1"})
    assert "bi-mat-cua-toi" not in response.content.decode()


def test_a_form_of_another_session_is_shown_again_with_a_good_token(known: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(known.users["desk"], backend="banggiao.accounts.backend.AccountBackend")
    response = client.post("/commitments/new", {**TYPED, "csrfmiddlewaretoken": "cu"}, headers={"Origin": "http://testserver"})
    page = unescape(response.content.decode())
    assert ">Mở <b>đường</b> bay\nthẳng</textarea>" in page and not Commitment.objects.filter(side="joint").exists()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    assert client.post("/commitments/new", {**TYPED, "csrfmiddlewaretoken": token[1]}).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Referer": "https://elsewhere.example/x"}, {"Sec-Fetch-Site": "cross-site"}, {}],
)
def test_what_another_site_sent_is_not_shown_with_a_button_to_save_it(headers: dict[str, str], known: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(known.users["desk"], backend="banggiao.accounts.backend.AccountBackend")
    response = client.post("/commitments/new", TYPED, headers=headers)
    assert response.status_code == 403 and "bay" not in unescape(response.content.decode()).split("<main")[1]
