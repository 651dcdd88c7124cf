"""How long do gravity, equilibria and alerts take? `python bench/markets_gravity.py`. Needs the extra `markets`.

PPML on 200,000 generated rows with effects of exporter-year, importer-year and pair, clustered by pair; the equilibrium of 69 and
of 200 countries; the seasonal z of 200,000 series of 72 months. Each figure is the median of several
runs after a first one; processor time stands beside it, because others may be using the machine.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from banggiao.analytics.gravity.equilibrium import agreement_change, from_trade, simulate
from banggiao.analytics.gravity.ppml import ppml
from banggiao.analytics.series.monthly import MonthlySeries
from banggiao.analytics.series.warning import seasonal_z


def main() -> None:
    """Print target, figure, ratio and spread of each."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    print(f"{'':46}{'target':>10}{'median':>10}{'ratio':>8}{'min':>9}{'max':>9}{'processor':>11}")
    _ppml()
    _equilibrium()
    _alerts()


def _ppml() -> None:
    random = np.random.default_rng(1)
    pairs, years = 8_000, 25
    exporter, importer = random.integers(0, 89, pairs), random.integers(0, 91, pairs)
    pair, year = np.repeat(np.arange(pairs), years), np.tile(np.arange(years), pairs)
    start = random.integers(0, 60, pairs)
    rta = (year >= start[pair]).astype(float)
    other = random.normal(0, 1, len(pair))
    level = random.normal(3, 1, (89, years))[exporter[pair], year] + random.normal(3, 1, (91, years))[importer[pair], year]
    mean = np.exp(level + random.normal(0, 1, pairs)[pair] + 0.5 * rta + 0.1 * other)
    trade = mean * random.gamma(1, 1, len(pair)) * (random.random(len(pair)) > 0.2)
    rows = {"exporter": exporter[pair], "importer": importer[pair], "year": year, "pair": pair, "trade": trade}
    table = pa.table(rows | {"rta": rta, "x2": other})
    effects = ("exporter^year", "importer^year", "pair")
    estimate = ppml(table, regressors=["rta", "x2"], effects=effects, cluster="pair")
    _show(
        "PPML, 200,000 rows, three sets of effects",
        2.0,
        lambda: ppml(table, regressors=["rta", "x2"], effects=effects, cluster="pair"),
        5,
    )
    said = ", ".join(
        f"{name} {b:.4f} ({e:.4f})" for name, b, e in zip(estimate.names, estimate.coefficients, estimate.errors, strict=True)
    )
    print(f"  true rta .5, x2 .1: {said}; used {estimate.used:,}, dropped {estimate.dropped}")


def _equilibrium() -> None:
    random = np.random.default_rng(2)
    # 4.5 ms is what a plain fixed point of 69 countries took, gegravity .75 s for 30 (design of the analytics, section 6.4).
    for size, target in ((69, 0.0045), (200, 0.5)):
        trade = random.lognormal(0, 2, (size, size)) + np.diag(random.lognormal(7, 1, size))
        base = from_trade([str(n) for n in range(size)], trade)
        change = agreement_change(base.countries, [base.countries[:5], base.countries[9:20]], 0.5)
        full = simulate(base, change)
        _show(f"equilibrium, {size} countries, full", target, lambda base=base, change=change: simulate(base, change), 15)
        print(f"  residual {full.residual:.1e} in {full.steps} steps")


def _alerts() -> None:
    random = np.random.default_rng(3)
    values = np.exp(random.normal(8, 2, (200_000, 1)) + random.normal(0, 0.25, (200_000, 72)))
    series = MonthlySeries(pa.table({"id": np.arange(200_000)}), values, 2020 * 12, np.zeros(72, dtype=bool), "", "USD")
    _show("seasonal z, 200,000 series of 72 months", 0.31, lambda: seasonal_z(series), 7)
    start = time.perf_counter()
    np.log(values)
    print(f"  one logarithm of all values takes {time.perf_counter() - start:.2f} s")


def _show(what: str, target: float, run: Callable[[], object], times: int) -> None:
    run()
    taken, worked = [], []
    for _ in range(times):
        start, before = time.perf_counter(), time.process_time()
        run()
        taken.append(time.perf_counter() - start)
        worked.append(time.process_time() - before)
    middle = statistics.median(taken)
    figures = f"{target:>8.4f} s{middle:>8.4f} s{middle / target:>8.2f}{min(taken):>9.4f}{max(taken):>9.4f}"
    print(f"{what:46}{figures}{statistics.median(worked):>9.4f} s")


if __name__ == "__main__":
    main()
