"""What a worker does: take a due job under a lease, keep the lease alive, retry with back-off, bury what cannot succeed.

Taking is one conditional UPDATE, so two workers never take the same job on either database. A job whose lease has run out (its
worker was killed) becomes READY again; after MAX_ATTEMPTS it is DEAD and stands in the list for a person to look at or send
again.
"""

from __future__ import annotations

import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection, transaction
from django.db.models import F
from django.utils.module_loading import import_string

from banggiao.core.errors import N_, NotFound
from banggiao.core.jobs.models import MAX_ATTEMPTS, Job, Schedule
from banggiao.core.jobs.progress import running

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Planned:
    """A task that the installation runs by itself every so many minutes."""

    name: str
    task: str
    every_minutes: int


def plan(schedules: Iterable[Planned], *, at: datetime) -> None:
    """Write the schedules that the packages declare; keeps the next time and the on/off switch of those already known."""
    for each in schedules:
        Schedule.objects.get_or_create(
            name=each.name, defaults={"task": each.task, "every_minutes": each.every_minutes, "next_at": at}
        )
        Schedule.objects.filter(name=each.name).update(task=each.task, every_minutes=each.every_minutes)


def enqueue_due(*, at: datetime) -> int:
    """Enqueue every schedule whose time has come, once each however many workers look and however long all were down."""
    count = 0
    for schedule in Schedule.objects.filter(active=True, next_at__lte=at):
        with transaction.atomic():
            missed = (at - schedule.next_at) // timedelta(minutes=schedule.every_minutes) + 1
            following = schedule.next_at + missed * timedelta(minutes=schedule.every_minutes)
            moved = Schedule.objects.filter(pk=schedule.pk, next_at=schedule.next_at).update(next_at=following)
            if moved:
                key = f"{schedule.name}@{schedule.next_at.isoformat()}"
                Job.objects.get_or_create(key=key, defaults={"task": schedule.task, "enqueued_at": at, "run_after": at})
                count += 1
    return count


def reap(*, at: datetime) -> int:
    """Give back the jobs whose worker no longer renews its lease; returns how many."""
    lost = Job.objects.filter(state="RUNNING", leased_until__lt=at)
    dead = lost.filter(attempts__gte=MAX_ATTEMPTS).update(state="DEAD", finished_at=at, error="lease lost")
    return dead + lost.update(state="READY", run_after=at, leased_until=None)


def take(worker: str, *, at: datetime) -> Job | None:
    """The next due job, now leased to this worker, or None."""
    due = Job.objects.filter(state="READY", run_after__lte=at).order_by("-priority", "run_after", "id")
    for job_id in due.values_list("pk", flat=True)[:5]:
        # Due still, not only READY still: another worker may have taken it, failed, and put its next attempt off meanwhile.
        taken = Job.objects.filter(pk=job_id, state="READY", run_after__lte=at).update(
            state="RUNNING", worker=worker, started_at=at, leased_until=at + LEASE, attempts=F("attempts") + 1
        )
        if taken:
            return Job.objects.get(pk=job_id)
    return None


def run(job: Job, *, now: Callable[[], datetime]) -> bool:
    """Run a taken job and write down what became of it; returns whether it succeeded. Never raises the job's own error."""
    beat = _Heartbeat(job, now)
    beat.start()
    try:
        with running(job.pk):
            result: Any = import_string(job.task).call(*job.args, **job.kwargs)
        json.dumps(result)  # what cannot be kept is the job's own mistake, not the worker's
        problem = ""
    except Exception:  # noqa: BLE001  whatever a job raises is kept with the job, the worker goes on
        result, problem = None, traceback.format_exc(limit=20).encode("utf-8", "replace").decode().replace("\0", "")
    finally:
        beat.stop()
    at = now()
    mine = Job.objects.filter(pk=job.pk, state="RUNNING", worker=job.worker)
    if not problem:
        mine.update(state="DONE", result=result, finished_at=at, leased_until=None, error="")
        return True
    log.warning("job %s (%s) failed on attempt %s", job.pk, job.task, job.attempts)
    if job.attempts >= MAX_ATTEMPTS:
        mine.update(state="DEAD", finished_at=at, leased_until=None, error=problem)
    else:
        wait = timedelta(seconds=10 * 4 ** (job.attempts - 1))
        mine.update(state="READY", run_after=at + wait, leased_until=None, error=problem)
    return False


def resend(job_id: UUID, *, at: datetime) -> Job:
    """Send a dead job again with fresh attempts. Raises NotFound when it is not among the dead."""
    if not Job.objects.filter(pk=job_id, state="DEAD").update(state="READY", attempts=0, run_after=at, finished_at=None):
        raise NotFound(N_("Không có việc này trong danh sách việc hỏng."), subject=str(job_id))
    return Job.objects.get(pk=job_id)


def work(worker: str, *, stop: threading.Event, now: Callable[[], datetime], idle_seconds: float = 2.0) -> int:
    """Run jobs until `stop` is set; returns how many ran."""
    count = 0
    while not stop.is_set():
        close_old_connections()
        at = now()
        reap(at=at)
        enqueue_due(at=at)
        job = take(worker, at=at)
        if job is None:
            stop.wait(idle_seconds)
            continue
        run(job, now=now)
        count += 1
    return count


class _Heartbeat(threading.Thread):
    """Renews the lease while the job runs."""

    def __init__(self, job: Job, now: Callable[[], datetime]) -> None:
        super().__init__(daemon=True)
        self._job, self._now, self._over = job, now, threading.Event()

    def run(self) -> None:
        while not self._over.wait(LEASE.total_seconds() / 3):
            mine = Job.objects.filter(pk=self._job.pk, state="RUNNING", worker=self._job.worker)
            mine.update(leased_until=self._now() + LEASE)
        connection.close()

    def stop(self) -> None:
        self._over.set()


def utc_now() -> datetime:
    """The clock of worker processes, which are faces."""
    return datetime.now(UTC)
