"""Is a year of trade fit to be published: no row twice, no value that cannot be, no group counted beside its members?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from banggiao.analytics.ingest.areas import Area
from banggiao.analytics.ingest.checks import SAMPLES, Report
from banggiao.analytics.store.release import Level
from banggiao.core.errors import N_

#: Above these shares of the value, what is unknown is more likely a wrong file than a stray code.
MOST_UNKNOWN_COUNTRIES, MOST_UNKNOWN_PRODUCTS, MOST_GROUPS = 0.01, 0.05, 0.05
_COLUMNS = ["year", "exporter", "importer", "product", "value"]
#: Finds the lines of the source that bear one of these (exporter, importer, product), or whose number is one of these codes.
Locate = Callable[[str, Sequence[Any]], list[str]]


@dataclass(frozen=True, slots=True)
class Checked:
    """A year that stands: how many rows and how much value (thousand USD), which codes, and its rows for the margins."""

    year: int
    rows: int
    value: float
    countries: frozenset[int]
    products: frozenset[int]
    table: pa.Table


def check_year(
    path: Path, year: int, report: Report, *, countries: Mapping[int, Area], products: Mapping[int, str], locate: Locate
) -> Checked:
    """Check the rows of a year, sorted by product, exporter and importer, and rewrite the file without what does not belong.

    Refused in the report: missing or negative values, codes that cannot be, rows that come twice, too much that is unknown. Taken
    away and counted: groups and trade that could not be placed, zero values, a few unknown countries. `locate` finds lines of the
    source for what is refused.
    """
    table = pq.read_table(path, columns=_COLUMNS, memory_map=True)
    report.add("rows", "ok", N_("%(count)s dòng đã đọc."), count=table.num_rows)
    if _missing(table, report, locate):
        return _nothing(year, table)
    exporter, importer, product, value = (table[each].to_numpy() for each in _COLUMNS[1:])
    wrong = ~np.isfinite(value) | (value < 0)
    if wrong.any():
        lines = locate("value < 0 OR NOT isfinite(value)", [])
        report.add("negative", "refused", N_("%(count)s dòng có giá trị âm hoặc vô hạn."), count=int(wrong.sum()), samples=lines)
    impossible = (product < 10_000) | (product > 999_999)
    if impossible.any():
        lines = locate("product IS NULL OR product < 10000 OR product > 999999", [])
        text = N_("%(count)s dòng có mã hàng không phải sáu chữ số của HS.")
        report.add("products_form", "refused", text, count=int(impossible.sum()), samples=lines)
    _twice(exporter, importer, product, report, locate)
    if report.refused:
        return _nothing(year, table)
    dropped = _zeros(value, report)
    dropped |= _placeless(exporter, importer, value, report, countries, locate)
    _products(product, value, report, products, locate)
    own = int(((exporter == importer) & ~dropped).sum())
    if own:
        report.add("own", "ok", N_("%(count)s dòng có nước xuất cũng là nước nhập (tái nhập), được giữ."), count=own)
    if dropped.any():
        table = _rewritten(path, ~dropped)
    if not table.num_rows:
        report.add("empty", "refused", N_("Năm %(year)s không còn dòng nào sau khi kiểm tra."), count=1, year=year)
        return _nothing(year, table)
    sides = set(_codes(table["exporter"])) | set(_codes(table["importer"]))
    total = float(table["value"].to_numpy().sum())
    return Checked(year, table.num_rows, total, frozenset(sides), frozenset(_codes(table["product"])), table)


def _missing(table: pa.Table, report: Report, locate: Locate) -> int:
    missing = sum(int(table[each].null_count) for each in _COLUMNS)
    if missing:
        lines = locate(" OR ".join(f"{each} IS NULL" for each in _COLUMNS), [])
        text = N_("%(count)s ô thiếu năm, nước, mã hàng hoặc giá trị.")
        report.add("missing", "refused", text, count=missing, samples=lines)
    return missing


def _twice(
    exporter: npt.NDArray[Any], importer: npt.NDArray[Any], product: npt.NDArray[Any], report: Report, locate: Locate
) -> None:
    same = (product[1:] == product[:-1]) & (exporter[1:] == exporter[:-1]) & (importer[1:] == importer[:-1])
    count = int(same.sum())
    if not count:
        return
    first = np.flatnonzero(same)[:SAMPLES]
    keys = [(int(exporter[n]), int(importer[n]), int(product[n])) for n in first]
    where = " OR ".join("(exporter = ? AND importer = ? AND product = ?)" for _ in keys)
    text = N_("%(count)s dòng trùng nước xuất, nước nhập và mã hàng trong cùng năm; không tự chọn dòng nào.")
    report.add("duplicates", "refused", text, count=count, samples=locate(where, [each for key in keys for each in key]))


def _zeros(value: npt.NDArray[Any], report: Report) -> npt.NDArray[np.bool_]:
    zero: npt.NDArray[np.bool_] = value == 0
    if zero.any():
        report.add("zeros", "warning", N_("%(count)s dòng có giá trị bằng 0 đã bỏ."), count=int(zero.sum()))
    return zero


def _placeless(
    exporter: npt.NDArray[Any],
    importer: npt.NDArray[Any],
    value: npt.NDArray[Any],
    report: Report,
    countries: Mapping[int, Area],
    locate: Locate,
) -> npt.NDArray[np.bool_]:
    """Rows of groups, of trade that could not be placed and of numbers nobody knows: counted, and to be taken away."""
    kinds = np.zeros(65_536, np.int8)  # 0 unknown, 1 trades, 2 group or not placed; negative numbers wrap to the end
    for code, area in countries.items():
        kinds[code] = 1 if area.trades else 2
    sides = kinds[exporter.astype(np.uint16)], kinds[importer.astype(np.uint16)]
    group, unknown = (sides[0] == 2) | (sides[1] == 2), (sides[0] == 0) | (sides[1] == 0)
    total = float(value.sum()) or 1.0
    if group.any():
        share = float(value[group].sum()) / total
        codes = _largest(exporter, importer, value, group, kinds, 2)
        named = [f"{code} {countries[code].name}: {amount:,.0f}" for code, amount in codes]
        level: Level = "warning" if share > MOST_GROUPS else "ok"
        text = N_("%(count)s dòng của nhóm nước, toàn thế giới hoặc không rõ nước đã bỏ (%(percent)s %% giá trị của tệp).")
        report.add("groups", level, text, count=int(group.sum()), samples=named, percent=f"{100 * share:.2f}")
    if unknown.any():
        share = float(value[unknown].sum()) / total
        codes = _largest(exporter, importer, value, unknown, kinds, 0)
        lines = locate(" OR ".join("exporter = ? OR importer = ?" for _ in codes), [code for code, _ in codes for _ in (0, 1)])
        text = N_("%(count)s dòng có mã nước không biết (%(codes)s), chiếm %(percent)s %% giá trị, không được nhập.")
        grave: Level = "refused" if share > MOST_UNKNOWN_COUNTRIES else "warning"
        told = ", ".join(str(code) for code, _ in codes)
        report.add("countries", grave, text, count=int(unknown.sum()), samples=lines, codes=told, percent=f"{100 * share:.2f}")
    dropped: npt.NDArray[np.bool_] = group | unknown
    return dropped


def _products(
    product: npt.NDArray[Any], value: npt.NDArray[Any], report: Report, products: Mapping[int, str], locate: Locate
) -> None:
    if not products:
        return
    known = np.zeros(1_000_000, bool)
    known[[code for code in products if 0 <= code < 1_000_000]] = True
    strange = ~known[product]
    if not strange.any():
        return
    share = float(value[strange].sum()) / (float(value.sum()) or 1.0)
    codes = [int(code) for code in np.unique(product[strange])[:SAMPLES]]
    lines = locate(" OR ".join("product = ?" for _ in codes), codes)
    level: Level = "refused" if share > MOST_UNKNOWN_PRODUCTS else "warning"
    text = N_("%(count)s dòng có mã hàng không có trong danh mục (%(codes)s), chiếm %(percent)s %% giá trị.")
    told = ", ".join(f"{code:06d}" for code in codes)
    report.add("products", level, text, count=int(strange.sum()), samples=lines, codes=told, percent=f"{100 * share:.2f}")


def _largest(
    exporter: npt.NDArray[Any],
    importer: npt.NDArray[Any],
    value: npt.NDArray[Any],
    rows: npt.NDArray[np.bool_],
    kinds: npt.NDArray[np.int8],
    kind: int,
) -> list[tuple[int, float]]:
    amounts: dict[int, float] = {}
    for side in (exporter[rows], importer[rows]):
        codes, place = np.unique(side, return_inverse=True)
        for code, amount in zip(codes.tolist(), np.bincount(place, value[rows]).tolist(), strict=True):
            if kinds[np.uint16(code & 0xFFFF)] == kind:
                amounts[code] = amounts.get(code, 0.0) + amount
    return sorted(amounts.items(), key=lambda each: -each[1])[:SAMPLES]


def _rewritten(path: Path, kept: npt.NDArray[np.bool_]) -> pa.Table:
    """The file again with only the rows kept, in their order; what the checks and margins need of it."""
    table = pq.read_table(path).filter(pa.array(kept))
    draft = path.with_suffix(".kept")
    pq.write_table(table, draft, compression="zstd", row_group_size=200_000)
    draft.replace(path)
    return table.select(_COLUMNS)


def _codes(column: pa.ChunkedArray) -> list[int]:
    codes: list[int] = pc.unique(column).to_pylist()
    return codes


def _nothing(year: int, table: pa.Table) -> Checked:
    return Checked(year, 0, 0.0, frozenset(), frozenset(), table.slice(0, 0))
