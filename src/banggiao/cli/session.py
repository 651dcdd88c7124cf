"""What a command starts with: Django, a prepared data folder, the viewer it acts for, the moment it acts at."""

from __future__ import annotations

import fcntl
import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from banggiao.core.acts import Act, Viewer, system_viewer
from banggiao.core.errors import N_, NotFound, SetupProblem


def start_django() -> None:
    """Load settings and applications; costs most of a second, so commands that can do without do not call it."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def now() -> datetime:
    """The clock of the command line, by which it reads; what a command writes is dated by `ready`."""
    from banggiao.core import clock

    return clock.now()


@contextmanager
def ready(ctx: click.Context, *, exercise: bool = False, any_clock: bool = False) -> Iterator[tuple[Act, str]]:
    """A prepared installation with (act, language); the data folder is made ready first where it is not.

    Raises ClockSetBack, except where `any_clock`: for what mends the clock and looks at the installation.
    """
    start_django()
    from django.utils import translation

    language = ctx.obj["language"]
    with translation.override(language):
        prepare(exercise=exercise, any_clock=any_clock)
        from banggiao.core import clock

        at = clock.now() if any_clock else clock.now_to_write()
        yield Act(_viewer(ctx.obj["username"], at), at), language


def prepare(*, exercise: bool = False, report: Any = None, any_clock: bool = False) -> None:
    """Bring database and reference data up to date; nothing to do costs a few hundredths of a second.

    Two commands that prepare one folder at once wait for each other. Raises SetupProblem.
    """
    from django.conf import settings

    with (settings.DATA_FOLDER / "prepare.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _prepare(exercise, any_clock)


def _prepare(exercise: bool, any_clock: bool) -> None:
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from banggiao.core import clock
    from banggiao.core.installation import Installation, exercise_made, install
    from banggiao.core.jobs.worker import plan
    from banggiao.intelligence.reference import load_all
    from banggiao.intelligence.tasks import SCHEDULES

    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise SetupProblem(
            N_("Không mở được cơ sở dữ liệu (%(why)s)."),
            why=str(error).splitlines()[0],
            subject=str(connection.settings_dict["NAME"]),
            remedy=N_("Hãy kiểm tra BANGGIAO_DATABASE_URL và quyền truy cập."),
        ) from error
    at = clock.now() if any_clock else clock.now_to_write()
    found = Installation.objects.first()
    level = os.environ.get("BANGGIAO_LEVEL") or (found.level if found else "internal")
    if found is None or found.level != level:
        found = install(level, at=at, exercise=exercise)
    if exercise and found.exercise_start is None:
        raise SetupProblem(
            N_("Thư mục dữ liệu này đang dùng cho công việc thật, không thể nạp dữ liệu diễn tập."),
            remedy=N_("Hãy chạy demo với BANGGIAO_DATA là một thư mục khác."),
        )
    act = Act(system_viewer("banggiao"), at)
    for _loaded in load_all(act=act):
        pass
    plan(SCHEDULES, at=at)
    if found.exercise_start is not None and not found.exercise_ready:
        from banggiao.intelligence.exercise import build
        from banggiao.intelligence.samples import read_samples
        from banggiao.reports.exercise_review import play_review

        build(act, found.exercise_start)
        play_review(found.exercise_start)
        read_samples(act)
        exercise_made(found)
    if found.exercise_start is not None:
        _make_up_trade(act)


def _make_up_trade(act: Act) -> None:
    """A demo has a small made-up release of trade, so that the market pages can be tried; not without the extra `markets`."""
    from banggiao.markets.services_releases import make_demo
    from banggiao.markets.store import has_libraries, in_force

    if has_libraries() and in_force() is None:
        make_demo(act=act, small=True)


def _viewer(username: str, at: datetime) -> Viewer:
    if not username:
        return system_viewer(f"banggiao ({_operator()})")
    from banggiao.accounts.models import User
    from banggiao.accounts.questions import viewer_of

    user = User.objects.filter(username=username, is_active=True, retracted=False).first()
    if user is None:
        raise NotFound(N_("Không có người dùng này."), subject=username)
    return viewer_of(user, today=at.astimezone().date())


def _operator() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return str(os.getuid())
