"""The forms that add a line to a record, change one or take one out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from banggiao.core.errors import MissingInformation, StaleEdit
from banggiao.core.lines import Lines, find_line, lines_named, remove_line
from banggiao.core.questions import Bi
from banggiao.core.registers import Register
from banggiao.core.vocabulary import vocabulary
from banggiao.reports import lines as entering
from banggiao.reports.entry import Asked, asked
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, typed, version_sent
from banggiao.web.field_words import field_label
from banggiao.web.frame import render
from banggiao.web.line_sections import line_route
from banggiao.web.pages import EditPage
from banggiao.web.parts import Action, Choice, Field, FieldSet, Header, Link
from banggiao.web.records import differences, found, merged
from banggiao.web.tables import cell_of
from banggiao.web.words import say, told


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, register: str, key: str, part: str) -> HttpResponseBase:
    """Add a line; who ticks so gets the form again for the next one."""
    book, record = found(request, register, key)
    lines, viewer = lines_named(book.record_type, part), asker(request)
    viewer.require(lines.book.edit_permission, subject=str(record))
    title = _("Thêm: %(what)s") % {"what": lines.book.one.get(language()).lower()}
    if request.method != "POST":
        start = {name: request.GET[name] for name in lines.book.entry if name in request.GET}
        return _form(request, book, record, lines, title, start, again=bool(request.GET.get("again")))
    values, again = _typed(request, lines), bool(request.POST.get("again"))
    try:
        entering.enter(lines, record, values=values, act=deed(request))
    except MissingInformation as error:
        return _form(request, book, record, lines, title, values, wrong=error, again=again)
    messages.success(request, _("Đã thêm: %(what)s.") % {"what": lines.book.one.get(language()).lower()})
    return redirect(request.path + "?again=yes" if again else f"{record_url(book.record_type, record.pk)}#{lines.name}")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, register: str, key: str, part: str, line: UUID) -> HttpResponseBase:
    """Change a line; one that is kept as written can only be taken out here."""
    book, record = found(request, register, key)
    lines, viewer = lines_named(book.record_type, part), asker(request)
    viewer.require(lines.book.edit_permission, subject=str(record))
    row = find_line(lines, record, line, viewer)
    title = _("Sửa: %(what)s") % {"what": lines.book.one.get(language()).lower()}
    if lines.kept_as_written:
        return _removal(request, book, record, lines, row)
    if request.method != "POST":
        stands = {name: entering.as_typed(row, name, viewer) for name in lines.book.entry}
        return _form(request, book, record, lines, title, stands, row=row, version=row.version)
    values, version = _typed(request, lines), version_sent(request)
    try:
        entering.change(lines, record, row, values=values, version=version, act=deed(request))
    except StaleEdit as error:
        row.refresh_from_db()
        kept = {**{name: entering.as_typed(row, name, viewer) for name in lines.book.entry}, **merged(error, values)}
        return _form(request, book, record, lines, title, kept, row=row, version=error.current_version, stale=error)
    except MissingInformation as error:
        return _form(request, book, record, lines, title, values, row=row, version=version, wrong=error)
    messages.success(request, _("Đã lưu. Thay đổi được ghi vào lịch sử của bản ghi."))
    return redirect(f"{record_url(book.record_type, record.pk)}#{lines.name}")


@require_POST
def remove(request: HttpRequest, register: str, key: str, part: str, line: UUID) -> HttpResponseBase:
    """Take a line out; what it said stays in the history."""
    book, record = found(request, register, key)
    lines = lines_named(book.record_type, part)
    row = find_line(lines, record, line, asker(request))
    act = deed(request, typed(request, "reason").strip())
    try:
        remove_line(act=act, lines=lines, parent=record, line=row, version=version_sent(request))
    except StaleEdit:
        raise
    except MissingInformation as error:
        return _removal(request, book, record, lines, row, wrong=error)
    messages.success(request, _("Đã gỡ: %(what)s.") % {"what": lines.book.one.get(language()).lower()})
    return redirect(record_url(book.record_type, record.pk))


def _form(
    request: HttpRequest,
    book: Register,
    record: Any,
    lines: Lines,
    title: str,
    values: Mapping[str, str],
    *,
    row: Any = None,
    version: int | None = None,
    wrong: MissingInformation | None = None,
    stale: StaleEdit | None = None,
    again: bool = False,
) -> HttpResponseBase:
    viewer, here = asker(request), record_url(book.record_type, record.pk)
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    fields = [
        form_field(
            lines.book,
            asked(lines.book, name),
            values.get(name, ""),
            problems.get(name, ()),
            entering.choices(lines, record, name, viewer),
        )
        for name in lines.book.entry
    ]
    if row is None:
        fields.append(Field(name="again", label=_("Lưu rồi nhập tiếp dòng nữa"), kind="checkbox", value="yes", checked=again))
    removal = () if row is None else (_removing(record, lines, row),)
    page = EditPage(
        header=_header(book, record, title, removal),
        action=request.path,
        version=version,
        fieldsets=(FieldSet(title=lines.book.one.get(language()), fields=fields),),
        submit=_("Lưu thay đổi") if row is not None else _("Thêm"),
        cancel_url=here,
        errors=(told(wrong), *_elsewhere(lines, problems)) if wrong else (),
        differences=differences(lines.book, stale, viewer) if stale else (),
    )
    return render(request, "edit_form.html", page, status=412 if stale else 422 if wrong else 200, exercise=record.exercise)


def _removal(
    request: HttpRequest, book: Register, record: Any, lines: Lines, row: Any, wrong: MissingInformation | None = None
) -> HttpResponseBase:
    """The form that takes out a line that is kept as written: with a reason."""
    problems = [say(p.message) for p in wrong.problems] if wrong else []
    reason = Field(
        name="reason",
        label=_("Lý do"),
        kind="textarea",
        value=typed(request, "reason"),
        required=True,
        errors=problems,
        help=_("Lý do được ghi vào lịch sử của bản ghi."),
    )
    cells = dict(entering.shown(lines, record, asker(request)))[row]
    said = [
        str(cell.value)
        for field, value in zip(lines.book.fields, cells, strict=True)
        if (cell := cell_of(field.column, value)).value
    ]
    title = _("Gỡ: %(what)s") % {"what": lines.book.one.get(language()).lower()}
    page = EditPage(
        header=_header(book, record, title),
        action=line_route("remove_line", record, lines, row.pk),
        version=row.version,
        fieldsets=(FieldSet(title=lines.book.one.get(language()), fields=(reason,), help=" · ".join(said)),),
        submit=title,
        cancel_url=record_url(book.record_type, record.pk),
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "edit_form.html", page, status=422 if wrong else 200, exercise=record.exercise)


def _header(book: Register, record: Any, title: str, actions: Sequence[Action] = ()) -> Header:
    name = book.title_of(record).get(language())
    trail = (
        Link(label=book.title.get(language()), url=list_url(book.name)),
        Link(label=name, url=record_url(book.record_type, record.pk)),
    )
    return Header(title=title, subtitle=name, trail=trail, actions=actions)


def _removing(record: Any, lines: Lines, row: Any) -> Action:
    return Action(
        label=_("Gỡ dòng này"),
        url=line_route("remove_line", record, lines, row.pk),
        method="post",
        style="danger",
        confirm=_("Gỡ dòng này khỏi hồ sơ? Nội dung vẫn còn trong lịch sử."),
        fields=(("version", str(row.version)),),
    )


def form_field(
    book: Register, each: Asked, value: str, errors: Sequence[str], offered: Sequence[tuple[str, Bi]] | None = None
) -> Field:
    """The form field for what is asked, filled with what was typed; `offered` are the records it is chosen from."""
    common: dict[str, Any] = {
        "name": each.name,
        "label": field_label(book, each.name),
        "errors": tuple(errors),
        "required": each.required,
    }
    if each.vocabulary:
        pairs = vocabulary(each.vocabulary).choices(language())
        return Field(kind="select", value=value, choices=_choices(pairs, value), **common)
    if offered is not None:
        pairs = [(pk, title.get(language())) for pk, title in offered]
        return Field(kind="select", value=value, choices=_choices(pairs, value), **common)
    if each.kind == "flag":
        return Field(kind="checkbox", value="yes", checked=value == "yes", **common)
    if each.kind == "record":
        return Field(value=value, help=_("Viết đúng tên như trong sổ; để trống nếu không có."), **common)
    if each.kind in ("date", "due"):
        return Field(value=value, help=_("Viết NN/TT/NNNN; nếu chưa rõ ngày thì TT/NNNN hoặc NNNN."), **common)
    if each.name == "time":
        return Field(value=value, help=_("Viết như 08:30."), **common)
    return Field(kind="textarea" if each.kind == "long" and not 0 < each.longest <= 500 else "text", value=value, **common)


def _choices(pairs: Sequence[tuple[str, str]], value: str) -> list[Choice]:
    first = [] if any(code == "" for code, _label in pairs) else [Choice(value="", label=_("(chưa chọn)"), selected=not value)]
    return [*first, *(Choice(value=code, label=text, selected=code == value) for code, text in pairs)]


def _typed(request: HttpRequest, lines: Lines) -> dict[str, str]:
    """What the form sent; a box that was not ticked sends nothing and means no."""
    return {name: typed(request, name).strip() for name in lines.book.entry}


def _elsewhere(lines: Lines, problems: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{field_label(lines.book, n)}: {' '.join(texts)}" for n, texts in problems.items() if n not in lines.book.entry]
