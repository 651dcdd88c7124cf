"""`banggiao serve`, `demo`, `worker`: the pages and the jobs."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from types import FrameType

import click

from banggiao.cli.session import now, prepare
from banggiao.core.errors import N_, SetupProblem

_HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
_PORT = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
_WORKERS = click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that answer requests."
)


@click.command("serve")
@_HOST
@_PORT
@_WORKERS
@click.option("--no-jobs", is_flag=True, help="Do not run jobs here (they run by `banggiao worker`).")
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, workers: int, no_jobs: bool) -> None:
    """Serve the pages and run the jobs; an empty data folder is prepared first, without exercise data."""
    _serve(ctx, host, port, workers, exercise=False, jobs=not no_jobs)


@click.command("demo")
@_HOST
@_PORT
@_WORKERS
@click.pass_context
def demo(ctx: click.Context, host: str, port: int, workers: int) -> None:
    """Serve with the exercise: made-up bodies and progress, sample texts and an account for every role."""
    _serve(ctx, host, port, workers, exercise=True, jobs=True)


@click.command("worker")
def worker() -> None:
    """Run jobs until told to stop."""
    prepare()
    from banggiao.core.jobs.worker import work

    stop = threading.Event()

    def told(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    work(f"{socket.gethostname()}:{os.getpid()}"[:64], stop=stop, now=now)


def _serve(ctx: click.Context, host: str, port: int, workers: int, *, exercise: bool, jobs: bool) -> None:
    from django.utils import translation

    language = ctx.obj["language"]
    with translation.override(language):
        from django.utils.translation import gettext as _

        from banggiao.accounts.models import User
        from banggiao.core.installation import check_address

        _check_port(host, port)
        click.echo(_("Đang chuẩn bị…"))
        prepare(exercise=exercise)
        check_address(host)
        if not User.objects.exists():
            click.echo(
                _("Chưa có tài khoản nào. Tạo quản trị viên: banggiao users add TÊN --role administrator --institution MÃ.")
            )
        click.echo(_("Bang Giao chạy tại http://%(host)s:%(port)s (Ctrl-C để dừng).") % {"host": host, "port": port})
    from django.db import connections

    connections.close_all()
    sys.stdout.flush()
    command = [sys.executable, "-m", "banggiao.cli.listening", host, str(port), str(workers), *(["jobs"] if jobs else [])]
    os.execv(sys.executable, command)  # noqa: S606  our own interpreter; see there why it begins anew


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupProblem(
                N_("Không mở được cổng (%(why)s)."),
                why=error.strerror or str(error),
                subject=f"{host}:{port}",
                remedy=N_("Hãy chọn cổng khác bằng --port."),
            ) from error


COMMANDS = (serve, demo, worker)
