"""Every read of dispatch references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Bi, Column, Parameter, Ref
from banggiao.core.registers import Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.dispatches.models import DispatchReference
from banggiao.followup.questions import subject_refs


def dispatches_of(subject_id: UUID, viewer: Viewer) -> QuerySet[DispatchReference]:
    """The letters behind a record, oldest first."""
    rows = DispatchReference.objects.visible_to(viewer).select_related("issuer")
    return rows.filter(subject_id=subject_id).order_by("day", "pk")


def _subjects(ids: Sequence[UUID]) -> Mapping[UUID, Ref]:
    """The record that each letter belongs to, by the title its register gives it."""
    return subject_refs(DispatchReference, ids)


@searchable(DispatchReference)
def _words(dispatch: DispatchReference) -> Words:
    issuer = dispatch.issuer.name_vi if dispatch.issuer else dispatch.issuer_name
    terms = vocabulary("dispatch_direction")
    vi, en = (" · ".join(filter(None, (terms.label(dispatch.direction, lang), issuer, dispatch.day))) for lang in ("vi", "en"))
    title = f"{dispatch.number}: {dispatch.about}" if dispatch.about else dispatch.number
    return Words(title, note_vi=vi, note_en=en, names=(dispatch.number,), body=issuer, day=dispatch.day, weight=1)


DISPATCHES = declare(
    Register(
        name="dispatches",
        model=DispatchReference,
        title=Bi("Văn bản đi, đến", "Dispatch references"),
        one=Bi("Văn bản", "Dispatch reference"),
        fields=(
            Field(Column("number", N_("Số, ký hiệu"), "lead"), ("number",)),
            Field(Column("day", N_("Ngày"), "date"), ("day",)),
            Field(Column("direction", N_("Đi, đến"), "code", "dispatch_direction"), ("direction",)),
            Field(
                Column("issuer", N_("Cơ quan ban hành"), "record"),
                ("issuer_id", "issuer__name_vi", "issuer__name_en"),
                "partners.institution",
            ),
            Field(Column("issuer_name", N_("Tên cơ quan như trong văn bản")), ("issuer_name",)),
            Field(Column("about", N_("Trích yếu")), ("about",)),
            Field(Column("subject", N_("Thuộc hồ sơ"), "record"), lookup=_subjects),
        ),
        page_fields=(
            Field(Column("secrecy", N_("Độ mật của văn bản"), "code", "classification"), ("secrecy",)),
            Field(Column("keeper", N_("Nơi giữ văn bản")), ("keeper",)),
        ),
        orders=(
            Order("recent", N_("Mới nhất"), ("day",), descending=True),
            Order("number", N_("Số, ký hiệu"), ("number",)),
        ),
        filters=(
            Filter(Parameter("direction", N_("Đi, đến"), "code", "dispatch_direction"), "direction"),
            Filter(Parameter("issuer", N_("Cơ quan ban hành"), "institution"), "issuer__code"),
            Filter(Parameter("period", N_("Kỳ"), "period"), "day"),
        ),
        entry=("number", "day", "direction", "issuer_id", "issuer_name", "about", "secrecy", "keeper"),
        required=("number", "day"),
        editable=("number", "day", "direction", "issuer_id", "issuer_name", "about", "secrecy", "keeper"),
        edit_permission="dispatches.edit",
        title_paths=("number", ""),
        code_path="",
    )
)
