"""The tables of jobs: what waits, runs, is done or has died, and what runs on a schedule."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

#: READY waits (also after a failed attempt, until `run_after`), DEAD has used up its attempts and waits for a person.
STATES = ("READY", "RUNNING", "DONE", "DEAD")
MAX_ATTEMPTS = 5


class Job(models.Model):
    """One call of a task function."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.CharField(max_length=200, help_text="dotted path of the task")
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=32, default="default")
    priority = models.SmallIntegerField(default=0)
    # Two enqueues with one key are one job: what makes a scheduled run happen once.
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  NULL is never equal, so many may have none
    state = models.CharField(max_length=8, default="READY", choices=[(s, s) for s in STATES])
    attempts = models.PositiveSmallIntegerField(default=0)
    enqueued_at = models.DateTimeField()
    run_after = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=64, blank=True)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    done, total = models.PositiveIntegerField(default=0), models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "run_after", "-priority", "id"])]

    def __str__(self) -> str:
        return f"{self.task} {self.state}"


class Schedule(models.Model):
    """A task that runs every so many minutes; `next_at` moves on in the transaction that enqueues the job."""

    name = models.CharField(max_length=64, primary_key=True)
    task = models.CharField(max_length=200)
    every_minutes = models.PositiveIntegerField()
    next_at = models.DateTimeField()
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name
