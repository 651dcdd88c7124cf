"""The tariff simulator: a scenario typed into a form, its result with its range, and an address that shares it whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import banggiao.reports.market_scenarios  # noqa: F401  its picture is asked for by name
from banggiao.core.errors import InvalidInput
from banggiao.core.questions import ALL, Answer, Page, ask
from banggiao.markets import store
from banggiao.markets.names import countries, country_of
from banggiao.markets.questions_scenarios import SCENARIO
from banggiao.markets.scenarios import scenario_of
from banggiao.reports.market_pictures import draw
from banggiao.web.asking import asker, language, moment, today
from banggiao.web.formats import format_number
from banggiao.web.markets.frame import (
    basis,
    country_field,
    exports_of,
    form_again,
    here,
    market_page,
    nothing_yet,
    parameters,
    release_fields,
    shown,
)
from banggiao.web.parts import Cell, Definition, Field, Form, Header, Kpi, Section
from banggiao.web.tables import table_of
from banggiao.web.words import label, say

ROUTE = "market_tariffs"
PRODUCTS = 25


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """What a change of tariffs in one market does to suppliers, revenue and buyers."""
    title = _("Mô phỏng thuế quan")
    if (page := nothing_yet(request, tab=ROUTE, title=title)) is not None:
        return page
    viewer, at = asker(request), moment(request)
    typed = parameters(request, *(p.name for p in SCENARIO), "release", "year")
    params = {**{p.name: p.default for p in SCENARIO if p.default}, **typed}
    if not typed.get("before") and not store.releases("tariffs"):
        params["before"] = "10"
    header = Header(title=title, subtitle=_("Nếu một thị trường đổi thuế cho vài nước bán thì ai được, ai mất, bao nhiêu."))
    try:
        picture = draw("market_tariff_suppliers", params, viewer, at=at, language=language())
    except InvalidInput as error:
        return form_again(request, ROUTE, header, _form(params), error)
    totals = ask("market_tariff_totals", params, viewer, at=at, page=ALL).listed()
    products = ask("market_tariff_products", params, viewer, at=at, page=Page(PRODUCTS)).listed()
    table = table_of(products, today=today(request), without=("demand_source", "substitution_source"))
    return market_page(
        request,
        tab=ROUTE,
        header=header,
        answer=picture.answer,
        form=_form(params),
        kpis=_kpis(totals),
        figures=[shown(request, "market_tariff_suppliers", picture)],
        sections=[
            Section(
                id="products",
                title=products.title.get(language()),
                table=replace(table, compact=True),
                actions=exports_of("market_tariff_products", products.parameters, viewer),
            ),
            Section(
                id="scenario",
                title=_("Kịch bản"),
                definitions=_told(params),
                note=_("Địa chỉ của trang này chứa cả kịch bản: sao chép và gửi đi, người nhận thấy đúng kết quả này."),
                actions=exports_of("market_tariff_totals", totals.parameters, viewer),
            ),
        ],
        caveat=_(
            "Mô hình cân bằng từng phần: từng mặt hàng riêng rẽ, hàng các nước thay thế được một phần cho nhau, chưa bán thì vẫn "
            "chưa bán. Kết quả là mức chuẩn để so các phương án, không phải dự báo."
        ),
    )


def _form(params: Mapping[str, str]) -> Form:
    chosen = store.chosen({n: v for n, v in params.items() if n in ("release", "year")})
    names = sorted(
        ((c.iso3, c.name) for c in countries(chosen).values() if c.iso3) if chosen else (), key=lambda c: c[1].get(language())
    )
    labels = {p.name: say(p.label) for p in SCENARIO}
    fields = [country_field("importer", labels["importer"], params, names)]
    fields += [
        Field(name=name, label=labels[name], kind="text", value=params.get(name, ""))
        for name in ("hs", "partners", "before", "after", "demand", "substitution", "supply")
    ]
    return Form(action=here(ROUTE, {}), fields=[*fields, *release_fields(params)], submit=_("Tính"), method="get")


def _kpis(totals: Answer) -> list[Kpi]:
    told = basis(totals)
    return [
        Kpi(
            label=row.cells[0].get(language()),
            value=row.cells[2],
            unit=_("triệu USD"),
            basis=told,
            note=_("từ %(low)s đến %(high)s")
            % {
                "low": format_number(min(row.cells[2:5]), language()),
                "high": format_number(max(row.cells[2:5]), language()),
            },
        )
        for row in totals.rows
    ]


def _told(params: Mapping[str, str]) -> list[Definition]:
    """The scenario in words, with what was assumed because nobody said."""
    chosen = store.chosen({n: v for n, v in params.items() if n in ("release", "year")})
    if chosen is None:
        return []
    scenario = scenario_of({p.name: params.get(p.name, "") for p in SCENARIO}, chosen)
    who = ", ".join(p.name.get(language()) for p in scenario.partners)
    market = country_of(params["importer"], chosen, field="importer").name.get(language())
    before = _("theo biểu thuế đã nạp")
    if not scenario.scheduled:
        before = _("%(rate)s %% cho mọi nước") % {"rate": params["before"]}
    rows = [
        (_("Thị trường"), market),
        (_("Nước được hưởng"), who),
        (_("Mã HS"), params["hs"]),
        (_("Thuế suất trước"), before),
        (_("Thuế suất sau"), f"{params['after']} %"),
    ]
    lines = [Definition(label=name, cell=Cell(value=value)) for name, value in rows]
    lines += [
        Definition(
            label=_("Nguồn độ co giãn của cầu"), cell=Cell(value=_origins(scenario.simulation.elasticities.demand_source))
        ),
        Definition(
            label=_("Nguồn độ co giãn thay thế"), cell=Cell(value=_origins(scenario.simulation.elasticities.substitution_source))
        ),
    ]
    cautions = " ".join(say(text) for text in scenario.simulation.cautions)
    return [*lines, Definition(label=_("Cần xem lại"), cell=Cell(value=cautions))] if cautions else lines


def _origins(sources: Sequence[str]) -> str:
    """Where the elasticities come from, with how many products each source serves."""
    counted = Counter(sources)
    return "; ".join(
        _("%(source)s (%(count)s mặt hàng)")
        % {"source": label("elasticity_source", source), "count": format_number(count, language())}
        for source, count in counted.most_common()
    )
