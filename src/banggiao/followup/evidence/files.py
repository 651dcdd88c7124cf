"""Files that prove something: kept once under their digest, described by a record for each time they are handed in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from banggiao.core import records
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, NotFound, Unreadable
from banggiao.core.record import Record
from banggiao.followup.planning.models import EvidenceFile
from banggiao.followup.services import about_of
from banggiao.reading.intake.vetting import MAX_KEPT_BYTES, vet
from banggiao.sources.services import keep_original


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it comes in: how its sender calls it, and its bytes, which may break off while they are read."""

    name: str
    chunks: Iterable[bytes]


def keep_file(*, act: Act, record: Record, sent: Sent) -> EvidenceFile:
    """The file of a followed record, once it has been looked at. Call it in a transaction, as its last write but one.

    Nothing is kept of a file that breaks off or is refused. Raises Unreadable (`vetting.vet` says what is refused).
    """
    data = _whole(sent)
    vetted = vet(data, sent.name)
    digest = hashlib.sha256(data).hexdigest()
    values = {"name": vetted.name, "sha256": digest, "size": len(data), "media_type": vetted.media_type}
    kept = records.create(EvidenceFile, act=act, values={**about_of(record), **values})
    keep_original(data, digest)
    return kept


def file_seen(file_id: UUID, viewer: Viewer) -> EvidenceFile:
    """The file, if the viewer may know of the record it is about; else NotFound."""
    found: EvidenceFile | None = EvidenceFile.objects.visible_to(viewer).filter(pk=file_id).first()
    if found is None:
        raise NotFound(N_("Không tìm thấy tệp này."), subject=str(file_id))
    return found


def bytes_of(file: EvidenceFile) -> bytes:
    """What was handed in, to the byte. Raises Unreadable where the data folder no longer holds it unchanged."""
    path = Path(settings.MEDIA_ROOT) / file.sha256[:2] / file.sha256
    data = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise Unreadable(
            N_("Tệp không còn nguyên vẹn trong kho lưu trữ."),
            subject=file.name,
            remedy=N_("Hãy báo quản trị viên khôi phục tệp từ bản sao lưu."),
        )
    return data


def _whole(sent: Sent) -> bytes:
    """The bytes; reading stops soon after the bound, and `vet` says so."""
    parts, size = [], 0
    for chunk in sent.chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > MAX_KEPT_BYTES:
            break
    return b"".join(parts)
