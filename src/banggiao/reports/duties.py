"""How duties stand by who leads them and by partner: the tables behind the leader's page, each cell the total of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from banggiao.commitments.models import Commitment, Task
from banggiao.core import kept
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput
from banggiao.core.periods import is_partial_date
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.followup.questions import overdue
from banggiao.partners.models import Institution, Partner

#: Fewer than so many duties are too few to rank institutions by.
RANKED_FROM = 5
#: Column -> the states of work it counts. One axis only: work. What is late or confirmed stands elsewhere.
WORK_GROUPS: dict[str, tuple[str, ...]] = {
    "done": ("done",),
    "under_way": ("assigned", "active"),
    "proposed": ("proposed",),
    "stuck": ("blocked", "awaiting_decision", "paused"),
}
#: Key of a count by lead -> (list, its filter but for the lead; the day is filled in).
LEAD_COUNTS: dict[str, tuple[str, dict[str, str]]] = {
    "tasks_overdue": ("tasks", {"overdue_on": "day"}),
    "commitments_overdue": ("commitments", {"overdue_on": "day"}),
    "tasks_blocked": ("tasks", {"work_state": "blocked"}),
    "commitments_blocked": ("commitments", {"work_state": "blocked"}),
    "tasks_awaiting": ("tasks", {"work_state": "awaiting_decision"}),
    "commitments_awaiting": ("commitments", {"work_state": "awaiting_decision"}),
}
_MODELS: dict[str, Any] = {"tasks": Task, "commitments": Commitment}
_LEAD_COLUMNS = (
    Column("lead", N_("Cơ quan chủ trì"), "record"),
    Column("tasks_overdue", N_("Nhiệm vụ quá hạn"), "number"),
    Column("commitments_overdue", N_("Cam kết quá hạn"), "number"),
    Column("tasks_blocked", N_("Nhiệm vụ vướng mắc"), "number"),
    Column("commitments_blocked", N_("Cam kết vướng mắc"), "number"),
    Column("tasks_awaiting", N_("Nhiệm vụ chờ quyết định"), "number"),
    Column("commitments_awaiting", N_("Cam kết chờ quyết định"), "number"),
)
_PARTNER_COLUMNS = (
    Column("partner", N_("Đối tác"), "record"),
    Column("done", N_("Đã xong"), "number"),
    Column("under_way", N_("Đang thực hiện"), "number"),
    Column("proposed", N_("Chưa giao"), "number"),
    Column("stuck", N_("Vướng, chờ, tạm dừng"), "number"),
    Column("total", N_("Tổng số trong sổ"), "number"),
)


@dataclass(frozen=True, slots=True)
class _Body:
    code: str
    vi: str
    en: str
    exercise: bool


def lead_params(key: str, code: str, day: date) -> tuple[str, dict[str, str]]:
    """The list, and its filter, that a count of the table by lead opens."""
    question, narrowing = LEAD_COUNTS[key]
    return question, {name: day.isoformat() if value == "day" else value for name, value in narrowing.items()} | {"lead": code}


def codes_of_leads(ids: Sequence[UUID]) -> dict[UUID, str]:
    """The codes by which lists are narrowed to these institutions."""
    return dict(Institution.objects.filter(pk__in=ids).values_list("pk", "code"))


def _by_lead(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """Those who must act: institutions with anything overdue, blocked or waiting (rule `duties_by_lead`)."""
    day = _day(params["on"]) if params["on"] else timezone.localdate(at)
    counts: dict[Any, dict[str, int]] = {}
    bodies: dict[Any, _Body] = {}
    for key, (question, narrowing) in LEAD_COUNTS.items():
        rows = _MODELS[question].objects.visible_to(viewer).filter(lead__in=Institution.objects.visible_to(viewer))
        rows = overdue(rows, day) if "overdue_on" in narrowing else rows.filter(**narrowing)
        columns = ("lead_id", "lead__code", "lead__name_vi", "lead__name_en", "lead__exercise")
        for pk, code, vi, en, exercise, count in kept.listed(rows.values_list(*columns).annotate(n=Count("pk")).order_by()):
            counts.setdefault(pk, {})[key] = count
            bodies[pk] = _Body(code, vi, en, exercise)
    ordered = sorted(counts, key=lambda pk: _rank(counts[pk], bodies[pk]))
    found = tuple(
        Row(
            (Ref(pk, "partners.institution", Bi(bodies[pk].vi, bodies[pk].en)), *(counts[pk].get(key, 0) for key in LEAD_COUNTS)),
            pk,
            "partners.institution",
            exercise=bodies[pk].exercise,
        )
        for pk in ordered
    )
    return _whole("who_must_act", WHO_MUST_ACT.title, _LEAD_COLUMNS, found, page, at, "duties_by_lead", params)


def _by_partner(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """Commitments with each partner by state of work, most first."""
    rows: QuerySet[Any] = Commitment.objects.visible_to(viewer).filter(partner__in=Partner.objects.visible_to(viewer))
    groups = {name: Count("pk", filter=Q(work_state__in=states)) for name, states in WORK_GROUPS.items()}
    columns = ("partner_id", "partner__name_vi", "partner__name_en", "partner__exercise")
    counted = rows.values(*columns).annotate(total=Count("pk"), **groups).order_by("-total", "partner__sort_key")
    found = tuple(
        Row(
            (
                Ref(r["partner_id"], "partners.partner", Bi(r["partner__name_vi"], r["partner__name_en"])),
                *(r[name] for name in WORK_GROUPS),
                r["total"],
            ),
            r["partner_id"],
            "partners.partner",
            exercise=r["partner__exercise"],
        )
        for r in kept.listed(counted)
    )
    title = COMMITMENTS_BY_PARTNER.title
    return _whole("commitments_by_partner", title, _PARTNER_COLUMNS, found, page, at, "register_rows", params)


def _whole(
    name: str, title: Bi, columns: tuple[Column, ...], rows: tuple[Row, ...], page: Page, at: datetime, rule: str,
    params: Mapping[str, str],
) -> Answer:  # fmt: skip
    """An answer whose rows are few; a page of it begins after the row named by the cursor."""
    ids = [str(row.id) for row in rows]
    start = ids.index(page.cursor) + 1 if page.cursor in ids else 0
    shown = rows[start : start + page.size] if page.size else rows[start:]
    more = bool(page.size) and start + page.size < len(rows)
    used = {n: v for n, v in params.items() if v}
    cursor = str(shown[-1].id) if more else ""
    return Answer(name, title, columns, shown, len(rows), at, rule, next_cursor=cursor, parameters=used)


def paged(question: Question, rows: Sequence[Row], page: Page, at: datetime, rule: str, params: Mapping[str, str]) -> Answer:
    """An answer whose rows are few; a page of it begins behind the row whose number the cursor is."""
    start = int(page.cursor) if page.cursor.isascii() and page.cursor.isdigit() else 0
    shown = tuple(rows[start : start + page.size] if page.size else rows[start:])
    cursor = str(start + page.size) if page.size and start + page.size < len(rows) else ""
    used = {name: value for name, value in params.items() if value}
    return Answer(
        question.name, question.title, question.columns, shown, len(rows), at, rule, next_cursor=cursor, parameters=used
    )


WHO_MUST_ACT = register_question(
    Question(
        "who_must_act",
        Bi("Ai phải hành động", "Who must act"),
        "reports.view",
        (Parameter("on", N_("Tính đến ngày"), "date"),),
        _LEAD_COLUMNS,
        _by_lead,
    )
)
COMMITMENTS_BY_PARTNER = register_question(
    Question(
        "commitments_by_partner",
        Bi("Cam kết theo đối tác", "Commitments by partner"),
        "reports.view",
        (),
        _PARTNER_COLUMNS,
        _by_partner,
    )
)


def _rank(counts: Mapping[str, int], body: _Body) -> tuple[int, str]:
    total = sum(counts.values())
    return (-total if total >= RANKED_FROM else 0, body.code)


def _day(text: str) -> date:
    if len(text) != 10 or not is_partial_date(text):
        raise InvalidInput(N_("Không hiểu giá trị lọc hoặc vị trí trang."), remedy=N_("Hãy mở lại danh sách từ trang đầu."))
    return date.fromisoformat(text)
