"""How are the facts of a document read and settled over HTTP? Each deed based on the version that was read."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from banggiao.api.caller import act_of, caller_of, no_parameters, now, text, writer_of
from banggiao.api.registers import IdempotencyKey, IfMatch, version_of
from banggiao.api.router import ETAG, READ_PROBLEMS, WRITE_PROBLEMS, Size
from banggiao.api.schemas_facts import FactDeedIn, FactOut, FactsOut
from banggiao.api.services import once
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, VersionRequired
from banggiao.core.record import plain
from banggiao.core.registers import find_record, register_named
from banggiao.intelligence.comparing import Known, Ruling, compare
from banggiao.intelligence.services import accept, undo_fact
from banggiao.intelligence.setting import Setting
from banggiao.reports.questions import fact_seen
from banggiao.sources.models import Fact
from banggiao.sources.questions import facts_page, sentence_at
from banggiao.sources.services import reject_fact

router = Router(tags=["facts"])

State = Literal["", "proposed", "accepted", "corrected", "rejected"]


@router.get(
    "/documents/{key}/facts",
    response={200: FactsOut, **READ_PROBLEMS},
    summary=N_("Thông tin đọc được từ một tài liệu"),
    description=N_("Theo thứ tự đã đọc, kèm câu gốc và điều sổ đã có bên cạnh; after là id cuối của trang trước."),
)
def list_facts(
    request: HttpRequest, key: str, state: State = "", size: Size = 50, after: Annotated[UUID | None, Query()] = None
) -> dict[str, Any]:
    """A page of the facts of the document."""
    no_parameters(request, ("state", "size", "after"))
    viewer = caller_of(request).viewer
    register = register_named("documents")
    viewer.require(register.permission, subject=register.name)
    document = find_record(register, text("key", key), viewer)
    found, total = facts_page(document, viewer, state=state, after=after, size=size + 1)
    shown = found[:size]
    known = compare(Setting(Act(viewer, now()), document), [f for f in shown if f.state == "proposed"], viewer)
    return {
        "total": total,
        "facts": [_fact(fact, known.get(fact.pk)) for fact in shown],
        "next": shown[-1].pk if len(found) > size else None,
    }


@router.get(
    "/facts/{fact_id}",
    response={200: FactOut, **READ_PROBLEMS},
    summary=N_("Một thông tin đọc được"),
    description=N_("ETag là phiên bản để gửi lại trong If-Match khi duyệt, bác bỏ hay hoàn tác."),
    openapi_extra=ETAG,
)
def show_fact(request: HttpRequest, response: HttpResponse, fact_id: UUID) -> dict[str, Any]:
    """The fact with its version as ETag."""
    no_parameters(request)
    return _sent(response, _whole(fact_id, caller_of(request).viewer))


@router.post(
    "/facts/{fact_id}/{action}",
    response={200: FactOut, **WRITE_PROBLEMS},
    summary=N_("Duyệt, bác bỏ hoặc hoàn tác một thông tin"),
    description=N_(
        "action là accept, reject hoặc undo; If-Match là phiên bản đã đọc. Khi sổ ghi khác, accept cần ruling chọn trong "
        "known.choices; thiếu thì 422. Người khác đã xử lý trước: 409, kèm ai và lúc nào. Sửa nội dung thì sửa trên trang."
    ),
    openapi_extra=ETAG,
)
def settle_fact(
    request: HttpRequest,
    response: HttpResponse,
    fact_id: UUID,
    action: Literal["accept", "reject", "undo"],
    sent: FactDeedIn,
    if_match: IfMatch = "",
    idempotency_key: IdempotencyKey = "",
) -> dict[str, Any]:
    """The fact after the deed."""
    caller, version = writer_of(request), version_of(if_match)
    no_parameters(request)
    act = act_of(request, text("reason", sent.reason))

    def do() -> dict[str, Any]:
        fact = fact_seen(fact_id, caller.viewer)
        if version is None:
            raise VersionRequired(
                N_("Thiếu phiên bản của bản ghi cần sửa."), subject=str(fact), remedy=N_("Hãy gửi ETag đã đọc trong If-Match.")
            )
        if action == "accept":
            ruling = Ruling(sent.ruling.choice, sent.ruling.record, sent.ruling.version) if sent.ruling else None
            accept(act=act, fact=fact, version=version, ruling=ruling)
        elif action == "reject":
            reject_fact(act=act, fact=fact, version=version)
        else:
            undo_fact(act=act, fact=fact, version=version)
        return _whole(fact_id, caller.viewer)

    if not idempotency_key:
        return _sent(response, do())
    told = json.dumps([request.path, if_match, sent.model_dump(mode="json")], sort_keys=True)
    fingerprint = hashlib.sha256(told.encode()).hexdigest()
    kept = once(user=caller.user, key=idempotency_key, fingerprint=fingerprint, at=now(), deed=do)
    return _sent(response, kept)


def _whole(fact_id: UUID, viewer: Viewer) -> dict[str, Any]:
    fact = fact_seen(fact_id, viewer)
    known = compare(Setting(Act(viewer, now()), fact.document), [fact], viewer) if fact.state == "proposed" else {}
    return FactOut.model_validate(_fact(fact, known.get(fact.pk))).model_dump(mode="json")


def _fact(fact: Fact, known: Known | None) -> dict[str, Any]:
    document = fact.document
    return {
        "id": fact.pk,
        "document": fact.document_id,
        "kind": fact.kind,
        "state": fact.state,
        "version": fact.version,
        "certainty": fact.certainty,
        "rule": fact.rule,
        "start": fact.start,
        "end": fact.end,
        "words": document.text[fact.start : fact.end],
        "sentence": sentence_at(document.text, fact.evidence_start, fact.evidence_end),
        "value": fact.value,
        "exercise": fact.exercise,
        "record_type": fact.target_type,
        "record": fact.target_id,
        "known": _known(known) if known else None,
    }


def _known(known: Known) -> dict[str, Any]:
    return {
        "type": known.record.record_type(),
        "record": known.record.pk,
        "version": known.record.version,
        "sure": known.sure,
        "lines": [
            {"field": line.field.name, "known": plain(line.known), "said": plain(line.said), "state": line.state}
            for line in known.lines
        ],
        "choices": list(known.choices),
    }


def _sent(response: HttpResponse, body: dict[str, Any]) -> dict[str, Any]:
    response["ETag"] = f'"{body["version"]}"'
    return body
