"""The page of any record: what it says, where it stands, what its next step lacks, what belongs to it, and its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, MissingInformation, NotPermitted, StaleEdit
from banggiao.core.questions import Column, Page, ask, question_named
from banggiao.core.registers import Register, cells_of, find_record, register_named
from banggiao.core.transitions import Machine, Step
from banggiao.reports import actions
from banggiao.reports.records import related_lists
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, moment, refilling, refills, today, typed, version_sent
from banggiao.web.beside import beside, citations, is_followed, origin
from banggiao.web.beside_dispatches import dispatches_section
from banggiao.web.beside_escalations import escalations_section
from banggiao.web.field_words import asked_field, columns_by_field, field_label
from banggiao.web.frame import render
from banggiao.web.history import history, shown_value
from banggiao.web.notes import note_change
from banggiao.web.pages import EditPage, RecordPage
from banggiao.web.parts import (
    Action,
    Badge,
    Definition,
    Difference,
    FieldSet,
    Header,
    Link,
    MissingItem,
    NextStep,
    Section,
    StepAxis,
)
from banggiao.web.tables import cell_of, table_of, time_state
from banggiao.web.talk import talk_of
from banggiao.web.words import TONES, label, say, state_badge, told

RELATED_ROWS = 6
_AHEAD = {"good": 0, "active": 1}
#: Parameter -> the columns that would say again whose page this is.
_SAID = {"partner": ("partner", "partners", "parties")}


@require_safe
def show(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """The record as far as the viewer may know it; what is hidden reads as what does not exist."""
    book, record = found(request, register, key)
    viewer = asker(request)
    fields = (*book.fields, *book.page_fields)
    (_pk, cells), *_rest = cells_of(fields, book.model.objects.visible_to(viewer).filter(pk=record.pk), viewer)
    values = {f.column.key: v for f, v in zip(fields, cells, strict=True)}
    title = book.title_of(record).get(language())
    related = _related(book, record, request)
    exercise = record.exercise or any(row.exercise for section in related if section.table for row in section.table.rows)
    page = RecordPage(
        header=Header(
            title=title,
            kicker=" · ".join(
                filter(None, (book.one.get(language()), getattr(record, book.code_path, "") if book.code_path else ""))
            ),
            badges=_badges(book, record, values, request),
            actions=_edit_action(book, record, viewer),
            trail=(Link(label=book.title.get(language()), url=list_url(book.name)),),
        ),
        facts=_definitions(book, values, title, followed=is_followed(record)),
        version=record.version,
        steps=[axis_of(book, machine, record, viewer) for machine in book.machines],
        sections=[
            *citations(record, viewer),
            *beside(book, record, values, request),
            *escalations_section(book, record, viewer),
            *dispatches_section(book, record, viewer),
            *related,
        ],
        aside=[*origin(record), *history(book, record, viewer)],
        talk=talk_of(book, record, request),
        exercise=record.exercise,
    )
    return render(request, "record_page.html", page, exercise=exercise)


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """Change what may be changed by hand; a stale edit comes back with the differences and everything typed."""
    book, record = found(request, register, key)
    viewer = asker(request)
    if book.record_type not in actions.REVISE or not book.editable:
        raise NotPermitted(
            N_("Không sửa trực tiếp bản ghi của sổ này."),
            subject=str(record),
            remedy=N_("Hãy sửa ở tài liệu hoặc bộ dữ liệu gốc."),
        )
    viewer.require(book.edit_permission, subject=str(record))
    if request.method != "POST":
        return _form(request, book, record, {}, record.version)
    values = {name: typed(request, name) for name in book.editable if name in request.POST}
    version = version_sent(request)
    if refilling(request):
        return _form(request, book, record, values, version or record.version)
    try:
        changed = actions.revise(book, record, values=values, version=version, act=deed(request))
    except StaleEdit as error:
        record.refresh_from_db()
        return _form(request, book, record, merged(error, values), error.current_version, stale=error)
    except MissingInformation as error:
        return _form(request, book, record, values, version or record.version, wrong=error)
    note_change(request, _("Đã lưu. Thay đổi được ghi vào lịch sử của bản ghi."), book, changed)
    return redirect(record_url(book.record_type, record.pk))


def found(request: HttpRequest, register: str, key: str) -> tuple[Register, Any]:
    """The register and its record, or NotFound."""
    book = register_named(register)
    viewer = asker(request)
    viewer.require(book.permission, subject=register)
    return book, find_record(book, key, viewer)


def merged(error: StaleEdit, values: Mapping[str, str]) -> dict[str, str]:
    """What goes into the form after a stale edit: what was typed; what nobody typed is left out, so that what stands shows."""
    kept = dict(values)
    for difference in error.differences:
        if difference.field in kept and str(difference.mine or "") == str(difference.seen or ""):
            del kept[difference.field]
    return kept


def differences(book: Register, error: StaleEdit, viewer: Viewer) -> list[Difference]:
    """The fields that others changed, as the page shows them."""
    return [
        Difference(
            label=field_label(book, d.field),
            seen=shown_value(book, d.field, d.seen, viewer),
            mine=shown_value(book, d.field, d.mine, viewer),
            current=shown_value(book, d.field, d.current, viewer),
        )
        for d in error.differences
    ]


def step_url(book: Register, record: Any, action: str) -> str:
    """Where a step is taken."""
    return reverse("web:step", args=[book.name, record.pk, action])


def asked_by(machine: Machine, step: Step, record: Any) -> list[str]:
    """The fields a step's form asks for: what it takes, and what it needs and does not have; due dates move elsewhere."""
    if machine.name == "validation":
        return []
    missing = [name for name in step.needs if not getattr(record, name)]
    return [name for name in dict.fromkeys((*step.asks, *missing)) if name != "current_due"]


