"""`banggiao markets ingest|releases|use|remove|convert`: exit codes, reports people read and JSON machines read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.factories.trade_files import ROWS, baci

pytestmark = pytest.mark.slow


def test_a_file_becomes_a_release_another_is_refused_and_an_older_one_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = run(folder, "markets", "ingest", str(baci(tmp_path)), "--json")
    assert first.returncode == 0, first.stderr
    release = json.loads(first.stdout)
    assert (release["rows"], release["in_force"], release["revision"]) == (5, True, "HS22")

    twice = baci(tmp_path, [*ROWS, ROWS[0]], name="twice_hs22.csv")
    refused = run(folder, "markets", "ingest", str(twice), language="en")
    assert refused.returncode == 1 and refused.stdout == ""
    assert "none of them is chosen for you" in refused.stderr and "twice_hs22.csv:7: 2022,704,842" in refused.stderr
    assert refused.stderr.count("twice_hs22.csv:7") == 1

    later = baci(tmp_path, [row.replace("2022", "2023", 1) for row in ROWS], name="BACI_HS22_Y2023.csv")
    whole = run(folder, "markets", "ingest", str(later), "--extend")
    assert whole.returncode == 0 and "2022-2023" in whole.stdout

    assert run(folder, "markets", "use", release["id"]).returncode == 0
    listed = {each["id"]: each["in_force"] for each in json.loads(run(folder, "markets", "releases", "--json").stdout)}
    assert len(listed) == 2 and [id for id, used in listed.items() if used] == [release["id"]]

    assert run(folder, "markets", "remove", release["id"]).returncode == 1
    converted = run(folder, "markets", "convert", release["id"], "--to", "HS92", "--not-in-force", "--json")
    assert json.loads(converted.stdout)["revision"] == "HS92"
    missing = run(folder, "markets", "use", "nope", language="en")
    assert missing.returncode == 1 and "There is no data release “nope”." in missing.stderr


def test_a_dry_run_keeps_nothing_and_a_wrong_header_is_explained(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    tried = run(folder, "markets", "ingest", str(baci(tmp_path)), "--dry-run")
    assert tried.returncode == 0 and "5 dòng đã đọc." in tried.stdout
    assert json.loads(run(folder, "markets", "releases", "--json").stdout) == []
    wrong = run(folder, "markets", "ingest", str(baci(tmp_path, header="t,i,j,k,value,q")), language="en")
    assert wrong.returncode == 1 and "The header is wrong" in wrong.stderr and "v: This column is missing." in wrong.stderr
