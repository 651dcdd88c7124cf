"""Progress forms: who reports on how many duties, the form as a file, the round that asks many bodies, the form read back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from banggiao.core.errors import N_, BangGiaoError, FieldProblem, InvalidInput, MissingInformation
from banggiao.core.periods import period_holding
from banggiao.core.questions import Bi
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.asked import MOST_ROWS, AnswerRow, Asked, kept, understood
from banggiao.followup.data_calls.form_words import Returned, parse_code, shown
from banggiao.followup.data_calls.models import DataCallAnswer
from banggiao.followup.data_calls.progress import FILLED, progress_columns
from banggiao.partners.models import Institution
from banggiao.reports.files import MEDIA_TYPES
from banggiao.reports.progress_form import (
    Scope,
    body_named,
    leads_in,
    progress_form,
    scope_of,
    take_progress_form,
)
from banggiao.reports.progress_returned import ReturnedForm, ReturnedRow, compared, read_returned, write_returned
from banggiao.reports.six_fields import SIX_FIELDS, reporting_of
from banggiao.reports.six_fields_paper import take_six_fields
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, today, typed
from banggiao.web.data_calls import file_response, file_sent
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import (
    Action,
    Badge,
    Cell,
    Choice,
    Empty,
    Field,
    FieldSet,
    Form,
    Header,
    Link,
    Section,
    Table,
    TableColumn,
    TableRow,
    Tone,
)
from banggiao.web.parts_grid import Grid, GridColumn, GridFormPage, GridRow, ReconcilePage
from banggiao.web.words import label, say, told

_TONES: dict[str, Tone] = {
    "report": "active", "conflict": "bad", "wrong": "bad", "unknown": "risk", "foreign": "risk", "twice": "risk", "added": "risk",
    "removed": "risk",
}  # fmt: skip


@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """Every body the reader may report for: its duties, how many it has reported on this half-year, its form as a file."""
    viewer = asker(request)
    viewer.require("followup.report")
    scope = scope_of(request.GET.get("scope", ""), request.GET.get("period", ""))
    day = today(request)
    since = date.fromisoformat(period_holding(day).start + "-01")
    told_of = {r.lead.id: r for r in reporting_of(viewer, since)}
    counts: dict[Any, int] = {}
    for exercise in (False, True):
        counts |= leads_in(viewer, scope, day, exercise=exercise)
    bodies = Institution.objects.visible_to(viewer).filter(pk__in=counts)
    if not viewer.sees_all:
        bodies = bodies.filter(pk__in=viewer.institutions)
    rows, made_up = [], False
    for body in bodies.order_by("sort_key", "pk"):
        made_up = made_up or body.exercise
        far = told_of.get(body.pk)
        query = f"?scope={scope.which}&period={scope.period}"
        files = [
            Action(label=name, url=reverse("web:progress_file", args=[body.code, kind]) + query, icon="download")
            for kind, name in (("xlsx", "Excel"), ("docx", "Word"))
        ]
        rows.append(
            TableRow(
                cells=(
                    Cell(value=Bi(body.name_vi, body.name_en).get(language()), url=record_url("partners.institution", body.pk)),
                    Cell(value=counts[body.pk]),
                    Cell(value=f"{far.reported}/{far.total}" if far else None),
                    Cell(value=far.last if far else None),
                    Cell(actions=files),
                ),
                exercise=body.exercise,
            )
        )
    heads = (
        TableColumn(key="body", label=_("Cơ quan"), lead=True),
        TableColumn(key="duties", label=_("Số dòng của phiếu"), kind="number"),
        TableColumn(key="reported", label=_("Cam kết đã báo cáo từ đầu kỳ"), kind="number"),
        TableColumn(key="last", label=_("Báo cáo gần nhất"), kind="date"),
        TableColumn(key="files", label=_("Tải phiếu")),
    )
    actions = [
        Action(label=_("Nhận phiếu bằng tệp"), url=reverse("web:progress_returned"), icon="upload", style="primary"),
        Action(label=_("Bảng sáu mục"), url=list_url("six_fields"), icon="list"),
    ]
    if viewer.may("data_calls.edit"):
        actions.insert(1, Action(label=_("Mở vòng báo cáo"), url=reverse("web:progress_round"), icon="call"))
    narrow = Form(
        action=request.path,
        method="get",
        fields=_scope_fields(scope),
        submit=_("Lọc"),
    )
    page = ReconcilePage(
        header=Header(
            title=_("Phiếu báo cáo tiến độ"),
            subtitle=_("Gửi cho cơ quan không đăng nhập: phiếu in sẵn từng việc, cơ quan điền rồi gửi lại bằng tệp."),
            actions=actions,
        ),
        sections=(
            Section(id="scope", title=_("Phạm vi của phiếu"), form=narrow),
            Section(
                id="bodies",
                title=_("Cơ quan có việc phải báo cáo"),
                table=Table(caption=_("Cơ quan có việc phải báo cáo"), columns=heads, rows=rows) if rows else None,
                empty=Empty(title=_("Không có việc nào trong phạm vi này"), text=_("Hãy chọn phạm vi hoặc kỳ khác.")),
                note=label("counting_rule", "reported_commitments"),
            ),
        ),
    )
    return render(request, "reconcile.html", page, exercise=made_up)


@require_safe
def file(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """The form of one body, prefilled."""
    scope = scope_of(request.GET.get("scope", ""), request.GET.get("period", ""))
    body = body_named(code, asker(request))
    content = take_progress_form(body, scope, form, language(), act=deed(request))
    return file_response(content, f"phieu-tien-do-{body.code}-{today(request):%Y%m%d}.{form}")


@require_safe
def six_paper(request: HttpRequest, form: str) -> HttpResponseBase:
    """The table of the six fields as a draft paper of the reader's body."""
    given = {p.name: request.GET.get(p.name, "").strip() for p in SIX_FIELDS.parameters}
    params = {name: value for name, value in given.items() if value}
    act = deed(request)
    content = take_six_fields(params, form, act=act, language=language())
    name = f"tinh-hinh-thuc-hien-cam-ket-{today(request):%Y%m%d}.{form}"
    return HttpResponse(
        content, content_type=MEDIA_TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def answer_file(request: HttpRequest, answer: DataCallAnswer, form: str) -> HttpResponseBase:
    """The form of a body in a round."""
    scope = Scope(answer.call.scope, answer.call.period)
    content = take_progress_form(answer.institution, scope, form, language(), act=deed(request), answer=answer)
    return file_response(content, f"{answer.call.code}-{answer.institution.code}.{form}")


@require_http_methods(["GET", "HEAD", "POST"])
def returned(request: HttpRequest) -> HttpResponseBase:
    """A returned form of any body: choose the file, see row by row what it says, then confirm."""
    asker(request).require("followup.report")
    if request.method != "POST":
        return _ask_file(request)
    if "returned" in request.POST:
        return _confirmed(request)
    data, name = file_sent(request)
    try:
        form = read_returned(data, asker(request), today=today(request))
    except BangGiaoError as error:
        error.subject = error.subject or name[:120]
        return _ask_file(request, error)
    return review(request, form)


def fill(request: HttpRequest, answer: DataCallAnswer) -> HttpResponseBase:
    """The form of a body in a round on a page, for those who do sign in; what was typed is shown again before it is written."""
    call, viewer = answer.call, asker(request)
    scope = Scope(call.scope, call.period)
    form = progress_form(answer.institution, viewer, scope, today(request), language(), answer)
    columns = [column for column in form.columns if not column.fixed]
    if request.method == "POST":
        rows, problems = _typed(request, form.rows, columns)
        done = Returned(parse_code(form.code), rows, tuple(str(n) for n in range(1, len(rows) + 1)), problems)
        return review(request, compared(done, viewer, language=language(), today=today(request), code=done.code))
    lines = []
    for n, row in enumerate(form.rows):
        code = row.id.split("/")[0]
        note = "; ".join(filter(None, (row.values.get("partner"), row.values.get("timeline"), row.values.get("state"))))
        name = f"{code}: {row.values.get('content', '')} ({note})"
        lines.append(
            GridRow(
                head=name,
                cells=[_cell(column, n) for column in columns],
                hidden=(Field(name=f"r{n}-id", label="", kind="hidden", value=row.id),),
            )
        )
    page = GridFormPage(
        header=Header(
            title=_("Phiếu báo cáo tiến độ"),
            subtitle=answer.title_vi if language() == "vi" else answer.title_en,
            trail=(Link(label=form.title, url=record_url(call.record_type(), call.pk)),),
        ),
        action=request.path,
        version=answer.version,
        sections=(Section(id="purpose", title=_("Nội dung đề nghị"), text=call.purpose),) if call.purpose else (),
        grid=Grid(
            title=_("Việc phải báo cáo"),
            help=_("Việc không báo cáo thì để trống. Mức hoàn thành từ 0 đến 100; ngày viết như 15/9/2025."),
            columns=[
                GridColumn(label=_("Cam kết, nhiệm vụ")),
                *(GridColumn(label=c.label, unit=c.unit, narrow=c.kind in ("number", "date")) for c in columns),
            ],
            rows=lines,
        ),
        submit=_("Xem lại trước khi ghi"),
        cancel_url=record_url(answer.record_type(), answer.pk),
    )
    return render(request, "grid_form.html", page, exercise=answer.exercise)


def review(
    request: HttpRequest, form: ReturnedForm, *, wrong: BangGiaoError | None = None, status: int = 200
) -> HttpResponseBase:
    """What a form would write, row by row, with what stands against it; nothing is written yet."""
    conflicts = [row for row in form.rows if row.standing == "conflict"]
    count = sum(row.standing == "report" for row in form.rows)
    payload = {
        "code": form.code.text,
        "language": form.language,
        "rows": [[row.id, dict(row.values)] for row in form.filled.rows],
        "places": list(form.filled.places),
        "problems": [[p.field, p.message] for p in form.filled.problems],
    }
    name = Bi(form.body.name_vi, form.body.name_en).get(language())
    own = form.body.pk in asker(request).institutions
    letter = Field(
        name="letter",
        label=_("Số, ký hiệu và ngày công văn trả lời"),
        value=typed(request, "letter"),
        required=not own,
        help=_("Ghi thay cơ quan không đăng nhập: công văn được nêu trong lý do của từng báo cáo."),
        errors=[say(p.message) for p in getattr(wrong, "problems", ()) if p.field == "letter"],
    )
    hidden = Field(name="returned", label="", kind="hidden", value=json.dumps(payload, ensure_ascii=False))
    counted = ngettext("%(n)d dòng có báo cáo mới", "%(n)d dòng có báo cáo mới", count) % {"n": count}
    lost = ngettext("%(n)d dòng bị bỏ khỏi phiếu", "%(n)d dòng bị bỏ khỏi phiếu", form.lost) % {"n": form.lost}
    back = record_url(form.answer.record_type(), form.answer.pk) if form.answer else reverse("web:progress_forms")
    note = _("Việc đã thay đổi sau khi phiếu được tải về. Hãy chọn cho từng dòng; bản kia vẫn còn trong lịch sử.")
    page = GridFormPage(
        header=Header(title=_("Xem lại trước khi ghi"), subtitle=name, trail=(_home(),)),
        action=reverse("web:progress_returned"),
        version=None,
        sections=(
            Section(
                id="rows",
                title=_("Từng dòng của phiếu"),
                meta="; ".join(filter(None, (_("chưa có gì được ghi"), counted, lost if form.lost else ""))),
                table=_table(form),
                text="" if form.rows else _("Phiếu không có dòng nào."),
                note=_(
                    "Báo cáo được ghi là lời tự khai của cơ quan, chờ thẩm tra. Ô in sẵn bị sửa và việc thêm vào chỉ được nêu ra."
                ),
            ),
        ),
        fieldsets=(
            FieldSet(
                title=_("Dòng mâu thuẫn") if conflicts else _("Xác nhận"),
                fields=(*(_choose(request, row) for row in conflicts), letter, hidden),
                help=note if conflicts else _("Các dòng có báo cáo mới được ghi khi bạn xác nhận."),
            ),
        ),
        submit=_("Ghi báo cáo"),
        cancel_url=back,
        errors=[told(wrong)] if wrong else [],
    )
    return render(request, "grid_form.html", page, status=status, exercise=form.body.exercise)


def _confirmed(request: HttpRequest) -> HttpResponseBase:
    done, written_in = _payload(request)
    form = compared(done, asker(request), language=written_in, today=today(request), code=done.code)
    chosen = {row.key: typed(request, f"take-{row.key}") for row in form.rows}
    take = {key: choice == "yes" for key, choice in chosen.items() if choice in ("yes", "no")}
    try:
        rows = write_returned(act=deed(request), form=form, take=take, letter=typed(request, "letter"))
    except (InvalidInput, MissingInformation) as error:
        return review(request, form, wrong=error, status=422)
    n = len(rows)
    messages.success(request, ngettext("Đã ghi báo cáo của %(n)d việc.", "Đã ghi báo cáo của %(n)d việc.", n) % {"n": n})
    if form.answer:
        return redirect(record_url(form.answer.record_type(), form.answer.pk))
    return redirect(list_url("six_fields", {"lead": form.body.code}))


def _payload(request: HttpRequest) -> tuple[Returned, Any]:
    """The rows that wait for confirmation, each value looked at again. Raises InvalidInput for what is none."""
    try:
        sent = json.loads(typed(request, "returned"))
        written_in = "en" if sent["language"] == "en" else "vi"
        rows = [AnswerRow(str(key), {str(k): str(v) for k, v in values.items()}) for key, values in sent["rows"]]
        places = [str(place) for place in sent["places"]]
        problems = [FieldProblem(str(field), str(message)) for field, message in sent["problems"]]
        code = parse_code(str(sent["code"]))
        if len(places) != len(rows) or len(rows) > 2 * MOST_ROWS:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InvalidInput(N_("Không đọc được nội dung chờ ghi."), remedy=N_("Hãy nạp lại tệp phiếu.")) from None
    columns = {column.key: column for column in progress_columns("vi")}
    checked = []
    for row, place in zip(rows, places, strict=True):
        values = {}
        for key, value in row.values.items():
            try:
                values[key] = kept(columns[key], value) if key in columns else ""
            except ValueError as error:
                problems.append(FieldProblem(f"rows.{place}.{key}", str(error)))
        checked.append(AnswerRow(row.id, {k: v for k, v in values.items() if v}))
    return Returned(code, tuple(checked), tuple(places), tuple(problems)), written_in


def _typed(
    request: HttpRequest, printed: Sequence[AnswerRow], columns: Sequence[Asked]
) -> tuple[tuple[AnswerRow, ...], tuple[FieldProblem, ...]]:
    """The lines as typed on the page, each with what was printed of its duty."""
    now = {row.id.split("/")[0]: row.values for row in printed}
    rows, problems = [], []
    for n in range(min(len(request.POST), MOST_ROWS)):
        if f"r{n}-id" not in request.POST:
            break
        mark = typed(request, f"r{n}-id")
        values = dict(now.get(mark.split("/")[0], {}))
        for column in columns:
            try:
                values[column.key] = understood(column, typed(request, f"r{n}-{column.key}"))
            except ValueError as error:
                problems.append(FieldProblem(f"rows.{n + 1}.{column.key}", str(error)))
        rows.append(AnswerRow(mark, {k: v for k, v in values.items() if v}))
    return tuple(rows), tuple(problems)


def _cell(column: Asked, n: int) -> Field:
    title = _("%(column)s, dòng %(n)d") % {"column": column.label, "n": n + 1}
    name = f"r{n}-{column.key}"
    if column.kind == "choice":
        pairs = [("", "–"), *vocabulary(column.terms).choices(language())]
        return Field(name=name, label=title, kind="select", choices=[Choice(value=c, label=t) for c, t in pairs])
    return Field(name=name, label=title, kind={"date": "date", "text": "textarea"}.get(column.kind, "text"))  # type: ignore[arg-type]


def _table(form: ReturnedForm) -> Table:
    columns = {column.key: column for column in progress_columns(language())}
    rows = []
    for row in form.rows:
        standing = label("progress_row", row.standing)
        title = f"{row.record.code}: {row.record}" if row.record else row.row_id or _("mới")
        rows.append(
            TableRow(
                cells=(
                    Cell(value=row.place or None),
                    Cell(
                        value=title,
                        url=record_url(row.record.record_type(), row.record.pk) if row.record else "",
                    ),
                    Cell(value=standing, badge=Badge(label=standing, tone=_TONES.get(row.standing, "neutral"))),
                    Cell(value=_filled(row, columns) or None),
                    Cell(value=_against(row, columns) or None),
                )
            )
        )
    heads = (
        TableColumn(key="place", label=_("Dòng"), kind="code"),
        TableColumn(key="duty", label=_("Cam kết, nhiệm vụ"), lead=True),
        TableColumn(key="standing", label=_("Tình trạng dòng")),
        TableColumn(key="filled", label=_("Cơ quan điền")),
        TableColumn(key="against", label=_("Cần xem")),
    )
    return Table(caption=_("Từng dòng của phiếu"), columns=heads, rows=rows)


def _filled(row: ReturnedRow, columns: dict[str, Asked]) -> str:
    values = row.values or {}
    keys = [key for key in columns if key in values and (key in FILLED or row.standing == "added")]
    return "; ".join(f"{columns[k].label}: {shown(columns[k], values[k], language())}{columns[k].unit}" for k in keys)


def _against(row: ReturnedRow, columns: dict[str, Asked]) -> str:
    """What a person must see before deciding: wrong cells, what changed since, printed cells written over."""
    said = []
    for problem in row.problems:
        key = problem.field.rpartition(".")[2]
        where = f"{columns[key].label}: " if key in columns else ""
        said.append(where + say(problem.message))
    for each in row.changed:
        said.append(
            _("%(column)s: lúc tải phiếu “%(was)s”, nay “%(now)s”")
            % {"column": columns[each.key].label, "was": each.was, "now": each.now}
        )
    for each in row.altered:
        said.append(
            _("Ô in sẵn bị sửa, không lấy: %(column)s “%(form)s”") % {"column": columns[each.key].label, "form": each.form}
        )
    if row.standing == "conflict" and not row.changed:
        said.append(_("Bản ghi đã được sửa sau khi tải phiếu, ở phần không in trên phiếu."))
    return "; ".join(said)


def _choose(request: HttpRequest, row: ReturnedRow) -> Field:
    name = f"take-{row.key}"
    chosen = typed(request, name)
    pairs = (("", _("(chưa chọn)")), ("yes", _("Ghi báo cáo này")), ("no", _("Không ghi, giữ như hiện nay")))
    choices = [Choice(value=value, label=text, selected=value == chosen) for value, text in pairs]
    title = f"{row.record.code}: {row.record}" if row.record else row.row_id
    return Field(name=name, label=title, kind="select", required=True, choices=choices)


def _ask_file(request: HttpRequest, error: BangGiaoError | None = None) -> HttpResponseBase:
    page = EditPage(
        header=Header(title=_("Nhận phiếu báo cáo tiến độ bằng tệp"), trail=(_home(),)),
        action=reverse("web:progress_returned"),
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
        cancel_url=reverse("web:progress_forms"),
        errors=[told(error)] if error else [],
        multipart=True,
    )
    return render(request, "edit_form.html", page, status=422 if error else 200)


def _scope_fields(scope: Scope) -> list[Field]:
    pairs = vocabulary("progress_scope").choices(language())
    return [
        Field(
            name="scope",
            label=_("Phạm vi"),
            kind="select",
            choices=[Choice(value=code, label=text, selected=code == scope.which) for code, text in pairs],
        ),
        Field(name="period", label=_("Chỉ việc đến hạn trong kỳ"), value=scope.period, help=_("Ví dụ: 2025-H2, 2025-Q4, 2026.")),
    ]


def _home() -> Link:
    return Link(label=_("Phiếu báo cáo tiến độ"), url=reverse("web:progress_forms"))
