"""By when, for which period, by whom, how measurable: the small values inside a statement."""

from __future__ import annotations

from typing import NamedTuple

from banggiao.reading.quick import Match, quick

_DAY = r"(?<day>\d{1,2})(?:/|-| tháng )(?<month>\d{1,2})(?:(?:/|-| năm )(?<year>\d{4}))?"
_BY = (
    r"(?:(?:xong |hoàn thành )?(?:trước|chậm nhất(?: là)?|muộn nhất(?: là)?|hạn chót(?: là)?|không muộn hơn|đến hết|hết|đến|vào)"
    r"(?: hết)? )(?:ngày )?"
)
_NAMED = (
    r"tháng (?<month2>\d{1,2})(?:[/-]| năm )(?<year2>\d{4})|(?:cuối )?năm (?<year4>\d{4})"
    r"|quý (?<quarter>IV|I{1,3}|[1-4])(?:[/-]| năm )?(?<year3>\d{4})?"
)
_WITHIN = (
    r"(?:ngay )?trong (?:tháng (?<month3>\d{1,2})(?:(?:[/-]| năm )(?<year5>\d{4}))?|năm (?<year7>\d{4})"
    r"|quý (?<quarter2>IV|I{1,3}|[1-4])(?:(?:[/-]| năm )(?<year6>\d{4}))?)"
)
_ROUGHLY = (
    r"(?:ngay )?trong (?:tuần|tháng|quý|năm)(?: này| tới| nay)"
    r"|trong vòng \d++ (?:ngày(?: làm việc)?|tuần|tháng|năm)(?: tới| kể từ[^,;.]{0,40})?"
    r"|trước khi kết thúc (?:năm|quý|tháng)(?: \d{4})?"
)
_DEADLINE = quick(rf"{_BY}(?:{_DAY}|{_NAMED})|{_WITHIN}|{_ROUGHLY}")
# The same groups as a deadline, for a cell that is nothing but a date.
_CELL = quick(rf"(?i){_DAY}|{_NAMED}|(?<month3>)(?<quarter2>)(?<year5>)(?<year6>)(?<year7>)(?!)")
_URGENT = quick(
    r"(?<![\p{L}-])(?:ngay(?: lập tức| trong| từ đầu năm)?|sớm nhất(?: có thể)?|sớm(?! (?:các vụ|những vấn đề|nguy cơ|rủi ro))"
    r"|khẩn trương|gấp(?! (?:đôi|ba|bốn|hai|\d|rưỡi|nhiều))|càng sớm càng tốt)(?![\p{L}-])(?! (?:cả|sau|khi|từ))"
)
_PERIOD = quick(
    r"(?<half>(?:6|sáu) tháng (?<part>đầu|cuối)(?: năm)?|nửa (?<part2>đầu|cuối) năm)(?: (?<year>20\d\d))?"
    r"|quý (?<quarter>IV|I{1,3}|[1-4])(?:(?:/|, ?| ?năm | )(?<year>20\d\d))?"
    r"|giai đoạn (?<from>20\d\d) ?- ?(?<to>20\d\d)|năm (?<year>20\d\d)(?! ?-)"
)
_NEAR_YEAR = quick(r"năm (20\d\d)")
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_FIGURE = quick(r"(?<![\p{L}\d/])\d[\d.,]*+(?![\d/])")
_NAMEABLE = quick(
    r"(?<![\p{L}-])(?:ký|ký kết|thành lập|ban hành|hoàn thành|hoàn tất|tổ chức|mở|khai trương|cấp|trình|báo cáo|xây dựng"
    r"|phê chuẩn|công nhận|dỡ bỏ|khởi công|đàm phán|nối lại|đưa vào)(?![\p{L}-])"
)


class Deadline(NamedTuple):
    """A deadline: its words, and the last day, month or year it means (ISO, possibly partial) where that can be worked out."""

    words: str
    due: str | None


def deadline(text: str, year: int | None) -> Deadline | None:
    """The deadline in a statement; `year` stands in where a date has none."""
    match = _DEADLINE.search(text)
    if match is not None:
        return Deadline(match.group(), _due(match, year))
    match = _URGENT.search(text)
    return Deadline(match.group(), None) if match else None


def day_of(text: str, year: int | None) -> str | None:
    """The day, month, quarter or year a cell names ("31/01/2027", "Quý II/2027", "Tháng 6/2027"), None where it names none."""
    match = _CELL.search(text)
    return _due(match, year) if match else None


def period(text: str, year: int | None) -> str | None:
    """The first period named: `2025`, `2025-H1`, `2025-Q3`, `2021/2025`; None where its year is not known."""
    match = _PERIOD.search(text)
    if match is None:
        return None
    if match["from"]:
        return f"{match['from']}/{match['to']}"
    which = match["year"] or _year_near(text, match.end()) or (str(year) if year else None)
    if which is None:
        return None
    if match["half"]:
        return f"{which}-H{1 if 'đầu' in (match['part'] or match['part2']) else 2}"
    if match["quarter"]:
        return f"{which}-Q{_QUARTERS[match['quarter']]}"
    return which


def measurable(text: str) -> int:
    """How far the statement can be checked: 3 a figure or a day, 2 a nameable outcome, 1 a direction."""
    if _FIGURE.search(text) or _DEADLINE.search(text):
        return 3
    return 2 if _NAMEABLE.search(text) else 1


def _year_near(text: str, at: int) -> str | None:
    match = _NEAR_YEAR.search(text, at, at + 40)
    return match.group(1) if match else None


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
