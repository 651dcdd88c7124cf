"""What does a data call ask, and is what was typed an answer to it? Columns, cells and rows, without the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.folding import check_text, fold, nfc
from banggiao.core.periods import is_partial_date
from banggiao.core.vocabulary import vocabulary, vocabulary_names

KINDS = ("text", "number", "date", "choice")
MOST_COLUMNS, MOST_ROWS, MOST_CHARACTERS = 30, 500, 5000
_PLAIN = re.compile(r"-?\d{1,40}(?:\.\d{1,12})?", re.ASCII)
_VIETNAMESE = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
_ENGLISH = re.compile(r"-?\d{1,3}(?:,\d{3})+\.\d+|-?\d{1,3}(?:,\d{3}){2,}", re.ASCII)
_LARGEST = Decimal(10) ** 18
_TWO_WAYS = re.compile(r"-?[1-9]\d{0,2},\d{3}", re.ASCII)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One column. `kind` is one of KINDS; a number has a unit, a choice the closed list (`terms`) it is taken from.

    A `fixed` one is printed in the form by us; what is written into it is shown to a person and taken by nobody.
    """

    key: str
    label: str
    kind: str = "text"
    unit: str = ""
    terms: str = ""
    required: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of an answer: its id within the answer, and a text for each column that is filled."""

    id: str
    values: Values


def asked_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Asked, ...]:
    """The columns as they are stored with a call."""
    return tuple(Asked(**each) for each in stored)


def rows_of(stored: Sequence[Mapping[str, Any]]) -> list[AnswerRow]:
    """The rows as they are stored with an answer."""
    return [AnswerRow(str(each["id"]), dict(each["values"])) for each in stored]


def stored_rows(rows: Sequence[AnswerRow]) -> list[dict[str, Any]]:
    """The rows as they are stored."""
    return [{"id": row.id, "values": dict(row.values)} for row in rows]


def checked_questions(stored: Any) -> list[dict[str, Any]]:
    """The columns as they are stored, each with a key of its own. Raises InvalidInput naming the column that is wrong."""
    problems, ready, labels = [], [], set()
    if not isinstance(stored, list) or len(stored) > MOST_COLUMNS or not all(isinstance(each, Mapping) for each in stored):
        raise _wrong([FieldProblem("questions", N_("Phiếu có từ 1 đến 30 cột."))])
    for place, each in enumerate(stored, 1):
        unknown = set(each) - set(Asked.__dataclass_fields__) | ({"fixed"} if each.get("fixed") else set())
        texts = {n: str(each.get(n, "") or "").strip() for n in ("label", "kind", "unit", "terms")}
        column = Asked(f"c{place}", kind=texts["kind"] or "text", label=nfc(texts["label"]), unit=nfc(texts["unit"]),
                       terms=texts["terms"], required=bool(each.get("required")))  # fmt: skip
        field = f"questions.{place}"
        if unknown:
            problems.append(FieldProblem(field, N_("Cột có thuộc tính không được biết.")))
        if not column.label or len(column.label) > 200 or len(column.unit) > 80:
            problems.append(FieldProblem(field, N_("Cột phải có tên, không quá 200 ký tự; đơn vị không quá 80 ký tự.")))
        if fold(column.label) in labels:
            problems.append(FieldProblem(field, N_("Hai cột trùng tên.")))
        if column.kind not in KINDS:
            problems.append(FieldProblem(field, N_("Kiểu của cột là chữ, số, ngày hoặc chọn trong danh mục.")))
        if column.kind == "number" and not column.unit:
            problems.append(FieldProblem(field, N_("Cột số phải có đơn vị tính.")))
        if column.kind == "choice" and column.terms not in vocabulary_names():
            problems.append(FieldProblem(field, N_("Hãy chọn danh mục cho cột này.")))
        labels.add(fold(column.label))
        ready.append(asdict(column))
    if problems:
        raise _wrong(problems)
    return ready


def understood(column: Asked, typed: str) -> str:
    """What a person typed into a cell, as it is kept. Raises ValueError with a message that says what is wrong."""
    text = _tidy(typed)
    if not text:
        return ""
    if column.kind == "number":
        return _number(text.removesuffix("%") if column.unit == "%" else text)
    if column.kind == "date":
        return _date(text)
    if column.kind == "choice":
        return _choice(column, text)
    return text


def kept(column: Asked, value: str) -> str:
    """A value as it is kept: a number with a full stop, an ISO date, a code of the list, text. Raises ValueError for another."""
    text = _tidy(value)
    if not text:
        return ""
    if column.kind == "number":
        return plain_number(text)
    if column.kind == "date":
        if not is_partial_date(text):
            raise ValueError(N_("Hãy viết ngày như 2025-09-15."))
    elif column.kind == "choice" and text not in vocabulary(column.terms):
        raise ValueError(N_("Giá trị không có trong danh mục."))
    return text


def plain_number(text: str) -> str:
    """A number as programs write it, in the one way it is kept. Raises ValueError."""
    if not _PLAIN.fullmatch(text):
        raise ValueError(N_("Không phải là số."))
    value = Decimal(text)
    if abs(value) >= _LARGEST:
        raise ValueError(N_("Số quá lớn."))
    return format(value.normalize(), "f") if value else "0"


def read_rows(
    questions: Sequence[Asked], rows: Sequence[AnswerRow], read: Callable[[Asked, str], str] = kept
) -> tuple[list[AnswerRow], list[FieldProblem]]:
    """The rows as they are kept, without empty ones, and what is wrong in which cell (`rows.<number>.<key>`).

    `read` understands a cell: `kept` what programs send, `understood` what people type.
    """
    ready, problems = [], []
    for place, row in enumerate(rows, 1):
        values = {}
        for key in row.values.keys() - {column.key for column in questions}:
            problems.append(FieldProblem(f"rows.{place}.{str(key)[:40]}", N_("Phiếu không có cột này.")))
        for column in questions:
            try:
                value = read(column, row.values.get(column.key, "") or "")
            except ValueError as error:
                problems.append(FieldProblem(f"rows.{place}.{column.key}", str(error)))
                continue
            if value:
                values[column.key] = value
        if values:
            ready.append(AnswerRow(row.id, values))
    return ready, problems


def unfilled(questions: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """(row, column) of each required cell that is empty."""
    needed = [column for column in asked_of(questions) if column.required]
    return [(n, c.label) for n, row in enumerate(rows_of(rows), 1) for c in needed if not row.values.get(c.key)]


def _tidy(value: str) -> str:
    text = nfc(value).strip()
    try:
        check_text(text)
    except ValueError:
        raise ValueError(N_("Có ký tự không hợp lệ.")) from None
    if len(text) > MOST_CHARACTERS:
        raise ValueError(N_("Dài quá 5.000 ký tự."))
    return text


def _number(text: str) -> str:
    """A typed number: full stops part the thousands, a comma the fraction; of one mark the other way is understood if clear."""
    compact = text.replace("\u00a0", "").replace(" ", "").replace("\u2212", "-")
    if _TWO_WAYS.fullmatch(compact):
        raise ValueError(N_("Số này hiểu được hai cách. Hãy viết liền các chữ số; dấu phẩy chỉ để ngăn phần lẻ."))
    if _VIETNAMESE.fullmatch(compact):
        compact = compact.replace(".", "").replace(",", ".")
    elif _ENGLISH.fullmatch(compact):
        compact = compact.replace(",", "")
    return plain_number(compact.replace(",", "."))


def _date(text: str) -> str:
    if found := _DAY.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            raise ValueError(N_("Không có ngày này.")) from None
    if is_partial_date(text):
        return text
    raise ValueError(N_("Hãy viết ngày như 15/9/2025."))


def _choice(column: Asked, text: str) -> str:
    wanted = fold(text)
    for term in vocabulary(column.terms).terms:
        if text == term.code or wanted in (fold(term.label_vi), fold(term.label_en)):
            return term.code
    raise ValueError(N_("Giá trị không có trong danh mục."))


def _wrong(problems: Sequence[FieldProblem]) -> InvalidInput:
    return InvalidInput(N_("Các cột của phiếu chưa hợp lệ."), remedy=N_("Hãy sửa các cột được nêu."), problems=problems)
