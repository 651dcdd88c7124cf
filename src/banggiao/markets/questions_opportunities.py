"""Every read of what to sell where: opportunities of an exporter, the terms of one of them, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from banggiao.barriers.models import Barrier
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Bi, Column, Parameter, Ref, Row
from banggiao.markets.answers import EXPORTER, MILLION, known, market_question, million, percent, ranges_of, top_of
from banggiao.markets.matrices import potential_of, taken_apart
from banggiao.markets.measuring import first_year, listed, trade
from banggiao.markets.names import Country, countries, country_of, hs, product_names, sector_of
from banggiao.markets.questions_structure import HS, MARKET, PRODUCT, TOP, one_product
from banggiao.markets.store import Chosen
from banggiao.markets.tariffs import Tariff, tariffs_on
from banggiao.markets.words import ranges_for
from banggiao.partners.models import PartnerMember

if TYPE_CHECKING:
    from banggiao.analytics.potential import ExporterPotential

#: Measure of `opportunity_measure` -> the cells are ordered by it; those that need the details are ordered among the largest.
_ARRAYS = ("unrealised", "potential", "actual")
OVER = ("resolved_full", "archived")
#: The register holds what stands in the way of this exporter; of others it says nothing.
HOME = "VNM"


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a product in a market beside its potential: growth of imports a year, suppliers, the largest of them."""

    imports: float
    growth: float | None
    suppliers: int
    leader: int | None
    leader_share: float | None


def cells_for(params: Mapping[str, str], chosen: Chosen, found: ExporterPotential) -> list[tuple[int, int]]:
    """Places (market, product) of the cells wanted, best first, as many as asked for. Raises InvalidInput."""
    import numpy as np

    from banggiao.analytics.ranking import largest

    products, markets = found.products, found.importers
    wanted = np.ones(len(products), bool)
    for ranges in ([ranges_of(params["hs"], "hs")] if params["hs"] else []) + ([ranges_for(params["q"])] if params["q"] else []):
        wanted &= np.array([any(int(code) in each for each in ranges) for code in products], bool)
    if params["sector"]:
        wanted &= np.array([sector_of(int(code)) == params["sector"] for code in products], bool)
    asked = np.ones(len(markets), bool)
    if params["market"]:
        asked = markets == country_of(params["market"], chosen, field="market").code
    measure = params["measure"] if params["measure"] in _ARRAYS else "unrealised"
    score = np.where(asked[:, None] & wanted[None, :], getattr(found, measure), 0.0)
    return [divmod(int(cell), len(products)) for cell in largest(score.ravel(), top_of(params))]


