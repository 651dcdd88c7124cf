"""Every write to evidence: handing it in, and its check by somebody else. Only what is accepted counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.accounts.questions import roles_on
from banggiao.core import records, transitions
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, MissingInformation, NotFound, WrongState
from banggiao.core.ledger import entries_of
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.evidence.files import Sent, keep_file
from banggiao.followup.models import Evidence, ProgressUpdate
from banggiao.followup.planning.models import Milestone
from banggiao.followup.planning.services_totals import settle
from banggiao.followup.planning.states import EVIDENCE
from banggiao.followup.services import about_of, passed, require_part
from banggiao.followup.services_inbox import notify


def add_evidence(
    *,
    act: Act,
    record: Record,
    grade: int,
    description: str,
    day: date,
    document: Record | None = None,
    update: ProgressUpdate | None = None,
    milestone: UUID | None = None,
    quantity: Decimal | None = None,
    file: Sent | None = None,
) -> Evidence:
    """Proof of delivery, graded 0 to 4 by who hands it in; verifiers find it in their inbox, and it counts once one accepts it.

    `milestone` is a key of an approved plan, `quantity` what is proved of its target. With a file everything is written or
    nothing. Raises NotPermitted, NotFound for an unknown grade or milestone, InvalidInput, Unreadable for a file not to be kept.
    """
    act.viewer.require("followup.report", subject=str(record))
    require_part(act, record)
    vocabulary("evidence_grade").term(str(grade))
    _refuse(_problems(act, record, description, day, document, milestone, quantity), str(record))
    values = {
        "grade": grade, "description": description.strip(), "day": day, "document_id": document.pk if document else None,
        "update_of_id": update.pk if update else None, "milestone": milestone, "quantity": quantity,
    }  # fmt: skip
    with transaction.atomic():
        kept = keep_file(act=act, record=record, sent=file) if file else None
        proof = records.create(
            Evidence, act=act, values={**about_of(record), **values, "file_id": kept.pk if kept else None}, action="hand in"
        )
        notify(act=act, kind="evidence", record=proof, users=_verifiers(act, record))
    return proof


def move_evidence(
    *, act: Act, evidence: Evidence, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> Evidence:
    """Take a step of a check: accept (at another grade only with a reason), return with the reason, hand in again.

    Nobody checks what they handed in, nor what their own institution leads. Raises WrongState, MissingInformation, and what
    `transitions.apply` raises.
    """
    values, record = dict(values or {}), subject_of(evidence)
    require_part(act, record)
    if action in ("accept", "return"):
        act.viewer.require("followup.validate", subject=str(evidence))
        _require_other(act, record, evidence)
    if action == "accept":
        _check_grade(act, evidence, values)
    if action == "resubmit":
        description, day = values.get("description") or evidence.description, values.get("day") or evidence.day
        quantity = values.get("quantity", evidence.quantity)
        _refuse(_problems(act, record, description, day, None, evidence.milestone, quantity), str(evidence))
    with transaction.atomic():
        moved = transitions.apply(evidence, EVIDENCE, action, act=act, version=version, values=values)
        if action == "resubmit":
            notify(act=act, kind="evidence", record=moved, users=_verifiers(act, record))
        else:
            notify(act=act, kind="evidence_checked", record=moved, users=_handed_in_by(moved))
        settle([record], act)
    return moved


def subject_of(evidence: Evidence) -> Record:
    """The followed record that the evidence is about. Raises NotFound."""
    found = apps.get_model(evidence.subject_type)._default_manager.filter(pk=evidence.subject_id).first()
    if found is None:
        raise NotFound(N_("Không tìm thấy bản ghi."), subject=str(evidence))
    return cast(Record, found)


def may_check(viewer_id: UUID | None, institutions: Iterable[UUID], record: Record, evidence: Evidence) -> bool:
    """Whether somebody of these institutions who has the right to check may check this piece."""
    return getattr(record, "lead_id", None) not in set(institutions) and viewer_id not in set(_handed_in_by(evidence))


def _require_other(act: Act, record: Record, evidence: Evidence) -> None:
    if act.viewer.id is not None and act.viewer.id in set(_handed_in_by(evidence)):
        raise WrongState(
            N_("Người nộp minh chứng không tự thẩm tra minh chứng của mình."),
            subject=str(evidence),
            remedy=N_("Hãy để người thẩm tra khác thẩm tra."),
        )
    if getattr(record, "lead_id", None) in act.viewer.institutions:
        raise WrongState(
            N_("Cơ quan chủ trì không tự thẩm tra minh chứng của việc mình."),
            subject=str(evidence),
            remedy=N_("Hãy để người thẩm tra của cơ quan khác thẩm tra."),
        )


def _check_grade(act: Act, evidence: Evidence, values: Mapping[str, Any]) -> None:
    grade = int(values.get("grade", evidence.grade))
    vocabulary("evidence_grade").term(str(grade))
    if grade == 0:
        raise InvalidInput(
            N_("Bậc 0 nghĩa là không có minh chứng nên không chấp nhận được."),
            subject=str(evidence),
            remedy=N_("Hãy trả lại, hoặc chọn bậc từ 1 đến 4."),
            problems=[FieldProblem("grade", N_("Bậc từ 1 đến 4."))],
        )
    if grade != evidence.grade and not act.reason.strip():
        raise MissingInformation(
            N_("Chấp nhận ở bậc khác với bậc tự khai phải có lý do."),
            subject=str(evidence),
            remedy=N_("Hãy ghi lý do."),
            problems=[FieldProblem("reason", N_("Lý do"))],
        )


def _problems(
    act: Act,
    record: Record,
    description: str,
    day: date,
    document: Record | None,
    milestone: UUID | None,
    quantity: Decimal | None,
) -> list[FieldProblem]:
    problems = []
    if not description.strip():
        problems.append(FieldProblem("description", N_("Hãy mô tả minh chứng.")))
    problems += passed(act, "day", day)
    if document is not None and document.exercise != record.exercise:
        problems.append(FieldProblem("document", N_("Tài liệu phải cùng là thật hoặc cùng là diễn tập.")))
    held = Milestone.objects.filter(subject_id=record.pk, baseline__state="approved", retracted=False, baseline__retracted=False)
    proved = held.filter(key=milestone).order_by("-baseline__number").first() if milestone else None
    if milestone and proved is None:
        problems.append(FieldProblem("milestone", N_("Kế hoạch không có mốc này.")))
    if quantity is not None and (not quantity.is_finite() or quantity <= 0):
        problems.append(FieldProblem("quantity", N_("Khối lượng phải lớn hơn 0.")))
    elif quantity is not None and (proved is None or proved.target is None):
        problems.append(FieldProblem("quantity", N_("Chỉ ghi khối lượng cho mốc có chỉ tiêu.")))
    return problems


def _verifiers(act: Act, record: Record) -> list[UUID]:
    """Who may check it today: they hold a role with the right, and not for the body that leads."""
    may = [role for role, granted in PERMISSIONS.items() if "followup.validate" in granted]
    held = roles_on(timezone.localdate(act.at)).filter(role__in=may, user__is_active=True, user__retracted=False)
    lead = getattr(record, "lead_id", None)
    pairs = list(held.values_list("user_id", "institution_id"))
    own = {user for user, institution in pairs if institution == lead}
    return sorted({user for user, _institution in pairs} - own)


def _handed_in_by(evidence: Evidence) -> list[UUID]:
    """Everybody who handed it in, also again."""
    told = entries_of(evidence.pk).filter(action__in=("hand in", "create", "resubmit")).values_list("actor_id", flat=True)
    return [actor for actor in told if actor is not None]


def _refuse(problems: list[FieldProblem], subject: str) -> None:
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=subject, remedy=N_("Hãy sửa các trường được nêu."), problems=problems
        )
