"""What did trade agreements do to the trade of their members, how fast, and was the rise there before they began?

Panel PPML with effects of exporter-year, importer-year and pair, so that lasting traits of a pair that make both trade and
agreements likely do not count (Baier and Bergstrand 2007; Yotov et al. 2016, application 3). Trade at home, where the panel has
it, shares one effect, and borders by year then keep globalisation apart from agreements (Bergstrand, Larch and Yotov 2015).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from banggiao.analytics.gravity.inputs import Bools, Floats, Ints, Table, codes, columns, numbers, refuse
from banggiao.analytics.gravity.ppml import Convention, Effect, Estimate, percent_effect, ppml
from banggiao.core.errors import N_

STAGGERED = N_(
    "Hiệp định có hiệu lực vào các năm khác nhau; nếu tác động khác nhau theo nhóm, hệ số chung là trung bình có trọng số."
)
SELECTION = N_(
    "Các nước tự chọn đối tác để ký hiệp định; hiệu ứng cố định theo cặp chỉ loại bỏ được yếu tố không đổi theo thời gian."
)
NO_HOME = N_("Không có thương mại nội địa nên tác động chuyển hướng từ thị trường trong nước không được tính.")
PRE_TREND = N_("Thương mại đã tăng trước khi hiệp định có hiệu lực, nên chưa thể coi hệ số là tác động của hiệp định.")
TRUNCATED = N_("Cặp nước đã có hiệp định từ đầu kỳ dữ liệu không rõ năm bắt đầu; giai đoạn đầu của các cặp này được suy đoán.")
HOME = -1


@dataclass(frozen=True, slots=True)
class Study:
    """An estimate read as the effect of agreements.

    `offsets` says for each studied coefficient how many years after entry it is (negative: before; None where it is not a matter
    of time). `total` is the effect once phased in, in per cent; `pre_trend` the Wald test (statistic, p) that nothing moved
    before entry, None without leads. `caveats` are source messages for translation.
    """

    estimate: Estimate
    offsets: tuple[tuple[str, int | None], ...]
    total: Effect | None
    pre_trend: tuple[float, float] | None
    caveats: tuple[str, ...]


def phase_in(
    data: Table,
    *,
    lags: Sequence[int] = (4, 8, 12),
    leads: Sequence[int] = (),
    given: Mapping[int, str] | None = None,
    years: Collection[int] | None = None,
    borders: bool = True,
    convention: Convention = "stata_ppml",
    level: float = 0.95,
) -> Study:
    """The effect of `rta` (0 or 1) at entry and `lags` years later, with `leads` to see whether it began before.

    `data` has exporter, importer, year, trade, rta, one row a pair-year, with trade at home where known (exporter = importer).
    Lags are looked up in the panel; `given` names ready columns for some (lag in years, negative for a lead), which may know
    what happened before the panel begins. `years` are those to estimate on (intervals let trade adjust). `borders` adds a border
    effect a year where there is trade at home. `total` sums entry and lags. Raises InvalidInput as `ppml`, for duplicate rows and
    for an `rta` that is not 0 or 1.
    """
    panel = _panel(data, list((given or {}).values()))
    wanted = {0: "rta"} | {lag: f"rta_lag{lag}" for lag in lags} | {-lead: f"rta_lead{lead}" for lead in leads}
    table, guessed = dict(panel.table), 0
    for offset, name in wanted.items():
        if offset and given and offset in given:
            table[name] = panel.table[given[offset]]
        elif offset:
            table[name], unknown = panel.shifted(offset)
            guessed += unknown
    extra = _borders(panel, table, years) if borders and panel.at_home.any() else []
    estimate = _fit(panel, table, [*wanted.values(), *extra], years, convention, level)
    phased = [name for offset, name in wanted.items() if offset >= 0]
    ahead = [name for offset, name in wanted.items() if offset < 0]
    total = percent_effect(*estimate.sum_of(phased), level=level)
    pre_trend = estimate.jointly_zero(ahead) if ahead else None
    return Study(
        estimate, tuple((name, offset) for offset, name in wanted.items()), total, pre_trend, _caveats(panel, pre_trend, guessed)
    )


def event_study(
    data: Table,
    *,
    before: int = 3,
    after: int = 4,
    width: int = 4,
    years: Collection[int] | None = None,
    borders: bool = True,
    convention: Convention = "stata_ppml",
    level: float = 0.95,
) -> Study:
    """Trade of members by years since entry, in steps of `width` years, against the step just before entry.

    Steps run from -before to +after, the outermost two open-ended; `data` as in `phase_in`. Coefficients are called
    "event_-2", "event_0" ... in steps; step -1 is the reference. Pairs with an agreement since the first year of the panel stand
    in the last step. `total` is the last step. Raises InvalidInput as `ppml` and where no agreement begins within the panel.
    """
    panel = _panel(data, [])
    entry = panel.entries()
    began = np.isfinite(entry)
    if not (began & (entry > panel.year.min())).any():
        refuse("rta", N_("Không có hiệp định nào bắt đầu trong kỳ dữ liệu."))
    steps = np.floor((panel.year - np.where(began, entry, 0)) / width)
    # Nobody knows when those began that are there from the start: far enough back to stand in the last step.
    steps = np.where(entry == panel.year.min(), after, np.clip(steps, -before, after))
    table: dict[str, Any] = dict(panel.table)
    offsets: list[tuple[str, int | None]] = []
    for step in range(-before, after + 1):
        if step == -1:
            continue
        name = f"event_{step}"
        table[name] = (began & (steps == step)).astype(np.float64)
        offsets.append((name, step * width))
    extra = _borders(panel, table, years) if borders and panel.at_home.any() else []
    estimate = _fit(panel, table, [*(name for name, _ in offsets), *extra], years, convention, level)
    leads = [name for name, offset in offsets if offset is not None and offset < 0]
    pre_trend = estimate.jointly_zero(leads) if leads else None
    guessed = int((entry == panel.year.min()).sum())
    return Study(estimate, tuple(offsets), estimate.percent(f"event_{after}"), pre_trend, _caveats(panel, pre_trend, guessed))


def agreement_study(
    data: Table,
    agreements: Mapping[str, tuple[Collection[str], int]],
    *,
    years: Collection[int] | None = None,
    borders: bool = True,
    convention: Convention = "stata_ppml",
    level: float = 0.95,
) -> Study:
    """One coefficient for each named agreement (members, first year) and one, "rta", for all others in the panel.

    `data` as in `phase_in`. Members trade under an agreement from its first year on. Raises InvalidInput as `ppml`, and for an
    agreement without a pair of members in the panel or without years before and after its start.
    """
    panel = _panel(data, [])
    table: dict[str, Any] = dict(panel.table)
    named = np.zeros(len(panel.year), dtype=bool)
    used = np.isin(panel.year, sorted(years)) if years is not None else np.ones(len(panel.year), dtype=bool)
    for name, (members, year) in agreements.items():
        inside = np.isin(panel.table["exporter"], list(members)) & np.isin(panel.table["importer"], list(members))
        inside &= ~panel.at_home
        on = inside & (panel.year >= year)
        if not (on & used).any() or not (inside & used & ~on).any():
            refuse(
                name,
                N_("Hiệp định “%(name)s” không có cặp thành viên nào với số liệu cả trước và sau khi có hiệu lực."),
                name=name,
            )
        table[name] = on.astype(np.float64)
        named |= on
    table["rta"] = np.where(named, 0.0, panel.table["rta"])
    names = [*agreements, *(["rta"] if table["rta"][used].any() else [])]
    extra = _borders(panel, table, years) if borders and panel.at_home.any() else []
    estimate = _fit(panel, table, [*names, *extra], years, convention, level)
    return Study(estimate, tuple((name, None) for name in names), None, None, _caveats(panel, None, 0))


# --- how it is done


@dataclass(frozen=True, slots=True)
class _Panel:
    table: dict[str, npt.NDArray[Any]]
    pair: Ints
    year: Ints
    at_home: Bools

    def shifted(self, offset: int) -> tuple[Floats, int]:
        """`rta` of the pair `offset` years earlier, and for how many rows of members it had to be guessed.

        Outside the panel the nearest year stands in: agreements seldom end, so 0 at the start means 0 before it.
        """
        rta = self.table["rta"]
        order = np.lexsort((self.year, self.pair))
        keys = self.pair[order] * 10_000 + self.year[order]
        first, last = self.year.min(), self.year.max()
        wanted = np.clip(self.year - offset, first, last)
        at = np.minimum(np.searchsorted(keys, self.pair * 10_000 + wanted), len(keys) - 1)
        found = keys[at] == self.pair * 10_000 + wanted
        values = np.where(found, rta[order][at], rta)
        outside = (self.year - offset < first) | (self.year - offset > last) | ~found
        return np.asarray(values, dtype=np.float64), int((outside & (values == 1)).sum())

    def entries(self) -> Floats:
        """The first year in which the pair of each row has an agreement, infinity for none."""
        first = np.full(int(self.pair.max()) + 1, np.inf)
        on = self.table["rta"] == 1
        np.minimum.at(first, self.pair[on], self.year[on].astype(np.float64))
        return first[self.pair]


def _panel(data: Table, further: Sequence[str]) -> _Panel:
    table = columns(data, ("exporter", "importer", "year", "trade", "rta", *further))
    rta = numbers("rta", table["rta"])
    if not np.isin(rta, (0.0, 1.0)).all():
        refuse("rta", N_("Cột “rta” chỉ được có 0 hoặc 1."))
    table["rta"] = rta
    year = numbers("year", table["year"]).astype(np.int64)
    directed = codes([table["exporter"], table["importer"]])
    if len(np.unique(directed * 10_000 + year)) < len(year):
        refuse("rows", N_("Có cặp nước lặp lại trong cùng một năm."), remedy=N_("Hãy cộng các dòng trùng trước."))
    at_home = np.asarray(table["exporter"] == table["importer"])
    first = table["exporter"] <= table["importer"]
    low = np.where(first, table["exporter"], table["importer"])
    high = np.where(first, table["importer"], table["exporter"])
    table["pair"] = codes([low, high])
    # Trade at home of all countries shares one effect, as in the guide.
    table["pair_effect"] = np.where(at_home, HOME, table["pair"])
    return _Panel(table, directed, year, at_home)


def _borders(panel: _Panel, table: dict[str, Any], years: Collection[int] | None) -> list[str]:
    """A border dummy for every year but the last, which the pair effects absorb."""
    used = sorted(set(years) if years is not None else set(panel.year.tolist()))
    names = []
    for year in used[:-1]:
        name = f"border_{year}"
        table[name] = (~panel.at_home & (panel.year == year)).astype(np.float64)
        names.append(name)
    return names


def _fit(
    panel: _Panel,
    table: dict[str, Any],
    regressors: list[str],
    years: Collection[int] | None,
    convention: Convention,
    level: float,
) -> Estimate:
    if years is not None:
        kept = np.isin(panel.year, sorted(years))
        table = {name: np.asarray(values)[kept] for name, values in table.items()}
    return ppml(
        table,
        regressors=regressors,
        effects=("pair_effect", "exporter^year", "importer^year"),
        cluster="pair",
        convention=convention,
        level=level,
    )


def _caveats(panel: _Panel, pre_trend: tuple[float, float] | None, guessed: int) -> tuple[str, ...]:
    said = [SELECTION, STAGGERED]
    if not panel.at_home.any():
        said.append(NO_HOME)
    if guessed:
        said.append(TRUNCATED)
    if pre_trend is not None and pre_trend[1] < 0.05:
        said.append(PRE_TREND)
    return tuple(said)
