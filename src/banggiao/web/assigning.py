"""Tasks of a directive are given in one go, with what each lacks of the six clears; repeated asks are confirmed or rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from banggiao.commitments.models import Directive, Task
from banggiao.commitments.questions_repeated import repeated_of
from banggiao.commitments.questions_splitting import lacking, usual_of
from banggiao.commitments.services_splitting import assign_all, judge_repeated
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput, MissingInformation, NotFound
from banggiao.core.registers import find_record, register_named
from banggiao.followup.states import LABELS
from banggiao.reports.splitting import understood
from banggiao.web.addresses import record_url
from banggiao.web.asking import asker, deed, typed
from banggiao.web.frame import render
from banggiao.web.parts import Field, Link
from banggiao.web.parts_splitting import ParagraphRow, SplitPage, TaskForm
from banggiao.web.splitting import directive_of, header_of
from banggiao.web.words import say, state_badge, told

_MOST = 40
_CLEAR: tuple[str, ...] = ("lead_id", "person_in_charge", "responsibility", "product", "authority", "current_due")


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The tasks of a directive that are not given yet, with what of the six clears each lacks; those ticked are given."""
    directive = directive_of(request, key)
    viewer = asker(request)
    viewer.require("followup.assign", subject=str(directive))
    tasks = _waiting(directive, viewer)
    errors: list[str] = []
    lacks: dict[UUID, Sequence[str]] = {}
    if request.method == "POST":
        chosen, problems = _chosen(request, tasks, viewer)
        given, left = assign_all(act=deed(request), tasks=chosen) if not problems else ([], [])
        lacks = {task.pk: [p.field for p in e.problems] for task, e in left if isinstance(e, MissingInformation)}
        errors = [*problems, *(f"{task.code}: {told(error)}" for task, error in left)]
        if given:
            messages.success(
                request, ngettext("Đã giao %(n)d nhiệm vụ.", "Đã giao %(n)d nhiệm vụ.", len(given)) % {"n": len(given)}
            )
        if not errors:
            return redirect("web:directive_split", directive.pk)
        tasks = _waiting(directive, viewer)
    usual = usual_of([task.lead_id for task in tasks if task.lead_id], viewer)
    page = SplitPage(
        header=header_of(directive, _("Giao một lượt"), _("Đủ sáu rõ mới giao được; ô trống là phần còn thiếu.")),
        action=request.path,
        kpis=(),
        rows=[_row(request, task, usual.get(task.lead_id, {}) if task.lead_id else {}, lacks.get(task.pk, ())) for task in tasks],
        submit=_("Giao các nhiệm vụ đã chọn") if tasks else "",
        errors=errors,
        empty="" if tasks else _("Không còn nhiệm vụ nào chờ giao."),
    )
    return render(request, "split.html", page, status=422 if errors else 200, exercise=directive.exercise)


@require_POST
def judge(request: HttpRequest, key: UUID, earlier: UUID) -> HttpResponseBase:
    """Say whether a task asks again for what an earlier one asked."""
    viewer = asker(request)
    book = register_named("tasks")
    later: Task = find_record(book, str(key), viewer)
    before: Task = find_record(book, str(earlier), viewer)
    beside = next((each for each in repeated_of(later, viewer) if each.earlier.pk == before.pk), None)
    if beside is None:
        raise NotFound(N_("Không tìm thấy yêu cầu này."), subject=str(before), remedy=N_("Hãy tải lại trang."))
    same = typed(request, "same") == "yes"
    judge_repeated(act=deed(request), later=later, earlier=before, same=same, likeness=beside.likeness)
    messages.success(request, _("Đã ghi: yêu cầu được nhắc lại.") if same else _("Đã ghi: không phải yêu cầu nhắc lại."))
    return redirect(f"{record_url(later.record_type(), later.pk)}#asked-again")


def _waiting(directive: Directive, viewer: Viewer) -> list[Task]:
    rows = Task.objects.visible_to(viewer).filter(directive=directive, work_state="proposed")
    return list(rows.select_related("lead").order_by("pk")[:_MOST])


def _chosen(request: HttpRequest, tasks: Sequence[Task], viewer: Viewer) -> tuple[list[tuple[Task, dict[str, Any]]], list[str]]:
    """The ticked tasks with what was typed, and what could not be understood."""
    chosen: list[tuple[Task, dict[str, Any]]] = []
    problems: list[str] = []
    for task in tasks:
        if f"give-{task.pk.hex}" not in request.POST:
            continue
        given = {name: typed(request, f"{task.pk.hex}-{name}") for name in _CLEAR}
        row = {"text": task.text_vi, "lead": given["lead_id"], "due": given["current_due"]}
        try:
            (ask,) = understood({task.code: row}, viewer, exercise=task.exercise)
        except InvalidInput as error:
            problems += [f"{task.code}: {say(p.message)}" for p in error.problems]
            continue
        values = {name: given[name].strip() for name in ("person_in_charge", "responsibility", "product", "authority")}
        chosen.append((task, {**values, "lead_id": ask.lead, "current_due": ask.due}))
    return chosen, problems


def _row(request: HttpRequest, task: Task, usual: Mapping[str, str], lacks: Sequence[str]) -> ParagraphRow:
    mark = task.pk.hex
    posted = request.method == "POST"
    standing = {
        "lead_id": task.lead.name_vi if task.lead else "",
        "product": task.product,
        "current_due": "/".join(reversed(task.current_due.split("-"))),
        **{name: getattr(task, name) or usual.get(name, "") for name in ("person_in_charge", "responsibility", "authority")},
    }
    values = {name: typed(request, f"{mark}-{name}") if posted else standing[name] for name in _CLEAR}
    # What was filled in as in the last task of the body is looked at before it is given.
    chosen = f"give-{mark}" in request.POST if posted else not lacking(task)
    fields = [
        Field(
            name=f"{mark}-{name}",
            label=say(LABELS[name]),
            value=values[name],
            errors=(_("Còn thiếu."),) if name in lacks or (chosen and not values[name]) else (),
            suggest=reverse("web:choices", args=["institutions"]) + f"?into={mark}-lead_id" if name == "lead_id" else "",
        )
        for name in _CLEAR
    ]
    missing = ", ".join(say(LABELS[name]) for name in lacking(task))
    take = Field(
        name=f"give-{mark}", label=_("Giao %(code)s") % {"code": task.code}, kind="checkbox", value="yes", checked=chosen
    )
    return ParagraphRow(
        id=f"p-{task.pk}",
        number=task.enumerator,
        text=task.text_vi,
        badge=state_badge("work_state", task.work_state),
        proposals=(TaskForm(take=take, fields=fields, open=True),),
        said=_("còn thiếu: %(what)s") % {"what": missing} if missing else "",
        links=(Link(label=task.code, url=record_url(task.record_type(), task.pk)),),
    )
