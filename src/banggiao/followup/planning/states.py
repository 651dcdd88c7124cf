"""How a plan comes to hold, and how evidence is checked by somebody else than who handed it in."""

from __future__ import annotations

from banggiao.core.errors import N_
from banggiao.core.transitions import Machine, Step

BASELINE = Machine(
    "baseline",
    "state",
    "draft",
    (
        Step("approve", ("draft",), "approved", N_("Phê duyệt kế hoạch"), "followup.approve_plan"),
        Step("withdraw", ("draft",), "withdrawn", N_("Rút dự thảo kế hoạch"), "followup.report", reason_required=True),
    ),
)

EVIDENCE = Machine(
    "evidence",
    "state",
    "submitted",
    (
        Step("accept", ("submitted",), "accepted", N_("Chấp nhận minh chứng"), "followup.validate", asks=("grade",)),
        Step(
            "return", ("submitted", "accepted"), "returned", N_("Trả lại minh chứng"), "followup.validate", reason_required=True
        ),
        Step(
            "resubmit",
            ("returned",),
            "submitted",
            N_("Nộp lại minh chứng"),
            "followup.report",
            asks=("description", "day", "grade", "quantity"),
            reason_required=True,
        ),
    ),
)
