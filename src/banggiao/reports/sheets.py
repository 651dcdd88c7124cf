"""Which tables does a file or a pasted text hold, with merged cells filled out, and in which row does each line stand?

What is taken is bounded, and a package is checked before it is opened, as for documents that are read in.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import islice
from typing import Any, NamedTuple

from django.utils.translation import gettext
from lxml import etree, html

from banggiao.core.errors import N_, Unreadable
from banggiao.core.folding import is_text, nfc
from banggiao.reading.intake.decoding import declared_charset, decode
from banggiao.reading.intake.mending import mend
from banggiao.reading.intake.packages import check_package, check_part, parse_part

MOST_ROWS = 10_000
MOST_COLUMNS = 60
MOST_CELL = 20_000
MOST_BYTES = 12_000_000
MOST_XML = 60_000_000
#: A heading, and what an export says below its rows, beside the rows themselves.
ROOM = 10
MOST_TABLES = 40
#: Cells that merged cells may fill; more are made up to make the reader work.
MOST_FILLED = 600_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: In the workbook of an export a leading apostrophe keeps a text from being taken for a formula; it is not part of the text.
_GUARDED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
#: A cell beyond column Z that holds something.
_FAR = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{2,3})\d{1,7}"[^>]*(?<!/)>')
#: A formula whose result was never saved: no value stands behind it.
_UNSAVED = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"), None) | dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")


class Piece(NamedTuple):
    """A cell before it is set into its table: its text, how many rows and columns it covers, whether it goes on from above."""

    text: str
    down: int = 1
    across: int = 1
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it stands: its rows that say something, each with its number in the sheet, from 1.

    A cell merged downwards is filled into the rows below. `across` says of a cell (row, column) merged sideways how many columns
    it covers; its text stands in the first. `warnings` are said in the reader's language.
    """

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    across: Mapping[tuple[int, int], int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """The columns of its widest row."""
        return max((len(cells) for _number, cells in self.rows), default=0)


def sheets_of_text(text: str) -> list[Sheet]:
    """The table of a pasted text: an HTML table, else cells parted by tabs (or ; or , of a CSV), quoted where they hold lines.

    Raises Unreadable where there is no table or too much of it.
    """
    _check_size(len(text))
    if re.match(r"\s*<(?:!|html|table|meta|div|style|body)", text, re.IGNORECASE) and "<t" in text.casefold():
        return _told(_html_tables(text))
    text = text.lstrip("\ufeff")
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_mark(text))
        return _told([_built("", ([Piece(cell) for cell in row] for row in rows))])
    except csv.Error:
        raise _no_table() from None


