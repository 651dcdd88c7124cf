"""What would trade, prices and real output be, were trade costs others and every market cleared again?

One sector, one good a country (Armington), endowments fixed: Anderson and van Wincoop (2003) as solved in chapter 2 of Yotov,
Piermartini, Monteiro and Larch (2016), "An Advanced Guide to Trade Policy Analysis: The Structural Gravity Model", WTO/UNCTAD.
With trade costs in powers, t = tau^(1-sigma), and Pi and P the (1-sigma) powers of the outward and inward resistances:

    X_ij = Y_i E_j / Y * t_ij / (Pi_i P_j)
    Pi_i = sum_j t_ij (E_j / Y) / P_j          P_j = sum_i t_ij (Y_i / Y) / Pi_i
    p_i^(1-sigma) = [(Y_i' / Y') / Pi_i'] / [(Y_i / Y) / Pi_i]

Three closures, and the result names its own:
- "conditional": output and expenditure stay, only the resistances answer;
- "full": Y_i' = p_i Y_i and E_i' = phi_i Y_i' with phi = E/Y, scaled so that the world spends what it earns;
- "one_step": prices from the conditional resistances with the old shares of output, and no further round. It is what
  gegravity (USITC) computes and not a solution of the equations: kept to compare with it.

The equations are solved by Newton's method in the logarithms of the N factory-gate terms, because going round the fixed point
converges as slowly as economies are closed; the residual of the equations above is computed afterwards and must be below 1e-10.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from banggiao.analytics.gravity.inputs import Floats, places, refuse, square, vector
from banggiao.core.errors import N_

Mode = Literal["conditional", "full", "one_step"]
MODES: tuple[Mode, ...] = ("conditional", "full", "one_step")
#: The residual of the equations that a solution must stay below, relative to their left-hand sides.
TOLERANCE = 1e-10
#: Elasticity of substitution between goods of different countries used in the examples of the guide.
SIGMA = 7.0
_STEPS = 200
_Equations = Callable[[Floats], tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Economy:
    """A world in equilibrium at factory-gate prices of 1: countries, t_ij [C, C], output and expenditure [C] in one currency.

    `outward` and `inward` are Pi and P, the latter 1 in `reference`; `scaled` is the factor by which the expenditure brought in
    was multiplied so that the world spends what it earns; `residual` that of the equations.
    """

    countries: tuple[str, ...]
    costs: Floats
    output: Floats
    expenditure: Floats
    outward: Floats
    inward: Floats
    reference: str
    scaled: float
    residual: float

    @property
    def trade(self) -> Floats:
        """X_ij [C, C], rows export; the diagonal is trade at home. Rows sum to output, columns to expenditure."""
        return _trade(self.costs, self.output, self.expenditure, self.outward, self.inward)


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What changes: vectors of per cent by country in the order of `countries`; `mode`, `sigma` and `reference` say how.

    `exports` and `imports` leave out trade at home; `price` is that of the factory gate, `consumer_price` the price index P, both
    against the index of the reference country; `real_output` is Y/P (real GDP), `welfare` E/P. `trade` is the new X_ij [C, C].
    In the conditional mode prices and output do not move, so `price`, `real_output` and `welfare` are NaN: not computed.
    """

    mode: Mode
    sigma: float
    reference: str
    countries: tuple[str, ...]
    exports: Floats
    imports: Floats
    outward: Floats
    consumer_price: Floats
    price: Floats
    output: Floats
    real_output: Floats
    welfare: Floats
    trade: Floats
    residual: float
    steps: int

    def arrow(self) -> pa.Table:
        """One row a country: mode, country and the per cent changes."""
        names = ("exports", "imports", "price", "consumer_price", "outward", "output", "real_output", "welfare")
        fixed = {"country": list(self.countries), "mode": [self.mode] * len(self.countries)}
        return pa.table(fixed | {f"{name}_pct": pa.array(getattr(self, name), from_pandas=True) for name in names})


def from_costs(
    countries: Sequence[str],
    costs: npt.ArrayLike,
    output: npt.ArrayLike,
    expenditure: npt.ArrayLike,
    *,
    reference: str | None = None,
) -> Economy:
    """The baseline for estimated costs t = exp(b z) [C, C] and given output and expenditure [C] (one currency).

    Expenditure is scaled to the world's output first (`scaled`), or the resistances would carry the mismatch. The diagonal of
    `costs`, trade at home, is needed. Raises InvalidInput for fewer than two countries, values that are missing or negative, a
    country that can trade with nobody, and where no solution is found.
    """
    names = _countries(countries)
    size = len(names)
    t = square("costs", costs, size)
    _connected(names, t)
    y, spent = vector("output", output, size), vector("expenditure", expenditure, size)
    scaled = float(y.sum() / spent.sum())
    e = spent * scaled
    at = _reference(names, reference)
    terms, _ = _shares(t, y, e, np.zeros(size))
    outward, inward = _resistances(t, y, e, terms, at)
    residual = _residual(t, y, e, outward, inward)
    _solved(residual)
    return Economy(names, t, y, e, outward, inward, names[at], scaled, residual)


