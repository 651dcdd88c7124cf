"""How a followed duty moves: work and validation are two axes kept apart; timeliness is derived."""

from __future__ import annotations

from typing import Any

from banggiao.core.errors import N_, FieldProblem
from banggiao.core.transitions import Machine, Step

SIX_CLEAR = ("lead_id", "person_in_charge", "responsibility", "product", "authority", "current_due")
LABELS = {
    "lead_id": N_("Cơ quan chủ trì"),
    "person_in_charge": N_("Rõ người"),
    "responsibility": N_("Rõ trách nhiệm"),
    "product": N_("Rõ sản phẩm"),
    "authority": N_("Rõ thẩm quyền"),
    "current_due": N_("Rõ thời gian"),
    "blocked_reason": N_("Lý do vướng mắc"),
    "unblocker": N_("Cơ quan có thể tháo gỡ"),
    "done_on": N_("Ngày hoàn thành"),
}
_OPEN = ("assigned", "active", "awaiting_decision", "blocked", "paused")


def _done_day_is_full(record: Any) -> FieldProblem | None:
    return None if len(record.done_on) == 10 else FieldProblem("done_on", N_("Ngày hoàn thành phải đủ ngày, tháng, năm."))


def _has_successor(record: Any) -> FieldProblem | None:
    return None if record.replaced else FieldProblem("successor", N_("Chưa ghi việc nào thay thế việc này."))


WORK = Machine(
    "work",
    "work_state",
    "proposed",
    (
        Step("assign", ("proposed",), "assigned", N_("Giao việc"), "followup.assign", needs=SIX_CLEAR),
        Step("start", ("assigned", "paused"), "active", N_("Bắt đầu thực hiện"), "followup.report"),
        Step(
            "await_decision",
            ("assigned", "active"),
            "awaiting_decision",
            N_("Chờ quyết định"),
            "followup.report",
            asks=("unblocker",),
            reason_required=True,
        ),
        Step(
            "block",
            ("assigned", "active"),
            "blocked",
            N_("Báo vướng mắc"),
            "followup.report",
            needs=("blocked_reason", "unblocker"),
        ),
        Step("resume", ("awaiting_decision", "blocked"), "active", N_("Tiếp tục thực hiện"), "followup.report"),
        Step("pause", ("active",), "paused", N_("Tạm dừng"), "followup.assign", reason_required=True),
        Step(
            "complete",
            ("active",),
            "done",
            N_("Báo hoàn thành"),
            "followup.report",
            needs=("done_on",),
            guards=(_done_day_is_full,),
        ),
        Step("reopen", ("done",), "active", N_("Mở lại"), "followup.validate", reason_required=True),
        Step(
            "cancel", ("proposed", *_OPEN), "cancelled", N_("Hủy theo thỏa thuận chung"), "followup.assign", reason_required=True
        ),
        Step("lapse", ("proposed", *_OPEN), "lapsed", N_("Ghi nhận hết hiệu lực"), "followup.assign", reason_required=True),
        Step(
            "supersede",
            ("proposed", *_OPEN),
            "superseded",
            N_("Ghi nhận được thay thế"),
            "followup.assign",
            guards=(_has_successor,),
            reason_required=True,
        ),
    ),
    LABELS,
)

VALIDATION = Machine(
    "validation",
    "validation_state",
    "draft",
    (
        Step("submit", ("draft", "returned"), "submitted", N_("Trình thẩm tra"), "followup.report"),
        Step("return", ("submitted",), "returned", N_("Trả lại"), "followup.validate", reason_required=True),
        Step("verify", ("submitted",), "verified", N_("Thẩm tra đạt"), "followup.validate"),
        Step("dispute", ("verified",), "disputed", N_("Ghi nhận đối tác chưa đồng ý"), "followup.validate", reason_required=True),
        Step("settle", ("disputed",), "submitted", N_("Trình lại sau khi làm rõ"), "followup.report"),
    ),
    LABELS,
)

DUE_MOVE = Machine(
    "due_date_move",
    "state",
    "requested",
    (
        Step("approve", ("requested",), "approved", N_("Duyệt hạn mới"), "followup.approve_due_date"),
        Step("refuse", ("requested",), "refused", N_("Không duyệt hạn mới"), "followup.approve_due_date"),
    ),
)