def sheets_of_file(data: bytes, name: str) -> list[Sheet]:
    """The tables of a file: sheets of XLSX, tables of DOCX, the one of CSV or text.

    Raises Unreadable, naming the file by its last part.

    Formulas are never computed: the value that was saved with them counts. Files with macros and with passwords are refused.
    """
    shown = file_name(name)
    try:
        _check_size(len(data))
        if data[:4] == b"PK\x03\x04":
            return _told(_package_tables(data))
        if data[:4] == b"\xd0\xcf\x11\xe0":
            raise _old_or_locked(data)
        if b"\0" in data[:4000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise _no_table()
        text, _repairs = decode(data, declared_charset(data))
        return sheets_of_text(text.replace("\r\n", "\n"))
    except Unreadable as problem:
        problem.subject = problem.subject or shown
        raise


def file_name(name: str) -> str:
    """The last part of the name a file was sent with; what leads into folders is nobody's business."""
    return "".join(c for c in re.split(r"[\\/]", name)[-1] if c.isprintable())[:120]


def _package_tables(data: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            check_package(package, len(data), most_xml=MOST_XML)
            names = package.namelist()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise Unreadable(
                    N_("Tệp có macro nên không được nhận."), remedy=N_("Hãy lưu lại ở dạng .xlsx hoặc .docx rồi gửi lại.")
                )
            if "xl/workbook.bin" in names:
                raise Unreadable(N_("Không đọc được dạng tệp .xlsb."), remedy=N_("Hãy lưu lại ở dạng .xlsx rồi gửi lại."))
            if any(name.startswith("xl/") for name in names):
                for name in names:  # openpyxl reads these itself
                    if name.lower().endswith((".xml", ".rels")):
                        check_part(package.read(name))
                return _xlsx_tables(data, package)
            if "word/document.xml" in names:
                return _docx_tables(package.read("word/document.xml"))
    except Unreadable:
        raise
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, EOFError, ValueError) as problem:
        raise _damaged() from problem
    except etree.XMLSyntaxError as problem:
        raise _damaged() from problem
    raise _no_table()


def _xlsx_tables(data: bytes, package: zipfile.ZipFile) -> list[Sheet]:
    from openpyxl import load_workbook  # slow to import, so only where a workbook is opened

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            shown = [s for s in book.worksheets if s.sheet_state == "visible"]
            hidden = len(book.worksheets) - len(shown)
            sheets = [_xlsx_sheet(sheet, package) for sheet in (shown or book.worksheets)[:MOST_TABLES]]
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as problem:  # openpyxl lets through whatever XML, zip and its own checks raise
        raise _damaged() from problem
    if hidden and shown:
        said = gettext("Tệp có %(n)s trang ẩn, không được đọc.") % {"n": hidden}
        sheets = [replace(sheet, warnings=(*sheet.warnings, said)) for sheet in sheets]
    return sheets


def _xlsx_sheet(sheet: Any, package: zipfile.ZipFile) -> Sheet:
    # The size a sheet declares may be made up; what is read is bounded instead.
    sheet.reset_dimensions()
    rows = islice(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1_048_576)
    part = package.read(sheet._worksheet_path)
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for found in _MERGED.finditer(part):
        top, bottom = int(found[2]), int(found[4])
        left, right = _column(found[1]), _column(found[3])
        if left < MOST_COLUMNS and bottom >= top and right >= left:
            spans[top, left] = (bottom - top + 1, min(right, MOST_COLUMNS - 1) - left + 1)
    # A row that was only coloured costs nothing: a single cell far below gives a million of them.
    cells = ([Piece(_plain(cell)) for cell in row] if any(cell is not None for cell in row) else () for row in rows)
    built = _built(sheet.title, cells, spans)
    if any(_column(found[1]) >= MOST_COLUMNS for found in _FAR.finditer(part)):
        said = gettext("Các cột sau cột thứ %(most)s không được đọc; hãy bỏ các cột không cần rồi gửi lại.")
        built = replace(built, warnings=(said % {"most": MOST_COLUMNS},))
    unsaved = [found[1].decode() for found in islice(_UNSAVED.finditer(part), 200)]
    if unsaved:
        said = gettext(
            "%(n)s ô có công thức mà chưa lưu giá trị (%(cells)s) nên được coi là trống; hãy mở bằng Excel và lưu lại."
        )
        shown = ", ".join(unsaved[:5]) + ("…" if len(unsaved) > 5 else "")
        built = replace(built, warnings=(*built.warnings, said % {"n": len(unsaved), "cells": shown}))
    return built


def _docx_tables(part: bytes) -> list[Sheet]:
    root = parse_part(part)
    tables = [table for table in root.iter(_W + "tbl") if next(table.iterancestors(_W + "tbl"), None) is None]
    return [
        _built(gettext("Bảng %(n)s") % {"n": number}, map(_word_cells, _word_rows(table)))
        for number, table in enumerate(tables[:MOST_TABLES], 1)
    ]


def _word_rows(table: Any) -> Iterator[Any]:
    for child in table.iterchildren():
        found = [child] if child.tag == _W + "tr" else child.iterfind(f"{_W}sdtContent/{_W}tr") if child.tag == _W + "sdt" else ()
        for row in found:
            if row.find(f"{_W}trPr/{_W}del") is None:  # a row struck out by tracked changes is not there any more
                yield row


def _word_cells(row: Any) -> list[Piece]:
    pieces = [Piece("") for _n in range(_number(row.find(f"{_W}trPr/{_W}gridBefore"), 0))]
    for cell in row.iter(_W + "tc"):
        if next(cell.iterancestors(_W + "tr")) is not row:
            continue
        lines = ("".join(t.text or "" for t in paragraph.iter(_W + "t")) for paragraph in cell.iter(_W + "p"))
        text = "\n".join(" ".join(line.split()) for line in lines).strip()
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        goes_on = merged is not None and merged.get(_W + "val", "continue") == "continue"
        pieces.append(Piece("" if goes_on else text, across=_number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1), goes_on=goes_on))
    return pieces


