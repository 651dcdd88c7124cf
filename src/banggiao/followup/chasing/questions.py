"""Every read of chasing: which ladder holds on a day, which calendar and clock a body goes by, and who stands above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from banggiao.accounts.models import User
from banggiao.accounts.permissions import PERMISSIONS
from banggiao.accounts.questions import roles_on
from banggiao.core.calendar import WorkingCalendar
from banggiao.core.errors import N_
from banggiao.core.questions import Bi, Column, Parameter
from banggiao.core.registers import Field, Filter, Order, Register, declare
from banggiao.core.vocabulary import vocabulary
from banggiao.core.zones import zone_of
from banggiao.followup.chasing.models import ReminderLadder
from banggiao.partners.models import Institution

#: How far up the bodies above a body are looked for; a ring of parents ends here too.
MOST_LEVELS = 6


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs in force for a kind of record, in days after the due date and in order; `since` is None for the packaged ones."""

    rungs: tuple[int, ...]
    tells_above: bool = True
    since: date | None = None
    record: UUID | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """By which calendar and clock a body works."""

    calendar: WorkingCalendar
    zone: ZoneInfo

    def today(self, at: datetime) -> date:
        """The day it is there at a moment."""
        return at.astimezone(self.zone).date()

    def is_open(self, at: datetime, start: time, end: time) -> bool:
        """Whether it is a working day there, between two times of the day."""
        there = at.astimezone(self.zone)
        return self.calendar.is_working_day(there.date()) and start <= there.time() < end

    def opens_next(self, at: datetime, start: time, end: time) -> datetime:
        """The first moment from `at` on when it is open there, between two times of a working day."""
        if self.is_open(at, start, end):
            return at
        there = at.astimezone(self.zone)
        day = there.date() if there.time() < start else there.date() + timedelta(days=1)
        return datetime.combine(self.calendar.next_working_day(day), start, self.zone)


class Desks:
    """The desks of all bodies, read once for a run."""

    def __init__(self) -> None:
        rows = Institution.objects.filter(host__isnull=False).values_list("pk", "code", "host__code")
        self._posts = {pk: (code, country) for pk, code, country in rows}
        self._calendar = cache(WorkingCalendar)

    def of(self, institution: UUID | None) -> Desk:
        """The desk of a body: the host country's for a mission, else that of Viet Nam."""
        code, country = self._posts.get(institution, ("", "VNM")) if institution else ("", "VNM")
        return Desk(self._calendar(country), zone_of(code, country))


def read_rungs(text: str) -> tuple[int, ...]:
    """The rungs that a text names, in order: `-30, -14, 0, 7`. Raises ValueError for anything else."""
    parts = [part.strip().replace("−", "-").replace("–", "-") for part in text.replace(";", ",").split(",") if part.strip()]
    rungs = tuple(sorted({int(part) for part in parts}))
    if not rungs or not all(-366 <= rung <= 366 for rung in rungs) or len(rungs) > 20:
        raise ValueError(text)
    return rungs


def packaged_ladder() -> Ladder:
    """The ladder that holds until somebody enters another: the terms of `reminder_rung`."""
    return Ladder(tuple(sorted(int(code) for code in vocabulary("reminder_rung").codes)))


class Ladders:
    """The ladders, read once for a run."""

    def __init__(self) -> None:
        self._rows = list(ReminderLadder.objects.filter(retracted=False).order_by("holds_from"))

    def on(self, day: date, record_type: str) -> Ladder:
        """The ladder in force on a day: the latest for this kind of record, else for every kind, else the packaged one."""
        own = next((t.code for t in vocabulary("ladder_subject").terms if t.attributes["record_type"] == record_type), "all")
        for wanted in dict.fromkeys((own, "all")):
            held = [row for row in self._rows if row.applies_to == wanted and row.holds_from <= day]
            if held:
                return Ladder(read_rungs(held[-1].rungs), held[-1].tells_above, held[-1].holds_from, held[-1].pk)
        return packaged_ladder()


def rung_day(due: date, rung: int, calendar: WorkingCalendar) -> date:
    """The day of a rung: on a day off it falls on the working day before it (up to the due date) or after it."""
    day = due + timedelta(days=rung)
    return calendar.previous_working_day(day) if rung <= 0 else calendar.next_working_day(day)


