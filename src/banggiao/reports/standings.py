"""The plan of a followed record and where it stands, as API and commands give them: plain values, each figure with its rule."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from banggiao.analytics.delivery.numbers import shown
from banggiao.analytics.delivery.status import TABLE
from banggiao.analytics.delivery.timeliness import lateness, on_time
from banggiao.commitments.models import Commitment, Succession
from banggiao.commitments.questions_succession import earlier_of, later_of
from banggiao.core.acts import Viewer
from banggiao.core.questions import Bi
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.evidence.questions import proofs_of
from banggiao.followup.planning.models import Baseline, Difficulty, MilestoneClaim
from banggiao.followup.planning.questions import (
    baselines_of,
    claims_of,
    current_plan,
    difficulties_of,
    item_of,
    milestones_of,
    standings,
)
from banggiao.followup.planning.standing import Against, Standing
from banggiao.partners.models import Institution

#: Shares and indices are told to six places, times in months to four; nothing is computed from these.
PLACES, MONTH_PLACES = 6, 4


def standing_out(record: Any, viewer: Viewer, at: datetime) -> dict[str, Any]:
    """The numbers apart, each with the rule it is computed by; `colour_table` is the published table, read from the top.

    `validation` is the check of the duty as a whole: an axis of its own, it may be verified where no milestone is.
    """
    now = standings([record], viewer, at)[record.pk]
    return {
        "as_of": now.as_of.isoformat(),
        "exercise": record.exercise,
        "planned": now.planned,
        "progress": {
            "verified": _share(now.verified),
            "claimed": _share(now.claimed),
            "gap": _share(now.gap),
            "evidenced": now.evidenced,
            "rule": _rule("standing_progress"),
        },
        "schedule": {
            "first": _against(now.first),
            "current": _against(now.current),
            "drift": _share(now.drift),
            "rule": _rule("standing_schedule"),
        },
        "timeliness": {
            "first_due": record.first_due or None,
            "current_due": record.current_due or None,
            "done_on": record.done_on or None,
            "on_time_first": on_time(item_of(record), first=True),
            "on_time_current": on_time(item_of(record), first=False),
            "late_days": lateness(item_of(record)),
        },
        "confidence": {
            "value": _share(now.confidence),
            "freshness": now.freshness,
            "age_days": now.age,
            "cycle_days": record.cycle_days,
            "rule": _rule("standing_confidence"),
        },
        "validation": record.validation_state,
        "colour": now.colour,
        "colour_rule": _rule("standing_colour"),
        "colour_table": [{"colour": rule.colour, "holds": rule.holds} for rule in TABLE],
    }


def plan_out(record: Any, viewer: Viewer, at: datetime) -> dict[str, Any]:
    """Every plan of the record with its milestones; those of the current one with what is claimed and verified."""
    now, current = standings([record], viewer, at)[record.pk], current_plan(record.pk, viewer)
    return {
        "code": record.code,
        "version": record.version,
        "exercise": record.exercise,
        "current": str(current.pk) if current else None,
        "baselines": [baseline_out(plan, viewer, now if plan == current else None) for plan in baselines_of(record.pk, viewer)],
        "claims": [claim_out(each) for each in claims_of(record.pk, viewer)],
        "evidence": [evidence_out(each) for each in proofs_of(record.pk, viewer)],
        "difficulties": [difficulty_out(each) for each in difficulties_of(record.pk, viewer)],
        **(succession_out(record, viewer) if isinstance(record, Commitment) else {}),
    }


def baseline_out(plan: Baseline, viewer: Viewer, now: Standing | None = None) -> dict[str, Any]:
    """A plan; `version` is what the next write to it is based on."""
    steps = {step.step.key: step for step in now.steps} if now else {}
    rows = []
    for number, m in enumerate(milestones_of(plan, viewer), 1):
        step = steps.get(m.key)
        rows.append(
            {
                "number": number,
                "key": str(m.key),
                "name": {"vi": m.name_vi, "en": m.name_en},
                "weight": _share(m.weight),
                "due": m.due.isoformat(),
                "product": m.product or None,
                "responsible": _body(m.responsible),
                "side": m.side,
                "required_grade": m.required_grade,
                "target": _quantity(m.target),
                "unit": m.unit or None,
                "claimed": _share(step.claimed) if step else None,
                "verified": _share(step.verified) if step else None,
                "grade": step.grade if step else None,
                "evidenced_on": _day(step.evidenced_on) if step else None,
            }
        )
    return {
        "id": str(plan.pk),
        "version": plan.version,
        "number": plan.number,
        "state": plan.state,
        "starts": plan.starts.isoformat(),
        "reason": plan.reason or None,
        "partner_document": plan.partner_document or None,
        "approved_by": plan.approved_by or None,
        "approved_on": _day(plan.approved_on),
        "milestones": rows,
    }


def claim_out(claim: MilestoneClaim) -> dict[str, Any]:
    """A claim."""
    return {
        "id": str(claim.pk),
        "version": claim.version,
        "milestone": str(claim.milestone),
        "day": claim.day.isoformat(),
        "quantity": _quantity(claim.quantity),
        "note": claim.note or None,
    }


def evidence_out(proof: Any) -> dict[str, Any]:
    """A piece of evidence; its file is taken from `/registers/evidence/{id}/file`."""
    file = proof.file
    return {
        "id": str(proof.pk),
        "version": proof.version,
        "day": proof.day.isoformat(),
        "description": proof.description,
        "grade": proof.grade,
        "state": proof.state,
        "milestone": str(proof.milestone) if proof.milestone else None,
        "quantity": _quantity(proof.quantity),
        "document": str(proof.document_id) if proof.document_id else None,
        "file": {"name": file.name, "size": file.size, "media_type": file.media_type, "sha256": file.sha256} if file else None,
    }


def difficulty_out(found: Difficulty) -> dict[str, Any]:
    """What stands or stood in the way."""
    return {
        "id": str(found.pk),
        "version": found.version,
        "code": found.code,
        "text": found.text or None,
        "since": found.since.isoformat(),
        "unblocker": _body(found.unblocker) or ({"vi": found.unblocker_name, "en": ""} if found.unblocker_name else None),
        "resolved_on": found.resolved_on or None,
        "resolution": found.resolution or None,
    }


def succession_out(commitment: Commitment, viewer: Viewer) -> dict[str, Any]:
    """What the commitment replaced and what replaced it."""
    return {
        "replaces": [_end_out(row, row.earlier) for row in earlier_of(commitment, viewer)],
        "replaced_by": [_end_out(row, row.later) for row in later_of(commitment, viewer)],
    }


def _end_out(row: Succession, end: Commitment) -> dict[str, Any]:
    day, document = row.day.isoformat(), row.document or None
    return {"id": str(end.pk), "code": end.code, "kind": row.kind, "day": day, "document": document}


def _against(found: Against | None) -> dict[str, Any] | None:
    if found is None:
        return None
    s = found.schedule
    return {
        "number": found.number,
        "duration_months": _months(found.duration),
        "earned_months": _months(s.earned),
        "actual_months": _months(s.actual),
        "index": _share(s.index),
        "variance_months": _months(s.variance),
        "expected_months": _months(s.expected),
    }


def _share(value: Decimal | None) -> float | None:
    return None if value is None else float(shown(value, PLACES))


def _months(value: Decimal | None) -> float | None:
    return None if value is None else float(shown(value, MONTH_PLACES))


def _quantity(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _body(body: Institution | None) -> dict[str, Any] | None:
    return {"id": str(body.pk), "code": body.code, "vi": body.name_vi, "en": body.name_en} if body else None


def _rule(code: str) -> dict[str, str]:
    rules = vocabulary("counting_rule")
    name = Bi(rules.label(code, "vi"), rules.label(code, "en"))
    return {"code": code, "vi": name.vi, "en": name.en}
