"""How many drops do alerts find, and how many do they raise in vain? `python bench/markets_warning.py [SERIES]`.

Simulated months (level, season, trend, noise of .25 in logarithms; seeded), one in a hundred falls by 80% in the last month.
Then changes of level, and forecasts: how often each appears where there is something and where there is nothing.
"""

from __future__ import annotations

import os
import sys
import time

import numpy as np
import pyarrow as pa

from banggiao.analytics.series.changes import changes
from banggiao.analytics.series.forecasts import forecast
from banggiao.analytics.series.monthly import Floats, MonthlySeries
from banggiao.analytics.series.warning import seasonal_z, warnings

MONTHS, NOISE = 72, 0.25


def main(count: int) -> None:
    """Print recall and false alerts, then changes and forecasts."""
    random = np.random.default_rng(7)
    values = _series(random, count)
    hit = random.random(count) < 0.01
    values[hit, -1] *= 0.2
    series = MonthlySeries(pa.table({"id": np.arange(count)}), values, 2020 * 12, np.zeros(MONTHS, dtype=bool), "", "USD")
    print(f"{count:,} series of {MONTHS} months, {int(hit.sum())} with a fall of 80%; load {os.getloadavg()[0]:.1f}")
    print(f"{'':44}{'recall':>8}{'false per 1,000':>17}{'seconds':>9}")
    start = time.perf_counter()
    plain = np.abs(seasonal_z(series).z) > 4
    _show("|z| > 4 alone", plain, hit, start)
    for label, model in (("without the echo of a year ago", False), ("with a model for |z| > 2.5", True)):
        start = time.perf_counter()
        found = np.zeros(count, dtype=bool)
        found[[alert.place for alert in warnings(series, floor=1e-9, model=model)]] = True
        _show(label, found, hit, start)
    _changes(random)
    _forecasts(random)


def _changes(random: np.random.Generator) -> None:
    print("changes of level, 300 series each: share with one; share with one within two months of where it was put")
    for label, step in (("noise", 0.0), ("a fall of 30%", np.log(0.7)), ("of 50%", np.log(0.5)), ("of 80%", np.log(0.2))):
        values = _series(random, 300)
        values[:, 45:] *= np.exp(step)
        found = [changes(row) for row in values]
        near = np.mean([any(abs(change.place - 45) <= 2 for change in one) for one in found])
        print(f"  {label:16}{np.mean([bool(one) for one in found]):>8.3f}{near:>8.3f}")
    walks = np.exp(8 + random.normal(0, 0.15, (300, MONTHS)).cumsum(axis=1))
    print(f"  {'a random walk':16}{np.mean([bool(changes(row)) for row in walks]):>8.3f}")


def _forecasts(random: np.random.Generator) -> None:
    months = np.arange(MONTHS + 12)
    wave = 0.3 * np.sin(months * np.pi / 6)
    makers = {
        "season and trend": lambda: np.exp(8 + 0.012 * months + wave + random.normal(0, 0.08, len(months))),
        "random walk": lambda: np.exp(8 + random.normal(0, 0.1, len(months)).cumsum()),
        "noise": lambda: np.exp(8 + random.normal(0, 0.3, len(months))),
    }
    print("forecasts, 12 series each: shown; median skill against the best naive; share within the 90% interval")
    for label, make in makers.items():
        results = [forecast(make()) for _ in range(12)]
        skill, held = np.median([r.skill for r in results]), np.mean([r.coverage for r in results])
        print(f"  {label:18}{sum(r.shown for r in results):>3}{skill:>8.2f}{held:>8.2f}")


def _series(random: np.random.Generator, count: int) -> Floats:
    level, season = random.normal(8, 2, (count, 1)), random.normal(0, 0.3, (count, 12))
    months = np.tile(season, MONTHS // 12) + 0.004 * np.arange(MONTHS)
    return np.asarray(np.exp(level + months + random.normal(0, NOISE, (count, MONTHS))), dtype=np.float64)


def _show(label: str, found: np.ndarray, hit: np.ndarray, start: float) -> None:
    taken = time.perf_counter() - start
    recall, false = (found & hit).sum() / hit.sum(), 1000 * (found & ~hit).sum() / (~hit).sum()
    print(f"{label:44}{recall:>8.3f}{false:>17.2f}{taken:>9.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
