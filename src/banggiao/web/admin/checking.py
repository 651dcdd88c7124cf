"""Checking the ledger: whether its chains are whole, asked from the page that lists it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from banggiao.core.questions import Page, ask
from banggiao.reports.ledger import check_chains
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, moment, typed
from banggiao.web.words import is_id

LATEST = 40


@require_POST
def verify(request: HttpRequest) -> HttpResponseBase:
    """All chains for those who audit; for others those of one record, or of the latest entries they may see."""
    viewer, record = asker(request), typed(request, "record")
    if record and is_id(record):
        looked, broken = check_chains(viewer, [UUID(record)])
    elif viewer.may("audit.view"):
        looked, broken = check_chains(viewer)
    else:
        answer = ask("ledger", {}, viewer, at=moment(request), page=Page(LATEST))
        looked, broken = check_chains(viewer, {row.id for row in answer.rows if row.id})
    if broken:
        text = ngettext(
            "CẢNH BÁO: %(broken)d trong %(looked)d chuỗi nhật ký không khớp. Hãy báo quản trị viên.",
            "CẢNH BÁO: %(broken)d trong %(looked)d chuỗi nhật ký không khớp. Hãy báo quản trị viên.",
            broken,
        )
        messages.error(request, text % {"broken": broken, "looked": looked})
    else:
        text = ngettext(
            "Đã kiểm tra %(looked)d chuỗi nhật ký: nguyên vẹn.", "Đã kiểm tra %(looked)d chuỗi nhật ký: nguyên vẹn.", looked
        )
        messages.success(request, text % {"looked": looked})
    return redirect(list_url("ledger", {"record": record if is_id(record) else ""}))
