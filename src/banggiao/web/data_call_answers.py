"""Answering a data call: the form on a page, the form as a file, and the file read back row by row before anything is written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from banggiao.core.errors import N_, BangGiaoError, FieldProblem, InvalidInput, MissingInformation, NotFound, StaleEdit
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.asked import MOST_ROWS, AnswerRow, Asked, read_rows, rows_of, understood
from banggiao.followup.data_calls.form_docx import write_docx
from banggiao.followup.data_calls.form_words import columns_of, shown
from banggiao.followup.data_calls.form_xlsx import write_xlsx
from banggiao.followup.data_calls.models import DataCallAnswer
from banggiao.followup.data_calls.questions import DATA_CALL_ANSWERS, DATA_CALLS, answer_of_body
from banggiao.followup.data_calls.returned import Compared, code_in, compare_rows, merged, read_form, rows_at
from banggiao.followup.data_calls.services import move_answer, require_fillable, save_rows
from banggiao.followup.dispatches.questions import dispatches_of
from banggiao.reports.progress_form import PROGRESS
from banggiao.web import progress_forms
from banggiao.web.addresses import record_url
from banggiao.web.asking import asker, deed, language, typed, version_sent
from banggiao.web.beside_data_calls import row_text
from banggiao.web.data_calls import file_response, file_sent
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import Badge, Cell, Choice, Field, FieldSet, Header, Link, Section, Table, TableColumn, TableRow, Tone
from banggiao.web.parts_grid import Grid, GridColumn, GridFormPage, GridRow
from banggiao.web.records import found
from banggiao.web.words import label, say, told

_SPARE = 3


@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, key: Any) -> HttpResponseBase:
    """The rows of an answer as a form; saved as a draft, or saved and sent."""
    _book, answer = found(request, DATA_CALL_ANSWERS.name, str(key))
    require_fillable(deed(request), answer)
    if answer.call.form == PROGRESS:
        return progress_forms.fill(request, answer)
    if request.method != "POST":
        return _grid(request, answer, rows_of(answer.rows))
    columns = columns_of(answer)
    lines = _typed_rows(request, columns)
    if "more" in request.POST:
        return _grid(request, answer, lines, typed_in=True, version=version_sent(request))
    rows, problems = read_rows(columns, lines, understood)
    if problems:
        return _grid(request, answer, lines, typed_in=True, problems=problems, version=version_sent(request))
    return _write(request, answer, rows, version_sent(request))


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, key: Any) -> HttpResponseBase:
    """A returned form of one answer: choose the file, see what it changes row by row, then confirm."""
    _book, answer = found(request, DATA_CALL_ANSWERS.name, str(key))
    require_fillable(deed(request), answer)
    if answer.call.form == PROGRESS:
        return progress_forms.returned(request)
    if request.method != "POST":
        return _ask_file(request, answer.title_vi, record_url(answer.record_type(), answer.pk), answer.exercise)
    if "returned" in request.POST:
        return _confirmed(request, answer)
    return _read_back(request, answer, *file_sent(request))


@require_http_methods(["GET", "HEAD", "POST"])
def take_any_back(request: HttpRequest, key: Any) -> HttpResponseBase:
    """A returned form of any body that a call went to: the code in the file says whose it is."""
    _book, call = found(request, DATA_CALLS.name, str(key))
    asker(request).require("data_calls.answer", subject=str(call))
    if call.form == PROGRESS:
        return progress_forms.returned(request)
    here = record_url(call.record_type(), call.pk)
    if request.method != "POST":
        return _ask_file(request, call.name_vi, here, call.exercise)
    data, name = file_sent(request)
    try:
        code = code_in(data)
        if code.call != call.code:
            raise InvalidInput(
                N_("Phiếu này thuộc đề nghị khác (%(call)s)."), call=code.call, remedy=N_("Hãy mở đúng đề nghị ghi trong tệp.")
            )
        answer = answer_of_body(call, code.body, asker(request))
    except BangGiaoError as error:
        return _ask_file(request, call.name_vi, here, call.exercise, error)
    require_fillable(deed(request), answer)
    return _read_back(request, answer, data, name)


@require_safe
def form_file(request: HttpRequest, key: Any, form: str) -> HttpResponseBase:
    """The form of an answer to be filled in Excel or Word and returned."""
    _book, answer = found(request, DATA_CALL_ANSWERS.name, str(key))
    require_fillable(deed(request), answer)
    if answer.call.form == PROGRESS:
        return progress_forms.answer_file(request, answer, form)
    writers = {"xlsx": write_xlsx, "docx": write_docx}
    if form not in writers:
        raise NotFound(N_("Không có định dạng “%(form)s”."), form=form, remedy=N_("Hãy chọn xlsx hoặc docx."))
    sent = dispatches_of(answer.call_id, asker(request)).filter(direction="out").first()
    letter = f"{sent.number}, {shown(Asked('', '', 'date'), sent.day, language())}" if sent else ""
    content = writers[form](answer, language=language(), letter=letter)
    return file_response(content, f"{answer.call.code}-{answer.institution.code}-v{answer.version}.{form}")


def _write(request: HttpRequest, answer: DataCallAnswer, rows: Sequence[AnswerRow], version: int | None) -> HttpResponseBase:
    """Save, and send when that was asked; somebody else's change in between is shown row by row and nothing is lost."""
    try:
        saved = save_rows(act=deed(request), answer=answer, rows=rows, version=version)
    except StaleEdit:
        return _review(request, answer, list(rows), (), version or 1, status=412)
    except InvalidInput as error:
        return _grid(request, answer, list(rows), typed_in=False, problems=error.problems, version=version)
    if request.POST.get("send"):
        try:
            move_answer(act=deed(request), answer=saved, action="submit", version=saved.version)
        except MissingInformation as error:
            said = " ".join(say(problem.message) for problem in error.problems)
            messages.warning(request, _("Đã lưu nháp nhưng chưa gửi được. %(why)s") % {"why": said})
            return redirect(reverse("web:answer_fill", args=[saved.pk]))
        messages.success(request, _("Đã lưu và gửi phiếu cho cơ quan đề nghị."))
    else:
        messages.success(request, _("Đã lưu phiếu ở dạng nháp. Cơ quan đề nghị tính là đã trả lời khi phiếu được gửi."))
    return redirect(record_url(saved.record_type(), saved.pk))


