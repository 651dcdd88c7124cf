"""How is a new record made over HTTP, and how is one's own last change taken back? As by the form, in the same words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from banggiao.api.caller import Caller, act_of, no_parameters, now, text, writer_of
from banggiao.api.registers import IdempotencyKey, IfMatch, record_out, version_of
from banggiao.api.router import ETAG, WRITE_PROBLEMS
from banggiao.api.schemas import Change, RecordOut
from banggiao.api.services import once
from banggiao.core.errors import N_
from banggiao.core.registers import find_record, register_named
from banggiao.reports import actions

router = Router(tags=["registers"])

_MADE: dict[str, Any] = {
    "responses": {
        201: {
            "headers": {
                "ETag": {"schema": {"type": "string"}, "example": '"1"'},
                "Location": {"schema": {"type": "string"}, "example": "/api/registers/tasks/NV-2025-0001"},
            }
        }
    }
}


@router.post(
    "/registers/{name}",
    response={201: RecordOut, **WRITE_PROBLEMS},
    by_alias=True,
    summary=N_("Tạo một bản ghi"),
    description=N_(
        "Gửi các trường nêu ở entry của sổ, cách viết như ở biểu mẫu: ngày 5/9/2025 hoặc 2025-09-05, đối tác và cơ quan theo mã, "
        "tên hoặc id. Mọi lỗi được nêu cùng lúc theo trường. Idempotency-Key giúp gửi lại an toàn trong 24 giờ."
    ),
    openapi_extra=_MADE,
)
def add_record(
    request: HttpRequest, response: HttpResponse, name: str, change: Change, idempotency_key: IdempotencyKey = ""
) -> Status[dict[str, Any]]:
    """The new record with its version as ETag and its address."""
    caller = writer_of(request)
    no_parameters(request)
    values, reason = dict(change.model_extra or {}), text("reason", change.reason)

    def do() -> dict[str, Any]:
        book = register_named(name)
        caller.viewer.require(book.permission, subject=name)
        return record_out(book, actions.create(book, values=values, act=act_of(request, reason)), caller)

    body = _once(request, caller, idempotency_key, [values, reason], do)
    response["ETag"] = f'"{body["version"]}"'
    response["Location"] = f"/api/registers/{quote(name)}/{body['id']}"
    return Status(201, body)


@router.post(
    "/registers/{name}/{key}/undo",
    response={200: RecordOut, **WRITE_PROBLEMS},
    by_alias=True,
    summary=N_("Hoàn tác thay đổi cuối của chính bạn"),
    description=N_(
        "If-Match là phiên bản do thay đổi đó tạo ra. Chỉ khi chưa ai ghi gì sau đó: nếu có, 412. Bản ghi vừa tạo được rút "
        "khỏi sổ; nhật ký giữ cả hai thao tác."
    ),
    openapi_extra=ETAG,
)
def undo(request: HttpRequest, response: HttpResponse, name: str, key: str, if_match: IfMatch = "") -> dict[str, Any]:
    """The record as it stood before the caller's own last change."""
    caller, version = writer_of(request), version_of(if_match)
    no_parameters(request)
    book = register_named(name)
    caller.viewer.require(book.permission, subject=name)
    changed = actions.undo(book, find_record(book, key, caller.viewer), version=version, act=act_of(request))
    body = record_out(book, changed, caller)
    response["ETag"] = f'"{body["version"]}"'
    return body


def _once(request: HttpRequest, caller: Caller, key: str, sent: list[Any], do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    if not key:
        return do()
    told = json.dumps([request.method, request.path, *sent], sort_keys=True)
    return once(user=caller.user, key=key, fingerprint=hashlib.sha256(told.encode()).hexdigest(), at=now(), deed=do)
