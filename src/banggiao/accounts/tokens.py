"""Whose access token is this, and is it still good?"""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from banggiao.accounts.models import AccessToken, User
from banggiao.core.errors import N_, NotFound


def digest_of(secret: str) -> str:
    """The SHA-256 under which a secret is kept; secrets are long and random, so no salt and no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def user_of(secret: str, at: datetime, *, scope: str = "api") -> tuple[User, bool] | None:
    """The user of the secret and whether it may write; None for an unknown, expired or revoked one, or a user who is gone.

    A secret opens only what its scope says: the API, or the calendar feed of its user.
    """
    tokens = AccessToken.objects.select_related("user")
    token = tokens.filter(digest=digest_of(secret), scope=scope, revoked_at=None, expires_at__gt=at).first()
    if token is None or not token.user.is_active or token.user.retracted:
        return None
    return token.user, token.may_write


def tokens_of(user: User, *, scope: str = "api") -> list[AccessToken]:
    """A user's tokens, newest first, without their secrets: nobody has those any more."""
    return list(AccessToken.objects.filter(user=user, scope=scope).order_by("-created_at", "-id"))


def token_named(user: User, token_id: UUID) -> AccessToken:
    """The user's own token; NotFound for anybody else's."""
    token = AccessToken.objects.filter(user=user, pk=token_id).first()
    if token is None:
        raise NotFound(N_("Không tìm thấy khóa truy cập."), subject=str(token_id))
    return token
