"""The forecast of a duty: the chance of its first deadline, on what it rests, and by when duties like it were done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from banggiao.analytics.delivery.numbers import shown
from banggiao.reports.forecasting import OUTLOOK, Outlook, outlook
from banggiao.web.asking import asker, language, moment
from banggiao.web.formats import format_number
from banggiao.web.parts import Cell, Definition, Section
from banggiao.web.words import label, say


def outlook_section(record: Any, request: HttpRequest) -> list[Section]:
    """The section of the forecast; none where the past says too little."""
    viewer = asker(request)
    if not viewer.may(OUTLOOK.permission):
        return []
    found = outlook(record, viewer, moment(request))
    return [Section(id="outlook", title=_("Dự báo"), definitions=_lines(found), note=_note(found))] if found else []


def _lines(found: Outlook) -> list[Definition]:
    titles = {column.key: say(column.label) for column in OUTLOOK.columns}
    chance = shown(found.forecast.chance * 100, 0)
    basis = label("forecast_basis", "model" if found.forecast.by_model else "base_rate")
    lines = [Definition(label=titles["chance"], cell=Cell(value=chance, note=basis), kind="percent")]
    for key, day in (("half", found.half), ("four_fifths", found.four_fifths)):
        if day is not None:
            lines.append(Definition(label=titles[key], cell=Cell(value=day), kind="date"))
    return lines


def _note(found: Outlook) -> str:
    size = format_number(found.size, language())
    return _("Từ %(count)s việc tương tự mà bạn được biết. Quy tắc: %(rule)s") % {
        "count": size,
        "rule": label("counting_rule", "outlook"),
    }
