"""The tables of duties: directives, commitments to and from partners, tasks inside the country."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

from banggiao.core.record import Link, PartialDateField, Record
from banggiao.followup.models import Followed
from banggiao.sources.models import SourcedRecord


class Directive(SourcedRecord):
    """A governing document. Number, suffix, issuer and date together name it; a bare number never does."""

    code = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    issuer_vi = models.CharField(max_length=200, blank=True)
    issuer_en = models.CharField(max_length=200, blank=True)
    day = PartialDateField()
    name_vi = models.CharField(max_length=500, blank=True)
    name_en = models.CharField(max_length=500, blank=True)
    asks_vi = models.TextField(blank=True)
    asks_en = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["number"]), models.Index(fields=["-day", "-id"])]

    def __str__(self) -> str:
        return self.number


class Commitment(Followed, SourcedRecord):
    """One checkable duty that our side, the partner or both took on."""

    code = models.CharField(max_length=64, unique=True)
    text_vi = models.TextField()
    text_en = models.TextField(blank=True)
    side = models.CharField(max_length=8)
    partner = models.ForeignKey("partners.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="commitments")
    activity = models.ForeignKey(
        "activities.Activity", null=True, blank=True, on_delete=models.PROTECT, related_name="commitments"
    )
    agreement = models.ForeignKey(
        "agreements.Agreement", null=True, blank=True, on_delete=models.PROTECT, related_name="commitments"
    )
    field = models.CharField(max_length=32, blank=True)
    measurable = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="0 a wish, 1 a direction, 2 a nameable result, 3 a figure or a clear act"
    )
    flagship = models.BooleanField(default=False)
    made_on = PartialDateField()

    links = {"coordinating": Link("commitments.CommitmentBody", "commitment", "institution")}
    closed = {
        **Followed.closed,
        "side": "commitment_side",
        "field": "agreement_field",
        "measurable": "measurability",
    }

    class Meta:
        indexes = [
            models.Index(fields=["-made_on", "-id"]),
            models.Index(fields=["current_due", "id"]),
            models.Index(fields=["work_state", "current_due"]),
        ]

    def __str__(self) -> str:
        return self.text_vi[:120]


class CommitmentBody(models.Model):
    """A body that co-ordinates a commitment with its lead."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="coordinating_rows")
    institution = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commitment", "institution"], name="commitment_body_once")]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.institution_id}"


class Succession(Record):
    """One commitment took the place of another, wholly or in part. What it replaced stays in the register, with its history."""

    earlier = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="later_rows")
    later = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="earlier_rows")
    kind = models.CharField(max_length=12)
    day = models.DateField()
    document = models.CharField(max_length=300, blank=True, help_text="number and date of the document that says so")

    closed = {"kind": "succession_kind"}
    visible_by = "earlier_id"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["earlier", "later"], name="succession_once")]

    def __str__(self) -> str:
        return f"{self.earlier_id} → {self.later_id}"


class Task(Followed, SourcedRecord):
    """One assigned duty inside the country: from a directive, a conclusion, a recommendation."""

    code = models.CharField(max_length=64, unique=True)
    text_vi = models.TextField()
    text_en = models.TextField(blank=True)
    enumerator = models.CharField(max_length=24, blank=True)
    assignee = models.CharField(max_length=300, blank=True, help_text="as the source names them; the duty is with `lead`")
    giver = models.CharField(max_length=200, blank=True)
    urgency = models.CharField(max_length=120, blank=True, help_text="literal words of time in the source")
    period = models.CharField(max_length=24, blank=True)
    period_start = PartialDateField()
    growth_driver = models.CharField(max_length=24, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    directive = models.ForeignKey(Directive, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    activity = models.ForeignKey("activities.Activity", null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    given_on = PartialDateField()

    links = {"coordinating": Link("commitments.TaskBody", "task", "institution")}
    closed = {**Followed.closed, "growth_driver": "growth_driver", "topic": "topic"}

    class Meta:
        indexes = [
            models.Index(fields=["-given_on", "-id"]),
            models.Index(fields=["current_due", "id"]),
            models.Index(fields=["work_state", "current_due"]),
        ]

    def __str__(self) -> str:
        return self.text_vi[:120]


class TaskBody(models.Model):
    """A body that co-ordinates a task with its lead."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="coordinating_rows")
    institution = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "institution"], name="task_body_once")]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.institution_id}"
