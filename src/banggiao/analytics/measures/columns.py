"""Which columns does a measure need, and how is a ratio of two of them taken?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ibis

from banggiao.core.errors import N_, FieldProblem, InvalidInput

#: A country or product: a number in the store, text in a file of one's own.
Code = int | str


def require(table: ibis.Table, *names: str) -> None:
    """Raises InvalidInput naming each column that a measure needs and the table lacks."""
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise InvalidInput(
            N_("Bảng thiếu cột %(missing)s; các cột hiện có: %(present)s."),
            missing=", ".join(missing),
            present=", ".join(table.columns),
            problems=[FieldProblem(name, N_("Thiếu cột này.")) for name in missing],
        )


def keys(table: ibis.Table, *names: str) -> list[str]:
    """The names without repetition, with `year` before them where the table has years."""
    years = ["year"] if "year" in table.columns else []
    return list(dict.fromkeys([*years, *names]))


def grouped(table: ibis.Table, by: Iterable[str]) -> Any:
    """What to call `agg` on: the table by some columns, or the table as a whole where there are none."""
    names = list(by)
    return table.group_by(names) if names else table


def totals(table: ibis.Table, by: Iterable[str], name: str = "value") -> ibis.Table:
    """The sum of `value` by some columns, called `name`; one row for everything without columns."""
    summed: ibis.Table = grouped(table, by).agg(**{name: table.value.sum()})
    return summed


def beside(left: ibis.Table, right: ibis.Table, on: list[str], how: str = "inner") -> ibis.Table:
    """Join on columns of the same name, or every row with every row where there are none."""
    if not on:
        return left.cross_join(right)
    return left.join(right, on, how=how)


def ratio(above: ibis.expr.types.NumericValue, below: ibis.expr.types.NumericValue) -> ibis.expr.types.NumericValue:
    """above / below, and NULL where below is zero: the engines answer infinity or an error there."""
    return above / below.nullif(0)


def compound_growth(
    first: ibis.expr.types.NumericValue, last: ibis.expr.types.NumericValue, years: ibis.expr.types.NumericValue
) -> ibis.expr.types.NumericValue:
    """(last / first) ** (1 / years) - 1 a year; NULL where it began at zero or no year passed."""
    return ratio(last, first) ** ratio(ibis.literal(1.0), years.cast("float64")) - 1
