"""Which of many monthly series do something this month that their own past does not explain?

Robust seasonal z: g = ln x_t - ln x_(t-12) against the median and the median absolute deviation of g in the months before t only
(design of the analytics, section 4; the scale 1.4826 makes the deviation that of a normal distribution, Hampel 1974). It takes
every series in one pass. Series that come near the threshold are then asked again by a model fitted to the months before
(`models.one_step_z`), which knows the level of the season from all years and therefore misses less.

Zeros and gaps are not growth: a month without trade after a year with it is "stopped", trade after a year without is "started",
and a month that is not known raises nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from banggiao.analytics.gravity.inputs import refuse
from banggiao.analytics.series.monthly import Bools, Floats, Ints, MonthlySeries
from banggiao.core.errors import N_

Kind = Literal["drop", "surge", "stopped", "started"]
#: |z| above which a month is an alert, and above which a model looks at it again.
THRESHOLD, CANDIDATE = 4.0, 2.5
#: |z| of the model above which a candidate is an alert. Its spread is that of fitted errors, which are too small, so it stands
#: higher; bench/markets_warning.py prints what both miss and raise in vain.
MODEL_THRESHOLD = 4.5
#: Months before the one asked about that serve as past, and how many growth rates there must be.
WINDOW, FEWEST = 60, 12
#: Growth cannot be steadier than this, or rounding in a quiet series would be an alert.
STEADIEST = 0.05
#: A year-on-year change that only undoes one of a year ago is none: the change over two years must depart by this much as well.
ECHO = 2.0
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class SeasonalZ:
    """Vectors over S series for one month.

    `z` and `growth` (ln x_t - ln x_(t-12)) are NaN where they cannot be computed; `median` and `spread` (1.4826 MAD, at least
    STEADIEST) come from `months` earlier growth rates; `baseline` is x_(t-12) e^median in the unit of the values; `z_two_years`
    compares with t-24 and is NaN without it.
    """

    z: Floats
    growth: Floats
    median: Floats
    spread: Floats
    months: Ints
    baseline: Floats
    z_two_years: Floats


@dataclass(frozen=True, slots=True)
class Alert:
    """One series in one month. `key` names the series; `value` and `baseline` (what its past let expect) are in `unit`.

    `z` is the seasonal one (None for "stopped" and "started"), `z_model` that of the model where it was asked. `provisional`: the
    month may be revised. `months` is how many earlier growth rates stand behind the baseline.
    """

    place: int
    key: tuple[tuple[str, object], ...]
    month: str
    kind: Kind
    value: float
    baseline: float
    z: float | None
    z_model: float | None
    months: int
    provisional: bool
    source_date: str
    unit: str

    @property
    def change(self) -> float:
        """Value less baseline, in `unit`."""
        return self.value - self.baseline


def seasonal_z(series: MonthlySeries, *, at: int | None = None, window: int = WINDOW) -> SeasonalZ:
    """The robust seasonal z of every series in the month at place `at` (the last by default).

    Only growth rates of the `window` months before `at` are used, never those of the month itself or later. Raises InvalidInput
    where there are not at least 12 growth rates before it, or `window` is shorter than that.
    """
    values = series.values
    at = values.shape[1] - 1 if at is None else at
    if window < FEWEST:
        refuse("window", N_("Cửa sổ phải có ít nhất 12 tháng."))
    if not 12 + FEWEST <= at < values.shape[1]:
        refuse(
            "month",
            N_("Cần ít nhất 25 tháng số liệu tính đến tháng được hỏi; hiện có %(months)s."),
            months=max(at + 1, 0),
        )
    count = len(values)
    z, growth, median, spread, baseline, two_years = (np.full(count, np.nan) for _ in range(6))
    months = np.zeros(count, dtype=np.int64)
    start = max(12, at - window) - 12
    # A block and its copies stay in the cache of the processor; whole matrices would be fetched from memory a dozen times.
    for begin in range(0, count, _BLOCK):
        block = slice(begin, begin + _BLOCK)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(values[block, start : at + 1])
        # The logarithm of zero is no growth rate, and a missing month none either.
        logs[~np.isfinite(logs)] = np.nan
        rates = logs[:, 12:] - logs[:, :-12]
        past, now = rates[:, :-1], rates[:, -1]
        middle, known = _median(past.copy())
        deviation, _ = _median(np.abs(past - middle[:, None]))
        width = np.maximum(1.4826 * deviation, STEADIEST)
        few = known < FEWEST
        middle[few] = np.nan
        growth[block], median[block], months[block] = now, middle, known
        spread[block] = np.where(few, np.nan, width)
        z[block] = (now - middle) / width
        if logs.shape[1] > 24:
            two_years[block] = (logs[:, -1] - logs[:, -25] - 2 * middle) / width
        baseline[block] = values[block, at - 12] * np.exp(middle)
    return SeasonalZ(z, growth, median, spread, months, baseline, two_years)


def warnings(
    series: MonthlySeries,
    *,
    floor: float,
    at: int | None = None,
    threshold: float = THRESHOLD,
    window: int = WINDOW,
    model: bool = True,
) -> list[Alert]:
    """The alerts of one month (place `at`, the last by default), largest change in value first.

    A series is looked at when its value or its baseline reaches `floor`, in the unit of the series. "drop" and "surge" need |z|
    above `threshold`, or, with `model`, |z| above 2.5 and the model's |z| above 4.5; the change over two years must agree where
    it is known. "stopped" needs trade in each of the twelve months before, "started" none in them and `floor` now. Raises
    InvalidInput as `seasonal_z` and for a floor that is not positive.
    """
    if not floor > 0:
        refuse("floor", N_("Ngưỡng giá trị phải lớn hơn 0."))
    at = series.values.shape[1] - 1 if at is None else at
    found = seasonal_z(series, at=at, window=window)
    now = series.values[:, at]
    large = np.fmax(now, found.baseline) >= floor
    size = np.abs(found.z)
    # Next to a jump of a year ago the return to normal looks like a jump.
    echo = np.isfinite(found.z_two_years) & (np.abs(found.z_two_years) < ECHO)
    certain = large & ~echo & (size > threshold)
    by_model: dict[int, float] = {}
    if model:
        asked = np.flatnonzero(large & ~echo & (size > min(CANDIDATE, threshold)))
        # Heavy, and needed for a handful of series only.
        from banggiao.analytics.series.models import one_step_z

        by_model = dict(zip(asked.tolist(), one_step_z(series.values[asked, : at + 1]).tolist(), strict=True))
    alerts = [
        _alert(series, found, place, at, "drop" if found.z[place] < 0 else "surge", by_model.get(place))
        for place in np.flatnonzero(size > min(CANDIDATE, threshold)).tolist()
        if certain[place] or _agrees(by_model.get(place), found.z[place])
    ]
    year = series.values[:, max(at - 12, 0) : at]
    usual, _ = _median(year.copy())
    stopped, started = _thresholds(now, year, usual, floor)
    alerts += [
        _alert(series, found, place, at, "stopped", None, float(usual[place])) for place in np.flatnonzero(stopped).tolist()
    ]
    alerts += [_alert(series, found, place, at, "started", None, 0.0) for place in np.flatnonzero(started).tolist()]
    return sorted(alerts, key=lambda alert: -abs(alert.change))


def table(alerts: list[Alert]) -> pa.Table:
    """One row an alert: the columns of its key, then month, kind, value, baseline, z, z_model, months, provisional, source_date,
    unit. An empty list gives a table without rows."""
    rows = [
        dict(alert.key)
        | {
            "month": alert.month,
            "kind": alert.kind,
            "value": alert.value,
            "baseline": alert.baseline,
            "z": alert.z,
            "z_model": alert.z_model,
            "months": alert.months,
            "provisional": alert.provisional,
            "source_date": alert.source_date,
            "unit": alert.unit,
        }
        for alert in alerts
    ]
    return pa.Table.from_pylist(rows)


def _median(rows: Floats) -> tuple[Floats, Ints]:
    """The median of each row over what is not NaN, and how many there are. Sorts `rows` in place."""
    rows.sort(axis=1)  # NaN comes last
    count = np.asarray(np.isfinite(rows).sum(axis=1), dtype=np.int64)
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    every = np.arange(len(rows))
    middle = (rows[every, low] + rows[every, np.minimum(high, rows.shape[1] - 1)]) / 2
    return np.where(count > 0, middle, np.nan), count


def _agrees(model: float | None, z: float) -> bool:
    return model is not None and abs(model) > MODEL_THRESHOLD and (model < 0) == (z < 0)


def _thresholds(now: Floats, year: Floats, usual: Floats, floor: float) -> tuple[Bools, Bools]:
    whole = year.shape[1] == 12
    stopped = (now == 0) & (year > 0).all(axis=1) & (usual >= floor) & whole
    started = (now >= floor) & (year == 0).all(axis=1) & whole
    return stopped, started


def _alert(
    series: MonthlySeries,
    found: SeasonalZ,
    place: int,
    at: int,
    kind: Kind,
    model: float | None,
    baseline: float | None = None,
) -> Alert:
    return Alert(
        place=int(place),
        key=tuple(series.key(int(place)).items()),
        month=series.month(at),
        kind=kind,
        value=float(series.values[place, at]),
        baseline=float(found.baseline[place]) if baseline is None else baseline,
        z=float(found.z[place]) if baseline is None else None,
        z_model=None if model is None or not np.isfinite(model) else model,
        months=int(found.months[place]),
        provisional=bool(series.provisional[at]),
        source_date=series.source_date,
        unit=series.unit,
    )
