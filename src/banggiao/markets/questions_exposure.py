"""From which suppliers does a country buy goods it depends on, in how many products and for how much?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Bi, Column, Parameter
from banggiao.markets.answers import MILLION, market_question, million, percent, ranges_of
from banggiao.markets.measuring import listed, trade
from banggiao.markets.names import countries, country_of
from banggiao.markets.store import Chosen


def _exposure(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> list[tuple[Any, ...]]:
    from banggiao.analytics.measures.dependence import dependence, exposure

    importer, wanted = country_of(params["importer"], chosen, field="importer"), ranges_of(params["hs"], "hs")
    with trade(chosen) as table:
        measured = dependence(table, importer.code)
        if wanted:
            inside = measured.product.between(wanted[0].start, wanted[0].stop - 1)
            for each in wanted[1:]:
                inside = inside | measured.product.between(each.start, each.stop - 1)
            measured = measured.filter(inside)
        rows = listed(exposure(measured))
    names = countries(chosen)
    return [
        (
            names[r["exporter"]].cell, names[r["exporter"]].iso3, r["products"], million(r["flagged"]),
            percent(r["flagged_share"]), million(r["value"]), percent(r["share"]),
        )
        for r in sorted(rows, key=lambda r: (-r["flagged"], -r["value"], r["exporter"]))
    ]  # fmt: skip


EXPOSURE = market_question(
    "market_exposure",
    Bi("Hàng nhập khẩu bị phụ thuộc, theo nước bán", "Imports that depend on one supplier, by supplier"),
    (
        Parameter("importer", N_("Nước nhập khẩu"), "partner", default="VNM"),
        Parameter("hs", N_("Mã HS (2, 4 hoặc 6 số, cách nhau bằng dấu phẩy)")),
    ),
    (
        Column("supplier", N_("Nước bán"), "record"),
        Column("code", N_("Mã")),
        Column("products", N_("Số sản phẩm nước đó bán từ 50 %"), "number"),
        Column("flagged", N_("Trị giá các sản phẩm đó"), "number", unit=MILLION),
        Column("flagged_share", N_("Tỷ trọng trong nhập khẩu"), "percent"),
        Column("value", N_("Mọi hàng nhập từ nước đó"), "number", unit=MILLION),
        Column("share", N_("Thị phần"), "percent"),
    ),
    "market_dependence",
    _exposure,
)
