"""Tasks that the tests of jobs run."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django_tasks import task

SEEN: list[Any] = []


@task()
def note(word: str, times: int = 1) -> int:
    """Remember a word; returns how many are remembered."""
    SEEN.extend([word] * times)
    return len(SEEN)


@task()
def fail(message: str) -> None:
    """Always fails."""
    raise RuntimeError(message)


@task()
def misbehave() -> Any:
    """Returns what JSON cannot hold."""
    return {date(2025, 1, 1)}


@task()
def last(job_id: str) -> bool:
    """Runs until its lease has been renewed; returns whether it ever was."""
    from banggiao.core.jobs.models import Job

    first = Job.objects.get(pk=job_id).leased_until
    for _ in range(500):
        if Job.objects.get(pk=job_id).leased_until != first:
            return True
        time.sleep(0.01)
    return False
