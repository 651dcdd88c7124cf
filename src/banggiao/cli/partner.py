"""`banggiao brief PARTNER`: the sheet for tomorrow's meeting as PDF, Word and JSON; `banggiao map`: the world map of partners."""

from __future__ import annotations

from pathlib import Path

import click

from banggiao.cli.session import ready

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("brief")
@click.argument("partner")
@click.option("--pdf", type=_FILE, help="Write the sheet as PDF.")
@click.option("--docx", type=_FILE, help="Write the sheet as a Word file.")
@click.option("--json", "json_file", type=_FILE, help="Write the sheet as JSON.")
@click.pass_context
def brief(ctx: click.Context, partner: str, pdf: Path | None, docx: Path | None, json_file: Path | None) -> None:
    """The one sheet on PARTNER (its code, such as KOR) for a meeting; without a file, its words."""
    with ready(ctx) as (act, language):
        from banggiao.cli.review import _lines, _write
        from banggiao.reports.files import take
        from banggiao.reports.partner_brief import compose_brief
        from banggiao.reports.wording import shown

        document = compose_brief(partner, act.viewer, at=act.at, language="en" if language == "en" else "vi")
        wanted = {"pdf": pdf, "docx": docx, "json": json_file}
        for form, path in wanted.items():
            if path is not None:
                content = take(document, form, act=act)
                _write(path, content)
                click.echo(f"{path}: {len(content):,} B")
        if not any(wanted.values()):
            click.echo(shown(f"{document.kind}: {document.title}"))
            for block in document.blocks:
                for line in _lines(block):
                    click.echo(line)


@click.command("map")
@click.argument("name", type=click.Choice(["levels", "commitments"]))
@click.argument("file", type=_FILE)
@click.pass_context
def world_map(ctx: click.Context, name: str, file: Path) -> None:
    """The world map of partners by level of relations or by commitments, as FILE.svg, .png, .pdf or .docx."""
    with ready(ctx) as (act, language):
        from banggiao.cli.review import _write
        from banggiao.reports.partner_maps import take_map

        content = take_map(name, file.suffix.lstrip(".").lower(), act=act, language="en" if language == "en" else "vi")
        _write(file, content)
        click.echo(f"{file}: {len(content):,} B")


COMMANDS = (brief, world_map)
