"""Gravity estimates against those published in the WTO/UNCTAD guide (Yotov et al. 2016) and by gegravity (USITC)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from banggiao.analytics.gravity.effects import agreement_study, event_study, phase_in
from banggiao.analytics.gravity.ppml import Estimate, ols, percent_effect, ppml, tariff_elasticity
from banggiao.analytics.gravity.whatif import COSTS, RTA, RTA_PHASED
from tests.known_answers.gravity_data import FOLDER, PANEL, YEARS, interval, needs, panel

TRAITS = ("ln_dist", "cntg", "lang", "clny")
GIVEN = {4: "rta_lag4", 8: "rta_lag8", 12: "rta_lag12", -4: "rta_lead4"}


def found(estimate: Estimate, *names: str) -> list[float]:
    return [estimate.coefficient(name)[0] for name in names]


def errors(estimate: Estimate, *names: str) -> list[float]:
    return [estimate.coefficient(name)[1] for name in names]


@needs(PANEL)
def test_table_1_ppml() -> None:
    estimate = ppml(interval(home=False), regressors=TRAITS, cluster="pair_id")
    assert estimate.used == 28_152 and estimate.dropped.total == 0 and estimate.clusters == 2346
    assert found(estimate, *TRAITS) == pytest.approx([-0.8409, 0.4374, 0.2475, -0.2225], abs=5e-5)
    assert errors(estimate, *TRAITS) == pytest.approx([0.0317, 0.0831, 0.0765, 0.1162], abs=1e-4)
    assert found(estimate, *TRAITS) == pytest.approx(list(COSTS.values()), abs=5e-5)


@needs(PANEL)
def test_table_1_ols_without_resistances() -> None:
    estimate = ols(_with_sizes(), regressors=(*TRAITS, "ln_y", "ln_e"), effects=(), cluster="pair_id")
    assert estimate.used == 25_689 and estimate.dropped.missing == 28_152 - 25_689
    assert found(estimate, *TRAITS) == pytest.approx([-1.0016, 0.5738, 0.8015, 0.7349], abs=1e-4)
    assert errors(estimate, "ln_dist") == pytest.approx([0.0273], abs=5e-5)


@needs(PANEL)
def test_table_1_ols_with_remoteness() -> None:
    names = (*TRAITS, "ln_y", "ln_e", "remote_exporter", "remote_importer")
    estimate = ols(_with_sizes(), regressors=names, effects=(), cluster="pair_id")
    assert found(estimate, *TRAITS) == pytest.approx([-1.1848, 0.2466, 0.7394, 0.8425], abs=1e-4)


@needs(PANEL)
def test_table_1_ols_with_fixed_effects() -> None:
    estimate = ols(interval(home=False), regressors=TRAITS, cluster="pair_id")
    assert found(estimate, *TRAITS) == pytest.approx([-1.2156, 0.2232, 0.6609, 0.6705], abs=1e-4)


def _with_sizes() -> pd.DataFrame:
    rows = interval(home=True).copy()
    output, spending = (rows.groupby([side, "year"]).trade.transform("sum") for side in ("exporter", "importer"))
    world = rows.groupby("year").trade.transform("sum")
    rows["ln_y"], rows["ln_e"] = np.log(output), np.log(spending)
    far_out, far_in = rows.dist * world / spending, rows.dist * world / output
    rows["remote_exporter"] = np.log(far_out.groupby([rows.exporter, rows.year]).transform("sum"))
    rows["remote_importer"] = np.log(far_in.groupby([rows.importer, rows.year]).transform("sum"))
    return rows[rows.exporter != rows.importer]


@needs(PANEL)
def test_distance_puzzle() -> None:
    rows = interval(home=False).copy()
    names = [f"ln_dist_{year}" for year in YEARS]
    for year, name in zip(YEARS, names, strict=True):
        rows[name] = np.where(rows.year == year, rows.ln_dist, 0.0)
    estimate = ppml(rows, regressors=(*names, "cntg", "lang", "clny"), cluster="pair_id")
    assert found(estimate, *names) == pytest.approx([-0.8593, -0.8341, -0.8348, -0.8469, -0.8484, -0.8356], abs=5e-5)


@needs(PANEL)
def test_agreements_stage_1_with_both_conventions_and_separated_rows() -> None:
    effects = ("pair_effect", "exporter^year", "importer^year")
    estimate = ppml(interval(home=True), regressors=["rta"], effects=effects, cluster=None)
    assert estimate.used == 28_482 and estimate.dropped.separated == 84 and estimate.dropped.singletons == 0
    assert estimate.coefficient("rta") == pytest.approx((0.5571853, 0.055771), abs=5e-7)
    assert estimate.deviance == pytest.approx(2_630_486.7, abs=0.1)
    clustered = ppml(interval(home=True), regressors=["rta"], effects=effects, cluster="pair_id")
    assert clustered.coefficient("rta") == pytest.approx((RTA.coefficient, RTA.error), abs=1e-6)
    assert clustered.percent("rta").percent == pytest.approx(74.57, abs=0.01)
    corrected = ppml(interval(home=True), regressors=["rta"], effects=effects, cluster="pair_id", convention="ppmlhdfe")
    assert corrected.coefficient("rta")[0] == pytest.approx(clustered.coefficient("rta")[0], abs=1e-12)
    assert corrected.coefficient("rta")[1] > RTA.error


@needs(PANEL)
def test_trade_without_border_stage_1() -> None:
    rows = panel()[panel().year == 2006]
    names = ("ln_dist", "cntg", "intl")
    estimate = ppml(rows, regressors=names, effects=("exporter", "importer"), cluster=None)
    assert estimate.used == 4761
    assert found(estimate, *names) == pytest.approx([-0.7912879, 0.6736456, -2.47445], abs=1e-5)
    assert errors(estimate, *names) == pytest.approx([0.0501494, 0.1073719, 0.1193816], rel=2e-6)


@needs(PANEL)
def test_table_3_lead_phasing_in_and_globalisation() -> None:
    lead = phase_in(panel(), lags=(), leads=(4,), given=GIVEN, years=YEARS, borders=False)
    assert lead.estimate.used == 28_482
    assert lead.estimate.coefficient("rta") == pytest.approx((0.520, 0.086), abs=5e-4)
    assert lead.estimate.coefficient("rta_lead4") == pytest.approx((0.077, 0.092), abs=5e-4)
    assert lead.pre_trend is not None and lead.pre_trend[1] == pytest.approx(0.40, abs=0.01)
    names = ("rta", "rta_lag4", "rta_lag8", "rta_lag12")
    phased = phase_in(panel(), given=GIVEN, years=YEARS, borders=False)
    assert found(phased.estimate, *names) == pytest.approx([0.291, 0.414, 0.169, 0.119], abs=5e-4)
    assert errors(phased.estimate, *names) == pytest.approx([0.089, 0.067, 0.043, 0.030], abs=5e-4)
    full = phase_in(panel(), given=GIVEN, years=YEARS)
    assert found(full.estimate, *names) == pytest.approx([0.116, 0.288, 0.069, 0.002], abs=5e-4)
    borders = [f"border_{year}" for year in YEARS[:-1]]
    assert found(full.estimate, *borders) == pytest.approx([-0.706, -0.480, -0.367, -0.158, -0.141], abs=5e-4)
    assert full.estimate.sum_of(names) == pytest.approx((RTA_PHASED.coefficient, RTA_PHASED.error), abs=1e-6)
    assert full.total is not None and full.total.percent == pytest.approx(60.8, abs=0.05)


@needs(PANEL)
def test_history_looked_up_in_the_panel_comes_near_the_known_one() -> None:
    # Lags and leads beyond the panel are guessed from its first and last year, and the study says so.
    looked_up = phase_in(panel(), leads=(4,), years=YEARS)
    assert looked_up.total is not None and looked_up.total.percent == pytest.approx(60.8, abs=4)
    assert any("đầu kỳ" in caveat for caveat in looked_up.caveats)


@needs(PANEL)
def test_event_study_has_no_trend_before_entry_and_single_agreements_have_their_own_effect() -> None:
    study = event_study(panel(), years=YEARS)
    assert study.pre_trend is not None and study.pre_trend[1] > 0.05
    assert found(study.estimate, "event_1")[0] > found(study.estimate, "event_0")[0] > 0
    nafta = agreement_study(panel(), {"nafta": (("CAN", "USA", "MEX"), 1994)}, years=YEARS)
    assert nafta.estimate.names[:2] == ("nafta", "rta")
    assert found(nafta.estimate, "nafta")[0] > found(nafta.estimate, "rta")[0] > 0


@needs("agtpa_mfn_tariff_exercise.parquet")
def test_mfn_tariffs() -> None:
    rows = pd.read_parquet(FOLDER / "agtpa_mfn_tariff_exercise.parquet")
    home = rows.exporter == rows.importer
    rows["ln_tariff"] = np.log1p(rows.MFN_TARIFF.where(~home, 0.0))
    estimate = ppml(
        rows,
        regressors=["ln_tariff", "RTA", "RTA_LAG3", "RTA_LAG6", "RTA_LAG9"],
        effects=("exporter^importer", "exporter^year", "importer^year"),
    )
    assert estimate.used == 18_886
    assert estimate.coefficient("ln_tariff") == pytest.approx((-7.604, 0.516), abs=1e-3)
    assert estimate.coefficient("RTA")[0] == pytest.approx(-0.217, abs=1e-3)
    assert tariff_elasticity(estimate, "ln_tariff") == pytest.approx((7.604, 0.516), abs=1e-3)


@needs("gegravity_sample_2006.csv")
def test_gegravity_coefficients() -> None:
    rows = pd.read_csv(FOLDER / "gegravity_sample_2006.csv")
    names = ("lndist", "contiguity", "common_language", "pta", "international")
    estimate = ppml(rows, regressors=names, effects=("exporter", "importer"), cluster=None)
    published = [-0.3898623, 0.891577, 0.0326249, 0.4711383, -3.412584]
    assert found(estimate, *names) == pytest.approx(published, abs=1e-6)


def test_percent_effect_by_hand() -> None:
    effect = percent_effect(0.5, 0.1)
    assert effect.percent == pytest.approx(64.8721271, abs=1e-6)
    assert effect.error == pytest.approx(16.48721271, abs=1e-6)
    assert (effect.low, effect.high) == pytest.approx((35.52739, 100.57066), abs=1e-4)
