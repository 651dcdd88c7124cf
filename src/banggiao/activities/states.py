"""How a review moves: open, figures frozen, circulated, concluded, published; later corrections come as a memo."""

from __future__ import annotations

from banggiao.core.errors import N_
from banggiao.core.transitions import Machine, Step

REVIEW = Machine(
    "review",
    "state",
    "open",
    (
        Step("freeze", ("open",), "frozen", N_("Chốt số liệu"), "reviews.run", needs=("figures_as_of",)),
        Step("circulate", ("frozen",), "circulated", N_("Gửi lấy ý kiến"), "reviews.run"),
        Step("conclude", ("circulated",), "concluded", N_("Kết luận"), "reviews.conclude"),
        Step(
            "publish",
            ("concluded",),
            "published",
            N_("Ban hành"),
            "reviews.conclude",
            needs=("number", "issued_on", "signer_title", "signer_name"),
        ),
    ),
    {
        "figures_as_of": N_("Thời điểm chốt số liệu"),
        "number": N_("Số văn bản"),
        "issued_on": N_("Ngày ban hành"),
        "signer_title": N_("Chức vụ người ký"),
        "signer_name": N_("Họ tên người ký"),
    },
)
