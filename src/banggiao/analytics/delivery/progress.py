"""Evidence-gated, milestone-weighted progress: what is claimed, what is verified, and the gap between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from banggiao.analytics.delivery.numbers import CONTEXT, decimal

#: Evidence grades: 0 none, 1 own statement, 2 own official document, 3 counterpart or third-party document, 4 independent check.
GRADES = (0, 1, 2, 3, 4)
REQUIRED, REQUIRED_LAST = 2, 3


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step of a plan. `weight` is its frozen share, `claimed` what is said to be done in [0, 1], `grade` the evidence for it,
    `required` the grade without which it counts for nothing."""

    weight: Decimal
    claimed: Decimal
    grade: int
    required: int = REQUIRED


@dataclass(frozen=True, slots=True)
class Progress:
    """`verified` is what is shown; `claimed` and `gap` stand beside it. `evidenced` is False for the class "no evidence"."""

    claimed: Decimal
    verified: Decimal
    gap: Decimal
    evidenced: bool


def credit(verified: Decimal, target: Decimal | None = None) -> Decimal:
    """The share of a milestone that is earned under its credit rule, fixed at signing.

    With a target it is min(1, verified quantity / target); without one all or nothing. Raises ValueError for a target that is
    not positive.
    """
    if target is None:
        return Decimal(1) if verified >= 1 else Decimal(0)
    if target <= 0:
        raise ValueError("a target must be positive")
    return min(Decimal(1), CONTEXT.divide(verified, target))


def progress(milestones: Sequence[Milestone]) -> Progress:
    """P_claim = sum of w a; P_ver = sum of w a where the evidence reaches the required grade.

    Without milestones, or with none verified, verified is 0 and the class is "no evidence". Raises ValueError for weights that do
    not sum to 1, claims outside [0, 1] and unknown grades.
    """
    check(milestones)
    claimed = sum((m.weight * m.claimed for m in milestones), Decimal(0))
    verified = sum((m.weight * m.claimed for m in milestones if m.grade >= m.required), Decimal(0))
    return Progress(claimed, verified, claimed - verified, evidenced=verified > 0)


def check(milestones: Sequence[Milestone]) -> None:
    """Raise ValueError unless the weights sum to 1, claims lie in [0, 1] and grades are known; no milestones is no fault."""
    for number, m in enumerate(milestones, 1):
        if m.weight < 0 or not 0 <= m.claimed <= 1 or m.grade not in GRADES or m.required not in GRADES:
            raise ValueError(f"milestone {number}: weight, claim or grade is out of range")
    if milestones and sum((m.weight for m in milestones), Decimal(0)) != 1:
        raise ValueError(f"weights sum to {sum(m.weight for m in milestones)}, not to 1")


def pooled(parts: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Progress of a portfolio from (weight, progress) of its leaves, weights of any sum; None for no weight at all.

    Splitting a leaf into parts of the same total weight and earned value changes nothing, which an average of counts would not
    bear.
    """
    whole = sum((decimal(weight) for weight, _p in parts), Decimal(0))
    earned = sum((decimal(weight) * decimal(done) for weight, done in parts), Decimal(0))
    return CONTEXT.divide(earned, whole) if whole else None
