"""What does a reader see when something goes wrong: what happened, to which record, and what to do?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.core.errors import (
    N_,
    BangGiaoError,
    FieldDifference,
    MissingInformation,
    NotFound,
    NotPermitted,
    StaleEdit,
)
from banggiao.web.frame import render
from banggiao.web.pages import ErrorPage
from banggiao.web.parts import Action, Difference, MissingItem
from banggiao.web.words import plain_value, say

#: Error code -> HTTP status and the heading of the page. What is not listed is our fault: 500.
KINDS: dict[str, tuple[int, str]] = {
    "not_permitted": (403, N_("Không có quyền")),
    "not_found": (404, N_("Không tìm thấy")),
    "wrong_state": (409, N_("Chưa thể thực hiện")),
    "stale_edit": (412, N_("Bản ghi đã được người khác sửa")),
    "missing_information": (422, N_("Còn thiếu thông tin")),
    "invalid_input": (422, N_("Thông tin nhập chưa hợp lệ")),
    "secrecy_refused": (422, N_("Nội dung vượt mức mật của bản cài đặt")),
    "unreadable": (422, N_("Không đọc được tệp")),
    "version_required": (428, N_("Thiếu phiên bản của bản ghi")),
    "clock_set_back": (503, N_("Đồng hồ máy chủ bị lùi")),
}


def error_response(request: HttpRequest, error: BangGiaoError) -> HttpResponse:
    """The page of an error of the family, with its status."""
    status, title = KINDS.get(error.code, (500, N_("Hệ thống gặp lỗi")))
    problems = error.problems if isinstance(error, MissingInformation) else ()
    differences = error.differences if isinstance(error, StaleEdit) else ()
    # An address or a code in the subject of a missing record says nothing to the reader beyond what they typed.
    subject = "" if isinstance(error, NotFound) else error.subject
    return _page(
        request,
        ErrorPage(
            status=status,
            title=say(title),
            message=say(error.message, error.params),
            subject=subject,
            remedy=say(error.remedy, error.params),
            problems=[MissingItem(label=say(p.message)) for p in problems],
            differences=differences_shown(differences),
            actions=_ways_on(request),
        ),
    )


def differences_shown(differences: Sequence[FieldDifference]) -> list[Difference]:
    """The differing fields of a stale edit by their code names: a form of ours shows them by their own names instead."""
    return [
        Difference(label=d.field, seen=plain_value(d.seen), mine=plain_value(d.mine), current=plain_value(d.current))
        for d in differences
    ]


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: an address that leads nowhere reads as a record one may not know of."""
    return error_response(
        request, NotFound(N_("Không tìm thấy trang này."), remedy=N_("Hãy kiểm tra lại địa chỉ, hoặc tìm bằng ô tìm kiếm."))
    )


def not_permitted(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return error_response(
        request, NotPermitted(N_("Bạn không có quyền xem trang này."), remedy=N_("Hãy liên hệ quản trị viên của đơn vị."))
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400: a request that no page of ours sends."""
    page = ErrorPage(
        status=400,
        title=_("Yêu cầu không hợp lệ"),
        message=_("Hệ thống không hiểu yêu cầu này."),
        remedy=_("Hãy mở lại trang và thử lại."),
        actions=_ways_on(request),
    )
    return _page(request, page)


def broken(request: HttpRequest) -> HttpResponse:
    """handler500: says that it is our fault and nothing of what went wrong; the log has it."""
    page = ErrorPage(
        status=500,
        title=_("Hệ thống gặp lỗi"),
        message=_("Thao tác chưa thực hiện được do lỗi của hệ thống; chưa có gì bị ghi dở dang."),
        remedy=_("Hãy thử lại sau ít phút; nếu vẫn lỗi, hãy báo quản trị viên kèm giờ xảy ra."),
        actions=(Action(label=_("Về trang chủ"), url="/"),),
    )
    try:
        return _page(request, page)
    except Exception:  # the frame needs the database, which may be what is broken
        request.user = AnonymousUser()
        return render(request, "error.html", page, status=500, frame=False)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was opened in another session, or with cookies switched off: nothing was written, and how to go on."""
    from banggiao.web import kept  # it shows pages, which stand above errors

    user: Any = getattr(request, "user", None)
    pairs = kept.sent_pairs(request)
    if pairs and kept.came_from_here(request) and kept.may_be_kept(request.path, pairs) and not request.headers.get("HX-Request"):
        if user and user.is_authenticated and not user.retracted:
            why = _("Biểu mẫu được mở từ một phiên làm việc khác nên chưa có gì được ghi; nội dung đã nhập còn nguyên bên dưới.")
            return cast(HttpResponse, kept.shown_again(request, request.path, pairs, why))
        from banggiao.web.sign_in import ask_again

        return cast(HttpResponse, ask_again(request))
    page = ErrorPage(
        status=403,
        title=_("Biểu mẫu đã hết hạn"),
        message=_("Biểu mẫu được mở từ một phiên làm việc khác nên chưa có gì được ghi."),
        remedy=_("Hãy quay lại trang trước (nội dung đã nhập vẫn còn), sao chép nội dung nếu cần, tải lại trang rồi gửi lại."),
        actions=_ways_on(request),
    )
    return _page(request, page)


def _page(request: HttpRequest, page: ErrorPage) -> HttpResponse:
    user: Any = getattr(request, "user", None)
    known = bool(user and user.is_authenticated and not user.retracted)
    response = render(request, "error.html", page, status=page.status, frame=known)
    if request.headers.get("HX-Request"):  # the fragment asked for is not on this page: show the whole message
        response["HX-Retarget"] = response["HX-Reselect"] = "#main"
        response["HX-Reswap"] = "outerHTML"
    return response


def _ways_on(request: HttpRequest) -> list[Action]:
    user: Any = getattr(request, "user", None)
    if user and user.is_authenticated:
        return [Action(label=_("Về trang chủ"), url=reverse("web:home")), Action(label=_("Tìm kiếm"), url=reverse("web:search"))]
    return [Action(label=_("Đăng nhập"), url=reverse("web:home"))]
