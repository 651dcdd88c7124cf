"""How an escalation moves."""

from __future__ import annotations

from typing import Any

from banggiao.core.errors import N_, FieldProblem
from banggiao.core.periods import is_partial_date
from banggiao.core.transitions import Machine, Step

LABELS = {
    "question": N_("Vấn đề xin ý kiến"),
    "decider_id": N_("Trình ai"),
    "options": N_("Các phương án"),
    "needed_by": N_("Cần có quyết định trước"),
    "decision": N_("Nội dung quyết định"),
    "decided_by": N_("Người quyết định (họ tên, chức vụ)"),
}


def _needed_by_is_a_day(record: Any) -> FieldProblem | None:
    whole = len(record.needed_by) == 10 and is_partial_date(record.needed_by)
    return FieldProblem("needed_by", N_("Hãy ghi đủ ngày, tháng, năm.")) if record.needed_by and not whole else None


def _document_is_whole(record: Any) -> FieldProblem | None:
    if bool(record.document_number.strip()) != bool(record.document_day):
        return FieldProblem("document_number", N_("Văn bản quyết định phải có cả số và ngày."))
    return None


ESCALATION = Machine(
    "escalation",
    "state",
    "draft",
    (
        Step(
            "send",
            ("draft",),
            "sent",
            N_("Trình"),
            "escalations.send",
            needs=("decider_id", "needed_by"),
            guards=(_needed_by_is_a_day,),
        ),
        Step(
            "decide",
            ("sent",),
            "decided",
            N_("Ghi quyết định"),
            "escalations.decide",
            needs=("decision", "decided_by"),
            asks=("decision", "decided_by", "document_number", "document_day"),
            guards=(_document_is_whole,),
        ),
        Step("withdraw", ("draft", "sent"), "withdrawn", N_("Rút việc trình"), "escalations.send", reason_required=True),
    ),
    LABELS,
)
