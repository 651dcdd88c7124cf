"""Does a returned progress form write what a person confirmed, once, and show what stands against it?"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from banggiao.commitments.models import Commitment
from banggiao.commitments.services import revise_commitment
from banggiao.core.acts import Viewer
from banggiao.core.errors import InvalidInput, MissingInformation, NotPermitted, Unreadable
from banggiao.core.ledger import LedgerEntry, entries_of
from banggiao.followup.data_calls.models import DataCallAnswer
from banggiao.followup.data_calls.services import create_call, move_call
from banggiao.followup.models import DueDateMove, Evidence, ProgressUpdate
from banggiao.followup.services import move_work, report_progress
from banggiao.partners.models import Institution
from banggiao.reports.progress_form import Scope, progress_form, take_progress_form, write_progress_form
from banggiao.reports.progress_returned import ReturnedForm, read_returned, write_returned
from tests.factories.rows import AT, SIX, act, commitment, institution, partner, task, viewer

pytestmark = pytest.mark.django_db
HEAD = 10
LETTER = "125/BA-KT ngày 14/9/2025"
KINDS = ["xlsx", "docx"]
COLUMN = {
    "row": 1, "content": 4, "text": 9, "claimed": 10, "difficulty": 11, "difficulty_text": 12, "recommendation": 13,
    "evidence": 14, "grade": 15, "new_due": 16, "due_reason": 17,
}  # fmt: skip
LABEL = {
    "content": "Nội dung cam kết, nhiệm vụ", "text": "Kết quả thực hiện trong kỳ", "claimed": "Mức hoàn thành tự đánh giá (%)",
    "difficulty": "Loại vướng mắc", "difficulty_text": "Mô tả vướng mắc", "recommendation": "Kiến nghị",
    "evidence": "Minh chứng (số, ký hiệu, ngày văn bản)", "grade": "Bậc minh chứng",
    "new_due": "Đề nghị hạn mới", "due_reason": "Lý do đề nghị hạn mới",
}  # fmt: skip
FULL = {
    "text": "Đã ban hành quy trình", "claimed": "45", "difficulty": "Thiếu hoặc chậm vốn", "difficulty_text": "Chờ phân bổ",
    "recommendation": "Bố trí vốn quý IV", "evidence": "Công văn 12/BA ngày 1/9/2025",
    "grade": "Văn bản chính thức của bên mình", "new_due": "31/12/2025", "due_reason": "Chờ vốn",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """A body with three duties, and the desk that receives its form."""

    body: Institution
    other: Institution
    desk: Viewer
    first: Commitment
    second: Commitment
    duty: Any

    def form(self, kind: str, scope: Scope = Scope(), language: Any = "vi") -> bytes:  # noqa: B008
        """The form as it goes out now."""
        return take_progress_form(self.body, scope, kind, language, act=act(self.desk))

    def read(self, data: bytes) -> ReturnedForm:
        """What comes back."""
        return read_returned(data, self.desk, today=AT.date())


@pytest.fixture
def world() -> World:
    body, other = institution("BO-A"), institution("BO-B")
    state = partner()
    first = commitment(lead_id=body.pk, partner_id=state.pk, deadline="2025-09-30", **SIX)
    first = move_work(act=act(), record=first, action="assign", version=first.version)
    second = commitment(text_vi="Bỏ kiểm tra kép", lead_id=body.pk, partner_id=state.pk, deadline="2025-10-31")
    duty = task(lead_id=body.pk)
    commitment(text_vi="Của bộ khác", lead_id=other.pk)
    return World(body, other, viewer("desk", other), first, second, duty)


def filled(data: bytes, row: int, values: dict[str, Any]) -> bytes:
    """The form with cells of one row (from 1) filled in as people do."""
    out = io.BytesIO()
    if b"word/document.xml" in data:
        paper = Document(io.BytesIO(data))
        for key, value in values.items():
            line = next(r for r in paper.tables[row].rows if r.cells[0].text == LABEL[key])
            line.cells[1].text = str(value)
        paper.save(out)
    else:
        book = load_workbook(io.BytesIO(data))
        for key, value in values.items():
            book.worksheets[0].cell(HEAD + row, COLUMN[key]).value = value
        book.save(out)
    return out.getvalue()


def standings(form: ReturnedForm) -> list[str]:
    return [row.standing for row in form.rows]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_form_returned_untouched_reports_nothing(world: World, kind: str, language: Any) -> None:
    form = world.read(world.form(kind, language=language))
    assert standings(form) == ["empty"] * 3 and not any(row.altered or row.changed for row in form.rows)
    assert (form.body, form.language, form.lost) == (world.body, language, 0)
    before = LedgerEntry.objects.count()
    assert write_returned(act=act(world.desk), form=form, take={}, letter=LETTER) == []
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_row_becomes_claim_evidence_and_request_on_behalf_of_the_body(world: World, kind: str) -> None:
    data = filled(world.form(kind), 1, FULL)
    form = world.read(data)
    assert standings(form) == ["report", "empty", "empty"]
    assert not ProgressUpdate.objects.exists()
    (row,) = write_returned(act=act(world.desk), form=form, take={}, letter=LETTER)
    assert row.record == world.first
    update = ProgressUpdate.objects.get()
    assert (update.subject_id, update.text, update.claimed) == (world.first.pk, FULL["text"], Decimal("0.45"))
    assert (update.difficulty, update.recommendation) == ("FUNDING", FULL["recommendation"])
    reason = entries_of(update.pk).get().reason
    assert world.body.name_vi in reason and LETTER in reason
    proof = Evidence.objects.get()
    assert (proof.grade, proof.update_of, proof.description) == (2, update, FULL["evidence"])
    move = DueDateMove.objects.get()
    assert (
        (move.due_to, move.state) == ("2025-12-31", "requested") and move.reason.startswith("Chờ vốn") and LETTER in move.reason
    )
    assert Commitment.objects.get(pk=world.first.pk).current_due == "2025-09-30"

    again = world.read(data)
    assert standings(again)[0] == "repeated"
    assert write_returned(act=act(world.desk), form=again, take={}, letter=LETTER) == []
    assert write_returned(act=act(world.desk), form=form, take={}, letter=LETTER) == [], "confirmed twice at once"
    assert (ProgressUpdate.objects.count(), Evidence.objects.count(), DueDateMove.objects.count()) == (1, 1, 1)


def test_a_duty_changed_since_is_a_conflict_that_a_person_decides(world: World) -> None:
    data = filled(world.form("xlsx"), 1, {"text": "Đã họp"})
    revise_commitment(act=act(), commitment=world.first, values={"text_vi": "Mở cửa thị trường gạo"}, version=world.first.version)
    form = world.read(data)
    row = form.rows[0]
    assert row.standing == "conflict"
    (change,) = row.changed
    assert (change.key, change.was, change.now) == ("content", "Mở cửa thị trường", "Mở cửa thị trường gạo")
    with pytest.raises(InvalidInput):
        write_returned(act=act(world.desk), form=form, take={}, letter=LETTER)
    assert write_returned(act=act(world.desk), form=form, take={row.key: False}, letter=LETTER) == []
    report_progress(act=act(), record=world.first, day=AT.date(), text="Người khác báo")
    later = world.read(data)
    with pytest.raises(InvalidInput):
        write_returned(act=act(world.desk), form=later, take={row.key: True}, letter=LETTER)
    assert len(write_returned(act=act(world.desk), form=later, take={later.rows[0].key: True}, letter=LETTER)) == 1


def test_a_report_made_since_is_a_conflict_too(world: World) -> None:
    data = filled(world.form("docx"), 2, {"text": "Đã họp"})
    report_progress(act=act(), record=world.second, day=AT.date(), text="Đã ký", claimed=Decimal("0.6"), recommendation="Gấp")
    row = world.read(data).rows[1]
    assert row.standing == "conflict"
    assert {(d.key, d.was, d.now) for d in row.changed} == {
        ("state", "Đề xuất", "Đề xuất; tự báo đạt 60%"),
        ("recommendations", "", "Gấp"),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_printed_cells_written_over_are_shown_and_not_taken(world: World, kind: str) -> None:
    form = world.read(filled(world.form(kind), 1, {"content": "Nội dung khác", "text": "Đã họp"}))
    (altered,) = form.rows[0].altered
    assert (altered.key, altered.now, altered.form) == ("content", "Mở cửa thị trường", "Nội dung khác")
    write_returned(act=act(world.desk), form=form, take={}, letter=LETTER)
    assert Commitment.objects.get(pk=world.first.pk).text_vi == "Mở cửa thị trường"


def test_rows_of_others_unknown_repeated_added_and_lost_are_told_apart(world: World) -> None:
    data = world.form("xlsx")
    theirs = take_progress_form(world.other, Scope(), "xlsx", "vi", act=act(world.desk))
    stamp = load_workbook(io.BytesIO(theirs)).worksheets[0].cell(HEAD + 1, 1).value
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    own = sheet.cell(HEAD + 1, 1).value
    other_version = own.replace("/2.", "/1.")
    assert other_version != own
    for place, (mark, text) in enumerate(
        [(own, "Một"), (own, "Hai"), (stamp, "Ba"), ("CK-9999-1/1.0/abcdef", "Bốn"), ("", "Năm")]
    ):
        sheet.cell(HEAD + 1 + place, 1).value = mark
        sheet.cell(HEAD + 1 + place, COLUMN["text"]).value = text
    sheet.cell(HEAD + 6, 1).value, sheet.cell(HEAD + 6, COLUMN["text"]).value = other_version, "Sáu"
    out = io.BytesIO()
    book.save(out)
    form = world.read(out.getvalue())
    assert standings(form) == ["report", "twice", "foreign", "unknown", "added", "unknown", "removed", "removed"]
    assert form.lost == 2 and {r.record for r in form.rows if r.standing == "removed"} == {world.second, world.duty}
    before = Commitment.objects.count()
    assert len(write_returned(act=act(world.desk), form=form, take={}, letter=LETTER)) == 1
    assert Commitment.objects.count() == before and ProgressUpdate.objects.get().text == "Một"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"text": "x", "claimed": "120"}, "claimed"),
    ({"text": "x", "claimed": -1}, "claimed"),
    ({"text": "x", "claimed": "nửa"}, "claimed"),
    ({"claimed": 50}, "text"),
    ({"text": "=1+1"}, "text"),
    ({"text": "x", "new_due": "31/2/2026", "due_reason": "y"}, "new_due"),
    ({"new_due": "31/12/2026"}, "due_reason"),
    ({"text": "x", "difficulty": "Lười"}, "difficulty"),
    ({"text": "x", "difficulty": "Khác"}, "difficulty_text"),
    ({"grade": "Kiểm tra độc lập"}, "evidence"),
]


@pytest.mark.parametrize(("values", "field"), WRONG)
def test_a_wrong_cell_holds_back_its_row_only(world: World, values: dict[str, Any], field: str) -> None:
    data = filled(filled(world.form("xlsx"), 1, values), 2, {"text": "Đã họp"})
    form = world.read(data)
    assert standings(form)[:2] == ["wrong", "report"]
    assert {p.field.split(".")[-1] for p in form.rows[0].problems} == {field}
    assert [row.record for row in write_returned(act=act(world.desk), form=form, take={}, letter=LETTER)] == [world.second]


def test_a_percent_is_understood_however_a_spreadsheet_keeps_it(world: World) -> None:
    book = load_workbook(io.BytesIO(filled(world.form("xlsx"), 1, {"text": "x", "claimed": 0.45})))
    book.worksheets[0].cell(HEAD + 1, COLUMN["claimed"]).number_format = "0%"
    out = io.BytesIO()
    book.save(out)
    assert (world.read(out.getvalue()).rows[0].values or {})["claimed"] == "45"
    typed = world.read(filled(world.form("docx"), 1, {"text": "x", "claimed": "45 %"}))
    assert (typed.rows[0].values or {})["claimed"] == "45"


def test_words_typed_in_parts_are_the_same_words(world: World) -> None:
    parts = unicodedata.normalize("NFD", "Đã ban hành quy trình")
    data = filled(world.form("docx"), 1, {"text": parts, "content": unicodedata.normalize("NFD", "Mở cửa thị trường")})
    row = world.read(data).rows[0]
    assert not row.altered and (row.values or {})["text"] == "Đã ban hành quy trình"


def test_only_the_body_itself_needs_no_letter_and_others_have_no_part(world: World) -> None:
    data = filled(world.form("xlsx"), 1, {"text": "Đã họp"})
    with pytest.raises(MissingInformation):
        write_returned(act=act(world.desk), form=world.read(data), take={})
    stranger = viewer("ministry", world.other)
    with pytest.raises(NotPermitted):
        take_progress_form(world.body, Scope(), "xlsx", "vi", act=act(stranger))
    with pytest.raises(NotPermitted):
        write_returned(act=act(stranger), form=world.read(data), take={}, letter=LETTER)
    own = viewer("ministry", world.body)
    form = read_returned(data, own, today=AT.date())
    assert len(write_returned(act=act(own), form=form, take={})) == 1


def test_scopes_leave_out_what_is_not_asked_for(world: World) -> None:
    move_work(act=act(reason="x"), record=world.second, action="cancel", version=world.second.version)

    def codes(**scope: str) -> set[str]:
        form = progress_form(world.body, world.desk, Scope(**scope), AT.date(), "vi")
        return {row.id.split("/")[0] for row in form.rows}

    assert codes() == {world.first.code, world.duty.code}
    assert codes(which="all") == {world.first.code, world.second.code, world.duty.code}
    assert codes(which="overdue") == set()
    assert codes(period="2025-Q3") == {world.first.code}


@pytest.mark.parametrize("harm", [b"", b"PK\x03\x04 nothing", b"%PDF-1.7", b"\x00" * 300])
def test_what_is_no_form_is_refused(world: World, harm: bytes) -> None:
    with pytest.raises(Unreadable):
        world.read(harm)


def edited(change: Callable[[Any], None], data: bytes) -> bytes:
    book = load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_altered_code_of_the_form_is_refused(world: World) -> None:
    def change(book: Any) -> None:
        for cell in (book.worksheets[0].cell(8, 2), book["_ma"].cell(1, 1)):
            cell.value = cell.value.replace("BO-A", "BO-B")

    with pytest.raises(Unreadable):
        world.read(edited(change, world.form("xlsx")))


@pytest.mark.parametrize("kind", KINDS)
def test_a_round_gives_each_body_its_own_rows_and_counts_who_answered(world: World, kind: str) -> None:
    values = {
        "name_vi": "Vòng báo cáo quý III",
        "purpose": "Sơ kết",
        "asker_id": world.other.pk,
        "deadline": "2025-09-30",
        "form": "progress",
    }
    call = create_call(act=act(world.desk), values=values, addressees=[world.body, world.other])
    call = move_call(act=act(world.desk), call=call, action="open", version=call.version)
    assert (call.scope, call.many_rows) == ("open", True)
    answer = DataCallAnswer.objects.get(call=call, institution=world.body)
    form = progress_form(world.body, world.desk, Scope(call.scope), AT.date(), "vi", answer)
    returned = world.read(filled(write_progress_form(form, kind, "vi"), 1, FULL))
    assert returned.call == call and returned.answer == answer
    write_returned(act=act(world.desk), form=returned, take={}, letter=LETTER)
    answer.refresh_from_db()
    assert answer.state == "submitted"
    (row,) = answer.rows
    assert row["values"]["duty"] == world.first.code and row["values"]["text"] == FULL["text"]
    assert DataCallAnswer.objects.get(call=call, institution=world.other).state == "none"
    assert ProgressUpdate.objects.count() == 1
