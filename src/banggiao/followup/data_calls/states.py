"""How a data call and the answers to it move."""

from __future__ import annotations

from typing import Any

from banggiao.core.errors import N_, FieldProblem
from banggiao.core.periods import is_partial_date
from banggiao.core.transitions import Machine, Step
from banggiao.followup.data_calls.asked import unfilled

#: States of an answer in which the body has answered.
ANSWERED = ("submitted", "approved")

LABELS = {
    "purpose": N_("Mục đích"),
    "deadline": N_("Hạn trả lời"),
    "questions": N_("Các cột của phiếu"),
    "addressees": N_("Nơi nhận"),
    "rows": N_("Nội dung trả lời"),
    "approved_by": N_("Người duyệt (họ tên, chức vụ)"),
    "letter": N_("Số, ký hiệu công văn trả lời"),
}


def _deadline_is_a_day(record: Any) -> FieldProblem | None:
    whole = len(record.deadline) == 10 and is_partial_date(record.deadline)
    return FieldProblem("deadline", N_("Hạn trả lời phải đủ ngày, tháng, năm.")) if record.deadline and not whole else None


def _has_addressees(record: Any) -> FieldProblem | None:
    return None if record.addressee_rows.exists() else FieldProblem("addressees", N_("Chưa chọn nơi nhận."))


def _answer_is_whole(record: Any) -> FieldProblem | None:
    if not record.rows:
        return FieldProblem("rows", N_("Phiếu chưa có dòng nào."))
    return FieldProblem("rows", N_("Còn ô bắt buộc chưa điền.")) if unfilled(record.call.questions, record.rows) else None


CALL = Machine(
    "data_call",
    "state",
    "draft",
    (
        Step(
            "open",
            ("draft",),
            "open",
            N_("Gửi đề nghị"),
            "data_calls.edit",
            needs=("purpose", "deadline", "questions"),
            guards=(_deadline_is_a_day, _has_addressees),
        ),
        Step("close", ("open",), "closed", N_("Đóng nhận phiếu"), "data_calls.edit"),
        Step("consolidate", ("closed",), "consolidated", N_("Chốt bảng tổng hợp"), "data_calls.edit"),
        Step("reopen", ("closed", "consolidated"), "open", N_("Mở nhận lại"), "data_calls.edit", reason_required=True),
        Step("withdraw", ("draft", "open"), "withdrawn", N_("Rút đề nghị"), "data_calls.edit", reason_required=True),
    ),
    LABELS,
)

ANSWER = Machine(
    "data_call_answer",
    "state",
    "none",
    (
        Step("save", ("none", "draft", "returned"), "draft", N_("Điền phiếu"), "data_calls.answer", asks=("rows",)),
        Step("submit", ("draft", "returned"), "submitted", N_("Gửi phiếu"), "data_calls.answer", guards=(_answer_is_whole,)),
        Step(
            "approve",
            ("submitted",),
            "approved",
            N_("Ghi thủ trưởng duyệt"),
            "data_calls.answer",
            needs=("approved_by",),
            asks=("approved_by", "letter"),
        ),
        Step("return", ("submitted", "approved"), "returned", N_("Trả lại phiếu"), "data_calls.answer", reason_required=True),
    ),
    LABELS,
)
