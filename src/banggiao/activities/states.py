"""How an activity moves from plan to held, and how a review moves: open, frozen, circulated, concluded, published."""

from __future__ import annotations

from typing import Any

from banggiao.core.errors import N_, FieldProblem
from banggiao.core.transitions import Machine, Step

ACTIVITY = Machine(
    "activity",
    "status",
    "planned",
    (
        Step("confirm", ("planned",), "confirmed", N_("Chốt tổ chức"), "activities.edit", needs=("start",)),
        Step("hold", ("planned", "confirmed"), "held", N_("Ghi nhận đã diễn ra"), "activities.edit", needs=("start",)),
        Step(
            "postpone",
            ("planned", "confirmed"),
            "postponed",
            N_("Hoãn"),
            "activities.edit",
            reason_required=True,
        ),
        Step("replan", ("postponed",), "planned", N_("Xếp lại lịch"), "activities.edit", asks=("start", "end"), needs=("start",)),
        Step(
            "cancel",
            ("planned", "confirmed", "postponed"),
            "cancelled",
            N_("Hủy"),
            "activities.edit",
            reason_required=True,
        ),
    ),
    {"start": N_("Ngày bắt đầu"), "end": N_("Ngày kết thúc")},
)


# Readers and comments are rows of a package above this one, reached through the review.
def _has_readers(review: Any) -> FieldProblem | None:
    rows = review.reader_rows.filter(retracted=False)
    return None if rows.exists() else FieldProblem("readers", N_("Chưa chọn nơi được hỏi ý kiến."))


def _comments_answered(review: Any) -> FieldProblem | None:
    rows = review.comment_rows.filter(retracted=False, state="open")
    return FieldProblem("comments", N_("Còn ý kiến chưa giải trình.")) if rows.exists() else None


REVIEW = Machine(
    "review",
    "state",
    "open",
    (
        Step("freeze", ("open",), "frozen", N_("Chốt số liệu"), "reviews.run", asks=("figures_as_of",)),
        Step(
            "circulate",
            ("frozen",),
            "circulated",
            N_("Gửi lấy ý kiến"),
            "reviews.run",
            needs=("comments_due",),
            guards=(_has_readers,),
        ),
        Step("conclude", ("circulated",), "concluded", N_("Kết luận"), "reviews.conclude", guards=(_comments_answered,)),
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
        "comments_due": N_("Hạn góp ý"),
        "number": N_("Số văn bản"),
        "issued_on": N_("Ngày ban hành"),
        "signer_title": N_("Chức vụ người ký"),
        "signer_name": N_("Họ tên người ký"),
    },
)
