"""How are figures and dates written out for the reader, in Vietnamese and in English?

Vietnamese: 1.284; 57,8 %; 22/7/2025. English: 1,284; 57.8%; 22 July 2025. Pure functions of a value and a language.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

NO_BREAK_SPACE = "\u00a0"
_MONTHS = "January February March April May June July August September October November December".split()


def format_number(value: int | float | Decimal, language: str, decimals: int | None = None) -> str:
    """`value` with the language's thousands and decimal marks; with `decimals` rounded to that many, else as exact as it is."""
    if decimals is None:
        text = f"{value:,}" if isinstance(value, int) else f"{Decimal(str(value)).normalize():,f}"
    else:
        text = f"{value:,.{decimals}f}"
    if language == "vi":
        text = text.translate(str.maketrans(",.", ".,"))
    return text.replace("-", "−")


def format_percent(value: int | float | Decimal, language: str, decimals: int | None = None) -> str:
    """A value in per cent (57.8 for 57,8 %) with its sign, which Vietnamese sets off by a space that does not break."""
    return format_number(value, language, decimals) + (f"{NO_BREAK_SPACE}%" if language == "vi" else "%")


def format_date(value: date, language: str) -> str:
    """The day: 22/7/2025 in Vietnamese, 22 July 2025 in English."""
    if language == "vi":
        return f"{value.day}/{value.month}/{value.year}"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def format_datetime(value: datetime, language: str) -> str:
    """Time of day and day, as given: the caller converts to the reader's time zone first."""
    day = format_date(value, language)
    return f"{value:%H:%M} {day}" if language == "vi" else f"{day}, {value:%H:%M}"


def format_partial_date(value: str, language: str) -> str:
    """An ISO date of which day or month may be unknown: 7/2025 or July 2025, 2025; anything else as given."""
    year, _, rest = value.partition("-")
    month, _, day = rest.partition("-")
    if day and day.isdigit():
        return format_date(date.fromisoformat(value[:10]), language)
    if not (month.isdigit() and 1 <= int(month) <= 12):
        return value
    return f"{int(month)}/{year}" if language == "vi" else f"{_MONTHS[int(month) - 1]} {year}"
