"""The tables of duties: directives, commitments to and from partners, tasks inside the country."""

from __future__ import annotations

from django.db import models

from banggiao.core.record import PartialDateField
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

    closed = {**Followed.closed, "growth_driver": "growth_driver", "topic": "topic"}

    class Meta:
        indexes = [
            models.Index(fields=["-given_on", "-id"]),
            models.Index(fields=["current_due", "id"]),
            models.Index(fields=["work_state", "current_due"]),
        ]

    def __str__(self) -> str:
        return self.text_vi[:120]
