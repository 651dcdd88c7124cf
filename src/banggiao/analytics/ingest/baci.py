"""How is a CEPII BACI table read: t year, i exporter, j importer, k product, v thousand USD, q tonnes?

Layout: Gaulier and Zignago (2010), BACI, CEPII Working Paper 2010-23, and the Readme beside each release. One file a year, or
several years in one; q is missing as NA, in some releases padded with blanks.
"""

from __future__ import annotations

import duckdb

from banggiao.analytics.ingest.layouts import BACI
from banggiao.analytics.ingest.opening import Opened
from banggiao.analytics.ingest.tables import NULLS, Table, column
from banggiao.analytics.store.margins import quoted

_TYPES = {"year": "SMALLINT", "exporter": "SMALLINT", "importer": "SMALLINT", "product": "INTEGER", "value": "DOUBLE"}


def table_of(file: Opened, factor: float, *, padded: bool = False) -> tuple[Table, str]:
    """The table, and the SELECT of year, exporter, importer, product, value (thousand USD), quantity (tonnes).

    `factor` turns the file's unit into thousand USD; `padded` reads quantities as text first, which is slower.
    """
    found = BACI.taken(file)
    types = {found[key]: each for key, each in _TYPES.items()} | {found["quantity"]: "VARCHAR" if padded else "DOUBLE"}
    table = Table(file, types, {key: column(each) for key, each in found.items()})
    value = column(found["value"]) + ("" if factor == 1 else f" * {factor!r}")
    quantity = f"TRY_CAST(trim({column(found['quantity'])}) AS DOUBLE)" if padded else column(found["quantity"])
    columns = ", ".join(f"{column(found[key])} AS {key}" for key in ("year", "exporter", "importer", "product"))
    return table, f"SELECT {columns}, {value} AS value, {quantity} AS quantity FROM {table.relation()}"  # noqa: S608


def some_quantity(table: Table, rejected: list[tuple[int, str, str]]) -> bool:
    """Whether some of what could not be read were quantities: they may be padded, and what is wrong is found as text."""
    return BACI.taken(table.file)["quantity"] in {each for _, each, _ in rejected}


def wrong_quantities(table: Table, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Lines whose quantity is neither a number nor one of the words for "not known"."""
    name = column(BACI.taken(table.file)["quantity"])
    known = ", ".join(map(quoted, NULLS))
    return (
        table.lines(connection, f"trim(quantity) NOT IN ({known}) AND TRY_CAST(trim(quantity) AS DOUBLE) IS NULL") if name else []
    )


def one_year(file: Opened) -> int | None:
    """The year of a file whose first and last rows tell the same, else None. The whole file is checked when it has been read."""
    place = file.header.index(BACI.taken(file)["year"])
    with file.path.open("rb") as handle:
        start = handle.read(1 << 16)
        handle.seek(max(0, file.bytes - (1 << 16)))
        end = handle.read()
    years = set[str]()
    for line in (start.splitlines()[1:2] or [b""])[0], (end.splitlines() or [b""])[-1]:
        cells = line.decode("utf-8", errors="replace").split(file.delimiter)
        years.add(cells[place].strip().strip('"') if place < len(cells) else "")
    told = years.pop() if len(years) == 1 else ""
    return int(told) if told.isdigit() and len(told) == 4 else None
