"""How are two made-up commitments planned, claimed, proved and checked? Told by packaged tables, played by the services."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any
from uuid import UUID

from banggiao.commitments.models import Commitment
from banggiao.core.acts import Act, Viewer
from banggiao.followup.evidence.files import Sent
from banggiao.followup.evidence.services import add_evidence, move_evidence
from banggiao.followup.models import Evidence
from banggiao.followup.planning.models import Baseline, Milestone
from banggiao.followup.planning.services import add_difficulty, approve_plan, claim_milestone, draft_plan

Row = Mapping[str, str]
At = Callable[[int, Viewer, str], Act]


def play_plans(at: At, start: date, who: Callable[[str, str], Viewer], bodies: Mapping[str, UUID]) -> None:
    """Plan what has no plan yet and tell its story; `who` is the user behind a word of the tables and a lead's code."""
    events, milestones = _rows("plan_events"), _rows("plan_milestones")
    planned = set(Baseline.objects.filter(exercise=True).values_list("subject_id", flat=True))
    for code in dict.fromkeys(event["code"] for event in events):
        duty = Commitment.objects.filter(code=code, exercise=True, retracted=False).select_related("lead").first()
        if duty is None or duty.lead is None or duty.pk in planned:
            continue
        for event in (each for each in events if each["code"] == code):
            act = at(int(event["day"]), who(event["by"], duty.lead.code), event["text"])
            _tell(act, start, duty, event, [m for m in milestones if m["code"] == code], bodies)


def _tell(act: Act, start: date, duty: Commitment, event: Row, milestones: list[Row], bodies: Mapping[str, UUID]) -> None:
    duty.refresh_from_db()
    action, day = event["action"], act.at.date()
    if action == "plan":
        rows = [_milestone(duty, m, start, bodies) for m in milestones if m["plan"] == event["number"]]
        first = start + timedelta(days=int(event["day"]))
        starts = min(first, *(row["due"] for row in rows))
        standing = Baseline.objects.filter(subject_id=duty.pk, state="approved").order_by("number").first()
        document = "Công hàm thử nghiệm số 12" if event["text"] else ""
        draft_plan(
            act=act, record=duty, starts=standing.starts if standing else starts, milestones=rows, reason=event["text"],
            partner_document=document,
        )  # fmt: skip
    elif action == "approve":
        draft = Baseline.objects.get(subject_id=duty.pk, state="draft")
        approve_plan(act=act, record=duty, baseline=draft, version=draft.version)
    elif action == "claim":
        key = _key(duty, event["number"])
        claim_milestone(act=act, record=duty, key=key, day=day, quantity=Decimal(event["amount"]), note=event["text"])
    elif action == "prove":
        file = Sent(event["file"], [f"DIỄN TẬP\n\n{event['text']}\n".encode()]) if event["file"] else None
        quantity = Decimal(event["amount"]) if event["amount"] else None
        add_evidence(
            act=act, record=duty, grade=int(event["grade"]), description=event["text"], day=day,
            milestone=_key(duty, event["number"]), quantity=quantity, file=file,
        )  # fmt: skip
    elif action in ("accept", "return"):
        waiting = Evidence.objects.filter(subject_id=duty.pk, milestone=_key(duty, event["number"]), state="submitted")
        proof = waiting.order_by("pk")[0]
        move_evidence(act=act, evidence=proof, action=action, version=proof.version)
    elif action == "difficulty":
        partner = duty.partner.name_vi if duty.partner else "Đối tác"
        add_difficulty(act=act, record=duty, code="PARTNER", since=day, text=event["text"], unblocker_name=partner)
    else:
        raise KeyError(action)


def _milestone(duty: Commitment, row: Row, start: date, bodies: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("name_vi", "name_en", "side", "unit", "product")},
        "key": _key(duty, row["same"]) if row["same"] else None,
        "weight": Decimal(row["weight"]),
        "due": start + timedelta(days=int(row["due"])),
        "responsible_id": bodies[row["responsible"]] if row["responsible"] else None,
        "required_grade": int(row["grade"]),
        "target": Decimal(row["target"]) if row["target"] else None,
    }


def _key(duty: Commitment, number: str) -> UUID:
    """The key of the milestone of that number, which it keeps in every plan."""
    rows = Milestone.objects.filter(subject_id=duty.pk, baseline__state="approved", baseline__number=0).order_by("position")
    key: UUID = rows[int(number) - 1].key
    return key


def _rows(name: str) -> list[Row]:
    text = files("banggiao").joinpath("data", "exercise", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), strict=True))
