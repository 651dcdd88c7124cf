"""Do tables from Word and Excel come in as people keep them, fast, bounded, with every fault named?"""

from __future__ import annotations

import io
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from banggiao.core.errors import InvalidInput, NotPermitted, Unreadable
from banggiao.reports.sheets import MOST_ROWS, sheets_of_file, sheets_of_text

if TYPE_CHECKING:
    from banggiao.core.acts import Viewer
    from banggiao.core.registers import Register


def rows_of_text(text: str) -> list[list[str]]:
    """The rows of a pasted text."""
    return [list(cells) for _number, cells in sheets_of_text(text)[0].rows]


def rows_of_file(data: bytes, name: str) -> list[list[str]]:
    """The rows of the first table of a file."""
    return [list(cells) for _number, cells in sheets_of_file(data, name)[0].rows]


HEAD = "Nội dung cam kết\tBên thực hiện\tNước\tHạn\tCơ quan chủ trì\tGhi chú"
ROW = "Mở cửa thị trường cà phê\tPhía bạn\tVương quốc X\tquý III/2025\tBộ A\tx"


def _xlsx(rows: list[list[Any]]) -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def _docx(rows: list[list[str]]) -> bytes:
    from docx import Document

    paper, out = Document(), io.BytesIO()
    paper.add_paragraph("Phụ lục")
    table = paper.add_table(len(rows), len(rows[0]))
    for line, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text
    paper.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\n1\t2", [["a", "b"], ["1", "2"]]),
        ('a\tb\n"hai\ndòng"\t"có ""ngoặc"""\n', [["a", "b"], ["hai\ndòng", 'có "ngoặc"']]),
        ("\ufeffa,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a;b\n1;2,5", [["a", "b"], ["1", "2,5"]]),
        ("\n\na\tb\n\n1\t2\n\n", [["a", "b"], ["1", "2"]]),
        ("'=1+1\tx", [["=1+1", "x"]]),
        (
            "<html><body><table><tr><th>a</th><th>b</th></tr><tr><td>x<br>y</td><td><script>alert(1)</script>2</td></tr></table>",
            [["a", "b"], ["x\ny", "alert(1)2"]],
        ),
    ],
)
def test_texts(text: str, rows: list[list[str]]) -> None:
    assert rows_of_text(text) == rows


def test_files() -> None:
    from datetime import datetime

    rows = [["a", "b"], ["x", "5"]]
    assert rows_of_file(_docx(rows), "b.docx") == rows
    assert rows_of_file(_xlsx([["a", "b"], ["x", 5.0], [datetime(2025, 9, 5), True]]), "b.xlsx") == [*rows, ["2025-09-05", "có"]]
    assert rows_of_file("a,b\r\nx,5\r\n".encode("utf-8-sig"), "b.csv") == rows
    assert rows_of_file("a\tb\nx\t5".encode("utf-16"), "b.txt") == rows


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<x/>")
        package.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    return out.getvalue()


def _entities() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (_bomb(), "bomb.xlsx"), (_entities(), "x.xlsx"), (b"PK\x03\x04broken", "../../x.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cu.xls"), (bytes(5000), "x.bin"), (b"", "rong.csv"),
        (b" \n ", "rong.csv"),
        (b"x" * 13_000_000, "to.csv"), (b",".join([b"x"] * 80), "rong.csv"), (b"a\n" * (MOST_ROWS + 100), "dai.csv"),
        (b"a,b\n" + b"x" * 30_000, "o.csv"), (_docx([["a"]])[:-300], "hong.docx"),
    ],
)  # fmt: skip
def test_what_is_refused(data: bytes, name: str) -> None:
    started = time.perf_counter()
    with pytest.raises(Unreadable) as caught:
        rows_of_file(data, name)
    assert time.perf_counter() - started < 5 and caught.value.remedy and ".." not in caught.value.subject


def test_no_dimension_of_a_sheet_is_believed() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_xlsx([["a"], ["b"]]))) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"'))
    assert rows_of_file(data.getvalue(), "x.xlsx") == [["a"], ["b"]]


@pytest.fixture
def desk(db: None) -> tuple[Register, Viewer]:
    """The register of commitments and a desk officer of Bộ A."""
    from banggiao.core.registers import register_named
    from tests.factories.rows import institution, partner, viewer

    body = institution("BO-A", name_vi="Bộ A")
    partner()
    return register_named("commitments"), viewer("desk", body)


