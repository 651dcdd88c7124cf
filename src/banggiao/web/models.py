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
    written = models.JSONField(default=dict, help_text="what taking back the last write needs")
    places = models.JSONField(default=list, help_text="the number of each row in its sheet")
    dropped = models.JSONField(default=list, help_text="lines that are no rows: number, why, words")
    name = models.CharField(max_length=255, blank=True, help_text="of the file; empty for what was pasted")
    sheet = models.PositiveSmallIntegerField(default=0, help_text="which table of the file")
    sheets = models.JSONField(default=list, help_text="names and sizes of the tables of the file")
    warnings = models.JSONField(default=list)
    original = models.BinaryField(null=True, help_text="the bytes of the file, until it is settled")
    options = models.JSONField(default=dict)
    choices = models.JSONField(default=dict, help_text="what was decided on single rows")
    staged_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "register", "-staged_at"])]

    def __str__(self) -> str:
        return f"{self.register} {self.staged_at:%Y-%m-%d %H:%M}"


class HeadingMeaning(models.Model):
    """What a user said that a heading means in a register: in any table, and in tables that have the very same headings.

    Colleagues of the same institution (`owner`) are offered it too.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    register = models.CharField(max_length=64)
    heading = models.CharField(max_length=200, help_text="folded")
    field = models.CharField(max_length=64, blank=True)
    table = models.CharField(max_length=32, blank=True, help_text="signature of the headings of a table; empty for any")
    owner = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "register", "table", "heading"], name="heading_meaning_once")]
        indexes = [models.Index(fields=["owner", "register"])]

    def __str__(self) -> str:
        return f"{self.heading}: {self.field}"
