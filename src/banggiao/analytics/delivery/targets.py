"""Time-adjusted indicators in the manner of SDG progress: is a figure moving towards its target fast enough?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from banggiao.analytics.delivery.numbers import CONTEXT


@dataclass(frozen=True, slots=True)
class Pace:
    """`covered` is the share of the way gone (negative when moving away), `elapsed` the share of time gone, `pace` their ratio,
    `projection` the value at the target date if it goes on so; None where not computable."""

    covered: Decimal | None
    elapsed: Decimal
    pace: Decimal | None
    projection: Decimal | None


def pace(first: Decimal, now: Decimal, target: Decimal, *, begun: Decimal, at: Decimal, due: Decimal) -> Pace:
    """p = (y - y0) / (Y - y0), tau = (t - t0) / (T - t0), p / tau, y0 + (y - y0) / tau.

    Raises ValueError when the target date is not after the beginning.
    """
    if due <= begun:
        raise ValueError("the target date must come after the beginning")
    c, elapsed = CONTEXT, CONTEXT.divide(at - begun, due - begun)
    covered = c.divide(now - first, target - first) if target != first else None
    speed = c.divide(covered, elapsed) if covered is not None and elapsed > 0 else None
    projection = first + c.divide(now - first, elapsed) if elapsed > 0 else None
    return Pace(covered, elapsed, speed, projection)


def growth_pace(first: Decimal, now: Decimal, target: Decimal, *, years: Decimal, years_planned: Decimal) -> Decimal | None:
    """CR: the yearly growth so far over the yearly growth that leads to the target.

    None where it is not computable: no time gone, figures that are not positive, or a target equal to the first value.
    """
    if years <= 0 or years_planned <= 0 or min(first, now, target) <= 0 or target == first:
        return None
    c = CONTEXT
    so_far = c.power(c.divide(now, first), c.divide(Decimal(1), years)) - 1
    needed = c.power(c.divide(target, first), c.divide(Decimal(1), years_planned)) - 1
    return c.divide(so_far, needed)


def kept(values: Sequence[Decimal], low: Decimal, high: Decimal) -> Decimal | None:
    """For a target to maintain: the share of periods within the band; None without periods."""
    within = sum(low <= value <= high for value in values)
    return CONTEXT.divide(Decimal(within), Decimal(len(values))) if values else None