def from_trade(countries: Sequence[str], trade: npt.ArrayLike, *, reference: str | None = None) -> Economy:
    """The baseline that reproduces observed trade exactly, X [C, C] with trade at home on the diagonal, in any one currency.

    Costs follow from t_ij = X_ij Y / (Y_i E_j), which makes every resistance 1 ("exact hat algebra", Dekle, Eaton and Kortum
    2007). Pairs without trade stay without. Raises InvalidInput as `from_costs`, and for a diagonal that is not positive: where
    trade at home is unknown, see `home_trade`.
    """
    names = _countries(countries)
    x = square("trade", trade, len(names))
    if (np.diagonal(x) <= 0).any():
        lacking = names[int(np.argmax(np.diagonal(x) <= 0))]
        refuse(
            "trade",
            N_("Thiếu thương mại nội địa của “%(country)s”: mô hình cân bằng cần phần hàng làm ra và bán trong nước."),
            subject=lacking,
            remedy=N_("Hãy thêm thương mại nội địa, hoặc ước tính từ GDP bằng home_trade."),
            country=lacking,
        )
    y, e = x.sum(axis=1), x.sum(axis=0)
    costs = x * y.sum() / np.outer(y, e)
    ones = np.ones(len(names))
    at = _reference(names, reference)
    return Economy(names, costs, y, e, ones, ones, names[at], 1.0, _residual(costs, y, e, ones, ones))


def simulate(base: Economy, change: npt.ArrayLike, *, sigma: float = SIGMA, mode: Mode = "full") -> Counterfactual:
    """What happens when the costs become `change` times what they were: exp(b * change of z) [C, C], 1 where nothing changes.

    `change` acts on t = tau^(1-sigma): an agreement with coefficient b gives exp(b) in its pairs. Raises InvalidInput for sigma
    of 1 or less, for an unknown mode, for costs that are zero or negative, and, with the reason, where no solution is found.
    """
    if mode not in MODES:
        refuse("mode", N_("Không có cách đóng mô hình “%(mode)s”."), mode=mode)
    if not np.isfinite(sigma) or sigma <= 1:
        refuse("sigma", N_("Độ co giãn thay thế phải lớn hơn 1."))
    size = len(base.countries)
    t = base.costs * square("change", change, size, positive=True)
    at = base.countries.index(base.reference)
    start = np.log(base.output / base.output.sum() / base.outward)
    power = 1 / (1 - sigma)
    if mode == "full":
        prices, steps = _prices(t, base.output, base.expenditure, start, sigma)
        y, e = _incomes(base, prices)
        outward, inward = _resistances(t, y, e, start + (1 - sigma) * prices, at)
        # Homogeneous of degree one: prices are measured in the consumer price of the reference country.
        level = power * (np.log(base.inward[at]) - np.log((t * np.exp(start + (1 - sigma) * prices)[:, None]).sum(axis=0)[at]))
        price = np.exp(prices + level)
        y, e = base.output * price, e * np.exp(level)
        clears = float(np.abs((y / y.sum() / outward) * np.exp(-start) / price ** (1 - sigma) - 1).max())
    else:
        terms, steps = _shares(t, base.output, base.expenditure, start)
        outward, inward = _resistances(t, base.output, base.expenditure, terms, at)
        y, e, clears = base.output, base.expenditure, 0.0
        price = np.full(size, np.nan)
    residual = max(_residual(t, y, e, outward, inward), clears)
    _solved(residual)
    trade = _trade(t, y, e, outward, inward)
    if mode == "one_step":
        price = (outward / base.outward) ** -power
        y, e = base.output * price, base.expenditure * price
        trade = _trade(t, y, e, outward, inward)
    before, index = base.trade, (inward / base.inward) ** power
    return Counterfactual(
        mode=mode,
        sigma=sigma,
        reference=base.reference,
        countries=base.countries,
        exports=_percent(_abroad(trade, 1), _abroad(before, 1)),
        imports=_percent(_abroad(trade, 0), _abroad(before, 0)),
        outward=100 * ((outward / base.outward) ** power - 1),
        consumer_price=100 * (index - 1),
        price=100 * (price - 1),
        output=100 * (price - 1),
        real_output=100 * (price / index - 1),
        welfare=100 * (e / base.expenditure / index - 1) if mode != "conditional" else np.full(size, np.nan),
        trade=trade,
        residual=residual,
        steps=steps,
    )


