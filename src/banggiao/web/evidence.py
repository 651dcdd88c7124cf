"""Evidence: handing it in with its file, and giving the file out again to those who may know of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from banggiao.core.vocabulary import vocabulary
from banggiao.followup.evidence.files import Sent
from banggiao.followup.planning.questions import current_plan, milestones_of
from banggiao.reading.intake.vetting import ALLOWED
from banggiao.reports import plans
from banggiao.reports.downloads import evidence_file
from banggiao.web.asking import asker, deed, language, refills, today, typed
from banggiao.web.following import Errors, duty_form, duty_of, value_of
from banggiao.web.parts import Choice, Field

_TYPED = ("day", "description", "grade", "milestone", "quantity")


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """Hand in proof of delivery, with a file where there is one."""

    def write(record: Any) -> None:
        sent = request.FILES.get("file")
        file = Sent(sent.name or "", sent.chunks()) if sent else None
        plans.hand_in(record, {name: typed(request, name) for name in _TYPED}, act=deed(request), file=file)

    def fields(errors: Errors) -> list[Field]:
        return [
            milestone_field(request, register, key, errors, needed=False),
            Field(
                name="day",
                label=_("Ngày"),
                kind="date",
                value=value_of(request, "day", today(request).isoformat()),
                required=True,
                errors=errors("day"),
            ),
            Field(
                name="description",
                label=_("Minh chứng là gì"),
                kind="textarea",
                value=value_of(request, "description"),
                required=True,
                errors=errors("description"),
                help=_("Ví dụ: số, ký hiệu và ngày của văn bản, hoặc địa chỉ của tin."),
            ),
            _grade(value_of(request, "grade", "1"), errors("grade")),
            Field(
                name="quantity",
                label=_("Chứng minh được bao nhiêu của chỉ tiêu"),
                value=value_of(request, "quantity"),
                errors=errors("quantity"),
                help=_("Chỉ ghi cho mốc có chỉ tiêu; để trống nếu chứng minh toàn bộ phần đã khai."),
            ),
            Field(
                name="file",
                label=_("Tệp"),
                kind="file",
                errors=errors("file"),
                help=_("Một tệp, tối đa 25 MB: %(kinds)s. Không nhận tệp có macro, tập lệnh hay mật khẩu.")
                % {"kinds": ", ".join(ALLOWED)},
            ),
        ]

    done = _("Đã nộp minh chứng; người thẩm tra của cơ quan khác sẽ kiểm tra.")
    return duty_form(request, register, key, _("Thêm minh chứng"), fields, write, done, multipart=True)


@require_safe
def file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The file of a piece of evidence, always to be saved and never to be shown inside a page."""
    return evidence_file(key, asker(request))


def _grade(value: str, errors: Sequence[str]) -> Field:
    pairs = vocabulary("evidence_grade").choices(language())
    choices = [Choice(value=code, label=f"{code} – {text}", selected=code == value) for code, text in pairs]
    return Field(name="grade", label=_("Bậc minh chứng"), kind="select", choices=choices, required=True, errors=errors)


def milestone_field(request: HttpRequest, register: str, key: str, errors: Errors, *, needed: bool) -> Field:
    """The field that chooses a milestone of the plan that holds; the address may name one."""
    _book, record = duty_of(request, register, key)
    viewer = asker(request)
    plan = current_plan(record.pk, viewer)
    value = value_of(request, "milestone", request.GET.get("milestone", ""))
    rows = list(milestones_of(plan, viewer)) if plan else []
    choices = [] if needed else [Choice(value="", label=_("(cả việc)"), selected=not value)]
    for number, m in enumerate(rows, 1):
        name = (m.name_en if language() == "en" else "") or m.name_vi
        choices.append(Choice(value=str(m.key), label=f"{number}. {name}", selected=str(m.key) == value))
    return Field(
        name="milestone",
        label=_("Mốc"),
        kind="select",
        value=value,
        choices=choices,
        required=needed,
        errors=errors("milestone"),
    )
