"""What was written, by whom, when and why: an append-only chain of entries for each record.

Each entry holds the hash of the one before it in the same record's chain, never in one global chain, so writers of different
records do not wait for each other. Past states are rebuilt from entries (`state_at`), and `verify` walks the chains.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from uuid_utils.compat import uuid7

from banggiao.core.acts import Act

GENESIS = "0" * 64
_EXACT = 2**53  # up to here every whole number is its own float


class LedgerEntry(models.Model):
    """One write to one record. Never changed, never deleted; actor and subject by id and label, without foreign keys."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    record_type = models.CharField(max_length=64)
    record_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    action = models.CharField(max_length=48)
    recorded_at = models.DateTimeField()
    valid_from = models.DateField(null=True)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    changes = models.JSONField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_id", "sequence"], name="ledger_chain")]
        indexes = [models.Index(fields=["record_type", "recorded_at"]), models.Index(fields=["recorded_at", "id"])]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id} {self.sequence}"

    def digest(self) -> str:
        """The SHA-256 that `hash` must equal: over the previous hash and every other field in canonical JSON."""
        body = {
            "id": str(self.id),
            "record_type": self.record_type,
            "record_id": str(self.record_id),
            "sequence": self.sequence,
            "action": self.action,
            "recorded_at": self.recorded_at.astimezone(UTC).isoformat(),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "actor_id": str(self.actor_id) if self.actor_id else None,
            "actor_label": self.actor_label,
            "reason": self.reason,
            "changes": _canonical(self.changes),
        }
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256((self.previous_hash + text).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """A chain that does not verify: which record, at which entry, and what is wrong."""

    record_type: str
    record_id: UUID
    sequence: int
    what: str


def entries_of(record_id: UUID, *, until: datetime | None = None) -> models.QuerySet[LedgerEntry]:
    """The record's entries, oldest first, up to and including the moment `until`."""
    entries = LedgerEntry.objects.filter(record_id=record_id).order_by("sequence")
    return entries.filter(recorded_at__lte=until) if until else entries


def append(act: Act, record_type: str, record_id: UUID, action: str, changes: dict[str, Any]) -> LedgerEntry:
    """The next entry of a chain, written: changes as {field: [old, new]}. Call it in the transaction of the write it tells of."""
    last = entries_of(record_id).last()
    entry = LedgerEntry(
        record_type=record_type,
        record_id=record_id,
        sequence=last.sequence + 1 if last else 1,
        action=action,
        recorded_at=max(act.at, last.recorded_at) if last else act.at,  # a chain never goes back in time
        valid_from=act.valid_from,
        actor_id=act.viewer.id,
        actor_label=act.viewer.label,
        reason=act.reason,
        changes=changes,
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = entry.digest()
    entry.save(force_insert=True)
    return entry


def replay(entries: Iterable[LedgerEntry]) -> dict[str, Any]:
    """The state after the entries: every tracked field and link, as JSON-ready values."""
    state: dict[str, Any] = {}
    for entry in entries:
        for field, (_old, new) in entry.changes.items():
            state[field] = new
    return state


def states_at(record_type: str, at: datetime, record_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The states, as known at that moment, of those records that existed then."""
    states: dict[UUID, dict[str, Any]] = {}
    wanted = list(record_ids)
    for start in range(0, len(wanted), 500):  # SQLite takes a limited number of values in one query
        rows = LedgerEntry.objects.filter(record_type=record_type, record_id__in=wanted[start : start + 500], recorded_at__lte=at)
        # Two columns and no entries: with millions of them half the time would go into making objects.
        for pk, changes in rows.order_by("record_id", "sequence").values_list("record_id", "changes").iterator():
            states.setdefault(pk, {}).update({f: new for f, (_old, new) in changes.items()})
    return states


def values_before(
    record_type: str, at: datetime, *, ids: Collection[UUID] | None = None, names: Collection[str] | None = None
) -> dict[UUID, dict[str, Any] | None]:
    """For each record written after that moment, what the fields changed since held then; None for one that is newer.

    It reads what was written since, however long the history before: of all records or of these, of all fields or of those named.
    """
    before: dict[UUID, dict[str, Any] | None] = {}
    entries = LedgerEntry.objects.filter(record_type=record_type, recorded_at__gt=at)
    if names is not None:
        # Left to the database: of a million entries few touch these fields, and only those are brought here.
        touched = models.Q(changes__has_any_keys=sorted(names)) if names else models.Q()
        entries = entries.filter(models.Q(sequence=1) | touched)
    wanted = None if ids is None else list(ids)
    # A chain never goes back in time, so the order of an index will do: no sorting of millions.
    lots = [entries.order_by("recorded_at", "sequence")]
    if wanted is not None:
        starts = range(0, len(wanted), 500)  # SQLite takes a limited number of values in one query
        lots = [entries.filter(record_id__in=wanted[n : n + 500]).order_by("record_id", "sequence") for n in starts]
    for rows in lots:
        for pk, sequence, changes in rows.values_list("record_id", "sequence", "changes").iterator():
            if sequence == 1:
                before[pk] = None
            elif (values := before.setdefault(pk, {})) is not None:
                for name, (old, _new) in changes.items():
                    values.setdefault(name, old)
    return before


def verify(record_id: UUID | None = None) -> Iterator[ChainProblem]:
    """Every break in the chain of one record, or of all records; yields nothing when all is well.

    A chain cut off at its end is whole in itself, so its length is held against the version of the record.
    """
    entries = LedgerEntry.objects.order_by("record_id", "sequence")
    if record_id:
        entries = entries.filter(record_id=record_id)
    ends: dict[UUID, int] = {}
    kinds: set[str] = set()
    current, previous, expected = None, GENESIS, 1
    for entry in entries.iterator(chunk_size=2000):
        if entry.record_id != current:
            current, previous, expected = entry.record_id, GENESIS, 1
        if entry.sequence != expected:
            yield ChainProblem(entry.record_type, entry.record_id, entry.sequence, "gap")
        elif entry.previous_hash != previous:
            yield ChainProblem(entry.record_type, entry.record_id, entry.sequence, "previous hash")
        elif entry.digest() != entry.hash:
            yield ChainProblem(entry.record_type, entry.record_id, entry.sequence, "content")
        previous, expected = entry.hash, entry.sequence + 1
        ends[entry.record_id] = entry.sequence
        kinds.add(entry.record_type)
    for model in apps.get_models():
        # The chain of one record names its table; only a record that lost its whole chain is looked for in all of them.
        if record_id and kinds and model._meta.label_lower not in kinds:
            continue
        if "version" in {f.name for f in model._meta.concrete_fields}:
            rows = model._default_manager.filter(pk=record_id) if record_id else model._default_manager.all()
            for pk, version in rows.values_list("pk", "version").iterator():
                if ends.get(pk, 0) != version:
                    yield ChainProblem(model._meta.label_lower, pk, version, "end")


def _canonical(value: Any) -> Any:
    """JSON values with each number written one way: a database may hand 1e+16 back as 10000000000000000, or 1.0 as 1."""
    if isinstance(value, dict):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value == int(value):
        return int(value) if abs(value) < _EXACT else float(value)
    return value