def agreement_change(
    countries: Sequence[str], sides: Sequence[Sequence[str]], coefficient: float, *, spared: npt.ArrayLike | None = None
) -> Floats:
    """The change of costs [C, C] for an agreement: exp(coefficient) in both directions between its members, 1 elsewhere.

    One side: all its members with each other. Several sides: every member with those of the other sides, not with its own, as
    when a country joins a bloc that is already one market. `spared` [C, C] marks pairs that already have an agreement. Raises
    InvalidInput for a country that is not in the list or stands on two sides, and where no pair is left.
    """
    names = tuple(countries)
    side_of = np.full(len(names), -1)
    for number, side in enumerate(sides):
        for place in places(names, side):
            if side_of[place] >= 0:
                refuse("sides", N_("Nước “%(country)s” đứng ở hai bên của hiệp định."), country=names[place])
            side_of[place] = number
    within = side_of >= 0
    pairs = np.outer(within, within) & ~np.eye(len(names), dtype=bool)
    if len(sides) > 1:
        pairs &= side_of[:, None] != side_of[None, :]
    if spared is not None:
        pairs &= ~np.asarray(spared, dtype=bool)
    if not pairs.any():
        refuse("sides", N_("Hiệp định không có cặp nước nào mới: cần ít nhất hai nước chưa có hiệp định với nhau."))
    return np.where(pairs, np.exp(coefficient), 1.0)


@dataclass(frozen=True, slots=True)
class HomeTrade:
    """Trade at home [C] by construction, with the countries where it was floored and the caveat to show beside results."""

    values: Floats
    floored: tuple[str, ...]
    caveat: str


def home_trade(
    countries: Sequence[str], gdp: npt.ArrayLike, exports: npt.ArrayLike, *, ratio: float, floor: float = 0.1
) -> HomeTrade:
    """Trade at home where only GDP is known: ratio x GDP - exports, all in one currency; at least `floor` of ratio x GDP.

    `ratio` is gross output over GDP. Entrepots export more than they make, so their difference is negative and is floored. Raises
    InvalidInput for a ratio that is not positive and for missing or negative values.
    """
    names = _countries(countries)
    if not ratio > 0 or not 0 < floor < 1:
        refuse("ratio", N_("Tỷ lệ tổng sản lượng trên GDP phải lớn hơn 0."))
    made = ratio * vector("gdp", gdp, len(names))
    sold = np.array(exports, dtype=np.float64)
    if sold.shape != made.shape or not np.isfinite(sold).all() or (sold < 0).any():
        refuse("exports", N_("“%(name)s” phải có mỗi nước một giá trị."), name="exports")
    home = np.maximum(made - sold, floor * made)
    floored = tuple(name for name, low in zip(names, made - sold < floor * made, strict=True) if low)
    return HomeTrade(
        home,
        floored,
        N_("Thương mại nội địa là số ước tính: GDP nhân với một tỷ lệ chung, trừ xuất khẩu; không phải số thống kê."),
    )


# --- solving


def _shares(t: Floats, y: Floats, e: Floats, start: Floats) -> tuple[Floats, int]:
    """ln a with sum_j a_i t_ij E_j / P_j = Y_i and P_j = sum_i a_i t_ij; a = (Y_i/Y)/Pi up to one common factor."""

    def equations(a: Floats) -> tuple[Floats, Floats]:
        sales, rows, columns = _flows(t, a, e)
        return np.log(sales / y), np.eye(len(y)) - rows @ columns.T

    return _newton(equations, start)


def _prices(t: Floats, output: Floats, expenditure: Floats, start: Floats, sigma: float) -> tuple[Floats, int]:
    """ln p with sum_j X_ij = p_i Y_i where a_i = start_i + (1-sigma) ln p_i and E_j in proportion to phi_j p_j Y_j."""
    identity = np.eye(len(output))

    def equations(p: Floats) -> tuple[Floats, Floats]:
        y, spent = output * np.exp(p), expenditure * np.exp(p)
        e = spent * (y.sum() / spent.sum())
        sales, rows, columns = _flows(t, start + (1 - sigma) * p, e)
        shift = y / y.sum() - e / e.sum()
        return np.log(sales / y), (1 - sigma) * (identity - rows @ columns.T) + rows - identity + shift[None, :]

    return _newton(equations, np.zeros(len(output)))


