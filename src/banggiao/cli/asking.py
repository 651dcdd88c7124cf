"""`banggiao data-calls form|answer|table` and `banggiao figures reconcile`: what these registers can do beyond list and show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from banggiao.cli import commitments, directives, meetings, plans, programmes, progress, reviews
from banggiao.cli.session import ready
from banggiao.core.errors import N_, InvalidInput

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("form")
@click.argument("call")
@click.argument("body")
@click.argument("file", type=_FILE)
@click.pass_context
def form_command(ctx: click.Context, call: str, body: str, file: Path) -> None:
    """Write the form of data call CALL for the institution BODY (its code) to FILE, .xlsx or .docx."""
    from banggiao.cli.review import _write
    from banggiao.followup.data_calls.form_docx import write_docx
    from banggiao.followup.data_calls.form_xlsx import write_xlsx
    from banggiao.followup.data_calls.services import require_fillable

    writers: dict[str, Any] = {".xlsx": write_xlsx, ".docx": write_docx}
    with ready(ctx) as (act, language):
        answer = _answer(act, call, body)
        require_fillable(act, answer)
        if file.suffix.lower() not in writers:
            raise InvalidInput(
                N_("Không có định dạng “%(form)s”."), form=file.suffix, remedy=N_("Hãy chọn xlsx hoặc docx."), subject=str(file)
            )
        _write(file, writers[file.suffix.lower()](answer, language=language))
        click.echo(f"{file}: {answer.call.code} {answer.institution.code} v{answer.version}")


@click.command("answer")
@click.argument("call")
@click.argument("file", type=_FILE)
@click.option("--write", is_flag=True, help="Write what the form says; without it nothing is written.")
@click.option("--take", type=click.Choice(["mine", "current"]), help="In rows that others changed: the form or what stands.")
@click.option("--submit", is_flag=True, help="Send the answer after writing it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def answer_command(ctx: click.Context, call: str, file: Path, write: bool, take: str | None, submit: bool, as_json: bool) -> None:
    """Read back FILE, a form of data call CALL that a body filled in, and say row by row what it changes."""
    from banggiao.followup.data_calls.returned import code_in, compare, merged, read_form
    from banggiao.followup.data_calls.services import move_answer, require_fillable, save_rows
    from banggiao.reading.intake import contents

    with ready(ctx) as (act, _language):
        data = contents(file)
        answer = _answer(act, call, code_in(data).body)
        require_fillable(act, answer)
        form = read_form(data, answer)
        if form.problems:
            raise InvalidInput(
                N_("Phiếu có ô chưa hợp lệ."), subject=str(file), remedy=N_("Hãy sửa các ô được nêu; chưa có gì được ghi."),
                problems=form.problems,
            )  # fmt: skip
        compared = compare(answer, form)
        if write:
            rows = merged(compared, dict.fromkeys((each.id for each in compared), take or ""))
            answer = save_rows(act=act, answer=answer, rows=rows, version=answer.version)
            if submit:
                answer = move_answer(act=act, answer=answer, action="submit", version=answer.version)
        told = [{"row": e.id or None, "standing": e.standing, "form": e.mine, "now": e.current} for e in compared]
        if as_json:
            body = {"id": str(answer.pk), "version": answer.version, "state": answer.state, "written": write, "rows": told}
            click.echo(json.dumps(body, ensure_ascii=False, indent=1))
            return
        for row in told:
            click.echo(f"{row['row'] or '+':>4}  {row['standing']:<9} {json.dumps(row['form'], ensure_ascii=False)}")
        click.echo(f"{answer}: v{answer.version} {answer.state}" + ("" if write else "  (--write)"))


@click.command("table")
@click.argument("call")
@click.argument("file", type=_FILE)
@click.pass_context
def table_command(ctx: click.Context, call: str, file: Path) -> None:
    """Write all answers to CALL as one table to FILE: .csv, .xlsx, .json or .docx; who has not answered is listed."""
    from banggiao.cli.review import _write
    from banggiao.core.exports import export, note_taken
    from banggiao.core.questions import ALL, ask
    from banggiao.core.registers import find_record
    from banggiao.followup.data_calls.questions import DATA_CALLS
    from banggiao.reports.data_calls import consolidated_paper
    from banggiao.reports.docx import render_docx

    with ready(ctx) as (act, language):
        from django.utils.translation import gettext

        found = find_record(DATA_CALLS, call, act.viewer)
        if file.suffix.lower() == ".docx":
            act.viewer.require("exports.take", subject=str(found))
            content = render_docx(consolidated_paper(found, act.viewer, at=act.at, language="en" if language == "en" else "vi"))
            note_taken(act, {"question": "data_call_table", "form": "docx", "parameters": {"data_call": str(found.pk)}})
        else:
            answer = ask("data_call_table", {"data_call": str(found.pk)}, act.viewer, at=act.at, page=ALL)
            form = file.suffix.lstrip(".").lower()
            content, _media, _name = export(answer, form, act=act, language=language, translate=lambda t: gettext(t) if t else "")
        _write(file, content)
        click.echo(f"{file}: {found.code}")


@click.command("reconcile")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def reconcile_command(ctx: click.Context, as_json: bool) -> None:
    """Published figures that cannot both be right, side by side, and what was decided about them."""
    from banggiao.cli.lookups import _print_answer
    from banggiao.core.questions import ALL, ask

    with ready(ctx) as (act, language):
        _print_answer(ask("figure_clashes", {}, act.viewer, at=act.at, page=ALL), language, as_json)


def more_commands(register: str) -> tuple[click.Command, ...]:
    """The commands that a register has beside those of every register."""
    return tuple(command for part in _MORE for command in part.get(register, ()))


def _answer(act: Any, call: str, body: str) -> Any:
    from banggiao.core.registers import find_record
    from banggiao.followup.data_calls.questions import DATA_CALLS, answer_of_body

    act.viewer.require(DATA_CALLS.permission)
    return answer_of_body(find_record(DATA_CALLS, call, act.viewer), body, act.viewer)


#: Several modules may have commands of one register.
_MORE: tuple[dict[str, tuple[click.Command, ...]], ...] = (
    {
        "commitments": (*commitments.COMMANDS, *progress.COMMANDS),
        "directives": directives.COMMANDS,
        "programmes": programmes.COMMANDS,
        "data_calls": (form_command, answer_command, table_command),
        "figures": (reconcile_command,),
        "reviews": reviews.COMMANDS,
    },
    plans.COMMANDS,
    meetings.COMMANDS,
)
