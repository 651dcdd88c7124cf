"""What do exporters, importers and pairs trade in all? Margins of a year, kept beside its rows for pages to read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from banggiao.analytics.store import layout

if TYPE_CHECKING:
    from banggiao.analytics.store.publication import Draft

#: How Parquet is written here: zstd compresses trade rows to about a quarter of the CSV at the speed they are sorted.
PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 200000"


def write_margins(connection: duckdb.DuckDBPyConnection, draft: Draft, year: int) -> None:
    """Write the margins of a year whose rows stand in the draft: v_ik, v_jk and v_ij, in thousand USD, sorted by their keys.

    One pass over the rows each. Errors are DuckDB's.
    """
    rows = str(layout.trade_folder(draft.folder, year) / "*.parquet")
    for name, (first, second) in layout.MARGINS.items():
        connection.execute(
            f"COPY (SELECT {first}, {second}, sum(value) AS value FROM read_parquet(?, hive_partitioning = false) "  # noqa: S608
            f"GROUP BY ALL ORDER BY {first}, {second}) TO {quoted(draft.margin_file(year, name))} ({PARQUET})",
            [rows],
        )


def quoted(path: Path | str) -> str:
    """A path as an SQL literal, for the places where DuckDB takes no parameter."""
    return "'" + str(path).replace("'", "''") + "'"
