"""Earned schedule: how far along the plan's own time line the verified progress stands (Lipke 2003; ISO 21508:2018)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from banggiao.analytics.delivery.numbers import CONTEXT


@dataclass(frozen=True, slots=True)
class Schedule:
    """`earned` and `actual` are times in periods; `index` = earned / actual; `variance` = earned - actual; `expected` is the
    duration that the pace so far leads to, None where it is not computable (nothing earned, or no time gone)."""

    earned: Decimal
    actual: Decimal
    index: Decimal | None
    variance: Decimal
    expected: Decimal | None


def earned_schedule(planned: Sequence[Decimal], earned: Decimal, actual: Decimal) -> Schedule:
    """Where `earned` value stands on the plan `planned` (cumulative, one figure a period, from period 1) after `actual` periods.

    ES = C + (EV - PV_C) / (PV_C+1 - PV_C), with C the last period whose planned value is reached; on a flat stretch that is its
    end (Lipke's convention). At completion ES is the planned duration: pass the time of the actual finish. Raises ValueError for
    an empty or falling plan, for more earned than planned and for negative figures.
    """
    plan = (Decimal(0), *planned)
    if len(plan) < 2 or any(later < sooner for sooner, later in zip(plan, plan[1:], strict=False)):
        raise ValueError("a plan needs at least one period and never falls")
    if not 0 <= earned <= plan[-1] or actual < 0:
        raise ValueError("earned value lies outside the plan, or time is negative")
    reached = max(period for period, value in enumerate(plan) if value <= earned)
    position = Decimal(reached)
    if reached < len(plan) - 1:
        position += CONTEXT.divide(earned - plan[reached], plan[reached + 1] - plan[reached])
    if not earned:
        position = Decimal(0)
    index = CONTEXT.divide(position, actual) if actual else None
    expected = CONTEXT.divide(Decimal(len(planned)), index) if index else None
    return Schedule(position, actual, index, position - actual, expected)


def classic_index(planned: Sequence[Decimal], earned: Decimal, actual: int) -> Decimal | None:
    """EV / PV, shown only beside the earned schedule: at completion it is 1 however late. None before anything is planned."""
    value = planned[min(actual, len(planned)) - 1] if actual else Decimal(0)
    return CONTEXT.divide(earned, value) if value else None


def drift(first_duration: Decimal, current_duration: Decimal) -> Decimal:
    """How much longer the current plan is than baseline 0, as a share of baseline 0. Raises ValueError for no first duration."""
    if first_duration <= 0:
        raise ValueError("the first plan has no duration")
    return CONTEXT.divide(current_duration - first_duration, first_duration)
