"""The tables of bodies: who sits in them by position, their meetings, what these decided, and conclusion notices."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from uuid_utils.compat import uuid7

from banggiao.activities.models import Presence, time_of_day
from banggiao.bodies.states import BODY, MEETING, NOTICE
from banggiao.core.record import Link, PartialDateField, Record


class Body(Record):
    """Institutions that sit together for a mandate. Who founded it, by which decision, and until when is part of it."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=24)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    decision_number = models.CharField(max_length=64, blank=True, help_text="number and symbol of the founding decision")
    decision_on = PartialDateField()
    decision_issuer = models.CharField(max_length=200, blank=True)
    directive = models.ForeignKey("commitments.Directive", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    standing = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="bodies")
    mandate = models.TextField(blank=True)
    contact = models.CharField(max_length=300, blank=True, help_text="the unit that is written to; nobody's own number")
    starts = PartialDateField()
    ends = PartialDateField()
    state = models.CharField(max_length=12, default=BODY.initial, choices=[(s, s) for s in BODY.states()])

    closed = {"kind": "body_kind"}
    involves: ClassVar[dict[str, str]] = {"standing": "standing_id"}

    class Meta:
        indexes = [models.Index(fields=["kind", "id"])]

    def __str__(self) -> str:
        return self.name_vi


class Member(Record):
    """A seat in a body: a position of an institution, in a role, from and until a day; a person only where one is known."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="members")
    position = models.CharField(max_length=300)
    institution = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, default="member")
    person = models.ForeignKey("partners.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    since = PartialDateField()
    until = PartialDateField()

    closed = {"role": "body_role"}
    visible_by = "body_id"

    class Meta:
        indexes = [models.Index(fields=["institution"])]

    def __str__(self) -> str:
        return self.position


class Meeting(Record):
    """A meeting of a body. Its minutes are a draft until a person enters number, date and signer."""

    code = models.CharField(max_length=40, unique=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField(help_text="the how-manieth of its body")
    name_vi = models.CharField(max_length=400)
    name_en = models.CharField(max_length=400, blank=True)
    day = PartialDateField()
    time = models.CharField(max_length=5, blank=True, validators=[time_of_day])
    place = models.CharField(max_length=200, blank=True)
    form = models.CharField(max_length=16, blank=True)
    chair = models.CharField(max_length=200, blank=True, help_text="position, and name where known")
    secretary = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, default=MEETING.initial, choices=[(s, s) for s in MEETING.states()])
    minutes_number = models.PositiveIntegerField(null=True, blank=True)
    minutes_on = PartialDateField()
    signer_title = models.CharField(max_length=200, blank=True)
    signer_name = models.CharField(max_length=200, blank=True)

    closed = {"form": "activity_format"}

    class Meta:
        indexes = [models.Index(fields=["-day", "-id"])]

    def __str__(self) -> str:
        return self.name_vi

    @property
    def settled(self) -> bool:
        """Whether it stands still: its minutes are done."""
        return self.state == "minuted"


class MeetingAttendance(Presence, Record):
    """A body expected at a meeting, and whether it came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")

    visible_by = "meeting_id"


class MeetingItem(Record):
    """A line of a meeting's agenda; it may stand for a duty or an escalation that waits, named by type and id."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField(null=True, blank=True, help_text="its number on the agenda")
    title_vi = models.CharField(max_length=500)
    title_en = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=24, blank=True)
    presenter = models.CharField(max_length=300, blank=True)
    discussion = models.TextField(blank=True)
    subject_type = models.CharField(max_length=64, blank=True)
    subject_id = models.UUIDField(null=True, blank=True, db_index=True)

    closed = {"reason": "agenda_reason"}
    visible_by = "meeting_id"

    def __str__(self) -> str:
        return self.title_vi


class MeetingDecision(Record):
    """What a meeting decided, concluded or asked for; it becomes a task once, and the task names the meeting as its origin."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(MeetingItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    text_vi = models.TextField()
    text_en = models.TextField(blank=True)
    lead = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due = PartialDateField()
    product = models.CharField(max_length=500, blank=True)

    links: ClassVar[dict[str, Link]] = {"coordinating": Link("bodies.DecisionBody", "decision", "institution")}
    closed = {"kind": "meeting_decision_kind"}
    visible_by = "meeting_id"

    def __str__(self) -> str:
        return self.text_vi[:120]


class DecisionBody(models.Model):
    """A body that co-ordinates what a meeting decided with its lead."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    decision = models.ForeignKey(MeetingDecision, on_delete=models.CASCADE, related_name="coordinating_rows")
    institution = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "institution"], name="decision_body_once")]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.institution_id}"


class ConclusionNotice(Record):
    """The notice that concludes a meeting or a conference, from draft to issued; issued, it stands among the directives."""

    code = models.CharField(max_length=40, unique=True)
    meeting = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="notices")
    activity = models.ForeignKey("activities.Activity", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name_vi = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500, blank=True)
    issuer = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True, help_text="one paragraph a line; numbering is part of the text")
    number = models.PositiveIntegerField(null=True, blank=True)
    issued_on = PartialDateField()
    place = models.CharField(max_length=120, blank=True)
    signer_title = models.CharField(max_length=200, blank=True)
    signer_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, default=NOTICE.initial, choices=[(s, s) for s in NOTICE.states()])
    directive = models.ForeignKey("commitments.Directive", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    links: ClassVar[dict[str, Link]] = {"receivers": Link("bodies.NoticeReceiver", "notice", "institution")}
    involves: ClassVar[dict[str, str]] = {"issuer": "issuer_id"}

    class Meta:
        indexes = [models.Index(fields=["-issued_on", "-id"])]

    def __str__(self) -> str:
        return self.name_vi

    @property
    def settled(self) -> bool:
        """Whether it stands still: issued, or given up."""
        return self.state in ("issued", "dropped")


class NoticeReceiver(models.Model):
    """A body that a notice goes to: asked for its opinion on the draft, then sent what is issued."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(ConclusionNotice, on_delete=models.CASCADE, related_name="receiver_rows")
    institution = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "institution"], name="notice_receiver_once")]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.institution_id}"
