"""Taking a step of a record's state: at once, or with the form of what the step asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from banggiao.core.errors import N_, MissingInformation, StaleEdit, WrongState
from banggiao.core.registers import Register
from banggiao.core.transitions import Step
from banggiao.reports.actions import step_named, take_step
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, refilling, refills, safe_next, typed, version_sent
from banggiao.web.field_words import asked_field, field_label
from banggiao.web.frame import render
from banggiao.web.notes import note_change
from banggiao.web.pages import EditPage
from banggiao.web.parts import Field, FieldSet, Header, Link
from banggiao.web.records import asked_by, differences, found, merged
from banggiao.web.words import say, told


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, register: str, key: str, action: str) -> HttpResponseBase:
    """The form of a step, and the step itself."""
    book, record = found(request, register, key)
    machine, step = step_named(book, action, subject=str(record))
    asker(request).require(step.permission, subject=str(record))
    names = asked_by(machine, step, record)
    if request.method != "POST":
        if getattr(record, machine.field) not in step.sources:
            raise WrongState(
                N_("Không thể “%(step)s” khi đang ở trạng thái này."),
                step=step.label,
                subject=str(record),
                remedy=N_("Hãy tải lại trang để xem các bước đang được phép."),
            )
        given = {name: request.GET[name] for name in (*names, "reason") if request.GET.get(name)}
        return _form(request, book, record, step, names, given, record.version)
    values = {name: typed(request, name) for name in names if typed(request, name)}
    reason, version = typed(request, "reason").strip(), version_sent(request)
    if refilling(request):
        return _form(request, book, record, step, names, {**values, "reason": reason}, version or record.version)
    try:
        taken = take_step(book, record, action=action, version=version, values=values, act=deed(request, reason))
    except StaleEdit as error:
        record.refresh_from_db()
        kept = {**merged(error, values), "reason": reason}
        return _form(request, book, record, step, names, kept, error.current_version, stale=error)
    except MissingInformation as error:
        return _form(request, book, record, step, names, {**values, "reason": reason}, version or record.version, wrong=error)
    note_change(request, _("Đã ghi nhận: %(step)s.") % {"step": say(step.label)}, book, taken)
    back = request.POST.get("back", "")
    return redirect(safe_next(request, back) if back else record_url(book.record_type, record.pk))


def _form(
    request: HttpRequest,
    book: Register,
    record: Any,
    step: Step,
    names: list[str],
    values: Mapping[str, str],
    version: int,
    *,
    stale: StaleEdit | None = None,
    wrong: MissingInformation | None = None,
) -> HttpResponseBase:
    viewer, here = asker(request), record_url(book.record_type, record.pk)
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(_("Cần có: %(what)s.") % {"what": say(problem.message)})
    fields = [
        asked_field(book, record, n, viewer, typed=values, errors=problems.get(n, ()), required=n in step.needs) for n in names
    ]
    fields.append(
        Field(
            name="reason",
            label=_("Lý do"),
            kind="textarea",
            value=values.get("reason", ""),
            required=step.reason_required,
            errors=problems.get("reason", ()),
            help=_("Lý do được ghi vào lịch sử của bản ghi."),
        )
    )
    if back := request.POST.get("back", "") or request.GET.get("back", ""):
        fields.append(Field(name="back", label="", kind="hidden", value=back))
    elsewhere = [
        f"{field_label(book, n)}: {' '.join(texts)}" for n, texts in problems.items() if n not in names and n != "reason"
    ]
    title = book.title_of(record).get(language())
    page = EditPage(
        header=Header(
            title=say(step.label),
            subtitle=title,
            trail=(Link(label=book.title.get(language()), url=list_url(book.name)), Link(label=title, url=here)),
        ),
        action=request.path,
        version=version,
        fieldsets=(FieldSet(title=say(step.label), fields=fields),),
        submit=say(step.label),
        cancel_url=safe_next(request, back) if back else here,
        errors=(told(wrong), *elsewhere) if wrong else (),
        differences=differences(book, stale, viewer) if stale else (),
    )
    return render(request, "edit_form.html", page, status=412 if stale else 422 if wrong else 200, exercise=record.exercise)
