"""By when, for which period, by whom, how measurable: the small values inside a statement."""

from __future__ import annotations

from typing import NamedTuple

from banggiao.reading import rules
from banggiao.reading.quick import Match, quick
from banggiao.reading.types import Span
from banggiao.reading.views import View, pattern

# The same groups as a deadline, for a cell that is nothing but a date.
_CELL = r"(?i){limit_day}|{limit_named}|(?<month3>)(?<quarter2>)(?<year5>)(?<year6>)(?<year7>)(?!)"
_URGENT = quick(
    r"(?<![\p{L}-])(?:ngay(?: lập tức| trong| từ đầu năm)?|sớm nhất(?: có thể)?|sớm(?! (?:các vụ|những vấn đề|nguy cơ|rủi ro))"
    r"|khẩn trương|gấp(?! (?:đôi|ba|bốn|hai|\d|rưỡi|nhiều))|càng sớm càng tốt)(?![\p{L}-])(?! (?:cả|sau|khi|từ))"
)
_NEAR_YEAR = quick(r"năm (20\d\d)")
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_FIGURE = quick(r"(?<![\p{L}\d/])\d[\d.,]*+(?![\d/])")
_NAMEABLE = quick(
    r"(?<![\p{L}-])(?:ký|ký kết|thành lập|ban hành|hoàn thành|hoàn tất|tổ chức|mở|khai trương|cấp|trình|báo cáo|xây dựng"
    r"|phê chuẩn|công nhận|dỡ bỏ|khởi công|đàm phán|nối lại|đưa vào)(?![\p{L}-])"
)


class Deadline(NamedTuple):
    """A deadline: its words, and the last day, month or year it means (ISO, possibly partial) where that can be worked out.

    `urgent` if the words name no day or period but haste.
    """

    words: str
    due: str | None
    urgent: bool = False


def deadline(view: View, span: Span, year: int | None) -> Deadline | None:
    """The deadline in a part of a sentence; `year` stands in where a date has none."""
    match = view.first(rules.rule("slot.deadline"), *span)
    if match is not None:
        return Deadline(match.group(), _due(match, year))
    match = _URGENT.search(view.text[span[0] : span[1]])
    return Deadline(match.group(), None, True) if match else None


def day_of(text: str, year: int | None) -> str | None:
    """The day, month, quarter or year a cell names ("31/01/2027", "Quý II/2027", "Tháng 6/2027"), None where it names none."""
    match = pattern(_CELL).search(text)
    return _due(match, year) if match else None


def period(view: View, span: Span | None, year: int | None) -> str | None:
    """The first period named in a part of a sentence, or in all of it: `2025`, `2025-H1`, `2025-Q3`, `2021/2025`.

    None where its year is not known.
    """
    start, end = span or (0, len(view.text))
    match = view.first(rules.rule("slot.period"), start, end)
    return _period(match, view.text, end, year) if match else None


def period_of(heading: str, year: int | None) -> str | None:
    """The same for a heading in small letters."""
    match = rules.rule("slot.period").pattern.search(heading)
    return _period(match, heading, len(heading), year) if match else None


def measurable(words: str, limit: Deadline | None) -> int:
    """How far a statement with this deadline can be checked: 3 a figure or a day, 2 a nameable outcome, 1 a direction."""
    if _FIGURE.search(words) or (limit is not None and not limit.urgent):
        return 3
    return 2 if _NAMEABLE.search(words) else 1


def _period(match: Match, text: str, end: int, year: int | None) -> str | None:
    if match["from"]:
        return f"{match['from']}/{match['to']}"
    near = _NEAR_YEAR.search(text, match.end(), min(match.end() + 40, end))
    which = (
        match["year"] or match["year2"] or match["year3"] or (near.group(1) if near else None) or (str(year) if year else None)
    )
    if which is None:
        return None
    if match["half"]:
        return f"{which}-H{1 if 'đầu' in (match['part'] or match['part2']) else 2}"
    if match["quarter"]:
        return f"{which}-Q{_QUARTERS[match['quarter']]}"
    return which


def _due(match: Match, year: int | None) -> str | None:
    groups = match.groupdict()
    which = next((groups[name] for name in ("year", "year2", "year3", "year4", "year5", "year6", "year7") if groups[name]), None)
    which = which or (str(year) if year else None)
    if which is None:
        return None
    quarter = groups["quarter"] or groups["quarter2"]
    if quarter:
        return f"{which}-Q{_QUARTERS[quarter.upper()]}"
    month = groups["month"] or groups["month2"] or groups["month3"]
    if not month:
        return which if any(groups[name] for name in ("year4", "year7")) else None
    if not 1 <= int(month) <= 12:
        return None
    return f"{which}-{int(month):02d}" + (f"-{int(groups['day']):02d}" if groups["day"] and 1 <= int(groups["day"]) <= 31 else "")
