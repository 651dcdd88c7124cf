"""Every write to activities and reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from banggiao.activities.models import Activity, Review
from banggiao.activities.states import ACTIVITY
from banggiao.core import records, transitions
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, WrongState
from banggiao.core.lines import follow_parent
from banggiao.core.numbering import next_codes
from banggiao.core.periods import parse_period, period_label
from banggiao.core.questions import Bi
from banggiao.core.vocabulary import vocabulary

_REVIEW = Bi("Sơ kết %s", "Review of %s")


def create_activity(*, act: Act, values: Mapping[str, Any], partners: Sequence[Any] = (), year: str = "") -> Activity:
    """An activity enters the register; without a code it gets the next of its year (`year` where it has no date).

    What lies ahead is a plan, what lies behind has been held, unless `status` says otherwise.
    Raises NotPermitted, InvalidInput, NotFound for an unknown kind.
    """
    act.viewer.require("activities.edit", subject=str(values.get("name_vi", "")))
    return enter_activity(act=act, values=values, partners=partners, year=year)


def create_activities(*, act: Act, rows: Sequence[tuple[Mapping[str, Any], records.LinkRows]]) -> list[Activity]:
    """Activities enter the register, all or none. Raises as `create_activity`."""
    act.viewer.require("activities.edit", subject=next((str(values.get("name_vi", "")) for values, _links in rows), ""))
    return _enter(act, rows, str(act.at.year))


def enter_activity(*, act: Act, values: Mapping[str, Any], partners: Sequence[Any] = (), year: str = "") -> Activity:
    """The same where another right was asked for: somebody accepts what a document tells. Raises InvalidInput, NotFound."""
    return _enter(act, [(values, {"partners": partners})], year or str(act.at.year))[0]


@transaction.atomic
def _enter(act: Act, rows: Sequence[tuple[Mapping[str, Any], records.LinkRows]], year: str) -> list[Activity]:
    for values, _links in rows:
        vocabulary("activity_kind").term(values["kind"])
        _check_days(values.get("start") or "", values.get("end") or "", subject=str(values.get("name_vi", "")))
    years = [(values.get("start") or "")[:4] or year for values, _links in rows if not values.get("code")]
    fresh = iter(next_codes(Activity, "DT-HD" if act.exercise else "HD", years))
    given: list[tuple[Mapping[str, Any], records.LinkRows]] = []
    for values, links in rows:
        status, code = status_by_date(values.get("start") or "", act), values.get("code") or next(fresh)
        given.append(({"status": status, **values, "code": code}, links))
    return records.create_many(Activity, act=act, rows=given)


def status_by_date(start: str, act: Act) -> str:
    """What an activity with this (possibly partial) first day is when nobody says more: planned ahead, else held."""
    return "planned" if start > act.at.date().isoformat() else "held"


@transaction.atomic
def revise_activity(
    *, act: Act, activity: Activity, values: Mapping[str, Any], version: int | None, partners: Sequence[Any] | None = None
) -> Activity:
    """Change an activity. Raises NotPermitted, VersionRequired, StaleEdit, InvalidInput."""
    act.viewer.require("activities.edit", subject=str(activity))
    first, last = (values.get(name, getattr(activity, name)) or "" for name in ("start", "end"))
    if "start" in values or "end" in values:
        _check_days(first, last, subject=str(activity))
    links = None if partners is None else {"partners": list(partners)}
    changed = records.revise(activity, act=act, values=values, links=links, version=version)
    if "owner" in values or "classification" in values:
        follow_parent(act=act, parent=changed)
    return changed


def move_activity(
    *, act: Act, activity: Activity, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> Activity:
    """Take a step from plan to held, postponed or cancelled. Raises InvalidInput for holding what lies ahead or ends before it
    begins, and what `transitions.apply` raises.
    """
    first, last = ((values or {}).get(name) or getattr(activity, name) for name in ("start", "end"))
    act.viewer.require(ACTIVITY.step(action).permission, subject=str(activity))
    if action == "hold" and first > act.at.date().isoformat():
        raise InvalidInput(
            N_("Hoạt động chưa đến ngày bắt đầu nên chưa thể ghi là đã diễn ra."),
            subject=str(activity),
            remedy=N_("Hãy sửa ngày của hoạt động hoặc ghi nhận sau khi hoạt động diễn ra."),
            problems=[FieldProblem("start", N_("Ngày bắt đầu còn ở phía trước."))],
        )
    _check_days(first, last, subject=str(activity))
    return transitions.apply(activity, ACTIVITY, action, act=act, version=version, values=values)


def _check_days(first: str, last: str, *, subject: str) -> None:
    if first and last and last < first[: len(last)]:
        raise InvalidInput(
            N_("Ngày kết thúc đứng trước ngày bắt đầu."),
            subject=subject,
            remedy=N_("Hãy sửa một trong hai ngày."),
            problems=[FieldProblem("end", N_("Đứng trước ngày bắt đầu."))],
        )


def open_review(*, act: Act, period: str, exercise: bool = False, owner: UUID | None = None, classification: str = "") -> Review:
    """The review of a period, opened if it is not yet. Raises NotPermitted, InvalidInput for what is not a period."""
    act.viewer.require("reviews.run", subject=period)
    code = parse_period(period).code
    found: Review | None = Review.objects.filter(period=code, kind="period_review", exercise=exercise).first()
    if found:
        return found
    values = {
        "code": f"{'DT-' if exercise else ''}SK-{code.replace('/', '.')}",
        "period": code,
        "name_vi": _REVIEW.vi % period_label(code, "vi"),
        "name_en": _REVIEW.en % period_label(code, "en"),
        "exercise": exercise,
        "owner": owner,
    }
    return records.create(Review, act=act, values=values | ({"classification": classification} if classification else {}))


def enter_signature(*, act: Act, review: Review, values: Mapping[str, Any], version: int | None) -> Review:
    """A person enters number, date, place and signer of the report; until all are there it is printed as a draft.

    Raises NotPermitted, WrongState for a published review, StaleEdit, InvalidInput.
    """
    act.viewer.require("reviews.run", subject=str(review))
    if review.state == "published":
        raise WrongState(
            N_("Báo cáo đã ban hành nên không đổi số, ngày, người ký."),
            subject=str(review),
            remedy=N_("Sai sót sau ban hành được ghi bằng bản đính chính."),
        )
    allowed = ("number", "issued_on", "place", "signer_title", "signer_name")
    return records.revise(
        review, act=act, values={n: values[n] for n in allowed if n in values}, version=version, action="enter signature"
    )
