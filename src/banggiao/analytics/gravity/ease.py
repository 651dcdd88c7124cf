"""How easily would two countries trade that do not trade yet?

Export potential multiplies supply and demand by the ease of trade of a pair, v_ij / sum_k (v_ik / v_k) v_jk: what they trade over
what their products alone would let expect. Where v_ij is zero the ease is zero and new markets never show. Here gravity,
estimated on all pairs with their zeros, says what distance, border and language make of what products let expect, and that takes
the place of the zero. Whether that is worth anything is measured against later trade, or said not to have been measured.

The full structural prediction, with effects of exporter and importer, is there too (`predict_trade`) but is not what fills the
zeros: on the panel of the WTO guide it ranks the later trade of new pairs worse than costs alone (bench/markets_worth.py), since
the effects of countries that trade little are mostly noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr

from banggiao.analytics.gravity.inputs import Bools, Floats, Table, columns, numbers, refuse, square
from banggiao.analytics.gravity.ppml import Estimate, ppml
from banggiao.core.errors import N_

#: Shown beside every use of a predicted ease for which no later year has been compared.
NOT_TESTED = N_("Chưa kiểm nghiệm trên số liệu quá khứ: kho chưa có các năm sau để đối chiếu.")
#: Fewer pairs than this say too little of a rank correlation.
FEWEST = 30


@dataclass(frozen=True, slots=True)
class BackTest:
    """Rank correlations (Spearman) over `pairs` pairs without trade in the base year, with their trade later.

    `gravity` is that of expected trade times predicted ease, `structural` that of the prediction with effects of countries, and
    `baseline` that of trade expected from size or products alone. `gravity_ease` and `baseline_ease` compare predicted ease, and
    mere nearness, with the later ease. `top_gravity` and `top_baseline` are the shares of the later trade of these pairs that
    lie in the fifth of pairs ranked first by each.
    """

    base: str
    later: str
    pairs: int
    started: int
    gravity: float
    structural: float
    baseline: float
    gravity_ease: float
    baseline_ease: float
    top_gravity: float
    top_baseline: float


@dataclass(frozen=True, slots=True)
class PredictedEase:
    """Ease [C, C], rows export: observed where there is trade, predicted where `predicted_at`; diagonal 0.

    `trade` is expected trade times predicted ease for all pairs, in the unit brought in; `expected` what products or size let
    expect. `tested` is
    "back-tested" with `test`, or "not back-tested".
    """

    ease: Floats
    predicted_at: Bools
    trade: Floats
    expected: Floats
    estimate: Estimate
    tested: Literal["back-tested", "not back-tested"]
    test: BackTest | None

    @property
    def caveat(self) -> str:
        """The source message to show beside the figures: empty when they were tested."""
        return "" if self.test else NOT_TESTED


def expected_trade(exports: npt.ArrayLike, imports: npt.ArrayLike) -> Floats:
    """sum_k (v_ik / v_k) v_jk [C, C]: trade of each pair were suppliers chosen in proportion to their share of the world market.

    `exports` v_ik and `imports` v_jk are [C, P] in one unit; with a single column it is the product of sizes over world trade.
    Products nobody exports count nothing. Raises InvalidInput for other shapes or negative values.
    """
    x, m = np.array(exports, dtype=np.float64), np.array(imports, dtype=np.float64)
    if (
        x.ndim != 2
        or x.shape != m.shape
        or not np.isfinite(x).all()
        or not np.isfinite(m).all()
        or (x < 0).any()
        or (m < 0).any()
    ):
        refuse("exports", N_("Xuất khẩu và nhập khẩu phải là hai bảng nước × mặt hàng cùng cỡ, không âm."))
    world = x.sum(axis=0)
    share = np.divide(x, world, out=np.zeros_like(x), where=world > 0)
    return np.asarray(share @ m.T, dtype=np.float64)


def pair_traits(countries: Sequence[str], pairs: Table) -> dict[str, Floats]:
    """Matrices [C, C] "ln_distance", "contiguous", "common_language" and "colonial" for these ISO3 codes, NaN where not known.

    `pairs` has iso3_a, iso3_b, distance_km, contiguous, common_language and colonial, each pair once in either order, as the
    packaged set gravity_pairs. Raises InvalidInput for missing columns and for distances that are not positive.
    """
    names = ("contiguous", "common_language", "colonial")
    table = columns(pairs, ("iso3_a", "iso3_b", "distance_km", *names))
    index = {country: place for place, country in enumerate(countries)}
    a, b = (np.array([index.get(str(code), -1) for code in table[side]], dtype=np.int64) for side in ("iso3_a", "iso3_b"))
    here = (a >= 0) & (b >= 0)
    distance = numbers("distance_km", table["distance_km"])[here]
    if not (distance > 0).all():
        refuse("distance_km", N_("Khoảng cách phải lớn hơn 0."))
    values = {"ln_distance": np.log(distance)} | {name: numbers(name, table[name])[here] for name in names}
    matrices = {name: np.full((len(index), len(index)), np.nan) for name in values}
    for name, matrix in matrices.items():
        matrix[a[here], b[here]] = matrix[b[here], a[here]] = values[name]
    return matrices


def predict_trade(
    pairs: npt.ArrayLike, traits: Mapping[str, npt.ArrayLike], *, hidden: npt.ArrayLike | None = None
) -> tuple[Floats, Estimate]:
    """Trade by gravity [C, C] in the unit of `pairs`, and the estimate behind it.

    PPML on one year, zeros included, with effects of exporter and importer; `traits` are matrices [C, C] such as "ln_distance",
    "contiguous", "common_language" (see `pair_traits`), NaN where not known: such pairs are neither used nor predicted. Pairs
    that `hidden` marks are not shown to the estimate and predicted all the same. The totals of each country over the pairs shown
    are kept. Raises InvalidInput as `ppml` and for matrices of other shapes.
    """
    v = square("pairs", pairs)
    size = len(v)
    shown = ~np.eye(size, dtype=bool)
    if hidden is not None:
        shown &= ~np.asarray(hidden, dtype=bool)
    estimate, costs = _costs(v, traits, shown)
    return _with_totals(costs, np.where(shown, v, 0), shown), estimate


def predicted_ease(
    pairs: npt.ArrayLike,
    expected: npt.ArrayLike,
    traits: Mapping[str, npt.ArrayLike],
    *,
    test: BackTest | None = None,
) -> PredictedEase:
    """Ease for `ease=` of the export potential: observed where the pair trades, by gravity where v_ij = 0.

    Predicted ease is exp(b z_ij), scaled so that over the pairs that trade it gives what they trade in all.

    `pairs` v_ij and `expected` (see `expected_trade`) [C, C] in one unit; `test` comes from `back_test` on other years. Where
    nothing is expected, because the partner imports nothing that the exporter sells, the ease is 0. Raises InvalidInput as
    `predict_trade`.
    """
    v = square("pairs", pairs)
    e = square("expected", expected, len(v))
    estimate, costs = _costs(v, traits, ~np.eye(len(v), dtype=bool))
    trade = _scaled(v, e, costs)
    ease = np.divide(v, e, out=np.zeros_like(v), where=e > 0)
    missing = (v == 0) & (e > 0) & (trade > 0) & ~np.eye(len(v), dtype=bool)
    ease[missing] = trade[missing] / e[missing]
    np.fill_diagonal(ease, 0)
    return PredictedEase(ease, missing, trade, e, estimate, "back-tested" if test else "not back-tested", test)


def back_test(
    base: npt.ArrayLike,
    later: npt.ArrayLike,
    expected: npt.ArrayLike,
    traits: Mapping[str, npt.ArrayLike],
    *,
    nearness: npt.ArrayLike,
    names: Sequence[str] = ("", ""),
) -> BackTest:
    """How well does gravity on the base year rank the later trade of pairs that had none?

    `base` and `later` [C, C] are trade of two years, `expected` that of the base year, `nearness` [C, C] what the ease is
    compared with (for instance -distance). Later ease is later trade over expected trade of the base year. Raises InvalidInput
    where fewer than 30 pairs had no trade, and as `predict_trade`.
    """
    v, after, e = square("base", base), square("later", later), square("expected", expected)
    near = np.array(nearness, dtype=np.float64)
    _, costs = _costs(v, traits, ~np.eye(len(v), dtype=bool))
    predicted, structural = _scaled(v, e, costs), _with_totals(costs, v, ~np.eye(len(v), dtype=bool))
    new = (v == 0) & (e > 0) & (predicted > 0) & ~np.eye(len(v), dtype=bool)
    if int(new.sum()) < FEWEST:
        refuse("base", N_("Chỉ có %(pairs)s cặp nước chưa buôn bán, quá ít để kiểm nghiệm."), pairs=int(new.sum()))
    actual, guess, naive = after[new], predicted[new], e[new]
    return BackTest(
        base=names[0],
        later=names[1],
        pairs=int(new.sum()),
        started=int((actual > 0).sum()),
        gravity=_rank(guess, actual),
        structural=_rank(structural[new], actual),
        baseline=_rank(naive, actual),
        gravity_ease=_rank(guess / naive, actual / naive),
        baseline_ease=_rank(near[new], actual / naive),
        top_gravity=_top(guess, actual),
        top_baseline=_top(naive, actual),
    )


def _costs(v: Floats, traits: Mapping[str, npt.ArrayLike], shown: Bools) -> tuple[Estimate, Floats]:
    """PPML on the pairs shown, and exp(b z) for all pairs; 0 on the diagonal and where a trait is not known."""
    known = ~np.eye(len(v), dtype=bool)
    z = {name: np.array(values, dtype=np.float64) for name, values in traits.items()}
    for name, values in z.items():
        if values.shape != v.shape or not np.isfinite(values[~np.eye(len(v), dtype=bool)]).any():
            refuse(name, N_("“%(name)s” phải có giá trị cho các cặp nước."), name=name)
        known &= np.isfinite(values)
    i, j = np.nonzero(shown & known)
    table = {"exporter": i, "importer": j, "trade": v[i, j]} | {name: values[i, j] for name, values in z.items()}
    estimate = ppml(table, regressors=list(z), effects=("exporter", "importer"), cluster=None)
    power = sum((b * z[name] for name, b in zip(estimate.names, estimate.coefficients, strict=True)), np.zeros_like(v))
    return estimate, np.where(known, np.exp(np.where(known, power, 0)), 0)


def _scaled(v: Floats, expected: Floats, costs: Floats) -> Floats:
    trading = v > 0
    return np.asarray(expected * costs * (v[trading].sum() / (expected * costs)[trading].sum()), dtype=np.float64)


def _rank(a: Floats, b: Floats) -> float:
    return float(spearmanr(a, b).statistic)


def _top(score: Floats, actual: Floats) -> float:
    first = np.argsort(-score, kind="stable")[: len(score) // 5]
    return float(actual[first].sum() / actual.sum()) if actual.sum() else float("nan")


def _with_totals(costs: Floats, trade: Floats, shown: Bools) -> Floats:
    """a_i b_j costs_ij whose sums over the pairs shown are those of trade; countries without any trade get none."""
    rows, across = trade.sum(axis=1), trade.sum(axis=0)
    masked = np.where(shown, costs, 0)
    a, b = np.ones(len(rows)), np.ones(len(rows))
    for _ in range(5000):
        a = np.divide(rows, masked @ b, out=np.zeros_like(a), where=masked @ b > 0)
        new = np.divide(across, a @ masked, out=np.zeros_like(b), where=a @ masked > 0)
        still = float(np.abs(new - b).max(initial=0) / max(float(new.max(initial=0)), 1e-300))
        b = new
        if still < 1e-12:
            break
    return np.asarray(a[:, None] * costs * b[None, :], dtype=np.float64)
