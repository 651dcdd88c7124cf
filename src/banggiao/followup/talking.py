"""The tables of talking about records: comments, and what waits in somebody's inbox."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from uuid_utils.compat import uuid7

from banggiao.core.record import Link, Record


class Comment(Record):
    """What somebody says about a record, to those who may see it. `mentions` are the users it calls by @name."""

    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    author = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    said_at = models.DateTimeField()
    resolved = models.BooleanField(default=False)

    visible_by = "subject_id"
    links: ClassVar[dict[str, Link]] = {"mentions": Link("followup.CommentMention", "comment", "user")}

    class Meta:
        indexes = [models.Index(fields=["subject_id", "-id"])]

    def __str__(self) -> str:
        return self.text[:80]


class CommentMention(models.Model):
    """A user whom a comment calls."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mention_rows")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.user_id}"


class InboxItem(models.Model):
    """Something for a user or for everybody of an institution to look at. It tells of what stands elsewhere, so it has no ledger.

    `about` is the record that tells more (the comment, the reminder); texts are never copied, since rights may change.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16)
    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    about = models.UUIDField(null=True, blank=True)
    user = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    institution = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    sender = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-made_at", "-id"]),
            models.Index(fields=["institution", "-made_at", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user=None, institution__isnull=False) | models.Q(user__isnull=False, institution=None),
                name="inbox_one_addressee",
            ),
            models.UniqueConstraint(fields=["kind", "subject_id", "about", "user"], name="inbox_user_once"),
            models.UniqueConstraint(fields=["kind", "subject_id", "about", "institution"], name="inbox_institution_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}"


class InboxMark(models.Model):
    """A user has read an item."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(InboxItem, on_delete=models.CASCADE, related_name="mark_rows")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="inbox_mark_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.item_id}"
