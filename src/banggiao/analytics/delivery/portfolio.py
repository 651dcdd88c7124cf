"""Adding up without gaming: leaves only, frozen shares, bounds for what is missing, intervals for what is few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from banggiao.analytics.delivery.numbers import CONTEXT, Number, decimal, ratio, wilson


@dataclass(frozen=True, slots=True)
class Node:
    """A programme or project: its own figure counts only where it has no children."""

    value: Decimal = Decimal(0)
    children: tuple[Node, ...] = ()


def total(node: Node) -> Decimal:
    """The sum of the leaves: a parent is its children's sum, so nothing is counted twice."""
    return sum((total(child) for child in node.children), Decimal(0)) if node.children else node.value


def split_counts(items: Sequence[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Totals by ministry of items whose frozen shares are {ministry: share}; they add up to the number of items.

    Raises ValueError for shares of an item that do not sum to 1.
    """
    totals: dict[str, Decimal] = {}
    for number, shares in enumerate(items, 1):
        if sum(shares.values(), Decimal(0)) != 1:
            raise ValueError(f"item {number}: shares do not sum to 1")
        for ministry, share in shares.items():
            totals[ministry] = totals.get(ministry, Decimal(0)) + share
    return totals


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a mean can be when some are silent: every silent one at 0, or every one at 1; and the share that reported."""

    low: Decimal
    high: Decimal
    coverage: Decimal


def bounds(reported: Sequence[Decimal], expected: int) -> Bounds | None:
    """Bounds of a mean in [0, 1] over `expected` items of which these reported (Manski); None where none is expected.

    Raises ValueError when more report than are expected.
    """
    if len(reported) > expected:
        raise ValueError("more reported than are expected")
    if not expected:
        return None
    known, silent, n = sum(reported, Decimal(0)), expected - len(reported), Decimal(expected)
    c = CONTEXT
    return Bounds(c.divide(known, n), c.divide(known + silent, n), c.divide(Decimal(len(reported)), n))


def shrunk(successes: int, trials: int, *, prior: Decimal, strength: Decimal) -> Decimal:
    """(k + m s) / (n + s): a share drawn towards the portfolio's rate, the more the fewer the trials."""
    return CONTEXT.divide(successes + prior * strength, trials + strength)


def can_be_ranked(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether the Wilson intervals of two (successes, trials) lie apart; what overlaps or is empty cannot be ranked."""
    a, b = wilson(*first), wilson(*second)
    return a is not None and b is not None and (a[1] < b[0] or b[1] < a[0])


def observed_over_expected(observed: int, chances: Sequence[Decimal]) -> Decimal | None:
    """On-time results over the sum of the chances that items of their class had; None where no chance was predicted."""
    return ratio(observed, sum(chances, Decimal(0)))


def crude(strata: Sequence[tuple[int, int]]) -> Decimal | None:
    """Successes over trials of all strata together, shown only beside the strata."""
    return ratio(sum(k for k, _n in strata), sum(n for _k, n in strata))


def standardised(strata: Sequence[tuple[int, int]]) -> Decimal | None:
    """The mean of the strata's rates with equal weights; None when a stratum is empty. Guards against Simpson's paradox."""
    if not strata or any(not n for _k, n in strata):
        return None
    return decimal(sum((Fraction(k, n) for k, n in strata), Fraction(0)) / len(strata))


@dataclass(frozen=True, slots=True)
class Corrected:
    """How many of the claimed are likely real, with the 95 per cent interval of the sample behind it."""

    estimate: Decimal
    low: Decimal
    high: Decimal


def audited(claimed: int, sampled: int, confirmed: int) -> Corrected | None:
    """N k / n with Wilson's interval, from a random sample of n of N claims of which k were confirmed; None without a sample."""
    interval = wilson(confirmed, sampled)
    if interval is None:
        return None
    share: Number = Fraction(confirmed, sampled)
    return Corrected(decimal(claimed * share), claimed * interval[0], claimed * interval[1])
