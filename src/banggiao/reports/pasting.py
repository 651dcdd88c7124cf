"""What would a table write into a register: which column is which field, what is wrong in which cell, what stands already?

Pasted text and files come through here alike. Beside the fields of the register a column may be the list's own number of its rows
(`KEY`) or what the list says of progress (`PROGRESS`), which is only ever noted as a claim.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from rapidfuzz import fuzz

from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, InvalidInput
from banggiao.core.exports import safe_cell
from banggiao.core.folding import fold
from banggiao.core.registers import Register
from banggiao.followup.models import Followed
from banggiao.reports import actions
from banggiao.reports.cells import Options, Parted, parted, told_by_sections, without_unclear
from banggiao.reports.duplicates import known_rows
from banggiao.reports.entry import Reader, Understood, asked_by
from banggiao.reports.labels import headings_of, label_of
from banggiao.reports.shaping import Dropped, Path, Shaped, shape
from banggiao.reports.sheets import Sheet

#: A heading so like one that is known is taken for it: a letter mistyped, no more.
LIKE = 90
#: Columns that are no field of the record: the list's own number of the row, and what it says of progress.
KEY, PROGRESS = "_key", "_progress"
_KEYS = frozenset(
    {"ma", "ma so", "ma hieu", "ma dong", "ma cam ket", "ma nhiem vu", "ma so cam ket", "ky hieu", "code", "id", "ref"}
)


@dataclass(frozen=True, slots=True)
class Pasted:
    """A table: its heading, its rows, and for each column the field it fills ("" for a column that is left out).

    `places` are the numbers of the rows in the sheet, `dropped` the lines that are no rows; `sheet`, `warnings` the file's.
    """

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    places: tuple[int, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    sheet: str = ""
    warnings: tuple[str, ...] = ()

    def place(self, number: int) -> int:
        """The number in the sheet of a row that is counted from 1."""
        return self.places[number - 1] if self.places else number


@dataclass(frozen=True, slots=True)
class Known:
    """What headings were said to mean: by folded heading, and for a table that has the very same headings (`signature`)."""

    headings: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def for_table(self, heading: Sequence[str]) -> Mapping[str, str]:
        """The meanings for a table with these headings: those of the very table before those of its single headings."""
        return {**self.headings, **self.tables.get(signature(heading), {})}


@dataclass(frozen=True, slots=True)
class Line:
    """A row with what it means. `number` counts from 1, `place` is its number in the sheet, `part` which record of the row it is.

    `twin` is the record like it, or the number of the earlier row; `likeness` (0 to 100) how like, when not the very same.
    `left` are cells that are not understood and stay empty. `about` is what an earlier import says (`importing.Standing`).
    """

    number: int
    cells: tuple[str, ...]
    understood: Understood
    twin: UUID | int | None = None
    place: int = 0
    part: int = 0
    likeness: float = 100
    own_key: str = ""
    progress: str = ""
    left: Mapping[str, str] = field(default_factory=dict)
    about: Any = None

    @property
    def id(self) -> str:
        """What the line is called in a choice: its row in the sheet, and its part where one row gives several records."""
        return f"{self.place}.{self.part}" if self.part else str(self.place)

    @property
    def kind(self) -> str:
        """A term of `import_row`: wrong, twin, good (new), changed, clash, same or skipped."""
        if self.about is not None:
            return str(self.about.kind)
        return "wrong" if self.understood.problems else "good" if self.twin is None else "twin"


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a table: the records made, and the rows that were not written."""

    records: tuple[Any, ...]
    left: tuple[Line, ...]


def recognised(register: Register, sheet: Sheet, known: Known | None = None, viewer: Viewer | None = None) -> Pasted:
    """The table with its heading found and its columns taken for fields; `known` are headings that people explained before.

    Without a heading the columns are those of the form, in its order. With a viewer, lines that part the table are taken for the
    partner, body or field that they name. Raises InvalidInput for a table without rows.
    """
    fields = [each.name for each in asked_by(register)]
    meanings = _meanings(register, fields)
    known = known or Known()
    shaped = shape(sheet, lambda paths: sum(1 for name in _columns(paths, meanings, known.headings) if name))
    if not shaped.rows:
        raise InvalidInput(N_("Bảng không có dòng nào dưới tiêu đề."), remedy=N_("Hãy dán cả tiêu đề và các dòng của bảng."))
    width = len(shaped.rows[0])
    if shaped.headed:
        heading = _headings(shaped)
        columns = _columns(shaped.paths, meanings, known.for_table(heading))
    else:
        heading = tuple(label_of(register, n) for n in fields)[:width]
        heading, columns = heading + ("",) * (width - len(heading)), (*fields, *[""] * width)[:width]
    told = known.for_table(heading)
    if viewer is not None and shaped.levels:
        columns = told_by_sections(
            register, shaped, columns, {h: told[fold(h)] for h in heading if fold(h) in told}, heading, viewer
        )
    return Pasted(heading, shaped.rows, columns, shaped.places, shaped.dropped, sheet.name, sheet.warnings)


