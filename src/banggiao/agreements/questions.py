"""Every read of agreements and of the legal state of their parties."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from banggiao.agreements import legal, lines  # noqa: F401  they declare their questions and lines
from banggiao.agreements.models import Agreement, AgreementParty, PartyStatus
from banggiao.agreements.states import AGREEMENT
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.periods import Period
from banggiao.core.questions import Bi, Column, Parameter, Ref
from banggiao.core.registers import Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary


def signed_in(viewer: Viewer, period: Period) -> QuerySet[Agreement]:
    """Instruments signed in a period, without joint statements and company documents (rule `instruments_signed`)."""
    kinds = vocabulary("agreement_kind")
    counted = [t.code for t in kinds.terms if t.attributes.get("family") not in ("leaders_declaration", "company_document")]
    rows = Agreement.objects.visible_to(viewer).filter(kind__in=counted, collective=False)
    return rows.filter(signed_on__gte=period.start, signed_on__lt=period.end).order_by("signed_on", "id")


def parties_of(ids: Sequence[UUID]) -> dict[UUID, tuple[Ref, ...]]:
    """The parties of each agreement, in order."""
    rows = AgreementParty.objects.filter(agreement_id__in=ids).order_by("agreement_id", "position")
    found: dict[UUID, list[Ref]] = {}
    for agreement, pk, vi, en in rows.values_list("agreement_id", "partner_id", "partner__name_vi", "partner__name_en"):
        found.setdefault(agreement, []).append(Ref(pk, "partners.partner", Bi(vi, en)))
    return {agreement: tuple(refs) for agreement, refs in found.items()}


def party_steps(agreement: Agreement, viewer: Viewer) -> list[PartyStatus]:
    """The dated legal steps of each party."""
    return list(
        PartyStatus.objects.visible_to(viewer).filter(agreement=agreement).select_related("partner").order_by("day", "id")
    )


@searchable(Agreement, about=("parties",))
def _words(agreement: Agreement) -> Words:
    kinds = vocabulary("agreement_kind")
    vi, en = (" · ".join(filter(None, (kinds.label(agreement.kind, language), agreement.signed_on))) for language in ("vi", "en"))
    body = " ".join((agreement.home_body, agreement.partner_body, agreement.note))
    return Words(
        agreement.name_vi,
        agreement.name_en,
        vi,
        en,
        names=(agreement.code,),
        body=body,
        day=agreement.signed_on,
        weight=3,
    )


AGREEMENTS = declare(
    Register(
        name="agreements",
        model=Agreement,
        title=Bi("Thỏa thuận", "Agreements"),
        one=Bi("Thỏa thuận", "Agreement"),
        fields=(
            Field(Column("signed_on", N_("Ngày ký"), "date"), ("signed_on",)),
            Field(Column("name", N_("Tên"), "bilingual"), ("name_vi", "name_en")),
            Field(Column("kind", N_("Loại"), "code", "agreement_kind"), ("kind",)),
            Field(Column("parties", N_("Đối tác"), "records"), lookup=parties_of),
            Field(Column("field", N_("Lĩnh vực"), "code", "agreement_field"), ("field",)),
            Field(Column("status", N_("Tình trạng"), "code", "agreement_status"), ("status",)),
        ),
        page_fields=(
            Field(Column("code", N_("Mã")), ("code",)),
            Field(Column("in_force_on", N_("Ngày có hiệu lực"), "date"), ("in_force_on",)),
            Field(Column("home_body", N_("Cơ quan ký phía ta")), ("home_body",)),
            Field(Column("partner_body", N_("Cơ quan ký phía bạn")), ("partner_body",)),
            Field(
                Column("activity", N_("Ký tại hoạt động"), "record"),
                ("activity_id", "activity__name_vi", "activity__name_en"),
                leads_to="activities.activity",
            ),
            Field(
                Column("amends", N_("Sửa đổi, bổ sung cho"), "record"),
                ("amends_id", "amends__name_vi", "amends__name_en"),
                leads_to="agreements.agreement",
            ),
            Field(Column("note", N_("Ghi chú của nguồn")), ("note",)),
        ),
        orders=(
            Order("recent", N_("Mới ký nhất"), ("signed_on",), descending=True),
            Order("oldest", N_("Cũ nhất"), ("signed_on",)),
        ),
        filters=(
            Filter(Parameter("period", N_("Kỳ"), "period"), "signed_on"),
            Filter(Parameter("kind", N_("Loại"), "code", "agreement_kind"), "kind"),
            Filter(Parameter("field", N_("Lĩnh vực"), "code", "agreement_field"), "field"),
            Filter(Parameter("status", N_("Tình trạng"), "code", "agreement_status"), "status"),
            Filter(Parameter("partner", N_("Đối tác"), "partner"), "party_rows__partner__code"),
            Filter(Parameter("activity", N_("Hoạt động"), "id"), "activity_id"),
            Filter(Parameter("amends", N_("Sửa đổi, bổ sung cho"), "id"), "amends_id"),
        ),
        related=(("commitments", "agreement"), ("agreements", "amends")),
        editable=(
            "name_vi",
            "name_en",
            "kind",
            "field",
            "signed_on",
            "in_force_on",
            "home_body",
            "partner_body",
            "activity_id",
            "amends_id",
            "note",
        ),
        entry=(
            "kind",
            "name_vi",
            "name_en",
            "parties",
            "status",
            "field",
            "signed_on",
            "in_force_on",
            "home_body",
            "partner_body",
            "activity_id",
            "amends_id",
            "note",
        ),
        required=("kind", "name_vi", "parties"),
        machines=(AGREEMENT,),
        edit_permission="agreements.edit",
        mark_path="evidence",
    )
)
