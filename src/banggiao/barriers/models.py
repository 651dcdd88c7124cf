"""The table of market barriers."""

from __future__ import annotations

from django.db import models

from banggiao.barriers.states import BARRIER
from banggiao.core.record import PartialDateField
from banggiao.sources.models import SourcedRecord


class Barrier(SourcedRecord):
    """A measure of a partner that stands in the way, with the products it hits and the authority that can lift it."""

    code = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40, blank=True)
    name_vi = models.CharField(max_length=400)
    name_en = models.CharField(max_length=400, blank=True)
    partner = models.ForeignKey("partners.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="barriers")
    authority_en = models.CharField(max_length=300, blank=True)
    start = PartialDateField()
    state = models.CharField(max_length=24, default=BARRIER.initial, choices=[(s, s) for s in BARRIER.states()])
    state_on = PartialDateField()
    products_vi = models.CharField(max_length=400, blank=True)
    hs_chapters = models.CharField(max_length=200, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    note_en = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    resolved_on = PartialDateField()

    closed = {"kind": "barrier_kind", "state": "barrier_status"}

    class Meta:
        indexes = [models.Index(fields=["-start", "-id"])]

    def __str__(self) -> str:
        return self.name_vi
