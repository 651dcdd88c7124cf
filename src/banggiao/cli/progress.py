"""`banggiao commitments form|returned|six-fields`: prefilled progress forms out, their return, the table of the six fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from banggiao.cli.session import ready
from banggiao.core.errors import N_, InvalidInput

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("form")
@click.option("--lead", required=True, metavar="CODE", help="The body that reports: what it leads and co-ordinates.")
@click.option("--scope", default="open", show_default=True, help="open, overdue or all.")
@click.option("--period", default="", help="Only what is due in this period, such as 2025-H2.")
@click.option("--xlsx", type=_FILE, help="Write the form as a workbook.")
@click.option("--docx", type=_FILE, help="Write the form as a Word file.")
@click.pass_context
def form_command(ctx: click.Context, lead: str, scope: str, period: str, xlsx: Path | None, docx: Path | None) -> None:
    """Write the prefilled progress form of a body: a row for each commitment and task."""
    from banggiao.cli.review import _write
    from banggiao.reports.progress_form import body_named, scope_of, take_progress_form

    with ready(ctx) as (act, language):
        if not (xlsx or docx):
            raise InvalidInput(N_("Chưa chọn tệp để ghi phiếu."), remedy=N_("Hãy thêm --xlsx TỆP hoặc --docx TỆP."))
        body = body_named(lead, act.viewer)
        for kind, path in (("xlsx", xlsx), ("docx", docx)):
            if path is not None:
                content = take_progress_form(body, scope_of(scope, period), kind, "en" if language == "en" else "vi", act=act)
                _write(path, content)
                click.echo(f"{path}: {body.code} {len(content):,} B")


@click.command("returned")
@click.argument("file", type=_FILE)
@click.option("--write", is_flag=True, help="Write the reports; without it nothing is written.")
@click.option("--letter", default="", help="Number and date of the letter the form came with.")
@click.option("--conflicts", type=click.Choice(["take", "leave"]), help="What becomes of rows whose duty changed since.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def returned_command(ctx: click.Context, file: Path, write: bool, letter: str, conflicts: str | None, as_json: bool) -> None:
    """Read back FILE, a progress form that a body filled in, and say row by row what it reports."""
    from django.utils import timezone

    from banggiao.reading.intake import contents
    from banggiao.reports.progress_returned import as_data, read_returned, write_returned

    with ready(ctx) as (act, _language):
        form = read_returned(contents(file), act.viewer, today=timezone.localdate(act.at))
        written: list[Any] = []
        if write:
            take = {row.key: conflicts == "take" for row in form.rows if row.standing == "conflict" and conflicts}
            written = write_returned(act=act, form=form, take=take, letter=letter)
        told = as_data(form, written)
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False, indent=1))
            return
        for row in told["rows"]:
            filled = json.dumps(row["values"], ensure_ascii=False)
            click.echo(f"{row['place']:>4}  {row['standing']:<9} {row['code'] or row['row']:<18} {filled}")
        click.echo(f"{form.body}: {len(written)} " + ("written" if write else "(--write)"))


@click.command("six-fields")
@click.argument("file", type=_FILE)
@click.option("--lead", default="", metavar="CODE", help="Only of this lead.")
@click.option("--partner", default="", metavar="CODE", help="Only with this partner.")
@click.option("--issuer", default="", metavar="CODE", help="The body whose paper it is.")
@click.pass_context
def six_fields_command(ctx: click.Context, file: Path, lead: str, partner: str, issuer: str) -> None:
    """Write the report on how commitments are carried out, in six fields, to FILE: .docx, .pdf, .xlsx, .csv or .json."""
    from banggiao.cli.review import _write
    from banggiao.core.exports import export
    from banggiao.core.questions import ALL, ask
    from banggiao.reports.six_fields_paper import take_six_fields

    with ready(ctx) as (act, language):
        from django.utils.translation import gettext

        params = {name: value for name, value in (("lead", lead), ("partner", partner)) if value}
        form = file.suffix.lstrip(".").lower()
        if form in ("docx", "pdf"):
            content = take_six_fields(params, form, act=act, language="en" if language == "en" else "vi", issuer=issuer)
        else:
            answer = ask("six_fields", params, act.viewer, at=act.at, page=ALL)
            content, _media, _name = export(answer, form, act=act, language=language, translate=lambda t: gettext(t) if t else "")
        _write(file, content)
        click.echo(f"{file}: {len(content):,} B")


COMMANDS = (form_command, returned_command, six_fields_command)
