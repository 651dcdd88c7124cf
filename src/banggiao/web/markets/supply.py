"""The pages of dependence and concentration: on whom imports depend, who else could deliver, and how spread exports are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import banggiao.reports.market_supply  # noqa: F401  its pictures are asked for by name
from banggiao.core.questions import ALL, Answer, Bi, Page, Ref, ask
from banggiao.markets import store
from banggiao.markets.names import countries
from banggiao.reports.maps import remark
from banggiao.reports.market_pictures import draw
from banggiao.web.asking import asker, language, moment, today
from banggiao.web.formats import format_number
from banggiao.web.markets.frame import (
    basis,
    country_field,
    exports_of,
    here,
    market_page,
    nothing_yet,
    parameters,
    release_fields,
    shown,
)
from banggiao.web.parts import Field, Form, Header, Kpi, Link, Section, Table
from banggiao.web.tables import table_of

#: Dependent products listed on the page; the exports hold them all.
PRODUCTS = 30
ALTERNATIVES = 15


@require_safe
def dependence(request: HttpRequest) -> HttpResponseBase:
    """On whom a country's imports depend: map, products, and for one product who else could deliver."""
    title = _("Phụ thuộc nhập khẩu")
    if (page := nothing_yet(request, tab="market_dependence", title=title)) is not None:
        return page
    viewer, at = asker(request), moment(request)
    params = {"importer": "VNM", **parameters(request, "importer", "hs", "supplier", "product", "release", "year")}
    base = {n: v for n, v in params.items() if n not in ("supplier", "product")}
    picture = draw("market_exposure", base, viewer, at=at, language=language())
    asked = {n: v for n, v in params.items() if n != "product"}
    products = ask("market_dependence", asked, viewer, at=at, page=Page(PRODUCTS)).listed()
    return market_page(
        request,
        tab="market_dependence",
        header=Header(title=title, subtitle=_("Một nước ngừng bán thì thiếu hàng gì, bao nhiêu, và ai bù được.")),
        answer=picture.answer,
        form=_form("market_dependence", params, "importer", _("Nước nhập khẩu"), with_products=True),
        kpis=_exposure_kpis(picture.answer),
        figures=[shown(request, "market_exposure", picture, meta=_("theo nước bán"), note=remark(language()))],
        sections=[
            *_alternatives(request, params),
            Section(
                id="products",
                title=products.title.get(language()),
                meta=_("chạm nhiều ngưỡng nhất trước, rồi theo trị giá"),
                table=_leading(products, request, params),
                actions=exports_of("market_dependence", products.parameters, viewer),
            ),
        ],
        caveat=_(
            "Ngưỡng: nước bán chiếm từ 50 % nhập khẩu sản phẩm; HHI của các nước bán từ 0,4; nước đó chiếm từ 50 % cung "
            "thế giới. Số của một năm; mã HS 6 số có thể gộp nhiều loại hàng không thay thế được nhau."
        ),
    )


@require_safe
def concentration(request: HttpRequest) -> HttpResponseBase:
    """How concentrated a country's exports are by market and product over the years, and why they changed by market."""
    title = _("Đa dạng hóa thị trường và sản phẩm")
    if (page := nothing_yet(request, tab="market_concentration", title=title)) is not None:
        return page
    viewer, at = asker(request), moment(request)
    params = {"exporter": "VNM", **parameters(request, "exporter", "release", "year")}
    picture = draw("market_concentration", params, viewer, at=at, language=language())
    growth = ask("market_growth", params, viewer, at=at, page=Page(PRODUCTS)).listed()
    table = table_of(growth, today=today(request), without=("code",)) if growth.total else None
    return market_page(
        request,
        tab="market_concentration",
        header=Header(title=title, subtitle=_("Bán cho càng ít nước, càng ít mặt hàng thì càng dễ bị động.")),
        answer=picture.answer,
        form=_form("market_concentration", params, "exporter", _("Nước xuất khẩu")),
        kpis=_concentration_kpis(picture.answer),
        figures=[shown(request, "market_concentration", picture)],
        sections=[
            Section(
                id="growth",
                title=growth.title.get(language()),
                table=replace(table, compact=True) if table else None,
                text="" if table else _("Bản phát hành chỉ có một năm nên chưa tách được nguyên nhân thay đổi."),
                actions=exports_of("market_growth", growth.parameters, viewer) if growth.total else [],
            )
        ],
        caveat=_(
            "HHI càng gần 1 càng tập trung; số tương đương (1/HHI) là số thị trường hoặc mặt hàng bằng nhau cho cùng mức "
            "tập trung. n chỉ đếm nơi có thương mại trong năm."
        ),
    )


