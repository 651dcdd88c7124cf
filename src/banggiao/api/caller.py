"""Who calls, and what may they do: a token or a session becomes the viewer that questions and services know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer, SessionAuth

from banggiao.accounts.models import User
from banggiao.accounts.questions import viewer_of
from banggiao.accounts.tokens import user_of
from banggiao.api.problems import not_signed_in
from banggiao.core import clock
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotPermitted
from banggiao.core.folding import is_text, nfc

LONGEST_VALUE = 400


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands behind a request; `may_write` is false for a token that only reads."""

    user: User
    viewer: Viewer
    may_write: bool
    by_token: bool


def now() -> datetime:
    """The moment of the request: the API is a face, so it reads the clock, here and nowhere else."""
    return clock.now()


class Token(HttpBearer):
    """`Authorization: Bearer …` with an access token."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        found = user_of(token.strip(), now())
        if found is None:  # not left to the session: whoever sends a key means the key
            raise not_signed_in()
        return _caller(found[0], may_write=found[1], by_token=True)


class Session(SessionAuth):
    """The session of the pages; writes need the token against forged requests as well."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        user = request.user
        if isinstance(user, User) and not user.retracted:
            return _caller(user, may_write=True, by_token=False)
        return None


def caller_of(request: HttpRequest) -> Caller:
    """The caller whom the request was let in for."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller


def writer_of(request: HttpRequest) -> Caller:
    """The caller, if they may write at all. Raises NotPermitted for a token that only reads."""
    caller = caller_of(request)
    if not caller.may_write:
        raise NotPermitted(
            N_("Khóa truy cập này chỉ được đọc."),
            remedy=N_("Hãy tạo một khóa được ghi, hoặc thao tác trên trang sau khi đăng nhập."),
        )
    return caller


def act_of(request: HttpRequest, reason: str = "") -> Act:
    """The deed of this request. Raises ClockSetBack."""
    return Act(caller_of(request).viewer, clock.now_to_write(), reason=reason)


def parameters(request: HttpRequest, known: Collection[str] = ()) -> dict[str, str]:
    """The query parameters beside those the address itself knows, each given once. Raises InvalidInput."""
    problems, values = [], {}
    for name, given in request.GET.lists():
        value = given[-1]
        if len(given) > 1:
            problems.append(FieldProblem(name[:80], N_("Chỉ được gửi một lần.")))
        elif name not in known and len(value) > LONGEST_VALUE:
            problems.append(FieldProblem(name[:80], N_("Giá trị quá dài.")))
        elif name not in known:
            values[name] = value
    if problems:
        raise _invalid(problems)
    return {name: nfc(value) for name, value in values.items()}


def no_parameters(request: HttpRequest, known: Collection[str] = ()) -> None:
    """Raise InvalidInput for any query parameter that the address does not know: a typing error must not widen an answer."""
    others = parameters(request, known)
    if others:
        raise _invalid([FieldProblem(name[:80], N_("Tham số không được biết.")) for name in others])


def text(name: str, value: str) -> str:
    """The text in NFC. Raises InvalidInput, naming the field, for text that no database takes (NUL, half characters)."""
    if not is_text(value):
        raise _invalid([FieldProblem(name, N_("Có ký tự không hợp lệ."))])
    return nfc(value)


def _caller(user: User, *, may_write: bool, by_token: bool) -> Caller:
    return Caller(user, viewer_of(user, today=timezone.localdate(now())), may_write, by_token)


def _invalid(problems: list[FieldProblem]) -> InvalidInput:
    return InvalidInput(N_("Thông tin nhập chưa hợp lệ."), remedy=N_("Hãy sửa các trường được nêu."), problems=problems)
