"""The page of an agreement that is not there yet: what would it change, and for whom?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import banggiao.reports.market_whatif  # noqa: F401  its picture is asked for by name
from banggiao.core.errors import InvalidInput
from banggiao.core.questions import Answer, Page, ask
from banggiao.core.vocabulary import vocabulary
from banggiao.markets import store
from banggiao.markets.questions_whatif import AGREEMENT
from banggiao.markets.whatif import asked, effects, gaps
from banggiao.reports.market_pictures import draw
from banggiao.web.asking import asker, language, moment, today
from banggiao.web.formats import format_number
from banggiao.web.frame import render
from banggiao.web.markets.frame import basis, empty_store, exports_of, form_again, here, market_page, parameters, shown, tabs
from banggiao.web.parts import Cell, Choice, Definition, Field, Form, Header, Kpi, Section
from banggiao.web.parts_markets import MarketPage
from banggiao.web.tables import table_of
from banggiao.web.words import say

ROUTE = "market_agreement"
ROWS = 25


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """What a new agreement would change for its members and for others, on the figures every installation has."""
    viewer, at = asker(request), moment(request)
    viewer.require("markets.view")
    header = Header(
        title=_("Nếu có hiệp định mới"),
        subtitle=_("Ký với nước hoặc khối này thì xuất khẩu, nhập khẩu và GDP thực đổi bao nhiêu, của ta và của các nước khác."),
    )
    if not store.has_libraries():
        return render(request, "markets/page.html", MarketPage(header=header, tabs=tabs(ROUTE), empty=empty_store(viewer)))
    params = {**{p.name: p.default for p in AGREEMENT}, **parameters(request, *(p.name for p in AGREEMENT))}
    try:
        picture = draw("market_agreement_effects", params, viewer, at=at, language=language())
    except InvalidInput as error:
        return form_again(request, ROUTE, header, _form(params), error)
    sales = ask("market_agreement_sales", params, viewer, at=at, page=Page(ROWS)).listed()
    return market_page(
        request,
        tab=ROUTE,
        header=header,
        answer=picture.answer,
        form=_form(params),
        kpis=_kpis(picture.answer, params),
        figures=[shown(request, "market_agreement_effects", picture, without=("code",))],
        sections=[
            Section(
                id="sales",
                title=sales.title.get(language()),
                table=replace(table_of(sales, today=today(request), without=("code",)), compact=True),
                actions=exports_of("market_agreement_sales", sales.parameters, viewer),
            ),
            Section(id="assumed", title=_("Giả định và giới hạn"), definitions=_told(params)),
        ],
        caveat=_("Đây là so sánh hai trạng thái dài hạn trong một mô hình, để hình dung độ lớn; không phải dự báo."),
    )


def _form(params: Mapping[str, str]) -> Form:
    estimates = vocabulary("agreement_estimate")
    choices = [
        Choice(value=code, label=name, selected=params["estimate"] == code) for code, name in estimates.choices(language())
    ]
    return Form(
        action=here(ROUTE, {}),
        fields=[
            Field(name="home", label=say(AGREEMENT[0].label), kind="text", value=params["home"]),
            Field(name="others", label=say(AGREEMENT[1].label), kind="text", value=params["others"]),
            Field(name="estimate", label=say(AGREEMENT[2].label), kind="select", choices=choices, value=params["estimate"]),
        ],
        submit=_("Tính"),
        method="get",
    )


def _kpis(answer: Answer, params: Mapping[str, str]) -> list[Kpi]:
    told = basis(answer)
    home = next((row.cells for row in answer.rows if row.cells[1] == params["home"].upper()), None)
    if home is None:
        return []
    found = effects(asked(params["home"], params["others"], params["estimate"]))
    before, after = found.between
    spread = _("từ %(low)s đến %(high)s")
    return [
        Kpi(
            label=_("Thương mại giữa hai bên"), value=round(after - before), unit=_("triệu USD"), basis=told,
            note=_("tăng từ %(before)s") % {"before": format_number(round(before), language())},
        ),
        Kpi(
            label=_("Xuất khẩu của %(code)s") % {"code": home[1]}, value=home[5], kind="percent", basis=told,
            note=spread % {"low": format_number(home[6], language()), "high": format_number(home[7], language())},
        ),
        Kpi(
            label=_("GDP thực của %(code)s") % {"code": home[1]}, value=home[10], kind="percent", basis=told,
            note=spread % {"low": format_number(home[11], language()), "high": format_number(home[12], language())},
        ),
    ]  # fmt: skip


def _told(params: Mapping[str, str]) -> list[Definition]:
    """The coefficient with its source, the mode, and every caveat that belongs beside the figures."""
    found = effects(asked(params["home"], params["others"], params["estimate"]))
    used = found.assumed
    value, error = (format_number(round(each, 3), language()) for each in (used.coefficient, used.error))
    lines = [
        (_("Hệ số của hiệp định"), _("%(value)s ± %(error)s (sai số chuẩn)") % {"value": value, "error": error}),
        (_("Nguồn của hệ số"), used.source),
        (_("Độ co giãn thay thế"), format_number(found.sigma, language())),
        (_("Cặp nước đã có hiệp định, giữ nguyên"), format_number(found.spared, language())),
        (_("Cần lưu ý"), " ".join([*(say(text) for text in found.caveats), *gaps(language())])),
    ]
    return [Definition(label=name, cell=Cell(value=value)) for name, value in lines]
