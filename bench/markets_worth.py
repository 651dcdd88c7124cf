"""Is gravity-predicted ease worth anything? `python bench/markets_worth.py agtpa_gravity_1986_2006.parquet`.

The panel of the WTO/UNCTAD guide (69 countries, manufactures): pairs that do not trade in a base year are ranked by what gravity
of that year says, and the ranking is compared with their trade in 2006. The baselines know size only, or distance only. The
panel has no products, so what products let expect is size here; the same with products says "not back-tested" until product years
are loaded.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from banggiao.analytics.gravity.ease import BackTest, back_test, expected_trade, predict_trade, predicted_ease


def main(file: Path) -> None:
    """Print rank correlations by base year, and for pairs hidden at random."""
    rows = pd.read_parquet(file)
    print("Spearman with trade of 2006 over pairs without trade in the base year; ease: with trade over expected trade")
    heads = ("gravity", "structural", "size", "ease", "distance", "top fifth", "by size")
    print(f"{'base':>6}{'pairs':>7}{'started':>9}" + "".join(f"{head:>12}" for head in heads))
    for year in (1986, 1990, 1994, 1998):
        test = _test(rows, year)
        figures = (test.gravity, test.structural, test.baseline, test.gravity_ease, test.baseline_ease)
        cells = "".join(f"{figure:>12.3f}" for figure in (*figures, test.top_gravity, test.top_baseline))
        print(f"{test.base:>6}{test.pairs:>7}{test.started:>9}{cells}")
    _hidden(rows)
    trade, traits, expected, _ = _year(rows, 2006)
    now = predicted_ease(trade, expected, traits)
    print(f"2006 itself: {now.tested}; ease predicted for {int(now.predicted_at.sum())} pairs")


def _test(rows: pd.DataFrame, year: int) -> BackTest:
    trade, traits, expected, near = _year(rows, year)
    later, *_ = _year(rows, 2006)
    return back_test(trade, later, expected, traits, nearness=near, names=(str(year), "2006"))


def _hidden(rows: pd.DataFrame) -> None:
    trade, traits, _, _ = _year(rows, 2002)
    hidden = np.random.default_rng(0).random(trade.shape) < 0.2
    np.fill_diagonal(hidden, False)
    predicted, _ = predict_trade(trade, traits, hidden=hidden)
    shown = np.where(hidden, 0, trade)
    size = expected_trade(shown.sum(axis=1)[:, None], shown.sum(axis=0)[:, None])
    ranks = [pd.Series(guess[hidden]).corr(pd.Series(trade[hidden]), method="spearman") for guess in (predicted, size)]
    print(f"a fifth of all pairs of 2002 hidden: structural {ranks[0]:.3f}, size {ranks[1]:.3f} over {int(hidden.sum())} pairs")


def _year(rows: pd.DataFrame, year: int) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray, np.ndarray]:
    one = rows[rows.year == year]
    countries = sorted(one.exporter.unique())

    def matrix(column: str) -> np.ndarray:
        return one.pivot(index="exporter", columns="importer", values=column).loc[countries, countries].to_numpy().copy()

    trade, distance = matrix("trade"), matrix("dist")
    np.fill_diagonal(trade, 0)
    traits = {"ln_distance": np.log(distance)} | {name: matrix(name) for name in ("cntg", "lang", "clny")}
    return trade, traits, expected_trade(trade.sum(axis=1)[:, None], trade.sum(axis=0)[:, None]), -distance


if __name__ == "__main__":
    main(Path(sys.argv[1]))