def _read_back(request: HttpRequest, answer: DataCallAnswer, data: bytes, name: str) -> HttpResponseBase:
    here = record_url(answer.record_type(), answer.pk)
    try:
        form = read_form(data, answer)
    except BangGiaoError as error:
        error.subject = error.subject or name[:120]
        return _ask_file(request, answer.title_vi, here, answer.exercise, error)
    if form.problems:
        columns = {c.key: c.label for c in columns_of(answer)}
        said = [_placed(problem, columns) for problem in form.problems[:50]]
        return _ask_file(request, answer.title_vi, here, answer.exercise, more=said)
    return _review(request, answer, list(form.rows), form.places, form.code.version)


def _confirmed(request: HttpRequest, answer: DataCallAnswer) -> HttpResponseBase:
    rows, base = _payload(request)
    version = version_sent(request)
    if version != answer.version:
        return _review(request, answer, rows, (), base, status=412)
    compared = compare_rows(rows_at(answer, base), rows, rows_of(answer.rows))
    try:
        kept = merged(compared, {each.id: typed(request, f"take-{each.id}") for each in compared})
    except InvalidInput as error:
        return _review(request, answer, rows, (), base, wrong=error, status=422)
    return _write(request, answer, kept, version)


def _review(
    request: HttpRequest,
    answer: DataCallAnswer,
    rows: list[AnswerRow],
    places: Sequence[str],
    base: int,
    *,
    status: int = 200,
    wrong: InvalidInput | None = None,
) -> HttpResponseBase:
    """What a form, or an edit made meanwhile, changes: row by row, conflicts to be decided, nothing written yet."""
    answer.refresh_from_db()
    compared = compare_rows(rows_at(answer, base), rows, rows_of(answer.rows), places)
    columns = columns_of(answer)
    conflicts = [each for each in compared if each.standing == "conflict"]
    choices = [_choose(request, each.id) for each in conflicts]
    payload = json.dumps({"version": base, "rows": [{"id": r.id, "values": dict(r.values)} for r in rows]}, ensure_ascii=False)
    hidden = Field(name="returned", label="", kind="hidden", value=payload)
    note = _("Hai bên cùng sửa dòng này sau khi phiếu được tải về. Hãy chọn giữ bản nào; bản kia vẫn còn trong lịch sử.")
    page = GridFormPage(
        header=Header(
            title=_("Xem lại trước khi ghi"),
            subtitle=answer.title_vi if language() == "vi" else answer.title_en,
            trail=_trail(answer),
        ),
        action=reverse("web:answer_returned", args=[answer.pk]),
        version=answer.version,
        sections=(
            Section(
                id="rows",
                title=_("Từng dòng của phiếu"),
                meta=_("chưa có gì được ghi"),
                table=_compared_table(compared, columns),
                text="" if compared else _("Phiếu không có dòng nào."),
            ),
        ),
        fieldsets=(
            FieldSet(
                title=_("Dòng mâu thuẫn") if conflicts else _("Xác nhận"),
                fields=(*choices, hidden),
                help=note if conflicts else _("Các dòng ghi là thay đổi sẽ được ghi vào phiếu khi bạn xác nhận."),
            ),
        ),
        submit=_("Ghi vào phiếu"),
        also=("send", _("Ghi và gửi phiếu")),
        cancel_url=record_url(answer.record_type(), answer.pk),
        errors=[told(wrong)]
        if wrong
        else [_("Có người đã sửa phiếu này sau khi bạn mở. Chưa có gì bị ghi đè.")] * (status == 412),
    )
    return render(request, "grid_form.html", page, status=status, exercise=answer.exercise)


