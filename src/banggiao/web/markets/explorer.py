"""What should we sell next, and where? Products against markets, with what is not yet sold, and the best cells in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banggiao.core.acts import Viewer
from banggiao.core.questions import Answer, Bi, Page, Ref, ask
from banggiao.core.vocabulary import vocabulary
from banggiao.markets.names import countries
from banggiao.markets.store import chosen
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, language, moment
from banggiao.web.formats import format_number, format_percent
from banggiao.web.markets.frame import (
    basis,
    country_field,
    exports_of,
    here,
    market_page,
    market_table,
    nothing_yet,
    parameters,
    release_fields,
    short_name,
)
from banggiao.web.parts import Chip, Choice, Empty, Field, Form, Header, Link, Section
from banggiao.web.parts_markets import Matrix, MatrixCell, MatrixRow
from banggiao.web.words import label

ROUTE = "market_explorer"
QUESTION = "market_opportunities"
NAMES = ("exporter", "market", "q", "hs", "sector", "measure", "release", "year")
#: Cells that the matrix is made of, and how many products and markets it shows.
CELLS, PRODUCTS, MARKETS, LISTED = 400, 18, 12, 20
#: Measure of `opportunity_measure` -> its column in the answer, and whether it is in per cent.
_COLUMNS = {"unrealised": (5, False), "potential": (6, False), "actual": (7, False), "growth": (10, True), "share": (8, True)}


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """The matrix of an exporter's opportunities, narrowed by words, codes, sector or market, and the best of them."""
    if (missing := nothing_yet(request, tab=ROUTE, title=_("Cơ hội xuất khẩu"))) is not None:
        return missing
    viewer, at = asker(request), moment(request)
    params = parameters(request, *NAMES)
    params.setdefault("exporter", "VNM")
    measure = params.get("measure", "unrealised")
    picked = chosen(params)
    assert picked is not None  # noqa: S101  nothing_yet has seen it
    answer = ask(QUESTION, {**params, "top": str(CELLS)}, viewer, at=at, page=Page(CELLS)).listed()
    names = sorted(((c.iso3, c.name) for c in countries(picked).values()), key=lambda each: each[1].get(language()))
    name = next((n.get(language()) for code, n in names if code == params["exporter"].upper()), params["exporter"])
    best = replace(answer, rows=tuple(answer.rows)[:LISTED])
    table = market_table(request, best, without=("sector", "potential", "code"), links=_links(best, params))
    section = Section(
        id="best",
        title=_("Cơ hội lớn nhất"),
        meta=_("bấm vào sản phẩm để xem cách tính, đối thủ, rào cản"),
        table=table if answer.total else None,
        link=Link(label=_("Xem tất cả"), url=list_url(QUESTION, params)),
        empty=Empty(
            title=_("Không có cơ hội nào khớp"),
            text=_("Hãy bỏ bớt điều kiện, hoặc dùng từ khác cho mặt hàng."),
        ),
    )
    return market_page(
        request,
        tab=ROUTE,
        header=Header(
            title=_("Cơ hội xuất khẩu"),
            subtitle=_("%(country)s có thể bán gì thêm, ở thị trường nào; năm %(year)s") % {"country": name, "year": picked.year},
        ),
        answer=answer,
        form=_form(params, names),
        chips=_sectors(params),
        matrix=_matrix(answer, params, measure, viewer) if answer.total else None,
        sections=[section],
        caveat=_(
            "Tiềm năng là chuẩn so sánh, không phải dự báo: nó chưa xét năng lực sản xuất, hạn ngạch, tiêu chuẩn. Cặp nước chưa "
            "buôn bán với nhau có tiềm năng bằng 0. Rào cản lấy từ sổ, theo thị trường và chương HS; chỉ có với hàng Việt Nam. "
            "Tên tiếng Việt là bản dịch của chúng tôi; chỗ chưa dịch giữ tiếng Anh."
        ),
    )


def opportunity_url(product: str, market: str, params: Mapping[str, str]) -> str:
    """The page of one opportunity, for the same exporter, release and year."""
    kept = {n: v for n, v in params.items() if n in ("exporter", "release", "year") and v}
    return reverse("web:market_opportunity", args=[product, market]) + (f"?{urlencode(kept)}" if kept else "")


def _links(answer: Answer, params: Mapping[str, str]) -> list[str]:
    return [opportunity_url(row.cells[1], row.cells[4], params) for row in answer.rows]