def _number(element: Any, otherwise: int) -> int:
    text = element.get(_W + "val", "") if element is not None else ""
    return min(int(text), MOST_COLUMNS) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def _html_tables(text: str) -> list[Sheet]:
    try:
        tree = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, recover=True, huge_tree=False))
    except (etree.ParserError, ValueError):
        raise _no_table() from None
    tables = tree.xpath("//table[not(ancestor::table)]")[:MOST_TABLES]
    return [
        _built(
            gettext("Bảng %(n)s") % {"n": number}, ([_html_cell(c) for c in row.xpath("./td|./th")] for row in t.xpath(".//tr"))
        )
        for number, t in enumerate(tables, 1)
    ]


def _html_cell(cell: Any) -> Piece:
    for line_end in cell.xpath(".//br|.//p"):
        line_end.tail = "\n" + (line_end.tail or "")
    text = "\n".join(" ".join(line.split()) for line in cell.text_content().split("\n")).strip()
    down, across = (cell.get(name, "1") for name in ("rowspan", "colspan"))
    size = [int(n) if n.isascii() and n.isdigit() and 0 < len(n) < 6 else 1 for n in (down, across)]
    return Piece(text, max(1, min(size[0], MOST_ROWS)), max(1, min(size[1], MOST_COLUMNS)))


def _built(name: str, rows: Iterable[Sequence[Piece]], spans: Mapping[tuple[int, int], tuple[int, int]] | None = None) -> Sheet:
    """The table of these cells. `spans` are the merged cells of a workbook, where every row has a cell for every column."""
    found: list[tuple[int, tuple[str, ...]]] = []
    across: dict[tuple[int, int], int] = {}
    below: dict[int, tuple[int, str, int]] = {}  # column -> (last row covered, text, columns covered)
    last: dict[int, str] = {}  # what stands in a column of Word until a merged cell ends
    filled = 0
    for number, pieces in enumerate(rows, 1):
        cells: list[str] = []
        own = False
        if spans is not None:
            pieces = [p._replace(down=s[0], across=1) if (s := spans.get((number, n))) else p for n, p in enumerate(pieces)]
        for piece in pieces:
            while spans is None and (held := below.get(len(cells))) and held[0] >= number and not piece.goes_on:
                cells += [held[1], *[""] * (held[2] - 1)]
            place, text = len(cells), _text(piece.text)
            held = below.get(place)
            if spans is not None and held and held[0] >= number and not text:
                text = held[1]
                filled += 1
            elif piece.goes_on:
                text = last.get(place, "")
                filled += 1
            else:
                own = own or bool(text)
                last[place] = text
                if piece.down > 1:
                    below[place] = (number + piece.down - 1, text, piece.across)
            wide = spans[number, place][1] if spans is not None and (number, place) in spans else piece.across
            if wide > 1 and text:
                across[number, place] = wide
            cells += [text, *[""] * (piece.across - 1)]
            if filled > MOST_FILLED or len(cells) > MOST_COLUMNS * 20:
                raise _too_many_columns()
        while spans is None and (held := below.get(len(cells))) and held[0] >= number:
            cells += [held[1], *[""] * (held[2] - 1)]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise _too_many_columns()
        if own:
            found.append((number, tuple(cells)))
        if len(found) > MOST_ROWS + ROOM:
            raise Unreadable(
                N_("Bảng có nhiều hơn %(most)s dòng."),
                remedy=N_("Hãy chia bảng thành nhiều phần rồi gửi từng phần."),
                most=MOST_ROWS,
            )
    return _mended(Sheet(name.strip()[:120], tuple(found), across))


