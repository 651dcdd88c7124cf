"""Where in a table as ministries keep it do the rows begin, what heads each column, and which lines are no rows at all?

Titles stand above, the heading has one to three rows, lines such as "I. Châu Á" give a value to the rows below, totals and notes
stand beneath. What is left out is told, line by line; the lines that part a table become columns of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from banggiao.core.folding import fold
from banggiao.reports.sheets import Sheet

#: The heading stands among the first rows; a title, a unit, a mark of exercise may stand above it.
HEAD_ROWS = 15
DEEPEST_HEAD = 3
MOST_LEVELS = 4
#: Why a line is no row.
Why = Literal["above", "heading", "total", "note"]
Path = tuple[str, ...]

_ORDINAL = frozenset({"stt", "tt", "so tt", "so thu tu", "no", "no.", "#", "so"})
_ROMAN = re.compile(r"(?:X{0,3})(?:IX|IV|V?I{0,3})\Z")
#: "I. Châu Á", "A) Nhật Bản", "2.1 Gạo"; a mark without a point counts only where it stands alone in its cell.
_MARKED = re.compile(
    r"\s*(?:(?P<mark>[IVX]{1,6}|[A-ZĐ]|\d{1,3}(?:\.\d{1,3}){0,3})\s*[.)/:\-–]|(?P<bare>[IVX]{1,6}|[A-ZĐ])(?=\s*\Z))"
    r"(?:\s+(?P<text>\S.*)|\s*)\Z",
    re.DOTALL,
)
_TOTAL = re.compile(r"(?:tong cong|tong so|tong|cong|grand total|sub ?total|total|sum)(?: \d.*)?\Z")
_NOTE = re.compile(
    r"(?:ghi chu|nguon|chu thich|luu y|notes?|source|nguoi lap|noi nhan|kt|tl|thu truong|xac nhan|ngay .* thang .* nam"
    r"|ha noi ngay|tp .* ngay)\b"
)
_NUMBERS = re.compile(r"[\d.,%\s()\-–]*\Z")
_COUNTED = re.compile(r"\(?\d{1,2}\)?\Z|\(?[A-Z]\)?\Z")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that is no row: its number in the sheet, why, and its words."""

    number: int
    why: Why
    text: str


