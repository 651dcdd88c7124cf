"""When did the level of a monthly series change, and by how much?

The logarithm of the series is regressed on a trend, the calendar months and steps. Steps come in one at a time: of all places the
one that lowers the squared error most, as long as its F statistic passes a bound (sequential search of Bai and Perron 1998). The
bound is BIC's, 3 ln(n) for level, place and the search for it (Yao 1988), which the largest of some sixty F statistics of pure
noise seldom reaches. Trend, season and steps are fitted together, so none leaks into another. Where errors hang together, the F
statistic is divided by the variance that this adds, (1 + rho) / (1 - rho): a series that wanders is no series of steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from banggiao.analytics.gravity.inputs import refuse
from banggiao.analytics.series.monthly import Floats, Ints
from banggiao.core.errors import N_

SEASON = 12
#: Months of trade needed in all, and in a stretch of one level.
FEWEST, SHORTEST = 36, 6
_PENALTY = 3.0


@dataclass(frozen=True, slots=True)
class Change:
    """A change of level at `place`, the first month of the new level.

    From `before` to `after`, what the model gives for that month without and with the step, in the unit of the series; `percent`
    is the change with its interval at 95% (`low`, `high`); `f` the F statistic and `bound` what it had to pass.
    """

    place: int
    before: float
    after: float
    percent: float
    low: float
    high: float
    f: float
    bound: float


def changes(values: npt.ArrayLike, *, shortest: int = SHORTEST, penalty: float = _PENALTY) -> list[Change]:
    """The changes of level in one monthly series (oldest first, one unit, NaN where not known), in order of time.

    Months that are missing or zero are left out; a stretch has at least `shortest` months with trade. `penalty` times ln(n) is
    the bound of the F statistic. Raises InvalidInput for fewer than 36 months with trade and for negative values.
    """
    x = np.array(values, dtype=np.float64)
    if x.ndim != 1 or (x < 0).any():
        refuse("values", N_("Chuỗi phải là một dãy giá trị không âm."))
    kept = np.flatnonzero(np.isfinite(x) & (x > 0))
    if len(kept) < FEWEST:
        refuse("values", N_("Cần ít nhất %(fewest)s tháng có giao dịch, chuỗi có %(months)s."), fewest=FEWEST, months=len(kept))
    logs, n = np.log(x[kept]), len(kept)
    base, bound = _base(kept), penalty * float(np.log(n))
    cuts: list[int] = []
    while len(cuts) < n // SEASON:
        cut, f = _next(logs, base, cuts, shortest)
        if f <= bound:
            break
        cuts.append(cut)
    # An early step may only have stood in for later ones.
    while cuts:
        tests = [_f(logs, base, [c for c in cuts if c != cut], cut) for cut in cuts]
        if min(tests) > bound:
            break
        cuts.pop(int(np.argmin(tests)))
    return _described(logs, base, kept, sorted(cuts), bound)


def _base(places: Ints) -> Floats:
    """Columns for constant, trend and the calendar months that occur (all but the first)."""
    months = places % SEASON
    seasons = [months == month for month in np.unique(months)[1:]]
    return np.column_stack([np.ones(len(places)), places / SEASON, *seasons]).astype(np.float64)


def _steps(n: int, cuts: list[int]) -> Floats:
    return np.column_stack([np.arange(n) >= cut for cut in cuts]).astype(np.float64) if cuts else np.zeros((n, 0))


def _next(logs: Floats, base: Floats, cuts: list[int], shortest: int) -> tuple[int, float]:
    """The place of the step that lowers the squared error most, and its F statistic; F is 0 where there is no place left."""
    edges = [0, *cuts, len(logs)]
    places = [at for at in range(len(logs)) if min(abs(at - edge) for edge in edges) >= shortest]
    if not places:
        return 0, 0.0
    q, _ = np.linalg.qr(np.column_stack([base, _steps(len(logs), cuts)]))
    candidates = _steps(len(logs), places)
    candidates -= q @ (q.T @ candidates)
    rest = logs - q @ (q.T @ logs)
    gains = (candidates.T @ rest) ** 2 / np.maximum((candidates**2).sum(axis=0), 1e-12)
    best = int(np.argmax(gains))
    return places[best], _f(logs, base, cuts, places[best])


def _f(logs: Floats, base: Floats, others: list[int], cut: int) -> float:
    """The F statistic of a step beside others, for errors that may hang together."""
    small = np.column_stack([base, _steps(len(logs), others)])
    large = np.column_stack([small, _steps(len(logs), [cut])])
    before, after = _rest(logs, small), _rest(logs, large)
    free = len(logs) - large.shape[1]
    squares = max(float(after @ after), 1e-300)
    rho = _persistence(after, large.shape[1])
    return float((float(before @ before) - squares) / (squares / free) * (1 - rho) / (1 + rho))


def _rest(logs: Floats, columns: Floats) -> Floats:
    q, _ = np.linalg.qr(columns)
    return np.asarray(logs - q @ (q.T @ logs), dtype=np.float64)


def _persistence(rest: Floats, fitted: int) -> float:
    """First autocorrelation of the errors, with the downward bias that fitting many columns brings put back."""
    n = len(rest)
    rho = float(rest[1:] @ rest[:-1]) / max(float(rest @ rest), 1e-300)
    # Residuals of a regression on k columns have an expected autocorrelation of about -k/(2n) when errors have none.
    return float(np.clip((rho + fitted / (2 * n)) * n / (n - 3) + 1 / n, 0.0, 0.95))


def _described(logs: Floats, base: Floats, kept: Ints, cuts: list[int], bound: float) -> list[Change]:
    if not cuts:
        return []
    design = np.column_stack([base, _steps(len(logs), cuts)])
    b = np.linalg.lstsq(design, logs, rcond=None)[0]
    fitted = design @ b
    rest = logs - fitted
    rho = _persistence(rest, design.shape[1])
    variance = float(rest @ rest) / (len(logs) - design.shape[1]) * (1 + rho) / (1 - rho)
    errors = np.sqrt(np.diagonal(np.linalg.inv(design.T @ design)) * variance)[base.shape[1] :]
    found = []
    for cut, step, error in zip(cuts, b[base.shape[1] :], errors, strict=True):
        after = float(np.exp(fitted[cut]))
        low, middle, high = (100 * float(np.expm1(step + 1.96 * error * side)) for side in (-1, 0, 1))
        others = [other for other in cuts if other != cut]
        f = _f(logs, base, others, cut)
        found.append(Change(int(kept[cut]), after / float(np.exp(step)), after, middle, low, high, f, bound))
    return found
