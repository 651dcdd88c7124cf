"""The public data sets with published answers, where this machine has them."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

FOLDER = Path(os.environ.get("BANGGIAO_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data"
#: The years of the guide's examples: intervals of four let trade adjust.
YEARS = (1986, 1990, 1994, 1998, 2002, 2006)


def needs(*names: str) -> pytest.MarkDecorator:
    """Skip where one of the files is not on this machine."""
    missing = [name for name in names if not (FOLDER / name).exists()]
    return pytest.mark.skipif(bool(missing), reason=f"data sets not on this machine: {', '.join(missing)} (BANGGIAO_SHARED)")


PANEL = "agtpa_gravity_1986_2006.parquet"


@cache
def panel() -> pd.DataFrame:
    """Yotov et al. 2016: 69 countries, manufactures in million USD, trade at home included (CC BY 4.0)."""
    rows = pd.read_parquet(FOLDER / PANEL)
    rows["ln_dist"] = np.log(rows.dist)
    rows["intl"] = (rows.exporter != rows.importer).astype(float)
    # Trade at home of all countries shares one effect in the guide's stage 1.
    rows["pair_effect"] = np.where(rows.exporter == rows.importer, 0, rows.pair_id)
    return rows


def interval(*, home: bool) -> pd.DataFrame:
    """The panel in intervals of four years, with or without trade at home."""
    rows = panel()[panel().year.isin(YEARS)]
    return rows if home else rows[rows.exporter != rows.importer]


def matrix(rows: pd.DataFrame, column: str, countries: list[str]) -> npt.NDArray[np.float64]:
    """A column of pairs as a matrix, exporters in rows."""
    square = rows.pivot(index="exporter", columns="importer", values=column).loc[countries, countries]
    return np.asarray(square.to_numpy(), dtype=np.float64)
