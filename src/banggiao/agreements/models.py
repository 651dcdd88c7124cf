"""The tables of agreements: the instrument, its parties and their legal steps, its texts and clauses, what it still lacks."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

from banggiao.agreements.states import AGREEMENT
from banggiao.core.record import Link, PartialDateField, Record
from banggiao.sources.models import SourcedRecord


class Agreement(SourcedRecord):
    """An instrument, or a group of instruments that a source counts together (`collective`, with `count` where it says)."""

    code = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=32)
    name_vi = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=24, default=AGREEMENT.initial, choices=[(s, s) for s in AGREEMENT.states()])
    field = models.CharField(max_length=32, blank=True)
    signed_on = PartialDateField()
    in_force_on = PartialDateField()
    home_body = models.CharField(
        max_length=300, blank=True, help_text="our signatory as the source names it, kept when the body is gone"
    )
    partner_body = models.CharField(max_length=300, blank=True)
    collective = models.BooleanField(default=False)
    count = models.PositiveIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    activity = models.ForeignKey(
        "activities.Activity", null=True, blank=True, on_delete=models.PROTECT, related_name="agreements"
    )
    # An amendment is an instrument of its own with its own date; what it amends keeps its state.
    amends = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments")

    closed = {"kind": "agreement_kind", "status": "agreement_status", "field": "agreement_field"}
    links = {"parties": Link("agreements.AgreementParty", "agreement", "partner")}

    class Meta:
        indexes = [models.Index(fields=["-signed_on", "-id"]), models.Index(fields=["kind", "-signed_on"])]

    def __str__(self) -> str:
        return self.name_vi


class AgreementParty(models.Model):
    """A partner that is party to an agreement; the home country is understood."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="party_rows")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="agreement_rows")
    position = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.partner_id}"


class PartyStatus(SourcedRecord):
    """One dated legal step of one party (`partner` empty for the home country): signed, ratified, notified, in force, ...

    Steps are only added; one written by mistake is taken back with a reason.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="party_steps")
    partner = models.ForeignKey("partners.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=32)
    day = PartialDateField()
    note_vi = models.CharField(max_length=400, blank=True)
    note_en = models.CharField(max_length=400, blank=True)
    document = models.ForeignKey("sources.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    visible_by = "agreement_id"

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.status}"


class AgreementText(Record):
    """A document that holds the words of the agreement: authentic text, translation, draft, annex."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey("sources.Document", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16)
    language = models.CharField(max_length=8, blank=True)
    note = models.CharField(max_length=300, blank=True)

    closed = {"role": "text_role", "language": "language"}
    visible_by = "agreement_id"

    def __str__(self) -> str:
        return f"{self.role} {self.language}"


class Clause(Record):
    """A clause of an agreement: the exact words of one of its texts, from `start` to before `end`."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey("sources.Document", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, help_text="as the text numbers it: Điều 3, Article 5")
    heading = models.CharField(max_length=300, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    visible_by = "agreement_id"

    class Meta:
        indexes = [models.Index(fields=["document", "start"])]

    def __str__(self) -> str:
        return self.number


class ReadinessCheck(Record):
    """One point of the checklist before signing, and how it stands."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=24)
    state = models.CharField(max_length=16)
    day = PartialDateField()
    note = models.CharField(max_length=300, blank=True)

    closed = {"item": "readiness_item", "state": "readiness_state"}
    visible_by = "agreement_id"

    def __str__(self) -> str:
        return self.item
