"""The first page of the markets: what published tables say of Viet Nam's trade, and which releases can be analysed."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from banggiao.core.questions import ALL, Answer, Page, ask
from banggiao.markets import store
from banggiao.markets.services_jobs import running_job, start_demo, stop
from banggiao.reports.market_pictures import draw
from banggiao.reports.market_published import TITLES
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, deed, language, moment, today
from banggiao.web.frame import render
from banggiao.web.markets.frame import empty_store, parameters, shown, tabs
from banggiao.web.parts import Action, Cell, Definition, Header, Link, Progress, Section, Table
from banggiao.web.parts_markets import MarketPage
from banggiao.web.tables import table_of

PRODUCTS = 12
#: What else is published of Viet Nam's own trade, with how many rows of it the page shows.
VIET_NAM = {"published_trade_months": 12, "published_trade_shares": 10}


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """Published partners and products, and the releases in the store."""
    viewer, at = asker(request), moment(request)
    viewer.require("markets.view")
    params = parameters(request, "country")
    figures = []
    for flow in TITLES:
        picture = draw("published_trade_partners", {**params, "flow": flow}, viewer, at=at, language=language())
        figures.append(replace(shown(request, "published_trade_partners", picture, without=("flow",)), id=f"partners-{flow}"))
    products = ask("published_trade_products", {}, viewer, at=at, page=Page(PRODUCTS)).listed()
    releases = ask("market_releases", {}, viewer, at=at, page=ALL).listed()
    without = None if store.in_force() else empty_store(viewer)
    page = MarketPage(
        header=Header(
            title=_("Thị trường"),
            subtitle=_("Bán gì, ở đâu, vướng gì, lệ thuộc ai: số đã công bố và phân tích trên dữ liệu thương mại đã nạp."),
        ),
        tabs=tabs("markets"),
        paired=figures,
        sections=[
            Section(
                id="products",
                title=products.title.get(language()),
                table=_hosted(products, request),
                link=Link(label=_("Xem tất cả"), url=list_url("published_trade_products")),
            ),
            *(_published(name, rows, request) for name, rows in VIET_NAM.items()),
            Section(
                id="releases",
                title=_("Dữ liệu thương mại đã nạp"),
                table=table_of(releases, today=today(request)) if releases.total else None,
                empty=without,
            ),
            *_making(request),
        ],
    )
    return render(request, "markets/page.html", page, exercise=False)


def _published(name: str, rows: int, request: HttpRequest) -> Section:
    """The first rows of a published table, and the way to all of it."""
    answer = ask(name, {}, asker(request), at=moment(request), page=Page(rows)).listed()
    return Section(
        id=name.removeprefix("published_trade_"),
        title=answer.title.get(language()),
        table=_hosted(answer, request, without=()),
        link=Link(label=_("Xem tất cả"), url=list_url(name)),
    )


def _hosted(answer: Answer, request: HttpRequest, without: tuple[str, ...] = ("flow",)) -> Table:
    """The answer as a table in which a long address stands as the host it leads to."""
    table = table_of(answer, today=today(request), without=without)
    place = next(n for n, c in enumerate(table.columns) if c.key == "source")
    rows = []
    for row in table.rows:
        cells = list(row.cells)
        cells[place] = replace(cells[place], value=(urlsplit(cells[place].url).hostname or "").removeprefix("www.") or None)
        rows.append(replace(row, cells=cells))
    return replace(table, rows=rows, compact=True)


def _making(request: HttpRequest) -> list[Section]:
    """For who may ingest: how far the making-up of trade is and how it is called off, or the way to begin it."""
    if not asker(request).may("markets.ingest") or not store.has_libraries():
        return []
    job, title = running_job(), _("Tạo dữ liệu TỔNG HỢP để xem thử")
    if job is None:
        text = _("Năm năm thương mại do máy sinh ra, ghi rõ TỔNG HỢP ở mọi nơi; bản đang dùng vẫn giữ trong kho.")
        begin = Action(
            label=_("Tạo dữ liệu"), url=reverse("web:market_demo"), method="post", icon="add", confirm=_("Tạo dữ liệu?")
        )
        return [Section(id="making", title=title, text=text, actions=(begin,))]
    share = round(100 * job.done / job.total) if job.total else 0
    stop = Action(label=_("Hủy"), url=reverse("web:market_job_stop", args=[job.pk]), method="post", style="danger", icon="close")
    again = Action(label=_("Xem lại tiến độ"), url=f"{reverse('web:markets')}#making", icon="history")
    line = Definition(label=_("Tiến độ"), cell=Cell(progress=Progress(percent=share, label=_("Tiến độ tạo dữ liệu"))))
    return [Section(id="making", title=title, definitions=(line,), actions=(again, stop))]


@require_POST
def make(request: HttpRequest) -> HttpResponseBase:
    """Hand over the making-up of trade."""
    start_demo(act=deed(request))
    messages.success(request, _("Đang tạo dữ liệu; có thể rời trang này."))
    return redirect(f"{reverse('web:markets')}#making")


@require_POST
def stop_job(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Call the work off."""
    stop(act=deed(request), job_id=key)
    messages.success(request, _("Đã hủy; dữ liệu đang dùng không thay đổi."))
    return redirect(f"{reverse('web:markets')}#making")
