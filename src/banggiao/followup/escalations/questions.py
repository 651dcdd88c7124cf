"""Every read of escalations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Bi, Column, Parameter, Ref
from banggiao.core.registers import Face, Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.escalations.models import Escalation
from banggiao.followup.escalations.states import ESCALATION
from banggiao.followup.questions import subject_refs


def escalations_of(subject_id: UUID, viewer: Viewer) -> list[Escalation]:
    """The questions put about a record, newest first."""
    rows = Escalation.objects.visible_to(viewer).filter(subject_id=subject_id).select_related("asker", "decider")
    return list(rows.order_by("-pk"))


def waiting_for(viewer: Viewer) -> QuerySet[Escalation]:
    """The questions that wait for a decision of the viewer's institutions, the most urgent first."""
    if not viewer.may("escalations.decide"):
        return Escalation.objects.none()
    rows: Any = Escalation.objects.visible_to(viewer).filter(state="sent", decider__in=viewer.institutions)
    return rows.order_by("needed_by", "pk")  # type: ignore[no-any-return]


def _subjects(ids: Sequence[UUID]) -> Mapping[UUID, Ref]:
    return subject_refs(Escalation, ids)


def _options(ids: Sequence[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    rows = Escalation.objects.filter(pk__in=list(ids)).values_list("pk", "options")
    lines = {pk: [line.strip() for line in text.splitlines() if line.strip()] for pk, text in rows}
    return {pk: tuple(f"{number}) {line}" for number, line in enumerate(found, 1)) for pk, found in lines.items()}


def _overdue_on(rows: QuerySet[Any], day: str) -> QuerySet[Any]:
    return rows.filter(state="sent", needed_by__lt=day).exclude(needed_by="")


@searchable(Escalation)
def _words(escalation: Escalation) -> Words:
    terms = vocabulary("escalation_state")
    vi, en = (terms.label(escalation.state, language) for language in ("vi", "en"))
    body = " ".join(filter(None, (escalation.options, escalation.decision)))
    return Words(escalation.title_vi, "", vi, en, names=(escalation.code,), body=body, day=escalation.needed_by, weight=1)


ESCALATIONS = declare(
    Register(
        name="escalations",
        model=Escalation,
        title=Bi("Việc trình cấp trên", "Escalations"),
        one=Bi("Việc trình cấp trên", "Escalation"),
        fields=(
            Field(Column("code", N_("Mã"), "mono"), ("code",)),
            Field(Column("question", N_("Vấn đề xin ý kiến"), "lead"), ("question",)),
            Field(Column("subject", N_("Thuộc hồ sơ"), "record"), lookup=_subjects),
            Field(
                Column("asker", N_("Cơ quan trình"), "record"),
                ("asker_id", "asker__name_vi", "asker__name_en"),
                "partners.institution",
            ),
            Field(
                Column("decider", N_("Trình ai"), "record"),
                ("decider_id", "decider__name_vi", "decider__name_en"),
                "partners.institution",
            ),
            Field(Column("needed_by", N_("Cần có quyết định trước"), "date"), ("needed_by",)),
            Field(Column("state", N_("Tình trạng"), "code", "escalation_state"), ("state",)),
        ),
        page_fields=(
            Field(Column("options", N_("Các phương án"), "list"), lookup=lambda ids: _options(ids)),
            Field(Column("sent_on", N_("Ngày trình"), "date"), ("sent_on",)),
            Field(Column("decision", N_("Nội dung quyết định")), ("decision",)),
            Field(Column("decided_by", N_("Người quyết định")), ("decided_by",)),
            Field(Column("decided_on", N_("Ngày quyết định"), "date"), ("decided_on",)),
            Field(Column("document_number", N_("Số, ký hiệu văn bản quyết định")), ("document_number",)),
            Field(Column("document_day", N_("Ngày văn bản quyết định"), "date"), ("document_day",)),
        ),
        orders=(
            Order("needed_by", N_("Cần có quyết định trước"), ("needed_by",)),
            Order("code", N_("Mã"), ("code",), descending=True),
        ),
        filters=(
            Filter(Parameter("state", N_("Tình trạng"), "code", "escalation_state"), "state"),
            Filter(Parameter("asker", N_("Cơ quan trình"), "institution"), "asker__code"),
            Filter(Parameter("decider", N_("Trình ai"), "institution"), "decider__code"),
            Filter(Parameter("subject", N_("Thuộc hồ sơ"), "id"), "subject_id"),
            Filter(Parameter("overdue_on", N_("Quá hạn tính đến"), "date"), narrow=_overdue_on),
        ),
        entry=("subject_type", "subject_id", "question", "decider_id", "needed_by", "options", "asker_id"),
        required=("subject_type", "subject_id", "question"),
        editable=("question", "decider_id", "needed_by", "options"),
        edit_permission="escalations.send",
        machines=(ESCALATION,),
        faces=(Face("board", machine=ESCALATION), Face("calendar", dates=("needed_by",))),
        title_paths=("title_vi", ""),
    )
)
