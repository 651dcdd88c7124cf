"""What stands in the cells of a small table, be it a sheet of Excel with merged headings or text parted by commas?"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from banggiao.analytics.ingest.opening import opened
from banggiao.analytics.ingest.running import Run
from banggiao.core.errors import N_, FieldProblem, InvalidInput, Unreadable
from banggiao.core.folding import fold

#: Such tables are read whole; larger ones are bulk data and come as BACI, Comtrade or WDI files.
MOST_ROWS, MOST_BYTES = 1_000_000, 256 << 20


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a table as text, and where they came from. Row 0 is the first row of the file, whatever stands there."""

    name: str
    rows: tuple[tuple[str, ...], ...]

    def where(self, row: int) -> str:
        """A row as people find it: file (and sheet) with the number of the line."""
        return f"{self.name}:{row + 1}"


@dataclass(frozen=True, slots=True)
class Headed:
    """A grid whose columns are named: the row of the headings and our name -> column."""

    grid: Grid
    heading: int
    columns: Mapping[str, int]

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(row, our name -> cell) below the heading; rows without any cell of ours are passed over."""
        for number in range(self.heading + 1, len(self.grid.rows)):
            row = self.grid.rows[number]
            told = {name: row[place].strip() if place < len(row) else "" for name, place in self.columns.items()}
            if any(told.values()):
                yield number, told


def grids_of(path: Path, scratch: Path, run: Run) -> Iterator[Grid]:
    """The tables in a file: each sheet of an Excel file, or each text table (plain, zip, gz).

    Raises Unreadable for what is no table or too large to be read whole.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(N_("Tệp quá lớn để đọc như bảng tính."), subject=path.name, remedy=N_("Hãy chia nhỏ tệp rồi nhập lại."))
    with path.open("rb") as handle:
        start = handle.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0") or (start.startswith(b"PK") and path.suffix.lower() in (".xlsx", ".xlsm", ".ods")):
        yield from _sheets(path, run)
        return
    for file in opened(path, scratch, run):
        if file.is_json:
            raise Unreadable(N_("Tệp JSON không phải bảng."), subject=file.name, remedy=N_("Hãy gửi tệp csv hoặc Excel."))
        with file.path.open(encoding="utf-8-sig", newline="") as text:
            delimiter = _delimiter(file.path, file.delimiter)
            rows = tuple(tuple(cell.strip() for cell in row) for row in csv.reader(text, delimiter=delimiter))
        yield _checked(Grid(file.name, rows))


def headed(grid: Grid, spellings: Mapping[str, Sequence[str]], required: Sequence[str], *, within: int = 30) -> Headed:
    """The grid with its columns named: the row among the first `within` that names most of them is the heading.

    `spellings` gives our name -> headings it may bear. Raises InvalidInput naming what is missing and what was found.
    """
    best = Headed(grid, 0, {})
    for number, row in enumerate(grid.rows[:within]):
        cells = [fold(cell.replace("_", " ")) for cell in row]
        found: dict[str, int] = {}
        for name, words in spellings.items():
            place = next((cells.index(fold(word)) for word in words if fold(word) in cells), None)
            if place is not None and place not in found.values():
                found[name] = place
        if len(found) > len(best.columns):
            best = Headed(grid, number, found)
    missing = [name for name in required if name not in best.columns]
    if missing:
        shown = next((row for row in grid.rows[best.heading : best.heading + 1]), ())
        raise InvalidInput(
            N_("Dòng tiêu đề không đúng: cần các cột %(expected)s; tệp có %(found)s."),
            subject=grid.name,
            remedy=N_("Hãy xuất lại tệp với đủ các cột, hoặc nêu đúng nguồn bằng --source."),
            expected=", ".join(spellings[name][0] for name in required),
            found=", ".join(filter(None, shown))[:300] or "-",
            problems=[FieldProblem(spellings[name][0], N_("Thiếu cột này.")) for name in missing],
        )
    return best


def _sheets(path: Path, run: Run) -> Iterator[Grid]:
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(str(path))
        names = list(book.sheet_names)
        for place, name in enumerate(names):
            run.at("read", place / len(names) * 0.5)
            sheet = book.get_sheet_by_name(name)
            rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            for (top, left), (bottom, right) in getattr(sheet, "merged_cell_ranges", None) or ():
                for row in rows[top : bottom + 1]:
                    row[left : right + 1] = [rows[top][left]] * (min(right + 1, len(row)) - left)
            if any(any(row) for row in rows):
                yield _checked(Grid(f"{path.name}/{name}", tuple(map(tuple, rows))))
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable(
            N_("Không mở được tệp Excel: tệp hỏng hoặc có mật khẩu."),
            subject=path.name,
            remedy=N_("Hãy lưu lại bằng Excel không mật khẩu, hoặc lưu thành csv."),
        ) from error


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()[:10]
    return str(cell).strip()


def _delimiter(path: Path, told: str) -> str:
    """The mark that parts most of the first lines: a title above the table has none, so the first line alone may mislead."""
    with path.open(encoding="utf-8-sig") as handle:
        lines = [line for line, _n in zip(handle, range(40), strict=False)]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in ",\t;|"}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] > counts.get(told, 0) else told


def _checked(grid: Grid) -> Grid:
    if len(grid.rows) > MOST_ROWS:
        raise Unreadable(N_("Tệp quá lớn để đọc như bảng tính."), subject=grid.name, remedy=N_("Hãy chia nhỏ tệp rồi nhập lại."))
    return grid
