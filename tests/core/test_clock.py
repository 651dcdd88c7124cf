"""Can nothing be written into the past, whatever the clock of the machine says?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from banggiao.activities.models import Activity
from banggiao.activities.services import revise_activity
from banggiao.core import clock
from banggiao.core.errors import ClockSetBack, InvalidInput, NotPermitted
from banggiao.core.ledger import LedgerEntry, verify
from tests.factories.rows import AT, act, activity, viewer

pytestmark = pytest.mark.django_db
Clock = Callable[[datetime], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets what the machine says."""
    return lambda moment: monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def test_an_empty_ledger_takes_any_clock(set_clock: Clock) -> None:
    set_clock(AT)
    assert clock.now() == clock.now_to_write() == AT and clock.behind() == timedelta()


def test_a_small_step_back_waits_at_what_was_recorded_last(set_clock: Clock) -> None:
    activity()  # recorded at AT
    set_clock(AT - timedelta(minutes=5))
    assert clock.now() == clock.now_to_write() == AT
    set_clock(AT + timedelta(seconds=1))
    assert clock.now_to_write() == AT + timedelta(seconds=1)


def test_a_clock_set_back_is_refused_and_says_what_to_do(set_clock: Clock) -> None:
    activity()
    set_clock(AT - timedelta(minutes=5, seconds=1))
    with pytest.raises(ClockSetBack, match="2025-09-15T08:24:59.*2025-09-15T08:30:00.*audit clock"):
        clock.now_to_write()
    assert clock.now() == AT - timedelta(minutes=5, seconds=1), "reading goes on"
    assert clock.behind() == timedelta(minutes=5, seconds=1)


def test_an_administrator_may_go_on_and_nothing_gets_before_what_stands(set_clock: Clock) -> None:
    activity()
    set_clock(AT - timedelta(days=3))
    with pytest.raises(NotPermitted):
        clock.accept(act=act(viewer("ministry"), at=AT - timedelta(days=3)))
    clock.accept(act=act(at=AT - timedelta(days=3), reason="đồng hồ từng chạy nhanh ba ngày"))
    assert clock.now_to_write() == AT
    entry = LedgerEntry.objects.get(record_type=clock.ACCEPTED)
    assert (entry.recorded_at, entry.reason) == (AT, "đồng hồ từng chạy nhanh ba ngày") and list(verify()) == []
    set_clock(AT - timedelta(days=4))
    with pytest.raises(ClockSetBack):  # another step back is another matter
        clock.now_to_write()


def test_what_was_accepted_ends_once_the_clock_has_passed_it(set_clock: Clock) -> None:
    activity()
    set_clock(AT - timedelta(days=3))
    clock.accept(act=act(at=AT - timedelta(days=3), reason="đồng hồ từng chạy nhanh"))
    activity()
    assert clock.now_to_write() == AT
    set_clock(AT + timedelta(days=30))
    revise_activity(
        act=act(at=clock.now_to_write()), activity=Activity.objects.latest("pk"), values={"name_vi": "Khác"}, version=1
    )
    set_clock(AT + timedelta(days=2))
    with pytest.raises(ClockSetBack):
        clock.now_to_write()


def test_an_as_of_date_is_the_end_of_that_day_in_viet_nam_and_never_the_future() -> None:
    assert clock.as_of_moment("2025-09-14", AT).isoformat() == "2025-09-14T23:59:59.999999+07:00"
    assert clock.as_of_moment("2025-09-15", AT) == AT, "today: what is known by now"
    assert clock.as_of_moment("2025-09-14T12:00", AT).isoformat() == "2025-09-14T12:00:00+07:00"
    for text in ("2025-09-16", "2025-09-15T09:00+07:00", "9999-12-31"):
        with pytest.raises(InvalidInput, match="chưa tới"):
            clock.as_of_moment(text, AT)
    for text in ("hôm qua", "2025-13-01", ""):
        with pytest.raises(InvalidInput, match="Không hiểu ngày"):
            clock.as_of_moment(text, AT)
