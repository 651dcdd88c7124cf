"""Every read of market barriers."""

from __future__ import annotations

from banggiao.barriers.models import Barrier
from banggiao.barriers.states import BARRIER
from banggiao.core.errors import N_
from banggiao.core.questions import Bi, Column, Parameter
from banggiao.core.registers import Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable


@searchable(Barrier)
def _words(barrier: Barrier) -> Words:
    return Words(
        barrier.name_vi, barrier.name_en, barrier.products_vi, barrier.authority_en, names=(barrier.code,),
        body=f"{barrier.products_vi} {barrier.authority_en} {barrier.note_en}", day=barrier.start, weight=3,
        about=[barrier.partner_id],
    )  # fmt: skip


BARRIERS = declare(
    Register(
        name="barriers",
        model=Barrier,
        title=Bi("Rào cản", "Barriers"),
        one=Bi("Rào cản", "Barrier"),
        fields=(
            Field(Column("name", N_("Tên"), "bilingual"), ("name_vi", "name_en")),
            Field(
                Column("partner", N_("Đối tác"), "record"),
                ("partner_id", "partner__name_vi", "partner__name_en"),
                leads_to="partners.partner",
            ),
            Field(Column("kind", N_("Loại"), "code", "barrier_kind"), ("kind",)),
            Field(Column("start", N_("Từ"), "date"), ("start",)),
            Field(Column("products", N_("Mặt hàng")), ("products_vi",)),
            Field(Column("state", N_("Tình trạng"), "code", "barrier_status"), ("state",)),
        ),
        page_fields=(
            Field(Column("code", N_("Mã")), ("code",)),
            Field(Column("authority", N_("Cơ quan áp dụng")), ("authority_en",)),
            Field(Column("hs_chapters", N_("Chương HS")), ("hs_chapters",)),
            Field(Column("state_on", N_("Tình trạng ghi ngày"), "date"), ("state_on",)),
            Field(Column("note", N_("Ghi chú của nguồn")), ("note_en",)),
        ),
        orders=(Order("recent", N_("Mới nhất"), ("start",), descending=True),),
        filters=(
            Filter(Parameter("partner", N_("Đối tác"), "partner"), "partner__code"),
            Filter(Parameter("kind", N_("Loại"), "code", "barrier_kind"), "kind"),
            Filter(Parameter("state", N_("Tình trạng"), "code", "barrier_status"), "state"),
        ),
        editable=("name_vi", "name_en", "kind", "products_vi", "hs_chapters"),
        entry=("name_vi", "partner_id", "kind", "products_vi", "start", "hs_chapters", "authority_en", "name_en", "note_en"),
        required=("name_vi", "partner_id"),
        machines=(BARRIER,),
        edit_permission="barriers.edit",
        mark_path="evidence",
    )
)
