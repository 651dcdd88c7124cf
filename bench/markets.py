"""How fast are the matrices of world trade, and how far from what the machine can do? Run: `python bench/markets.py [--peers]`.

Makes an invented year in the shape of CEPII BACI (`analytics.synthetic`), then measures every contender in a process of its own,
one after another in turns, and compares what they say. `--peers` also runs ecomplexity, and economic-complexity in an environment
made for it; `--years 30` RCA of so many years; `--growth` a quarter and a half of the rows and of the countries, drawn to
docs/images. Prints target, figure, ratio and spread; asserts only that the answers are equal. The figure is the quickest round,
which is what the machine does when left alone; the spread says how much it was not. Limits are quickest too. Where others use the
machine, `--cpu` counts processor time in place of the clock and keeps BLAS to one thread (its threads would wait for one
another), for all contenders and the limits alike: an upper bound of the clock of an idle machine. The relational measures are
held against raw SQL in `markets_relational.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from banggiao.analytics import synthetic
from banggiao.analytics.store import Store
from banggiao.analytics.synthetic_release import publish

HERE = Path(__file__).parent
HEAD = f"{'what':<64} {'target':>9} {'figure':>9} {'ratio':>7} {'spread':>11} {'peak MB':>8}"
YEAR = 2022


@dataclass(slots=True)
class Run:
    """What one contender took (s, each round), its peak memory (MB) and what it found."""

    times: list[float]
    peak: float
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def quickest(self) -> float:
        """The round least disturbed by others on the machine."""
        return min(self.times)


def main() -> None:
    """Make the year, run the contenders, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--countries", type=int, default=synthetic.COUNTRIES)
    parser.add_argument("--products", type=int, default=synthetic.PRODUCTS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--years", type=int, default=0)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--folder", type=Path, help="keep the data here, and use what is here")
    parser.add_argument("--cpu", action="store_true")
    chosen = parser.parse_args()
    if chosen.cpu and os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # read when NumPy is loaded, so begin anew
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
    print(
        f"machine: {os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}, NumPy {np.__version__};",
        end=" ",
    )
    print(f"{'processor time' if chosen.cpu else 'clock'}; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        if chosen.growth:
            from markets_growth import grow

            grow(folder, chosen.rounds, chosen.cpu)
            return
        files = made(folder / "year", chosen.countries, chosen.products) | {"cpu": chosen.cpu}
        print(
            f"year: {files['rows']:,} rows, {chosen.countries} countries, {chosen.products} products, invented\n{HEAD}",
            flush=True,
        )
        limits = Limits.of(files)
        matrices(files, chosen.rounds, limits, chosen.peers, folder)
        potentials(files, chosen.rounds)
        if chosen.years:
            many_years(files, chosen.years)
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def made(folder: Path, countries: int, products: int, rows: int | None = None) -> dict[str, Any]:
    """The files of an invented year in a store, as the contenders want them described."""
    store = Store(folder)
    held = store.releases("annual")
    release = (
        held[0] if held else publish(store, synthetic.world(countries, products), [YEAR], at="2026-01-01T00:00:00Z", rows=rows)
    )
    trade = [str(file) for file in store.trade_files(release, [YEAR])]
    margins = {name: str(file) for name, file in store.margins(release, YEAR).items()}
    return {"trade": trade[0], "years": trade, "rows": release.rows, "memory": "2GB", "keep_cube": False} | margins


def run(name: str, rounds: int, files: dict[str, Any], python: str = sys.executable, **more: Any) -> Run:
    """One contender, in its process."""
    with tempfile.TemporaryDirectory() as scratch:
        described, out = Path(scratch) / "files.json", Path(scratch) / "out"
        described.write_text(json.dumps(files | more))
        command = [python, str(HERE / "markets_contenders.py"), name, str(rounds), str(described), str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{name} failed:\n{done.stderr[-2000:]}")
        told = json.loads(done.stdout.strip().splitlines()[-1])
        with np.load(f"{out}.npz", allow_pickle=False) as stored:
            return Run(told["times"], told["peak"], dict(stored))


def row(what: str, target: str, one: Run, ratio: float | None = None, unit: float = 1e3) -> None:
    """One line; figures in ms, the ratio with one decimal, the spread from the quickest round to the slowest."""
    ratio_text = "" if ratio is None else f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
    spread = f"{min(one.times) * unit:.0f}-{max(one.times) * unit:.0f}"
    print(f"{what:<64} {target:>9} {one.quickest * unit:>9,.1f} {ratio_text:>7} {spread:>11} {one.peak:>8,.0f}", flush=True)


def matrices(files: dict[str, Any], rounds: int, limits: Limits, peers: bool, folder: Path) -> None:
    """RCA, ECI, PCI, proximity, density, COI, COG of the same Parquet; ratios are theirs over ours."""
    # Theirs and ours take turns, so that a busy minute falls on both.
    turns = [
        {
            name: run(name, rounds, files)
            for name in ("ours_from_rows", "textbook_from_rows", "ours_from_margins", "textbook_from_margins")
        }
        for _ in range(2)
    ]
    runs = {
        name: Run([t for turn in turns for t in turn[name].times], max(turn[name].peak for turn in turns), turns[0][name].found)
        for name in turns[0]
    }
    rows, margins = runs["ours_from_rows"], runs["ours_from_margins"]
    limits.again()
    row("all measures from bilateral rows, over the machine's limit", "<= 3x", rows, rows.quickest / limits.rows)
    row("all measures from stored margins, over the machine's limit", "<= 1.5x", margins, margins.quickest / limits.margins)
    limits.show()
    for kind, ours in (("rows", rows), ("margins", margins)):
        theirs = runs[f"textbook_from_{kind}"]
        same(ours, theirs, {"rca": 1e-12, "eci": 1e-9, "pci": 1e-8, "density": 2e-5, "coi": 1e-4, "cog": 1e-3, "proximity": 1e-6})
        row(f"NumPy textbook with the symmetric solver, from {kind}", ">= 1.5x", theirs, theirs.quickest / ours.quickest)
    if not peers:
        return
    theirs = run("ecomplexity", 1, files)
    same(margins, theirs, {"rca": 1e-11, "eci": 1e-8, "pci": 1e-7, "density": 2e-5, "coi": 1e-4, "cog": 1e-3})
    row("ecomplexity 0.5.3 from the sums; over ours from the rows", ">= 100x", theirs, theirs.quickest / rows.quickest)
    row("  over ours from the sums", "", theirs, theirs.quickest / margins.quickest)
    theirs = run("economic_complexity", 3, files, python=environment(folder))
    same(margins, theirs, {"rca": 1e-9})
    near = abs(np.corrcoef(margins.found["eci"], theirs.found["eci"])[0, 1])
    print(f"  its ECI correlates with the eigenvector by {near:.3f}: twenty reflections, whether or not they have come near it")
    row("economic-complexity 0.3.0 from the sums; over ours from the rows", ">= 10x", theirs, theirs.quickest / rows.quickest)
    row("  over ours from the sums", "", theirs, theirs.quickest / margins.quickest)


def same(ours: Run, theirs: Run, tolerances: dict[str, float]) -> None:
    """Stops the bench where two contenders do not say the same."""
    for name, tolerance in tolerances.items():
        apart = float(np.nanmax(np.abs(ours.found[name] - theirs.found[name])))
        assert apart < tolerance, f"{name}: {apart} apart"


def environment(folder: Path) -> str:
    """A Python with economic-complexity, which does not run with the pandas of today."""
    python = folder / "peer" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / "peer")], check=True)
        packages = ["economic-complexity==0.3.0", "pandas<3", "pyarrow"]
        subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True, capture_output=True)
    return str(python)


