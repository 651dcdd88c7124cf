"""`banggiao read FILES…`: facts as JSON, or into the register."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from banggiao.cli.main import error_text
from banggiao.cli.session import ready
from banggiao.core.acts import Act
from banggiao.core.errors import BangGiaoError


@click.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "form", flag_value="json", help="One JSON object with all documents (the fact contract).")
@click.option("--jsonl", "form", flag_value="jsonl", help="One document a line, written as it is read.")
@click.option(
    "--into-register", "form", flag_value="register", help="Put the documents and their facts into the register, for checking."
)
@click.option(
    "--accept-above",
    type=click.FloatRange(0, 1),
    metavar="C",
    help="With --into-register: accept facts at least as certain, as a batch.",
)
@click.option(
    "--classification",
    type=click.Choice(["public", "internal"]),
    default="internal",
    show_default=True,
    help="With --into-register.",
)
@click.pass_context
def read(ctx: click.Context, files: tuple[Path, ...], form: str | None, accept_above: float | None, classification: str) -> None:
    """Read documents (TXT, HTML, DOCX, PDF). A file that cannot be read is named on stderr with the remedy; the others go on."""
    if accept_above is not None and form != "register":
        raise click.UsageError("--accept-above needs --into-register")
    if form == "register":
        with ready(ctx) as (act, language):
            failed = _into_register(act, language, files, accept_above, classification)
    else:
        failed = _print(files, form or "text", ctx.obj["language"])
    ctx.exit(1 if failed else 0)


def _print(files: tuple[Path, ...], form: str, language: str) -> int:
    from banggiao.reading import read_path

    failed, documents = 0, []
    for path in _progress(files):
        try:
            found = read_path(path)
        except BangGiaoError as error:
            failed += 1
            click.echo(error_text(error, language), err=True)
            continue
        if form == "jsonl":
            click.echo(json.dumps(found.as_contract(), ensure_ascii=False))
        elif form == "json":
            documents.append(found.as_contract())
        else:
            _summary(found)
    if form == "json":
        click.echo(json.dumps({"documents": documents}, ensure_ascii=False, indent=1))
    return failed


def _summary(found: Any) -> None:
    click.echo(f"{found.intake.source}: {found.metadata.title or '–'}")
    click.echo(f"  {found.metadata.published or '–'} · {found.metadata.outlet or '–'} · {found.metadata.language or '–'}")
    for fact in found.facts:
        words = " ".join(found.intake.text[fact.span[0] : fact.span[1]].split())
        click.echo(f"  {fact.kind:<15}{fact.confidence:4.2f}  {words[:100]}")


def _into_register(act: Act, language: str, files: tuple[Path, ...], above: float | None, classification: str) -> int:
    from django.utils.translation import gettext as _

    from banggiao.intelligence.services import accept_above, read_in
    from banggiao.reading.intake import contents

    failed = 0
    for path in _progress(files):
        try:
            document, fresh = read_in(act=act, data=contents(path), name=path.name, classification=classification)
            line = _("đã đọc, %(count)s thông tin") % {"count": document.facts.count()} if fresh else _("đã có trong sổ")
            if above is not None:
                batch = accept_above(act=act, document=document, certainty=above)
                line += "; " + _("duyệt %(count)s") % {"count": batch.accepted.total()}
                for fact, error in batch.left:
                    click.echo(f"  {fact.kind}: {error_text(error, language)}", err=True)
            click.echo(f"{path.name}: {line}")
        except BangGiaoError as error:
            failed += 1
            click.echo(error_text(error, language), err=True)
    return failed


def _progress(files: tuple[Path, ...]) -> Iterator[Path]:
    if len(files) < 20 or not sys.stderr.isatty():
        yield from files
        return
    with click.progressbar(files, file=sys.stderr) as bar:
        yield from bar


COMMANDS = (read,)
