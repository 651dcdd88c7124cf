"""What stands on the pages of a data call and of an answer to it: who has answered, what is asked, what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.core.acts import Viewer
from banggiao.core.questions import Bi
from banggiao.followup.data_calls.asked import Asked, Values, asked_of, rows_of
from banggiao.followup.data_calls.form_words import shown
from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.data_calls.questions import addressees_of, answer_timeliness, answers_to
from banggiao.followup.data_calls.services import may_answer
from banggiao.followup.data_calls.states import ANSWER, ANSWERED
from banggiao.followup.models import Reminder
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import language
from banggiao.web.parts import Action, Cell, Empty, Link, Section, Table, TableColumn, TableRow
from banggiao.web.words import label, partial_date, state_badge


def beside_call(call: DataCall, viewer: Viewer, today: date) -> list[Section]:
    """Who has answered by when, out of how many; then the columns asked for."""
    sections = [_columns(call)]
    if call.state == "draft":
        return [_addressees(call, viewer), *sections]
    return [_who(call, viewer, today), *sections]


def beside_answer(answer: DataCallAnswer, viewer: Viewer, today: date) -> list[Section]:
    """What the body answered, and the ways to answer that are open to the reader."""
    columns = asked_of(answer.call.questions)
    rows = [
        TableRow(cells=[Cell(value=row.id), *(Cell(value=cell_text(c, row.values.get(c.key, "")) or None) for c in columns)])
        for row in rows_of(answer.rows)
    ]
    heads = [TableColumn(key="id", label=_("Dòng"), kind="code")]
    heads += [TableColumn(key=c.key, label=c.label, lead=n == 0) for n, c in enumerate(columns)]
    actions: list[Action] = []
    open_to_fill = answer.call.state == "open" and answer.state in ANSWER.step("save").sources
    if open_to_fill and viewer.may("data_calls.answer") and _takes_part(answer, viewer):
        actions = [
            Action(label=_("Điền phiếu"), url=reverse("web:answer_fill", args=[answer.pk]), icon="edit", style="primary"),
            Action(label=_("Tải phiếu Excel"), url=reverse("web:answer_form", args=[answer.pk, "xlsx"]), icon="download"),
            Action(label=_("Tải phiếu Word"), url=reverse("web:answer_form", args=[answer.pk, "docx"]), icon="download"),
            Action(label=_("Nạp phiếu đã điền"), url=reverse("web:answer_returned", args=[answer.pk]), icon="upload"),
        ]
    empty = Empty(
        title=_("Chưa có nội dung trả lời"),
        text=_("Điền trên trang này, hoặc tải phiếu Excel, Word về điền rồi nạp lại."),
    )
    table = Table(caption=_("Nội dung trả lời"), columns=heads, rows=rows) if rows else None
    late = label("timeliness", answer_timeliness(answer, today))
    return [Section(id="rows", title=_("Nội dung trả lời"), meta=late, table=table, empty=empty, actions=actions)]


def row_text(columns: Sequence[Asked], values: Values | None) -> str:
    """A row in one line: each filled cell under its heading."""
    if values is None:
        return _("(không có dòng này)")
    return "; ".join(f"{c.label}: {cell_text(c, values[c.key])}" for c in columns if values.get(c.key))


def cell_text(column: Asked, value: str) -> str:
    """A kept value as the reader of the page writes it, with its unit."""
    text = shown(column, value, language())
    return f"{text} {column.unit}" if column.kind == "number" and column.unit else text


def _who(call: DataCall, viewer: Viewer, today: date) -> Section:
    answers = answers_to(call, viewer)
    reminded = _last_reminders([answer.pk for answer in answers], viewer)
    rows = []
    for answer in answers:
        timely = answer_timeliness(answer, today)
        late = timely == "overdue"
        rows.append(
            TableRow(
                cells=(
                    Cell(
                        value=Bi(answer.institution.name_vi, answer.institution.name_en).get(language()),
                        url=record_url(answer.record_type(), answer.pk),
                    ),
                    Cell(
                        value=label("data_call_answer_state", answer.state),
                        badge=state_badge("data_call_answer_state", answer.state),
                    ),
                    Cell(
                        value=partial_date(answer.current_due),
                        note=label("timeliness", timely) if timely in ("overdue", "due_soon", "done_late") else "",
                        note_tone="bad" if late else "risk",
                    ),
                    Cell(value=partial_date(answer.submitted_on) if answer.submitted_on else None),
                    Cell(value=len(answer.rows)),
                    Cell(value=reminded.get(answer.pk)),
                ),
                exercise=answer.exercise,
                overdue=late,
            )
        )
    answered = sum(1 for answer in answers if answer.state in ANSWERED)
    approved = sum(1 for answer in answers if answer.state == "approved")
    late_count = sum(1 for answer in answers if answer_timeliness(answer, today) == "overdue")
    meta = _("%(answered)d trên %(asked)d cơ quan đã trả lời, %(approved)d đã được thủ trưởng duyệt, %(late)d quá hạn") % {
        "answered": answered,
        "asked": len(answers),
        "approved": approved,
        "late": late_count,
    }
    heads = (
        TableColumn(key="institution", label=_("Cơ quan trả lời"), lead=True),
        TableColumn(key="state", label=_("Tình trạng")),
        TableColumn(key="due", label=_("Hạn trả lời"), kind="date"),
        TableColumn(key="submitted", label=_("Ngày gửi phiếu"), kind="date"),
        TableColumn(key="rows", label=_("Số dòng"), kind="number"),
        TableColumn(key="reminded", label=_("Nhắc gần nhất"), kind="date"),
    )
    return Section(
        id="answers",
        title=_("Ai đã trả lời"),
        meta=meta,
        table=Table(caption=_("Ai đã trả lời"), columns=heads, rows=rows),
        link=Link(label=_("Bảng tổng hợp"), url=list_url("data_call_table", {"data_call": str(call.pk)})),
        actions=_call_actions(call, viewer),
        note=label("counting_rule", "data_call_answers"),
    )


def _call_actions(call: DataCall, viewer: Viewer) -> list[Action]:
    actions = []
    if viewer.may("data_calls.edit") and call.state == "open":
        actions.append(
            Action(
                label=_("Nhận phiếu bằng tệp"), url=reverse("web:call_returned", args=[call.pk]), icon="upload", style="primary"
            )
        )
        actions.append(Action(label=_("Đổi hạn trả lời"), url=reverse("web:call_deadline", args=[call.pk]), icon="clock"))
    if viewer.may("exports.take"):
        query = f"?data_call={call.pk}"
        for form, name in (("xlsx", "Excel"), ("csv", "CSV"), ("json", "JSON")):
            url = reverse("web:export", args=["data_call_table", form]) + query
            actions.append(Action(label=_("Bảng tổng hợp %(form)s") % {"form": name}, url=url, icon="download"))
        word = reverse("web:call_paper", args=[call.pk])
        actions.append(Action(label=_("Bảng tổng hợp %(form)s") % {"form": "Word"}, url=word, icon="download"))
    return actions


def _columns(call: DataCall) -> Section:
    rows = [
        TableRow(
            cells=(
                Cell(value=column.label),
                Cell(value=label("data_call_kind", column.kind)),
                Cell(value=column.unit or (label("data_call_list", column.terms) if column.terms else None)),
                Cell(value=column.required),
            )
        )
        for column in asked_of(call.questions)
    ]
    heads = (
        TableColumn(key="label", label=_("Tên cột"), lead=True),
        TableColumn(key="kind", label=_("Kiểu")),
        TableColumn(key="of", label=_("Đơn vị tính, danh mục")),
        TableColumn(key="required", label=_("Bắt buộc"), kind="bool"),
    )
    empty = Empty(title=_("Chưa có cột nào"), text=_("Hãy sửa đề nghị để thêm các cột mà cơ quan phải điền."))
    table = Table(caption=_("Các cột của phiếu"), columns=heads, rows=rows) if rows else None
    return Section(id="columns", title=_("Các cột của phiếu"), table=table, empty=empty)


def _addressees(call: DataCall, viewer: Viewer) -> Section:
    bodies = addressees_of(call, viewer)
    text = "; ".join(Bi(body.name_vi, body.name_en).get(language()) for body in bodies)
    empty = Empty(title=_("Chưa chọn nơi nhận"), text=_("Hãy sửa đề nghị để chọn các cơ quan cần hỏi."))
    meta = _("%(n)d cơ quan, chưa cơ quan nào nhận được") % {"n": len(bodies)}
    return Section(id="addressees", title=_("Nơi nhận"), meta=meta, text=f"{text}." if text else "", empty=empty)


def _last_reminders(answers: list[Any], viewer: Viewer) -> dict[Any, date]:
    rows = Reminder.objects.visible_to(viewer).filter(subject_id__in=answers).order_by("day")
    return dict(rows.values_list("subject_id", "day"))


def _takes_part(answer: DataCallAnswer, viewer: Viewer) -> bool:
    return may_answer(viewer.institutions, answer) or (viewer.sees_all and viewer.may("data_calls.edit"))
