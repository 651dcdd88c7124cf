"""Can programmes make records as people do: with one shape of errors, once for a key, and nothing half written?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from banggiao.commitments.models import Commitment, Task
from banggiao.core.ledger import entries_of
from tests.api.world import World, caller, problem_of

pytestmark = pytest.mark.django_db
BODY = {
    "text_vi": "Mở đường bay",
    "side": "joint",
    "partner_id": "Nước X",
    "current_due": "quý IV/2025",
    "reason": "Họp sáng nay",
}


def test_a_record_is_made_with_its_version_and_address(world: World, as_role: Callable[..., Any]) -> None:
    desk = as_role("desk")
    response = desk.send("POST", "/api/registers/commitments", BODY)
    body = json.loads(response.content)
    assert response.status_code == 201 and response["ETag"] == '"1"', body
    made = Commitment.objects.get(pk=body["id"])
    assert (made.partner_id, made.current_due, made.owner) == (world.partner.pk, "2025-12", world.ministry.pk)
    assert entries_of(made.pk).get().reason == "Họp sáng nay"
    assert json.loads(desk.get(response["Location"]).content)["id"] == body["id"]


def test_everything_wrong_is_said_by_field_and_nothing_written(world: World, as_role: Callable[..., Any]) -> None:
    before = Commitment.objects.count()
    wrong = {"side": 7, "partner_id": "Nước Lạ", "current_due": "sớm", "work_state": "done", "measurable": 2.5, "text_vi": ["x"]}
    told = problem_of(as_role("desk").send("POST", "/api/registers/commitments", wrong), 422, "invalid_input")
    assert {p["field"] for p in told["problems"]} == set(wrong)
    assert Commitment.objects.count() == before


@pytest.mark.parametrize(
    ("register", "role", "status", "code"),
    [
        ("commitments", "ministry", 403, "not_permitted"), ("commitments", "auditor", 403, "not_permitted"),
        ("documents", "desk", 403, "not_permitted"), ("khong-co", "desk", 404, "not_found"),
    ],
)  # fmt: skip
def test_who_may_not(register: str, role: str, status: int, code: str, world: World, as_role: Callable[..., Any]) -> None:
    problem_of(as_role(role).send("POST", f"/api/registers/{register}", BODY), status, code)
    assert Commitment.objects.count() == 1


def test_a_key_that_only_reads_makes_nothing(world: World) -> None:
    problem_of(caller(world, "desk", may_write=False).send("POST", "/api/registers/commitments", BODY), 403, "not_permitted")


def test_the_same_key_makes_one_record(world: World, as_role: Callable[..., Any]) -> None:
    desk, before = as_role("desk"), Task.objects.count()
    first = desk.send("POST", "/api/registers/tasks", {"text_vi": "Một lần"}, key="k1")
    again = desk.send("POST", "/api/registers/tasks", {"text_vi": "Một lần"}, key="k1")
    assert (first.status_code, first.content, first["Location"]) == (201, again.content, again["Location"])
    problem_of(desk.send("POST", "/api/registers/tasks", {"text_vi": "Việc khác"}, key="k1"), 422, "invalid_input")
    assert Task.objects.count() == before + 1


def test_the_own_last_change_is_taken_back(world: World, as_role: Callable[..., Any]) -> None:
    desk = as_role("desk")
    url = desk.send("POST", "/api/registers/tasks", {"text_vi": "Việc mới"})["Location"]
    assert desk.send("PATCH", url, {"text_vi": "Việc sửa"}, version=1).status_code == 200
    problem_of(desk.send("POST", f"{url}/undo"), 428, "version_required")
    problem_of(desk.send("POST", f"{url}/undo", version=1), 412, "stale_edit")
    response = desk.send("POST", f"{url}/undo", version=2)
    assert json.loads(response.content)["editable"]["text_vi"] == "Việc mới" and response["ETag"] == '"3"'
    problem_of(desk.send("POST", f"/api/registers/tasks/{world.task.code}/undo", version=1), 403, "not_permitted")


def test_registers_say_what_they_take(world: World, as_role: Callable[..., Any]) -> None:
    found = {r["name"]: r for r in json.loads(as_role("desk").get("/api/registers").content)["registers"]}
    asked = {each["name"]: each for each in found["commitments"]["entry"]}
    assert asked["side"] == {
        "name": "side", "label": "Bên thực hiện", "kind": "code", "required": True, "vocabulary": "commitment_side",
    }  # fmt: skip
    assert found["commitments"]["may_add"] and not found["documents"]["may_add"] and found["documents"]["entry"] == []


def test_a_list_is_looked_at_and_then_confirmed(world: World, as_role: Callable[..., Any]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    desk, before = as_role("desk"), Commitment.objects.count()

    def sent(path: str, rows: str, **how: str) -> Any:
        file = SimpleUploadedFile("danh-muc-7-2025.csv", ("Mã,Nội dung,Bên thực hiện,Nước\n" + rows).encode())
        headers = {"Authorization": f"Bearer {desk.secret}"}
        return desk.client.post(f"/api/registers/commitments/{path}", {"file": file, **how}, headers=headers)

    rows = "K1,Mở đường bay mẫu,Hai bên,Nước X\nK2,Cử chuyên gia mẫu,ai đó,Nước Lạ\n"
    looked = json.loads(sent("imports/preview", rows).content)
    assert looked["counts"]["good"] == 1 and Commitment.objects.count() == before
    assert {p["field"] for p in looked["rows"][1]["problems"]} == {"side", "partner_id"} and looked["rows"][1]["row"] == 3
    problem_of(sent("imports/confirm", rows, whole="true"), 422, "invalid_input")
    problem_of(sent("imports/confirm", rows, choices="[]"), 422, "invalid_input")
    problem_of(sent("imports/confirm", rows, sheet="Trang lạ"), 422, "invalid_input")
    done = json.loads(sent("imports/confirm", rows, seen=looked["seen"]).content)
    assert len(done["created"]) == 1 and done["left_total"] == 1 and Commitment.objects.count() == before + 1
    changed = rows.replace("Mở đường bay mẫu", "Mở hai đường bay mẫu")
    problem_of(sent("imports/confirm", changed), 428, "version_required")
    looked = json.loads(sent("imports/preview", changed, show="changed").content)
    assert [c["field"] for c in looked["rows"][0]["changes"]] == ["text_vi"]
    problem_of(sent("imports/confirm", rows + "K3,Việc khác mẫu,Hai bên,Nước X\n", seen=looked["seen"]), 412, "stale_edit")
    assert json.loads(sent("imports/confirm", changed, seen=looked["seen"]).content)["changed"] == [
        {"id": done["created"][0], "version": 2}
    ]
