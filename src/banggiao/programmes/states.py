"""How a mission's work programme moves."""

from __future__ import annotations

from typing import Any

from banggiao.core.errors import N_, FieldProblem
from banggiao.core.transitions import Machine, Step

LABELS = {
    "head_title": N_("Chức danh Trưởng cơ quan đại diện"),
    "task_lines": N_("Nhiệm vụ của Trưởng cơ quan đại diện"),
    "approved_by": N_("Người phê duyệt (họ tên, chức vụ)"),
}


def _has_tasks(record: Any) -> FieldProblem | None:
    if record.task_lines.filter(retracted=False).exists():
        return None
    return FieldProblem("task_lines", N_("Chương trình chưa có nhiệm vụ nào."))


PROGRAMME = Machine(
    "programme",
    "state",
    "draft",
    (
        Step(
            "submit",
            ("draft",),
            "submitted",
            N_("Trình phê duyệt"),
            "programmes.edit",
            needs=("head_title",),
            guards=(_has_tasks,),
        ),
        Step("return", ("submitted",), "draft", N_("Trả lại để sửa"), "programmes.approve", reason_required=True),
        Step(
            "approve",
            ("submitted",),
            "approved",
            N_("Phê duyệt"),
            "programmes.approve",
            needs=("approved_by",),
            asks=("approved_by",),
        ),
        Step("start", ("approved",), "running", N_("Bắt đầu thực hiện"), "programmes.edit"),
        Step("close", ("running",), "closed", N_("Kết thúc chương trình"), "programmes.edit"),
        Step("reopen", ("closed",), "running", N_("Mở lại"), "programmes.approve", reason_required=True),
    ),
    LABELS,
)
