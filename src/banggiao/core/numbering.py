"""Which code a new record of a register gets: prefix, year and the next number, never used twice."""

from __future__ import annotations

from banggiao.core.record import Record


def next_code(model: type[Record], prefix: str, year: str) -> str:
    """The next free code `PREFIX-YEAR-0001` of a register; retracted records keep theirs. Call inside the creating transaction.

    Two writers at once collide on the unique code, and the later one fails whole: on SQLite writers wait for each other anyway.
    """
    start = f"{prefix}-{year}-"
    last = model.objects.filter(code__startswith=start).order_by("-code").values_list("code", flat=True).first()
    return f"{start}{int(last.removeprefix(start)) + 1 if last else 1:04d}"
