"""Every write of the review cycle: steps with the papers they leave behind, readers, comments, tasks of the conclusions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from banggiao.activities.models import Review
from banggiao.activities.states import REVIEW
from banggiao.commitments.models import Task
from banggiao.commitments.services import Ask, create_tasks_from
from banggiao.core import records, transitions
from banggiao.core.acts import CLASSIFICATIONS, Act
from banggiao.core.calendar import WorkingCalendar
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotPermitted, WrongState
from banggiao.core.periods import parse_period
from banggiao.core.visibility import Involvement
from banggiao.followup.chasing.services import remind, tell_above
from banggiao.followup.services_inbox import notify
from banggiao.partners.models import Institution
from banggiao.reviews.models import ReviewComment, ReviewPaper, ReviewReader
from banggiao.reviews.papers import figures_of, paper_at
from banggiao.reviews.questions import points_to_give
from banggiao.reviews.states import ANSWERED, COMMENT, READER
from banggiao.sources.services import keep_original

_READER = "reader"
#: States in which readers may still be asked.
_BEFORE_CONCLUSION = ("open", "frozen", "circulated")


@dataclass(frozen=True, slots=True)
class Issued:
    """The paper of a step: the moment its figures hold for, and its files by name (`vi/pdf`, `figures`)."""

    as_of: datetime
    files: Mapping[str, bytes]


#: Makes the paper of a review that has just taken a step.
Issue = Callable[[Review], Issued]


def move_review(
    *, act: Act, review: Review, action: str, version: int | None, values: Mapping[str, Any] | None = None, issue: Issue
) -> Review:
    """Take a step of the cycle. All but circulating keep the paper that `issue` makes; circulating asks the readers.

    A review is frozen as of now unless `figures_as_of` says otherwise.
    Raises what `transitions.apply` raises, and InvalidInput for a moment that is still to come.
    """
    values = dict(values or {})
    if action == "freeze":
        values["figures_as_of"] = _moment(values.get("figures_as_of"), act)
    with transaction.atomic():
        moved = transitions.apply(review, REVIEW, action, act=act, version=version, values=values)
        if action == "circulate":
            _circulate(act, moved)
        else:
            _keep_paper(act, moved, issue(moved))
    return moved


@transaction.atomic
def set_readers(*, act: Act, review: Review, institutions: Sequence[UUID]) -> list[ReviewReader]:
    """Ask exactly these bodies for their comments: the others are dropped, unless they have answered already.

    Of a review that is circulated nobody is dropped. Raises NotPermitted, WrongState, InvalidInput (not known, the other world).
    """
    act.viewer.require("reviews.run", subject=str(review))
    records.lock(Review, review.pk)
    if review.state not in _BEFORE_CONCLUSION:
        raise _too_late(review)
    wanted = list(dict.fromkeys(institutions))
    known = dict(Institution.objects.visible_to(act.viewer).filter(pk__in=wanted).values_list("pk", "exercise"))
    if any(known.get(pk) != review.exercise for pk in wanted):
        raise InvalidInput(
            N_("Có nơi được hỏi không còn trong danh bạ, hoặc lẫn giữa thật và diễn tập."),
            subject=str(review),
            remedy=N_("Hãy chọn lại nơi được hỏi ý kiến."),
            problems=[FieldProblem("institution_id", N_("Không tìm thấy bản ghi."))],
        )
    standing = {reader.institution_id: reader for reader in ReviewReader.objects.filter(review=review)}
    for pk in wanted:
        if pk not in standing:
            values = _of_review(review) | {"institution_id": pk} | _due(review)
            standing[pk] = records.create(ReviewReader, act=act, values=values)
        elif standing[pk].retracted:
            standing[pk] = records.restore(standing[pk], act=act)
    if review.state != "circulated":
        for pk, reader in standing.items():
            if pk not in wanted and not reader.retracted:
                records.retract(reader, act=act)
    elif fresh := [standing[pk] for pk in wanted]:
        _tell(act, review, fresh)
    return [standing[pk] for pk in wanted]


def add_reader(*, act: Act, review_id: UUID, institution_id: UUID) -> ReviewReader:
    """One more body is asked. Raises as `set_readers`, and NotFound."""
    review = _review(act, review_id)
    there = ReviewReader.objects.filter(review=review, retracted=False).values_list("institution_id", flat=True)
    return set_readers(act=act, review=review, institutions=[*there, institution_id])[-1]


def move_reader(
    *, act: Act, reader: ReviewReader, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> ReviewReader:
    """A reader agrees without comment. Raises what `transitions.apply` raises, and NotPermitted for other bodies."""
    _require_reader(act, reader)
    _require_circulated(reader.review)
    also = {"answered_on": timezone.localdate(act.at).isoformat()}
    return transitions.apply(reader, READER, action, act=act, version=version, values=values, also=also)


@transaction.atomic
def write_comment(*, act: Act, values: Mapping[str, Any]) -> ReviewComment:
    """A reader comments on a part or a figure; the desk may write it down for a body that answered by letter.

    Without `institution_id` it is the reader among the institutions of whoever writes.
    Raises NotPermitted, NotFound, WrongState, InvalidInput (no text, a figure that was not frozen).
    """
    act.viewer.require("reviews.comment")
    review = _review(act, values.get("review_id"))
    _require_circulated(review)
    readers = ReviewReader.objects.filter(review=review, retracted=False).select_related("review", "institution")
    wanted = [values["institution_id"]] if values.get("institution_id") else list(act.viewer.institutions)
    reader = readers.filter(institution_id__in=wanted).first()
    if reader is None:
        raise InvalidInput(
            N_("Cơ quan này không được hỏi ý kiến về báo cáo."),
            subject=str(review),
            remedy=N_("Hãy chọn một nơi được hỏi ý kiến."),
            problems=[FieldProblem("institution_id", N_("Không phải nơi được hỏi ý kiến."))],
        )
    _require_reader(act, reader)
    text, figure = str(values.get("text", "")).strip(), str(values.get("figure", ""))
    problems = [] if text else [FieldProblem("text", N_("Không được để trống."))]
    if figure and figure not in figures_of(paper_at(review, "frozen")):
        problems.append(FieldProblem("figure", N_("Số liệu này không có trong báo cáo đã chốt.")))
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            subject=str(review),
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=problems,
        )
    given = {"institution_id": reader.institution_id, "day": timezone.localdate(act.at), "text": text, "figure": figure}
    comment = records.create(
        ReviewComment, act=act, values=_of_review(review) | given | {"place": str(values.get("place", "")).strip()}
    )
    if reader.state != "commented":
        move_reader(act=act, reader=reader, action="comment", version=reader.version)
    if review.owner and review.owner not in act.viewer.institutions:
        notify(act=act, kind="review_comment", record=comment, institutions=[review.owner])
    return comment


def move_comment(
    *, act: Act, comment: ReviewComment, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> ReviewComment:
    """Say what became of a comment; its reader is told. Raises what `transitions.apply` raises, WrongState after conclusion."""
    act.viewer.require("reviews.run", subject=str(comment))
    _require_circulated(comment.review)
    with transaction.atomic():
        moved = transitions.apply(comment, COMMENT, action, act=act, version=version, values=values)
        if action != "reconsider" and comment.institution_id not in act.viewer.institutions:
            notify(act=act, kind="review_comment", record=moved, institutions=[comment.institution_id])
    return moved


def give_tasks(*, act: Act, review: Review) -> list[Task]:
    """Make each direction of a concluded review, and each recommendation with a lead, a task of the next period, once.

    Raises NotPermitted, WrongState before the conclusion, and as `create_tasks_from`.
    """
    act.viewer.require("reviews.run", subject=str(review))
    if review.state not in ("concluded", "published"):
        raise WrongState(
            N_("Chỉ giao nhiệm vụ từ báo cáo đã kết luận."), subject=str(review), remedy=N_("Hãy kết luận báo cáo trước.")
        )
    more = {"given_on": (review.issued_on or timezone.localdate(act.at)).isoformat()}
    if "/" not in review.period:
        more["period"] = parse_period(review.period).following().code
    asks = [
        Ask(
            text=point.text_vi,
            key=str(point.pk),
            lead=point.lead_id,
            due=point.due,
            product=point.product,
            more=more | {"text_en": point.text_en},
        )
        for point in points_to_give(review)
    ]
    return create_tasks_from(act=act, origin=review, asks=asks) if asks else []


def remind_readers(*, act: Act, today: date | None = None) -> int:
    """Remind every reader of a circulated review that has not answered; returns how many reminders were made."""
    return remind(act=act, followed=_awaited(), today=today)


def tell_above_readers(*, act: Act, today: date | None = None) -> int:
    """Tell the level above of answers to a review that stay overdue past the last rung; returns how many were told."""
    return tell_above(act=act, followed=_awaited(), today=today)


def _awaited() -> list[ReviewReader]:
    rows = ReviewReader.objects.filter(retracted=False, review__state="circulated").exclude(state__in=ANSWERED)
    return list(rows.order_by("pk"))


def keep(data: bytes) -> str:
    """Keep bytes under their digest; returns the SHA-256."""
    digest = hashlib.sha256(data).hexdigest()
    keep_original(data, digest)
    return digest


def _keep_paper(act: Act, review: Review, issued: Issued) -> ReviewPaper:
    kept = {name: keep(data) for name, data in sorted(issued.files.items())}
    values = {
        "review_id": review.pk, "stage": review.state, "as_of": issued.as_of, "files": kept, "owner": review.owner,
        "classification": review.classification, "exercise": review.exercise,
    }  # fmt: skip
    return records.create(ReviewPaper, act=act, values=values, action="keep paper")


def _circulate(act: Act, review: Review) -> None:
    readers = list(ReviewReader.objects.filter(review=review, retracted=False).order_by("pk"))
    due = _due(review)
    readers = [records.revise(reader, act=act, values=due, version=reader.version) for reader in readers]
    _tell(act, review, readers)


def _tell(act: Act, review: Review, readers: Sequence[ReviewReader]) -> None:
    """Let readers know of the review, once each."""
    told = set(Involvement.objects.filter(record_id=review.pk, role=_READER).values_list("institution_id", flat=True))
    fresh = [reader for reader in readers if reader.institution_id not in told]
    Involvement.objects.bulk_create(
        [Involvement(record_id=review.pk, institution_id=r.institution_id, role=_READER) for r in fresh], batch_size=200
    )
    for reader in fresh:
        notify(act=act, kind="review", record=reader, institutions=[reader.institution_id])


def _due(review: Review) -> dict[str, str]:
    if review.comments_due is None:
        return {}
    day = WorkingCalendar().next_working_day(review.comments_due).isoformat()
    return {"first_due": day, "current_due": day}


def _of_review(review: Review) -> dict[str, Any]:
    # Never public: what one reader says is no business of the others.
    level = max("internal", review.classification, key=CLASSIFICATIONS.index)
    return {"review_id": review.pk, "owner": review.owner, "classification": level, "exercise": review.exercise}


def _review(act: Act, key: Any) -> Review:
    found: Review | None = Review.objects.visible_to(act.viewer).filter(pk=key).first() if key else None
    if found is None:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=[FieldProblem("review_id", N_("Không tìm thấy bản ghi."))],
        )
    return found


def _require_reader(act: Act, reader: ReviewReader) -> None:
    act.viewer.require("reviews.comment", subject=str(reader))
    if not (reader.institution_id in act.viewer.institutions or act.viewer.may("reviews.run")):
        raise NotPermitted(
            N_("Đơn vị của bạn không tham gia việc này."), subject=str(reader), remedy=N_("Hãy liên hệ cơ quan dựng báo cáo.")
        )


def _require_circulated(review: Review) -> None:
    if review.state != "circulated":
        raise WrongState(
            N_("Báo cáo này không trong thời gian lấy ý kiến."),
            subject=str(review),
            remedy=N_("Hãy liên hệ cơ quan dựng báo cáo."),
        )


def _too_late(review: Review) -> WrongState:
    return WrongState(
        N_("Báo cáo đã kết luận nên không hỏi thêm ý kiến."),
        subject=str(review),
        remedy=N_("Sai sót được ghi bằng bản đính chính."),
    )


def _moment(given: Any, act: Act) -> datetime:
    try:
        moment = _read(given.strip()) if isinstance(given, str) and given.strip() else given or act.at
    except ValueError:
        raise _bad_moment(N_("Hãy viết 2026-11-24T12:00 hoặc 2026-11-24.")) from None
    moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    if moment > act.at:
        raise _bad_moment(N_("Thời điểm chốt không được ở sau lúc này."))
    return moment


def _read(text: str) -> datetime:
    """A day means its end."""
    return datetime.combine(date.fromisoformat(text), time.max) if len(text) == 10 else datetime.fromisoformat(text)


def _bad_moment(why: str) -> InvalidInput:
    return InvalidInput(
        N_("Thông tin nhập chưa hợp lệ."),
        remedy=N_("Hãy sửa các trường được nêu."),
        problems=[FieldProblem("figures_as_of", why)],
    )
