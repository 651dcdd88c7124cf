"""The made-up world of trade: the same every run, in the shape of a real year, labelled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from banggiao.analytics import synthetic, synthetic_release
from banggiao.analytics.ingest.annual import Wanted, ingest
from banggiao.analytics.store import Store


@pytest.fixture(scope="module")
def world() -> synthetic.World:
    return synthetic.world(40, 300, seed=5)


def keys(rows: pa.Table) -> set[tuple[int, int, int]]:
    return set(zip(*(rows[each].to_pylist() for each in ("exporter", "importer", "product")), strict=True))


def test_a_seed_gives_the_same_rows(world: synthetic.World) -> None:
    assert synthetic.trade(world, 2023).equals(synthetic.trade(synthetic.world(40, 300, seed=5), 2023))
    assert not synthetic.trade(world, 2023).equals(synthetic.trade(synthetic.world(40, 300, seed=6), 2023))


def test_rows_are_sorted_and_stand_once(world: synthetic.World) -> None:
    rows = synthetic.trade(world, 2023)
    assert rows.schema == synthetic.SCHEMA
    assert len(keys(rows)) == rows.num_rows
    order = [rows[each].to_numpy() for each in ("importer", "exporter", "product")]
    assert (np.lexsort(order) == np.arange(rows.num_rows)).all()
    assert not (rows["exporter"].to_numpy() == rows["importer"].to_numpy()).any()
    assert pc.min(rows["value"]).as_py() > 0


def test_size_total_and_gaps_are_as_wanted(world: synthetic.World) -> None:
    rows = synthetic.trade(world, 2023, rows=60_000, total=1e9)
    assert rows.num_rows == pytest.approx(60_000, rel=0.1)
    assert pc.sum(rows["value"]).as_py() == pytest.approx(1e9, rel=0.35)
    assert rows["quantity"].null_count / rows.num_rows == pytest.approx(synthetic.MISSING_QUANTITY, abs=0.01)


def test_years_belong_together(world: synthetic.World) -> None:
    first, second = synthetic.trade(world, 2022), synthetic.trade(world, 2023, base=2022)
    kept = len(keys(first) & keys(second)) / first.num_rows
    assert 0.6 < kept < 0.99  # flows stay for the most part, some begin and some end
    ratio = pc.sum(second["value"]).as_py() / pc.sum(first["value"]).as_py()
    assert 0.7 < ratio < 1.4 and ratio != 1


def test_trade_is_unequal_and_nearness_counts(world: synthetic.World) -> None:
    rows = synthetic.trade(world, 2023)
    by_exporter = rows.group_by("exporter").aggregate([("value", "sum")])["value_sum"].to_numpy()
    assert np.sort(by_exporter)[::-1][:4].sum() / by_exporter.sum() > 0.2
    code = {each.code: n for n, each in enumerate(world.countries)}
    pairs = np.zeros((40, 40))
    for i, j in zip(rows["exporter"].to_pylist(), rows["importer"].to_pylist(), strict=True):
        pairs[code[i], code[j]] += 1
    # Beyond the sizes of the two, flows thin out with distance.
    left = np.log(pairs + 1) - np.log(pairs.sum(1) + 1)[:, None] - np.log(pairs.sum(0) + 1)
    apart = ~np.eye(40, dtype=bool)
    assert np.corrcoef(left[apart], world.distance[apart])[0, 1] < -0.3


def test_the_release_names_real_countries_and_says_it_is_made_up(tmp_path: Path) -> None:
    world = synthetic.world(synthetic_release.countries(12), synthetic_release.products(150))
    store = Store(tmp_path)
    release = synthetic_release.publish(store, world, [2024, 2023], at="2026-01-01")
    assert release.synthetic and release.title.startswith("DIỄN TẬP") and release.years == (2023, 2024)
    assert release.checks[0].level == "warning"
    assert "VNM" in {row["iso3"] for row in store.countries(release).to_pylist()}
    goods = store.products(release).to_pylist()
    assert len(goods) == 150 and all(row["description"] for row in goods)
    assert {row["product"] // 10_000 for row in goods} == {code // 10_000 for code, _ in synthetic_release.products()}
    assert store.cube(release, 2024).total == pytest.approx(release.value - store.cube(release, 2023).total)


def test_its_csv_is_ingested_as_baci(tmp_path: Path) -> None:
    world = synthetic.world(synthetic_release.countries(15), synthetic_release.products(200))
    rows = synthetic.trade(world, 2023)
    synthetic_release.write_csv(rows, tmp_path / "made_hs22.csv")
    release = ingest(Store(tmp_path / "s"), [tmp_path / "made_hs22.csv"], at="2026-01-01", wanted=Wanted()).release
    assert release.rows == rows.num_rows and release.value == pytest.approx(pc.sum(rows["value"]).as_py(), rel=1e-12)
