"""WITS tables and Trade Map lists come in as what Comtrade would have said, under the name of their source.

All figures in these files are invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from banggiao.analytics.ingest.annual import Outcome, Wanted, ingest
from banggiao.analytics.store import Store
from banggiao.core.errors import InvalidInput

AT = "2026-11-24T08:00:00+07:00"
WITS = (
    "Nomenclature,ReporterISO3,ProductCode,ReporterName,PartnerISO3,PartnerName,Year,TradeFlowName,TradeFlowCode,"
    '"TradeValue in 1000 USD",Quantity,QtyToken\n'
    "H5,VNM,90111,Viet Nam,USA,United States,2021,Export,6,100.5,40000,8\n"
    "H5,VNM,854231,Viet Nam,KOR,Korea,2021,Import,5,900,,\n"
    "H5,VNM,090111,Viet Nam,WLD,World,2021,Export,6,140,,\n"
    "H5,VNM,TOTAL,Viet Nam,USA,United States,2021,Export,6,9999,,\n"
    "H5,VNM,090111,Viet Nam,XQZ,Nowhere,2021,Export,6,1,,\n"
)
LIST: list[list[Any]] = [
    ["List of importing markets for a product exported by Viet Nam"],
    ["Product: 030617 Frozen shrimps and prawns"],
    ["Sources: ITC calculations based on UN COMTRADE statistics."],
    ["Unit : US Dollar thousand"],
    [],
    ["Importers", "Exported value in 2021", "Exported value in 2022"],
    ["World", 30, 33],
    ["United States of America", 20, 21.5],
    ["Japan", 10, None],
    ["Atlantis", 1, 1],
]


def take(store: Store, path: Path, **wanted: str) -> Outcome:
    return ingest(store, [path], at=AT, wanted=Wanted(**wanted))  # type: ignore[arg-type]


def flows(store: Store, year: int) -> dict[tuple[int, int, int], tuple[float, float | None]]:
    (path,) = store.trade_files(store.in_force(), [year])
    rows = pq.read_table(path, partitioning=None).to_pylist()
    return {(r["exporter"], r["importer"], r["product"]): (r["value"], r["quantity"]) for r in rows}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "markets")


def test_wits_is_known_by_its_header_and_told_in_thousand_usd(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "DataJobID-1_wits.csv"
    path.write_text(WITS, encoding="utf-8")
    outcome = take(store, path)
    assert flows(store, 2021) == {(704, 842, 90111): (100.5, 40.0), (410, 704, 854231): (900.0, None)}
    release = outcome.release
    assert (release.source, release.revision) == ("wits", "HS17") and "WITS" in release.citation
    found = {check.name: check for check in outcome.checks}
    assert found["wits"].count == 1 and "DataJobID-1_wits.csv:6" in found["wits"].samples[0]
    assert found["levels"].count == 1, "totals are no goods"


def test_wits_without_a_column_names_it(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "wits.csv"
    path.write_text(WITS.replace("TradeFlowName", "Flows").replace("TradeFlowCode", "Code"), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        take(store, path, source="wits")
    assert [problem.field for problem in caught.value.problems] == ["tradeflowname"]
    assert not store.releases()


def test_a_trade_map_list_in_excel(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Trade_Map", 0)
    for row in LIST:
        sheet.append(row)
    path = tmp_path / "Trade_Map.xlsx"
    book.save(path)
    outcome = take(store, path, source="trademap", revision="HS17")
    assert flows(store, 2021) == {(704, 842, 30617): (20.0, None), (704, 392, 30617): (10.0, None)}
    assert flows(store, 2022) == {(704, 842, 30617): (21.5, None)}
    assert outcome.release.source == "trademap" and outcome.release.years == (2021, 2022)
    assert [(check.name, check.count) for check in outcome.checks if check.name == "country"] == [("country", 1)]


@pytest.mark.parametrize(("without", "field"), [("List of", "reporter"), ("Product:", "product"), ("Importers", "header")])
def test_a_list_cut_from_its_titles_is_refused(store: Store, tmp_path: Path, without: str, field: str) -> None:
    path = tmp_path / "list.csv"
    lines = [
        ",".join("" if cell is None else str(cell) for cell in row) for row in LIST if not str(row[:1]).startswith(f"['{without}")
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        take(store, path, source="trademap", revision="HS17")
    assert [problem.field for problem in caught.value.problems] == [field]
    assert not store.releases()
