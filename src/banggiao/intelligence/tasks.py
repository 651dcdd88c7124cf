"""What the installation does by itself: reminders every hour, personal values past their keeping once a day."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django_tasks import task

from banggiao.commitments.models import Commitment, Task
from banggiao.core.acts import Act, system_viewer
from banggiao.core.jobs.worker import Planned
from banggiao.core.personal import erase_expired
from banggiao.followup.data_calls.services import remind_addressees
from banggiao.followup.services import OPEN_STATES, remind

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
