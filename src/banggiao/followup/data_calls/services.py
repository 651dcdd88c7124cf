"""Every write of data calls: asking, sending, answering, approving, closing, reminding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from banggiao.core import records, transitions
from banggiao.core.acts import CLASSIFICATIONS, Act
from banggiao.core.calendar import WorkingCalendar
from banggiao.core.errors import N_, FieldProblem, InvalidInput, MissingInformation, NotPermitted, WrongState
from banggiao.core.ledger import entries_of
from banggiao.core.numbering import next_code
from banggiao.core.periods import is_partial_date, parse_period
from banggiao.core.visibility import Involvement
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.chasing.services import remind, tell_above
from banggiao.followup.data_calls.asked import MOST_ROWS, AnswerRow, asked_of, checked_questions, read_rows, stored_rows
from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.data_calls.progress import ready_questions
from banggiao.followup.data_calls.states import ANSWER, ANSWERED, CALL
from banggiao.followup.services_inbox import notify
from banggiao.partners.models import Institution
from banggiao.partners.questions import countries_of_posts

#: What may still be said otherwise once bodies have been asked.
_OPEN_FIELDS = frozenset({"name_en", "purpose"})
_ADDRESSEE = "addressee"


def create_call(*, act: Act, values: Mapping[str, Any], addressees: Sequence[Any] = ()) -> DataCall:
    """A data call is drafted; nobody is asked before it is sent. Its asking body says whether it belongs to the exercise.

    Raises NotPermitted, InvalidInput (a column that cannot be asked, a body of the other world).
    """
    act.viewer.require("data_calls.edit")
    values = dict(values)
    asker = _asker(values.get("asker_id"), act)
    chosen = _bodies(addressees, asker, act)
    values |= {
        "asker_id": asker.pk,
        "owner": values.get("owner") or asker.pk,
        "exercise": asker.exercise,
        **_columns(values),
    }
    _check_deadline(values.get("deadline", ""))
    with transaction.atomic():
        year = (values.get("deadline") or act.at.date().isoformat())[:4]
        values["code"] = values.get("code") or next_code(DataCall, "DT-BC" if asker.exercise else "BC", year)
        return records.create(DataCall, act=act, values=values, links={"addressees": chosen})


def revise_call(
    *, act: Act, call: DataCall, values: Mapping[str, Any], version: int | None, addressees: Sequence[Any] | None = None
) -> DataCall:
    """Change a call. Once sent, only its purpose changes here: the deadline moves by `move_deadline`, the questions stand still.

    Raises NotPermitted, WrongState, InvalidInput, StaleEdit.
    """
    _require_asker(act, call)
    values = dict(values)
    if call.state != "draft":
        fixed = sorted(n for n, v in values.items() if n not in _OPEN_FIELDS and v != getattr(call, n))
        if fixed or addressees is not None:
            raise WrongState(
                N_("Đề nghị đã gửi nên không sửa được nội dung đã hỏi."),
                subject=str(call),
                remedy=N_("Hãy rút đề nghị này và lập đề nghị mới, hoặc đổi hạn trả lời."),
            )
    if call.form and ("questions" in values or "many_rows" in values):
        raise InvalidInput(
            N_("Phiếu này theo mẫu có sẵn nên không đổi được các cột."),
            subject=str(call),
            remedy=N_("Hãy lập một đề nghị với các cột riêng."),
            problems=[FieldProblem("questions", N_("Không sửa trực tiếp."))],
        )
    if "questions" in values:
        values["questions"] = checked_questions(values["questions"])
    _check_deadline(values.get("deadline", ""))
    asker = _asker(values.get("asker_id", call.asker_id), act)
    if asker.exercise != call.exercise:
        raise _other_world("asker_id")
    links = None if addressees is None else {"addressees": _bodies(addressees, asker, act)}
    return records.revise(call, act=act, values=values, links=links, version=version)


def move_call(*, act: Act, call: DataCall, action: str, version: int | None, values: Mapping[str, Any] | None = None) -> DataCall:
    """Take a step of a call. Sending it gives every addressee an answer to fill in, due on a working day of its own.

    Raises what `transitions.apply` raises, and NotPermitted for those who do not ask.
    """
    _require_asker(act, call)
    today = _today(act)
    also = {"open": {"opened_on": today}, "reopen": {"closed_on": ""}, "close": {"closed_on": today}}.get(action, {})
    if action == "open" and call.opened_on:
        also = {}
    with transaction.atomic():
        moved = transitions.apply(call, CALL, action, act=act, version=version, values=values, also=also)
        if action == "open":
            _ask(act, moved)
    return moved


def move_deadline(*, act: Act, call: DataCall, to: str, version: int | None) -> DataCall:
    """Another deadline for a call that is open: those who have not answered get it, the first due date of each stays.

    A later one needs a reason. Raises NotPermitted, WrongState, MissingInformation, InvalidInput, StaleEdit.
    """
    _require_asker(act, call)
    if call.state != "open":
        raise WrongState(
            N_("Chỉ đổi được hạn của đề nghị đang nhận phiếu."),
            subject=str(call),
            remedy=N_("Hãy mở nhận lại trước khi đổi hạn."),
        )
    _check_deadline(to, required=True)
    if to > call.deadline and not act.reason.strip():
        raise MissingInformation(
            N_("Lùi hạn trả lời phải có lý do."),
            subject=str(call),
            remedy=N_("Hãy ghi lý do."),
            problems=[FieldProblem("reason", N_("Lý do"))],
        )
    with transaction.atomic():
        moved = records.revise(call, act=act, values={"deadline": to}, version=version, action="move due date")
        due = _due_of(to)
        for answer in DataCallAnswer.objects.filter(call=call, retracted=False).exclude(state__in=ANSWERED):
            values = {"current_due": due(answer.institution_id)}
            records.revise(answer, act=act, values=values, version=answer.version, action="move due date")
    return moved


def save_rows(*, act: Act, answer: DataCallAnswer, rows: Sequence[Any], version: int | None) -> DataCallAnswer:
    """The rows of an answer, kept as a draft until it is sent; rows without an id are new ones and get the next.

    Raises NotPermitted, WrongState, InvalidInput (which row and column), StaleEdit, VersionRequired.
    """
    require_part(act, answer)
    require_open(answer)
    ready = _checked_rows(answer, rows)
    used = answer.rows_made
    numbered, seen = [], set()
    for row in ready:
        known = len(row.id) < 10 and row.id.isascii() and row.id.isdigit() and 0 < int(row.id) <= answer.rows_made
        known = known and row.id not in seen
        if not known:
            used += 1
        numbered.append(AnswerRow(row.id if known else str(used), row.values))
        seen.add(numbered[-1].id)
    if answer.state == "draft":
        # Nothing moves and nothing changed: the ledger keeps no entry of it.
        values = {"rows": stored_rows(numbered), "rows_made": used}
        return records.revise(answer, act=act, values=values, version=version, action="save")
    return transitions.apply(
        answer, ANSWER, "save", act=act, version=version, values={"rows": stored_rows(numbered)}, also={"rows_made": used}
    )


def move_answer(
    *, act: Act, answer: DataCallAnswer, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> DataCallAnswer:
    """Take a step of an answer: send it, write down that the head approved it, send it back.

    Whoever sent it writes the approval down only with the number of the signed letter; otherwise somebody else does.
    Raises what `transitions.apply` raises.
    """
    values = dict(values or {})
    if action == "save":
        return save_rows(act=act, answer=answer, rows=values.get("rows") or [], version=version)
    require_part(act, answer)
    if action != "return":
        require_open(answer)
    if action == "approve" and not str(values.get("letter", "")).strip() and _sent_by_actor(answer, act):
        raise WrongState(
            N_("Người gửi phiếu không tự ghi duyệt phiếu của mình."),
            subject=str(answer),
            remedy=N_("Hãy để người khác ghi, hoặc nêu số, ký hiệu công văn trả lời đã ký."),
        )
    today = _today(act)
    also = {
        "submit": {"submitted_on": today},
        "approve": {"approved_on": today},
        "return": {"submitted_on": "", "approved_on": "", "approved_by": "", "letter": ""},
    }
    with transaction.atomic():
        moved = transitions.apply(answer, ANSWER, action, act=act, version=version, values=values, also=also[action])
        if action == "submit" and answer.asker_id not in act.viewer.institutions:
            notify(act=act, kind="answer", record=moved, institutions=[answer.asker_id])
        elif action == "return" and answer.institution_id not in act.viewer.institutions:
            notify(act=act, kind="call", record=moved, institutions=[answer.institution_id])
    return moved


def remind_addressees(*, act: Act, today: date | None = None) -> int:
    """Remind every body that has not answered an open call of the rungs it has reached; returns how many reminders were made."""
    return remind(act=act, followed=_owed(), today=today)


def tell_above_addressees(*, act: Act, today: date | None = None) -> int:
    """Tell the level above of answers that stay overdue past the last rung; returns how many were told."""
    return tell_above(act=act, followed=_owed(), today=today)


def _owed() -> list[DataCallAnswer]:
    rows = DataCallAnswer.objects.filter(retracted=False, call__state="open", call__retracted=False).exclude(state__in=ANSWERED)
    return list(rows.order_by("pk"))


def require_fillable(act: Act, answer: DataCallAnswer) -> None:
    """Raise what writing the rows would raise, before anybody types: NotPermitted, WrongState."""
    require_part(act, answer)
    require_open(answer)
    if answer.state not in ANSWER.step("save").sources:
        raise WrongState(
            N_("Phiếu đã gửi nên không điền tiếp được."),
            subject=str(answer),
            remedy=N_("Hãy trả lại phiếu, có lý do, rồi điền tiếp."),
        )


def may_answer(viewer_institutions: frozenset[UUID], answer: DataCallAnswer) -> bool:
    """Whether somebody of these institutions answers for the body that was asked, or is the one who asks."""
    return bool({answer.institution_id, answer.asker_id, answer.call.owner} & viewer_institutions)


def _ask(act: Act, call: DataCall) -> None:
    """Give each addressee its answer and let it know of the call; those who had one keep it."""
    asked = set(DataCallAnswer.objects.filter(call=call).values_list("institution_id", flat=True))
    due = _due_of(call.deadline)
    fresh = [pk for pk in call.addressee_rows.order_by("position").values_list("institution_id", flat=True) if pk not in asked]
    rows: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (
            {
                "call_id": call.pk, "institution_id": pk, "asker_id": call.asker_id, "owner": call.asker_id,
                "first_due": due(pk), "current_due": due(pk), "exercise": call.exercise,
                # Never public: what one addressee answers is no business of the others.
                "classification": max("internal", call.classification, key=CLASSIFICATIONS.index),
            },
            {},
        )
        for pk in fresh
    ]  # fmt: skip
    answers = records.create_many(DataCallAnswer, act=act, rows=rows, action="ask")
    Involvement.objects.bulk_create(
        [Involvement(record_id=call.pk, institution_id=pk, role=_ADDRESSEE) for pk in fresh], batch_size=200
    )
    for answer in answers:
        notify(act=act, kind="call", record=answer, institutions=[answer.institution_id])


def _due_of(deadline: str) -> Any:
    """Institution -> the deadline, or the working day after it by the institution's own calendar."""
    posts, calendars = countries_of_posts(), {}
    day = date.fromisoformat(deadline)

    def due(institution: UUID) -> str:
        country = posts.get(institution, "VNM")
        if country not in calendars:
            calendars[country] = WorkingCalendar(country).next_working_day(day).isoformat()
        return calendars[country]

    return due


