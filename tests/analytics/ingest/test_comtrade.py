"""UN Comtrade: two reporters of one flow, breakdowns beside totals, every layout of the download."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from banggiao.analytics.ingest.checks import Refused
from banggiao.analytics.store import Store
from banggiao.core.errors import InvalidInput, Unreadable
from tests.factories.trade_files import api, check, comtrade, line, taken

#: Viet Nam and the United States report; Germany does not.
ROWS = (
    line(704, "X", 842, "090111", 90_000, weight=40_000),
    line(842, "M", 704, "090111", 100_000, weight=41_000),
    line(704, "M", 842, "854231", 330_000),
    line(842, "X", 704, "854231", 300_000),
    line(704, "X", 276, "090111", 50_000),
    line(704, "M", 276, "300490", 20_000),
    # Not counted: totals of higher levels, breakdowns, re-exports, the world.
    line(704, "X", 842, "TOTAL", 90_000),
    line(704, "X", 842, "0901", 90_000),
    line(704, "X", 842, "090111", 60_000, mot=2100),
    line(704, "X", 842, "090111", 30_000, customs="C01"),
    line(704, "X", 842, "090111", 10_000, second=156),
    line(704, "RX", 842, "090111", 5_000),
    line(704, "X", 0, "090111", 140_000),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "markets")


def flows(store: Store) -> dict[tuple[int, int, int], float]:
    (path,) = store.trade_files(store.in_force())
    rows = pq.read_table(path, partitioning=None).to_pylist()
    assert len({(r["exporter"], r["importer"], r["product"]) for r in rows}) == len(rows)
    return {(r["exporter"], r["importer"], r["product"]): r["value"] for r in rows}


def test_imports_count_where_both_report_and_exports_where_only_they_do(store: Store, tmp_path: Path) -> None:
    release = taken(store, comtrade(tmp_path, ROWS)).release
    assert flows(store) == {
        (704, 842, 90111): 100.0,  # told by the importer, in thousand USD
        (842, 704, 854231): 330.0,
        (704, 276, 90111): 50.0,  # Germany does not report
        (276, 704, 300490): 20.0,
    }
    assert release.source == "comtrade" and release.revision == "HS22" and "terms of use" in release.licence
    assert any(step.startswith("imports reports") for step in release.steps)
    (path,) = store.trade_files(release)
    quantities = {r["product"]: r["quantity"] for r in pq.read_table(path, partitioning=None).to_pylist()}
    assert quantities[854231] == 1.0  # kilograms become tonnes


def test_exports_count_where_that_is_wanted(store: Store, tmp_path: Path) -> None:
    taken(store, comtrade(tmp_path, ROWS), prefer="exports")
    assert flows(store) == {
        (704, 842, 90111): 90.0,
        (842, 704, 854231): 300.0,
        (704, 276, 90111): 50.0,
        (276, 704, 300490): 20.0,
    }


def test_what_is_left_out_is_counted(store: Store, tmp_path: Path) -> None:
    checks = taken(store, comtrade(tmp_path, ROWS)).checks
    assert check(checks, "levels").count == 2
    assert check(checks, "breakdowns").count == 3
    assert check(checks, "flows").count == 1
    assert check(checks, "groups").count == 1


def test_the_gap_between_reporters_is_measured(store: Store, tmp_path: Path) -> None:
    mirror = check(taken(store, comtrade(tmp_path, ROWS)).checks, "mirror")
    # |100 - 90| + |330 - 300| over 100 + 330.
    assert mirror.params["percent"] == "9.3" and mirror.count == 2 and mirror.level == "ok"
    assert mirror.samples[0] == "2022 USA -> VNM: M 330,000, X 300,000"
    far = [line(704, "X", 842, "090111", 10_000), line(842, "M", 704, "090111", 100_000)]
    assert check(taken(store, comtrade(tmp_path, far, name="far.txt")).checks, "mirror").level == "warning"


@pytest.mark.parametrize("dress", ["gz", "csv", "json"])
def test_every_kind_of_download_reads_alike(store: Store, tmp_path: Path, dress: str) -> None:
    plain = comtrade(tmp_path, ROWS)
    if dress == "gz":
        path = tmp_path / "comtrade.txt.gz"
        path.write_bytes(gzip.compress(plain.read_bytes()))
    elif dress == "csv":
        path = tmp_path / "comtrade.csv"
        path.write_text(plain.read_text().replace("\t", ","), encoding="utf-8")
    else:
        header, *lines = plain.read_text().splitlines()
        path = api(tmp_path, [dict(zip(header.split("\t"), each.split("\t"), strict=True)) for each in lines])
    assert taken(store, path).release.rows == 4
    assert flows(store)[704, 842, 90111] == 100.0


def test_the_layout_before_2023(store: Store, tmp_path: Path) -> None:
    header = "Classification,Year,Trade Flow Code,Reporter Code,Partner Code,Commodity Code,Netweight (kg),Trade Value (US$)"
    rows = ["H6,2022,2,704,842,090111,40000,90000", "H6,2022,1,842,704,090111,40000,100000", "H6,2022,3,704,842,090111,1,1"]
    taken(store, comtrade(tmp_path, rows, name="old.csv", header=header))
    assert flows(store) == {(704, 842, 90111): 100.0}


def test_a_total_told_twice_is_refused_with_both_lines(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Refused) as told:
        taken(store, comtrade(tmp_path, [*ROWS[:2], line(842, "M", 704, "090111", 7)]))
    found = check(told.value.checks, "duplicates")
    assert found.count == 1 and {sample.split(":")[1] for sample in found.samples} >= {"3", "4"}


def test_monthly_rows_are_no_year(store: Store, tmp_path: Path) -> None:
    checks = taken(store, comtrade(tmp_path, [*ROWS, line(704, "X", 842, "090111", 7, freq="M")])).checks
    assert check(checks, "monthly").count == 1


def test_several_revisions_in_one_file_are_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="H5, H6"):
        taken(store, comtrade(tmp_path, [*ROWS, line(704, "X", 156, "090111", 7, classification="H5")]))


@pytest.mark.parametrize("text", ['{"data": 5}', '{"error": "quota"}', "[1, 2]", '{"data": [', "{}"])
def test_json_of_another_kind(store: Store, tmp_path: Path, text: str) -> None:
    path = tmp_path / "answer.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((Unreadable, InvalidInput)) as told:
        taken(store, path)
    assert told.value.subject == "answer.json"
