"""What a review consists of beside its figures: the points of its conclusions, and the memos that correct it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, WrongState
from banggiao.core.lines import Lines, declare_lines
from banggiao.core.questions import Bi, Column
from banggiao.core.registers import Field, Order, Register
from banggiao.core.vocabulary import vocabulary
from banggiao.reviews.models import ReviewMemo, ReviewPoint
from banggiao.reviews.papers import figures_of, paper_at

_CONCLUDED = ("concluded", "published")
_BOTH = ("vi", "en")


def _stands_still(review: Any, act: Act) -> None:
    """What was concluded is not written again. Raises WrongState, so that the write is undone."""
    if review.state in _CONCLUDED:
        raise WrongState(
            N_("Báo cáo đã kết luận nên nội dung kết luận được giữ nguyên."),
            subject=str(review),
            remedy=N_("Sai sót được ghi bằng bản đính chính."),
        )


def _whole(point: ReviewPoint, act: Act) -> Sequence[FieldProblem]:
    """A shortcoming has its cause, a direction its lead and deadline, a recommendation its addressee."""
    wanted = {"shortcoming": ("cause",), "direction": ("lead_id", "due"), "recommendation": ("addressee",)}
    return [FieldProblem(n, N_("Không được để trống.")) for n in wanted.get(point.kind, ()) if not getattr(point, n)]


def _of_frozen(memo: ReviewMemo, act: Act) -> Sequence[FieldProblem]:
    found = figures_of(paper_at(memo.review, "frozen"))
    return [] if memo.figure in found else [FieldProblem("figure", N_("Số liệu này không có trong báo cáo đã chốt."))]


def _once_concluded(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    """Conclusions that are still being written are for those who write them."""
    if viewer.may("reviews.run") or viewer.may("reviews.conclude"):
        return rows
    return rows.filter(review__state__in=_CONCLUDED)


def _causes(ids: Sequence[UUID]) -> Mapping[UUID, Bi]:
    """Whether a cause lies in a body's own power, and what it is."""
    kinds, codes, found = vocabulary("cause_kind"), vocabulary("difficulty_code"), {}
    rows = ReviewPoint.objects.filter(pk__in=list(ids)).values_list("pk", "cause", "difficulty")
    for pk, cause, difficulty in rows:
        told = [[terms.label(code, tongue) for terms, code in ((kinds, cause), (codes, difficulty)) if code] for tongue in _BOTH]
        if any(told):
            found[pk] = Bi(*(": ".join(words) for words in told))
    return found


def _more(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = ReviewPoint.objects.filter(pk__in=list(ids)).values_list("pk", "product", "addressee")
    return {pk: product or addressee for pk, product, addressee in rows if product or addressee}


def _named(ids: Sequence[UUID], what: str) -> Mapping[UUID, Any]:
    found = {}
    for memo in ReviewMemo.objects.filter(pk__in=list(ids)).select_related("review"):
        figure = figures_of(paper_at(memo.review, "frozen")).get(memo.figure)
        if figure:
            found[memo.pk] = getattr(figure, what)
    return found


POINTS = declare_lines(
    Lines(
        Register(
            name="points",
            model=ReviewPoint,
            title=Bi("Nội dung kết luận", "Conclusions"),
            one=Bi("Nội dung kết luận", "Point of the conclusions"),
            fields=(
                Field(Column("kind", N_("Loại"), "code", "review_point_kind"), ("kind",)),
                Field(Column("text", N_("Nội dung"), "bilingual"), ("text_vi", "text_en")),
                Field(Column("causes", N_("Nguyên nhân"), "bilingual"), lookup=_causes),
                Field(
                    Column("lead", N_("Cơ quan chủ trì"), "record"),
                    ("lead_id", "lead__name_vi", "lead__name_en"),
                    "partners.institution",
                ),
                Field(Column("due", N_("Hạn thực hiện"), "date"), ("due",)),
                Field(Column("more", N_("Sản phẩm, nơi nhận")), lookup=_more),
            ),
            page_fields=(
                Field(Column("cause", N_("Loại nguyên nhân"), "code", "cause_kind"), ("cause",)),
                Field(Column("difficulty", N_("Vướng mắc"), "code", "difficulty_code"), ("difficulty",)),
                Field(Column("product", N_("Sản phẩm")), ("product",)),
                Field(Column("addressee", N_("Kiến nghị với")), ("addressee",)),
            ),
            orders=(Order("entered", N_("Thứ tự nhập"), ()),),
            entry=("kind", "text_vi", "text_en", "cause", "difficulty", "lead_id", "due", "product", "addressee"),
            required=("kind", "text_vi"),
            edit_permission="reviews.run",
            title_paths=("text_vi", "text_en"),
            code_path="",
        ),
        "review",
        check=_whole,
        narrow=_once_concluded,
        after=_stands_still,
        closed=lambda review: review.state in _CONCLUDED,
    )
)

MEMOS = declare_lines(
    Lines(
        Register(
            name="memos",
            model=ReviewMemo,
            title=Bi("Đính chính số liệu", "Corrections"),
            one=Bi("Đính chính số liệu", "Correction"),
            fields=(
                Field(Column("figure", N_("Số liệu"), "bilingual"), lookup=lambda ids: _named(ids, "label")),
                Field(Column("was", N_("Đã chốt")), lookup=lambda ids: _named(ids, "value")),
                Field(Column("should_be", N_("Nay là")), ("should_be",)),
                Field(Column("reason", N_("Lý do")), ("reason",)),
                Field(Column("decided_by", N_("Người quyết định")), ("decided_by",)),
                Field(Column("day", N_("Ngày đính chính"), "date"), ("day",)),
            ),
            orders=(Order("day", N_("Ngày đính chính"), ("day",)),),
            entry=("figure", "should_be", "reason", "decided_by", "day"),
            required=("figure", "should_be", "reason", "decided_by", "day"),
            edit_permission="reviews.run",
            title_paths=("figure", ""),
            code_path="",
        ),
        "review",
        check=_of_frozen,
        kept_as_written=True,
    )
)