def bodies_above(institution: UUID, *, itself: bool) -> list[UUID]:
    """The body if `itself`, then its parent, the parent's parent and so on; last the steering bodies of its own world."""
    body = Institution.objects.filter(pk=institution).first()
    if body is None:
        return []
    chain, current = ([body.pk] if itself else []), body
    while current.parent_id and len(chain) < MOST_LEVELS and current.parent_id not in (*chain, body.pk):
        current = current.parent
        chain.append(current.pk)
    steering = Institution.objects.filter(kind="steering_body", valid_to="", retracted=False, exercise=body.exercise)
    return [*chain, *steering.order_by("sort_key", "pk").exclude(pk__in=[*chain, body.pk]).values_list("pk", flat=True)]


def leaders_above(institution: UUID, *, day: date, itself: bool, permission: str = "") -> tuple[UUID | None, list[User]]:
    """(the nearest body above that has leaders in office on the day, those leaders); (None, []) where nobody is.

    With `itself` the body's own leaders come first: they stand one level above those who do the work. With `permission` only
    holders of a role that has it count, leaders or not.
    """
    roles = [role for role, granted in PERMISSIONS.items() if permission in granted] if permission else ["leader"]
    for body in bodies_above(institution, itself=itself):
        held = roles_on(day).filter(role__in=roles, institution=body, user__is_active=True, user__retracted=False)
        users = list(User.objects.filter(pk__in=held.values("user")).order_by("name", "pk"))
        if users:
            return body, users
    return None, []


def ladders_now(day: date) -> list[tuple[str, Ladder]]:
    """(kind of record as `ladder_subject` calls it, the ladder in force for it on the day)."""
    held = Ladders()
    terms = vocabulary("ladder_subject").terms
    return [(term.code, held.on(day, term.attributes["record_type"])) for term in terms]


def rung_label(rung: int, language: str) -> str:
    """What a rung is called."""
    terms = vocabulary("reminder_rung")
    if str(rung) in terms:
        return terms.label(str(rung), language)
    left = Bi(f"Còn {-rung} ngày", f"{-rung} days left")
    return (left if rung < 0 else Bi(f"Quá hạn {rung} ngày", f"{rung} days overdue")).get(language)


def _in_force(rows: Any, day: str) -> Any:
    """Of each kind the latest ladder that holds on the day."""
    held: dict[str, UUID] = {}
    pairs: Sequence[tuple[str, UUID]] = list(
        rows.filter(holds_from__lte=day).order_by("holds_from").values_list("applies_to", "pk")
    )
    for kind, pk in pairs:
        held[kind] = pk
    return rows.filter(pk__in=list(held.values()))


LADDERS = declare(
    Register(
        name="reminder_ladders",
        model=ReminderLadder,
        title=Bi("Nấc nhắc việc", "Reminder ladders"),
        one=Bi("Nấc nhắc việc", "Reminder ladder"),
        fields=(
            Field(Column("rungs", N_("Các nấc, tính bằng ngày so với hạn"), "lead"), ("rungs",)),
            Field(Column("applies_to", N_("Áp dụng cho"), "code", "ladder_subject"), ("applies_to",)),
            Field(Column("holds_from", N_("Từ ngày"), "date"), ("holds_from",)),
            Field(Column("tells_above", N_("Báo cấp trên sau nấc cuối"), "flag"), ("tells_above",)),
            Field(Column("basis", N_("Căn cứ")), ("basis",)),
        ),
        orders=(Order("recent", N_("Mới nhất"), ("holds_from",), descending=True),),
        filters=(
            Filter(Parameter("applies_to", N_("Áp dụng cho"), "code", "ladder_subject"), "applies_to"),
            Filter(Parameter("in_force_on", N_("Có hiệu lực ngày"), "date"), narrow=_in_force),
        ),
        entry=("applies_to", "holds_from", "rungs", "tells_above", "basis"),
        required=("applies_to", "holds_from", "rungs"),
        editable=("holds_from", "rungs", "tells_above", "basis"),
        edit_permission="reminders.edit",
        title_paths=("title_vi", "title_en"),
        code_path="",
    )
)
