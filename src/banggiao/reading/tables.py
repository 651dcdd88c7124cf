"""Which tasks stand in a table: what, who leads, by when?

Readers of files give a row of a table as one line with tabs between its cells. A header row that names a column of
work and one of who or when makes the rows below it tasks.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from banggiao.reading import rules, slots
from banggiao.reading.layout import Layout
from banggiao.reading.types import Fact

_COLUMNS = {
    "what": regex.compile(
        r"(?i)^(?:nội dung |tên )?(?:nhiệm vụ|công việc|việc cần làm|nội dung(?: công việc| thực hiện)?|giải pháp)"
    ),
    "who": regex.compile(
        r"(?i)^(?:cơ quan|đơn vị|đầu mối|bộ phận|người)?(?: |, ?)?(?:chủ trì|thực hiện|phụ trách|chịu trách nhiệm)"
    ),
    "when": regex.compile(r"(?i)^(?:thời hạn|thời gian|hạn|tiến độ|hoàn thành|thời điểm)"),
    "number": regex.compile(r"(?i)^(?:stt|tt|số thứ tự|số tt|#)$"),
}
_CELLS = 3
_RULE, _CONFIDENCE = "table.task@1", 0.85


def find_table_tasks(layout: Layout, year: int | None = None) -> Iterator[Fact]:
    """The tasks of every table, in order of their place."""
    if "\t" not in layout.text:
        return
    columns: dict[str, int] = {}
    width = 0
    for line in layout.lines:
        cells = line.text.split("\t")
        if len(cells) < _CELLS:
            columns = {} if line.text.strip() else columns
            continue
        header = _header(cells)
        if header:
            columns, width = header, len(cells)
        elif columns and len(cells) == width and cells[columns["what"]].strip():
            yield _task(line.span[0], line.span, cells, columns, year)


def _header(cells: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for n, cell in enumerate(cells):
        for name, pattern in _COLUMNS.items():
            if name not in found and pattern.match(rules.shadow(cell.strip())):
                found[name] = n
                break
    return found if "what" in found and ("who" in found or "when" in found) else {}


def _task(start: int, evidence: tuple[int, int], cells: list[str], columns: dict[str, int], year: int | None) -> Fact:
    at = columns["what"]
    left = start + sum(len(cell) + 1 for cell in cells[:at])
    raw = cells[at]
    left += len(raw) - len(raw.lstrip())
    what = raw.strip()
    when = cells[columns["when"]].strip() if "when" in columns else ""
    limit = slots.day_of(when, year) if when else None
    value = {
        "enumerator": cells[columns["number"]].strip() if "number" in columns else None,
        "what": what,
        "assignee": (cells[columns["who"]].strip() or None) if "who" in columns else None,
        "deadline": limit or when or None,
        "period": None,
        "giver": None,
    }
    return Fact("task", (left, left + len(what)), evidence, value, _CONFIDENCE, _RULE)
