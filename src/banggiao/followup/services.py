"""Every write of following: steps of work and validation, updates, due dates, findings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from banggiao.core import records, transitions
from banggiao.core.acts import Act
from banggiao.core.errors import (
    N_,
    FieldProblem,
    InvalidInput,
    MissingInformation,
    NotFound,
    NotPermitted,
    VersionRequired,
    WrongState,
)
from banggiao.core.ledger import entries_of
from banggiao.core.periods import in_reach, is_partial_date, last_day
from banggiao.core.record import Record
from banggiao.core.visibility import Involvement
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.chasing.questions import leaders_above
from banggiao.followup.models import DueDateMove, Finding, ProgressUpdate
from banggiao.followup.planning.services_totals import settle
from banggiao.followup.services_inbox import notify
from banggiao.followup.states import DUE_MOVE, VALIDATION, WORK

F = TypeVar("F", bound=Record)
#: Somebody was given the duty and it is not over; an open one may also still wait to be given.
GIVEN_STATES = ("assigned", "active", "awaiting_decision", "blocked", "paused")
OPEN_STATES = ("proposed", *GIVEN_STATES)


def move_work(*, act: Act, record: F, action: str, version: int | None, values: Mapping[str, Any] | None = None) -> F:
    """Take a step of work. A due date that stands moves by `move_due_date` only; the first one given is kept for ever.

    Raises what `transitions.apply` raises, and InvalidInput for a due date that would move.
    """
    require_part(act, record)
    values = dict(values or {})
    due, standing = values.get("current_due"), getattr(record, "current_due", "")
    if due and standing and due != standing:
        raise InvalidInput(
            N_("Hạn đã có chỉ được chuyển bằng thao tác chuyển hạn."),
            subject=str(record),
            remedy=N_("Hãy dùng thao tác chuyển hạn, có lý do."),
            problems=[FieldProblem("current_due", N_("Không sửa trực tiếp."))],
        )
    also = {"first_due": due} if due and not getattr(record, "first_due", "") else {}
    with transaction.atomic():
        moved = transitions.apply(record, WORK, action, act=act, version=version, values=values, also=also)
        if action == "assign":
            notify(act=act, kind="assigned", record=moved, institutions=[moved.lead_id])  # type: ignore[attr-defined]
    return moved


def move_validation(*, act: Act, record: F, action: str, version: int | None) -> F:
    """Take a step of validation; nobody verifies what their own institution leads. Raises what `transitions.apply` raises."""
    if action == "verify" and getattr(record, "lead_id", None) in act.viewer.institutions:
        raise WrongState(
            N_("Cơ quan chủ trì không tự thẩm tra kết quả của mình."),
            subject=str(record),
            remedy=N_("Hãy để người thẩm tra của cơ quan khác thẩm tra."),
        )
    require_part(act, record)
    return transitions.apply(record, VALIDATION, action, act=act, version=version)


def report_progress(
    *,
    act: Act,
    record: Record,
    day: date,
    text: str,
    claimed: Decimal | None = None,
    difficulty: str = "",
    difficulty_text: str = "",
    recommendation: str = "",
) -> ProgressUpdate:
    """What was reported about a followed record.

    Raises NotPermitted, InvalidInput (empty text, a day to come or out of reach, a share outside 0 to 1).
    """
    act.viewer.require("followup.report", subject=str(record))
    require_part(act, record)
    problems = [] if text.strip() else [FieldProblem("text", N_("Hãy viết nội dung cập nhật."))]
    problems += passed(act, "day", day)
    if claimed is not None and not (claimed.is_finite() and 0 <= claimed <= 1):
        problems.append(FieldProblem("claimed", N_("Tỷ lệ phải từ 0 đến 1.")))
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=str(record), remedy=N_("Hãy sửa các trường được nêu."), problems=problems
        )
    if difficulty:
        vocabulary("difficulty_code").term(difficulty)
    values = {
        "day": day, "text": text, "claimed": claimed, "difficulty": difficulty, "difficulty_text": difficulty_text,
        "recommendation": recommendation,
    }  # fmt: skip
    with transaction.atomic():
        update = records.create(ProgressUpdate, act=act, values={**about_of(record), **values})
        settle([record], act)
    return update


def move_due_date(*, act: Act, record: F, to: str, version: int | None) -> DueDateMove:
    """Ask for another due date. Earlier holds at once, later needs a reason and an approval, the first date never changes.

    Raises NotPermitted, InvalidInput, MissingInformation, StaleEdit.
    """
    act.viewer.require("followup.report", subject=str(record))
    require_part(act, record)
    if not is_partial_date(to) or not in_reach(last_day(to)):
        raise InvalidInput(
            N_("Ngày không hợp lệ."),
            subject=str(record),
            remedy=N_("Hãy viết NNNN-TT-NN."),
            problems=[FieldProblem("to", N_("Ngày không hợp lệ."))],
        )
    now = record.current_due  # type: ignore[attr-defined]
    later = bool(now) and last_day(to) > last_day(now)
    if later and not act.reason:
        raise MissingInformation(
            N_("Đề nghị chuyển hạn phải có lý do."),
            subject=str(record),
            remedy=N_("Hãy ghi lý do."),
            problems=[FieldProblem("reason", N_("Lý do"))],
        )
    with transaction.atomic():
        move = records.create(
            DueDateMove,
            act=act,
            values={
                **about_of(record), "due_from": now, "due_to": to, "reason": act.reason, "state": DUE_MOVE.initial,
                # Extensions asked in the last days before the due date are watched: they tell of plans nobody looked at.
                "days_left": (last_day(now) - timezone.localdate(act.at)).days if now else None,
            },
        )  # fmt: skip
        if later:
            _ask_above(act, record, move)
        else:
            _set_due(record, act, to, version)
            move = records.revise(
                move, act=act, values={"state": "approved", "decided_by": act.viewer.label}, version=1, action="bring forward"
            )
    return move


def decide_due_date(*, act: Act, record: Any, move: DueDateMove, approve: bool, version: int | None = None) -> DueDateMove:
    """Approve or refuse a later date; only somebody from another institution than the lead may. `version` is the request's.

    Raises NotPermitted, WrongState, StaleEdit.
    """
    act.viewer.require("followup.approve_due_date", subject=str(record))
    if move.subject_id != record.pk:
        raise NotFound(N_("Không tìm thấy bản ghi."), subject=str(move))
    if move.state != "requested":
        raise WrongState(N_("Đề nghị này đã được quyết định."), subject=str(record), remedy=N_("Hãy tải lại trang."))
    asked, lead = entries_of(move.pk).first(), getattr(record, "lead_id", None)
    if asked is not None and act.viewer.id is not None and asked.actor_id == act.viewer.id:
        raise WrongState(
            N_("Người đề nghị chuyển hạn không tự duyệt đề nghị của mình."),
            subject=str(record),
            remedy=N_("Hãy để người khác có thẩm quyền duyệt."),
        )
    if lead in act.viewer.institutions:
        raise WrongState(
            N_("Cơ quan chủ trì không tự duyệt đề nghị chuyển hạn của mình."),
            subject=str(record),
            remedy=N_("Hãy trình cấp trên của cơ quan chủ trì."),
        )
    with transaction.atomic():
        if approve:
            _set_due(record, act, move.due_to, record.version)
        step, also = "approve" if approve else "refuse", {"decided_by": act.viewer.label}
        decided = transitions.apply(
            move, DUE_MOVE, step, act=act, version=move.version if version is None else version, also=also
        )
        if asked is not None:
            told = {"users": [asked.actor_id] if asked.actor_id else [], "institutions": [lead] if lead else []}
            notify(act=act, kind="due_decision", record=record, about=move.pk, **told)
        return decided


def settle_due_move(*, act: Act, move: DueDateMove, action: str, version: int | None) -> DueDateMove:
    """Approve or refuse a request as a step of its own register. Raises as `decide_due_date`, and VersionRequired, StaleEdit."""
    act.viewer.require("followup.approve_due_date", subject=str(move))
    record = apps.get_model(move.subject_type)._default_manager.filter(pk=move.subject_id).first()
    if record is None:
        raise NotFound(N_("Không tìm thấy bản ghi."), subject=str(move))
    if version is None:
        raise VersionRequired(
            N_("Thiếu phiên bản của bản ghi cần sửa."),
            subject=str(move),
            remedy=N_("Hãy tải lại bản ghi rồi sửa trên phiên bản mới nhất."),
        )
    return decide_due_date(act=act, record=record, move=move, approve=action == "approve", version=version)


def record_finding(*, act: Act, values: Mapping[str, Any]) -> Finding:
    """A result or shortcoming enters the register. Raises NotPermitted, NotFound for an unknown kind."""
    act.viewer.require("facts.check")
    vocabulary("finding_kind").term(values["kind"])
    return records.create(Finding, act=act, values=values)


def require_part(act: Act, record: Record) -> None:
    """Only those whose institution leads, owns or is involved act on a duty, beside those who see every institution's."""
    viewer, lead = act.viewer, getattr(record, "lead_id", None)
    if viewer.sees_all or viewer.is_system or {lead, record.owner} & viewer.institutions:
        return
    if not Involvement.objects.filter(record_id=record.pk, institution_id__in=viewer.institutions).exists():
        raise NotPermitted(
            N_("Đơn vị của bạn không tham gia việc này."), subject=str(record), remedy=N_("Hãy liên hệ cơ quan chủ trì.")
        )


