"""The table of escalations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from banggiao.core.record import PartialDateField, Record
from banggiao.followup.escalations.states import ESCALATION


class Escalation(Record):
    """A body asks one above it to decide what exceeds its own authority, with the options it sees and a day.

    The decision may have a document; its number and date stand here, and the letter among the dispatch references.
    """

    code = models.CharField(max_length=40, unique=True)
    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField(db_index=True)
    question = models.TextField()
    options = models.TextField(blank=True, help_text="one a line, the one proposed first")
    needed_by = PartialDateField()
    asker = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    decider = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=ESCALATION.initial, choices=[(s, s) for s in ESCALATION.states()])
    sent_on = PartialDateField()
    decision = models.TextField(blank=True)
    decided_by = models.CharField(max_length=200, blank=True, help_text="name and post of who decided")
    decided_on = PartialDateField()
    document_number = models.CharField(max_length=120, blank=True)
    document_day = PartialDateField()

    closed: ClassVar[dict[str, str]] = {"subject_type": "escalation_subject"}
    involves: ClassVar[dict[str, str]] = {"asker": "asker_id", "decider": "decider_id"}

    class Meta:
        indexes = [models.Index(fields=["needed_by", "id"])]

    def __str__(self) -> str:
        return self.title_vi

    @property
    def title_vi(self) -> str:
        """What it is called: the beginning of the question."""
        text = " ".join(self.question.split())
        return text if len(text) <= 120 else f"{text[:119]}…"

    @property
    def lead_id(self) -> object:
        """Who is reminded while it is not decided, as the engine of reminders asks."""
        return self.decider_id

    @property
    def current_due(self) -> str:
        """By when it must be decided, in the words of the engine."""
        return self.needed_by

    @property
    def work_state(self) -> str:
        """Whether there is still something to remind of, in the words of the engine."""
        return "awaiting_decision" if self.state == "sent" else "done"
