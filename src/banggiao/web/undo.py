"""Taking back one's own last change: from the message after it, or from the record's history."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banggiao.reports import actions
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import deed, version_sent
from banggiao.web.notes import note_change
from banggiao.web.records import found


@require_POST
def undo(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """The record as it stood before the reader's last change; a record just made leaves the register."""
    book, record = found(request, register, key)
    changed = actions.undo(book, record, version=version_sent(request), act=deed(request))
    if changed.retracted:
        messages.success(request, _("Đã rút bản ghi vừa tạo khỏi sổ. Nhật ký vẫn giữ cả hai thao tác."))
        return redirect(list_url(book.name))
    note_change(request, _("Đã hoàn tác. Nhật ký vẫn giữ cả hai thao tác."), book, changed)
    return redirect(record_url(book.record_type, record.pk))
