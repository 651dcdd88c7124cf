"""How many days lie between two days, counted by the database: SQLite and PostgreSQL say it differently."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, IntegerField


class DaysBetween(Func):
    """Days from the first expression to the second, negative where it comes before; each is a date or an ISO date as text.

    A text that is no full date (`2025-07`) must be kept away by a CASE: PostgreSQL fails on it, whatever else filters the row.
    """

    output_field = IntegerField()
    arity = 2

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Julian days, whole because the times are midnights; rounded against the last bit of a float."""
        first, second = (compiler.compile(part) for part in self.source_expressions)
        return (
            f"CAST(ROUND(JULIANDAY({second[0]}) - JULIANDAY({first[0]})) AS INTEGER)",
            (*second[1], *first[1]),
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """The difference of two dates is their days."""
        first, second = (compiler.compile(part) for part in self.source_expressions)
        return f"(({second[0]})::date - ({first[0]})::date)", (*second[1], *first[1])
