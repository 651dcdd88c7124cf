"""The table of dispatch references."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from banggiao.core.record import PartialDateField, Record


class DispatchReference(Record):
    """An official letter, by number, date and issuer, and the record it belongs to. The letter itself is never kept here.

    Of a letter above the level of the installation there is a pointer only: number, date, keeper.
    """

    number = models.CharField(max_length=120)
    day = PartialDateField()
    direction = models.CharField(max_length=8, default="in")
    issuer = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    issuer_name = models.CharField(max_length=300, blank=True, help_text="as the letter prints it, where no register knows it")
    about = models.CharField(max_length=500, blank=True, help_text="the subject line (trích yếu)")
    secrecy = models.CharField(max_length=16, default="public", help_text="the level of the letter, not of this record")
    keeper = models.CharField(max_length=300, blank=True)
    subject_type = models.CharField(max_length=64, blank=True)
    subject_id = models.UUIDField(null=True, blank=True, db_index=True)

    closed: ClassVar[dict[str, str]] = {"direction": "dispatch_direction", "secrecy": "classification"}
    visible_by = "subject_id"

    class Meta:
        indexes = [models.Index(fields=["day", "id"])]

    def __str__(self) -> str:
        return self.number
