"""Following a task or a commitment: report progress, ask for another due date, decide on it; the one form of all its parts."""

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

from banggiao.core.errors import N_, FieldProblem, InvalidInput, MissingInformation, NotFound, Unreadable
from banggiao.core.registers import Register
from banggiao.core.vocabulary import vocabulary
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
                value=value_of(request, "day", today(request).isoformat()),
                required=True,
                errors=errors("day"),
            ),
            Field(
                name="text",
                label=_("Đã làm được gì"),
                kind="textarea",
                value=value_of(request, "text"),
                required=True,
                errors=errors("text"),
            ),
            Field(
                name="claimed",
                label=_("Tự đánh giá mức hoàn thành (%)"),
                kind="number",
                value=value_of(request, "claimed"),
                errors=errors("claimed"),
                help=_("Từ 0 đến 100; đây là lời tự khai, chưa phải kết quả được thẩm tra."),
            ),
            chosen("difficulty", _("Vướng mắc"), value_of(request, "difficulty"), "difficulty_code", errors("difficulty")),
            Field(
                name="difficulty_text",
                label=_("Mô tả vướng mắc"),
                kind="textarea",
                value=value_of(request, "difficulty_text"),
            ),
            Field(
                name="recommendation",
                label=_("Kiến nghị"),
                kind="textarea",
                value=value_of(request, "recommendation"),
                help=_("Đề nghị cấp nào làm gì để tháo gỡ; được đưa vào bảng tình hình thực hiện cam kết."),
            ),
        ]

    return duty_form(request, register, key, _("Báo tiến độ"), fields, write, _("Đã ghi cập nhật tiến độ."))


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
                value=value_of(request, "to"),
                required=True,
                errors=errors("to"),
                help=_(
                    "Viết NNNN-TT-NN. Hạn sớm hơn có hiệu lực ngay; hạn muộn hơn phải có lý do và chờ cấp trên duyệt. "
                    "Hạn ban đầu được giữ mãi."
                ),
            ),
            Field(name="reason", label=_("Lý do"), kind="textarea", value=value_of(request, "reason"), errors=errors("reason")),
        ]

    return duty_form(request, register, key, _("Đề nghị chuyển hạn"), fields, write, _("Đã ghi đề nghị chuyển hạn."))


@require_POST
def decide(request: HttpRequest, register: str, key: str, move: UUID) -> HttpResponseBase:
    """Approve or refuse a later due date."""
    book, record = duty_of(request, register, key)
    asked = next((m for m in due_moves_of(record.pk, asker(request)) if m.pk == move), None)
    if asked is None:
        raise NotFound(N_("Không tìm thấy bản ghi."), subject=str(move))
    approve = request.POST.get("approve") == "yes"
    decide_due_date(act=deed(request), record=record, move=asked, approve=approve)
    messages.success(request, _("Đã duyệt hạn mới.") if approve else _("Đã ghi nhận: không duyệt."))
    return redirect(safe_next(request, request.POST.get("next") or record_url(book.record_type, record.pk)))


def duty_form(
    request: HttpRequest,
    register: str,
    key: str,
    title: str,
    fields: Callable[[Errors], list[Field]],
    write: Callable[[Any], None],
    done: str,
    *,
    permission: str = "followup.report",
    multipart: bool = False,
    version: int | None = None,
    help: str = "",  # noqa: A002  as FieldSet calls it
) -> HttpResponseBase:
    """One form of following: shows its fields, writes, and comes back with everything typed when something is wrong.

    `version` is that of the part of the duty that is written, where it is not the duty's own.
    """
    book, record = duty_of(request, register, key)
    asker(request).require(permission, subject=str(record))
    here, wrong, refused = record_url(book.record_type, record.pk), None, None
    if request.method == "POST" and not refilling(request):
        try:
            write(record)
        except MissingInformation as error:
            wrong = error
        except Unreadable as error:  # a file that is not to be kept
            refused = error
        else:
            messages.success(request, done)
            return redirect(here)
    problems = wrong.problems if wrong else ()
    name = book.title_of(record).get(language())
    said = wrong or refused
    page = EditPage(
        header=Header(title=title, subtitle=name, trail=(Link(label=name, url=here),)),
        action=request.path,
        version=record.version if version is None else version,
        fieldsets=(
            FieldSet(
                title=title,
                fields=fields(
                    lambda field: [
                        *(say(p.message) for p in problems if p.field == field),
                        *([told(refused)] if refused and field == "file" else []),
                    ]
                ),
                help=help,
            ),
        ),
        submit=title,
        cancel_url=here,
        errors=(told(said),) if said else (),
        multipart=multipart,
    )
    return render(request, "edit_form.html", page, status=422 if said else 200, exercise=record.exercise)


def duty_of(request: HttpRequest, register: str, key: str) -> tuple[Register, Any]:
    """The register and the duty, or NotFound, also for a record that is not followed."""
    book, record = found(request, register, key)
    if not is_followed(record):
        raise NotFound(
            N_("Không tìm thấy trang này."), subject=request.path, remedy=N_("Chỉ nhiệm vụ và cam kết mới được theo dõi.")
        )
    return book, record


def value_of(request: HttpRequest, name: str, default: str = "") -> str:
    """What was typed into the field, before anything was sent the default."""
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


def chosen(name: str, title: str, value: str, terms: str, errors: Sequence[str], *, required: bool = False) -> Field:
    """A field that chooses among the terms of a closed list."""
    pairs = vocabulary(terms).choices(language())
    first = [] if required else [Choice(value="", label=_("(không có)"), selected=not value)]
    choices = [*first, *(Choice(value=code, label=text, selected=code == value) for code, text in pairs)]
    return Field(name=name, label=title, kind="select", value=value, choices=choices, errors=errors, required=required)


def _wrong(field: str, message: str) -> InvalidInput:
    return InvalidInput(
        N_("Thông tin nhập chưa hợp lệ."), remedy=N_("Hãy sửa các trường được nêu."), problems=[FieldProblem(field, message)]
    )
