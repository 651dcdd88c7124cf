"""The table of reminder ladders."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary


class ReminderLadder(Record):
    """On which days before and after its due date a kind of record is reminded of, from a day on until the next such ladder."""

    applies_to = models.CharField(max_length=24, default="all")
    holds_from = models.DateField()
    rungs = models.CharField(max_length=120, help_text="days after the due date, negative before it: -30, -14, -7, 0, 7, 14")
    tells_above = models.BooleanField(default=True, help_text="whether the level above hears of it after the last rung")
    basis = models.CharField(max_length=300, blank=True, help_text="the paper that says so")

    closed: ClassVar[dict[str, str]] = {"applies_to": "ladder_subject"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["applies_to", "holds_from"], condition=models.Q(retracted=False), name="reminder_ladder_once"
            )
        ]
        indexes = [models.Index(fields=["holds_from", "id"])]

    def __str__(self) -> str:
        return f"{self.applies_to} {self.holds_from}: {self.rungs}"

    @property
    def title_vi(self) -> str:
        """What the ladder is called."""
        return self._title("vi")

    @property
    def title_en(self) -> str:
        """The same in English."""
        return self._title("en")

    def _title(self, language: str) -> str:
        return f"{vocabulary('ladder_subject').label(self.applies_to, language)}: {self.rungs}"
