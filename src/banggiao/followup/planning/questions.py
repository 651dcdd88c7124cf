"""Every read of plans: baselines with their milestones, claims, difficulties, and the standing of many records at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Case, CharField, ExpressionWrapper, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from banggiao.analytics.delivery.timeliness import Item
from banggiao.core import kept
from banggiao.core.acts import Viewer
from banggiao.core.history import as_known
from banggiao.core.periods import last_day
from banggiao.core.record import Record
from banggiao.followup.models import Evidence, ProgressUpdate
from banggiao.followup.planning.models import Baseline, Difficulty, Milestone, MilestoneClaim, PlanTotals
from banggiao.followup.planning.standing import Duty, Plan, Proof, Said, Standing, Step, standing

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Record)
#: SQLite takes a limited number of values in one query.
_AT_ONCE = 500


def baselines_of(subject_id: UUID, viewer: Viewer) -> QuerySet[Baseline]:
    """The plans of a record, drafts and withdrawn ones among them, oldest first."""
    return Baseline.objects.visible_to(viewer).filter(subject_id=subject_id).order_by("pk")


def current_plan(subject_id: UUID, viewer: Viewer) -> Baseline | None:
    """The approved plan that holds now."""
    return baselines_of(subject_id, viewer).filter(state="approved").order_by("-number").first()


def milestones_of(baseline: Baseline, viewer: Viewer) -> QuerySet[Milestone]:
    """The milestones of a plan, in their order."""
    rows = Milestone.objects.visible_to(viewer).filter(baseline=baseline)
    return rows.select_related("responsible").order_by("position", "pk")


def claims_of(subject_id: UUID, viewer: Viewer) -> QuerySet[MilestoneClaim]:
    """What was claimed of a record's milestones, newest day first."""
    return MilestoneClaim.objects.visible_to(viewer).filter(subject_id=subject_id).order_by("-day", "-pk")


def difficulties_of(subject_id: UUID, viewer: Viewer) -> QuerySet[Difficulty]:
    """What stands or stood in the way of a record, what stands first."""
    rows = Difficulty.objects.visible_to(viewer).filter(subject_id=subject_id)
    return rows.select_related("unblocker").order_by("resolved_on", "-since", "pk")


def of_age(rows: QuerySet[M], name: str, day: date) -> QuerySet[M]:
    """Followed records by the age of their last accepted evidence, each against its own reporting cycle (term of `data_age`)."""
    if name == "unknown":
        return rows.exclude(pk__in=PlanTotals.objects.filter(evidenced_on__isnull=False).values("pk"))
    fits = Q(pk__isnull=True)
    for cycle in _cycles(rows):
        fits |= Q(cycle_days=cycle, pk__in=PlanTotals.objects.filter(_ages(cycle, day)[name]).values("pk"))
    return rows.filter(fits)


def totals_of(rows: QuerySet[Any], day: date) -> Combinable:
    """What `PlanTotals` says of each of these rows and how old its evidence is, as one text to group by (`totals_in`).

    One expression, because a database looks the record up once for each.
    """
    ages = [
        When(Q(cycle=cycle) & between, then=Value(name)) for cycle in _cycles(rows) for name, between in _ages(cycle, day).items()
    ]
    text = CharField()
    parts = [Cast("claimed", text), Cast("verified", text), Case(When(planned=True, then=Value("1")), default=Value("0"))]
    said = Concat(
        *(piece for part in parts for piece in (part, Value(" "))),
        Case(*ages, default=Value("unknown"), output_field=text),
        output_field=text,
    )
    totals = PlanTotals.objects.filter(pk=OuterRef("pk"))
    totals = totals.annotate(cycle=ExpressionWrapper(OuterRef("cycle_days"), IntegerField()), said=said)
    return Coalesce(Subquery(totals.values("said")[:1]), Value("0 0 0 unknown", output_field=text))


def totals_in(text: str) -> tuple[Decimal, Decimal, bool, str]:
    """The shares claimed and verified, whether there is an approved plan, and the term of `data_age`."""
    claimed, verified, with_plan, age = text.split()
    return Decimal(claimed), Decimal(verified), with_plan == "1", age


def _cycles(rows: QuerySet[Any]) -> list[int]:
    return kept.listed(rows.order_by().values_list("cycle_days", flat=True).distinct())


def _ages(cycle: int, day: date) -> dict[str, Q]:
    one, two = (max(day, date.min + timedelta(2 * cycle)) - timedelta(n * cycle) for n in (1, 2))
    return {
        "fresh": Q(evidenced_on__gte=one),
        "ageing": Q(evidenced_on__gte=two, evidenced_on__lt=one),
        "stale": Q(evidenced_on__lt=two),
    }


