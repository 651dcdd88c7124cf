"""The tables of what a user keeps of lists: saved views, and when each register was last visited."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

from banggiao.core.record import Record


class SavedView(Record):
    """A list as somebody likes to see it: filters, order and face under a name. A shared one is its `owner` institution's too."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    register = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    parameters = models.JSONField(default=dict)
    shared = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["user", "register"]), models.Index(fields=["register", "owner"])]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "register", "name"], condition=models.Q(retracted=False), name="saved_view_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class LastVisit(models.Model):
    """When a user's present visit to a register began, and the one before it. No record: the latest two moments, no history."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    register = models.CharField(max_length=64)
    began = models.DateTimeField()
    before = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "register"], name="last_visit_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.register}"
