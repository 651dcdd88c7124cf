"""Handing long work on trade data to the jobs, one at a time, and calling it off."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from banggiao.core.acts import Act
from banggiao.core.errors import N_, WrongState
from banggiao.core.jobs.models import Job
from banggiao.core.jobs.progress import call_off
from banggiao.core.ledger import append
from banggiao.markets import store
from banggiao.markets.tasks import make_up_trade

_TASK = make_up_trade.module_path


def running_job() -> Job | None:
    """The work that waits or runs; None where there is none."""
    return Job.objects.filter(task=_TASK, state__in=("READY", "RUNNING")).order_by("-pk").first()


def start_demo(*, act: Act) -> Job:
    """Hand over the making-up of trade. Raises NotPermitted, SetupProblem without the libraries, WrongState while one runs."""
    act.viewer.require("markets.ingest")
    store.store()
    if running_job() is not None:
        raise WrongState(N_("Một lần tạo dữ liệu đang chạy."), remedy=N_("Hãy đợi xong hoặc hủy lần đó."))
    return Job.objects.get(pk=UUID(make_up_trade.enqueue(str(act.viewer.id)).id))


def stop(*, act: Act, job_id: UUID) -> Job:
    """Call the work off. Raises NotPermitted, NotFound where it runs no longer."""
    act.viewer.require("markets.ingest")
    with transaction.atomic():
        job = call_off(job_id, at=act.at)
        append(act, "core.job", job.pk, "call off", {"task": [None, job.task]})
    return job
