"""The tables of mail: what each user wants, what is to be sent, and which items of the inbox it told of."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

MODES = ("at_once", "digest", "none")
STATES = ("queued", "sending", "sent", "failed")


class MailChoice(models.Model):
    """Whether a user wants mail. The address is a personal value; without a row here nothing is sent."""

    user = models.OneToOneField("accounts.User", primary_key=True, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=8, default="none", choices=[(m, m) for m in MODES])
    since = models.DateTimeField(help_text="what came before is not mailed one by one")

    def __str__(self) -> str:
        return f"{self.user_id} {self.mode}"


class OutboxMail(models.Model):
    """A mail that goes out once: `key` says of what, and is never used twice. The address is looked up when it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=[(k, k) for k in ("notice", "digest")])
    key = models.CharField(max_length=160, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=400)
    body = models.TextField()
    exercise = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default="queued", choices=[(s, s) for s in STATES])
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    try_after = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "try_after", "id"]), models.Index(fields=["user", "-queued_at"])]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class MailedItem(models.Model):
    """An item of the inbox was told of by mail, to this user once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mail = models.ForeignKey(OutboxMail, on_delete=models.CASCADE, related_name="item_rows")
    item = models.ForeignKey("followup.InboxItem", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="mailed_item_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.item_id}"
