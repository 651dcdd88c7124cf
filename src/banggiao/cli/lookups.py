"""`banggiao <register> list|show|add|import|export`, `banggiao search`, `banggiao ask`: the same questions as the pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from banggiao.cli.entry import entry_commands
from banggiao.cli.session import ready
from banggiao.core.errors import NotFound


def register_names() -> list[str]:
    """The names of all registers."""
    from banggiao.core.registers import registers

    return [register.name for register in registers()]


def register_group(name: str) -> click.Group | None:
    """The commands of one register, None when there is no such register."""
    from banggiao.core.questions import question_named
    from banggiao.core.registers import register_named

    try:
        register = register_named(name)
    except NotFound:
        return None
    group = click.Group(name, help=f"{register.title.vi} · {register.title.en}")
    parameters = question_named(name).parameters
    options: list[click.Parameter] = [
        click.Option(
            [f"--{p.name.replace('_', '-')}", p.name],
            default="",
            metavar=p.kind.upper(),
            help=p.vocabulary and f"one of {p.vocabulary}",
        )
        for p in parameters
    ]
    options.append(click.Option(["--view"], default="", metavar="NAME", help="Begin with a saved view, by name or id."))
    common: list[click.Parameter] = [
        click.Option(["--json", "as_json"], is_flag=True, help="Print JSON."),
        click.Option(["--size"], type=click.IntRange(1, 500), default=50, show_default=True, help="Rows to print."),
        click.Option(["--cursor"], default="", help="Go on from the `next` of the answer before."),
    ]
    group.add_command(
        click.Command("list", params=[*options, *common], callback=_lister(name), help="List, narrowed by the options.")
    )
    group.add_command(
        click.Command(
            "show",
            params=[click.Argument(["key"]), click.Option(["--json", "as_json"], is_flag=True)],
            callback=_shower(name),
            help="Show one record by code or id.",
        )
    )
    group.add_command(
        click.Command(
            "views",
            params=[click.Option(["--json", "as_json"], is_flag=True)],
            callback=_viewer_of_views(name),
            help="The saved views of this register: your own, and those shared with your institutions.",
        )
    )
    file_argument = click.Argument(["file"], type=click.Path(path_type=Path, dir_okay=False))
    group.add_command(
        click.Command(
            "export", params=[file_argument, *options], callback=_exporter(name), help="Write all rows as .csv, .xlsx or .json."
        )
    )
    for command in entry_commands(name):
        group.add_command(command)
    return group


def _lister(name: str) -> Any:
    @click.pass_context
    def run(ctx: click.Context, /, as_json: bool, size: int, cursor: str, view: str, **params: str) -> None:
        from banggiao.core.questions import Page, ask

        with ready(ctx) as (act, language):
            params = _with_view(name, view, params, act)
            _print_answer(ask(name, params, act.viewer, at=act.at, page=Page(size, cursor)), language, as_json)

    return run


def _shower(name: str) -> Any:
    @click.pass_context
    def run(ctx: click.Context, key: str, as_json: bool) -> None:
        from banggiao.core.exports import EXERCISE, cell_text, json_cell
        from banggiao.core.registers import cells_of, find_record, register_named
        from banggiao.sources.questions import citations_of

        with ready(ctx) as (act, language):
            from django.utils.translation import gettext

            register = register_named(name)
            act.viewer.require(register.permission)
            record = find_record(register, key, act.viewer)
            cited = citations_of([record.pk], act.viewer).get(record.pk, [])
            fields = (*register.fields, *register.page_fields)
            [(_pk, cells)] = cells_of(fields, register.model.objects.filter(pk=record.pk), act.viewer)
            if as_json:
                body = {
                    "id": str(record.pk),
                    "type": register.record_type,
                    "version": record.version,
                    "classification": record.classification,
                    "exercise": record.exercise,
                    **{each.column.key: json_cell(cell) for each, cell in zip(fields, cells, strict=True)},
                    "citations": [
                        {"document": c.document_title, "url": c.url, "start": c.start, "end": c.end, "sentence": c.sentence}
                        for c in cited
                    ],
                }
                click.echo(json.dumps(body, ensure_ascii=False, indent=1))
                return
            click.echo(register.title_of(record).get(language) + (f"  [{EXERCISE.get(language)}]" if record.exercise else ""))
            for each, cell in zip(fields, cells, strict=True):
                text = cell_text(cell, language, each.column.vocabulary)
                if text:
                    click.echo(f"  {gettext(each.column.label)}: {text}")
            for number, citation in enumerate(cited, 1):
                click.echo(f"  [{number}] “{citation.sentence}” ({citation.document_title})")

    return run


def _exporter(name: str) -> Any:
    @click.pass_context
    def run(ctx: click.Context, /, file: Path, view: str, **params: str) -> None:
        from banggiao.cli.review import _write
        from banggiao.core.exports import export
        from banggiao.core.questions import ALL, ask

        with ready(ctx) as (act, language):
            from django.utils.translation import gettext

            answer = ask(name, _with_view(name, view, params, act), act.viewer, at=act.at, page=ALL)
            content, _media, _file_name = export(
                answer, file.suffix.lstrip(".").lower(), act=act, language=language, translate=gettext
            )
            _write(file, content)
            click.echo(f"{file}: {answer.total}")

    return run


def _viewer_of_views(name: str) -> Any:
    @click.pass_context
    def run(ctx: click.Context, as_json: bool) -> None:
        from banggiao.accounts.questions_keeping import views_for

        with ready(ctx) as (act, _language):
            views = views_for(act.viewer, name).order_by("name", "pk")
            if as_json:
                rows = [{"id": str(v.pk), "name": v.name, "shared": v.shared, "parameters": v.parameters} for v in views]
                click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
                return
            for view in views:
                click.echo(f"{view.name:<40}{' '.join(f'{n}={v}' for n, v in view.parameters.items())}".rstrip())

    return run


def _with_view(name: str, view: str, params: dict[str, str], act: Any) -> dict[str, str]:
    """The parameters of a saved view with those given put over them."""
    from django.utils import timezone

    from banggiao.accounts.questions_keeping import parameters_on, view_named

    kept = parameters_on(view_named(name, view, act.viewer), timezone.localdate(act.at)) if view else {}
    return {**kept, **{n: v for n, v in params.items() if v}}


@click.command("ask")
@click.argument("question", required=False)
@click.argument("parameters", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--size", type=click.IntRange(0, 500), default=50, show_default=True, help="Rows to print; 0 for all.")
@click.option("--cursor", default="")
@click.pass_context
def ask_command(
    ctx: click.Context, question: str | None, parameters: tuple[str, ...], as_json: bool, size: int, cursor: str
) -> None:
    """Put any question: QUESTION name=value …; without a question, list them."""
    from banggiao.core.questions import Page, ask, questions

    with ready(ctx) as (act, language):
        if question is None:
            for each in questions():
                click.echo(f"{each.name:<16}{each.title.get(language)}  ({', '.join(p.name for p in each.parameters)})")
            return
        params = dict(p.partition("=")[::2] for p in parameters)
        _print_answer(ask(question, params, act.viewer, at=act.at, page=Page(size, cursor)), language, as_json)


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True)
@click.pass_context
def search(ctx: click.Context, words: tuple[str, ...], as_json: bool, limit: int) -> None:
    """Find records in all registers; accents are optional, former names find their successors."""
    from banggiao.core.exports import EXERCISE
    from banggiao.core.search_query import find

    with ready(ctx) as (act, language):
        act.viewer.require("search.use")
        hits = find(" ".join(words), act.viewer, limit=limit)
        if as_json:
            rows = [
                {
                    "id": str(h.record_id),
                    "type": h.record_type,
                    "title_vi": h.title_vi,
                    "title_en": h.title_en,
                    "exercise": h.exercise,
                }
                for h in hits
            ]
            click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for hit in hits:
            title, note = (hit.title_en or hit.title_vi, hit.note_en) if language == "en" else (hit.title_vi, hit.note_vi)
            mark = f"  [{EXERCISE.get(language)}]" if hit.exercise else ""
            click.echo(f"{hit.record_type:<24}{title}{f'  ({note})' if note else ''}{mark}")


def _print_answer(answer: Any, language: str, as_json: bool) -> None:
    from django.utils.translation import gettext

    from banggiao.core.exports import answer_as_json, cell_text

    answer = answer.listed()
    if as_json:
        click.echo(json.dumps(answer_as_json(answer), ensure_ascii=False, indent=1))
        return
    head = [gettext(c.label) for c in answer.columns]
    body = [[cell_text(v, language, c.vocabulary) for v, c in zip(row.cells, answer.columns, strict=True)] for row in answer.rows]
    widths = [min(48, max([len(h), *(len(r[n]) for r in body)])) for n, h in enumerate(head)]
    for line in (head, *body):
        click.echo(
            "  ".join(
                (cell if len(cell) <= width else cell[: width - 1] + "…").ljust(width)
                for cell, width in zip(line, widths, strict=True)
            ).rstrip()
        )
    click.echo(f"{len(body)}/{answer.total}" + (f"  --cursor {answer.next_cursor}" if answer.next_cursor else ""))


COMMANDS = (search, ask_command)
