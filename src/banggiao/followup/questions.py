"""Every read of following: timeliness, what was reported and proved, who was reminded, findings of a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.periods import Period, last_day, period_label
from banggiao.core.questions import Bi, Column, Parameter, Ref
from banggiao.core.registers import Field, Filter, Order, Register, declare, register_of
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import DueDateMove, Evidence, Finding, ProgressUpdate, Reminder
from banggiao.followup.services import GIVEN_STATES, OPEN_STATES

DUE_SOON_DAYS = 14
SILENT_DAYS = 30
M = TypeVar("M", bound=Model)


def timeliness(*, due: str, done_on: str, state: str, today: date) -> str:
    """A term of the vocabulary `timeliness`: derived from dates and the state of work, never typed.

    A due date known only to the month or year is past when that month or year is. What nobody was given yet cannot be late:
    past its date its outcome is unknown. What was cancelled, lapsed or superseded is neither on time nor late.
    """
    if not due:
        return "no_deadline"
    if state == "done":
        return "done_late" if done_on and done_on[: len(due)] > due else "on_time"
    if state not in OPEN_STATES:
        return "not_applicable"
    last = last_day(due)
    if last < today:
        return "unknown" if state == "proposed" else "overdue"
    return "due_soon" if last <= today + timedelta(days=DUE_SOON_DAYS) else "on_time"


def overdue(rows: QuerySet[M], today: date) -> QuerySet[M]:
    """Records being worked on that are past their current due date (rule `open_past_due`)."""
    now = today.isoformat()
    # As text 2026 and 2026-03 come before 2026-03-01 though that year and month are not over.
    return rows.filter(current_due__lt=now, work_state__in=GIVEN_STATES).exclude(current_due__in=["", now[:4], now[:7]])


def due_soon(rows: QuerySet[M], today: date) -> QuerySet[M]:
    """Open records due from today within the next 14 days (rule `open_due_soon`)."""
    until = min(today, date.max - timedelta(days=DUE_SOON_DAYS)) + timedelta(days=DUE_SOON_DAYS)
    now, last = today.isoformat(), until.isoformat()
    # A month or year is due on its last day; only those that today lies in can end so soon.
    ending = [part for part in (now[:4], now[:7]) if last_day(part) <= until]
    days = Q(current_due__gte=now, current_due__lte=last) & ~Q(current_due__in=[last[:4], last[:7]])
    # The bounds say nothing new, but a database finds its way in the index by them and not by either of two.
    within = Q(current_due__gte=min([now, *ending]), current_due__lte=last)
    return rows.filter(within, days | Q(current_due__in=ending), work_state__in=OPEN_STATES)


def silent(rows: QuerySet[M], today: date) -> QuerySet[M]:
    """Records being worked on about which nothing was reported or changed for 30 days (rule `no_update_30_days`)."""
    since = max(today, date.min + timedelta(days=SILENT_DAYS)) - timedelta(days=SILENT_DAYS)
    told = ProgressUpdate.objects.filter(subject_id=OuterRef("pk"), day__gt=since, retracted=False)
    # A moment and not `__date`: SQLite would ask Python for the day of each row, and no index would serve.
    over = timezone.make_aware(datetime.combine(since + timedelta(days=1), time.min))
    return rows.filter(~Exists(told), work_state__in=GIVEN_STATES, recorded_at__lt=over)


def due_in_week(rows: QuerySet[M], day: date) -> QuerySet[M]:
    """Open records due in the week of the day, Monday to Sunday; of a month or year: its last day."""
    first = day - timedelta(days=day.weekday())
    last = min(first, date.max - timedelta(days=6)) + timedelta(days=6)
    parts = {part for on in (first, last) for part in (on.isoformat()[:4], on.isoformat()[:7])}
    ending = [part for part in parts if first <= last_day(part) <= last]
    days = Q(current_due__gte=first.isoformat(), current_due__lte=last.isoformat()) & ~Q(current_due__in=parts)
    within = Q(current_due__gte=min([first.isoformat(), *ending]), current_due__lte=last.isoformat())
    return rows.filter(within, days | Q(current_due__in=ending), work_state__in=OPEN_STATES)


def updates_of(subject_id: UUID, viewer: Viewer) -> list[ProgressUpdate]:
    """Progress updates of a record, newest first."""
    return list(ProgressUpdate.objects.visible_to(viewer).filter(subject_id=subject_id).order_by("-day", "-id"))


def evidence_of(subject_id: UUID, viewer: Viewer) -> list[Evidence]:
    """Evidence of a record, newest first."""
    return list(Evidence.objects.visible_to(viewer).filter(subject_id=subject_id).order_by("-day", "-id"))


def due_moves_of(subject_id: UUID, viewer: Viewer) -> list[DueDateMove]:
    """How the due date of a record was asked to move, oldest first."""
    return list(DueDateMove.objects.visible_to(viewer).filter(subject_id=subject_id).order_by("id"))


def reminders_of(viewer: Viewer, limit: int) -> list[Reminder]:
    """The latest reminders the viewer may know of."""
    return list(Reminder.objects.visible_to(viewer).select_related("recipient").order_by("-day", "-id")[:limit])


def subject_refs(model: Any, ids: Sequence[UUID]) -> dict[UUID, Ref]:
    """The record that each of these says something about (`subject_type`, `subject_id`), by the title its register gives it."""
    rows = model._default_manager.filter(pk__in=list(ids), subject_id__isnull=False)
    wanted: dict[str, dict[UUID, list[UUID]]] = {}
    for pk, kind, subject in rows.values_list("pk", "subject_type", "subject_id"):
        wanted.setdefault(kind, {}).setdefault(subject, []).append(pk)
    found: dict[UUID, Ref] = {}
    for kind, subjects in wanted.items():
        register = register_of(kind)
        for record in apps.get_model(kind)._default_manager.filter(pk__in=list(subjects)):
            title = register.title_of(record) if register else Bi(str(record))
            found |= {pk: Ref(record.pk, kind, title) for pk in subjects[record.pk]}
    return found


def findings_in(viewer: Viewer, period: Period) -> QuerySet[Finding]:
    """Findings of a period (rule `findings_cited`)."""
    rows = Finding.objects.visible_to(viewer).filter(
        Q(period=period.code) | Q(period_start__gte=period.start, period_start__lt=period.end)
    )
    return rows.order_by("id")


@searchable(Finding)
def _words(finding: Finding) -> Words:
    kinds = vocabulary("finding_kind")
    vi, en = (f"{kinds.label(finding.kind, language)} · {period_label(finding.period, language)}" for language in ("vi", "en"))
    return Words(finding.text_vi, finding.text_en, vi, en, body=finding.actor, day=finding.period_start, weight=1)


FINDINGS = declare(
    Register(
        name="findings",
        model=Finding,
        title=Bi("Kết quả và tồn tại", "Findings"),
        one=Bi("Nhận định", "Finding"),
        fields=(
            Field(Column("kind", N_("Loại"), "code", "finding_kind"), ("kind",)),
            Field(Column("text", N_("Nội dung"), "bilingual"), ("text_vi", "text_en")),
            Field(Column("topic", N_("Chủ đề"), "code", "topic"), ("topic",)),
            Field(Column("growth_driver", N_("Động lực"), "code", "growth_driver"), ("growth_driver",)),
            Field(Column("period", N_("Kỳ"), "period"), ("period",)),
            Field(Column("actor", N_("Chủ thể")), ("actor",)),
        ),
        orders=(Order("recent", N_("Kỳ mới nhất"), ("period_start",), descending=True),),
        filters=(
            Filter(Parameter("kind", N_("Loại"), "code", "finding_kind"), "kind"),
            Filter(Parameter("period", N_("Kỳ"), "period"), "period_start"),
            Filter(Parameter("growth_driver", N_("Động lực"), "code", "growth_driver"), "growth_driver"),
        ),
        title_paths=("text_vi", "text_en"),
        code_path="",
    )
)
