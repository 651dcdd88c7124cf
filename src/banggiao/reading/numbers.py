"""Which number does a Vietnamese figure or number word stand for?

Vietnamese groups thousands with a point and writes decimals with a comma: 1.600 is sixteen hundred, 98,23 is ninety-eight
and a bit. A point before one or two digits ("4.0", "1.5") is read as a decimal point; the writer can have meant nothing
else.
"""

from __future__ import annotations

from banggiao.reading.quick import quick

Number = int | float

UNITS: dict[str, int] = {
    "không": 0,
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "nhăm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
}
SCALES = {"chục": 10, "trăm": 100, "nghìn": 1_000, "ngàn": 1_000, "vạn": 10_000, "triệu": 1_000_000, "tỷ": 10**9, "tỉ": 10**9}
_GROUPED = quick(r"\d{1,3}(?:\.\d{3})++(?:,\d++)?+")
_ENGLISH = quick(r"\d{1,3}(?:,\d{3}){2,}+(?:\.\d++)?+")
_DECIMAL = quick(r"\d++(?:[.,]\d++)?+")
# Digits beyond this are an account or a telephone number, not a quantity.
_LONGEST = 24


def read_number(text: str) -> Number | None:
    """The value of figures ("98,23", "1.600", "14 triệu", "2,5 nghìn tỷ") or words ("hai mươi lăm"), or None if it is none."""
    parts = text.lower().split()
    if not parts or len(text) > 4 * _LONGEST:
        return None
    if not parts[0][0].isdigit():
        return read_words(text)
    value = _figures(parts[0])
    for part in parts[1:]:
        if value is None:
            return None
        if part == "rưỡi":
            value += _half(parts)
        elif part in SCALES:
            value *= SCALES[part]
        else:
            return None
    return None if value is None else _plain(value)


def read_words(text: str) -> Number | None:
    """The value of a number written in words, or None: "mười bốn triệu" is 14,000,000, "hai trăm linh năm" is 205."""
    total: float = 0
    group: float = 0
    digit: float | None = None
    words = text.lower().split()
    if not words:
        return None
    for position, word in enumerate(words):
        if word in UNITS:
            group, digit = (group + digit, UNITS[word]) if digit is not None else (group, UNITS[word])
        elif word == "mười":
            group, digit = group + 10, None
        elif word in ("mươi", "chục"):
            group, digit = group + (digit or 1) * 10, None
        elif word == "trăm":
            group, digit = group + (1 if digit is None else digit) * 100, None
        elif word in ("linh", "lẻ"):
            continue
        elif word == "rưỡi":
            total, group, digit = total + (group + (digit or 0)) + _half(words[: position + 1]), 0, None
        elif word in SCALES:
            amount = group + (digit or 0) or 1
            if SCALES[word] == 10**9:
                total, group, digit = (total + amount) * 10**9 if total else amount * 10**9, 0, None
            else:
                total, group, digit = total + amount * SCALES[word], 0, None
        else:
            return None
    return _plain(total + group + (digit or 0))


def _figures(text: str) -> Number | None:
    if len(text) > _LONGEST:
        return None
    if _GROUPED.fullmatch(text):
        return _plain(float(text.replace(".", "").replace(",", ".")))
    if _ENGLISH.fullmatch(text):
        return _plain(float(text.replace(",", "")))
    if _DECIMAL.fullmatch(text):
        return _plain(float(text.replace(",", ".")))
    return None


def _half(words: list[str]) -> float:
    before = next((word for word in reversed(words) if word in SCALES), None)
    return SCALES[before] / 2 if before else 0.5


def _plain(value: float) -> Number:
    rounded = round(value, 9)
    return int(rounded) if float(rounded).is_integer() else rounded
