"""How is an answer filled in as a Word form, and read back from it?"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from banggiao.core.errors import N_, FieldProblem, Unreadable
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.asked import AnswerRow, Asked, rows_of, understood
from banggiao.followup.data_calls.form_words import (
    MOST_BYTES,
    FormCode,
    Language,
    Returned,
    check_headings,
    columns_of,
    form_code,
    heading,
    parse_code,
    shown,
    too_large,
    word,
)
from banggiao.followup.data_calls.models import DataCallAnswer
from banggiao.reading.intake.docx_text import read_tables

_BLANK_ROWS = 8
_FILL = "E8EEF3"


def write_docx(answer: DataCallAnswer, *, language: Language, letter: str = "") -> bytes:
    """The form of an answer with what it says so far: a line for each column, or a table of rows where there may be many."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Mm, Pt

    call, columns = answer.call, columns_of(answer)
    paper = Document()
    section = paper.sections[0]
    wide = call.many_rows
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    style: Any = paper.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    style.element.rPr.rFonts.set(_W + "eastAsia", "Times New Roman")
    style.paragraph_format.space_after = Pt(4)
    english = language == "en"
    title = call.name_en if english and call.name_en else call.name_vi
    name = answer.institution.name_en if english and answer.institution.name_en else answer.institution.name_vi
    asker = call.asker.name_en if english and call.asker.name_en else call.asker.name_vi
    top = word("form", language) + (f" – {word('exercise', language)}" if answer.exercise else "")
    for text, size in ((top, 14), (title, 14)):
        line = paper.add_paragraph()
        line.alignment = ALIGN.CENTER
        run = line.add_run(text)
        run.bold, run.font.size = True, Pt(size)
    due = shown(Asked("", "", "date"), answer.current_due, language)
    facts = [("asker", asker), ("body", name), ("deadline", due), ("letter", letter), ("purpose", call.purpose)]
    table = paper.add_table(rows=0, cols=2, style="Table Grid")
    for key, value in (*((k, v) for k, v in facts if v), ("code", form_code(answer))):
        cells = table.add_row().cells
        _write(cells[0], word(key, language), bold=True, fill=_FILL)
        _write(cells[1], value, bold=key == "code")
    line_mm = 247 if wide else 160
    _widths(table, (0.26, 0.74), line_mm)
    how = paper.add_paragraph()
    how.paragraph_format.space_before = Pt(8)
    run = how.add_run(word("how", language))
    run.italic, run.font.size = True, Pt(11)
    rows = rows_of(answer.rows)
    if wide:
        _rows_table(paper, columns, rows, language, line_mm)
    else:
        _lines_table(paper, columns, rows[0] if rows else AnswerRow("", {}), language, line_mm)
    _lists(paper, columns, language)
    paper.core_properties.title, paper.core_properties.author = title[:250], asker[:250]
    paper.core_properties.created = paper.core_properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001  the same form, the same file
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def read_docx_form(data: bytes, columns: Sequence[Asked], *, many_rows: bool) -> Returned:
    """What a returned Word form says. Raises Unreadable for what is no form of this call, is damaged or harmful."""
    code, tables = _opened(data)
    head, *lines = tables[1]
    if many_rows:
        check_headings(columns, head[1:])
        given = [(place, row[0].strip(), row[1:]) for place, row in enumerate(lines, 1) if row]
    else:
        check_headings(columns, [row[0] for row in lines])
        # The row code of a form with one row stands in its head.
        row_id = head[-1].split(":")[-1].strip() if head else ""
        given = [(1, row_id if row_id.isdigit() else "", [row[1] if len(row) > 1 else "" for row in lines])]
    rows, places, problems = [], [], []
    for place, row_id, texts in given:
        if len(texts) < len(columns):
            problems.append(FieldProblem(f"rows.{place}", N_("Dòng này thiếu ô so với tên cột, có thể do gộp ô.")))
            continue
        values = {}
        for column, text in zip(columns, texts, strict=False):
            try:
                values[column.key] = understood(column, text)
            except ValueError as error:
                problems.append(FieldProblem(f"rows.{place}.{column.key}", str(error)))
        filled = {key: value for key, value in values.items() if value}
        if filled or row_id or any(p.field.startswith(f"rows.{place}.") for p in problems):
            rows.append(AnswerRow(row_id, filled))
            places.append(str(place))
    return Returned(code, tuple(rows), tuple(places), tuple(problems))