def _opportunities(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> list[tuple[Any, ...]]:
    exporter = country_of(params["exporter"], chosen, field="exporter")
    found = potential_of(chosen, exporter)
    places = cells_for(params, chosen, found)
    pairs = [(int(found.importers[j]), int(found.products[k])) for j, k in places]
    names, products = countries(chosen), product_names({k for _j, k in pairs}, chosen)
    details, duties = details_of(chosen, pairs), tariffs_on(exporter.code, pairs)
    obstacles = barriers_on([names[j] for j in {j for j, _k in pairs}], viewer)
    rows = []
    for (j, k), (market, product) in zip(places, pairs, strict=True):
        more, duty = details[market, product], duties.get((market, product), Tariff())
        leader = names[more.leader] if more.leader is not None else None
        actual = float(found.actual[j, k])
        rows.append(
            (
                products[product], hs(product), sector_of(product), names[market].cell, names[market].iso3,
                million(found.unrealised[j, k]), million(found.potential[j, k]), million(actual),
                percent(actual / more.imports if more.imports else None), million(more.imports), percent(more.growth),
                more.suppliers, leader.name if leader else None, percent(more.leader_share), percent(duty.applied),
                percent(duty.margin),
                sum(1 for b in obstacles if hits(b, names[market], product)) if exporter.iso3 == HOME else None,
            )
        )  # fmt: skip
    order = {"growth": 10, "share": 8}.get(params["measure"])
    if order:
        rows.sort(key=lambda row: _descending(row[order]))
    return rows


OPPORTUNITIES = market_question(
    "market_opportunities",
    Bi("Cơ hội xuất khẩu theo sản phẩm và thị trường", "Export opportunities by product and market"),
    (
        EXPORTER,
        Parameter("market", N_("Thị trường"), "partner"),
        Parameter("q", N_("Tên hàng")),
        HS,
        Parameter("sector", N_("Nhóm ngành hàng"), "code", "product_sector"),
        Parameter("measure", N_("Xếp theo"), "code", "opportunity_measure"),
        TOP,
    ),
    (
        Column("product", N_("Sản phẩm"), "bilingual"),
        Column("hs", N_("Mã HS"), "mono"),
        Column("sector", N_("Nhóm ngành hàng"), "code", "product_sector"),
        Column("market", N_("Thị trường"), "record"),
        Column("code", N_("Mã")),
        Column("unrealised", N_("Chưa khai thác"), "number", unit=MILLION),
        Column("potential", N_("Tiềm năng"), "number", unit=MILLION),
        Column("actual", N_("Xuất khẩu hiện nay"), "number", unit=MILLION),
        Column("share", N_("Thị phần"), "percent"),
        Column("imports", N_("Thị trường nhập khẩu"), "number", unit=MILLION),
        Column("growth", N_("Nhập khẩu tăng mỗi năm"), "percent"),
        Column("suppliers", N_("Số nước bán"), "number"),
        Column("leader", N_("Nước bán nhiều nhất"), "bilingual"),
        Column("leader_share", N_("Thị phần của nước đó"), "percent"),
        Column("tariff", N_("Thuế áp dụng"), "percent"),
        Column("margin", N_("Biên ưu đãi"), "percent"),
        Column("barriers", N_("Rào cản"), "number"),
    ),
    "export_potential",
    _opportunities,
)


def _descending(value: Any) -> tuple[bool, float]:
    """Largest first, what is not known last."""
    return value is None, -(value or 0.0)


def details_of(chosen: Chosen, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Details]:
    """Imports, growth and suppliers of (market, product) pairs, in one pass over their rows."""
    from banggiao.analytics.measures.growth import growth
    from banggiao.analytics.measures.shares import market_shares

    if not pairs:
        return {}
    begin = first_year(chosen)
    with trade(chosen, [begin, chosen.year] if begin else None) as table:
        rows = table.filter(
            table.importer.isin(sorted({j for j, _k in pairs})), table.product.isin(sorted({k for _j, k in pairs}))
        )
        now = rows.filter(rows.year == chosen.year)
        sold: dict[tuple[int, int], list[tuple[float, int, float]]] = {}
        for r in listed(market_shares(now)):
            sold.setdefault((r["importer"], r["product"]), []).append((r["share"] or 0.0, r["exporter"], r["value"]))
        rates = {}
        if begin:
            rates = {
                (r["importer"], r["product"]): r["growth"]
                for r in listed(growth(rows, begin, chosen.year, ["importer", "product"]))
            }
    made = {}
    for pair in pairs:
        suppliers = sold.get(pair, [])
        share, leader, _value = max(suppliers, default=(None, None, 0.0))
        made[pair] = Details(sum(v for _s, _e, v in suppliers), rates.get(pair), len(suppliers), leader, share)
    return made


# --- barriers


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A barrier of the register that is not over: who imposes it, and on which chapters (none: said in words only)."""

    barrier: Barrier
    imposers: frozenset[str]
    chapters: frozenset[int]


def barriers_on(markets: Sequence[Country], viewer: Viewer) -> list[Obstacle]:
    """The barriers of the register that these markets, or blocs they belong to, set up, as far as the viewer may know."""
    codes = {m.iso3 for m in markets}
    found = []
    rows = Barrier.objects.visible_to(viewer).exclude(state__in=OVER).filter(partner__isnull=False).select_related("partner")
    members: dict[Any, set[str]] = {}
    for bloc, code in PartnerMember.objects.filter(member__code__in=codes).values_list("bloc_id", "member__code"):
        members.setdefault(bloc, set()).add(code)
    for barrier in rows.order_by("code"):
        imposers = members.get(barrier.partner_id, set()) | ({barrier.partner.code} & codes if barrier.partner else set())
        if imposers:
            chapters = frozenset(int(c) for c in barrier.hs_chapters.replace(",", "|").split("|") if c.strip().isdigit())
            found.append(Obstacle(barrier, frozenset(imposers), chapters))
    return found


def hits(obstacle: Obstacle, market: Country, product: int) -> bool:
    """Whether a barrier stands in the way of a product in a market: by its chapters, or by any product where it names none."""
    return market.iso3 in obstacle.imposers and (not obstacle.chapters or product // 10_000 in obstacle.chapters)


def _barriers(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> list[Row]:
    product, market = one_product(params["product"]), country_of(params["market"], chosen, field="market")
    by_chapter, by_words = Bi("theo chương HS", "by HS chapter"), Bi("mặt hàng nêu bằng chữ", "goods named in words")
    return [
        Row(
            (
                Ref(b.pk, "barriers.barrier", Bi(b.name_vi, b.name_en)), b.kind, b.state, b.start, b.products_vi,
                by_chapter if each.chapters else by_words,
            ),
            exercise=b.exercise,
            mark=b.evidence,
        )
        for each in barriers_on([market], viewer)
        if hits(each, market, product)
        for b in (each.barrier,)
    ]  # fmt: skip


BARRIERS = market_question(
    "market_barriers",
    Bi("Rào cản trên một thị trường với một sản phẩm", "Barriers in a market to a product"),
    (PRODUCT, MARKET),
    (
        Column("barrier", N_("Rào cản"), "record"),
        Column("kind", N_("Loại"), "code", "barrier_kind"),
        Column("state", N_("Tình trạng"), "code", "barrier_status"),
        Column("start", N_("Từ"), "date"),
        Column("products", N_("Mặt hàng")),
        Column("matched", N_("Khớp theo")),
    ),
    "register_rows",
    _barriers,
)


# --- one opportunity

_TERMS = {
    "share": Bi("Thị phần thế giới", "World market share"),
    "supply_growth": Bi("Tăng trưởng của nước bán", "Growth of the exporter"),
    "self_sufficiency": Bi("Không bán lại hàng nhập", "Not re-exported"),
    "tariff_faced": Bi("Thuế phải chịu", "Tariffs faced"),
    "imports": Bi("Cầu của thị trường", "Demand of the market"),
    "demand_growth": Bi("Tăng trưởng của cầu", "Growth of demand"),
    "tariff_margin": Bi("Lợi thế thuế", "Tariff advantage"),
    "distance": Bi("Khoảng cách", "Distance"),
    "ease": Bi("Độ thuận lợi", "Ease"),
}
_MEANS = {
    "share": Bi(
        "phần của nước xuất khẩu trong xuất khẩu thế giới của sản phẩm", "the exporter's part of world exports of the product"
    ),
    "supply_growth": Bi("chưa nạp dữ liệu: lấy bằng 1", "no data loaded: taken as 1"),
    "self_sufficiency": Bi("không tính: lấy bằng 1", "not applied: taken as 1"),
    "tariff_faced": Bi("chưa nạp dữ liệu: lấy bằng 1", "no data loaded: taken as 1"),
    "imports": Bi("thị trường nhập khẩu sản phẩm này từ mọi nước", "what the market imports of the product from everyone"),
    "demand_growth": Bi("chưa nạp dữ liệu: lấy bằng 1", "no data loaded: taken as 1"),
    "tariff_margin": Bi("chưa nạp dữ liệu: lấy bằng 1", "no data loaded: taken as 1"),
    "distance": Bi("chưa nạp dữ liệu: lấy bằng 1", "no data loaded: taken as 1"),
    "ease": Bi(
        "thương mại hai nước so với mức ứng với thị phần thế giới; trên 1 là dễ hơn thường lệ",
        "trade of the two over what world market shares would give; above 1 is easier than usual",
    ),
}
_MILLION = Bi("triệu USD", "USD million")


def _terms(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> list[tuple[Any, ...]]:
    exporter, market = (country_of(params[n], chosen, field=n) for n in ("exporter", "market"))
    found = taken_apart(chosen, exporter, market, one_product(params["product"]))
    rows: list[tuple[Any, ...]] = []
    for name, value in found.factors.items():
        money = name == "imports"
        rows.append((_TERMS[name], _MEANS[name], million(value) if money else known(value, 6), _MILLION if money else None))
    for title, means, amount in (
        (Bi("Tiềm năng", "Potential"), Bi("tích của các số hạng trên", "the product of the terms above"), found.potential),
        (Bi("Xuất khẩu hiện nay", "Exports now"), Bi("theo bản phát hành", "by the release"), found.actual),
        (
            Bi("Chưa khai thác", "Unrealised"),
            Bi("tiềm năng trừ xuất khẩu hiện nay, không âm", "potential less exports now, not below zero"),
            found.unrealised,
        ),
    ):
        rows.append((title, means, million(amount), _MILLION))
    return rows


TERMS = market_question(
    "market_opportunity_terms",
    Bi("Cách ra con số tiềm năng của một cơ hội", "How the potential of an opportunity comes about"),
    (PRODUCT, MARKET, EXPORTER),
    (
        Column("term", N_("Số hạng"), "bilingual"),
        Column("meaning", N_("Nghĩa là"), "bilingual"),
        Column("value", N_("Giá trị"), "number"),
        Column("unit", N_("Đơn vị"), "bilingual"),
    ),
    "export_potential",
    _terms,
)
