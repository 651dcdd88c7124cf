"""How are the lines of a record (agenda, delegation, legal steps, clauses) read and written over HTTP?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from banggiao.api.caller import Caller, act_of, caller_of, no_parameters, now, text, writer_of
from banggiao.api.problems import words
from banggiao.api.registers import IdempotencyKey, IfMatch, version_of
from banggiao.api.router import ETAG, READ_PROBLEMS, WRITE_PROBLEMS
from banggiao.api.schemas import Change
from banggiao.api.schemas_lines import LineOut, LinesOut, PartsOut
from banggiao.api.services import once
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.exports import answer_as_json
from banggiao.core.lines import Lines, find_line, lines_named, lines_of, remove_line, rows_of
from banggiao.core.questions import Answer, Row
from banggiao.core.registers import cells_of, find_record, register_named
from banggiao.reports import lines as entering

router = Router(tags=["lines"])

Reason = Annotated[str, Query(max_length=2000)]


@router.get(
    "/registers/{name}/{key}/lines",
    response={200: PartsOut, **READ_PROBLEMS},
    summary=N_("Các phần gồm nhiều dòng của một bản ghi"),
    description=N_("Tên từng phần, các trường nhận khi thêm dòng và trường bắt buộc."),
)
def list_parts(request: HttpRequest, name: str, key: str) -> dict[str, Any]:
    """What kinds of lines the record has, and how many of each."""
    no_parameters(request)
    caller = caller_of(request)
    viewer = caller.viewer
    record = _record(name, key, viewer)
    return {
        "parts": [
            {
                "name": lines.name,
                "title": lines.book.title._asdict(),
                "total": rows_of(lines, record, viewer).count(),
                "entry": list(lines.book.entry),
                "required": list(lines.book.required),
                "kept_as_written": lines.kept_as_written,
                "may_edit": caller.may_write and viewer.may(lines.book.edit_permission),
            }
            for lines in lines_of(record.record_type())
        ]
    }


@router.get(
    "/registers/{name}/{key}/lines/{part}",
    response={200: LinesOut, **READ_PROBLEMS},
    summary=N_("Các dòng của một phần"),
    description=N_("Theo thứ tự của phần; mỗi dòng có id và version để sửa hoặc gỡ."),
)
def list_lines(request: HttpRequest, name: str, key: str, part: str) -> dict[str, Any]:
    """The lines of one part."""
    no_parameters(request)
    viewer = caller_of(request).viewer
    record = _record(name, key, viewer)
    lines = lines_named(record.record_type(), part)
    shown = _shown(lines, record, viewer)
    return {"part": lines.name, "title": lines.book.title._asdict(), "total": len(shown), "lines": shown}


@router.post(
    "/registers/{name}/{key}/lines/{part}",
    response={200: LineOut, **WRITE_PROBLEMS},
    summary=N_("Thêm một dòng"),
    description=N_("Gửi các trường của dòng; cách viết như ở biểu mẫu. Idempotency-Key giúp gửi lại an toàn trong 24 giờ."),
    openapi_extra=ETAG,
)
def add(
    request: HttpRequest,
    response: HttpResponse,
    name: str,
    key: str,
    part: str,
    change: Change,
    idempotency_key: IdempotencyKey = "",
) -> dict[str, Any]:
    """The new line."""
    caller = writer_of(request)
    no_parameters(request)
    values, reason = dict(change.model_extra or {}), text("reason", change.reason)

    def do() -> dict[str, Any]:
        record = _record(name, key, caller.viewer)
        lines = lines_named(record.record_type(), part)
        line = entering.enter(lines, record, values=values, act=act_of(request, reason))
        return _one(lines, record, line.pk, caller.viewer)

    return _sent(response, _once(request, caller, idempotency_key, [values, reason], do))


@router.patch(
    "/registers/{name}/{key}/lines/{part}/{line}",
    response={200: LineOut, **WRITE_PROBLEMS},
    summary=N_("Sửa một dòng"),
    description=N_(
        "Gửi các trường cần đổi, If-Match là phiên bản của dòng. Dòng được giữ nguyên như đã ghi thì không sửa được: 403."
    ),
    openapi_extra=ETAG,
)
def change_line(
    request: HttpRequest,
    response: HttpResponse,
    name: str,
    key: str,
    part: str,
    line: UUID,
    change: Change,
    if_match: IfMatch = "",
    idempotency_key: IdempotencyKey = "",
) -> dict[str, Any]:
    """The line after the change."""
    caller, version = writer_of(request), version_of(if_match)
    no_parameters(request)
    values, reason = dict(change.model_extra or {}), text("reason", change.reason)

    def do() -> dict[str, Any]:
        record = _record(name, key, caller.viewer)
        lines = lines_named(record.record_type(), part)
        row = find_line(lines, record, line, caller.viewer)
        entering.change(lines, record, row, values=values, version=version, act=act_of(request, reason))
        return _one(lines, record, row.pk, caller.viewer)

    return _sent(response, _once(request, caller, idempotency_key, [if_match, values, reason], do))


@router.delete(
    "/registers/{name}/{key}/lines/{part}/{line}",
    response={204: None, **WRITE_PROBLEMS},
    summary=N_("Gỡ một dòng"),
    description=N_(
        "If-Match là phiên bản của dòng; reason là lý do, bắt buộc với dòng được giữ nguyên như đã ghi. Lịch sử vẫn còn."
    ),
)
def remove(
    request: HttpRequest, name: str, key: str, part: str, line: UUID, if_match: IfMatch = "", reason: Reason = ""
) -> tuple[int, None]:
    """Take the line out; its ledger stays."""
    caller, version = writer_of(request), version_of(if_match)
    no_parameters(request, ("reason",))
    record = _record(name, key, caller.viewer)
    lines = lines_named(record.record_type(), part)
    row = find_line(lines, record, line, caller.viewer)
    remove_line(act=act_of(request, text("reason", reason)), lines=lines, parent=record, line=row, version=version)
    return 204, None


def _record(name: str, key: str, viewer: Viewer) -> Any:
    book = register_named(name)
    viewer.require(book.permission, subject=name)
    return find_record(book, key, viewer)


def _shown(lines: Lines, record: Any, viewer: Viewer) -> list[dict[str, Any]]:
    """The lines as JSON-ready values, their cells drawn by the same code as those of an answer."""
    rows = rows_of(lines, record, viewer)
    versions = {row.pk: row for row in rows}
    columns = tuple(replace(f.column, label=words(f.column.label)) for f in lines.book.fields)
    listed = tuple(Row(cells, pk, lines.book.record_type) for pk, cells in cells_of(lines.book.fields, rows, viewer))
    answer = Answer(lines.name, lines.book.title, columns, listed, len(listed), record.recorded_at, "register_rows")
    drawn = answer_as_json(answer)["rows"]
    return [
        {
            "id": str(row.id),
            "version": versions[row.id].version,
            "exercise": versions[row.id].exercise,
            "fields": {c.key: cells[c.key] for c in columns},
            "values": {n: v for n, v in versions[row.id].snapshot().items() if n in lines.book.entry},
        }
        for row, cells in zip(listed, drawn, strict=True)
        if row.id in versions
    ]


def _one(lines: Lines, record: Any, pk: UUID, viewer: Viewer) -> dict[str, Any]:
    return next(line for line in _shown(lines, record, viewer) if line["id"] == str(pk))


def _once(request: HttpRequest, caller: Caller, key: str, sent: list[Any], do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    if not key:
        return do()
    told = json.dumps([request.method, request.path, *sent], sort_keys=True)
    return once(user=caller.user, key=key, fingerprint=hashlib.sha256(told.encode()).hexdigest(), at=now(), deed=do)


def _sent(response: HttpResponse, body: dict[str, Any]) -> dict[str, Any]:
    response["ETag"] = f'"{body["version"]}"'
    return body
