"""From one revision of the Harmonized System to another: shares sum to one, totals stay, what was done is kept."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from banggiao.analytics.ingest.concordance import convert, packaged_shares, read_shares, shares
from banggiao.analytics.store import Store
from banggiao.core.errors import InvalidInput
from tests.factories.trade_files import AT, baci, taken


def ints(*codes: int) -> pa.Array:
    return pa.array(codes, pa.int32())


def values(store: Store, id: str) -> dict[tuple[int, int, int], tuple[float, float | None]]:
    rows = [r for path in store.trade_files(store.release(id)) for r in pq.read_table(path, partitioning=None).to_pylist()]
    return {(r["exporter"], r["importer"], r["product"]): (r["value"], r["quantity"]) for r in rows}


def test_shares_are_even_or_as_given() -> None:
    even = shares(ints(10121, 10121, 90111), ints(10111, 10119, 90112))
    assert even["share"].to_pylist() == [0.5, 0.5, 1.0]
    given = shares(ints(10121, 10121, 90111), ints(10111, 10119, 90112), pa.array([3.0, 1.0, 0.0]))
    assert given["share"].to_pylist() == [0.75, 0.25, 1.0]


@pytest.mark.parametrize(
    ("before", "after", "weight"),
    [
        (ints(), ints(), None),
        (ints(10121, 10121), ints(10111, 10111), None),
        (ints(121), ints(10111), None),
        (pa.array([None], pa.int32()), ints(10111), None),
        (ints(10121), ints(10111), pa.array([-1.0])),
        (ints(10121), ints(10111), pa.array([None], pa.float64())),
    ],
)
def test_tables_that_cannot_be(before: pa.Array, after: pa.Array, weight: pa.Array | None) -> None:
    with pytest.raises(InvalidInput):
        shares(before, after, weight)


def test_the_packaged_tables_lead_to_earlier_revisions() -> None:
    table = packaged_shares("HS22", "HS92")
    assert table is not None
    told = dict(zip(table["before"].to_pylist(), table["after"].to_pylist(), strict=True))
    assert told[10121] == 10111 and 90111 not in told
    assert packaged_shares("HS92", "HS22") is None


def test_a_release_in_an_earlier_revision(tmp_path: Path) -> None:
    store = Store(tmp_path / "markets")
    rows = ["2022,704,842,010121,10,1", "2022,704,842,010129,5,NA", "2022,704,842,010130,2,1", "2022,704,842,090111,7,3"]
    first = taken(store, baci(tmp_path, rows)).release
    release = convert(store, first, "HS92", at=AT)
    table = packaged_shares("HS22", "HS92")
    assert table is not None
    told = dict(zip(table["before"].to_pylist(), table["after"].to_pylist(), strict=True))
    assert told[10121] == told[10130] != told[10129]
    assert values(store, release.id) == {
        (704, 842, told[10121]): (12.0, 2.0),
        (704, 842, told[10129]): (5.0, None),
        (704, 842, 90111): (7.0, 3.0),
    }
    assert store.in_force() == first and release.revision == "HS92" and release.value == first.value
    assert first.id in release.steps[-1]
    kept = pq.read_table(store.folder(release) / "concordance.parquet")
    assert kept.equals(table)
    names = {r["product"]: r["description"] for r in store.products(release).to_pylist()}
    assert names[90111].startswith("Coffee") and names[told[10121]] == ""
    assert store.cube(release, 2022).total == pytest.approx(24.0)


def test_one_code_shared_out_by_a_table_of_ones_own(tmp_path: Path) -> None:
    store = Store(tmp_path / "markets")
    first = taken(store, baci(tmp_path, ["2022,704,842,090111,8,4", "2022,704,842,090112,1,1"])).release
    path = tmp_path / "own.csv"
    path.write_text("before,after,weight\n090111,090112,3\n090111,090121,1\n", encoding="utf-8")
    release = convert(store, first, "HS17", at=AT, table=read_shares(path), name="own.csv")
    assert values(store, release.id) == {(704, 842, 90112): (7.0, 4.0), (704, 842, 90121): (2.0, 1.0)}
    assert "own.csv" in release.steps[-1] and "1 of them shared out" in release.steps[-1]
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InvalidInput):
        read_shares(path)


@pytest.mark.parametrize("to", ["HS22", "HS96", "HS99", ""])
def test_where_no_table_leads(tmp_path: Path, to: str) -> None:
    store = Store(tmp_path / "markets")
    first = taken(store, baci(tmp_path)).release
    with pytest.raises(InvalidInput):
        convert(store, first, to, at=AT)
    assert store.releases() == [first]
