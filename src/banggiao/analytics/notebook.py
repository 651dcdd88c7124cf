"""How does an analyst put a measure to a table of their own, in a notebook or from the command line?

A table is a .csv or .parquet file (see `analytics.named`), an Arrow table, or anything that gives Arrow (pandas, Polars, DuckDB,
Ibis). `columns` says which of its columns are meant, by our names: exporter (or country), importer, product, value, year,
quantity, mfn, preferential; one that is called so already need not be named. Codes of files are text, those of Arrow tables stay
what they are. Every function gives an Arrow table, which `.to_pandas()` and `polars.from_arrow` take on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from banggiao.analytics import complexity as _complexity
from banggiao.analytics import potential as _potential
from banggiao.analytics.country_product import CountryProduct
from banggiao.analytics.cube import YearCube
from banggiao.analytics.engine import arrow, engine, from_arrow
from banggiao.analytics.measures.competitors import competitors as _competitors
from banggiao.analytics.measures.complementarity import complementarity as _complementarity
from banggiao.analytics.measures.concentration import concentration as _concentration
from banggiao.analytics.measures.dependence import dependence as _dependence
from banggiao.analytics.measures.growth import decomposition
from banggiao.analytics.measures.preference import preference_margins
from banggiao.analytics.measures.rca import rca as _rca
from banggiao.analytics.named import read_named
from banggiao.core.errors import N_, FieldProblem, InvalidInput, Unreadable

Source: TypeAlias = str | Path | Any
Columns: TypeAlias = Mapping[str, str]
Code: TypeAlias = int | str
NUMBERS = ("value", "quantity", "mfn", "preferential", "eligible", "claimed")
NONE: Columns = {}


def table(source: Source, columns: Columns = NONE, *needed: str) -> pa.Table:
    """The table with its columns under our names; codes of a file are text, so that 010121 keeps its zero.

    Raises NotFound, Unreadable and InvalidInput, the latter with the numbers of the lines that do not fit.
    """
    named = {ours: columns.get(ours, ours) for ours in dict.fromkeys((*needed, *columns))}
    if isinstance(source, str | Path):
        with engine() as backend:
            return arrow(read_named(backend, Path(source), named).table)
    rows = source if isinstance(source, pa.Table) else pa.table(source)
    missing = [theirs for theirs in named.values() if theirs not in rows.column_names]
    if missing:
        raise InvalidInput(
            N_("Bảng thiếu cột %(missing)s; các cột hiện có: %(present)s."),
            missing=", ".join(missing),
            present=", ".join(rows.column_names),
            remedy=N_("Hãy nói rõ cột nào là cột nào."),
            problems=[FieldProblem(ours, N_("Thiếu cột này.")) for ours, theirs in named.items() if theirs in missing],
        )
    return pa.table({ours: _cast(ours, rows[theirs]) for ours, theirs in named.items()})


def panel(source: Source) -> pa.Table:
    """A csv or parquet file as it stands, columns typed by what is in them: for `gravity.ppml`, which names its own columns.

    Raises Unreadable for a file that is no table.
    """
    if not isinstance(source, str | Path):
        return source if isinstance(source, pa.Table) else pa.table(source)
    path = Path(source)
    try:
        return pq.read_table(path) if path.suffix.lower() in (".parquet", ".pq") else arrow_csv.read_csv(path)
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(
            N_("Không đọc được bảng này."),
            subject=path.name,
            remedy=N_("Hãy dùng tệp CSV (UTF-8, có dòng tên cột) hoặc Parquet."),
        ) from error


def complexity(source: Source, columns: Columns = NONE) -> pa.Table:
    """ECI, COI and diversity of each country: country, diversity, eci, coi (see `analytics.complexity`).

    Needs country (or exporter), product, value; rows of one country and product are summed. Raises InvalidInput.
    """
    return _measured(source, columns).of_countries()


def products(source: Source, columns: Columns = NONE) -> pa.Table:
    """PCI and ubiquity of each product: product, ubiquity, pci."""
    return _measured(source, columns).of_products()


def space(source: Source, country: Code, columns: Columns = NONE) -> pa.Table:
    """What a country exports and what lies near: country, product, rca, present, density, distance, cog, pci."""
    return _measured(source, columns).to_arrow(country)


def proximity(source: Source, product: Code, count: int = 10, columns: Columns = NONE) -> pa.Table:
    """The products nearest to one: product, proximity."""
    return _measured(source, columns).nearest(product, count)


def rca(source: Source, columns: Columns = NONE) -> pa.Table:
    """Revealed comparative advantage: exporter, product, value, rca."""
    return _asked(source, columns, ("exporter", "product", "value"), _rca)


def potential(source: Source, exporter: Code, columns: Columns = NONE, *, count: int = 1000) -> pa.Table:
    """The markets and products with most unrealised potential: importer, product, potential, actual, unrealised.

    Needs exporter, importer, product, value of one year. No optional term is used (see `analytics.potential`). Raises
    InvalidInput, NotFound for an exporter without trade.
    """
    rows = table(source, columns, "exporter", "importer", "product", "value")
    countries, place = np.unique(np.concatenate([rows["exporter"].to_numpy(), rows["importer"].to_numpy()]), return_inverse=True)
    goods, product = np.unique(rows["product"].to_numpy(), return_inverse=True)
    half = rows.num_rows
    cube = YearCube.from_arrays(
        place[:half].astype(np.int32), place[half:].astype(np.int32), product.astype(np.int32), rows["value"].to_numpy(),
        duplicates="sum",
    )  # fmt: skip
    found = np.flatnonzero(countries == exporter)
    if not len(found):
        raise InvalidInput(
            N_("Bảng không có nước %(code)s."), code=exporter, problems=[FieldProblem("exporter", N_("Không có."))]
        )
    best = _potential.potential(cube, int(found[0])).top(count)
    named = {"importer": countries[best["importer"].to_numpy()], "product": goods[best["product"].to_numpy()]}
    return pa.table({**named, **{name: best[name] for name in ("potential", "actual", "unrealised")}})


def dependence(source: Source, importer: Code | None = None, columns: Columns = NONE) -> pa.Table:
    """How much importers depend on each supplier of each product (see `analytics.measures.dependence`)."""
    needed = ("exporter", "importer", "product", "value")
    return _asked(source, columns, needed, lambda trade: _dependence(trade, importer))


def concentration(source: Source, across: str = "importer", within: str = "exporter", columns: Columns = NONE) -> pa.Table:
    """HHI, normalised HHI with its n, and Theil of each `within` across the members of `across`."""
    return _asked(source, columns, (within, across, "value"), lambda trade: _concentration(trade, [across], [within]))


def complementarity(
    source: Source, exporter: Code | None = None, importer: Code | None = None, columns: Columns = NONE
) -> pa.Table:
    """Trade complementarity of exporters with importers: exporter, importer, tci (0 to 100)."""
    needed = ("exporter", "importer", "product", "value")
    return _asked(source, columns, needed, lambda trade: _complementarity(trade, exporter, importer))


def growth(source: Source, exporter: Code, first: int, last: int, columns: Columns = NONE) -> pa.Table:
    """The change of an exporter's sales to each market, taken apart (constant market shares); needs year too."""
    needed = ("year", "exporter", "importer", "product", "value")
    return _asked(source, columns, needed, lambda trade: decomposition(trade, exporter, first, last, ["importer"]))


