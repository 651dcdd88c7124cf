"""How can warnings, tariffs and preferences be tried without real data? Invented monthly trade, duties and use of preferences.

Of one reporter in a synthetic world: months with a season and a trend for each flow, and a few breaks that are named in the steps
of the release, so that whoever looks for them can be checked; MFN rates of every importer and preferences for the reporter under
invented agreements; how much of what could claim a preference did. All labelled, all from the seed of the world.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from banggiao.analytics.ingest.codes import EVERYBODY
from banggiao.analytics.ingest.names import write_names
from banggiao.analytics.store import Check, Release, Store, publishing, release_id
from banggiao.analytics.synthetic import World
from banggiao.analytics.synthetic_release import CITATION, LICENCE, SOURCE, TITLE
from banggiao.core.errors import N_

#: Partners and products of the monthly table, the largest of the reporter's invented trade.
PARTNERS, PRODUCTS, MONTHS = 20, 60, 72
#: Months that customs would still revise.
PROVISIONAL = 2
NOISE = 0.12
AGREEMENTS = ("DIỄN TẬP 1", "DIỄN TẬP 2", "DIỄN TẬP 3")


@dataclass(frozen=True, slots=True)
class Break:
    """What happens to a series for good: from the month of that position on it is `factor` times what it was."""

    flow: str
    partner: int
    product: int
    month: int
    factor: float


def monthly(world: World, reporter: int, years: Sequence[int]) -> tuple[pa.Table, tuple[Break, ...]]:
    """Months of one country's trade: year, month, reporter, partner, product, flow, value (thousand USD), quantity (tonnes),
    provisional; and the breaks in it. About one row in fifty is missing, as months without trade are.
    """
    rng = np.random.default_rng([world.seed, 5, reporter])
    codes = np.array([each.code for each in world.countries])
    own = int(np.flatnonzero(codes == reporter)[0])
    others = np.array([n for n in range(len(codes)) if n != own])
    months = 12 * len(years)
    season = 2 * np.pi * np.arange(months) / 12
    parts, breaks = [], []
    for flow in ("export", "import"):
        pull = world.demand.mean(1) if flow == "export" else world.supply.mean(1)
        near = pull[others] - (world.distance[own, others] if flow == "export" else world.distance[others, own])
        partners = others[np.argsort(-near, kind="stable")[:PARTNERS]]
        strength = world.supply[own] if flow == "export" else world.demand[own]
        products = np.argsort(-strength, kind="stable")[:PRODUCTS]
        level = 5.5 + 0.5 * rng.normal(size=(len(partners), len(products))) + 0.4 * strength[products]
        level += 0.4 * near[np.argsort(-near, kind="stable")[:PARTNERS], None]
        swing, phase = np.abs(rng.normal(0.25, 0.15, len(products))), rng.uniform(0, 2 * np.pi, len(products))
        growth = rng.normal(0.004, 0.004, (len(partners), len(products)))
        logs = level[..., None] + growth[..., None] * np.arange(months)
        logs = logs + swing[None, :, None] * np.sin(season + phase[:, None])[None] + NOISE * rng.normal(size=logs.shape)
        for n, factor in enumerate((0.2, 2.5, 0.05)):
            place = int(rng.integers(len(partners))), int(rng.integers(min(12, len(products))))
            month = months - (4 + 9 * n)
            logs[place[0], place[1], month:] += np.log(factor)
            partner, product = int(codes[partners[place[0]]]), int(world.products[products[place[1]]])
            breaks.append(Break(flow, partner, product, month, factor))
        j, k, t = (axis.ravel() for axis in np.indices(logs.shape))
        kept = rng.random(len(t)) > 0.02
        j, k, t = j[kept], k[kept], t[kept]
        value = np.round(np.exp(logs[j, k, t]), 3)
        parts.append(
            pa.table(
                {
                    "year": pa.array(np.asarray(years)[t // 12], pa.int16()),
                    "month": pa.array(1 + t % 12, pa.int8()),
                    "reporter": pa.array(np.full(len(t), reporter), pa.int16()),
                    "partner": pa.array(codes[partners[j]], pa.int16()),
                    "product": pa.array(world.products[products[k]], pa.int32()),
                    "flow": pa.array([flow] * len(t), pa.string()),
                    "value": value,
                    "quantity": np.round(value / world.unit_value[products[k]].astype(np.float64), 3),
                    "provisional": t >= months - PROVISIONAL,
                }
            )
        )
    order = [(each, "ascending") for each in ("flow", "product", "partner", "year", "month")]
    return pa.concat_tables(parts).sort_by(order), tuple(breaks)


def duties(world: World, exporter: int, year: int) -> pa.Table:
    """MFN rates of every importer on every product, and preferences for one exporter in some markets: year, importer, exporter
    (EVERYBODY for MFN), product, mfn, preferential (fractions), agreement, text."""
    rng = np.random.default_rng([world.seed, 6, exporter])
    c, k = world.supply.shape
    height = np.abs(rng.normal(0.06, 0.05, c))[:, None] * np.exp(0.8 * rng.normal(size=k))[None]
    mfn = np.round(np.where(rng.random((c, k)) < 0.3, 0.0, np.minimum(height, 0.6)), 3)
    codes = np.array([each.code for each in world.countries])
    other = np.flatnonzero(codes != exporter)
    members = rng.permutation(other)[: max(1, len(other) // 3)]
    columns: dict[str, list[Any]] = {
        "importer": [],
        "exporter": [],
        "product": [],
        "mfn": [],
        "preferential": [],
        "agreement": [],
    }

    def add(importers: Any, goods: Any, asked: int, preferential: Any, agreements: Sequence[str]) -> None:
        columns["importer"] += codes[importers].tolist()
        columns["exporter"] += [asked] * len(goods)
        columns["product"] += world.products[goods].tolist()
        columns["mfn"] += mfn[importers, goods].tolist()
        columns["preferential"] += list(preferential)
        columns["agreement"] += list(agreements)

    everywhere = np.repeat(np.arange(c), k), np.tile(np.arange(k), c)
    add(*everywhere, EVERYBODY, [None] * (c * k), [""] * (c * k))
    for n, importer in enumerate(members):
        goods = np.flatnonzero(mfn[importer] > 0)
        cut = np.where(rng.random(len(goods)) < 0.7, 0.0, np.round(mfn[importer, goods] * rng.uniform(0.3, 0.9, len(goods)), 3))
        add(np.full(len(goods), importer), goods, exporter, cut.tolist(), [AGREEMENTS[n % len(AGREEMENTS)]] * len(goods))
    rows = len(columns["product"])
    kinds = {"importer": pa.int16(), "exporter": pa.int16(), "product": pa.int32(), "agreement": pa.string()}
    made = {name: pa.array(cells, kinds.get(name, pa.float64())) for name, cells in columns.items()}
    table = pa.table({"year": pa.array([year] * rows, pa.int16()), **made, "text": pa.array([None] * rows, pa.string())})
    return table.sort_by([("importer", "ascending"), ("product", "ascending"), ("exporter", "ascending")])


def use_of_preferences(trade: pa.Table, schedule: pa.Table, *, seed: int) -> pa.Table:
    """What could claim a preference and what did: agreement, year, exporter, importer, product, eligible and claimed (thousand
    USD), mfn, preferential (fractions). `trade` is the year's rows, `schedule` what `duties` gives."""
    rng = np.random.default_rng([seed, 7])
    kept = [each for each in schedule.to_pylist() if each["preferential"] is not None]
    sold = {
        (i, j, k): v
        for i, j, k, v in zip(*(trade[each].to_pylist() for each in ("exporter", "importer", "product", "value")), strict=True)
        if i == (kept[0]["exporter"] if kept else None)
    }
    habit = {each: rng.beta(4, 3) for each in AGREEMENTS}
    rows = []
    for each in kept:
        eligible = sold.get((each["exporter"], each["importer"], each["product"]))
        if eligible:
            # A small margin is not worth its papers.
            margin = each["mfn"] - each["preferential"]
            share = habit[each["agreement"]] * min(1.0, margin / 0.03) * rng.uniform(0.7, 1.1)
            rows.append({**each, "eligible": eligible, "claimed": round(eligible * min(share, 1.0), 3)})
    names = ("agreement", "year", "exporter", "importer", "product", "eligible", "claimed", "mfn", "preferential")
    kinds = (pa.string(), pa.int16(), pa.int16(), pa.int16(), pa.int32(), *[pa.float64()] * 4)
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in zip(names, kinds, strict=True)})