def _form(
    request: HttpRequest,
    book: Register,
    record: Any,
    values: Mapping[str, str],
    version: int,
    *,
    stale: StaleEdit | None = None,
    wrong: MissingInformation | None = None,
) -> HttpResponseBase:
    viewer = asker(request)
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    title = book.title_of(record).get(language())
    page = EditPage(
        header=Header(
            title=_("Sửa: %(title)s") % {"title": title},
            trail=(
                Link(label=book.title.get(language()), url=list_url(book.name)),
                Link(label=title, url=record_url(book.record_type, record.pk)),
            ),
        ),
        action=request.path,
        version=version,
        fieldsets=(
            FieldSet(
                title=_("Nội dung"),
                fields=[asked_field(book, record, n, viewer, typed=values, errors=problems.get(n, ())) for n in book.editable],
            ),
        ),
        submit=_("Lưu thay đổi"),
        cancel_url=record_url(book.record_type, record.pk),
        errors=(told(wrong),) if wrong else (),
        differences=differences(book, stale, viewer) if stale else (),
    )
    return render(request, "edit_form.html", page, status=412 if stale else 422 if wrong else 200, exercise=record.exercise)


def _edit_action(book: Register, record: Any, viewer: Viewer) -> tuple[Action, ...]:
    open_ = not getattr(record, "settled", False)
    made: list[Action] = []
    if is_followed(record) and viewer.may("exports.take"):
        sheet = reverse("web:record_paper", args=[book.name, record.pk, "docx"])
        made.append(Action(label=_("Phiếu theo dõi"), url=sheet, icon="download"))
    if open_ and book.editable and book.record_type in actions.REVISE and viewer.may(book.edit_permission):
        made.append(Action(label=_("Sửa"), url=reverse("web:edit", args=[book.name, record.pk]), icon="edit"))
    return tuple(made)


def _badges(book: Register, record: Any, values: Mapping[str, Any], request: HttpRequest) -> list[Badge]:
    columns = columns_by_field(book)
    found_badges = []
    for machine in book.machines:
        title, column = columns[machine.field]
        found_badges.append(state_badge(column.vocabulary, getattr(record, machine.field), title))
    timely = time_state(dict(values), today(request))
    if timely:
        found_badges.append(state_badge("timeliness", timely, _("Thời hạn")))
    if getattr(record, "evidence", "") == "recalled":
        found_badges.append(Badge(label=_("chưa kiểm chứng"), tone="risk", axis=_("Nguồn")))
    found_badges.append(Badge(label=label("classification", record.classification), axis=_("Độ mật")))
    return found_badges


