"""Signs that figures were made to look well: dates moved at the last moment, work closed on one's own word, all on the last day.

They accuse nobody: each count opens what it counted, and a small number says little (measures, section 8, guard list).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F
from django.utils import timezone

from banggiao.commitments.models import Commitment, Task
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.followup.models import DueDateMove, Evidence
from banggiao.partners.models import Institution
from banggiao.reports.duties import paged

_MODELS: Mapping[str, Any] = {"commitments": Commitment, "tasks": Task}
#: An extension asked so few days before the date, or after it, is a late one.
LATE_DAYS = 5
#: The best accepted grade of what was closed on its own word.
OWN_WORD = 1


def _signs(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """By lead institution, and together; institutions without any sign are not listed."""
    exercise = params["exercise"] == "yes"
    rows = _MODELS[params["of"]].objects.visible_to(viewer).filter(exercise=exercise, lead__isnull=False)
    done = rows.filter(work_state="done", done_on__lte=timezone.localdate(at).isoformat())
    proved = Evidence.objects.visible_to(viewer).filter(state="accepted", grade__gt=OWN_WORD).values("subject_id")
    moves = DueDateMove.objects.visible_to(viewer).filter(exercise=exercise)
    late = moves.filter(days_left__lt=LATE_DAYS)
    columns = (
        _by_lead(done),
        _by_lead(done.filter(done_on=F("first_due"))),
        _by_lead(done.exclude(pk__in=proved)),
        _moves_by_lead(moves, rows),
        _moves_by_lead(late, rows),
    )
    leads = {pk for column in columns[1:] for pk, count in column.items() if count}
    bodies = Institution.objects.visible_to(viewer).filter(pk__in=leads).order_by("code")
    listed = [
        Row(
            (Ref(body.pk, "partners.institution", Bi(body.name_vi, body.name_en)), *(c.get(body.pk, 0) for c in columns)),
            body.pk,
            "partners.institution",
            exercise=exercise,
        )
        for body in bodies
    ]
    return paged(SIGNS, listed, page, at, "gaming_signs", params)


def _by_lead(rows: Any) -> dict[UUID, int]:
    return dict(rows.order_by().values_list("lead_id").annotate(n=Count("pk")))


def _moves_by_lead(moves: Any, rows: Any) -> dict[UUID, int]:
    counted = dict(moves.order_by().values_list("subject_id").annotate(n=Count("pk")))
    found: dict[UUID, int] = {}
    for pks in _chunks(list(counted)):
        for pk, lead in rows.filter(pk__in=pks).values_list("pk", "lead_id"):
            found[lead] = found.get(lead, 0) + counted[pk]
    return found


def _chunks(pks: Sequence[UUID], size: int = 500) -> list[Sequence[UUID]]:
    return [pks[start : start + size] for start in range(0, len(pks), size)]


SIGNS = register_question(
    Question(
        "gaming_signs",
        Bi("Dấu hiệu làm đẹp số liệu", "Signs that figures are made to look well"),
        "reports.view",
        (
            Parameter("of", N_("Sổ"), "code", "kpi_subject", default="commitments"),
            Parameter("exercise", N_("Diễn tập"), "code", "yes_no"),
        ),
        (
            Column("lead", N_("Cơ quan chủ trì"), "record"),
            Column("done", N_("Báo xong"), "number"),
            Column("last_day", N_("Xong đúng ngày hạn"), "number"),
            Column("own_word", N_("Xong mà chỉ có lời tự khai"), "number"),
            Column("moves", N_("Lần đề nghị chuyển hạn"), "number"),
            Column("late_moves", N_("Đề nghị khi còn dưới 5 ngày"), "number"),
        ),
        _signs,
    )
)
