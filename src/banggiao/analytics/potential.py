"""What could a country sell where, judged by what it sells to the world, what markets buy, and how easily the two trade?

The export potential indicator of the International Trade Centre (Decreux and Spies, Export Potential Assessments, 2016):

    EPI_ijk = Supply_ik x Demand_jk x Ease_ij, in thousand USD a year

    Supply_ik = v_ik g_i / sum_i' v_i'k g_i'           share of i in world exports of k; g is expected GDP as a ratio (1.05)
                x min(1, v_ik / m_ik)                  not more than is made at home (option `self_sufficiency`)
                x (1 + tbar_ik) / (1 + tbar_k)         sold in spite of higher tariffs than others met (option `tariffs`)
    Demand_jk = v_jk x (g_j / n_j)^e_jk n_j            imports of j, growing with income a head and people (ratio n)
                x (1 + tbar_jk) / (1 + t_ijk)          the advantage of i over what j asks on average
                x exp(-|ln dbar_jk - ln d_ij|)         as far away as j is used to buy k from (option `distance`)
    Ease_ij   = v_ij / sum_k (v_ik / v_k) v_jk         trade of i and j, over what it were at i's world share in all j buys

Every option left out is a factor of 1. Without any, sum_k EPI_ijk = v_ij for every pair. It is a benchmark, not a forecast.
Unrealised potential is max(EPI - v, 0): what is already sold beyond it is cut off at 0 and is not set against other products.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from banggiao.analytics.cube import Margins, YearCube
from banggiao.analytics.ranking import largest
from banggiao.analytics.rows import Floats, refused
from banggiao.analytics.tariffs import Tariffs
from banggiao.core.errors import N_

#: The factors of a cell in the order of the formula; their product is the potential.
FACTORS: Mapping[str, str] = {
    "share": N_("tỷ trọng của nước xuất trong xuất khẩu thế giới của mặt hàng"),
    "supply_growth": N_("tăng trưởng dự kiến của nước xuất so với các nước cùng bán"),
    "self_sufficiency": N_("phần hàng xuất không phải là hàng nhập về bán lại"),
    "tariff_faced": N_("thuế nước xuất phải chịu so với mức chung của thế giới"),
    "imports": N_("nhập khẩu của thị trường (nghìn USD)"),
    "demand_growth": N_("tăng trưởng dự kiến của nhu cầu"),
    "tariff_margin": N_("lợi thế thuế so với các nước cùng bán vào thị trường"),
    "distance": N_("khoảng cách so với các nguồn hàng quen thuộc của thị trường"),
    "ease": N_("độ dễ trong thương mại hai nước"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What is known beside trade, all optional, on the labels of the cube (C countries, P products).

    `gdp` [C] and `population` [C] are expected ratios (1.05 is +5%); `elasticity` is that of imports to income a head, a number
    or [C, P]; `distance` [C, C] is in km, NaN where unknown (the factor is then 1). `window` are the margins of further years:
    a country then sells, or buys, only what it sold, or bought, in each of them. `ease` [C, C] stands in for the computed one
    where it is not NaN, for instance as predicted by gravity for pairs that do not trade.
    """

    gdp: Floats | None = None
    population: Floats | None = None
    elasticity: float | Floats = 1.0
    self_sufficiency: bool = False
    tariffs: Tariffs | None = None
    distance: Floats | None = None
    window: Sequence[Margins] = ()
    ease: Floats | None = None


#: Nothing is known beside trade: every option is left out.
TRADE_ALONE = Terms()


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """The factors of the indicator that do not depend on all of i, j and k, made once for any number of exporters.

    `supply` [N, P] and `ease` [N, C] are those of the exporters at `rows` [N]; `demand` [C, P] is that of every market, without
    the tariff paid and the distance. `usual` [C, P] is the distance market j is used to, or None.
    """

    cube: YearCube
    terms: Terms
    rows: npt.NDArray[np.intp]
    supply: Floats
    demand: Floats
    ease: Floats
    usual: Floats | None


