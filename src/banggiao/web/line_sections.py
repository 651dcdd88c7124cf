"""The lines of a record as its page shows them, each part that has lines in a section of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.core.acts import Viewer
from banggiao.core.lines import Lines
from banggiao.core.registers import register_of
from banggiao.reports import lines as entering
from banggiao.web.asking import language
from banggiao.web.parts import Action, Cell, Section, Table, TableColumn, TableRow
from banggiao.web.tables import KINDS, cell_of, lead_column
from banggiao.web.words import say


def sections(record: Any, viewer: Viewer, parts: Sequence[Lines]) -> list[Section]:
    """A section for each part that has lines; who may edit finds the others named together, to begin with."""
    made, empty = [], []
    for lines in parts:
        rows = entering.shown(lines, record, viewer)
        if rows:
            made.append(_section(record, viewer, lines, rows))
        else:
            empty.append(lines)
    offered = [add_action(record, lines) for lines in empty if may_write(viewer, lines, record)]
    if offered:
        names = ", ".join(lines.book.title.get(language()).lower() for lines in empty)
        text = _("Hồ sơ chưa có: %(parts)s.") % {"parts": names}
        made.append(Section(id="begin", title=_("Bổ sung hồ sơ"), text=text, actions=offered))
    return made


def add_action(record: Any, lines: Lines, *, style: Any = "plain") -> Action:
    """The button that leads to the form of a new line."""
    label = _("Thêm: %(what)s") % {"what": lines.book.one.get(language()).lower()}
    return Action(label=label, url=line_route("add_line", record, lines), icon="add", style=style)


def line_url(record: Any, lines: Lines, line: Any) -> str:
    """Where a line is changed or taken out."""
    return line_route("line", record, lines, line.pk)


def may_write(viewer: Viewer, lines: Lines, record: Any) -> bool:
    """Whether the viewer may add and change these lines of the record, as it stands."""
    return viewer.may(lines.book.edit_permission) and not lines.closed(record)


def _section(record: Any, viewer: Viewer, lines: Lines, rows: Sequence[tuple[Any, tuple[Any, ...]]]) -> Section:
    may = may_write(viewer, lines, record)
    # A column that no line fills would only take room.
    used = [n for n, _field in enumerate(lines.book.fields) if any(cells[n] not in (None, "", ()) for _line, cells in rows)]
    columns = [lines.book.fields[n].column for n in used]
    lead = lead_column(columns)
    table = Table(
        caption=lines.book.title.get(language()),
        columns=[
            *(TableColumn(key=c.key, label=say(c.label), kind=KINDS.get(c.type, "text"), lead=c.key == lead) for c in columns),
            *([TableColumn(key="do", label=_("Thao tác"))] if may else []),
        ],
        rows=[
            TableRow(
                cells=[
                    *(cell_of(column, cells[n]) for n, column in zip(used, columns, strict=True)),
                    *([Cell(actions=[line_action(record, lines, line)])] if may else []),
                ],
                exercise=line.exercise and not record.exercise,
            )
            for line, cells in rows
        ],
    )
    actions = (add_action(record, lines),) if may else ()
    return Section(id=lines.name, title=lines.book.title.get(language()), table=table, actions=actions)


def line_action(record: Any, lines: Lines, line: Any) -> Action:
    """The button that leads to a line's form."""
    return Action(label=_("Gỡ") if lines.kept_as_written else _("Sửa"), url=line_url(record, lines, line))


def line_route(name: str, record: Any, lines: Lines, *more: Any) -> str:
    """The address of a form of these lines."""
    book = register_of(record.record_type())
    return reverse(f"web:{name}", args=[book.name if book else "", record.pk, lines.name, *more])