def _mended(sheet: Sheet) -> Sheet:
    """The table with writing of old fonts (TCVN3, VNI) and broken encodings undone, as for documents."""
    lines = list(
        dict.fromkeys(line for _n, cells in sheet.rows for cell in cells for line in cell.split("\n") if not line.isascii())
    )
    text, repairs = mend("\n".join(lines))
    mended = text.split("\n") if repairs else lines
    if len(mended) != len(lines):
        return sheet
    # Only now, since to TCVN3 the soft hyphen is a letter.
    clean = {line: new.replace("\xad", "") for line, new in zip(lines, mended, strict=True)}
    if all(line == new for line, new in clean.items()):
        return sheet
    rows = tuple(
        (number, tuple("\n".join(clean.get(line, line) for line in cell.split("\n")) for cell in cells))
        for number, cells in sheet.rows
    )
    return replace(sheet, rows=rows)


def _told(sheets: Sequence[Sheet]) -> list[Sheet]:
    told = [sheet for sheet in sheets if sheet.rows]
    if not told:
        raise _no_table()
    return told


def _mark(text: str) -> str:
    """What parts the cells: the mark by which most of the first lines fall into equally many."""
    best, found = "\t", 0
    for mark in "\t;,":
        widths = [len(row) for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=mark), 40) if len(row) > 1]
        alike = max((widths.count(width) * (2 if mark == "\t" else 1) for width in set(widths)), default=0)
        if alike > found:
            best, found = mark, alike
    return best


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "có" if cell else "không"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _text(cell: str) -> str:
    if not cell:
        return ""
    text = cell.translate(_UNSEEN).strip().replace("\r\n", "\n").replace("\r", "\n") if not cell.isascii() else cell.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
    # What no database keeps is taken out of a table, where nobody can see it to remove it.
    text = nfc(text if is_text(text) else text.replace("\x00", "").encode("utf-8", "ignore").decode())
    if len(text) > MOST_CELL:
        raise Unreadable(N_("Một ô dài hơn %(most)s ký tự."), remedy=N_("Hãy rút gọn ô đó rồi gửi lại."), most=MOST_CELL)
    return _GUARDED.sub("", text, count=1) if text.startswith("'") else text


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise Unreadable(
            N_("Bảng lớn hơn %(most)s MB."),
            remedy=N_("Hãy chia bảng thành nhiều phần rồi gửi từng phần."),
            most=MOST_BYTES // 10**6,
        )


def _too_many_columns() -> Unreadable:
    return Unreadable(
        N_("Bảng có nhiều hơn %(most)s cột."), remedy=N_("Hãy bỏ các cột không cần rồi gửi lại."), most=MOST_COLUMNS
    )


def _no_table() -> Unreadable:
    return Unreadable(
        N_("Không thấy bảng nào."), remedy=N_("Hãy sao chép cả bảng từ Word hoặc Excel, kể cả dòng tiêu đề, rồi dán lại.")
    )


def _old_or_locked(data: bytes) -> Unreadable:
    """An Office file of the old kind, or a new one under a password, which hides in a container of the old kind."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Unreadable(N_("Tệp được bảo vệ bằng mật khẩu."), remedy=N_("Hãy mở tệp, lưu lại không đặt mật khẩu rồi gửi lại."))
    return Unreadable(N_("Đây là tệp Word hoặc Excel kiểu cũ."), remedy=N_("Hãy lưu lại ở dạng .xlsx hoặc .docx rồi gửi lại."))


def _damaged() -> Unreadable:
    return Unreadable(
        N_("Tệp bị hỏng hoặc không đọc được."), remedy=N_("Hãy mở tệp, lưu lại ở dạng .xlsx hoặc .docx rồi gửi lại.")
    )
