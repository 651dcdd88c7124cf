"""How fast do text files become a release, and how much of that is checking? Run: `python bench/markets_ingest.py`.

Makes an invented year in the shape of CEPII BACI as CSV (`analytics.synthetic`; 383 MB, 10.8 million rows), then in turns, each
in a process of its own: reads the bytes (the disk or its cache), lets DuckDB alone turn the text into Parquet (`read_csv` to
COPY, unsorted, nothing checked), and ingests (sorted, checked, margins, digest of the file, put safely on disk). Prints
target, figure, ratio to DuckDB alone (clock and processor time), spread, peak memory; `--growth` the same at a quarter and a
half of the rows. Asserts only that rows and total are those of the file. Where others use the machine the clock says little; the
processor seconds are not much disturbed, and half of them is what two idle cores need at least.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from banggiao.analytics import synthetic

TARGET = 200.0
MAKE = """
import json, sys
from pathlib import Path
import pyarrow.compute as pc
from banggiao.analytics import synthetic, synthetic_release
world = synthetic.world(synthetic_release.countries(), synthetic_release.products(synthetic.PRODUCTS))
made = synthetic.trade(world, 2023, rows=int(sys.argv[2]))
synthetic_release.write_csv(made, Path(sys.argv[1]))
print(json.dumps([made.num_rows, pc.sum(made["value"]).as_py()]))
"""
READ = """
with open(sys.argv[1], "rb") as handle:
    while handle.read(1 << 20):
        pass
"""
BARE = """
import duckdb
duckdb.execute(f"COPY (FROM read_csv('{sys.argv[1]}')) TO '{sys.argv[2]}/bare.parquet' (FORMAT parquet, COMPRESSION zstd)")
"""
INGEST = """
from pathlib import Path
from banggiao.analytics.ingest.annual import Wanted, ingest
from banggiao.analytics.store import Store
out = ingest(Store(Path(sys.argv[2]) / "store"), [Path(sys.argv[1])], at="2026-01-01", wanted=Wanted(revision="HS22"))
found = [out.release.rows, out.release.value]
"""
FRAME = """
import json, resource, sys, time
{imports}
before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
found = []
{work}
took, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(json.dumps([took, cpu, after.ru_maxrss / 1024, found]))
"""
IMPORTS = {READ: "", BARE: "import duckdb", INGEST: "import banggiao.analytics.ingest.annual, banggiao.analytics.cube"}


@dataclass(frozen=True, slots=True)
class Took:
    """One run: seconds by the clock, seconds of processors, peak memory (MB), what it found."""

    clock: float
    cpu: float
    peak: float
    found: list[float]


def main() -> None:
    """Make the file, run the contenders in turns, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=synthetic.FULL_ROWS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", action="store_true")
    chosen = parser.parse_args()
    print(
        f"machine: {os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} at the start"
    )
    print(f"{'what':<42} {'target':>9} {'MB/s':>8} {'ratio':>6} {'cpu':>5} {'s':>7} {'spread':>13} {'cpu s':>6} {'peak MB':>8}")
    for share in (0.25, 0.5, 1.0) if chosen.growth else (1.0,):
        measure(int(chosen.rows * share), chosen.rounds)
    print(f"load {os.getloadavg()[0]:.1f} at the end")


def measure(rows: int, rounds: int) -> None:
    """One size: made, read, turned into Parquet, ingested."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = folder / "baci.csv"
        # Made in a process of its own: a child's peak begins with that of its parent.
        made, total = json.loads(
            subprocess.run([sys.executable, "-c", MAKE, str(path), str(rows)], capture_output=True, text=True, check=True).stdout
        )
        size = path.stat().st_size / 1e6
        print(f"{made:,} rows, {size:.0f} MB of text")
        contenders = {"read the bytes": READ, "DuckDB alone: read_csv to COPY": BARE, "ingest": INGEST}
        took: dict[str, list[Took]] = {name: [] for name in contenders}
        for n in range(rounds):
            for name, work in contenders.items():
                into = folder / f"{n}"
                into.mkdir(exist_ok=True)
                took[name].append(run(work, path, into))
        for ingested in took["ingest"]:
            assert ingested.found[0] == made
            assert abs(ingested.found[1] / total - 1) < 1e-12
        alone = took["DuckDB alone: read_csv to COPY"]
        bare, bare_cpu = min(each.clock for each in alone), min(each.cpu for each in alone)
        for name, runs in took.items():
            clocks, cpu = sorted(each.clock for each in runs), min(each.cpu for each in runs)
            target = f">= {TARGET:.0f}" if name == "ingest" else ""
            print(
                f"{name:<42} {target:>9} {size / clocks[0]:>8.0f} {clocks[0] / bare:>6.2f} {cpu / bare_cpu:>5.2f} "
                f"{clocks[0]:>7.2f} {f'{clocks[0]:.1f}-{clocks[-1]:.1f}':>13} {cpu:>6.2f} {max(e.peak for e in runs):>8.0f}"
            )


def run(work: str, path: Path, into: Path) -> Took:
    """The work in a process of its own."""
    code = FRAME.format(imports=IMPORTS[work], work=work)
    told = subprocess.run(
        [sys.executable, "-c", code, str(path), str(into)], capture_output=True, text=True, check=True, env={**os.environ}
    )
    return Took(*json.loads(told.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
