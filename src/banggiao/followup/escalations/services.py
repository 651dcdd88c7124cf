"""Every write of escalations: prepare a question, put it to the level above, decide, withdraw, remind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from banggiao.core import records, transitions
from banggiao.core.acts import CLASSIFICATIONS, Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound, NotPermitted, WrongState
from banggiao.core.ledger import entries_of
from banggiao.core.numbering import next_code
from banggiao.core.record import Record
from banggiao.core.registers import find_record, register_of
from banggiao.core.visibility import Involvement
from banggiao.followup.chasing.services import remind, tell_above
from banggiao.followup.dispatches.services import create_dispatch
from banggiao.followup.escalations.models import Escalation
from banggiao.followup.escalations.states import ESCALATION
from banggiao.followup.services import require_part
from banggiao.followup.services_inbox import notify
from banggiao.followup.states import WORK
from banggiao.partners.models import Institution

_DECIDER = "decides"


def create_escalation(*, act: Act, values: Mapping[str, Any], subject: Record | None = None) -> Escalation:
    """A question about `subject` (or the record that `subject_type` and `subject_id` name) is prepared.

    Raises NotPermitted, InvalidInput.
    """
    act.viewer.require("escalations.send")
    values = dict(values)
    subject = subject or _subject_named(act, values)
    require_part(act, subject)
    asker = _asker(act, values.get("asker_id") or getattr(subject, "lead_id", None))
    values |= {
        "subject_type": subject.record_type(), "subject_id": subject.pk, "asker_id": asker.pk, "owner": asker.pk,
        "exercise": subject.exercise,
        # What one body asks another is no business of others, even about a public record.
        "classification": max("internal", subject.classification, key=CLASSIFICATIONS.index),
    }  # fmt: skip
    _check(act, values, asker)
    with transaction.atomic():
        if not values.get("code"):
            values["code"] = next_code(Escalation, "DT-TC" if subject.exercise else "TC", str(act.at.year))
        return records.create(Escalation, act=act, values=values)


def revise_escalation(*, act: Act, escalation: Escalation, values: Mapping[str, Any], version: int | None) -> Escalation:
    """Change a question that is not sent yet. Raises NotPermitted, WrongState, InvalidInput, VersionRequired, StaleEdit."""
    act.viewer.require("escalations.send", subject=str(escalation))
    _require_asker(act, escalation)
    if escalation.state != "draft":
        raise WrongState(
            N_("Việc đã trình nên không sửa được nội dung."),
            subject=str(escalation),
            remedy=N_("Hãy rút việc này rồi trình lại."),
        )
    _check(act, {"question": escalation.question, "decider_id": escalation.decider_id, **values}, escalation.asker)
    return records.revise(escalation, act=act, values=values, version=version)


def move_escalation(
    *, act: Act, escalation: Escalation, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> Escalation:
    """Send, decide or withdraw. Only somebody of the body that was asked decides, and never who asked.

    A decision takes the subject out of awaiting a decision, unless another question about it is still open.
    Raises what `transitions.apply` raises.
    """
    step = ESCALATION.step(action)
    act.viewer.require(step.permission, subject=str(escalation))
    if action == "decide":
        _require_decider(act, escalation)
    else:
        _require_asker(act, escalation)
    today = timezone.localdate(act.at).isoformat()
    also = {"send": {"sent_on": today}, "decide": {"decided_on": today}}.get(action, {})
    with transaction.atomic():
        moved = transitions.apply(escalation, ESCALATION, action, act=act, version=version, values=values, also=also)
        if action == "send":
            # Who is asked to decide must be able to read what it is about.
            may_read = [
                Involvement(record_id=moved.subject_id, institution_id=body, role=_DECIDER) for body in _ids(moved.decider_id)
            ]
            Involvement.objects.bulk_create(may_read, ignore_conflicts=True)
            notify(act=act, kind="escalation", record=moved, institutions=_ids(moved.decider_id))
        elif action == "decide":
            _settle(act, moved)
            notify(act=act, kind="decision", record=moved, institutions=[moved.asker_id])
        elif escalation.sent_on:
            notify(act=act, kind="escalation", record=moved, institutions=_ids(moved.decider_id))
    return moved


def remind_deciders(*, act: Act, today: date | None = None) -> int:
    """Remind the bodies whose decision is awaited of the rungs they have reached; returns how many reminders were made."""
    return remind(act=act, followed=_waiting(), today=today)


def tell_above_deciders(*, act: Act, today: date | None = None) -> int:
    """Tell the level above of decisions that stay overdue past the last rung; returns how many were told."""
    return tell_above(act=act, followed=_waiting(), today=today)


def may_decide(viewer: Any, escalation: Escalation) -> bool:
    """Whether the viewer is one who decides this question."""
    return bool(viewer.may("escalations.decide") and escalation.decider_id in viewer.institutions)


def _waiting() -> list[Escalation]:
    return list(Escalation.objects.filter(state="sent", retracted=False).order_by("pk"))


def _settle(act: Act, escalation: Escalation) -> None:
    """What a decision brings about: its document among the letters, and the subject goes on."""
    if escalation.document_number:
        letter = {
            "number": escalation.document_number, "day": escalation.document_day, "issuer_id": escalation.decider_id,
            "owner": escalation.decider_id,
        }  # fmt: skip
        create_dispatch(act=_with(act, "dispatches.edit"), values=letter, subject=escalation)
    model = apps.get_model(escalation.subject_type)
    open_ones = Escalation.objects.filter(subject_id=escalation.subject_id, state="sent", retracted=False)
    subject = model._default_manager.filter(pk=escalation.subject_id).first()
    if getattr(subject, "work_state", "") != "awaiting_decision" or open_ones.exists():
        return
    go_on = _with(act, WORK.step("resume").permission).because(f"{escalation.code}: {escalation.decision}"[:500])
    transitions.apply(subject, WORK, "resume", act=go_on, version=subject.version)


def _with(act: Act, permission: str) -> Act:
    """The act with a right that the right to decide brings along for what a decision sets off."""
    return replace(act, viewer=replace(act.viewer, permissions=act.viewer.permissions | {permission}))


def _ids(institution: UUID | None) -> list[UUID]:
    return [institution] if institution else []


def _subject_named(act: Act, values: Mapping[str, Any]) -> Record:
    """The record of that kind with this id or code, as far as the viewer may know of it."""
    register = register_of(str(values.get("subject_type", "")))
    if register is not None and act.viewer.may(register.permission):
        try:
            found: Record = find_record(register, str(values.get("subject_id", "")), act.viewer)
            return found
        except NotFound:
            pass
    raise _wrong("subject_id", N_("Không tìm thấy hồ sơ có mã này trong loại đã chọn."))


def _asker(act: Act, institution_id: Any) -> Institution:
    found: Institution | None = (
        Institution.objects.visible_to(act.viewer).filter(pk=institution_id).first() if institution_id else None
    )
    if found is None:
        raise _wrong("asker_id", N_("Hãy chọn cơ quan trình."))
    if not (act.viewer.is_system or act.viewer.sees_all or found.pk in act.viewer.institutions):
        raise NotPermitted(N_("Đơn vị của bạn không tham gia việc này."), remedy=N_("Hãy chọn cơ quan của bạn."))
    return found


def _check(act: Act, values: Mapping[str, Any], asker: Institution) -> None:
    problems = []
    if not str(values.get("question", "")).strip():
        problems.append(FieldProblem("question", N_("Hãy ghi vấn đề xin ý kiến.")))
    decider = values.get("decider_id")
    if decider:
        body = Institution.objects.visible_to(act.viewer).filter(pk=decider).first()
        if body is None:
            problems.append(FieldProblem("decider_id", N_("Không tìm thấy bản ghi.")))
        elif body.pk == asker.pk:
            problems.append(FieldProblem("decider_id", N_("Cơ quan trình không tự quyết định việc mình trình.")))
        elif body.exercise != asker.exercise:
            problems.append(FieldProblem("decider_id", N_("Khác loại: thật và diễn tập.")))
    if asker.exercise != values.get("exercise", asker.exercise):
        problems.append(FieldProblem("asker_id", N_("Khác loại: thật và diễn tập.")))
    if problems:
        raise InvalidInput(N_("Thông tin nhập chưa hợp lệ."), remedy=N_("Hãy sửa các trường được nêu."), problems=problems)


def _require_asker(act: Act, escalation: Escalation) -> None:
    if not (act.viewer.is_system or escalation.asker_id in act.viewer.institutions or _desk(act)):
        raise NotPermitted(
            N_("Đơn vị của bạn không tham gia việc này."), subject=str(escalation), remedy=N_("Hãy liên hệ cơ quan trình.")
        )


def _desk(act: Act) -> bool:
    """The desk keeps everybody's papers; leaders, who see as much, decide and do not ask for others."""
    return act.viewer.sees_all and act.viewer.may("followup.assign")


def _require_decider(act: Act, escalation: Escalation) -> None:
    if not (act.viewer.is_system or escalation.decider_id in act.viewer.institutions):
        raise NotPermitted(
            N_("Chỉ cơ quan được trình mới quyết định việc này."),
            subject=str(escalation),
            remedy=N_("Hãy liên hệ cơ quan được trình."),
        )
    asked = entries_of(escalation.pk).filter(action__in=("create", "revise", "send")).values_list("actor_id", flat=True)
    if act.viewer.id is not None and act.viewer.id in asked:
        raise WrongState(
            N_("Người trình không tự quyết định việc mình trình."),
            subject=str(escalation),
            remedy=N_("Hãy để người khác có thẩm quyền quyết định."),
        )


def _wrong(field: str, message: str) -> InvalidInput:
    return InvalidInput(
        N_("Thông tin nhập chưa hợp lệ."), remedy=N_("Hãy sửa các trường được nêu."), problems=[FieldProblem(field, message)]
    )
