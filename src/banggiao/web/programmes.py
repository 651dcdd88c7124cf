"""Work programmes of missions beyond their register: a task given to the register of tasks, the call for half-year reports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from banggiao.core.errors import MissingInformation
from banggiao.core.lines import find_line
from banggiao.core.periods import period_holding
from banggiao.core.questions import Bi
from banggiao.partners.models import Institution
from banggiao.programmes.lines import TASKS
from banggiao.programmes.questions import PROGRAMMES
from banggiao.programmes.services import call_reports, give_task, missions_of
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, today, typed, version_sent
from banggiao.web.data_calls import in_exercise, with_labels
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import Choice, Field, FieldSet, Header, Link
from banggiao.web.records import found
from banggiao.web.words import told


@require_POST
def give(request: HttpRequest, key: Any, line: Any) -> HttpResponseBase:
    """A task of a programme enters the register of tasks."""
    _book, programme = found(request, PROGRAMMES.name, str(key))
    row = find_line(TASKS, programme, line, asker(request))
    task = give_task(act=deed(request), programme=programme, line=row, version=version_sent(request))
    messages.success(request, _("Đã đưa vào sổ nhiệm vụ. Hãy làm rõ người, sản phẩm, thẩm quyền rồi giao việc."))
    return redirect(record_url(task.record_type(), task.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest) -> HttpResponseBase:
    """Call on all missions for their reports of a period; they find the form in their inbox."""
    viewer = asker(request)
    viewer.require("programmes.approve")
    names = ("period", "deadline", "asker_id", "purpose")
    values = {name: typed(request, name).strip() for name in names}
    wrong: MissingInformation | None = None
    if request.method == "POST":
        try:
            call = call_reports(
                act=deed(request),
                asker_id=values["asker_id"],
                period=values["period"],
                deadline=values["deadline"],
                purpose=values["purpose"],
            )
        except MissingInformation as error:
            wrong = error
        else:
            messages.success(request, _("Đã gửi đề nghị báo cáo tới các cơ quan đại diện."))
            return redirect(record_url(call.record_type(), call.pk))
    else:
        values["period"] = period_holding(today(request)).code
    count = missions_of(exercise=in_exercise(request)).count()
    page = EditPage(
        header=Header(
            title=_("Gọi báo cáo của các cơ quan đại diện"),
            subtitle=_("Gửi ngay tới %(n)d cơ quan đại diện, theo mẫu chung.") % {"n": count},
            trail=(Link(label=PROGRAMMES.title.get(language()), url=list_url(PROGRAMMES.name)),),
        ),
        action=request.path,
        version=None,
        fieldsets=(FieldSet(title=_("Đợt báo cáo"), fields=_fields(request, values, wrong)),),
        submit=_("Gửi đề nghị"),
        cancel_url=list_url("programmes_by_mission"),
        errors=[told(wrong)] if wrong else [],
    )
    return render(request, "edit_form.html", page, status=422 if wrong else 200, exercise=in_exercise(request))


def _fields(request: HttpRequest, values: dict[str, str], wrong: MissingInformation | None) -> list[Field]:
    problems = with_labels(wrong)
    rows = Institution.objects.visible_to(asker(request)).filter(pk__in=asker(request).institutions).order_by("sort_key")
    askers = [
        Choice(value=str(b.pk), label=Bi(b.name_vi, b.name_en).get(language()), selected=str(b.pk) == values["asker_id"])
        for b in rows
    ]

    def field(name: str, title: str, **more: Any) -> Field:
        return Field(name=name, label=title, value=values[name], errors=problems.get(name, ()), **more)

    return [
        field("period", _("Kỳ báo cáo"), required=True, help=_("Ví dụ: 2026-H1 hoặc 2026.")),
        field("deadline", _("Hạn trả lời"), kind="date", required=True),
        field("asker_id", _("Cơ quan đề nghị"), kind="select", choices=askers, required=True),
        field("purpose", _("Mục đích"), kind="textarea", help=_("Để trống thì dùng câu chung của đợt báo cáo.")),
    ]
