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
    document = models.ForeignKey("sources.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

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
            # With what every reader's filter asks: totals are counted in the index and no row is opened.
            models.Index(
                fields=["work_state", "current_due", "classification", "retracted", "exercise"], name="commitment_due_counted"
            ),
        ]

    def __str__(self) -> str:
        return self.text_vi[:120]

    @property
    def replaced(self) -> bool:
        """Whether another commitment is on record as going on in its place."""
        return Succession.objects.filter(earlier=self, retracted=False).exists()


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
    origin_type = models.CharField(max_length=64, blank=True, help_text="record type of what asked for the task")
    origin_id = models.UUIDField(null=True, blank=True, db_index=True)
    origin_key = models.CharField(
        max_length=40, blank=True, help_text="which ask of its origin it is; nothing is made of one twice"
    )

    links = {"coordinating": Link("commitments.TaskBody", "task", "institution")}
    closed = {**Followed.closed, "growth_driver": "growth_driver", "topic": "topic"}

    class Meta:
        indexes = [
            models.Index(fields=["-given_on", "-id"]),
            models.Index(fields=["current_due", "id"]),
            # With what every reader's filter asks: totals are counted in the index and no row is opened.
            models.Index(
                fields=["work_state", "current_due", "classification", "retracted", "exercise"], name="task_due_counted"
            ),
        ]

    def __str__(self) -> str:
        return self.text_vi[:120]

    @property
    def replaced(self) -> bool:
        """Whether a later task is on record as asking for the same again."""
        return RepeatedAsk.objects.filter(earlier=self, same=True, retracted=False).exists()


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


class Paragraph(Record):
    """A numbered paragraph of a directive, in the order of its text; from `start` to before `end` are its words there.

    A heading orders what follows and asks nothing. Any other paragraph has tasks, or a reason why it has none, or is not settled.
    """

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="paragraphs")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=40, blank=True, help_text="the path of its numbers, as II.3.b")
    heading = models.BooleanField(default=False)
    text = models.TextField()
    document = models.ForeignKey("sources.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    no_task = models.CharField(max_length=24, blank=True, help_text="why nobody is given a task by it")
    no_task_note = models.CharField(max_length=400, blank=True)

    closed = {"no_task": "no_task_reason"}
    visible_by = "directive_id"

    class Meta:
        indexes = [models.Index(fields=["directive", "position"])]

    def __str__(self) -> str:
        return f"{self.number} {self.text}".strip()[:120]


class RepeatedAsk(Record):
    """A person said whether a task asks again for what an earlier one asked. `likeness` is what made them look, 0 to 100."""

    later = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="earlier_asks")
    earlier = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="later_asks")
    same = models.BooleanField()
    likeness = models.PositiveSmallIntegerField(default=0)

    visible_by = "later_id"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["later", "earlier"], name="repeated_ask_once")]

    def __str__(self) -> str:
        return f"{self.earlier_id} → {self.later_id}"


class PledgeTranche(Record):
    """A part of a commitment to supply something: how much of what, in which form, by when. Nothing pledged is no quantity."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=300)
    form = models.CharField(max_length=24)
    unit = models.CharField(max_length=40)
    pledged = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    promised_on = PartialDateField()

    closed = {"form": "supply_form", "unit": "unit"}
    visible_by = "commitment_id"

    def __str__(self) -> str:
        return self.name


class PledgeMove(Record):
    """So much of a tranche reached a stage on a day. What reached a later stage has passed the earlier ones."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="+")
    tranche = models.ForeignKey(PledgeTranche, on_delete=models.PROTECT, related_name="moves")
    stage = models.CharField(max_length=16)
    day = PartialDateField()
    quantity = models.DecimalField(max_digits=20, decimal_places=4)
    note = models.CharField(max_length=500, blank=True)

    closed = {"stage": "pledge_stage"}
    visible_by = "commitment_id"

    def __str__(self) -> str:
        return f"{self.stage} {self.quantity}"
