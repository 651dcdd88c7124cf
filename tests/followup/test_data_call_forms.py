"""Do forms come back as they went out, are hostile or altered ones refused, and is nobody's change lost in between?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from banggiao.core.errors import InvalidInput, NotFound, Unreadable
from banggiao.followup.data_calls.asked import AnswerRow, kept, rows_of, understood
from banggiao.followup.data_calls.asked import Asked as Column
from banggiao.followup.data_calls.form_docx import write_docx
from banggiao.followup.data_calls.form_words import shown
from banggiao.followup.data_calls.form_xlsx import write_xlsx
from banggiao.followup.data_calls.models import DataCallAnswer
from banggiao.followup.data_calls.returned import code_in, compare, compare_rows, merged, read_form, rows_at
from banggiao.followup.data_calls.services import save_rows
from tests.factories.rows import act
from tests.followup.calls import Asked, asked, filled

HEAD = 10
FULL = {"c1": '=HYPERLINK("http://x","bấm")\n- dòng hai', "c2": "-1234567.5", "c3": "2025-09-05", "c4": "trade"}
NUMBER, DAY = Column("n", "Số", "number", "kg"), Column("d", "Ngày", "date")
WRITERS = [write_xlsx, write_docx]


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook with a change to its form."""
    book = load_workbook(io.BytesIO(data))
    change(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def edited_word(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The Word file with a change to its tables."""
    paper = Document(io.BytesIO(data))
    change(paper)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def x_of(world: Asked) -> DataCallAnswer:
    return DataCallAnswer.objects.select_related("call", "institution").get(call=world.call, institution=world.x)


@pytest.mark.django_db
@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("many", [True, False])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_form_returned_untouched_changes_nothing(write: Any, many: bool, language: Any) -> None:
    world = asked(many_rows=many)
    filled(act(world.of_x), x_of(world), FULL, *([{"c1": "@SUM(1)", "c2": "0.001"}] if many else []))
    answer = x_of(world)
    form = read_form(write(answer, language=language), answer)
    assert not form.problems
    assert [dict(row.values) for row in form.rows] == [dict(row.values) for row in rows_of(answer.rows)]
    assert {each.standing for each in compare(answer, form)} == {"same"}
    assert (form.code.call, form.code.body, form.code.version) == (world.call.code, "TINH-X", answer.version)


@pytest.mark.django_db
def test_no_cell_of_a_form_is_a_formula_and_none_is_evaluated() -> None:
    world = asked()
    filled(act(world.of_x), x_of(world), FULL, {"c1": "+cmd|' /C calc'!A0"}, {"c1": "-1+1"})
    data = write_xlsx(x_of(world), language="vi")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
    book = load_workbook(io.BytesIO(data))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}

    def formula(sheet: Any) -> None:
        sheet.cell(HEAD + 2, 3).value = "=1+1"
        sheet.cell(HEAD + 3, 3).value = '=WEBSERVICE("http://x")'

    form = read_form(edited(data, formula), x_of(world))
    assert [p.field for p in form.problems] == [f"rows.{HEAD + 2}.c2", f"rows.{HEAD + 3}.c2"]
    assert all("công thức" in p.message for p in form.problems)


@pytest.mark.django_db
def test_what_is_typed_into_a_workbook_is_read_cell_by_cell() -> None:
    world = asked()

    def fill(sheet: Any) -> None:
        for line, cells in enumerate(
            [("Một", 12.5, "5/9/2025", "Thương mại"), ("Hai", "1.234,5", "2025", "TRADE"), ("Ba", "nhiều", "32/1/2025", "màu"),
             ("Bốn", "1,234", None, None)], HEAD + 1,
        ):  # fmt: skip
            for place, value in enumerate(cells, 2):
                sheet.cell(line, place).value = value

    form = read_form(edited(write_xlsx(x_of(world), language="vi"), fill), x_of(world))
    assert dict(form.rows[0].values) == {"c1": "Một", "c2": "12.5", "c3": "2025-09-05", "c4": "trade"}
    assert dict(form.rows[1].values) == {"c1": "Hai", "c2": "1234.5", "c3": "2025", "c4": "trade"}
    assert {p.field for p in form.problems} == {f"rows.13.{c}" for c in ("c2", "c3", "c4")} | {"rows.14.c2"}


@pytest.mark.django_db
def test_a_word_form_filled_with_tracked_changes_is_read() -> None:
    world = asked()

    def fill(paper: Any) -> None:
        paper.tables[1].rows[1].cells[1].text = "Bản ghi nhớ"
        paper.tables[1].rows[1].cells[2].text = "1.000,25"
        paper.tables[1].rows[2].cells[2].text = "mười"

    form = read_form(edited_word(write_docx(x_of(world), language="vi"), fill), x_of(world))
    assert dict(form.rows[0].values) == {"c1": "Bản ghi nhớ", "c2": "1000.25"}
    assert [p.field for p in form.problems] == ["rows.2.c2"]


def _renamed(sheet: Any) -> None:
    sheet.cell(HEAD, 2).value = "Tên khác"


def _swapped(sheet: Any) -> None:
    sheet.cell(HEAD, 2).value, sheet.cell(HEAD, 3).value = sheet.cell(HEAD, 3).value, sheet.cell(HEAD, 2).value


def _column_more(sheet: Any) -> None:
    sheet.cell(HEAD, 6).value = "Thêm"


def _other_body(sheet: Any) -> None:
    sheet.cell(8, 2).value = str(sheet.cell(8, 2).value).replace("TINH-X", "TINH-Y")


def _no_code(sheet: Any) -> None:
    sheet.cell(8, 2).value = ""


def _later_version(sheet: Any) -> None:
    sheet.cell(8, 2).value = str(sheet.cell(8, 2).value).replace("| 1 |", "| 9 |")


@pytest.mark.django_db
@pytest.mark.parametrize("change", [_renamed, _swapped, _column_more, _other_body, _no_code, _later_version])
def test_an_altered_form_is_refused_with_what_to_do(change: Callable[[Any], None]) -> None:
    world = asked()
    with pytest.raises(Unreadable) as raised:
        read_form(edited(write_xlsx(x_of(world), language="vi"), change), x_of(world))
    assert "tải lại phiếu" in raised.value.remedy or "đúng phiếu" in raised.value.remedy


@pytest.mark.django_db
def test_the_form_of_another_body_or_call_is_refused() -> None:
    world = asked()
    of_y = DataCallAnswer.objects.get(call=world.call, institution=world.y)
    for write in WRITERS:
        with pytest.raises(Unreadable) as raised:
            read_form(write(of_y, language="vi"), x_of(world))
        assert raised.value.params == {"call": world.call.code, "body": "TINH-Y"}
        assert code_in(write(of_y, language="vi")).body == "TINH-Y"


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _bomb(data: bytes) -> bytes:
    return _zip({"[Content_Types].xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * 40_000_000})


def _entities(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/workbook.xml"] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts["xl/workbook.xml"]
    return _zip(parts)


def _climbing(data: bytes) -> bytes:
    return _zip({"../../x.xml": b"<a/>"})


def _far_cell(data: bytes) -> bytes:
    """A workbook of one cell in the last row that Excel has: to be read without walking a million rows."""
    book = Workbook()
    book.active.cell(1_048_576, 2).value = "x"  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "make",
    [
        _bomb, _entities, _climbing, _far_cell, lambda d: b"", lambda d: d[: len(d) // 2], lambda d: b"PK\x03\x04" + b"x" * 100,
        lambda d: b"=1+1,2\n", lambda d: b"\xd0\xcf\x11\xe0" + b"\0" * 600, lambda d: d + b"\0" * 10_000_000,
    ],
)  # fmt: skip
def test_hostile_and_broken_files_are_refused(make: Callable[[bytes], bytes]) -> None:
    world = asked()
    with pytest.raises(Unreadable):
        read_form(make(write_xlsx(x_of(world), language="vi")), x_of(world))
    assert x_of(world).rows == [], "nothing is written"


@pytest.mark.engine
@pytest.mark.django_db
def test_a_form_meets_changes_made_meanwhile_row_by_row() -> None:
    world = asked()
    mine = act(world.of_x)
    filled(mine, x_of(world), *({"c1": name} for name in ("một", "hai", "ba", "bốn", "năm")))
    handed = write_xlsx(x_of(world), language="vi")
    rows = [{"id": "1", "values": {"c1": "một"}}, {"id": "2", "values": {"c1": "HAI của chuyên viên"}},
            {"id": "3", "values": {"c1": "BA của chuyên viên"}}, {"id": "5", "values": {"c1": "năm"}},
            {"id": "", "values": {"c1": "sáu của chuyên viên"}}]  # fmt: skip
    save_rows(act=act(world.desk), answer=x_of(world), rows=rows, version=x_of(world).version)

    def fill(sheet: Any) -> None:
        sheet.cell(HEAD + 1, 2).value = "MỘT trong tệp"
        sheet.cell(HEAD + 3, 2).value = "BA trong tệp"
        sheet.cell(HEAD + 4, 2).value = "BỐN trong tệp"
        sheet.cell(HEAD + 5, 2).value = None
        sheet.cell(HEAD + 6, 2).value = "bảy trong tệp"

    answer = x_of(world)
    form = read_form(edited(handed, fill), answer)
    compared = compare(answer, form)
    assert {each.id or "mới": each.standing for each in compared} == {
        "1": "changed", "2": "theirs", "3": "conflict", "4": "conflict", "5": "removed", "6": "theirs", "mới": "new",
    }  # fmt: skip
    with pytest.raises(InvalidInput) as raised:
        merged(compared, {"3": "mine"})
    assert [p.field for p in raised.value.problems] == ["rows.4"]
    taken = merged(compared, {"3": "mine", "4": "current"})
    saved = save_rows(act=mine, answer=answer, rows=taken, version=answer.version)
    assert {row["id"]: row["values"]["c1"] for row in saved.rows} == {
        "1": "MỘT trong tệp", "2": "HAI của chuyên viên", "3": "BA trong tệp", "6": "sáu của chuyên viên", "7": "bảy trong tệp",
    }  # fmt: skip
    with pytest.raises(NotFound):
        rows_at(answer, 99)


def test_rows_told_twice_or_unknown_are_new_ones() -> None:
    base = [AnswerRow("1", {"c1": "a"})]
    twice = compare_rows(base, [AnswerRow("1", {"c1": "a"}), AnswerRow("1", {"c1": "b"}), AnswerRow("99", {"c1": "c"})], base)
    assert [(each.id, each.standing) for each in twice] == [("1", "same"), ("", "new"), ("", "new")]


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=6, allow_nan=False, allow_infinity=False))
def test_a_number_shown_is_understood_as_it_was(value: Any) -> None:
    text = kept(NUMBER, format(value, "f"))
    assert understood(NUMBER, shown(NUMBER, text, "vi")) == text == kept(NUMBER, text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1.234", "1234"), ("1.234,5", "1234.5"), ("1,5", "1.5"), ("1.5", "1.5"), ("1,234,567", "1234567"), ("1,234.5", "1234.5"),
     ("0,125", "0.125"), ("-3", "-3"), ("12 500", "12500"), ("007", "7")],
)  # fmt: skip
def test_numbers_as_people_write_them(typed: str, meant: str) -> None:
    assert understood(NUMBER, typed) == meant


@pytest.mark.parametrize("typed", ["1,234", "999,999", "1.23.4", "1e9", "abc", "--1", "NaN", "9" * 19, "١٢٣"])
def test_what_is_no_number_or_two_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        understood(NUMBER, typed)


@pytest.mark.parametrize(("typed", "meant"), [("5/9/2025", "2025-09-05"), ("05.09.2025", "2025-09-05"), ("2025-09", "2025-09")])
def test_days_as_people_write_them(typed: str, meant: str) -> None:
    assert understood(DAY, typed) == meant
    assert understood(DAY, shown(DAY, meant, "vi")) == meant
