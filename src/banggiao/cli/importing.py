"""`banggiao import` and `banggiao <register> import`: a list from Excel, Word or CSV, looked at and then written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from banggiao.cli.session import ready
from banggiao.core.errors import N_, InvalidInput, Unreadable


def _options() -> list[click.Parameter]:
    return [
        click.Argument(["file"], type=click.Path(path_type=Path, dir_okay=False)),
        click.Option(["--sheet"], default="", help="The sheet or table, by name or number; else the one understood best."),
        click.Option(["--column", "columns"], multiple=True, metavar="HEADING=FIELD", help="What a heading means."),
        click.Option(
            ["--partners"], type=click.Choice(["split", "joint"]), help="Several partners in a cell: a record for each, or one."
        ),
        click.Option(["--blank"], is_flag=True, help="Leave what is not understood empty where the field may be."),
        click.Option(["--list", "listed"], default="", help="Id of the list this is the next version of; `new` for a new list."),
        click.Option(["--as-of"], default="", help="The day the list speaks of, for claims of progress."),
        click.Option(["--choose", "choices"], multiple=True, metavar="ROW=CHOICE", help="new, same, skip, take, keep."),
        click.Option(["--twins"], is_flag=True, help="Write rows too that seem to be in the register already."),
        click.Option(["--same"], is_flag=True, help="Take such rows for the records they are like, and bring these up to date."),
        click.Option(["--all-or-nothing"], is_flag=True, help="Write nothing while a row has a fault."),
        click.Option(["--seen"], default="", help="What a --dry-run called `seen`: write only what it showed."),
        click.Option(["--reason"], default="", help="Why, for the ledger."),
        click.Option(["--json", "as_json"], is_flag=True, help="Print JSON."),
    ]  # fmt: skip


def import_command(name: str) -> click.Command:
    """`banggiao <register> import FILE`, which writes unless told not to."""

    @click.pass_context
    def run(ctx: click.Context, /, dry_run: bool, **given: Any) -> None:
        _run(ctx, name, dry_run=dry_run, **given)

    dry = click.Option(["--dry-run"], is_flag=True, help="Say what would be written, and write nothing.")
    told = "Enter the rows of a list (.xlsx, .docx, .csv); exit code 1 when a row has a fault."
    return click.Command("import", params=[*_options(), dry], callback=run, help=told)


@click.pass_context
def _any(ctx: click.Context, /, register: str, confirm: bool, **given: Any) -> None:
    _run(ctx, register.replace("-", "_"), dry_run=not confirm, **given)


def _run(
    ctx: click.Context, name: str, *, file: Path, sheet: str, columns: tuple[str, ...], partners: str | None, blank: bool,
    listed: str, as_of: str, choices: tuple[str, ...], twins: bool, same: bool, all_or_nothing: bool, seen: str, reason: str,
    as_json: bool, dry_run: bool,
) -> None:  # fmt: skip
    from banggiao.core.folding import fold
    from banggiao.core.registers import register_named
    from banggiao.reports.actions import require_entry
    from banggiao.reports.import_words import told_line, told_preview, told_result
    from banggiao.reports.importing import Wanted
    from banggiao.reports.pasting import Known, said
    from banggiao.reports.taking_in import find_table, look, open_list, take_in

    with ready(ctx) as (act, _language):
        from django.utils.translation import gettext

        register = register_named(name)
        require_entry(register, act.viewer)
        source = open_list(_bytes(file), file.name)
        known = Known({fold(heading): field for heading, field in _pairs(columns).items()})
        wanted = Wanted.of(
            {
                "partners": partners or "",
                "blank": blank,
                "twins": "new" if twins else "same" if same else "",
                "listed": listed,
                "as_of": as_of,
            },
            _pairs(choices),
        )
        _place, table = find_table(register, source, sheet, known, act.viewer)
        held = look(register, source.name, table, wanted, act.viewer)
        counts = held.counts()
        wrong = [line for line in held.lines if line.kind == "wrong"]
        done = None
        if not dry_run and not (wrong and all_or_nothing):
            done = take_in(register, source, table, wanted, seen=seen or held.seen, act=act.because(reason) if reason else act)
        if as_json:
            body = {
                **told_preview(register, source, table, held),
                **counts,
                "faults": [{"row": line.place, "problems": told_line(register, line)["problems"]} for line in wrong],
                "dry_run": dry_run,
                "written": [str(record.pk) for record in done.created] if done else [],
                "result": told_result(register, done) if done else None,
            }
            click.echo(json.dumps(body, ensure_ascii=False, indent=1))
        else:
            for line in wrong:
                click.echo(f"{source.name}:{line.id}: {said(register, line)}", err=True)
            for warning in table.warnings:
                click.echo(warning, err=True)
            told = gettext("%(written)s dòng đã ghi, %(twins)s dòng có thể trùng, %(wrong)s dòng có lỗi.")
            more = gettext("%(changed)s dòng đã sửa, %(same)s dòng không đổi, %(clash)s dòng cần chọn, %(gone)s dòng không còn.")
            click.echo(told % {"written": len(done.created) if done else 0, "twins": counts["twin"], "wrong": counts["wrong"]})
            click.echo(more % {**counts, "changed": len(done.changed) if done else counts["changed"]})
        if wrong:
            ctx.exit(1)


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for each in given:
        name, mark, value = each.rpartition("=")
        if not mark:
            raise click.UsageError(f"{each}: expected NAME=VALUE")
        pairs[name.strip()] = value.strip()
    return pairs


def _bytes(file: Path) -> bytes:
    """The bytes of the file. Raises Unreadable naming it, InvalidInput when it is too large."""
    from banggiao.reports.sheets import MOST_BYTES

    try:
        if file.stat().st_size > MOST_BYTES:
            raise InvalidInput(
                N_("Tệp quá lớn."), subject=file.name, remedy=N_("Hãy chia bảng thành nhiều phần rồi gửi từng phần.")
            )
        return file.read_bytes()
    except OSError as problem:
        raise Unreadable(
            N_("Không đọc được tệp."), subject=str(file), remedy=N_("Hãy kiểm tra lại tên tệp và quyền đọc.")
        ) from problem


COMMANDS = [
    click.Command(
        "import",
        params=[
            *_options(),
            click.Option(["--register"], required=True, help="The register: commitments, tasks, agreements, activities, ..."),
            click.Option(
                ["--confirm/--dry-run", "confirm"], default=False, help="Write the rows; without it nothing is written."
            ),
        ],
        callback=_any,
        help="Look at a list from .xlsx, .docx or .csv, and with --confirm write its rows into a register.",
    )
]
