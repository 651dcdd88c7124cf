"""The general equilibrium against the tables of the WTO/UNCTAD guide and gegravity, and against what theory says it must give."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from banggiao.analytics.gravity.equilibrium import (
    Economy,
    agreement_change,
    from_costs,
    from_trade,
    simulate,
)
from banggiao.analytics.gravity.ppml import ppml
from tests.known_answers.gravity_data import FOLDER, PANEL, interval, matrix, needs, panel

BORDER, NAFTA = "agtpa_expected_ge_trade_without_border_2006.csv", "agtpa_expected_ge_remove_nafta_1994.csv"
GEGRAVITY = "gegravity_sample_2006.csv"


def _without_border() -> tuple[Economy, npt.NDArray[np.float64], pd.DataFrame]:
    rows = panel()[panel().year == 2006]
    countries = sorted(rows.exporter.unique())
    names = ("ln_dist", "cntg", "intl")
    estimate = ppml(rows, regressors=names, effects=("exporter", "importer"), cluster=None)
    costs = np.exp(sum(b * matrix(rows, n, countries) for n, b in zip(names, estimate.coefficients, strict=True)))
    trade = matrix(rows, "trade", countries)
    base = from_costs(countries, costs, trade.sum(axis=1), trade.sum(axis=0), reference="DEU")
    change = np.exp(-estimate.coefficient("intl")[0] * (1 - np.eye(len(countries))))
    return base, change, pd.read_csv(FOLDER / BORDER).set_index("country").loc[countries]


@needs(PANEL, BORDER)
def test_trade_without_border_conditional_and_full() -> None:
    base, change, published = _without_border()
    assert base.residual < 1e-12 and base.scaled == pytest.approx(1)
    conditional = simulate(base, change, sigma=7, mode="conditional")
    assert np.abs(conditional.exports - published.change_Xi_CDL).max() < 0.0012
    assert conditional.residual < 1e-10 and np.isnan(conditional.real_output).all()
    full = simulate(base, change, sigma=7, mode="full")
    assert full.residual < 1e-10 and full.mode == "full" and full.reference == "DEU"
    # The guide's loop stops at a change of .01, so its full columns are loose: see also the residual above.
    assert np.abs(full.real_output - published.change_rGDP_FULL).max() < 0.6
    assert np.abs(full.price - published.change_price_FULL).max() < 0.6
    assert np.abs(full.consumer_price - published.change_IMR_FULL).max() < 0.9
    assert np.median(np.abs(full.exports - published.change_Xi_FULL)) < 0.5


@needs(PANEL, NAFTA)
def test_removing_nafta() -> None:
    # Stage 1 as published, and the effects of pairs from it: trade costs of the year 1994 with and without the agreement.
    effects = ("pair_effect", "exporter^year", "importer^year")
    rows = interval(home=True).reset_index(drop=True)
    estimate = ppml(rows, regressors=["rta"], effects=effects, cluster=None)
    rows["fitted"] = estimate.fitted
    year = rows[rows.year == 1994]
    countries = sorted(year.exporter.unique())
    # Pairs that never trade have no estimate, and no trade in the baseline.
    base = from_trade(countries, np.nan_to_num(matrix(year, "fitted", countries)), reference="DEU")
    change = 1 / agreement_change(countries, [["CAN", "MEX", "USA"]], estimate.coefficient("rta")[0])
    published = pd.read_csv(FOLDER / NAFTA).set_index("country").loc[countries]
    # The guide takes NAFTA out of a world that has it and tells the change from there to here.
    conditional = simulate(base, change, sigma=7, mode="conditional")
    assert np.abs(_back(conditional.exports) - published.change_Xi_CDL).max() < 0.0012
    full = simulate(base, change, sigma=7, mode="full")
    assert full.residual < 1e-10
    assert np.abs(_back(full.real_output) - published.change_rGDP_FULL).max() < 0.04
    assert np.abs(_back(full.price) - published.change_price_FULL).max() < 0.2


def _back(percent: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(100 * (1 / (1 + percent / 100) - 1))


def _gegravity() -> Economy:
    rows = pd.read_csv(FOLDER / GEGRAVITY)
    countries = sorted(rows.exporter.unique())
    weights = {
        "lndist": -0.3898623,
        "contiguity": 0.891577,
        "common_language": 0.0326249,
        "pta": 0.4711383,
        "international": -3.412584,
    }
    costs = np.exp(sum(b * matrix(rows, name, countries) for name, b in weights.items()))
    output, spending = rows.groupby("exporter").Y.first()[countries], rows.groupby("importer").E.first()[countries]
    return from_costs(countries, costs, output, spending, reference="CHN")


@needs(GEGRAVITY)
def test_gegravity_one_step() -> None:
    base = _gegravity()
    assert base.scaled == pytest.approx(1.008184, abs=1e-6)
    change = agreement_change(base.countries, [["CAN", "JPN"]], 0.4711383)
    step = simulate(base, change, sigma=5, mode="one_step")
    at = {country: base.countries.index(country) for country in ("CAN", "JPN", "USA")}
    assert step.mode == "one_step"
    assert step.real_output[at["CAN"]] == pytest.approx(0.418261, abs=1e-6)
    assert step.real_output[at["JPN"]] == pytest.approx(0.053755, abs=1e-6)
    # gegravity measures prices in another country's; relative prices are the same.
    relative = (1 + step.price / 100) / (1 + step.price[at["USA"]] / 100)
    assert relative[at["CAN"]] == pytest.approx((1 - 0.00135770) / (1 - 0.00040939), abs=2e-8)
    assert relative[at["JPN"]] == pytest.approx((1 + 0.00245392) / (1 - 0.00040939), abs=2e-8)
    full = simulate(base, change, sigma=5, mode="full")
    # Ours is the fixed point and spends what the world earns; leaving that out gave .427481 and .049670.
    assert full.real_output[at["CAN"]] == pytest.approx(0.4275, abs=1e-3)
    assert full.real_output[at["JPN"]] == pytest.approx(0.0497, abs=1e-3)


def _random(seed: int, size: int = 12) -> Economy:
    random = np.random.default_rng(seed)
    trade = random.lognormal(0, 1.5, (size, size)) + np.diag(random.lognormal(4, 1, size))
    return from_trade([f"C{n:02d}" for n in range(size)], trade)


@pytest.mark.parametrize("seed", range(5))
def test_real_output_follows_the_share_bought_at_home(seed: int) -> None:
    # Arkolakis, Costinot and Rodriguez-Clare 2012: in this model a country's real income moves as lambda_ii^(1/(1-sigma)).
    base = _random(seed)
    change = agreement_change(base.countries, [base.countries[:4]], 0.5)
    full = simulate(base, change, sigma=6, mode="full")
    share = np.diagonal(full.trade) / full.trade.sum(axis=0) / (np.diagonal(base.trade) / base.trade.sum(axis=0))
    assert np.allclose(1 + full.real_output / 100, share ** (1 / (1 - 6)), rtol=1e-10)
    assert full.residual < 1e-10


@pytest.mark.parametrize("mode", ["conditional", "full"])
def test_trade_adds_up_to_output_and_expenditure(mode: str) -> None:
    base = _random(9)
    change = agreement_change(base.countries, [base.countries[:2], base.countries[5:8]], 0.7)
    result = simulate(base, change, sigma=5, mode=mode)  # type: ignore[arg-type]
    rows, columns = result.trade.sum(axis=1), result.trade.sum(axis=0)
    assert rows.sum() == pytest.approx(columns.sum())
    if mode == "conditional":
        assert np.allclose(rows, base.output) and np.allclose(columns, base.expenditure)
    else:
        assert np.allclose(rows, base.output * (1 + result.price / 100), rtol=1e-10)
        spent = columns / (base.expenditure / base.output * rows)
        assert np.allclose(spent, spent[0], rtol=1e-10)
