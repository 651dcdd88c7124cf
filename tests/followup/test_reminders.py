"""Is everybody reminded once of every rung, on a working day of their own, also after a pause and by two workers?"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from django.db import OperationalError

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.commitments.models import Commitment
from banggiao.core.calendar import CalendarException
from banggiao.core.errors import InvalidInput, NotPermitted, StaleEdit
from banggiao.core.ledger import LedgerEntry, entries_of
from banggiao.core.vocabulary import vocabulary
from banggiao.core.zones import zone_of
from banggiao.followup.chasing import services as chasing
from banggiao.followup.chasing.models import ReminderLadder
from banggiao.followup.chasing.services import create_ladder, remind, revise_ladder, tell_above
from banggiao.followup.models import Reminder
from banggiao.followup.questions import reminders_of
from banggiao.followup.services import OPEN_STATES
from banggiao.followup.talking import InboxItem
from tests.factories.rows import SYSTEM, act, commitment, institution, partner, task, user, viewer
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
    sunday = DUE + timedelta(days=60)
    assert remind(act=act(), followed=[duty], today=sunday) == 0, "what was missed is made up for on a working day"
    assert remind(act=act(), followed=[duty], today=sunday + timedelta(days=1)) == 1


@pytest.mark.django_db
def test_today_is_the_day_at_the_post() -> None:
    post = institution("DSQ-US", kind="embassy", host_id=partner("USA", "Hoa Kỳ").pk)
    home = institution("BO-A")
    abroad, here = (commitment(lead_id=body.pk, deadline=DUE.isoformat()) for body in (post, home))
    # Half past eight on the due date in Ha Noi is still the evening before in Washington.
    at = datetime(2025, 9, 17, 1, 30, tzinfo=UTC)
    assert remind(act=act(at=at), followed=[abroad, here]) == 2
    assert [(r.rung, r.day.isoformat()) for r in Reminder.objects.order_by("rung")] == [(-7, "2025-09-16"), (0, "2025-09-17")]
    assert remind(act=act(at=at + timedelta(hours=4)), followed=[abroad, here]) == 1
    assert Reminder.objects.filter(rung=0, recipient=post).get().day == DUE


@pytest.mark.django_db
def test_what_is_interrupted_between_leaves_nothing_and_comes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    duty = commitment(lead_id=institution().pk, deadline=DUE.isoformat())

    def killed(**_more: object) -> int:
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(chasing, "notify", killed)
        with pytest.raises(OperationalError):
            remind(act=act(), followed=[duty], today=DUE)
    assert not Reminder.objects.exists() and not InboxItem.objects.exists()
    assert not LedgerEntry.objects.filter(action="remind").exists()
    assert [remind(act=act(), followed=[duty], today=DUE) for _ in range(2)] == [1, 0]
    assert InboxItem.objects.filter(kind="reminder").count() == 1


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


@pytest.mark.django_db
def test_the_level_above_hears_once_of_what_stays_overdue() -> None:
    ministry = institution("BO-A")
    lead = institution("VU-A", kind="department", parent_id=ministry.pk)
    leader = user("lanh.dao", role="leader", body=ministry)
    user("can.bo", role="ministry", body=lead)
    duty = commitment(lead_id=lead.pk, deadline=DUE.isoformat())
    told = [tell_above(act=act(), followed=[duty], today=DUE + timedelta(days=n)) for n in range(60)]
    assert (sum(told), told.index(1)) == (1, 15), "the first working day after the last rung, and never again"
    made = Reminder.objects.get(level=1)
    assert (made.rung, made.recipient, made.day) == (14, ministry, date(2025, 10, 2))
    assert [(i.kind, i.user_id, i.institution_id) for i in InboxItem.objects.all()] == [("overdue_above", leader.pk, None)]
    fresh = Commitment.objects.get()
    assert (fresh.version, fresh.recorded_at) == (1, duty.recorded_at), "it resets no clock of silence"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("own", "parent", "steering", "hears"),
    [
        (True, True, True, "own"), (False, True, True, "parent"), (False, False, True, "steering"),
        (False, False, False, ""),
    ],
)  # fmt: skip
def test_who_stands_one_level_up(own: bool, parent: bool, steering: bool, hears: str) -> None:
    ministry = institution("BO-A")
    lead = institution("VU-A", kind="department", parent_id=ministry.pk)
    committee = institution("BCD", kind="steering_body")
    for name, body, there in (("own", lead, own), ("parent", ministry, parent), ("steering", committee, steering)):
        if there:
            user(name, role="leader", body=body)
    user("off", role="leader", body=institution("BO-Z"))
    duty = commitment(lead_id=lead.pk, deadline=DUE.isoformat())
    assert tell_above(act=act(), followed=[duty], today=DUE + timedelta(days=20)) == bool(hears)
    assert [i.user.username for i in InboxItem.objects.all()] == ([hears] if hears else [])


@pytest.mark.django_db
def test_nobody_above_is_told_in_time_or_on_a_day_off_or_of_what_is_over() -> None:
    lead = institution()
    user("lanh.dao", role="leader", body=lead)
    duty = commitment(lead_id=lead.pk, deadline=DUE.isoformat())
    done = commitment(lead_id=lead.pk, deadline=DUE.isoformat(), work_state="done")
    saturday = date(2025, 10, 4)
    assert tell_above(act=act(), followed=[duty, done], today=DUE + timedelta(days=14)) == 0
    assert tell_above(act=act(), followed=[duty, done], today=saturday) == 0
    assert tell_above(act=act(), followed=[duty, done], today=saturday + timedelta(days=2)) == 1


@pytest.mark.django_db
def test_a_ladder_that_was_set_is_used_from_its_day_on_for_its_kind() -> None:
    lead = institution()
    keeper = act(viewer("administrator", lead))
    create_ladder(act=keeper, values={"holds_from": date(2025, 9, 1), "rungs": "3; -10,0,  −3"})
    create_ladder(act=keeper, values={"applies_to": "task", "holds_from": date(2025, 9, 1), "rungs": "0", "tells_above": False})
    ladder = ReminderLadder.objects.get(applies_to="all")
    assert (ladder.rungs, ladder.classification) == ("-10, -3, 0, 3", "public")
    assert entries_of(ladder.pk).get().action == "create"
    duty = commitment(lead_id=lead.pk, deadline=DUE.isoformat())
    made = daily([duty], date(2025, 8, 10), DUE + timedelta(days=20))
    assert [rung for _day, rung in made] == [-30, -10, -3, 0, 3], "until its day the packaged one held"
    work = task(lead_id=lead.pk, deadline=DUE.isoformat())
    assert [remind(act=act(), followed=[work], today=DUE + timedelta(days=n)) for n in (-7, 0, 7)] == [0, 1, 0]
    user("lanh.dao", role="leader", body=lead)
    assert tell_above(act=act(), followed=[work, duty], today=DUE + timedelta(days=19)) == 1
    assert Reminder.objects.get(level=1).subject_id == duty.pk


@pytest.mark.django_db
def test_who_sets_ladders_and_what_is_none() -> None:
    lead, day = institution(), date(2025, 9, 1)
    for role, granted in PERMISSIONS.items():
        if "reminders.edit" not in granted:
            with pytest.raises(NotPermitted):
                create_ladder(act=act(viewer(role, lead)), values={"holds_from": day, "rungs": "0"})
    for rungs in ("", "x", "0, ½", "999", ", ,", "1.5"):
        with pytest.raises(InvalidInput) as raised:
            create_ladder(act=act(), values={"holds_from": day, "rungs": rungs})
        assert [p.field for p in raised.value.problems] == ["rungs"]
    made = create_ladder(act=act(), values={"holds_from": day, "rungs": "0"})
    with pytest.raises(InvalidInput) as raised:
        create_ladder(act=act(), values={"holds_from": day, "rungs": "7"})
    assert [p.field for p in raised.value.problems] == ["holds_from"]
    with pytest.raises(StaleEdit):
        revise_ladder(act=act(), ladder=made, values={"rungs": "7"}, version=9)
    assert revise_ladder(act=act(), ladder=made, values={"rungs": "7,0"}, version=1).rungs == "0, 7"


def test_every_zone_is_known_and_a_place_without_one_is_home() -> None:
    assert [zone_of(place).key for place in ("VNM", "USA", "")] == ["Asia/Ho_Chi_Minh", "America/New_York", "Asia/Ho_Chi_Minh"]
    assert zone_of("VN-CG-SAN-FRANCISCO", "USA").key == "America/Los_Angeles"
    assert zone_of("VN-EMB-USA", "USA").key == "America/New_York"
    with (files("banggiao.data") / "calendar" / "zones.csv").open(encoding="utf-8") as rows:
        places = [row["place"] for row in csv.DictReader(rows)]
    assert len(places) == len(set(places)) > 240 and all(zone_of(place) for place in places)


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_above_once() -> None:
    lead = institution()
    user("lanh.dao", role="leader", body=lead)
    followed = [commitment(lead_id=lead.pk, deadline=DUE.isoformat()) for _ in range(4)]
    made = together(2, lambda _number: tell_above(act=act(), followed=followed, today=DUE + timedelta(days=20)))
    assert sum(made) == 4 == InboxItem.objects.filter(kind="overdue_above").count()


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once() -> None:
    lead = institution()
    followed = [commitment(lead_id=lead.pk, deadline=DUE.isoformat()) for _ in range(8)]
    made = together(2, lambda _number: remind(act=act(), followed=followed, today=DUE))
    assert sum(made) == 8
    assert Reminder.objects.count() == 8
