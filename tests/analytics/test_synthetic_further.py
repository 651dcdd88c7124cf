"""Invented months, duties and preferences: the layout of the store, the same every run, the breaks where they are said to be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from banggiao.analytics import synthetic, synthetic_further, synthetic_release
from banggiao.analytics.ingest import customs, tariffs, utilisation
from banggiao.analytics.store import Store

YEARS = range(2020, 2026)


@pytest.fixture(scope="module")
def world() -> synthetic.World:
    return synthetic.world(synthetic_release.countries(30), synthetic_release.products(200))


def test_each_kind_is_laid_out_as_its_ingest_lays_it_out(world: synthetic.World, tmp_path: Path) -> None:
    store = Store(tmp_path)
    annual = synthetic_release.publish(store, world, [2025], at="2026-01-01")
    releases = synthetic_further.publish_further(store, world, annual, 704, at="2026-01-01")
    columns = {"monthly": customs.COLUMNS, "tariffs": tariffs.COLUMNS, "origin": utilisation.COLUMNS}
    assert [each.kind for each in releases] == list(columns)
    for release in releases:
        assert release.synthetic and release.title.startswith("DIỄN TẬP") and release.rows > 50
        (path,) = store.data_files(release)
        # What DuckDB and Ibis see; whether a null may stand in a column is not part of it.
        assert [(field.name, field.type) for field in pq.read_schema(path)] == list(columns[release.kind])
    assert store.in_force_ids() == {"annual": annual.id}
    assert len({each.id for each in (annual, *releases)}) == 4


def test_breaks_are_where_they_are_said_to_be(world: synthetic.World) -> None:
    rows, breaks = synthetic_further.monthly(world, 704, YEARS)
    assert len(breaks) == 6 and {each.flow for each in breaks} == {"export", "import"}
    for each in breaks:
        own = rows.filter(
            (pc.field("flow") == each.flow) & (pc.field("partner") == each.partner) & (pc.field("product") == each.product)
        )
        at = 12 * (own["year"].to_numpy().astype(int) - 2020) + own["month"].to_numpy() - 1
        level = dict(zip(at.tolist(), np.log(own["value"].to_numpy()).tolist(), strict=True))
        # Like months are compared, so that the season falls out.
        after = [level[t] - level[t - 12] for t in range(each.month, min(each.month + 4, 72)) if t in level and t - 12 in level]
        assert np.mean(after) == pytest.approx(np.log(each.factor), abs=0.45), each


def test_months_have_a_season_and_the_last_are_provisional(world: synthetic.World) -> None:
    rows, _ = synthetic_further.monthly(world, 704, YEARS)
    assert rows.equals(synthetic_further.monthly(world, 704, YEARS)[0])
    provisional = rows.filter(pc.field("provisional"))
    assert set(provisional["year"].to_pylist()) == {2025} and set(provisional["month"].to_pylist()) == {11, 12}
    keys = list(zip(*(rows[n].to_pylist() for n in ("flow", "partner", "product", "year", "month")), strict=True))
    assert len(set(keys)) == len(keys)
    by = rows.filter(pc.field("flow") == "export").group_by(["product", "month"]).aggregate([("value", "mean")])
    spread = [
        max(values) / min(values)
        for product in by["product"].unique().to_pylist()
        if (values := by.filter(pc.field("product") == product)["value_mean"].to_pylist())
    ]
    assert np.median(spread) > 1.3


def test_preferences_are_never_dearer_and_never_used_beyond_what_is_eligible(world: synthetic.World) -> None:
    schedule = synthetic_further.duties(world, 704, 2025)
    trade = synthetic.trade(world, 2025)
    used = synthetic_further.use_of_preferences(trade, schedule, seed=1)
    preferred = schedule.filter(pc.field("exporter") == 704)
    assert pc.all(pc.less_equal(preferred["preferential"], preferred["mfn"])).as_py()
    assert set(preferred["agreement"].unique().to_pylist()) <= set(synthetic_further.AGREEMENTS)
    assert pc.all(pc.less_equal(used["claimed"], used["eligible"])).as_py()
    sold = pc.sum(trade.filter(pc.field("exporter") == 704)["value"]).as_py()
    assert 0 < pc.sum(used["eligible"]).as_py() < sold
