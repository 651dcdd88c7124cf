"""Every write about imported lists: the file as a document whose rows can be cited, and what each row said the last time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.record import Record
from banggiao.sources.models import Citation, Document, ImportedList, ImportedRow
from banggiao.sources.services import Span, keep_original

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
}


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a row of a list says now, and which record it is."""

    key: str
    record_id: UUID
    values: Mapping[str, Any]
    place: int
    row: ImportedRow | None = None


def keep_list(
    *, act: Act, data: bytes, name: str, text: str, classification: str, owner: UUID | None, exercise: bool
) -> Document:
    """The file of a list as a document: its bytes kept, its rows as lines of text that records are cited to.

    The same file of the same owner is kept once; of another owner, or read in as a text, it is a document of its own.
    """
    digest = hashlib.sha256(data).hexdigest()
    keep_original(data, digest)
    same = {"owner": owner, "classification": classification, "exercise": exercise}
    for each in (digest, hashlib.sha256(f"{digest}|{owner}|{classification}|{exercise}|{text}".encode()).hexdigest()):
        found: Document | None = Document.objects.filter(sha256=each).first()
        if found is None:
            break
        if found.text == text and not found.retracted and all(getattr(found, n) == value for n, value in same.items()):
            return found
    else:
        raise RuntimeError(f"two documents with one digest: {each}")  # sha256 does not collide
    return records.create(
        Document,
        act=act,
        values={
            **same,
            "title": name[:500],
            "source_name": name[:255],
            "sha256": each,
            "media_type": MEDIA_TYPES.get(name.rsplit(".", 1)[-1].lower(), "text/plain"),
            "text": text,
            "lines": [[number, "body"] for number in range(1, text.count("\n") + 2)],
        },
    )


def cite_rows(*, act: Act, document: Document, rows: Sequence[tuple[Record, Span]]) -> list[Citation]:
    """The citations by which records rest on rows of a list; those that cite the same row already are left as they are."""
    standing = set(
        Citation.objects.filter(document=document, retracted=False).values_list("subject_id", "start", "end")
    )  # fmt: skip
    fresh: list[tuple[Mapping[str, Any], Mapping[str, Sequence[Any]]]] = [
        (
            {
                "document_id": document.pk, "start": start, "end": end, "evidence_start": start, "evidence_end": end,
                "subject_type": record.record_type(), "subject_id": record.pk, "classification": document.classification,
                "owner": document.owner, "exercise": record.exercise,
            },
            {},
        )
        for record, (start, end) in rows
        if (record.pk, start, end) not in standing
    ]  # fmt: skip
    return records.create_many(Citation, act=act, rows=fresh, action="cite")


@transaction.atomic
def remember(
    *, act: Act, listed: ImportedList, document: Document, options: Mapping[str, Any], rows: Sequence[Remembered]
) -> ImportedList:
    """Write down that the list was imported once more and what its rows say; rows that it lacks now stay as they were."""
    listed.times += 1
    listed.imported_at, listed.document, listed.options = act.at, document, dict(options)
    listed.save()
    fresh: list[ImportedRow] = []
    known: list[ImportedRow] = []
    for each in rows:
        row = each.row or ImportedRow(list=listed)
        row.key, row.record_id, row.values = each.key[:120], each.record_id, dict(each.values)
        row.place, row.seen = each.place, listed.times
        (known if each.row else fresh).append(row)
    if known:  # keys may change places among themselves
        ImportedRow.objects.filter(pk__in=[row.pk for row in known]).delete()
    ImportedRow.objects.bulk_create([*known, *fresh], batch_size=500)
    return listed


@transaction.atomic
def unremember(*, list_id: UUID, rows: Mapping[UUID, Mapping[str, Any] | None]) -> None:
    """What the rows of these records said before their last import stands again; without anything said before, a row is new."""
    for row in ImportedRow.objects.filter(list=list_id, record_id__in=list(rows)):
        before = rows[row.record_id]
        if before is None:
            row.delete()
        else:
            row.values = dict(before)
            row.save(update_fields=["values"])
