"""Every read of how trade is made up: partners and products of a country, concentration, dependence, fit, growth, suppliers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.questions import Bi, Column, Parameter
from banggiao.markets.answers import EXPORTER, MILLION, known, market_question, million, percent, ranges_of, top_of
from banggiao.markets.measuring import first_year, listed, trade
from banggiao.markets.names import countries, country_of, hs, product_names, sector_of
from banggiao.markets.store import Chosen
from banggiao.markets.tariffs import tariffs_on

PRODUCT = Parameter("product", N_("Sản phẩm (mã HS 6 số)"), needed=True)
MARKET = Parameter("market", N_("Thị trường"), needed=True)
TOP = Parameter("top", N_("Số dòng nhiều nhất"))
HS = Parameter("hs", N_("Mã HS (2, 4 hoặc 6 số, cách nhau bằng dấu phẩy)"))
Cells = list[tuple[Any, ...]]


def one_product(text: str, field: str = "product") -> int:
    """The code of one six-figure product as it is typed. Raises InvalidInput."""
    if not (text.isascii() and text.isdigit() and len(text) in (5, 6)):
        raise InvalidInput(
            N_("Mã HS “%(code)s” không hợp lệ."),
            code=text[:20],
            subject=field,
            remedy=N_("Hãy dùng mã 6 số."),
            problems=[FieldProblem(field, N_("Giá trị không hợp lệ."))],
        )
    return int(text)


def _suppliers(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> Cells:
    from banggiao.analytics.measures.competitors import competitors

    product = one_product(params["product"])
    market = country_of(params["market"], chosen, field="market")
    begin = first_year(chosen)
    with trade(chosen, [begin, chosen.year] if begin else None) as table:
        rows = listed(competitors(table, market.code, product))
    names = countries(chosen)
    return [
        (
            names[r["exporter"]].cell, names[r["exporter"]].iso3, r["rank"], million(r["value"]), percent(r["share"]),
            percent(r["share_change"]) if begin else None, percent(r["growth"]) if begin else None,
            known(r["unit_value"], 3) if r.get("unit_value") is not None else None,
        )
        for r in sorted(rows, key=lambda r: r["rank"])
    ]  # fmt: skip


SUPPLIERS = market_question(
    "market_suppliers",
    Bi("Đối thủ cạnh tranh trên một thị trường", "Competitors in a market"),
    (PRODUCT, MARKET),
    (
        Column("supplier", N_("Nước bán"), "record"),
        Column("code", N_("Mã")),
        Column("rank", N_("Thứ hạng"), "number"),
        Column("value", N_("Trị giá"), "number", unit=MILLION),
        Column("share", N_("Thị phần"), "percent"),
        Column("share_change", N_("Thay đổi thị phần (điểm %)"), "number"),
        Column("growth", N_("Tăng trưởng mỗi năm"), "percent"),
        Column("unit_value", N_("Đơn giá"), "number", unit=N_("nghìn USD/tấn")),
    ),
    "market_suppliers",
    _suppliers,
)


def _concentration(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> Cells:
    from banggiao.analytics.measures.concentration import concentration

    exporter = country_of(params["exporter"], chosen, field="exporter")
    found: Cells = []
    with trade(chosen, chosen.release.years) as table:
        ours = table.filter(table.exporter == exporter.code)
        for across, title in (("importer", Bi("Thị trường", "Markets")), ("product", Bi("Sản phẩm", "Products"))):
            for r in sorted(listed(concentration(ours, [across])), key=lambda r: r["year"]):
                found.append(
                    (
                        str(r["year"]), title, million(r["value"]), r["active"], known(r["hhi"]), known(r["hhi_normalised"]),
                        known(r["equivalent"], 1), known(r["theil"]),
                    )
                )  # fmt: skip
    return found


CONCENTRATION = market_question(
    "market_concentration",
    Bi("Mức tập trung xuất khẩu qua các năm", "Concentration of exports over the years"),
    (EXPORTER,),
    (
        Column("period", N_("Năm")),
        Column("across", N_("Theo"), "bilingual"),
        Column("value", N_("Xuất khẩu"), "number", unit=MILLION),
        Column("active", N_("Số có thương mại (n)"), "number"),
        Column("hhi", "HHI", "number"),
        Column("hhi_normalised", N_("HHI chuẩn hóa"), "number"),
        Column("equivalent", N_("Số tương đương (1/HHI)"), "number"),
        Column("theil", N_("Chỉ số Theil"), "number"),
    ),
    "market_concentration",
    _concentration,
)


def _dependence(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> Cells:
    from banggiao.analytics.measures.dependence import dependence

    importer = country_of(params["importer"], chosen, field="importer")
    wanted = ranges_of(params["hs"], "hs")
    supplier = country_of(params["supplier"], chosen, field="supplier").code if params["supplier"] else None
    with trade(chosen) as table:
        measured = dependence(table, importer.code)
        measured = measured.filter(measured.flags > 0) if not supplier else measured.filter(measured.exporter == supplier)
        rows = listed(measured)
    rows = [r for r in rows if not wanted or any(r["product"] in each for each in wanted)]
    rows.sort(key=lambda r: (-r["flags"], -r["value"], r["product"]))
    rows = rows[: top_of(params)]
    names, products = countries(chosen), product_names({r["product"] for r in rows}, chosen)
    return [
        (
            products[r["product"]], hs(r["product"]), sector_of(r["product"]), names[r["exporter"]].cell,
            names[r["exporter"]].iso3, million(r["value"]), percent(r["share"]), r["suppliers"], known(r["supplier_hhi"]),
            percent(r["world_share"]), r["flags"],
        )
        for r in rows
    ]  # fmt: skip


DEPENDENCE = market_question(
    "market_dependence",
    Bi("Phụ thuộc nhập khẩu vào một nước bán", "Import dependence on one supplier"),
    (
        Parameter("importer", N_("Nước nhập khẩu"), "partner", default="VNM"),
        Parameter("supplier", N_("Nước bán"), "partner"),
        HS,
        TOP,
    ),
    (
        Column("product", N_("Sản phẩm"), "bilingual"),
        Column("hs", N_("Mã HS"), "mono"),
        Column("sector", N_("Nhóm ngành hàng"), "code", "product_sector"),
        Column("supplier", N_("Nước bán"), "record"),
        Column("code", N_("Mã")),
        Column("value", N_("Nhập khẩu từ nước đó"), "number", unit=MILLION),
        Column("share", N_("Tỷ trọng trong nhập khẩu"), "percent"),
        Column("suppliers", N_("Số nước bán"), "number"),
        Column("hhi", N_("HHI các nước bán"), "number"),
        Column("world_share", N_("Tỷ trọng trong cung thế giới"), "percent"),
        Column("flags", N_("Số ngưỡng chạm tới"), "number"),
    ),
    "market_dependence",
    _dependence,
)


def _alternatives(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> Cells:
    from banggiao.analytics.measures.dependence import alternatives

    product, importer = one_product(params["product"]), country_of(params["importer"], chosen, field="importer")
    leaving, begin = country_of(params["market"], chosen, field="market"), first_year(chosen)
    with trade(chosen, [begin, chosen.year] if begin else None) as table:
        rows = listed(alternatives(table, importer.code, product, leaving.code))
    names = countries(chosen)
    return [
        (
            names[r["exporter"]].cell, names[r["exporter"]].iso3, million(r["exports"]), percent(r["world_share"]),
            million(r["supplied"]), million(r["elsewhere"]), known(r["cover"], 2) if r["cover"] is not None else None,
            percent(r["growth"]) if begin else None,
        )
        for r in sorted(rows, key=lambda r: -r["exports"])[: top_of(params)]
    ]  # fmt: skip


ALTERNATIVES = market_question(
    "market_alternatives",
    Bi("Nguồn thay thế khi một nước ngừng bán", "Alternatives should a supplier stop selling"),
    (
        PRODUCT,
        Parameter("market", N_("Nước ngừng bán"), "partner", needed=True),
        Parameter("importer", N_("Nước nhập khẩu"), "partner", default="VNM"),
        TOP,
    ),
    (
        Column("supplier", N_("Nước bán"), "record"),
        Column("code", N_("Mã")),
        Column("exports", N_("Xuất khẩu sản phẩm"), "number", unit=MILLION),
        Column("world_share", N_("Tỷ trọng trong cung thế giới"), "percent"),
        Column("supplied", N_("Đang bán cho nước nhập khẩu"), "number", unit=MILLION),
        Column("elsewhere", N_("Bán cho nước khác"), "number", unit=MILLION),
        Column("cover", N_("Bù được bao nhiêu lần"), "number"),
        Column("growth", N_("Tăng trưởng mỗi năm"), "percent"),
    ),
    "market_dependence",
    _alternatives,
)


def _complementarity(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> Cells:
    from banggiao.analytics.measures.complementarity import complementarity

    exporter = country_of(params["exporter"], chosen, field="exporter")
    with trade(chosen) as table:
        rows = listed(complementarity(table, exporter=exporter.code))
        sold = table.filter(table.exporter == exporter.code)
        values = {r["importer"]: r["value"] for r in listed(sold.group_by("importer").agg(value=sold.value.sum()))}
    names = countries(chosen)
    return [
        (names[r["importer"]].cell, names[r["importer"]].iso3, known(r["tci"], 1), million(values.get(r["importer"], 0.0)))
        for r in sorted(rows, key=lambda r: (-r["tci"], r["importer"]))
    ]


COMPLEMENTARITY = market_question(
    "market_complementarity",
    Bi("Mức bổ trợ thương mại với từng thị trường", "Trade complementarity with each market"),
    (EXPORTER,),
    (
        Column("market", N_("Thị trường"), "record"),
        Column("code", N_("Mã")),
        Column("tci", "TCI", "number"),
        Column("exports", N_("Xuất khẩu hiện nay"), "number", unit=MILLION),
    ),
    "market_complementarity",
    _complementarity,
)


def _growth(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> Cells:
    from banggiao.analytics.measures.growth import decomposition

    exporter, begin = country_of(params["exporter"], chosen, field="exporter"), first_year(chosen)
    if begin is None:
        return []
    with trade(chosen, [begin, chosen.year]) as table:
        rows = listed(decomposition(table, exporter.code, begin, chosen.year, by=["importer"]))
    names = countries(chosen)
    return [
        (
            names[r["importer"]].cell, names[r["importer"]].iso3, f"{begin}–{chosen.year}",
            *(million(r[n]) for n in ("start", "end", "change", "world", "product_mix", "market_mix", "competitiveness")),
        )
        for r in sorted(rows, key=lambda r: -abs(r["change"]))
    ]  # fmt: skip


GROWTH = market_question(
    "market_growth",
    Bi("Vì sao xuất khẩu sang từng thị trường thay đổi", "Why exports to each market changed"),
    (EXPORTER,),
    (
        Column("market", N_("Thị trường"), "record"),
        Column("code", N_("Mã")),
        Column("period", N_("Thời kỳ")),
        Column("start", N_("Năm đầu"), "number", unit=MILLION),
        Column("end", N_("Năm cuối"), "number", unit=MILLION),
        Column("change", N_("Thay đổi"), "number", unit=MILLION),
        Column("world", N_("Do cầu thế giới"), "number", unit=MILLION),
        Column("product_mix", N_("Do cơ cấu sản phẩm"), "number", unit=MILLION),
        Column("market_mix", N_("Do cơ cấu thị trường"), "number", unit=MILLION),
        Column("competitiveness", N_("Do năng lực cạnh tranh"), "number", unit=MILLION),
    ),
    "market_growth",
    _growth,
)


def _partner_trade(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> Cells:
    home, partner = (country_of(params[n], chosen, field=n) for n in ("exporter", "partner"))
    with trade(chosen) as table:
        sold = table.filter((table.exporter == home.code) & (table.importer == partner.code))
        bought = table.filter((table.exporter == partner.code) & (table.importer == home.code))
        out, into = (
            {r["product"]: r["value"] for r in listed(t.group_by("product").agg(value=t.value.sum()))} for t in (sold, bought)
        )
    codes = sorted({*out, *into}, key=lambda k: (-(out.get(k, 0.0) + into.get(k, 0.0)), k))[: top_of(params)]
    names, sold_all, bought_all = product_names(codes, chosen), sum(out.values()), sum(into.values())
    return [
        (
            names[k], hs(k), sector_of(k), million(out.get(k, 0.0)), percent(out.get(k, 0.0) / sold_all if sold_all else None),
            million(into.get(k, 0.0)), percent(into.get(k, 0.0) / bought_all if bought_all else None),
            million(out.get(k, 0.0) - into.get(k, 0.0)),
        )
        for k in codes
    ]  # fmt: skip


PARTNER_TRADE = market_question(
    "market_partner_trade",
    Bi("Thương mại hai chiều với một nước theo sản phẩm", "Two-way trade with a country by product"),
    (Parameter("partner", N_("Đối tác"), "partner", needed=True), EXPORTER, TOP),
    (
        Column("product", N_("Sản phẩm"), "bilingual"),
        Column("hs", N_("Mã HS"), "mono"),
        Column("sector", N_("Nhóm ngành hàng"), "code", "product_sector"),
        Column("exports", N_("Xuất khẩu"), "number", unit=MILLION),
        Column("export_share", N_("Tỷ trọng trong xuất khẩu sang đó"), "percent"),
        Column("imports", N_("Nhập khẩu"), "number", unit=MILLION),
        Column("import_share", N_("Tỷ trọng trong nhập khẩu từ đó"), "percent"),
        Column("balance", N_("Cán cân"), "number", unit=MILLION),
    ),
    "market_partner_trade",
    _partner_trade,
)


def _preference(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> Cells:
    """What the exporter sells, with the duty it meets there; what no schedule held knows is left out."""
    exporter = country_of(params["exporter"], chosen, field="exporter")
    market = country_of(params["market"], chosen, field="market") if params["market"] else None
    wanted = ranges_of(params["hs"], "hs")
    with trade(chosen) as table:
        sold = table.filter(table.exporter == exporter.code)
        sold = sold.filter(sold.importer == market.code) if market else sold
        values = {(r["importer"], r["product"]): r["value"] for r in listed(sold.select("importer", "product", "value"))}
    pairs = [pair for pair in values if not wanted or any(pair[1] in each for each in wanted)]
    found = [(pair, duty) for pair, duty in tariffs_on(exporter.code, pairs).items() if duty.mfn is not None]
    found.sort(key=lambda each: (-(each[1].margin or 0.0), -values[each[0]], each[0]))
    found = found[: top_of(params)]
    names, products = countries(chosen), product_names({product for (_importer, product), _duty in found}, chosen)
    return [
        (
            products[product], hs(product), names[importer].cell, names[importer].iso3, million(values[importer, product]),
            percent(duty.mfn), percent(duty.applied), percent(duty.margin),
        )
        for (importer, product), duty in found
    ]  # fmt: skip


PREFERENCE = market_question(
    "market_preference",
    Bi("Biên ưu đãi thuế của hàng đang bán, theo thị trường", "Preference margins on what is sold, by market"),
    (EXPORTER, Parameter("market", N_("Thị trường"), "partner"), HS, TOP),
    (
        Column("product", N_("Sản phẩm"), "bilingual"),
        Column("hs", N_("Mã HS"), "mono"),
        Column("market", N_("Thị trường"), "record"),
        Column("code", N_("Mã")),
        Column("value", N_("Trị giá"), "number", unit=MILLION),
        Column("mfn", N_("Thuế MFN"), "percent"),
        Column("paid", N_("Thuế áp dụng"), "percent"),
        Column("margin", N_("Biên ưu đãi"), "percent"),
    ),
    "market_preference",
    _preference,
)
