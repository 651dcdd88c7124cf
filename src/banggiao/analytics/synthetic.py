"""What does a year of world trade look like, when no real one may be shipped? Invented flows in the shape of CEPII BACI, seeded.

For trying every page, and for the benches. Latent size and ability of countries, eight factors of the product space, complexity
of products, places on a plane with regions; a flow exists where a gravity index and logistic noise pass a threshold calibrated
to the number of rows wanted; its value is log-normal around the index. The same seed gives the same numbers whatever the year's
neighbours, and the noise of a flow stays over the years, so that flows grow, shrink, begin and end as real ones do.
Nothing in here is an observation: whoever shows it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

#: Shape of a real year: share of exporter-product cells in use, partners of a cell among the countries of the world.
FILLED, PARTNERS, COUNTRIES, PRODUCTS = 0.8, 16.1, 226, 5020
#: Rows of a full year, which `rows=None` scales by the number of cells.
FULL_ROWS = 10_520_000
MISSING_QUANTITY = 0.04
FACTORS = 8

#: Logistic quantiles: a lookup of 16 random bits is several times cheaper than a logarithm for each draw.
_LEVELS = (np.arange(65536, dtype=np.float64) + 0.5) / 65536
_LOGISTIC = np.log(_LEVELS / (1 - _LEVELS)).astype(np.float32)

SCHEMA = pa.schema(
    [
        ("year", pa.int16()),
        ("exporter", pa.int16()),
        ("importer", pa.int16()),
        ("product", pa.int32()),
        ("value", pa.float64()),
        ("quantity", pa.float64()),
    ]
)

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the synthetic world: code (BACI), ISO 3166 alpha-3, name, region that places it, size (1 = middling)."""

    code: int
    iso3: str
    name: str
    region: str = ""
    size: float | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What does not change from year to year. C countries, K products; strengths are on the logistic scale."""

    seed: int
    countries: tuple[Country, ...]
    products: npt.NDArray[np.int32]
    descriptions: tuple[str, ...]
    supply: Floats  # C x K, strength of an exporter in a product
    demand: Floats  # C x K, pull of an importer for a product
    distance: Floats  # C x C, cost on the logistic scale
    unit_value: Floats  # K, thousand USD a tonne
    trend: Floats  # C, growth of an exporter's strength a year
    mood: Floats  # K, growth of the demand for a product a year

    @property
    def cells(self) -> int:
        """Exporter-product cells."""
        return len(self.countries) * len(self.products)


def world(
    countries: Sequence[Country] | int = COUNTRIES, products: Sequence[tuple[int, str]] | int = PRODUCTS, *, seed: int = 2026
) -> World:
    """The latent world. Numbers in place of lists give countries and six-digit products with invented codes and no names."""
    rng = np.random.default_rng(seed)
    if isinstance(countries, int):
        countries = [Country(4 * (n + 1), "", f"Nước {n + 1}", region=f"R{n % 12}") for n in range(countries)]
    if isinstance(products, int):
        products = [(10_100 + 185 * n, "") for n in range(products)]
    listed = sorted(products)
    c, k = len(countries), len(listed)
    size = np.array([np.nan if each.size is None else np.log(each.size) for each in countries])
    drawn = np.sort(rng.normal(0, 2.0, c))[::-1]
    size = np.where(np.isnan(size), drawn, size - np.nanmean(np.where(np.isnan(size), drawn, size)))
    size = 2.0 * (size - size.mean()) / (size.std() or 1.0)
    ability = 0.6 * size / 2.0 + 0.8 * rng.normal(0, 1, c)
    complexity = rng.normal(0, 1, k)
    taste, factor = rng.normal(0, 1, (c, FACTORS)), rng.normal(0, 1, (FACTORS, k)) / np.sqrt(FACTORS)
    popular = rng.normal(0, 1.0, k)
    supply = 0.85 * size[:, None] + 1.0 * ability[:, None] * complexity + 2.3 * taste @ factor + 0.6 * popular
    supply += rng.normal(0, 1.2, (c, k))
    demand = 0.7 * size[:, None] + 0.5 * popular + 0.25 * rng.normal(0, 1, (c, FACTORS)) @ factor
    demand += rng.normal(0, 0.4, (c, k))
    regions = sorted({each.region for each in countries})
    centre = dict(zip(regions, rng.uniform(0, 10, (len(regions), 2)), strict=True))
    place = np.array([centre[each.region] for each in countries]) + rng.normal(0, 0.8, (c, 2))
    apart = np.sqrt(((place[:, None] - place[None]) ** 2).sum(-1))
    return World(
        seed=seed,
        countries=tuple(countries),
        products=np.array([code for code, _ in listed], np.int32),
        descriptions=tuple(text for _, text in listed),
        supply=supply.astype(np.float32),
        demand=demand.astype(np.float32),
        distance=(1.1 * np.log1p(apart)).astype(np.float32),
        unit_value=np.exp(rng.normal(1.2, 1.3, k)).astype(np.float32),
        trend=rng.normal(0.0, 0.05, c).astype(np.float32),
        mood=rng.normal(0.0, 0.05, k).astype(np.float32),
    )


def full_rows(world: World) -> int:
    """The rows that a world of this size has in proportion to a full BACI year (denser for few countries, as theirs is)."""
    c = len(world.countries)
    partners = min(PARTNERS * (c / COUNTRIES) ** 0.35, 0.5 * c)
    return int(FULL_ROWS * world.cells / (COUNTRIES * PRODUCTS) * partners / PARTNERS)


def trade(
    world: World,
    year: int,
    *,
    base: int | None = None,
    rows: int | None = None,
    total: float = 2.3e10,
    progress: Callable[[float], None] | None = None,
) -> pa.Table:
    """One year of flows: year, exporter, importer, product, value (thousand USD), quantity (tonnes, 4 % null).

    Sorted by product, exporter, importer. `rows` is the number wanted in the year `base` (met within a few per cent), `total`
    the world's trade in that year in thousand USD; other years follow from the trends. Ten million rows take five to ten seconds.
    """
    base = year if base is None else base
    frame = _Frame.calibrated(world, rows or full_rows(world), total)
    parts: list[tuple[npt.NDArray[Any], ...]] = []
    for n, part in enumerate(_exporters(world, frame, year - base, year)):
        parts.append(part)
        if progress:
            progress((n + 1) / len(world.countries))
    exporter, importer, product, value, quantity = (np.concatenate(column) for column in zip(*parts, strict=True))
    # The parts come exporter by exporter, sorted by product and importer within: a stable sort by product is enough, and numpy
    # sorts 16-bit keys by radix.
    order = np.argsort(product.astype(np.uint16), kind="stable")
    code = np.array([each.code for each in world.countries], np.int16)
    missing = np.isnan(quantity)[order]
    columns = [
        np.full(len(order), year, np.int16),
        code[exporter][order],
        code[importer][order],
        world.products[product][order],
        value[order],
    ]
    return pa.Table.from_arrays([pa.array(each) for each in columns] + [pa.array(quantity[order], mask=missing)], schema=SCHEMA)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The thresholds that give the wanted size: of cells, of flows in a cell, and the level of values."""

    cell: float
    flow: float
    level: float

    @classmethod
    def calibrated(cls, world: World, rows: int, total: float) -> _Frame:
        rng = np.random.default_rng([world.seed, 1])
        c, k = world.supply.shape
        cell = _threshold(world.supply.ravel(), FILLED)
        i, j, p = rng.integers(0, c, 400_000), rng.integers(0, c, 400_000), rng.integers(0, k, 400_000)
        kept = (i != j) & (rng.random(len(i)) < 1 / (1 + np.exp(cell - world.supply[i, p].astype(np.float64))))
        i, j, p = i[kept], j[kept], p[kept]
        index = world.supply[i, p] + world.demand[j, p] - world.distance[i, j]
        flow = _threshold(index, min(0.95, rows / (FILLED * c * k * (c - 1))))
        # The mean of the values of a sample of flows sets the level of all.
        noise = _LOGISTIC[rng.integers(0, 65536, len(index), dtype=np.uint16)]
        present = index + noise > flow
        mean = float(np.exp(_log_value(index[present], noise[present], rng)).mean()) if present.any() else 1.0
        return cls(cell, flow, float(np.log(total / rows / mean)))


