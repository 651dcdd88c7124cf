"""The tables of accounts: users, the roles they hold in institutions in time, and their keys to the API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from uuid_utils.compat import uuid7

from banggiao.accounts.keeping import LastVisit, SavedView  # noqa: F401  Django looks for tables here
from banggiao.core.acts import Viewer
from banggiao.core.record import Record, RecordQuerySet
from banggiao.core.vocabulary import vocabulary


class AccountQuerySet(RecordQuerySet):
    """Accounts and roles are known to those who keep or audit them, whichever institution they belong to."""

    def visible_to(self, viewer: Viewer) -> RecordQuerySet:
        if viewer.may("accounts.view"):
            return self.filter(retracted=False, classification__in=viewer.cleared_levels())
        return super().visible_to(viewer)


class UserManager(BaseUserManager.from_queryset(AccountQuerySet)):  # type: ignore[misc]
    """Finds users by name for sign-in; users are made by the services only."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(username=username)


class User(Record, AbstractBaseUser):
    """An account. E-mail and telephone stand with the personal values; the ledger never sees a password."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="vi")
    # Set while the password is one that somebody else made: it opens only the page where its owner chooses another, until then.
    one_time_until = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    untracked: ClassVar[frozenset[str]] = frozenset({"password", "last_login"})

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name


class RoleHeld(Record):
    """A user acts in a role for an institution from a day until a day (open when empty).

    With `delegated_by` it is the role of another user, who is absent: it always has an end, and ends earlier when theirs does.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles_held")
    delegated_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="roles_delegated")
    institution = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    held_from = models.DateField()
    held_until = models.DateField(null=True, blank=True)

    closed: ClassVar[dict[str, str]] = {"role": "role"}

    objects: ClassVar[Any] = AccountQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "held_from"]), models.Index(fields=["role", "held_from"])]

    def __str__(self) -> str:
        return self.title_vi

    @property
    def title_vi(self) -> str:
        """Which role, whose."""
        return f"{vocabulary('role').label(self.role, 'vi')}: {self.user.name}"

    @property
    def title_en(self) -> str:
        """Which role, whose, in English."""
        return f"{vocabulary('role').label(self.role, 'en')}: {self.user.name}"


class AccessToken(models.Model):
    """A user's key to the API; only its digest is kept, so a stolen database opens nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_tokens")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)
    scope = models.CharField(max_length=8, default="api", choices=[(s, s) for s in ("api", "calendar")])
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label
