"""How are plans drafted, approved and claimed over HTTP, evidence handed in with its file, commitments split and merged?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, UploadedFile

from banggiao.api.caller import Caller, act_of, caller_of, no_parameters, now, text, writer_of
from banggiao.api.registers import IdempotencyKey, IfMatch, version_of
from banggiao.api.router import ETAG, READ_PROBLEMS, WRITE_PROBLEMS
from banggiao.api.schemas_plans import (
    BaselineOut,
    ClaimIn,
    ClaimOut,
    DifficultyIn,
    DifficultyOut,
    EvidenceIn,
    EvidenceOut,
    In,
    MadeOut,
    MergeIn,
    PlanIn,
    PlanOut,
    ResolveIn,
    SplitIn,
    StandingOut,
    StepIn,
    SupersedeIn,
)
from banggiao.api.services import once
from banggiao.commitments.questions import COMMITMENTS
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound
from banggiao.core.registers import find_record, register_named
from banggiao.followup.evidence.files import Sent
from banggiao.followup.models import Followed
from banggiao.followup.planning.questions import standings
from banggiao.followup.planning.services import approve_plan, withdraw_plan
from banggiao.reports import plans
from banggiao.reports import standings as told
from banggiao.reports.downloads import evidence_file

router = Router(tags=["plans"])


@router.get(
    "/registers/{name}/{key}/standing",
    response={200: StandingOut, **READ_PROBLEMS},
    summary=N_("Tình hình thực hiện của một việc"),
    description=N_(
        "Tiến độ được thẩm tra và tự khai, tiến độ theo thời gian, độ tin cậy: mỗi số đứng riêng, kèm quy tắc và ngày; màu do "
        "máy tính theo bảng kèm theo."
    ),
)
def show_standing(request: HttpRequest, name: str, key: str) -> dict[str, Any]:
    """The numbers of a commitment or task."""
    no_parameters(request)
    viewer = caller_of(request).viewer
    return told.standing_out(_duty(name, key, viewer), viewer, now())


@router.get(
    "/registers/{name}/{key}/plan",
    response={200: PlanOut, **READ_PROBLEMS},
    summary=N_("Kế hoạch của một việc"),
    description=N_("Mọi lần lập kế hoạch với các mốc, lời khai, minh chứng, vướng mắc và cam kết thay thế."),
    openapi_extra=ETAG,
)
def show_plan(request: HttpRequest, response: HttpResponse, name: str, key: str) -> dict[str, Any]:
    """Everything of the plan of a commitment or task."""
    no_parameters(request)
    viewer = caller_of(request).viewer
    return _sent(response, told.plan_out(_duty(name, key, viewer), viewer, now()))


@router.post(
    "/registers/{name}/{key}/plan",
    response={200: BaselineOut, **WRITE_PROBLEMS},
    summary=N_("Lập dự thảo kế hoạch"),
    description=N_("weight là phần của cả việc, tổng bằng 1. Kế hoạch có hiệu lực khi người khác phê duyệt."),
    openapi_extra=ETAG,
)
def draft(
    request: HttpRequest, response: HttpResponse, name: str, key: str, sent: PlanIn, idempotency_key: IdempotencyKey = ""
) -> dict[str, Any]:
    """The draft."""

    def do(caller: Caller) -> dict[str, Any]:
        made = plans.draft(_duty(name, key, caller.viewer), _values(sent), act=_act(request, sent))
        return told.baseline_out(made, caller.viewer)

    return _sent(response, _once(request, idempotency_key, "", sent, do))


@router.put(
    "/registers/{name}/{key}/plan/{baseline}",
    response={200: BaselineOut, **WRITE_PROBLEMS},
    summary=N_("Viết lại dự thảo kế hoạch"),
    description=N_("If-Match là phiên bản của dự thảo; đã có người sửa: 412 kèm các trường khác nhau."),
    openapi_extra=ETAG,
)
def redraft(
    request: HttpRequest,
    response: HttpResponse,
    name: str,
    key: str,
    baseline: UUID,
    sent: PlanIn,
    if_match: IfMatch = "",
    idempotency_key: IdempotencyKey = "",
) -> dict[str, Any]:
    """The draft as it stands now."""
    version = version_of(if_match)

    def do(caller: Caller) -> dict[str, Any]:
        record = _duty(name, key, caller.viewer)
        found = plans.baseline_of(record, baseline, caller.viewer)
        made = plans.draft(record, _values(sent), act=_act(request, sent), baseline=found, version=version)
        return told.baseline_out(made, caller.viewer)

    return _sent(response, _once(request, idempotency_key, if_match, sent, do))


@router.post(
    "/registers/{name}/{key}/plan/{baseline}/{step}",
    response={200: BaselineOut, **WRITE_PROBLEMS},
    summary=N_("Phê duyệt hoặc rút dự thảo kế hoạch"),
    description=N_("step là approve hoặc withdraw (kèm reason); If-Match là phiên bản của dự thảo."),
    openapi_extra=ETAG,
)
def settle(
    request: HttpRequest,
    response: HttpResponse,
    name: str,
    key: str,
    baseline: UUID,
    step: str,
    sent: StepIn,
    if_match: IfMatch = "",
    idempotency_key: IdempotencyKey = "",
) -> dict[str, Any]:
    """The plan after the step."""
    version = version_of(if_match)
    steps = {"approve": approve_plan, "withdraw": withdraw_plan}

    def do(caller: Caller) -> dict[str, Any]:
        record = _duty(name, key, caller.viewer)
        found = plans.baseline_of(record, baseline, caller.viewer)
        if step not in steps:
            raise InvalidInput(
                N_("Sổ này không có bước “%(action)s”."),
                action=step[:80],
                subject=str(record),
                remedy=N_("Hãy gửi approve hoặc withdraw."),
                problems=[FieldProblem("step", N_("Bước không được biết."))],
            )
        made = steps[step](act=_act(request, sent), record=record, baseline=found, version=version)
        standing = standings([record], caller.viewer, now())[record.pk] if step == "approve" else None
        return told.baseline_out(made, caller.viewer, standing)

    return _sent(response, _once(request, idempotency_key, if_match, sent, do))


@router.post(
    "/registers/{name}/{key}/claims",
    response={200: ClaimOut, **WRITE_PROBLEMS},
    summary=N_("Khai kết quả của một mốc"),
    description=N_("milestone là key hoặc số thứ tự của mốc; quantity cộng dồn theo đơn vị của chỉ tiêu, hoặc done."),
    openapi_extra=ETAG,
)
def claim(
    request: HttpRequest, response: HttpResponse, name: str, key: str, sent: ClaimIn, idempotency_key: IdempotencyKey = ""
) -> dict[str, Any]:
    """The claim."""

    def do(caller: Caller) -> dict[str, Any]:
        return told.claim_out(plans.claim(_duty(name, key, caller.viewer), _values(sent), act=act_of(request)))

    return _sent(response, _once(request, idempotency_key, "", sent, do))


@router.post(
    "/registers/{name}/{key}/evidence",
    response={200: EvidenceOut, **WRITE_PROBLEMS},
    summary=N_("Nộp minh chứng"),
    description=N_("Minh chứng kèm tệp gửi ở địa chỉ evidence/file. Thẩm tra bằng bước accept hoặc return của sổ evidence."),
    openapi_extra=ETAG,
)
def hand_in(
    request: HttpRequest, response: HttpResponse, name: str, key: str, sent: EvidenceIn, idempotency_key: IdempotencyKey = ""
) -> dict[str, Any]:
    """The evidence."""
    return _sent(response, _once(request, idempotency_key, "", sent, lambda caller: _handed_in(request, caller, name, key, sent)))


@router.post(
    "/registers/{name}/{key}/evidence/file",
    response={200: EvidenceOut, **WRITE_PROBLEMS},
    summary=N_("Nộp minh chứng kèm tệp"),
    description=N_(
        "Biểu mẫu multipart/form-data có file, tối đa 25 MB, và các trường của minh chứng. Loại tệp được nhận ra từ nội dung; "
        "tệp có macro, tập lệnh, mật khẩu hoặc sai đuôi tên bị từ chối (422)."
    ),
    openapi_extra=ETAG,
)
def hand_in_file(
    request: HttpRequest,
    response: HttpResponse,
    name: str,
    key: str,
    sent: Form[EvidenceIn],
    file: File[UploadedFile],
    idempotency_key: IdempotencyKey = "",
) -> dict[str, Any]:
    """The evidence with its file."""
    label = text("file", file.name or "tep")
    digest = hashlib.sha256(b"".join(file.chunks())).hexdigest() if idempotency_key else ""

    def do(caller: Caller) -> dict[str, Any]:
        file.seek(0)
        return _handed_in(request, caller, name, key, sent, Sent(label, file.chunks()))

    return _sent(response, _once(request, idempotency_key, digest + label, sent, do))


@router.get(
    "/registers/evidence/{key}/file",
    response={200: bytes, **READ_PROBLEMS},
    summary=N_("Tệp của một minh chứng"),
    description=N_("Nguyên vẹn như khi nộp."),
    openapi_extra={
        "responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}
    },
)
def take_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """The bytes as they were handed in."""
    no_parameters(request)
    return evidence_file(key, caller_of(request).viewer)


@router.post(
    "/registers/{name}/{key}/difficulties",
    response={200: DifficultyOut, **WRITE_PROBLEMS},
    summary=N_("Ghi vướng mắc"),
    description=N_("Kèm nơi có thể tháo gỡ: unblocker là cơ quan trong sổ, unblocker_name là nơi khác."),
    openapi_extra=ETAG,
)
def add_difficulty(
    request: HttpRequest, response: HttpResponse, name: str, key: str, sent: DifficultyIn, idempotency_key: IdempotencyKey = ""
) -> dict[str, Any]:
    """What stands in the way."""

    def do(caller: Caller) -> dict[str, Any]:
        return told.difficulty_out(plans.difficulty(_duty(name, key, caller.viewer), _values(sent), act=act_of(request)))

    return _sent(response, _once(request, idempotency_key, "", sent, do))


@router.post(
    "/registers/{name}/{key}/difficulties/{difficulty}/resolve",
    response={200: DifficultyOut, **WRITE_PROBLEMS},
    summary=N_("Ghi vướng mắc đã được tháo gỡ"),
    description=N_("If-Match là phiên bản của vướng mắc."),
    openapi_extra=ETAG,
)
def resolve(
    request: HttpRequest,
    response: HttpResponse,
    name: str,
    key: str,
    difficulty: UUID,
    sent: ResolveIn,
    if_match: IfMatch = "",
    idempotency_key: IdempotencyKey = "",
) -> dict[str, Any]:
    """It stands in the way no more."""
    version = version_of(if_match)

    def do(caller: Caller) -> dict[str, Any]:
        record = _duty(name, key, caller.viewer)
        found = plans.difficulty_of(record, difficulty, caller.viewer)
        return told.difficulty_out(plans.resolve(record, found, _values(sent), act=act_of(request), version=version))

    return _sent(response, _once(request, idempotency_key, if_match, sent, do))


@router.post(
    "/registers/commitments/{key}/split",
    response={200: MadeOut, **WRITE_PROBLEMS},
    summary=N_("Tách cam kết"),
    description=N_("Tổng weight của các phần bằng trọng số của cam kết; If-Match là phiên bản của cam kết."),
)
def split(
    request: HttpRequest, key: str, sent: SplitIn, if_match: IfMatch = "", idempotency_key: IdempotencyKey = ""
) -> dict[str, Any]:
    """The parts."""
    version = version_of(if_match)

    def do(caller: Caller) -> dict[str, Any]:
        found = _duty(COMMITMENTS.name, key, caller.viewer)
        return _made(plans.split(found, _values(sent), act=_act(request, sent), version=version))

    return _once(request, idempotency_key, if_match, sent, do)


@router.post(
    "/registers/commitments/{key}/merge",
    response={200: MadeOut, **WRITE_PROBLEMS},
    summary=N_("Gộp cam kết"),
    description=N_("Trọng số của cam kết mới bằng tổng; với đối tác phải có document. If-Match là phiên bản của cam kết."),
)
def merge(
    request: HttpRequest, key: str, sent: MergeIn, if_match: IfMatch = "", idempotency_key: IdempotencyKey = ""
) -> dict[str, Any]:
    """The one that goes on."""
    version = version_of(if_match)

    def do(caller: Caller) -> dict[str, Any]:
        found = _duty(COMMITMENTS.name, key, caller.viewer)
        return _made([plans.merge(found, _values(sent), act=_act(request, sent), version=version)])

    return _once(request, idempotency_key, if_match, sent, do)


@router.post(
    "/registers/commitments/{key}/supersede",
    response={200: MadeOut, **WRITE_PROBLEMS},
    summary=N_("Thay cam kết bằng cam kết đã có"),
    description=N_("Không thay vòng tròn (409); với đối tác phải có document. If-Match là phiên bản của cam kết."),
)
def supersede(
    request: HttpRequest, key: str, sent: SupersedeIn, if_match: IfMatch = "", idempotency_key: IdempotencyKey = ""
) -> dict[str, Any]:
    """The one that goes on."""
    version = version_of(if_match)

    def do(caller: Caller) -> dict[str, Any]:
        found = _duty(COMMITMENTS.name, key, caller.viewer)
        return _made([plans.supersede(found, _values(sent), act=_act(request, sent), version=version).later])

    return _once(request, idempotency_key, if_match, sent, do)


def _duty(name: str, key: str, viewer: Viewer) -> Any:
    book = register_named(name)
    viewer.require(book.permission, subject=name)
    record = find_record(book, key, viewer)
    if not isinstance(record, Followed):
        raise NotFound(N_("Không tìm thấy trang này."), subject=name, remedy=N_("Chỉ nhiệm vụ và cam kết mới được theo dõi."))
    return record


def _act(request: HttpRequest, sent: Any) -> Act:
    return act_of(request, text("reason", sent.reason))


def _values(sent: In) -> dict[str, Any]:
    """What was sent, its texts in NFC."""

    def clean(name: str, value: Any) -> Any:
        if isinstance(value, str):
            return text(name, value)
        if isinstance(value, dict):
            return {inner: clean(inner, one) for inner, one in value.items()}
        return [clean(name, one) for one in value] if isinstance(value, list) else value

    return {name: clean(name, value) for name, value in sent.model_dump().items()}


def _handed_in(
    request: HttpRequest, caller: Caller, name: str, key: str, sent: EvidenceIn, file: Sent | None = None
) -> dict[str, Any]:
    record = _duty(name, key, caller.viewer)
    return told.evidence_out(plans.hand_in(record, _values(sent), act=act_of(request), file=file))


def _made(commitments: list[Any]) -> dict[str, Any]:
    return {
        "commitments": [
            {"id": str(c.pk), "code": c.code, "version": c.version, "weight": float(c.weight), "first_due": c.first_due or None}
            for c in commitments
        ]
    }


def _once(request: HttpRequest, key: str, also: str, sent: In, do: Callable[[Caller], dict[str, Any]]) -> dict[str, Any]:
    caller = writer_of(request)
    no_parameters(request)
    if not key:
        return do(caller)
    telling = json.dumps([request.method, request.path, also, sent.model_dump(mode="json")], sort_keys=True)
    fingerprint = hashlib.sha256(telling.encode()).hexdigest()
    return once(user=caller.user, key=key, fingerprint=fingerprint, at=now(), deed=lambda: do(caller))


def _sent(response: HttpResponse, body: dict[str, Any]) -> dict[str, Any]:
    response["ETag"] = f'"{body["version"]}"'
    return body
