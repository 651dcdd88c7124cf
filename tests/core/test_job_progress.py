"""Does a long job tell how far it is, and stop where somebody calls it off?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django_tasks import task

from banggiao.core.errors import NotFound, WrongState
from banggiao.core.jobs import worker
from banggiao.core.jobs.models import Job
from banggiao.core.jobs.progress import call_off, called_off, tell

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
AT = datetime(2025, 9, 15, 1, 30, tzinfo=UTC)


@task()
def count_up(stop_at: int) -> int:
    """Count to ten, and call itself off on the way when told to."""
    for n in range(1, 11):
        tell(n, 10)
        if n == stop_at:
            call_off(Job.objects.get(state="RUNNING").pk, at=AT)
        if called_off():
            raise WrongState("stopped")
    return 10


def run(stop_at: int) -> Job:
    Job.objects.all().delete()
    count_up.enqueue(stop_at)
    Job.objects.update(run_after=AT)
    job = worker.take("w", at=AT)
    assert job is not None
    worker.run(job, now=lambda: AT)
    return Job.objects.get(pk=job.pk)


def test_progress_stands_with_the_job() -> None:
    job = run(0)
    assert (job.state, job.result, job.done, job.total) == ("DONE", 10, 10, 10)


def test_a_job_called_off_stops_and_is_not_tried_again() -> None:
    job = run(4)
    assert (job.state, job.done, job.error) == ("DEAD", 4, "called off")
    assert worker.take("w", at=AT) is None
    with pytest.raises(NotFound):
        call_off(job.pk, at=AT)


def test_a_job_that_waits_is_called_off_before_it_begins() -> None:
    job = Job.objects.get(pk=count_up.enqueue(0).id)
    call_off(job.pk, at=AT)
    assert worker.take("w", at=datetime(2099, 1, 1, tzinfo=UTC)) is None


def test_outside_a_job_nothing_is_told_or_called_off() -> None:
    tell(1, 2)
    assert not called_off()
