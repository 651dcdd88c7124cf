"""How a watch rests and how a signal is triaged; a signal that was raised or closed says why."""

from __future__ import annotations

from banggiao.core.errors import N_
from banggiao.core.transitions import Machine, Step

WATCH = Machine(
    "watch",
    "state",
    "active",
    (
        Step("pause", ("active",), "paused", N_("Tạm dừng theo dõi"), "signals.edit", reason_required=True),
        Step("resume", ("paused",), "active", N_("Theo dõi tiếp"), "signals.edit"),
    ),
    {},
)

SIGNAL = Machine(
    "signal",
    "state",
    "new",
    (
        Step("watch", ("new",), "watching", N_("Theo dõi thêm"), "signals.triage"),
        Step(
            "raise",
            ("new", "watching"),
            "raised",
            N_("Báo động"),
            "signals.triage",
            needs=("assessment",),
            asks=("assessment",),
        ),
        Step(
            "close",
            ("new", "watching", "raised"),
            "closed",
            N_("Kết thúc"),
            "signals.triage",
            needs=("assessment", "used"),
            asks=("assessment", "used"),
        ),
        Step("reopen", ("closed",), "watching", N_("Mở lại"), "signals.triage", reason_required=True),
    ),
    {"assessment": N_("Nhận định"), "used": N_("Đã được dùng vào việc gì chưa")},
)
