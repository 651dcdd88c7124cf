"""Every read of data calls: the calls, who has answered by when, and the one table of all answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, NotFound
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import Face, Field, Filter, Order, Register, declare, find_record
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.asked import Asked, asked_of, rows_of
from banggiao.followup.data_calls.models import DataCall, DataCallAddressee, DataCallAnswer
from banggiao.followup.data_calls.states import ANSWER, ANSWERED, CALL
from banggiao.followup.questions import timeliness
from banggiao.partners.models import Institution

#: Preset of addressees -> the kinds of institution it stands for.
PRESETS: dict[str, tuple[str, ...]] = {
    "missions": ("embassy", "consulate_general", "permanent_mission", "economic_cultural_office"),
    "provinces": ("province", "city"),
    "ministries": ("ministry", "ministerial_agency", "agency"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a call has got: of `asked` bodies so many have answered, had the head's approval, are late."""

    asked: int
    answered: int
    approved: int
    late: int


def standing_of(call: DataCall, viewer: Viewer, today: date) -> Standing:
    """How many of the bodies asked have answered (rule `data_call_answers`), as far as the viewer may know."""
    return standings([call.pk], viewer, today).get(call.pk, Standing(0, 0, 0, 0))


def standings(calls: Sequence[UUID], viewer: Viewer, today: date) -> dict[UUID, Standing]:
    """The same for many calls at once."""
    rows = DataCallAnswer.objects.visible_to(viewer).filter(call__in=list(calls)).values("call_id")
    late = Q(current_due__lt=today.isoformat()) & ~Q(state__in=ANSWERED)
    counted = rows.annotate(
        asked=Count("pk"),
        answered=Count("pk", filter=Q(state__in=ANSWERED)),
        approved=Count("pk", filter=Q(state="approved")),
        late=Count("pk", filter=late),
    )
    return {r["call_id"]: Standing(r["asked"], r["answered"], r["approved"], r["late"]) for r in counted}


def answers_to(call: DataCall, viewer: Viewer) -> list[DataCallAnswer]:
    """The answers to a call that the viewer may know of, by the name of the body."""
    rows = DataCallAnswer.objects.visible_to(viewer).filter(call=call).select_related("institution", "call")
    return list(rows.order_by("institution__sort_key", "pk"))


def answer_timeliness(answer: DataCallAnswer, today: date) -> str:
    """A term of `timeliness`: whether the body answered, or can still answer, in time."""
    state = "done" if answer.state in ANSWERED else "assigned"
    return timeliness(due=answer.current_due, done_on=answer.submitted_on, state=state, today=today)


def addressees_of(call: DataCall, viewer: Viewer) -> list[Institution]:
    """The bodies a call goes to, in the order in which they were chosen."""
    ids = list(DataCallAddressee.objects.filter(call=call).order_by("position").values_list("institution_id", flat=True))
    known = {body.pk: body for body in Institution.objects.visible_to(viewer).filter(pk__in=ids)}
    return [known[pk] for pk in ids if pk in known]


def bodies_to_ask(viewer: Viewer, *, exercise: bool) -> list[Institution]:
    """The present bodies that a call can go to, of the exercise or real ones, by kind and name."""
    rows = (
        Institution.objects.visible_to(viewer).filter(valid_to="", exercise=exercise).exclude(kind__in=("media", "central_body"))
    )
    order = {code: place for place, code in enumerate(vocabulary("institution_kind").codes)}
    return sorted(rows, key=lambda body: (order.get(body.kind, 99), body.sort_key))


def answer_of_body(call: DataCall, code: str, viewer: Viewer) -> DataCallAnswer:
    """The answer of the body with this code to a call. Raises NotFound."""
    rows = DataCallAnswer.objects.visible_to(viewer).select_related("institution", "call")
    found: DataCallAnswer | None = rows.filter(call=call, institution__code=code).first()
    if found is None:
        raise NotFound(N_("Cơ quan này không có phiếu trong đề nghị."), subject=code, remedy=N_("Hãy kiểm tra lại mã cơ quan."))
    return found


def cell(column: Asked, value: str) -> Any:
    """A stored value as an answer's cell: a number for a number, text for the rest."""
    return Decimal(value) if value and column.kind == "number" else value or None


