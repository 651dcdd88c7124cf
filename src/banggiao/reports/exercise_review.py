"""How far has the made-up review of the exercise got? Told by packaged tables, played by the same services as real work.

It stands beside the rest of the story because freezing composes a paper, which only this package can.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from importlib.resources import files

from django.db import transaction
from django.utils.timezone import get_default_timezone

from banggiao.accounts import demo
from banggiao.accounts.models import User
from banggiao.accounts.questions import viewer_of
from banggiao.activities.services import open_review
from banggiao.core.acts import Act, Viewer
from banggiao.core.calendar import WorkingCalendar
from banggiao.core.lines import add_line
from banggiao.core.periods import period_holding
from banggiao.partners.models import Institution
from banggiao.reports.review_issue import take_review_step
from banggiao.reviews.lines import POINTS
from banggiao.reviews.services import move_comment, set_readers, write_comment

_OPENED, _FROZEN, _CIRCULATED, _DUE = -20, -14, -12, 6
_READERS = ("DT-BO-B", "DT-TINH-X", "DT-TINH-Y")


@transaction.atomic
def play_review(start: date) -> None:
    """Circulate the review of the half-year before `start` with its comments; one that is begun already stays as it is."""
    bodies = dict(Institution.objects.filter(exercise=True).values_list("code", "pk"))
    users = {account.institution: account.username for account in demo.ACCOUNTS}
    people: dict[str, Viewer] = {}
    for code, username in users.items():
        user = User.objects.filter(username=username, exercise=True).first()
        if user is not None and code not in people:
            people[code] = viewer_of(user, today=_on(start, _OPENED))
    desk = viewer_of(User.objects.get(username="chuyenvien"), today=_on(start, _OPENED))
    period = period_holding(date(start.year, 1 if start.month < 7 else 7, 1) - timedelta(days=1))
    opened = _at(start, _OPENED, desk, "Mở kỳ sơ kết.")
    review = open_review(act=opened, period=period.code, exercise=True, owner=bodies["DT-VU-E"])
    if review.state != "open" or review.version > 1:
        return
    frozen = _at(start, _FROZEN, desk, "Chốt số liệu.")
    review = take_review_step(frozen, review, "freeze", review.version)
    for row in _rows("review_points"):
        values = {name: row[name] for name in ("kind", "cause", "difficulty", "addressee", "product", "text_vi", "text_en")}
        values["due"] = (start + timedelta(days=int(row["due"]))).isoformat() if row["due"] else ""
        add_line(act=frozen, lines=POINTS, parent=review, values={**values, "lead_id": bodies.get(row["lead"])})
    sent = _at(start, _CIRCULATED, desk, "Gửi bộ, tỉnh lấy ý kiến.")
    set_readers(act=sent, review=review, institutions=[bodies[code] for code in _READERS])
    due = {"comments_due": start + timedelta(days=_DUE)}
    review = take_review_step(sent, review, "circulate", review.version, due)
    for row in _rows("review_comments"):
        by = people.get(row["body"], desk)
        told = {"review_id": review.pk, "institution_id": bodies[row["body"]], "figure": row["figure"], "text": row["text"]}
        comment = write_comment(act=_at(start, int(row["day"]), by, ""), values=told)
        if row["action"]:
            answered = _at(start, int(row["day"]) + 2, desk, "")
            move_comment(
                act=answered, comment=comment, action=row["action"], version=comment.version, values={"answer": row["answer"]}
            )


def _on(start: date, offset: int) -> date:
    return WorkingCalendar().previous_working_day(start + timedelta(days=offset))


def _at(start: date, offset: int, by: Viewer, why: str) -> Act:
    day = _on(start, offset)
    return Act(by, datetime.combine(day, time(9), get_default_timezone()), why, valid_from=day, exercise=True)


def _rows(name: str) -> list[Mapping[str, str]]:
    text = files("banggiao").joinpath("data", "exercise", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), strict=True))
