"""`banggiao <register> add` and `import`: the same entry as the form and the pasted table, for scripts."""

from __future__ import annotations

import json
from typing import Any

import click

from banggiao.cli.importing import import_command
from banggiao.cli.session import ready


def entry_commands(name: str) -> list[click.Command]:
    """The commands that write new records of a register; none where it is not entered by hand."""
    from banggiao.core.registers import register_named
    from banggiao.reports.actions import CREATE
    from banggiao.reports.entry import asked_by

    register = register_named(name)
    if not register.entry or register.record_type not in CREATE:
        return []
    options: list[click.Parameter] = [
        click.Option(
            [f"--{each.name.replace('_', '-')}", each.name],
            metavar=each.kind.upper(),
            required=each.required,
            multiple=each.kind == "records",
            help=each.vocabulary and f"one of {each.vocabulary}, by code or name",
        )
        for each in asked_by(register)
    ]
    as_json = click.Option(["--json", "as_json"], is_flag=True, help="Print JSON.")
    reason = click.Option(["--reason"], default="", help="Why, for the ledger.")
    return [
        click.Command("add", params=[*options, reason, as_json], callback=_adder(name), help="Enter a new record."),
        import_command(name),
    ]


def _adder(name: str) -> Any:
    @click.pass_context
    def run(ctx: click.Context, /, as_json: bool, reason: str, **typed: Any) -> None:
        from banggiao.core.registers import register_named
        from banggiao.reports.actions import create

        with ready(ctx) as (act, language):
            register = register_named(name)
            values = {n: list(v) if isinstance(v, tuple) else v for n, v in typed.items() if v not in (None, ())}
            made = create(register, values=values, act=act.because(reason))
            code = getattr(made, register.code_path) if register.code_path else ""
            if as_json:
                body = {"id": str(made.pk), "code": code or None, "version": made.version, "exercise": made.exercise}
                click.echo(json.dumps(body, ensure_ascii=False))
            else:
                click.echo(f"{code or made.pk}  {register.title_of(made).get(language)}")

    return run