def shown_columns(call: DataCall) -> tuple[Column, ...]:
    """The columns of a call's form as those of an answer."""
    kinds = {"choice": "code", "text": "text", "number": "number", "date": "date"}
    return tuple(Column(c.key, c.label, kinds[c.kind], c.terms, c.unit) for c in asked_of(call.questions))


def _table(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """One row for each row answered, then one for each body that has not answered: the whole table stands on one page."""
    call: DataCall = find_record(DATA_CALLS, params["data_call"], viewer)
    columns = asked_of(call.questions)
    answers = answers_to(call, viewer)
    answered = [each for each in answers if each.state in ANSWERED]
    rows = []
    for answer in answered:
        for number, row in enumerate(rows_of(answer.rows), 1):
            cells = tuple(cell(c, row.values.get(c.key, "")) for c in columns)
            rows.append(_row(answer, (_body(answer), answer.state, answer.submitted_on, number, *cells)))
    for answer in (each for each in answers if each.state not in ANSWERED):
        rows.append(_row(answer, (_body(answer), answer.state, None, None, *(None for _column in columns))))
    title = Bi(f"Bảng tổng hợp: {call.name_vi}", f"Consolidated: {call.name_en or call.name_vi}")
    shown = (*TABLE.columns, *shown_columns(call))
    kept = {"data_call": str(call.pk)}
    return Answer("data_call_table", title, shown, tuple(rows), len(rows), at, "data_call_rows", parameters=kept)


def _row(answer: DataCallAnswer, cells: tuple[Any, ...]) -> Row:
    return Row(cells, answer.pk, answer.record_type(), exercise=answer.exercise)


def _body(answer: DataCallAnswer) -> Ref:
    body = answer.institution
    return Ref(body.pk, "partners.institution", Bi(body.name_vi, body.name_en))


def _answered_share(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """ "5/9" for each call: how many of those asked have answered, counted over all of them."""
    rows = DataCallAnswer.objects.filter(call__in=list(ids), retracted=False).values("call_id")
    counted = rows.annotate(asked=Count("pk"), answered=Count("pk", filter=Q(state__in=ANSWERED)))
    return {r["call_id"]: f"{r['answered']}/{r['asked']}" for r in counted}


def _overdue_on(rows: QuerySet[Any], day: str) -> QuerySet[Any]:
    return rows.filter(current_due__lt=day, call__state="open").exclude(state__in=ANSWERED)


def _unsent(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Answers not begun or not sent yet, while the call is open; those sent back have a state of their own."""
    waiting = Q(state__in=("none", "draft"), call__state="open")
    return rows.filter(waiting) if value == "yes" else rows.exclude(waiting)


@searchable(DataCall)
def _call_words(call: DataCall) -> Words:
    terms = vocabulary("data_call_state")
    return Words(
        call.name_vi,
        call.name_en,
        terms.label(call.state, "vi"),
        terms.label(call.state, "en"),
        names=(call.code,),
        body=call.purpose,
        day=call.deadline,
        weight=1,
    )


@searchable(DataCallAnswer)
def _answer_words(answer: DataCallAnswer) -> Words:
    return Words(answer.title_vi, answer.title_en, names=(answer.call.code,), day=answer.current_due, weight=0)


DATA_CALLS = declare(
    Register(
        name="data_calls",
        model=DataCall,
        title=Bi("Đề nghị báo cáo", "Data calls"),
        one=Bi("Đề nghị báo cáo", "Data call"),
        fields=(
            Field(Column("code", N_("Mã"), "mono"), ("code",)),
            Field(Column("name", N_("Nội dung đề nghị"), "bilingual"), ("name_vi", "name_en")),
            Field(
                Column("asker", N_("Cơ quan đề nghị"), "record"),
                ("asker_id", "asker__name_vi", "asker__name_en"),
                "partners.institution",
            ),
            Field(Column("deadline", N_("Hạn trả lời"), "date"), ("deadline",)),
            Field(Column("state", N_("Tình trạng"), "code", "data_call_state"), ("state",)),
            Field(Column("answered", N_("Đã trả lời")), lookup=_answered_share),
        ),
        page_fields=(
            Field(Column("purpose", N_("Mục đích")), ("purpose",)),
            Field(Column("many_rows", N_("Mỗi phiếu nhiều dòng"), "flag"), ("many_rows",)),
            Field(Column("form", N_("Mẫu phiếu có sẵn"), "code", "data_call_form"), ("form",)),
            Field(Column("scope", N_("Phạm vi"), "code", "progress_scope"), ("scope",)),
            Field(Column("period", N_("Kỳ"), "period"), ("period",)),
            Field(Column("opened_on", N_("Ngày gửi"), "date"), ("opened_on",)),
            Field(Column("closed_on", N_("Ngày đóng"), "date"), ("closed_on",)),
        ),
        orders=(
            Order("deadline", N_("Hạn trả lời"), ("deadline",), descending=True),
            Order("code", N_("Mã"), ("code",)),
        ),
        filters=(
            Filter(Parameter("state", N_("Tình trạng"), "code", "data_call_state"), "state"),
            Filter(Parameter("asker", N_("Cơ quan đề nghị"), "institution"), "asker__code"),
            Filter(Parameter("period", N_("Kỳ"), "period"), "deadline"),
        ),
        entry=("name_vi", "name_en", "purpose", "asker_id", "deadline", "many_rows", "form", "scope", "period", "addressees"),
        required=("name_vi", "asker_id"),
        editable=("name_vi", "name_en", "purpose", "deadline", "many_rows", "questions"),
        edit_permission="data_calls.edit",
        machines=(CALL,),
        faces=(Face("board", machine=CALL), Face("calendar", dates=("deadline",))),
    )
)

DATA_CALL_ANSWERS = declare(
    Register(
        name="data_call_answers",
        model=DataCallAnswer,
        title=Bi("Trả lời đề nghị báo cáo", "Answers to data calls"),
        one=Bi("Trả lời đề nghị báo cáo", "Answer to a data call"),
        fields=(
            Field(Column("institution", N_("Cơ quan trả lời"), "bilingual"), ("institution__name_vi", "institution__name_en")),
            Field(
                Column("call", N_("Đề nghị báo cáo"), "record"),
                ("call_id", "call__name_vi", "call__name_en"),
                "followup.datacall",
            ),
            Field(
                Column("asker", N_("Cơ quan đề nghị"), "record"),
                ("asker_id", "asker__name_vi", "asker__name_en"),
                "partners.institution",
            ),
            Field(Column("current_due", N_("Hạn trả lời"), "date"), ("current_due",)),
            Field(Column("state", N_("Tình trạng"), "code", "data_call_answer_state"), ("state",)),
            Field(Column("submitted_on", N_("Ngày gửi phiếu"), "date"), ("submitted_on",)),
        ),
        page_fields=(
            Field(Column("first_due", N_("Hạn ban đầu"), "date"), ("first_due",)),
            Field(Column("approved_by", N_("Người duyệt")), ("approved_by",)),
            Field(Column("approved_on", N_("Ngày duyệt"), "date"), ("approved_on",)),
            Field(Column("letter", N_("Công văn trả lời")), ("letter",)),
        ),
        orders=(Order("due", N_("Hạn trả lời"), ("current_due",)),),
        filters=(
            Filter(Parameter("state", N_("Tình trạng"), "code", "data_call_answer_state"), "state"),
            Filter(Parameter("institution", N_("Cơ quan trả lời"), "institution"), "institution__code"),
            Filter(Parameter("data_call", N_("Đề nghị báo cáo"), "id"), "call_id"),
            Filter(Parameter("unsent", N_("Chưa gửi trả lời"), "code", "yes_no"), narrow=_unsent),
            Filter(Parameter("overdue_on", N_("Quá hạn tính đến"), "date"), narrow=_overdue_on),
        ),
        edit_permission="data_calls.answer",
        machines=(ANSWER,),
        faces=(
            Face("board", machine=ANSWER),
            Face("timeline", dates=("first_due", "current_due")),
            Face("calendar", dates=("current_due",)),
        ),
        title_paths=("title_vi", "title_en"),
        code_path="",
    )
)

TABLE = register_question(
    Question(
        "data_call_table",
        Bi("Bảng tổng hợp đề nghị báo cáo", "Consolidated table of a data call"),
        "registers.view",
        (Parameter("data_call", N_("Đề nghị báo cáo"), "id", needed=True),),
        (
            Column("institution", N_("Cơ quan trả lời"), "record"),
            Column("state", N_("Tình trạng"), "code", "data_call_answer_state"),
            Column("submitted_on", N_("Ngày gửi phiếu"), "date"),
            Column("row", N_("Dòng"), "number"),
        ),
        _table,
    )
)
