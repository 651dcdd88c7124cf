"""A user's calendar as an iCalendar file (RFC 5545): what their institutions must do by when, and their activities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from banggiao.activities.questions import ACTIVITIES
from banggiao.commitments.questions import COMMITMENTS, TASKS
from banggiao.core.acts import Viewer
from banggiao.core.registers import Register
from banggiao.core.visibility import Involvement
from banggiao.followup.data_calls.questions import DATA_CALL_ANSWERS
from banggiao.followup.data_calls.states import ANSWERED
from banggiao.followup.escalations.questions import ESCALATIONS
from banggiao.followup.mail.letters import outside_name
from banggiao.followup.services import OPEN_STATES

#: What is older or further off than this many days is left out.
BEHIND, AHEAD = 60, 400


def calendar_of(viewer: Viewer, *, at: datetime, language: Literal["vi", "en"]) -> bytes:
    """The file, in order of day and id: the same records give the same bytes. Titles of public records only, else their codes.

    Due dates are whole days as VEVENT that take no time of their owner's: most calendar programmes leave a VTODO of a
    subscribed calendar out. A UID stays the same as long as the record lives, and SEQUENCE is its version.
    """
    today = timezone.localdate(at)
    span = today - timedelta(days=BEHIND), today + timedelta(days=AHEAD)
    calendar, events, exercise = Calendar(), [], False
    for first, last, book, record in _entries(viewer, *span):
        event, due = Event(), book is not ACTIVITIES
        name = f"{book.one.get(language)}: {outside_name(book, record, language)}"
        exercise = exercise or record.exercise
        mark = "[DIỄN TẬP] " if record.exercise else ""
        event.add("uid", f"{record.pk}@banggiao")
        event.add("dtstamp", record.recorded_at)
        event.add("last-modified", record.recorded_at)
        event.add("sequence", record.version - 1)
        event.add("summary", mark + (_("Hạn: %(name)s") % {"name": name} if due else name))
        event.add("dtstart", first)
        event.add("dtend", min(last, date.max - timedelta(days=1)) + timedelta(days=1))  # the day after the last one
        event.add("url", f"{settings.ADDRESS}/{book.name}/{record.pk}")
        event.add("transp", "TRANSPARENT")
        event.add("class", "PUBLIC" if record.classification == "public" else "PRIVATE")
        events.append((first, str(record.pk), event))
    calendar.add("prodid", "-//Bang Giao//banggiao//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", ("[DIỄN TẬP] " if exercise else "") + "Bang Giao")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for _day, _key, event in sorted(events, key=lambda each: each[:2]):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _entries(viewer: Viewer, start: date, end: date) -> Iterator[tuple[date, date, Register, Any]]:
    """(first day, last day, register, record) of what stands in the viewer's calendar; days known in part only are left out."""
    ours, span = list(viewer.institutions), (start.isoformat(), end.isoformat())
    due: list[tuple[Register, str, QuerySet[Any]]] = [
        (book, "current_due", _seen(book, viewer).filter(lead__in=ours, work_state__in=OPEN_STATES))
        for book in (COMMITMENTS, TASKS)
    ]
    owed = _seen(DATA_CALL_ANSWERS, viewer).filter(institution__in=ours, call__state="open").exclude(state__in=ANSWERED)
    due.append((DATA_CALL_ANSWERS, "current_due", owed.select_related("institution", "call")))
    due.append((ESCALATIONS, "needed_by", _seen(ESCALATIONS, viewer).filter(decider__in=ours, state="sent")))
    for book, field, rows in due:
        for record in rows.filter(**{f"{field}__range": span}):
            day = _day(getattr(record, field))
            if day:
                yield day, day, book, record
    involved = Involvement.objects.filter(institution_id__in=ours).values("record_id")
    held = _seen(ACTIVITIES, viewer).filter(Q(owner__in=ours) | Q(pk__in=involved), start__range=span)
    for record in held.exclude(status="cancelled"):
        first = _day(record.start)
        if first:
            yield first, max(_day(record.end) or first, first), ACTIVITIES, record


def _seen(book: Register, viewer: Viewer) -> QuerySet[Any]:
    rows: QuerySet[Any] = book.model.objects.visible_to(viewer)
    return rows if viewer.may(book.permission) else rows.none()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if len(text) == 10 else None
