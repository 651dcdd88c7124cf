"""Do tariff, customs and World Bank files come in by command, with what is wrong said in words and nothing kept of it?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from banggiao.cli.main import banggiao

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _prepared(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr("banggiao.cli.session.prepare", lambda **_options: None)
    settings.MARKETS_FOLDER = tmp_path / "markets"


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(banggiao, ["markets", *arguments])
    assert done.exit_code == code, done.output
    return done.output + str(done.exception or "")


def test_a_schedule_by_command_and_again_with_a_fault(tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.write_text("Reporter,Year,HS6,Rate\nKOR,2024,030617,20\nKOR,2024,090111,2 USD/kg\n", encoding="utf-8")
    told = json.loads(run("ingest", str(good), "--source", "tariffs", "--json"))
    assert (told["kind"], told["rows"], told["in_force"]) == ("tariffs", 2, True)
    bad = tmp_path / "bad.csv"
    bad.write_text("Reporter,Year,HS6,Rate\nKOR,2024,030617,-20\n", encoding="utf-8")
    assert "bad.csv:2" in run("ingest", str(bad), "--source", "tariffs", code=1)
    held = json.loads(run("releases", "--kind", "tariffs", "--json"))
    assert [(each["id"], each["in_force"]) for each in held] == [(told["id"], True)]


def test_a_customs_table_asks_for_its_goods_and_then_remembers(tmp_path: Path) -> None:
    table = tmp_path / "thang.csv"
    table.write_text("Mặt hàng;Tháng 1/2026\nHàng thủy sản;5,5\n", encoding="utf-8")
    options = ("--source", "customs", "--mapping", "hq", "--unit", "million_usd", "--flow", "export")
    refused = run("ingest", str(table), *options, code=1)
    place = tmp_path / "markets" / "mappings" / "hq.json"
    assert "Hàng thủy sản" in refused and "hq.json" in refused and place.is_file()
    known = json.loads(place.read_text(encoding="utf-8"))
    known["products"]["Hàng thủy sản"] = "03"
    place.write_text(json.dumps(known), encoding="utf-8")
    assert json.loads(run("ingest", str(table), *options, "--json"))["value"] == 5500.0


def test_a_list_of_one_product_never_stands_for_the_trade_of_the_world(tmp_path: Path) -> None:
    table = tmp_path / "Trade_Map.csv"
    lines = [
        "List of importing markets for a product exported by Viet Nam",
        "Product: 030617 Frozen shrimps and prawns",
        "Unit : US Dollar thousand",
        "Importers,Exported value in 2022",
        "Japan,10",
    ]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = json.loads(run("ingest", str(table), "--source", "trademap", "--revision", "HS17", "--json"))
    assert told["in_force"] is False
    run("use", told["id"])
    assert [each["in_force"] for each in json.loads(run("releases", "--json"))] == [True]