def planned(rows: QuerySet[M], value: str) -> QuerySet[M]:
    """Followed records with ("yes") or without ("no") an approved plan."""
    with_plan = PlanTotals.objects.filter(planned=True).values("pk")
    return rows.filter(pk__in=with_plan) if value == "yes" else rows.exclude(pk__in=with_plan)


def standings(records: Sequence[Any], viewer: Viewer, at: datetime, *, as_of: datetime | None = None) -> dict[UUID, Standing]:
    """The standing of each followed record on the day of `at`, from what the viewer may know.

    With `as_of` everything is read as known at that moment, and the day is its day; the records given must then be those of
    that moment. One query for each kind of row and five hundred records.
    """
    found: dict[UUID, Standing] = {}
    for start in range(0, len(records), _AT_ONCE):
        found.update(_standings(records[start : start + _AT_ONCE], viewer, as_of or at, as_of=as_of))
    return found


def _standings(records: Sequence[Any], viewer: Viewer, at: datetime, *, as_of: datetime | None) -> Mapping[UUID, Standing]:
    ids, today = [r.pk for r in records], timezone.localdate(at)

    def rows(model: type[R]) -> Iterable[R]:
        if as_of is None:
            return model.objects.visible_to(viewer).filter(subject_id__in=ids)
        known = frozenset(ids)
        return as_known(model, viewer, as_of, where=Q(subject_id__in=ids), holds=lambda r: r.subject_id in known)  # type: ignore[attr-defined]

    return standings_from(
        records,
        today,
        baselines=rows(Baseline),
        milestones=rows(Milestone),
        claims=rows(MilestoneClaim),
        evidence=rows(Evidence),
        updates=rows(ProgressUpdate),
    )


def standings_from(
    records: Sequence[Any],
    today: date,
    *,
    baselines: Iterable[Baseline],
    milestones: Iterable[Milestone],
    claims: Iterable[MilestoneClaim],
    evidence: Iterable[Evidence],
    updates: Iterable[ProgressUpdate],
) -> dict[UUID, Standing]:
    """The standing of each followed record on a day from rows that somebody has read, of now or of a past moment."""
    plans = {b.pk: b for b in baselines if b.state == "approved"}
    steps: dict[UUID, list[Step]] = {}
    for m in sorted(milestones, key=lambda m: (m.position, m.pk)):
        if m.baseline_id in plans:
            steps.setdefault(m.baseline_id, []).append(Step(m.key, m.weight, m.due, m.required_grade, m.target))
    plans_of = _grouped(
        (b.subject_id, Plan(b.number or 0, b.starts, steps.get(pk, []))) for pk, b in plans.items() if steps.get(pk)
    )
    claims_of = _grouped((c.subject_id, Said(c.milestone, c.day, c.quantity)) for c in sorted(claims, key=lambda c: c.pk))
    proofs_of = _grouped(
        (e.subject_id, Proof(e.milestone, e.day, e.grade, e.quantity)) for e in evidence if e.state == "accepted"
    )
    told = _told(updates, today)
    return {
        r.pk: standing(
            Duty(r.first_due, r.done_on, r.cycle_days, told.get(r.pk)),
            plans_of.get(r.pk, ()),
            claims_of.get(r.pk, ()),
            proofs_of.get(r.pk, ()),
            today,
        )
        for r in records
    }


def item_of(record: Any) -> Item:
    """The deadlines of a followed record and the day it was done; a deadline of a month or year is its last day."""
    first, current = (last_day(due) if due else None for due in (record.first_due, record.current_due))
    done = date.fromisoformat(record.done_on) if len(record.done_on) == 10 else None
    return Item(first, done, current, record.work_state == "cancelled")


def _told(updates: Iterable[ProgressUpdate], today: date) -> dict[UUID, Decimal]:
    """The share last reported for each record as a whole."""
    found: dict[UUID, tuple[Any, Decimal]] = {}
    for update in updates:
        if update.claimed is None or update.day > today:
            continue
        order = (update.day, update.pk)
        if update.subject_id not in found or order > found[update.subject_id][0]:
            found[update.subject_id] = (order, update.claimed)
    return {pk: share for pk, (_order, share) in found.items()}


def _grouped(pairs: Iterable[tuple[UUID, Any]]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for pk, one in pairs:
        found.setdefault(pk, []).append(one)
    return found
