"""`banggiao review PERIOD`: the review report as Word, PDF and JSON, as known at a moment."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from banggiao.cli.session import ready
from banggiao.core.errors import N_, SetupProblem


@click.command("review")
@click.argument("period")
@click.option("--docx", type=click.Path(path_type=Path, dir_okay=False), help="Write the report as a Word file.")
@click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), help="Write the report as PDF.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write the report as JSON (- for stdout).",
)
@click.option(
    "--as-of", "as_of", metavar="DATE", help="As known at the end of that day (2026-11-24) or at that moment (ISO 8601)."
)
@click.option("--exercise", is_flag=True, help="Report on the exercise instead of the real registers.")
@click.pass_context
def review(
    ctx: click.Context,
    period: str,
    docx: Path | None,
    pdf: Path | None,
    json_file: Path | None,
    as_of: str | None,
    exercise: bool,
) -> None:
    """The review report of PERIOD (2025-H1, 2025, 2025-Q3): a draft until number, date and signer are entered.

    Once its figures are frozen it is the paper that was kept, unless --as-of asks for another moment.
    """
    with ready(ctx) as (act, language):
        from banggiao.core.clock import as_of_moment
        from banggiao.core.periods import parse_period
        from banggiao.reports.files import take
        from banggiao.reports.review import compose
        from banggiao.reports.review_issue import read_paper, standing_paper, take_kept
        from banggiao.reports.wording import shown
        from banggiao.reviews.questions import review_of

        at = as_of_moment(as_of, act.at) if as_of else act.at
        tongue: Literal["vi", "en"] = "en" if language == "en" else "vi"
        act.viewer.require("reports.view", subject=period)
        kept = standing_paper(review_of(parse_period(period).code, act.viewer, exercise=exercise)) if not as_of else None
        if kept is not None:
            document = read_paper(kept, tongue)
        else:
            document = compose(period, act.viewer, at=at, language=tongue, exercise=exercise)
        wanted = {"docx": docx, "pdf": pdf, "json": json_file}
        for form, path in wanted.items():
            if path is None:
                continue
            content = take_kept(kept, form, tongue, act=act) if kept is not None else take(document, form, act=act)
            if str(path) == "-":
                click.echo(content, nl=False)
                continue
            _write(path, content)
            click.echo(f"{path}: {len(content):,} B", err=str(json_file) == "-")
        if not any(wanted.values()):
            click.echo(shown(document.title))
            for block in document.blocks:
                for line in _lines(block):
                    click.echo(line)
            click.echo(f"\n{len(document.notes)} notes; --docx, --pdf, --json")


def _lines(block: object) -> list[str]:
    from banggiao.reports.blocks import BulletList, Heading, Paragraph, Run, inlines

    def words(text: object) -> str:
        return "".join(part.text if isinstance(part, Run) else f"[{part.number}]" for part in inlines(text))  # type: ignore[arg-type]

    if isinstance(block, Heading):
        return ["", f"{'#' * block.level} {block.text}"]
    if isinstance(block, Paragraph):
        return [words(block.text)]
    if isinstance(block, BulletList):
        return [f"- {words(item)}" for item in block.items]
    return []


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all: an interrupted run leaves no half file."""
    half = path.with_name(path.name + ".part")
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise SetupProblem(
            N_("Không ghi được tệp (%(why)s)."),
            why=error.strerror or str(error),
            subject=str(path),
            remedy=N_("Hãy chọn một nơi ghi được."),
        ) from error


COMMANDS = (review,)
