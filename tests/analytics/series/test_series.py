"""Alerts, changes and forecasts are found where they were put, not where there is nothing; zeros and gaps get their own words."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from banggiao.analytics.series.changes import changes
from banggiao.analytics.series.forecasts import SHOWN, TOO_SHORT, forecast
from banggiao.analytics.series.models import one_step_z
from banggiao.analytics.series.monthly import MonthlySeries, monthly_series
from banggiao.analytics.series.warning import FEWEST, STEADIEST, seasonal_z, table, warnings
from banggiao.core.errors import InvalidInput

Floats = npt.NDArray[np.float64]


def seasonal(count: int = 50, months: int = 72, noise: float = 0.15, seed: int = 3) -> Floats:
    random = np.random.default_rng(seed)
    season = np.tile(random.normal(0, 0.3, (count, 12)), months // 12 + 1)[:, :months]
    level = random.normal(9, 0.5, (count, 1))
    return np.exp(level + season + 0.004 * np.arange(months) + random.normal(0, noise, (count, months)))


def series(values: Floats, *, provisional: bool = False) -> MonthlySeries:
    flags = np.zeros(values.shape[1], dtype=bool)
    flags[-1] = provisional
    keys = pa.table({"product": [f"P{n}" for n in range(len(values))]})
    return MonthlySeries(keys, values, 2020 * 12, flags, "2026-01-15", "thousand USD")


def test_z_by_hand() -> None:
    # Growth of the 24 months before: 0, .1, .2 in turn; then the month falls to half of a year ago.
    growth = np.array([0.0, 0.1, 0.2] * 8)
    values = np.full(37, 1000.0)
    for at, g in enumerate(growth, 12):
        values[at] = values[at - 12] * np.exp(g)
    values[36] = values[24] * 0.5
    found = seasonal_z(series(values[None, :]))
    assert found.months[0] == 24 and found.median[0] == pytest.approx(0.1)
    assert found.spread[0] == pytest.approx(1.4826 * 0.1)
    assert found.z[0] == pytest.approx((np.log(0.5) - 0.1) / 0.14826)
    assert found.baseline[0] == pytest.approx(values[24] * np.exp(0.1))


def test_the_past_is_the_past_only_and_the_unit_does_not_matter() -> None:
    values = seasonal()
    at = 60
    base = seasonal_z(series(values), at=at)
    later = values.copy()
    later[:, at + 1 :] *= 100
    assert seasonal_z(series(later), at=at).z == pytest.approx(base.z)
    assert seasonal_z(series(values * 1e3), at=at).z == pytest.approx(base.z, abs=1e-9)
    order = np.random.default_rng(0).permutation(len(values))
    assert seasonal_z(series(values[order]), at=at).z == pytest.approx(base.z[order])
    blocks = np.tile(values, (200, 1))  # more series than one block holds
    assert seasonal_z(series(blocks), at=at).z == pytest.approx(np.tile(base.z, 200))


def test_drops_and_surges_are_found_with_their_figures() -> None:
    values = seasonal()
    values[3, -1] *= 0.2
    values[7, -1] *= 5
    values[9, -1] *= 0.2
    values[9] *= 1e-4  # below the floor
    alerts = warnings(series(values, provisional=True), floor=500.0)
    assert {(alert.key, alert.kind) for alert in alerts} == {((("product", "P3"),), "drop"), ((("product", "P7"),), "surge")}
    drop = next(alert for alert in alerts if alert.kind == "drop")
    assert drop.month == "2025-12" and drop.provisional and drop.source_date == "2026-01-15" and drop.unit == "thousand USD"
    assert drop.value == values[3, -1] and drop.baseline == pytest.approx(values[3, -1] * 5, rel=0.5)
    assert drop.z is not None and drop.z < -4 and drop.z_model is not None and drop.z_model < -4 and drop.months == 59
    assert [abs(alert.change) for alert in alerts] == sorted((abs(alert.change) for alert in alerts), reverse=True)
    rows = table(alerts)
    assert rows.num_rows == 2 and rows.column_names[:4] == ["product", "month", "kind", "value"]
    assert table([]).num_rows == 0


def test_the_model_finds_what_growth_alone_misses() -> None:
    values = seasonal(count=150, noise=0.25)
    values[:50, -1] *= 0.25
    plain = {alert.place for alert in warnings(series(values), floor=1.0, model=False)}
    both = {alert.place for alert in warnings(series(values), floor=1.0)}
    assert plain <= both and len(both & set(range(50))) > len(plain & set(range(50))) + 5
    assert len(both - set(range(50))) <= 3


def test_the_return_after_a_jump_is_no_alert() -> None:
    values = seasonal()
    values[3, -13] *= 0.1
    assert seasonal_z(series(values)).z[3] > 4
    assert [alert.place for alert in warnings(series(values), floor=1.0)] == []


def test_zeros_and_gaps_are_not_growth() -> None:
    values = seasonal(count=6)
    values[0, -1] = 0.0  # trade stops
    values[1, -13:-1] = 0.0  # and begins again
    values[2, -1] = np.nan  # not known
    values[3, -13] = np.nan  # nothing to compare with
    values[4, 10:60:2] = np.nan  # patchy past
    values[5, -1] = values[5, -13] = 0.0  # none a year ago either
    alerts = warnings(series(values), floor=100.0)
    assert {(alert.place, alert.kind, alert.z) for alert in alerts} == {(0, "stopped", None), (1, "started", None)}
    stopped = next(alert for alert in alerts if alert.kind == "stopped")
    assert stopped.value == 0 and stopped.baseline == pytest.approx(np.median(values[0, -13:-1]))
    found = seasonal_z(series(values))
    assert np.isnan(found.z[[0, 1, 2, 3, 5]]).all()
    assert np.isnan(found.z[4]) == bool(found.months[4] < FEWEST)


def test_a_quiet_series_is_not_an_alert_for_a_rounding() -> None:
    values = np.full((1, 40), 1000.0)
    values[0, -1] = 1010.0
    found = seasonal_z(series(values))
    assert found.spread[0] == STEADIEST and abs(found.z[0]) < 1
    assert np.isnan(one_step_z(np.array([[1.0, 2.0, 0.0]]))).all()


def test_a_table_becomes_series() -> None:
    rows = {
        "partner": ["USA", "USA", "CHN", "USA"],
        "year": [2024, 2025, 2024, 2024],
        "month": [12, 2, 12, 11],
        "value": [5.0, 7.0, 1.0, 4.0],
        "provisional": [0, 1, 0, 0],
    }
    built = monthly_series(pa.table(rows), keys=["partner"], source_date="2025-03-01")
    assert [built.key(place)["partner"] for place in range(2)] == ["CHN", "USA"]
    assert built.month(0) == "2024-11" and built.month(3) == "2025-02" and built.place("2025-01") == 2
    assert built.values[1].tolist()[:2] == [4.0, 5.0] and np.isnan(built.values[1, 2]) and built.values[1, 3] == 7.0
    assert built.provisional.tolist() == [False, False, False, True]
    filled = monthly_series(pa.table(rows), keys=["partner"], absent="zero")
    assert filled.values[0].tolist() == [0.0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: monthly_series({"partner": ["A"], "year": [2024], "month": [13], "value": [1.0]}, keys=["partner"]), "1 đến 12"),
        (lambda: monthly_series({"partner": ["A"], "year": [2024], "month": [1], "value": [-1.0]}, keys=["partner"]), "âm"),
        (
            lambda: monthly_series(
                {"partner": ["A"] * 2, "year": [2024] * 2, "month": [1] * 2, "value": [1.0] * 2}, keys=["partner"]
            ),
            "lặp lại",
        ),
        (lambda: seasonal_z(series(seasonal(months=20))), "25 tháng"),
        (lambda: seasonal_z(series(seasonal()), window=6), "12 tháng"),
        (lambda: warnings(series(seasonal()), floor=0.0), "lớn hơn 0"),
        (lambda: series(seasonal()).place("2031-01"), "nằm ngoài"),
        (lambda: series(seasonal()).place("yesterday"), "nằm ngoài"),
        (lambda: changes(seasonal()[0, :30]), "36 tháng"),
        (lambda: changes([-1.0] * 40), "không âm"),
        (lambda: forecast([-1.0] * 80), "không âm"),
        (lambda: forecast([1.0] * 80, horizon=40), "24 tháng"),
        (lambda: forecast([1.0] * 80, level=10), "50 đến 99"),
    ],
)
def test_refusals(call: Any, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        call()


def test_a_change_of_level_is_dated_and_measured() -> None:
    values = seasonal(count=40)
    values[:, 45:] *= 0.5
    found = [changes(row) for row in values]
    near = [[change for change in one if abs(change.place - 45) <= 1] for one in found]
    assert sum(bool(one) for one in near) >= 38
    sizes = [one[0].percent for one in near if one]
    assert np.median(sizes) == pytest.approx(-50, abs=5)
    inside = [one[0].low <= -50 <= one[0].high for one in near if one]
    assert np.mean(inside) > 0.8
    one = near[0][0]
    assert one.after / one.before == pytest.approx(1 + one.percent / 100) and one.f > one.bound


def test_noise_has_no_changes_and_gaps_do_not_move_them() -> None:
    assert np.mean([bool(changes(row)) for row in seasonal(count=200, seed=8)]) < 0.06
    row = seasonal(count=1)[0]
    row[40:] *= 3
    with_gaps = row.copy()
    with_gaps[[5, 17, 30]] = np.nan
    with_gaps[11] = 0.0
    assert [change.place for change in changes(with_gaps)] == [change.place for change in changes(row)] == [40]
    two = seasonal(count=1, months=96, noise=0.1)[0]
    two[30:] *= 2
    two[66:] *= 0.4
    assert [change.place for change in changes(two)] == [30, 66]


def test_a_forecast_is_shown_where_it_is_worth_it() -> None:
    month = np.arange(84)
    values = np.exp(8 + 0.012 * month + 0.3 * np.sin(month * np.pi / 6) + np.random.default_rng(5).normal(0, 0.08, 84))
    result = forecast(values)
    assert result.shown and result.reason == SHOWN and result.model in ("AutoETS", "AutoTheta")
    assert result.skill > 0.3 and result.mase < 1 and result.origins == 11 and result.coverage > 0.75
    assert (result.low < result.mean).all() and (result.mean < result.high).all() and len(result.mean) == 6
    truth = np.exp(8 + 0.012 * np.arange(84, 90) + 0.3 * np.sin(np.arange(84, 90) * np.pi / 6))
    assert result.mean == pytest.approx(truth, rel=0.15)
    again = forecast(values * 1000)
    assert again.shown and again.mean == pytest.approx(result.mean * 1000, rel=0.01)


@pytest.mark.parametrize("seed", range(3))
def test_no_forecast_of_noise_or_of_a_random_walk(seed: int) -> None:
    random = np.random.default_rng(seed)
    for values in (np.exp(8 + random.normal(0, 0.3, 72)), np.exp(8 + random.normal(0, 0.1, 72).cumsum())):
        result = forecast(values)
        assert not result.shown and result.reason != SHOWN and not len(result.mean)
        assert np.isfinite(result.skill) and result.beaten in ("SeasonalNaive", "Naive", "HistoricAverage")


def test_short_constant_and_broken_series_say_why() -> None:
    assert forecast(np.full(80, 7.0)).reason.endswith("không thay đổi.")
    assert forecast(seasonal(months=40)[0]).reason == TOO_SHORT
    assert forecast(np.full(80, np.nan)).reason == TOO_SHORT
    broken = seasonal(months=84)[0]
    broken[50] = np.nan
    assert "thiếu tháng" in forecast(broken).reason
