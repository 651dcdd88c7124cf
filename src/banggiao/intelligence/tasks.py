"""What the installation does by itself (reminders, personal values past their keeping), and the long work people hand over."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django_tasks import task

from banggiao.accounts.models import User
from banggiao.accounts.questions import viewer_of
from banggiao.commitments.models import Commitment, Task
from banggiao.core import clock
from banggiao.core.acts import Act, system_viewer
from banggiao.core.errors import NotFound
from banggiao.core.jobs.worker import Planned
from banggiao.core.personal import erase_expired
from banggiao.core.record import Record
from banggiao.core.zones import HOME
from banggiao.followup.chasing.services import remind, tell_above
from banggiao.followup.data_calls.services import remind_addressees, tell_above_addressees
from banggiao.followup.escalations.services import remind_deciders, tell_above_deciders
from banggiao.followup.mail.services import queue_mail, send_queued
from banggiao.followup.services import OPEN_STATES
from banggiao.intelligence.models import UploadedFile
from banggiao.intelligence.services import accept_above, undo_batch
from banggiao.intelligence.services_uploads import read_one
from banggiao.intelligence.watching.models import Watch
from banggiao.intelligence.watching.services import check_watches
from banggiao.reviews.services import remind_readers, tell_above_readers
from banggiao.sources.models import Document

SCHEDULES = (
    Planned("remind", "banggiao.intelligence.tasks.remind_leads", 60),
    Planned("tell_above", "banggiao.intelligence.tasks.tell_levels_above", 60),
    Planned("queue_mail", "banggiao.intelligence.tasks.queue_notices", 15),
    Planned("send_mail", "banggiao.intelligence.tasks.send_mail", 5),
    Planned("watch_trade", "banggiao.intelligence.tasks.watch_trade", 24 * 60),
    Planned("expire_personal", "banggiao.intelligence.tasks.expire_personal_values", 24 * 60),
)


@task()
def remind_leads() -> int:
    """Remind the lead of every open commitment and task, and who owes an answer to a data call; returns how many were made."""
    act = _by_itself()
    made = sum(remind(act=act, followed=rows) for rows in _open_duties())
    return made + remind_addressees(act=act) + remind_deciders(act=act) + remind_readers(act=act)


@task()
def tell_levels_above() -> int:
    """Tell those above of what stays overdue past the last rung of its ladder; returns how many were told."""
    act = _by_itself()
    made = sum(tell_above(act=act, followed=rows) for rows in _open_duties())
    return made + tell_above_addressees(act=act) + tell_above_deciders(act=act) + tell_above_readers(act=act)


@task()
def queue_notices() -> int:
    """Put what each user is to be told by mail into the outbox, one by one or as the day's digest; returns how many."""
    return queue_mail(act=_by_itself())


@task()
def send_mail() -> int:
    """Send what waits in the outbox; returns how many mails left it."""
    return send_queued(act=_by_itself())


@task()
def watch_trade() -> int:
    """Look through the trade data for every active watch; returns how many signals were made."""
    watches = Watch.objects.filter(retracted=False, state="active").select_related("partner").order_by("pk")
    return len(check_watches(act=_by_itself(), watches=watches))


@task()
def expire_personal_values() -> int:
    """Erase personal values whose keeping has ended; returns how many."""
    act = Act(system_viewer("banggiao"), clock.now_to_write(), "retention ended")
    return erase_expired(act=act, today=act.at.astimezone(HOME).date())


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


def _by_itself() -> Act:
    return Act(system_viewer("banggiao"), clock.now_to_write())


def _open_duties() -> Iterator[list[Record]]:
    """Open commitments and tasks that somebody leads and that have a due date, a part at a time."""
    for model in (Commitment, Task):
        rows = model.objects.filter(retracted=False, work_state__in=OPEN_STATES, lead__isnull=False).exclude(current_due="")
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), 500):
            yield list(model.objects.filter(pk__in=keys[start : start + 500]).order_by("pk"))


def _act_of(user_id: UUID) -> Act:
    at = clock.now_to_write()
    user = User.objects.get(pk=user_id, is_active=True, retracted=False)
    return Act(viewer_of(user, today=at.astimezone(HOME).date()), at)
