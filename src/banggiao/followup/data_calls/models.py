"""The tables of data calls: what is asked of whom by when, and what each body answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from uuid_utils.compat import uuid7

from banggiao.core.record import Link, PartialDateField, Record
from banggiao.followup.data_calls.states import ANSWER, ANSWERED, CALL


class DataCall(Record):
    """A body asks others for the same thing by a day. The questions stand still once it is sent."""

    code = models.CharField(max_length=40, unique=True)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    purpose = models.TextField(blank=True)
    asker = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    deadline = PartialDateField()
    many_rows = models.BooleanField(default=False, help_text="an answer may hold many rows, not only one")
    questions = models.JSONField(default=list, blank=True, help_text="the columns asked for, as `asked.Asked` reads them")
    form = models.CharField(max_length=16, blank=True, help_text="a ready form instead of columns of its own")
    scope = models.CharField(max_length=16, blank=True, help_text="of a progress form: which duties of each body it lists")
    period = models.CharField(max_length=24, blank=True, help_text="of a progress form: only duties due in this period")
    state = models.CharField(max_length=16, default=CALL.initial, choices=[(s, s) for s in CALL.states()])
    opened_on = PartialDateField()
    closed_on = PartialDateField()

    involves: ClassVar[dict[str, str]] = {"asker": "asker_id"}
    closed: ClassVar[dict[str, str]] = {"form": "data_call_form", "scope": "progress_scope"}
    links: ClassVar[dict[str, Link]] = {"addressees": Link("followup.DataCallAddressee", "call", "institution")}

    class Meta:
        indexes = [models.Index(fields=["deadline", "id"])]

    def __str__(self) -> str:
        return self.name_vi


class DataCallAddressee(models.Model):
    """A body that is asked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    call = models.ForeignKey(DataCall, on_delete=models.CASCADE, related_name="addressee_rows")
    institution = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "institution"], name="data_call_addressee_once")]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.institution_id}"


class DataCallAnswer(Record):
    """What one body answers. It is known to that body and to the one that asks, to no other addressee.

    The due dates are the deadline carried to the next working day of the body's own calendar.
    """

    call = models.ForeignKey(DataCall, on_delete=models.PROTECT, related_name="answers")
    institution = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    asker = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, default=ANSWER.initial, choices=[(s, s) for s in ANSWER.states()])
    first_due = PartialDateField()
    current_due = PartialDateField()
    rows = models.JSONField(default=list, blank=True, help_text="rows of {id, values}; a value is kept as text")
    rows_made = models.PositiveIntegerField(default=0, help_text="how many rows there ever were, so that no row id comes twice")
    submitted_on = PartialDateField()
    approved_by = models.CharField(max_length=200, blank=True, help_text="name and post of the head who approved")
    approved_on = PartialDateField()
    letter = models.CharField(max_length=120, blank=True, help_text="number and symbol of the signed letter of reply")

    involves: ClassVar[dict[str, str]] = {"asker": "asker_id", "addressee": "institution_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "institution"], name="data_call_answer_once")]
        indexes = [models.Index(fields=["current_due", "id"])]

    def __str__(self) -> str:
        return f"{self.call}: {self.institution}"

    @property
    def title_vi(self) -> str:
        """What the answer is called: the body and the call."""
        return f"{self.institution.name_vi}: {self.call.name_vi}"

    @property
    def title_en(self) -> str:
        """The same in English."""
        return f"{self.institution.name_en or self.institution.name_vi}: {self.call.name_en or self.call.name_vi}"

    @property
    def lead_id(self) -> object:
        """Who is reminded, as the engine of reminders asks."""
        return self.institution_id

    @property
    def work_state(self) -> str:
        """Whether there is still something to remind of, in the words of the engine."""
        return "done" if self.state in ANSWERED else "assigned"
