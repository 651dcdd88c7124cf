"""Which days are working days at home, at a post, and after a decision?"""

from __future__ import annotations

from datetime import date

import pytest

from banggiao.core.calendar import CalendarException, WorkingCalendar, public_holidays, set_exception
from banggiao.core.errors import InvalidInput, NotPermitted
from banggiao.core.ledger import LedgerEntry, verify
from tests.factories.rows import act, viewer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 9, 15), True),  # a Monday
        (date(2025, 9, 13), False),  # Saturday
        (date(2025, 9, 14), False),  # Sunday
        (date(2025, 9, 2), False),  # National Day
        (date(2025, 1, 28), False),  # the eve of Tết
        (date(2025, 1, 29), False),  # Tết
        (date(2026, 2, 17), False),  # Tết of the next year
        (date(2025, 4, 7), False),  # Hùng Kings, 10th of the third lunar month
        (date(2025, 4, 30), False),
        (date(2025, 5, 1), False),
        (date(2025, 1, 1), False),
        (date(2025, 12, 25), True),  # Christmas is a working day at home
    ],
)
def test_the_home_calendar(day: date, works: bool) -> None:
    assert WorkingCalendar().is_working_day(day) is works


def test_a_decision_swaps_days_in_its_own_calendar() -> None:
    friday, saturday = date(2025, 5, 2), date(2025, 4, 26)
    admin = act(viewer("administrator"))
    for day, works in ((friday, True), (friday, False), (saturday, True)):  # a later decision takes the place of an earlier one
        set_exception(act=admin, country="VNM", day=day, works=works, decision="QĐ hoán đổi")
    assert CalendarException.objects.count() == 2 and LedgerEntry.objects.count() == 3 and list(verify()) == []
    for day, works, decision, calendar in (
        (date(2025, 5, 6), True, "QĐ", "VNM"),  # a working day anyway
        (date(2025, 5, 6), False, "  ", "VNM"),
        (date(2025, 5, 6), False, "QĐ", "../x"),
    ):
        with pytest.raises(InvalidInput):
            set_exception(act=admin, country=calendar, day=day, works=works, decision=decision)
    home, post = WorkingCalendar(), WorkingCalendar("FRA")
    assert (home.is_working_day(friday), home.is_working_day(saturday)) == (False, True)
    assert (post.is_working_day(friday), post.is_working_day(saturday)) == (True, False)


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        ("FRA", date(2025, 7, 14), False), ("FRA", date(2025, 9, 2), False), ("FRA", date(2025, 1, 29), True),
        ("VNM", date(2025, 7, 14), True),
        ("JPN", date(2025, 11, 3), False), ("XYZ", date(2025, 7, 14), True), ("XYZ", date(2025, 9, 2), False),
    ],
)  # fmt: skip
def test_a_post_keeps_the_holidays_of_its_country_and_our_national_day(country: str, day: date, works: bool) -> None:
    assert WorkingCalendar(country).is_working_day(day) is works


def test_only_administrators_swap_days() -> None:
    with pytest.raises(NotPermitted):
        set_exception(act=act(viewer("desk")), country="VNM", day=date(2025, 5, 2), works=False, decision="x")
    assert not CalendarException.objects.exists() and not LedgerEntry.objects.exists()


def test_moving_along_the_calendar() -> None:
    home = WorkingCalendar()
    eve, after = date(2025, 1, 24), date(2025, 2, 3)  # the Friday before Tết and the Monday after
    assert home.next_working_day(date(2025, 1, 29)) == after and home.next_working_day(after) == after
    assert home.previous_working_day(date(2025, 2, 2)) <= date(2025, 1, 27) and home.previous_working_day(eve) == eve
    assert home.add_working_days(date(2025, 9, 12), 1) == date(2025, 9, 15)
    assert home.add_working_days(date(2025, 9, 15), -1) == date(2025, 9, 12)
    assert home.add_working_days(date(2025, 9, 13), 0) == date(2025, 9, 13)
    assert list(home.working_days(date(2025, 8, 29), date(2025, 9, 4))) == [date(2025, 8, 29), date(2025, 9, 3)]
    assert list(home.working_days(after, after)) == []


def test_unknown_countries_have_no_holidays_of_their_own() -> None:
    assert public_holidays("XYZ", 2025) == {date(2025, 9, 2)}
