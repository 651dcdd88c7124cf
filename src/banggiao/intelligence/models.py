"""The tables of acceptances (which fact made or changed which record, so that it can be undone) and of files on their way in."""

from __future__ import annotations

from django.db import models

from banggiao.core.record import Record
from banggiao.intelligence.watching.models import Signal, Watch  # noqa: F401  Django looks for tables here


class Acceptance(Record):
    """A fact was accepted into a register, by a person or in a batch above a confidence."""

    fact = models.ForeignKey("sources.Fact", on_delete=models.PROTECT, related_name="acceptances")
    target_type = models.CharField(max_length=64, blank=True, help_text="empty when the fact needs no record of its own")
    target_id = models.UUIDField()
    created = models.BooleanField(help_text="the record was made by this acceptance")
    sequence = models.PositiveIntegerField(
        help_text="ledger entry of the record this acceptance wrote; 0 when it changed nothing"
    )
    citation = models.ForeignKey("sources.Citation", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    batch_above = models.FloatField(null=True, blank=True)
    batch = models.UUIDField(null=True, blank=True, help_text="one for all that a batch accepted, so that it is undone as one")
    undone = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["target_id"]), models.Index(fields=["batch"])]

    def __str__(self) -> str:
        return f"{self.fact_id} → {self.target_type}"


UPLOAD_STATES = ("waiting", "read", "duplicate", "refused")


class Upload(Record):
    """Files that somebody sent in at once; seen by that person only."""

    by = models.UUIDField(help_text="the account that sent them")
    files_count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["by", "-id"])]

    def __str__(self) -> str:
        return f"{self.files_count}"


class UploadedFile(Record):
    """One of these files: waiting until it was read, known already, or refused with the reason. Its name is a label only."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    stated = models.JSONField(default=dict, blank=True, help_text="what the sender says of the text: title, outlet, published")
    state = models.CharField(max_length=12, default="waiting", choices=[(s, s) for s in UPLOAD_STATES])
    document = models.ForeignKey("sources.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    params = models.JSONField(default=dict, blank=True)

    closed = {"state": "upload_state"}

    class Meta:
        indexes = [models.Index(fields=["upload", "id"])]

    def __str__(self) -> str:
        return self.name
