"""`banggiao data|audit|jobs|calendar|personal|doctor`: keeping an installation."""

from __future__ import annotations

import json
import sqlite3
import sys
from datetime import date, datetime
from typing import Any
from uuid import UUID

import click

from banggiao.cli.session import ready
from banggiao.core.errors import N_, ClockSetBack, NotFound


@click.group("data")
def data() -> None:
    """The packaged reference sets."""


@data.command("load")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def data_load(ctx: click.Context, as_json: bool) -> None:
    """Load all reference sets; what is loaded already stays as it is."""
    with ready(ctx) as (act, _language):
        from banggiao.intelligence.reference import load_all

        results = list(load_all(act=act))
        if as_json:
            click.echo(
                json.dumps(
                    [{"set": r.name, "created": r.created, "changed": r.changed, "unchanged": r.unchanged} for r in results],
                    indent=1,
                )
            )
            return
        for each in results:
            click.echo(f"{each.name:<24}+{each.created}  ~{each.changed}  ={each.unchanged}")


@data.command("check")
@click.pass_context
def data_check(ctx: click.Context) -> None:
    """Check every packaged set against its origin and the others."""
    from banggiao.sources.datasets import check_set, packaged_sets

    problems = 0
    for source in packaged_sets():
        found = check_set(source.set)
        problems += len(found)
        click.echo(f"{source.set:<24}{source.version}  {source.rows:>6}  {'ok' if not found else len(found)}")
        for problem in found:
            click.echo(f"  {problem}", err=True)
    ctx.exit(1 if problems else 0)


@click.group("audit")
def audit() -> None:
    """The ledger."""


@audit.command("verify")
@click.pass_context
def audit_verify(ctx: click.Context) -> None:
    """Walk every chain of the ledger; exit code 1 when one does not verify."""
    with ready(ctx) as (act, _language):
        from banggiao.core.ledger import LedgerEntry, verify

        act.viewer.require("audit.view")
        problems = list(verify())
        for problem in problems:
            click.echo(f"{problem.record_type} {problem.record_id} #{problem.sequence}: {problem.what}", err=True)
        chains = LedgerEntry.objects.values("record_id").distinct().count()
        click.echo(f"{LedgerEntry.objects.count()} entries, {chains} chains, {len(problems)} problems")
        ctx.exit(1 if problems else 0)


@audit.command("show")
@click.argument("record")
@click.pass_context
def audit_show(ctx: click.Context, record: str) -> None:
    """The entries of one record (its id), oldest first, as JSON."""
    with ready(ctx) as (act, _language):
        from banggiao.core.ledger import entries_of

        act.viewer.require("audit.view")
        rows = [
            {
                "sequence": e.sequence,
                "at": e.recorded_at.isoformat(),
                "action": e.action,
                "actor": e.actor_label,
                "reason": e.reason,
                "changes": e.changes,
                "hash": e.hash,
            }
            for e in entries_of(UUID(record))
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))


@audit.command("clock")
@click.option("--accept", "reason", metavar="REASON", default="", help="Go on recording although the clock was set back.")
@click.pass_context
def audit_clock(ctx: click.Context, reason: str) -> None:
    """Whether the clock of this machine is behind what was recorded last; exit code 1 when it is and nobody has accepted it."""
    with ready(ctx, any_clock=True) as (act, _language):
        from banggiao.core import clock

        act.viewer.require("audit.view")
        if reason:
            clock.accept(act=act.because(reason))
        click.echo(f"behind: {clock.behind()}")
        try:
            clock.now_to_write()
        except ClockSetBack:
            ctx.exit(1)


@click.group("jobs")
def jobs() -> None:
    """Work done in the background."""


@jobs.command("list")
@click.option("--state", type=click.Choice(["READY", "RUNNING", "DONE", "DEAD"]), default=None)
@click.pass_context
def jobs_list(ctx: click.Context, state: str | None) -> None:
    """The latest hundred jobs."""
    with ready(ctx) as (act, _language):
        from banggiao.core.jobs.models import Job

        act.viewer.require("jobs.view")
        rows = Job.objects.filter(state=state) if state else Job.objects.all()
        for job in rows.order_by("-enqueued_at")[:100]:
            last = job.error.strip().splitlines()[-1] if job.error else ""
            click.echo(
                f"{job.pk}  {job.state:<8}{job.attempts}  {job.task.rsplit('.', 1)[-1]:<28}{job.run_after:%Y-%m-%d %H:%M}  "
                f"{last[:80]}"
            )


@jobs.command("resend")
@click.argument("job", type=click.UUID)
@click.pass_context
def jobs_resend(ctx: click.Context, job: UUID) -> None:
    """Send a dead job again."""
    with ready(ctx) as (act, _language):
        from banggiao.core.jobs.services import resend

        resend(act=act, job_id=job)


@jobs.command("schedule")
@click.argument("name")
@click.option("--on/--off", "active", required=True)
@click.pass_context
def jobs_schedule(ctx: click.Context, name: str, active: bool) -> None:
    """Switch a schedule on or off."""
    with ready(ctx) as (act, _language):
        from banggiao.core.jobs.services import switch_schedule

        switch_schedule(act=act, name=name, active=active)


@click.group("calendar")
def calendar() -> None:
    """Days that a decision makes working days or days off."""


