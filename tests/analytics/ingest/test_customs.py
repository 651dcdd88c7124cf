"""National monthly tables with headings of several rows, as Excel or csv: read, explained once, remembered.

All figures in these files are invented; month columns, units and labels are laid out as customs offices do.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from banggiao.analytics.ingest.annual import Outcome
from banggiao.analytics.ingest.checks import Refused
from banggiao.analytics.ingest.further import Further, ingest_further
from banggiao.analytics.ingest.months import month_of
from banggiao.analytics.ingest.tables_of import Told
from banggiao.analytics.store import NoRelease, Store
from banggiao.core.errors import InvalidInput, Unreadable

AT = "2026-11-24T08:00:00+07:00"
TITLE = "XUẤT KHẨU HÀNG HÓA PHÂN THEO NƯỚC NĂM 2026"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    root = tmp_path / "markets"
    root.mkdir()
    return Store(root)


def book(store: Store, rows: list[list[Any]], merged: tuple[str, ...] = (), name: str = "bang.xlsx") -> Path:
    path = store.root.parent / name
    workbook = openpyxl.Workbook()
    sheet = workbook.create_sheet("Bảng", 0)
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    workbook.save(path)
    return path


def text(store: Store, content: str, name: str = "bang.csv") -> Path:
    path = store.root.parent / name
    path.write_text(content, encoding="utf-8")
    return path


def take(store: Store, path: Path, **told: str) -> Outcome:
    return ingest_further(store, [path], at=AT, wanted=Further("customs", Told(**told)))


def rows(store: Store, outcome: Outcome, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row[key] for key in keys) for row in pq.read_table(store.data_files(outcome.release)[0]).to_pylist()]


@pytest.mark.parametrize(
    ("heading", "month"),
    [
        ("Tháng 3/2026", (2026, 3)), ("Tháng 11", (0, 11)), ("T3", (0, 3)), ("2026-03", (2026, 3)), ("2026-03-01", (2026, 3)),
        ("03/2026", (2026, 3)), ("Mar 2026", (2026, 3)), ("Mar-26", (2026, 3)), ("December 2025", (2025, 12)),
        ("Ước tháng 11 năm 2026", (2026, 11)), ("Lũy kế 11 tháng", None), ("11 tháng năm 2026", None), ("Tháng 13", None),
        ("2026", None), ("Trị giá", None), ("", None), ("Tăng so với tháng 3", None),
    ],
)  # fmt: skip
def test_months_however_they_are_written(heading: str, month: tuple[int, int] | None) -> None:
    assert month_of(heading) == month


def test_an_excel_table_by_partner_with_merged_headings(store: Store) -> None:
    path = book(
        store,
        [
            [TITLE], ["Đơn vị: Triệu USD"],
            ["Nước", "Tháng 1", None, "Ước tháng 2", None, "Lũy kế 2 tháng"],
            [None, "Lượng", "Trị giá", "Lượng", "Trị giá", "Trị giá"],
            ["Hoa Kỳ", 10, 1200.5, 11, 1100, 2300.5],
            ["Hàn Quốc", 5, 300, 4, None, 300],
            ["Tổng số", None, 1500.5, None, 1100, None],
        ],
        ("A3:A4", "B3:C3", "D3:E3"),
    )  # fmt: skip
    outcome = take(store, path)
    assert rows(store, outcome, "year", "month", "partner", "flow", "value", "quantity", "provisional") == [
        (2026, 1, 410, "export", 300_000.0, 5.0, False),
        (2026, 1, 842, "export", 1_200_500.0, 10.0, False),
        (2026, 2, 410, "export", None, 4.0, True),
        (2026, 2, 842, "export", 1_100_000.0, 11.0, True),
    ]
    assert {check.name: check.level for check in outcome.checks} == {"sums": "ok"}
    assert outcome.release.kind == "monthly" and outcome.release.years == (2026,) and store.in_force("monthly")


GOODS = "Đơn vị: nghìn USD;;;\nMặt hàng;Năm 2026;;\n;Tháng 1;Tháng 2;Tháng 3\n{rows}"


def test_goods_without_a_code_are_asked_for_once_and_remembered(store: Store) -> None:
    path = text(store, GOODS.format(rows="Hàng thủy sản;1.200,5;900,25;1.000,75\nCà phê;500,5;400;300\nHàng khác;1;2;3\n"))
    with pytest.raises(InvalidInput) as caught:
        take(store, path, flow="export", mapping="hai-quan")
    assert [problem.message for problem in caught.value.problems] == ["Hàng thủy sản", "Cà phê", "Hàng khác"]
    place = store.root / "mappings" / "hai-quan.json"
    known = json.loads(place.read_text(encoding="utf-8"))
    assert known["products"] == {"Hàng thủy sản": "", "Cà phê": "", "Hàng khác": ""}
    assert known["suggested"]["Cà phê"][0].startswith("09"), "our lists suggest, a person decides"
    with pytest.raises(NoRelease):
        store.in_force("monthly")
    known["products"] = {"Hàng thủy sản": "03", "Cà phê": "0901", "Hàng khác": "-"}
    place.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    outcome = take(store, path, flow="export", mapping="hai-quan")
    assert rows(store, outcome, "month", "partner", "product", "value")[:2] == [(1, 0, 30000, 1200.5), (1, 0, 90100, 500.5)]
    # The next month needs no telling: goods, unit and flow are remembered.
    later = text(store, "Mặt hàng;Tháng 4/2026\nHàng thủy sản;800,5\nCà phê;2\n", "later.csv")
    again = take(store, later, mapping="hai-quan")
    assert rows(store, again, "month", "product", "flow", "value") == [(4, 30000, "export", 800.5), (4, 90100, "export", 2.0)]
    # Another source knows nothing of it.
    with pytest.raises(InvalidInput):
        take(store, later, mapping="other")


def test_by_partner_and_code_with_both_flows_in_one_table(store: Store) -> None:
    path = text(
        store,
        "Unit: USD,,,,,\nCountry,HS,Exports,,Imports,\n,,Jan 2026,Feb 2026,Jan 2026,Feb 2026\n"
        'KOR,0306.17,"1,000.5",2000,5,6\n,0901,7,8,9,-\nJPN,0306.17,1,2,3,4\n',
    )
    got = rows(store, take(store, path), "month", "partner", "product", "flow", "value")
    assert (1, 410, 30617, "export", 1.0005) in got and (2, 410, 30617, "import", 0.006) in got
    assert (2, 410, 90100, "export", 0.008) in got and (1, 392, 30617, "import", 0.003) in got
    assert len(got) == 11, "a dash is no figure"


@pytest.mark.parametrize(
    ("content", "told", "field"),
    [
        ("Nước,Tháng 1/2026\nKOR,5\n", {"flow": "export"}, "unit"),
        ("Nước,Tháng 1/2026\nKOR,5\n", {"unit": "usd"}, "flow"),
        ("Nước,Tháng 1\nKOR,5\n", {"unit": "usd", "flow": "export"}, "year"),
        ("Nước;Tháng 1/2026\nKOR;1.234\n", {"unit": "usd", "flow": "export"}, "number"),
        ("Nước,Trị giá\nKOR,5\n", {"unit": "usd", "flow": "export"}, "header"),
        ("Nước,Tháng 1/2026\nKOR,5\n", {"unit": "usd", "flow": "export", "mapping": "../x"}, "mapping"),
        ("Nước,Tháng 1/2026\nKOR,5\n", {"unit": "usd", "flow": "export", "reporter": "ZZZ"}, "reporter"),
    ],
)
def test_what_a_table_does_not_tell_is_asked_for(store: Store, content: str, told: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        take(store, text(store, content), **told)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert not store.releases()


@pytest.mark.parametrize(
    ("lines", "check"),
    [
        ("KOR,-5\n", "negative"),
        ("KOR,5\nKOR,6\n", "duplicate"),
        ("Xứ Lạ,5\nNước Khác,5\n", "country"),
        ("KOR,năm\n", "number"),
    ],
)
def test_bad_lines_are_refused_with_their_place(store: Store, lines: str, check: str) -> None:
    with pytest.raises(Refused) as caught:
        take(store, text(store, f"Nước,Tháng 1/2026\n{lines}"), unit="usd", flow="export")
    found = {each.name: each for each in caught.value.checks}
    assert found[check].level == "refused" and "bang.csv:" in found[check].samples[0]
    assert not store.releases()


def test_missing_months_and_sums_beyond_the_total_are_told(store: Store) -> None:
    content = "Nước,Tháng 1/2026,Tháng 4/2026\nKOR,5,6\nJPN,7,8\nTổng số,10,14\n"
    checks = {each.name: each for each in take(store, text(store, content), unit="usd", flow="export").checks}
    assert checks["months"].params["months"] == "2026-02, 2026-03"
    assert checks["sums"].level == "warning" and checks["sums"].count == 1


def test_a_wrong_unit_shows_against_published_months(store: Store) -> None:
    # About 30 billion USD a month, told as if in million: a thousandfold of what was published.
    content = "Nước,Tháng 1/2024\nUSA,33500000\n"
    with pytest.raises(Refused) as caught:
        take(store, text(store, content), unit="million_usd", flow="export")
    assert "unit" in {each.name for each in caught.value.checks}
    assert take(store, text(store, content), unit="thousand_usd", flow="export").published


def test_a_spoilt_mapping_and_a_broken_workbook_are_told(store: Store) -> None:
    path = text(store, "Nước,Tháng 1/2026\nKOR,5\n")
    (store.root / "mappings").mkdir()
    (store.root / "mappings" / "customs.json").write_text("{", encoding="utf-8")
    with pytest.raises(Unreadable):
        take(store, path, unit="usd", flow="export")
    broken = store.root.parent / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(Unreadable):
        take(store, broken, unit="usd", flow="export", mapping="x")
