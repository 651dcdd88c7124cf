"""Where personal values stand: apart from registers and ledger, keyed by subject, each with purpose, basis, retention and source.

The ledger keeps a salted digest, so erasing value and salt leaves a chain that still verifies. People in public office keep
name, post and dates from public documents in the register of people; nothing else about them stands outside this table.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from uuid_utils.compat import uuid7

from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, MissingInformation
from banggiao.core.ledger import append


class PersonalValue(models.Model):
    """One value about one person.

    Erasing empties `value` and `salt` and keeps the row, so that the report can say what was erased.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_id = models.UUIDField(db_index=True)
    field = models.CharField(max_length=40)
    value = models.TextField(blank=True)
    salt = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=200)
    basis = models.CharField(max_length=200)
    source = models.CharField(max_length=400)
    keep_until = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.subject_id} {self.field}"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a personal value may be kept: all four must be said (Law 91/2025/QH15 on personal data protection)."""

    purpose: str
    basis: str
    source: str
    keep_until: date | None


def keep(*, act: Act, subject_id: UUID, field: str, value: str, ground: Ground) -> PersonalValue:
    """Keep a value; the earlier value of the same field is erased. Raises MissingInformation when a ground is not given."""
    problems = [FieldProblem(n, N_("Bắt buộc.")) for n in ("purpose", "basis", "source") if not getattr(ground, n)]
    if problems:
        raise MissingInformation(
            N_("Dữ liệu cá nhân phải có mục đích, căn cứ và nguồn."),
            subject=field,
            remedy=N_("Hãy ghi đủ ba mục này."),
            problems=problems,
        )
    with transaction.atomic():
        _erase(PersonalValue.objects.filter(subject_id=subject_id, field=field, erased_at=None), act.at)
        row = PersonalValue(
            subject_id=subject_id, field=field, value=value, salt=secrets.token_hex(16), recorded_at=act.at,
            purpose=ground.purpose, basis=ground.basis, source=ground.source, keep_until=ground.keep_until,
        )  # fmt: skip
        row.save(force_insert=True)
        _append(act, subject_id, "keep personal value", {field: [None, {"digest": digest(row)}]})
    return row


def current(subject_id: UUID) -> dict[str, str]:
    """The values kept about a person, by field."""
    rows = PersonalValue.objects.filter(subject_id=subject_id, erased_at=None)
    return {row.field: row.value for row in rows}


def report(subject_id: UUID) -> list[dict[str, str | None]]:
    """Everything kept about a person with its ground, erased values named but empty: what the person may ask for."""
    return [
        {
            "field": row.field, "value": row.value, "purpose": row.purpose, "basis": row.basis, "source": row.source,
            "keep_until": row.keep_until.isoformat() if row.keep_until else None,
            "recorded_at": row.recorded_at.isoformat(), "erased_at": row.erased_at.isoformat() if row.erased_at else None,
        }
        for row in PersonalValue.objects.filter(subject_id=subject_id).order_by("recorded_at", "id")
    ]  # fmt: skip


def erase(*, act: Act, subject_id: UUID) -> int:
    """Erase every value and salt about a person; returns how many. The ledger keeps digests that now lead nowhere."""
    with transaction.atomic():
        rows = PersonalValue.objects.filter(subject_id=subject_id, erased_at=None)
        fields = list(rows.values_list("field", flat=True))
        _erase(rows, act.at)
        if fields:
            _append(act, subject_id, "erase personal values", {field: [None, None] for field in fields})
    return len(fields)


def erase_expired(*, act: Act, today: date) -> int:
    """Erase the values whose keeping ended before today; returns how many."""
    rows = PersonalValue.objects.filter(erased_at=None, keep_until__lt=today)
    with transaction.atomic():
        gone = list(rows.values_list("subject_id", "field"))
        _erase(rows, act.at)
        for subject_id, field in gone:
            _append(act, subject_id, "erase expired personal value", {field: [None, None]})
    return len(gone)


def digest(row: PersonalValue) -> str:
    """The salted digest of a value that the ledger keeps."""
    return hashlib.sha256(f"{row.salt}:{row.field}:{row.value}".encode()).hexdigest()


def _erase(rows: models.QuerySet[PersonalValue], at: datetime) -> None:
    rows.update(value="", salt="", erased_at=at)


def _append(act: Act, subject_id: UUID, action: str, changes: dict[str, Any]) -> None:
    # A chain of its own: the person's register record, if there is one, rebuilds from its own entries alone.
    chain = UUID(int=subject_id.int ^ 1)
    append(act, "core.personalvalue", chain, action, changes)
