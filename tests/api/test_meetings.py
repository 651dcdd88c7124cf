"""Are meetings and conferences run over HTTP as on the pages: agenda, tasks, roll, invitations, statements, papers?"""

from __future__ import annotations

from typing import Any

import pytest

from banggiao.bodies.lines import DECISIONS, MEMBERS
from banggiao.bodies.models import Meeting, MeetingAttendance
from banggiao.bodies.services import move_meeting
from banggiao.commitments.models import Task
from banggiao.core.lines import add_line
from banggiao.followup.services import move_work
from tests.api.world import World
from tests.factories.rows import SIX, act, body, commitment, meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(world: World) -> Meeting:
    """A meeting that was held, of a body of the first ministry, with a decision for it."""
    board = body(world.ministry)
    add_line(
        act=act(), lines=MEMBERS, parent=board, values={"role": "head", "position": "A", "institution_id": world.ministry.pk}
    )
    made = meeting(board)
    for action in ("convene", "hold"):
        made = move_meeting(act=act(), meeting=made, action=action, version=made.version)
    add_line(act=act(), lines=DECISIONS, parent=made, values={"kind": "ask", "text_vi": "Báo cáo", "lead_id": world.ministry.pk})
    return made


def test_a_meeting_from_agenda_to_minutes(world: World, as_role: Any, held: Meeting) -> None:
    desk, address = as_role("desk"), f"/api/meetings/{held.code}"
    late = commitment(lead_id=world.ministry.pk, deadline="2025-09-01", **SIX)
    move_work(act=act(), record=late, action="assign", version=1)
    proposed = desk.get("/api/questions/agenda_proposals", {"meeting": held.code}).json()
    assert [row["subject"]["id"] for row in proposed["rows"]] == [str(late.pk)]
    put = desk.send("POST", f"{address}/agenda", {"ids": [str(late.pk)]})
    assert put.status_code == 200 and put.json()["changed"] == 1
    assert desk.send("POST", f"{address}/agenda", {"ids": [str(late.pk)]}).status_code == 404, "it is on the agenda already"
    (decision,) = desk.get(f"/api/registers/meetings/{held.code}/lines/decisions").json()["lines"]
    first, again = (desk.send("POST", f"{address}/tasks", {"ids": [decision["id"]]}).json()["ids"] for _n in range(2))
    assert first == again == [str(Task.objects.get(origin_id=held.pk).pk)]
    line = MeetingAttendance.objects.get(meeting=held)
    sent = {"rows": [{"line": str(line.pk), "version": 1, "presence": "present"}]}
    assert desk.send("POST", f"/api/registers/meetings/{held.code}/roll", sent).json()["changed"] == 1
    sent["rows"][0]["presence"] = "absent"
    assert desk.send("POST", f"/api/registers/meetings/{held.code}/roll", sent).status_code == 412
    paper = desk.get(f"/api/registers/meetings/{held.code}/paper.json")
    assert paper.status_code == 200 and paper.json()["draft"] is True
    assert desk.get(f"/api/registers/activities/{world.activity.code}/paper.pdf").status_code == 404


def test_a_conference_invites_and_asks(world: World, as_role: Any) -> None:
    desk, address = as_role("desk"), f"/api/activities/{world.activity.code}"
    assert desk.send("POST", f"{address}/invite", {"institutions": ["BO-B"]}).json()["changed"] == 1
    assert desk.send("POST", f"{address}/invite", {"rule": "planets"}).status_code == 422
    asked = {"asker": "BO-A", "deadline": "2026-01-15", "institutions": ["BO-B"]}
    made = desk.send("POST", f"{address}/statements/call", asked)
    assert made.status_code == 200 and len(made.json()["ids"]) == 1
    assert desk.send("POST", f"{address}/statements/call", {**asked, "institutions": ["KHONG-CO"]}).status_code == 404
    assert desk.send("POST", f"{address}/statements/take", {}).json()["changed"] == 0


def test_only_those_who_may(world: World, as_role: Any, held: Meeting) -> None:
    ministry = as_role("ministry")
    decisions = ministry.get(f"/api/registers/meetings/{held.code}/lines/decisions").json()["lines"]
    assert ministry.send("POST", f"/api/meetings/{held.code}/tasks", {"ids": [decisions[0]["id"]]}).status_code == 403
    assert ministry.send("POST", f"/api/activities/{world.activity.code}/invite", {"rule": "ministries"}).status_code == 403
    hidden = meeting(body(world.other, name_vi="Ban khác"))
    for address in (f"/api/registers/meetings/{hidden.code}", f"/api/registers/meetings/{hidden.code}/paper.json"):
        assert ministry.get(address).status_code == 404
