"""The file of a partner: what both sides promised, agreements, market, people, documents, trade, on one page and on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from banggiao.core.acts import Viewer
from banggiao.core.questions import Answer, Bi, Ref
from banggiao.partners.models import Partner
from banggiao.reports import charts
from banggiao.reports.actions import may_create
from banggiao.reports.blocks import Chart as PaperChart
from banggiao.reports.blocks import Series
from banggiao.reports.files import MEDIA_TYPES
from banggiao.reports.files import take as take_paper
from banggiao.reports.partner_brief import compose_brief
from banggiao.reports.partner_file import SIDES, PartnerFile, latest_total, partner_file, trade_chart
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, moment, today
from banggiao.web.beside import citations, origin
from banggiao.web.beside_dispatches import dispatches_section
from banggiao.web.beside_partners import level_entries, written_day
from banggiao.web.formats import format_number
from banggiao.web.frame import render
from banggiao.web.history import history
from banggiao.web.markets.beside import partner_sections
from banggiao.web.pages import PartnerFilePage
from banggiao.web.papers import paper_table
from banggiao.web.parts import (
    Action,
    Badge,
    Basis,
    Cell,
    Chart,
    Chip,
    Definition,
    Empty,
    Header,
    Kpi,
    Link,
    Section,
    Tally,
    TimelineEntry,
)
from banggiao.web.records import found
from banggiao.web.tables import basis_of, table_of
from banggiao.web.talk import talk_of
from banggiao.web.words import label, partial_date, plain_value

TRADE_ROWS = 8
LEVEL_TONES = {"special": "good", "comprehensive_strategic": "active"}


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponseBase:
    """The file of a partner as far as the viewer may know it; what is hidden reads as what does not exist."""
    book, partner = found(request, "partners", key)
    viewer = asker(request)
    file = partner_file(partner.code, viewer, at=moment(request), language=language())
    name = Bi(partner.name_vi, partner.name_en).get(language())
    sections = _sections(file)
    place = next(n for n, section in enumerate(sections, 1) if section.id == "trade")
    sections[place:place] = partner_sections(partner, request)
    page = PartnerFilePage(
        header=Header(
            title=name,
            kicker=f"{label('partner_kind', partner.kind)} · {partner.code}",
            subtitle=_next_words(file),
            badges=_badges(file),
            actions=_actions(partner, viewer),
            trail=(Link(label=book.title.get(language()), url=list_url(book.name)),),
        ),
        kpis=_kpis(file),
        facts=_facts(file),
        version=partner.version,
        contents=[Chip(label=section.title, url=f"#{section.id}") for section in sections],
        sections=[
            *sections,
            *citations(partner, viewer),
            *dispatches_section(book, partner, viewer),
        ],
        aside=[*_levels(file, viewer), _anniversaries(file), *origin(partner), *history(book, partner, viewer)],
        talk=talk_of(book, partner, request),
    )
    return render(request, "partner_file.html", page, exercise=file.exercise)


@require_safe
def chart(request: HttpRequest, key: str) -> HttpResponseBase:
    """The chart of the trade picture as an image."""
    _book, partner = found(request, "partners", key)
    nothing = PaperChart("column", (), (Series("", ()),), "")
    drawn = trade_chart(partner, language()) or nothing  # a drawing that says so
    content = charts.svg(drawn, language(), exercise=partner.exercise)
    return HttpResponse(content, content_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})


@require_safe
def brief(request: HttpRequest, key: str, form: str) -> HttpResponseBase:
    """The sheet for tomorrow's meeting as a file."""
    _book, partner = found(request, "partners", key)
    act = deed(request)
    act.viewer.require("exports.take", subject=str(partner))
    content = take_paper(compose_brief(partner.code, act.viewer, at=act.at, language=language()), form, act=act)
    name = f"brief-{partner.code}-{today(request):%Y%m%d}.{form}"
    return HttpResponse(content, content_type=MEDIA_TYPES[form], headers={"Content-Disposition": f'inline; filename="{name}"'})


def _sections(file: PartnerFile) -> list[Section]:
    return [
        *(_promises(file, side) for side in SIDES),
        _agreements(file),
        _answer_section("ftas", _("Hiệp định kinh tế chung"), file.ftas, file, _("Chưa có hiệp định kinh tế chung nào.")),
        _barriers(file),
        _activities(file),
        _trade(file),
        _answer_section("people", _("Người đã gặp, đã biết"), file.people, file, _("Chưa có tài liệu nào nêu tên ai.")),
        _answer_section("documents", _("Tài liệu"), file.documents, file, _("Chưa có tài liệu nào.")),
    ]


