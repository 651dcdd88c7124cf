"""Every read of evidence: the register that verifiers work through, and what is known of files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Bi, Column, Parameter, Ref
from banggiao.core.registers import Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import Evidence
from banggiao.followup.planning.models import Milestone
from banggiao.followup.planning.states import EVIDENCE
from banggiao.followup.questions import subject_refs


def proofs_of(subject_id: UUID, viewer: Viewer) -> QuerySet[Evidence]:
    """Evidence of a record with its file, newest first."""
    return Evidence.objects.visible_to(viewer).filter(subject_id=subject_id).select_related("file").order_by("-day", "-pk")


def milestone_names(keys: Iterable[UUID | None]) -> dict[UUID, Bi]:
    """What milestones are called, by key: as the latest plan that has them says."""
    rows = Milestone.objects.filter(key__in={key for key in keys if key}, retracted=False, baseline__state="approved")
    return {m.key: Bi(m.name_vi, m.name_en) for m in rows.order_by("baseline__number")}


def to_check(viewer: Viewer) -> int:
    """How many pieces of evidence wait for a check that the viewer may know of."""
    return Evidence.objects.visible_to(viewer).filter(state="submitted").count()


def _subjects(ids: Sequence[UUID]) -> Mapping[UUID, Ref]:
    return subject_refs(Evidence, ids)


def _milestones(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    keys = dict(Evidence.objects.filter(pk__in=list(ids)).values_list("pk", "milestone"))
    names = milestone_names(keys.values())
    return {pk: names[key] for pk, key in keys.items() if key in names}


@searchable(Evidence)
def _words(evidence: Evidence) -> Words:
    grades = vocabulary("evidence_grade")
    vi, en = (grades.label(str(evidence.grade), language) for language in ("vi", "en"))
    return Words(evidence.description, note_vi=vi, note_en=en, day=evidence.day.isoformat(), weight=0)


EVIDENCES = declare(
    Register(
        name="evidence",
        model=Evidence,
        title=Bi("Minh chứng", "Evidence"),
        one=Bi("Minh chứng", "Piece of evidence"),
        fields=(
            Field(Column("day", N_("Ngày"), "date"), ("day",)),
            Field(Column("description", N_("Mô tả"), "lead"), ("description",)),
            Field(Column("subject", N_("Thuộc hồ sơ"), "record"), lookup=_subjects),
            Field(Column("milestone", N_("Mốc"), "bilingual"), lookup=_milestones),
            Field(Column("grade", N_("Bậc minh chứng"), "code", "evidence_grade"), ("grade",)),
            Field(Column("file", N_("Tệp")), ("file__name",)),
            Field(Column("state", N_("Tình trạng"), "code", "evidence_state"), ("state",)),
        ),
        page_fields=(Field(Column("quantity", N_("Khối lượng được chứng minh"), "number"), ("quantity",)),),
        orders=(Order("recent", N_("Mới nhất"), ("day",), descending=True),),
        filters=(
            Filter(Parameter("state", N_("Tình trạng"), "code", "evidence_state"), "state"),
            Filter(Parameter("grade", N_("Bậc minh chứng"), "code", "evidence_grade"), "grade"),
        ),
        machines=(EVIDENCE,),
        edit_permission="followup.validate",
        title_paths=("description", ""),
        code_path="",
    )
)
