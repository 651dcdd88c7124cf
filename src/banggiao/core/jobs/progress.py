"""How far is the job that runs, and has somebody called it off? For long work, told from inside the task.

Outside a worker (a command, a test) nothing runs: telling does nothing, and nobody has called anything off.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from banggiao.core.errors import N_, NotFound
from banggiao.core.jobs.models import Job

_running: ContextVar[UUID | None] = ContextVar("job that runs", default=None)
CALLED_OFF = "called off"


@contextmanager
def running(job_id: UUID) -> Iterator[None]:
    """What is done in this block belongs to the job."""
    mark = _running.set(job_id)
    try:
        yield
    finally:
        _running.reset(mark)


def tell(done: int, total: int) -> None:
    """So much of so much is done."""
    if (job_id := _running.get()) is not None:
        Job.objects.filter(pk=job_id).update(done=done, total=total)


def called_off() -> bool:
    """Whether the job that runs was called off; ask now and then, and stop where it was."""
    job_id = _running.get()
    return job_id is not None and not Job.objects.filter(pk=job_id, state="RUNNING").exists()


def call_off(job_id: UUID, *, at: datetime) -> Job:
    """A job that waits or runs is to go no further; it stands among the dead and can be sent again. Raises NotFound."""
    waiting = Job.objects.filter(pk=job_id, state__in=("READY", "RUNNING"))
    if not waiting.update(state="DEAD", finished_at=at, leased_until=None, error=CALLED_OFF):
        raise NotFound(N_("Việc này không còn chạy."), subject=str(job_id), remedy=N_("Hãy tải lại trang."))
    return Job.objects.get(pk=job_id)
