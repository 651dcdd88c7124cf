"""The colour of a promise, computed from its numbers by a published table; nobody types it.

The forecast stands beside the colour and does not move it: it is learnt from what a reader may know of, so two readers would see
two colours of one promise.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from banggiao.analytics.delivery.confidence import Freshness

Colour = Literal["done", "on_course", "at_risk", "off_course", "unknown"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: the colour, and in words when it holds."""

    colour: Colour
    holds: str


#: Read from the top; the first that holds decides.
TABLE = (
    Rule("done", "verified progress is 100 %"),
    Rule("unknown", "evidence is stale or there is none"),
    Rule("off_course", "the first deadline has passed, or the schedule index is below 0.80"),
    Rule("at_risk", "the schedule index is below 0.95, or confidence below 0.50"),
    Rule("on_course", "none of these"),
)
OFF, RISK, DOUBT = Decimal("0.80"), Decimal("0.95"), Decimal("0.50")


def colour(
    *,
    verified: Decimal,
    index: Decimal | None,
    confidence: Decimal | None,
    freshness: Freshness,
    overdue: bool,
) -> Colour:
    """The colour by TABLE from verified progress, schedule index, confidence, age of evidence and deadline."""
    if verified >= 1:
        return "done"
    if freshness in ("stale", "unknown"):
        return "unknown"
    if overdue or (index is not None and index < OFF):
        return "off_course"
    doubtful = confidence is not None and confidence < DOUBT
    return "at_risk" if doubtful or (index is not None and index < RISK) else "on_course"
