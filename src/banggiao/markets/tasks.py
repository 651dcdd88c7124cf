"""The long work on trade data that people hand over and may call off; nothing of what is called off is kept."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from banggiao.accounts.models import User
from banggiao.accounts.questions import viewer_of
from banggiao.core import clock
from banggiao.core.acts import Act
from banggiao.core.jobs.progress import called_off, tell
from banggiao.core.zones import HOME
from banggiao.markets.services_releases import make_demo


@task()
def make_up_trade(user_id: str) -> str:
    """Make up years of trade for a person, with that person's rights of today; returns the release."""
    at = clock.now_to_write()
    user = User.objects.get(pk=UUID(user_id), is_active=True, retracted=False)
    act = Act(viewer_of(user, today=at.astimezone(HOME).date()), at)
    return make_demo(act=act, progress=lambda _what, share: tell(round(100 * share), 100), cancelled=called_off).id
