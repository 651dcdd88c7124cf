"""Estimates agree with another programme, count what they leave out, and refuse what they cannot estimate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import statsmodels.api as sm

from banggiao.analytics.gravity import ppml as module
from banggiao.analytics.gravity.ppml import CONVENTIONS, convention_text, ols, ppml, tariff_elasticity
from banggiao.core.errors import InvalidInput


def world(seed: int = 1, countries: int = 8, years: int = 3, zeros: float = 0.1) -> pd.DataFrame:
    """A panel that follows gravity with b = -1 on ln distance and .5 on an agreement."""
    random = np.random.default_rng(seed)
    names = [f"C{n}" for n in range(countries)]
    distance = random.lognormal(0, 0.7, (countries, countries))
    distance = (distance + distance.T) / 2
    rows = []
    for year in range(2000, 2000 + years):
        supply, demand = random.lognormal(3, 1, countries), random.lognormal(3, 1, countries)
        for i in range(countries):
            for j in range(countries):
                if i == j:
                    continue
                rta = float(year > 2000 and (i + j) % 3 == 0)
                mean = supply[i] * demand[j] * distance[i, j] ** -1 * np.exp(0.5 * rta)
                value = mean * random.gamma(4, 0.25) * (random.random() >= zeros)
                rows.append((names[i], names[j], year, value, np.log(distance[i, j]), rta))
    return pd.DataFrame(rows, columns=["exporter", "importer", "year", "trade", "ln_distance", "rta"])


def test_ppml_equals_statsmodels_with_dense_dummies() -> None:
    rows = world()
    ours = ppml(rows, regressors=["ln_distance", "rta"], cluster=None, convention="hc0")
    exporter, importer = rows.exporter + rows.year.astype(str), rows.importer + rows.year.astype(str)
    dummies = pd.concat([pd.get_dummies(exporter), pd.get_dummies(importer).iloc[:, 1:].add_prefix("m")], axis=1).astype(float)
    # One dummy of each later year is redundant too.
    x = pd.concat([rows[["ln_distance", "rta"]], dummies.drop(columns=["mC02001", "mC02002"])], axis=1)
    theirs = sm.GLM(rows.trade, x, family=sm.families.Poisson()).fit(tol=1e-12, maxiter=200, cov_type="HC0")
    assert ours.coefficients == pytest.approx(theirs.params[:2].to_numpy(), abs=1e-7)
    assert ours.errors == pytest.approx(theirs.bse[:2].to_numpy(), rel=1e-6)
    assert ours.deviance == pytest.approx(theirs.deviance, rel=1e-9)
    stata = ppml(rows, regressors=["ln_distance", "rta"], cluster=None, convention="stata_ppml")
    n = len(rows)
    assert stata.errors == pytest.approx(ours.errors * np.sqrt(n / (n - 1)), rel=1e-12)


def test_ols_equals_statsmodels() -> None:
    rows = world(zeros=0.0)
    ours = ols(rows, regressors=["ln_distance"], effects=("exporter", "importer"), cluster=None)
    dummies = [pd.get_dummies(rows.exporter), pd.get_dummies(rows.importer).iloc[:, 1:].add_prefix("m")]
    x = pd.concat([rows[["ln_distance"]], *dummies], axis=1).astype(float)
    theirs = sm.OLS(np.log(rows.trade), x).fit(cov_type="HC1")
    assert ours.coefficient("ln_distance") == pytest.approx((theirs.params.iloc[0], theirs.bse.iloc[0]), rel=1e-6)
    assert ours.deviance == pytest.approx(theirs.ssr, rel=1e-8)


def test_clustered_errors_by_hand() -> None:
    rows = world()
    estimates = {name: ppml(rows, regressors=["ln_distance"], convention=name) for name in CONVENTIONS}
    clusters = estimates["hc0"].clusters
    assert clusters == 56
    assert estimates["stata_ppml"].errors == pytest.approx(
        estimates["hc0"].errors * np.sqrt(clusters / (clusters - 1)), rel=1e-12
    )
    assert estimates["full"].errors[0] >= estimates["ppmlhdfe"].errors[0] > estimates["stata_ppml"].errors[0]
    assert len({convention_text(estimate) for estimate in estimates.values()}) == 4


def test_separated_rows_and_singletons_are_left_out_and_counted() -> None:
    rows = world()
    silent = rows.exporter.eq("C3") & rows.year.eq(2001)
    rows.loc[silent, "trade"] = 0.0
    alone = rows.importer.eq("C5") & rows.year.eq(2002) & rows.exporter.ne("C1")
    rows.loc[rows.index[~alone][:1], "ln_distance"] = np.nan
    rows = rows[~alone]
    estimate = ppml(rows, regressors=["ln_distance"])
    assert (estimate.dropped.missing, estimate.dropped.separated, estimate.dropped.singletons) == (1, 7, 1)
    assert estimate.used == estimate.rows - 9 == int(np.isfinite(estimate.fitted).sum())
    kept = rows[np.isfinite(estimate.fitted)]
    again = ppml(kept, regressors=["ln_distance"])
    assert again.dropped.total == 0 and again.coefficients == pytest.approx(estimate.coefficients, abs=1e-9)
    # PPML keeps totals of each fixed effect.
    sums = pd.DataFrame({"x": rows.exporter + rows.year.astype(str), "v": rows.trade, "f": estimate.fitted}).dropna()
    sums = sums.groupby("x").sum()
    assert sums.v.to_numpy() == pytest.approx(sums.f.to_numpy(), rel=1e-5)


def test_rows_separated_by_a_regressor_are_found() -> None:
    rows = world(zeros=0.0)
    rows["embargo"] = 0.0
    hit = rows.index[rows.exporter.eq("C1") & rows.importer.isin(["C2", "C4", "C6"])]
    rows.loc[hit, ["embargo", "trade"]] = [1.0, 0.0]
    rows["embargo"] += 0.0
    with pytest.raises(InvalidInput, match="embargo"):
        # Without the embargoed rows nothing of the regressor is left.
        ppml(rows, regressors=["ln_distance", "embargo"])


@pytest.mark.parametrize("name", ["scipy", "numba", "cupy", "torch", "jax", ""])
def test_no_other_demeaner_is_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.pf, "fepois", lambda *a, **k: pytest.fail("estimated all the same"))
    with pytest.raises(InvalidInput, match="demean|khử"):
        ppml(world(), regressors=["rta"], demeaner=name)


def test_both_demeaners_agree() -> None:
    rows = world()
    one = ppml(rows, regressors=["rta"], effects=("exporter^importer", "exporter^year", "importer^year"))
    two = ppml(rows, regressors=["rta"], effects=("exporter^importer", "exporter^year", "importer^year"), demeaner="within")
    assert one.coefficients == pytest.approx(two.coefficients, abs=1e-6)


def _one_country(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows.exporter == "C1"]


def _no_trade(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(trade=0.0)


def _negative(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(trade=np.where(rows.index == 4, -1.0, rows.trade))


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        (_one_country, {}, "một nước"),
        (_no_trade, {}, "lớn hơn 0"),
        (_negative, {}, "âm ở dòng 5"),
        (lambda rows: rows.assign(rta=1.0), {"regressors": ["ln_distance", "rta"]}, "rta.*không thay đổi"),
        (lambda rows: rows.assign(twice=rows.ln_distance * 2), {"regressors": ["ln_distance", "twice"]}, "twice.*trùng"),
        (lambda rows: rows, {"effects": ("exporter^importer", "exporter^year")}, "ln_distance.*trùng"),
        (lambda rows: rows, {"regressors": ["absent"]}, "absent"),
        (lambda rows: rows, {"regressors": []}, "ít nhất một"),
        (lambda rows: rows, {"regressors": ["exporter"]}, "phải là số"),
        (lambda rows: rows.assign(one=1), {"cluster": "one"}, "hai cụm"),
        (lambda rows: rows, {"convention": "robust"}, "robust"),
    ],
)
def test_refusals(change: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        ppml(change(world()), **({"regressors": ["ln_distance"]} | options))


def test_the_order_of_rows_names_and_unit_do_not_matter() -> None:
    rows = world()
    base = ppml(rows, regressors=["ln_distance", "rta"])
    shuffled = rows.sample(frac=1, random_state=3)
    names = {f"C{n}": f"Z{9 - n}" for n in range(8)}
    renamed = rows.assign(exporter=rows.exporter.map(names), importer=rows.importer.map(names))
    for other in (shuffled, renamed, rows.assign(trade=rows.trade * 1e6), pa.Table.from_pandas(rows), rows.to_dict("list")):
        again = ppml(other, regressors=["ln_distance", "rta"])
        assert again.coefficients == pytest.approx(base.coefficients, abs=1e-6)
        assert again.errors == pytest.approx(base.errors, rel=1e-4)


def test_arrow_out_and_derived_figures() -> None:
    estimate = ppml(world(), regressors=["ln_distance", "rta"])
    table = estimate.arrow()
    assert table.column_names[:3] == ["name", "coefficient", "standard_error"]
    assert table.column("convention").to_pylist() == ["stata_ppml"] * 2
    low, b, high = (table.column(name)[0].as_py() for name in ("low", "coefficient", "high"))
    assert low < b < high and table.column("percent")[1].as_py() == pytest.approx(estimate.percent("rta").percent)
    statistic, p = estimate.jointly_zero(["ln_distance"])
    assert statistic == pytest.approx((b / estimate.errors[0]) ** 2) and p < 1e-6
    assert estimate.sum_of(["ln_distance"]) == pytest.approx(estimate.coefficient("ln_distance"))
    with pytest.raises(InvalidInput, match="distance"):
        estimate.coefficient("distance")
    with pytest.raises(InvalidInput, match="thuế quan"):
        tariff_elasticity(estimate, "rta")
