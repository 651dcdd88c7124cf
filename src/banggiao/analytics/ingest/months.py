"""Which month, flow and measure does a column of a national monthly table stand for, under headings of several rows?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from banggiao.analytics.ingest.grids import Grid
from banggiao.core.folding import fold

_ENGLISH = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_CUMULATED = re.compile(
    r"\b(luy ke|cong don|cumul\w*|ytd|year to date|\d+ thang|ca nam|so sanh|tang|giam|ty trong|share|change)\b|%"
)
_EXPORT, _IMPORT = re.compile(r"\b(xuat khau|exports?)\b"), re.compile(r"\b(nhap khau|imports?)\b")
_QUANTITY, _VALUE = re.compile(r"\b(luong|so luong|quantity|volume)\b"), re.compile(r"\b(tri gia|gia tri|value|kim ngach)\b")
_PROVISIONAL = re.compile(r"\b(uoc|uoc tinh|so bo|provisional|estimate[sd]?|preliminary)\b")
#: Title words of the unit of the whole table.
UNITS_SAID = (
    ("million_usd", re.compile(r"\b(trieu usd|trieu do la|million usd|usd million|mil usd|million us)\b")),
    ("thousand_usd", re.compile(r"\b(nghin usd|ngan usd|1000 usd|thousand usd|usd thousand|000 usd)\b")),
    ("usd", re.compile(r"\b(don vi( tinh)? usd|unit usd|dvt usd|usd)\b")),
)


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """A column of figures: its place, month, whether of a quantity, the flow it names (or nothing), whether still provisional."""

    place: int
    year: int
    month: int
    quantity: bool
    flow: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of months of a grid, the last row of its headings, and the titles above, folded."""

    columns: tuple[MonthColumn, ...]
    last: int
    title: str
    left_out: int


def month_of(text: str) -> tuple[int, int] | None:
    """(year, month) that a heading names, the year 0 where it names none; None for what is no single month."""
    plain = fold(text)
    if not plain or _CUMULATED.search(plain):
        return None
    year = int(found.group()) if (found := _YEAR.search(plain)) else 0
    rest = _YEAR.sub(" ", plain)
    if found := re.search(r"\b(?:thang|thg|t|month|m)\s*(\d{1,2})\b", rest):
        month = int(found.group(1))
    elif found := re.search(r"\b(" + "|".join(_ENGLISH) + r")[a-z]*\b", rest):
        month = _ENGLISH[found.group(1)]
        if not year and (short := re.search(r"\b(\d\d)\b", rest)):
            year = 2000 + int(short.group(1))
    elif year and re.fullmatch(r"\s*\d{1,2}(\s+0?1)?\s*", rest):
        month = int(rest.split()[0])
    else:
        return None
    return (year, month) if 1 <= month <= 12 else None


def heading_of(grid: Grid, told_year: str, *, within: int = 30) -> Heading | None:
    """The headings of a table whose columns are months; None where no row names any. Columns of sums over months are left out."""
    counts = [sum(month_of(cell) is not None for cell in row) for row in grid.rows[:within]]
    if not counts or not max(counts):
        return None
    row = max(range(len(counts)), key=lambda place: counts[place])
    below = grid.rows[row + 1] if row + 1 < len(grid.rows) else ()
    divided = [bool(_QUANTITY.search(fold(cell)) or _VALUE.search(fold(cell))) for cell in below]
    last = row + 1 if sum(divided) >= counts[row] else row
    title = " | ".join(fold(cell) for line in grid.rows[: last + 1] for cell in dict.fromkeys(line) if cell)
    columns, left_out = [], 0
    for place, cell in _spread(grid.rows[row], divided if last > row else ()):
        named = month_of(cell)
        above = [_leftward(line, place) for line in reversed(grid.rows[:row])]
        own = fold(below[place]) if last > row and place < len(below) else ""
        if named is None:
            left_out += bool(cell and _CUMULATED.search(fold(cell)))
            continue
        year = named[0] or next((int(found.group()) for text in above if (found := _YEAR.search(fold(text)))), 0)
        year = year or (int(told_year) if told_year.isdecimal() else 0)
        texts = [own, fold(cell), *map(fold, above)]
        columns.append(
            MonthColumn(
                place, year, named[1], any(_QUANTITY.search(text) and not _VALUE.search(text) for text in texts[:2]),
                _flow(texts), any(_PROVISIONAL.search(text) for text in texts[:2]),
            )
        )  # fmt: skip
    return Heading(tuple(columns), last, title, left_out)


def unit_said(title: str) -> str:
    """The unit that the titles tell, or nothing."""
    return next((unit for unit, words in UNITS_SAID if words.search(title)), "")


def _flow(texts: Sequence[str]) -> str:
    for text in texts:
        exports, imports = _EXPORT.search(text), _IMPORT.search(text)
        if bool(exports) != bool(imports):
            return "export" if exports else "import"
    return ""


def _spread(row: Sequence[str], divided: Sequence[bool]) -> list[tuple[int, str]]:
    """The cells of the row of months; a blank one over a measure belongs to the month on its left (merged cells as text)."""
    spread, current = [], ""
    for place in range(max(len(row), len(divided))):
        cell = row[place] if place < len(row) else ""
        current = cell or (current if place < len(divided) and divided[place] else "")
        spread.append((place, current))
    return spread


def _leftward(row: Sequence[str], place: int) -> str:
    return next((cell for cell in reversed(row[: place + 1]) if cell), "")
