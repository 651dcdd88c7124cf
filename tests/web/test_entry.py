"""Can a desk officer type in a record, is told everything wrong with nothing lost, and take it back?"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.commitments.models import Commitment, Task
from banggiao.core.ledger import entries_of
from banggiao.core.registers import registers
from banggiao.reports import actions
from tests.web.world import World

pytestmark = pytest.mark.django_db
ENTERED = [r.name for r in registers() if r.entry and r.record_type in actions.CREATE]
TYPED = {"text_vi": "Mở đường bay thẳng", "side": "joint", "partner_id": "vuong quoc x", "current_due": "quý IV/2025"}


def body(response: object) -> str:
    return unescape(response.content.decode())  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ENTERED)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_register_that_is_entered_has_its_form(
    name: str, language: str, world: World, as_role: Callable[..., Client]
) -> None:
    register = next(r for r in registers() if r.name == name)
    for role in PERMISSIONS:
        client = as_role(role, language)
        may = register.edit_permission in PERMISSIONS[role]
        assert client.get(f"/{name}/new").status_code == (200 if may else 403), role
        if register.permission in PERMISSIONS[role]:
            assert (f'href="/{name}/new"' in body(client.get(f"/{name}"))) == may, role


@pytest.mark.parametrize("name", [name for name in ENTERED if name != "data_calls"])  # which has a page of its own
def test_an_empty_form_says_what_is_needed(name: str, world: World, as_role: Callable[..., Client]) -> None:
    register = next(r for r in registers() if r.name == name)
    role = next(role for role in PERMISSIONS if register.edit_permission in PERMISSIONS[role])
    before = register.model.objects.count()
    response = as_role(role).post(f"/{name}/new", {})
    assert response.status_code == 422 and body(response).count("error-text") >= len(register.required) > 0
    assert register.model.objects.count() == before


def test_a_commitment_is_typed_in_and_taken_back(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    page = body(client.post("/commitments/new", TYPED, follow=True))
    made = Commitment.objects.get(text_vi=TYPED["text_vi"])
    assert (made.partner_id, made.current_due, made.owner) == (world.state.pk, "2025-12", world.body.pk)
    assert f'action="/commitments/{made.pk}/undo"' in page and "Hoàn tác" in page
    page = body(client.post(f"/commitments/{made.pk}/undo", {"version": "1"}, follow=True))
    assert "Đã rút bản ghi vừa tạo" in page and client.get(f"/commitments/{made.pk}").status_code == 404
    assert [e.action for e in entries_of(made.pk)] == ["create", "undo"]


def test_what_is_wrong_is_said_by_field_and_all_that_was_typed_stays(world: World, as_role: Callable[..., Client]) -> None:
    typed = {**TYPED, "partner_id": "Nước <script>alert(1)</script>", "current_due": "sớm"}
    response = as_role("desk").post("/commitments/new", typed)
    assert response.status_code == 422 and b"<script>alert" not in response.content
    for value in typed.values():
        assert value in body(response)
    assert body(response).count('class="error-text"') == 2 and not Commitment.objects.filter(text_vi=TYPED["text_vi"]).exists()


def test_save_and_go_on_keeps_what_the_next_one_shares(world: World, as_role: Callable[..., Client]) -> None:
    response = as_role("desk").post("/commitments/new", {**TYPED, "made_on": "5/9/2025", "then": "more"}, follow=True)
    page = body(response)
    assert response.request["PATH_INFO"] == "/commitments/new" and 'value="vuong quoc x"' in page and 'value="5/9/2025"' in page
    assert TYPED["text_vi"] not in page.split('<form class="form"')[1]


def test_records_much_alike_are_shown_and_never_in_the_way(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    typed = {"text_vi": "Mở cửa thị trường.", "side": "theirs"}
    assert f"/commitments/{world.commitment.pk}" in body(client.post("/commitments/new/similar", typed))
    looked = body(client.post("/commitments/new", {**typed, "then": "check"}))
    assert f"/commitments/{world.commitment.pk}" in looked and Commitment.objects.filter(text_vi=typed["text_vi"]).count() == 0
    client.post("/commitments/new", typed)
    assert Commitment.objects.filter(text_vi=typed["text_vi"]).count() == 1
    assert "/commitments/" not in body(client.post("/commitments/new/similar", {"text_vi": "Hoàn toàn chuyện khác hẳn"}))


def test_suggestions_follow_what_is_typed_and_the_rights(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    assert '<option value="Vương quốc X">XAA</option>' in body(client.get("/choices/partners?into=partner_id&partner_id=vuong"))
    many = body(client.get("/choices/partners", {"into": "partners", "many": "yes", "partners": "Nước Y; vuong quoc"}))
    assert '<option value="Nước Y; Vương quốc X">' in many
    assert world.hidden.code in body(client.get("/choices/tasks?q=viec+noi+bo"))
    assert world.hidden.code not in body(as_role("ministry").get("/choices/tasks?q=viec+noi+bo"))
    assert client.get("/choices/partners?q=%00").status_code == 200 and client.get("/choices/khong-co").status_code == 404


def test_a_step_and_an_edit_are_taken_back_from_the_history(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    record = Task.objects.get(pk=world.task.pk)
    before = record.snapshot()
    client.post(f"/tasks/{record.pk}/edit", {"version": record.version, "text_vi": "Việc khác"})
    page = body(client.get(f"/tasks/{record.pk}"))
    version = re.search(rf'action="/tasks/{record.pk}/undo".*?name="version" value="(\d+)"', page, re.DOTALL)
    assert version
    client.post(f"/tasks/{record.pk}/undo", {"version": version[1]})
    assert Task.objects.get(pk=record.pk).snapshot() == before
    other = as_role("ministry")
    assert "/undo" not in body(other.get(f"/tasks/{record.pk}"))
    assert other.post(f"/tasks/{record.pk}/undo", {"version": version[1]}).status_code in (403, 412)


def test_an_edit_by_two_people_keeps_both_texts(world: World, as_role: Callable[..., Client]) -> None:
    one, two = as_role("desk"), as_role("desk")
    version = Task.objects.get(pk=world.task.pk).version
    assert one.post(f"/tasks/{world.task.pk}/edit", {"version": version, "text_vi": "Lời của người một"}).status_code == 302
    response = two.post(f"/tasks/{world.task.pk}/edit", {"version": version, "text_vi": "Lời của người hai"})
    assert response.status_code == 412
    assert "Lời của người một" in body(response) and ">Lời của người hai</textarea>" in body(response)
    assert Task.objects.get(pk=world.task.pk).text_vi == "Lời của người một"
