"""Keeps `PlanTotals` in step: what lists and portfolios add up in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Min

from banggiao.core.acts import Act, system_viewer
from banggiao.followup.models import Evidence, ProgressUpdate
from banggiao.followup.planning.models import Baseline, MilestoneClaim, PlanTotals
from banggiao.followup.planning.questions import standings


def settle(records: Sequence[Any], act: Act) -> None:
    """Make the totals of these records anew; call it in the transaction that wrote plan, claim, evidence or update."""
    found = standings(records, system_viewer("banggiao"), act.at)
    acted = _first_actions([record.pk for record in records])
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
                acted_on=acted.get(record.pk),
            )
        )
    columns = ["subject_type", "claimed", "verified", "planned", "evidenced_on", "acted_on"]
    PlanTotals.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["subject_id"], update_fields=columns, batch_size=200
    )


def _first_actions(ids: Sequence[UUID]) -> dict[UUID, date]:
    """The first day on which anything was planned, reported, claimed or proved for each record."""
    first: dict[UUID, date] = {}
    for model, path in ((ProgressUpdate, "day"), (MilestoneClaim, "day"), (Evidence, "day"), (Baseline, "approved_on")):
        rows = model.objects.filter(subject_id__in=ids, retracted=False, **{f"{path}__isnull": False})
        for pk, day in rows.values_list("subject_id").annotate(first=Min(path)):
            first[pk] = min(day, first.get(pk, day))
    return first
