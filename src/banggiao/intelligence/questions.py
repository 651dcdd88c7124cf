"""What the reading room asks: what a batch would take, what the last one took, and whether one is under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, NotFound
from banggiao.core.jobs.models import Job
from banggiao.intelligence.comparing import Known, compare
from banggiao.intelligence.models import Acceptance, Upload, UploadedFile
from banggiao.intelligence.setting import Setting
from banggiao.sources.models import Document, Fact

#: More facts than this are accepted, or taken back, by a job: nobody should wait for a page that long.
AT_ONCE = 150
BATCH_TASKS = ("banggiao.intelligence.tasks.accept_batch", "banggiao.intelligence.tasks.take_back_batch")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a batch would do: how many facts it would accept, and which it would leave because the register says otherwise."""

    count: int
    held: Sequence[tuple[Fact, Known]]


def preview(document: Document, viewer: Viewer, *, certainty: float, at: datetime) -> Preview:
    """What accepting the proposed facts at least as certain would do, as the registers stand now.

    A batch makes records as it goes, so that a later fact may still meet one of an earlier one of the same document.
    """
    rows = Fact.objects.visible_to(viewer).filter(document=document, state="proposed", certainty__gte=certainty)
    facts = list(rows.order_by("start", "end", "kind"))
    known = compare(Setting(Act(viewer, at), document), facts, viewer)
    held = [(fact, known[fact.pk]) for fact in facts if fact.pk in known and known[fact.pk].asks]
    return Preview(len(facts) - len(held), held)


def waiting_above(document: Document, viewer: Viewer, certainty: float) -> int:
    """How many proposed facts are at least as certain."""
    return int(Fact.objects.visible_to(viewer).filter(document=document, state="proposed", certainty__gte=certainty).count())


def last_batch(document: Document) -> tuple[UUID, int] | None:
    """(batch, how many of it still stand) of the document's latest batch, None when there is none to take back."""
    standing = Acceptance.objects.filter(fact__document=document, batch__isnull=False, undone=False)
    latest = standing.order_by("-pk").values_list("batch", flat=True).first()
    return (latest, standing.filter(batch=latest).count()) if latest else None


def under_way(document: Document) -> bool:
    """Whether a batch of the document is waiting for a worker or running."""
    return bool(Job.objects.filter(task__in=BATCH_TASKS, state__in=("READY", "RUNNING"), args__0=str(document.pk)).exists())


def upload_of(viewer: Viewer, upload_id: UUID) -> tuple[Upload, list[UploadedFile]]:
    """An upload of the viewer's own with its files, as they were sent. Raises NotFound, for those of others too."""
    upload = Upload.objects.filter(pk=upload_id, by=viewer.id, retracted=False).first() if viewer.id else None
    if upload is None:
        raise NotFound(N_("Không tìm thấy lần nạp này."), remedy=N_("Hãy mở danh sách tài liệu."), subject=str(upload_id))
    return upload, list(UploadedFile.objects.filter(upload=upload).order_by("pk"))
