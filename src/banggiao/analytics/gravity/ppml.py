"""How strongly do distance, borders, agreements and tariffs weigh on trade, importers' and exporters' other traits held fixed?

Structural gravity v_ijt = exp(pi_it + chi_jt + mu_ij + b z_ijt) by Poisson pseudo-maximum likelihood (Santos Silva and Tenreyro
2006), zeros included; and by least squares of ln v for the tables that compare the two. pyfixest does the estimation after
Correia, Guimaraes and Zylkin (2020); observations that carry no information are found and counted here before it starts.

The standard errors of different programmes differ, so every estimate names its convention:
- "stata_ppml": HC0 x sqrt(n/(n-1)), clustered x sqrt(G/(G-1)), as Stata's ppml;
- "ppmlhdfe": small-sample factor with the degrees of freedom of the fixed effects not nested in a cluster, as ppmlhdfe,
  reghdfe and fixest;
- "full": the same with every fixed effect counted, as Stata's regress with dummies (HC1);
- "hc0": no correction.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

import numpy as np
import pandas as pd
import pyarrow as pa
import pyfixest as pf
from pyfixest.demeaners import LsmrDemeaner, MapDemeaner
from scipy.stats import chi2, norm

from banggiao.analytics.gravity.inputs import Bools, Floats, Ints, Table, codes, columns, numbers, refuse
from banggiao.core.errors import N_, fill

Convention = Literal["stata_ppml", "ppmlhdfe", "full", "hc0"]
Demeaner = Literal["rust", "within"]
CONVENTIONS: dict[Convention, dict[str, Any]] = {
    "stata_ppml": {"k_adj": False, "G_adj": True},
    "ppmlhdfe": {"k_adj": True, "k_fixef": "nonnested", "G_adj": True},
    "full": {"k_adj": True, "k_fixef": "full", "G_adj": True},
    "hc0": {"k_adj": False, "G_adj": False},
}
#: What the convention means, to be shown beside the figures.
CONVENTION_TEXTS: dict[Convention, str] = {
    "stata_ppml": N_("Sai số chuẩn như ppml của Stata: HC0 nhân căn n/(n−1), theo cụm thì căn G/(G−1)."),
    "ppmlhdfe": N_("Sai số chuẩn như ppmlhdfe và fixest: hiệu chỉnh mẫu nhỏ, tính bậc tự do của các hiệu ứng cố định."),
    "full": N_("Sai số chuẩn như regress của Stata: hiệu chỉnh mẫu nhỏ, đếm mọi hiệu ứng cố định."),
    "hc0": N_("Sai số chuẩn HC0, không hiệu chỉnh."),
}
_DEMEANERS = {"rust": MapDemeaner(), "within": LsmrDemeaner()}


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows that went in and were not used, by reason."""

    missing: int
    separated: int
    singletons: int

    @property
    def total(self) -> int:
        """All rows not used."""
        return self.missing + self.separated + self.singletons


