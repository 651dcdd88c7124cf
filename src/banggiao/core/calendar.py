"""Which days are working days: public holidays of Viet Nam, the days swapped by decision, and each post's own holidays.

Public holidays come from the `holidays` package (Tết and Hùng Kings included); the days that the Government swaps each year are
not known beforehand and stand in a table the administrator keeps. A post abroad keeps the host country's holidays beside the
national day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from django.db import models, transaction
from uuid_utils.compat import uuid7

from banggiao.core.acts import Act
from banggiao.core.ledger import append


class CalendarException(models.Model):
    """A day that a decision makes a working day or a day off, against the rule, in one calendar."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    calendar = models.CharField(max_length=3, default="VNM", help_text="ISO 3166-1 alpha-3")
    day = models.DateField()
    works = models.BooleanField()
    decision = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="calendar_exception_once")]

    def __str__(self) -> str:
        return f"{self.calendar} {self.day}"


class WorkingCalendar:
    """The working days of Viet Nam, or of a post in the country with this ISO 3166-1 alpha-3 code."""

    def __init__(self, country: str = "VNM") -> None:
        self.country = country
        self._exceptions = dict(CalendarException.objects.filter(calendar=country).values_list("day", "works"))

    def is_working_day(self, day: date) -> bool:
        """Whether offices work that day: a decided exception first, then weekend and public holidays."""
        if day in self._exceptions:
            return self._exceptions[day]
        return day.weekday() < 5 and day not in public_holidays(self.country, day.year)

    def next_working_day(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def previous_working_day(self, day: date) -> date:
        """The day itself, or the last working day before it."""
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The day `count` working days later (earlier when negative)."""
        step = timedelta(days=1 if count >= 0 else -1)
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days(self, start: date, end: date) -> Iterator[date]:
        """The working days from `start` up to, not including, `end`."""
        while start < end:
            if self.is_working_day(start):
                yield start
            start += timedelta(days=1)


def set_exception(*, act: Act, country: str, day: date, works: bool, decision: str) -> CalendarException:
    """The administrator enters a swapped day; the ledger keeps who did. Raises NotPermitted."""
    act.viewer.require("calendar.edit", subject=f"{country} {day}")
    with transaction.atomic():
        found, _made = CalendarException.objects.update_or_create(
            calendar=country, day=day, defaults={"works": works, "decision": decision}
        )
        noted = {"day": day.isoformat(), "works": works, "decision": decision}
        append(act, "core.calendarexception", found.pk, "set", {name: [None, value] for name, value in noted.items()})
    return found


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Public holidays of a country in a year; empty where the `holidays` package does not know the country.

    A post abroad also keeps Viet Nam's National Day (2 September).
    """
    import holidays  # slow to import, and most processes never ask

    try:
        known = frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        known = frozenset()
    return known if country == "VNM" else known | {date(year, 9, 2)}