def _lines(desk: tuple[Register, Viewer], text: str, known: dict[str, str] | None = None) -> Any:
    from banggiao.reports.pasting import Known, checked, recognised

    book, who = desk
    table = recognised(book, sheets_of_text(text)[0], Known(known or {}))
    return table, checked(book, table, who)


def test_headings_are_known_in_both_languages_and_by_their_other_names(desk: tuple[Register, Viewer]) -> None:
    table, lines = _lines(desk, f"DANH MỤC CAM KẾT\n{HEAD}\n{ROW}")
    assert table.columns == ("text_vi", "side", "partner_id", "current_due", "lead_id", "")
    assert [line.kind for line in lines] == ["good"] and lines[0].understood.values["current_due"] == "2025-09"
    english, _lines_ = _lines(desk, "Content\tSide\tPartner\tCurrent due date\nx\tOurs\tXAA\t2025")
    assert english.columns == ("text_vi", "side", "partner_id", "current_due")
    taught, _lines_ = _lines(desk, "Ý chính\tBên\nx\tOurs", {"y chinh": "text_vi", "ben": "side"})
    assert taught.columns == ("text_vi", "side")


def test_good_rows_are_written_and_the_others_come_back_to_be_mended(desk: tuple[Register, Viewer]) -> None:
    from banggiao.commitments.models import Commitment
    from banggiao.reports.pasting import to_mend, write
    from tests.factories.rows import act

    book, who = desk
    bad = "=Sai hẹn\tPhía bạn\tNước Lạ\tsớm\t\t"
    table, lines = _lines(desk, f"{HEAD}\n{ROW}\n{bad}\n{ROW}")
    assert [line.kind for line in lines] == ["good", "wrong", "twin"] and lines[2].twin == 1
    with pytest.raises(InvalidInput):
        write(book, lines, all_or_nothing=True, act=act(who))
    assert not Commitment.objects.exists()
    done = write(book, lines, act=act(who))
    assert len(done.records) == 1 and [line.number for line in done.left] == [2]
    mended = to_mend(book, table, lines).decode("utf-8-sig")
    assert "Nước Lạ" in mended and "'=Sai hẹn" in mended
    again, faulty = _lines(desk, mended.replace("Nước Lạ", "Vương quốc X").replace("sớm", "2025"))
    assert [line.kind for line in faulty] == ["good"] and faulty[0].understood.values["text_vi"] == "=Sai hẹn"


def test_only_who_may_enter_may_paste(desk: tuple[Register, Viewer]) -> None:
    from banggiao.reports.pasting import write
    from tests.factories.rows import act, viewer

    _table, lines = _lines(desk, f"{HEAD}\n{ROW}")
    with pytest.raises(NotPermitted):
        write(desk[0], lines, act=act(viewer("mission")))


@pytest.mark.slow
@pytest.mark.engine
def test_ten_thousand_rows_with_faults_in_some_take_seconds(desk: tuple[Register, Viewer]) -> None:
    from banggiao.commitments.models import Commitment
    from banggiao.reports.pasting import write
    from tests.factories.rows import act

    rows = [
        ROW.replace("cà phê", f"mặt hàng {n}").replace("Vương quốc X", "Nước Lạ" if n % 10 == 0 else "Vương quốc X")
        for n in range(MOST_ROWS)
    ]
    started = time.perf_counter()
    _table, lines = _lines(desk, "\n".join([HEAD, *rows]))
    looked = time.perf_counter() - started
    assert sum(line.kind == "wrong" for line in lines) == MOST_ROWS // 10
    done = write(desk[0], lines, act=act(desk[1]))
    took = time.perf_counter() - started
    assert len(done.records) == Commitment.objects.count() == 9 * MOST_ROWS // 10
    assert looked < 15 and took < 60, (looked, took)


#: Record type -> a row of a pasted table, as understood; `n` in a value is the row's number.
ROWS: dict[str, dict[str, Any]] = {
    "activities.activity": {"kind": "visit", "name_vi": "Thăm n", "start": "2025-03-10"},
    "agreements.agreement": {"kind": "mou", "name_vi": "Bản ghi nhớ n", "status": "signed"},
    "barriers.barrier": {"name_vi": "Kiểm tra n"},
    "commitments.commitment": {"text_vi": "Mở cửa n", "side": "theirs"},
    "commitments.directive": {"kind": "directive", "number": "n/CT", "day": "2025-01-05"},
    "commitments.task": {"text_vi": "Rà soát n"},
    "followup.dispatchreference": {"number": "n/BA", "issuer_name": "Bộ A", "owner": "body"},
    "partners.institution": {"kind": "ministry", "name_vi": "Bộ n"},
    "partners.partner": {"code": "XAn", "kind": "state", "name_vi": "Nước n", "name_en": "X"},
    "partners.person": {"name": "Người n"},
    "partners.post": {"person_id": "person", "title_vi": "Vụ trưởng n", "basis": "Báo X", "first_seen": "2025"},
    "programmes.workprogramme": {"mission_id": "post n", "period": "2025"},
    "sources.officialfigure": {"label_vi": "Số n", "value": 5, "unit": "thỏa thuận"},
}


