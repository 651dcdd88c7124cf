"""What does a list show when it is looked at by state, along the months, or in a month's calendar?

Each answer obeys the same filters and rights as the list, holds a stated number of records at most, and counts all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput, NotFound
from banggiao.core.questions import Answer, Column, Page, filled, question_named
from banggiao.core.registers import Face, Field, Register, answer_of, narrowed
from banggiao.core.transitions import Machine


@dataclass(frozen=True)
class Lane:
    """A column of a board: the state, how many records stand in it, and the first of them with their tables' rows."""

    state: str
    total: int
    answer: Answer
    records: Mapping[UUID, Any]


def face_named(register: Register, name: str) -> Face:
    """The face of the register. Raises NotFound."""
    found = next((face for face in register.faces if face.name == name), None)
    if found is None:
        raise NotFound(N_("Sổ này không có cách xem đó."), subject=f"{register.name}/{name[:40]}")
    return found


def board(
    register: Register, machine: Machine, params: Mapping[str, str], viewer: Viewer, *, at: datetime, most: int
) -> list[Lane]:
    """A lane for each state in which records stand, in the order of the machine. Raises NotPermitted, InvalidInput."""
    params = _asked(register, params, viewer)
    counted = narrowed(register, params, viewer).order_by().values_list(machine.field).annotate(count=Count("pk"))
    totals = dict(counted)
    lanes = []
    for state in machine.states():
        if not totals.get(state):
            continue

        def standing(rows: QuerySet[Any], state: str = state) -> QuerySet[Any]:
            return rows.filter(**{machine.field: state})

        answer = answer_of(register, params, viewer, Page(most), at, also=standing).listed()
        ids = [row.id for row in answer.rows]
        lanes.append(Lane(state, totals[state], answer, register.model.objects.visible_to(viewer).in_bulk(ids)))
    return lanes


def along_months(
    register: Register,
    face: Face,
    params: Mapping[str, str],
    viewer: Viewer,
    page: Page,
    *,
    at: datetime,
    first: date,
    after: date,
) -> Answer:
    """The records with one of the face's dates from `first` to before `after`; those dates stand behind the register's columns.

    Without an order of their own they stand by the last of the dates. Raises NotPermitted, InvalidInput.
    """
    if not params.get("order"):
        by_date = next((o for o in register.orders if o.paths[0] == face.dates[-1] and not o.descending), register.orders[0])
        params = {**params, "order": by_date.name}
    params = _asked(register, params, viewer)

    def dated(rows: QuerySet[Any]) -> QuerySet[Any]:
        within = Q()
        for path in face.dates:
            # A date known to the month sorts before its days: "2025-07" is at least "2025-07".
            within |= Q(**{f"{path}__gte": f"{first:%Y-%m}", f"{path}__lt": f"{after:%Y-%m}"})
        return rows.filter(within)

    return answer_of(register, params, viewer, page, at, more=_dates(face), also=dated).listed()


def in_month(
    register: Register, face: Face, params: Mapping[str, str], viewer: Viewer, *, at: datetime, month: date, most: int
) -> Answer:
    """The records of a month, those that began before and go on into it among them; in order of their dates.

    The face's dates stand behind the register's columns. Raises NotPermitted, InvalidInput.
    """
    params = _asked(register, params, viewer)
    this, after = f"{month:%Y-%m}", f"{next_month(month):%Y-%m}"
    start, end = face.dates[0], face.dates[-1]

    def of_month(rows: QuerySet[Any]) -> QuerySet[Any]:
        within = Q(**{f"{start}__gte": this, f"{start}__lt": after})
        if end != start:
            # Of a year alone nobody can say that it goes on into this month.
            within |= Q(**{f"{start}__gte": "0001-01", f"{start}__lt": this, f"{end}__gte": this}) & ~Q(**{start: this[:4]})
        return rows.filter(within)

    order = next((o for o in register.orders if o.paths[0] == start and not o.descending), register.orders[0])
    return answer_of(register, {**params, "order": order.name}, viewer, Page(most), at, more=_dates(face), also=of_month).listed()


def month_of(text: str, default: date) -> date:
    """The first day of the month written NNNN-TT; of the default's month for an empty text. Raises InvalidInput."""
    if not text:
        return default.replace(day=1)
    try:
        found = date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        found = None
    # The edges of the calendar have no month before or after them to go to.
    if found is None or not 1000 <= found.year <= 9000:
        raise InvalidInput(N_("Không hiểu tháng “%(month)s”."), month=text[:40], remedy=N_("Hãy viết NNNN-TT, ví dụ 2026-03."))
    return found


def next_month(month: date, count: int = 1) -> date:
    """The first day of the month `count` months later (earlier when negative)."""
    years, place = divmod(month.month - 1 + count, 12)
    return date(month.year + years, place + 1, 1)


def weeks_of(month: date) -> list[list[date]]:
    """The weeks of a month, Monday to Sunday, with the days of its neighbours that fill them."""
    day = month - timedelta(days=month.weekday())
    weeks: list[list[date]] = []
    while not weeks or day < next_month(month):
        weeks.append([day + timedelta(days=n) for n in range(7)])
        day += timedelta(days=7)
    return weeks


def _dates(face: Face) -> tuple[Field, ...]:
    return tuple(Field(Column(f"_date{n}", "", "date"), (path,)) for n, path in enumerate(face.dates))


def _asked(register: Register, params: Mapping[str, str], viewer: Viewer) -> dict[str, str]:
    return filled(question_named(register.name), params, viewer)
