"""The plan of a duty: its editor, approval, claims, difficulties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from banggiao.analytics.delivery.progress import REQUIRED, REQUIRED_LAST
from banggiao.core.errors import N_, MissingInformation, StaleEdit, WrongState
from banggiao.core.typed import typed_date
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.planning.models import Baseline, Milestone
from banggiao.followup.planning.questions import current_plan, milestones_of
from banggiao.followup.planning.services import MOST_MILESTONES, approve_plan, withdraw_plan
from banggiao.reports import plans
from banggiao.web.addresses import record_url
from banggiao.web.asking import asker, deed, language, refilling, refills, today, typed, version_sent
from banggiao.web.evidence import milestone_field
from banggiao.web.following import Errors, chosen, duty_form, duty_of, value_of
from banggiao.web.frame import render
from banggiao.web.parts import Choice, Field, FieldSet, Header, Link
from banggiao.web.parts_grid import Grid, GridColumn, GridFormPage, GridRow
from banggiao.web.standing_words import percent
from banggiao.web.words import say, told

#: Columns of the editor, in the order in which a table from Word or Excel is pasted.
_COLUMNS = ("name_vi", "weight", "due", "side", "responsible", "required_grade", "target", "unit", "product")
_SPARE, _FIRST = 2, 4


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """Draft a plan, filled in from the one that holds."""
    _book, record = duty_of(request, register, key)
    asker(request).require("followup.report", subject=str(record))
    current = current_plan(record.pk, asker(request))
    return _editor(request, register, key, current, None)


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def redraft(request: HttpRequest, register: str, key: str, baseline: UUID) -> HttpResponseBase:
    """Write a draft anew."""
    _book, record = duty_of(request, register, key)
    asker(request).require("followup.report", subject=str(record))
    found = plans.baseline_of(record, baseline, asker(request))
    if found.state != "draft":
        raise WrongState(
            N_("Kế hoạch đã phê duyệt hoặc đã rút thì không sửa được."),
            subject=str(record),
            remedy=N_("Hãy lập dự thảo điều chỉnh kế hoạch."),
        )
    return _editor(request, register, key, found, found)


@require_POST
def approve(request: HttpRequest, register: str, key: str, baseline: UUID) -> HttpResponseBase:
    """The draft holds from now on."""
    book, record = duty_of(request, register, key)
    found = plans.baseline_of(record, baseline, asker(request))
    approve_plan(act=deed(request), record=record, baseline=found, version=version_sent(request))
    messages.success(request, _("Đã phê duyệt kế hoạch; tỷ trọng các mốc được giữ cố định."))
    return redirect(record_url(book.record_type, record.pk))


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, register: str, key: str, baseline: UUID) -> HttpResponseBase:
    """Give a draft up, with the reason."""
    _book, record = duty_of(request, register, key)
    found = plans.baseline_of(record, baseline, asker(request))

    def write(record: Any) -> None:
        act = deed(request, typed(request, "reason").strip())
        withdraw_plan(act=act, record=record, baseline=found, version=version_sent(request))

    def fields(errors: Errors) -> list[Field]:
        return [_long(request, "reason", _("Lý do"), errors, required=True)]

    title = _("Rút dự thảo kế hoạch")
    return duty_form(request, register, key, title, fields, write, _("Đã rút dự thảo."), version=found.version)


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """Say what is done of a milestone."""

    def write(record: Any) -> None:
        names = ("milestone", "day", "quantity", "note", "done")
        plans.claim(record, {name: typed(request, name) for name in names}, act=deed(request))

    def fields(errors: Errors) -> list[Field]:
        return [
            milestone_field(request, register, key, errors, needed=True),
            Field(
                name="day",
                label=_("Đến ngày"),
                kind="date",
                value=value_of(request, "day", today(request).isoformat()),
                required=True,
                errors=errors("day"),
            ),
            Field(
                name="done",
                label=_("Đã xong (mốc không có chỉ tiêu)"),
                kind="checkbox",
                value="yes",
                checked=bool(value_of(request, "done")),
            ),
            Field(
                name="quantity",
                label=_("Khối lượng đã làm đến ngày đó"),
                value=value_of(request, "quantity"),
                errors=errors("quantity"),
                help=_("Tổng cộng dồn, theo đơn vị của chỉ tiêu; ghi 0 để rút lại lời khai."),
            ),
            _long(request, "note", _("Ghi chú"), errors),
        ]

    note = _("Lời khai chưa được tính là kết quả; kết quả chỉ được tính khi minh chứng đủ bậc được người khác chấp nhận.")
    return duty_form(request, register, key, _("Khai kết quả của mốc"), fields, write, _("Đã ghi lời khai."), help=note)


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def difficulty(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """Write down what stands in the way and who can take it away."""

    def write(record: Any) -> None:
        names = ("code", "since", "text", "unblocker", "unblocker_name")
        plans.difficulty(record, {name: typed(request, name) for name in names}, act=deed(request))

    def fields(errors: Errors) -> list[Field]:
        return [
            chosen("code", _("Vướng mắc"), value_of(request, "code"), "difficulty_code", errors("code"), required=True),
            Field(
                name="since",
                label=_("Từ ngày"),
                kind="date",
                value=value_of(request, "since", today(request).isoformat()),
                required=True,
                errors=errors("since"),
            ),
            _long(request, "text", _("Mô tả vướng mắc"), errors),
            body_field(request, "unblocker", _("Cơ quan tháo gỡ được"), errors("unblocker") or errors("unblocker_id")),
            Field(
                name="unblocker_name",
                label=_("Hoặc người, nơi khác tháo gỡ được"),
                value=value_of(request, "unblocker_name"),
                errors=errors("unblocker_name"),
                help=_("Ví dụ: Bộ Thương mại nước bạn."),
            ),
        ]

    return duty_form(request, register, key, _("Ghi vướng mắc"), fields, write, _("Đã ghi vướng mắc."))


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def end_difficulty(request: HttpRequest, register: str, key: str, difficulty: UUID) -> HttpResponseBase:
    """It stands in the way no more."""
    _book, record = duty_of(request, register, key)
    found = plans.difficulty_of(record, difficulty, asker(request))

    def write(record: Any) -> None:
        values = {name: typed(request, name) for name in ("on", "resolution")}
        plans.resolve(record, found, values, act=deed(request), version=version_sent(request))

    def fields(errors: Errors) -> list[Field]:
        day = value_of(request, "on", today(request).isoformat())
        return [
            Field(name="on", label=_("Ngày tháo gỡ"), kind="date", value=day, required=True, errors=errors("on")),
            _long(request, "resolution", _("Đã tháo gỡ thế nào"), errors, required=True),
        ]

    title, done = _("Tháo gỡ vướng mắc"), _("Đã ghi vướng mắc được tháo gỡ.")
    return duty_form(request, register, key, title, fields, write, done, version=found.version)


def body_field(request: HttpRequest, name: str, label: str, errors: Sequence[str] = (), value: str = "") -> Field:
    """A field that takes a home body by name or code, with suggestions."""
    return Field(
        name=name,
        label=label,
        value=value or value_of(request, name),
        errors=errors,
        suggest=reverse("web:choices", args=["institutions"]) + f"?into={name}",
    )


def share_typed(text: str) -> str:
    """A share as the services take it, of per cent as they are typed; what is no number stays as it is."""
    bare = text.replace("%", "").replace(",", ".").strip()
    try:
        return format(Decimal(bare) / 100, "f") if bare else ""
    except InvalidOperation:
        return text


def _editor(
    request: HttpRequest, register: str, key: str, based_on: Baseline | None, standing: Baseline | None
) -> HttpResponseBase:
    """The form of a plan. `based_on` fills it, `standing` is the draft that is written anew."""
    book, record = duty_of(request, register, key)
    viewer, wrong, stale = asker(request), None, None
    if request.method == "POST":
        rows, pasted = _typed_rows(request), typed(request, "pasted").strip("\n")
        rows += _pasted_rows(pasted)
        texts = {name: typed(request, name).strip() for name in ("starts", "reason", "partner_document")}
        version = version_sent(request)
        if not (pasted.strip() or request.POST.get("more") or refilling(request)):
            values = {**texts, "milestones": [_meant(row) for row in rows]}
            try:
                plans.draft(record, values, act=deed(request, texts["reason"]), baseline=standing, version=version)
            except StaleEdit as error:
                stale = error
            except MissingInformation as error:
                wrong = error
            else:
                messages.success(request, _("Đã lưu dự thảo kế hoạch; kế hoạch có hiệu lực khi người khác phê duyệt."))
                return redirect(record_url(book.record_type, record.pk))
    else:
        rows = [_shown(m) for m in milestones_of(based_on, viewer)] if based_on else []
        starts = based_on.starts if based_on else today(request)
        texts = {
            "starts": starts.isoformat(),
            "reason": standing.reason if standing else "",
            "partner_document": standing.partner_document if standing else "",
        }
    current = current_plan(record.pk, viewer)
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    here, name = record_url(book.record_type, record.pk), book.title_of(record).get(language())
    page = GridFormPage(
        header=Header(
            title=_("Điều chỉnh kế hoạch") if current else _("Lập kế hoạch"), subtitle=name, trail=(Link(label=name, url=here),)
        ),
        action=request.path,
        version=(stale.current_version if stale else standing.version) if standing else None,
        fieldsets=(_general(texts, problems, again=current is not None, partner=bool(getattr(record, "partner_id", None))),),
        grid=_grid(rows, problems, spare=_FIRST if not rows else _SPARE),
        after=(
            FieldSet(
                title=_("Dán bảng từ Word hoặc Excel"),
                fields=(
                    Field(
                        name="pasted",
                        label=_("Bảng"),
                        kind="textarea",
                        help=_("Mỗi dòng một mốc, các cột theo thứ tự của bảng trên; bấm lưu để đưa vào bảng rồi xem lại."),
                    ),
                ),
            ),
        ),
        submit=_("Lưu dự thảo"),
        cancel_url=here,
        errors=(*((told(wrong),) if wrong else ()), *((told(stale),) if stale else ()), *problems.get("milestones", ())),
    )
    status = 412 if stale else 422 if wrong else 200
    return render(request, "grid_form.html", page, status=status, exercise=record.exercise)


def _general(texts: Mapping[str, str], problems: Mapping[str, list[str]], *, again: bool, partner: bool) -> FieldSet:
    fields = [
        Field(
            name="starts",
            label=_("Bắt đầu"),
            kind="date",
            value=texts["starts"],
            required=True,
            errors=problems.get("starts", ()),
        )
    ]
    if again:
        fields.append(
            Field(
                name="reason",
                label=_("Lý do điều chỉnh"),
                kind="textarea",
                value=texts["reason"],
                required=True,
                errors=problems.get("reason", ()),
                help=_("Kế hoạch ban đầu (số 0) được giữ mãi; tiến độ luôn được so với cả hai."),
            )
        )
    if again and partner:
        fields.append(
            Field(
                name="partner_document",
                label=_("Văn bản của đối tác"),
                value=texts["partner_document"],
                errors=problems.get("partner_document", ()),
                help=_("Số, ký hiệu và ngày; bắt buộc khi bỏ mốc đã cam kết với đối tác."),
            )
        )
    return FieldSet(title=_("Kế hoạch"), fields=fields)


def _grid(rows: Sequence[Mapping[str, str]], problems: Mapping[str, list[str]], *, spare: int) -> Grid:
    filled = len(rows)
    every: list[Mapping[str, str]] = [*rows, *[{} for _n in range(min(spare, MOST_MILESTONES - filled))]]
    total = Decimal(0)
    for row in rows:
        try:
            total += Decimal(share_typed(row.get("weight", "")) or 0)
        except InvalidOperation:
            continue
    return Grid(
        title=_("Các mốc"),
        help=_(
            "Tổng tỷ trọng phải đúng 100 %. Mốc có chỉ tiêu được tính theo khối lượng; mốc không có thì xong hoặc chưa. "
            "Minh chứng cần có: mặc định bậc 2, mốc cuối bậc 3. Để trống tên mốc để bỏ dòng."
        ),
        columns=(
            GridColumn(label=_("Tên mốc"), required=True),
            GridColumn(label=_("Tỷ trọng"), unit="%", required=True, narrow=True),
            GridColumn(label=_("Hạn"), required=True, narrow=True),
            GridColumn(label=_("Bên thực hiện"), narrow=True),
            GridColumn(label=_("Cơ quan chịu trách nhiệm")),
            GridColumn(label=_("Minh chứng cần có"), narrow=True),
            GridColumn(label=_("Chỉ tiêu"), narrow=True),
            GridColumn(label=_("Đơn vị"), narrow=True),
            GridColumn(label=_("Sản phẩm")),
        ),
        rows=[_row(n, row, problems, last=n == max(filled, 1) - 1, lines=len(every)) for n, row in enumerate(every)],
        more=_("Thêm dòng") if len(every) < MOST_MILESTONES else "",
        sum_of="weight",
        sum=_("Tổng tỷ trọng: %(sum)s") % {"sum": percent(total)},
    )


def _row(n: int, row: Mapping[str, str], problems: Mapping[str, list[str]], *, last: bool, lines: int) -> GridRow:
    def errors(name: str) -> list[str]:
        return [*problems.get(f"milestones.{n + 1}.{name}", ()), *problems.get(f"milestones.{n + 1}.{name}_id", ())]

    def text(name: str, label: str, kind: Any = "text") -> Field:
        value = row.get(name, "")
        return Field(name=f"m{n}-{name}", label=f"{label} {n + 1}", kind=kind, value=value, errors=errors(name))

    def pick(name: str, label: str, terms: str, value: str) -> Field:
        pairs = vocabulary(terms).choices(language())
        if terms == "evidence_grade":
            pairs = [(code, f"{code} – {text}") for code, text in pairs]
        choices = [Choice(value=code, label=text, selected=code == value) for code, text in pairs]
        return Field(name=f"m{n}-{name}", label=f"{label} {n + 1}", kind="select", choices=choices, errors=errors(name))

    grade = row.get("required_grade") or str(REQUIRED_LAST if last else REQUIRED)
    hidden = [Field(name=f"m{n}-{name}", label="", kind="hidden", value=row.get(name, "")) for name in ("key", "name_en")]
    if n == 0:
        hidden.append(Field(name="lines", label="", kind="hidden", value=str(lines)))
    responsible = Field(
        name=f"m{n}-responsible",
        label=f"{_('Cơ quan chịu trách nhiệm')} {n + 1}",
        value=row.get("responsible", ""),
        errors=errors("responsible"),
        suggest=reverse("web:choices", args=["institutions"]) + f"?into=m{n}-responsible",
    )
    return GridRow(
        cells=(
            text("name_vi", _("Tên mốc"), "textarea"),
            text("weight", _("Tỷ trọng")),
            text("due", _("Hạn"), "date"),
            pick("side", _("Bên thực hiện"), "commitment_side", row.get("side") or "ours"),
            responsible,
            pick("required_grade", _("Minh chứng cần có"), "evidence_grade", grade),
            text("target", _("Chỉ tiêu")),
            text("unit", _("Đơn vị")),
            text("product", _("Sản phẩm"), "textarea"),
        ),
        hidden=hidden,
    )


def _typed_rows(request: HttpRequest) -> list[dict[str, str]]:
    """The rows that name a milestone, or say anything of one."""
    count = typed(request, "lines")
    lines = min(int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0, MOST_MILESTONES)
    rows = [{name: typed(request, f"m{n}-{name}").strip() for name in ("key", "name_en", *_COLUMNS)} for n in range(lines)]
    said = ("name_vi", "weight", "due", "responsible", "target", "product")
    # A milestone of before whose name was taken out is dropped; what is half written in a new row is told.
    return [row for row in rows if row["name_vi"] or (not row["key"] and any(row[name] for name in said))]


def _pasted_rows(text: str) -> list[dict[str, str]]:
    rows = []
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.split("\t")]
        if not any(cells):
            continue
        row = dict(zip(_COLUMNS, cells, strict=False))
        row["weight"] = row.get("weight", "").replace("%", "").strip()
        try:
            row["due"] = typed_date(row.get("due", ""))
        except ValueError:
            row["due"] = ""
        for name, terms in (("side", "commitment_side"), ("required_grade", "evidence_grade")):
            row[name] = _code_of(terms, row.get(name, ""))
        rows.append(row)
    return rows


def _code_of(terms: str, text: str) -> str:
    found = [t.code for t in vocabulary(terms).terms if text.casefold() in (t.code, t.label_vi.casefold(), t.label_en.casefold())]
    return found[0] if found else ""


def _meant(row: Mapping[str, str]) -> dict[str, str]:
    return {**row, "weight": share_typed(row.get("weight", ""))}


def _shown(m: Milestone) -> dict[str, str]:
    """A milestone of before as the form shows it; its key goes with it."""
    share = m.weight * 100
    return {
        "key": str(m.key),
        "name_vi": m.name_vi,
        "name_en": m.name_en,
        "weight": format(share.normalize(), "f").replace(".", "," if language() == "vi" else "."),
        "due": m.due.isoformat(),
        "side": m.side,
        "responsible": m.responsible.code if m.responsible else "",
        "required_grade": str(m.required_grade),
        "target": format(m.target.normalize(), "f").replace(".", "," if language() == "vi" else ".") if m.target else "",
        "unit": m.unit,
        "product": m.product,
    }


def _long(request: HttpRequest, name: str, label: str, errors: Errors, *, required: bool = False) -> Field:
    value = value_of(request, name)
    return Field(name=name, label=label, kind="textarea", value=value, required=required, errors=errors(name))