def _form(params: Mapping[str, str], names: Sequence[tuple[str, Bi]]) -> Form:
    terms = vocabulary("opportunity_measure").choices(language())
    measures = [Choice(value=c, label=t, selected=params.get("measure", "unrealised") == c) for c, t in terms]
    hidden = [Field(name="sector", label="", kind="hidden", value=params["sector"])] if params.get("sector") else []
    return Form(
        action=reverse(f"web:{ROUTE}"),
        method="get",
        submit=_("Tìm cơ hội"),
        icon="search",
        fields=[
            Field(name="q", label=_("Mặt hàng"), value=params.get("q", ""), help=_("Ví dụ: cà phê, tôm đông lạnh, áo thun.")),
            Field(
                name="hs", label=_("Mã HS"), value=params.get("hs", ""),
                help=_("Của tỉnh, doanh nghiệp: 2, 4 hoặc 6 số, cách nhau bằng dấu phẩy."),
            ),
            country_field("market", _("Thị trường"), params, names, every=_("Mọi thị trường")),
            country_field("exporter", _("Nước xuất khẩu"), params, names),
            Field(name="measure", label=_("Xếp và tô màu theo"), kind="select", choices=measures, value=""),
            *release_fields(params),
            *hidden,
        ],
    )  # fmt: skip


def _sectors(params: Mapping[str, str]) -> list[Chip]:
    chips = [Chip(label=_("Mọi ngành"), url=here(ROUTE, params, sector=""), active=not params.get("sector"))]
    return chips + [
        Chip(label=label("product_sector", c), url=here(ROUTE, params, sector=c), active=params.get("sector") == c)
        for c in vocabulary("product_sector").codes
    ]


def _matrix(answer: Answer, params: Mapping[str, str], measure: str, viewer: Viewer) -> Matrix:
    """The products and markets with most unrealised potential among the cells asked for; a cell leads to its opportunity."""
    column, in_percent = _COLUMNS.get(measure, _COLUMNS["unrealised"])
    cells = {(row.cells[1], row.cells[4]): row.cells for row in answer.rows}
    weight: dict[str, float] = {}
    reach: dict[str, float] = {}
    for (product, market), told in cells.items():
        weight[product] = weight.get(product, 0.0) + told[5]
        reach[market] = reach.get(market, 0.0) + told[5]
    products = sorted(weight, key=lambda code: (-weight[code], code))[:PRODUCTS]
    markets = sorted(reach, key=lambda code: (-reach[code], code))[:MARKETS]
    titles = {told[4]: (told[3].title if isinstance(told[3], Ref) else told[3]).get(language()) for told in cells.values()}
    of = {told[1]: told[0] for told in cells.values()}
    shown = [cells[p, m][column] for p in products for m in markets if (p, m) in cells and cells[p, m][column] is not None]
    return Matrix(
        id="matrix",
        title=_("%(measure)s theo sản phẩm và thị trường") % {"measure": label("opportunity_measure", measure)},
        meta="%" if in_percent else _("triệu USD; màu đậm là lớn"),
        corner=_("Sản phẩm"),
        heads=[(titles[m], here(ROUTE, params, market=m)) for m in markets],
        rows=[
            MatrixRow(
                label=short_name(of[p].get(language())),
                note=p,
                url=here(ROUTE, params, hs=p),
                cells=[_cell(cells.get((p, m)), column, in_percent, shown, params, titles[m]) for m in markets],
            )
            for p in products
        ],
        basis=basis(answer),
        exports=exports_of(QUESTION, {**answer.parameters, "top": str(CELLS)}, viewer),
        note=_("Ô trống: không nằm trong %(n)s cơ hội lớn nhất được hỏi.") % {"n": format_number(CELLS, language())},
    )


def _cell(
    told: tuple[Any, ...] | None, column: int, in_percent: bool, shown: Sequence[float], params: Mapping[str, str], market: str
) -> MatrixCell:
    if told is None or told[column] is None:
        return MatrixCell()
    value = told[column]
    text = format_percent(value, language(), 1) if in_percent else format_number(value, language(), 0 if value >= 10 else 1)
    words = f"{short_name(told[0].get(language()))}, {market}: {text}"
    return MatrixCell(text=text, shade=_shade(value, shown), url=opportunity_url(told[1], told[4], params), words=words)


def _shade(value: float, among: Sequence[float]) -> int:
    """0 to 5 by how many of the cells are smaller, so that one very large cell does not whiten all others."""
    return min(5, 6 * sum(1 for other in among if other < value) // max(1, len(among)))