def _definitions(book: Register, values: Mapping[str, Any], title: str, *, followed: bool) -> list[Definition]:
    """What the record says; states are badges, the title stands above, and the six clears have a section of their own."""
    from banggiao.web.beside import SIX_KEYS

    states = {machine.field for machine in book.machines}
    shown = []
    for field in (*book.fields, *book.page_fields):
        key, value = field.column.key, values[field.column.key]
        hidden = key in states or key == "code" or (followed and key in SIX_KEYS)
        cell = cell_of(field.column, value)
        if not hidden and (cell.value is not None or cell.links) and cell.value != title:
            shown.append(Definition(label=say(field.column.label), cell=cell, kind=_kind(field.column), unit=field.column.unit))
    return shown


def _kind(column: Column) -> Any:
    return {"number": "number", "percent": "percent", "date": "date", "flag": "bool"}.get(column.type, "text")


def axis_of(book: Register, machine: Machine, record: Any, viewer: Viewer) -> StepAxis:
    """Where the record stands on an axis, what its next step lacks, and the other steps the viewer may take."""
    title, column = columns_by_field(book)[machine.field]
    state = getattr(record, machine.field)
    tones = TONES.get(column.vocabulary, {})
    leaving = [step for step in machine.steps if state in step.sources]
    # What comes next is the way forward: no reason to give for it, and the nearer to a good end the better.
    ahead = sorted((s for s in leaving if not s.reason_required), key=lambda s: _AHEAD.get(tones.get(s.target, ""), 2))
    # Where each step asks for a reason, only trouble is led out of: to undo what is done, or end what runs, is no next step.
    onward = ahead or (leaving if tones.get(state) in ("risk", "bad") else [])
    upcoming = onward[0] if onward else None
    rest = [step for step in leaving if step is not upcoming and viewer.may(step.permission)]
    return StepAxis(
        title=title,
        state=state_badge(column.vocabulary, state),
        next=_next(book, machine, upcoming, record, viewer) if upcoming else None,
        others=[_step_action(book, machine, step, record, plain=True) for step in rest],
    )


def _next(book: Register, machine: Machine, step: Step, record: Any, viewer: Viewer) -> NextStep:
    missing = [
        MissingItem(label=say(problem.message), url=_remedy(book, machine, step, problem.field, record, viewer))
        for problem in machine.missing_for(record, step)
    ]
    action = _step_action(book, machine, step, record) if viewer.may(step.permission) else None
    return NextStep(label=say(step.label), missing=missing, action=action)


def _remedy(book: Register, machine: Machine, step: Step, field: str, record: Any, viewer: Viewer) -> str:
    """Where what is missing can be given: the due date by its own form, anything else with the step."""
    if field == "current_due":
        return reverse("web:due", args=[book.name, record.pk]) if viewer.may("followup.report") else ""
    if viewer.may(step.permission):
        return f"{step_url(book, record, step.action)}#field-{field}"
    return ""


def _step_action(book: Register, machine: Machine, step: Step, record: Any, *, plain: bool = False) -> Action:
    """A button that takes the step at once, or that leads to the form of what it asks for."""
    style: Any = "plain" if plain else "primary"
    url = step_url(book, record, step.action)
    if step.reason_required or asked_by(machine, step, record):
        return Action(label=say(step.label), url=url, style=style)
    return Action(label=say(step.label), url=url, method="post", style=style, fields=(("version", str(record.version)),))


def _related(book: Register, record: Any, request: HttpRequest) -> list[Section]:
    """The first rows of each list that holds what belongs to the record."""
    viewer, sections = asker(request), []
    for name, parameter in related_lists(book):
        question = question_named(name)
        if not viewer.may(question.permission):
            continue
        kind = next(p.kind for p in question.parameters if p.name == parameter)
        params = {parameter: str(record.pk) if kind == "id" else record.code}
        answer = ask(name, params, viewer, at=moment(request), page=Page(RELATED_ROWS)).listed()
        if answer.total:
            link = Link(label=_("Xem tất cả"), url=list_url(name, params))
            said = (*_SAID.get(parameter, (parameter,)), "period", "assignee", "validation_state")
            table = table_of(answer, today=today(request), without=said)
            sections.append(Section(id=name, title=answer.title.get(language()), link=link, table=table))
    return sections
