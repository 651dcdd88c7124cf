"""What may a monthly series do next, and has anybody a right to say so?

A forecast is shown only where a rolling backtest on the series itself shows that its model would have done better than forecasts
that need no model: the same month a year ago, the last month, the mean. The best of the three is the one to beat, because on a
series without season the year-ago month is easily beaten by doing nothing. Otherwise the result says that nothing is shown, and
why. Intervals come with how often they held in the backtest.
"""

from __future__ import annotations

import warnings as python_warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student
from statsforecast.models import AutoETS, AutoTheta, HistoricAverage, Naive, SeasonalNaive

from banggiao.analytics.gravity.inputs import refuse
from banggiao.analytics.series.monthly import Floats
from banggiao.core.errors import N_

SEASON = 12
#: Months before the first forecast of the backtest, and origins there must be.
TRAINING, ORIGINS = 48, 7
#: The error must be lower than the best naive one by this share, and more surely than chance at this level allows.
MARGIN, CHANCE = 0.05, 0.02
#: How far the intervals may have held less often than they say.
SLACK = 0.15
MODELS = ("AutoETS", "AutoTheta")
NAIVE = ("SeasonalNaive", "Naive", "HistoricAverage")

SHOWN = N_("Dự báo tốt hơn các cách đơn giản trong kiểm nghiệm trượt trên chính chuỗi này.")
TOO_SHORT = N_("Không đưa dự báo: chuỗi quá ngắn để kiểm nghiệm.")
GAPS = N_("Không đưa dự báo: chuỗi thiếu tháng ở giữa.")
NOT_BETTER = N_(
    "Không đưa dự báo: mô hình không tốt hơn cách đơn giản nhất (cùng tháng năm trước, tháng gần nhất hoặc trung bình)."
)
BY_CHANCE = N_("Không đưa dự báo: mô hình có vẻ tốt hơn nhưng có thể chỉ do ngẫu nhiên.")
TOO_SURE = N_("Không đưa dự báo: khoảng dự báo đã sai nhiều hơn mức cho phép.")
CONSTANT = N_("Không đưa dự báo: chuỗi không thay đổi.")


@dataclass(frozen=True, slots=True)
class Forecast:
    """The next months, or why there is nothing to show.

    With `shown`, `mean`, `low` and `high` hold the horizon in the unit of the series, the interval at `level` per cent; otherwise
    they are empty. `reason` is a source message for translation. From the backtest of `origins` origins: `mase` (mean absolute
    error over that of the year-ago month within the training months; Hyndman and Koehler 2006), `skill` (1 - error / error of
    `beaten`, the best naive forecast) and `coverage` (the share of months within the interval); NaN where it could not be made.
    """

    shown: bool
    reason: str
    model: str
    beaten: str
    mean: Floats
    low: Floats
    high: Floats
    level: int
    origins: int
    mase: float
    skill: float
    coverage: float


