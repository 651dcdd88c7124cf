"""Which days are working days: public holidays of Viet Nam, the days swapped by decision, and each post's own holidays.

Public holidays come from the `holidays` package (Tết and Hùng Kings included); the days that the Government swaps each year are
not known beforehand and stand in a table the administrator keeps. A post abroad keeps the host country's holidays beside the
national day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import models, transaction
from uuid_utils.compat import uuid7

from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound
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
    """The administrator enters a swapped day; the ledger keeps who did.

    Raises NotPermitted, InvalidInput for a calendar that is none, a decision that is not named, and a day that is so anyway.
    """
    act.viewer.require("calendar.edit", subject=f"{country} {day}")
    country, decision = country.strip().upper(), decision.strip()
    problems = []
    if not (len(country) == 3 and country.isascii() and country.isalpha()):
        problems.append(FieldProblem("country", N_("Hãy ghi mã nước gồm ba chữ cái, ví dụ VNM.")))
    if not decision or len(decision) > 200:
        problems.append(FieldProblem("decision", N_("Hãy ghi số và ngày của quyết định, tối đa 200 ký tự.")))
    decided = CalendarException.objects.filter(calendar=country, day=day).exists()
    if not problems and not decided and works == (day.weekday() < 5 and day not in public_holidays(country, day.year)):
        problems.append(FieldProblem("works", N_("Theo lịch chung, ngày này vốn đã như vậy.")))
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=f"{country} {day}", remedy=N_("Hãy sửa các trường được nêu."),
            problems=problems,
        )  # fmt: skip
    with transaction.atomic():
        found, _made = CalendarException.objects.update_or_create(
            calendar=country, day=day, defaults={"works": works, "decision": decision}
        )
        noted = {"calendar": country, "day": day.isoformat(), "works": works, "decision": decision}
        append(act, "core.calendarexception", found.pk, "set", {name: [None, value] for name, value in noted.items()})
    return found


def remove_exception(*, act: Act, key: UUID) -> CalendarException:
    """A decided day is as the general calendar says again. Raises NotPermitted, NotFound."""
    act.viewer.require("calendar.edit", subject=str(key))
    with transaction.atomic():
        found = CalendarException.objects.select_for_update().filter(pk=key).first()
        if found is None:
            raise NotFound(N_("Không có ngày này trong lịch."), subject=str(key), remedy=N_("Hãy tải lại trang."))
        noted = {"calendar": found.calendar, "day": found.day.isoformat(), "works": found.works, "decision": found.decision}
        append(act, "core.calendarexception", key, "remove", {name: [value, None] for name, value in noted.items()})
        found.delete()
    return found


def exceptions_in(country: str, year: int) -> list[CalendarException]:
    """The decided days of a year in one calendar, in order."""
    return list(CalendarException.objects.filter(calendar=country, day__year=year).order_by("day"))


def holiday_names(country: str, year: int, language: str) -> dict[date, str]:
    """The public holidays of a year with their names, in the language where the `holidays` package has it."""
    import holidays

    names = dict.fromkeys(sorted(public_holidays(country, year)), "")
    spoken = {"vi": "vi", "en": "en_US"}[language]
    for chosen in (spoken, None):
        try:
            known = holidays.country_holidays(country, years=year, language=chosen)
        except NotImplementedError:
            break
        names |= {day: text for day, text in known.items() if not names.get(day)}
    if country != "VNM":
        names[date(year, 9, 2)] = names[date(year, 9, 2)] or holiday_names("VNM", year, language)[date(year, 9, 2)]
    return names


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
