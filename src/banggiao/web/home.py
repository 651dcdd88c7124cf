"""The home page: what needs the reader first, whoever they are."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from banggiao.accounts.models import User
from banggiao.core.acts import Viewer
from banggiao.core.questions import Answer, Bi
from banggiao.followup.questions import reminders_of
from banggiao.reports.home import Figure, figures, latest, may_ask, running_reviews
from banggiao.reports.questions import holds_exercise
from banggiao.sources.questions import waiting_by_document
from banggiao.web.addresses import list_url, record_title, record_url
from banggiao.web.asking import asker, language, moment, today
from banggiao.web.formats import format_date, format_number
from banggiao.web.frame import render
from banggiao.web.jinja import written
from banggiao.web.pages import HomePage
from banggiao.web.parts import Action, Basis, Cell, Definition, Empty, Header, Kpi, Link, Section, Tally, TimelineEntry
from banggiao.web.tables import table_of
from banggiao.web.words import label, partial_date, period_label

ROWS = 6


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """What waits, what is late, what comes next, what is new; each part as far as the reader may see it."""
    viewer, at, day = asker(request), moment(request), today(request)
    counted = figures(viewer, at=at, today=day, rows=ROWS)
    documents = latest("documents", viewer, at=at, rows=ROWS)
    page = HomePage(
        header=Header(
            title=_("Tổng quan"),
            subtitle=_("%(name)s · ngày %(day)s") % {"name": cast(User, request.user).name, "day": format_date(day, language())},
            actions=_actions(viewer),
        ),
        kpis=[_kpi(figure) for figure in counted],
        sections=[*_late(counted, request), *_news(viewer, request)],
        aside=[*_inbox(viewer), *_reviews(viewer), *_documents(documents), *_reminders(viewer)],
    )
    lists = [*((f.question, f.params) for f in counted), *((q, {}) for q in ("documents", "activities") if may_ask(q, viewer))]
    return render(request, "home_desk.html", page, exercise=any(holds_exercise(q, params, viewer) for q, params in lists))


def _actions(viewer: Viewer) -> list[Action]:
    actions = []
    if viewer.may("reports.view"):
        actions.append(Action(label=_("Báo cáo sơ kết"), url=reverse("web:reviews"), icon="report"))
    if viewer.may("documents.read_in"):
        actions.append(Action(label=_("Nạp tài liệu"), url=reverse("web:upload"), style="primary", icon="upload"))
    return actions


def _names() -> dict[str, str]:
    return {
        "facts_to_check": _("Thông tin chờ duyệt"),
        "tasks overdue_on": _("Nhiệm vụ quá hạn"),
        "commitments overdue_on": _("Cam kết quá hạn"),
        "tasks due_soon_on": _("Nhiệm vụ sắp đến hạn"),
        "commitments due_soon_on": _("Cam kết sắp đến hạn"),
    }


def _kpi(figure: Figure) -> Kpi:
    return Kpi(
        label=_names()[figure.key],
        value=figure.value,
        basis=Basis(as_of=figure.answer.as_of, rule=label("counting_rule", figure.rule)),
        url=list_url(figure.question, figure.params),
        alarming="overdue" in figure.key and figure.value > 0,
    )


def _late(counted: list[Figure], request: HttpRequest) -> list[Section]:
    """The late ones and those due soon, row by row; one section each that holds anything."""
    sections = []
    for figure in counted:
        if figure.key != "facts_to_check" and figure.value:
            table = table_of(
                figure.answer, today=today(request), with_basis=False, without=("period", "validation_state", "side", "assignee")
            )
            sections.append(
                Section(
                    id=figure.key.replace(" ", "-") + ("-" + figure.params["lead"] if "lead" in figure.params else ""),
                    title=_names()[figure.key],
                    meta=_shown(figure.answer),
                    link=Link(label=_("Xem tất cả"), url=list_url(figure.question, figure.params)),
                    table=table,
                )
            )
    if not sections and any(figure.key != "facts_to_check" for figure in counted):
        quiet = Empty(
            title=_("Không có việc quá hạn hay sắp đến hạn"), text=_("Việc sẽ hiện ở đây 14 ngày trước hạn và cho đến khi xong.")
        )
        sections.append(Section(id="late", title=_("Quá hạn và sắp đến hạn"), empty=quiet))
    return sections


def _news(viewer: Viewer, request: HttpRequest) -> list[Section]:
    answer = latest("activities", viewer, at=moment(request), rows=ROWS)
    if answer is None:
        text = _("Tài khoản chưa được giao vai trò nào nên chưa xem được sổ nào. Hãy liên hệ quản trị viên của đơn vị.")
        return [Section(id="none", title=_("Chưa có quyền"), empty=Empty(title=_("Chưa được giao vai trò"), text=text))]
    if not answer.total:
        return []
    table = table_of(answer, today=today(request), with_basis=False, without=("place", "documents_signed", "level"))
    link = Link(label=_("Xem tất cả"), url=list_url("activities"))
    return [Section(id="activities", title=_("Hoạt động gần đây"), meta=_shown(answer), link=link, table=table)]


def _inbox(viewer: Viewer) -> list[Section]:
    if not viewer.may("facts.check"):
        return []
    rows = [
        Tally(label=title, value=count, url=record_url("sources.document", pk))
        for pk, title, count in waiting_by_document(viewer, ROWS)
    ]
    empty = Empty(
        title=_("Không còn gì chờ duyệt"),
        text=_("Nạp một văn bản để máy đọc và đề xuất thông tin."),
        action=Action(label=_("Nạp tài liệu"), url=reverse("web:upload"), icon="upload")
        if viewer.may("documents.read_in")
        else None,
    )
    return [
        Section(
            id="inbox",
            title=_("Chờ duyệt theo tài liệu"),
            tallies=rows,
            empty=empty,
            link=_all("facts_to_check") if rows else None,
        )
    ]


def _reviews(viewer: Viewer) -> list[Section]:
    if not viewer.may("reports.view"):
        return []
    rows = [
        Definition(
            label=period_label(review.period),
            cell=Cell(value=label("review_state", review.state), url=reverse("web:review", args=[review.period])),
        )
        for review in running_reviews(viewer)
    ]
    empty = Empty(
        title=_("Chưa mở kỳ sơ kết nào"),
        text=_("Chọn một kỳ để xem báo cáo được dựng từ các sổ."),
        action=Action(label=_("Chọn kỳ"), url=reverse("web:reviews")),
    )
    link = Link(label=_("Xem các kỳ"), url=reverse("web:reviews"))
    return [Section(id="reviews", title=_("Kỳ sơ kết đang làm"), definitions=rows, empty=empty, link=link if rows else None)]


def _documents(answer: Answer | None) -> list[Section]:
    if answer is None or not answer.total:
        return []
    keys = [c.key for c in answer.columns]
    title, published, outlet = keys.index("title"), keys.index("published"), keys.index("outlet")
    entries = [
        TimelineEntry(
            when=None,
            when_text=_short_date(row.cells[published]),
            title=row.cells[title].get(language()),
            text=row.cells[outlet] or "",
            url=record_url(row.record_type, row.id),
        )
        for row in answer.rows
    ]
    return [Section(id="documents", title=_("Tài liệu mới nhất"), timeline=entries, link=_all("documents"))]


def _reminders(viewer: Viewer) -> list[Section]:
    entries = []
    for reminder in reminders_of(viewer, ROWS):
        title = record_title(reminder.subject_type, reminder.subject_id, viewer)
        if title:
            name = Bi(reminder.recipient.name_vi, reminder.recipient.name_en).get(language())
            entries.append(
                TimelineEntry(
                    when=reminder.day,
                    title=title,
                    url=record_url(reminder.subject_type, reminder.subject_id),
                    text=f"{name}; {_rung(reminder.rung)}",
                    state="alarm" if reminder.rung > 0 else "next",
                )
            )
    return [Section(id="reminders", title=_("Nhắc việc gần đây"), timeline=entries)] if entries else []


def _rung(days: int) -> str:
    if not days:
        return _("đúng ngày đến hạn")
    if days > 0:
        return ngettext("%(days)d ngày sau hạn", "%(days)d ngày sau hạn", days) % {"days": days}
    return ngettext("%(days)d ngày trước hạn", "%(days)d ngày trước hạn", -days) % {"days": -days}


def _all(question: str) -> Link:
    return Link(label=_("Xem tất cả"), url=list_url(question))


def _shown(answer: Answer) -> str:
    return f"{len(tuple(answer.rows))} / {format_number(answer.total, language())}"


def _short_date(text: str) -> str:
    return written(partial_date(text)) if text else "–"
