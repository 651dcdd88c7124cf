"""What does a person mean who types a date, a period, a number or a yes the way it is written in the trade?

Pure functions, each from text to the value as registers keep it; ValueError for what is not understood.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from banggiao.core.errors import BangGiaoError
from banggiao.core.folding import fold
from banggiao.core.periods import is_partial_date, parse_period

_YES = frozenset({"co", "x", "yes", "true", "dung", "1", "roi", "y"})
_NO = frozenset({"khong", "no", "false", "sai", "0", "chua", "n", ""})
_DAY = re.compile(r"(?:ngay )?(\d{1,2})[ /.-](?:thang )?(\d{1,2})[ /.-](?:nam )?(\d{4}|\d{2})\Z", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[ t]\d{2}:\d{2}.*)?\Z", re.ASCII)
_MONTH = re.compile(r"(?:thang )?(\d{1,2})[ /.-](?:nam )?(\d{4})\Z", re.ASCII)
_ISO_MONTH = re.compile(r"(\d{4})[/.-](\d{1,2})\Z", re.ASCII)
_YEAR = re.compile(r"(?:nam )?(\d{4})\Z", re.ASCII)
_QUARTER = re.compile(r"(?:quy|quarter|q) ?(iv|i{1,3}|[1-4])[ /.,-]*(?:nam |of )?(\d{4})\Z|(\d{4})[ /.-]*q([1-4])\Z")
_HALF = re.compile(
    r"(?:6|sau) thang (dau|cuoi)(?: nam)?[ /.-]*(\d{4})\Z|(first|second) half (?:of )?(\d{4})\Z|(\d{4})[ /.-]*h([12])\Z"
    r"|nua (dau|cuoi)(?: nam)?[ /.-]*(\d{4})\Z"
)
#: What stands before a deadline and adds nothing to it.
_UNTIL = re.compile(
    r"(?:cham nhat la|cham nhat|muon nhat|khong muon hon|truoc|den het|trong|den|han|het|cuoi"
    r"|by the end of|by|before|until|end of) "
)
#: A stretch of years; what is due in it is due at its end.
_YEARS = re.compile(r"(?:giai doan |trong |tu (?:nam )?)?(\d{4}) ?(?:[-–/]|den(?: nam)?|to) ?(\d{4})\Z")
_LAST_MONTH = {"H1": "06", "H2": "12", "Q1": "03", "Q2": "06", "Q3": "09", "Q4": "12"}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def typed_date(text: str) -> str:
    """The full or partial ISO date: 5/9/2025, 09/2025, 2025, `ngày 5 tháng 9 năm 2025`, ISO; empty for empty."""
    words = _small(text)
    if not words:
        return ""
    if found := _ISO_DAY.match(words):
        return _real(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY.match(words):
        year = int(found[3])
        return _real(year + 2000 if year < 100 else year, int(found[2]), int(found[1]))
    if found := _ISO_MONTH.match(words):
        return _real(int(found[1]), int(found[2]))
    if found := _MONTH.match(words):
        return _real(int(found[2]), int(found[1]))
    if found := _YEAR.match(words):
        return _real(int(found[1]))
    raise ValueError(text)


def typed_deadline(text: str) -> str:
    """A date by which something is due: as `typed_date`, or the end of a quarter, a half-year or a stretch of years.

    `trước` and the like may precede.
    """
    words = _small(text)
    if (years := _YEARS.match(words)) and years[1] < years[2]:
        return years[2]
    while found := _UNTIL.match(words):
        words = words[found.end() :]
    try:
        return typed_date(words)
    except ValueError:
        year, _, part = typed_period(words).partition("-")
    if part not in _LAST_MONTH:
        raise ValueError(text)
    return f"{year}-{_LAST_MONTH[part]}"


def typed_period(text: str) -> str:
    """The code of a period: `quý III/2025` is 2025-Q3, `6 tháng đầu năm 2025` is 2025-H1; years, months and codes as they are."""
    words = _small(text)
    if not words:
        return ""
    if found := _QUARTER.match(words):
        number = found[1] or found[4]
        return f"{found[2] or found[3]}-Q{_ROMAN.get(number) or number}"
    if found := _HALF.match(words):
        half = found[1] or found[3] or found[6] or found[7]
        return f"{found[2] or found[4] or found[5] or found[8]}-H{1 if half in ('dau', 'first', '1') else 2}"
    if re.match(r"\d{4}[-\d]*/\d{4}", text.strip()):  # a range of two ISO dates
        try:
            return parse_period(text.strip()).code
        except BangGiaoError:
            raise ValueError(text) from None
    day = typed_date(text)
    if len(day) == 10:
        raise ValueError(text)
    return day


def typed_number(text: str) -> Decimal:
    """The number, with marks as Vietnamese or English writes them: 1.234,5 and 1,234.5.

    A lone mark before three digits parts thousands.
    """
    bare = "".join(text.split()).replace("\u202f", "").replace("−", "-")
    if not re.fullmatch(r"-?\d[\d.,]*", bare):
        raise ValueError(text)
    last = max(bare.rfind(","), bare.rfind("."))
    if last >= 0:
        mark, other = bare[last], "," if bare[last] == "." else "."
        whole, fraction = bare[:last], bare[last + 1 :]
        thousands = mark in whole or (other not in whole and len(fraction) == 3 and whole.lstrip("-") != "0")
        grouped = re.fullmatch(r"-?\d{1,3}(?:[.,]\d{3})*", bare if thousands else whole)
        if grouped is None and not (whole.lstrip("-").isdigit() and not thousands):
            raise ValueError(text)
        bare = re.sub(r"[.,]", "", bare) if thousands else f"{re.sub(r'[.,]', '', whole)}.{fraction or '0'}"
    try:
        return Decimal(bare)
    except InvalidOperation:
        raise ValueError(text) from None


def typed_flag(text: str) -> bool:
    """Whether yes is meant: có, x, yes, 1; không, no, 0 and nothing mean no."""
    word = fold(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(text)


def typed_list(text: str) -> list[str]:
    """The items of a cell: parted by ; or line ends, each once."""
    return list(dict.fromkeys(item for part in re.split(r"[;\n]", text) if (item := " ".join(part.split()).strip(" ,"))))


def _small(text: str) -> str:
    """Lower case without accents, spaces once; marks between numbers stay."""
    from unicodedata import combining, normalize

    plain = normalize("NFD", normalize("NFKC", text).casefold().replace("đ", "d"))
    spaced = " ".join("".join(c for c in plain if not combining(c)).split()).strip(" .;,")
    return re.sub(r"(?<=\d)\s*([/.-])\s*(?=\d)", r"\1", spaced)


def _real(year: int, *parts: int) -> str:
    text = "-".join([f"{year:04d}", *(f"{part:02d}" for part in parts)])
    if not is_partial_date(text) or year < 1000:
        raise ValueError(text)
    return text