@dataclass(frozen=True, slots=True)
class Estimate:
    """Coefficients b with their covariance, and how they came about. Vectors follow `names`.

    `rows` went in, `used` were estimated on; `clusters` is 0 without clustering. `deviance` is the Poisson deviance for PPML and
    the sum of squared residuals for OLS. `fitted` [rows] holds expected trade (OLS: expected ln trade) and NaN where a row was
    not used. `effects` names the fixed effects with their number of levels. `level` is that of the intervals.
    """

    method: Literal["PPML", "OLS"]
    outcome: str
    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    rows: int
    used: int
    dropped: Dropped
    effects: tuple[tuple[str, int], ...]
    cluster: str
    clusters: int
    convention: Convention
    deviance: float
    fitted: Floats
    level: float = 0.95

    @property
    def errors(self) -> Floats:
        """Standard errors, under `convention`."""
        return np.sqrt(np.diagonal(self.covariance))

    def place(self, name: str) -> int:
        """Where a regressor stands. Raises InvalidInput for a name that was not estimated."""
        if name not in self.names:
            refuse("name", N_("Mô hình không có biến “%(name)s”."), name=name)
        return self.names.index(name)

    def coefficient(self, name: str) -> tuple[float, float]:
        """(b, standard error) of one regressor. Raises InvalidInput for a name that was not estimated."""
        at = self.place(name)
        return float(self.coefficients[at]), float(self.errors[at])

    def percent(self, name: str) -> Effect:
        """The effect on trade of one unit of a regressor, in per cent: 100 (e^b - 1), interval from that of b."""
        b, error = self.coefficient(name)
        return percent_effect(b, error, level=self.level)

    def jointly_zero(self, names: Sequence[str]) -> tuple[float, float]:
        """Wald test that several coefficients are all zero: (chi-squared statistic, p value)."""
        at = [self.place(name) for name in names]
        b = self.coefficients[at]
        statistic = float(b @ np.linalg.solve(self.covariance[np.ix_(at, at)], b))
        return statistic, float(chi2.sf(statistic, len(at)))

    def sum_of(self, names: Sequence[str]) -> tuple[float, float]:
        """(sum, standard error) of several coefficients, as for an effect that phases in."""
        at = [self.place(name) for name in names]
        return float(self.coefficients[at].sum()), float(np.sqrt(self.covariance[np.ix_(at, at)].sum()))

    def arrow(self) -> pa.Table:
        """One row a regressor: name, coefficient, standard error, z, p, low, high, percent effect, method and convention."""
        z = self.coefficients / self.errors
        reach = norm.ppf(0.5 + self.level / 2) * self.errors
        return pa.table(
            {
                "name": list(self.names),
                "coefficient": self.coefficients,
                "standard_error": self.errors,
                "z": z,
                "p": 2 * norm.sf(np.abs(z)),
                "low": self.coefficients - reach,
                "high": self.coefficients + reach,
                "percent": 100 * np.expm1(self.coefficients),
                "method": [self.method] * len(self.names),
                "convention": [self.convention] * len(self.names),
            }
        )


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect in per cent with its standard error (delta method) and interval at `level`."""

    percent: float
    error: float
    low: float
    high: float
    level: float


def percent_effect(coefficient: float, error: float, *, level: float = 0.95) -> Effect:
    """100 (e^b - 1) with the delta-method standard error 100 e^b s and the transformed interval of b."""
    reach = float(norm.ppf(0.5 + level / 2)) * error
    low, middle, high = (100 * float(np.expm1(b)) for b in (coefficient - reach, coefficient, coefficient + reach))
    return Effect(middle, 100 * float(np.exp(coefficient)) * error, low, high, level)


def tariff_elasticity(estimate: Estimate, name: str) -> tuple[float, float]:
    """(sigma, standard error) from the coefficient on ln(1 + tariff), which is -sigma for trade before duty.

    Source: Yotov et al. 2016, section B.1. Where trade is valued with duty it would be 1 - sigma. Raises InvalidInput where the
    coefficient is not negative: it then says nothing about substitution.
    """
    b, error = estimate.coefficient(name)
    if b >= 0:
        refuse(name, N_("Hệ số của thuế quan không âm nên không suy ra được độ co giãn."))
    return -b, error


def ppml(
    data: Table,
    *,
    outcome: str = "trade",
    regressors: Sequence[str],
    effects: Sequence[str] = ("exporter^year", "importer^year"),
    cluster: str | None = "exporter^importer",
    convention: Convention = "stata_ppml",
    level: float = 0.95,
    demeaner: str = "rust",
) -> Estimate:
    """Poisson pseudo-maximum likelihood of `outcome` (trade in levels, zeros included) on the regressors.

    `data` is an Arrow table, a data frame or columns by name. `effects` are fixed effects, columns joined by ^ for combinations;
    without any, a constant is estimated and called "constant". `cluster` likewise; None gives heteroskedasticity-robust errors.

    Left out and counted: rows with a missing value; rows whose fixed effect has no trade at all, and rows that the iterative
    rectifier finds separated by regressors (their estimate would run to infinity; Correia, Guimaraes and Zylkin 2019); rows that
    are the only one of a fixed effect. Raises InvalidInput for negative trade, a single country, regressors without variation
    or collinear with others or with the fixed effects (named), nothing but zeros, too few clusters, an estimation that does not
    converge, and for any demeaner but "rust" and "within": pyfixest's "scipy" gives another answer in the third digit.
    """
    return _estimate("PPML", data, outcome, regressors, effects, cluster, convention, level, demeaner)


def ols(
    data: Table,
    *,
    outcome: str = "trade",
    regressors: Sequence[str],
    effects: Sequence[str] = ("exporter^year", "importer^year"),
    cluster: str | None = "exporter^importer",
    convention: Convention = "full",
    level: float = 0.95,
    demeaner: str = "rust",
) -> Estimate:
    """Least squares of ln `outcome` on the regressors; rows without trade are left out and counted as missing.

    For comparison with PPML: it drops zeros and is biased where the variance moves with the mean. Parameters, result and
    refusals as `ppml`.
    """
    return _estimate("OLS", data, outcome, regressors, effects, cluster, convention, level, demeaner)


# --- how it is done


def _estimate(
    method: Literal["PPML", "OLS"],
    data: Table,
    outcome: str,
    regressors: Sequence[str],
    effects: Sequence[str],
    cluster: str | None,
    convention: Convention,
    level: float,
    demeaner: str,
) -> Estimate:
    if demeaner not in _DEMEANERS:
        refuse(
            "demeaner",
            N_("Không dùng được cách khử hiệu ứng cố định “%(demeaner)s”: chỉ “rust” và “within” cho kết quả đúng."),
            demeaner=demeaner,
        )
    if convention not in CONVENTIONS:
        refuse("convention", N_("Không có quy ước sai số chuẩn “%(convention)s”."), convention=convention)
    if not regressors or len(set(regressors)) != len(regressors):
        refuse("regressors", N_("Cần ít nhất một biến giải thích, mỗi biến một lần."))
    parts = [name.split("^") for name in [*effects, *([cluster] if cluster else [])]]
    arrays = columns(data, [outcome, *regressors, *(name for part in parts for name in part)])
    y = numbers(outcome, arrays[outcome])
    if (y < 0).any():
        refuse(
            outcome,
            N_("Giá trị thương mại âm ở dòng %(line)s."),
            remedy=N_("Hãy sửa hoặc bỏ dòng đó."),
            line=int(np.argmax(y < 0)) + 1,
        )
    x = {name: numbers(name, arrays[name]) for name in regressors}
    groups = [codes([arrays[name] for name in part]) for part in parts]
    for name in dict.fromkeys(name for part in parts for name in part if name in ("exporter", "importer")):
        if len(np.unique(arrays[name])) < 2:
            refuse(name, N_("Dữ liệu chỉ có một nước ở cột “%(column)s”; mô hình lực hấp dẫn cần nhiều nước."), column=name)
    use, dropped = _informative(method, y, list(x.values()), groups[: len(effects)])
    _refuse_hopeless(outcome, y[use], {name: values[use] for name, values in x.items()})
    fit, kept, separated = _fit(method, y, x, groups, len(effects), cluster is not None, use, CONVENTIONS[convention], demeaner)
    if separated:
        dropped = Dropped(dropped.missing, dropped.separated + separated, dropped.singletons)
    fitted = np.full(len(y), np.nan)
    fitted[kept] = fit._Y_hat_response if method == "PPML" else fit._Y_hat_link
    covariance = np.asarray(fit._vcov, dtype=np.float64)
    if convention == "stata_ppml" and not cluster:
        # pyfixest has no factor of its own for robust errors here.
        covariance = covariance * (fit._N / (fit._N - 1))
    names = tuple(regressors) if effects else ("constant", *regressors)
    return Estimate(
        method=method,
        outcome=outcome,
        names=names,
        coefficients=np.asarray(fit._beta_hat, dtype=np.float64).ravel(),
        covariance=covariance,
        rows=len(y),
        used=int(fit._N),
        dropped=dropped,
        effects=tuple((name, len(np.unique(group[kept]))) for name, group in zip(effects, groups[: len(effects)], strict=True)),
        cluster=cluster or "",
        clusters=int(len(np.unique(groups[-1][kept]))) if cluster else 0,
        convention=convention,
        deviance=float(fit.deviance) if method == "PPML" else float(np.nansum((np.log(y[kept]) - fitted[kept]) ** 2)),
        fitted=fitted,
        level=level,
    )


def _informative(method: str, y: Floats, x: list[Floats], groups: list[Ints]) -> tuple[Bools, Dropped]:
    """Which rows to use, and how many not: rounds until no fixed effect is left without trade or with one row only."""
    use = np.isfinite(y) & np.all([np.isfinite(values) for values in x], axis=0)
    if method == "OLS":
        use &= y > 0
    missing, separated, singletons = int((~use).sum()), 0, 0
    while True:
        before = int(use.sum())
        for group in groups:
            sums = np.bincount(group[use], weights=y[use], minlength=int(group.max(initial=0)) + 1)
            empty = use & (sums[group] == 0)
            separated += int(empty.sum())
            use &= ~empty
        for group in groups:
            alone = use & (np.bincount(group[use], minlength=int(group.max(initial=0)) + 1)[group] == 1)
            singletons += int(alone.sum())
            use &= ~alone
        if int(use.sum()) == before:
            return use, Dropped(missing, separated, singletons)


def _refuse_hopeless(outcome: str, y: Floats, x: dict[str, Floats]) -> None:
    if not len(y) or not (y > 0).any():
        refuse(outcome, N_("Không còn dòng nào có thương mại lớn hơn 0 để ước lượng."))
    for name, values in x.items():
        if np.ptp(values) == 0:
            refuse(name, N_("Biến “%(name)s” không thay đổi giữa các dòng nên không ước lượng được."), name=name)


def _fit(
    method: str,
    y: Floats,
    x: dict[str, Floats],
    groups: list[Ints],
    effects: int,
    clustered: bool,
    use: Bools,
    convention: dict[str, Any],
    demeaner: str,
) -> tuple[Any, Ints, int]:
    """The fit, the rows it used, and how many further rows the iterative rectifier took out."""
    places = np.flatnonzero(use)
    frame = pd.DataFrame({"y": y[use] if method == "PPML" else np.log(y[use])})
    for number, values in enumerate(x.values()):
        frame[f"x{number}"] = values[use]
    for number, group in enumerate(groups):
        frame[f"g{number}"] = group[use]
    formula = "y ~ " + " + ".join(f"x{number}" for number in range(len(x)))
    if effects:
        formula += " | " + " + ".join(f"g{number}" for number in range(effects))
    cluster = f"g{len(groups) - 1}"
    if clustered and frame[cluster].nunique() < 2:
        refuse("cluster", N_("Cần ít nhất hai cụm để tính sai số chuẩn theo cụm."))
    options: dict[str, Any] = {
        "vcov": {"CRV1": cluster} if clustered else "hetero",
        "ssc": pf.ssc(**convention),
        "fixef_rm": "none",
        "demeaner": _DEMEANERS[demeaner],
        "store_data": False,
        "copy_data": False,
    }
    if method == "OLS":
        return _run(pf.feols, formula, frame, options, x), places, 0
    options["iwls_maxiter"] = 100
    quick = options | {"separation_check": []}
    fit = _run(pf.fepois, formula, frame, quick, x, strict=False)
    separated = 0
    if effects and (y[use] == 0).any() and (fit is None or not fit.convergence or _running_away(fit, formula, frame, quick, x)):
        fit = _run(pf.fepois, formula, frame.copy(), options | {"separation_check": ["ir"]}, x)
        gone = np.asarray(fit.na_index, dtype=np.int64)
        separated = len(gone)
        places = np.delete(places, gone)
    if fit is None or not fit.convergence:
        refuse(
            "convergence",
            N_("Ước lượng không hội tụ sau 100 vòng."),
            remedy=N_("Hãy bỏ bớt biến giải thích hoặc hiệu ứng cố định."),
        )
    return fit, places, separated


def _running_away(fit: Any, formula: str, frame: pd.DataFrame, options: dict[str, Any], x: dict[str, Floats]) -> bool:
    """Whether fitted values of zeros go to zero without end, as they do where regressors separate rows.

    Looking for such rows always costs a multiple of the estimate; so only where values are tiny, and fall on when the estimate
    is made more exact.
    """
    fitted = np.asarray(fit._Y_hat_response)
    tiny = fitted < 1e-7 * frame["y"].mean()
    if not tiny.any():
        return False
    exact = _run(pf.fepois, formula, frame, options | {"iwls_tol": 1e-12}, x, strict=False)
    return exact is None or bool((np.asarray(exact._Y_hat_response)[tiny] < 0.2 * fitted[tiny]).any())


def _run(
    estimator: Any, formula: str, frame: pd.DataFrame, options: dict[str, Any], x: dict[str, Floats], *, strict: bool = True
) -> Any:
    names = list(x)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = estimator(formula, frame, **options)
        except (ValueError, RuntimeError, np.linalg.LinAlgError) as error:
            if "collinear" in str(error):
                _refuse_collinear(names)
            if not strict:
                return None
            refuse("estimation", N_("Không ước lượng được mô hình (%(error)s)."), error=str(error)[:200])
    lost = [names[int(name[1:])] for name in fit._collin_vars or []]
    if lost:
        _refuse_collinear(lost)
    return fit


def _refuse_collinear(names: list[str]) -> NoReturn:
    refuse(
        names[0],
        N_("Biến “%(names)s” trùng thông tin với biến khác hoặc với hiệu ứng cố định."),
        remedy=N_("Hãy bỏ biến đó hoặc bớt hiệu ứng cố định."),
        names=", ".join(names),
    )


def convention_text(estimate: Estimate) -> str:
    """The sentence about the standard errors of an estimate, a source message for translation."""
    return fill(CONVENTION_TEXTS[estimate.convention], {})
