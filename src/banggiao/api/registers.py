"""How are records read and written over HTTP? Any register's, each write based on the version that was read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router

from banggiao.api.caller import Caller, act_of, caller_of, no_parameters, now, text, writer_of
from banggiao.api.problems import words
from banggiao.api.router import ETAG, READ_PROBLEMS, WRITE_PROBLEMS, Size
from banggiao.api.schemas import Change, HistoryOut, RecordOut, RegistersOut
from banggiao.api.services import once
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.exports import answer_as_json
from banggiao.core.ledger import LedgerEntry, entries_of
from banggiao.core.questions import Answer, Row
from banggiao.core.registers import Register, cells_of, find_record, register_named, registers
from banggiao.reports import actions
from banggiao.reports.entry import asked_by
from banggiao.reports.labels import label_of
from banggiao.reports.naming import parted_links
from banggiao.sources.questions import citations_of

router = Router(tags=["registers"])

IfMatch = Annotated[str, Header(alias="If-Match", max_length=80)]
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", max_length=200)]
_VERSION = re.compile(r'"([0-9]{1,9})"')


@router.get(
    "/registers",
    response={200: RegistersOut, **READ_PROBLEMS},
    summary=N_("Các sổ"),
    description=N_("Mỗi sổ kèm các trường sửa được và các trục trạng thái. Danh sách của sổ là câu hỏi cùng tên."),
)
def list_registers(request: HttpRequest) -> dict[str, Any]:
    """All registers."""
    no_parameters(request)
    viewer = caller_of(request).viewer
    return {"registers": [_register(register, viewer) for register in registers()]}


@router.get(
    "/registers/{name}/{key}",
    response={200: RecordOut, **READ_PROBLEMS},
    by_alias=True,
    summary=N_("Một bản ghi"),
    description=N_(
        "key là id hoặc mã. ETag là phiên bản để gửi lại trong If-Match khi sửa. Kèm các bước bạn được làm, những gì còn thiếu "
        "cho từng bước, và trích dẫn nguồn."
    ),
    openapi_extra=ETAG,
)
def show_record(request: HttpRequest, response: HttpResponse, name: str, key: str) -> dict[str, Any]:
    """The record with its version as ETag."""
    no_parameters(request)
    book, record = _found(name, key, caller_of(request).viewer)
    return _sent(response, record_out(book, record, caller_of(request)))


@router.patch(
    "/registers/{name}/{key}",
    response={200: RecordOut, **WRITE_PROBLEMS},
    by_alias=True,
    summary=N_("Sửa một bản ghi"),
    description=N_(
        "Gửi các trường cần đổi trong nội dung, If-Match là phiên bản đã đọc. Thiếu phiên bản: 428; đã có người sửa: 412 kèm các "
        "trường khác nhau. Idempotency-Key giúp gửi lại an toàn trong 24 giờ."
    ),
    openapi_extra=ETAG,
)
def change_record(
    request: HttpRequest,
    response: HttpResponse,
    name: str,
    key: str,
    change: Change,
    if_match: IfMatch = "",
    idempotency_key: IdempotencyKey = "",
) -> dict[str, Any]:
    """The record after the change."""
    version = version_of(if_match)

    def deed(book: Register, record: Any, act: Act, values: dict[str, Any]) -> Any:
        return actions.revise(book, record, values=values, version=version, act=act)

    return _written(request, response, name, key, change, idempotency_key, if_match, deed)


@router.post(
    "/registers/{name}/{key}/steps/{action}",
    response={200: RecordOut, **WRITE_PROBLEMS},
    by_alias=True,
    summary=N_("Chuyển bước của một bản ghi"),
    description=N_(
        "Gửi các trường mà bước cần trong nội dung, kèm reason khi bước đòi lý do; If-Match là phiên bản đã đọc. Sai trạng thái: "
        "409; thiếu thông tin: 422 kèm các trường."
    ),
    openapi_extra=ETAG,
)
def take_step(
    request: HttpRequest,
    response: HttpResponse,
    name: str,
    key: str,
    action: str,
    change: Change,
    if_match: IfMatch = "",
    idempotency_key: IdempotencyKey = "",
) -> dict[str, Any]:
    """The record after the step."""
    version = version_of(if_match)

    def deed(book: Register, record: Any, act: Act, values: dict[str, Any]) -> Any:
        return actions.take_step(book, record, action=action, version=version, values=values, act=act)

    return _written(request, response, name, key, change, idempotency_key, if_match, deed)


@router.get(
    "/registers/{name}/{key}/history",
    response={200: HistoryOut, **READ_PROBLEMS},
    summary=N_("Lịch sử của một bản ghi"),
    description=N_("Các mục của sổ nhật ký, cũ trước mới sau; after là số thứ tự của mục cuối đã đọc."),
)
def show_history(
    request: HttpRequest, name: str, key: str, size: Size = 50, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
) -> dict[str, Any]:
    """The ledger entries of the record."""
    no_parameters(request, ("size", "after"))
    viewer = caller_of(request).viewer
    _book, record = _found(name, key, viewer)
    viewer.require("reports.view", subject=str(record))  # as on the pages: who wrote what is no business of enterprises
    entries = entries_of(record.pk)
    found = list(entries.filter(sequence__gt=after)[: size + 1])
    more = found[size - 1].sequence if len(found) > size else None
    return {"total": entries.count(), "entries": [_entry(e) for e in found[:size]], "next": more}


Deed = Callable[[Register, Any, Act, dict[str, Any]], Any]


def _written(
    request: HttpRequest,
    response: HttpResponse,
    name: str,
    key: str,
    change: Change,
    idempotency_key: str,
    if_match: str,
    deed: Deed,
) -> dict[str, Any]:
    """Do the deed once and answer the record; the same idempotency key gets the first answer again."""
    caller = writer_of(request)
    no_parameters(request)
    values, reason = dict(change.model_extra or {}), text("reason", change.reason)

    def do() -> dict[str, Any]:
        book, record = _found(name, key, caller.viewer)
        changed = deed(book, record, act_of(request, reason), values)
        return record_out(book, changed, caller)

    if not idempotency_key:
        return _sent(response, do())
    told = json.dumps([request.method, request.path, if_match, values, reason], sort_keys=True)
    fingerprint = hashlib.sha256(told.encode()).hexdigest()
    kept = once(user=caller.user, key=idempotency_key, fingerprint=fingerprint, at=now(), deed=do)
    return _sent(response, kept)


def _found(name: str, key: str, viewer: Viewer) -> tuple[Register, Any]:
    book = register_named(name)
    viewer.require(book.permission, subject=name)
    return book, find_record(book, key, viewer)


def version_of(if_match: str) -> int | None:
    """The version that the write is based on; None when none was sent. Raises InvalidInput for what is not one of our ETags."""
    if not if_match:
        return None
    found = _VERSION.fullmatch(if_match.strip())
    if found is None:
        raise InvalidInput(
            N_("Không hiểu phiên bản trong If-Match."),
            subject=if_match,
            remedy=N_('Hãy gửi nguyên giá trị ETag của bản ghi, ví dụ “"3"”.'),
            problems=[FieldProblem("If-Match", N_("Giá trị không hợp lệ."))],
        )
    return int(found[1])


def _sent(response: HttpResponse, body: dict[str, Any]) -> dict[str, Any]:
    response["ETag"] = f'"{body["version"]}"'
    return body


def _register(register: Register, viewer: Viewer) -> dict[str, Any]:
    return {
        "name": register.name,
        "title": register.title._asdict(),
        "one": register.one._asdict(),
        "type": register.record_type,
        "permitted": viewer.may(register.permission),
        "may_edit": bool(register.editable) and viewer.may(register.edit_permission),
        "editable": list(register.editable),
        "may_add": actions.may_create(register, viewer),
        "entry": [
            {
                "name": each.name,
                "label": label_of(register, each.name),
                "kind": each.kind,
                "required": each.required,
                "vocabulary": each.vocabulary or None,
            }
            for each in (asked_by(register) if register.entry else ())
        ],
        "machines": [
            {"name": m.name, "field": m.field, "initial": m.initial, "states": list(m.states())} for m in register.machines
        ],
    }


def record_out(register: Register, record: Any, caller: Caller) -> dict[str, Any]:
    """The record as JSON-ready values: its cells are drawn by the same code as those of an answer."""
    viewer, fields = caller.viewer, (*register.fields, *register.page_fields)
    # A record taken back is shown this once to whoever did it.
    rows = register.model.objects.all() if record.retracted else register.model.objects.visible_to(viewer)
    [(pk, cells)] = cells_of(fields, rows.filter(pk=record.pk), viewer)
    mark = str(getattr(record, register.mark_path)) if register.mark_path else ""
    row = Row(cells, pk, register.record_type, exercise=record.exercise, mark=mark)
    columns = tuple(replace(f.column, label=words(f.column.label)) for f in fields)
    shown = answer_as_json(Answer(register.name, register.title, columns, (row,), 1, record.recorded_at, register.rule))
    state = record.snapshot() | {n: parted_links(record, n, viewer)[0] for n in register.editable if n in record.links}
    return {
        "register_name": register.name,
        "type": register.record_type,
        "id": str(record.pk),
        "title": register.title_of(record)._asdict(),
        "version": record.version,
        "exercise": record.exercise,
        "mark": mark or None,
        "columns": shown["columns"],
        "fields": {c.key: shown["rows"][0][c.key] for c in columns},
        "may_edit": bool(register.editable) and caller.may_write and viewer.may(register.edit_permission),
        "editable": {name: state[name] for name in register.editable},
        "steps": _steps(register, record, caller),
        "citations": [
            {
                "field": c.field,
                "document": str(c.document_id),
                "title": c.document_title,
                "outlet": c.outlet,
                "published": c.published,
                "url": c.url,
                "start": c.start,
                "end": c.end,
                "words": c.words,
                "sentence": c.sentence,
                "rule": c.rule,
            }
            for c in citations_of([record.pk], viewer).get(record.pk, [])
        ],
    }


def _steps(register: Register, record: Any, caller: Caller) -> list[dict[str, Any]]:
    if not caller.may_write:
        return []
    return [
        {
            "action": step.action,
            "label": words(step.label),
            "machine": machine.name,
            "target": step.target,
            "asks": list(actions.taken_by(machine, step)),
            "reason_required": step.reason_required,
            "missing": [{"field": p.field, "message": words(p.message)} for p in machine.missing_for(record, step)],
        }
        for machine in register.machines
        for step in machine.offered(record, caller.viewer)
    ]


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "sequence": entry.sequence,
        "action": entry.action,
        "at": entry.recorded_at,
        "valid_from": entry.valid_from.isoformat() if entry.valid_from else None,
        "actor": entry.actor_label,
        "reason": entry.reason,
        "changes": [{"field": field, "old": old, "new": new} for field, (old, new) in entry.changes.items()],
        "hash": entry.hash,
    }
