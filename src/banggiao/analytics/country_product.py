"""Which country exports how much of which product, as one dense matrix with its labels?

The input of complexity. It is read from a cube, from stored margins, from the trade rows of a year, or from any table that has a
column of countries, one of products and one of values; labels stay what they were (numbers or text).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from banggiao.analytics.cube import Margins
from banggiao.analytics.rows import (
    MOST_COUNTRY,
    MOST_PRODUCT,
    NOTHING,
    STRETCH,
    Duplicates,
    Floats,
    labels,
    refused,
    table,
    wrong_value,
)
from banggiao.core.errors import N_, NotFound, Unreadable

Labels = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class CountryProduct:
    """`values` [C, P] is v_ik in any one unit; `countries` [C] and `products` [P] are its labels, ascending."""

    countries: Labels
    products: Labels
    values: Floats

    def __post_init__(self) -> None:
        """Raises InvalidInput for a matrix of another shape, without trade, or with a value that is negative or missing."""
        if self.values.shape != (len(self.countries), len(self.products)):
            raise refused("value", N_("Ma trận không khớp với số nước và số mặt hàng."))
        if not self.values.size or not self.values.any():
            raise refused("value", NOTHING)
        if not (self.values.min() >= 0 and self.values.max() < np.inf):
            i, k = np.argwhere(~(self.values >= 0) | np.isinf(self.values))[0]
            wrong_value(self.countries[i : i + 1], None, self.products[k : k + 1], self.values[i, k : k + 1])

    @classmethod
    def from_margins(cls, margins: Margins) -> CountryProduct:
        """The exports of a cube, or of its margins alone."""
        return cls(margins.countries, margins.products, margins.exports)

    @classmethod
    def from_margin_file(cls, file: Path) -> CountryProduct:
        """The stored margin `exporter_product` of a year, alone: the shortest way from a store to complexity."""
        read = table(file, ("exporter", "product", "value")).columns
        exporter, product, value = (column.combine_chunks().to_numpy(zero_copy_only=False) for column in read)
        countries, row = labels([exporter], MOST_COUNTRY, "exporter")
        products, column = labels([product], MOST_PRODUCT, "product")
        values = np.zeros((len(countries), len(products)))
        values[row[exporter], column[product]] = value
        return cls(countries, products, values)

    @classmethod
    def from_trade(cls, files: Sequence[Path]) -> CountryProduct:
        """Sums over importers of the trade rows of a year (columns exporter, product, value), without loading importers.

        Raises Unreadable for a file without these columns, InvalidInput for a value that cannot be one.
        """
        runs = [_runs(batch) for file in files for batch in table(file, ("exporter", "product", "value")).to_batches(STRETCH)]
        if not runs:
            raise refused("value", NOTHING)
        exporter, product, value = (np.concatenate(column) for column in zip(*runs, strict=True))
        countries, row = labels([exporter], MOST_COUNTRY, "exporter")
        products, column = labels([product], MOST_PRODUCT, "product")
        cell = row.take(exporter) * len(products) + column.take(product)
        sums = np.bincount(cell, value, len(countries) * len(products)).astype(np.float64)
        return cls(countries, products, sums.reshape(len(countries), -1))

    @classmethod
    def from_table(
        cls, rows: pa.Table, *, country: str, product: str, value: str, duplicates: Duplicates = "refuse"
    ) -> CountryProduct:
        """A table of one row a country and product. Rows of the same two are refused, or summed when asked to.

        Give `duplicates="sum"` for rows that also tell partners or months. Raises InvalidInput for a column that is missing or
        empty in a row, for a value that is no number, and for what `CountryProduct` refuses.
        """
        missing = [name for name in (country, product, value) if name not in rows.column_names]
        if missing:
            raise refused(missing[0], N_("Bảng không có cột %(column)s."), column=", ".join(missing))
        for name in (country, product, value):
            if rows[name].null_count:
                line = int(pc.index(rows[name].is_null(), True).as_py()) + 1
                raise refused(name, N_("Cột %(column)s để trống ở dòng %(line)s."), column=name, line=line)
        try:
            values = rows[value].combine_chunks().cast(pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid as error:
            raise refused(value, N_("Cột %(column)s phải là số."), column=value) from error
        countries, i = np.unique(rows[country].to_numpy(), return_inverse=True)
        products, k = np.unique(rows[product].to_numpy(), return_inverse=True)
        if not len(values):
            raise refused(value, NOTHING)
        wrong_value(rows[country].to_numpy(), None, rows[product].to_numpy(), values)
        cell = i * len(products) + k
        size = len(countries) * len(products)
        if duplicates == "refuse":
            often = np.bincount(cell, minlength=size)
            if often.max() > 1:
                first = int(np.argmax(often))
                raise refused(
                    value,
                    N_("Có %(count)s dòng cho nước %(country)s, mặt hàng %(product)s; hãy cộng chúng hoặc nói rõ là cộng."),
                    count=int(often[first]),
                    country=countries[first // len(products)],
                    product=products[first % len(products)],
                )
        sums = np.bincount(cell, values, size).astype(np.float64)
        return cls(countries, products, sums.reshape(len(countries), -1))

    @classmethod
    def from_file(
        cls, file: Path, *, country: str, product: str, value: str, duplicates: Duplicates = "refuse"
    ) -> CountryProduct:
        """A .csv or .parquet file as `from_table`; countries and products of a CSV are text, so that 010121 keeps its zero.

        Raises Unreadable for a file that is neither.
        """
        try:
            if file.suffix.lower() == ".parquet":
                rows = pq.ParquetFile(file).read()
            else:
                options = pcsv.ConvertOptions(column_types={country: pa.string(), product: pa.string()})
                rows = pcsv.read_csv(file, convert_options=options)
        except (OSError, pa.ArrowInvalid) as error:
            raise Unreadable(
                N_("Không đọc được tệp này."), subject=file.name, remedy=N_("Hãy đưa tệp .csv hoặc .parquet có dòng tên cột.")
            ) from error
        return cls.from_table(rows, country=country, product=product, value=value, duplicates=duplicates)

    def among(self, countries: Iterable[object]) -> CountryProduct:
        """Only these countries, for instance those above a floor (`Margins.at_least`): the world is then their sum.

        Tiny territories that sell one odd product lead every ranking of complexity; the Atlas leaves out countries below one
        million people or one billion USD of exports. Raises NotFound for a country that is not there.
        """
        wanted = list(countries)
        rows = np.flatnonzero(np.isin(self.countries, np.array(wanted)))
        if len(rows) != len(set(wanted)):
            known = set(self.countries.tolist())
            raise NotFound(N_("Không có nước %(code)s trong bảng."), code=next(one for one in wanted if one not in known))
        return CountryProduct(self.countries[rows], self.products, self.values[rows])


def _runs(batch: pa.RecordBatch) -> tuple[Labels, Labels, Floats]:
    """Exporter, product and sum of the rows that follow one another with both the same.

    The store sorts by product, exporter, importer, so a cell is one run, and codes are looked up once a cell, not once a row.
    Rows in any other order give more runs and the same sums.
    """
    exporter, product, value = (column.to_numpy(zero_copy_only=False) for column in batch.columns)
    wrong_value(exporter, None, product, value)
    begins = np.empty(len(value), bool)
    begins[:1] = True
    np.not_equal(exporter[1:], exporter[:-1], out=begins[1:])
    begins[1:] |= product[1:] != product[:-1]
    first = np.flatnonzero(begins)
    sums = np.add.reduceat(value, first) if len(first) else value
    return exporter[first], product[first], sums.astype(np.float64)
