"""Signs that the figures of a duty were made to look well, as conditions on the database (measures, section 8, guard list)."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import F, Model, QuerySet

from banggiao.followup.models import DueDateMove, Evidence

M = TypeVar("M", bound=Model)
#: The terms of the vocabulary `duty_sign`, the first of them what the next two are held against.
SIGNS = ("done", "last_day", "own_word", "moved", "moved_late")
#: An extension asked so few days before the date, or after it, is a late one.
LATE_DAYS = 5
#: The best accepted grade of what was closed on its own word.
OWN_WORD = 1


def signed(rows: QuerySet[M], name: str) -> QuerySet[M]:
    """The followed records that show a sign. Raises KeyError for a name that is none."""
    done = rows.filter(work_state="done")
    proved = Evidence.objects.filter(state="accepted", grade__gt=OWN_WORD, retracted=False)
    moves = DueDateMove.objects.filter(retracted=False)
    late = moves.filter(days_left__lt=LATE_DAYS)
    return {
        "done": done,
        "last_day": done.filter(done_on=F("first_due")),
        "own_word": done.exclude(pk__in=proved.values("subject_id")),
        "moved": rows.filter(pk__in=moves.values("subject_id")),
        "moved_late": rows.filter(pk__in=late.values("subject_id")),
    }[name]
