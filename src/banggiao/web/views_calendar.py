"""How does a month of a list look? Days with their records, public holidays of Viet Nam among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from babel.dates import get_day_names, get_month_names
from django.http import HttpRequest
from django.utils.translation import gettext as _

from banggiao.core import faces
from banggiao.core.calendar import WorkingCalendar, holiday_names
from banggiao.core.questions import Answer, Page, Row, ask
from banggiao.core.registers import Face, Register
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, language, moment, today
from banggiao.web.jinja import written
from banggiao.web.parts import Link
from banggiao.web.parts_lists import Calendar, Card, Day
from banggiao.web.views_board import card_of
from banggiao.web.words import partial_date

#: Cards of a month, and of one day; beyond them stands how many more there are.
MOST, MOST_OF_DAY = 200, 4


def calendar_of(register: Register, face: Face, params: Mapping[str, str], request: HttpRequest) -> Calendar:
    """The month of `?month=`, this one by default. Raises InvalidInput."""
    now = today(request)
    month = faces.month_of(request.GET.get("month", ""), now)
    viewer, at = asker(request), moment(request)
    answer = faces.in_month(register, face, params, viewer, at=at, month=month, most=MOST)
    by_day: dict[date, list[Card]] = {}
    undated: list[Card] = []
    for row in answer.rows:
        card, day = _placed(answer, row, len(face.dates), month, request)
        (by_day.setdefault(day, []) if day else undated).append(card)
    calendar = WorkingCalendar()
    weeks = faces.weeks_of(month)
    names: dict[date, str] = {}
    for year in {weeks[0][0].year, weeks[-1][-1].year}:
        names |= holiday_names("VNM", year, language())

    def a_day(day: date) -> Day:
        working = calendar.is_working_day(day)
        name = names.get(day, "")
        if not name and not working and day.weekday() < 5:
            name = _("Nghỉ theo quyết định")
        if working and (day.weekday() >= 5 or name):
            name = _("Làm bù")
        cards = by_day.get(day, [])
        return Day(
            day=day,
            in_month=day.month == month.month,
            today=day == now,
            off=not working,
            holiday=name,
            cards=cards[:MOST_OF_DAY],
            left_out=max(0, len(cards) - MOST_OF_DAY),
        )

    def to(other: date) -> Link:
        url = list_url(register.name, {**params, "face": "calendar", "month": f"{other:%Y-%m}"})
        return Link(label=_title(other), url=url)

    return Calendar(
        title=_title(month),
        weekdays=[get_day_names("abbreviated", locale=language())[n].removesuffix(".") for n in range(7)],
        weeks=[[a_day(day) for day in week] for week in weeks],
        undated=undated,
        shown=len(tuple(answer.rows)),
        total=answer.total,
        beyond=ask(register.name, params, viewer, at=at, page=Page(1)).total,
        previous=to(faces.next_month(month, -1)),
        next=to(faces.next_month(month)),
        now_url=list_url(register.name, {**params, "face": "calendar"}),
    )


def _placed(answer: Answer, row: Row, dates: int, month: date, request: HttpRequest) -> tuple[Card, date | None]:
    """The card and its day; what began before the month stands on the first, what is known to the month on none."""
    start, end = str(row.cells[-dates] or ""), str(row.cells[-1] or "")
    card = card_of(answer, row, request, due="" if len(start) == 10 else "current_due")
    if end and end != start:
        until = _("%(start)s đến %(end)s") % {"start": written(partial_date(start)), "end": written(partial_date(end))}
        card = replace(card, note=" · ".join(filter(None, (until, card.note))))
    if len(start) < 10:
        return card, None
    return card, max(date.fromisoformat(start), month)


def _title(month: date) -> str:
    if language() == "en":
        return f"{get_month_names('wide', 'stand-alone', locale='en')[month.month]} {month.year}"
    return _("Tháng %(month)s năm %(year)s") % {
        "month": f"{month.month:02d}" if month.month < 3 else month.month,
        "year": month.year,
    }
