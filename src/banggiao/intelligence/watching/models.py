"""The tables of watches and signals."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models

from banggiao.core.record import PartialDateField, Record
from banggiao.intelligence.watching.states import SIGNAL, WATCH


class Watch(Record):
    """What is followed in the trade data: flow, partner and product, what counts as unusual, and from which size on."""

    code = models.CharField(max_length=40, unique=True)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    measure = models.CharField(max_length=32)
    flow = models.CharField(max_length=16)
    partner = models.ForeignKey("partners.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    product = models.CharField(max_length=6, blank=True, help_text="HS code of 2, 4 or 6 digits; empty for all goods")
    threshold = models.DecimalField(
        max_digits=8, decimal_places=3, validators=[MinValueValidator(Decimal("0.001"))], help_text="score or share, by measure"
    )
    value_floor = models.DecimalField(
        max_digits=18, decimal_places=3, default=Decimal(0), validators=[MinValueValidator(Decimal(0))],
        help_text="USD million; smaller values are never unusual",
    )  # fmt: skip
    follower = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=WATCH.initial, choices=[(s, s) for s in WATCH.states()])

    closed: ClassVar[dict[str, str]] = {"measure": "watch_measure", "flow": "watch_flow", "state": "watch_state"}
    involves: ClassVar[dict[str, str]] = {"follower": "follower_id"}

    class Meta:
        indexes = [models.Index(fields=["code", "id"])]

    def __str__(self) -> str:
        return self.name_vi


class Signal(Record):
    """Something unusual that a watch noticed in one period of one series, with the figures it rests on, and what became of it."""

    code = models.CharField(max_length=40, unique=True)
    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="signals")
    key = models.CharField(max_length=120, unique=True, help_text="watch, period, flow, partner and product: noticed once")
    name_vi = models.CharField(max_length=400)
    name_en = models.CharField(max_length=400, blank=True)
    period = PartialDateField(help_text="the month or year the figure is of")
    flow = models.CharField(max_length=16)
    partner = models.ForeignKey("partners.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    product = models.CharField(max_length=6, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=3, help_text="USD million")
    baseline = models.DecimalField(max_digits=18, decimal_places=3, null=True, help_text="USD million expected")
    score = models.DecimalField(
        max_digits=10, decimal_places=3, null=True, help_text="robust z, or share; none where trade began or stopped"
    )
    provisional = models.BooleanField(default=False)
    source_title = models.CharField(max_length=400)
    source_url = models.URLField(max_length=600, blank=True)
    as_of = PartialDateField()
    state = models.CharField(max_length=12, default=SIGNAL.initial, choices=[(s, s) for s in SIGNAL.states()])
    assessment = models.TextField(blank=True)
    used = models.CharField(max_length=16, blank=True)

    closed: ClassVar[dict[str, str]] = {"flow": "watch_flow", "state": "signal_state", "used": "signal_use"}
    visible_by: ClassVar[str] = "watch_id"

    class Meta:
        indexes = [models.Index(fields=["-period", "-id"])]

    def __str__(self) -> str:
        return self.name_vi
