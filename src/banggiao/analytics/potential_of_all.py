"""What could every country sell everywhere: the export potential of all exporters at once, and where most of it is unrealised.

Formula and terms are those of `potential`. A year has a quarter of a billion cells; they are made exporter by exporter in
float32, summed and ranked, and never kept.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from banggiao.analytics.cube import YearCube
from banggiao.analytics.potential import TRADE_ALONE, Factors, Terms, factors, nearness
from banggiao.analytics.ranking import largest
from banggiao.analytics.rows import Floats

Singles = npt.NDArray[np.float32]
#: Products worked on at a time.
TILE = 256


@dataclass(frozen=True, slots=True, eq=False)
class PotentialOfAll:
    """Sums and ranking, in thousand USD, on the labels of the cube (C countries).

    `potential` and `unrealised` [C, C] are sums over products by exporter and importer. `cells`, `values` and `actual` [C, N] are
    the N largest unrealised potentials of each exporter, descending: `cells` is importer x P + product by position, -1 (and 0)
    where an exporter has fewer.
    """

    cube: YearCube
    potential: Floats
    unrealised: Floats
    cells: npt.NDArray[np.int32]
    values: Singles
    actual: Singles

    def to_arrow(self) -> pa.Table:
        """The ranking as rows: exporter, rank (from 1), importer, product, unrealised, actual."""
        exporter, rank = np.nonzero(self.cells >= 0)
        importer, product = np.divmod(self.cells[exporter, rank], len(self.cube.products))
        return pa.table(
            {
                "exporter": self.cube.countries[exporter],
                "rank": (rank + 1).astype(np.int32),
                "importer": self.cube.countries[importer],
                "product": self.cube.products[product],
                "unrealised": self.values[exporter, rank],
                "actual": self.actual[exporter, rank],
            }
        )


def potential_of_all(cube: YearCube, terms: Terms = TRADE_ALONE, *, top: int = 1000, threads: int = 2) -> PotentialOfAll:
    """Potential and unrealised potential of every exporter, and its `top` largest unrealised cells, exactly.

    Exact of the float32 figures, which differ from those of `potential` by about 1e-7 of their size; equal ones stand by product,
    then importer.
    Raises InvalidInput for terms of another shape.
    """
    found = factors(cube, terms)
    countries, products = cube.imports.shape
    shape = (countries, min(top, countries * products))
    result = PotentialOfAll(
        cube,
        found.ease * (found.supply @ found.demand.T),  # exact; made anew where the terms depend on all three
        np.zeros((countries, countries)),
        np.full(shape, -1, np.int32),
        np.zeros(shape, np.float32),
        np.zeros(shape, np.float32),
    )
    # Products by markets, as the flows lie: the few products an exporter sells are then whole lines of memory.
    demand = np.ascontiguousarray(found.demand.T, np.float32)
    usual = None if found.usual is None else np.ascontiguousarray(found.usual.T, np.float32)
    parts = [range(begin, countries, threads) for begin in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(partial(_some, found, demand, usual, result), parts))
    return result


def _some(found: Factors, demand: Singles, usual: Singles | None, result: PotentialOfAll, exporters: range) -> None:
    """Fills in the lines of `result` of these exporters."""
    cube, terms = found.cube, found.terms
    products, countries = demand.shape
    buffer = np.empty(demand.shape, np.float32)
    line = np.empty(products, np.intp)
    for i in exporters:
        supply, ease = found.supply[i].astype(np.float32), found.ease[i].astype(np.float32)
        sold = np.flatnonzero(supply)
        if not len(sold):
            continue
        paid = None if terms.tariffs is None else terms.tariffs.paid(i).astype(np.float32)
        away = None if terms.distance is None else terms.distance[i].astype(np.float32)
        values = buffer[: len(sold)]
        for begin in range(0, len(sold), TILE):  # while a tile is in the cache, all is done to it
            tile, some = values[begin : begin + TILE], sold[begin : begin + TILE]
            np.take(demand, some, axis=0, out=tile, mode="clip")
            tile *= supply[some, None]
            tile *= ease
            if paid is not None:
                tile /= 1 + paid[:, some].T
            if usual is not None and away is not None:
                tile *= nearness(usual[some], away)
        if paid is not None or usual is not None:
            result.potential[i] = np.add.reduceat(values, np.arange(0, len(sold), TILE), axis=0).sum(axis=0, dtype=np.float64)
        importer, product, value = cube.flows(i)
        if len(sold) < products:  # a window or a term may have put products out of reach
            kept = supply[product] != 0
            importer, product, value = importer[kept], product[kept], value[kept]
        line[sold] = np.arange(len(sold))
        at = line[product] * countries + importer
        flat, actual = values.reshape(-1), value.astype(np.float32)
        left = flat[at] - actual
        np.maximum(left, 0, out=left)
        used = np.bincount(importer, weights=flat[at] - left, minlength=countries)
        result.unrealised[i] = np.maximum(result.potential[i] - used, 0)
        flat[at] = left
        cells = largest(flat, result.cells.shape[1])
        k, j = np.divmod(cells, countries)
        result.cells[i, : len(cells)] = j * products + sold[k]
        result.values[i, : len(cells)] = flat[cells]
        result.actual[i, : len(cells)] = _looked_up(at, actual, cells)


def _looked_up(places: npt.NDArray[np.intp], values: Singles, wanted: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    """The values at `wanted`, 0 where there is none; `places` ascend."""
    near = np.minimum(np.searchsorted(places, wanted), max(len(places) - 1, 0))
    if not len(places):
        return np.zeros(len(wanted), np.float32)
    return np.where(places[near] == wanted, values[near], np.float32(0))
