"""How does a user get a key of their own for programmes, and take it back? Only after signing in to the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from banggiao.accounts.models import AccessToken
from banggiao.accounts.services_tokens import issue, revoke
from banggiao.accounts.tokens import token_named, tokens_of
from banggiao.api.caller import Caller, caller_of, no_parameters, now, text
from banggiao.api.router import WRITE_PROBLEMS
from banggiao.api.schemas import IssuedOut, TokenIn, TokenOut, TokensOut
from banggiao.core.errors import N_, NotPermitted

router = Router(tags=["tokens"])


@router.get(
    "/tokens",
    response={200: TokensOut, **WRITE_PROBLEMS},
    summary=N_("Khóa truy cập của bạn"),
    description=N_("Khóa nào còn hiệu lực, được ghi hay chỉ được đọc. Không có phần bí mật: hệ thống không giữ."),
)
def list_tokens(request: HttpRequest) -> dict[str, Any]:
    """The caller's own tokens."""
    no_parameters(request)
    return {"tokens": [_token(token) for token in tokens_of(_signed_in(request).user)]}


@router.post(
    "/tokens",
    response={201: IssuedOut, **WRITE_PROBLEMS},
    summary=N_("Tạo khóa truy cập"),
    description=N_("Phần bí mật chỉ hiện một lần này. Khóa mang quyền của bạn, hoặc chỉ quyền đọc, tối đa 366 ngày."),
)
def create_token(request: HttpRequest, wanted: TokenIn) -> Status[dict[str, Any]]:
    """A new token with its secret."""
    no_parameters(request)
    token, secret = issue(
        _signed_in(request).user, text("label", wanted.label), may_write=wanted.may_write, at=now(), days=wanted.days
    )
    return Status(201, {**_token(token), "secret": secret})


@router.delete(
    "/tokens/{token_id}",
    response={200: TokenOut, **WRITE_PROBLEMS},
    summary=N_("Thu hồi khóa truy cập"),
    description=N_("Từ lúc này khóa không mở được gì nữa."),
)
def revoke_token(request: HttpRequest, token_id: UUID) -> dict[str, Any]:
    """The token, revoked."""
    no_parameters(request)
    return _token(revoke(token_named(_signed_in(request).user, token_id), at=now()))


def _signed_in(request: HttpRequest) -> Caller:
    """The caller, if they signed in: a token that could make tokens would never end."""
    caller = caller_of(request)
    if caller.by_token:
        raise NotPermitted(
            N_("Không thể quản lý khóa truy cập bằng một khóa truy cập."), remedy=N_("Hãy đăng nhập rồi thao tác.")
        )
    return caller


def _token(token: AccessToken) -> dict[str, Any]:
    return {
        "id": token.pk,
        "label": token.label,
        "may_write": token.may_write,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }
