"""Which code a new record of a register gets: prefix, year and the next number, never used twice."""

from __future__ import annotations

from django.db.models import Q

from banggiao.core.record import Record


def next_code(model: type[Record], prefix: str, year: str) -> str:
    """The next free code `PREFIX-YEAR-0001` of a register; retracted records keep theirs. Call inside the creating transaction.

    Two writers at once collide on the unique code, and the later one fails whole: on SQLite writers wait for each other anyway.
    """
    start = f"{prefix}-{year}-"
    # Compared as numbers: as text 9999 would come after 10000. Codes that people gave by hand may end in anything.
    codes = model._default_manager.filter(Q(code__startswith=start)).values_list("code", flat=True)
    ends = (str(code).removeprefix(start) for code in codes)
    return f"{start}{max((int(end) for end in ends if end.isascii() and end.isdigit()), default=0) + 1:04d}"
