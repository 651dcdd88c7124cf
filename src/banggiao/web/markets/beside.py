"""What the file of a partner shows of world trade: what we sell it and buy from it by product, and what more it could buy."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from banggiao.core.errors import InvalidInput, NotFound
from banggiao.core.questions import Page, ask
from banggiao.markets import store
from banggiao.partners.models import Partner
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, moment
from banggiao.web.markets.explorer import opportunity_url
from banggiao.web.markets.frame import here, market_table
from banggiao.web.parts import Link, Section

ROWS = 6


def partner_sections(partner: Partner, request: HttpRequest) -> list[Section]:
    """The two panels, where a release is held that knows the partner; none otherwise, for the file has the published figures."""
    viewer = asker(request)
    if not viewer.may("markets.view") or not store.has_libraries() or store.in_force() is None:
        return []
    at = moment(request)
    try:
        traded = ask("market_partner_trade", {"partner": partner.code}, viewer, at=at, page=Page(ROWS)).listed()
        best = ask("market_opportunities", {"market": partner.code, "top": str(ROWS)}, viewer, at=at, page=Page(ROWS)).listed()
    except (InvalidInput, NotFound):
        return []
    made_up = _("TỔNG HỢP, diễn tập: không phải số thật") if any(row.exercise for row in traded.rows) else ""
    sections = []
    if traded.total:
        sections.append(
            Section(
                id="partner-products",
                title=_("Mua bán với Việt Nam theo sản phẩm"),
                meta=made_up,
                table=market_table(request, traded, without=("sector",)),
                link=Link(label=_("Xem tất cả"), url=list_url("market_partner_trade", {"partner": partner.code})),
            )
        )
    if best.total:
        links = [opportunity_url(row.cells[1], row.cells[4], {}) for row in best.rows]
        sections.append(
            Section(
                id="partner-opportunities",
                title=_("Việt Nam có thể bán thêm gì"),
                meta=made_up,
                table=market_table(
                    request, best, links=links, without=("sector", "market", "code", "potential", "leader_share", "margin")
                ),
                link=Link(label=_("Mở trang cơ hội"), url=here("market_explorer", {"market": partner.code})),
            )
        )
    return sections