@dataclass(frozen=True, eq=False)  # without slots, for what is laid out once
class ExporterPotential:
    """The indicator of one exporter in every market for the S products it can sell: [C, S] in thousand USD.

    `importers` [C] and `products` [S] are codes. What is sold already is `value` at `cells` (importer x S + product, by place);
    trade in products out of reach (see `Terms.window`) is not among it.
    """

    exporter: int
    importers: npt.NDArray[np.int16]
    products: npt.NDArray[np.int32]
    potential: Floats
    unrealised: Floats
    cells: npt.NDArray[np.intp]
    value: Floats

    @cached_property
    def actual(self) -> Floats:
        """What is sold already [C, S], 0 where nothing is; laid out when first asked for."""
        found = np.zeros_like(self.potential)
        found.reshape(-1)[self.cells] = self.value
        return found

    def top(self, count: int = 1000) -> pa.Table:
        """The cells with the largest unrealised potential, descending: importer, product, potential, actual, unrealised."""
        cells = largest(self.unrealised.reshape(-1), count)
        market, product = np.divmod(cells, max(len(self.products), 1))
        sold = np.isin(self.cells, cells)
        actual = dict(zip(self.cells[sold].tolist(), self.value[sold].tolist(), strict=True))
        return pa.table(
            {
                "importer": self.importers[market],
                "product": self.products[product],
                "potential": self.potential.reshape(-1)[cells],
                "actual": [actual.get(cell, 0.0) for cell in cells.tolist()],
                "unrealised": self.unrealised.reshape(-1)[cells],
            }
        )


@dataclass(frozen=True, slots=True)
class CellPotential:
    """One figure taken apart: its factors by name (see `FACTORS`), and what is sold already; thousand USD."""

    factors: Mapping[str, float]
    potential: float
    actual: float
    unrealised: float


def factors(cube: YearCube, terms: Terms = TRADE_ALONE, exporters: Sequence[int] | None = None) -> Factors:
    """Supply, demand and ease for some exporters (positions; None: all). Raises InvalidInput for terms of another shape."""
    _check(cube, terms)
    rows = np.arange(len(cube.countries)) if exporters is None else np.asarray(exporters, np.intp)
    supply, demand = _supply(cube, terms, rows), _demand(cube, terms)
    usual = None if terms.distance is None else _usual(cube, terms.distance)
    return Factors(cube, terms, rows, supply, demand, _ease(cube, terms, rows), usual)


def potential(cube: YearCube, exporter: int, terms: Terms = TRADE_ALONE, *, at_zero_tariffs: bool = False) -> ExporterPotential:
    """The potential of one exporter (code) in every market and product, what it sells there, and what is left.

    With `at_zero_tariffs` the exporter pays no tariff and everybody else what they pay now: the difference to the potential at
    given tariffs is what tariffs stand in the way of. Raises NotFound for an exporter without trade.
    """
    i = cube.country_position(exporter)
    found = factors(cube, terms, [i])
    sold = np.flatnonzero(found.supply[0])
    values = found.demand.take(sold, axis=1)  # in the order of rows, which an index would turn
    values *= found.supply[0, sold]
    values *= found.ease[0][:, None]
    for factor in _of_all_three(found, i, at_zero_tariffs):
        values *= factor.take(sold, axis=1)
    importer, product, value = cube.flows(i)
    if terms.window:  # what is sold now but was not in each of its years is out of reach
        kept = found.supply[0, product] != 0
        importer, product, value = importer[kept], product[kept], value[kept]
    line = np.empty(len(cube.products), np.intp)
    line[sold] = np.arange(len(sold))
    cells = line.take(product) + importer.astype(np.intp) * len(sold)
    left, flat = values.copy(), values.reshape(-1)
    left.reshape(-1)[cells] = np.maximum(flat.take(cells) - value, 0)
    return ExporterPotential(exporter, cube.countries, cube.products[sold], values, left, cells, value)


