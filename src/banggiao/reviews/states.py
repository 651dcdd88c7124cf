"""How a reader's answer and a comment on a review move; the review itself moves by `activities.states.REVIEW`."""

from __future__ import annotations

from banggiao.core.errors import N_
from banggiao.core.transitions import Machine, Step

#: States of a reader who has said something, be it that there is nothing to say.
ANSWERED = ("commented", "agreed")

READER = Machine(
    "review_reader",
    "state",
    "asked",
    (
        Step("comment", ("asked", "agreed"), "commented", N_("Ghi nhận có ý kiến"), "reviews.comment"),
        Step("agree", ("asked",), "agreed", N_("Thống nhất, không có ý kiến"), "reviews.comment"),
    ),
    {"letter": N_("Công văn trả lời")},
)

COMMENT = Machine(
    "review_comment",
    "state",
    "open",
    (
        Step("accept", ("open",), "accepted", N_("Tiếp thu"), "reviews.run", asks=("answer",)),
        Step("accept_partly", ("open",), "partly", N_("Tiếp thu một phần"), "reviews.run", needs=("answer",), asks=("answer",)),
        Step("reject", ("open",), "rejected", N_("Không tiếp thu"), "reviews.run", needs=("answer",), asks=("answer",)),
        Step(
            "reconsider",
            ("accepted", "partly", "rejected"),
            "open",
            N_("Xem xét lại"),
            "reviews.run",
            reason_required=True,
        ),
    ),
    {"answer": N_("Giải trình")},
)
