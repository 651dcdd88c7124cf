"""What did every country sell to every other in one year, product by product, held so that matrices can be made of it at once?

Codes are those of the store: countries numeric, products HS codes as integers (010121 is 10121). Values are thousand USD. The
three margins are dense and exact (float64); the flows lie one after another, exporter by exporter. Rows whose exporter is their
importer (re-imports) are kept as they are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

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
from banggiao.core.errors import N_, NotFound

Codes = npt.NDArray[np.int32]
#: One stretch of rows: exporter, importer, product, value.
Rows = tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]
COLUMNS = ("exporter", "importer", "product", "value")
MARGINS = ("exporter_product", "importer_product", "pair")


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """The sums of a year's trade over importers, exporters and products, on one set of labels.

    `countries` [C] and `products` [P] ascend; `exports` [C, P] is v_ik, `imports` [C, P] is v_jk, `pair` [C, C] is v_ij
    (exporter, importer), all in thousand USD and read-only.
    """

    year: int
    countries: npt.NDArray[np.int16]
    products: Codes
    exports: Floats
    imports: Floats
    pair: Floats

    @classmethod
    def stored(cls, margins: Mapping[str, Path], *, year: int = 0) -> Margins:
        """The stored margins of a year: files `exporter_product`, `importer_product` and `pair` with their keys and `value`.

        Raises Unreadable for a file that is missing or has other columns, InvalidInput where there is nothing in them.
        """
        return Margins(year, *_stored(margins))

    @property
    def total(self) -> float:
        """World trade of the year in thousand USD."""
        return float(self.exports.sum())

    def country_position(self, code: int) -> int:
        """The position of a country. Raises NotFound where it did not trade."""
        return _position(self.countries, code, N_("Nước mang mã %(code)s không có trong số liệu của năm %(year)s."), self.year)

    def product_position(self, code: int) -> int:
        """The position of a product. Raises NotFound where nobody traded it."""
        return _position(self.products, code, N_("Mặt hàng mang mã %(code)s không có trong số liệu của năm %(year)s."), self.year)

    def at_least(
        self, *, exports: float = 1e6, population: Mapping[int, float] | None = None, people: float = 1e6
    ) -> tuple[int, ...]:
        """The codes of countries above a floor, as the Atlas of Economic Complexity keeps them: exports in thousand USD (the
        default is one billion USD) and, where `population` by code is given, so many people; a country without one is left out.
        """
        enough = self.exports.sum(axis=1) >= exports
        codes = [int(code) for code in self.countries[enough]]
        return tuple(code for code in codes if population is None or population.get(code, 0) >= people)


@dataclass(frozen=True, slots=True, eq=False)
class YearCube(Margins):
    """A year of world trade: its margins and its flows.

    The flows of the exporter at position i are `importer[start[i]:start[i + 1]]` and so on, ascending by product, then importer:
    positions (not codes) and values in thousand USD. Each (exporter, importer, product) stands once.
    """

    start: npt.NDArray[np.int64]
    importer: npt.NDArray[np.int16]
    product: npt.NDArray[np.int16]
    value: Floats

    @classmethod
    def from_arrays(
        cls,
        exporter: npt.ArrayLike,
        importer: npt.ArrayLike,
        product: npt.ArrayLike,
        value: npt.ArrayLike,
        *,
        year: int = 0,
        duplicates: Duplicates = "refuse",
    ) -> YearCube:
        """A cube of rows in any order; rows of value 0 are left out.

        Raises InvalidInput where there is no row, where the columns differ in length, where a value is negative, missing or
        infinite, where a code cannot be one, or where a (exporter, importer, product) comes twice unless `duplicates="sum"`.
        """
        columns = tuple(np.asarray(column) for column in (exporter, importer, product, value))
        if len({column.shape for column in columns}) != 1 or columns[0].ndim != 1:
            raise refused("value", N_("Các cột không cùng số dòng."))
        return _placed(year, list(_stretches(columns)), duplicates, None)

    @classmethod
    def from_parquet(
        cls,
        files: Sequence[Path],
        *,
        margins: Mapping[str, Path] | None = None,
        year: int = 0,
        duplicates: Duplicates = "refuse",
    ) -> YearCube:
        """A cube of the trade files of one year, with columns exporter, importer, product, value (others are not read).

        With `margins` (see `Margins.stored`) the sums are read and not made; whoever stored them answers for their fit.
        Quickest when the rows are sorted by product, exporter, importer, as the store keeps them. Raises as `from_arrays`, and
        Unreadable for a file that is not such a table.
        """
        return _placed(year, [rows for file in files for rows in _read(file)], duplicates, _stored(margins) if margins else None)

    @property
    def rows(self) -> int:
        """How many flows there are."""
        return len(self.value)

    def flows(self, position: int) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16], Floats]:
        """What the exporter at `position` sold: positions of importers and of products, and values; views, not copies."""
        part = slice(int(self.start[position]), int(self.start[position + 1]))
        return self.importer[part], self.product[part], self.value[part]

    def among(self, countries: Iterable[int]) -> YearCube:
        """Only the trade of these countries with one another; products nobody of them trades fall away.

        For a floor on who is compared while all their exports count, give the countries to the measure instead. Raises
        NotFound for a country without trade and InvalidInput where nothing is left.
        """
        kept = np.zeros(len(self.countries), bool)
        kept[[self.country_position(code) for code in countries]] = True
        exporter = self._exporter()
        chosen = kept[exporter] & kept[self.importer]
        return self._again(exporter[chosen], self.importer[chosen], self.products[self.product[chosen]], self.value[chosen])

    def coarser(self, digits: Literal[2, 4]) -> YearCube:
        """The same trade by HS heading (4 digits) or chapter (2 digits) in place of the six of the store."""
        group = self.products // 10 ** (6 - digits)
        products, place = np.unique(group, return_inverse=True)
        wide = len(products)
        found: list[Rows] = []
        for i in range(len(self.countries)):
            importer, product, value = self.flows(i)
            cell = importer.astype(np.intp) * wide + place[product]
            total = np.bincount(cell, weights=value, minlength=len(self.countries) * wide)
            cells = np.flatnonzero(total)
            exporter = np.full(len(cells), self.countries[i])
            found.append((exporter, self.countries[cells // wide], products[cells % wide], total[cells]))
        return _placed(self.year, found, "refuse", None)

    def _exporter(self) -> npt.NDArray[np.int16]:
        return np.repeat(np.arange(len(self.countries), dtype=np.int16), np.diff(self.start))

    def _again(self, exporter: npt.NDArray[Any], importer: npt.NDArray[Any], product: Codes, value: Floats) -> YearCube:
        rows = (self.countries[exporter], self.countries[importer], product, value)
        return _placed(self.year, list(_stretches(rows)), "refuse", None)


def _stretches(columns: Sequence[npt.NDArray[Any]]) -> Iterator[Rows]:
    for begin in range(0, len(columns[0]), STRETCH):
        exporter, importer, product, value = (column[begin : begin + STRETCH] for column in columns)
        yield exporter, importer, product, value


def _read(file: Path) -> Iterator[Rows]:
    for batch in table(file, COLUMNS).to_batches(max_chunksize=STRETCH):
        exporter, importer, product, value = (column.to_numpy(zero_copy_only=False) for column in batch.columns)
        yield exporter, importer, product, value


def _stored(margins: Mapping[str, Path]) -> tuple[npt.NDArray[np.int16], Codes, Floats, Floats, Floats]:
    """Countries, products and the three sums of the stored margins."""
    keys = {
        "exporter_product": ("exporter", "product"),
        "importer_product": ("importer", "product"),
        "pair": ("exporter", "importer"),
    }
    read = {}
    for name in MARGINS:
        columns = table(margins[name], (*keys[name], "value")).columns
        read[name] = tuple(column.combine_chunks().to_numpy(zero_copy_only=False) for column in columns)
    (seller, sold, sales), (buyer, bought, purchases), (source, target, sums) = (read[name] for name in MARGINS)
    countries, where = labels([seller, buyer], MOST_COUNTRY, "exporter")
    products, which = labels([sold, bought], MOST_PRODUCT, "product")
    size = (len(countries), len(products))
    if not len(sales):
        raise refused("value", NOTHING)
    exports, imports, pair = np.zeros(size), np.zeros(size), np.zeros((size[0], size[0]))
    exports[where[seller], which[sold]] = sales
    imports[where[buyer], which[bought]] = purchases
    pair[where[source], where[target]] = sums
    for array in (exports, imports, pair):
        array.flags.writeable = False
    return countries.astype(np.int16), products, exports, imports, pair


def _placed(
    year: int,
    stretches: Sequence[Rows],
    duplicates: Duplicates,
    stored: tuple[npt.NDArray[np.int16], Codes, Floats, Floats, Floats] | None,
) -> YearCube:
    """The rows of all stretches, checked, laid out exporter by exporter and, without stored margins, summed."""
    stretches = [_checked(rows) for rows in stretches]
    if not sum(len(rows[3]) for rows in stretches):
        raise refused("value", NOTHING)
    countries, where = labels([column for rows in stretches for column in rows[:2]], MOST_COUNTRY, "exporter")
    products, which = labels([rows[2] for rows in stretches], MOST_PRODUCT, "product")
    if stored is not None and not (np.array_equal(stored[0], countries) and np.array_equal(stored[1], products)):
        raise refused("value", N_("Tổng lưu kèm không khớp với các dòng thương mại."))
    wide = len(countries)
    # By product first: rows sorted by product then add to a few lines of memory at a time.
    sold, bought, pair = (np.zeros(size) for size in (len(products) * wide, len(products) * wide, wide * wide))
    counts = np.zeros(wide, np.int64)
    for rows in stretches:
        counts += np.bincount(where.take(rows[0]), minlength=wide)
    start = np.concatenate([[0], np.cumsum(counts)])
    importer, product, value = np.empty(start[-1], np.int16), np.empty(start[-1], np.int16), np.empty(start[-1])
    free = start[:-1].copy()
    for rows in stretches:
        i, j, k, v = where.take(rows[0]), where.take(rows[1]), which.take(rows[2]), rows[3]
        if stored is None:
            line = k * wide
            np.add.at(sold, line + i, v)
            np.add.at(bought, line + j, v)
            np.add.at(pair, i * wide + j, v)
        order = np.argsort(i.astype(np.int16), kind="stable")
        number = np.bincount(i, minlength=wide)
        place = np.repeat(free - np.cumsum(number) + number, number) + np.arange(len(i))
        importer[place], product[place], value[place] = j[order], k[order], v[order]
        free += number
    importer, product, value, start, twice = _ordered(start, importer, product, value)
    if twice is not None and duplicates == "refuse":
        raise refused(
            "value",
            N_("Có nhiều dòng cho cùng nước xuất %(exporter)s, nước nhập %(importer)s, mặt hàng %(product)s."),
            exporter=int(countries[twice[0]]),
            importer=int(countries[twice[1]]),
            product=f"{products[twice[2]]:06d}",
        )
    if stored is None:
        exports, imports = (np.ascontiguousarray(flat.reshape(-1, wide).T) for flat in (sold, bought))
        stored = countries.astype(np.int16), products, exports, imports, pair.reshape(wide, wide)
    for array in (*stored, start, importer, product, value):
        array.flags.writeable = False
    return YearCube(year, *stored, start, importer, product, value)


def _checked(rows: Rows) -> Rows:
    """The rows with a positive value. Raises InvalidInput for one that cannot be a value of trade."""
    value = np.asarray(rows[3], np.float64)
    if not len(value) or value.min() > 0 and value.max() < np.inf:  # a NaN fails both comparisons
        return rows[0], rows[1], rows[2], value
    wrong_value(*rows)
    kept = value > 0
    return rows[0][kept], rows[1][kept], rows[2][kept], value[kept]


def _ordered(
    start: npt.NDArray[np.int64], importer: npt.NDArray[np.int16], product: npt.NDArray[np.int16], value: Floats
) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16], Floats, npt.NDArray[np.int64], tuple[int, int, int] | None]:
    """The flows of each exporter by product and importer, each once (summed), and the first that came more than once."""
    same = np.zeros(len(value), bool)
    for begin, end in zip(start[:-1], start[1:], strict=True):
        part = slice(begin, end)
        key = product[part].astype(np.int32) << 15 | importer[part]
        if not (key[1:] > key[:-1]).all():
            order = np.argsort(key, kind="stable")
            importer[part], product[part], value[part] = importer[part][order], product[part][order], value[part][order]
            key = key[order]
            same[begin + 1 : end] = key[1:] == key[:-1]
    if not same.any():
        return importer, product, value, start, None
    first = int(np.argmax(same))
    twice = int(np.searchsorted(start, first, side="right")) - 1, int(importer[first]), int(product[first])
    kept = np.flatnonzero(~same)
    sums = np.add.reduceat(value, kept)
    return importer[kept], product[kept], sums, np.searchsorted(kept, start), twice


def _position(labels: npt.NDArray[Any], code: int, message: str, year: int) -> int:
    place = int(np.searchsorted(labels, code))
    if place == len(labels) or labels[place] != code:
        raise NotFound(message, code=code, year=year)
    return place
