"""What would a model of the months before have said about the month that came?"""

from __future__ import annotations

import warnings as python_warnings

import numpy as np
from statsforecast.models import AutoETS

from banggiao.analytics.series.monthly import Floats

SEASON = 12
#: Months a model needs: two seasons.
SHORTEST = 2 * SEASON
#: The spread of what was fitted cannot be smaller than this, in logarithms.
STEADIEST = 0.03


def one_step_z(values: Floats) -> Floats:
    """The standardised error [S] of the last month of each row, forecast from the months before by exponential smoothing.

    Level and season additive in logarithms, no trend (ETS "ANA", Hyndman et al. 2008). The error is divided by a robust spread of
    the model's own errors, so that single earlier shocks do not hide a new one. NaN where a row has fewer than 24 earlier months
    or any month in it is missing or zero.
    """
    result = np.full(len(values), np.nan)
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        for place, row in enumerate(values):
            known = np.flatnonzero(~(row > 0))
            past = row[known[-1] + 1 :] if len(known) and known[-1] < len(row) - 1 else row
            if len(past) <= SHORTEST or not (past > 0).all():
                continue
            logs = np.log(past)
            try:
                fit = AutoETS(season_length=SEASON, model="ANA").forecast(y=logs[:-1], h=1, fitted=True)
            except Exception:  # noqa: BLE001, S112 - the optimiser has errors of its own; no model then means no opinion
                continue
            errors = logs[:-1] - np.asarray(fit["fitted"])
            centre = float(np.median(errors))
            spread = max(1.4826 * float(np.median(np.abs(errors - centre))), STEADIEST)
            result[place] = (logs[-1] - float(np.asarray(fit["mean"])[0])) / spread
    return result
