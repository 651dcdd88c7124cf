"""Do CSV, XLSX and JSON hold the same rows, with their rule and date, harmless to open, and only for those who may export?"""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.core.errors import InvalidInput, NotPermitted
from banggiao.core.exports import answer_as_json, cell_text, export, safe_cell
from banggiao.core.ledger import LedgerEntry, verify
from banggiao.core.questions import ALL, Answer, Bi, Column, Ref, Row, Source, ask, questions
from banggiao.core.registers import registers
from banggiao.core.vocabulary import vocabulary
from tests.factories.rows import AT, SYSTEM, act, activity, agreement, one_of_each, viewer

pytestmark = pytest.mark.django_db
COLUMNS = (Column("a", "Nội dung"), Column("n", "Số", "number", unit="USD"), Column("k", "Loại", "code", "activity_kind"))
HOSTILE = '=HYPERLINK("http://x")'


def answer(*rows: Row, **more: Any) -> Answer:
    return Answer("mau", Bi("Mẫu", "Sample"), COLUMNS, rows, len(rows), AT, "register_rows", **more)


def read(form: str, content: bytes) -> list[list[str]]:
    """The cells of an exported table."""
    if form == "csv":
        return [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))]
    sheet = load_workbook(io.BytesIO(content)).active
    return [[str(c) if c is not None else "" for c in row] for row in sheet.iter_rows(values_only=True)]  # type: ignore[union-attr]


def made(given: Answer, form: str, language: str = "vi") -> bytes:
    return export(given, form, act=act(), language=language, translate=lambda text: text)[0]


@pytest.mark.engine
def test_three_forms_hold_the_same_rows_and_total_for_every_question() -> None:
    one_of_each()
    for n in range(3):
        activity(name_vi=f"Hoạt động {n}")
    for register in registers():
        asked = ask(register.name, {}, SYSTEM, at=AT, page=ALL).listed()
        rows = tuple(asked.rows)
        expected = [
            [safe_cell(cell_text(v, "vi", c.vocabulary)) for v, c in zip(r.cells, asked.columns, strict=True)] for r in rows
        ]
        width = len(asked.columns)
        for form in ("csv", "xlsx"):
            table = read(form, made(asked, form))
            assert table[0][:width] == [c.label + (f" ({c.unit})" if c.unit else "") for c in asked.columns]
            assert [row[:width] for row in table[1 : len(rows) + 1]] == expected, (register.name, form)
            notes = {row[0]: row[1] for row in table[len(rows) + 2 :]}
            assert notes["Tổng số"] == str(len(rows)) == str(asked.total)
            assert notes["Số liệu đến"] == "2025-09-15T08:30:00+07:00"
            assert notes["Quy tắc đếm"].startswith(vocabulary("counting_rule").label(register.rule, "vi"))
        data = json.loads(made(asked, "json"))
        assert (data["total"], [r["id"] for r in data["rows"]]) == (asked.total, [str(r.id) for r in rows])
        assert (data["rule"], data["as_of"]) == (register.rule, AT.isoformat())
        assert all(set(c.key for c in asked.columns) <= set(row) for row in data["rows"])
    assert len(list(questions())) >= len(list(registers()))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        HOSTILE,
        "=cmd|' /C calc'!A0",
        "－1+1",
        "＝1",
        "\x00=1",
        "\x0b=1",
        "+84 901",
    ],
)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_is_a_formula(text: str, form: str) -> None:
    given = answer(Row((text, text, "")), sources=(Source(Bi(text), text),))
    for row in read(form, made(given, form)):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    if form == "xlsx":
        sheet = load_workbook(io.BytesIO(made(given, form))).active
        assert {c.data_type for row in sheet.iter_rows() for c in row} <= {"s", "n", "inlineStr"}  # type: ignore[union-attr]


@pytest.mark.parametrize("number", ["-5", "+5", "-0.25", "1e3", "12"])
def test_numbers_stay_numbers(number: str) -> None:
    assert safe_cell(number) == number


def test_control_characters_and_long_texts_do_not_stop_an_export() -> None:
    given = answer(Row(("a\x0bb\x1fc" + "x" * 40_000, 1, "")))
    assert read("xlsx", made(given, "xlsx"))[1][0].startswith("abcxxx")
    assert read("csv", made(given, "csv"))[1][0].startswith("abcxxx")


