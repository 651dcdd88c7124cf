"""How does the answer of a question become a table?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from banggiao.core.questions import Answer, Bi, Column, Ref, Row
from banggiao.followup.questions import timeliness
from banggiao.web.addresses import record_url, ref_url
from banggiao.web.asking import language
from banggiao.web.parts import Basis, Cell, Empty, Link, Table, TableColumn, TableRow, ValueKind
from banggiao.web.words import TONES, label, plain_value, say, state_badge

#: How the values of a column type are written.
KINDS: dict[str, ValueKind] = {"number": "number", "percent": "percent", "date": "date", "flag": "bool", "mono": "code"}


def table_of(
    answer: Answer,
    *,
    today: date,
    caption: str = "",
    sort_urls: dict[str, str] | None = None,
    sorted_by: tuple[str, bool] = ("", False),
    next_url: str = "",
    first_url: str = "",
    empty: Empty | None = None,
    with_basis: bool = True,
    without: Sequence[str] = (),
    since: datetime | None = None,
) -> Table:
    """The rows of an answer as a table; a code stands below the title it belongs to, and columns named in `without` stay out.

    What was written after `since` is marked.
    """
    answer = answer.listed()
    lead = lead_column(answer.columns)
    code = next((c.key for c in answer.columns if c.type == "mono"), "")
    shown = [c for c in answer.columns if c.key not in (code, *without)]
    rows = [_row(answer, row, shown, lead, code, today, since) for row in answer.rows]
    return Table(
        caption=caption or answer.title.get(language()),
        columns=[
            TableColumn(
                key=c.key,
                label=say(c.label),
                kind=KINDS.get(c.type, "text"),
                unit=say(c.unit),
                lead=c.key == lead,
                sort_url=(sort_urls or {}).get(c.key, ""),
                sorted="" if c.key != sorted_by[0] else "descending" if sorted_by[1] else "ascending",
            )
            for c in shown
        ],
        rows=rows,
        total=answer.total if with_basis else None,
        basis=basis_of(answer) if with_basis and answer.total else None,
        next_url=next_url,
        first_url=first_url,
        empty=empty,
    )


def basis_of(answer: Answer) -> Basis:
    """The counting rule, moment and sources of an answer."""
    sources = [Link(label=" ".join(filter(None, (s.label.get(language()), s.as_of))), url=s.url) for s in answer.sources]
    return Basis(as_of=answer.as_of, rule=label("counting_rule", answer.rule), sources=sources)


def lead_column(columns: Sequence[Column]) -> str:
    """The column that names the row: what a phone shows first, and what leads to the record."""
    return next((c.key for kind in ("lead", "bilingual") for c in columns if c.type == kind), columns[0].key)


def cell_of(column: Column, value: Any) -> Cell:
    """One value of a row: a state as a badge, records as links, anything else as the reader writes it."""
    if value is None or value == "" or value == ():
        return Cell()
    if isinstance(value, Ref):
        return Cell(value=value.title.get(language()), url=ref_url(value))
    if isinstance(value, Bi):
        # A name written in one language only is shown as it is.
        return Cell(value=value.get(language()) or value.en or None)
    if isinstance(value, tuple | list) and value and isinstance(value[0], Ref):
        return Cell(value=plain_value(value), links=[Link(label=r.title.get(language()), url=ref_url(r)) for r in value])
    if column.vocabulary in TONES:
        return Cell(value=label(column.vocabulary, str(value)), badge=state_badge(column.vocabulary, str(value)))
    text = plain_value(value, column.type, column.vocabulary)
    if column.type == "url":
        return Cell(value=text, url=str(value) if str(value).startswith(("https://", "http://")) else "")
    return Cell(value=text)


def time_state(values: dict[str, Any], today: date) -> str:
    """Timeliness of a followed record from its cells; empty for rows that are not followed."""
    if "current_due" not in values or "work_state" not in values:
        return ""
    return timeliness(
        due=values["current_due"] or "",
        done_on=values.get("done_on") or "",
        state=values["work_state"] or "",
        today=today,
    )


def _row(
    answer: Answer, row: Row, shown: Sequence[Column], lead: str, code: str, today: date, since: datetime | None
) -> TableRow:
    values = {c.key: v for c, v in zip(answer.columns, row.cells, strict=True)}
    timely = time_state(values, today)
    cells = []
    for column in shown:
        cell = cell_of(column, values[column.key])
        if column.key == lead:
            cell = Cell(
                value=cell.value or _("(chưa có tên)"),
                url=record_url(row.record_type, row.id) if row.record_type else cell.url,
                note=str(values.get(code) or ""),
                recalled=row.mark == "recalled",
            )
        elif column.key == "current_due" and timely in ("overdue", "due_soon", "unknown"):
            cell = Cell(value=cell.value, note=label("timeliness", timely), note_tone="bad" if timely == "overdue" else "risk")
        cells.append(cell)
    fresh = bool(since and row.recorded_at and row.recorded_at > since)
    return TableRow(cells=cells, exercise=row.exercise, overdue=timely == "overdue", fresh=fresh)
