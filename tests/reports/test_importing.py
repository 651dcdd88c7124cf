"""Do lists of ministries come in with every trap of theirs, once each, and does the next month's file say just what changed?"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from openpyxl import Workbook

from banggiao.core.errors import InvalidInput, StaleEdit, Unreadable, VersionRequired
from banggiao.reports.sheets import sheets_of_file
from tests.reports.lists import ROWS, paper, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from banggiao.core.acts import Viewer
    from banggiao.core.registers import Register
    from banggiao.reports.importing import Held
    from banggiao.reports.taking_in import TakenIn

pytestmark = pytest.mark.django_db
FIRST, NEXT = "Danh mục cam kết tháng 6.2025.xlsx", "Danh mục cam kết tháng 7.2025 (bản 2).xlsx"


class Desk:
    """A desk officer of Bộ A with files of lists."""

    def __init__(self, register: Register, viewer: Viewer) -> None:
        self.register, self.viewer = register, viewer

    def table(self, data: bytes, name: str = FIRST, columns: dict[str, str] | None = None, sheet: str = "") -> Any:
        from banggiao.core.folding import fold
        from banggiao.reports.pasting import Known
        from banggiao.reports.taking_in import find_table, open_list

        known = Known({fold(heading): field for heading, field in (columns or {}).items()})
        return find_table(self.register, open_list(data, name), sheet, known, self.viewer)[1]

    def look(self, data: bytes, name: str = FIRST, columns: dict[str, str] | None = None, **wanted: Any) -> Held:
        from banggiao.reports.importing import Wanted
        from banggiao.reports.taking_in import look

        table = self.table(data, name, columns)
        return look(self.register, name, table, Wanted.of(wanted, wanted.get("choices")), self.viewer)

    def take(
        self, data: bytes, name: str = FIRST, columns: dict[str, str] | None = None, seen: str | None = "", **wanted: Any
    ) -> TakenIn:
        from banggiao.reports.importing import Wanted
        from banggiao.reports.taking_in import open_list, take_in
        from tests.factories.rows import act

        told = self.look(data, name, columns, **wanted).seen if seen == "" else seen
        how = Wanted.of(wanted, wanted.get("choices"))
        return take_in(
            self.register, open_list(data, name), self.table(data, name, columns), how, seen=told, act=act(self.viewer)
        )  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    """A desk officer of Bộ A; there are Bộ B, Vương quốc X and Cộng hòa Y."""
    from banggiao.core.registers import register_named
    from tests.factories.rows import institution, partner, viewer

    body = institution("BO-A", name_vi="Bộ A")
    institution("BO-B", name_vi="Bộ B")
    partner()
    partner("XBB", "Cộng hòa Y")
    return Desk(register_named("commitments"), viewer("desk", body, id=UUID(int=7)))


def _kinds(held: Held) -> list[str]:
    return [line.kind for line in held.lines]


def test_a_list_as_ministries_keep_it_is_understood(desk: Desk) -> None:
    table = desk.table(workbook())
    assert table.sheet == "Cam kết" and table.columns[:3] == ("", "_key", "text_vi"), "the sheet with the list is found"
    assert table.heading[5:7] == ("Thời gian / Ký", "Thời gian / Hạn") and table.columns[5:7] == ("made_on", "current_due")
    assert table.columns[9] == "", "what a list says of progress is nothing unless a person says so"
    assert table.places == (7, 8, 10)
    assert {(line.number, line.why) for line in table.dropped} == {(1, "above"), (5, "heading"), (11, "total"), (13, "note")}
    assert [row[-1] for row in table.rows] == ["Châu Á", "Châu Á", "Châu Âu"]
    held = desk.look(workbook())
    values = [line.understood.values for line in held.lines]
    assert _kinds(held) == ["good"] * 3
    assert [v["made_on"] for v in values] == ["2025-03-10", "2025-06-30", "2025-06-30"]
    assert [v["current_due"] for v in values] == ["2026-06", "2026-06", "2027"]
    assert values[1]["partner_id"] == values[0]["partner_id"], "a merged cell holds for the rows below"
    assert len(held.lines[1].understood.links["coordinating"]) == 1, "the first body leads, the others co-operate"


def test_what_is_imported_twice_changes_nothing(desk: Desk) -> None:
    from banggiao.commitments.models import Commitment
    from banggiao.core.ledger import LedgerEntry
    from banggiao.sources.models import Citation, Document

    done = desk.take(workbook())
    assert len(done.created) == 3 and Commitment.objects.count() == 3
    counted = (LedgerEntry.objects.count(), Citation.objects.count(), Document.objects.count())
    assert counted[1:] == (3, 1)
    again = desk.look(workbook())
    assert _kinds(again) == ["same"] * 3 and not again.gone
    for name in (FIRST, NEXT):  # the same list under the name of the next month
        left = desk.take(workbook(), name)
        assert not left.created and not left.changed
        assert (LedgerEntry.objects.count(), Citation.objects.count(), Document.objects.count()) == counted


def test_every_record_leads_to_its_row(desk: Desk) -> None:
    from banggiao.sources.questions import citations_of

    done = desk.take(workbook())
    assert done.document is not None and done.document.owner in desk.viewer.institutions
    found = citations_of([record.pk for record in done.created], desk.viewer)
    for record in done.created:
        (cited,) = found[record.pk]
        assert record.text_vi in cited.words and cited.document_title == FIRST
        row = cited.words and done.document.text[: cited.start].rsplit("\n", 1)[-1]
        assert row in ("[7] ", "[8] ", "[10] ")


def _next(rows: Sequence[Any]) -> list[Any]:
    """The list a month later: one text and due date changed, one row gone, one new, in another order."""
    first, last = list(rows[1]), list(rows[4])
    first[2] += " và quả nhãn mẫu"
    first[6] = "Quý III/2026"
    new = [9, "K9", "Mở đường bay thẳng mẫu", "Hai bên", "Cộng hòa Y", "6/2025", "tháng 6 năm 2027", "Bộ A", "", ""]
    return [new, last, first]


def test_the_next_month_says_what_changed(desk: Desk) -> None:
    from banggiao.followup.models import DueDateMove

    first = desk.take(workbook())
    held = desk.look(workbook(_next(ROWS)), NEXT)
    assert _kinds(held) == ["good", "same", "changed"] and held.counts()["gone"] == 1
    assert held.gone[0].record_id == first.created[1].pk
    changes = {c.field: (c.old, c.new, c.how) for c in held.lines[2].about.changes}
    assert changes["current_due"] == ("2026-06", "2026-09", "ask") and changes["text_vi"][2] == "take"
    with pytest.raises(VersionRequired):
        desk.take(workbook(_next(ROWS)), NEXT, seen=None)
    done = desk.take(workbook(_next(ROWS)), NEXT)
    assert (len(done.created), len(done.changed), done.asked) == (1, 1, 1)
    changed = type(first.created[0]).objects.get(pk=first.created[0].pk)
    assert changed.text_vi.endswith("quả nhãn mẫu") and changed.current_due == "2026-06", "a later date waits for approval"
    assert DueDateMove.objects.get(subject_id=changed.pk).due_to == "2026-09"
    assert not type(changed).objects.get(pk=first.created[1].pk).retracted, "what is gone from the list is not deleted"
    again = desk.look(workbook(_next(ROWS)), NEXT)
    assert _kinds(again) == ["same"] * 3 and not again.gone


def test_what_people_wrote_since_stays_or_is_asked_about(desk: Desk) -> None:
    from banggiao.commitments.services import revise_commitment
    from tests.factories.rows import act

    made = desk.take(workbook()).created
    revise_commitment(act=act(), commitment=made[2], values={"text_vi": "Gửi hai đoàn chuyên gia mẫu"}, version=1)
    assert _kinds(desk.look(workbook())) == ["same"] * 3, "the list says nothing new, so the register stays"
    revise_commitment(act=act(), commitment=made[0], values={"text_vi": "Mở cửa cho quả vải mẫu"}, version=1)
    held = desk.look(workbook(_next(ROWS)), NEXT)
    assert _kinds(held) == ["good", "same", "clash"]
    row = held.lines[2].id
    assert not desk.take(workbook(_next(ROWS)), NEXT).changed, "nobody decided yet"
    kept = desk.look(workbook(_next(ROWS)), NEXT, choices={row: "keep"})
    assert "text_vi" not in {c.field for c in kept.lines[2].about.changes}
    seen = desk.look(workbook(_next(ROWS)), NEXT, choices={row: "take"}).seen
    made[0].refresh_from_db()
    revise_commitment(act=act(), commitment=made[0], values={"product": "Quả vải"}, version=2)
    with pytest.raises(StaleEdit):
        desk.take(workbook(_next(ROWS)), NEXT, choices={row: "take"}, seen=seen)
    done = desk.take(workbook(_next(ROWS)), NEXT, choices={row: "take"})
    assert done.changed[0].text_vi.endswith("quả nhãn mẫu")


def test_several_partners_are_a_persons_choice(desk: Desk) -> None:
    row = ("1", "K1", "Đào tạo kỹ sư mẫu", "Hai bên", "Vương quốc X, Cộng hòa Y", "6/2025", "đang rà soát", "Bộ A", "", "Chậm")
    data = workbook([row])
    (line,) = desk.look(data).lines
    assert {p.field for p in line.understood.problems} == {"partner_id", "current_due"}
    assert desk.look(data, partners="split", blank=False).counts()["wrong"] == 2
    both = desk.take(data, partners="split", blank=True).created
    assert {record.partner.code for record in both} == {"XAA", "XBB"} and {r.current_due for r in both} == {""}
    assert _kinds(desk.look(data, partners="split", blank=True)) == ["same", "same"]
    joint = desk.look(data, "Danh mục khác.xlsx", partners="joint", blank=True, choices={"6": "new"}).lines
    assert [each.understood.values["text_vi"] for each in joint] == [
        "Đào tạo kỹ sư mẫu (cùng các đối tác: Vương quốc X, Cộng hòa Y)"
    ]


def test_words_of_progress_are_a_claim_and_move_no_state(desk: Desk) -> None:
    from banggiao.followup.models import ProgressUpdate

    columns = {"Tình trạng": "_progress"}
    done = desk.take(workbook(), columns=columns, as_of="30/6/2025")
    assert done.claims == 3 and {r.work_state for r in done.created} == {"proposed"}
    assert {r.validation_state for r in done.created} == {"draft"}
    assert set(ProgressUpdate.objects.values_list("text", "day", "claimed")) == {
        (text, __import__("datetime").date(2025, 6, 30), None) for text in ("Đang triển khai", "Đã hoàn thành", "Chậm")
    }
    assert desk.take(workbook(), columns=columns).claims == 0
    with pytest.raises(InvalidInput):
        desk.take(workbook([*ROWS[:1], [1, "K1", *ROWS[1][2:9], "Xong"]]), columns=columns, as_of="mùa xuân")


def test_what_stands_already_is_proposed_and_decided(desk: Desk) -> None:
    from tests.factories.rows import commitment

    known = desk.table(workbook())
    body = next(iter(desk.viewer.institutions))
    partner_id = desk.look(workbook()).lines[0].understood.values["partner_id"]
    exact = commitment(text_vi="Mở cửa thị trường cho quả vải mẫu", partner_id=partner_id, owner=body, made_on="", deadline="")
    near = commitment(text_vi="Lập tổ công tác về các chuỗi cung ứng mẫu", partner_id=partner_id, owner=body)
    held = desk.look(workbook())
    assert known.places == (7, 8, 10) and [line.twin for line in held.lines[:2]] == [exact.pk, near.pk]
    assert _kinds(held) == ["twin", "twin", "good"] and held.lines[1].likeness < 100
    done = desk.take(workbook(), choices={"7": "same", "8": "new", "10": "skip"})
    assert [record.pk for record in done.changed] == [exact.pk] and len(done.created) == 1
    exact.refresh_from_db()
    assert exact.version > 1 or exact.current_due == "2026-06"


def test_a_record_taken_out_is_not_made_again_unasked(desk: Desk) -> None:
    from banggiao.core import records
    from tests.factories.rows import act

    made = desk.take(workbook()).created
    records.retract(made[0], act=act())
    assert _kinds(desk.look(workbook())) == ["removed", "same", "same"]
    assert not desk.take(workbook()).created
    assert len(desk.take(workbook(), choices={"7": "new"}).created) == 1
    assert _kinds(desk.look(workbook())) == ["same"] * 3


def test_lines_that_part_a_table_give_the_partner(desk: Desk) -> None:
    head = (("TT", "Nội dung", "Bên thực hiện", "Hạn", "Cơ quan chủ trì"),)
    rows = [
        ("A. Khu vực mẫu",), ("1. Vương quốc X",), ("1", "Mở cửa mẫu", "Phía ta", "2026", "Bộ A"),
        ("2. Cộng hòa Y",), ("1", "Đào tạo mẫu", "Hai bên", "", "Bộ A"), ("2", "Chuyên gia mẫu", "Phía bạn", "", "Bộ A"),
    ]  # fmt: skip
    data = paper(rows, head)
    assert len(sheets_of_file(data, "x.docx")) == 2
    table = desk.table(data, "cam-ket.docx")
    assert table.columns[-2:] == ("", "partner_id") and [row[-1] for row in table.rows] == ["Vương quốc X"] + ["Cộng hòa Y"] * 2
    assert desk.look(data, "cam-ket.docx").counts()["good"] == 3


def test_a_word_table_with_merged_headings(desk: Desk) -> None:
    head = (("TT", "Nội dung", "Bên thực hiện", "Thời gian", ""), ("", "", "", "Ký", "Hạn"))
    table = desk.table(paper([("1", "Mở cửa mẫu", "Phía ta", "6/2025", "2026")], head), "b.docx")
    assert table.columns == ("", "text_vi", "side", "made_on", "current_due") and table.heading[3] == "Thời gian / Ký"


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp1258", "tcvn3", "nfd"])
def test_old_ways_of_writing(codec: str, desk: Desk) -> None:
    import unicodedata

    from viparse.normalize.tcvn3 import TCVN3

    text = (
        "Nội dung cam kết;Bên thực hiện;Nước;Hạn\n"
        + "Mở cửa thị trường cho hàng nông sản mẫu;Phía bạn;Vương\u00a0quốc X;Quý II/2026\n"
    )
    text = "Danh mục các cam kết mẫu\n" + text
    if codec == "tcvn3":
        back = {letter: sign for sign, letter in TCVN3.pairs}
        data = "".join(back.get(c, c) for c in text.replace("\u00a0", " ")).encode("latin-1")
    elif codec == "cp1258":  # this code page writes tones apart from their letters
        data = "".join(_cp1258(c) for c in text).encode("cp1258")
    else:
        data = (unicodedata.normalize("NFD", text) if codec == "nfd" else text).encode("utf-8" if codec == "nfd" else codec)
    (line,) = desk.look(data, "cam-ket.csv").lines
    assert line.kind == "good", line.understood.problems
    assert line.understood.values["text_vi"] == "Mở cửa thị trường cho hàng nông sản mẫu"


def _cp1258(letter: str) -> str:
    import unicodedata

    plain = unicodedata.normalize("NFD", letter)
    tones = "".join(c for c in plain if c in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(c for c in plain if c not in tones)) + tones


def _with(name: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_with("xl/vbaProject.bin"), "macro"), (_with("../../x"), "bất thường"), (_with("xl/workbook.bin"), "xlsb"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(300) + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "kiểu cũ"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_by_name(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable) as caught:
        sheets_of_file(data, "..\\..\\la.xlsx")
    assert said in caught.value.message and caught.value.subject == "la.xlsx" and caught.value.remedy


def test_formulas_are_never_computed_and_unsaved_ones_are_told(desk: Desk) -> None:
    data = workbook([(1, "K1", "=1+1", "Phía ta", "Vương quốc X", "6/2025", "2026", "Bộ A", "", "<b>x</b>")])
    table = desk.table(data)
    assert any("C6" in warning for warning in table.warnings) and table.rows[0][2] == ""
    assert {p.field for p in desk.look(data).lines[0].understood.problems} == {"text_vi"}


def test_merged_cells_beyond_reason_are_refused() -> None:
    data = io.BytesIO()
    many = b"<mergeCells>" + b"".join(b'<mergeCell ref="A%d:BH%d"/>' % (n, n + 9000) for n in (1, 2)) + b"</mergeCells>"
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b"</sheetData>", b"</sheetData>" + many, 1) if name.endswith("sheet1.xml") else part)
    assert sheets_of_file(data.getvalue(), "x.xlsx"), "a merged cell fills what is there, and makes no rows"


def test_columns_beyond_the_bound_are_said_and_a_cell_far_below_is_no_million_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    book, data, seen = Workbook(), io.BytesIO(), []
    book.active.append([f"Cột {n}" for n in range(1, 201)])
    book.active.cell(300_000, 1, "x")
    book.save(data)
    monkeypatch.setattr("banggiao.reports.sheets._plain", lambda cell: seen.append(cell) or str(cell or ""))
    (sheet,) = sheets_of_file(data.getvalue(), "rong.xlsx")
    assert sheet.width == 60 and [number for number, _cells in sheet.rows] == [1, 300_000] and len(seen) == 120
    assert any("60" in warning for warning in sheet.warnings)
    assert not sheets_of_file(workbook(), "vua.xlsx")[0].warnings


def test_what_a_list_may_not_change_is_not_said_to_be_changed_nor_forgotten(desk: Desk) -> None:
    from tests.factories.rows import agreement

    columns, codes = {"Tình trạng": "agreement_id"}, [agreement().code, agreement().code]
    rows = [[(*row[:-1], code) if row[0] == 3 else row[: len(row) - (len(row) > 3)] for row in ROWS] for code in codes]
    desk.take(workbook(rows[0]), columns=columns)
    for _month in range(2):
        (line,) = [line for line in desk.look(workbook(rows[1]), NEXT, columns).lines if line.about.changes]
        assert [(c.field, c.how) for c in line.about.changes] == [("agreement_id", "fixed")]
        assert not desk.take(workbook(rows[1]), NEXT, columns).changed
    assert _kinds(desk.look(workbook(rows[0]), NEXT, columns)) == ["same"] * 3, "the list came back to what the register says"


def _other(place: int, **cells: Any) -> bytes:
    """The list with other cells in one row, by column: 4 the partner, 5 made on, 7 the lead, 8 who co-ordinates."""
    return workbook(_rows(place, **cells))


def _rows(place: int, **cells: Any) -> list[Any]:
    told = {int(name[1:]): value for name, value in cells.items()}
    return [[told.get(n, cell) for n, cell in enumerate(row)] if row[0] == place else row for row in ROWS[:-1]]


def test_whom_and_when_a_list_names_comes_into_the_register(desk: Desk) -> None:
    from banggiao.core.ledger import entries_of
    from banggiao.core.visibility import Involvement

    made = desk.take(workbook()).created
    done = desk.take(_other(3, c4="Vương quốc X", c5="1/7/2025", c7="Bộ B", c8="Bộ A"), NEXT)
    assert [record.pk for record in done.changed] == [made[2].pk] and not done.left
    record = type(made[2]).objects.get(pk=made[2].pk)
    assert (record.partner.code, record.made_on, record.lead.code) == ("XAA", "2025-07-01", "BO-B")
    assert [row.institution.code for row in record.coordinating_rows.all()] == ["BO-A"]
    assert set(entries_of(record.pk).last().changes) == {"partner_id", "made_on", "lead_id", "coordinating"}
    involved = dict(Involvement.objects.filter(record_id=record.pk).values_list("role", "institution_id"))
    assert involved == {"lead": record.lead_id, "coordinating": made[2].lead_id}
    assert _kinds(desk.look(_other(3, c4="Vương quốc X", c5="1/7/2025", c7="Bộ B", c8="Bộ A"), NEXT)) == ["same"] * 3
    assert not type(record).objects.get(pk=desk.take(_other(3, c7="Bộ B"), NEXT).changed[0].pk).coordinating_rows.exists()


@pytest.mark.parametrize("field", ["lead_id", "coordinating", "partner_id", "made_on"])
def test_where_the_register_named_others_since_a_person_decides(field: str, desk: Desk) -> None:
    from banggiao.commitments.services import revise_commitment
    from banggiao.core.records import full_snapshot
    from tests.factories.rows import act, institution, partner

    made = desk.take(workbook()).created[2]
    since = {
        "lead_id": institution("BO-D", name_vi="Bộ D").pk,
        "coordinating": [institution("BO-E", name_vi="Bộ E").pk],
        "partner_id": partner("XCC", "Liên bang Z").pk,
        "made_on": "2025-05-05",
    }[field]
    revise_commitment(act=act(), commitment=made, values={field: since}, version=1)
    data = _other(3, c4="Vương quốc X", c5="1/7/2025", c7="Bộ B", c8="Bộ A")
    line = desk.look(data, NEXT).lines[2]
    assert {c.field for c in line.about.changes if c.how == "clash"} == {field} and line.kind == "clash"
    assert not desk.take(data, NEXT).changed, "nobody decided yet"
    kept = desk.take(data, NEXT, choices={line.id: "keep"}).changed[0]
    assert full_snapshot(kept)[field] == ([str(pk) for pk in since] if isinstance(since, list) else str(since))
    assert kept.version == 3, "what the list alone changed is written"


def test_an_import_is_taken_back_whole_and_proposed_again(desk: Desk) -> None:
    from banggiao.commitments.services import revise_commitment
    from banggiao.core.records import full_snapshot
    from banggiao.followup.models import ProgressUpdate
    from banggiao.reports.taking_in import take_back
    from tests.factories.rows import act

    columns = {"Tình trạng": "_progress"}
    made = desk.take(workbook(), columns=columns, as_of="30/6/2025").created
    stood = {record.pk: full_snapshot(record) for record in made}
    more = [*_rows(3, c7="Bộ B", c8="Bộ A", c9="Đã xong mẫu"), (4, "K4", "Việc mẫu mới", "Hai bên", "Vương quốc X", "6/2025", "",
            "Bộ A", "", "Mới bắt đầu")]  # fmt: skip
    before = ProgressUpdate.objects.filter(retracted=False).count()
    done = desk.take(workbook(more), NEXT, columns=columns, as_of="31/7/2025")
    assert (len(done.created), len(done.changed), done.claims) == (1, 1, 2)
    back = take_back(desk.register, done.trace, act=act(desk.viewer))
    assert (len(back.made), len(back.changed), back.claims, back.kept) == (1, 1, 2, 0)
    assert ProgressUpdate.objects.filter(retracted=False).count() == before
    assert {pk: full_snapshot(type(made[0]).objects.get(pk=pk)) for pk in stood} == stood
    assert _kinds(desk.look(workbook(more), NEXT, columns)) == ["same", "same", "changed", "good"], "it is all there to be taken"
    again = desk.take(workbook(more), NEXT, columns=columns, as_of="31/7/2025")
    revise_commitment(act=act(desk.viewer), commitment=again.changed[0], values={"product": "Báo cáo"}, version=4)
    back = take_back(desk.register, again.trace, act=act(desk.viewer))
    assert (len(back.made), len(back.changed), back.kept) == (1, 0, 1), "what was written on since stays, by whomever"


def test_words_of_many_rows_are_written_in_few_queries(
    desk: Desk, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    from banggiao.followup.models import ProgressUpdate
    from banggiao.followup.planning.models import PlanTotals

    rows = [(n, f"K{n}", f"Việc mẫu số {n}", "Hai bên", "Vương quốc X", "6/2025", "2026", "Bộ A", "", "Chậm") for n in range(60)]
    with django_assert_max_num_queries(170):
        done = desk.take(workbook(rows), columns={"Tình trạng": "_progress"}, as_of="30/6/2025")
    with pytest.raises(InvalidInput) as caught:
        desk.take(workbook([rows[0][:2] + ("Việc khác", *rows[0][3:])]), "b.xlsx", {"Tình trạng": "_progress"}, as_of="30/6/2999")
    assert [p.field for p in caught.value.problems] == ["as_of"]
    assert done.claims == 60 == ProgressUpdate.objects.filter(text="Chậm").count() == PlanTotals.objects.count()


def test_colleagues_other_lists_stay_theirs(desk: Desk) -> None:
    from tests.factories.rows import institution, viewer

    desk.take(workbook())
    other = Desk(desk.register, viewer("desk", institution("BO-C", name_vi="Bộ C")))
    assert other.look(workbook()).listed is None


@pytest.mark.slow
def test_ten_thousand_rows_come_in_and_again(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    import time

    rows = [(n, f"K{n}", f"Việc mẫu số {n}", "Hai bên", "Vương quốc X", "6/2025", "2026", "Bộ A", "", "") for n in range(9_990)]
    data = workbook(rows)
    started = time.perf_counter()
    assert len(desk.take(data).created) == 9_990
    took = time.perf_counter() - started
    started = time.perf_counter()
    assert desk.look(data).counts()["same"] == 9_990
    with capsys.disabled():
        print(f"\n10,000 rows: taken in {took:.1f} s, looked at again {time.perf_counter() - started:.1f} s")


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_a_list_at_once_the_second_is_told(desk: Desk) -> None:
    from banggiao.commitments.models import Commitment
    from banggiao.core.ledger import verify
    from banggiao.sources.models import ImportedList
    from tests.factories.threads import together

    def confirm(data: bytes, name: str, seen: str) -> Callable[[int], str]:
        def one(_number: int) -> str:
            try:
                done = desk.take(data, name, seen=seen)
            except StaleEdit:
                return "stale"
            return f"{len(done.created)} {len(done.changed)}"

        return one

    assert sorted(together(3, confirm(workbook(), FIRST, desk.look(workbook()).seen))) == ["3 0", "stale", "stale"]
    other = _other(3, c7="Bộ B")
    assert sorted(together(3, confirm(other, NEXT, desk.look(other, NEXT).seen))) == ["0 1", "stale", "stale"]
    assert (Commitment.objects.count(), ImportedList.objects.count(), list(verify())) == (3, 1, [])
