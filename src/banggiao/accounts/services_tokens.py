"""Every write of access tokens: a user's keys to the API are issued and revoked."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from banggiao.accounts.models import AccessToken, User
from banggiao.accounts.tokens import digest_of
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.installation import refuse_outward
from banggiao.core.ledger import append

LONGEST_DAYS = 366
_PREFIX = "bg_"  # so that a secret left in a file is recognised for what it is


def issue(user: User, label: str, *, may_write: bool, at: datetime, days: int, scope: str = "api") -> tuple[AccessToken, str]:
    """A new token and its secret, shown this once and not kept; of the scope `calendar` it opens the feed of its user only.

    Raises InvalidInput (label, days not 1 to 366), SecrecyRefused for a feed of an enclave.
    """
    if scope == "calendar":
        refuse_outward(user.username)
    problems = [] if label.strip() and len(label) <= 80 else [FieldProblem("label", N_("Hãy đặt tên từ 1 đến 80 ký tự."))]
    if not 1 <= days <= LONGEST_DAYS:
        problems.append(FieldProblem("days", N_("Thời hạn phải từ 1 đến 366 ngày.")))
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=label[:80], remedy=N_("Hãy sửa các trường được nêu."), problems=problems
        )
    secret = _PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = AccessToken.objects.create(
            user=user,
            label=label.strip(),
            digest=digest_of(secret),
            may_write=may_write and scope == "api",
            scope=scope,
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
        _note(
            token,
            "issue",
            at,
            {"label": token.label, "scope": scope, "may_write": token.may_write, "expires_at": token.expires_at.isoformat()},
        )
    return token, secret


def revoke(token: AccessToken, *, at: datetime) -> AccessToken:
    """The token opens nothing from now on; a second time changes nothing."""
    if token.revoked_at is None:
        with transaction.atomic():
            token.revoked_at = at
            token.save(update_fields=["revoked_at"])
            _note(token, "revoke", at, {"revoked_at": at.isoformat()})
    return token


def _note(token: AccessToken, action: str, at: datetime, values: dict[str, Any]) -> None:
    """Tokens are no records of a register, but who opened which door belongs into the ledger too."""
    act = Act(Viewer(token.user.name, id=token.user.pk), at)
    append(act, "accounts.accesstoken", token.pk, action, {name: [None, value] for name, value in values.items()})
