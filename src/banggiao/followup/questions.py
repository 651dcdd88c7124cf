"""Every read of following: timeliness, what was reported and proved, who was reminded, findings of a period."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.periods import Period
from banggiao.core.questions import Bi, Column, Parameter
from banggiao.core.registers import Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import DueDateMove, Evidence, Finding, ProgressUpdate, Reminder
from banggiao.followup.services import OPEN_STATES

DUE_SOON_DAYS = 14


def timeliness(*, due: str, done_on: str, open_: bool, today: date) -> str:
    """no_deadline, on_time, due_soon, overdue or done_late: derived from dates, never typed.

    A due date known only to the month or year is past when that month or year is.
    """
    if not due:
        return "no_deadline"
    if not open_:
        return "done_late" if done_on and done_on[: len(due)] > due else "on_time"
    now = today.isoformat()
    if now[: len(due)] > due:
        return "overdue"
    soon = date.fromordinal(today.toordinal() + DUE_SOON_DAYS).isoformat()
    return "due_soon" if soon[: len(due)] >= due else "on_time"


def overdue(rows: QuerySet[object], today: date) -> QuerySet[object]:
    """Open records past their current due date (rule `open_past_due`)."""
    now = today.isoformat()
    # As text "2026" and "2026-03" come before "2026-03-01" though their year or month is not over: such prefixes of today are not past.
    return rows.filter(current_due__lt=now, work_state__in=OPEN_STATES).exclude(current_due__in=["", now[:4], now[:7]])


def due_soon(rows: QuerySet[object], today: date) -> QuerySet[object]:
    """Open records due from today within the next 14 days (rule `open_due_soon`)."""
    last = date.fromordinal(today.toordinal() + DUE_SOON_DAYS).isoformat()
    return rows.filter(current_due__gte=today.isoformat(), current_due__lte=last, work_state__in=OPEN_STATES)


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


def findings_in(viewer: Viewer, period: Period) -> QuerySet[Finding]:
    """Findings of a period (rule `findings_cited`)."""
    rows = Finding.objects.visible_to(viewer).filter(
        Q(period=period.code) | Q(period_start__gte=period.start, period_start__lt=period.end)
    )
    return rows.order_by("id")


@searchable(Finding)
def _words(finding: Finding) -> Words:
    kinds = vocabulary("finding_kind")
    vi, en = (f"{kinds.label(finding.kind, language)} · {finding.period}" for language in ("vi", "en"))
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
