"""How an agreement moves from proposal to its end; the legal state of each party is a separate, dated axis."""

from __future__ import annotations

from banggiao.core.errors import N_
from banggiao.core.transitions import Machine, Step

_ENDS = ("signed", "ratified", "in_force", "suspended")

AGREEMENT = Machine(
    "agreement",
    "status",
    "proposed",
    (
        Step("negotiate", ("proposed",), "negotiating", N_("Bắt đầu đàm phán"), "agreements.edit"),
        Step("initial", ("negotiating",), "initialled", N_("Ký tắt"), "agreements.edit"),
        Step(
            "sign",
            ("proposed", "negotiating", "initialled"),
            "signed",
            N_("Ghi nhận đã ký"),
            "agreements.edit",
            needs=("signed_on",),
        ),
        Step("ratify", ("signed",), "ratified", N_("Ghi nhận đã phê chuẩn"), "agreements.edit"),
        Step(
            "enter_into_force",
            ("signed", "ratified"),
            "in_force",
            N_("Ghi nhận có hiệu lực"),
            "agreements.edit",
            needs=("in_force_on",),
        ),
        Step("suspend", ("in_force",), "suspended", N_("Tạm đình chỉ"), "agreements.edit", reason_required=True),
        Step("resume", ("suspended",), "in_force", N_("Khôi phục hiệu lực"), "agreements.edit", reason_required=True),
        Step("terminate", _ENDS, "terminated", N_("Chấm dứt"), "agreements.edit", reason_required=True),
        Step("withdraw", _ENDS, "withdrawn", N_("Rút khỏi"), "agreements.edit", reason_required=True),
        Step("expire", _ENDS, "expired", N_("Ghi nhận hết hiệu lực"), "agreements.edit", reason_required=True),
        Step("supersede", _ENDS, "superseded", N_("Ghi nhận được thay thế"), "agreements.edit", reason_required=True),
    ),
    {"signed_on": N_("Ngày ký"), "in_force_on": N_("Ngày có hiệu lực")},
)