def _STALE() -> str:  # noqa: N802  a message said in the language of the request
    return _("Có người đã sửa phiếu này sau khi bạn mở. Chưa có gì bị ghi đè.")


def _choose(request: HttpRequest, row_id: str) -> Field:
    """Which of two versions of a row is kept."""
    chosen = typed(request, f"take-{row_id}")
    pairs = (
        ("", _("(chưa chọn)")),
        ("mine", _("Lấy theo tệp hoặc nội dung vừa nhập")),
        ("current", _("Giữ nội dung hiện tại")),
    )
    choices = [Choice(value=value, label=text, selected=value == chosen) for value, text in pairs]
    title = _("Dòng %(id)s") % {"id": row_id}
    return Field(name=f"take-{row_id}", label=title, kind="select", required=True, choices=choices)


def _compared_table(compared: Sequence[Compared], columns: Sequence[Asked]) -> Table:
    tones: dict[str, Tone] = {"conflict": "bad", "changed": "active", "new": "active", "removed": "risk", "theirs": "risk"}
    rows = []
    for each in compared:
        standing = label("returned_row", each.standing)
        cells = (
            Cell(value=each.id or _("mới")),
            Cell(value=standing, badge=Badge(label=standing, tone=tones.get(each.standing, "neutral"))),
            Cell(value=row_text(columns, each.mine) if each.standing != "theirs" else None),
            Cell(value=row_text(columns, each.current) if each.standing not in ("new", "same") else None),
        )
        rows.append(TableRow(cells=cells))
    heads = (
        TableColumn(key="id", label=_("Dòng"), kind="code"),
        TableColumn(key="standing", label=_("Thay đổi")),
        TableColumn(key="mine", label=_("Theo tệp hoặc vừa nhập"), lead=True),
        TableColumn(key="current", label=_("Hiện đang ghi")),
    )
    return Table(caption=_("Từng dòng của phiếu"), columns=heads, rows=rows)


def _grid(
    request: HttpRequest,
    answer: DataCallAnswer,
    rows: list[AnswerRow],
    *,
    typed_in: bool = False,
    problems: Sequence[FieldProblem] = (),
    version: int | None = None,
) -> HttpResponseBase:
    call, columns = answer.call, columns_of(answer)
    many = call.many_rows
    lines = list(rows)
    more = _SPARE if many and (not typed_in or "more" in request.POST) else 0
    lines += [AnswerRow("", {})] * (min(more, MOST_ROWS - len(lines)) if many else max(0, 1 - len(lines)))
    wrong: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        _rows, place, key = (*problem.field.split("."), "", "")[:3]
        wrong.setdefault((place, key), []).append(say(problem.message))
    cells = [
        GridRow(
            cells=[_cell(column, n, row, typed_in, wrong.get((str(n + 1), column.key), ())) for column in columns],
            hidden=(Field(name=f"r{n}-id", label="", kind="hidden", value=row.id),)
            + ((Field(name="lines", label="", kind="hidden", value=str(len(lines))),) if n == 0 else ()),
        )
        for n, row in enumerate(lines)
    ]
    page = GridFormPage(
        header=Header(
            title=_("Điền phiếu trả lời"),
            subtitle=answer.title_vi if language() == "vi" else answer.title_en,
            trail=_trail(answer),
        ),
        action=reverse("web:answer_fill", args=[answer.pk]),
        version=version or answer.version,
        sections=(Section(id="purpose", title=_("Nội dung đề nghị"), text=call.purpose),) if call.purpose else (),
        grid=Grid(
            title=_("Nội dung trả lời"),
            help=_("Số viết như 1.234,5; ngày viết như 15/9/2025. Dòng để trống không được ghi."),
            columns=[
                GridColumn(label=c.label, unit=c.unit, required=c.required, narrow=c.kind in ("number", "date")) for c in columns
            ],
            rows=cells,
            more=_("Thêm dòng") if many and len(lines) < MOST_ROWS else "",
        ),
        submit=_("Lưu nháp"),
        also=("send", _("Lưu và gửi phiếu")),
        cancel_url=record_url(answer.record_type(), answer.pk),
        errors=(_("Phiếu có ô chưa hợp lệ. Chưa có gì được ghi."), *_unplaced(problems)) if problems else (),
    )
    return render(request, "grid_form.html", page, status=422 if problems else 200, exercise=answer.exercise)


