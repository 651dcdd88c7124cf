"""One product in one market: how its potential comes about, who sells there, what stands in the way, whom to hand it to."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banggiao.core.acts import Viewer
from banggiao.core.errors import InvalidInput
from banggiao.core.questions import ALL, Page, Ref, ask
from banggiao.core.registers import register_named
from banggiao.markets.names import country_of, hs, product_names
from banggiao.markets.store import chosen
from banggiao.reports.actions import may_create
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, language, moment
from banggiao.web.formats import format_number
from banggiao.web.markets.explorer import ROUTE, opportunity_url
from banggiao.web.markets.frame import basis, here, market_page, market_table, nothing_yet, parameters, release_fields, short_name
from banggiao.web.parts import Action, Empty, Form, Header, Kpi, Link, Section

SUPPLIERS, NEAR = 12, 10
#: Register -> the fields of its entry form that an opportunity fills in.
_HANDED = {
    "tasks": ("text_vi",),
    "commitments": ("text_vi", "partner_id"),
    "barriers": ("name_vi", "partner_id", "products_vi", "hs_chapters"),
}


@require_safe
def show(request: HttpRequest, product: int, market: str) -> HttpResponseBase:
    """Everything on one opportunity."""
    title = _("Cơ hội xuất khẩu")
    if (missing := nothing_yet(request, tab=ROUTE, title=title)) is not None:
        return missing
    viewer, at = asker(request), moment(request)
    params = parameters(request, "exporter", "release", "year")
    params.setdefault("exporter", "VNM")
    picked = chosen(params)
    assert picked is not None  # noqa: S101  nothing_yet has seen it
    of = {"product": hs(product), "market": market}
    held = {n: v for n, v in params.items() if n != "exporter"}
    terms = ask("market_opportunity_terms", {**params, **of}, viewer, at=at, page=ALL).listed()
    whole = ask(
        "market_opportunities", {**params, "hs": hs(product), "market": market, "measure": "potential", "top": "1"}, viewer, at=at
    ).listed()
    suppliers = ask("market_suppliers", {**held, **of}, viewer, at=at, page=Page(SUPPLIERS)).listed()
    barriers = ask("market_barriers", {**held, **of}, viewer, at=at, page=ALL).listed()
    exporter, buyer = country_of(params["exporter"], picked, field="exporter"), country_of(market, picked, field="market")
    name = product_names([product], picked)[product].get(language())
    names = {"product": short_name(name), "market": buyer.name.get(language()), "exporter": exporter.name.get(language())}
    rule = basis(terms)
    potential, actual, left = (row.cells[2] for row in list(terms.rows)[-3:])
    told = next((row.cells for row in whole.rows), None)
    million = _("triệu USD")
    kpis = [
        Kpi(label=_("Chưa khai thác"), value=left, unit=million, basis=rule),
        Kpi(label=_("Tiềm năng"), value=potential, unit=million, basis=rule),
        Kpi(label=_("Xuất khẩu hiện nay"), value=actual, unit=million, basis=rule),
    ]
    if told:
        kpis += [
            Kpi(label=_("Thị phần"), value=told[8], kind="percent", basis=rule),
            Kpi(label=_("Thị trường nhập khẩu"), value=told[9], unit=million, basis=rule),
            Kpi(label=_("Nhập khẩu tăng mỗi năm"), value=told[10], kind="percent", basis=rule),
        ]
    sections = [
        Section(
            id="terms",
            title=_("Con số tiềm năng ra từ đâu"),
            text=_("Tiềm năng = thị phần thế giới × cầu của thị trường × độ thuận lợi; số hạng chưa có dữ liệu lấy bằng 1."),
            table=market_table(request, terms),
        ),
        Section(
            id="suppliers",
            title=_("Ai đang bán ở đó"),
            meta=_("%(n)s nước bán") % {"n": format_number(suppliers.total, language())},
            table=market_table(request, suppliers, without=("code",)) if suppliers.total else None,
            link=Link(label=_("Xem tất cả"), url=list_url("market_suppliers", {**held, **of})),
            empty=Empty(title=_("Thị trường này chưa mua sản phẩm này"), text=_("Không có nước nào bán trong năm đang xem.")),
        ),
        Section(
            id="barriers",
            title=_("Vướng gì ở thị trường này"),
            meta=_("theo sổ rào cản, với hàng Việt Nam"),
            table=market_table(request, barriers) if barriers.total else None,
            link=Link(label=_("Mở sổ rào cản"), url=list_url("barriers", {"partner": buyer.iso3})),
            empty=Empty(title=_("Sổ chưa ghi rào cản nào"), text=_("Có rào cản thì ghi vào sổ; trang này sẽ nêu.")),
        ),
    ]
    return market_page(
        request,
        tab=ROUTE,
        header=Header(
            title=_("%(product)s sang %(market)s") % names,
            kicker=_("Cơ hội xuất khẩu · HS %(code)s · %(exporter)s") % {"code": hs(product), "exporter": names["exporter"]},
            subtitle=name,
            trail=(Link(label=title, url=here(ROUTE, params)),),
            actions=_hand_on(names, name, hs(product), buyer.iso3, viewer, at_year=picked.year, left=left),
        ),
        answer=terms,
        form=Form(action=request.path, method="get", submit=_("Xem"), fields=fields)
        if (fields := release_fields(params))
        else None,
        kpis=kpis,
        sections=sections,
        aside=[_elsewhere(request, {**params, "hs": hs(product)}), _near(request, {**params, "product": hs(product)})],
        caveat=_("Tiềm năng là chuẩn so sánh, không phải dự báo. Số nhập khẩu và thị phần theo bản phát hành đang xem."),
    )


def _elsewhere(request: HttpRequest, params: dict[str, str]) -> Section:
    """The same product in other markets."""
    answer = ask("market_opportunities", {**params, "top": str(NEAR)}, asker(request), at=moment(request)).listed()
    links = [opportunity_url(row.cells[1], row.cells[4], params) for row in answer.rows]
    rows = [
        Action(label=f"{_title(row.cells[3])}: {format_number(row.cells[5], language(), 1)}", url=url)
        for row, url in zip(answer.rows, links, strict=True)
    ]
    nothing = Empty(title=_("Không có"), text=_("Nước xuất khẩu chưa bán sản phẩm này."))
    title, meta = _("Cùng sản phẩm, thị trường khác"), _("chưa khai thác, triệu USD")
    return Section(id="elsewhere", title=title, meta=meta, actions=rows, empty=None if rows else nothing)


def _near(request: HttpRequest, params: dict[str, str]) -> Section:
    """Products near this one, where the complexity of the year can be told."""
    title = _("Sản phẩm gần với sản phẩm này")
    try:
        answer = ask("market_nearest", params, asker(request), at=moment(request), page=Page(NEAR)).listed()
    except InvalidInput:
        return Section(
            id="near",
            title=title,
            empty=Empty(title=_("Không tính được"), text=_("Sản phẩm hoặc nước không tham gia phép tính.")),
        )
    table = market_table(request, answer, without=("sector", "density"))
    return Section(id="near", title=title, table=table)


def _title(cell: object) -> str:
    return cell.title.get(language()) if isinstance(cell, Ref) else cell.get(language())  # type: ignore[attr-defined]


def _hand_on(
    names: dict[str, str], whole: str, code: str, partner: str, viewer: Viewer, *, at_year: int, left: float
) -> Sequence[Action]:
    """Links to the entry forms of the registers, filled in with what this page knows; each for those who may enter there."""
    said = _("Đẩy mạnh xuất khẩu %(product)s sang %(market)s") % names
    why = _("Tiềm năng chưa khai thác %(left)s triệu USD theo số năm %(year)s (HS %(code)s, %(whole)s).") % {
        "left": format_number(left, language(), 1), "year": at_year, "code": code, "whole": whole,
    }  # fmt: skip
    known = {
        "text_vi": f"{said}. {why}",
        "name_vi": _("Rào cản với %(product)s tại %(market)s") % names,
        "partner_id": partner,
        "products_vi": names["product"],
        "hs_chapters": code[:2],
    }
    labels = {"tasks": _("Giao nhiệm vụ"), "commitments": _("Ghi cam kết"), "barriers": _("Ghi rào cản")}
    return [
        Action(
            label=labels[register],
            url=f"{reverse('web:new', args=[register])}?{urlencode({f: known[f] for f in fields})}",
            icon="add",
            style="primary" if register == "tasks" else "plain",
        )
        for register, fields in _HANDED.items()
        if may_create(register_named(register), viewer)
    ]
