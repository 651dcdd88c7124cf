"""Every read of tariff scenarios: the effects on each supplier, on each product, and the sums with their range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Bi, Column, Parameter
from banggiao.core.vocabulary import vocabulary
from banggiao.markets.answers import MILLION, market_question, million, percent
from banggiao.markets.names import countries, hs, product_names
from banggiao.markets.scenarios import Scenario, scenario_of
from banggiao.markets.store import Chosen

SCENARIO = (
    Parameter("importer", N_("Thị trường thay đổi thuế"), "partner", default="USA"),
    Parameter("hs", N_("Mã HS (2, 4 hoặc 6 số, cách nhau bằng dấu phẩy)"), default="61"),
    Parameter("partners", N_("Nước được hưởng (mã ISO, cách nhau bằng dấu phẩy)"), default="VNM"),
    Parameter("before", N_("Thuế suất hiện nay (%)")),
    Parameter("after", N_("Thuế suất mới (%)"), default="0"),
    Parameter("demand", N_("Độ co giãn của cầu nhập khẩu")),
    Parameter("substitution", N_("Độ co giãn thay thế")),
    Parameter("supply", N_("Độ co giãn của cung xuất khẩu")),
)
_EFFECTS = (
    Column("imports", N_("Nhập khẩu trước"), "number", unit=MILLION),
    Column("creation", N_("Tạo thêm thương mại"), "number", unit=MILLION),
    Column("diversion", N_("Chuyển hướng thương mại"), "number", unit=MILLION),
    Column("total", N_("Tổng thay đổi"), "number", unit=MILLION),
    Column("low", N_("Thay đổi khi độ co giãn bằng nửa"), "number", unit=MILLION),
    Column("high", N_("Thay đổi khi độ co giãn gấp đôi"), "number", unit=MILLION),
)


def _effects(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(million(row[n]) for n in ("imports", "creation", "diversion", "total", "total_half", "total_double"))


def _by_partner(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> list[tuple[Any, ...]]:
    rows, names = scenario_of(params, chosen).simulation.by_partner().to_pylist(), countries(chosen)
    return [
        (
            names[r["partner"]].cell, names[r["partner"]].iso3, percent(r["before"]), percent(r["after"]), *_effects(r),
            million(r["revenue_after"] - r["revenue_before"]),
        )
        for r in sorted(rows, key=lambda r: (-abs(r["total"]), r["partner"]))
    ]  # fmt: skip


BY_SUPPLIER = market_question(
    "market_tariff_suppliers",
    Bi("Kịch bản thuế: tác động tới từng nước bán", "Tariff scenario: effects on each supplier"),
    SCENARIO,
    (
        Column("supplier", N_("Nước bán"), "record"),
        Column("code", N_("Mã")),
        Column("before", N_("Thuế suất trước"), "percent"),
        Column("after", N_("Thuế suất sau"), "percent"),
        *_EFFECTS,
        Column("revenue", N_("Thay đổi số thu thuế"), "number", unit=MILLION),
    ),
    "market_tariff",
    _by_partner,
)


def _by_product(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> list[tuple[Any, ...]]:
    rows = scenario_of(params, chosen).simulation.by_product().to_pylist()
    names, origin = product_names({r["product"] for r in rows}, chosen), vocabulary("elasticity_source")
    return [
        (
            names[r["product"]], hs(r["product"]), *_effects(r), round(r["demand"], 2), _said(origin, r["demand_source"]),
            round(r["substitution"], 2), _said(origin, r["substitution_source"]),
        )
        for r in sorted(rows, key=lambda r: (-abs(r["total"]), r["product"]))
    ]  # fmt: skip


def _said(terms: Any, code: str) -> Bi:
    return Bi(terms.label(code, "vi"), terms.label(code, "en"))


BY_PRODUCT = market_question(
    "market_tariff_products",
    Bi(
        "Kịch bản thuế: tác động theo mặt hàng và độ co giãn đã dùng", "Tariff scenario: effects by product and elasticities used"
    ),
    SCENARIO,
    (
        Column("product", N_("Sản phẩm"), "bilingual"),
        Column("hs", N_("Mã HS"), "mono"),
        *_EFFECTS,
        Column("demand", N_("Độ co giãn của cầu nhập khẩu"), "number"),
        Column("demand_source", N_("Nguồn độ co giãn của cầu"), "bilingual"),
        Column("substitution", N_("Độ co giãn thay thế"), "number"),
        Column("substitution_source", N_("Nguồn độ co giãn thay thế"), "bilingual"),
    ),
    "market_tariff",
    _by_product,
)

#: Sum of a scenario -> what it is called.
SUMS = {
    "winners": Bi("Các nước được hưởng bán thêm", "More sold by those who benefit"),
    "creation": Bi("Tạo thêm thương mại", "Trade creation"),
    "diversion": Bi("Các nước khác mất", "Lost by others"),
    "revenue": Bi("Thay đổi số thu thuế nhập khẩu", "Change of duty collected"),
    "welfare": Bi("Lợi ích của người mua", "Gain of buyers"),
}


def _sums(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> list[tuple[Any, ...]]:
    scenario = scenario_of(params, chosen)
    found = {name: _summed(scenario, name) for name in ("half", "central", "double")}
    return [(SUMS[name], name, *(million(found[case][name]) for case in ("central", "half", "double"))) for name in SUMS]


def _summed(scenario: Scenario, case: str) -> dict[str, float]:
    import numpy as np

    effects, flows = getattr(scenario.simulation, case), scenario.simulation.flows
    ours = np.isin(flows.partner, [p.code for p in scenario.partners])
    sums = effects.sums()
    return {
        "winners": float(effects.total[ours].sum()),
        "creation": sums["creation"],
        "diversion": float(effects.total[~ours].sum()),
        "revenue": sums["revenue"],
        "welfare": sums["welfare"],
    }


TOTALS = market_question(
    "market_tariff_totals",
    Bi("Kịch bản thuế: kết quả chung", "Tariff scenario: result"),
    SCENARIO,
    (
        Column("effect", N_("Tác động"), "bilingual"),
        Column("code", N_("Mã")),
        Column("central", N_("Ước tính"), "number", unit=MILLION),
        Column("half", N_("Khi độ co giãn bằng nửa"), "number", unit=MILLION),
        Column("double", N_("Khi độ co giãn gấp đôi"), "number", unit=MILLION),
    ),
    "market_tariff",
    _sums,
)
