"""What do the tests of the pages find of bodies: one that met and decided, its notice, and a conference with its roll."""

from __future__ import annotations

from typing import Any

from banggiao.activities.conference import ATTENDANCE, SPEAKERS
from banggiao.activities.models import Activity, Attendance, Speaker
from banggiao.bodies.lines import DECISIONS, ITEMS, MEMBERS
from banggiao.bodies.models import Body, ConclusionNotice, Meeting
from banggiao.bodies.services import move_meeting
from banggiao.core.lines import add_line
from banggiao.partners.models import Institution
from tests.factories.rows import act, body, meeting, notice

PUBLIC = {"classification": "public"}


def bodies_in_the_world(lead: Institution, other: Institution, visit: Activity) -> None:
    """All of it public: a committee of two, its meeting with a decision, a notice about the activity, lines of a conference."""
    board = body(lead, **PUBLIC)
    for role, sits in (("head", lead), ("member", other)):
        values = {"role": role, "position": "Thứ trưởng", "institution_id": sits.pk}
        add_line(act=act(), lines=MEMBERS, parent=board, values=values)
    made = meeting(board)
    item = add_line(act=act(), lines=ITEMS, parent=made, values={"title_vi": "Rà soát cam kết", "place": 1})
    for action in ("convene", "hold"):
        made = move_meeting(act=act(), meeting=made, action=action, version=made.version)
    decided = {"kind": "decision", "text_vi": "Lập mốc kiểm tra", "lead_id": other.pk, "due": "2025-12-01", "item_id": item.pk}
    add_line(act=act(), lines=DECISIONS, parent=made, values=decided)
    notice(lead, activity_id=visit.pk)
    add_line(act=act(), lines=SPEAKERS, parent=visit, values={"state": "registered", "topic": "Logistics", "name": "Trần Thị B"})
    add_line(act=act(), lines=ATTENDANCE, parent=visit, values={"institution_id": other.pk, "presence": "expected"})


def of_bodies(register: str) -> Any:
    """The record that `bodies_in_the_world` put into the register."""
    models = {
        "bodies": Body, "meetings": Meeting, "conclusion_notices": ConclusionNotice, "statements": Speaker,
        "attendances": Attendance,
    }  # fmt: skip
    return models[register].objects.order_by("pk").first()  # type: ignore[attr-defined]
