"""Every read of how far directives have become tasks: what is covered, paragraph by paragraph, and what a record asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet

from banggiao.commitments.lines import PARAGRAPHS
from banggiao.commitments.models import Commitment, Directive, Paragraph, Task
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.lines import rows_of
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import find_record, register_named, register_of
from banggiao.followup.states import SIX_CLEAR


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of `asking` paragraphs (headings ask nothing) so many have tasks, so many a reason for none; the rest is `open`."""

    asking: int = 0
    with_tasks: int = 0
    with_reason: int = 0

    @property
    def open(self) -> int:
        """How many have neither."""
        return self.asking - self.with_tasks - self.with_reason

    @property
    def settled(self) -> int:
        """How many have either."""
        return self.with_tasks + self.with_reason


def tasks_from(origins: Sequence[UUID], viewer: Viewer) -> dict[UUID, list[Task]]:
    """The tasks that records asked for, by record, as far as the viewer may know of them, in order of their making."""
    found: dict[UUID, list[Task]] = {}
    rows = Task.objects.visible_to(viewer).filter(origin_id__in=list(origins)).select_related("lead").order_by("pk")
    for task in rows:
        found.setdefault(task.origin_id, []).append(task)
    return found


def standing_of(paragraph: Paragraph, tasks: Sequence[Task]) -> str:
    """A term of `paragraph_standing`: heading, tasks, reason or open."""
    if paragraph.heading:
        return "heading"
    return "tasks" if tasks else "reason" if paragraph.no_task else "open"


def coverage_of(directive: Directive, viewer: Viewer) -> Coverage:
    """How far the paragraphs of a directive are settled (rule `paragraphs_settled`), as far as the viewer may know of them."""
    rows = list(rows_of(PARAGRAPHS, directive, viewer))
    tasks = tasks_from([row.pk for row in rows], viewer)
    standings = [standing_of(row, tasks.get(row.pk, ())) for row in rows if not row.heading]
    return Coverage(len(standings), standings.count("tasks"), standings.count("reason"))