def _flows(t: Floats, a: Floats, e: Floats) -> tuple[Floats, Floats, Floats]:
    """Sales [C], and the flows as shares of sales (rows sum to 1) and of expenditure (columns sum to 1)."""
    # Costs differ by orders of magnitude; only ratios matter, so the largest term is taken out.
    weights = t * np.exp(a - a.max())[:, None]
    columns = weights / weights.sum(axis=0)
    flows = columns * e
    sales = flows.sum(axis=1)
    return sales, flows / sales[:, None], columns


def _newton(equations: _Equations, start: Floats) -> tuple[Floats, int]:
    """The root, by Newton's method with halved steps; the level, which the equations leave open, stays where it started."""
    point = start.copy()
    values, jacobian = equations(point)
    worst = float(np.abs(values).max())
    for step in range(_STEPS):
        if worst < 1e-14:
            return point, step
        # Adding a constant to the Jacobian picks the step that sums to nothing out of a line of them.
        try:
            move = np.linalg.solve(jacobian + np.sign(np.trace(jacobian)) / len(point), -values)
        except np.linalg.LinAlgError:
            # Countries fall into groups that do not trade with each other: the residual will say so.
            return point, step
        move -= move.mean()
        factor = min(1.0, 3.0 / max(float(np.abs(move).max()), 1e-300))
        while factor > 1e-6:
            trial = point + factor * move
            new_values, new_jacobian = equations(trial)
            size = float(np.abs(new_values).max())
            if np.isfinite(size) and size < worst:
                break
            factor /= 2
        else:
            # Rounding, not the method, keeps it from falling further.
            return point, step
        point, values, jacobian, worst = trial, new_values, new_jacobian, size
    return point, _STEPS


def _resistances(t: Floats, y: Floats, e: Floats, terms: Floats, at: int) -> tuple[Floats, Floats]:
    a = np.exp(terms - terms.max())
    inward = (t * a[:, None]).sum(axis=0)
    outward = y / y.sum() / a
    # X depends on Pi x P only; P of the reference country is 1.
    level = inward[at]
    inward, outward = inward / level, outward * level
    # One round of the equations themselves brings the last digits.
    outward = (t * (e / y.sum() / inward)[None, :]).sum(axis=1)
    inward = (t * (y / y.sum() / outward)[:, None]).sum(axis=0)
    return outward * inward[at], inward / inward[at]


def _residual(t: Floats, y: Floats, e: Floats, outward: Floats, inward: Floats) -> float:
    total = y.sum()
    first = (t * (e / total / inward)[None, :]).sum(axis=1) / outward - 1
    second = (t * (y / total / outward)[:, None]).sum(axis=0) / inward - 1
    return float(max(np.abs(first).max(), np.abs(second).max()))


def _trade(t: Floats, y: Floats, e: Floats, outward: Floats, inward: Floats) -> Floats:
    return np.asarray(np.outer(y, e) / y.sum() * t / np.outer(outward, inward), dtype=np.float64)


def _incomes(base: Economy, prices: Floats) -> tuple[Floats, Floats]:
    y, spent = base.output * np.exp(prices), base.expenditure * np.exp(prices)
    return y, spent * (y.sum() / spent.sum())


def _abroad(trade: Floats, axis: int) -> Floats:
    return np.asarray(trade.sum(axis=axis) - np.diagonal(trade), dtype=np.float64)


def _percent(after: Floats, before: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(before > 0, 100 * (after / before - 1), np.nan)


# --- refusals


def _countries(countries: Sequence[str]) -> tuple[str, ...]:
    names = tuple(countries)
    if len(names) < 2:
        refuse("countries", N_("Cần ít nhất hai nước."))
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        refuse("countries", N_("Nước “%(country)s” có hai lần trong danh sách."), country=twice)
    return names


def _connected(names: tuple[str, ...], t: Floats) -> None:
    for axis in (0, 1):
        empty = t.sum(axis=axis) == 0
        if empty.any():
            name = names[int(np.argmax(empty))]
            refuse("costs", N_("“%(country)s” không buôn bán được với nước nào, kể cả trong nước."), subject=name, country=name)


def _reference(names: tuple[str, ...], reference: str | None) -> int:
    return 0 if reference is None else int(places(names, [reference])[0])


def _solved(residual: float) -> None:
    if not residual < TOLERANCE:
        refuse(
            "equilibrium",
            N_("Không tìm được cân bằng: phương trình còn lệch %(residual)s, mức cho phép là %(tolerance)s."),
            remedy=N_("Hãy kiểm tra nước có sản lượng gần bằng 0 hoặc tách rời các nước khác, hay giảm mức thay đổi chi phí."),
            residual=f"{residual:.1e}",
            tolerance=f"{TOLERANCE:.0e}",
        )