@pytest.mark.parametrize("role", PERMISSIONS)
def test_export_is_a_right_of_its_own(role: str) -> None:
    given, who = answer(Row(("a", 1, "visit"))), viewer(role)
    if "exports.take" in PERMISSIONS[role]:
        assert export(given, "csv", act=act(who), language="vi", translate=str)[2] == "mau-20250915.csv"
    else:
        with pytest.raises(NotPermitted):
            export(given, "csv", act=act(who), language="vi", translate=str)
        assert not LedgerEntry.objects.exists()
    assert {r for r, granted in PERMISSIONS.items() if "exports.take" not in granted} == {"enterprise", "administrator"}


def test_every_export_stands_in_the_ledger() -> None:
    given = answer(Row(("a", 1, "visit")), parameters={"period": "2025-H1"})
    for form in ("csv", "xlsx", "json"):
        export(given, form, act=act(reason="báo cáo"), language="vi", translate=str)
    entries = list(LedgerEntry.objects.order_by("id"))
    assert [e.changes["form"][1] for e in entries] == ["csv", "xlsx", "json"]
    assert {(e.action, e.reason, e.actor_label, e.changes["rows"][1]) for e in entries} == {("export", "báo cáo", "kiểm thử", 1)}
    assert entries[0].changes["parameters"] == [None, {"period": "2025-H1"}]
    assert list(verify()) == []
    with pytest.raises(InvalidInput):
        export(given, "pdf", act=act(), language="vi", translate=str)
    assert LedgerEntry.objects.count() == 3, "what was not made is not logged"


@pytest.mark.parametrize(("language", "mark"), [("vi", "DIỄN TẬP"), ("en", "EXERCISE")])
def test_exercise_data_is_marked_in_every_form(language: str, mark: str) -> None:
    real, drill = Row(("a", 1, "")), Row(("b", 1, ""), exercise=True)
    for form in ("csv", "xlsx", "json"):
        assert mark in str(
            read(form, made(answer(real, drill), form, language))
            if form != "json"
            else json.loads(made(answer(real, drill), form))
        )
        assert mark not in str(
            read(form, made(answer(real), form, language)) if form != "json" else json.loads(made(answer(real), form))
        )
    assert read("csv", made(answer(drill), "csv", language))[0] == [mark]


def test_exercise_records_reach_the_mark() -> None:
    from banggiao.agreements.services import create_agreement

    agreement()
    create_agreement(act=act(exercise=True), values={"kind": "mou", "name_vi": "Thỏa thuận mẫu"})
    asked = ask("agreements", {}, SYSTEM, at=AT)
    assert answer_as_json(asked.listed())["exercise"] is True
    assert {row.exercise for row in ask("agreements", {}, SYSTEM, at=AT).rows} == {True, False}


def test_sources_and_languages() -> None:
    given = answer(
        Row(("a", Decimal("1.5"), "visit")), sources=(Source(Bi("Báo X", "Paper X"), "https://x.example/1", "2025-03"),)
    )
    vi, en = (read("csv", made(given, "csv", language)) for language in ("vi", "en"))
    assert vi[0] == ["Nội dung", "Số (USD)", "Loại"]
    assert (vi[1][1], vi[1][2] != en[1][2]) == ("1.5", True)
    assert vi[-1] == ["Nguồn", "Báo X https://x.example/1 2025-03"] and en[-1] == [
        "Source",
        "Paper X https://x.example/1 2025-03",
    ]


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (None, "", ""), ("", "", ""), (True, "có", "yes"), (False, "không", "no"), (0, "0", "0"), (date(2025, 1, 2),
        "2025-01-02", "2025-01-02"),
        (Bi("Một", "One"), "Một", "One"), (Bi("Một"), "Một", "Một"), ((Bi("Một", "One"), "x"), "Một; x", "One; x"),
        (Ref(UUID(int=1), "a.b", Bi("Tên", "Name")), "Tên", "Name"), (Decimal("1234567.50"), "1234567.50", "1234567.50"),
        ([], "", ""),
    ],
)  # fmt: skip
def test_cells_as_text(value: object, vi: str, en: str) -> None:
    assert (cell_text(value, "vi"), cell_text(value, "en")) == (vi, en)