def explain(cube: YearCube, exporter: int, importer: int, product: int, terms: Terms = TRADE_ALONE) -> CellPotential:
    """The factors of one cell, by codes. Raises NotFound for a country or product without trade."""
    i, j, k = cube.country_position(exporter), cube.country_position(importer), cube.product_position(product)
    told = {name: 1.0 for name in FACTORS}
    found = factors(cube, terms, [i])
    sold = cube.exports[:, k]
    total = float(sold.sum())
    kept = 1.0 if found.supply[0, k] > 0 else 0.0
    told["share"] = kept * float(sold[i]) / total if total else 0.0
    if terms.gdp is not None and total:
        told["supply_growth"] = float(terms.gdp[i] * total / (sold @ terms.gdp))
    if terms.self_sufficiency:
        told["self_sufficiency"] = float(_made_at_home(cube, np.array([i]))[0, k])
    told["imports"] = float(cube.imports[j, k]) if found.demand[j, k] > 0 else 0.0
    if terms.gdp is not None or terms.population is not None:
        told["demand_growth"] = float(_growth(cube, terms)[j, k])
    if terms.tariffs is not None:
        faced, world, asked = terms.tariffs.faced(cube), terms.tariffs.world(cube), terms.tariffs.asked(cube)
        told["tariff_faced"] = float((1 + faced[i, k]) / (1 + world[k]))
        told["tariff_margin"] = float((1 + asked[j, k]) / (1 + terms.tariffs.paid(i)[j, k]))
    if terms.distance is not None and found.usual is not None:
        told["distance"] = float(nearness(found.usual.T, terms.distance[i]).T[j, k])
    told["ease"] = float(found.ease[0, j])
    value = float(np.prod(list(told.values())))
    markets, products, values = cube.flows(i)
    actual = float(values[(markets == j) & (products == k)].sum())
    return CellPotential(told, value, actual, max(value - actual, 0.0))


