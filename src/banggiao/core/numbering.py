"""Which code a new record of a register gets: prefix, year and the next number, never used twice."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models.functions import Length

from banggiao.core.record import Record


def next_code(model: type[Record], prefix: str, year: str) -> str:
    """The next free code `PREFIX-YEAR-0001` of a register; retracted records keep theirs.

    Call it inside the creating transaction: until that ends, another writer of the same series waits (on SQLite all writers do).
    """
    start = f"{prefix}-{year}-"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [start])
    # Longer first, because as text 9999 comes after 10000. Codes that people gave by hand may end in anything.
    rows: Any = model._default_manager
    codes = rows.filter(code__startswith=start).order_by(Length("code").desc(), "-code").values_list("code", flat=True)
    for code in codes.iterator(chunk_size=50):
        end = str(code).removeprefix(start)
        if end.isascii() and end.isdigit():
            return f"{start}{int(end) + 1:04d}"
    return f"{start}0001"
