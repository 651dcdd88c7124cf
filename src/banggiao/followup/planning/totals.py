"""Keeps `PlanTotals` in step: what lists and portfolios add up in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from banggiao.core.acts import Act, system_viewer
from banggiao.followup.models import PlanTotals
from banggiao.followup.planning.questions import standings


def settle(records: Sequence[Any], act: Act) -> None:
    """Make the totals of these records anew; call it in the transaction that wrote plan, claim, evidence or update."""
    found = standings(records, system_viewer("banggiao"), act.at)
    rows = []
    for record in records:
        now = found[record.pk]
        rows.append(
            PlanTotals(
                subject_id=record.pk,
                subject_type=record.record_type(),
                claimed=now.claimed,
                verified=now.verified,
                planned=now.planned,
                evidenced_on=None if now.age is None else now.as_of - timedelta(days=now.age),
            )
        )
    columns = ["subject_type", "claimed", "verified", "planned", "evidenced_on"]
    PlanTotals.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["subject_id"], update_fields=columns, batch_size=200
    )
