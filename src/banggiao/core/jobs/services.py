"""What a person does to jobs: send a dead one again, switch a schedule on or off; the ledger keeps who did."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from banggiao.core.acts import Act
from banggiao.core.errors import N_, NotFound
from banggiao.core.jobs import worker
from banggiao.core.jobs.models import Job, Schedule
from banggiao.core.ledger import append


def resend(*, act: Act, job_id: UUID) -> Job:
    """A dead job is sent again with fresh attempts. Raises NotPermitted, NotFound when it is not among the dead."""
    act.viewer.require("jobs.manage", subject=str(job_id))
    with transaction.atomic():
        job = worker.resend(job_id, at=act.at)
        append(act, "core.job", job.pk, "resend", {"task": [None, job.task]})
    return job


def switch_schedule(*, act: Act, name: str, active: bool) -> Schedule:
    """A schedule runs from now on, or no longer; what is queued already still runs. Raises NotPermitted, NotFound."""
    act.viewer.require("jobs.manage", subject=name)
    with transaction.atomic():
        schedule = Schedule.objects.select_for_update().filter(name=name).first()
        if schedule is None:
            raise NotFound(N_("Không có lịch chạy này."), subject=name[:80], remedy=N_("Hãy tải lại trang."))
        if schedule.active != active:
            Schedule.objects.filter(pk=name).update(active=active)
            chain = uuid5(NAMESPACE_URL, f"banggiao:schedule:{name}")  # a schedule is known by name, the ledger by id
            append(act, "core.schedule", chain, "switch on" if active else "switch off", {"active": [schedule.active, active]})
            schedule.active = active
    return schedule
