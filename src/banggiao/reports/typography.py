"""How are numbers, dates, quotations and breaks written in Vietnamese and in English print?

Babel knows separators and month names; what an official paper adds (ngày 02 tháng 01 năm 2026, 01..09, no line break between a
number and its unit) stands here. Every function returns text; none of them reads the clock.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from babel.dates import format_date
from babel.numbers import format_decimal

Language = Literal["vi", "en"]
Number = int | float | Decimal

NBSP = "\u00a0"
_BABEL = {"vi": "vi_VN", "en": "en_GB"}


def number(value: Number, language: Language, decimals: int | None = None) -> str:
    """`value` as 1.284 or 57,8 (vi), 1,284 or 57.8 (en); with `decimals`, that many figures after the mark, zeros included."""
    pattern = "#,##0.######" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    exact = value if isinstance(value, int | Decimal) else Decimal(repr(value))  # 0.1 + 0.2 must not show its tail's neighbours
    return format_decimal(exact, format=pattern, locale=_BABEL[language]).replace("-", "\u2212")


def percent(value: Number, language: Language, decimals: int | None = None) -> str:
    """`value`, already in per cent, as 57,8% (vi) or 57.8% (en)."""
    return f"{number(value, language, decimals)}%"


def quantity(value: Number, unit: str, language: Language, decimals: int | None = None) -> str:
    """A number and its unit that stay on one line: 2,5 tỷ USD."""
    return f"{number(value, language, decimals)}{NBSP}{unit.replace(' ', NBSP)}"


def short_date(day: date, language: Language) -> str:
    """22/7/2025 (vi), 22 Jul 2025 (en: figures alone would be read month first by some partners)."""
    if language == "vi":
        return f"{day.day}/{day.month}/{day.year}"
    return format_date(day, "d MMM y", locale=_BABEL["en"]).replace(" ", NBSP)


def long_date(day: date, language: Language) -> str:
    """ngày 22 tháng 7 năm 2025, with 01..09 for days and 01, 02 for months as the decree writes them; 22 July 2025 (en)."""
    if language == "vi":
        month = f"{day.month:02d}" if day.month < 3 else str(day.month)
        return bind(f"ngày {day.day:02d} tháng {month} năm {day.year}")
    return format_date(day, "d MMMM y", locale=_BABEL["en"]).replace(" ", NBSP)


def quoted(text: str) -> str:
    """`text` in “ ”; quotation marks inside become ‘ ’."""
    inner = re.sub(r"[“”]", lambda mark: "‘" if mark[0] == "“" else "’", curly(text))
    return f"“{inner}”"


def curly(text: str) -> str:
    """Straight double quotes become “ ” by where they stand; every other sign is kept."""
    return re.sub(r'(^|[\s(\[“‘–—])"', r"\1“", text).replace('"', "”")


def dashed(text: str) -> str:
    """A hyphen that stands for a pause or a span of years becomes an en dash: 2021–2030, Hà Nội – Hải Phòng."""
    text = re.sub(r"(?<=[^\W\d_]|[.,;:)”%\d]) - (?=\S)", " – ", text)
    return re.sub(r"\b((?:19|20)\d\d)-((?:19|20)\d\d)\b", r"\1–\2", text)


def bind(text: str) -> str:
    """Spaces that a line must not break at become non-breaking: number and unit, ngày 22, Điều 5, No. 7. Nothing else changes."""
    text = _BEFORE_UNIT.sub(NBSP, text)
    text = _AFTER_SCALE.sub(NBSP, text)
    return _AFTER_WORD.sub(NBSP, text)


def clean(text: str) -> str:
    """`text` in NFC on one line, without control, direction and private characters: what no face of a report can show."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", re.sub(r"[\t\n\r\v\f\x85\u2028\u2029]+", " ", text))
    return "".join(char for char in text if unicodedata.category(char) not in _UNSHOWN)


def pieces(text: str, longest: int = 28) -> Iterator[str]:
    """`text` cut so that no piece holds a longer word: between two pieces a line may break, without a sign.

    Addresses are cut after their own separators first, other long words anywhere.
    """
    start = 0
    for word in re.finditer(rf"\S{{{longest + 1},}}", text):
        yield from filter(None, [text[start : word.start()]])
        for part in re.findall(r"[^/?&=._-]+[/?&=._-]*|[/?&=._-]+", word[0]):
            yield from (part[i : i + 8] for i in range(0, len(part), 8)) if len(part) > longest else (part,)
        start = word.end()
    yield from filter(None, [text[start:]])


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of `text` set in Tinos, in the unit of `size`; marks do not widen a letter. Good to about 2%."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    thousandths = sum(_WIDTHS.get(char, 500) for char in plain if not unicodedata.combining(char))
    return thousandths * size / 1000 * (1.06 if bold else 1)


def roman(value: int) -> str:
    """1 -> I, 4 -> IV; for headings, so small numbers."""
    signs = (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    )
    found = ""
    for worth, sign in signs:
        found += sign * (value // worth)
        value %= worth
    return found


def letter(value: int, language: Language) -> str:
    """1 -> a, 2 -> b; in Vietnamese the fifth is đ and there is no f, j, w or z. After the last letter: a1, b1."""
    letters = "abcdđeghiklmnopqrstuvxy" if language == "vi" else "abcdefghijklmnopqrstuvwxyz"
    turn, place = divmod(value - 1, len(letters))
    return letters[place] + (str(turn) if turn else "")


# Cc controls, Cf format (direction overrides, zero widths), Cs lone surrogates, Co private use, Cn unassigned.
_UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Cn"}

_UNITS = (
    "tỷ|tỉ|triệu|nghìn|ngàn|trăm|vạn|đồng|USD|VND|EUR|JPY|đô la|euro|tấn|kg|km|km2|m2|m3|ha|MW|GW|kWh|người|lượt|nước"
    "|năm|tháng|ngày|tuần|giờ|thỏa thuận|thoả thuận|hoạt động|văn kiện|dự án|doanh nghiệp|địa phương|điểm|bậc|lần"
    "|billion|million|thousand|tonnes|per cent|countries|people|agreements|activities|projects|years|months|days"
)
# Not in `22 tháng 7`, where the month's name begins and is no unit.
_BEFORE_UNIT = re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w)(?![ \u00a0]\d))")
# 2,5 tỷ USD: the scale word holds on to what it scales.
_SCALED = "USD|EUR|đồng|đô|người|tấn|ha|lượt|tỷ"
_AFTER_SCALE = re.compile(rf"(?:(?<=\d\u00a0tỷ)|(?<=\d\u00a0triệu)|(?<=\d\u00a0nghìn)) (?=(?:{_SCALED})\b)")
_LEADS = "ngày|tháng|năm|quý|Quý|Điều|điều|khoản|điểm|số|Số|Bảng|Hình|Article|No\\.|Table|Figure".split("|")
_AFTER_WORD = re.compile("(?:" + "|".join(rf"(?<=\b{lead})" for lead in _LEADS) + r") (?=\d|[IVX]+\b)")

# Advance widths of the regular face in thousandths of an em, from the `hmtx` table of Tinos, from space to tilde.
_ADVANCES = (
    "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 500 500 278 278 564 564 "
    "564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722 722 944 722 722 611 333 "
    "278 333 469 500 333 444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 "
    "444 480 200 480 541"
)
_WIDTHS = {chr(32 + place): int(width) for place, width in enumerate(_ADVANCES.split())} | {
    NBSP: 250,
    "“": 444,
    "”": 444,
    "…": 1000,
}
