"""Opening a round of progress reports: one data call to many bodies, each asked about its own duties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from banggiao.core.errors import MissingInformation
from banggiao.core.questions import Bi
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.services import create_call
from banggiao.partners.models import Institution
from banggiao.reports.progress_form import PROGRESS, leads_in, scope_of
from banggiao.web.addresses import record_url
from banggiao.web.asking import asker, deed, language, today, typed
from banggiao.web.data_calls import in_exercise, with_labels
from banggiao.web.frame import render
from banggiao.web.parts import Choice, Field, FieldSet, Header, Link
from banggiao.web.parts_grid import GridFormPage, TickBoxes, TickGroup
from banggiao.web.words import label, told

_FIELDS = ("name_vi", "purpose", "asker_id", "deadline", "scope", "period")


@require_http_methods(["GET", "HEAD", "POST"])
def open_round(request: HttpRequest) -> HttpResponseBase:
    """Draft a round; it is sent from the page of the call, and each body then finds its own form there."""
    viewer = asker(request)
    viewer.require("data_calls.edit")
    posted = request.method == "POST"
    values = {name: typed(request, name).strip() for name in _FIELDS}
    exercise = in_exercise(request)
    wrong: MissingInformation | None = None
    try:
        scope = scope_of(values["scope"], values["period"])
    except MissingInformation as error:
        scope, wrong = scope_of("", ""), error
    counts = leads_in(viewer, scope, today(request), exercise=exercise)
    rows = Institution.objects.visible_to(viewer).filter(pk__in=counts, valid_to="").exclude(kind="media")
    bodies = list(rows.order_by("sort_key", "pk"))
    ticked = {str(b.pk) for b in bodies if not posted or f"body-{b.pk}" in request.POST}
    if posted and wrong is None:
        chosen = [body for body in bodies if str(body.pk) in ticked]
        try:
            call = create_call(act=deed(request), values={**values, "form": PROGRESS}, addressees=chosen)
        except MissingInformation as error:
            wrong = error
        else:
            messages.success(request, _("Đã soạn vòng báo cáo. Hãy xem lại rồi bấm “Gửi đề nghị”."))
            return redirect(record_url(call.record_type(), call.pk))
    page = GridFormPage(
        header=Header(
            title=_("Mở vòng báo cáo"),
            subtitle=_("Mỗi cơ quan nhận phiếu in sẵn các việc của mình và trả lời bằng tệp hoặc ngay trên trang."),
            trail=(Link(label=_("Phiếu báo cáo tiến độ"), url=reverse("web:progress_forms")),),
        ),
        action=request.path,
        version=None,
        fieldsets=(FieldSet(title=_("Vòng báo cáo"), fields=_fields(request, values, wrong)),),
        boxes=_boxes(bodies, counts, ticked, wrong),
        submit=_("Soạn vòng báo cáo"),
        cancel_url=reverse("web:progress_forms"),
        errors=[told(wrong)] if wrong else [],
    )
    return render(request, "grid_form.html", page, status=422 if wrong else 200, exercise=exercise)


def _fields(request: HttpRequest, values: Mapping[str, str], wrong: MissingInformation | None) -> list[Field]:
    problems = with_labels(wrong)
    rows = Institution.objects.visible_to(asker(request)).filter(pk__in=asker(request).institutions).order_by("sort_key")
    askers = [
        Choice(value=str(b.pk), label=Bi(b.name_vi, b.name_en).get(language()), selected=str(b.pk) == values["asker_id"])
        for b in rows
    ]
    scopes = [
        Choice(value=code, label=text, selected=code == values["scope"])
        for code, text in vocabulary("progress_scope").choices(language())
    ]

    def field(name: str, title: str, **more: Any) -> Field:
        return Field(name=name, label=title, value=values[name], errors=problems.get(name, ()), **more)

    return [
        field("name_vi", _("Tên vòng báo cáo"), required=True, help=_("Ví dụ: Vòng báo cáo tiến độ quý IV năm 2025.")),
        field("purpose", _("Mục đích"), kind="textarea", required=True),
        field("asker_id", _("Cơ quan đề nghị"), kind="select", choices=askers, required=True),
        field("deadline", _("Hạn trả lời"), kind="date", required=True),
        field("scope", _("Phạm vi"), kind="select", choices=scopes),
        field("period", _("Chỉ việc đến hạn trong kỳ"), help=_("Ví dụ: 2025-H2, 2025-Q4, 2026.")),
    ]


def _boxes(bodies: list[Institution], counts: Mapping[Any, int], ticked: set[str], wrong: MissingInformation | None) -> TickBoxes:
    by_kind: dict[str, list[Institution]] = {}
    for body in bodies:
        by_kind.setdefault(body.kind, []).append(body)
    groups = []
    for kind, members in by_kind.items():
        ticks = [
            Field(
                name=f"body-{body.pk}",
                label=_("%(name)s (%(n)d việc)") % {"name": Bi(body.name_vi, body.name_en).get(language()), "n": counts[body.pk]},
                kind="checkbox",
                value="yes",
                checked=str(body.pk) in ticked,
            )
            for body in members
        ]
        note = _("%(n)d trên %(all)d đã chọn") % {"n": sum(t.checked for t in ticks), "all": len(ticks)}
        groups.append(TickGroup(title=label("institution_kind", kind), ticks=ticks, note=note, open=len(members) < 12))
    return TickBoxes(
        title=_("Nơi nhận"),
        groups=groups,
        help=_("Cơ quan chủ trì việc trong phạm vi. Cơ quan phối hợp không chủ trì việc nào thì tải phiếu riêng."),
        errors=with_labels(wrong).get("addressees", ()),
    )
