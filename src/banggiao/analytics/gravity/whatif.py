"""What would an agreement change, for its members and for others: "an FTA with Mercosur"?

`world_from_totals` makes a world out of what is public for every country (GDP, total exports and imports, distances): known
totals are spread over partners by gravity. `world_from_flows` takes observed trade between countries instead.
`agreement_effects` then lowers trade costs between the sides of an agreement by an estimated coefficient and solves the
equilibrium, at the coefficient and at both ends of its interval. Every result carries the caveats that belong beside its figures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.stats import norm

from banggiao.analytics.gravity.ease import pair_traits
from banggiao.analytics.gravity.equilibrium import (
    SIGMA,
    Counterfactual,
    Mode,
    agreement_change,
    from_trade,
    home_trade,
    simulate,
)
from banggiao.analytics.gravity.inputs import Bools, Floats, Table, columns, numbers, refuse
from banggiao.core.errors import N_


@dataclass(frozen=True, slots=True)
class Assumed:
    """A coefficient with its standard error and where it was estimated."""

    coefficient: float
    error: float
    source: str


#: What trade agreements did to trade between their members: estimated in tests/known_answers on the panel of the guide, with
#: effects of pair, exporter-year and importer-year; standard error by pair. e^.557 - 1 = 75%.
RTA = Assumed(
    0.5571853,
    0.1022353,
    "Yotov, Piermartini, Monteiro, Larch 2016, WTO/UNCTAD: 69 countries, manufactures, 1986-2006, PPML with pair effects",
)
#: The same once phased in and with borders falling by year beside it (sum of entry and three lags, column 7 of table 3 there):
#: more careful, because globalisation is then not counted as an effect of agreements. e^.475 - 1 = 61%.
RTA_PHASED = Assumed(0.4750185, 0.1094833, RTA.source + ", phased in over 12 years, borders by year")
#: How trade falls with distance and rises with a border, a language, a colonial past in common: PPML column of table 1 there.
COSTS: Mapping[str, float] = {"distance": -0.8409, "contiguous": 0.4374, "common_language": 0.2475, "colonial": -0.2225}
#: Gross output over GDP of the world economy; about 2 in the World Input-Output Database (Timmer et al. 2015).
OUTPUT_RATIO = 2.0
#: Trade at home is at least this share of output: entrepots export more than they make.
HOME_FLOOR = 0.1

ROUGH = N_("Thương mại giữa từng cặp nước là số ước tính: tổng xuất, nhập khẩu đã biết được chia theo GDP và khoảng cách.")
PARTNERS = N_("Chỉ biết tổng xuất, nhập khẩu và vài bạn hàng lớn nhất của mỗi nước; phần còn lại được chia theo khoảng cách.")
OBSERVED = N_("Thương mại giữa từng cặp nước lấy từ bản dữ liệu; chiều thiếu báo cáo có thể thấp hơn thực tế.")
AVERAGE = N_("Hệ số là tác động trung bình của các hiệp định 1986-2006 với hàng công nghiệp, không phải của riêng hiệp định này.")
LONG_RUN = N_("Kết quả so hai trạng thái cân bằng dài hạn, không phải dự báo theo năm.")
ONE_SECTOR = N_("Mô hình một ngành, nguồn lực cố định: không có đầu tư, việc làm, chuyển dịch giữa các ngành và thu thuế.")
SPARED = N_("Cặp nước đã có hiệp định với nhau được giữ nguyên, dù hiệp định mới có thể sâu hơn.")
FLOORED = N_("Nước trung chuyển xuất khẩu nhiều hơn sản xuất nên phần bán trong nước được đặt ở mức tối thiểu.")


@dataclass(frozen=True, slots=True)
class World:
    """Countries and their trade X [C, C] in million USD, rows export, the diagonal is trade at home (an estimate).

    `covered` [C, C] marks pairs with an agreement in force; `floored` names countries whose trade at home was set to the
    minimum; `caveats` are source messages for translation.
    """

    countries: tuple[str, ...]
    trade: Floats
    covered: Bools
    floored: tuple[str, ...]
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementEffects:
    """What the agreement changes: `middle` at the coefficient, `low` and `high` at the ends of its interval, for each mode.

    `between` is trade between the sides before and after, in million USD (full mode, middle). `members` are all countries of the
    sides. `caveats` are source messages for translation; `assumed` says the coefficient and where it comes from.
    """

    sides: tuple[tuple[str, ...], ...]
    members: tuple[str, ...]
    assumed: Assumed
    sigma: float
    level: float
    middle: Mapping[Mode, Counterfactual]
    low: Mapping[Mode, Counterfactual]
    high: Mapping[Mode, Counterfactual]
    spared: int
    before: Floats
    between: tuple[float, float]
    caveats: tuple[str, ...]

    def arrow(self) -> pa.Table:
        """One row a country and mode: member or not, exports_pct, imports_pct, real_output_pct and welfare_pct with low and
        high, price_pct, and exports before and after in million USD. Measures that a mode does not compute are null."""
        tables = []
        for mode, middle in self.middle.items():
            rows: dict[str, object] = {
                "mode": [mode] * len(middle.countries),
                "country": list(middle.countries),
                "member": [country in self.members for country in middle.countries],
                "exports_before_musd": _abroad(self.before),
                "exports_after_musd": _abroad(middle.trade),
            }
            for name in ("exports", "imports", "real_output", "welfare"):
                values = [np.asarray(getattr(result, name)) for result in (self.low[mode], middle, self.high[mode])]
                ends = np.sort(np.stack(values), axis=0)
                rows[f"{name}_pct"] = pa.array(values[1], from_pandas=True)
                rows[f"{name}_low_pct"] = pa.array(ends[0], from_pandas=True)
                rows[f"{name}_high_pct"] = pa.array(ends[2], from_pandas=True)
            rows["price_pct"] = pa.array(middle.price, from_pandas=True)
            tables.append(pa.table(rows))
        return pa.concat_tables(tables)

    def pairs(self, country: str) -> pa.Table:
        """Exports of one country to each other, before and after (full mode) in million USD, largest change first."""
        at = self.middle["full"].countries.index(country)
        after, before = self.middle["full"].trade[at], self.before[at]
        others = [place for place in np.argsort(-np.abs(after - before), kind="stable") if place != at]
        return pa.table(
            {
                "importer": [self.middle["full"].countries[place] for place in others],
                "before_musd": before[others],
                "after_musd": after[others],
            }
        )


def world_from_totals(
    countries: Table,
    pairs: Table,
    *,
    shares: Table | None = None,
    in_force: Iterable[Collection[str]] = (),
    ratio: float = OUTPUT_RATIO,
    costs: Mapping[str, float] = COSTS,
    agreement: float = RTA.coefficient,
) -> World:
    """A world out of totals. All values in million USD.

    `countries` has columns iso3, gdp, exports, imports; `pairs` has iso3_a, iso3_b, distance_km, contiguous, common_language,
    colonial, each pair once in either order. Exports and imports of the totals are kept (imports scaled so that the world
    imports what it exports) and spread over partners in proportion to exp(costs) by iterative proportional fitting, which is
    what PPML with effects of exporter and importer would fit. `shares`, where given, has known cells: columns exporter, importer,
    share (of the exporter's exports or the importer's imports, 0 to 1) and flow ("export" or "import"); the remainder is spread
    around them, and totals that do not agree with them win. `in_force` holds the member lists of agreements in force.
    Raises InvalidInput for fewer than three countries, missing or negative figures and pairs without a distance.
    """
    table = columns(countries, ("iso3", "gdp", "exports", "imports"))
    names = tuple(str(code) for code in table["iso3"])
    if len(names) < 3:
        refuse("countries", N_("Cần ít nhất ba nước để chia thương mại theo khoảng cách."))
    gdp, sold, bought = (numbers(name, table[name]) for name in ("gdp", "exports", "imports"))
    for name, values in (("gdp", gdp), ("exports", sold), ("imports", bought)):
        wrong = ~np.isfinite(values) | (values <= 0)
        if wrong.any():
            country = names[int(np.argmax(wrong))]
            refuse(name, N_("“%(country)s” thiếu số liệu %(name)s."), subject=country, country=country, name=name)
    covered = _covered(names, in_force)
    seed = np.exp(_log_costs(names, pairs, costs) + agreement * covered)
    np.fill_diagonal(seed, 0)
    bought = bought * (sold.sum() / bought.sum())
    abroad = _spread(seed, sold, bought)
    if shares is not None:
        abroad = _spread(_around(abroad, _known(names, shares, sold, bought), sold, bought), sold, bought)
    home = home_trade(names, gdp, sold, ratio=ratio, floor=HOME_FLOOR)
    return World(
        names,
        abroad + np.diag(home.values),
        covered,
        home.floored,
        _said(ROUGH if shares is None else PARTNERS, home.caveat, home.floored),
    )


def world_from_flows(
    countries: Sequence[str],
    flows: npt.ArrayLike,
    gdp: npt.ArrayLike,
    *,
    in_force: Iterable[Collection[str]] = (),
    ratio: float = OUTPUT_RATIO,
) -> World:
    """A world out of observed trade between countries [C, C] (rows export; the diagonal is replaced) and GDP [C], million USD.

    Trade at home is ratio x GDP - exports. Raises InvalidInput for missing or negative figures.
    """
    names = tuple(countries)
    x = np.array(flows, dtype=np.float64)
    if x.shape != (len(names), len(names)) or not np.isfinite(x).all() or (x < 0).any():
        refuse("flows", N_("Ma trận “%(name)s” phải vuông, mỗi nước một hàng và một cột."), name="flows")
    np.fill_diagonal(x, 0)
    home = home_trade(names, gdp, x.sum(axis=1), ratio=ratio, floor=HOME_FLOOR)
    np.fill_diagonal(x, home.values)
    return World(names, x, _covered(names, in_force), home.floored, _said(OBSERVED, home.caveat, home.floored))


def agreement_effects(
    world: World,
    sides: Sequence[Collection[str]],
    *,
    assumed: Assumed = RTA,
    sigma: float = SIGMA,
    level: float = 0.95,
    reference: str | None = None,
    spare_covered: bool = True,
) -> AgreementEffects:
    """What an agreement between `sides` does: [["VNM"], ["ARG", "BRA", ...]], or one side whose members agree with each other.

    Modes "conditional" and "full", each at b and at both ends of its interval at `level`. `reference` is the country whose price
    index measures prices (by default the largest economy that is no member). Pairs already covered are left as they are unless
    `spare_covered` is false. Raises InvalidInput for unknown countries, a country on two sides, no pair left, and where no
    equilibrium is found.
    """
    listed = tuple(tuple(side) for side in sides)
    members = tuple(dict.fromkeys(country for side in listed for country in side))
    spared = world.covered if spare_covered else None
    reach = float(norm.ppf(0.5 + level / 2)) * assumed.error
    change = agreement_change(world.countries, listed, 1.0, spared=spared) > 1
    ignoring = agreement_change(world.countries, listed, 1.0) > 1
    if reference is None:
        size = world.trade.sum(axis=1)
        order = [world.countries[place] for place in np.argsort(-size, kind="stable")]
        reference = next((country for country in order if country not in members), order[0])
    base = from_trade(world.countries, world.trade, reference=reference)
    results: list[dict[Mode, Counterfactual]] = []
    modes: tuple[Mode, ...] = ("conditional", "full")
    for coefficient in (assumed.coefficient - reach, assumed.coefficient, assumed.coefficient + reach):
        factor = np.where(change, np.exp(coefficient), 1.0)
        results.append({mode: simulate(base, factor, sigma=sigma, mode=mode) for mode in modes})
    left_out = int((ignoring & ~change).sum() // 2)
    after = results[1]["full"].trade
    return AgreementEffects(
        sides=listed,
        members=members,
        assumed=assumed,
        sigma=sigma,
        level=level,
        low=results[0],
        middle=results[1],
        high=results[2],
        spared=left_out,
        before=world.trade,
        between=(float(world.trade[change].sum()), float(after[change].sum())),
        caveats=(*world.caveats, AVERAGE, LONG_RUN, ONE_SECTOR, *([SPARED] if left_out else [])),
    )


# --- how it is done


def _abroad(trade: Floats) -> Floats:
    return np.asarray(trade.sum(axis=1) - np.diagonal(trade), dtype=np.float64)


def _said(first: str, home: str, floored: tuple[str, ...]) -> tuple[str, ...]:
    return (first, home, *([FLOORED] if floored else []))


def _covered(names: tuple[str, ...], in_force: Iterable[Collection[str]]) -> Bools:
    covered = np.zeros((len(names), len(names)), dtype=bool)
    for members in in_force:
        inside = np.array([name in members for name in names])
        covered |= np.outer(inside, inside)
    np.fill_diagonal(covered, False)
    return covered


def _log_costs(names: tuple[str, ...], pairs: Table, costs: Mapping[str, float]) -> Floats:
    traits = pair_traits(names, pairs)
    logs = costs["distance"] * traits.pop("ln_distance") + sum(costs[name] * matrix for name, matrix in traits.items())
    np.fill_diagonal(logs, 0)
    if np.isnan(logs).any():
        i, j = (int(place) for place in np.argwhere(np.isnan(logs))[0])
        refuse("pairs", N_("Thiếu khoảng cách giữa “%(a)s” và “%(b)s”."), a=names[i], b=names[j])
    return logs


def _known(names: tuple[str, ...], shares: Table, sold: Floats, bought: Floats) -> Floats:
    """Known trade [C, C] in million USD, NaN elsewhere; the geometric mean where both sides say something."""
    table = columns(shares, ("exporter", "importer", "share", "flow"))
    index = {name: place for place, name in enumerate(names)}
    share = numbers("share", table["share"])
    if not ((share >= 0) & (share <= 1)).all():
        refuse("share", N_("Tỷ trọng phải từ 0 đến 1."))
    told = np.zeros((2, len(names), len(names)))
    for exporter, importer, part, flow in zip(table["exporter"], table["importer"], share, table["flow"], strict=True):
        i, j = index.get(str(exporter), -1), index.get(str(importer), -1)
        if i >= 0 and j >= 0 and i != j and part > 0:
            told[int(flow == "import"), i, j] = part * (bought[j] if flow == "import" else sold[i])
    both = (told > 0).all(axis=0)
    either = told.max(axis=0)
    return np.where(both, np.sqrt(told[0] * told[1]), np.where(either > 0, either, np.nan))


def _around(matrix: Floats, known: Floats, rows: Floats, across: Floats) -> Floats:
    """`matrix` with the known cells put in and the others brought near what is left of the sums."""
    fixed = np.where(np.isnan(known), 0, known)
    free = np.where(np.isnan(known), matrix, 0)
    # What is known may add up to more than the total; a hundredth is then left for all others.
    left_rows = np.maximum(rows - fixed.sum(axis=1), 0.01 * rows)
    left_across = np.maximum(across - fixed.sum(axis=0), 0.01 * across)
    for _ in range(50):
        free *= (left_rows / np.maximum(free.sum(axis=1), 1e-300))[:, None]
        free *= left_across / np.maximum(free.sum(axis=0), 1e-300)
    return fixed + free


def _spread(seed: Floats, rows: Floats, across: Floats) -> Floats:
    """The matrix nearest to `seed` (in relative entropy) with these sums of rows and columns (Deming and Stephan 1940)."""
    matrix = seed.copy()
    for _ in range(2000):
        matrix *= (rows / matrix.sum(axis=1))[:, None]
        matrix *= across / matrix.sum(axis=0)
        if np.abs(matrix.sum(axis=1) / rows - 1).max() < 1e-10:
            return matrix
    # Sums of a country alone can exceed what all others trade, and then there is no such matrix.
    refuse("exports", N_("Không chia được tổng xuất, nhập khẩu theo các cặp nước: tổng của một nước lớn hơn phần còn lại."))