# --- head


def _badges(file: PartnerFile) -> list[Badge]:
    badges = []
    if file.level:
        tone: Any = LEVEL_TONES.get(file.level.level, "neutral")
        badges.append(Badge(label=label("relation_level", file.level.level), tone=tone, axis=_("Mức quan hệ")))
        if file.level.evidence == "recalled":
            badges.append(Badge(label=_("chưa kiểm chứng"), tone="risk", axis=_("Nguồn")))
    badges.append(Badge(label=label("classification", file.partner.classification), axis=_("Độ mật")))
    return badges


def _next_words(file: PartnerFile) -> str:
    """The next activity and the next anniversary, in one line."""
    words = []
    coming = [row for row in file.activities.rows if _start(file.activities, row) >= file.today.isoformat()]
    if coming:
        row = min(coming, key=lambda r: _start(file.activities, r))
        title = _cell(file.activities, row, "name")
        words.append(_("Sắp tới: %(what)s, %(day)s.") % {"what": _text(title), "day": written_day(_start(file.activities, row))})
    for row in list(file.anniversaries.rows)[:1]:
        words.append(
            _("Kỷ niệm gần nhất: %(day)s, %(years)s năm, %(what)s.")
            % {"day": written_day(row.cells[0]), "years": row.cells[3], "what": _lower(_text(row.cells[2]))}
        )
    return " ".join(words)


def _actions(partner: Partner, viewer: Viewer) -> list[Action]:
    from banggiao.core.registers import register_named

    actions = []
    if viewer.may("exports.take"):
        actions.append(
            Action(
                label=_("Trang tiếp xúc (PDF)"),
                url=reverse("web:partner_brief", args=[partner.code, "pdf"]),
                style="primary",
                icon="report",
            )
        )
        actions.append(Action(label="Word", url=reverse("web:partner_brief", args=[partner.code, "docx"]), icon="download"))
    levels = register_named("relation_levels")
    if may_create(levels, viewer) and new_url("relation_levels"):
        url = f"{new_url('relation_levels')}?partner_id={partner.code}"
        actions.append(Action(label=_("Ghi mức quan hệ"), url=url, icon="add"))
    if may_create(register_named("commitments"), viewer):
        url = f"{new_url('commitments')}?partner_id={partner.code}"
        actions.append(Action(label=_("Ghi cam kết"), url=url, icon="add"))
    if viewer.may("partners.edit"):
        actions.append(Action(label=_("Sửa"), url=reverse("web:edit", args=["partners", partner.pk]), icon="edit"))
    return actions


def new_url(register: str) -> str:
    """Where the form of a new record of a register stands."""
    return reverse("web:new", args=[register])


def _kpis(file: PartnerFile) -> list[Kpi]:
    code, basis = file.partner.code, Basis(as_of=file.at, rule=label("counting_rule", "register_rows"))
    kpis = []
    titles = {"theirs": _("Phía bạn hứa, chưa xong"), "ours": _("Phía ta hứa, chưa xong"), "joint": _("Hai bên, chưa xong")}
    for side, title in titles.items():
        total, still, _late = file.counts.get(side, (0, 0, 0))
        note = ngettext("trong %(total)s cam kết", "trong %(total)s cam kết", total) % {"total": _number(total)}
        url = list_url("partner_commitments", {"partner": code, "side": side, "open": "yes"})
        kpis.append(Kpi(label=title, value=still, basis=basis, url=url, note=note))
    late = Basis(as_of=file.at, rule=label("counting_rule", "open_past_due"))
    url = list_url("commitments", {"partner": code, "overdue_on": file.today.isoformat()})
    kpis.append(Kpi(label=_("Quá hạn"), value=file.total(2), basis=late, url=url, alarming=file.total(2) > 0))
    url = list_url("agreements", {"partner": code})
    kpis.append(Kpi(label=_("Văn kiện trong sổ"), value=file.agreements.total, basis=basis, url=url))
    figure = latest_total(code)
    if figure is not None and figure.value is not None:
        source = Bi(figure.dataset.title, figure.dataset.title_en).get(language())
        as_of: Any = partial_date(figure.as_of) if len(figure.as_of) == 10 else file.at
        kpis.append(
            Kpi(
                label=_("Kim ngạch hàng hóa hai chiều năm %(year)s") % {"year": figure.period},
                value=figure.value.normalize(),
                unit=_("triệu USD"),
                basis=Basis(as_of=as_of, rule=label("counting_rule", "trade_as_published")),
                url=list_url("partner_trade", {"partner": code}),
                note=source,
            )
        )
    return kpis


