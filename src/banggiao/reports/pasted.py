"""How does a table that people keep in Word or Excel become rows of cells: pasted text, HTML from a clipboard, CSV, XLSX, DOCX?

What is taken is bounded, and a package is checked before it is opened, as for documents that are read in.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from lxml import etree, html

from banggiao.core.errors import N_, Unreadable
from banggiao.core.folding import is_text, nfc
from banggiao.reading.intake.decoding import declared_charset, decode
from banggiao.reading.intake.packages import check_package, check_part, parse_part

MOST_ROWS = 10_000
MOST_COLUMNS = 60
MOST_CELL = 20_000
MOST_BYTES = 12_000_000
MOST_XML = 60_000_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: In the workbook of an export a leading apostrophe keeps a text from being taken for a formula; it is not part of the text.
_GUARDED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")

Rows = list[list[str]]


def rows_of_text(text: str) -> Rows:
    """The rows of a pasted text: an HTML table, else cells parted by tabs (or ; or , of a CSV), quoted where they hold lines.

    Raises Unreadable where there is no table or too much of it.
    """
    _check_size(len(text))
    if re.match(r"\s*<(?:!|html|table|meta|div|style|body)", text, re.IGNORECASE) and "<t" in text.casefold():
        return _bounded(_html_rows(text))
    first = text.lstrip("\ufeff\n\r").split("\n", 1)[0]
    mark = "\t" if "\t" in first or not re.search("[;,]", first) else max(";,", key=first.count)
    try:
        return _bounded(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=mark))
    except csv.Error:
        raise _no_table() from None


def rows_of_file(data: bytes, name: str) -> Rows:
    """The rows of the first table of a file: XLSX, DOCX, CSV or text. Raises Unreadable, naming the file by its last part."""
    shown = re.split(r"[\\/]", name)[-1][:120]
    try:
        _check_size(len(data))
        if data[:4] == b"PK\x03\x04":
            return _bounded(_package_rows(data))
        if data[:4] == b"\xd0\xcf\x11\xe0":
            raise Unreadable(
                N_("Đây là tệp Word hoặc Excel kiểu cũ."), remedy=N_("Hãy lưu lại ở dạng .xlsx hoặc .docx rồi gửi lại.")
            )
        if b"\0" in data[:4000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise _no_table()
        text, _repairs = decode(data, declared_charset(data))
        return rows_of_text(text.replace("\r\n", "\n"))
    except Unreadable as problem:
        problem.subject = problem.subject or shown
        raise


def _package_rows(data: bytes) -> Iterable[Sequence[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            check_package(package, len(data), most_xml=MOST_XML)
            names = package.namelist()
            if any(name.startswith("xl/") for name in names):
                for name in names:  # openpyxl reads these itself
                    if name.lower().endswith((".xml", ".rels")):
                        check_part(package.read(name))
                return _xlsx_rows(data)
            if "word/document.xml" in names:
                return _docx_rows(package.read("word/document.xml"))
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, EOFError, ValueError) as problem:
        raise _damaged() from problem
    except etree.XMLSyntaxError as problem:
        raise _damaged() from problem
    raise _no_table()


def _xlsx_rows(data: bytes) -> list[list[Any]]:
    from openpyxl import load_workbook  # slow to import, so only where a workbook is opened

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                # The size a sheet declares may be made up; what is read is bounded instead.
                sheet.reset_dimensions()
                rows = [list(row[:MOST_COLUMNS]) for row in _some(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS))]
                if any(any(cell is not None for cell in row) for row in rows):
                    return rows
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as problem:  # openpyxl lets through whatever XML, zip and its own checks raise
        raise _damaged() from problem
    raise _no_table()


def _docx_rows(part: bytes) -> list[list[str]]:
    tables = list(parse_part(part).iter(_W + "tbl"))
    if not tables:
        raise _no_table()
    largest = max(tables, key=lambda table: sum(1 for _row in table.iterchildren(_W + "tr")))
    return [list(_word_cells(row)) for row in _some(largest.iterchildren(_W + "tr"))]


def _word_cells(row: Any) -> Iterator[str]:
    for cell in row.iterchildren(_W + "tc"):
        lines = ("".join(t.text or "" for t in paragraph.iter(_W + "t")) for paragraph in cell.iter(_W + "p"))
        yield "\n".join(" ".join(line.split()) for line in lines).strip()
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        width = span.get(_W + "val", "1") if span is not None else "1"
        yield from [""] * (min(int(width), MOST_COLUMNS) - 1 if width.isascii() and width.isdigit() else 0)


def _html_rows(text: str) -> Iterator[list[str]]:
    try:
        tree = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, recover=True, huge_tree=False))
    except (etree.ParserError, ValueError):
        raise _no_table() from None
    tables = tree.xpath("//table")
    if not tables:
        raise _no_table()
    for row in max(tables, key=lambda table: len(table.xpath(".//tr"))).xpath(".//tr"):
        cells: list[str] = []
        for cell in row.xpath("./td|./th"):
            for line_end in cell.xpath(".//br|.//p"):
                line_end.tail = "\n" + (line_end.tail or "")
            cells.append("\n".join(" ".join(line.split()) for line in cell.text_content().split("\n")).strip())
            span = cell.get("colspan", "1")
            cells += [""] * (min(int(span), MOST_COLUMNS) - 1 if span.isascii() and span.isdigit() else 0)
        yield cells


def _some(rows: Iterable[Any]) -> Iterator[Any]:
    """The rows up to one more than is taken, so that too many are refused without being read to the end."""
    for number, row in enumerate(rows):
        if number > MOST_ROWS + 200:
            return
        yield row


def _bounded(rows: Iterable[Sequence[Any]]) -> Rows:
    """The rows as texts, empty ones at both ends left out. Raises Unreadable when they are too many or too wide."""
    found: Rows = []
    for row in _some(rows):
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(
                N_("Bảng có nhiều hơn %(most)s cột."), remedy=N_("Hãy bỏ các cột không cần rồi gửi lại."), most=MOST_COLUMNS
            )
        if cells or found:
            found.append(cells)
    while found and not found[-1]:
        found.pop()
    if sum(1 for row in found if row) > MOST_ROWS + 10:  # a heading, and what an export says below its rows
        raise Unreadable(
            N_("Bảng có nhiều hơn %(most)s dòng."), remedy=N_("Hãy chia bảng thành nhiều phần rồi gửi từng phần."), most=MOST_ROWS
        )
    if not found:
        raise _no_table()
    return found


def _text(cell: Any) -> str:
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
    text = str(cell).strip().replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    # What no database keeps is taken out of a table, where nobody can see it to remove it.
    text = nfc(text if is_text(text) else text.replace("\x00", "").encode("utf-8", "ignore").decode())
    if len(text) > MOST_CELL:
        raise Unreadable(N_("Một ô dài hơn %(most)s ký tự."), remedy=N_("Hãy rút gọn ô đó rồi gửi lại."), most=MOST_CELL)
    return _GUARDED.sub("", text, count=1) if text.startswith("'") else text


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise Unreadable(
            N_("Bảng lớn hơn %(most)s MB."),
            remedy=N_("Hãy chia bảng thành nhiều phần rồi gửi từng phần."),
            most=MOST_BYTES // 10**6,
        )


def _no_table() -> Unreadable:
    return Unreadable(
        N_("Không thấy bảng nào."), remedy=N_("Hãy sao chép cả bảng từ Word hoặc Excel, kể cả dòng tiêu đề, rồi dán lại.")
    )


def _damaged() -> Unreadable:
    return Unreadable(
        N_("Tệp bị hỏng hoặc không đọc được."), remedy=N_("Hãy mở tệp, lưu lại ở dạng .xlsx hoặc .docx rồi gửi lại.")
    )
