"""Which days a period covers: years, halves, quarters, months and ranges, always half-open.

Dates may be partial (`2025`, `2025-07`), so both ends are ISO strings compared as text: `start <= date < end`. A date known
only to the year lies in that year and in none of its halves.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from banggiao.core.errors import N_, FieldProblem, InvalidInput

PARTIAL_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?\Z", re.ASCII)
_PERIOD = re.compile(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])))?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A named half-open stretch of time; `start` and `end` are ISO strings, `end` is the first date after it."""

    code: str
    start: str
    end: str

    def holds(self, partial_date: str) -> bool:
        """Whether a full or partial ISO date lies in the period; an empty date lies in none."""
        return bool(partial_date) and self.start <= partial_date < self.end

    def label(self, language: str) -> str:
        """The period as a Vietnamese or English reader names it."""
        if "/" in self.code:
            first_part, _, last_part = self.code.partition("/")
            return _range_label(first_part, last_part, language)
        year, _, part = self.code.partition("-")
        if not part:
            return f"năm {year}" if language == "vi" else year
        if part[0] == "H":
            first = part[1] == "1"
            if language == "vi":
                return f"6 tháng {'đầu' if first else 'cuối'} năm {year}"
            return f"{'first' if first else 'second'} half of {year}"
        if part[0] == "Q":
            return (
                f"quý {('I', 'II', 'III', 'IV')[int(part[1]) - 1]} năm {year}"
                if language == "vi"
                else f"quarter {part[1]} of {year}"
            )
        return f"tháng {int(part)} năm {year}" if language == "vi" else f"{date(int(year), int(part), 1):%B %Y}"

    def following(self) -> Period:
        """The next period of the same length; a range has none and raises InvalidInput."""
        year, _, part = self.code.partition("-")
        if "/" in self.code:
            raise _not_a_period(self.code)
        if not part:
            return parse_period(str(int(year) + 1))
        if part[0] in "HQ":
            number, last = int(part[1]), 2 if part[0] == "H" else 4
            return parse_period(f"{year}-{part[0]}{number + 1}" if number < last else f"{int(year) + 1}-{part[0]}1")
        return parse_period(f"{year}-{int(part) + 1:02d}" if int(part) < 12 else f"{int(year) + 1}-01")


def parse_period(code: str) -> Period:
    """The period named `2025`, `2025-H1`, `2025-Q3`, `2025-07` or `2025-01-01/2025-06-30` (both ends included).

    Raises InvalidInput for anything else.
    """
    if "/" in code:
        first, last = code.split("/", 1)
        if not (is_partial_date(first) and is_partial_date(last)) or first > last:
            raise _not_a_period(code)
        return Period(code, first, last + "~")  # "~" sorts after every digit and dash: the last day is included
    found = _PERIOD.match(code)
    if not found:
        raise _not_a_period(code)
    year, half, quarter, month = found.groups()
    if half:
        return Period(code, f"{year}-01" if half == "1" else f"{year}-07", f"{year}-07" if half == "1" else f"{int(year) + 1}")
    if quarter:
        start = 3 * int(quarter) - 2
        return Period(code, f"{year}-{start:02d}", f"{year}-{start + 3:02d}" if quarter != "4" else f"{int(year) + 1}")
    if month:
        return Period(code, f"{year}-{month}", f"{year}-{int(month) + 1:02d}" if month != "12" else f"{int(year) + 1}")
    return Period(code, year, str(int(year) + 1))


def period_label(code: str, language: str) -> str:
    """The period as a reader names it, a single day among them; what is neither is given back as it is."""
    if len(code) == 10 and is_partial_date(code):
        return _day_label(code, language)
    try:
        return parse_period(code).label(language)
    except InvalidInput:
        return code


def period_holding(day: date) -> Period:
    """The half-year that holds the day."""
    return parse_period(f"{day.year}-H{1 if day.month < 7 else 2}")


def is_partial_date(value: str) -> bool:
    """Whether `value` is an ISO date, possibly without day or month, that exists in the calendar."""
    if not PARTIAL_DATE.match(value):
        return False
    try:
        date.fromisoformat({4: value + "-01-01", 7: value + "-01"}.get(len(value), value))
    except ValueError:
        return False
    return True


def in_reach(day: date) -> bool:
    """Whether the day may be meant: outside 1945 to 2199 it is a slip of the pen, and months are counted up to the year after."""
    return 1945 <= day.year < 2200


def last_day(partial_date: str) -> date:
    """The last day that a full or partial ISO date may mean. Raises ValueError for anything else."""
    if len(partial_date) == 10:
        return date.fromisoformat(partial_date)
    year, month = int(partial_date[:4]), int(partial_date[5:] or 12)
    return date(year, month, monthrange(year, month)[1])


def _range_label(first: str, last: str, language: str) -> str:
    """`2021/2025` as `2021-2025`, `2025-01/2025-09` as `tháng 1-9/2025`; what is written twice is said once."""
    if len(first) == len(last) == 4:
        return f"{first}-{last}"
    if len(first) == len(last) == 7:
        (year, month), (last_year, last_month) = first.split("-"), last.split("-")
        if language == "vi":
            start = str(int(month)) if year == last_year else f"{int(month)}/{year}"
            return f"tháng {start}-{int(last_month)}/{last_year}"
        start = f"{date(int(year), int(month), 1):%B}" if year == last_year else _day_label(first, language)
        return f"{start}-{_day_label(last, language)}"
    return f"{_day_label(first, language)} - {_day_label(last, language)}"


def _day_label(partial_date: str, language: str) -> str:
    """A full or partial date as people write it."""
    year, month, day = (*(int(part) for part in partial_date.split("-")), 0, 0)[:3]
    if language == "vi":
        return "/".join(str(part) for part in (day, month, year) if part)
    name = f"{date(year, month, 1):%B} " if month else ""
    return f"{day or ''} {name}{year}".strip()


def _not_a_period(code: str) -> InvalidInput:
    return InvalidInput(
        N_("Không hiểu kỳ “%(code)s”."),
        code=code,
        remedy=N_("Hãy viết 2025, 2025-H1, 2025-Q3, 2025-07 hoặc 2025-01-01/2025-06-30."),
        problems=[FieldProblem("period", N_("Kỳ không hợp lệ."))],
    )