def _facts(file: PartnerFile) -> list[Definition]:
    partner = file.partner
    rows = [
        Definition(label=_("Tên in"), cell=Cell(value=partner.name_vi, note=partner.name_en)),
        Definition(label=_("Khu vực"), cell=Cell(value=Bi(partner.region_vi, partner.region_en).get(language()) or None)),
    ]
    if file.level:
        since = written_day(file.level.day) if file.level.day else _("không rõ ngày")
        text = f"{label('relation_level', file.level.level)} ({since})"
        rows.append(
            Definition(
                label=_("Mức quan hệ"),
                cell=Cell(
                    value=text,
                    url=record_url("partners.relationlevel", file.level.pk),
                    recalled=file.level.evidence == "recalled",
                ),
            )
        )
    if file.blocs:
        links = [Link(label=_named(b), url=record_url("partners.partner", b.pk)) for b in file.blocs]
        rows.append(Definition(label=_("Thành viên của"), cell=Cell(value=len(links), links=links)))
    if file.missions:
        apart = _("kiêm nhiệm")
        links = [
            Link(label=_named(m) + (f" ({apart})" if beside else ""), url=record_url("partners.institution", m.pk))
            for m, beside in file.missions
        ]
        rows.append(Definition(label=_("Cơ quan đại diện của ta"), cell=Cell(value=len(links), links=links)))
    return [row for row in rows if row.cell.value is not None or row.cell.links]


# --- sections

_PROMISE = {
    "theirs": lambda: (_("Phía bạn đã hứa"), _("Sổ chưa ghi cam kết nào của phía bạn.")),
    "ours": lambda: (_("Phía ta đã hứa"), _("Sổ chưa ghi cam kết nào của phía ta.")),
    "joint": lambda: (_("Hai bên cùng làm"), _("Sổ chưa ghi cam kết chung nào.")),
}


def _promises(file: PartnerFile, side: str) -> Section:
    title, nothing = _PROMISE[side]()
    answer = file.duties[side]
    _total, still, _late = file.counts.get(side, (0, 0, 0))
    section = _answer_section(f"duties-{side}", title, answer, file, nothing, {"side": side}, without=("side",))
    return replace(section, meta=_("%(open)s chưa xong") % {"open": _number(still)} if answer.total else "")


def _agreements(file: PartnerFile) -> Section:
    code = file.partner.code
    title, nothing = _("Văn kiện theo tình trạng pháp lý"), _("Sổ chưa ghi văn kiện nào.")
    section = _answer_section("agreements", title, file.agreements, file, nothing)
    tallies = [
        Tally(label=label("agreement_status", state), url=list_url("agreements", {"partner": code, "status": state}), value=count)
        for state, count in file.states
    ]
    return replace(section, tallies=tallies if len(tallies) > 1 else ())


def _barriers(file: PartnerFile) -> Section:
    title, nothing = _("Rào cản tại thị trường này"), _("Sổ chưa ghi rào cản nào.")
    return _answer_section("barriers", title, file.barriers, file, nothing, without=("products",))


def _activities(file: PartnerFile) -> Section:
    now = file.today.isoformat()
    entries = [
        TimelineEntry(
            when=None,
            when_text=written_day(_start(file.activities, row)) or "–",
            title=_text(_cell(file.activities, row, "name")),
            text=label("activity_kind", str(_cell(file.activities, row, "kind") or "")),
            url=record_url(row.record_type, row.id),
            state="next" if _start(file.activities, row) >= now else "past",
        )
        for row in file.activities.rows
    ]
    return Section(
        id="activities",
        title=_("Hoạt động đã qua và sắp tới"),
        link=_all(file.activities, file.partner),
        timeline=entries,
        empty=Empty(title=_("Chưa có hoạt động nào"), text=_("Hoạt động được nhập tay, hoặc duyệt từ tài liệu.")),
    )


