"""Lists of commitments as ministries keep them, made here in our own words: title, merged headings, sections, totals, notes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from openpyxl import Workbook

#: Heading in two rows, a row that numbers the columns, sections, one partner for two rows, totals and a note beneath.
HEAD = (("STT", "Mã", "Nội dung cam kết", "Bên thực hiện", "Nước", "Thời gian", "", "Cơ quan", "", "Tình trạng"),
        ("", "", "", "", "", "Ký", "Hạn", "Chủ trì", "Phối hợp", ""))  # fmt: skip
ROWS: tuple[tuple[Any, ...], ...] = (
    ("I", "Châu Á"),
    (1, "K1", "Mở cửa thị trường cho quả vải mẫu", "Phía bạn", "Vương quốc X", datetime(2025, 3, 10), "Quý II/2026", "Bộ A", "",
     "Đang triển khai"),
    (2, "K2", "Lập tổ công tác về chuỗi cung ứng mẫu", "Hai bên", None, 45838, "6/2026", "Bộ A; Bộ B", "", "Đã hoàn thành"),
    ("II", "Châu Âu"),
    (3, "K3", "Gửi đoàn chuyên gia mẫu về hạ tầng", "Phía ta", "Cộng hòa Y", "30/6/2025", "2025-2027", "Bộ A", "", "Chậm"),
    ("Tổng cộng", None, 3),
)  # fmt: skip


def workbook(
    rows: Sequence[Sequence[Any]] = ROWS,
    *,
    head: Sequence[Sequence[Any]] = HEAD,
    title: str = "DANH MỤC CAM KẾT MẪU",
    sheet: str = "Cam kết",
) -> bytes:
    """An .xlsx file: a title merged over the table, the two-row heading, the rows, a note; a cover sheet stands before it."""
    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.title = "Bìa"
    cover.append(["Tài liệu mẫu để kiểm thử"])
    page = book.create_sheet(sheet)
    page.append([title])
    page.merge_cells("A1:J1")
    page.append([])
    for line in head:
        page.append(list(line))
    for merged in ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "F3:G3", "H3:I3", "J3:J4"):
        page.merge_cells(merged)
    page.append([f"({n})" for n in range(1, 11)])
    for row in rows:
        page.append(list(row))
        if len(row) > 4 and row[4] is None:  # the partner of the row above goes on
            page.merge_cells(start_row=page.max_row - 1, end_row=page.max_row, start_column=5, end_column=5)
    page.append([])
    page.append(["Ghi chú: số liệu mẫu, không có thật."])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def paper(rows: Sequence[Sequence[str]], head: Sequence[Sequence[str]]) -> bytes:
    """A .docx file with a table of signatures before the list; equal cells of the heading that touch are merged."""
    document = Document()
    document.add_paragraph("PHỤ LỤC MẪU").alignment = WD_ALIGN_PARAGRAPH.CENTER
    before = document.add_table(1, 2)
    before.rows[0].cells[0].text = "Đơn vị lập"
    table = document.add_table(len(head) + len(rows), len(head[0]))
    for place, line in enumerate((*head, *rows)):
        for cell, text in zip(table.rows[place].cells, line, strict=False):
            cell.text = text
        if len(line) == 1:
            table.rows[place].cells[0].merge(table.rows[place].cells[-1])
    for column in range(len(head[0])):
        if len(head) > 1 and not head[1][column]:
            table.cell(1, column).text = ""
            table.cell(0, column).merge(table.cell(1, column))
        if column and head[0][column] == "" and head[1][column]:
            table.cell(0, column - 1).merge(table.cell(0, column))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
