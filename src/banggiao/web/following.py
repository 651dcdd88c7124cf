"""Following a task or a commitment: report progress, add proof, ask for another due date, decide on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from banggiao.core.errors import N_, FieldProblem, InvalidInput, MissingInformation, NotFound
from banggiao.core.registers import Register
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.questions import due_moves_of
from banggiao.followup.services import decide_due_date, move_due_date, report_progress
from banggiao.web.addresses import record_url
from banggiao.web.asking import asker, deed, language, refilling, refills, safe_next, today, typed, version_sent
from banggiao.web.beside import is_followed
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import Choice, Field, FieldSet, Header, Link
from banggiao.web.records import found
from banggiao.web.words import say, told

Errors = Callable[[str], Sequence[str]]


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """Report progress."""

    def write(record: Any) -> None:
        report_progress(
            act=deed(request),
            record=record,
            day=_day(request, "day"),
            text=typed(request, "text"),
            claimed=_share(request),
            difficulty=_term(request, "difficulty", "difficulty_code"),
            difficulty_text=typed(request, "difficulty_text"),
            recommendation=typed(request, "recommendation").strip(),
        )

    def fields(errors: Errors) -> list[Field]:
        return [
            Field(
                name="day",
                label=_("Ngày"),
                kind="date",
                value=_value(request, "day", today(request).isoformat()),
                required=True,
                errors=errors("day"),
            ),
            Field(
                name="text",
                label=_("Đã làm được gì"),
                kind="textarea",
                value=_value(request, "text"),
                required=True,
                errors=errors("text"),
            ),
            Field(
                name="claimed",
                label=_("Tự đánh giá mức hoàn thành (%)"),
                kind="number",
                value=_value(request, "claimed"),
                errors=errors("claimed"),
                help=_("Từ 0 đến 100; đây là lời tự khai, chưa phải kết quả được thẩm tra."),
            ),
            _chosen("difficulty", _("Vướng mắc"), _value(request, "difficulty"), "difficulty_code", errors("difficulty")),
            Field(name="difficulty_text", label=_("Mô tả vướng mắc"), kind="textarea", value=_value(request, "difficulty_text")),
            Field(
                name="recommendation",
                label=_("Kiến nghị"),
                kind="textarea",
                value=_value(request, "recommendation"),
                help=_("Đề nghị cấp nào làm gì để tháo gỡ; được đưa vào bảng tình hình thực hiện cam kết."),
            ),
        ]

    return _form(request, register, key, _("Báo tiến độ"), fields, write, _("Đã ghi cập nhật tiến độ."))


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """Add proof of delivery."""

    def write(record: Any) -> None:
        description = typed(request, "description").strip()
        if not description:
            raise _wrong("description", N_("Hãy mô tả minh chứng."))
        add_evidence(
            act=deed(request),
            record=record,
            grade=int(_term(request, "grade", "evidence_grade") or "0"),
            description=description,
            day=_day(request, "day"),
        )

    def fields(errors: Errors) -> list[Field]:
        return [
            Field(
                name="day",
                label=_("Ngày"),
                kind="date",
                value=_value(request, "day", today(request).isoformat()),
                required=True,
                errors=errors("day"),
            ),
            Field(
                name="description",
                label=_("Minh chứng là gì"),
                kind="textarea",
                value=_value(request, "description"),
                required=True,
                errors=errors("description"),
                help=_("Ví dụ: số, ký hiệu và ngày của văn bản, hoặc địa chỉ của tin."),
            ),
            _chosen("grade", _("Bậc minh chứng"), _value(request, "grade"), "evidence_grade", errors("grade"), required=True),
        ]

    return _form(request, register, key, _("Thêm minh chứng"), fields, write, _("Đã ghi minh chứng."))


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """Ask for another due date."""

    def write(record: Any) -> None:
        move_due_date(
            act=deed(request, typed(request, "reason").strip()),
            record=record,
            to=typed(request, "to").strip(),
            version=version_sent(request),
        )

    def fields(errors: Errors) -> list[Field]:
        return [
            Field(
                name="to",
                label=_("Hạn mới"),
                value=_value(request, "to"),
                required=True,
                errors=errors("to"),
                help=_(
                    "Viết NNNN-TT-NN. Hạn sớm hơn có hiệu lực ngay; hạn muộn hơn phải có lý do và chờ cấp trên duyệt. "
                    "Hạn ban đầu được giữ mãi."
                ),
            ),
            Field(name="reason", label=_("Lý do"), kind="textarea", value=_value(request, "reason"), errors=errors("reason")),
        ]

    return _form(request, register, key, _("Đề nghị chuyển hạn"), fields, write, _("Đã ghi đề nghị chuyển hạn."))


@require_POST
def decide(request: HttpRequest, register: str, key: str, move: UUID) -> HttpResponseBase:
    """Approve or refuse a later due date."""
    book, record = _followed(request, register, key)
    asked = next((m for m in due_moves_of(record.pk, asker(request)) if m.pk == move), None)
    if asked is None:
        raise NotFound(N_("Không tìm thấy bản ghi."), subject=str(move))
    approve = request.POST.get("approve") == "yes"
    decide_due_date(act=deed(request), record=record, move=asked, approve=approve)
    messages.success(request, _("Đã duyệt hạn mới.") if approve else _("Đã ghi nhận: không duyệt."))
    return redirect(safe_next(request, request.POST.get("next") or record_url(book.record_type, record.pk)))


def _form(
    request: HttpRequest,
    register: str,
    key: str,
    title: str,
    fields: Callable[[Errors], list[Field]],
    write: Callable[[Any], None],
    done: str,
) -> HttpResponseBase:
    """One form of following: shows its fields, writes, and comes back with everything typed when something is wrong."""
    book, record = _followed(request, register, key)
    asker(request).require("followup.report", subject=str(record))
    here, wrong = record_url(book.record_type, record.pk), None
    if request.method == "POST" and not refilling(request):
        try:
            write(record)
        except MissingInformation as error:
            wrong = error
        else:
            messages.success(request, done)
            return redirect(here)
    problems = wrong.problems if wrong else ()
    name = book.title_of(record).get(language())
    page = EditPage(
        header=Header(title=title, subtitle=name, trail=(Link(label=name, url=here),)),
        action=request.path,
        version=record.version,
        fieldsets=(FieldSet(title=title, fields=fields(lambda field: [say(p.message) for p in problems if p.field == field])),),
        submit=title,
        cancel_url=here,
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "edit_form.html", page, status=422 if wrong else 200, exercise=record.exercise)


def _followed(request: HttpRequest, register: str, key: str) -> tuple[Register, Any]:
    book, record = found(request, register, key)
    if not is_followed(record):
        raise NotFound(
            N_("Không tìm thấy trang này."), subject=request.path, remedy=N_("Chỉ nhiệm vụ và cam kết mới được theo dõi.")
        )
    return book, record


def _value(request: HttpRequest, name: str, default: str = "") -> str:
    return typed(request, name) if request.method == "POST" else default


def _day(request: HttpRequest, name: str) -> date:
    try:
        return date.fromisoformat(typed(request, name).strip())
    except ValueError:
        raise _wrong(name, N_("Ngày không hợp lệ.")) from None


def _share(request: HttpRequest) -> Decimal | None:
    text = typed(request, "claimed").strip().replace(",", ".")
    try:
        return Decimal(text) / 100 if text else None
    except InvalidOperation:
        raise _wrong("claimed", N_("Hãy viết một số từ 0 đến 100.")) from None


def _term(request: HttpRequest, name: str, terms: str) -> str:
    code = typed(request, name)
    if code and code not in vocabulary(terms):
        raise _wrong(name, N_("Giá trị không có trong danh mục."))
    return code


def _chosen(name: str, title: str, value: str, terms: str, errors: Sequence[str], *, required: bool = False) -> Field:
    pairs = vocabulary(terms).choices(language())
    first = [] if required else [Choice(value="", label=_("(không có)"), selected=not value)]
    choices = [*first, *(Choice(value=code, label=text, selected=code == value) for code, text in pairs)]
    return Field(name=name, label=title, kind="select", value=value, choices=choices, errors=errors, required=required)


def _wrong(field: str, message: str) -> InvalidInput:
    return InvalidInput(
        N_("Thông tin nhập chưa hợp lệ."), remedy=N_("Hãy sửa các trường được nêu."), problems=[FieldProblem(field, message)]
    )
