"""Do scenarios, agreements, gravity and watches answer on the command line as the models do, and say what is wrong?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation without any release."""
    return tmp_path_factory.mktemp("data")


def test_an_agreement_is_asked_without_any_release(folder: Path) -> None:
    found = run(folder, "markets", "agreement", "--others", "MERCOSUR", "--json")
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout)
    members = {row["code"] for row in told["rows"] if row["member"] in (True, "yes", "Có")}
    assert {"VNM", "BRA", "ARG"} <= members
    wrong = run(folder, "markets", "agreement", "--others", "NOWHERE")
    assert wrong.returncode == 1 and "NOWHERE" in wrong.stderr and "Traceback" not in wrong.stderr


def test_a_simulation_without_data_says_so(folder: Path) -> None:
    found = run(folder, "markets", "simulate", "--before", "10", "--json")
    assert found.returncode == 0 and json.loads(found.stdout)["rows"] == []
    assert "banggiao markets ingest" in found.stdout


def test_gravity_is_estimated_on_a_file(folder: Path, tmp_path: Path) -> None:
    np = pytest.importorskip("numpy", reason="the extra markets is not installed")
    rng = np.random.default_rng(1)
    path, lines = tmp_path / "panel.csv", ["exporter,importer,year,distance,trade"]
    size = {c: rng.normal(0, 1) for c in "ABCDEFGHIJKL"}
    for year in (2020, 2021):
        for i in size:
            for j in size:
                if i != j:
                    far = rng.uniform(1, 4)
                    mean = np.exp(3 + size[i] + size[j] - 0.9 * far)
                    lines.append(f"{i},{j},{year},{far},{rng.poisson(mean)}")
    path.write_text("\n".join(lines), encoding="utf-8")
    found = run(folder, "markets", "gravity", str(path), "--terms", "distance", "--json")
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout)
    [row] = told["coefficients"]
    assert row["name"] == "distance" and row["coefficient"] == pytest.approx(-0.9, abs=0.1)
    assert told["rows"] == 264 and told["convention"]
    missing = run(folder, "markets", "gravity", str(path), "--terms", "tariff")
    assert missing.returncode == 1 and "tariff" in missing.stderr and "Traceback" not in missing.stderr
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"no parquet")
    refused = run(folder, "markets", "gravity", str(broken), "--terms", "distance")
    assert refused.returncode == 1 and "broken.parquet" in refused.stderr and "Traceback" not in refused.stderr


def test_watching_by_hand_tells_what_was_noticed(folder: Path) -> None:
    found = run(folder, "markets", "watch")
    assert found.returncode == 0 and found.stdout.strip().splitlines()[-1] == "0"
