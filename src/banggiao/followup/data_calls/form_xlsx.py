"""How is an answer filled in as an Excel form, and read back from it? Formulas are neither written nor evaluated."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from banggiao.core.errors import N_, FieldProblem, Unreadable
from banggiao.core.periods import is_partial_date
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.asked import MOST_ROWS, AnswerRow, Asked, plain_number, understood
from banggiao.followup.data_calls.form_words import (
    MOST_BYTES,
    MOST_XML,
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
from banggiao.reading.intake.packages import check_package, check_part

_HIDDEN = "_ma"
_BLANK_ROWS, _HEAD = 40, 10
#: Behind printed rows only what is not on the list is written.
_FEW_BLANK_ROWS = 10
_A4_COLUMNS = 8
_INK, _LINE, _FILL, _PRINTED = "1F2A37", "B8C2CC", "E8EEF3", "F1F3F5"


def write_xlsx(answer: DataCallAnswer, *, language: Language, letter: str = "") -> bytes:
    """The form of an answer with what it says so far; only the cells to fill in are open."""
    return form_xlsx(form_of(answer, language, letter), language)


def form_xlsx(form: Form, language: Language) -> bytes:
    """A form as a workbook; only the cells to fill in are open, those we print are grey."""
    from openpyxl import Workbook  # slow to import (0.3 s), so only where a workbook is made
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.utils import get_column_letter

    columns = form.columns
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Phieu" if language == "vi" else "Form"
    side = Side(style="thin", color=_LINE)
    box = Border(left=side, right=side, top=side, bottom=side)
    top = word("form", language) + (f" – {word('exercise', language)}" if form.exercise else "")
    width = max(len(columns) + 1, 3)
    head = [
        (top, ""), (form.title, ""), (word("asker", language), form.asker), (word("body", language), form.body),
        (word("deadline", language), _day(form.deadline)), (word("letter", language), form.letter),
        (word("purpose", language), form.purpose), (word("code", language), form.code), (word(form.how, language), ""),
    ]  # fmt: skip
    for line, (label, value) in enumerate(head, 1):
        _put(sheet, line, 1, label)
        whole = not value and line in (1, 2, 9)
        sheet.merge_cells(start_row=line, start_column=1 if whole else 2, end_row=line, end_column=width)
        sheet.cell(line, 1).font = Font(name="Times New Roman", size=14 if line <= 2 else 11, bold=line <= 2, color=_INK)
        sheet.cell(line, 1).alignment = Alignment(wrap_text=True, vertical="top")
        if not whole:
            _put(sheet, line, 2, value)
            sheet.cell(line, 2).font = Font(name="Times New Roman", size=11, bold=line == 8, color=_INK)
            sheet.cell(line, 2).alignment = Alignment(wrap_text=True, vertical="top")
    for line in (line for line, (_label, value) in enumerate(head, 1) if not value and line in (3, 5, 6)):
        sheet.row_dimensions[line].hidden = True
    sheet.row_dimensions[2].height = 20 * (1 + len(form.title) // 90)
    sheet.row_dimensions[7].height = 15 * (1 + len(form.purpose) // 110)
    sheet.row_dimensions[9].height = 32
    hidden = book.create_sheet(_HIDDEN)
    _put(hidden, 1, 1, form.code)
    hidden.sheet_state = "hidden"
    rows = form.rows
    blank = _FEW_BLANK_ROWS if any(column.fixed for column in columns) else _BLANK_ROWS
    last = _HEAD + len(rows) + (blank if form.many_rows else 1 - len(rows))
    for place, text in enumerate((word("row", language), *(heading(c) for c in columns)), 1):
        cell = _put(sheet, _HEAD, place, text)
        cell.font = Font(name="Times New Roman", size=11, bold=True, color=_INK)
        cell.fill = PatternFill("solid", fgColor=_FILL)
        cell.border = box
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    grey = PatternFill("solid", fgColor=_PRINTED)
    for line in range(_HEAD + 1, last + 1):
        row = rows[line - _HEAD - 1] if line - _HEAD <= len(rows) else None
        for place in range(1, len(columns) + 2):
            column = columns[place - 2] if place > 1 else None
            kept = row.values.get(column.key, "") if row and column else ""
            cell = _fill(sheet, line, place, column, kept, language) if column else _put(sheet, line, 1, row.id if row else "")
            cell.font = Font(name="Times New Roman", size=11, color=_INK)
            cell.border = box
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            printed = bool(row and column and column.fixed)
            cell.protection = Protection(locked=column is None or printed)
            if printed:
                cell.fill = grey
    for place, column in enumerate(columns, 2):
        letters = get_column_letter(place)
        sheet.column_dimensions[letters].width = {"number": 14, "date": 14}.get(column.kind, _width(columns, column))
        if column.kind == "choice":
            _offer(sheet, hidden, column, place, f"{letters}{_HEAD + 1}:{letters}{last}", language)
    sheet.column_dimensions["A"].width = max(18, min(36, max((len(row.id) for row in rows), default=0) + 2))
    widths = [*(sheet.column_dimensions[get_column_letter(n)].width for n in range(2, len(columns) + 2))]
    texts = [(_HEAD, [heading(c) for c in columns])]
    texts += [(_HEAD + n, [shown(c, row.values.get(c.key, ""), language) for c in columns]) for n, row in enumerate(rows, 1)]
    for line, said in texts:  # a spreadsheet does not make a line as high as its text when it is opened
        lines = max((_lines(text, width) for text, width in zip(said, widths, strict=True)), default=1)
        sheet.row_dimensions[line].height = min(15 * lines + 3, 400)
    sheet.freeze_panes = sheet.cell(_HEAD + 1, 2)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8 if len(columns) > _A4_COLUMNS else 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    book.properties.title, book.properties.creator = form.title, form.asker
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _width(columns: Sequence[Asked], column: Asked) -> int:
    """Characters across a column of text: many columns share a sheet of A3."""
    if len(columns) <= _A4_COLUMNS:
        return 30
    return 28 if column.key in ("content", "text") else 17 if column.fixed else 22


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a cell so many characters across."""
    return sum(1 + int(len(part) * 1.15 / width) for part in text.split("\n"))


