"""What was put to the made-up level above, and what did it decide? Told by a packaged table, played by the same services."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from importlib.resources import files
from uuid import UUID

from banggiao.core.acts import Act, Viewer
from banggiao.followup.escalations.models import Escalation
from banggiao.followup.escalations.services import create_escalation, move_escalation

At = Callable[[int, Viewer, str], Act]
_ASKER, _DECIDER = "DT-VU-E", "DT-BO-A"


def play_escalations(at: At, start: date, desk: Viewer, leader: Viewer, bodies: Mapping[str, UUID]) -> None:
    """Ask and decide what is not there yet; `at` makes the act of somebody on a day counted from the start."""
    text = (files("banggiao.data") / "exercise" / "escalations.csv").read_text(encoding="utf-8")
    known = set(Escalation.objects.filter(exercise=True).values_list("code", flat=True))

    def day(offset: str) -> str:
        return (start + timedelta(days=int(offset))).isoformat()

    for row in csv.DictReader(io.StringIO(text)):
        if row["code"] in known:
            continue
        values = {name: row[name] for name in ("code", "subject_type", "question", "options")} | {
            "subject_id": row["subject"], "needed_by": day(row["needed"]), "asker_id": bodies[_ASKER],
            "decider_id": bodies[_DECIDER],
        }  # fmt: skip
        asked = int(row["asked"])
        made = create_escalation(act=at(asked, desk, "Vượt thẩm quyền."), values=values)
        made = move_escalation(act=at(asked, desk, ""), escalation=made, action="send", version=made.version)
        if row["decided"]:
            decided = {name: row[name] for name in ("decision", "decided_by")}
            decided |= {"document_number": row["document"], "document_day": day(row["decided"])}
            act = at(int(row["decided"]), leader, "")
            move_escalation(act=act, escalation=made, action="decide", version=made.version, values=decided)
