"""What became of a duty against its first deadline: the cells that rates are made of, as conditions on the database.

Each followed record that nothing replaced lies in exactly one cell, so the cells add up to the total (measures, section 5).
"""

from __future__ import annotations

from datetime import date

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Concat

from banggiao.core.periods import last_day
from banggiao.followup.services import GIVEN_STATES

#: Cell -> where it stands: the terms of the vocabulary `first_outcome`.
CELLS = ("on_time", "late", "open_in_time", "overdue", "cancelled", "not_given")
#: The cells whose first deadline has come (measures: the cohort form).
COHORT = ("on_time", "late", "overdue")


def counted() -> Q:
    """What is counted at all: a duty that others replaced is counted in those, so that nothing is counted twice."""
    return ~Q(work_state="superseded")


def cell(name: str, day: date) -> Q:
    """The records of a cell as of a day, among those `counted`. Raises KeyError for a name that is no cell.

    A due date known to the month or year is past when that is over. What lapsed undone is open, and overdue past its deadline;
    what nobody was given yet cannot be late and has a cell of its own.
    """
    return _cells(day)[name]


def cell_of(day: date) -> Case:
    """The cell that a record lies in, as an expression: each record is looked at once, however many cells there are."""
    return Case(*(When(fits, then=Value(name)) for name, fits in _cells(day).items()), default=Value(""))


def _cells(day: date) -> dict[str, Q]:
    now = day.isoformat()
    done = Q(work_state="done", done_on__gt="", done_on__lte=now)
    # "~" comes after every digit and dash: a day within the month or year that is due comes before it.
    in_time = Q(first_due="") | Q(done_on__lte=Concat(F("first_due"), Value("~")))
    given = Q(work_state__in=(*GIVEN_STATES, "lapsed", "done")) & ~done
    return {
        "on_time": done & in_time,
        "late": done & ~in_time,
        "open_in_time": given & ~_passed(day),
        "overdue": given & _passed(day),
        "cancelled": Q(work_state="cancelled"),
        "not_given": Q(work_state="proposed"),
    }


def come(day: date) -> Q:
    """The records whose first deadline has come by the day: the cohort that a headline speaks of."""
    ending = [part for part in _around(day) if last_day(part) == day]
    return _passed(day) | Q(first_due__in=[day.isoformat(), *ending])


def cohort(day: date) -> Q:
    """What the on-time rate divides by: whose first deadline has come, and that were done, or are past it."""
    outcome = Q(pk__isnull=True)
    for name in COHORT:
        outcome |= cell(name, day)
    return counted() & come(day) & outcome


def _passed(day: date) -> Q:
    # As text 2026 and 2026-03 come before 2026-03-01 though that year and month are not over.
    return Q(first_due__gt="", first_due__lt=day.isoformat()) & ~Q(first_due__in=_around(day))


def _around(day: date) -> list[str]:
    return [day.isoformat()[:4], day.isoformat()[:7]]
