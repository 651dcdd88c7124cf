"""Every write to activities and reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from banggiao.activities.models import Activity, Review
from banggiao.activities.states import REVIEW
from banggiao.core import records, transitions
from banggiao.core.acts import Act
from banggiao.core.numbering import next_code
from banggiao.core.periods import parse_period
from banggiao.core.vocabulary import vocabulary


@transaction.atomic
def create_activity(*, act: Act, values: Mapping[str, Any], partners: Sequence[Any] = (), year: str = "") -> Activity:
    """An activity enters the register; without a code it gets the next of its year (`year` where it has no date).

    Raises InvalidInput, NotFound for an unknown kind.
    """
    vocabulary("activity_kind").term(values["kind"])
    prefix = "DT-HD" if act.exercise else "HD"
    code = values.get("code") or next_code(Activity, prefix, values.get("start", "")[:4] or year or str(act.at.year))
    return records.create(Activity, act=act, values={**values, "code": code}, links={"partners": list(partners)})


def revise_activity(
    *, act: Act, activity: Activity, values: Mapping[str, Any], version: int | None, partners: Sequence[Any] | None = None
) -> Activity:
    """Change an activity. Raises NotPermitted, VersionRequired, StaleEdit, InvalidInput."""
    act.viewer.require("activities.edit", subject=str(activity))
    links = None if partners is None else {"partners": list(partners)}
    return records.revise(activity, act=act, values=values, links=links, version=version)


def open_review(*, act: Act, period: str, exercise: bool = False) -> Review:
    """The review of a period, opened if it is not yet. Raises InvalidInput for what is not a period."""
    parse_period(period)
    found = Review.objects.filter(period=period, kind="period_review", exercise=exercise).first()
    return found or records.create(Review, act=act, values={"period": period, "exercise": exercise})


def enter_signature(*, act: Act, review: Review, values: Mapping[str, Any], version: int | None) -> Review:
    """A person enters number, date, place and signer of the report; until all are there it is printed as a draft.

    Raises NotPermitted, StaleEdit, InvalidInput.
    """
    act.viewer.require("reviews.run", subject=str(review))
    allowed = ("number", "issued_on", "place", "signer_title", "signer_name")
    return records.revise(
        review, act=act, values={n: values[n] for n in allowed if n in values}, version=version, action="enter signature"
    )


def move_review(*, act: Act, review: Review, action: str, version: int | None, values: Mapping[str, Any] | None = None) -> Review:
    """Take a step of the review cycle. Raises what `transitions.apply` raises."""
    return transitions.apply(review, REVIEW, action, act=act, version=version, values=values)
