"""The tables of the pages: a pasted table until it is settled, and what its headings were taken for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7


class StagedPaste(models.Model):
    """A table somebody pasted and has not settled yet: kept so that a reload loses nothing, gone after a week."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    register = models.CharField(max_length=64)
    heading = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    columns = models.JSONField(default=list, help_text="the field that each column fills, empty for none")
    written = models.JSONField(default=list, help_text="ids of the records made of its rows")
    staged_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "register", "-staged_at"])]

    def __str__(self) -> str:
        return f"{self.register} {self.staged_at:%Y-%m-%d %H:%M}"


class HeadingMeaning(models.Model):
    """What a user said that a heading of their tables means in a register."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    register = models.CharField(max_length=64)
    heading = models.CharField(max_length=200, help_text="folded")
    field = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "register", "heading"], name="heading_meaning_once")]

    def __str__(self) -> str:
        return f"{self.heading}: {self.field}"
