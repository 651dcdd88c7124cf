"""Where a followed record stands: progress, schedule and confidence apart, and the colour the published table gives them.

`standing` is pure: it is fed with rows of the present or of any day in the past. The formulas are those of `analytics.delivery`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from banggiao.analytics.delivery import confidence as trust
from banggiao.analytics.delivery import progress as measured
from banggiao.analytics.delivery.numbers import CONTEXT
from banggiao.analytics.delivery.schedule import Schedule, drift, earned_schedule
from banggiao.analytics.delivery.status import Colour, colour
from banggiao.core.periods import last_day

ONE, NOTHING = Decimal(1), Decimal(0)


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone of a plan, as `planning.models.Milestone` describes it."""

    key: UUID
    weight: Decimal
    due: date
    required: int = measured.REQUIRED
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """An approved baseline with its steps."""

    number: int
    starts: date
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Said:
    """A claim: so much of a milestone was done by that day."""

    key: UUID
    day: date
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Proof:
    """Accepted evidence: without `key` about the record as a whole, without `quantity` for all that is claimed."""

    key: UUID | None
    day: date
    grade: int
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """What standing needs to know of the record itself; `told` is the share last reported for it as a whole."""

    first_due: str = ""
    done_on: str = ""
    cycle_days: int = 90
    told: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StepStanding:
    """What is claimed and verified of one milestone, each in [0, 1]; the best accepted grade and the day of the last evidence."""

    step: Step
    claimed: Decimal
    verified: Decimal
    grade: int
    evidenced_on: date | None

    @property
    def complete(self) -> bool:
        """Verified complete: what it rests on no longer ages."""
        return self.verified == 1


@dataclass(frozen=True, slots=True)
class Against:
    """The schedule against one baseline: planned duration and earned schedule in months, or None before anything can be said."""

    number: int
    duration: Decimal
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Standing:
    """The numbers of one record on a day; shares in [0, 1], times in months, `age` in days.

    `confidence` is None where nothing is claimed, `first` and `current` without an approved plan.
    """

    as_of: date
    planned: bool
    claimed: Decimal
    verified: Decimal
    evidenced: bool
    first: Against | None
    current: Against | None
    drift: Decimal | None
    confidence: Decimal | None
    age: int | None
    freshness: trust.Freshness
    colour: Colour
    steps: tuple[StepStanding, ...]

    @property
    def gap(self) -> Decimal:
        """What is claimed and not verified."""
        return self.claimed - self.verified


def standing(duty: Duty, plans: Sequence[Plan], claims: Iterable[Said], proofs: Iterable[Proof], today: date) -> Standing:
    """The standing on a day from the approved plans (by number), claims and accepted evidence up to it.

    Progress goes by the current plan, schedule by the first and the current one; confidence fades with the age of evidence
    (measures 1, 2, 6). Raises ValueError for weights that do not sum to 1.
    """
    said = _latest(c for c in claims if c.day <= today)
    shown = [p for p in proofs if p.day <= today]
    last = max((p.day for p in shown), default=None)
    age = (today - last).days if last else None
    plans = sorted(plans, key=lambda p: p.number)
    if not plans:
        told = duty.told or NOTHING
        kept = trust.confidence([trust.Claim(ONE, told, max((p.grade for p in shown), default=0), age)], duty.cycle_days)
        found = Standing(
            as_of=today,
            planned=False,
            claimed=told,
            verified=NOTHING,
            evidenced=False,
            first=None,
            current=None,
            drift=None,
            confidence=kept,
            age=age,
            freshness=trust.freshness(age, duty.cycle_days),
            colour="unknown",
            steps=(),
        )
        return _coloured(found, duty)
    current = _steps(plans[-1], said, shown)
    figures = _progress(current)
    first_steps = current if len(plans) == 1 else _steps(plans[0], said, shown)
    against_first = _against(plans[0], first_steps, duty, today)
    against_current = against_first if len(plans) == 1 else _against(plans[-1], current, duty, today)
    kept = trust.confidence(
        [
            trust.Claim(s.step.weight, s.claimed, s.grade, (today - s.evidenced_on).days if s.evidenced_on else None, s.complete)
            for s in current
        ],
        duty.cycle_days,
    )
    found = Standing(
        as_of=today,
        planned=True,
        claimed=figures.claimed,
        verified=figures.verified,
        evidenced=figures.evidenced,
        first=against_first,
        current=against_current,
        drift=drift(against_first.duration, against_current.duration) if against_first.duration > 0 else None,
        confidence=kept,
        age=age,
        freshness=trust.freshness(age, duty.cycle_days),
        colour="unknown",
        steps=tuple(current),
    )
    return _coloured(found, duty)


