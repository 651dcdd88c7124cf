"""The tables of activities: what takes place with whom, its programme, people, statements, content, outcomes; and reviews."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from uuid_utils.compat import uuid7

from banggiao.activities.states import ACTIVITY, REVIEW
from banggiao.core.errors import N_
from banggiao.core.record import Link, PartialDateField, Record
from banggiao.sources.models import SourcedRecord

_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d\Z", re.ASCII)


def time_of_day(value: str) -> None:
    """Raise ValidationError unless the text is a time of day as 08:30."""
    if value and not _TIME.match(value):
        raise ValidationError(N_("Giờ không hợp lệ. Hãy viết như 08:30."), code="time")


class Activity(SourcedRecord):
    """Something dated and placed: visit, call, meeting, conference, forum, promotion, training, dialogue."""

    code = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=32)
    level = models.CharField(max_length=32, blank=True)
    status = models.CharField(max_length=16, default=ACTIVITY.initial, choices=[(s, s) for s in ACTIVITY.states()])
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

    closed = {"kind": "activity_kind", "level": "activity_level", "form": "activity_format", "status": "activity_status"}
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


class Site(Record):
    """A place from which people take part in an activity held at several places (điểm cầu)."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    chair = models.CharField(max_length=200, blank=True)

    visible_by = "activity_id"

    def __str__(self) -> str:
        return self.name


class AgendaItem(Record):
    """A point of the programme: when, what, who speaks, at which site."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    day = PartialDateField()
    time = models.CharField(max_length=5, blank=True, validators=[time_of_day])
    title_vi = models.CharField(max_length=500)
    title_en = models.CharField(max_length=500, blank=True)
    speaker = models.CharField(max_length=300, blank=True, help_text="as the programme names them")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    visible_by = "activity_id"

    def __str__(self) -> str:
        return self.title_vi


class Delegate(Record):
    """Somebody who takes part, in which post and role; a person of the register, or a name as the source writes it."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    post = models.CharField(max_length=300, blank=True)
    side = models.CharField(max_length=8)
    role = models.CharField(max_length=16, blank=True)
    person = models.ForeignKey("partners.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    closed = {"side": "delegation_side", "role": "delegation_role"}
    visible_by = "activity_id"

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """A body that is expected somewhere, and whether it came: the expected ones are the denominator of "94 of 96"."""

    institution = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True, help_text="who is expected for it, by name")
    post = models.CharField(max_length=300, blank=True)
    presence = models.CharField(max_length=16, default="expected")
    represented_by = models.CharField(max_length=300, blank=True, help_text="name and post of whoever came instead")
    basis = models.CharField(max_length=16, default="chosen", help_text="the rule by which it is expected")

    closed = {"presence": "presence", "basis": "attendance_basis"}

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.institution}: {self.presence}"

    @property
    def title_vi(self) -> str:
        """Whose place it is."""
        institution: Any = self.institution
        return str(institution.name_vi)

    @property
    def title_en(self) -> str:
        """The same in English."""
        institution: Any = self.institution
        return str(institution.name_en or institution.name_vi)


class Attendance(Presence, Record):
    """A body expected at an activity, at which of its sites, and whether it came."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    visible_by = "activity_id"

    class Meta:
        indexes = [models.Index(fields=["activity", "presence"])]


class Speaker(Record):
    """Who speaks at a conference, in which turn, about what; and the written statement (tham luận), typed or as a document."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    turn = models.PositiveSmallIntegerField(null=True, blank=True)
    institution = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    post = models.CharField(max_length=300, blank=True)
    topic = models.CharField(max_length=500, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=16, default="registered")
    text = models.TextField(blank=True)
    document = models.ForeignKey("sources.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    call = models.ForeignKey(
        "followup.DataCall", null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="which asked for it"
    )

    closed = {"state": "speaker_state"}
    visible_by = "activity_id"

    class Meta:
        indexes = [models.Index(fields=["activity", "turn"])]

    def __str__(self) -> str:
        return self.topic or self.name or str(self.institution)

    @property
    def title_vi(self) -> str:
        """What the statement is called: its topic, else whose it is."""
        return self.topic or self.name or (self.institution.name_vi if self.institution else "")


class EconomicItem(Record):
    """A piece of the economic content of an activity: field, project, amount in its currency, who carries it on both sides."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    text_vi = models.CharField(max_length=500)
    text_en = models.CharField(max_length=500, blank=True)
    field = models.CharField(max_length=32)
    project = models.BooleanField(default=False, help_text="a concrete project: named, with somebody who carries it")
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    partner_body = models.CharField(max_length=300, blank=True)
    lead = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    closed = {"field": "agreement_field", "currency": "currency"}
    visible_by = "activity_id"

    class Meta:
        indexes = [models.Index(fields=["activity", "project"])]

    def __str__(self) -> str:
        return self.text_vi


class Outcome(Record):
    """What came of an activity beside documents, commitments and tasks, which are records of their own."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    text_vi = models.TextField()
    text_en = models.TextField(blank=True)

    closed = {"kind": "outcome_kind"}
    visible_by = "activity_id"

    def __str__(self) -> str:
        return self.text_vi[:120]


class Review(Record):
    """The review of a period. Number, date and signer are entered by a person; until then every document of it is a draft."""

    code = models.CharField(max_length=40, blank=True, db_index=True)
    period = models.CharField(max_length=24)
    name_vi = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=24, default="period_review")
    state = models.CharField(max_length=16, default=REVIEW.initial, choices=[(s, s) for s in REVIEW.states()])
    figures_as_of = models.DateTimeField(null=True, blank=True)
    comments_due = models.DateField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=120, blank=True)
    signer_title = models.CharField(max_length=200, blank=True)
    signer_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "kind", "exercise"], name="review_once")]

    def __str__(self) -> str:
        return self.name_vi
