"""Which published figures do the tests of reconciling start from?"""

from __future__ import annotations

from typing import Any

from banggiao.sources.models import OfficialFigure
from banggiao.sources.services import record_figure
from tests.factories.rows import act


def figure(value: Any, period: str, **values: Any) -> OfficialFigure:
    """A public figure of agreements signed."""
    defaults = {
        "measure": "agreements_signed", "label_vi": "Thỏa thuận đã ký", "label_en": "Agreements signed", "unit": "thỏa thuận",
        "classification": "public", "as_of": "2026-01-14",
    }  # fmt: skip
    return record_figure(act=act(), values={**defaults, "value": value, "period": period, **values})


def clashing() -> OfficialFigure:
    """One of two figures that clash, made once."""
    found = OfficialFigure.objects.filter(label_vi="Chỉ tiêu lệch nhau").order_by("pk").first()
    if found is not None:
        return found
    common = {"measure": "", "label_vi": "Chỉ tiêu lệch nhau", "label_en": "A measure that differs", "unit": "hoạt động"}
    figure(60, "2024", **common)
    return figure(59, "2024", **common)
