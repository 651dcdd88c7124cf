"""The tables of plans: baselines, their milestones, claims about these, files of evidence, difficulties."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from uuid_utils.compat import uuid7

from banggiao.core.record import PartialDateField, Record
from banggiao.followup.planning.states import BASELINE


class Baseline(Record):
    """A plan of a followed record. Once approved its milestones and weights stand still; number 0 is kept for ever."""

    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    number = models.PositiveSmallIntegerField(null=True, blank=True, help_text="given when it is approved")
    state = models.CharField(max_length=12, default=BASELINE.initial, choices=[(s, s) for s in BASELINE.states()])
    starts = models.DateField()
    reason = models.TextField(blank=True, help_text="why the plan before it no longer holds")
    partner_document = models.CharField(
        max_length=300, blank=True, help_text="number and date of the partner's document, where milestones are dropped"
    )
    approved_by = models.CharField(max_length=200, blank=True)
    approved_on = models.DateField(null=True, blank=True)

    visible_by = "subject_id"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_id", "number"], name="baseline_number_once")]

    def __str__(self) -> str:
        return f"{self.subject_type} {'-' if self.number is None else self.number}"


class Milestone(Record):
    """One step of a baseline: its share of the whole, its day, its product, and the evidence without which it does not count.

    `key` stays the same when a later baseline takes the milestone over, so that claims and evidence go with it.
    """

    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="milestones")
    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField(db_index=True)
    key = models.UUIDField(default=uuid7)
    position = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500, blank=True)
    weight = models.DecimalField(max_digits=7, decimal_places=6)
    due = models.DateField()
    product = models.TextField(blank=True)
    responsible = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, default="ours")
    required_grade = models.PositiveSmallIntegerField(default=2)
    target = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="credit is quantity over target; without one all or nothing",
    )
    unit = models.CharField(max_length=60, blank=True)

    closed: ClassVar[dict[str, str]] = {"side": "commitment_side", "required_grade": "evidence_grade"}
    visible_by = "subject_id"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["baseline", "key"], name="milestone_key_once")]

    def __str__(self) -> str:
        return self.name_vi


class MilestoneClaim(Record):
    """What was said to be done of a milestone on a day: a quantity of its target, or 1 for all. The latest day holds."""

    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField(db_index=True)
    milestone = models.UUIDField(help_text="the milestone's key")
    day = models.DateField()
    quantity = models.DecimalField(max_digits=20, decimal_places=4)
    note = models.TextField(blank=True)

    visible_by = "subject_id"

    def __str__(self) -> str:
        return f"{self.day}: {self.quantity}"


class EvidenceFile(Record):
    """A file that proves something. Its bytes are kept under their digest, once however often they are sent in."""

    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)

    visible_by = "subject_id"

    def __str__(self) -> str:
        return self.name


class Difficulty(Record):
    """What stands in the way of a followed record, since when, and who can take it away."""

    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField(db_index=True)
    code = models.CharField(max_length=24)
    text = models.TextField(blank=True)
    since = models.DateField()
    unblocker = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unblocker_name = models.CharField(max_length=300, blank=True, help_text="who can unblock, where no register knows them")
    resolved_on = PartialDateField()
    resolution = models.TextField(blank=True)

    closed: ClassVar[dict[str, str]] = {"code": "difficulty_code"}
    visible_by = "subject_id"

    def __str__(self) -> str:
        return f"{self.code} {self.text[:80]}".strip()


class PlanTotals(models.Model):
    """Progress of a followed record by its current plan, kept in step with every write so that portfolios add up in the database.

    Derived: `planning.services_totals.settle` makes it anew from plan, claims and accepted evidence.
    """

    subject_id = models.UUIDField(primary_key=True)
    subject_type = models.CharField(max_length=64)
    claimed = models.DecimalField(max_digits=9, decimal_places=6)
    verified = models.DecimalField(max_digits=9, decimal_places=6)
    planned = models.BooleanField(help_text="whether there is an approved plan")
    evidenced_on = models.DateField(null=True, help_text="day of the last accepted evidence")
    acted_on = models.DateField(null=True, help_text="day of the first plan, report, claim or evidence")

    class Meta:
        indexes = [models.Index(fields=["subject_type", "evidenced_on"])]

    def __str__(self) -> str:
        return f"{self.subject_id}: {self.verified}"
