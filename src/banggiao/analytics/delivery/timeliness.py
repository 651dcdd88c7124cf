"""Timeliness with its denominators declared: first deadlines, cohorts, and what cannot be known from published totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from banggiao.analytics.delivery.numbers import ratio, wilson


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by outcome; None where a source does not publish one. `cancelled` is cancelled by joint decision."""

    on_time: int | None
    late: int | None
    open_in_time: int
    overdue: int
    cancelled: int = 0
    done: int | None = None

    @property
    def due(self) -> int | None:
        """Closed or due: done on time + done late + overdue."""
        closed = self.done if self.on_time is None or self.late is None else self.on_time + self.late
        return None if closed is None else closed + self.overdue


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of what was closed or due, each None where it cannot be known; `interval` is Wilson's 95 per cent of on-time."""

    due: int | None
    on_time: Decimal | None
    completed: Decimal | None
    overdue: Decimal | None
    interval: tuple[Decimal, Decimal] | None


def rates(tally: Tally) -> Rates:
    """On-time rate = A / (A + B + D); completion of due = (A + B) / due; overdue of due = D / due."""
    due = tally.due
    if due is None:
        return Rates(None, None, None, None, None)
    on_time = None if tally.on_time is None else ratio(tally.on_time, due)
    interval = wilson(tally.on_time, due) if tally.on_time is not None else None
    return Rates(due, on_time, ratio(due - tally.overdue, due), ratio(tally.overdue, due), interval)


@dataclass(frozen=True, slots=True)
class Item:
    """One promise: its first and current deadline, when it was done, whether it was cancelled by joint decision."""

    first_due: date | None
    done_on: date | None = None
    current_due: date | None = None
    cancelled: bool = False


def tally_of(items: Sequence[Item], as_of: date) -> Tally:
    """Counts by outcome against the first deadline, as of a day; what has no deadline is open in time until it is done."""
    on_time = late = open_in_time = overdue = cancelled = 0
    for item in items:
        done = item.done_on is not None and item.done_on <= as_of
        if item.cancelled:
            cancelled += 1
        elif done:
            in_time = item.first_due is None or (item.done_on is not None and item.done_on <= item.first_due)
            on_time, late = on_time + in_time, late + (not in_time)
        elif item.first_due is not None and item.first_due < as_of:
            overdue += 1
        else:
            open_in_time += 1
    return Tally(on_time, late, open_in_time, overdue, cancelled)


def headline(items: Sequence[Item], as_of: date) -> Rates:
    """The cohort form: only items whose first deadline has come; early finishers count when their own date comes."""
    return rates(tally_of([item for item in items if item.first_due is not None and item.first_due <= as_of], as_of))


def lateness(item: Item) -> int | None:
    """Days done after the first deadline, negative when early; None while open or without a deadline."""
    return (item.done_on - item.first_due).days if item.done_on and item.first_due else None


def on_time(item: Item, *, first: bool) -> bool | None:
    """Whether it was done by its first (or current) deadline; None while open or without one."""
    due = item.first_due if first else item.current_due or item.first_due
    return item.done_on <= due if item.done_on and due else None


class DifferentBases(ValueError):
    """Figures counted over different denominators were asked to stand in one series."""


def series(points: Sequence[tuple[str, str, Decimal]]) -> list[tuple[str, Decimal]]:
    """(period, value) of figures (period, basis, value) that may be drawn as one series; raises DifferentBases otherwise."""
    bases = sorted({basis for _period, basis, _value in points})
    if len(bases) > 1:
        raise DifferentBases(f"figures on different bases: {', '.join(bases)}")
    return [(period, value) for period, _basis, value in points]