def publish_further(store: Store, world: World, annual: Release, reporter: int, *, at: str) -> tuple[Release, ...]:
    """Releases `monthly`, `tariffs`, `origin` beside a synthetic annual one, none put in force. Raises StoreBusy, StoreFull."""
    last = max(annual.years)
    trade = pa.concat_tables([pq.read_table(path, partitioning=None) for path in store.trade_files(annual, [last])])
    months, breaks = monthly(world, reporter, range(last - MONTHS // 12 + 1, last + 1))
    schedule = duties(world, reporter, last)
    told = tuple(
        f"break: {each.flow} {each.partner} {each.product:06d} times {each.factor:g} "
        f"from {last - MONTHS // 12 + 1 + each.month // 12}-{1 + each.month % 12:02d}"
        for each in breaks
    )
    made = {
        "monthly": (months, told),
        "tariffs": (schedule, ("rates drawn, not looked up",)),
        "origin": (use_of_preferences(trade, schedule, seed=world.seed), ("shares drawn, not looked up",)),
    }
    return tuple(_published(store, world, kind, rows, steps, at) for kind, (rows, steps) in made.items())


def _published(store: Store, world: World, kind: str, rows: pa.Table, steps: tuple[str, ...], at: str) -> Release:
    years = tuple(sorted(set(rows["year"].to_pylist())))
    steps = (f"seed {world.seed}, {len(world.countries)} x {len(world.products)}", *steps)
    with publishing(store, kind) as draft:
        pq.write_table(rows, draft.data_file(), compression="zstd")
        goods = dict(zip(world.products.tolist(), world.descriptions, strict=True))
        write_names(
            draft.folder,
            [(each.code, each.iso3, each.name) for each in world.countries],
            [(code, goods[code]) for code in rows["product"].unique().to_pylist()],
        )
        value = float(rows["value"].to_numpy().sum()) if "value" in rows.column_names else 0.0
        return draft.publish(
            Release(
                id=release_id(f"{SOURCE}-{kind}", "", years, (), *steps),
                kind=kind,
                source=SOURCE,
                years=years,
                title=TITLE,
                citation=CITATION,
                licence=LICENCE,
                synthetic=True,
                rows=rows.num_rows,
                value=value,
                ingested_at=at,
                steps=steps,
                checks=(Check("synthetic", "warning", N_("Số liệu tổng hợp để thử chương trình, không phải số liệu thật.")),),
            ),
            in_force=False,
        )
