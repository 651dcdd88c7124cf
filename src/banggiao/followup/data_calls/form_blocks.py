"""How does a prefilled form with many columns stand in Word: one small table for each row, printed lines grey, others to fill?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from banggiao.core.errors import N_, FieldProblem, Unreadable
from banggiao.core.folding import fold
from banggiao.followup.data_calls.asked import AnswerRow, Asked, understood
from banggiao.followup.data_calls.form_docx import FILL, begin, finished, offer_lists, open_form, set_widths, write_cell
from banggiao.followup.data_calls.form_words import Form, Language, Returned, heading, shown, word

_PRINTED = "F1F3F5"
#: Empty blocks behind the printed ones, for what is not on the list.
_BLANK_BLOCKS = 2


def form_blocks(form: Form, language: Language) -> bytes:
    """A form as a Word file: a block for each row."""
    paper, line_mm = begin(form, language, wide=False)
    for row in form.rows:
        _block(paper, f"{word('row', language)}: {row.id}", form.columns, row, language, line_mm)
    if form.many_rows:
        for _ in range(_BLANK_BLOCKS):
            _block(paper, word("new_row", language), form.columns, AnswerRow("", {}), language, line_mm)
    offer_lists(paper, form.columns, language)
    return finished(paper)


def read_blocks(data: bytes, columns: Sequence[Asked]) -> Returned:
    """What a returned Word form of blocks says. Raises Unreadable for what is no form, is damaged or harmful.

    A line is known by its heading, so lines may stand in another order; a block without a row code is a new row.
    """
    code, tables = open_form(data)
    headings = {fold(heading(column)): column for column in columns}
    rows, places, problems = [], [], []
    for place, table in enumerate(tables[1:], 1):
        if not table or not table[0]:
            continue
        top = table[0][0].strip()
        row_id = top.partition(":")[2].strip() if ":" in top else ""
        values: dict[str, str] = {}
        for line in table[1:]:
            column = headings.get(fold(line[0].strip())) if line else None
            if column is None:
                problems.append(FieldProblem(f"rows.{place}", N_("Có dòng đã bị đổi tên trong bảng này.")))
            elif len(line) < 2:
                problems.append(FieldProblem(f"rows.{place}.{column.key}", N_("Dòng này thiếu ô, có thể do gộp ô.")))
            else:
                try:
                    values[column.key] = understood(column, line[1])
                except ValueError as error:
                    problems.append(FieldProblem(f"rows.{place}.{column.key}", str(error)))
        filled = {key: value for key, value in values.items() if value}
        if filled or row_id or any(p.field.startswith(f"rows.{place}.") for p in problems):
            rows.append(AnswerRow(row_id, filled))
            places.append(str(place))
    if not any(fold(line[0].strip()) in headings for table in tables[1:] for line in table[1:] if line):
        raise Unreadable(
            N_("Các cột của phiếu đã bị đổi tên, đổi chỗ, thêm hoặc bớt."),
            remedy=N_("Hãy tải lại phiếu từ trang của đề nghị rồi chép nội dung vào bản đó."),
        )
    return Returned(code, tuple(rows), tuple(places), tuple(problems))


def _block(paper: Any, top: str, columns: Sequence[Asked], row: AnswerRow, language: Language, line_mm: int) -> None:
    from docx.shared import Pt

    gap = paper.add_paragraph()
    gap.paragraph_format.space_after = gap.paragraph_format.space_before = Pt(2)
    table = paper.add_table(rows=1, cols=2, style="Table Grid")
    head = table.rows[0].cells[0].merge(table.rows[0].cells[1])
    write_cell(head, top, bold=True, fill=FILL, size=12)
    for column in columns:
        if column.fixed and not row.values.get(column.key) and row.id:
            continue
        cells = table.add_row().cells
        printed = _PRINTED if column.fixed and row.id else ""
        write_cell(cells[0], heading(column), size=11, fill=_PRINTED)
        write_cell(cells[1], shown(column, row.values.get(column.key, ""), language), size=11, fill=printed)
    set_widths(table, (0.34, 0.66), line_mm)
    # A block stays on one page: all its lines keep with the next but the last.
    for line in table.rows[:-1]:
        for cell in line.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