def _threshold(index: npt.NDArray[Any], share: float) -> float:
    """The threshold that a share of the indexes plus logistic noise passes, by bisection."""
    sample = index[:: max(1, len(index) // 200_000)].astype(np.float64)
    low, high = float(sample.min()) - 20, float(sample.max()) + 20
    for _ in range(60):
        middle = (low + high) / 2
        if float((1 / (1 + np.exp(middle - sample))).mean()) > share:
            low = middle
        else:
            high = middle
    return middle


def _log_value(index: npt.NDArray[Any], noise: npt.NDArray[Any], rng: np.random.Generator) -> npt.NDArray[Any]:
    """Logarithm of value: the index, the part of noise that stays with the flow, and what the year adds."""
    return 0.7 * index + 0.35 * noise + 0.7 * rng.standard_normal(len(index), np.float32)


def _exporters(world: World, frame: _Frame, elapsed: int, year: int) -> Iterator[tuple[npt.NDArray[Any], ...]]:
    """For each exporter: exporter, importer, product (indexes), value, quantity, sorted by product and importer."""
    c, _ = world.supply.shape
    demand = np.ascontiguousarray((world.demand + elapsed * world.mood).T)  # K x C
    weather = np.random.default_rng([world.seed, 2, year])
    shock = weather.normal(0, 0.12, len(world.products)).astype(np.float32)
    demand += 0.35 * weather.standard_normal(demand.shape, np.float32)
    growth = 0.03 * elapsed + frame.level
    for i in range(c):
        stays, varies = np.random.default_rng([world.seed, 3, i]), np.random.default_rng([world.seed, 4, i, year])
        strength = world.supply[i] + elapsed * world.trend[i] + 0.35 * varies.standard_normal(len(world.products), np.float32)
        cells = np.flatnonzero(strength + _LOGISTIC[stays.integers(0, 65536, len(strength), dtype=np.uint16)] > frame.cell)
        # The noise of a flow is drawn for all cells, used or not, in blocks: the same flow meets the same noise every year.
        noise = _LOGISTIC[stays.integers(0, 65536, (len(strength), c), dtype=np.uint16)[cells]]
        index = demand[cells]
        index += strength[cells, None]
        index -= world.distance[i]
        present = (index + noise) > frame.flow
        present[:, i] = False
        row, importer = np.nonzero(present)
        product = cells[row]
        logs = _log_value(index[row, importer], noise[row, importer], varies)
        logs += growth
        logs += shock[product]
        value = np.maximum(np.round(np.exp(logs.astype(np.float64)), 3), 0.001)
        unit = world.unit_value[product] * np.exp(0.4 * varies.standard_normal(len(value), np.float32))
        quantity = np.maximum(np.round(value / unit, 3), 0.001)
        quantity[varies.random(len(value), np.float32) < MISSING_QUANTITY] = np.nan
        yield np.full(len(value), i, np.int16), importer.astype(np.int16), product.astype(np.int16), value, quantity
