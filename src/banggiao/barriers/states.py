"""How a barrier moves; a statement of intent by the other side is not a resolution."""

from __future__ import annotations

from banggiao.core.errors import N_
from banggiao.core.transitions import Machine, Step

_OPEN = ("open", "pending_us", "pending_them", "pending_business", "in_progress")
_MOVES = (
    ("open", "open", N_("Mở hồ sơ")),
    ("wait_on_us", "pending_us", N_("Chờ phía ta")),
    ("wait_on_them", "pending_them", N_("Chờ phía bạn")),
    ("wait_on_business", "pending_business", N_("Chờ doanh nghiệp")),
    ("progress", "in_progress", N_("Đang xử lý")),
)

BARRIER = Machine(
    "barrier",
    "state",
    "draft",
    (
        *(
            Step(
                action, ("draft", "dormant", "resolved_part", *(s for s in _OPEN if s != target)), target, label, "barriers.edit"
            )
            for action, target, label in _MOVES
        ),
        Step(
            "resolve_in_part",
            _OPEN,
            "resolved_part",
            N_("Ghi nhận tháo gỡ một phần"),
            "barriers.edit",
            needs=("summary", "resolved_on"),
        ),
        Step(
            "resolve",
            (*_OPEN, "resolved_part"),
            "resolved_full",
            N_("Ghi nhận đã tháo gỡ"),
            "barriers.edit",
            needs=("summary", "resolved_on"),
        ),
        Step("rest", _OPEN, "dormant", N_("Tạm lắng"), "barriers.edit", reason_required=True),
        Step("archive", ("draft", *_OPEN, "dormant"), "archived", N_("Lưu trữ"), "barriers.edit", reason_required=True),
    ),
    {"summary": N_("Tóm tắt kết quả tháo gỡ"), "resolved_on": N_("Ngày tháo gỡ")},
)
