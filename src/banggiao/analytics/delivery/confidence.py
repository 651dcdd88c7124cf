"""How far a claim can be trusted: the grade of its evidence and the age of the last accepted one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from banggiao.analytics.delivery.numbers import CONTEXT

Freshness = Literal["fresh", "ageing", "stale", "unknown"]
#: What an evidence grade is worth: policy table, version 1.
TRUST: Mapping[int, Decimal] = {0: Decimal(0), 1: Decimal("0.25"), 2: Decimal("0.6"), 3: Decimal("0.85"), 4: Decimal(1)}


@dataclass(frozen=True, slots=True)
class Claim:
    """A milestone's weight, claimed share, evidence grade, days since its last accepted evidence (None: never), and whether it is
    verified complete, which does not age."""

    weight: Decimal
    claimed: Decimal
    grade: int
    age: int | None
    complete: bool = False


def fade(age: int | None, cycle: int) -> Decimal:
    """2 ** (-age / cycle): half after one reporting cycle; 0 where no evidence was ever accepted.

    Raises ValueError for a cycle of no days.
    """
    if cycle <= 0:
        raise ValueError("a reporting cycle has at least one day")
    if age is None:
        return Decimal(0)
    return CONTEXT.power(Decimal(2), CONTEXT.divide(Decimal(-age), Decimal(cycle)))


def confidence(claims: Sequence[Claim], cycle: int, trust: Mapping[int, Decimal] = TRUST) -> Decimal | None:
    """K = sum of w a q(g) phi over the sum of w a; None where nothing is claimed."""
    claimed = sum((c.weight * c.claimed for c in claims), Decimal(0))
    kept = sum(
        (c.weight * c.claimed * trust[c.grade] * (Decimal(1) if c.complete else fade(c.age, cycle)) for c in claims), Decimal(0)
    )
    return CONTEXT.divide(kept, claimed) if claimed else None


def freshness(age: int | None, cycle: int) -> Freshness:
    """Fresh up to one reporting cycle since the last accepted evidence, ageing up to two, then stale; unknown without any.

    A login or a comment does not count as evidence. The status of what is stale is unknown, whatever it claims.
    """
    if cycle <= 0:
        raise ValueError("a reporting cycle has at least one day")
    if age is None:
        return "unknown"
    return "fresh" if age <= cycle else "ageing" if age <= 2 * cycle else "stale"