@calendar.command("set")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--works/--off", required=True)
@click.option("--decision", required=True, help="Number and date of the decision.")
@click.option("--calendar", "country", default="VNM", show_default=True, help="ISO 3166-1 alpha-3.")
@click.pass_context
def calendar_set(ctx: click.Context, day: datetime, works: bool, decision: str, country: str) -> None:
    """Make DAY a working day or a day off."""
    with ready(ctx) as (act, _language):
        from banggiao.core.calendar import set_exception

        set_exception(act=act, country=country, day=day.date(), works=works, decision=decision)


@calendar.command("remove")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--calendar", "country", default="VNM", show_default=True, help="ISO 3166-1 alpha-3.")
@click.pass_context
def calendar_remove(ctx: click.Context, day: datetime, country: str) -> None:
    """Take a decided DAY out of the calendar."""
    with ready(ctx) as (act, _language):
        from banggiao.core.calendar import exceptions_in, remove_exception

        found = next((e for e in exceptions_in(country, day.year) if e.day == day.date()), None)
        if found is None:
            raise NotFound(N_("Không có ngày này trong lịch."), subject=f"{country} {day:%Y-%m-%d}")
        remove_exception(act=act, key=found.pk)


@calendar.command("show")
@click.argument("year", type=click.IntRange(2000, 2100))
@click.option("--calendar", "country", default="VNM", show_default=True)
@click.pass_context
def calendar_show(ctx: click.Context, year: int, country: str) -> None:
    """Public holidays and decided exceptions of a year."""
    with ready(ctx):
        from banggiao.core.calendar import CalendarException, public_holidays

        decided = {e.day: e for e in CalendarException.objects.filter(calendar=country, day__year=year)}
        for day in sorted({*public_holidays(country, year), *decided}):
            exception = decided.get(day)
            click.echo(
                f"{day}  {'works' if exception and exception.works else 'off'}  "
                f"{exception.decision if exception else ''}".rstrip()
            )


@click.group("personal")
def personal() -> None:
    """Personal values: what is kept about a person, and erasing it."""


@personal.command("report")
@click.argument("subject", type=click.UUID)
@click.pass_context
def personal_report(ctx: click.Context, subject: UUID) -> None:
    """Everything kept about a person (id), with purpose, basis, source and end, as JSON."""
    with ready(ctx) as (act, _language):
        from banggiao.core.personal import report

        act.viewer.require("accounts.manage")
        click.echo(json.dumps(report(subject), ensure_ascii=False, indent=1))


@personal.command("erase")
@click.argument("subject", type=click.UUID)
@click.confirmation_option(prompt="Erase every value kept about this person?")
@click.pass_context
def personal_erase(ctx: click.Context, subject: UUID) -> None:
    """Erase every personal value of a person; the ledger still verifies."""
    with ready(ctx) as (act, _language):
        from banggiao.core.personal import erase

        act.viewer.require("accounts.manage")
        click.echo(str(erase(act=act, subject_id=subject)))


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """What this installation is and whether its parts are in order; exit code 1 when something is not."""
    with ready(ctx, any_clock=True) as (act, _language):
        findings = _findings(act.at.date())
        bad = [f for f in findings if not f["ok"]]
        if as_json:
            click.echo(json.dumps(findings, ensure_ascii=False, indent=1, default=str))
        else:
            for each in findings:
                click.echo(f"{'ok ' if each['ok'] else 'BAD'} {each['what']:<20}{each['value']}")
        ctx.exit(1 if bad else 0)


def _findings(today: date) -> list[dict[str, Any]]:
    from django.conf import settings
    from django.db import connection

    from banggiao import __version__
    from banggiao.core.clock import SKEW, behind
    from banggiao.core.installation import Installation
    from banggiao.core.jobs.models import Job
    from banggiao.core.ledger import LedgerEntry
    from banggiao.reports.typefaces import font_files
    from banggiao.sources.datasets import check_set, packaged_sets

    def fine(what: str, value: object, ok: bool = True) -> dict[str, Any]:
        return {"what": what, "value": value, "ok": ok}

    installation = Installation.objects.get()
    key = settings.DATA_FOLDER / "secret.key"
    sets = packaged_sets()
    broken = [s.set for s in sets if check_set(s.set)]
    try:
        fonts = f"{len(font_files())} faces"
        fonts_ok = True
    except Exception as error:  # noqa: BLE001  whatever is wrong with the fonts is what the doctor reports
        fonts, fonts_ok = str(error), False
    dead = Job.objects.filter(state="DEAD").count()
    engine = sqlite3.sqlite_version if connection.vendor == "sqlite" else str(connection.pg_version)  # type: ignore[attr-defined]
    return [
        fine("version", __version__),
        fine("python", sys.version.split()[0]),
        fine("data folder", settings.DATA_FOLDER),
        fine("database", f"{connection.vendor} {engine}"),
        fine("secrecy level", installation.level),
        fine("exercise", installation.exercise_start or "no"),
        fine(
            "secret key",
            "mode 600" if not key.exists() or key.stat().st_mode & 0o077 == 0 else "readable by others",
            not key.exists() or key.stat().st_mode & 0o077 == 0,
        ),
        fine(
            "reference sets",
            f"{len(sets)} sets, {sum(s.rows for s in sets)} rows" if not broken else ", ".join(broken),
            not broken,
        ),
        fine("fonts", fonts, fonts_ok),
        fine("clock", "with the ledger" if behind() <= SKEW else f"behind the ledger by {behind()}", behind() <= SKEW),
        fine("ledger", f"{LedgerEntry.objects.count()} entries"),
        fine("dead jobs", dead, dead == 0),
        fine("as of", today),
    ]


COMMANDS = (data, audit, jobs, calendar, personal, doctor)