def _ask_above(act: Act, record: Any, move: DueDateMove) -> None:
    """Tell those who may approve: of the nearest body above the lead that has any, else of the record's owner."""
    day, permission = timezone.localdate(act.at), "followup.approve_due_date"
    for body, itself in ((getattr(record, "lead_id", None), False), (record.owner, True)):
        found = leaders_above(body, day=day, itself=itself, permission=permission)[1] if body else []
        if found:
            notify(act=act, kind="due_request", record=record, users=[user.pk for user in found], about=move.pk)
            return


def _set_due(record: Record, act: Act, to: str, version: int | None) -> None:
    values = {"current_due": to} | ({} if record.first_due else {"first_due": to})  # type: ignore[attr-defined]
    records.revise(record, act=act, values=values, version=version, action="move due date")


def passed(act: Act, field: str, day: date) -> list[FieldProblem]:
    """What is wrong with a day on which something has happened: it is out of reach, or still to come."""
    if not in_reach(day):
        return [FieldProblem(field, N_("Ngày không hợp lệ."))]
    return [FieldProblem(field, N_("Ngày này chưa tới."))] if day > timezone.localdate(act.at) else []


def about_of(record: Record) -> dict[str, Any]:
    """What a record said about another takes over from it."""
    return {
        "subject_type": record.record_type(),
        "subject_id": record.pk,
        "classification": record.classification,
        "owner": record.owner,
        "exercise": record.exercise,
    }
