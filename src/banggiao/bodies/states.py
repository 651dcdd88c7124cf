"""How a body, a meeting and a conclusion notice move."""

from __future__ import annotations

from typing import Any

from banggiao.core.errors import N_, FieldProblem
from banggiao.core.periods import is_partial_date
from banggiao.core.transitions import Machine, Step

_WHOLE_DAY = N_("Cần đủ ngày, tháng, năm.")


def _whole(name: str) -> Any:
    """A guard: the date in this field, where there is one, is a whole day."""

    def guard(record: Any) -> FieldProblem | None:
        value = getattr(record, name)
        return FieldProblem(name, _WHOLE_DAY) if value and not (len(value) == 10 and is_partial_date(value)) else None

    return guard


def _has_head(body: Any) -> FieldProblem | None:
    there = body.members.filter(role="head", retracted=False).exists()
    return None if there else FieldProblem("members", N_("Chưa ghi người đứng đầu trong thành phần."))


def _ends_after_start(body: Any) -> FieldProblem | None:
    early = body.starts and body.ends and body.ends < body.starts[: len(body.ends)]
    return FieldProblem("ends", N_("Đứng trước ngày bắt đầu.")) if early else None


BODY = Machine(
    "body",
    "state",
    "forming",
    (
        Step(
            "activate",
            ("forming",),
            "active",
            N_("Ghi nhận đã thành lập"),
            "bodies.edit",
            needs=("decision_number", "decision_on", "decision_issuer", "starts"),
            guards=(_has_head,),
        ),
        Step(
            "end",
            ("forming", "active"),
            "ended",
            N_("Kết thúc hoạt động"),
            "bodies.edit",
            needs=("ends",),
            guards=(_ends_after_start,),
            reason_required=True,
        ),
        Step("renew", ("ended",), "active", N_("Kiện toàn, hoạt động lại"), "bodies.edit", reason_required=True),
    ),
    {
        "decision_number": N_("Số quyết định thành lập"),
        "decision_on": N_("Ngày quyết định"),
        "decision_issuer": N_("Người ký, cơ quan ban hành quyết định"),
        "directive_id": N_("Quyết định trong sổ văn bản"),
        "standing_id": N_("Cơ quan thường trực"),
        "starts": N_("Bắt đầu"),
        "ends": N_("Kết thúc"),
        "members": N_("Thành phần"),
        "contact": N_("Đầu mối liên hệ"),
    },
)

MEETING = Machine(
    "meeting",
    "state",
    "planned",
    (
        Step(
            "convene",
            ("planned",),
            "convened",
            N_("Triệu tập"),
            "bodies.edit",
            needs=("day", "time", "place", "chair"),
            guards=(_whole("day"),),
        ),
        Step("hold", ("convened",), "held", N_("Ghi nhận đã họp"), "bodies.edit", needs=("day",), guards=(_whole("day"),)),
        Step(
            "minute",
            ("held",),
            "minuted",
            N_("Hoàn thành biên bản"),
            "bodies.edit",
            needs=("minutes_number", "minutes_on", "signer_title", "signer_name"),
            guards=(_whole("minutes_on"),),
        ),
        Step(
            "postpone",
            ("convened",),
            "planned",
            N_("Hoãn, xếp lại lịch"),
            "bodies.edit",
            asks=("day", "time"),
            reason_required=True,
        ),
        Step("reopen", ("minuted",), "held", N_("Mở lại biên bản"), "bodies.edit", reason_required=True),
        Step("cancel", ("planned", "convened"), "cancelled", N_("Hủy"), "bodies.edit", reason_required=True),
    ),
    {
        "day": N_("Ngày họp"),
        "time": N_("Giờ họp"),
        "place": N_("Địa điểm"),
        "chair": N_("Chủ trì"),
        "secretary": N_("Thư ký"),
        "form": N_("Hình thức"),
        "minutes_number": N_("Số biên bản"),
        "minutes_on": N_("Ngày biên bản"),
        "signer_title": N_("Chức vụ người ký"),
        "signer_name": N_("Họ tên người ký"),
    },
)

NOTICE = Machine(
    "conclusion_notice",
    "state",
    "draft",
    (
        Step("circulate", ("draft",), "commenting", N_("Gửi lấy ý kiến"), "bodies.edit", needs=("text",)),
        Step(
            "issue",
            ("commenting", "draft"),
            "issued",
            N_("Ghi nhận đã ban hành"),
            "bodies.edit",
            needs=("text", "number", "issued_on", "signer_title", "signer_name"),
            guards=(_whole("issued_on"),),
        ),
        Step("rework", ("commenting",), "draft", N_("Sửa lại dự thảo"), "bodies.edit", reason_required=True),
        Step("drop", ("draft", "commenting"), "dropped", N_("Không ban hành"), "bodies.edit", reason_required=True),
    ),
    {
        "text": N_("Nội dung thông báo"),
        "number": N_("Số văn bản"),
        "issued_on": N_("Ngày ban hành"),
        "place": N_("Nơi ban hành"),
        "signer_title": N_("Chức vụ người ký"),
        "signer_name": N_("Họ tên người ký"),
        "issuer_id": N_("Cơ quan ban hành"),
        "receivers": N_("Nơi nhận"),
        "meeting_id": N_("Phiên họp"),
        "activity_id": N_("Hoạt động"),
        "directive_id": N_("Văn bản trong sổ"),
    },
)
