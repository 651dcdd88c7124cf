"""Ordinal scoring of soft commitments and of the other side's, by a guideline fixed before scoring and two coders."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from banggiao.analytics.delivery.numbers import decimal


def score(kept: int, *, late: bool = False) -> int:
    """-1, 0 or +1; what was kept after its deadline counts 0 and not +1. Raises ValueError for another score."""
    if kept not in (-1, 0, 1):
        raise ValueError("a score is -1, 0 or +1")
    return 0 if late and kept == 1 else kept


def compliance(scores: Sequence[int]) -> tuple[Decimal, Decimal] | None:
    """(mean in [-1, 1], 50 (1 + mean) per cent); None without scores. Source: G20 compliance coding manual 2020."""
    if not scores:
        return None
    mean = Fraction(sum(scores), len(scores))
    return decimal(mean), decimal(50 * (1 + mean))


def agreement(first: Sequence[int], second: Sequence[int]) -> Decimal | None:
    """Cohen's kappa of two coders over the same items; None where chance alone agrees fully or nothing was scored.

    Raises ValueError for unequal lengths.
    """
    if len(first) != len(second):
        raise ValueError("two coders score the same items")
    if not first:
        return None
    n = len(first)
    observed = Fraction(sum(a == b for a, b in zip(first, second, strict=True)), n)
    chance = sum((Fraction(first.count(s), n) * Fraction(second.count(s), n) for s in {*first, *second}), Fraction(0))
    return decimal((observed - chance) / (1 - chance)) if chance != 1 else None