def competitors(source: Source, importer: Code, product: Code, columns: Columns = NONE) -> pa.Table:
    """Who sells a product to a market: exporter, rank, value, share, share_change, growth [, unit_value]."""
    needed = ("exporter", "importer", "product", "value")
    return _asked(source, columns, needed, lambda trade: _competitors(trade, importer, product))


def preference(source: Source, columns: Columns = NONE) -> pa.Table:
    """Margins of preferences from a table of tariffs: importer, exporter, product, mfn, paid, margin (fractions)."""
    needed = ("importer", "exporter", "product", "mfn", "preferential")
    return _asked(source, columns, needed, preference_margins)


def _asked(source: Source, columns: Columns, needed: tuple[str, ...], measure: Callable[[ibis.Table], ibis.Table]) -> pa.Table:
    rows = table(source, columns, *needed)
    with engine() as backend:
        return arrow(measure(from_arrow(backend, rows)))


def _measured(source: Source, columns: Columns) -> _complexity.Complexity:
    # A file's countries are its exporters: the reader of files knows them by that name.
    named = {"exporter" if ours == "country" else ours: theirs for ours, theirs in columns.items()}
    if "exporter" not in named:
        named["exporter"] = "country"
    rows = table(source, named, "exporter", "product", "value")
    return _complexity.complexity(
        CountryProduct.from_table(rows, country="exporter", product="product", value="value", duplicates="sum")
    )


def _cast(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    if name not in NUMBERS:
        return column
    try:
        return column.cast(pa.float64())
    except pa.ArrowInvalid as error:
        raise InvalidInput(
            N_("Cột %(column)s phải là số."), column=name, problems=[FieldProblem(name, N_("Giá trị không hợp lệ."))]
        ) from error