def months_between(start: date, end: date) -> Decimal:
    """Whole months and the part of the next one, in months; negative times count as none."""
    if end <= start:
        return NOTHING
    whole = (end.year - start.year) * 12 + end.month - start.month
    anchor = _plus_months(start, whole)
    if anchor > end:
        whole, anchor = whole - 1, _plus_months(start, whole - 1)
    following = _plus_months(start, whole + 1)
    return whole + CONTEXT.divide(Decimal((end - anchor).days), Decimal((following - anchor).days))


def duration_of(starts: date, due: Sequence[date]) -> Decimal:
    """The periods of a plan: months from its start, the last one begun counts whole; at least one."""
    return max(ONE, *(months_between(starts, day).to_integral_value(rounding="ROUND_CEILING") for day in due))


def _plus_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, last_day(f"{year:04d}-{month + 1:02d}").day))


def _latest(claims: Iterable[Said]) -> dict[UUID, Decimal]:
    """What is claimed of each milestone: the word of the latest day, of two of one day the one written later."""
    found: dict[UUID, Said] = {}
    for claim in claims:
        if claim.key not in found or claim.day >= found[claim.key].day:
            found[claim.key] = claim
    return {key: claim.quantity for key, claim in found.items()}


def _steps(plan: Plan, said: Mapping[UUID, Decimal], proofs: Sequence[Proof]) -> list[StepStanding]:
    result = []
    for step in plan.steps:
        mine = [p for p in proofs if p.key == step.key]
        claimed = measured.credit(said.get(step.key, NOTHING), step.target)
        enough = [p for p in mine if p.grade >= step.required]
        proved = max(
            (claimed if p.quantity is None else measured.credit(p.quantity, step.target) for p in enough), default=NOTHING
        )
        result.append(
            StepStanding(
                step,
                claimed,
                min(claimed, proved),
                max((p.grade for p in mine), default=0),
                max((p.day for p in mine), default=None),
            )
        )
    return result


def _progress(steps: Sequence[StepStanding]) -> measured.Progress:
    claims = [measured.Milestone(s.step.weight, s.claimed, s.grade, s.step.required) for s in steps]
    proved = [replace(m, claimed=s.verified) for m, s in zip(claims, steps, strict=True)]
    claimed, verified = measured.progress(claims).claimed, measured.progress(proved).verified
    return measured.Progress(claimed, verified, claimed - verified, verified > 0)


def _against(plan: Plan, steps: Sequence[StepStanding], duty: Duty, today: date) -> Against:
    """Periods are months from the start of the plan; the last one holds the last milestone."""
    due = [duration_of(plan.starts, [step.due]) for step in plan.steps]
    duration = int(max(due))
    planned = [
        sum((s.weight for s, d in zip(plan.steps, due, strict=True) if d <= period), NOTHING) for period in range(1, duration + 1)
    ]
    verified = _progress(steps).verified
    end = today
    if verified == 1:
        # At completion time stands still: on the day it was done, else of the last evidence.
        days = [s.evidenced_on for s in steps if s.evidenced_on]
        end = date.fromisoformat(duty.done_on) if len(duty.done_on) == 10 else max(days, default=today)
    return Against(
        plan.number, Decimal(duration), earned_schedule(planned, verified, months_between(plan.starts, min(end, today)))
    )


def _coloured(found: Standing, duty: Duty) -> Standing:
    done = duty.done_on[:10]
    past = bool(duty.first_due) and last_day(duty.first_due) < (date.fromisoformat(done) if len(done) == 10 else found.as_of)
    index = found.current.schedule.index if found.current else None
    return replace(
        found,
        colour=colour(
            verified=found.verified,
            index=index,
            confidence=found.confidence,
            freshness=found.freshness,
            overdue=past,
        ),
    )