def code_in_docx(data: bytes) -> FormCode:
    """The code that a Word file bears. Raises Unreadable."""
    return _opened(data)[0]


def _opened(data: bytes) -> tuple[FormCode, list[list[list[str]]]]:
    """The code of a form, and its tables. Raises Unreadable for a Word file that is none of our forms."""
    if len(data) > MOST_BYTES:
        raise too_large()
    tables = read_tables(data)
    if len(tables) < 2 or not tables[0] or not tables[1]:
        raise Unreadable(
            N_("Tệp Word này không phải phiếu trả lời, hoặc bảng trong phiếu đã bị xóa."),
            remedy=N_("Hãy tải lại phiếu từ trang của đề nghị rồi điền vào bản đó."),
        )
    last = tables[0][-1]
    return parse_code(last[1] if len(last) > 1 else ""), tables


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _rows_table(paper: Any, columns: Sequence[Asked], rows: Sequence[AnswerRow], language: Language, line_mm: int) -> None:
    table = paper.add_table(rows=1, cols=len(columns) + 1, style="Table Grid")
    for cell, text in zip(table.rows[0].cells, (word("row", language), *(heading(c) for c in columns)), strict=True):
        _write(cell, text, bold=True, fill=_FILL, size=11)
    _repeat(table.rows[0])
    for row in (*rows, *[AnswerRow("", {})] * _BLANK_ROWS):
        cells = table.add_row().cells
        _write(cells[0], row.id, size=11)
        for cell, column in zip(cells[1:], columns, strict=True):
            _write(cell, shown(column, row.values.get(column.key, ""), language), size=11)
    weights = [0.6, *({"number": 1.0, "date": 1.0}.get(c.kind, 2.0) for c in columns)]
    _widths(table, [w / sum(weights) for w in weights], line_mm)


def _lines_table(paper: Any, columns: Sequence[Asked], row: AnswerRow, language: Language, line_mm: int) -> None:
    table = paper.add_table(rows=1, cols=2, style="Table Grid")
    answer = word("value", language) + (f" – {word('row', language)}: {row.id}" if row.id else "")
    for cell, text in zip(table.rows[0].cells, (word("item", language), answer), strict=True):
        _write(cell, text, bold=True, fill=_FILL, size=12)
    for column in columns:
        cells = table.add_row().cells
        _write(cells[0], heading(column), size=12)
        _write(cells[1], shown(column, row.values.get(column.key, ""), language), size=12)
    _widths(table, (0.42, 0.58), line_mm)


def _lists(paper: Any, columns: Sequence[Asked], language: Language) -> None:
    from docx.shared import Pt

    chosen = [column for column in columns if column.kind == "choice"]
    if not chosen:
        return
    line = paper.add_paragraph()
    line.paragraph_format.space_before = Pt(8)
    line.add_run(word("lists", language)).bold = True
    for column in chosen:
        names = "; ".join(name for _code, name in vocabulary(column.terms).choices(language))
        text = paper.add_paragraph(f"– {column.label}: {names}.")
        for run in text.runs:
            run.font.size = Pt(11)


def _write(cell: Any, text: str, *, bold: bool = False, fill: str = "", size: int = 12) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(text.translate(_CONTROL))
    run.bold, run.font.size = bold, Pt(size)
    if fill:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
            shade.set(_W + name, value)
        cell._tc.get_or_add_tcPr().append(shade)


_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def _widths(table: Any, shares: Sequence[float], line_mm: int) -> None:
    from docx.shared import Mm

    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Mm(round(line_mm * share))
    for row in table.rows:
        for cell, share in zip(row.cells, shares, strict=True):
            cell.width = Mm(round(line_mm * share))


def _repeat(row: Any) -> None:
    from docx.oxml import OxmlElement

    mark = OxmlElement("w:tblHeader")
    mark.set(_W + "val", "true")
    row._tr.get_or_add_trPr().append(mark)
