"""Who may know of which record: one filter for list, page, search, API, export, briefing and report.

A hidden record is indistinguishable from one that does not exist. Visible are: records of a level the viewer is cleared for that
are public, or owned by an institution of the viewer, or in which such an institution is involved (leads, co-owns, is asked).
Leaders, the desk, verifiers and auditors see every institution's records of their level.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from banggiao.core.acts import Viewer

Q_ = TypeVar("Q_", bound=models.QuerySet[Any])


class Involvement(models.Model):
    """An institution has to do with a record it does not own: it leads, co-operates or is asked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    record_id = models.UUIDField()
    institution_id = models.UUIDField()
    role = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_id", "institution_id", "role"], name="involvement_once")]
        indexes = [models.Index(fields=["institution_id", "record_id"])]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.role} {self.record_id}"


def visible(queryset: Q_, viewer: Viewer, *, record_id: str = "pk") -> Q_:
    """`queryset` cut down to what the viewer may know of; `record_id` names the column that holds the record's id."""
    return knowable(queryset.filter(retracted=False), viewer, record_id=record_id)


def knowable(queryset: Q_, viewer: Viewer, *, record_id: str = "pk") -> Q_:
    """The same of records that may have been retracted: reports of the past hold them too."""
    kept = queryset.filter(classification__in=viewer.cleared_levels())
    if viewer.sees_all:
        return kept
    # A set of ids and not an EXISTS for each row: the total of a list is counted in two thirds of the time, its page in the same.
    involved = Involvement.objects.filter(institution_id__in=viewer.institutions).values("record_id")
    return kept.filter(Q(classification="public") | Q(owner__in=viewer.institutions) | Q(**{f"{record_id}__in": involved}))
