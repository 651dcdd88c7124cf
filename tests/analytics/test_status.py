"""The published table of colours: every row decides where it says, and the first that holds wins."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from banggiao.analytics.delivery.status import TABLE, colour

SOUND: dict[str, Any] = {"verified": D(".5"), "index": D("1"), "confidence": D(".9"), "freshness": "fresh", "overdue": False}
CASES = [
    ({}, "on_course"),
    ({"verified": D(1), "freshness": "stale", "overdue": True}, "done"),
    ({"verified": D(".99")}, "on_course"),
    ({"freshness": "stale", "overdue": True}, "unknown"),
    ({"freshness": "unknown"}, "unknown"),
    ({"freshness": "ageing"}, "on_course"),
    ({"overdue": True}, "off_course"),
    ({"index": D(".7999")}, "off_course"),
    ({"index": D(".80")}, "at_risk"),
    ({"index": D(".9499")}, "at_risk"),
    ({"index": D(".95")}, "on_course"),
    ({"index": None, "confidence": None}, "on_course"),
    ({"confidence": D(".4999")}, "at_risk"),
    ({"confidence": D(".50")}, "on_course"),
]


@pytest.mark.parametrize(("change", "expected"), CASES)
def test_the_first_row_that_holds_decides(change: dict[str, Any], expected: str) -> None:
    assert colour(**{**SOUND, **change}) == expected


def test_every_row_is_reached() -> None:
    assert {expected for _change, expected in CASES} == {rule.colour for rule in TABLE}
