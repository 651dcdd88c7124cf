"""Every read of the review cycle: the reviews, the papers kept of them, who has commented, what became of each comment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from banggiao.activities.models import Review
from banggiao.activities.states import REVIEW
from banggiao.commitments.questions_repeated import asks_in_series
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Bi, Column, Parameter
from banggiao.core.registers import Face, Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary
from banggiao.reviews import lines  # noqa: F401  they declare themselves
from banggiao.reviews.models import ReviewComment, ReviewPoint, ReviewReader
from banggiao.reviews.states import ANSWERED, COMMENT, READER

#: What one review concludes is held against what those before it did.
asks_in_series(Review.record_type(), lambda ids: dict.fromkeys(ids, ("reviews",)))


@dataclass(frozen=True, slots=True)
class Asked:
    """How far the readers of a review have got (rule `review_answers`)."""

    readers: int
    answered: int
    open_comments: int


def review_of(period: str, viewer: Viewer, *, exercise: bool) -> Review | None:
    """The review of a period, if it was begun and the viewer may know of it."""
    found: Review | None = Review.objects.visible_to(viewer).filter(period=period, exercise=exercise).order_by("pk").first()
    return found


def readers_of(review: Review, viewer: Viewer) -> list[ReviewReader]:
    """The readers of a review that the viewer may know of, by the name of the body."""
    rows = ReviewReader.objects.visible_to(viewer).filter(review=review).select_related("institution", "review")
    return list(rows.order_by("institution__sort_key", "pk"))


def comments_of(review: Review, viewer: Viewer) -> list[ReviewComment]:
    """The comments on a review that the viewer may know of, as they came."""
    rows = ReviewComment.objects.visible_to(viewer).filter(review=review).select_related("institution", "review")
    return list(rows.order_by("pk"))


def asked_of(review: Review, viewer: Viewer) -> Asked:
    """How many readers there are, have answered, and how many comments wait, as far as the viewer may know."""
    rows = ReviewReader.objects.visible_to(viewer).filter(review=review)
    counted = rows.aggregate(readers=Count("pk"), answered=Count("pk", filter=Q(state__in=ANSWERED)))
    waiting = ReviewComment.objects.visible_to(viewer).filter(review=review, state="open").count()
    return Asked(counted["readers"], counted["answered"], waiting)


def _answered_share(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """ "5/9" for each review: how many readers have answered, counted over all of them."""
    rows = ReviewReader.objects.filter(review__in=list(ids), retracted=False).values("review_id")
    counted = rows.annotate(asked=Count("pk"), answered=Count("pk", filter=Q(state__in=ANSWERED)))
    return {r["review_id"]: f"{r['answered']}/{r['asked']}" for r in counted}


def _running(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.exclude(state="published") if value == "yes" else rows.filter(state="published")


def _silent(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    waiting = Q(state="asked", review__state="circulated")
    return rows.filter(waiting) if value == "yes" else rows.exclude(waiting)


def _overdue_on(rows: QuerySet[Any], day: str) -> QuerySet[Any]:
    return rows.filter(current_due__lt=day, current_due__gt="", state="asked", review__state="circulated")


@searchable(Review)
def _review_words(review: Review) -> Words:
    terms = vocabulary("review_state")
    states = (terms.label(review.state, "vi"), terms.label(review.state, "en"))
    return Words(review.name_vi, review.name_en, *states, names=(review.code, review.period), weight=1)


REVIEWS = declare(
    Register(
        name="reviews",
        model=Review,
        title=Bi("Kỳ sơ kết", "Reviews"),
        one=Bi("Kỳ sơ kết", "Review"),
        fields=(
            Field(Column("code", N_("Mã"), "mono"), ("code",)),
            Field(Column("name", N_("Kỳ sơ kết"), "bilingual"), ("name_vi", "name_en")),
            Field(Column("state", N_("Tình trạng"), "code", "review_state"), ("state",)),
            Field(Column("comments_due", N_("Hạn góp ý"), "date"), ("comments_due",)),
            Field(Column("answered", N_("Đã góp ý")), lookup=_answered_share),
            Field(Column("number", N_("Số văn bản")), ("number",)),
            Field(Column("issued_on", N_("Ngày ban hành"), "date"), ("issued_on",)),
        ),
        page_fields=(
            Field(Column("period", N_("Kỳ"), "period"), ("period",)),
            Field(Column("figures_as_of", N_("Thời điểm chốt số liệu"), "date"), ("figures_as_of",)),
            Field(Column("place", N_("Nơi ban hành")), ("place",)),
            Field(Column("signer_title", N_("Chức vụ người ký")), ("signer_title",)),
            Field(Column("signer_name", N_("Họ tên người ký")), ("signer_name",)),
        ),
        orders=(Order("period", N_("Kỳ"), ("period",), descending=True),),
        filters=(
            Filter(Parameter("state", N_("Tình trạng"), "code", "review_state"), "state"),
            Filter(Parameter("running", N_("Chưa ban hành"), "code", "yes_no"), narrow=_running),
        ),
        entry=("period",),
        required=("period",),
        edit_permission="reviews.run",
        machines=(REVIEW,),
        faces=(Face("board", machine=REVIEW),),
    )
)

REVIEW_READERS = declare(
    Register(
        name="review_readers",
        model=ReviewReader,
        title=Bi("Nơi được hỏi ý kiến về sơ kết", "Bodies asked for comments on reviews"),
        one=Bi("Nơi được hỏi ý kiến về sơ kết", "Body asked for comments on a review"),
        fields=(
            Field(
                Column("institution", N_("Nơi được hỏi ý kiến"), "bilingual"), ("institution__name_vi", "institution__name_en")
            ),
            Field(
                Column("review", N_("Kỳ sơ kết"), "record"),
                ("review_id", "review__name_vi", "review__name_en"),
                "activities.review",
            ),
            Field(Column("current_due", N_("Hạn góp ý"), "date"), ("current_due",)),
            Field(Column("state", N_("Tình trạng góp ý"), "code", "review_reader_state"), ("state",)),
            Field(Column("answered_on", N_("Ngày trả lời"), "date"), ("answered_on",)),
        ),
        page_fields=(Field(Column("letter", N_("Công văn trả lời")), ("letter",)),),
        orders=(Order("due", N_("Hạn góp ý"), ("current_due",)),),
        filters=(
            Filter(Parameter("review", N_("Kỳ sơ kết"), "id"), "review_id"),
            Filter(Parameter("institution", N_("Nơi được hỏi ý kiến"), "institution"), "institution__code"),
            Filter(Parameter("state", N_("Tình trạng góp ý"), "code", "review_reader_state"), "state"),
            Filter(Parameter("silent", N_("Chưa góp ý"), "code", "yes_no"), narrow=_silent),
            Filter(Parameter("overdue_on", N_("Quá hạn tính đến"), "date"), narrow=_overdue_on),
        ),
        entry=("review_id", "institution_id"),
        required=("review_id", "institution_id"),
        edit_permission="reviews.run",
        machines=(READER,),
        faces=(Face("calendar", dates=("current_due",)),),
        title_paths=("title_vi", "title_en"),
        code_path="",
    )
)

REVIEW_COMMENTS = declare(
    Register(
        name="review_comments",
        model=ReviewComment,
        title=Bi("Ý kiến góp ý sơ kết", "Comments on reviews"),
        one=Bi("Ý kiến góp ý sơ kết", "Comment on a review"),
        fields=(
            Field(Column("text", N_("Ý kiến"), "lead"), ("text",)),
            Field(
                Column("institution", N_("Nơi góp ý"), "record"),
                ("institution_id", "institution__name_vi", "institution__name_en"),
                "partners.institution",
            ),
            Field(
                Column("review", N_("Kỳ sơ kết"), "record"),
                ("review_id", "review__name_vi", "review__name_en"),
                "activities.review",
            ),
            Field(Column("place", N_("Phần của báo cáo")), ("place",)),
            Field(Column("state", N_("Kết quả xử lý"), "code", "review_comment_state"), ("state",)),
            Field(Column("answer", N_("Giải trình")), ("answer",)),
            Field(Column("day", N_("Ngày góp ý"), "date"), ("day",)),
        ),
        page_fields=(Field(Column("figure", N_("Số liệu được góp ý")), ("figure",)),),
        orders=(Order("latest", N_("Mới nhất"), ("day",), descending=True),),
        filters=(
            Filter(Parameter("review", N_("Kỳ sơ kết"), "id"), "review_id"),
            Filter(Parameter("institution", N_("Nơi góp ý"), "institution"), "institution__code"),
            Filter(Parameter("state", N_("Kết quả xử lý"), "code", "review_comment_state"), "state"),
        ),
        entry=("review_id", "institution_id", "place", "figure", "text"),
        required=("review_id", "text"),
        rule="review_comments",
        edit_permission="reviews.comment",
        machines=(COMMENT,),
        faces=(Face("board", machine=COMMENT),),
        title_paths=("text", "text"),
        code_path="",
    )
)


def points_to_give(review: Review) -> QuerySet[ReviewPoint]:
    """The conclusions that become tasks: directions, and recommendations that a body of ours is to see through."""
    asked = Q(kind="direction") | Q(kind="recommendation", lead__isnull=False)
    rows: QuerySet[ReviewPoint] = ReviewPoint.objects.filter(asked, review=review, retracted=False).order_by("pk")
    return rows
