"""The tables of accounts: users and the roles they hold in institutions, in time."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from banggiao.core.record import Record, RecordQuerySet


class UserManager(BaseUserManager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Finds users by name for sign-in; users are made by the services only."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(username=username)


class User(Record, AbstractBaseUser):
    """An account. E-mail and telephone stand with the personal values; the ledger never sees a password."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="vi")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    untracked: ClassVar[frozenset[str]] = frozenset({"password", "last_login"})

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name


class RoleHeld(Record):
    """A user acts in a role for an institution from a day until a day (open when empty)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles_held")
    institution = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    held_from = models.DateField()
    held_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