@dataclass(frozen=True, slots=True)
class Shaped:
    """A table with one heading: the words over each column from the top down, its rows with their numbers in the sheet.

    The last `levels` columns hold the lines that part the table, the outermost first.
    """

    paths: tuple[Path, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[int, ...]
    dropped: tuple[Dropped, ...]
    levels: int = 0
    headed: bool = True


def shape(sheet: Sheet, known: Callable[[Sequence[Path]], int]) -> Shaped:
    """The table in the sheet. `known` says how many columns of a heading are understood; without any the table has no heading."""
    at, depth = _heading(sheet, known)
    if depth == 0:
        rows = [(number, cells) for number, cells in sheet.rows]
        return _body(sheet, rows, (), [], headed=False)
    paths = _paths(sheet, at, depth)
    dropped = [Dropped(number, "above", _words(cells)) for number, cells in sheet.rows[:at]]
    return _body(sheet, list(sheet.rows[at + depth :]), paths, dropped, headed=True)


def _heading(sheet: Sheet, known: Callable[[Sequence[Path]], int]) -> tuple[int, int]:
    """(place of the first row of the heading, how many rows it has); no rows when no heading is understood."""
    best, found = 0, (0, 0)
    for at in range(min(HEAD_ROWS, len(sheet.rows))):
        cells = sheet.rows[at][1]
        if len(set(filter(None, cells))) < min(2, sheet.width):
            continue
        for depth in range(1, _depth(sheet, at) + 1):
            score = known(_paths(sheet, at, depth)) * 4 - depth
            score += 4 * any(fold(cell) in _ORDINAL for cell in cells[:2]) if score > 0 else 0
            deeper = depth > 1 and found == (at, depth - 1)
            if score > best or (deeper and score >= best - 2 and _split(sheet, at, depth)):
                best, found = max(score, best), (at, depth)
    return _with_rows_above(sheet, *found)


def _with_rows_above(sheet: Sheet, at: int, depth: int) -> tuple[int, int]:
    """The heading with the rows above it that hang together with it by merged cells."""
    while 0 < depth < DEEPEST_HEAD and at:
        (above_number, above), (number, cells) = sheet.rows[at - 1], sheet.rows[at]
        shared = any(cell and cell == below for cell, below in zip(above, cells, strict=False))
        if above_number != number - 1 or not shared or len(set(filter(None, above))) < 2:
            break
        at, depth = at - 1, depth + 1
    return at, depth


def _depth(sheet: Sheet, at: int) -> int:
    """How many rows a heading that begins here can have: rows follow each other, and each fills what the row above left open."""
    depth = 1
    while depth < DEEPEST_HEAD and at + depth < len(sheet.rows) - 1:
        (above_number, above), (number, cells) = sheet.rows[at + depth - 1], sheet.rows[at + depth]
        if number != above_number + 1 or any(len(cell) > 60 for cell in cells):
            break
        wide = any((above_number, n) in sheet.across for n in range(len(above)))
        carried = sum(1 for n, cell in enumerate(cells) if cell and n < len(above) and above[n] == cell)
        opened = [n for n, cell in enumerate(cells) if cell and (n >= len(above) or not above[n])]
        lead = not cells[0] or (above and cells[0] == above[0])
        if not lead or not (wide or carried or opened):
            break
        depth += 1
    return depth


def _split(sheet: Sheet, at: int, depth: int) -> bool:
    """Whether the last row of the heading parts a cell that stands over several columns."""
    number, above = sheet.rows[at + depth - 2]
    return any((number, n) in sheet.across for n in range(len(above)))


def _paths(sheet: Sheet, at: int, depth: int) -> tuple[Path, ...]:
    """The words over each column, from the top down; a cell merged sideways stands over all its columns."""
    rows = []
    for number, cells in sheet.rows[at : at + depth]:
        full = list(cells) + [""] * (sheet.width - len(cells))
        for place in range(sheet.width):
            wide = sheet.across.get((number, place), 1)
            if wide > 1 and depth > 1:
                full[place : place + wide] = [full[place]] * len(full[place : place + wide])
        rows.append(full)
    for level in range(depth - 1):  # without merged cells a heading stands over the open cells to its right
        for place in range(1, sheet.width):
            below = rows[level + 1]
            if (
                not rows[level][place]
                and below[place]
                and rows[level][place - 1]
                and below[place - 1] not in ("", rows[level][place - 1])
            ):
                rows[level][place] = rows[level][place - 1]
    paths = []
    for place in range(sheet.width):
        words = [" ".join(row[place].split()) for row in rows]
        paths.append(tuple(w for n, w in enumerate(words) if w and w not in words[:n]))
    return tuple(paths)


def _body(
    sheet: Sheet, rows: list[tuple[int, tuple[str, ...]]], paths: tuple[Path, ...], dropped: list[Dropped], *, headed: bool
) -> Shaped:
    width = sheet.width
    heads = {
        tuple(fold(cell) for cell in _full(cells, width))
        for number, cells in sheet.rows[:HEAD_ROWS]
        if headed and rows and number < rows[0][0]
    }
    if headed and rows and len(rows[0][1]) > 2 and all(_COUNTED.match(cell) for cell in rows[0][1] if cell):
        dropped.append(Dropped(rows[0][0], "heading", _words(rows[0][1])))
        rows = rows[1:]
    rows, notes = _without_notes(rows, width)
    kept: list[tuple[int, tuple[str, ...], list[str]]] = []
    stack: list[tuple[str, str, str]] = []
    parting: list[Dropped] = []
    ordinal = bool(paths) and fold(" ".join(paths[0])) in _ORDINAL
    for number, cells in rows:
        full = _full(cells, width)
        if headed and tuple(map(fold, full)) in heads and sum(map(bool, full)) > 1:
            dropped.append(Dropped(number, "heading", _words(cells)))
        elif headed and _is_total(full):
            dropped.append(Dropped(number, "total", _words(cells)))
        elif headed and (section := _section(sheet, number, full, ordinal=ordinal)) is not None:
            style, mark, text = section
            style = _style(style, mark, stack)
            held = next((n for n, (each, _m, _t) in enumerate(stack) if each == style), None)
            stack = [*(stack if held is None else stack[:held]), (style, mark, text)][:MOST_LEVELS]
            parting.append(Dropped(number, "note", _words(cells)))
        else:
            kept.append((number, full, [text for _style_, _mark_, text in stack]))
    levels = max((len(above) for _number, _full_, above in kept), default=0)
    dropped += [line for line in parting if not kept or line.number > kept[-1][0]]  # nothing stands below them
    told = tuple(full + (*above, *[""] * (levels - len(above))) for _number, full, above in kept)
    more = tuple(("",) for _level in range(levels))
    return Shaped((*paths, *more) if headed else (), told, tuple(n for n, _c, _s in kept), (*dropped, *notes), levels, headed)


def _section(sheet: Sheet, number: int, cells: tuple[str, ...], *, ordinal: bool) -> tuple[str, str, str] | None:
    """(style of its mark, mark, words) of a line that parts the table; None for a row.

    `ordinal` says that the first column holds the numbers of the rows, so words in it alone are no row.
    """
    told = [n for n, cell in enumerate(cells) if cell]
    if len(cells) < 3 or not told or len(told) > 2:
        return None
    first, last = cells[told[0]], " ".join(cells[told[-1]].split())
    wide = sheet.across.get((number, told[-1]), 1) >= max(2, len(cells) // 2)
    found = _MARKED.match(first)
    mark = (found["mark"] or found["bare"]) if found else first if first.isdigit() and len(first) < 4 else ""
    if len(told) == 2:  # the mark stands in a cell of its own
        if told[0] > 0 or not mark or (found and found["text"]) or (mark[0].isdigit() and not wide):
            return None
        return _kind(mark), mark, last
    if found and found["text"]:
        if mark[0].isdigit() and not wide and not (ordinal and told[0] == 0):
            return None
        return _kind(mark), mark, " ".join(found["text"].split())
    return ("plain", "", last) if wide or (ordinal and told[0] == 0 and not first.isdigit()) else None


def _kind(mark: str) -> str:
    if mark[0].isdigit():
        return f"number{mark.count('.')}"
    return "roman" if _ROMAN.match(mark) and mark else "letter"


def _style(style: str, mark: str, stack: Sequence[tuple[str, str, str]]) -> str:
    """I, V and X are Roman numbers unless they go on from the letter before."""
    if style == "roman" and len(mark) == 1:
        before = next((m for each, m, _t in reversed(stack) if each == "letter"), "")
        if before and ord(mark) == ord(before) + 1:
            return "letter"
    return style


def _is_total(cells: tuple[str, ...]) -> bool:
    words = [cell for cell in cells if cell]
    if len(words) > 1 and _NUMBERS.match(words[0]):
        words = words[1:]
    return bool(words) and bool(_TOTAL.match(fold(words[0]))) and all(map(_NUMBERS.match, words[1:]))


def _without_notes(
    rows: list[tuple[int, tuple[str, ...]]], width: int
) -> tuple[list[tuple[int, tuple[str, ...]]], list[Dropped]]:
    """The rows, and the lines below them: what an export says after an empty row, notes, sources, who signs."""
    cut = len(rows)
    gap = next((n for n in range(len(rows) - 1, 0, -1) if rows[n][0] > rows[n - 1][0] + 1), 0)
    if gap and width > 2 and len(rows) - gap <= 12 and all(sum(map(bool, cells)) <= 2 for _n, cells in rows[gap:]):
        cut = gap
    while cut and width > 2:
        cells = [cell for cell in rows[cut - 1][1] if cell]
        words = fold(cells[0])
        if len(cells) <= 2 and (_NOTE.match(words) or cells[0].startswith(("*", "(*)", "/"))):
            cut -= 1
        else:
            break
    return rows[:cut], [Dropped(number, "note", _words(cells)) for number, cells in rows[cut:]]


def _full(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells, *[""] * (width - len(cells)))


def _words(cells: Iterable[str]) -> str:
    return " ".join(" ".join(dict.fromkeys(filter(None, cells))).split())[:200]
