"""What the installation does by itself (reminders, personal values past their keeping), and the long work people hand over."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django_tasks import task

from banggiao.accounts.models import User
from banggiao.accounts.questions import viewer_of
from banggiao.commitments.models import Commitment, Task
from banggiao.core.acts import Act, system_viewer
from banggiao.core.errors import NotFound
from banggiao.core.jobs.worker import Planned
from banggiao.core.personal import erase_expired
from banggiao.followup.data_calls.services import remind_addressees
from banggiao.followup.services import OPEN_STATES, remind
from banggiao.intelligence.models import UploadedFile
from banggiao.intelligence.services import accept_above, undo_batch
from banggiao.intelligence.services_uploads import read_one
from banggiao.sources.models import Document

SCHEDULES = (
    Planned("remind", "banggiao.intelligence.tasks.remind_leads", 60),
    Planned("expire_personal", "banggiao.intelligence.tasks.expire_personal_values", 24 * 60),
)
_HOME = ZoneInfo("Asia/Ho_Chi_Minh")


@task()
def remind_leads() -> int:
    """Remind the lead of every open commitment and task, and who owes an answer to a data call; returns how many were made."""
    act = Act(system_viewer("banggiao"), datetime.now(UTC))
    made = 0
    for model in (Commitment, Task):
        rows = model.objects.filter(retracted=False, work_state__in=OPEN_STATES, lead__isnull=False).exclude(current_due="")
        for start in range(0, rows.count(), 500):
            made += remind(
                act=act, followed=list(rows.order_by("pk")[start : start + 500]), today=act.at.astimezone(_HOME).date()
            )
    return made + remind_addressees(act=act, today=act.at.astimezone(_HOME).date())


@task()
def expire_personal_values() -> int:
    """Erase personal values whose keeping has ended; returns how many."""
    act = Act(system_viewer("banggiao"), datetime.now(UTC), "retention ended")
    return erase_expired(act=act, today=act.at.astimezone(_HOME).date())


@task()
def read_uploaded(file_id: str) -> str:
    """Read a file that somebody sent in, with that person's rights of today; returns what became of it."""
    file = UploadedFile.objects.select_related("upload").get(pk=UUID(file_id))
    return read_one(act=_act_of(file.upload.by), file=file).state


@task()
def accept_batch(document_id: str, certainty: float, user_id: str, batch_id: str) -> int:
    """Accept a document's facts above a confidence for a person; goes on where it was interrupted. Returns how many."""
    document = Document.objects.get(pk=UUID(document_id))
    batch = accept_above(act=_act_of(UUID(user_id)), document=document, certainty=certainty, holds=True, batch_id=UUID(batch_id))
    return batch.accepted.total()


@task()
def take_back_batch(document_id: str, user_id: str, batch_id: str) -> int:
    """Take back what a batch accepted, for a person; nothing left to take back is no mistake. Returns how many."""
    document = Document.objects.get(pk=UUID(document_id))
    try:
        return undo_batch(act=_act_of(UUID(user_id)), document=document, batch=UUID(batch_id))
    except NotFound:
        return 0


def _act_of(user_id: UUID) -> Act:
    at = datetime.now(UTC)
    user = User.objects.get(pk=user_id, is_active=True, retracted=False)
    return Act(viewer_of(user, today=at.astimezone(_HOME).date()), at)
