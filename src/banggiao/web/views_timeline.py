"""How does a list look along the months? A line for each record, with its first and its current date where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from banggiao.core import faces
from banggiao.core.questions import Answer, Page, Row, ask
from banggiao.core.registers import Face, Register
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, moment, today
from banggiao.web.jinja import written
from banggiao.web.parts_lists import Line, Mark, Timeline
from banggiao.web.views_board import card_of
from banggiao.web.words import partial_date

MONTHS = 12
#: How many months of the past stand before the present one.
BEFORE = 3
LINES = 40


def timeline_of(register: Register, face: Face, params: Mapping[str, str], request: HttpRequest) -> Timeline:
    """Twelve months from `?from=`; the records stand in the order of the list. Raises InvalidInput."""
    this = today(request).replace(day=1)
    first = faces.month_of(request.GET.get("from", ""), faces.next_month(this, -BEFORE))
    viewer, at, after = asker(request), moment(request), request.GET.get("after", "")
    answer = faces.along_months(
        register, face, params, viewer, Page(LINES, after), at=at, first=first, after=faces.next_month(first, MONTHS)
    )
    months = [faces.next_month(first, n) for n in range(MONTHS)]

    def url(start: date, **more: str) -> str:
        return list_url(register.name, {**params, "face": "timeline", "from": f"{start:%Y-%m}", **more})

    return Timeline(
        months=months,
        this_month=this,
        lines=[_line(answer, row, len(face.dates), months, request) for row in answer.rows],
        total=answer.total,
        beyond=ask(register.name, params, viewer, at=at, page=Page(1)).total,
        previous_url=url(faces.next_month(first, -MONTHS)),
        next_url=url(faces.next_month(first, MONTHS)),
        now_url=list_url(register.name, {**params, "face": "timeline"}),
        more_url=url(first, after=answer.next_cursor) if answer.next_cursor else "",
        first_url=url(first) if after else "",
    )


def _line(answer: Answer, row: Row, dates: int, months: list[date], request: HttpRequest) -> Line:
    first, current = (str(value or "") for value in (row.cells[-dates], row.cells[-1]))
    first = first or current
    card = card_of(answer, row, request, due="")
    start, end = sorted((first, current))
    marks = []
    for month in months:
        code = f"{month:%Y-%m}"
        in_first, in_current = first[:7] == code, current[:7] == code
        if first == current and in_current:
            mark = Mark(kind="current", text=_day(current))
        elif in_first and in_current:
            mark = Mark(kind="both", text=f"{_day(first)} → {_day(current)}")
        elif in_current:
            mark = Mark(kind="current", text=_day(current))
        elif in_first:
            mark = Mark(kind="first", text=_day(first))
        else:
            mark = Mark(kind="between" if start[:7] < code < end[:7] else "")
        marks.append(mark)
    words = written(partial_date(current))
    if first != current:
        words = _("Hạn ban đầu %(first)s, hạn hiện hành %(current)s") % {"first": written(partial_date(first)), "current": words}
    card = replace(card, note=" · ".join(filter(None, (words, card.note))))
    return Line(card=card, marks=marks, late=card.note_tone == "bad")


def _day(text: str) -> str:
    """The day alone: the month stands above."""
    return str(int(text[8:10])) if len(text) == 10 else "…"