def _form(route: str, params: Mapping[str, str], who: str, title: str, *, with_products: bool = False) -> Form:
    chosen = store.chosen(params)
    names = [(c.iso3, c.name) for c in countries(chosen).values() if c.iso3] if chosen else []
    fields = [country_field(who, title, params, sorted(names, key=lambda each: each[1].get(language())))]
    if with_products:
        fields.append(Field(name="hs", label=_("Mã HS"), kind="text", value=params.get("hs", "")))
    return Form(action=here(route, {}), fields=[*fields, *release_fields(params)], submit=_("Xem"), method="get")


def _exposure_kpis(answer: Answer) -> list[Kpi]:
    rows, told = list(answer.rows), basis(answer)
    if not rows:
        return []
    first = rows[0].cells
    return [
        Kpi(label=_("Sản phẩm mà một nước bán từ 50 %"), value=sum(r.cells[2] for r in rows), basis=told, url="#products"),
        Kpi(label=_("Trị giá các sản phẩm đó"), value=round(sum(r.cells[3] for r in rows)), unit=_("triệu USD"), basis=told),
        Kpi(
            label=_("Tỷ trọng trong nhập khẩu"), value=round(sum(r.cells[4] or 0 for r in rows), 1), kind="percent", basis=told
        ),
        Kpi(
            label=_("Phụ thuộc nhiều nhất vào"), value=_name(first[0]), kind="text", basis=told,
            note=_("%(count)s sản phẩm") % {"count": format_number(first[2], language())},
        ),
    ]  # fmt: skip


def _concentration_kpis(answer: Answer) -> list[Kpi]:
    told = basis(answer)
    latest: dict[Bi, tuple[object, ...]] = {row.cells[1]: row.cells for row in answer.rows}
    return [
        Kpi(
            label=_("%(side)s: số tương đương") % {"side": name.get(language())},
            value=cells[6],  # type: ignore[arg-type]
            basis=told,
            note=_("HHI %(hhi)s, n = %(n)s, năm %(year)s")
            % {
                "hhi": format_number(cells[4], language()),  # type: ignore[arg-type]
                "n": format_number(cells[3], language()),  # type: ignore[arg-type]
                "year": cells[0],
            },
        )
        for name, cells in latest.items()
    ]


def _alternatives(request: HttpRequest, params: Mapping[str, str]) -> list[Section]:
    """Who else sells the product chosen in the list, should its supplier stop."""
    if not (params.get("product") and params.get("supplier")):
        return []
    viewer = asker(request)
    asked = {"product": params["product"], "market": params["supplier"]}
    asked |= {n: params[n] for n in ("importer", "release", "year") if n in params}
    answer = ask("market_alternatives", asked, viewer, at=moment(request), page=Page(ALTERNATIVES)).listed()
    dependent = ask("market_dependence", {**params, "hs": params["product"]}, viewer, at=moment(request), page=ALL)
    row = next(iter(dependent.rows), None)
    name = _name(row.cells[0]) if row else params["product"]
    return [
        Section(
            id="alternatives",
            title=_("Nguồn thay thế: %(product)s") % {"product": name},
            meta=_("nếu %(country)s ngừng bán") % {"country": _name(row.cells[3]) if row else params["supplier"]},
            table=table_of(answer, today=today(request), without=("code",)),
            link=Link(label=_("Bỏ chọn"), url=here("market_dependence", params, product="", supplier="")),
            actions=exports_of("market_alternatives", answer.parameters, viewer),
        )
    ]


def _leading(answer: Answer, request: HttpRequest, params: Mapping[str, str]) -> Table:
    """The dependent products; each leads to who else could deliver it."""
    table = table_of(answer, today=today(request), without=("code",))
    rows = []
    for line, row in zip(table.rows, answer.rows, strict=True):
        url = here("market_dependence", params, product=str(row.cells[1]), supplier=str(row.cells[4])) + "#alternatives"
        rows.append(replace(line, cells=[replace(line.cells[0], url=url), *line.cells[1:]]))
    return replace(table, rows=rows, compact=True)


def _name(cell: object) -> str:
    if isinstance(cell, Ref):
        cell = cell.title
    return cell.get(language()) if isinstance(cell, Bi) else str(cell)
