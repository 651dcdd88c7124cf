"""How a task enters the queue: a row in the main database, in the transaction of the caller, so that both hold or neither."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

_STATUS = {
    "READY": TaskResultStatus.READY,
    "RUNNING": TaskResultStatus.RUNNING,
    "DONE": TaskResultStatus.SUCCESSFUL,
    "DEAD": TaskResultStatus.FAILED,
}


class LeaseBackend(BaseTaskBackend):
    """The backend named in settings."""

    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Put the call into the queue; runs when its time has come and a worker is free."""
        # Imported here: settings name this module before the app registry is ready.
        from banggiao.core.jobs.models import Job

        now = datetime.now(UTC)
        job = Job.objects.create(
            task=task.module_path, args=list(args), kwargs=dict(kwargs), queue=task.queue_name, priority=task.priority,
            enqueued_at=now, run_after=task.run_after or now,
        )  # fmt: skip
        return self.get_result(str(job.pk))

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """What became of a call; raises TaskResultDoesNotExist."""
        from banggiao.core.jobs.models import Job

        job = Job.objects.filter(pk=UUID(result_id)).first()
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        errors = [TaskError(exception_class_path="builtins.Exception", traceback=job.error)] if job.error else []
        result: TaskResult[Any] = TaskResult(
            task=import_string(job.task), id=str(job.pk), status=_STATUS[job.state], enqueued_at=job.enqueued_at,
            started_at=job.started_at, finished_at=job.finished_at, last_attempted_at=job.started_at, args=job.args,
            kwargs=job.kwargs, backend=self.alias, errors=errors, worker_ids=[job.worker] * job.attempts,
        )  # fmt: skip
        object.__setattr__(result, "_return_value", job.result)
        return result