def read_xlsx(data: bytes, columns: Sequence[Asked]) -> Returned:
    """What a returned workbook says. Raises Unreadable for what is no form of this call, is damaged or harmful."""
    sheet, hidden = _opened(data)
    lines = _top(sheet, len(columns) + 6)
    code = _code(lines, hidden)
    heads = lines[-1] if len(lines) == _HEAD else []
    check_headings(columns, [str(cell.value or "") for cell in heads[1:]])
    rows, places, problems = [], [], []
    for place, line in enumerate(
        sheet.iter_rows(min_row=_HEAD + 1, max_row=_HEAD + 4 * MOST_ROWS, max_col=len(columns) + 1), _HEAD + 1
    ):
        cells = {column.key: cell for column, cell in zip(columns, line[1:], strict=False) if cell.value is not None}
        row_id = str(line[0].value or "").strip() if line else ""
        if not cells and not row_id:
            continue
        values = {}
        for column in columns:
            if column.key in cells:
                try:
                    values[column.key] = _read(column, cells[column.key])
                except ValueError as error:
                    problems.append(FieldProblem(f"rows.{place}.{column.key}", str(error)))
        rows.append(AnswerRow(row_id, {key: value for key, value in values.items() if value}))
        places.append(str(place))
    return Returned(code, tuple(rows), tuple(places), tuple(problems))


def code_in_xlsx(data: bytes) -> FormCode:
    """The code that a workbook bears. Raises Unreadable."""
    sheet, hidden = _opened(data)
    return _code(_top(sheet, 2), hidden)


def _top(sheet: Any, width: int) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(min_row=1, max_row=_HEAD, max_col=width)]


def _code(lines: Sequence[Sequence[Any]], hidden: str) -> FormCode:
    line = next((line for line in reversed(lines) if len(line) > 1 and " | " in str(line[1].value or "")), None)
    code = parse_code(str(line[1].value) if line else "")
    if hidden and hidden != code.text:
        raise Unreadable(
            N_("Mã phiếu ghi trên trang và mã trong tệp không khớp."),
            remedy=N_("Hãy tải lại phiếu từ trang của đề nghị rồi chép nội dung vào bản đó."),
        )
    return code


