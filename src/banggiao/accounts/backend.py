"""Who may sign in: active accounts that have not been taken out of the register."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend


class AccountBackend(ModelBackend):
    """Django's own password check; rights come from the roles held, not from Django's permissions."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether the account is in use."""
        return bool(user is not None and user.is_active and not user.retracted)
