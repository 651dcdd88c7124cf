"""What stands on a leader's page beside the figures: who must act, commitments by partner, what to decide."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from banggiao.core.acts import Viewer
from banggiao.core.questions import Answer, Page, ask
from banggiao.reports import charts, maps
from banggiao.reports.duties import LEAD_COUNTS, RANKED_FROM, codes_of_leads, lead_params
from banggiao.reports.home import moves_to_decide
from banggiao.reports.partner_maps import draw
from banggiao.reports.pictures import MOST_BARS, bars
from banggiao.web.addresses import list_url, record_title, record_url
from banggiao.web.asking import asker, language, moment, today
from banggiao.web.homes.figures import shown
from banggiao.web.jinja import written
from banggiao.web.parts import Cell, Chart, Link, Section, Table, TableColumn, TableRow, TimelineEntry
from banggiao.web.tables import basis_of, cell_of, table_of
from banggiao.web.words import partial_date

ROWS = 8
_KINDS = ("overdue", "blocked", "awaiting")


def who_must_act(request: HttpRequest) -> list[Section]:
    """Institutions with anything late, blocked or waiting; each figure opens the list it counted."""
    viewer = asker(request)
    answer = ask("who_must_act", {"on": today(request).isoformat()}, viewer, at=moment(request), page=Page(ROWS)).listed()
    if not answer.total:
        return []
    codes = codes_of_leads([row.id for row in answer.rows if row.id])
    rows = []
    for row in answer.rows:
        lead, *counts = row.cells
        opens: dict[str, list[Link]] = {}
        for key, count in zip(LEAD_COUNTS, counts, strict=True):
            question, params = lead_params(key, codes[lead.id], today(request))
            if count:
                opens.setdefault(key.partition("_")[2], []).append(
                    Link(label=_counted(question, count), url=list_url(question, params))
                )
        cells = [Cell(value=" ", links=opens[kind]) if kind in opens else Cell() for kind in _KINDS]
        rows.append(TableRow(cells=[cell_of(answer.columns[0], lead), *cells], exercise=row.exercise))
    titles = (_("Cơ quan chủ trì"), _("Quá hạn"), _("Vướng mắc"), _("Chờ quyết định"))
    columns = [TableColumn(key=str(n), label=title, lead=n == 0) for n, title in enumerate(titles)]
    table = Table(caption=_("Ai phải hành động"), columns=columns, rows=rows, basis=basis_of(answer))
    note = _("Cơ quan có từ %(n)d việc trở lên xếp theo số việc, còn lại xếp theo mã.") % {"n": RANKED_FROM}
    return [
        Section(
            id="who",
            title=_("Ai phải hành động"),
            meta=shown(answer),
            link=Link(label=_("Xem tất cả"), url=list_url("who_must_act", {"on": today(request).isoformat()})),
            table=table,
            note=note,
        )
    ]


def to_decide(viewer: Viewer) -> list[Section]:
    """Later due dates that wait for a decision."""
    entries = []
    for move in moves_to_decide(viewer):
        title = record_title(move.subject_type, move.subject_id, viewer)
        if title:
            text = _("từ %(old)s đến %(new)s") % {"old": _day(move.due_from), "new": _day(move.due_to)}
            entries.append(
                TimelineEntry(
                    when=move.recorded_at,
                    title=title,
                    url=f"{record_url(move.subject_type, move.subject_id)}#due-moves",
                    text=" · ".join(filter(None, (text, move.reason))),
                    state="next",
                )
            )
    all_of_them = Link(label=_("Xem tất cả"), url=reverse("web:approvals"))
    return [Section(id="decide", title=_("Đề nghị chuyển hạn chờ duyệt"), link=all_of_them, timeline=entries)] if entries else []


def drawings(request: HttpRequest, *, exercise: bool) -> list[Chart]:
    """Commitments by partner on the map and as bars; the tables hold the same figures."""
    viewer, at, tongue = asker(request), moment(request), language()
    top = ask("commitments_by_partner", {}, viewer, at=at, page=Page(MOST_BARS)).listed()
    if not top.total:
        return []
    chart, pictures = bars(top, tongue), []
    drawn = draw("commitments", viewer, at=at, language=tongue, url=lambda code: list_url("commitments", {"partner": code}))
    if drawn.drawing.places:
        pictures.append(
            Chart(
                title=drawn.drawing.title,
                meta=_("mọi cam kết trong sổ"),
                image_url="",
                drawing=Markup(maps.svg(drawn.drawing, tongue, exercise=exercise, legend=False)),  # noqa: S704  ours, texts escaped
                legend=[(shade.label, shade.colour) for shade in drawn.drawing.shades],
                summary=drawn.drawing.alt,
                table=_table(drawn.answer, request),
                link=Link(label=_("Xem tất cả"), url=list_url(drawn.answer.question)),
                note=maps.remark(tongue),
            )
        )
    pictures.append(
        Chart(
            title=_("Thực hiện theo đối tác"),
            meta=_("%(n)d đối tác có nhiều cam kết nhất") % {"n": len(chart.categories)},
            image_url="",
            drawing=Markup(charts.svg(chart, tongue, exercise=exercise)),  # noqa: S704
            summary=_("Số cam kết theo tình trạng thực hiện của các đối tác có nhiều cam kết nhất."),
            table=_table(top, request),
            link=Link(label=_("Xem tất cả"), url=list_url("commitments_by_partner")),
        )
    )
    return pictures


def _table(answer: Answer, request: HttpRequest) -> Table:
    return table_of(answer, today=today(request))


def _counted(question: str, count: int) -> str:
    if question == "tasks":
        return ngettext("%(n)d nhiệm vụ", "%(n)d nhiệm vụ", count) % {"n": count}
    return ngettext("%(n)d cam kết", "%(n)d cam kết", count) % {"n": count}


def _day(text: str) -> str:
    return written(partial_date(text)) if text else _("chưa có hạn")
