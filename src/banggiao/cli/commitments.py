"""`banggiao commitments report`: the commitments as known on a day, and what lies between two days."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from banggiao.cli.session import ready
from banggiao.core.errors import N_, FieldProblem, InvalidInput

_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


@click.command("report")
@click.option(
    "--as-of", "as_of", metavar="DATE", default="", help="As known at the end of that day (2026-11-24) or at that moment."
)
@click.option("--compare", nargs=2, metavar="DATE1 DATE2", default=None, help="What lies between the reports of two days.")
@click.option("--period", metavar="PERIOD", default="", help="Only commitments made in that period (2025, 2025-H1).")
@click.option("--partner", metavar="CODE", default="", help="Only commitments with that partner.")
@click.option("--lead", metavar="CODE", default="", help="Only commitments led by that body.")
@click.option("--exercise", is_flag=True, help="Report on the exercise instead of the real registers.")
@click.option("--json", "json_file", type=_FILE, help="Write JSON (- for stdout).")
@click.option("--csv", "csv_file", type=_FILE, help="Write the rows as CSV (- for stdout).")
@click.option("--xlsx", type=_FILE, help="Write the rows as a workbook.")
@click.option("--pdf", type=_FILE, help="Write the paper as PDF.")
@click.option("--docx", type=_FILE, help="Write the paper as a Word file.")
@click.pass_context
def report(
    ctx: click.Context,
    as_of: str,
    compare: tuple[str, str] | None,
    period: str,
    partner: str,
    lead: str,
    exercise: bool,
    json_file: Path | None,
    csv_file: Path | None,
    xlsx: Path | None,
    pdf: Path | None,
    docx: Path | None,
) -> None:
    """The six fields of every commitment and their totals, as known on a day: the same day gives the same bytes.

    Without a file the totals are printed.
    """
    with ready(ctx) as (act, language):
        from banggiao.reports.commitments_known import known
        from banggiao.reports.commitments_report import as_of_moment, asked_of, take_report

        asked = asked_of({"period": period, "partner": partner, "lead": lead, "exercise": "yes" if exercise else ""})
        files = {"json": json_file, "csv": csv_file, "xlsx": xlsx, "pdf": pdf, "docx": docx}
        tongue: Any = "en" if language == "en" else "vi"
        if compare is not None:
            _compare(act, tongue, compare, asked, {form: path for form, path in files.items() if path}, as_of)
            return
        found = known(act.viewer, as_of_moment(as_of, act.at), asked)
        for form, path in files.items():
            if path is not None:
                _put(path, take_report(found, form, act=act, language=tongue)[0])
        if not any(files.values()):
            _print_totals(
                [(name, value, None, {}) for name, value in found.totals().items() if value or name == "all"], tongue, found.day
            )


def _compare(act: Any, language: Any, days: tuple[str, str], asked: Any, files: dict[str, Path], as_of: str) -> None:
    from banggiao.core.exports import note_taken
    from banggiao.reports.commitments_difference import DIFFERENCE, as_json, asked_moments, difference, moved, take_difference
    from banggiao.reports.commitments_report import translated

    if as_of:
        raise InvalidInput(
            N_("Chỉ chọn một ngày, hoặc so hai ngày."), remedy=N_("Hãy bỏ một trong hai."),
            problems=[FieldProblem("as_of", N_("Không dùng cùng lúc."))],
        )  # fmt: skip
    found = difference(act.viewer, *asked_moments({"first": days[0], "second": days[1]}, act.at), asked)
    for form, path in files.items():
        if form == "json":
            act.viewer.require("exports.take", subject=DIFFERENCE.name)
            _put(path, as_json(found))
            note_taken(act, {"question": DIFFERENCE.name, "form": form, "rows": len(found.changed)})
        else:
            _put(path, take_difference(found, form, act=act, language=language, translate=translated)[0])
    if files:
        return
    _print_totals(found.totals(), language, found.second.day)
    for each in found.changed:
        click.echo(f"\n{each.code}  {each.text.get(language)}")
        for cause, moves in each.causes.items():
            click.echo(f"  {cause}: {moved(moves, found.second.day).get(language)}")
        for told in each.entries:
            since = f" ({told.since})" if told.late else ""
            fields = ", ".join(name for name, _old, _new in told.changes)
            click.echo(
                f"  {told.recorded_at:%Y-%m-%d %H:%M} {told.actor}: {told.kind.get(language)}: {fields}{since}  {told.reason}"
            )


def _print_totals(rows: Any, language: Any, day: Any) -> None:
    from banggiao.core.vocabulary import vocabulary
    from banggiao.reports.commitments_difference import signed

    terms = vocabulary("commitment_total")
    for name, first, second, causes in rows:
        told = f"{first.normalize():f}" if second is None else f"{first.normalize():f} → {second.normalize():f}"
        told += "".join(f"  {cause} {signed(value, language)}" for cause, value in causes.items())
        click.echo(f"{terms.label_at(name, language, day):<46} {told}")


def _put(path: Path, content: bytes) -> None:
    from banggiao.cli.review import _write

    if str(path) == "-":
        click.echo(content, nl=False)
        return
    _write(path, content)
    click.echo(f"{path}: {len(content):,} B")


COMMANDS = (report,)