@dataclass(slots=True)
class Limits:
    """What the machine needs for the same at best: columns read, one pass of sums, operations at the rate of its matrices."""

    files: dict[str, Any]
    cells: tuple[int, int]
    seen: list[dict[str, float]] = field(default_factory=list)

    @classmethod
    def of(cls, files: dict[str, Any]) -> Limits:
        """Measured before the contenders, and `again` after them; the quicker counts, which is the harder limit."""
        table = pq.read_table(files["exporter_product"], columns=["exporter", "product"])
        limits = cls(files, (len(table["exporter"].unique()), len(table["product"].unique())))
        limits.again()
        return limits

    def again(self) -> None:
        """Rates of this minute."""
        data, clock = Path(self.files["trade"]), time.process_time if self.files["cpu"] else time.perf_counter
        seen = {"reading": data.stat().st_size / _quickest(data.read_bytes, clock)}
        for name, kind in (("single", np.float32), ("double", np.float64)):
            square = np.random.default_rng(1).random((2500, 2500)).astype(kind)
            seen[name] = 2 * 2500**3 / _quickest(lambda square=square: square @ square, clock)  # type: ignore[misc]
        table = pq.read_table(data, columns=["exporter", "product", "value"])
        exporter = np.unique(table["exporter"].to_numpy(), return_inverse=True)[1]
        product = np.unique(table["product"].to_numpy(), return_inverse=True)[1]
        cell, value = product * self.cells[0] + exporter, table["value"].to_numpy()
        del table, exporter, product
        seen["summing"] = _quickest(lambda: np.bincount(cell, value), clock)
        self.seen.append(seen)

    def best(self, name: str) -> float:
        """The rate, or the seconds for `summing`, of the quicker minute."""
        found = [seen[name] for seen in self.seen]
        return min(found) if name == "summing" else max(found)

    @property
    def matrix(self) -> float:
        """Seconds for the operations of the definitions: S in float64; proximity (its half), density and COG in float32."""
        c, p = self.cells
        return 2 * c * c * p / self.best("double") + (c * p * p + 2 * c * p * p + 2 * c * p * p) / self.best("single")

    def read(self, file: str, columns: tuple[str, ...]) -> float:
        """Seconds to read the compressed bytes of some columns."""
        described = pq.ParquetFile(file).metadata
        groups = [described.row_group(n) for n in range(described.num_row_groups)]
        size = sum(
            g.column(n).total_compressed_size
            for g in groups
            for n in range(g.num_columns)
            if g.column(n).path_in_schema in columns
        )
        return float(size / self.best("reading"))

    @property
    def rows(self) -> float:
        """From bilateral rows: read, sum once, multiply."""
        return self.read(self.files["trade"], ("exporter", "product", "value")) + self.best("summing") + self.matrix

    @property
    def margins(self) -> float:
        """From stored margins: read, multiply."""
        return self.read(self.files["exporter_product"], ("exporter", "product", "value")) + self.matrix

    def show(self) -> None:
        """The parts of the limits."""
        sizes = [self.read(self.files[name], ("exporter", "product", "value")) * 1e3 for name in ("trade", "exporter_product")]
        single, double = (self.best(name) / 1e9 for name in ("single", "double"))
        print(f"  limits: rows {self.rows * 1e3:.0f} ms, margins {self.margins * 1e3:.0f} ms, of which reading", end=" ")
        print(f"{sizes[0]:.0f} and {sizes[1]:.0f} ms at {self.best('reading') / 1e9:.1f} GB/s, one pass of sums", end=" ")
        print(
            f"{self.best('summing') * 1e3:.0f} ms, operations {self.matrix * 1e3:.0f} ms at {single:.0f} and {double:.0f} GFLOP/s"
        )


