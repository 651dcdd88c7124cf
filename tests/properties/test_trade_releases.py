"""What goes into the store comes out of it, and another revision of the nomenclature holds the same trade, whatever the rows."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banggiao.analytics.ingest.concordance import convert, shares
from banggiao.analytics.store import Store
from tests.factories.trade_files import AT, baci, taken

COUNTRIES = (704, 842, 156, 276, 392, 410)
PRODUCTS = (10121, 90111, 90112, 90121, 851713, 854231)
KEYS = st.tuples(st.sampled_from(COUNTRIES), st.sampled_from(COUNTRIES), st.sampled_from(PRODUCTS), st.integers(2019, 2021))
AMOUNTS = st.tuples(st.integers(1, 10**6), st.none() | st.integers(0, 10**6))
TRADE = st.dictionaries(KEYS, AMOUNTS, min_size=1, max_size=40)
PAIRS = st.dictionaries(
    st.tuples(st.sampled_from(PRODUCTS), st.sampled_from(PRODUCTS)), st.integers(0, 5), min_size=1, max_size=12
)


def kept(store: Store, id: str) -> dict[tuple[int, int, int, int], tuple[float, float | None]]:
    files = store.trade_files(store.release(id))
    rows = [row for path in files for row in pq.read_table(path, partitioning=None).to_pylist()]
    return {(r["exporter"], r["importer"], r["product"], r["year"]): (r["value"], r["quantity"]) for r in rows}


def released(folder: Path, trade: dict[tuple[int, int, int, int], tuple[int, int | None]]) -> Store:
    lines = [
        f"{year},{i},{j},{k:06d},{value / 1000},{'NA' if q is None else q / 1000}"
        for (i, j, k, year), (value, q) in trade.items()
    ]
    store = Store(folder / "markets")
    taken(store, baci(folder, lines, name="any_hs22.csv"))
    return store


@given(TRADE)
@settings(max_examples=25, deadline=None)
def test_rows_come_out_as_they_went_in_and_margins_add_up(trade: dict[tuple[int, int, int, int], tuple[int, int | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = released(Path(folder), trade)
        release = store.in_force()
        found = kept(store, release.id)
        assert found == {key: (v / 1000, None if q is None else q / 1000) for key, (v, q) in trade.items()}
        assert release.rows == len(trade) and release.value == pytest.approx(math.fsum(v for v, _ in found.values()))
        for year in release.years:
            cube = store.cube(release, year)
            expected = math.fsum(v for key, (v, _) in found.items() if key[3] == year)
            for margin in (cube.exports, cube.imports, cube.pair):
                assert np.sum(margin) == pytest.approx(expected)


@given(TRADE, PAIRS)
@settings(max_examples=25, deadline=None)
def test_a_conversion_keeps_what_each_pair_of_countries_traded(
    trade: dict[tuple[int, int, int, int], tuple[int, int | None]], pairs: dict[tuple[int, int], int]
) -> None:
    before, after = (pa.array([pair[n] for pair in pairs], pa.int32()) for n in (0, 1))
    table = shares(before, after, pa.array(list(pairs.values()), pa.float64()))
    total = dict[int, float]()
    for code, share in zip(table["before"].to_pylist(), table["share"].to_pylist(), strict=True):
        total[code] = total.get(code, 0.0) + share
    assert all(each == pytest.approx(1.0) for each in total.values())
    with tempfile.TemporaryDirectory() as folder:
        store = released(Path(folder), trade)
        first = store.in_force()
        other = convert(store, first, "HS17", at=AT, table=table, name="own")
        assert other.value == pytest.approx(first.value)
        for side in range(2):
            old, new = dict[int, float](), dict[int, float]()
            for told, found in ((old, kept(store, first.id)), (new, kept(store, other.id))):
                for key, (value, _) in found.items():
                    told[key[side]] = told.get(key[side], 0.0) + value
            assert new == pytest.approx(old)
