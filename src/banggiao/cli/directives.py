"""`banggiao directives text|propose|confirm|coverage`: how directives become tasks, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from banggiao.cli.session import ready


@click.command("text")
@click.argument("directive")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.pass_context
def text_command(ctx: click.Context, directive: str, file: Path) -> None:
    """Read FILE (.docx, .pdf, .html, .txt) as the text of DIRECTIVE (code or id) and split it into its paragraphs."""
    from banggiao.reading.intake import contents
    from banggiao.reports.splitting import take_text

    with ready(ctx) as (act, _language):
        found = _found(act, directive)
        rows = take_text(act=act, directive=found, data=contents(file), name=file.name, version=found.version)
        click.echo(f"{found.number}: {len(rows)}")


@click.command("propose")
@click.argument("directive")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def propose_command(ctx: click.Context, directive: str, as_json: bool) -> None:
    """The paragraphs of DIRECTIVE with the tasks they propose; nothing is written."""
    from banggiao.commitments.lines import PARAGRAPHS
    from banggiao.commitments.questions_splitting import standing_of, tasks_from
    from banggiao.commitments.splitting import proposals_of
    from banggiao.core.lines import rows_of
    from banggiao.reports.splitting import as_typed

    with ready(ctx) as (act, _language):
        found = _found(act, directive)
        rows = list(rows_of(PARAGRAPHS, found, act.viewer))
        tasks, proposed = tasks_from([row.pk for row in rows], act.viewer), proposals_of(found, act.viewer, rows)
        told = [
            {
                "number": row.number,
                "text": row.text,
                "standing": standing_of(row, tasks.get(row.pk, ())),
                "tasks": [task.code for task in tasks.get(row.pk, ())],
                "proposals": [
                    {**as_typed(each), "key": each.key, "confidence": each.said.confidence, "inferred": list(each.said.inferred)}
                    for each in proposed.get(row.pk, ())
                ],
            }
            for row in rows
        ]
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False, indent=1))
            return
        for row in told:
            click.echo(f"{row['number']:<10} {row['standing']:<8} {', '.join(row['tasks'])} {row['text']}")
            for each in row["proposals"]:
                line = " | ".join((each["lead"] or "?", each["coordinating"], each["due"], each["product"], each["text"]))
                click.echo(f"{'':<10} {each['key']}. {each['confidence']:.2f} {line}")


@click.command("confirm")
@click.argument("directive")
@click.option("--above", type=click.FloatRange(0, 1), default=0.8, show_default=True, help="How certain a proposal must be.")
@click.pass_context
def confirm_command(ctx: click.Context, directive: str, above: float) -> None:
    """Make tasks of every sure proposal of DIRECTIVE with a lead in the register, in paragraphs not settled yet."""
    from banggiao.commitments.services_splitting import confirm_above

    with ready(ctx) as (act, _language):
        found = _found(act, directive)
        for task in confirm_above(act=act, directive=found, confidence=above):
            click.echo(f"{task.code}  {task.enumerator:<10} {task.text_vi}")


@click.command("coverage")
@click.argument("directive", required=False, default="")
@click.option("--open", "only_open", is_flag=True, help="Only paragraphs with neither task nor reason.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def coverage_command(ctx: click.Context, directive: str, only_open: bool, as_json: bool) -> None:
    """How far every directive has become tasks; with DIRECTIVE, its paragraphs one by one."""
    from banggiao.cli.lookups import _print_answer
    from banggiao.core.questions import ALL, ask

    with ready(ctx) as (act, language):
        if directive:
            params = {"directive": str(_found(act, directive).pk), "standing": "open" if only_open else ""}
            answer = ask("directive_paragraphs", params, act.viewer, at=act.at, page=ALL)
        else:
            answer = ask("directive_coverage", {}, act.viewer, at=act.at, page=ALL)
        _print_answer(answer, language, as_json)


def _found(act: Any, directive: str) -> Any:
    from banggiao.commitments.questions import DIRECTIVES
    from banggiao.core.registers import find_record

    act.viewer.require(DIRECTIVES.permission)
    return find_record(DIRECTIVES, directive, act.viewer)


COMMANDS = (text_command, propose_command, confirm_command, coverage_command)
