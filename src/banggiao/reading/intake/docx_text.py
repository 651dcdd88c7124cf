"""What does a Word file say, and is it safe to unpack? Read from its XML, because tracked insertions, content controls and text
boxes escape the paragraph lists of the usual libraries."""

from __future__ import annotations

import io
import posixpath
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from banggiao.core.errors import N_, Unreadable
from banggiao.reading.intake.docx_numbers import Numbering
from banggiao.reading.intake.extract import MAX_ROW_CHARACTERS, Extract, row_line, tidy
from banggiao.reading.intake.packages import check_package, parse_part
from banggiao.reading.types import Hints


def read_docx(data: bytes) -> Extract:
    """The body of a DOCX file: each paragraph a line with a blank one after, each table row a line; its properties are hints.

    A paragraph of a list begins with the number or mark that Word shows before it. Headers, footers, notes, deleted and hidden
    text are left out. Raises `Unreadable` for a damaged, locked or harmful package.
    """
    root, hints, numbers = _opened(data)
    text = "\n".join(_lines(root, numbers)).strip("\n")
    return Extract(text + "\n" if text else "", hints)


def read_tables(data: bytes) -> list[list[list[str]]]:
    """The tables of a DOCX file, outer ones only: rows of cells, each a text of lines without numbers of lists.

    Raises `Unreadable` as `read_docx`.
    """
    root, _hints_of_it, _numbers = _opened(data)
    return [
        [
            ["\n".join(line for line in _lines(cell) if line) for cell in _children(row, _W + "tc")]
            for row in _children(table, _W + "tr")
        ]
        for table in _children(root, _W + "tbl")
    ]


def _opened(data: bytes) -> tuple[Any, Hints, Numbering]:
    """The body of a package that is safe to read, its properties and its lists."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            check_package(package, len(data))
            main = _main_part(package)
            body = parse_part(package.read(main))
            hints, numbers = _hints(package), Numbering(package, posixpath.dirname(main))
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        KeyError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as problem:
        raise _damaged() from problem
    except Exception as problem:
        # zlib and lzma raise errors of their own for damaged members; there is no common base to name.
        if isinstance(problem, Unreadable):
            raise
        raise _damaged() from problem
    root = body.find(_W + "body")
    if root is None:
        raise _damaged()
    return root, hints, numbers


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"

# Text that was deleted or moved away, codes of fields, properties, and the second form of a drawing for old programs.
_SKIPPED = frozenset(
    (
        *(_W + name for name in ("del", "moveFrom", "instrText", "delText", "pPr", "tblPr", "tcPr", "trPr", "sdtPr", "rt")),
        _FALLBACK,
    )
)
_TEXTS = {_W + "tab": " ", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-", _W + "softHyphen": "\xad"}


def _main_part(package: zipfile.ZipFile) -> str:
    for relation in parse_part(package.read("_rels/.rels")).iter(_RELATION):
        if relation.get("Type", "").endswith("/officeDocument"):
            return str(posixpath.normpath(relation.get("Target", "").lstrip("/")))
    return "word/document.xml"


def _hints(package: zipfile.ZipFile) -> Hints:
    if "docProps/core.xml" not in package.namelist():
        return Hints()
    try:
        core = parse_part(package.read("docProps/core.xml"))
    except etree.XMLSyntaxError:
        return Hints()
    dated = _property(core, _TERMS + "modified") or _property(core, _TERMS + "created")
    return Hints(
        title=_property(core, _DUBLIN + "title"),
        author=_property(core, _DUBLIN + "creator"),
        published=dated[:10] if dated else None,
    )


def _property(core: Any, tag: str) -> str | None:
    value = core.findtext(tag)
    return unicodedata.normalize("NFC", tidy(value[:500])) or None if value else None


def _lines(container: Any, numbers: Numbering | None = None) -> Iterator[str]:
    """The lines of a body, cell or text box. The parser bounds the depth, so recursion is safe."""
    for child in container:
        tag = child.tag
        if tag == _W + "p":
            yield from _paragraph(child, numbers)
        elif tag == _W + "tbl":
            yield from _table(child, numbers)
            yield ""
        elif tag not in _SKIPPED:
            yield from _lines(child, numbers)


def _paragraph(paragraph: Any, numbers: Numbering | None) -> Iterator[str]:
    pieces: list[str] = []
    boxes: list[Any] = []
    _collect(paragraph, pieces, boxes)
    # A paragraph without a word still counts.
    mark = numbers.mark(paragraph) if numbers is not None else ""
    if mark and "".join(pieces).strip():
        pieces.insert(0, mark + " ")
    for line in "".join(pieces).split("\n"):
        if shown := tidy(line):
            yield shown
    if pieces:
        yield ""
    for box in boxes:
        yield from _lines(box, numbers)


def _collect(element: Any, pieces: list[str], boxes: list[Any]) -> None:
    for child in element:
        tag = child.tag
        if tag == _W + "t":
            pieces.append(child.text or "")
        elif tag in _TEXTS:
            pieces.append(_TEXTS[tag])
        elif tag == _W + "txbxContent":
            boxes.append(child)
        elif tag in _SKIPPED or (tag == _W + "r" and _is_hidden(child)):
            continue
        else:
            _collect(child, pieces, boxes)


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_W + "val", "true") not in ("0", "false", "off")


def _table(table: Any, numbers: Numbering | None) -> Iterator[str]:
    for row in _children(table, _W + "tr"):
        cells = [[line for line in _lines(cell, numbers) if line] for cell in _children(row, _W + "tc")]
        joined = row_line([" ".join(lines) for lines in cells])
        if len(cells) > 1 and len(joined) <= MAX_ROW_CHARACTERS:
            if joined:
                yield joined
        else:
            for lines in cells:
                yield from lines


def _children(element: Any, wanted: str) -> Iterator[Any]:
    """Children named `wanted`, also through content controls and tracked insertions."""
    for child in element:
        if child.tag == wanted:
            yield child
        elif child.tag not in _SKIPPED and child.tag not in (_W + "tc", _W + "p", _W + "tbl"):
            yield from _children(child, wanted)


def _damaged() -> Unreadable:
    return Unreadable(N_("Tệp DOCX bị hỏng."), remedy=N_("Hãy mở tệp bằng Word, lưu lại ở dạng DOCX rồi gửi lại."))
