"""Is everybody reminded once of every rung, on a working day of their own, also after a pause and by two workers?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from banggiao.commitments.models import Commitment
from banggiao.core.calendar import CalendarException
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.chasing.services import remind
from banggiao.followup.models import Reminder
from banggiao.followup.questions import reminders_of
from banggiao.followup.services import OPEN_STATES
from tests.factories.rows import SYSTEM, act, commitment, institution, partner, viewer
from tests.factories.threads import together

pytestmark = pytest.mark.engine
DUE = date(2025, 9, 17)  # a Wednesday without a holiday near its rungs but National Day
LADDER = [int(code) for code in vocabulary("reminder_rung").codes]


def daily(followed: list[Commitment], first: date, last: date, *, times: int = 1) -> list[tuple[str, int]]:
    """Runs the reminders every day; returns (day, rung) for each that was made."""
    day = first
    while day <= last:
        for _ in range(times):
            remind(act=act(), followed=followed, today=day)
        day += timedelta(days=1)
    return [(r.day.isoformat(), r.rung) for r in Reminder.objects.order_by("day", "rung")]


@pytest.mark.django_db
def test_each_rung_once_on_its_day() -> None:
    assert sorted(LADDER) == LADDER == [-30, -14, -7, 0, 7, 14]
    duty = commitment(lead_id=institution().pk, deadline=DUE.isoformat())
    made = daily([duty], DUE - timedelta(days=40), DUE + timedelta(days=40), times=2)
    assert made == [
        ("2025-08-18", -30), ("2025-09-03", -14), ("2025-09-10", -7), ("2025-09-17", 0), ("2025-09-24", 7), ("2025-10-01", 14)
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_rung_on_a_day_off_moves_to_a_working_day() -> None:
    monday = commitment(lead_id=institution().pk, deadline="2025-09-14")  # a Sunday
    made = dict((rung, day) for day, rung in daily([monday], date(2025, 8, 1), date(2025, 10, 15)))
    assert made[0] == "2025-09-12", "not after the due date: the Friday before"
    assert made[7] == "2025-09-22", "after the due date: the Monday after"
    assert made[-14] == "2025-08-29"


@pytest.mark.django_db
def test_tet_and_swapped_days_count() -> None:
    CalendarException.objects.create(day=date(2025, 2, 3), works=False, decision="QĐ hoán đổi")
    duty = commitment(lead_id=institution().pk, deadline="2025-02-01")
    made = dict((rung, day) for day, rung in daily([duty], date(2024, 12, 20), date(2025, 3, 1)))
    assert date.fromisoformat(made[0]) < date(2025, 1, 27), "before Tết, not in it"


@pytest.mark.django_db
def test_a_post_is_reminded_by_its_own_calendar() -> None:
    france = partner("FRA", "Pháp")
    post = institution("DSQ-FR", kind="embassy", host_id=france.pk)
    home = institution("BO-A")
    abroad, here = (commitment(lead_id=body.pk, deadline="2025-07-14") for body in (post, home))  # a Monday, Bastille Day
    assert [daily([duty], date(2025, 7, 8), date(2025, 7, 14))[-1][0] for duty in (abroad,)] == ["2025-07-11"]
    assert remind(act=act(), followed=[here], today=date(2025, 7, 11)) == 1
    assert Reminder.objects.get(subject_id=here.pk).rung == -7
    assert remind(act=act(), followed=[here], today=date(2025, 7, 14)) == 1


@pytest.mark.django_db
def test_after_three_days_down_only_what_is_still_news() -> None:
    duty = commitment(lead_id=institution().pk, deadline=DUE.isoformat())
    remind(act=act(), followed=[duty], today=DUE - timedelta(days=8))
    assert remind(act=act(), followed=[duty], today=DUE + timedelta(days=2)) == 1, "one, not the two that were missed"
    assert [r.rung for r in Reminder.objects.order_by("rung")] == [-14, 0]
    assert remind(act=act(), followed=[duty], today=DUE + timedelta(days=3)) == 0
    assert remind(act=act(), followed=[duty], today=DUE + timedelta(days=60)) == 1


@pytest.mark.django_db
def test_a_new_due_date_or_lead_is_reminded_anew() -> None:
    first, second = institution("BO-A"), institution("BO-B")
    duty = commitment(lead_id=first.pk, deadline=DUE.isoformat())
    remind(act=act(), followed=[duty], today=DUE)
    duty.lead = second
    assert remind(act=act(), followed=[duty], today=DUE) == 1
    duty.current_due = "2025-09-30"
    assert remind(act=act(), followed=[duty], today=DUE) == 1
    assert Reminder.objects.count() == 3
    assert len(reminders_of(SYSTEM, 2)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("state", [*OPEN_STATES, "done", "cancelled", "lapsed", "superseded"])
def test_only_open_duties_with_a_day_and_a_lead(state: str) -> None:
    lead = institution().pk
    duty = commitment(lead_id=lead, deadline=DUE.isoformat(), work_state=state)
    without = [
        commitment(deadline=DUE.isoformat()),
        commitment(lead_id=lead, deadline="2025-09"),
        commitment(lead_id=lead, deadline=""),
    ]
    assert remind(act=act(), followed=[duty, *without], today=DUE) == int(state in OPEN_STATES)


@pytest.mark.django_db
def test_a_reminder_is_seen_by_its_recipient_and_leaves_the_duty_alone() -> None:
    lead = institution()
    duty = commitment(lead_id=lead.pk, deadline=DUE.isoformat(), owner=None)
    remind(act=act(), followed=[duty], today=DUE)
    assert [r.recipient for r in reminders_of(viewer("ministry", lead), 9)] == [lead]
    assert reminders_of(viewer("ministry", institution("BO-B")), 9) == []
    assert Commitment.objects.get().version == 1, "a reminder resets no clock"


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once() -> None:
    lead = institution()
    followed = [commitment(lead_id=lead.pk, deadline=DUE.isoformat()) for _ in range(8)]
    made = together(2, lambda _number: remind(act=act(), followed=followed, today=DUE))
    assert sum(made) == 8
    assert Reminder.objects.count() == 8
