"""Every write of chasing: the ladders themselves, reminders of each rung, and word to the level above of what stays overdue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.record import Record
from banggiao.followup.chasing.models import ReminderLadder
from banggiao.followup.chasing.questions import Desks, Ladders, leaders_above, read_rungs, rung_day
from banggiao.followup.models import Reminder
from banggiao.followup.services import OPEN_STATES, about_of
from banggiao.followup.services_inbox import notify


def create_ladder(*, act: Act, values: Mapping[str, Any]) -> ReminderLadder:
    """Another ladder from a day on. Raises NotPermitted, InvalidInput (rungs that are none, a day that has one already)."""
    act.viewer.require("reminders.edit")
    ready = {"applies_to": "all", **_checked(values), "classification": "public"}
    return records.create(ReminderLadder, act=act, values=ready)


def revise_ladder(*, act: Act, ladder: ReminderLadder, values: Mapping[str, Any], version: int | None) -> ReminderLadder:
    """Change a ladder; what was sent stays sent. Raises NotPermitted, InvalidInput, VersionRequired, StaleEdit."""
    act.viewer.require("reminders.edit", subject=str(ladder))
    return records.revise(ladder, act=act, values=_checked(values, ladder), version=version)


def remind(*, act: Act, followed: Sequence[Record], today: date | None = None) -> int:
    """Remind the lead of each open record of the rung it has reached: once each, however often this runs.

    Each lead goes by its own calendar and by its own day at the moment of the act, or by `today` where that is given, and is
    reminded on working days only. After a pause only the newest rung is news; earlier ones are marked by it and not sent late.
    Returns how many were made.
    """
    desks, ladders, made = Desks(), Ladders(), 0
    for record, due, lead in _open(followed):
        desk = desks.of(lead)
        now = today or desk.today(act.at)
        ladder = ladders.on(now, record.record_type())
        reached = [rung for rung in ladder.rungs if rung_day(due, rung, desk.calendar) <= now]
        if not reached or not desk.calendar.is_working_day(now):
            continue
        known = Reminder.objects.filter(subject_id=record.pk, due=due.isoformat(), recipient_id=lead, level=0)
        if not known.filter(rung__gte=reached[-1]).exists():
            made += _tell(act, record, due, reached[-1], lead, now, level=0, institutions=[lead])
    return made


def tell_above(*, act: Act, followed: Sequence[Record], today: date | None = None) -> int:
    """Tell the level above of each open record that stays overdue past the last rung of its ladder; returns how many were told.

    The leaders of the lead hear of it; where it has none, those of the nearest body above, of a steering body, at last of the
    body whose record it is. It happens on a working day of the lead's after that of the last rung, once for each record, due
    date, rung and recipient.
    """
    desks, ladders, made = Desks(), Ladders(), 0
    for record, due, lead in _open(followed):
        desk = desks.of(lead)
        now = today or desk.today(act.at)
        ladder = ladders.on(now, record.record_type())
        last = max(ladder.rungs[-1], 0)
        if not ladder.tells_above or not desk.calendar.is_working_day(now) or rung_day(due, last, desk.calendar) >= now:
            continue
        if Reminder.objects.filter(subject_id=record.pk, due=due.isoformat(), rung=last, level=1).exists():
            continue
        told = (leaders_above(start, day=now, itself=True) for start in (lead, record.owner) if start)
        body, leaders = next((found for found in told if found[0]), (None, []))
        if body is not None:
            made += _tell(act, record, due, last, body, now, level=1, users=[leader.pk for leader in leaders])
    return made


def _open(followed: Sequence[Record]) -> Iterable[tuple[Record, date, UUID]]:
    """(record, due day, lead) of those that somebody can be reminded of."""
    for record in followed:
        due, lead = record.current_due, record.lead_id  # type: ignore[attr-defined]
        if len(due) == 10 and lead is not None and record.work_state in OPEN_STATES:  # type: ignore[attr-defined]
            yield record, date.fromisoformat(due), lead


def _tell(
    act: Act, record: Record, due: date, rung: int, recipient: UUID, day: date, *, level: int,
    users: Sequence[UUID] = (), institutions: Sequence[UUID] = (),
) -> int:  # fmt: skip
    """One reminder and its notice, both or neither; 0 where another worker was quicker."""
    values = {**about_of(record), "due": due.isoformat(), "rung": rung, "recipient_id": recipient, "day": day, "level": level}
    try:
        with transaction.atomic():
            made = records.create(Reminder, act=act, values=values, action="tell above" if level else "remind")
            kind = "overdue_above" if level else "reminder"
            notify(act=act, kind=kind, record=record, users=users, institutions=institutions, about=made.pk)
    except IntegrityError:
        return 0
    return 1


def _checked(values: Mapping[str, Any], ladder: ReminderLadder | None = None) -> dict[str, Any]:
    ready, problems = dict(values), []
    if ladder is None or "rungs" in values:
        try:
            ready["rungs"] = ", ".join(str(rung) for rung in read_rungs(str(values.get("rungs", ""))))
        except ValueError:
            problems.append(FieldProblem("rungs", N_("Hãy ghi số ngày, cách nhau bằng dấu phẩy, ví dụ -30, -14, -7, 0, 7, 14.")))
    kind = values.get("applies_to", ladder.applies_to if ladder else "all")
    day = values.get("holds_from", ladder.holds_from if ladder else None)
    others = ReminderLadder.objects.filter(applies_to=kind, holds_from=day, retracted=False)
    if day is None:
        problems.append(FieldProblem("holds_from", N_("Hãy ghi đủ ngày, tháng, năm.")))
    elif others.exclude(pk=ladder.pk if ladder else None).exists():
        problems.append(FieldProblem("holds_from", N_("Loại này đã có nấc nhắc việc từ ngày đó.")))
    if problems:
        raise InvalidInput(N_("Thông tin nhập chưa hợp lệ."), remedy=N_("Hãy sửa các trường được nêu."), problems=problems)
    return ready
