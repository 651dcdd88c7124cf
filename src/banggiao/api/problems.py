"""How does an error reach whoever called the API: which status, and which one shape for all of them?"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.exceptions import ValidationError as FieldValueError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from banggiao.core.errors import (
    N_,
    BangGiaoError,
    FieldProblem,
    InvalidInput,
    MissingInformation,
    NotFound,
    NotPermitted,
    StaleEdit,
    fill,
)

log = logging.getLogger(__name__)

#: Error code -> HTTP status. What is not listed is our fault: 500.
STATUS = {
    "not_signed_in": 401,
    "not_permitted": 403,
    "not_found": 404,
    "not_allowed": 405,
    "wrong_state": 409,
    "stale_edit": 412,
    "missing_information": 422,
    "invalid_input": 422,
    "secrecy_refused": 422,
    "unreadable": 422,
    "version_required": 428,
    "clock_set_back": 503,
}


class NotSignedIn(BangGiaoError):
    """Neither a good token nor a session came with the request."""

    code = "not_signed_in"


class NotAllowed(BangGiaoError):
    """The address exists, but not for this method."""

    code = "not_allowed"


def response_to(error: BangGiaoError) -> JsonResponse:
    """The error as a response: what happened, to which record, what to do, in the language of the request."""
    response = JsonResponse(
        shape(error), status=STATUS.get(error.code, 500), json_dumps_params={"ensure_ascii": False}
    )  # fmt: skip
    if isinstance(error, NotSignedIn):
        response["WWW-Authenticate"] = "Bearer"
    if isinstance(error, StaleEdit) and error.current_version:
        response["ETag"] = f'"{error.current_version}"'
    return response


def shape(error: BangGiaoError) -> dict[str, Any]:
    """The error as JSON-ready values; every error has every key."""
    params = {n: words(v) if isinstance(v, str) else v for n, v in error.params.items()}
    problems = error.problems if isinstance(error, MissingInformation) else ()
    differences = error.differences if isinstance(error, StaleEdit) else ()
    return {
        "code": error.code,
        "message": fill(words(error.message), params),
        "subject": error.subject,
        "remedy": fill(words(error.remedy), params),
        "problems": [{"field": p.field, "message": words(p.message)} for p in problems],
        "differences": [{"field": d.field, "seen": d.seen, "mine": d.mine, "current": d.current} for d in differences],
    }


def words(message: str) -> str:
    """The message in the language of the request; the empty message stays empty (gettext would answer with its header)."""
    return gettext(message) if message else ""


def answer_all_errors(api: NinjaAPI) -> None:
    """Make every error of the API, ours and the framework's, come out in the one shape."""
    kinds = (BangGiaoError, HttpError, ValidationError, FieldValueError, SuspiciousOperation, Http404, Exception)
    for kind in kinds:
        api.add_exception_handler(kind, _answer)


def not_signed_in() -> NotSignedIn:
    """The error of a request that nobody stands behind."""
    return NotSignedIn(
        N_("Cần đăng nhập hoặc gửi khóa truy cập còn hiệu lực."),
        remedy=N_("Hãy gửi Authorization: Bearer với khóa của bạn, hoặc tạo khóa mới sau khi đăng nhập."),
    )


def no_such_address(request: HttpRequest) -> NotFound:
    """The error of an address that the API does not have."""
    return NotFound(
        N_("Không có địa chỉ này."), subject=request.path[:200], remedy=N_("Hãy xem các địa chỉ ở trang tài liệu của API.")
    )


def method_not_allowed(request: HttpRequest, allowed: str) -> JsonResponse:
    """The response to a method that the address does not take."""
    error = NotAllowed(
        N_("Địa chỉ này không nhận phương thức %(method)s."),
        method=request.method,
        subject=request.path[:200],
        remedy=N_("Hãy dùng %(allowed)s."),
        allowed=allowed,
    )
    response = response_to(error)
    response["Allow"] = allowed
    return response


#: What the framework finds wrong with a value -> our words; `ctx` of the finding fills them in.
_FINDINGS = {
    "missing": N_("Thiếu trường này."),
    "int_parsing": N_("Phải là số nguyên."),
    "int_type": N_("Phải là số nguyên."),
    "bool_parsing": N_("Phải là true hoặc false."),
    "string_type": N_("Phải là một chuỗi ký tự."),
    "greater_than_equal": N_("Không được nhỏ hơn %(ge)s."),
    "less_than_equal": N_("Không được lớn hơn %(le)s."),
    "string_too_long": N_("Không được dài quá %(max_length)s ký tự."),
    "string_too_short": N_("Không được để trống."),
}


def _not_understood(found: Iterable[Mapping[str, Any]]) -> InvalidInput:
    problems = [
        FieldProblem(
            _field(each["loc"]),
            fill(words(_FINDINGS.get(each["type"], N_("Giá trị không hợp lệ."))), each.get("ctx") or {}),
        )
        for each in found
    ]
    return InvalidInput(
        N_("Không hiểu yêu cầu được gửi."), remedy=N_("Hãy sửa các trường được nêu."), problems=problems
    )  # fmt: skip


def _field(place: Sequence[str | int]) -> str:
    """What the sender calls the place: of a body the framework names first the model, which the sender does not know."""
    parts = place[2:] if place[0] == "body" else place[1:]
    return ".".join(str(part) for part in parts)[:200] or str(place[0])


def _bad_value() -> InvalidInput:
    return InvalidInput(N_("Yêu cầu có giá trị không hợp lệ."), remedy=N_("Hãy xem kiểu của từng tham số ở trang tài liệu."))


def _of_framework(error: HttpError) -> BangGiaoError:
    if error.status_code == 403:  # the only one it raises: a session wrote without the token against forged requests
        return NotPermitted(
            N_("Thiếu mã chống giả mạo yêu cầu (CSRF)."), remedy=N_("Hãy gửi X-CSRFToken, hoặc dùng khóa truy cập.")
        )
    return InvalidInput(N_("Không đọc được nội dung yêu cầu."), remedy=N_("Hãy gửi một đối tượng JSON hợp lệ, mã UTF-8."))


def _answer(request: HttpRequest, error: Exception | type[Exception]) -> JsonResponse:
    if isinstance(error, BangGiaoError):
        return response_to(error)
    if isinstance(error, AuthenticationError):
        return response_to(not_signed_in())
    if isinstance(error, HttpError):
        return response_to(_of_framework(error))
    if isinstance(error, ValidationError):
        return response_to(_not_understood(error.errors))
    if isinstance(error, FieldValueError | SuspiciousOperation):
        return response_to(_bad_value())
    if isinstance(error, Http404):
        return response_to(no_such_address(request))
    log.error("unforeseen error at %s %s", request.method, request.path, exc_info=error)  # type: ignore[arg-type]
    return response_to(
        BangGiaoError(
            N_("Có lỗi ngoài dự kiến; lỗi đã được ghi lại."), remedy=N_("Hãy thử lại, nếu vẫn lỗi thì báo quản trị viên.")
        )
    )
