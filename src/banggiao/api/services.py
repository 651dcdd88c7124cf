"""Every write of the API's own tables: access tokens are issued and revoked, answers kept for requests that come twice."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from banggiao.accounts.models import User
from banggiao.api.models import AccessToken, KeptAnswer
from banggiao.api.tokens import digest_of
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.ledger import GENESIS, LedgerEntry, entries_of

LONGEST_DAYS = 366
KEPT_FOR = timedelta(hours=24)
_PREFIX = "bg_"  # so that a secret left in a file is recognised for what it is


def issue(user: User, label: str, *, may_write: bool, at: datetime, days: int) -> tuple[AccessToken, str]:
    """A new token and its secret, shown this once and not kept. Raises InvalidInput (label, days not 1 to 366)."""
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
            may_write=may_write,
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
        changes = {"label": token.label, "may_write": may_write, "expires_at": token.expires_at.isoformat()}
        _note(token, user, "issue", at, changes)
    return token, secret


def revoke(token: AccessToken, *, at: datetime) -> AccessToken:
    """The token opens nothing from now on; a second time changes nothing."""
    if token.revoked_at is None:
        with transaction.atomic():
            token.revoked_at = at
            token.save(update_fields=["revoked_at"])
            _note(token, token.user, "revoke", at, {"revoked_at": at.isoformat()})
    return token


def once(*, user: User, key: str, fingerprint: str, at: datetime, deed: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the deed answers, done at most once for this user's key within 24 hours.

    The deed and its kept answer stand or fall together: a deed that fails leaves the key free. Of two requests at once the second
    waits for the first. Raises InvalidInput when the key came with another request, and what the deed raises.
    """
    with transaction.atomic():
        KeptAnswer.objects.filter(user=user, created_at__lte=at - KEPT_FOR).delete()
        kept, new = KeptAnswer.objects.get_or_create(
            user=user, key=key, defaults={"fingerprint": fingerprint, "created_at": at}
        )  # fmt: skip
        if not new:
            if kept.fingerprint != fingerprint:
                raise InvalidInput(
                    N_("Khóa Idempotency-Key này đã được dùng cho một yêu cầu khác."),
                    subject=key,
                    remedy=N_("Hãy dùng một khóa mới cho mỗi yêu cầu."),
                    problems=[FieldProblem("Idempotency-Key", N_("Đã được dùng."))],
                )
        else:
            kept.body = json.dumps(deed())
            kept.save(update_fields=["body"])
    answer: dict[str, Any] = json.loads(kept.body)
    return answer


def _note(token: AccessToken, user: User, action: str, at: datetime, values: dict[str, Any]) -> None:
    """Tokens are no records of a register, but who opened which door belongs into the ledger too."""
    last = entries_of(token.pk).last()
    entry = LedgerEntry(
        record_type="api.accesstoken",
        record_id=token.pk,
        sequence=last.sequence + 1 if last else 1,
        action=action,
        recorded_at=at,
        actor_id=user.pk,
        actor_label=user.name,
        changes={name: [None, value] for name, value in values.items()},
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = entry.digest()
    entry.save(force_insert=True)
