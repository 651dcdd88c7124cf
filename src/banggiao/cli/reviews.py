"""`banggiao reviews freeze|circulate|conclude|publish|readers|tasks|memo|figures|comments`: the cycle of a review."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from banggiao.cli.session import ready


def _stepper(action: str) -> Any:
    @click.pass_context
    def take(ctx: click.Context, /, review: str, reason: str, **values: str | None) -> None:
        from banggiao.reports.actions import take_step
        from banggiao.reviews.questions import REVIEWS

        with ready(ctx) as (act, language):
            found = _found(review, act)
            given = {name: value for name, value in values.items() if value is not None}
            moved = take_step(
                REVIEWS, found, action=action, version=found.version, values=given, act=act.because(reason) if reason else act
            )
            _tell(moved, language)

    return take


def _step(action: str, text: str, **options: str) -> click.Command:
    params: list[click.Parameter] = [click.Argument(["review"])]
    params += [click.Option([f"--{n.replace('_', '-')}", n], metavar="TEXT", help=h) for n, h in options.items()]
    params.append(click.Option(["--reason"], default="", help="Kept in the history."))
    return click.Command(action, params=params, callback=_stepper(action), help=text)


@click.command("readers")
@click.argument("review")
@click.argument("bodies", nargs=-1, required=True)
@click.pass_context
def readers_command(ctx: click.Context, review: str, bodies: tuple[str, ...]) -> None:
    """Ask exactly these BODIES (codes) for their comments on REVIEW (code or id)."""
    from banggiao.core.registers import find_record, register_named
    from banggiao.reviews.services import set_readers

    with ready(ctx) as (act, _language):
        found = _found(review, act)
        book = register_named("institutions")
        ids = [find_record(book, code, act.viewer).pk for code in bodies]
        made = set_readers(act=act, review=found, institutions=ids)
        click.echo(f"{found.code}: {len(made)}")


@click.command("tasks")
@click.argument("review")
@click.pass_context
def tasks_command(ctx: click.Context, review: str) -> None:
    """Give the tasks of the conclusions of REVIEW; those given before stay."""
    from banggiao.reviews.services import give_tasks

    with ready(ctx) as (act, _language):
        for task in give_tasks(act=act, review=_found(review, act)):
            click.echo(f"{task.code} {task.text_vi}")


@click.command("figures")
@click.argument("review")
@click.pass_context
def figures_command(ctx: click.Context, review: str) -> None:
    """The frozen figures of REVIEW with the keys by which memos and comments name them."""
    from banggiao.reviews.papers import figures_of, paper_at

    with ready(ctx) as (act, language):
        for figure in figures_of(paper_at(_found(review, act), "frozen")).values():
            click.echo(f"{figure.key}\t{figure.value}\t{figure.label.get(language)}\t{len(figure.records)}")


@click.command("memo")
@click.argument("review")
@click.option("--figure", required=True, help="Key of the figure, as `reviews figures` prints it.")
@click.option("--should-be", required=True)
@click.option("--because", required=True, help="Why the figure was wrong.")
@click.option("--decided-by", required=True, help="Name and post.")
@click.option("--day", required=True, help="Day of the decision.")
@click.pass_context
def memo_command(ctx: click.Context, review: str, figure: str, should_be: str, because: str, decided_by: str, day: str) -> None:
    """Correct a frozen figure of REVIEW; the figure itself stays."""
    from banggiao.reports.lines import enter
    from banggiao.reviews.lines import MEMOS

    with ready(ctx) as (act, _language):
        values = {"figure": figure, "should_be": should_be, "reason": because, "decided_by": decided_by, "day": day}
        made = enter(MEMOS, _found(review, act), values=values, act=act)
        click.echo(str(made))


@click.command("comments")
@click.argument("review")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def comments_command(ctx: click.Context, review: str, file: Path) -> None:
    """Write the consolidated table of comments on REVIEW as FILE (.docx)."""
    from banggiao.cli.review import _write
    from banggiao.reports.files import take
    from banggiao.reports.review_papers import comments_paper

    with ready(ctx) as (act, language):
        paper = comments_paper(_found(review, act), act.viewer, at=act.at, language="en" if language == "en" else "vi")
        content = take(paper, file.suffix.lstrip(".").lower(), act=act)
        _write(file, content)
        click.echo(f"{file}: {len(content):,} B")


def _found(review: str, act: Any) -> Any:
    from banggiao.core.registers import find_record
    from banggiao.reviews.questions import REVIEWS

    act.viewer.require(REVIEWS.permission)
    return find_record(REVIEWS, review, act.viewer)


def _tell(review: Any, language: str) -> None:
    from banggiao.core.vocabulary import vocabulary

    click.echo(f"{review.code}: {vocabulary('review_state').label(review.state, language)}")


COMMANDS = (
    _step("freeze", "Freeze the figures of REVIEW and keep its paper.", figures_as_of="As of this day or moment, else now."),
    _step("circulate", "Ask the readers of REVIEW for their comments.", comments_due="Day by which they answer."),
    _step("conclude", "Conclude REVIEW and keep the paper with its conclusions."),
    _step(
        "publish",
        "Publish REVIEW with the number, date and signer that a person gives.",
        number="Number of the paper.",
        issued_on="Its date.",
        signer_title="Post of the signer.",
        signer_name="Name of the signer.",
    ),
    readers_command,
    tasks_command,
    figures_command,
    memo_command,
    comments_command,
)