def _opened(data: bytes) -> tuple[Any, str]:
    """The sheet of the form, and the code on the hidden sheet; nothing is unpacked before the package is looked at."""
    from openpyxl import load_workbook

    if len(data) > MOST_BYTES:
        raise too_large()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            check_package(package, len(data), most_xml=MOST_XML)
            for member in package.namelist():
                if member.lower().endswith((".xml", ".rels")):
                    check_part(package.read(member))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.title != _HIDDEN]
        if not sheets:
            raise _damaged()
        hidden = ""
        if _HIDDEN in book.sheetnames:
            hidden = str(next(book[_HIDDEN].iter_rows(max_row=1, max_col=1), [None])[0].value or "")  # type: ignore[union-attr]
        return sheets[0], hidden
    except Unreadable:
        raise
    except Exception as problem:
        # openpyxl and the readers below it raise whatever a damaged part makes them stumble over.
        raise _damaged() from problem


def _read(column: Asked, cell: Any) -> str:
    """A cell as it is kept. Raises ValueError saying what is wrong with it."""
    value = cell.value
    if cell.data_type == "f":
        raise ValueError(N_("Ô có công thức. Hãy dán giá trị thay cho công thức."))
    if cell.data_type == "e":
        raise ValueError(N_("Ô đang báo lỗi tính toán của Excel."))
    if isinstance(value, datetime | date):
        if column.kind != "date" and column.kind != "text":
            raise ValueError(N_("Ô có ngày tháng trong khi cột hỏi thứ khác."))
        return value.isoformat()[:10]
    if isinstance(value, int | float) and not isinstance(value, bool):
        if column.unit == "%" and "%" in str(cell.number_format):
            value = round(value * 100, 9)  # a spreadsheet keeps what was typed as 45% as 0.45
        text = format(value, ".15g") if isinstance(value, float) else str(value)
        if column.kind == "number":
            return plain_number(text if "e" not in text else format(value, "f").rstrip("0").rstrip("."))
        if column.kind == "date" and not is_partial_date(text):
            raise ValueError(N_("Hãy viết ngày như 15/9/2025."))
        return understood(column, text)
    return understood(column, str(value))


def _fill(sheet: Any, line: int, place: int, column: Asked, kept: str, language: Language) -> Any:
    """A cell to fill in, with what was answered before: numbers and days as such, everything else as text."""
    cell = sheet.cell(line, place)
    if column.kind == "number":
        cell.number_format = "#,##0.############" if "." in kept else "#,##0"
        if kept and len(kept.replace(".", "").lstrip("-")) <= 15:
            cell.value = float(kept) if "." in kept else int(kept)
            return cell
        return _put(sheet, line, place, shown(column, kept, language)) if kept else cell
    if column.kind == "date":
        cell.number_format = "dd/mm/yyyy"
        if len(kept) == 10:
            cell.value = date.fromisoformat(kept)
            return cell
    else:
        cell.number_format = "@"
    return _put(sheet, line, place, shown(column, kept, language)) if kept else cell


def _put(sheet: Any, line: int, place: int, text: str) -> Any:
    """Text as text, whatever it begins with."""
    cell = sheet.cell(line, place)
    if text:
        cell.value = text.translate(_CONTROL)
        cell.data_type = "s"
        if text.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True
    return cell


_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def _offer(sheet: Any, hidden: Any, column: Asked, place: int, cells: str, language: Language) -> None:
    """The values of a closed list, to be chosen from in the cells."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    names = [name for _code, name in vocabulary(column.terms).choices(language)]
    for line, name in enumerate(names, 1):
        _put(hidden, line, place, name)
    letters = get_column_letter(place)
    rule = DataValidation("list", formula1=f"{_HIDDEN}!${letters}$1:${letters}${len(names)}", allow_blank=True)
    rule.add(cells)
    sheet.add_data_validation(rule)


def _day(text: str) -> str:
    return shown(Asked("", "", "date"), text, "vi")


def _damaged() -> Unreadable:
    return Unreadable(N_("Tệp Excel bị hỏng hoặc không phải tệp Excel."), remedy=N_("Hãy gửi đúng phiếu XLSX đã tải về."))