def settled_share(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """ "12/17" for each directive that has paragraphs: how many have tasks or a reason, of those that ask something."""
    rows = Paragraph.objects.filter(directive_id__in=list(ids), retracted=False, heading=False)
    listed = list(rows.values_list("pk", "directive_id", "no_task"))
    with_tasks = set(
        Task.objects.filter(origin_id__in=[pk for pk, *_rest in listed], retracted=False).values_list("origin_id", flat=True)
    )
    counted: dict[UUID, list[bool]] = {}
    for pk, directive, reason in listed:
        counted.setdefault(directive, []).append(bool(reason) or pk in with_tasks)
    return {directive: f"{sum(each)}/{len(each)}" for directive, each in counted.items()}


def with_open_paragraphs(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """The directives some paragraph of which has neither task nor reason, or with "no" the split ones that have none."""
    asking = Paragraph.objects.filter(retracted=False, heading=False)
    with_tasks = Task.objects.filter(retracted=False, origin_id__isnull=False).values("origin_id")
    waiting = asking.filter(no_task="").exclude(pk__in=with_tasks).values("directive_id")
    if value == "yes":
        return rows.filter(pk__in=waiting)
    return rows.filter(pk__in=asking.values("directive_id")).exclude(pk__in=waiting)


def origins_of(ids: Sequence[UUID]) -> Mapping[UUID, Ref]:
    """What asked for each task: the directive of a paragraph, else the record itself by the title its register gives it."""
    rows = Task.objects.filter(pk__in=list(ids), origin_id__isnull=False).values_list("pk", "origin_type", "origin_id")
    wanted: dict[str, dict[UUID, list[UUID]]] = {}
    for pk, kind, origin in rows:
        wanted.setdefault(kind, {}).setdefault(origin, []).append(pk)
    found: dict[UUID, Ref] = {}
    for kind, origins in wanted.items():
        register = register_of(kind)
        for record in apps.get_model(kind)._default_manager.filter(pk__in=list(origins)):
            if isinstance(record, Paragraph):
                number = record.directive.number
                ref = Ref(record.directive_id, Directive.record_type(), Bi(f"{number}, {record.number}".rstrip(", ")))
            else:
                ref = Ref(record.pk, kind, register.title_of(record) if register else Bi(str(record)))
            found |= dict.fromkeys(origins[record.pk], ref)
    return found


def lacking(task: Task) -> list[str]:
    """Which of the six clears (6 rõ) a task still lacks, as names of fields of `followup.states.SIX_CLEAR`."""
    return [name for name in SIX_CLEAR if not getattr(task, name)]


def usual_of(leads: Sequence[UUID], viewer: Viewer) -> dict[UUID, dict[str, str]]:
    """Who is in charge, answers for it and may decide, as each body's last task or commitment that says so has it."""
    found: dict[UUID, tuple[Any, dict[str, str]]] = {}
    for model in (Task, Commitment):
        rows = model.objects.visible_to(viewer).filter(lead_id__in=list(leads)).exclude(person_in_charge="")
        for row in rows.order_by("recorded_at", "pk"):
            said = {name: getattr(row, name) for name in ("person_in_charge", "responsibility", "authority")}
            if row.lead_id not in found or found[row.lead_id][0] < row.recorded_at:
                found[row.lead_id] = (row.recorded_at, said)
    return {lead: said for lead, (_at, said) in found.items()}


def _directive_coverage(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """One row for each directive that was split, those with open paragraphs first."""
    rows = Directive.objects.visible_to(viewer).filter(pk__in=Paragraph.objects.filter(retracted=False).values("directive_id"))
    listed = [(directive, coverage_of(directive, viewer)) for directive in rows.order_by("-day", "-pk")]
    found = [
        Row(
            (
                directive.number,
                directive.day,
                Bi(directive.name_vi, directive.name_en),
                c.asking,
                c.with_tasks,
                c.with_reason,
                c.open,
            ),
            directive.pk,
            directive.record_type(),
            exercise=directive.exercise,
        )
        for directive, c in sorted(listed, key=lambda each: -each[1].open)
        if c.asking
    ]
    return Answer(COVERAGE.name, COVERAGE.title, COVERAGE.columns, tuple(found), len(found), at, "paragraphs_settled")


def _directive_paragraphs(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """One row for each paragraph of a directive with its tasks, in the order of the text; `standing` keeps those of one."""
    directive = find_record(register_named("directives"), params["directive"], viewer)
    rows = list(rows_of(PARAGRAPHS, directive, viewer))
    tasks = tasks_from([row.pk for row in rows], viewer)
    found = []
    for row in rows:
        made = tasks.get(row.pk, [])
        standing = standing_of(row, made)
        if params["standing"] in ("", standing):
            refs = tuple(Ref(task.pk, task.record_type(), Bi(task.code)) for task in made)
            cells = (row.number, row.text, standing, refs, row.no_task or None, row.no_task_note)
            found.append(Row(cells, directive.pk, directive.record_type(), exercise=row.exercise))
    title = Bi(f"Các đoạn của {directive.number}", f"Paragraphs of {directive.number}")
    used = {name: value for name, value in params.items() if value}
    return Answer(IN_ORDER.name, title, IN_ORDER.columns, tuple(found), len(found), at, "paragraphs_settled", parameters=used)


COVERAGE = register_question(
    Question(
        "directive_coverage",
        Bi("Văn bản đã phân giao đến đâu", "How far directives have become tasks"),
        "registers.view",
        (),
        (
            Column("number", N_("Số, ký hiệu"), "lead"),
            Column("day", N_("Ngày"), "date"),
            Column("name", N_("Trích yếu"), "bilingual"),
            Column("asking", N_("Số đoạn"), "number"),
            Column("with_tasks", N_("Có nhiệm vụ"), "number"),
            Column("with_reason", N_("Có lý do không giao"), "number"),
            Column("open", N_("Còn bỏ ngỏ"), "number"),
        ),
        _directive_coverage,
    )
)

IN_ORDER = register_question(
    Question(
        "directive_paragraphs",
        Bi("Các đoạn của một văn bản", "Paragraphs of a directive"),
        "registers.view",
        (
            Parameter("directive", N_("Văn bản chỉ đạo"), "id", needed=True),
            Parameter("standing", N_("Tình trạng đoạn"), "code", "paragraph_standing"),
        ),
        (
            Column("number", N_("Số mục"), "mono"),
            Column("text", N_("Nội dung"), "lead"),
            Column("standing", N_("Tình trạng đoạn"), "code", "paragraph_standing"),
            Column("tasks", N_("Nhiệm vụ"), "records"),
            Column("no_task", N_("Lý do không có nhiệm vụ"), "code", "no_task_reason"),
            Column("no_task_note", N_("Ghi chú lý do")),
        ),
        _directive_paragraphs,
    )
)