def forecast(values: npt.ArrayLike, *, horizon: int = 6, level: int = 90) -> Forecast:
    """The next `horizon` months of one monthly series (oldest first, one unit, NaN for months not known at its ends).

    Series of positive values are forecast in logarithms; others as they are, cut off at zero. Deterministic. Raises InvalidInput
    for negative values, a horizon outside 1 to 24 and a level outside 50 to 99.
    """
    x = np.array(values, dtype=np.float64)
    if x.ndim != 1 or (x < 0).any():
        refuse("values", N_("Chuỗi phải là một dãy giá trị không âm."))
    if not 1 <= horizon <= 24:
        refuse("horizon", N_("Chỉ dự báo từ 1 đến 24 tháng."))
    if not 50 <= level <= 99:
        refuse("level", N_("Mức của khoảng dự báo phải từ 50 đến 99 phần trăm."))
    known = np.flatnonzero(np.isfinite(x))
    if not len(known):
        return _none(TOO_SHORT, level)
    x = x[known[0] : known[-1] + 1]
    if not np.isfinite(x).all():
        return _none(GAPS, level)
    # Origins half a horizon apart: neighbours overlap, which the test of chance allows for.
    origins = list(range(len(x) - horizon, TRAINING - 1, -max(1, horizon // 2)))[::-1]
    if len(origins) < ORIGINS:
        return _none(TOO_SHORT, level)
    if np.ptp(x) == 0:
        return _none(CONSTANT, level)
    return _tested(x, origins, horizon, level)


def _tested(x: Floats, origins: list[int], horizon: int, level: int) -> Forecast:
    errors: dict[str, list[float]] = {name: [] for name in (*MODELS, *NAIVE)}
    inside: dict[str, list[float]] = {name: [] for name in MODELS}
    scales, sizes = [], []
    for origin in origins:
        past, actual = x[:origin], x[origin : origin + horizon]
        scales.append(float(np.abs(past[SEASON:] - past[:-SEASON]).mean()))
        sizes.append(max(float(actual.mean()), 1e-300))
        for name in (*MODELS, *NAIVE):
            mean, low, high = _ahead(name, past, horizon, level)
            errors[name].append(float(np.abs(mean - actual).mean()))
            if name in inside:
                inside[name].append(float(((actual >= low) & (actual <= high)).mean()))
    beaten = min(NAIVE, key=lambda name: float(np.mean(errors[name])))
    model = min(MODELS, key=lambda name: float(np.mean(errors[name])))
    better = np.array(errors[beaten]) - np.array(errors[model])
    skill = float(better.mean()) / max(float(np.mean(errors[beaten])), 1e-300)
    coverage = float(np.mean(inside[model]))
    reason = SHOWN
    if skill < MARGIN:
        reason = NOT_BETTER
    # The better of two models has had two chances to be better by chance. Gains are relative to the size of the months, or a
    # growing series would be judged by its last years.
    elif _chance(better / np.array(sizes)) > CHANCE / len(MODELS):
        reason = BY_CHANCE
    elif coverage < level / 100 - SLACK:
        reason = TOO_SURE
    shown = reason == SHOWN
    mean, low, high = _ahead(model, x, horizon, level) if shown else (np.zeros(0),) * 3
    return Forecast(
        shown=shown,
        reason=reason,
        model=model,
        beaten=beaten,
        mean=mean,
        low=low,
        high=high,
        level=level,
        origins=len(origins),
        mase=float(np.mean(errors[model])) / max(float(np.mean(scales)), 1e-300),
        skill=skill,
        coverage=coverage,
    )


def _ahead(name: str, past: Floats, horizon: int, level: int) -> tuple[Floats, Floats, Floats]:
    """Mean, low and high of the next months by one model, in the unit of the series; low and high are NaN for naive ones."""
    logs = bool((past > 0).all())
    y = np.log(past) if logs else past
    makers: dict[str, Any] = {
        "AutoETS": lambda: AutoETS(season_length=SEASON),
        "AutoTheta": lambda: AutoTheta(season_length=SEASON),
        "SeasonalNaive": lambda: SeasonalNaive(season_length=SEASON),
        "Naive": Naive,
        "HistoricAverage": HistoricAverage,
    }
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        result = makers[name]().forecast(y=y, h=horizon, **({"level": [level]} if name in MODELS else {}))
    bands = [result["mean"]]
    if name in MODELS:
        bands += [result[f"lo-{level}"], result[f"hi-{level}"]]
    else:
        bands += [np.full(horizon, np.nan)] * 2
    rows = [np.asarray(band, dtype=np.float64) for band in bands]
    rows = [np.exp(row) if logs else np.maximum(row, 0) for row in rows]
    return rows[0], rows[1], rows[2]


def _chance(better: Floats) -> float:
    """The one-sided p value that the mean gain is not above zero (Diebold and Mariano 1995), neighbours overlapping by half."""
    n, gain = len(better), float(better.mean())
    around = better - gain
    variance = float(around @ around) / (n - 1) + 2 * max(float(around[1:] @ around[:-1]) / n, 0.0)
    if variance == 0:
        return 0.0 if gain > 0 else 1.0
    return float(student.sf(gain / np.sqrt(variance / n), n - 1))


def _none(reason: str, level: int) -> Forecast:
    empty = np.zeros(0)
    nan = float("nan")
    return Forecast(False, reason, "", "", empty, empty, empty, level, 0, nan, nan, nan)
