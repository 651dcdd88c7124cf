"""Do the measures answer on a file and on the release held, as table, JSON and CSV, and say what is missing?"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.test_commands import run

pytestmark = pytest.mark.slow
CELLS = {"A": (50, 40, 60, 40, 30), "B": (90, 10, 0, 12, 0), "C": (10, 60, 70, 0, 0), "D": (80, 0, 25, 0, 0)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with a small made-up release."""
    from banggiao.analytics import synthetic, synthetic_release
    from banggiao.analytics.store import Store

    folder = tmp_path_factory.mktemp("data")
    world = synthetic.world(synthetic_release.countries(12), synthetic_release.products(60), seed=3)
    synthetic_release.publish(Store(folder / "markets"), world, (2023, 2024), at="2025-09-01T00:00:00+00:00", in_force=True)
    return folder


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bang") / "xuat-khau.csv"
    rows = [f"{c},01010{n},{v}" for c, values in CELLS.items() for n, v in enumerate(values, 1) if v]
    path.write_text("\n".join(["land,hang,usd", *rows]), encoding="utf-8")
    return path


def test_a_file_with_its_columns_named(folder: Path, table: Path) -> None:
    columns = ("--country", "land", "--product", "hang", "--value", "usd")
    found = run(folder, "markets", "complexity", str(table), *columns, "--json")
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout)
    assert told["measure"] == "complexity" and told["file"] == table.name
    assert {r["country"]: round(r["eci"], 6) for r in told["rows"]} == {
        "A": 0.508801,
        "B": -0.673426,
        "C": 1.361779,
        "D": -1.197154,
    }
    as_csv = run(folder, "markets", "products", str(table), *columns, "--csv")
    rows = list(csv.DictReader(io.StringIO(as_csv.stdout)))
    assert [r["product"] for r in rows] == [f"01010{n}" for n in range(1, 6)]
    shown = run(folder, "markets", "rca", str(table), "--exporter", "land", *columns[2:])
    assert shown.returncode == 0 and "010103" in shown.stdout and "1.01525" in shown.stdout


def test_a_missing_column_or_choice_is_named(folder: Path, table: Path) -> None:
    found = run(folder, "markets", "complexity", str(table))
    assert found.returncode == 1 and "land, hang, usd" in found.stderr
    found = run(folder, "markets", "potential", str(table), "--exporter", "land")
    assert found.returncode == 1 and "--of" in found.stderr


def test_the_release_held_answers_like_the_question(folder: Path) -> None:
    asked = run(folder, "ask", "market_opportunities", "top=5", "--json")
    measured = run(folder, "markets", "potential", "--top", "5", "--json")
    assert measured.returncode == 0, measured.stderr
    one, other = json.loads(asked.stdout), json.loads(measured.stdout)
    assert one["rows"] == other["rows"] and len(one["rows"]) == 5 and other["exercise"] is True
    assert other["sources"][0]["label"]["en"].startswith("SYNTHETIC")
    table = run(folder, "markets", "complexity", "--csv")
    assert {r["code"] for r in csv.DictReader(io.StringIO(table.stdout))} >= {"VNM", "USA", "CHN"}


def test_without_a_release_the_command_says_what_to_do(tmp_path: Path) -> None:
    found = run(tmp_path, "markets", "dependence", language="en")
    assert found.returncode == 1 and "banggiao markets demo" in found.stderr
