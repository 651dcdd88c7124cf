"""Can records be read, changed and moved over HTTP, by those who may, and only on the version they read?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.activities.models import Activity
from banggiao.activities.services import revise_activity
from banggiao.api.models import KeptAnswer
from banggiao.commitments.models import Task
from banggiao.core.ledger import LedgerEntry, entries_of
from banggiao.core.registers import registers
from banggiao.reports import actions
from tests.api.world import SYSTEM, World, problem_of

HERE = "/api/registers/activities/HD-1"


def test_record_carries_fields_version_steps_and_citations(world: World, as_role: Any) -> None:
    response = as_role("desk").get("/api/registers/tasks/NV-1")
    body = response.json()
    assert response["ETag"] == '"1"'
    assert (body["register"], body["id"], body["version"]) == ("tasks", str(world.task.pk), 1)
    assert body["fields"]["text"] == {"vi": "Trình đề án", "en": ""}
    assert body["fields"]["lead"]["title"]["vi"] == "Bộ A"
    assert body["editable"]["text_vi"] == "Trình đề án"
    assert body["citations"] == []
    assign = next(step for step in body["steps"] if step["action"] == "assign")
    assert {p["field"] for p in assign["missing"]} == {"person_in_charge", "responsibility", "product", "authority"}
    assert {c["key"] for c in body["columns"]} == set(body["fields"])


def test_id_and_code_lead_to_the_same_record(world: World, as_role: Any) -> None:
    desk = as_role("desk")
    assert desk.get(HERE).json() == desk.get(f"/api/registers/activities/{world.activity.pk}").json()


def test_every_register_shows_its_records(as_role: Any) -> None:
    desk, shown = as_role("desk"), 0
    for register in registers():
        answer = desk.get(f"/api/questions/{register.name}")
        if register.permission not in PERMISSIONS["desk"]:
            assert answer.status_code == 403, register.name
            continue
        for row in answer.json()["rows"]:
            response = desk.get(f"/api/registers/{register.name}/{row['id']}")
            assert response.status_code == 200, (register.name, response.content)
            assert response.json()["id"] == row["id"]
            shown += 1
    assert shown > 8


def test_registers_are_listed(as_role: Any) -> None:
    listed = {r["name"]: r for r in as_role("enterprise").get("/api/registers").json()["registers"]}
    assert list(listed) == [r.name for r in registers()]
    assert listed["tasks"]["may_edit"] is False
    assert [m["name"] for m in listed["tasks"]["machines"]] == ["work", "validation"]
    assert "text_vi" in listed["tasks"]["editable"]


# Rights --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "reads", "edits"),
    [
        ("desk", 200, 200),
        ("verifier", 200, 403),
        ("auditor", 200, 403),
        ("ministry", 404, 404),
        ("enterprise", 404, 404),
        ("administrator", 404, 404),
    ],
)
def test_rights_on_a_record_of_another_ministry(role: str, reads: int, edits: int, as_role: Any) -> None:
    path, caller = "/api/registers/activities/HD-2", as_role(role)
    assert caller.get(path).status_code == reads
    assert caller.get(f"{path}/history").status_code == reads
    assert caller.send("PATCH", path, {"place": "Hà Nội"}, version=1).status_code == edits


def test_who_wrote_what_is_no_business_of_enterprises(as_role: Any) -> None:
    public = "/api/registers/activities/HD-C0"
    assert as_role("enterprise").get(public).status_code == 200
    problem_of(as_role("enterprise").get(f"{public}/history"), 403, "not_permitted")
    assert as_role("ministry").get(f"{public}/history").status_code == 200


@pytest.mark.parametrize("method", ["GET", "PATCH", "POST", "HISTORY"])
def test_hidden_reads_like_absent(method: str, world: World, as_role: Any) -> None:
    ministry, answers = as_role("ministry"), []
    for key in ("HD-2", "HD-9"):
        path = f"/api/registers/activities/{key}"
        if method == "GET":
            response = ministry.get(path)
        elif method == "HISTORY":
            response = ministry.get(f"{path}/history")
        else:
            response = ministry.send(method, path if method == "PATCH" else f"{path}/steps/start", {}, version=1)
        answers.append({n: str(v).replace(key, "?") for n, v in problem_of(response, 404, "not_found").items()})
    assert answers[0] == answers[1]


def test_nobody_without_a_role_opens_a_register(world: World, as_role: Any) -> None:
    from banggiao.accounts import services as accounts
    from banggiao.accounts.models import RoleHeld

    caller = as_role("desk")
    held = RoleHeld.objects.get(user=world.users["desk"])
    accounts.end_role(act=SYSTEM, held=held, on=held.held_from)
    problem_of(caller.get(HERE), 403, "not_permitted")
    problem_of(caller.get("/api/questions/activities"), 403, "not_permitted")


# Editing -------------------------------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_change_moves_the_version_and_the_ledger(world: World, as_role: Any) -> None:
    response = as_role("desk").send("PATCH", HERE, {"place": "Hà Nội", "reason": "Bổ sung."}, version=1)
    assert response.status_code == 200
    assert response["ETag"] == '"2"'
    assert response.json()["fields"]["place"] == "Hà Nội"
    world.activity.refresh_from_db()
    assert (world.activity.version, world.activity.place) == (2, "Hà Nội")
    last = entries_of(world.activity.pk).last()
    assert last is not None
    assert (last.actor_id, last.reason, last.changes) == (world.users["desk"].pk, "Bổ sung.", {"place": ["", "Hà Nội"]})


def test_change_of_nothing_writes_nothing(world: World, as_role: Any) -> None:
    response = as_role("desk").send("PATCH", HERE, {"name_vi": "Chuyến thăm nước X"}, version=1)
    assert response["ETag"] == '"1"'
    assert entries_of(world.activity.pk).count() == 1


def test_without_a_version_nothing_is_changed(world: World, as_role: Any) -> None:
    problem_of(as_role("desk").send("PATCH", HERE, {"place": "Huế"}), 428, "version_required")
    problem_of(as_role("desk").send("POST", "/api/registers/tasks/NV-1/steps/cancel", {"reason": "r"}), 428, "version_required")


def test_old_version_gets_the_difference(world: World, as_role: Any) -> None:
    desk = as_role("desk")
    desk.send("PATCH", HERE, {"place": "Hà Nội"}, version=1)
    response = desk.send("PATCH", HERE, {"place": "Huế"}, version=1)
    body = problem_of(response, 412, "stale_edit")
    assert body["differences"] == [{"field": "place", "seen": "", "mine": "Huế", "current": "Hà Nội"}]
    assert response["ETag"] == '"2"'
    assert desk.send("PATCH", HERE, {"place": "Huế"}, version=2).status_code == 200


@pytest.mark.parametrize("tag", ["1", '"a"', 'W/"1"', "*", '"1", "2"', '"' + "9" * 30 + '"', '"-1"'])
def test_a_version_that_is_none_is_refused(tag: str, as_role: Any) -> None:
    desk = as_role("desk")
    response = desk.client.patch(
        HERE,
        '{"place": "x"}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {desk.secret}", "If-Match": tag},
    )
    assert problem_of(response, 422, "invalid_input")["problems"][0]["field"] == "If-Match"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "HD-9"}, "code"),
        ({"version": 9}, "version"),
        ({"owner": None}, "owner"),
        ({"classification": "public"}, "classification"),
        ({"retracted": True}, "retracted"),
        ({"kind": "không-có"}, "kind"),
        ({"kind": ["visit"]}, "kind"),
        ({"name_vi": None}, "name_vi"),
        ({"name_vi": ""}, "name_vi"),
        ({"name_vi": {"vi": "x"}}, "name_vi"),
        ({"name_vi": "x" * 501}, "name_vi"),
        ({"place": "a\x00b"}, "place"),
        ({"place": "\ud800"}, "place"),
        ({"reason": "\ud800"}, "reason"),
        ({"reason": 1}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"start": "2025-02-30"}, "start"),
        ({"x" * 3000: 1}, "x" * 80),
    ],
)
def test_what_may_not_be_changed_is_named(change: dict[str, Any], field: str, world: World, as_role: Any) -> None:
    body = problem_of(as_role("desk").send("PATCH", HERE, change, version=1), 422, "invalid_input")
    assert field in [p["field"] for p in body["problems"]]
    assert Activity.objects.get(pk=world.activity.pk).version == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"3", b"{", b"[" * 100_000, b"\xff", b'{"place": 1' + b"0" * 9999 + b"}"])
def test_a_body_that_is_no_object_is_refused(body: bytes, as_role: Any) -> None:
    problem_of(as_role("desk").send("PATCH", HERE, body, version=1), 422, "invalid_input")


def test_records_of_a_source_are_not_edited_by_hand(as_role: Any) -> None:
    for change in ({"number": "2"}, {"code": "X"}):  # what names a document for good
        directive = as_role("desk").get("/api/questions/directives").json()["rows"][0]["id"]
        told = problem_of(
            as_role("desk").send("PATCH", f"/api/registers/directives/{directive}", change, version=1), 422, "invalid_input"
        )
        assert [p["field"] for p in told["problems"]] == list(change)


def test_every_register_with_editable_fields_has_its_service() -> None:
    for register in registers():
        assert bool(register.editable) == (register.record_type in actions.REVISE), register.name
        assert {m.name for m in register.machines} <= set(actions.MOVE), register.name
        named = [step.action for machine in register.machines for step in machine.steps]
        assert len(named) == len(set(named)), f"{register.name}: an action must lead to one machine"


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_once_one_wins(world: World, as_role: Any) -> None:
    callers = [as_role("desk"), as_role("desk")]
    statuses = _at_once(lambda n: callers[n].send("PATCH", HERE, {"place": f"Nơi {n}"}, version=1).status_code)
    assert sorted(statuses) == [200, 412]
    assert Activity.objects.get(pk=world.activity.pk).version == 2
    assert entries_of(world.activity.pk).count() == 2


def _at_once(do: Callable[[int], Any]) -> list[Any]:
    """What two threads got that did it at the same time."""
    got: list[Any] = []
    ready = threading.Barrier(2)

    def run(number: int) -> None:
        try:
            ready.wait(10)
            got.append(do(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return got


# Steps ---------------------------------------------------------------------------------------------------------------------

SIX_CLEAR = {"person_in_charge": "Ông B", "responsibility": "Chủ trì", "product": "Đề án", "authority": "Bộ trưởng"}


@pytest.mark.engine
def test_steps_say_what_is_missing_and_then_go(world: World, as_role: Any) -> None:
    desk, path = as_role("desk"), "/api/registers/tasks/NV-1/steps"
    body = problem_of(desk.send("POST", f"{path}/assign", {}, version=1), 422, "missing_information")
    assert {p["field"] for p in body["problems"]} == set(SIX_CLEAR)
    response = desk.send("POST", f"{path}/assign", SIX_CLEAR, version=1)
    assert response.status_code == 200, response.content
    assert response.json()["fields"]["work_state"] == "assigned"
    problem_of(desk.send("POST", f"{path}/assign", {}, version=2), 409, "wrong_state")
    problem_of(desk.send("POST", f"{path}/start", {}, version=1), 412, "stale_edit")
    problem_of(desk.send("POST", f"{path}/verify", {}, version=2), 403, "not_permitted")
    body = problem_of(desk.send("POST", f"{path}/cancel", {}, version=2), 422, "missing_information")
    assert body["problems"][0]["field"] == "reason"
    assert desk.send("POST", f"{path}/cancel", {"reason": "Hai bên thống nhất."}, version=2).status_code == 200
    assert Task.objects.get(pk=world.task.pk).work_state == "cancelled"


@pytest.mark.parametrize(
    ("action", "values", "field"),
    [
        ("fly", {}, "action"),
        ("start", {"text_vi": "khác"}, "text_vi"),
        ("start", {"work_state": "done"}, "work_state"),
        ("assign", {"lead_id": "không phải id"}, "lead_id"),
        ("assign", {"lead_id": "019376aa-0000-7000-8000-000000000000"}, "lead_id"),
        ("assign", {**SIX_CLEAR, "current_due": "mai"}, "current_due"),
        ("assign", {"product": 3}, "product"),
    ],
)
def test_steps_take_only_their_own_values(action: str, values: dict[str, Any], field: str, as_role: Any) -> None:
    response = as_role("desk").send("POST", f"/api/registers/tasks/NV-1/steps/{action}", values, version=1)
    assert field in [p["field"] for p in problem_of(response, 422, "invalid_input")["problems"]]


# History -------------------------------------------------------------------------------------------------------------------


def test_history_is_the_ledger_page_by_page(world: World, as_role: Any) -> None:
    for number in range(4):
        revise_activity(act=SYSTEM, activity=world.activity, values={"place": f"Nơi {number}"}, version=number + 1)
    desk = as_role("desk")
    whole = desk.get(f"{HERE}/history").json()
    assert whole["total"] == len(whole["entries"]) == 5
    assert [e["hash"] for e in whole["entries"]] == [e.hash for e in entries_of(world.activity.pk)]
    assert whole["entries"][1]["changes"] == [{"field": "place", "old": "", "new": "Nơi 0"}]
    first = desk.get(f"{HERE}/history", {"size": 2}).json()
    rest = desk.get(f"{HERE}/history", {"size": 3, "after": first["next"]}).json()
    assert first["entries"] + rest["entries"] == whole["entries"]
    assert rest["next"] is None


@pytest.mark.parametrize("params", [{"size": 0}, {"size": 501}, {"after": -1}, {"after": 2**31}, {"before": 1}])
def test_history_refuses_what_it_does_not_know(params: dict[str, Any], as_role: Any) -> None:
    problem_of(as_role("desk").get(f"{HERE}/history", params), 422, "invalid_input")


# Sent twice ----------------------------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_same_key_gets_the_first_answer_and_does_nothing(world: World, as_role: Any) -> None:
    desk = as_role("desk")
    first = desk.send("PATCH", HERE, {"place": "Hà Nội"}, version=1, key="k-1")
    desk.send("PATCH", HERE, {"place": "Huế"}, version=2)
    again = desk.send("PATCH", HERE, {"place": "Hà Nội"}, version=1, key="k-1")
    assert (again.status_code, again.json(), again["ETag"]) == (200, first.json(), '"2"')
    assert Activity.objects.get(pk=world.activity.pk).place == "Huế"
    assert entries_of(world.activity.pk).count() == 3


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_with_one_key_one_acts(world: World, as_role: Any) -> None:
    callers = [as_role("desk"), as_role("desk")]
    bodies = _at_once(lambda n: callers[n].send("PATCH", HERE, {"place": "Hà Nội"}, version=1, key="k-0").content)
    assert len(bodies) == 2 and bodies[0] == bodies[1]
    assert entries_of(world.activity.pk).count() == 2


def test_a_key_is_for_one_request_of_one_user(world: World, as_role: Any) -> None:
    desk = as_role("desk")
    assert desk.send("PATCH", HERE, {"place": "Hà Nội"}, version=1, key="k-1").status_code == 200
    body = problem_of(desk.send("PATCH", HERE, {"place": "Huế"}, version=2, key="k-1"), 422, "invalid_input")
    assert body["problems"][0]["field"] == "Idempotency-Key"
    problem_of(as_role("ministry").send("PATCH", HERE, {"place": "Hà Nội"}, version=1, key="k-1"), 403, "not_permitted")


def test_a_refused_write_leaves_its_key_free(as_role: Any) -> None:
    desk = as_role("desk")
    problem_of(desk.send("PATCH", HERE, {"place": "Huế"}, version=7, key="k-2"), 412, "stale_edit")
    assert not KeptAnswer.objects.exists()
    assert desk.send("PATCH", HERE, {"place": "Huế"}, version=1, key="k-2").status_code == 200


def test_keys_are_forgotten_after_a_day(world: World, as_role: Any) -> None:
    desk = as_role("desk")
    desk.send("PATCH", HERE, {"place": "Hà Nội"}, version=1, key="k-3")
    KeptAnswer.objects.update(created_at=world.started - timedelta(days=30))
    assert desk.send("PATCH", HERE, {"place": "Huế"}, version=2, key="k-3").status_code == 200
    assert KeptAnswer.objects.count() == 1


def test_steps_take_keys_too(as_role: Any) -> None:
    desk, path = as_role("desk"), "/api/registers/tasks/NV-1/steps/assign"
    first = desk.send("POST", path, SIX_CLEAR, version=1, key="k-4")
    again = desk.send("POST", path, SIX_CLEAR, version=1, key="k-4")
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert LedgerEntry.objects.filter(action="assign").count() == 1
