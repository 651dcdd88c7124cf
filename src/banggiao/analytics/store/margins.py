"""What do exporters, importers and pairs trade in all? Margins of a year, kept beside its rows for pages to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from banggiao.analytics.store import layout

if TYPE_CHECKING:
    from banggiao.analytics.store.publication import Draft

#: How Parquet is written here (DuckDB's words): groups small enough for a reader to skip by product.
PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 200000"


def write_margins(draft: Draft, year: int, rows: pa.Table) -> None:
    """Write the margins of a year: v_ik, v_jk and v_ij, the unit of `value`, sorted by their keys.

    `rows` has exporter, importer, product, value without nulls, in any order. Cells without a row are not written.
    """
    keys = {name: _indexed(rows[name].to_numpy()) for name in ("exporter", "importer", "product")}
    value = rows["value"].to_numpy()
    for name, (first, second) in layout.MARGINS.items():
        (rank, codes), (other, others) = keys[first], keys[second]
        cell = rank.astype(np.int64) * len(others) + other
        size = len(codes) * len(others)
        total, count = np.bincount(cell, value, size), np.bincount(cell, minlength=size)
        held = np.flatnonzero(count)
        table = {first: codes[held // len(others)], second: others[held % len(others)], "value": total[held]}
        pq.write_table(pa.table(table), draft.margin_file(year, name), compression="zstd")


def _indexed(column: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int32], npt.NDArray[Any]]:
    """The rank of each code among those that occur, and these: a look-up table, because codes are small numbers."""
    present = np.zeros(int(column.max()) + 1 if len(column) else 0, bool)
    present[column] = True
    codes = np.flatnonzero(present).astype(column.dtype)
    ranks = np.zeros(len(present), np.int32)
    ranks[codes] = np.arange(len(codes), dtype=np.int32)
    return ranks[column], codes


def quoted(path: Any) -> str:
    """A path or text as an SQL literal, for the places where DuckDB takes no parameter."""
    return "'" + str(path).replace("'", "''") + "'"
