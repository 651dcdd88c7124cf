"""Every write of the API's own table: answers are kept for requests that come twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from banggiao.accounts.models import User
from banggiao.api.models import KeptAnswer
from banggiao.core.errors import N_, FieldProblem, InvalidInput

KEPT_FOR = timedelta(hours=24)


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
