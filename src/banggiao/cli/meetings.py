"""`banggiao meetings propose|tasks|roll|paper`, `activities invite|roll|statements`, `conclusion-notices paper`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from banggiao.cli.session import ready

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("propose")
@click.argument("meeting")
@click.option("--put", "chosen", metavar="ID", multiple=True, help="Put this record on the agenda; without any, only list.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def propose_command(ctx: click.Context, meeting: str, chosen: tuple[str, ...], as_json: bool) -> None:
    """What is late, blocked, undecided or escalated among members and partner of MEETING's body."""
    from banggiao.bodies.services import put_on_agenda
    from banggiao.cli.lookups import _print_answer
    from banggiao.core.questions import ALL, ask

    with ready(ctx) as (act, language):
        record = _record("meetings", meeting, act)
        if not chosen:
            _print_answer(
                ask("agenda_proposals", {"meeting": str(record.pk)}, act.viewer, at=act.at, page=ALL), language, as_json
            )
            return
        made = put_on_agenda(act=act, meeting=record, chosen=chosen)
        _told([str(line.pk) for line in made], as_json)


@click.command("tasks")
@click.argument("meeting")
@click.argument("decisions", metavar="DECISION...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def tasks_command(ctx: click.Context, meeting: str, decisions: tuple[str, ...], as_json: bool) -> None:
    """Give the decisions (ids; all that have a lead when none is named) of MEETING as tasks; print their codes."""
    from uuid import UUID

    from banggiao.bodies.lines import DECISIONS
    from banggiao.bodies.services import give_tasks
    from banggiao.core.errors import N_, NotFound
    from banggiao.core.lines import find_line, rows_of

    with ready(ctx) as (act, _language):
        record = _record("meetings", meeting, act)
        try:
            chosen = [find_line(DECISIONS, record, UUID(key), act.viewer) for key in decisions]
        except ValueError:
            raise NotFound(N_("Không tìm thấy dòng này."), subject=" ".join(decisions)[:80]) from None
        chosen = chosen or [d for d in rows_of(DECISIONS, record, act.viewer) if d.lead_id]
        _told([task.code for task in give_tasks(act=act, meeting=record, decisions=chosen)], as_json)


@click.command("invite")
@click.argument("activity")
@click.option("--rule", type=click.Choice(["missions", "provinces", "ministries"]), default=None, help="A whole group.")
@click.option("--body", "bodies", metavar="CODE", multiple=True, help="One institution, by code.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def invite_command(ctx: click.Context, activity: str, rule: str | None, bodies: tuple[str, ...], as_json: bool) -> None:
    """Expect these bodies at ACTIVITY: a group as of its day, or single ones; those expected already are not repeated."""
    from banggiao.activities.services_conference import expect

    with ready(ctx) as (act, _language):
        named = [_record("institutions", code, act) for code in bodies]
        made = expect(act=act, activity=_record("activities", activity, act), rule=rule or "", institutions=named)
        _told([str(line.institution.code) for line in made], as_json)


@click.command("statements")
@click.argument("activity")
@click.option("--asker", metavar="CODE", required=True, help="The institution that asks.")
@click.option("--deadline", metavar="DATE", required=True, help="By when, as 2026-11-24.")
@click.option("--body", "bodies", metavar="CODE", multiple=True, required=True, help="Who is asked, by code.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def statements_command(
    ctx: click.Context, activity: str, asker: str, deadline: str, bodies: tuple[str, ...], as_json: bool
) -> None:
    """Draft the data call that asks bodies for a written statement before ACTIVITY; print its code."""
    from banggiao.activities.services_conference import call_statements

    with ready(ctx) as (act, _language):
        call = call_statements(
            act=act,
            activity=_record("activities", activity, act),
            asker_id=_record("institutions", asker, act).pk,
            deadline=deadline,
            institutions=[_record("institutions", code, act) for code in bodies],
        )
        _told([call.code], as_json)


@click.command("take-statements")
@click.argument("activity")
@click.pass_context
def take_command(ctx: click.Context, activity: str) -> None:
    """Bring the statements handed in over to the speakers' list of ACTIVITY; print how many lines changed."""
    from banggiao.activities.services_conference import take_statements

    with ready(ctx) as (act, _language):
        click.echo(take_statements(act=act, activity=_record("activities", activity, act)))


def _roll_command(register: str) -> click.Command:
    @click.command("roll", help="Write down who came: institutions by code, of those expected; print how many lines changed.")
    @click.argument("key")
    @click.option("--present", metavar="CODE", multiple=True, help="Came.")
    @click.option("--absent", metavar="CODE", multiple=True, help="Did not come.")
    @click.option("--represented", metavar="CODE=WHO", multiple=True, help="Sent somebody else: name and post.")
    @click.pass_context
    def run(
        ctx: click.Context, key: str, present: tuple[str, ...], absent: tuple[str, ...], represented: tuple[str, ...]
    ) -> None:
        from banggiao.activities.services_conference import call_the_roll
        from banggiao.bodies.lines import ROLL
        from banggiao.core.errors import N_, NotFound
        from banggiao.core.lines import lines_named, rows_of

        with ready(ctx) as (act, _language):
            record = _record(register, key, act)
            lines = lines_named(record.record_type(), ROLL.name)
            known = {line.institution.code: line for line in rows_of(lines, record, act.viewer).select_related("institution")}
            said = {code: ("present", "") for code in present} | {code: ("absent", "") for code in absent}
            said |= {code: ("represented", who) for code, _eq, who in (each.partition("=") for each in represented)}
            if unknown := [code for code in said if code not in known]:
                raise NotFound(N_("Cơ quan này không có trong danh sách được mời."), subject=unknown[0])
            rows: dict[Any, tuple[int, dict[str, Any]]] = {
                known[code].pk: (known[code].version, {"presence": presence, "represented_by": who})
                for code, (presence, who) in said.items()
            }
            click.echo(call_the_roll(act=act, lines=lines, parent=record, rows=rows))

    return run


def _paper_command(register: str) -> click.Command:
    @click.command("paper", help="The official paper of a record as files; without a file, its words.")
    @click.argument("key")
    @click.option("--docx", type=_FILE, help="Write it as a Word file.")
    @click.option("--pdf", type=_FILE, help="Write it as PDF.")
    @click.option("--json", "json_file", type=_FILE, help="Write it as JSON.")
    @click.pass_context
    def run(ctx: click.Context, key: str, docx: Path | None, pdf: Path | None, json_file: Path | None) -> None:
        from banggiao.cli.review import _lines, _write
        from banggiao.reports.files import take
        from banggiao.reports.meetings import paper_of
        from banggiao.reports.wording import shown

        with ready(ctx) as (act, language):
            record = _record(register, key, act)
            document = paper_of(record, act.viewer, at=act.at, language="en" if language == "en" else "vi")
            wanted = {"docx": docx, "pdf": pdf, "json": json_file}
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

    return run


def _record(register: str, key: str, act: Any) -> Any:
    from banggiao.core.registers import find_record, register_named

    book = register_named(register)
    act.viewer.require(book.permission, subject=register)
    return find_record(book, key, act.viewer)


def _told(made: list[str], as_json: bool) -> None:
    click.echo(json.dumps(made, ensure_ascii=False) if as_json else "\n".join(made))


#: Register -> its commands beside those of every register.
COMMANDS: dict[str, tuple[click.Command, ...]] = {
    "activities": (invite_command, _roll_command("activities"), statements_command, take_command),
    "commitments": (_paper_command("commitments"),),
    "conclusion_notices": (_paper_command("conclusion_notices"),),
    "tasks": (_paper_command("tasks"),),
    "meetings": (propose_command, tasks_command, _roll_command("meetings"), _paper_command("meetings")),
}
