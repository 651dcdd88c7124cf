"""The ledger of pledges: what was pledged, committed, shipped, delivered, accepted, used; nothing is lost between the stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from banggiao.analytics.delivery.numbers import CONTEXT

STAGES = ("pledged", "committed", "shipped", "delivered", "accepted", "used")


@dataclass(frozen=True, slots=True)
class Pledge:
    """Quantities of one tranche that reached each stage, in one unit; each stage is counted within the one before."""

    pledged: Decimal
    committed: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)
    delivered: Decimal = Decimal(0)
    accepted: Decimal = Decimal(0)
    used: Decimal = Decimal(0)
    cancelled: Decimal = Decimal(0)
    expired: Decimal = Decimal(0)
    re_exported: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Remainder:
    """Where the pledged quantity stands that was not delivered; the five sum to pledged - delivered + surplus."""

    in_transit: Decimal
    committed_not_shipped: Decimal
    not_committed: Decimal
    withdrawn: Decimal
    surplus: Decimal


def remainder(pledge: Pledge) -> Remainder:
    """pledged = delivered + in transit + committed not shipped + not committed + cancelled, expired, re-exported - surplus.

    Raises ValueError where a stage exceeds the one before it, save that more may be delivered than was pledged.
    """
    amounts = [getattr(pledge, stage) for stage in STAGES]
    if min(*amounts, pledge.cancelled, pledge.expired, pledge.re_exported) < 0:
        raise ValueError("a quantity is negative")
    if not pledge.used <= pledge.accepted <= pledge.delivered <= pledge.shipped <= pledge.committed:
        raise ValueError("more passed a stage than reached the one before it")
    withdrawn = pledge.cancelled + pledge.expired + pledge.re_exported
    open_pledge = pledge.pledged - withdrawn
    surplus = max(pledge.committed - open_pledge, Decimal(0))
    found = Remainder(
        in_transit=pledge.shipped - pledge.delivered,
        committed_not_shipped=pledge.committed - pledge.shipped,
        not_committed=max(open_pledge - pledge.committed, Decimal(0)),
        withdrawn=withdrawn,
        surplus=surplus,
    )
    total = pledge.delivered + found.in_transit + found.committed_not_shipped + found.not_committed + withdrawn - surplus
    if total != pledge.pledged:
        raise ValueError("pledged quantities do not add up")
    return found


def stage_rates(pledge: Pledge) -> tuple[Decimal | None, ...]:
    """Each stage over the one before: committed / pledged ... used / accepted; None where the stage before is empty."""
    amounts = [getattr(pledge, stage) for stage in STAGES]
    return tuple(CONTEXT.divide(b, a) if a else None for a, b in zip(amounts, amounts[1:], strict=False))


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """`share` of what was pledged that was delivered, None where nothing was pledged; `surplus` stands apart."""

    share: Decimal | None
    delivered: Decimal
    pledged: Decimal
    surplus: Decimal


def fulfilment(pledges: Sequence[tuple[Decimal, Decimal]]) -> Fulfilment:
    """Pooled by quantity over (pledged, delivered) of one unit: sum of min(delivered, pledged) / sum of pledged.

    Delivery beyond a pledge never fills the shortfall of another; delivery without any pledge gives no share. Callers pool one
    unit at a time.
    """
    pledged = sum((p for p, _d in pledges), Decimal(0))
    counted = sum((min(d, p) for p, d in pledges), Decimal(0))
    surplus = sum((max(d - p, Decimal(0)) for p, d in pledges), Decimal(0))
    share = CONTEXT.divide(counted, pledged) if pledged else None
    return Fulfilment(share, counted + surplus, pledged, surplus)


def average_lateness(deliveries: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Sum of q max(0, late) / sum of q over (quantity, time after the promised date); None without deliveries."""
    whole = sum((q for q, _late in deliveries), Decimal(0))
    late = sum((q * max(Decimal(0), after) for q, after in deliveries), Decimal(0))
    return CONTEXT.divide(late, whole) if whole else None