def checked(register: Register, table: Pasted, viewer: Viewer, options: Options = Options()) -> list[Line]:  # noqa: B008
    """Each row understood, with everything wrong in it, and those that say what stands already marked."""
    reader = Reader(register, viewer)
    given = [
        {name: cell for name, cell in zip(table.columns, row, strict=True) if name and cell} for row in table.rows
    ]  # fmt: skip
    reader.prepare([{n: c for n, c in row.items() if not n.startswith("_")} for row in given])
    lines: list[Line] = []
    for number, (row, values) in enumerate(zip(table.rows, given, strict=True), 1):
        own_key, progress = values.pop(KEY, ""), values.pop(PROGRESS, "")
        found: list[Parted] = parted(reader, values, options)
        for part, each in enumerate(found, 1):
            understood, left = without_unclear(reader, each, options)
            lines.append(
                Line(
                    number, row, understood, place=table.place(number), part=part if len(found) > 1 else 0,
                    own_key=" ".join(own_key.split())[:80], progress=progress, left=left,
                )
            )  # fmt: skip
    sound = [line for line in lines if not line.understood.problems]
    twins = known_rows(register, [line.understood for line in sound], viewer)
    known = {line.id: sound[twin].number if isinstance(twin, int) else twin for line, twin in zip(sound, twins, strict=True)}
    return [replace(line, twin=known.get(line.id)) for line in lines]


def write(register: Register, lines: Sequence[Line], *, twins: bool = False, all_or_nothing: bool = False, act: Act) -> Written:
    """The sound rows written in one transaction, those like a standing record only with `twins`.

    With `all_or_nothing` a faulty row keeps all from being written. Raises NotPermitted, InvalidInput, and as the service.
    """
    actions.require_entry(register, act.viewer)
    require_sound(lines, all_or_nothing)
    chosen = [line for line in lines if line.kind == "good" or (twins and line.kind == "twin")]
    records = actions.create_many(register, rows=[line.understood for line in chosen], act=act) if chosen else []
    taken = {line.id for line in chosen}
    return Written(tuple(records), tuple(line for line in lines if line.id not in taken and line.kind == "wrong"))


def require_sound(lines: Sequence[Line], all_or_nothing: bool) -> None:
    """Raise InvalidInput where all or nothing was asked for and a row has a fault."""
    wrong = sum(line.kind == "wrong" for line in lines)
    if wrong and all_or_nothing:
        raise InvalidInput(
            N_("Còn %(count)s dòng có lỗi nên chưa ghi dòng nào."),
            remedy=N_("Hãy sửa các dòng đó, hoặc chọn chỉ ghi các dòng đúng."),
            count=wrong,
        )


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


def targets(register: Register) -> list[tuple[str, str]]:
    """What a column may be taken for, as (name, label): the fields of the form, the list's own number, a claim of progress."""
    more = [(KEY, gettext("(mã dòng của danh sách)"))]
    if issubclass(register.model, Followed):
        more.append((PROGRESS, gettext("(tình trạng: ghi thành lời tự báo)")))
    return [*((each.name, label_of(register, each.name)) for each in asked_by(register)), *more]


def explained(table: Pasted) -> dict[str, str]:
    """What the columns of the table were taken for, by folded heading: remembered for the next table."""
    return {fold(head): name for head, name in zip(table.heading, table.columns, strict=True) if fold(head)}


def signature(heading: Sequence[str]) -> str:
    """What tells a table by its headings."""
    return hashlib.sha256("|".join(map(fold, heading)).encode()).hexdigest()[:32]


def _headings(shaped: Shaped) -> tuple[str, ...]:
    plain = len(shaped.paths) - shaped.levels
    names = [gettext("Đề mục cấp %(n)s") % {"n": n} for n in range(1, shaped.levels + 1)]
    return (*(" / ".join(path) for path in shaped.paths[:plain]), *names)


def _meanings(register: Register, fields: Sequence[str]) -> dict[str, str]:
    """Folded heading -> field; of two fields that share a heading the one whose own name it is, else the first of the form."""
    meanings: dict[str, str] = {}
    all_headings = {name: headings_of(register, name) for name in fields}
    for depth in range(max(map(len, all_headings.values()), default=0)):
        for name, headings in all_headings.items():
            if depth < len(headings):
                meanings.setdefault(headings[depth], name)
    if "code" not in fields:
        meanings |= {heading: KEY for heading in _KEYS if heading not in meanings}
    return meanings


def _columns(paths: Sequence[Path], meanings: Mapping[str, str], known: Mapping[str, str]) -> tuple[str, ...]:
    """The field of each column; what people explained holds, then whole headings, then their last words, then their first."""
    taken: set[str] = set()
    columns = [""] * len(paths)
    for read in (_said_before, _whole, _last, _first):
        for place, path in enumerate(paths):
            heading = fold(" / ".join(path))
            if columns[place] or not path or len(heading) > 200 or (heading in known and read is not _said_before):
                continue
            name = read(path, meanings, known)
            if name and name not in taken:
                columns[place] = name
                taken.add(name)
    return tuple(columns)


def _said_before(path: Path, meanings: Mapping[str, str], known: Mapping[str, str]) -> str:
    return known.get(fold(" / ".join(path)), "")


def _whole(path: Path, meanings: Mapping[str, str], known: Mapping[str, str]) -> str:
    return _meant(" ".join(path), meanings) or (_meant(" ".join(reversed(path)), meanings) if len(path) > 1 else "")


def _last(path: Path, meanings: Mapping[str, str], known: Mapping[str, str]) -> str:
    return _meant(path[-1], meanings) if len(path) > 1 else ""


def _first(path: Path, meanings: Mapping[str, str], known: Mapping[str, str]) -> str:
    return _meant(path[0], meanings) if len(path) > 1 else ""


def _meant(heading: str, meanings: Mapping[str, str]) -> str:
    words = fold(re.sub(r"\(.*?\)", " ", heading)) or fold(heading)
    return meanings.get(fold(heading)) or meanings.get(words) or _alike(words, meanings)


def _alike(words: str, meanings: Mapping[str, str]) -> str:
    if not 5 < len(words) < 60:
        return ""
    best = max(meanings, key=lambda heading: fuzz.ratio(words, heading), default="")
    return meanings[best] if best and fuzz.ratio(words, best) >= LIKE else ""
