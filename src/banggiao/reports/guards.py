"""Signs that figures were made to look well: dates moved at the last moment, work closed on one's own word, all on the last day.

They accuse nobody: each count is the total of a list (`opens`), and a small number says little (measures, section 8, guard list).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count

from banggiao.commitments.models import Commitment, Task
from banggiao.core import kept
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.followup.signs import SIGNS, signed
from banggiao.partners.models import Institution
from banggiao.reports.duties import paged

_MODELS: Mapping[str, Any] = {"commitments": Commitment, "tasks": Task}


def opens(params: Mapping[str, str], lead: str, sign: str) -> tuple[str, dict[str, str]]:
    """The list, and its filter, that a cell opens; `lead` is the institution's code."""
    exercise = "yes" if params.get("exercise") == "yes" else "no"
    return params.get("of") or "commitments", {"lead": lead, "sign": sign, "exercise": exercise}


def _signs(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """By lead institution; those that only did what they owed are not listed."""
    exercise = params["exercise"] == "yes"
    rows = _MODELS[params["of"]].objects.visible_to(viewer).filter(exercise=exercise, lead__isnull=False)
    columns = {
        name: dict(kept.listed(signed(rows, name).order_by().values_list("lead_id").annotate(n=Count("pk")))) for name in SIGNS
    }
    leads = {pk for name in SIGNS[1:] for pk in columns[name]}
    bodies = Institution.objects.visible_to(viewer).filter(pk__in=leads).order_by("code")
    listed = [
        Row(
            (
                Ref(body.pk, "partners.institution", Bi(body.name_vi, body.name_en)),
                *(columns[name].get(body.pk, 0) for name in SIGNS),
            ),
            body.pk,
            "partners.institution",
            exercise=exercise,
        )
        for body in bodies
    ]
    return paged(GAMING, listed, page, at, "gaming_signs", params)


GAMING = register_question(
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
            Column("moved", N_("Có đề nghị chuyển hạn"), "number"),
            Column("moved_late", N_("Đề nghị khi còn dưới 5 ngày"), "number"),
        ),
        _signs,
    )
)
