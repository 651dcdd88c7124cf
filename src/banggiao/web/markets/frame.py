"""What do all pages of world trade have in common: tabs, choosers, charts with table twin and exports, data and method?

A page asks a question, hands its answer and its picture to `shown`, and renders with `market_page`. Where nothing was ingested,
or the libraries are missing, `nothing_yet` is the page, and says what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.core.acts import Viewer
from banggiao.core.errors import InvalidInput
from banggiao.core.folding import is_text, nfc
from banggiao.core.questions import Answer, Bi
from banggiao.markets import store
from banggiao.reports.market_pictures import Picture
from banggiao.web.asking import asker, language, today
from banggiao.web.formats import format_number
from banggiao.web.frame import render
from banggiao.web.markets.tabs import TABS
from banggiao.web.parts import (
    Action,
    Basis,
    Cell,
    Chart,
    Chip,
    Choice,
    Definition,
    Empty,
    Field,
    Form,
    Header,
    Kpi,
    Section,
    Table,
)
from banggiao.web.parts_markets import MarketPage, Matrix, Shown
from banggiao.web.tables import basis_of, table_of
from banggiao.web.words import label, say

#: Rows of a table twin on the page; the exports hold them all.
ROWS = 40
#: Letters of a product name in a matrix or table, and of what stands below it.
LONGEST_NAME, LONGEST_NOTE = 64, 90
FORMS = (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON"))


def parameters(request: HttpRequest, *names: str) -> dict[str, str]:
    """What the address says of these parameters, as text that a database could hold; empty ones are left out."""
    return {n: nfc(v.strip()) for n in names if (v := request.GET.get(n, "")).strip() and is_text(v)}


def here(route: str, params: Mapping[str, str], *args: object, **changed: str) -> str:
    """The address of a page with these parameters, some of them changed ("" takes one away)."""
    query = urlencode({n: v for n, v in {**params, **changed}.items() if v})
    return reverse(f"web:{route}", args=args) + (f"?{query}" if query else "")


def market_page(
    request: HttpRequest,
    *,
    tab: str,
    header: Header,
    answer: Answer,
    form: Form | None = None,
    chips: Sequence[Chip] = (),
    kpis: Sequence[Kpi] = (),
    matrix: Matrix | None = None,
    figures: Sequence[Shown] = (),
    sections: Sequence[Section] = (),
    aside: Sequence[Section] = (),
    caveat: str = "",
) -> HttpResponse:
    """The page of a tab; `answer` is the one whose release, rule and sources stand under "data and method"."""
    page = MarketPage(
        header=header,
        tabs=tabs(tab, dict(answer.parameters)),
        form=form,
        chips=chips,
        kpis=kpis,
        matrix=matrix,
        shown=figures,
        sections=sections,
        aside=aside,
        about=about(answer),
        caveat=caveat,
    )
    return render(request, "markets/page.html", page, exercise=any(row.exercise for row in answer.rows))


def tabs(active: str, params: Mapping[str, str] | None = None) -> list[Chip]:
    """The bar above every page of the markets; the release chosen goes along."""
    kept = {n: v for n, v in (params or {}).items() if n in ("release", "exporter") and v}
    return [Chip(label=say(t.label), url=here(t.route, kept), active=t.route == active) for t in TABS]


def nothing_yet(request: HttpRequest, *, tab: str, title: str, kind: str = "annual") -> HttpResponse | None:
    """The page of a tab where there is no data of that kind, saying what to do; None where there is."""
    viewer = asker(request)
    viewer.require("markets.view")
    if store.in_force(kind) is not None:
        return None
    page = MarketPage(header=Header(title=title), tabs=tabs(tab), empty=empty_store(viewer))
    return render(request, "markets/page.html", page)


def form_again(request: HttpRequest, tab: str, header: Header, form: Form, error: InvalidInput) -> HttpResponse:
    """A page whose form made no sense: the form as it was typed, with what to mend beside its fields."""
    told = {problem.field: say(problem.message, error.params) for problem in error.problems}
    fields = [replace(f, errors=[told[f.name]]) if f.name in told else f for f in form.fields]
    left = [Section(id="wrong", title=_("Chưa tính được"), text=say(error.message, error.params))]
    page = MarketPage(header=header, tabs=tabs(tab), form=replace(form, fields=fields), sections=left)
    return render(request, "markets/page.html", page, status=422)


def empty_store(viewer: Viewer) -> Empty:
    """What an analysis says where it has no data: that the libraries are missing, or how data come in."""
    if not store.has_libraries():
        return Empty(
            title=_("Bản cài đặt này chưa có thư viện phân tích thị trường"),
            text=_('Quản trị viên cài thêm bằng lệnh: pip install "banggiao[markets]".'),
        )
    text = _("Cán bộ tổng hợp hoặc quản trị viên nạp dữ liệu; trang này sẽ có số ngay sau đó.")
    if viewer.may("markets.ingest"):
        text = _(
            "Nạp một bộ dữ liệu bằng lệnh banggiao markets ingest, hoặc tạo một năm TỔNG HỢP để xem thử bằng lệnh "
            "banggiao markets demo."
        )
    return Empty(title=_("Chưa nạp dữ liệu thương mại"), text=text)


def about(answer: Answer) -> list[Definition]:
    """Which release the page rests on, under which licence, and by which method."""
    rows = [Definition(label=_("Cách tính"), cell=Cell(value=label("counting_rule", answer.rule)))]
    release = next((r for r in store.releases() if r.id == answer.parameters.get("release")), None)
    if release is None:
        return rows
    span = f"{min(release.years)}–{max(release.years)}" if len(release.years) > 1 else str(next(iter(release.years), ""))
    made_up = _("TỔNG HỢP: số do máy sinh ra để diễn tập, không phải thương mại thật")
    lines = (
        (_("Bản phát hành"), Cell(value=release.title or release.id, note=made_up if release.synthetic else release.id)),
        (_("Trích dẫn"), Cell(value=release.citation or None, url=release.url if release.url.startswith("https://") else "")),
        (_("Giấy phép"), Cell(value=release.licence or None)),
        (_("Năm có số liệu"), Cell(value=span, note=_("đang xem %(year)s") % {"year": answer.parameters.get("year", "")})),
        (_("Phiên bản danh mục hàng hóa"), Cell(value=release.revision or None)),
        (_("Số dòng"), Cell(value=format_number(release.rows, language()))),
    )
    return [*(Definition(label=name, cell=cell) for name, cell in lines if cell.value), *rows]


def release_fields(params: Mapping[str, str], kind: str = "annual") -> list[Field]:
    """The choosers of release (where there are several) and of year."""
    held = store.releases(kind)
    chosen = store.chosen(params, kind)
    fields: list[Field] = []
    if chosen is None:
        return fields
    if len(held) > 1:
        choices = [
            Choice(
                value=r.id, label=f"{r.title or r.id}{' (TỔNG HỢP)' if r.synthetic else ''}", selected=r.id == chosen.release.id
            )
            for r in held
        ]
        fields.append(Field(name="release", label=_("Bản phát hành"), kind="select", choices=choices, value=chosen.release.id))
    if len(chosen.release.years) > 1:
        years = [
            Choice(value=str(y), label=str(y), selected=y == chosen.year) for y in sorted(chosen.release.years, reverse=True)
        ]
        fields.append(Field(name="year", label=_("Năm"), kind="select", choices=years, value=str(chosen.year)))
    return fields


def country_field(name: str, title: str, params: Mapping[str, str], names: Sequence[tuple[str, Bi]], *, every: str = "") -> Field:
    """A chooser among the countries of a release (ISO code and name); `every` is the choice of none."""
    first = [Choice(value="", label=every, selected=not params.get(name))] if every else []
    choices = [Choice(value=c, label=n.get(language()), selected=params.get(name) == c) for c, n in names]
    return Field(name=name, label=title, kind="select", choices=[*first, *choices], value=params.get(name, ""))


def shown(
    request: HttpRequest,
    name: str,
    picture: Picture,
    *,
    meta: str = "",
    note: str = "",
    without: Sequence[str] = (),
) -> Shown:
    """A picture with its answer as a table, and the files both can be taken as; `name` is the picture's registered name."""
    answer = picture.answer.listed()
    head = Answer(
        answer.question, answer.title, answer.columns, tuple(answer.rows)[:ROWS], answer.total, answer.as_of, answer.rule,
        answer.sources, "", answer.parameters,
    )  # fmt: skip
    table = replace(market_table(request, head, without=without), caption=picture.title)
    chart = Chart(
        title=picture.title, image_url="", summary=picture.summary, table=table, drawing=picture.svg, legend=picture.legend,
        meta=meta, note=note,
    )  # fmt: skip
    return Shown(id=name, chart=chart, exports=exports_of(answer.question, answer.parameters, asker(request), picture=name))


