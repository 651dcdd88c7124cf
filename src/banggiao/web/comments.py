"""The forms that say something about a record, change it, settle it or take it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banggiao.core.errors import InvalidInput, StaleEdit
from banggiao.core.folding import is_text, nfc
from banggiao.core.registers import Register
from banggiao.followup.questions_comments import comment_seen, who_can_be_called
from banggiao.followup.services_comments import comment_on, require_own, resolve_comment, retract_comment, revise_comment
from banggiao.web.addresses import record_url
from banggiao.web.asking import asker, deed, language, today, typed, version_sent
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import Difference, Field, FieldSet, Header, Link
from banggiao.web.records import found
from banggiao.web.words import say, told


@require_POST
def add(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """Say something about the record; what cannot be sent comes back as it was typed."""
    book, record = found(request, register, key)
    try:
        comment = comment_on(act=deed(request), record=record, text=typed(request, "text"))
    except InvalidInput as error:
        return _form(request, book, record, typed(request, "text"), request.path, _("Gửi ý kiến"), error=error)
    messages.success(request, _("Đã gửi ý kiến."))
    return redirect(_place(book, record, comment.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, register: str, key: str, comment: UUID) -> HttpResponseBase:
    """Other words for one's own comment."""
    book, record = found(request, register, key)
    said = comment_seen(record, comment, asker(request))
    require_own(asker(request), said)
    submit = _("Lưu thay đổi")
    if request.method != "POST":
        return _form(request, book, record, said.text, request.path, submit, version=said.version)
    text, version = typed(request, "text"), version_sent(request)
    try:
        revise_comment(act=deed(request), record=record, comment=said, text=text, version=version)
    except StaleEdit as error:
        return _form(request, book, record, text, request.path, submit, version=error.current_version, stale=error)
    except InvalidInput as error:
        return _form(request, book, record, text, request.path, submit, version=version or said.version, error=error)
    messages.success(request, _("Đã lưu ý kiến."))
    return redirect(_place(book, record, comment))


@require_POST
def remove(request: HttpRequest, register: str, key: str, comment: UUID) -> HttpResponseBase:
    """Take one's own comment back."""
    book, record = found(request, register, key)
    said = comment_seen(record, comment, asker(request))
    retract_comment(act=deed(request), record=record, comment=said, version=version_sent(request))
    messages.success(request, _("Đã rút ý kiến."))
    return redirect(f"{record_url(book.record_type, record.pk)}#comments")


@require_POST
def resolve(request: HttpRequest, register: str, key: str, comment: UUID) -> HttpResponseBase:
    """The matter is settled, or open again."""
    book, record = found(request, register, key)
    said = comment_seen(record, comment, asker(request))
    settled = request.POST.get("resolved") == "yes"
    resolve_comment(act=deed(request), record=record, comment=said, resolved=settled, version=version_sent(request))
    messages.success(request, _("Đã ghi: ý kiến đã giải quyết.") if settled else _("Đã mở lại ý kiến."))
    return redirect(_place(book, record, comment))


@require_safe
def people(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """Who can be called whose name holds `?q=`: only those who may see the record."""
    _book, record = found(request, register, key)
    asker(request).require("comments.use", subject=str(record))
    words = request.GET.get("q", "")[:60]
    called = who_can_be_called(nfc(words), record, today(request)) if is_text(words) else []
    answer = JsonResponse({"people": [{"username": c.username, "name": c.name, "institution": c.institution} for c in called]})
    answer["Cache-Control"] = "private, no-store"
    return answer


def _form(
    request: HttpRequest,
    book: Register,
    record: Any,
    text: str,
    action: str,
    submit: str,
    *,
    version: int = 0,
    error: InvalidInput | None = None,
    stale: StaleEdit | None = None,
) -> HttpResponseBase:
    title = book.title_of(record).get(language())
    here = f"{record_url(book.record_type, record.pk)}#comments"
    wrong = [say(p.message) for p in error.problems] if error else []
    field = Field(
        name="text",
        label=_("Ý kiến"),
        kind="textarea",
        value=text,
        required=True,
        errors=wrong,
        help=_("Gõ @ và tên đăng nhập để nhắc một người được xem bản ghi này."),
    )
    page = EditPage(
        header=Header(title=_("Ý kiến"), subtitle=title, trail=(Link(label=title, url=here),)),
        action=action,
        version=version,
        fieldsets=(FieldSet(title=_("Ý kiến"), fields=[field]),),
        submit=submit,
        cancel_url=here,
        errors=(f"{told(error)} {error.subject}".strip(),) if error else (),
        differences=[
            Difference(label=_("Ý kiến"), seen=str(d.seen or ""), mine=str(d.mine or ""), current=str(d.current or ""))
            for d in (stale.differences if stale else ())
            if d.field == "text"
        ],
    )
    return render(request, "edit_form.html", page, status=412 if stale else 422 if error else 200, exercise=record.exercise)


def _place(book: Register, record: Any, comment: UUID) -> str:
    return f"{record_url(book.record_type, record.pk)}#comment-{comment}"
