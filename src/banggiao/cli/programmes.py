"""`banggiao programmes paper|task|reports`: a programme as a paper, its tasks given, the reports of all missions called for."""

from __future__ import annotations

from pathlib import Path

import click

from banggiao.cli.session import ready


@click.command("paper")
@click.argument("programme")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def paper_command(ctx: click.Context, programme: str, file: Path) -> None:
    """Write PROGRAMME (its code) as a draft paper to FILE: .docx, .pdf or .json."""
    from banggiao.cli.review import _write
    from banggiao.core.registers import find_record
    from banggiao.programmes.questions import PROGRAMMES
    from banggiao.reports.files import take
    from banggiao.reports.programme_paper import programme_paper

    with ready(ctx) as (act, language):
        act.viewer.require(PROGRAMMES.permission)
        found = find_record(PROGRAMMES, programme, act.viewer)
        document = programme_paper(found, act.viewer, at=act.at, language="en" if language == "en" else "vi")
        content = take(document, file.suffix.lstrip(".").lower(), act=act)
        _write(file, content)
        click.echo(f"{file}: {len(content):,} B")


@click.command("task")
@click.argument("programme")
@click.argument("number", type=int)
@click.pass_context
def task_command(ctx: click.Context, programme: str, number: int) -> None:
    """Give task NUMBER of PROGRAMME to the register of tasks."""
    from banggiao.core.errors import N_, NotFound
    from banggiao.core.lines import rows_of
    from banggiao.core.registers import find_record
    from banggiao.programmes.lines import TASKS
    from banggiao.programmes.questions import PROGRAMMES
    from banggiao.programmes.services import give_task

    with ready(ctx) as (act, _language):
        act.viewer.require(PROGRAMMES.permission)
        found = find_record(PROGRAMMES, programme, act.viewer)
        line = rows_of(TASKS, found, act.viewer).filter(number=number).first()
        if line is None:
            raise NotFound(N_("Không tìm thấy dòng này."), subject=f"{programme} {number}")
        task = give_task(act=act, programme=found, line=line, version=line.version)
        click.echo(f"{task.code}  {task}")


@click.command("reports")
@click.argument("period")
@click.option("--asker", required=True, metavar="CODE", help="The body that asks.")
@click.option("--deadline", required=True, metavar="DAY", help="Answers are due on this day (2026-07-15).")
@click.option("--purpose", default="", help="Why; the common sentence without it.")
@click.option("--draft", is_flag=True, help="Do not send yet.")
@click.pass_context
def reports_command(ctx: click.Context, period: str, asker: str, deadline: str, purpose: str, draft: bool) -> None:
    """Call on all missions for their report of PERIOD (2026-H1) with the standard form."""
    from banggiao.programmes.services import call_reports
    from banggiao.reports.progress_form import body_named

    with ready(ctx) as (act, _language):
        body = body_named(asker, act.viewer)
        call = call_reports(act=act, asker_id=body.pk, period=period, deadline=deadline, purpose=purpose, send=not draft)
        click.echo(f"{call.code}  {call}  {call.addressee_rows.count()}")


COMMANDS = (paper_command, task_command, reports_command)
