"""What do the tests of the review cycle start from: a period with something to tell, two readers, and people of each body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from banggiao.activities.models import Review
from banggiao.activities.services import open_review
from banggiao.core.acts import Viewer
from banggiao.core.lines import add_line, lines_named
from banggiao.partners.models import Institution
from banggiao.reports.review_issue import take_review_step
from banggiao.reviews.services import set_readers
from tests.factories.rows import AT, act, activity, agreement, commitment, institution, partner
from tests.followup.calls import person

PERIOD = "2025-H1"


@dataclass
class Cycle:
    """A review with those who run, conclude and read it."""

    review: Review
    ours: Institution
    x: Institution
    y: Institution
    desk: Viewer
    leader: Viewer
    of_x: Viewer
    of_y: Viewer

    def step(self, action: str, by: Viewer | None = None, days: int = 0, **values: Any) -> Review:
        """Take a step so many days after the start; keeps the review as it then stands."""
        deed = act(by or self.desk, at=AT + timedelta(days=days))
        self.review = take_review_step(deed, self.review, action, self.review.version, values)
        return self.review

    def circulated(self) -> Cycle:
        """The cycle up to where the readers are asked."""
        self.step("freeze")
        set_readers(act=act(self.desk), review=self.review, institutions=[self.x.pk, self.y.pk])
        self.step("circulate", comments_due=date(2025, 9, 30))
        return self

    def point(self, **values: Any) -> Any:
        """A line of the conclusions."""
        lines = lines_named("activities.review", "points")
        return add_line(act=act(self.desk), lines=lines, parent=self.review, values=values)


def cycle() -> Cycle:
    """An open review of a half-year in which a visit took place, an agreement was signed and a promise fell due."""
    ours, x, y = institution("VU-E"), institution("TINH-X"), institution("BO-Y")
    state = partner()
    activity(partners=[state], start="2025-03-10", level="prime_minister", classification="public")
    agreement(parties=[state], signed_on="2025-03-11", field="trade")
    commitment(made_on="2025-03-11", lead_id=x.pk, partner_id=state.pk, deadline="2025-06-30")
    desk = person("desk", ours)
    review = open_review(act=act(desk), period=PERIOD, owner=ours.pk)
    return Cycle(review, ours, x, y, desk, person("leader", ours), person("province", x), person("ministry", y))
