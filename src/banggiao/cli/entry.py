"""`banggiao <register> add` and `import`: the same entry as the form and the pasted table, for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from banggiao.cli.session import ready
from banggiao.core.errors import N_, InvalidInput, Unreadable


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
    file = click.Argument(["file"], type=click.Path(path_type=Path, dir_okay=False))
    dry = click.Option(["--dry-run"], is_flag=True, help="Say what would be written, and write nothing.")
    twins = click.Option(["--twins"], is_flag=True, help="Write rows too that seem to be in the register already.")
    whole = click.Option(["--all-or-nothing"], is_flag=True, help="Write nothing while a row has a fault.")
    return [
        click.Command("add", params=[*options, reason, as_json], callback=_adder(name), help="Enter a new record."),
        click.Command(
            "import",
            params=[file, dry, twins, whole, reason, as_json],
            callback=_importer(name),
            help="Enter the rows of a table (.xlsx, .docx, .csv); exit code 1 when a row has a fault.",
        ),
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


def _importer(name: str) -> Any:
    @click.pass_context
    def run(
        ctx: click.Context, /, file: Path, dry_run: bool, twins: bool, all_or_nothing: bool, reason: str, as_json: bool
    ) -> None:
        from banggiao.core.registers import register_named
        from banggiao.reports.actions import require_entry
        from banggiao.reports.pasting import checked, recognised, said, write

        with ready(ctx) as (act, _language):
            from django.utils.translation import gettext

            register = register_named(name)
            require_entry(register, act.viewer)
            table = recognised(register, _rows(file))
            lines = checked(register, table, act.viewer)
            wrong = [line for line in lines if line.kind == "wrong"]
            made: tuple[Any, ...] = ()
            if not dry_run and not (wrong and all_or_nothing):
                made = write(register, lines, twins=twins, act=act.because(reason)).records
            counts = {kind: sum(line.kind == kind for line in lines) for kind in ("good", "twin", "wrong")}
            if as_json:
                body = {
                    "columns": [{"heading": h, "field": f or None} for h, f in zip(table.heading, table.columns, strict=True)],
                    "rows": len(lines),
                    **counts,
                    "written": [str(record.pk) for record in made],
                    "faults": [
                        {
                            "row": line.number,
                            "problems": [{"field": p.field, "message": gettext(p.message)} for p in line.understood.problems],
                        }
                        for line in wrong
                    ],
                    "dry_run": dry_run,
                }
                click.echo(json.dumps(body, ensure_ascii=False, indent=1))
            else:
                for line in wrong:
                    click.echo(f"{file.name}:{line.number}: {said(register, line)}", err=True)
                told = gettext("%(written)s dòng đã ghi, %(twins)s dòng có thể trùng, %(wrong)s dòng có lỗi.")
                click.echo(told % {"written": len(made), "twins": counts["twin"], "wrong": counts["wrong"]})
            if wrong:
                ctx.exit(1)

    return run


def _rows(file: Path) -> list[list[str]]:
    """The rows of the file. Raises Unreadable naming it."""
    from banggiao.reports.pasted import MOST_BYTES, rows_of_file

    try:
        if file.stat().st_size > MOST_BYTES:
            raise InvalidInput(
                N_("Tệp quá lớn."), subject=file.name, remedy=N_("Hãy chia bảng thành nhiều phần rồi gửi từng phần.")
            )
        data = file.read_bytes()
    except OSError as problem:
        raise Unreadable(
            N_("Không đọc được tệp."), subject=str(file), remedy=N_("Hãy kiểm tra lại tên tệp và quyền đọc.")
        ) from problem
    return rows_of_file(data, file.name)
