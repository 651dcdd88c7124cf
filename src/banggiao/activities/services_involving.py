"""Whoever is called to something may know of it: the one write that says which institutions have to do with a record."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from banggiao.core.visibility import Involvement


def involve(role: str, record_id: UUID, institutions: Sequence[UUID]) -> None:
    """These institutions, and no others in that role, have to do with the record; call it in the transaction of the write."""
    there = set(Involvement.objects.filter(record_id=record_id, role=role).values_list("institution_id", flat=True))
    wanted = set(institutions)
    Involvement.objects.filter(record_id=record_id, role=role, institution_id__in=there - wanted).delete()
    Involvement.objects.bulk_create(
        [Involvement(record_id=record_id, institution_id=pk, role=role) for pk in sorted(wanted - there)], batch_size=200
    )
