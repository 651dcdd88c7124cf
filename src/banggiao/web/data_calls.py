"""Asking many bodies for the same thing: the form of a data call, its deadline, and its table as a paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from banggiao.core.errors import MissingInformation, StaleEdit
from banggiao.core.exports import note_taken
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.asked import KINDS, MOST_COLUMNS
from banggiao.followup.data_calls.form_words import MOST_BYTES, too_large
from banggiao.followup.data_calls.models import DataCall
from banggiao.followup.data_calls.questions import DATA_CALLS, PRESETS, addressees_of, bodies_to_ask
from banggiao.followup.data_calls.services import create_call, move_deadline, revise_call
from banggiao.partners.models import Institution
from banggiao.reports.data_calls import consolidated_paper
from banggiao.reports.docx import render_docx
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, moment, typed, version_sent
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import Choice, Field, FieldSet, Header, Link
from banggiao.web.parts_grid import Grid, GridColumn, GridFormPage, GridRow, TickBoxes, TickGroup
from banggiao.web.records import differences, found
from banggiao.web.words import label, say, told

_FIELDS = ("name_vi", "name_en", "purpose", "asker_id", "deadline")
_SPARE = 4


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Draft a call; nobody is asked before it is sent from its page."""
    asker(request).require(DATA_CALLS.edit_permission)
    if request.method != "POST":
        return _form(request, None)
    asked = _Typed(request)
    if "more" in request.POST:
        return _form(request, None, asked=asked)
    try:
        call = create_call(act=deed(request), values=asked.values(), addressees=asked.addressees())
    except MissingInformation as error:
        return _form(request, None, asked=asked, wrong=error)
    messages.success(request, _("Đã soạn đề nghị. Hãy xem lại rồi bấm “Gửi đề nghị”; trước đó chưa cơ quan nào nhận được."))
    return redirect(record_url(call.record_type(), call.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: Any) -> HttpResponseBase:
    """Change a call that has not been sent; of one that has, only its purpose and English name."""
    _book, call = found(request, DATA_CALLS.name, str(key))
    asker(request).require(DATA_CALLS.edit_permission, subject=str(call))
    if request.method != "POST":
        return _form(request, call)
    asked = _Typed(request)
    if "more" in request.POST:
        return _form(request, call, asked=asked)
    version = version_sent(request)
    draft = call.state == "draft"
    values = asked.values() if draft else {n: asked.texts[n] for n in ("name_en", "purpose")}
    if call.form:  # its columns are those of the ready form
        values = {n: v for n, v in values.items() if n in _FIELDS}
    try:
        revise_call(
            act=deed(request), call=call, values=values, version=version, addressees=asked.addressees() if draft else None
        )
    except StaleEdit as error:
        return _form(request, call, asked=asked, stale=error)
    except MissingInformation as error:
        return _form(request, call, asked=asked, wrong=error)
    messages.success(request, _("Đã lưu. Thay đổi được ghi vào lịch sử của bản ghi."))
    return redirect(record_url(call.record_type(), call.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def deadline(request: HttpRequest, key: Any) -> HttpResponseBase:
    """Another deadline for those who have not answered; a later one with a reason."""
    _book, call = found(request, DATA_CALLS.name, str(key))
    asker(request).require(DATA_CALLS.edit_permission, subject=str(call))
    typed_day, reason, wrong, stale = call.deadline, "", None, None
    if request.method == "POST":
        typed_day, reason = typed(request, "deadline"), typed(request, "reason").strip()
        try:
            move_deadline(act=deed(request, reason), call=call, to=typed_day, version=version_sent(request))
            messages.success(request, _("Đã đổi hạn cho các cơ quan chưa trả lời."))
            return redirect(record_url(call.record_type(), call.pk))
        except StaleEdit as error:
            stale = error
        except MissingInformation as error:
            wrong = error
    problems = with_labels(wrong)
    title = DATA_CALLS.title_of(call).get(language())
    page = EditPage(
        header=Header(title=_("Đổi hạn trả lời"), subtitle=title, trail=_trail(call)),
        action=request.path,
        version=stale.current_version if stale else call.version,
        fieldsets=(
            FieldSet(
                title=_("Hạn mới"),
                fields=(
                    Field(
                        name="deadline",
                        label=_("Hạn trả lời"),
                        kind="date",
                        value=typed_day,
                        required=True,
                        errors=problems.get("deadline", ()),
                        help=_DEADLINE_HELP(),
                    ),
                    Field(
                        name="reason",
                        label=_("Lý do"),
                        kind="textarea",
                        value=reason,
                        errors=problems.get("reason", ()),
                        help=_("Lùi hạn phải có lý do; lý do được ghi vào lịch sử của bản ghi."),
                    ),
                ),
            ),
        ),
        submit=_("Đổi hạn"),
        cancel_url=record_url(call.record_type(), call.pk),
        errors=(told(wrong),) if wrong else (),
        differences=differences(DATA_CALLS, stale, asker(request)) if stale else (),
    )
    return render(request, "edit_form.html", page, status=412 if stale else 422 if wrong else 200, exercise=call.exercise)


@require_safe
def table_paper(request: HttpRequest, key: Any) -> HttpResponseBase:
    """The one table as a Word file, those who have not answered listed; the ledger says who took it."""
    _book, call = found(request, DATA_CALLS.name, str(key))
    act = deed(request)
    act.viewer.require("exports.take", subject=str(call))
    content = render_docx(consolidated_paper(call, act.viewer, at=moment(request), language=language()))
    note_taken(act, {"question": "data_call_table", "form": "docx", "parameters": {"data_call": str(call.pk)}})
    return file_response(content, f"{call.code}-tong-hop.docx")


def file_response(content: bytes, name: str) -> HttpResponse:
    """A Word or Excel file to be kept under this name."""
    kinds = {"docx": "wordprocessingml.document", "xlsx": "spreadsheetml.sheet"}
    media = f"application/vnd.openxmlformats-officedocument.{kinds[name.rsplit('.', 1)[-1]]}"
    named = content_disposition_header(as_attachment=True, filename=name)  # a code may hold marks that end a quoted name
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": named or "attachment"})


def file_sent(request: HttpRequest) -> tuple[bytes, str]:
    """The file that was sent and its name; nothing where none was. Raises Unreadable for one too large for a form."""
    file: Any = request.FILES.get("file")
    if file is None:
        return b"", ""
    if (file.size or 0) > MOST_BYTES:
        raise too_large()
    return file.read(), str(file.name or "")


class _Typed:
    """What was typed into the form of a call: texts, the lines of columns, the boxes ticked."""

    def __init__(self, request: HttpRequest) -> None:
        self.texts = {name: typed(request, name).strip() for name in _FIELDS}
        self.many_rows = bool(request.POST.get("many_rows"))
        count = typed(request, "lines")
        lines = min(int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0, MOST_COLUMNS)
        keys = ("label", "kind", "unit", "terms", "required")
        self.lines = [{key: typed(request, f"q{n}-{key}").strip() for key in keys} for n in range(lines)]
        self.bodies = bodies_to_ask(asker(request), exercise=in_exercise(request))
        self.ticked, self.presets, self.chosen = boxes_ticked(request, self.bodies)

    def filled(self) -> list[int]:
        """The lines in which a column is named or half described."""
        return [n for n, line in enumerate(self.lines) if line["label"] or line["unit"] or line["terms"]]

    def values(self) -> dict[str, Any]:
        questions = [{**self.lines[n], "required": bool(self.lines[n]["required"])} for n in self.filled()]
        return {**self.texts, "many_rows": self.many_rows, "questions": questions}

    def addressees(self) -> list[Any]:
        return self.chosen


def _form(
    request: HttpRequest,
    call: DataCall | None,
    *,
    asked: _Typed | None = None,
    wrong: MissingInformation | None = None,
    stale: StaleEdit | None = None,
) -> HttpResponseBase:
    problems = with_labels(wrong)
    draft = call is None or call.state == "draft"
    texts = asked.texts if asked else {n: str(getattr(call, n) or "") if call else "" for n in _FIELDS}
    page = GridFormPage(
        header=Header(
            title=_("Sửa đề nghị báo cáo") if call else _("Lập đề nghị báo cáo"),
            subtitle=call.name_vi if call else "",
            trail=_trail(call),
        ),
        action=request.path,
        version=(stale.current_version if stale else call.version) if call else None,
        fieldsets=(FieldSet(title=_("Nội dung đề nghị"), fields=_fields(request, call, texts, asked, problems, draft)),),
        grid=_columns(call, asked, wrong) if draft and not (call and call.form) else None,
        boxes=_boxes(request, call, asked, problems) if draft else None,
        submit=_("Lưu đề nghị") if draft else _("Lưu thay đổi"),
        cancel_url=record_url(call.record_type(), call.pk) if call else list_url(DATA_CALLS.name),
        errors=(told(wrong),) if wrong else (),
        differences=differences(DATA_CALLS, stale, asker(request)) if stale else (),
    )
    status = 412 if stale else 422 if wrong else 200
    return render(request, "grid_form.html", page, status=status, exercise=bool(call and call.exercise))


def _fields(
    request: HttpRequest,
    call: DataCall | None,
    texts: Mapping[str, str],
    asked: _Typed | None,
    problems: Mapping[str, list[str]],
    draft: bool,
) -> list[Field]:
    own = Institution.objects.visible_to(asker(request)).filter(pk__in=asker(request).institutions).order_by("sort_key")
    bodies = {str(body.pk): body for body in ([call.asker] if call else []) + list(own)}
    chosen = texts["asker_id"] or next(iter(bodies), "")
    name = "name_en" if language() == "en" else "name_vi"
    choices = [Choice(value=pk, label=getattr(body, name) or body.name_vi, selected=pk == chosen) for pk, body in bodies.items()]
    many = asked.many_rows if asked else bool(call and call.many_rows)
    english = Field(name="name_en", label=_("Tên tiếng Anh"), value=texts["name_en"], errors=problems.get("name_en", ()))
    purpose = Field(
        name="purpose",
        label=_("Mục đích"),
        kind="textarea",
        value=texts["purpose"],
        errors=problems.get("purpose", ()),
        help=_("Số liệu dùng để làm gì, tính theo cách nào; nội dung này được in trên phiếu."),
    )
    if not draft:
        return [english, purpose]
    return [
        Field(
            name="name_vi",
            label=_("Tên đề nghị"),
            value=texts["name_vi"],
            required=True,
            errors=problems.get("name_vi", ()),
            help=_("Ví dụ: Tình hình thực hiện cam kết với đối tác, 6 tháng đầu năm."),
        ),
        english,
        purpose,
        Field(
            name="asker_id",
            label=_("Cơ quan đề nghị"),
            kind="select",
            choices=choices,
            required=True,
            errors=problems.get("asker_id", ()),
        ),
        Field(
            name="deadline",
            label=_("Hạn trả lời"),
            kind="date",
            value=texts["deadline"],
            errors=problems.get("deadline", ()),
            help=_DEADLINE_HELP(),
        ),
        Field(
            name="many_rows",
            label=_("Mỗi cơ quan trả lời nhiều dòng (một dòng cho mỗi việc, mỗi thỏa thuận)"),
            kind="checkbox",
            value="yes",
            checked=many,
        ),
    ]


def _DEADLINE_HELP() -> str:  # noqa: N802  a message said in the language of the request
    return _("Nếu rơi vào ngày nghỉ thì hạn của mỗi cơ quan là ngày làm việc kế tiếp theo lịch của cơ quan đó.")


def _columns(call: DataCall | None, asked: _Typed | None, wrong: MissingInformation | None) -> Grid:
    lines: list[Mapping[str, Any]] = list(asked.lines) if asked else list(call.questions) if call else []
    errors: dict[int, list[str]] = {}
    filled = asked.filled() if asked else []
    for problem in wrong.problems if wrong else ():
        number = problem.field.removeprefix("questions.")
        if number.isdigit() and int(number) <= len(filled):
            errors.setdefault(filled[int(number) - 1], []).append(say(problem.message))
    spare = min(_SPARE, MOST_COLUMNS - len(lines)) if asked is None or wrong is None else 0
    lines += [{}] * max(spare, 0)
    kinds = [(code, label("data_call_kind", code)) for code in KINDS]
    lists = [("", "–"), *vocabulary("data_call_list").choices(language())]
    rows = [
        GridRow(
            cells=(
                Field(
                    name=f"q{n}-label",
                    label=_("Cột %(n)d") % {"n": n + 1},
                    value=str(line.get("label", "")),
                    errors=errors.get(n, ()),
                ),
                _pick(f"q{n}-kind", _("Kiểu của cột %(n)d") % {"n": n + 1}, kinds, str(line.get("kind", "") or "text")),
                Field(name=f"q{n}-unit", label=_("Đơn vị của cột %(n)d") % {"n": n + 1}, value=str(line.get("unit", ""))),
                _pick(f"q{n}-terms", _("Danh mục của cột %(n)d") % {"n": n + 1}, lists, str(line.get("terms", ""))),
                Field(
                    name=f"q{n}-required",
                    label=_("Cột %(n)d bắt buộc") % {"n": n + 1},
                    kind="checkbox",
                    value="yes",
                    checked=bool(line.get("required")),
                ),
            ),
            hidden=(Field(name="lines", label="", kind="hidden", value=str(len(lines))),) if n == 0 else (),
        )
        for n, line in enumerate(lines)
    ]
    return Grid(
        title=_("Các cột của phiếu"),
        help=_("Mỗi dòng là một cột các cơ quan phải điền. Cột số phải có đơn vị tính. Gửi đề nghị rồi thì không đổi cột."),
        columns=(
            GridColumn(label=_("Tên cột")),
            GridColumn(label=_("Kiểu")),
            GridColumn(label=_("Đơn vị tính")),
            GridColumn(label=_("Danh mục (nếu chọn)")),
            GridColumn(label=_("Bắt buộc"), narrow=True),
        ),
        rows=rows,
        more=_("Thêm dòng") if len(lines) < MOST_COLUMNS else "",
    )


def _boxes(request: HttpRequest, call: DataCall | None, asked: _Typed | None, problems: Mapping[str, list[str]]) -> TickBoxes:
    viewer = asker(request)
    bodies = asked.bodies if asked else bodies_to_ask(viewer, exercise=call.exercise if call else in_exercise(request))
    chosen = asked.ticked if asked else {str(b.pk) for b in addressees_of(call, viewer)} if call else set()
    return body_boxes(bodies, chosen, asked.presets if asked else (), title=_("Nơi nhận"), errors=problems.get("addressees", ()))


def body_boxes(
    bodies: Sequence[Institution], chosen: Collection[str], presets: Collection[str], *, title: str, errors: Sequence[str] = ()
) -> TickBoxes:
    """Boxes for choosing bodies, one by one (`body-<id>`) or all of a group (`preset-<name>`)."""
    by_kind: dict[str, list[Institution]] = {}
    for body in bodies:
        by_kind.setdefault(body.kind, []).append(body)
    names = {
        "missions": _("Tất cả cơ quan đại diện"),
        "provinces": _("Tất cả tỉnh, thành phố"),
        "ministries": _("Tất cả bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ"),
    }
    whole = []
    for preset, kinds in PRESETS.items():
        count = sum(len(by_kind.get(kind, ())) for kind in kinds)
        if count:
            text = f"{names[preset]} ({count})"
            ticked = preset in presets
            whole.append(Field(name=f"preset-{preset}", label=text, kind="checkbox", value="yes", checked=ticked))
    groups = []
    for kind, members in by_kind.items():
        ticks = [
            Field(
                name=f"body-{body.pk}",
                label=(body.name_en if language() == "en" else "") or body.name_vi,
                kind="checkbox",
                value="yes",
                checked=str(body.pk) in chosen,
            )
            for body in members
        ]
        count = sum(1 for tick in ticks if tick.checked)
        note = _("%(n)d trên %(all)d đã chọn") % {"n": count, "all": len(ticks)}
        groups.append(TickGroup(title=label("institution_kind", kind), ticks=ticks, note=note, open=bool(count)))
    return TickBoxes(
        title=title,
        groups=groups,
        presets=whole,
        help=_("Chọn cả nhóm, hoặc mở từng nhóm để chọn từng cơ quan."),
        errors=errors,
    )


def boxes_ticked(request: HttpRequest, bodies: Sequence[Institution]) -> tuple[set[str], list[str], list[Any]]:
    """(bodies ticked one by one, groups ticked, ids of everybody meant) of a form with `body_boxes`."""
    presets = [name for name in PRESETS if request.POST.get(f"preset-{name}")]
    ticked = {name.removeprefix("body-") for name in request.POST if name.startswith("body-")}
    kinds = {kind for preset in presets for kind in PRESETS[preset]}
    return ticked, presets, [body.pk for body in bodies if str(body.pk) in ticked or body.kind in kinds]


def _pick(name: str, title: str, pairs: Sequence[tuple[str, str]], value: str) -> Field:
    choices = [Choice(value=code, label=text, selected=code == value) for code, text in pairs]
    return Field(name=name, label=title, kind="select", value=value, choices=choices)


def in_exercise(request: HttpRequest) -> bool:
    """Whether the reader works in a made-up body: then only made-up ones are asked."""
    return Institution.objects.filter(pk__in=asker(request).institutions, exercise=True).exists()


def with_labels(wrong: MissingInformation | None) -> dict[str, list[str]]:
    """What is wrong with each field, said in the language of the request."""
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    return problems


def _trail(call: DataCall | None) -> tuple[Link, ...]:
    trail = (Link(label=DATA_CALLS.title.get(language()), url=list_url(DATA_CALLS.name)),)
    if call is None:
        return trail
    return (
        *trail,
        Link(label=DATA_CALLS.title_of(call).get(language()), url=reverse("web:record", args=[DATA_CALLS.name, call.pk])),
    )