def potentials(files: dict[str, Any], rounds: int) -> None:
    """Export potential; figures against their targets."""
    row("year loaded as a cube with stored margins", "", run("cube", 5, files))
    one = run("potential_of_one", 5 * rounds, files, keep_cube=True)
    row("potential of one exporter, unrealised, top 1,000", "< 10 ms", one, one.quickest / 0.010)
    everyone = run("potential_of_everyone", rounds, files, keep_cube=True)
    row("potential of all exporters, unrealised, exact top 1,000 each", "< 1 s", everyone, everyone.quickest)
    assert np.isclose(everyone.found["potential"].sum(), float(run("cube", 1, files).found["total"]), rtol=1e-9)


def many_years(files: dict[str, Any], count: int) -> None:
    """RCA of many years in one question: the file of one year, read so many times under other dates and so from the cache."""
    one = run("rca_of_many_years", 1, files, count=count)
    cells = pq.ParquetFile(files["exporter_product"]).metadata.num_rows
    assert int(one.found["rows"]) == count * cells and np.isclose(one.found["apart"], 0), one.found
    print(f"  {count} years: {count * files['rows']:,} rows in, {count * cells:,} out")
    row(f"RCA of {count} years to Parquet, s; ratio: memory over 4 GB", "< 4 GB", one, one.peak / 4000, unit=1)


def _quickest(function: Callable[[], Any], clock: Callable[[], float], rounds: int = 5) -> float:
    times = []
    for _ in range(rounds):
        begun = clock()
        function()
        times.append(clock() - begun)
    return min(times)


if __name__ == "__main__":
    main()