def _trade(file: PartnerFile) -> Section:
    answer = replace(file.trade, rows=tuple(file.trade.rows)[:TRADE_ROWS])
    table = table_of(answer, today=file.today, without=("source", "qualifier"))
    sources = [row.cells[7] for row in answer.rows]
    rows = []
    for row, source, asked in zip(table.rows, sources, answer.rows, strict=True):
        cells = list(row.cells)
        place = next(n for n, c in enumerate(table.columns) if c.key == "set")
        cells[place] = replace(cells[place], url=source if source.startswith(("https://", "http://")) else "")
        worth = next(n for n, c in enumerate(table.columns) if c.key == "value")
        qualifier = plain_value(asked.cells[2], "code", "qualifier")
        cells[worth] = replace(cells[worth], note=str(qualifier or ""), recalled=asked.mark == "recalled")
        rows.append(replace(row, cells=cells))
    drawn = None
    if file.chart:
        caption = _("%(partner)s trong thương mại của Việt Nam, theo năm") % {"partner": _named(file.partner)}
        drawn = Chart(
            title=caption,
            image_url=reverse("web:partner_chart", args=[file.partner.code]),
            summary=f"{caption} ({file.chart.unit})",
            table=paper_table(file.chart.as_table(language()), caption),
        )
    return Section(
        id="trade",
        title=_("Bức tranh thương mại"),
        meta=_("số của từng nguồn, không cộng với nhau"),
        link=_all(file.trade, file.partner),
        chart=drawn,
        table=replace(table, rows=rows) if rows else None,
        empty=Empty(title=_("Chưa có số liệu"), text=_("Các bộ dữ liệu đã nạp không có số thương mại của đối tác này.")),
    )


def _levels(file: PartnerFile, viewer: Viewer) -> list[Section]:
    entries = level_entries(file.levels)
    return [Section(id="levels", title=_("Mức quan hệ theo thời gian"), timeline=entries)] if entries else []


def _anniversaries(file: PartnerFile) -> Section:
    entries = [
        TimelineEntry(
            when=None,
            when_text=written_day(row.cells[0]),
            title=_("%(years)s năm, %(what)s") % {"years": row.cells[3], "what": _lower(_text(row.cells[2]))},
            text=label("anniversary", row.cells[4]) if row.cells[4] != "other" else "",
            url=record_url(row.record_type, row.id),
            state="next",
        )
        for row in file.anniversaries.rows
    ]
    return Section(
        id="anniversaries",
        title=_("Ngày kỷ niệm trong 12 tháng tới"),
        link=_all(file.anniversaries, file.partner, {"period": ""}),
        timeline=entries,
        empty=Empty(title=_("Không có ngày nào"), text=_("Ngày kỷ niệm tính từ các mức quan hệ trong sổ.")),
    )


def _answer_section(
    name: str, title: str, answer: Answer, file: PartnerFile, nothing: str, params: dict[str, str] | None = None,
    without: Sequence[str] = (),
) -> Section:  # fmt: skip
    """The first rows of an answer, with the list they begin."""
    table = table_of(answer, today=file.today, without=("partner", "partners", "parties", *without), with_basis=False)
    shown = len(table.rows)
    return Section(
        id=name,
        title=title,
        link=_all(answer, file.partner, params) if answer.total > shown else None,
        table=replace(table, basis=basis_of(answer)) if shown else None,
        empty=Empty(title=_("Chưa có gì"), text=nothing),
    )


def _all(answer: Answer, partner: Partner, params: dict[str, str] | None = None) -> Link | None:
    if not answer.total:
        return None
    return Link(
        label=_("Xem tất cả (%(total)s)") % {"total": _number(answer.total)},
        url=list_url(answer.question, {"partner": partner.code, **(params or {})}),
    )


def _cell(answer: Answer, row: Any, key: str) -> Any:
    place = next((n for n, c in enumerate(answer.columns) if c.key == key), None)
    return row.cells[place] if place is not None else None


def _start(answer: Answer, row: Any) -> str:
    return str(_cell(answer, row, "start") or "")


def _text(value: Any) -> str:
    if isinstance(value, Ref):
        value = value.title
    return value.get(language()) if isinstance(value, Bi) else str(value or "")


def _named(record: Any) -> str:
    return str(record.name_vi if language() == "vi" or not record.name_en else record.name_en)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _number(value: int) -> str:
    return format_number(value, language())