def _cell(column: Asked, n: int, row: AnswerRow, typed_in: bool, errors: Sequence[str]) -> Field:
    kept = row.values.get(column.key, "")
    title = _("%(column)s, dòng %(n)d") % {"column": column.label, "n": n + 1}
    common: dict[str, Any] = {"name": f"r{n}-{column.key}", "label": title, "errors": tuple(errors)}
    if column.kind == "choice":
        pairs = [("", "–"), *vocabulary(column.terms).choices(language())]
        return Field(
            kind="select", value=kept, choices=[Choice(value=c, label=t, selected=c == kept) for c, t in pairs], **common
        )
    if column.kind == "date" and len(kept) in (0, 10) and not errors:
        return Field(kind="date", value=kept, **common)
    value = kept if typed_in else shown(column, kept, language())
    return Field(kind="textarea" if column.kind == "text" else "text", value=value, **common)


def _typed_rows(request: HttpRequest, columns: Sequence[Asked]) -> list[AnswerRow]:
    """The lines of the form as typed; empty ones fall out, unless more are asked for."""
    count = typed(request, "lines")
    lines = min(int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0, MOST_ROWS)
    rows = [
        AnswerRow(typed(request, f"r{n}-id"), {c.key: typed(request, f"r{n}-{c.key}") for c in columns}) for n in range(lines)
    ]
    return [row for row in rows if any(value.strip() for value in row.values.values())]


def _payload(request: HttpRequest) -> tuple[list[AnswerRow], int]:
    """The rows that wait for confirmation, and the version they were filled from. Raises InvalidInput for what is none."""
    try:
        sent = json.loads(typed(request, "returned"))
        rows = [AnswerRow(str(r["id"]), {str(k): str(v) for k, v in r["values"].items()}) for r in sent["rows"]]
        return rows, int(sent["version"])
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise InvalidInput(N_("Không đọc được nội dung chờ ghi."), remedy=N_("Hãy nạp lại tệp phiếu.")) from None


def _ask_file(
    request: HttpRequest,
    subtitle: str,
    cancel_url: str,
    exercise: bool,
    error: BangGiaoError | None = None,
    more: Sequence[str] = (),
) -> HttpResponseBase:
    head = [_("Phiếu có ô chưa hợp lệ. Chưa có gì được ghi.")] if more else [told(error)] if error else []
    page = EditPage(
        header=Header(title=_("Nhận phiếu trả lời bằng tệp"), subtitle=subtitle),
        action=request.path,
        version=None,
        fieldsets=(
            FieldSet(
                title=_("Tệp phiếu"),
                fields=(
                    Field(
                        name="file",
                        label=_("Chọn tệp XLSX hoặc DOCX"),
                        kind="file",
                        required=True,
                        help=_("Chỉ nhận phiếu đã tải về từ hệ thống, tối đa 10 MB. Bạn xem lại từng dòng trước khi ghi."),
                    ),
                ),
            ),
        ),
        submit=_("Đọc phiếu"),
        cancel_url=cancel_url,
        errors=(*head, *more),
        multipart=True,
    )
    return render(request, "edit_form.html", page, status=422 if head else 200, exercise=exercise)


def _placed(problem: FieldProblem, columns: Mapping[str, str]) -> str:
    _rows, place, key = (*problem.field.split("."), "", "")[:3]
    what = say(problem.message)
    if key:
        return _("Dòng %(n)s của tệp, cột “%(column)s”: %(what)s") % {"n": place, "column": columns.get(key, key), "what": what}
    return _("Dòng %(n)s của tệp: %(what)s") % {"n": place, "what": what}


def _unplaced(problems: Sequence[FieldProblem]) -> list[str]:
    return [say(problem.message) for problem in problems if problem.field.count(".") < 2]


def _trail(answer: DataCallAnswer) -> tuple[Link, ...]:
    call = DATA_CALLS.title_of(answer.call).get(language())
    return (
        Link(label=call, url=record_url("followup.datacall", answer.call_id)),
        Link(label=answer.institution.name_vi, url=record_url(answer.record_type(), answer.pk)),
    )
