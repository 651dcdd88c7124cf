"""The content model: notes in reading order, refused tables and charts, table twins, labels."""

from __future__ import annotations

from dataclasses import replace

import pytest

from banggiao.core.errors import InvalidInput
from banggiao.reports.blocks import (
    Chart,
    Column,
    Figure,
    Heading,
    Note,
    NoteBook,
    NoteRef,
    Paragraph,
    Series,
    SourceRow,
    Table,
    in_reading_order,
)
from banggiao.reports.wording import annex_heading, labelled, paper_date, paper_number, recipient_lines
from tests.reports.papers import CHART, DAY, ENTERED, paper


def test_notes_are_numbered_as_a_reader_meets_them_and_unused_ones_go() -> None:
    notes = tuple(Note(number, f"Quy tắc {number}", DAY, ()) for number in (1, 2, 3))
    ordered = in_reading_order(
        paper(blocks=(Paragraph(("a", NoteRef(3), "b", NoteRef(1), "c", NoteRef(3))),), annexes=(), notes=notes)
    )
    assert ordered.blocks == (Paragraph(("a", NoteRef(1), "b", NoteRef(2), "c", NoteRef(1))),)
    assert [(note.number, note.rule) for note in ordered.notes] == [(1, "Quy tắc 3"), (2, "Quy tắc 1")]


def test_references_in_tables_figures_and_annexes_count() -> None:
    assert in_reading_order(paper()).notes == paper().notes
    assert in_reading_order(in_reading_order(paper())) == in_reading_order(paper())


def test_a_figure_without_its_note_is_refused() -> None:
    with pytest.raises(InvalidInput, match="ghi chú 7"):
        in_reading_order(paper(blocks=(Paragraph(("253", NoteRef(7))),)))


def test_the_note_book_gives_one_number_to_one_note() -> None:
    book = NoteBook()
    row = SourceRow("Sổ", "1")
    assert book.refer("a", DAY, row) == book.refer("a", DAY, row) == NoteRef(1)
    assert book.refer("b", DAY, row) == NoteRef(2)
    assert len(book.notes) == 2


@pytest.mark.parametrize("missing", ["number", "dated", "signer"])
def test_draft_until_number_date_and_signer_are_entered(missing: str) -> None:
    assert not paper(**ENTERED).is_draft
    assert paper(**ENTERED | {missing: "" if missing == "signer" else None}).is_draft


def test_the_number_and_date_of_a_paper() -> None:
    assert paper_number(paper(**ENTERED)) == "02/BC-BNG"
    assert paper_number(paper(number=128)) == "128/BC-BNG"
    assert paper_number(paper()).strip("\u00a0") == "/BC-BNG"
    assert paper_date(paper(**ENTERED)).replace("\u00a0", " ") == "ngày 04 tháng 7 năm 2025"
    assert paper_date(paper()).split() == ["ngày", "tháng", "năm"]


def test_recipients_end_with_their_signs() -> None:
    assert recipient_lines(paper(recipients=("Lãnh đạo Bộ;", "Lưu: VT."))) == ["- Lãnh đạo Bộ;", "- Lưu: VT."]
    assert recipient_lines(paper(recipients=())) == []


def test_headings_count_within_their_parent() -> None:
    blocks = (
        Heading(1, "a"),
        Heading(2, "b"),
        Heading(3, "c"),
        Heading(3, "d"),
        Heading(2, "e"),
        Heading(3, "f"),
        Heading(1, "g"),
        Heading(2, "h"),
    )
    assert [label for _, label in labelled(blocks, "vi", {})] == ["I.", "1.", "a)", "b)", "2.", "a)", "II.", "1."]
    assert [label for _, label in labelled((Heading(1, "Mở đầu", numbered=False), Heading(1, "a")), "vi", {})] == ["", "I."]


def test_captions_count_through_the_annexes() -> None:
    counts: dict[str, int] = {}
    table = Table((Column("a"),), (), "Một")
    first = [label for _, label in labelled((table, replace(table, caption=""), Figure(CHART, "", "")), "vi", counts)]
    assert [label.replace("\u00a0", " ") for label in first] == ["Bảng 1", "", "Hình 1"]
    assert [label for _, label in labelled((table,), "vi", counts)] == ["Bảng\u00a02"]


def test_one_annex_has_no_number_two_have() -> None:
    one = paper(**ENTERED)
    label, remark = annex_heading(one, 1)
    assert label == "Phụ lục"
    assert remark.replace("\u00a0", " ") == "(Kèm theo Báo cáo số 02/BC-BNG ngày 04 tháng 7 năm 2025 của Bộ Ngoại giao)"
    assert annex_heading(paper(annexes=one.annexes * 2), 2)[0] == "Phụ lục II"


@pytest.mark.parametrize(
    ("columns", "rows"), [((), ()), ((Column("a"),), (("1", "2"),)), ((Column("a"), Column("b")), (("1",),))]
)
def test_tables_that_do_not_fit_are_refused(columns: tuple[Column, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    with pytest.raises(InvalidInput):
        Table(columns, rows)


def test_charts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidInput):
        Chart("bar", ("a", "b"), (Series("s", (1,)),), "")
    with pytest.raises(InvalidInput):
        Chart("bar", ("a",), (), "")
    with pytest.raises(InvalidInput):
        Chart("stacked", ("a",), (Series("s", (-1,)),), "")


def test_a_chart_has_a_table_twin_that_names_missing_figures() -> None:
    table = CHART.as_table("vi", "Cam kết")
    assert [column.label.replace("\u00a0", " ") for column in table.columns] == [
        "Đối tác",
        "Hoàn thành (cam kết)",
        "Đang thực hiện (cam kết)",
        "Quá hạn (cam kết)",
    ]
    assert table.rows[1] == ("Nước B", "8", "không có số liệu", "2")
    assert table.rows[2][3] == "0"
    assert CHART.as_table("en").rows[1][2] == "no data"