@pytest.mark.engine
@pytest.mark.parametrize("kind", sorted(ROWS))
def test_a_longer_table_is_written_in_hardly_more_queries(kind: str, db: None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from banggiao.core.registers import register_of
    from banggiao.partners.services import create_person
    from banggiao.reports import actions
    from banggiao.reports.entry import Understood
    from tests.factories.rows import act, institution

    assert set(ROWS) == set(actions.CREATE_MANY)
    links = {"body": institution("BO-A").pk, "person": create_person(act=act(), values={"name": "Người A"}).pk}
    if kind == "programmes.workprogramme":
        links |= {f"post {n}": institution(f"CQ-{n}", kind="embassy").pk for n in range(32)}
    asked, made = [], 0
    for size in (2, 30):
        rows = []
        for n in range(made, made + size):
            cells = {f: v.replace("n", str(n)) if isinstance(v, str) and f in _COUNTED else v for f, v in ROWS[kind].items()}
            values = {f: links.get(v, v) if isinstance(v, str) else v for f, v in cells.items()}
            rows.append(Understood(values, {}, (), False))
        made += size
        with CaptureQueriesContext(
            connection,
        ) as queries:
            records = actions.create_many(register_of(kind), rows=rows, act=act())
        assert len({record.pk for record in records}) == size
        asked.append(len(queries))
    # What search says of an activity (seven kinds of lines), a programme (three, and its mission), a body and a person,
    # and whose a letter is, is looked up for each.
    each = {"activities.activity": 7, "partners.institution": 1, "partners.person": 1, "followup.dispatchreference": 1}
    each["programmes.workprogramme"] = 4
    assert asked[1] - asked[0] <= 28 * each.get(kind, 0) + 1, asked


_COUNTED = ("mission_id", "name_vi", "text_vi", "number", "code", "name", "title_vi", "label_vi")


@pytest.mark.parametrize("code", ["XAA", "XAB"])
def test_a_code_in_use_keeps_the_whole_table_out(code: str, db: None) -> None:
    from banggiao.core.errors import WrongState
    from banggiao.partners.models import Partner
    from banggiao.partners.services import create_partners
    from tests.factories.rows import act, partner

    partner("XAA")
    rows = [({"code": each, "kind": "state", "name_vi": each}, {}) for each in ("XAB", code)]
    with pytest.raises(WrongState):
        create_partners(act=act(), rows=rows)
    assert list(Partner.objects.filter(code__startswith="XA").values_list("code", flat=True)) == ["XAA"]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_and_pasted_again_is_all_known(form: str, language: str, desk: tuple[Register, Viewer]) -> None:
    from django.utils.translation import gettext, override

    from banggiao.core.exports import export
    from banggiao.core.questions import ALL, ask
    from banggiao.reports.pasting import checked, recognised, write
    from tests.factories.rows import act

    book, who = desk
    odd = ["=1+1", "Mở cửa; thị trường, hai", 'Có "ngoặc" và\nhai dòng', "<b>đậm</b>", "-5 độ", "Ổn định   giá"]
    text = "\n".join([HEAD, *('"' + each.replace('"', '""') + '"' + "\tPhía ta\tXAA\t30/9/2025\tBộ A\t" for each in odd)])
    _table, lines = _lines(desk, text)
    assert len(write(book, lines, act=act(who)).records) == len(odd)
    with override(language):
        answer = ask("commitments", {}, who, at=act().at, page=ALL)
        content, _media, name = export(answer, form, act=act(who), language=language, translate=gettext)
        table = recognised(book, sheets_of_file(content, name)[0])
        again = checked(book, table, who)
    assert [line.kind for line in again] == ["twin"] * len(odd), [
        (x.cells, x.understood.problems) for x in again if x.kind != "twin"
    ]
