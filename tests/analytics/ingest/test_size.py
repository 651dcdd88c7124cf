"""Files larger than the memory that reading may use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from banggiao.analytics.store import Store
from tests.factories.trade_files import taken

PROBE = """
import resource, sys
from pathlib import Path
from banggiao.analytics.store import Store
from banggiao.analytics.ingest.annual import Wanted, ingest
import banggiao.analytics.cube
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
out = ingest(Store(Path(sys.argv[1])), [Path(sys.argv[2])], at="2026-01-01", wanted=Wanted(memory="128MB", threads=1))
print(out.release.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def written(path: Path, rows: int, years: int) -> Path:
    """Rows of distinct keys over real countries and products that fit HS22, the years mixed line by line."""
    country = "[704, 842, 156, 276, 392, 410, 528, 36, 124, 764]"
    duckdb.connect().execute(
        f"COPY (SELECT 2000 + n % {years} AS t, {country}[1 + (n // {years}) % 10] AS i, "  # noqa: S608
        f"{country}[1 + (n // {10 * years}) % 10] AS j, 10000 + (n // {100 * years}) AS k, (n % 9973) / 7.0 + 0.5 AS v, "
        f"CASE WHEN n % 25 > 0 THEN n % 101 + 0.25 END AS q FROM range({rows}) t(n)) TO '{path}' (HEADER, NULLSTR 'NA')"
    )
    return path


def test_years_mixed_line_by_line_are_all_there(tmp_path: Path) -> None:
    store = Store(tmp_path / "markets")
    path = written(tmp_path / "baci_hs92.csv", 30_000, 3)
    release = taken(store, path, revision="HS92").release
    assert release.years == (2000, 2001, 2002) and release.rows == 30_000
    expected = sum((n % 9973) / 7.0 + 0.5 for n in range(30_000))
    assert release.value == pytest.approx(expected, rel=1e-9)


@pytest.mark.slow
def test_a_file_larger_than_the_memory_allowed_streams(tmp_path: Path) -> None:
    path = written(tmp_path / "baci_hs92.csv", 8_000_000, 8)
    assert path.stat().st_size > 250_000_000
    told = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path / "markets"), str(path)],
        env={"PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=True,
    )
    rows, kilobytes = map(int, told.stdout.split())
    assert rows == 8_000_000
    # The rows of all years as arrays would be over 250 MB on top of what DuckDB may hold; one year of them is 32 MB.
    assert kilobytes < 450_000
