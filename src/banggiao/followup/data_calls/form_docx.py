"""How is an answer filled in as a Word form, and read back from it?"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from banggiao.core.errors import N_, FieldProblem, Unreadable
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.asked import AnswerRow, Asked, understood
from banggiao.followup.data_calls.form_words import (
    MOST_BYTES,
    Form,
    FormCode,
    Language,
    Returned,
    check_headings,
    form_of,
    heading,
    parse_code,
    shown,
    too_large,
    word,
)
from banggiao.followup.data_calls.models import DataCallAnswer
from banggiao.reading.intake.docx_text import read_tables

_BLANK_ROWS = 8
FILL = "E8EEF3"


def write_docx(answer: DataCallAnswer, *, language: Language, letter: str = "") -> bytes:
    """The form of an answer with what it says so far: a line for each column, or a table of rows where there may be many."""
    form = form_of(answer, language, letter)
    paper, line_mm = begin(form, language, wide=form.many_rows)
    if form.many_rows:
        _rows_table(paper, form.columns, form.rows, language, line_mm)
    else:
        _lines_table(paper, form.columns, form.rows[0] if form.rows else AnswerRow("", {}), language, line_mm)
    offer_lists(paper, form.columns, language)
    return finished(paper)


def begin(form: Form, language: Language, *, wide: bool) -> tuple[Any, int]:
    """A Word file with the head of a form, and the width of its lines in millimetres."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Mm, Pt

    paper = Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    style: Any = paper.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    style.element.rPr.rFonts.set(_W + "eastAsia", "Times New Roman")
    style.paragraph_format.space_after = Pt(4)
    top = word("form", language) + (f" – {word('exercise', language)}" if form.exercise else "")
    for text, size in ((top, 14), (form.title, 14)):
        line = paper.add_paragraph()
        line.alignment = ALIGN.CENTER
        run = line.add_run(text)
        run.bold, run.font.size = True, Pt(size)
    due = shown(Asked("", "", "date"), form.deadline, language)
    facts = [("asker", form.asker), ("body", form.body), ("deadline", due), ("letter", form.letter), ("purpose", form.purpose)]
    table = paper.add_table(rows=0, cols=2, style="Table Grid")
    for key, value in (*((k, v) for k, v in facts if v), ("code", form.code)):
        cells = table.add_row().cells
        write_cell(cells[0], word(key, language), bold=True, fill=FILL)
        write_cell(cells[1], value, bold=key == "code")
    line_mm = 247 if wide else 160
    set_widths(table, (0.26, 0.74), line_mm)
    how = paper.add_paragraph()
    how.paragraph_format.space_before = Pt(8)
    run = how.add_run(word(form.how, language))
    run.italic, run.font.size = True, Pt(11)
    paper.core_properties.title, paper.core_properties.author = form.title[:250], form.asker[:250]
    paper.core_properties.created = paper.core_properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001  the same form, the same file
    return paper, line_mm


def finished(paper: Any) -> bytes:
    """The Word file as bytes."""
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def read_docx_form(data: bytes, columns: Sequence[Asked], *, many_rows: bool) -> Returned:
    """What a returned Word form says. Raises Unreadable for what is no form of this call, is damaged or harmful."""
    code, tables = open_form(data)
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
    return open_form(data)[0]


def open_form(data: bytes) -> tuple[FormCode, list[list[list[str]]]]:
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
        write_cell(cell, text, bold=True, fill=FILL, size=11)
    _repeat(table.rows[0])
    for row in (*rows, *[AnswerRow("", {})] * _BLANK_ROWS):
        cells = table.add_row().cells
        write_cell(cells[0], row.id, size=11)
        for cell, column in zip(cells[1:], columns, strict=True):
            write_cell(cell, shown(column, row.values.get(column.key, ""), language), size=11)
    weights = [0.6, *({"number": 1.0, "date": 1.0}.get(c.kind, 2.0) for c in columns)]
    set_widths(table, [w / sum(weights) for w in weights], line_mm)


def _lines_table(paper: Any, columns: Sequence[Asked], row: AnswerRow, language: Language, line_mm: int) -> None:
    table = paper.add_table(rows=1, cols=2, style="Table Grid")
    answer = word("value", language) + (f" – {word('row', language)}: {row.id}" if row.id else "")
    for cell, text in zip(table.rows[0].cells, (word("item", language), answer), strict=True):
        write_cell(cell, text, bold=True, fill=FILL, size=12)
    for column in columns:
        cells = table.add_row().cells
        write_cell(cells[0], heading(column), size=12)
        write_cell(cells[1], shown(column, row.values.get(column.key, ""), language), size=12)
    set_widths(table, (0.42, 0.58), line_mm)


def offer_lists(paper: Any, columns: Sequence[Asked], language: Language) -> None:
    """What may be chosen in the columns taken from closed lists, below the form."""
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


def write_cell(cell: Any, text: str, *, bold: bool = False, fill: str = "", size: int = 12) -> None:
    """Text in a cell of a form; `fill` is its colour."""
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


def set_widths(table: Any, shares: Sequence[float], line_mm: int) -> None:
    """The columns of a table, as shares of the line."""
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