def short_name(name: str) -> str:
    """A product's name for a narrow place: our heading without the words that set the subheading apart, or cut."""
    name = name.partition(" (")[0].rstrip(" ,;:")
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip(" ,;") + "…"


def market_table(request: HttpRequest, answer: Answer, *, without: Sequence[str] = (), links: Sequence[str] = ()) -> Table:
    """The answer as a table: long product names stand short with code and rest below, rows lead to `links` where given.

    Made-up rows are not marked one by one: the banner of the page, the source below the table and every file say it.
    """
    answer = answer.listed()
    table = table_of(answer, today=today(request), without=without)
    table = replace(table, rows=[replace(row, exercise=False) for row in table.rows])
    place = next((n for n, c in enumerate(table.columns) if c.key == "product"), None)
    if place is None:
        return replace(table, compact=True)
    rows = []
    for n, row in enumerate(table.rows):
        cells = list(row.cells)
        whole = str(cells[place].value or "")
        rest = whole.partition(" (")[2].rstrip(")")
        note = " · ".join(
            filter(None, (cells[place].note, rest if len(rest) <= LONGEST_NOTE else f"{rest[: LONGEST_NOTE - 1]}…"))
        )
        url = links[n] if n < len(links) else cells[place].url
        cells[place] = replace(cells[place], value=short_name(whole), note=note, url=url)
        rows.append(replace(row, cells=cells))
    return replace(table, rows=rows, compact=True)


def exports_of(question: str, params: Mapping[str, str], viewer: Viewer, *, picture: str = "") -> list[Action]:
    """The files of an answer and of its picture, for who may take data out."""
    if not viewer.may("exports.take"):
        return []
    query = urlencode({n: v for n, v in params.items() if v})
    tail = f"?{query}" if query else ""
    files = [
        Action(label=title, url=reverse("web:export", args=[question, form]) + tail, icon="download") for form, title in FORMS
    ]
    pictures = [
        Action(label=form.upper(), url=reverse("web:market_picture", args=[picture, form]) + tail, icon="download")
        for form in ("svg", "png")
        if picture
    ]
    return files + pictures


def basis(answer: Answer) -> Basis:
    """Rule, moment and sources of an answer, for a part of the page that is no table."""
    return basis_of(answer)
