"""How an answer leaves the system: CSV, XLSX and JSON through one door, with the right to export and a ledger entry.

Every export carries rule, as-of time and sources, DIỄN TẬP where any row is exercise data, and cells that a spreadsheet would
take for formulas are made plain text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from uuid_utils.compat import uuid7

from banggiao.core.acts import Act
from banggiao.core.errors import N_, InvalidInput
from banggiao.core.ledger import append
from banggiao.core.questions import Answer, Bi, Ref
from banggiao.core.vocabulary import vocabulary

EXERCISE = Bi("DIỄN TẬP", "EXERCISE")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What a workbook cannot hold (XML 1.0): control characters but tab, line feed and carriage return.
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def export(answer: Answer, form: str, *, act: Act, language: str, translate: Callable[[str], str]) -> tuple[bytes, str, str]:
    """The answer as a file: (content, media type, file name).

    Raises NotPermitted without `exports.take`, InvalidInput for an unknown form.
    """
    act.viewer.require("exports.take", subject=answer.question)
    if form not in _FORMS:
        raise InvalidInput(N_("Không có định dạng “%(form)s”."), form=form, remedy=N_("Hãy chọn csv, xlsx hoặc json."))
    writer, media_type = _FORMS[form]
    content = writer(answer.listed(), language, translate)
    note_taken(act, {"question": answer.question, "form": form, "rows": answer.total, "parameters": dict(answer.parameters)})
    return content, media_type, f"{answer.question}-{answer.as_of:%Y%m%d}.{form}"


def note_taken(act: Act, what: Mapping[str, Any]) -> None:
    """Write down that something left the system: what, in which form, by whom."""
    append(act, "core.export", uuid7(), "export", {name: [None, value] for name, value in what.items()})


def cell_text(value: Any, language: str, vocabulary_name: str = "", day: date | None = None) -> str:
    """A cell as plain text for a reader of that language; numbers keep a decimal point so that programs can read them.

    Codes are called as they were called on `day`, if one is given.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, Bi):
        return value.get(language)
    if isinstance(value, Ref):
        return value.title.get(language)
    if isinstance(value, bool):
        return {"vi": ("không", "có"), "en": ("no", "yes")}[language][value]
    if isinstance(value, tuple | list):
        return "; ".join(cell_text(v, language, vocabulary_name, day) for v in value)
    if vocabulary_name:
        terms = vocabulary(vocabulary_name)
        return terms.label_at(str(value), language, day) if day else terms.label(str(value), language)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula (leading = + - @, tab, line end), numbers excepted."""
    text = text.translate(_CONTROL)
    if text.startswith(_FORMULA):
        try:
            Decimal(text)
        except ArithmeticError:
            return "'" + text
    return text


def _is_exercise(answer: Answer) -> bool:
    return any(row.exercise for row in answer.rows)


def _notes(answer: Answer, language: str) -> list[tuple[str, str]]:
    words = {"vi": ("Quy tắc đếm", "Số liệu đến", "Tổng số", "Nguồn"), "en": ("Counting rule", "As of", "Total", "Source")}[
        language
    ]
    notes = [
        (words[0], vocabulary("counting_rule").label_at(answer.rule, language, timezone.localdate(answer.as_of))),
        (words[1], answer.as_of.isoformat(timespec="seconds")),
        (words[2], str(answer.total)),
    ]
    return notes + [(words[3], " ".join(filter(None, (s.label.get(language), s.url, s.as_of)))) for s in answer.sources]


def _table(answer: Answer, language: str, translate: Callable[[str], str]) -> tuple[list[str], list[list[str]]]:
    # Of a data call people write the headings too.
    day = timezone.localdate(answer.as_of)
    head = [safe_cell(translate(c.label) + (f" ({translate(c.unit)})" if c.unit else "")) for c in answer.columns]
    body = [
        [safe_cell(cell_text(v, language, c.vocabulary, day)) for v, c in zip(row.cells, answer.columns, strict=True)]
        for row in answer.rows
    ]
    return head, body


def _csv(answer: Answer, language: str, translate: Callable[[str], str]) -> bytes:
    head, body = _table(answer, language, translate)
    out = io.StringIO()
    writer = csv.writer(out)
    if _is_exercise(answer):
        writer.writerow([EXERCISE.get(language)])
    writer.writerow(head)
    writer.writerows(body)
    writer.writerow([])
    writer.writerows((safe_cell(a), safe_cell(b)) for a, b in _notes(answer, language))
    return ("\ufeff" + out.getvalue()).encode()


def _xlsx(answer: Answer, language: str, translate: Callable[[str], str]) -> bytes:
    from openpyxl import Workbook  # slow to import (0.3 s), so only where a workbook is made
    from openpyxl.styles import Alignment, Font

    head, body = _table(answer, language, translate)
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  a new workbook has an active sheet
    sheet.title = answer.question[:31]
    if _is_exercise(answer):
        sheet.append([EXERCISE.get(language)])
    sheet.append(head)
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = f"A{sheet.max_row + 1}"
    for row in body:
        sheet.append(row)
    sheet.append([])
    for note in _notes(answer, language):
        sheet.append([safe_cell(n) for n in note])
    for column in sheet.columns:
        letter = column[0].column_letter  # type: ignore[union-attr]
        sheet.column_dimensions[letter].width = min(60, max(10, *(len(str(c.value or "")) + 2 for c in column)))
        for cell in column:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.data_type = "s" if cell.value is not None else cell.data_type
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """The answer as one JSON-ready object: the shape of API, CLI and export alike."""
    rows = [
        {"id": str(row.id) if row.id else None, "exercise": row.exercise, "mark": row.mark or None}
        | {c.key: json_cell(v) for c, v in zip(answer.columns, row.cells, strict=True)}
        for row in answer.rows
    ]
    return {
        "question": answer.question,
        "title": answer.title._asdict(),
        "as_of": answer.as_of.isoformat(),
        "rule": answer.rule,
        "total": answer.total,
        "exercise": any(row["exercise"] for row in rows),
        "notice": EXERCISE._asdict() if any(row["exercise"] for row in rows) else None,
        "parameters": dict(answer.parameters),
        "sources": [{"label": s.label._asdict(), "url": s.url, "as_of": s.as_of} for s in answer.sources],
        "columns": [
            {"key": c.key, "label": c.label, "type": c.type, "vocabulary": c.vocabulary or None, "unit": c.unit or None}
            for c in answer.columns
        ],
        "rows": rows,
        "next": answer.next_cursor or None,
    }


def _json(answer: Answer, _language: str, _translate: Callable[[str], str]) -> bytes:
    return json.dumps(answer_as_json(answer), ensure_ascii=False, indent=1).encode()


def json_cell(value: Any) -> Any:
    """A cell as JSON holds it: both languages of a text, id, kind and title of a record."""
    if isinstance(value, Bi):
        return value._asdict()
    if isinstance(value, Ref):
        return {"id": str(value.id), "type": value.record_type, "title": value.title._asdict()}
    if isinstance(value, tuple | list):
        return [json_cell(v) for v in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


_FORMS: dict[str, tuple[Callable[[Answer, str, Callable[[str], str]], bytes], str]] = {
    "csv": (_csv, "text/csv; charset=utf-8"),
    "xlsx": (_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (_json, "application/json"),
}
