"""Which days, months and periods does a text name?

An expression becomes an ISO value: a day `2025-07-22`, a month `2025-07`, a year, half `2025-H1`, quarter `2025-Q3`, or a
stretch `2025-08-10/2025-08-13`. A missing year is filled in from the document (`reference_year`) and the result says so.
"""

from __future__ import annotations

import calendar
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from banggiao.reading import rules
from banggiao.reading.layout import Layout
from banggiao.reading.numbers import read_number
from banggiao.reading.quick import quick
from banggiao.reading.types import Metadata, Span

_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = quick(r"(?<day>\d{1,2}[/.-])?(?<![\d.,-])(?<year>(?:19|20)\d\d)(?![.,]\d|[\d/])")
# What a text aims at does not date it.
_AIM = quick(r"(?:vào|đến|tới|trước|mục tiêu|tầm nhìn|hướng tới)(?: năm)? \Z")
_FULL_DATE_WEIGHT = 3


class When(NamedTuple):
    """An expression of time: its place, its ISO value, how fine it is, and how the year was found if the text has none."""

    span: Span
    value: str
    precision: str
    inferred: str | None = None

    @property
    def first_day(self) -> str:
        """The beginning, as far as it is known: `2025-08-10` of `2025-08-10/2025-08-13`."""
        return self.value.split("/")[0]


@dataclass(frozen=True, slots=True)
class Reference:
    """The year that expressions without one mean, and where it was taken from; `day` is the day of publication if known."""

    year: int | None
    source: str | None
    day: str | None = None


@lru_cache(maxsize=2)
def find_dates(text: str, reference: Reference) -> tuple[When, ...]:
    """The expressions of time in a shadow, from left to right, none inside another."""
    found: list[When] = []
    at = 0
    for hit in sorted(rules.find("date", text), key=lambda hit: (hit.span[0], -hit.span[1])):
        if hit.span[0] < at:
            continue
        when = _read(hit, reference)
        if when is not None:
            found.append(when)
            at = hit.span[1]
    return tuple(found)


def reference_year(metadata: Metadata, layout: Layout) -> Reference:
    """The year a document speaks of: of its publication, else of its title, else the one it names most often.

    Lists of other articles and the like have years of their own, so only what the document itself says counts.
    """
    if metadata.published and metadata.published[:4].isdigit():
        how = metadata.inferred.get("published")
        source = f"year of publication ({how})" if how else "year of publication"
        return Reference(int(metadata.published[:4]), source, metadata.published[:10])
    title = _YEAR.search(rules.shadow(metadata.title or ""))
    if title:
        return Reference(int(title["year"]), "year of the title")
    years: Counter[str] = Counter()
    text = "\n".join(layout.shadow[line.span[0] : line.span[1]] for line in layout.lines if line.cls != "boilerplate")
    for match in _YEAR.finditer(text):
        if not _AIM.search(text[max(0, match.start() - 16) : match.start()]):
            years[match["year"]] += _FULL_DATE_WEIGHT if match["day"] else 1
    if not years:
        return Reference(None, None)
    # Of years named equally often the later one: reports compare with the year before.
    return Reference(int(max(years, key=lambda year: (years[year], year))), "year the text names most often")


def _read(hit: rules.Hit, reference: Reference) -> When | None:
    kind = hit.rule.id.removeprefix("date.")
    year, how = _year(hit["y"] or hit["y2"], reference, hit["m"])
    if year is None:
        return None
    if kind == "range_full":
        return _stretch(hit, year, how, reference)
    if kind in ("numeric", "long", "day", "bracketed"):
        return _day(hit, year, how)
    if kind == "month":
        return When(hit.span, f"{year}-{int(hit['m'] or 0):02d}", "month", how)
    if kind == "quarter":
        return When(hit.span, f"{year}-Q{_QUARTERS[hit['quarter'] or '1']}", "quarter", how)
    if kind == "half_year":
        return When(hit.span, f"{year}-H{1 if hit['half'] == 'đầu' else 2}", "half", how)
    if kind == "months":
        return _months(hit, year, how)
    if kind == "years":
        return When(hit.span, f"{hit['y']}/{hit['y2']}", "years")
    if kind == "since":
        return When(hit.span, f"{year}-01/{reference.day or ''}".rstrip("/"), "since", how)
    if kind == "decade":
        return When(hit.span, f"{year}/{year + 9}", "years")
    return When(hit.span, str(year), "year", how)


def _year(written: str | None, reference: Reference, month: str | None) -> tuple[int | None, str | None]:
    if written:
        return int(written), None
    if reference.year is None:
        return None, None
    # News of early January speaks of December: a day half a year after publication was in the year before.
    if reference.day and month and int(month) - int(reference.day[5:7] or 0) > 6:
        return reference.year - 1, f"the year before the {reference.source}"
    return reference.year, reference.source


def _day(hit: rules.Hit, year: int, how: str | None) -> When | None:
    day, month = int(hit["d"] or 0), int(hit["m"] or 0)
    return When(hit.span, f"{year}-{month:02d}-{day:02d}", "day", how) if _exists(year, month, day) else None


def _stretch(hit: rules.Hit, year: int, how: str | None, reference: Reference) -> When | None:
    if hit["m"] and " và " in hit.match.group():
        # Two days, not the stretch between them.
        return None
    last_month = int(hit["m2"] or 0)
    first_month = int(hit["m"]) if hit["m"] else last_month
    last_year = int(hit["y2"]) if hit["y2"] else year
    first_year = int(hit["y"]) if hit["y"] else last_year - (first_month > last_month)
    if not (_exists(first_year, first_month, int(hit["d"] or 0)) and _exists(last_year, last_month, int(hit["d2"] or 0))):
        return None
    first = f"{first_year}-{first_month:02d}-{int(hit['d'] or 0):02d}"
    return When(hit.span, f"{first}/{last_year}-{last_month:02d}-{int(hit['d2'] or 0):02d}", "days", how)


def _months(hit: rules.Hit, year: int, how: str | None) -> When | None:
    count = int(read_number(hit["count"] or "") or 0)
    if not 2 <= count <= 12:
        return None
    if count == 6 and hit["half"]:
        return When(hit.span, f"{year}-H{1 if hit['half'] == 'đầu' else 2}", "half", how)
    if count == 3 and hit["half"]:
        return When(hit.span, f"{year}-Q{1 if hit['half'] == 'đầu' else 4}", "quarter", how)
    if hit["half"] == "cuối":
        return When(hit.span, f"{year}-{13 - count:02d}/{year}-12", "months", how)
    return When(hit.span, f"{year}-01/{year}-{count:02d}", "months", how)


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
