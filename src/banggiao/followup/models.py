"""The tables of following: what a followed record carries, and what is reported, proved, moved and reminded about it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from banggiao.core.record import PartialDateField, Record
from banggiao.followup.chasing.models import ReminderLadder  # noqa: F401  Django looks for tables here
from banggiao.followup.data_calls.models import (  # noqa: F401  Django looks for tables here
    DataCall,
    DataCallAddressee,
    DataCallAnswer,
)
from banggiao.followup.dispatches.models import DispatchReference  # noqa: F401
from banggiao.followup.escalations.models import Escalation  # noqa: F401
from banggiao.followup.mail.models import MailChoice, MailedItem, OutboxMail  # noqa: F401
from banggiao.followup.planning.models import (  # noqa: F401
    Baseline,
    Difficulty,
    EvidenceFile,
    Milestone,
    MilestoneClaim,
    PlanTotals,
)
from banggiao.followup.planning.states import EVIDENCE
from banggiao.followup.states import DUE_MOVE, VALIDATION, WORK
from banggiao.followup.talking import Comment, CommentMention, InboxItem, InboxMark  # noqa: F401  Django looks for tables here


class Followed(models.Model):
    """What every followed duty carries: the six clears (6 rõ), two due dates, and two axes of state kept apart.

    Person, task, time, responsibility, product, authority: the task is the record's own text, the time its current due date.
    Timeliness is derived from the due dates, never stored.
    """

    lead = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person_in_charge = models.CharField(max_length=200, blank=True)
    responsibility = models.TextField(blank=True)
    product = models.TextField(blank=True)
    authority = models.CharField(max_length=300, blank=True)
    first_due = PartialDateField()
    current_due = PartialDateField()
    work_state = models.CharField(max_length=20, default=WORK.initial, choices=[(s, s) for s in WORK.states()])
    validation_state = models.CharField(max_length=20, default=VALIDATION.initial, choices=[(s, s) for s in VALIDATION.states()])
    blocked_reason = models.CharField(max_length=24, blank=True)
    unblocker = models.CharField(max_length=300, blank=True)
    done_on = PartialDateField()
    weight = models.DecimalField(
        max_digits=9,
        decimal_places=4,
        default=1,
        validators=[MinValueValidator(Decimal("0.0001"))],
        help_text="in a portfolio; frozen once work is given",
    )
    cycle_days = models.PositiveSmallIntegerField(
        default=90, validators=[MinValueValidator(1), MaxValueValidator(3660)], help_text="how often evidence is expected"
    )

    closed: ClassVar[dict[str, str]] = {"blocked_reason": "difficulty_code"}
    #: The co-ordinating bodies are a link that each kind of followed record declares.
    involves: ClassVar[dict[str, str]] = {"lead": "lead_id", "coordinating": "coordinating"}

    class Meta:
        abstract = True


class ProgressUpdate(Record):
    """What was reported about a followed record on a day. A report is a claim; evidence is what proves it."""

    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField(db_index=True)
    day = models.DateField()
    text = models.TextField()
    claimed = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    difficulty = models.CharField(max_length=24, blank=True)
    difficulty_text = models.TextField(blank=True)
    recommendation = models.TextField(blank=True, help_text="what the body asks of those above it (kiến nghị)")

    visible_by = "subject_id"

    def __str__(self) -> str:
        return self.text[:80]


class Evidence(Record):
    """Proof of delivery, graded 0 (none) to 4 (independent check)."""

    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField(db_index=True)
    update_of = models.ForeignKey(ProgressUpdate, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    grade = models.PositiveSmallIntegerField()
    description = models.TextField()
    document = models.ForeignKey("sources.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    milestone = models.UUIDField(null=True, blank=True, help_text="the milestone's key")
    quantity = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="what it proves of the target; empty: all that is claimed",
    )
    file = models.ForeignKey(EvidenceFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=EVIDENCE.initial, choices=[(s, s) for s in EVIDENCE.states()])

    visible_by = "subject_id"

    def __str__(self) -> str:
        return self.description[:80]


class DueDateMove(Record):
    """A due date was asked to move. Later needs a reason and an approval from above the owner, earlier does not."""

    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField(db_index=True)
    due_from = PartialDateField()
    due_to = PartialDateField()
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=12, default=DUE_MOVE.initial, choices=[(s, s) for s in DUE_MOVE.states()])
    decided_by = models.CharField(max_length=200, blank=True)
    days_left = models.SmallIntegerField(null=True, blank=True, help_text="to the due date on the day it was asked")

    visible_by = "subject_id"

    def __str__(self) -> str:
        return self.title_vi

    @property
    def title_vi(self) -> str:
        """From which day to which."""
        return f"{self.due_from or '–'} → {self.due_to}"


class Reminder(Record):
    """Somebody was reminded: once for each item, due date, rung of the ladder and recipient.

    On level 0 the lead was, on level 1 those above it, of what stayed overdue past the last rung.
    """

    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    due = PartialDateField()
    rung = models.SmallIntegerField(help_text="days after the due date; negative before it")
    recipient = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    level = models.PositiveSmallIntegerField(default=0)

    visible_by = "subject_id"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_id", "due", "rung", "recipient", "level"], name="reminder_once")]
        indexes = [models.Index(fields=["recipient", "-day"])]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.rung:+d}"


class Finding(Record):
    """A statement of a review that rests on evidence: a result achieved or a shortcoming, of a period."""

    kind = models.CharField(max_length=16)
    text_vi = models.TextField()
    text_en = models.TextField(blank=True)
    actor = models.CharField(max_length=300, blank=True)
    period = models.CharField(max_length=24, blank=True)
    period_start = PartialDateField()
    period_note = models.CharField(
        max_length=200, blank=True, help_text="how the period was worked out when the words do not say it"
    )
    growth_driver = models.CharField(max_length=24, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    partner = models.ForeignKey("partners.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["period_start", "id"])]

    def __str__(self) -> str:
        return self.text_vi[:120]
