"""The product space of a country: which goods it has an advantage in, which lie near, and which of these are worth the leap."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banggiao.core.questions import ALL, Page, ask
from banggiao.markets.names import countries
from banggiao.markets.store import chosen
from banggiao.reports import market_space  # noqa: F401  its pictures register themselves
from banggiao.reports.market_pictures import draw
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, language, moment
from banggiao.web.markets.frame import (
    basis,
    country_field,
    here,
    market_page,
    market_table,
    nothing_yet,
    parameters,
    release_fields,
    shown,
)
from banggiao.web.parts import Chip, Form, Header, Kpi, Link, Section
from banggiao.web.words import label

ROUTE = "market_space"
ROWS = 15


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """Network and scatter of a country's product space, and the nearest products as a table."""
    if (missing := nothing_yet(request, tab=ROUTE, title=_("Không gian sản phẩm"))) is not None:
        return missing
    viewer, at = asker(request), moment(request)
    params = parameters(request, "exporter", "sector", "release", "year")
    params.setdefault("exporter", "VNM")
    picked = chosen(params)
    assert picked is not None  # noqa: S101  nothing_yet has seen it
    names = sorted(((c.iso3, c.name) for c in countries(picked).values()), key=lambda each: each[1].get(language()))
    name = next((n.get(language()) for code, n in names if code == params["exporter"]), params["exporter"])
    whole = {n: v for n, v in params.items() if n != "sector"}
    drawn = draw("market_space_network", whole, viewer, at=at, language=language())
    near = draw("market_space_scatter", params, viewer, at=at, language=language())
    held = ask("market_space", {**params, "held": "yes"}, viewer, at=at, page=Page(ROWS)).listed()
    nearest = ask("market_space", {**params, "held": "no"}, viewer, at=at, page=Page(ROWS)).listed()
    economy = ask("market_complexity", {n: v for n, v in params.items() if n in ("release", "year")}, viewer, at=at, page=ALL)
    economy = economy.listed()
    mine = next((row.cells for row in economy.rows if row.cells[1] == params["exporter"].upper()), None)
    kpis = []
    if mine:
        of = _("trên %(total)s nền kinh tế") % {"total": economy.total}
        kpis = [
            Kpi(label=_("Thứ hạng ECI"), value=mine[2], basis=basis(economy), note=of, url=list_url("market_complexity")),
            Kpi(label="ECI", value=mine[3], basis=basis(economy)),
            Kpi(label=_("Sản phẩm có lợi thế (RCA ≥ 1)"), value=mine[4], basis=basis(economy)),
            Kpi(label="COI", value=mine[5], basis=basis(economy), note=_("cơ hội ở quanh năng lực hiện có")),
        ]
    sectors = [Chip(label=_("Mọi ngành"), url=here(ROUTE, params, sector=""), active=not params.get("sector"))]
    sectors += [
        Chip(label=label("product_sector", c), url=here(ROUTE, params, sector=c), active=params.get("sector") == c)
        for c in market_space.sector_colours()
    ]
    tables = [
        Section(
            id=id_,
            title=title,
            table=replace(market_table(request, answer, without=("present", "ubiquity")), caption=title),
            link=Link(label=_("Xem tất cả"), url=list_url("market_space", {**params, "held": wanted})),
        )
        for id_, title, answer, wanted in (
            ("near", _("Gần năng lực hiện có, chưa có lợi thế"), nearest, "no"),
            ("held", _("Đang có lợi thế"), held, "yes"),
        )
    ]
    return market_page(
        request,
        tab=ROUTE,
        header=Header(
            title=_("Không gian sản phẩm"), subtitle=_("%(country)s, năm %(year)s") % {"country": name, "year": picked.year}
        ),
        answer=near.answer,
        form=Form(
            action=reverse(f"web:{ROUTE}"),
            method="get",
            submit=_("Xem"),
            fields=[country_field("exporter", _("Nước xuất khẩu"), params, names), *release_fields(params)],
        ),
        kpis=kpis,
        chips=sectors,
        figures=[
            shown(request, "market_space_network", drawn),
            shown(request, "market_space_scatter", near, without=("present",)),
        ],
        sections=tables,
        caveat=_(
            "Gần không có nghĩa là dễ: mật độ chỉ nói các nước xuất khẩu sản phẩm này hay xuất khẩu gì khác. "
            "Tên tiếng Việt là bản dịch của chúng tôi; chỗ chưa dịch giữ tiếng Anh."
        ),
    )
