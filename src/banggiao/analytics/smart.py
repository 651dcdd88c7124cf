"""What would a change of tariffs do to an importer's suppliers, its revenue and its buyers? (SMART, partial equilibrium)

The single-market model of the World Bank's SMART: products do not influence each other, suppliers are imperfect substitutes,
and what is not traded today stays untraded. Laird and Yeats 1986, "The UNCTAD Trade Policy Simulation Model", UNCTAD DP 19;
Jammes and Olarreaga 2005, "Explaining SMART and GSIM", World Bank.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from banggiao.analytics.elasticities import Elasticities, Floats, elasticities
from banggiao.core.errors import N_, FieldProblem, InvalidInput

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
#: A tariff above 1,000 per cent is a percentage written where a fraction belongs; above 100 per cent some exist, worth a look.
IMPOSSIBLE, UNUSUAL = 10.0, 1.0
MEASURES = ("imports", "creation", "diversion", "price", "total", "revenue_before", "revenue_after", "welfare")


@dataclass(frozen=True, slots=True)
class Flows:
    """What an importer buys: a row for each product and partner; tariffs as fractions (0.1 is ten per cent).

    `imports` in any one unit of money (the store: thousand USD) before duty, `before` and `after` the tariff the partner pays.
    """

    product: Codes
    partner: Codes
    imports: Floats
    before: Floats
    after: Floats


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects of a change on each row of its flows, in the unit of the imports.

    creation: more bought because it became cheaper; diversion: taken from (or lost to) other suppliers, adding up to 0 in a
    product; price: what suppliers gain by a higher price where supply is finite; total = creation + diversion + price;
    revenue_before, revenue_after: duty collected; welfare: the buyers' gain from creation.
    """

    imports: Floats
    creation: Floats
    diversion: Floats
    price: Floats
    total: Floats
    revenue_before: Floats
    revenue_after: Floats
    welfare: Floats

    def sums(self) -> dict[str, float]:
        """Each effect over all rows, and `revenue`, the change of duty collected."""
        sums = {name: float(getattr(self, name).sum()) for name in MEASURES}
        return sums | {"revenue": sums["revenue_after"] - sums["revenue_before"]}


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulated change: the effects with the elasticities named, and with half and double of demand and substitution.

    `cautions` are source messages about what should be looked at before the figures are used.
    """

    flows: Flows
    elasticities: Elasticities
    central: Effects
    half: Effects
    double: Effects
    cautions: tuple[str, ...]

    def rows(self) -> pa.Table:
        """A row for each product and partner: codes, tariffs, effects, and total_half and total_double."""
        return self._table(np.arange(len(self.flows.imports)), self.flows.product, self.flows.partner)

    def by_product(self) -> pa.Table:
        """The effects summed over partners, with the elasticities of each product and their sources."""
        codes, group = np.unique(self.flows.product, return_inverse=True)
        summed = self._grouped(group, len(codes), product=codes)
        used = self.elasticities
        place = np.searchsorted(used.product, codes)
        for name in ("demand", "substitution", "supply"):
            summed = summed.append_column(name, pa.array(getattr(used, name)[place]))
        for name in ("demand_source", "substitution_source"):
            summed = summed.append_column(name, pa.array([getattr(used, name)[i] for i in place]))
        return summed

    def by_partner(self) -> pa.Table:
        """The effects summed over products, with the average tariffs paid before and after (weighted by imports before)."""
        codes, group = np.unique(self.flows.partner, return_inverse=True)
        summed = self._grouped(group, len(codes), partner=codes)
        weights = np.bincount(group, self.flows.imports, len(codes))
        for name in ("before", "after"):
            duty = np.bincount(group, self.flows.imports * getattr(self.flows, name), len(codes))
            average = np.divide(duty, weights, out=np.full(len(codes), np.nan), where=weights > 0)
            summed = summed.append_column(name, pa.array(average, from_pandas=True))
        return summed

    def totals(self) -> dict[str, dict[str, float]]:
        """The sums of each effect: {"central": {...}, "half": {...}, "double": {...}}."""
        return {"central": self.central.sums(), "half": self.half.sums(), "double": self.double.sums()}

    def _table(self, order: Codes, product: Codes, partner: Codes) -> pa.Table:
        columns: dict[str, Any] = {"product": product, "partner": partner}
        columns |= {name: getattr(self.flows, name)[order] for name in ("before", "after")}
        columns |= {name: getattr(self.central, name)[order] for name in MEASURES}
        return pa.table(columns | {"total_half": self.half.total[order], "total_double": self.double.total[order]})

    def _grouped(self, group: Codes, size: int, **codes: Codes) -> pa.Table:
        columns: dict[str, Any] = dict(codes)
        columns |= {name: np.bincount(group, getattr(self.central, name), size) for name in MEASURES}
        columns |= {f"total_{name}": np.bincount(group, getattr(self, name).total, size) for name in ("half", "double")}
        return pa.table(columns)


def simulate(flows: Flows, used: Elasticities | None = None, importer: str = "") -> Simulation:
    """The effects of going from `before` to `after`, vectorised over products and partners.

    `used` are the elasticities, by default those of `elasticities` for the importer (ISO3). With d = (t0 - t1) / (1 + t0):
    creation M e d / (1 + e / x); diversion holds the product's imports M and moves the ratio of any two partners by
    (1 + s d_i) / (1 + s d_l), which for one partner against others at their old tariffs is Laird and Yeats'
    M_i M_o r / (M + M_i r), r = s d; a partner loses at most all; price = creation / x; revenue t1 (M + total); welfare
    (t0 + t1) / 2 times creation, which leaves out what diversion to a dearer supplier costs.
    Raises InvalidInput for tariffs or imports that make no sense, doubled rows, and where nothing is traded or changed.
    """
    _check(flows)
    used = used or elasticities(flows.product.tolist(), importer)
    if missing := set(flows.product.tolist()) - set(used.product.tolist()):
        raise _invalid(
            "elasticities",
            N_("Thiếu độ co giãn của mặt hàng %(product)s."),
            product=", ".join(f"{p:06d}" for p in sorted(missing)[:5]),
        )
    return Simulation(
        flows,
        used,
        _effects(flows, used),
        _effects(flows, used.scaled(0.5)),
        _effects(flows, used.scaled(2.0)),
        _cautions(flows, used),
    )


def flows_of(rows: pa.Table, after: Callable[[Flows], Floats] | None = None) -> Flows:
    """Flows of an Arrow table with product and partner (numbers), value, before and, where it has it, after.

    `after`, where given, gets the flows and returns their new tariffs: `lambda f: changed(f, f.partner == 704, to=0.0)`. Raises
    InvalidInput naming missing columns.
    """
    if missing := [name for name in ("product", "partner", "value", "before") if name not in rows.column_names]:
        raise _invalid(missing[0], N_("Bảng thiếu cột %(missing)s."), missing=", ".join(missing))
    before = rows["before"].to_numpy().astype(np.float64)
    stays = rows["after"].to_numpy().astype(np.float64) if "after" in rows.column_names else before
    found = Flows(
        rows["product"].to_numpy().astype(np.int64),
        rows["partner"].to_numpy().astype(np.int64),
        rows["value"].to_numpy().astype(np.float64),
        before,
        stays,
    )
    return found if after is None else Flows(found.product, found.partner, found.imports, before, after(found))


def changed(found: Flows, where: Flags, *, to: float | None = None, cut: float | None = None) -> Floats:
    """The tariffs of `found` with those of some rows set `to` a fraction, or `cut` by a share of themselves (0.5: halved).

    Raises InvalidInput unless exactly one of the two is given, or for a cut above 1.
    """
    if (to is None) == (cut is None):
        raise _invalid("to", N_("Hãy nêu hoặc thuế suất mới, hoặc mức cắt giảm."))
    if cut is not None and not cut <= 1:
        raise _invalid("cut", N_("Không thể cắt giảm nhiều hơn cả mức thuế."))
    new = found.before * (1 - cut) if cut is not None else np.full_like(found.before, to)
    return np.where(where, new, found.before)


def _effects(flows: Flows, used: Elasticities) -> Effects:
    place = np.searchsorted(used.product, flows.product)
    demand, substitution, supply = used.demand[place], used.substitution[place], used.supply[place]
    _codes, group = np.unique(flows.product, return_inverse=True)
    bought = flows.imports.astype(np.float64)
    cheaper = (flows.before - flows.after) / (1 + flows.before)
    growth = demand * cheaper / (1 + demand / supply)
    # No supplier can lose more than all it sells, whatever the elasticity.
    growth = np.maximum(growth, -1.0)
    creation = bought * growth
    weights = bought * np.maximum(1 + substitution * cheaper, 0.0)
    held, moved = np.bincount(group, bought)[group], np.bincount(group, weights)[group]
    # Where every supplier would lose all, nobody is left to divert to.
    share = np.divide(weights, moved, out=np.zeros_like(bought), where=moved > 0)
    diversion = np.where(moved > 0, held * share, bought) - bought
    price = creation / supply
    total = creation + diversion + price
    # What creation loses must still be there after diversion.
    total = np.maximum(total, -bought)
    return Effects(
        bought,
        creation,
        diversion,
        price,
        total,
        flows.before * bought,
        flows.after * (bought + total),
        (flows.before + flows.after) / 2 * creation,
    )


def _check(flows: Flows) -> None:
    columns = (flows.product, flows.partner, flows.imports, flows.before, flows.after)
    if len({column.shape for column in columns}) != 1 or flows.product.ndim != 1:
        raise _invalid("product", N_("Các cột không cùng số dòng."))
    for name in ("imports", "before", "after"):
        if not bool(np.all(np.isfinite(getattr(flows, name)))):
            raise _invalid(name, N_("Có dòng thiếu số hoặc không phải là số."))
    if bool(np.any(flows.imports < 0)):
        raise _invalid("imports", N_("Kim ngạch nhập khẩu không thể âm."))
    for name in ("before", "after"):
        tariffs = getattr(flows, name)
        if bool(np.any(tariffs < 0)):
            raise _invalid(name, N_("Thuế suất không thể âm."))
        if bool(np.any(tariffs > IMPOSSIBLE)):
            raise _invalid(
                name,
                N_("Có thuế suất vượt quá 10 lần trị giá hàng; hãy viết 0,1 cho mười phần trăm."),
            )
    if not bool(np.any(flows.imports > 0)):
        raise _invalid("imports", N_("Không có nhập khẩu nào để mô phỏng; mô hình chỉ tính trên luồng hàng đang có."))
    if bool(np.all(flows.before == flows.after)):
        raise _invalid("after", N_("Không có thuế suất nào thay đổi."))
    pairs = np.stack([flows.product, flows.partner])
    unique, count = np.unique(pairs, axis=1, return_counts=True)
    if unique.shape[1] != pairs.shape[1]:
        product, partner = unique[:, int(np.argmax(count))].tolist()
        raise _invalid(
            "partner",
            N_("Mặt hàng %(product)s của đối tác %(partner)s có nhiều dòng; hãy cộng lại trước."),
            product=f"{product:06d}",
            partner=partner,
        )


def _cautions(flows: Flows, used: Elasticities) -> tuple[str, ...]:
    touched = flows.before != flows.after
    place = np.searchsorted(used.product, flows.product)
    swing = used.substitution[place] * (flows.before - flows.after) / (1 + flows.before)
    found = {
        N_("Có thuế suất cao hơn cả trị giá hàng; hãy kiểm tra lại."): np.maximum(flows.before, flows.after) > UNUSUAL,
        N_("Có đối tác chưa bán mặt hàng được giảm thuế; mô hình không tính luồng hàng mới."): touched & (flows.imports == 0),
        N_("Thay đổi quá lớn so với độ co giãn: có nguồn hàng mất hết trong mô hình."): swing <= -1,
    }
    notes = [message for message, rows in found.items() if bool(np.any(rows))]
    if "assumed" in used.demand_source:
        notes.append(N_("Độ co giãn của cầu nhập khẩu là giả định, không phải ước lượng."))
    if {"median", "overall"} & set(used.substitution_source):
        notes.append(N_("Độ co giãn thay thế là trung vị của các nước có ước lượng, không phải của nước nhập khẩu này."))
    return tuple(notes)


def _invalid(field: str, message: str, **params: object) -> InvalidInput:
    return InvalidInput(message, problems=[FieldProblem(field, message)], **params)
