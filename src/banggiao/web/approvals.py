"""What waits for the reader to decide: due dates that others ask to move, and questions put to their institution."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banggiao.core.registers import register_of
from banggiao.followup.escalations.models import Escalation
from banggiao.followup.escalations.questions import ESCALATIONS, waiting_for
from banggiao.followup.extensions.questions import DUE_MOVES, LATE_DAYS, askers_of, waiting_moves
from banggiao.followup.models import DueDateMove
from banggiao.followup.questions import subject_refs
from banggiao.web.addresses import list_url, record_title, record_url, ref_url
from banggiao.web.asking import asker, language, today
from banggiao.web.frame import render
from banggiao.web.pages import HomePage
from banggiao.web.parts import Action, Cell, Empty, Header, Link, Section, Table, TableColumn, TableRow
from banggiao.web.words import partial_date


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """Both lists, each with its buttons; only for those who decide on either."""
    viewer, moves = asker(request), waiting_moves(asker(request))
    questions = list(waiting_for(viewer).select_related("asker"))
    sections = []
    if viewer.may("escalations.decide"):
        sections.append(_questions(questions, request))
    if viewer.may("followup.approve_due_date") or not sections:
        viewer.require("followup.approve_due_date")
        sections.append(_moves(moves, request))
    page = HomePage(
        header=Header(
            title=_("Chờ tôi quyết định"), subtitle=_("Việc cấp dưới trình và đề nghị chuyển hạn, chờ bạn quyết định.")
        ),
        sections=sections,
    )
    exercise = any(each.exercise for each in (*moves, *questions))
    return render(request, "home_desk.html", page, exercise=exercise)


def _moves(moves: list[DueDateMove], request: HttpRequest) -> Section:
    askers, rows = askers_of([move.pk for move in moves]), []
    for move in moves:
        book = register_of(move.subject_type)
        url = reverse("web:decide_due", args=[book.name, move.subject_id, move.pk]) if book else ""
        back = ("next", reverse("web:approvals"))
        late = move.days_left is not None and move.days_left <= LATE_DAYS
        rows.append(
            TableRow(
                cells=(
                    Cell(
                        value=record_title(move.subject_type, move.subject_id, asker(request)),
                        url=f"{record_url(move.subject_type, move.subject_id)}#due-moves",
                        note=move.reason,
                    ),
                    Cell(value=partial_date(move.due_from) if move.due_from else None),
                    Cell(value=partial_date(move.due_to)),
                    Cell(
                        value=askers.get(move.pk, (None, ""))[1] or None,
                        note=_("đề nghị trong %(n)d ngày cuối") % {"n": LATE_DAYS} if late else "",
                        note_tone="risk",
                    ),
                    Cell(
                        actions=(
                            Action(
                                label=_("Duyệt hạn mới"), url=url, method="post", style="primary", icon="check",
                                fields=(("approve", "yes"), back),
                            ),
                            Action(label=_("Không duyệt"), url=url, method="post", fields=(("approve", "no"), back)),
                        )
                    ),
                ),
                exercise=move.exercise,
            )
        )  # fmt: skip
    columns = (
        TableColumn(key="subject", label=_("Thuộc hồ sơ"), lead=True),
        TableColumn(key="from", label=_("Hạn đang có"), kind="date"),
        TableColumn(key="to", label=_("Hạn đề nghị"), kind="date"),
        TableColumn(key="by", label=_("Người đề nghị")),
        TableColumn(key="decide", label=_("Thao tác")),
    )
    return Section(
        id="due-moves",
        title=_("Đề nghị chuyển hạn"),
        meta=str(len(moves)) if moves else "",
        link=Link(label=_("Xem tất cả"), url=list_url(DUE_MOVES.name)),
        table=Table(caption=_("Đề nghị chuyển hạn"), columns=columns, rows=rows) if rows else None,
        empty=Empty(title=_("Không có đề nghị nào chờ duyệt"), text=_("Khi có cơ quan xin lùi hạn, đề nghị sẽ nằm ở đây.")),
        note=_("Hạn ban đầu được giữ mãi; cơ quan chủ trì và người đề nghị không tự duyệt đề nghị của mình."),
    )


def _questions(questions: list[Escalation], request: HttpRequest) -> Section:
    subjects = subject_refs(Escalation, [each.pk for each in questions])
    rows = []
    for each in questions:
        subject, late = subjects.get(each.pk), bool(each.needed_by) and each.needed_by < today(request).isoformat()
        known = record_title(each.subject_type, each.subject_id, asker(request))
        step = reverse("web:step", args=[ESCALATIONS.name, each.pk, "decide"])
        rows.append(
            TableRow(
                cells=(
                    Cell(value=each.title_vi, url=record_url(each.record_type(), each.pk), note=each.code),
                    Cell(value=known or None, url=ref_url(subject) if known and subject else ""),
                    Cell(value=each.asker.name_vi if language() == "vi" else each.asker.name_en or each.asker.name_vi),
                    Cell(value=partial_date(each.needed_by), note=_("quá hạn") if late else "", note_tone="bad"),
                    Cell(actions=(Action(label=_("Ghi quyết định"), url=step, style="primary", icon="edit"),)),
                ),
                exercise=each.exercise,
                overdue=late,
            )
        )
    columns = (
        TableColumn(key="question", label=_("Vấn đề xin ý kiến"), lead=True),
        TableColumn(key="subject", label=_("Thuộc hồ sơ")),
        TableColumn(key="asker", label=_("Cơ quan trình")),
        TableColumn(key="needed_by", label=_("Cần có quyết định trước"), kind="date"),
        TableColumn(key="decide", label=_("Thao tác")),
    )
    return Section(
        id="escalations",
        title=_("Việc trình cấp trên"),
        meta=str(len(questions)) if questions else "",
        link=Link(label=_("Xem tất cả"), url=list_url(ESCALATIONS.name)),
        table=Table(caption=_("Việc trình cấp trên"), columns=columns, rows=rows) if rows else None,
        empty=Empty(
            title=_("Không có việc nào chờ quyết định"), text=_("Khi cấp dưới trình lên cơ quan bạn, việc sẽ nằm ở đây.")
        ),
    )
