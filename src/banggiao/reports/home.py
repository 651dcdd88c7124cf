"""What needs a person today: the figures of the home page, each with its rule, its moment and the list it opens.

Every figure is the total of an answer, so it equals the total of the list by construction. Whoever sees all registers gets them
whole; anybody else gets what the institutions they act for lead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from banggiao.activities.models import Review
from banggiao.core.acts import Viewer
from banggiao.core.questions import Answer, Page, ask, question_named
from banggiao.reports.choices import institution_codes

#: Filter of the lists of followed records -> counting rule.
TIMELY = {"overdue_on": "open_past_due", "due_soon_on": "open_due_soon"}
FOLLOWED = ("tasks", "commitments")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `key` names what it counts, `question` with `params` is the list it opens, `answer` its rows and total."""

    key: str
    question: str
    params: Mapping[str, str]
    answer: Answer
    rule: str

    @property
    def value(self) -> int:
        """The figure itself."""
        return self.answer.total


def figures(viewer: Viewer, *, at: datetime, today: date, rows: int = 6) -> list[Figure]:
    """What waits to be checked, what is overdue and what is due soon, as far as the viewer may ask; each with its first rows."""
    found = []
    if viewer.may("facts.check"):
        found.append(_figure("facts_to_check", "facts_to_check", {}, "facts_to_check", viewer, at, 1))
    for timely, rule in TIMELY.items():
        for question in FOLLOWED:
            if may_ask(question, viewer):
                for scope in _scopes(viewer):
                    params = {timely: today.isoformat(), "order": "due", **scope}
                    found.append(_figure(f"{question} {timely}", question, params, rule, viewer, at, rows))
    return found


def may_ask(question: str, viewer: Viewer) -> bool:
    """Whether the viewer has the right to put the question."""
    return viewer.may(question_named(question).permission)


def latest(question: str, viewer: Viewer, *, at: datetime, rows: int = 6) -> Answer | None:
    """The first rows of a list in its usual order; None when the viewer may not ask for it."""
    return ask(question, {}, viewer, at=at, page=Page(rows)).listed() if may_ask(question, viewer) else None


def running_reviews(viewer: Viewer, limit: int = 3) -> list[Review]:
    """The reviews that are not published yet, latest period first."""
    return [review for review in all_reviews(viewer) if review.state != "published"][:limit]


def all_reviews(viewer: Viewer) -> list[Review]:
    """The reviews that were begun, latest period first."""
    if not viewer.may("reports.view"):
        return []
    return list(Review.objects.visible_to(viewer).order_by("-period", "exercise", "pk"))


def review_of(period: str, viewer: Viewer, *, exercise: bool) -> Review | None:
    """The review of a period, if it was begun and the viewer may know of it."""
    return next((r for r in all_reviews(viewer) if r.period == period and r.exercise == exercise), None)


def _scopes(viewer: Viewer) -> Iterator[Mapping[str, str]]:
    if viewer.sees_all:
        yield {}
    else:
        for code, _name in institution_codes(viewer):
            yield {"lead": code}


def _figure(key: str, question: str, params: Mapping[str, str], rule: str, viewer: Viewer, at: datetime, rows: int) -> Figure:
    return Figure(key, question, params, ask(question, params, viewer, at=at, page=Page(rows)).listed(), rule)