def _checked_rows(answer: DataCallAnswer, rows: Sequence[Any]) -> list[AnswerRow]:
    most = MOST_ROWS if answer.call.many_rows else 1
    try:
        given = [
            row
            if isinstance(row, AnswerRow)
            else AnswerRow(str(row.get("id", "") or ""), {str(k): "" if v is None else str(v) for k, v in row["values"].items()})
            for row in rows
        ]
    except (AttributeError, KeyError, TypeError):
        raise _bad_rows(answer, [FieldProblem("rows", N_("Mỗi dòng gồm id và values."))]) from None
    ready, problems = read_rows(asked_of(answer.call.questions), given)
    if len(ready) > most:
        message = N_("Phiếu này chỉ nhận một dòng.") if most == 1 else N_("Phiếu nhận tối đa 500 dòng.")
        problems.append(FieldProblem("rows", message))
    if problems:
        raise _bad_rows(answer, problems)
    return ready


def _bad_rows(answer: DataCallAnswer, problems: Sequence[FieldProblem]) -> InvalidInput:
    return InvalidInput(
        N_("Phiếu có ô chưa hợp lệ."),
        subject=str(answer),
        remedy=N_("Hãy sửa các ô được nêu; chưa có gì được ghi."),
        problems=problems,
    )


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a new call: those of its ready form, or its own. Raises InvalidInput."""
    if not values.get("form"):
        return {"questions": checked_questions(values.get("questions") or []), "scope": "", "period": ""}
    vocabulary("data_call_form").term(values["form"])
    if values.get("questions"):
        raise InvalidInput(
            N_("Phiếu theo mẫu có sẵn không thêm cột riêng."),
            remedy=N_("Hãy bỏ mẫu, hoặc bỏ các cột."),
            problems=[FieldProblem("questions", N_("Bỏ các cột này."))],
        )
    if values.get("period"):
        parse_period(values["period"])
    scope = (values.get("scope") or "open") if values["form"] == "progress" else ""
    if scope:
        vocabulary("progress_scope").term(scope)
    questions = ready_questions(values["form"])
    return {"questions": questions, "many_rows": True, "scope": scope, "period": values.get("period") or ""}


def _asker(institution_id: Any, act: Act) -> Institution:
    found: Institution | None = (
        Institution.objects.visible_to(act.viewer).filter(pk=institution_id).first() if institution_id else None
    )
    if found is None:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=[FieldProblem("asker_id", N_("Hãy chọn cơ quan đề nghị."))],
        )
    if not (act.viewer.is_system or act.viewer.sees_all or found.pk in act.viewer.institutions):
        raise NotPermitted(N_("Đơn vị của bạn không tham gia việc này."), remedy=N_("Hãy chọn cơ quan của bạn."))
    return found


def _bodies(addressees: Sequence[Any], asker: Institution, act: Act) -> list[UUID]:
    """The ids of the addressees without repeats, in the order given. Raises InvalidInput for one that cannot be asked."""
    wanted = list(dict.fromkeys(UUID(str(getattr(body, "pk", body))) for body in addressees))
    known = dict(Institution.objects.visible_to(act.viewer).filter(pk__in=wanted).values_list("pk", "exercise"))
    if any(pk not in known for pk in wanted):
        raise InvalidInput(
            N_("Có nơi nhận không còn trong danh bạ."),
            remedy=N_("Hãy chọn lại nơi nhận."),
            problems=[FieldProblem("addressees", N_("Không tìm thấy bản ghi."))],
        )
    if any(known[pk] != asker.exercise for pk in wanted):
        raise _other_world("addressees")
    return wanted


def _other_world(field: str) -> InvalidInput:
    return InvalidInput(
        N_("Dữ liệu diễn tập không được gửi tới cơ quan thật, và ngược lại."),
        remedy=N_("Hãy chọn cơ quan cùng loại với cơ quan đề nghị."),
        problems=[FieldProblem(field, N_("Khác loại: thật và diễn tập."))],
    )


def _check_deadline(deadline: str, *, required: bool = False) -> None:
    if (deadline or required) and not (len(deadline) == 10 and is_partial_date(deadline)):
        raise InvalidInput(
            N_("Ngày không hợp lệ."),
            remedy=N_("Hãy viết NNNN-TT-NN."),
            problems=[FieldProblem("deadline", N_("Hạn trả lời phải đủ ngày, tháng, năm."))],
        )


def _require_asker(act: Act, call: DataCall) -> None:
    act.viewer.require("data_calls.edit", subject=str(call))
    if not (act.viewer.is_system or act.viewer.sees_all or {call.asker_id, call.owner} & act.viewer.institutions):
        raise NotPermitted(
            N_("Đơn vị của bạn không tham gia việc này."), subject=str(call), remedy=N_("Hãy liên hệ cơ quan đề nghị.")
        )


def require_part(act: Act, answer: DataCallAnswer) -> None:
    """Raise NotPermitted for those who neither answer for the body that was asked nor ask."""
    act.viewer.require("data_calls.answer", subject=str(answer))
    asks = act.viewer.sees_all and act.viewer.may("data_calls.edit")
    if not (act.viewer.is_system or asks or may_answer(act.viewer.institutions, answer)):
        raise NotPermitted(
            N_("Đơn vị của bạn không tham gia việc này."), subject=str(answer), remedy=N_("Hãy liên hệ cơ quan đề nghị.")
        )


def require_open(answer: DataCallAnswer) -> None:
    """Raise WrongState where the call takes no answers."""
    if answer.call.state != "open":
        raise WrongState(
            N_("Đề nghị này không còn nhận phiếu."), subject=str(answer), remedy=N_("Hãy liên hệ cơ quan đề nghị để mở nhận lại.")
        )


def _sent_by_actor(answer: DataCallAnswer, act: Act) -> bool:
    sent = entries_of(answer.pk).filter(action="submit").last()
    return sent is not None and act.viewer.id is not None and sent.actor_id == act.viewer.id


def _today(act: Act) -> str:
    return timezone.localdate(act.at).isoformat()
