"""The tables of activities: what took place with whom, and the reviews of a period."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

from banggiao.activities.states import REVIEW
from banggiao.core.record import Link, PartialDateField, Record
from banggiao.sources.models import SourcedRecord


class Activity(SourcedRecord):
    """Something dated and placed: visit, call, meeting, conference, forum, promotion, training, dialogue."""

    code = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=32)
    level = models.CharField(max_length=32, blank=True)
    name_vi = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500, blank=True)
    start = PartialDateField()
    end = PartialDateField()
    period = models.CharField(
        max_length=24, blank=True, help_text="when only a half-year or quarter is known; `start` then holds the year"
    )
    place = models.CharField(max_length=200, blank=True)
    form = models.CharField(max_length=16, blank=True, help_text="on site, online, hybrid")
    organiser = models.CharField(max_length=300, blank=True)
    lead = models.CharField(max_length=300, blank=True, help_text="who leads our side, as the source names them")
    chair = models.CharField(max_length=200, blank=True)
    participants = models.JSONField(default=list, blank=True)
    economic_content = models.TextField(blank=True)
    documents_signed = models.PositiveIntegerField(
        null=True, blank=True, help_text="as the source counts them, never a sum of our rows"
    )

    closed = {"kind": "activity_kind", "level": "activity_level", "form": "activity_format"}
    links = {"partners": Link("activities.ActivityPartner", "activity", "partner")}

    class Meta:
        indexes = [models.Index(fields=["-start", "-id"]), models.Index(fields=["kind", "-start"])]

    def __str__(self) -> str:
        return self.name_vi


class ActivityPartner(models.Model):
    """A partner of an activity."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="partner_rows")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="activity_rows")
    position = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.activity_id}: {self.partner_id}"


class Review(Record):
    """The review of a period. Number, date and signer are entered by a person; until then every document of it is a draft."""

    period = models.CharField(max_length=24)
    kind = models.CharField(max_length=24, default="period_review")
    state = models.CharField(max_length=16, default=REVIEW.initial, choices=[(s, s) for s in REVIEW.states()])
    figures_as_of = models.DateTimeField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=120, blank=True)
    signer_title = models.CharField(max_length=200, blank=True)
    signer_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "kind", "exercise"], name="review_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}"
