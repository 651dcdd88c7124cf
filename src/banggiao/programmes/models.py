"""The tables of missions' work programmes: the programme, its tasks, the opportunities found, the proposals made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from banggiao.core.record import PartialDateField, Record
from banggiao.programmes.states import PROGRAMME


class WorkProgramme(Record):
    """What a mission sets out to do in a period, under its head by post."""

    code = models.CharField(max_length=40, unique=True)
    mission = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=24, help_text="a year or half-year, such as 2026 or 2026-H1")
    period_start = PartialDateField()
    head = models.ForeignKey("partners.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    head_title = models.CharField(max_length=200, blank=True, help_text="the post, where no person is on record in it")
    directive = models.ForeignKey("commitments.Directive", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    summary_vi = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    state = models.CharField(max_length=16, default=PROGRAMME.initial, choices=[(s, s) for s in PROGRAMME.states()])
    submitted_on = PartialDateField()
    approved_on = PartialDateField()
    approved_by = models.CharField(max_length=200, blank=True, help_text="who approved it, as the approver signs")
    closed_on = PartialDateField()

    involves: ClassVar[dict[str, str]] = {"mission": "mission_id"}
    closed: ClassVar[dict[str, str]] = {"state": "programme_state"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mission", "period"], name="programme_once_a_period")]
        indexes = [models.Index(fields=["-period_start", "-id"])]

    def __str__(self) -> str:
        return f"{self.mission.name_vi}: {self.period}"

    @property
    def title_vi(self) -> str:
        """What the programme is called: the mission and the period."""
        return f"{self.mission.name_vi}: {self.period}"

    @property
    def title_en(self) -> str:
        """The same in English."""
        return f"{self.mission.name_en or self.mission.name_vi}: {self.period}"


class ProgrammeTask(Record):
    """One of the tasks of the head of mission: what is to come of it, by when, and the task of the register it became."""

    programme = models.ForeignKey(WorkProgramme, on_delete=models.PROTECT, related_name="task_lines")
    number = models.PositiveSmallIntegerField()
    text_vi = models.TextField()
    text_en = models.TextField(blank=True)
    indicator = models.CharField(max_length=300, blank=True)
    target = models.CharField(max_length=200, blank=True, help_text="with its unit")
    due = PartialDateField()
    result = models.TextField(blank=True, help_text="what came of it by the end of the period")
    task = models.ForeignKey("commitments.Task", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    visible_by = "programme_id"

    def __str__(self) -> str:
        return self.text_vi[:120]


class FoundOpportunity(Record):
    """A chance that a mission found: with whom, for what, and who was told of it."""

    programme = models.ForeignKey(WorkProgramme, on_delete=models.PROTECT, related_name="opportunity_lines")
    day = PartialDateField()
    partner = models.ForeignKey("partners.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=32, blank=True)
    product = models.CharField(max_length=300, blank=True)
    text_vi = models.TextField()
    text_en = models.TextField(blank=True)
    state = models.CharField(max_length=16, default="found")
    handed_to = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(blank=True)

    closed: ClassVar[dict[str, str]] = {"field": "agreement_field", "state": "opportunity_state"}
    visible_by = "programme_id"

    def __str__(self) -> str:
        return self.text_vi[:120]


class MissionProposal(Record):
    """What a mission proposes to a body at home, and what was answered."""

    programme = models.ForeignKey(WorkProgramme, on_delete=models.PROTECT, related_name="proposal_lines")
    day = PartialDateField()
    addressee = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text_vi = models.TextField()
    text_en = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    answered_on = PartialDateField()

    visible_by = "programme_id"

    def __str__(self) -> str:
        return self.text_vi[:120]
