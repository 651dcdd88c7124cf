"""What does a returned form change in an answer, and where do others stand in its way? Row by row, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound, Unreadable
from banggiao.core.ledger import entries_of, replay
from banggiao.followup.data_calls.asked import AnswerRow, Values, rows_of
from banggiao.followup.data_calls.form_docx import code_in_docx, read_docx_form
from banggiao.followup.data_calls.form_words import FormCode, Returned, columns_of, form_code
from banggiao.followup.data_calls.form_xlsx import code_in_xlsx, read_xlsx
from banggiao.followup.data_calls.models import DataCallAnswer

#: How a row of a form stands to the answer: a term of `returned_row`.
Standing = Literal["new", "changed", "same", "removed", "theirs", "conflict"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One row: what the form says (None: it left the row out), what the answer says now (None: it has no such row)."""

    id: str
    place: str
    standing: Standing
    mine: Values | None
    current: Values | None


def read_form(data: bytes, answer: DataCallAnswer) -> Returned:
    """What a returned XLSX or DOCX file says, for this answer. Raises Unreadable (no form, damaged, of another call or body)."""
    columns = columns_of(answer)
    # Of another call the headings differ too, but the reader should hear that it is another call.
    _check_code(code_in(data), answer)
    return read_docx_form(data, columns, many_rows=answer.call.many_rows) if _is_word(data) else read_xlsx(data, columns)


def code_in(data: bytes) -> FormCode:
    """The code that a returned file bears, whosever it is. Raises Unreadable for what is no form."""
    return code_in_docx(data) if _is_word(data) else code_in_xlsx(data)


def compare(answer: DataCallAnswer, form: Returned) -> list[Compared]:
    """Each row of the form and of the answer, held against the version that the form was filled from."""
    return compare_rows(rows_at(answer, form.code.version), form.rows, rows_of(answer.rows), form.places)


def compare_rows(
    base: Sequence[AnswerRow], mine: Sequence[AnswerRow], current: Sequence[AnswerRow], places: Sequence[str] = ()
) -> list[Compared]:
    """The three-way comparison: what only the form changed is taken, what only others changed stays, both is a conflict."""
    was = {row.id: dict(row.values) for row in base}
    now = {row.id: dict(row.values) for row in current}
    compared, seen = [], set()
    for number, row in enumerate(mine):
        place, values = (places[number] if places else str(number + 1)), dict(row.values)
        known = row.id in was and row.id not in seen
        if not known:
            if values:
                compared.append(Compared("", place, "new", values, None))
            continue
        seen.add(row.id)
        compared.append(_compared(row.id, place, was[row.id], values or None, now.get(row.id)))
    for row_id, values in was.items():
        if row_id not in seen:
            compared.append(_compared(row_id, "", values, None, now.get(row_id)))
    for row_id, values in now.items():
        if row_id not in was:
            compared.append(Compared(row_id, "", "theirs", None, values))
    return [each for each in compared if each.mine is not None or each.current is not None]


def merged(compared: Sequence[Compared], choices: Mapping[str, str]) -> list[AnswerRow]:
    """The rows after the form is taken in; of each row in conflict `choices` says `mine` or `current`.

    Raises InvalidInput naming the conflicts nobody decided.
    """
    rows, open_rows = [], []
    for each in compared:
        take = "mine"
        if each.standing == "conflict":
            take = choices.get(each.id, "")
            if take not in ("mine", "current"):
                open_rows.append(each.id)
                continue
        elif each.standing == "theirs":
            take = "current"
        values = each.mine if take == "mine" else each.current
        if values:
            rows.append(AnswerRow(each.id, values))
    if open_rows:
        raise InvalidInput(
            N_("Còn dòng mâu thuẫn chưa chọn giữ bản nào."),
            remedy=N_("Hãy chọn cho từng dòng: lấy theo tệp, hay giữ nội dung hiện tại."),
            problems=[FieldProblem(f"rows.{row_id}", N_("Chưa chọn.")) for row_id in open_rows],
        )
    return rows


def rows_at(answer: DataCallAnswer, version: int) -> list[AnswerRow]:
    """The rows of an answer as its version had them. Raises NotFound for a version that never was."""
    entries = list(entries_of(answer.pk).filter(sequence__lte=version))
    if version < 1 or len(entries) < version:
        raise NotFound(N_("Không có phiên bản này của phiếu."), subject=str(answer))
    return rows_of(replay(entries).get("rows") or [])


def _compared(row_id: str, place: str, base: Values, mine: Values | None, current: Values | None) -> Compared:
    mine_moved, others_moved = mine != base, current != base
    standing: Standing = "same"
    if mine_moved and others_moved:
        standing = "same" if mine == current else "conflict"
    elif mine_moved:
        standing = "removed" if mine is None else "changed"
    elif others_moved:
        standing = "theirs"
    return Compared(row_id, place, standing, mine, current)


def _is_word(data: bytes) -> bool:
    return data.startswith(b"PK") and b"word/document.xml" in data


def _check_code(code: FormCode, answer: DataCallAnswer) -> None:
    """The form must be one that this answer handed out: same call, same body, a version that was, and the check unharmed."""
    if (code.call, code.body) != (answer.call.code, answer.institution.code):
        raise Unreadable(
            N_("Phiếu này thuộc đề nghị hoặc cơ quan khác (%(call)s, %(body)s)."),
            remedy=N_("Hãy mở đúng phiếu trả lời của đề nghị và cơ quan ghi trong tệp."),
            call=code.call,
            body=code.body,
        )
    if form_code(answer, code.version) != code.text or not 1 <= code.version <= answer.version:
        raise Unreadable(
            N_("Tệp không có mã phiếu, hoặc mã phiếu đã bị sửa."),
            remedy=N_("Hãy tải lại phiếu từ trang của đề nghị rồi điền vào bản đó."),
        )
