"""Which code a new record of a register gets: prefix, year and the next number, never used twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models.functions import Length

from banggiao.core.record import Record
from banggiao.core.turns import take_turn


def next_code(model: type[Record], prefix: str, year: str) -> str:
    """The next free code `PREFIX-YEAR-0001` of a register; retracted records keep theirs.

    Call it inside the creating transaction: until that ends, another writer of the same series waits (on SQLite all writers do).
    """
    return next_codes(model, prefix, [year])[0]


def next_codes(model: type[Record], prefix: str, years: Sequence[str]) -> list[str]:
    """As `next_code`, for many new records at once: the code of each, in their order."""
    # In one order everywhere, so that two writers of several series never wait for each other.
    last = {year: _last_number(model, f"{prefix}-{year}-") for year in sorted(set(years))}
    codes = []
    for year in years:
        last[year] += 1
        codes.append(f"{prefix}-{year}-{last[year]:04d}")
    return codes


def _last_number(model: type[Record], start: str) -> int:
    take_turn(start)
    # Longer first, because as text 9999 comes after 10000. Codes that people gave by hand may end in anything.
    rows: Any = model._default_manager
    codes = rows.filter(code__startswith=start).order_by(Length("code").desc(), "-code").values_list("code", flat=True)
    for code in codes.iterator(chunk_size=50):
        end = str(code).removeprefix(start)
        if end.isascii() and end.isdigit():
            return int(end)
    return 0