def nearness(usual: npt.NDArray[Any], away: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """exp(-|ln dbar_kj - ln d_j|) [P, C]: the smaller of the two distances over the larger; 1 where either is unknown."""
    ratio = usual / away
    found: npt.NDArray[Any] = np.nan_to_num(np.minimum(ratio, 1 / ratio), nan=1.0)
    return found


def _supply(cube: YearCube, terms: Terms, rows: npt.NDArray[np.intp]) -> Floats:
    sold = cube.exports[rows]
    if terms.gdp is None:
        world = cube.exports.sum(axis=0)
    else:
        world = terms.gdp @ cube.exports
        sold = sold * terms.gdp[rows, None]
    found: Floats = sold / np.where(world > 0, world, 1)
    if terms.self_sufficiency:
        found *= _made_at_home(cube, rows)
    if terms.tariffs is not None:
        found *= (1 + terms.tariffs.faced(cube)[rows]) / (1 + terms.tariffs.world(cube))
    for year in terms.window:
        found *= _aligned(cube, year, year.exports)[rows]
    return found


def _demand(cube: YearCube, terms: Terms) -> Floats:
    found = cube.imports
    if terms.gdp is not None or terms.population is not None:
        found = found * _growth(cube, terms)
    if terms.tariffs is not None:
        found = found * (1 + terms.tariffs.asked(cube))
    for year in terms.window:
        found = found * _aligned(cube, year, year.imports)
    return found


def _ease(cube: YearCube, terms: Terms, rows: npt.NDArray[np.intp]) -> Floats:
    """Of the pairs as they trade, all products, whatever the terms: the terms say what supply and demand will be."""
    world = cube.exports.sum(axis=0)
    share = cube.exports[rows] / np.where(world > 0, world, 1)
    # One line is not worth waking the threads of BLAS, which wait for each other where the machine is busy.
    usual = share @ cube.imports.T if len(rows) > 1 else np.einsum("ik,jk->ij", share, cube.imports)
    found: Floats = cube.pair[rows] / np.where(usual > 0, usual, 1)
    found[usual <= 0] = 0
    if terms.ease is not None:
        found = np.where(np.isnan(terms.ease[rows]), found, terms.ease[rows])
    found[np.arange(len(rows)), rows] = 0  # nobody is its own market
    return found


def _of_all_three(found: Factors, i: int, at_zero_tariffs: bool = False) -> list[Floats]:
    """What depends on exporter, market and product at once [C, P]: the tariff paid and the distance."""
    parts: list[Floats] = []
    if found.terms.tariffs is not None and not at_zero_tariffs:
        parts.append(1 / (1 + found.terms.tariffs.paid(i)))
    if found.terms.distance is not None and found.usual is not None:
        parts.append(nearness(found.usual.T, found.terms.distance[i]).T)
    return parts


def _growth(cube: YearCube, terms: Terms) -> Floats:
    """(g_j / n_j)^e_jk n_j [C, P], or [C, 1] where the elasticity is one number."""
    ones = np.ones(len(cube.countries))
    income = (ones if terms.gdp is None else terms.gdp)[:, None]
    people = (ones if terms.population is None else terms.population)[:, None]
    grown: Floats = (income / people) ** terms.elasticity * people
    return np.broadcast_to(grown, cube.imports.shape)


def _made_at_home(cube: YearCube, rows: npt.NDArray[np.intp]) -> Floats:
    bought = cube.imports[rows]
    found: Floats = np.minimum(1, cube.exports[rows] / np.where(bought > 0, bought, 1))
    found[bought <= 0] = 1
    return found


def _usual(cube: YearCube, distance: Floats) -> Floats:
    """dbar_jk [C, P]: the mean distance from which j buys k, weighted by value, over partners whose distance is known."""
    shape = cube.imports.shape
    far, weight = np.zeros(shape[0] * shape[1]), np.zeros(shape[0] * shape[1])
    for i in range(shape[0]):
        importer, product, value = cube.flows(i)
        away = distance[i, importer]
        known = ~np.isnan(away)
        cell = importer.astype(np.intp) * shape[1] + product
        far[cell[known]] += (value * away)[known]
        weight[cell[known]] += value[known]
    found: Floats = (far / np.where(weight > 0, weight, np.nan)).reshape(shape)
    return found


def _aligned(cube: YearCube, year: Margins, sums: Floats) -> npt.NDArray[np.bool_]:
    """Where another year has trade, on the labels of the cube [C, P]."""
    found = np.zeros(cube.exports.shape, bool)
    _, row, other_row = np.intersect1d(cube.countries, year.countries, assume_unique=True, return_indices=True)
    _, column, other_column = np.intersect1d(cube.products, year.products, assume_unique=True, return_indices=True)
    found[np.ix_(row, column)] = sums[np.ix_(other_row, other_column)] > 0
    return found


def _check(cube: YearCube, terms: Terms) -> None:
    countries, products = len(cube.countries), len(cube.products)
    shapes: dict[str, tuple[Any, tuple[int, ...]]] = {
        "gdp": (terms.gdp, (countries,)),
        "population": (terms.population, (countries,)),
        "distance": (terms.distance, (countries, countries)),
        "ease": (terms.ease, (countries, countries)),
        "tariffs": (None if terms.tariffs is None else terms.tariffs.mfn, (countries, products)),
    }
    if not isinstance(terms.elasticity, (int, float)):
        shapes["elasticity"] = (terms.elasticity, (countries, products))
    for name, (array, shape) in shapes.items():
        if array is not None and np.shape(array) != shape:
            raise refused(name, N_("Số liệu %(name)s không khớp với các nước và mặt hàng của năm này."), name=name)
    for name, ratio in (("gdp", terms.gdp), ("population", terms.population)):
        if ratio is not None and not (ratio > 0).all():
            raise refused(name, N_("Mức tăng %(name)s phải viết theo tỉ lệ (1,05 là tăng 5%%) và có đủ cho mọi nước."), name=name)
    if terms.distance is not None and (terms.distance <= 0).any(where=~np.eye(countries, dtype=bool)):
        raise refused("distance", N_("Khoảng cách phải lớn hơn 0 km; nơi không biết thì để trống."))
    if terms.ease is not None and (terms.ease < 0).any():
        raise refused("ease", N_("Độ dễ trong thương mại không được âm."))
