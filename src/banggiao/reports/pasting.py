"""What would a pasted table write into a register: which column is which field, what is wrong, what stands already?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from rapidfuzz import fuzz

from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, InvalidInput
from banggiao.core.exports import safe_cell
from banggiao.core.folding import fold
from banggiao.core.registers import Register
from banggiao.reports import actions
from banggiao.reports.duplicates import known_rows
from banggiao.reports.entry import Reader, Understood, asked_by
from banggiao.reports.labels import headings_of, label_of

#: A heading so like one that is known is taken for it: a letter mistyped, no more.
LIKE = 90
#: The heading stands among the first rows; a title or a mark of exercise may stand above it.
HEAD_ROWS = 6


@dataclass(frozen=True, slots=True)
class Pasted:
    """A table: its heading, its rows, and for each column the field it fills ("" for a column that is left out)."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row with what it means. `number` counts from 1; `twin` is the record like it, or the number of the earlier row."""

    number: int
    cells: tuple[str, ...]
    understood: Understood
    twin: UUID | int | None = None

    @property
    def kind(self) -> str:
        """wrong, twin or good."""
        return "wrong" if self.understood.problems else "good" if self.twin is None else "twin"


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a table: the records made, and the rows that were not written."""

    records: tuple[Any, ...]
    left: tuple[Line, ...]


def recognised(register: Register, rows: Sequence[Sequence[str]], known: Mapping[str, str] | None = None) -> Pasted:
    """The table with its heading found and its columns taken for fields; `known` are headings that the user explained before.

    Without a heading the columns are those of the form, in its order. Raises InvalidInput for a table without rows.
    """
    fields = [each.name for each in asked_by(register)]
    meanings = _meanings(register, fields)
    best, at = 0, -1
    for place, row in enumerate(rows[:HEAD_ROWS]):
        found = sum(1 for name in _columns(row, meanings, known or {}) if name)
        if found > best:
            best, at = found, place
    body = [tuple(row) for row in rows[at + 1 :]]
    heading = tuple(rows[at]) if at >= 0 else tuple(label_of(register, n) for n in fields)
    columns = _columns(heading, meanings, known or {}) if at >= 0 else tuple(fields)
    width = max([len(heading), *(len(row) for row in body)], default=0)
    heading += ("",) * (width - len(heading))
    columns = (*columns, *[""] * (width - len(columns)))[:width]
    kept = tuple(row + ("",) * (width - len(row)) for row in _without_notes(body, width) if row)
    if not kept:
        raise InvalidInput(N_("Bảng không có dòng nào dưới tiêu đề."), remedy=N_("Hãy dán cả tiêu đề và các dòng của bảng."))
    return Pasted(heading[:width], kept, columns)


def checked(register: Register, table: Pasted, viewer: Viewer) -> list[Line]:
    """Each row understood, with everything wrong in it, and those that say what stands already marked."""
    reader = Reader(register, viewer)
    typed = [{name: cell for name, cell in zip(table.columns, row, strict=True) if name and cell} for row in table.rows]
    reader.prepare(typed)
    lines = [
        Line(number, row, reader.read(values)) for number, (row, values) in enumerate(zip(table.rows, typed, strict=True), 1)
    ]
    sound = [line for line in lines if not line.understood.problems]
    twins = known_rows(register, [line.understood for line in sound], viewer)
    known = {line.number: sound[twin].number if isinstance(twin, int) else twin for line, twin in zip(sound, twins, strict=True)}
    return [replace(line, twin=known.get(line.number)) for line in lines]


def write(register: Register, lines: Sequence[Line], *, twins: bool = False, all_or_nothing: bool = False, act: Act) -> Written:
    """The sound rows written in one transaction, those like a standing record only with `twins`.

    With `all_or_nothing` a faulty row keeps all from being written. Raises NotPermitted, InvalidInput, and as the service.
    """
    actions.require_entry(register, act.viewer)
    wrong = [line for line in lines if line.kind == "wrong"]
    if wrong and all_or_nothing:
        raise InvalidInput(
            N_("Còn %(count)s dòng có lỗi nên chưa ghi dòng nào."),
            remedy=N_("Hãy sửa các dòng đó, hoặc chọn chỉ ghi các dòng đúng."),
            count=len(wrong),
        )
    chosen = [line for line in lines if line.kind == "good" or (twins and line.kind == "twin")]
    records = actions.create_many(register, rows=[line.understood for line in chosen], act=act) if chosen else []
    taken = {line.number for line in chosen}
    return Written(tuple(records), tuple(line for line in lines if line.number not in taken and line.kind == "wrong"))


def to_mend(register: Register, table: Pasted, lines: Sequence[Line]) -> bytes:
    """The faulty rows as CSV with what is wrong behind each, to be mended in a spreadsheet and pasted again."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*(safe_cell(name) for name in table.heading), gettext("Lỗi")])
    for line in lines:
        if line.kind == "wrong":
            writer.writerow([*(safe_cell(cell) for cell in line.cells), safe_cell(said(register, line))])
    return ("\ufeff" + out.getvalue()).encode()


def said(register: Register, line: Line) -> str:
    """Everything wrong with a row in one text."""
    return " ".join(f"{label_of(register, p.field)}: {gettext(p.message)}" for p in line.understood.problems)


def explained(table: Pasted) -> dict[str, str]:
    """What the columns of the table were taken for, by folded heading: remembered for the next table."""
    return {fold(head): name for head, name in zip(table.heading, table.columns, strict=True) if fold(head)}


def _meanings(register: Register, fields: Sequence[str]) -> dict[str, str]:
    """Folded heading -> field; of two fields that share a heading the one whose own name it is, else the first of the form."""
    meanings: dict[str, str] = {}
    all_headings = {name: headings_of(register, name) for name in fields}
    for depth in range(max(map(len, all_headings.values()), default=0)):
        for name, headings in all_headings.items():
            if depth < len(headings):
                meanings.setdefault(headings[depth], name)
    return meanings


def _columns(row: Sequence[str], meanings: Mapping[str, str], known: Mapping[str, str]) -> tuple[str, ...]:
    taken: set[str] = set()
    columns = []
    for cell in row:
        words = fold(re.sub(r"\(.*?\)", " ", cell)) or fold(cell)
        name = known.get(fold(cell), "-") if len(cell) < 200 else ""
        if name == "-":
            name = meanings.get(fold(cell)) or meanings.get(words) or _alike(words, meanings)
        columns.append("" if name in taken else name)
        taken.add(name)
    return tuple(columns)


def _alike(words: str, meanings: Mapping[str, str]) -> str:
    if not 5 < len(words) < 60:
        return ""
    best = max(meanings, key=lambda heading: fuzz.ratio(words, heading), default="")
    return meanings[best] if best and fuzz.ratio(words, best) >= LIKE else ""


def _without_notes(rows: Sequence[tuple[str, ...]], width: int) -> Sequence[tuple[str, ...]]:
    """The rows without the lines of counting rule, date and source that stand below an export, parted by an empty row."""
    blank = next((n for n in range(len(rows) - 1, -1, -1) if not rows[n]), -1)
    tail = rows[blank + 1 :]
    if blank >= 0 and width > 2 and len(tail) <= 12 and all(len(row) <= 2 for row in tail):
        return rows[:blank]
    return rows
