"""What do the two kinds of forms of a data call have in common: their code, their fixed words, what is read back from them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from banggiao.core.errors import N_, FieldProblem, Unreadable
from banggiao.core.folding import fold
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.asked import AnswerRow, Asked, asked_of, rows_of
from banggiao.followup.data_calls.models import DataCallAnswer

Language = Literal["vi", "en"]
#: A form is a small file; whatever is larger is not one of ours.
MOST_BYTES, MOST_XML = 10_000_000, 30_000_000
_CODE = re.compile(r"([\w./-]{1,40}) \| ([\w./-]{1,40}) \| (\d{1,6}) \| ([0-9a-f]{8})")

WORDS: dict[str, tuple[str, str]] = {
    "form": ("PHIẾU TRẢ LỜI", "ANSWER FORM"),
    "exercise": ("DIỄN TẬP", "EXERCISE"),
    "asker": ("Cơ quan đề nghị", "Asked by"),
    "body": ("Cơ quan trả lời", "Answered by"),
    "deadline": ("Hạn trả lời", "Answer by"),
    "letter": ("Theo công văn", "Under letter"),
    "code": ("Mã phiếu", "Form code"),
    "purpose": ("Mục đích", "Purpose"),
    "row": ("Mã dòng", "Row"),
    "item": ("Nội dung", "Item"),
    "value": ("Trả lời", "Answer"),
    "lists": ("Các giá trị được chọn", "Values to choose from"),
    "how": (
        "Chỉ điền vào các ô trống. Không sửa mã phiếu, mã dòng và tên cột; dòng mới để trống mã dòng. "
        "Ô có dấu (*) là bắt buộc. Ngày viết như 15/9/2025; số viết như 1.234,5.",
        "Fill in the empty cells only. Leave the form code, row codes and headings as they are; a new row has no code. "
        "Cells marked (*) are required. Write dates like 15/9/2025 and numbers like 1234,5.",
    ),
    "how_prefilled": (
        "Các ô nền xám do hệ thống in sẵn, xin không sửa; điền vào các ô trắng của những việc có báo cáo, việc không báo cáo để "
        "trống. Không sửa mã phiếu, mã dòng. Việc chưa có trong danh sách ghi ở cuối, không có mã dòng, là đề xuất. "
        "Ngày viết như 15/9/2025; mức hoàn thành viết số từ 0 đến 100.",
        "The grey cells are printed by us, please leave them; fill in the white cells of what you report on and leave the others "
        "empty. Leave form and row codes as they are. What is not on the list goes at the end without a row code, as a proposal. "
        "Write dates like 15/9/2025 and completion as a number from 0 to 100.",
    ),
    "new_row": ("Việc chưa có trong danh sách (đề xuất)", "Not on the list (a proposal)"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows: whose it is, its code, its columns, and the rows it goes out with. `many_rows`: room for new ones."""

    title: str
    asker: str
    body: str
    deadline: str
    letter: str
    purpose: str
    code: str
    columns: tuple[Asked, ...]
    rows: tuple[AnswerRow, ...]
    many_rows: bool
    exercise: bool
    how: str = "how"


def form_of(answer: DataCallAnswer, language: Language, letter: str = "") -> Form:
    """The form of an answer with what it says so far."""
    call, english = answer.call, language == "en"
    return Form(
        title=call.name_en if english and call.name_en else call.name_vi,
        asker=call.asker.name_en if english and call.asker.name_en else call.asker.name_vi,
        body=answer.institution.name_en if english and answer.institution.name_en else answer.institution.name_vi,
        deadline=answer.current_due,
        letter=letter,
        purpose=call.purpose,
        code=form_code(answer),
        columns=columns_of(answer),
        rows=tuple(rows_of(answer.rows)),
        many_rows=call.many_rows,
        exercise=answer.exercise,
    )


def word(name: str, language: Language) -> str:
    """A fixed word of a form."""
    return WORDS[name][language == "en"]


def form_code(answer: DataCallAnswer, version: int | None = None) -> str:
    """What ties a form to its call, body and version of the answer (the present one), with a check against slips of the hand."""
    head = f"{answer.call.code} | {answer.institution.code} | {version or answer.version}"
    told = json.dumps([head, str(answer.pk), answer.call.questions], sort_keys=True, ensure_ascii=False)
    return f"{head} | {hashlib.sha256(told.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class FormCode:
    """The parts of a form's code."""

    call: str
    body: str
    version: int
    text: str


def parse_code(text: str) -> FormCode:
    """The code as read from a form. Raises Unreadable when there is none or it was changed."""
    found = _CODE.fullmatch(" ".join(text.split()))
    if found is None:
        raise Unreadable(
            N_("Tệp không có mã phiếu, hoặc mã phiếu đã bị sửa."),
            remedy=N_("Hãy tải lại phiếu từ trang của đề nghị rồi điền vào bản đó."),
        )
    return FormCode(found[1], found[2], int(found[3]), found[0])


def heading(column: Asked) -> str:
    """A column's heading on a form: its name, unit and whether it is required."""
    return column.label + (f" ({column.unit})" if column.unit else "") + (" (*)" if column.required else "")


def check_headings(columns: Sequence[Asked], found: Sequence[str]) -> None:
    """Raise Unreadable when the headings are not those of the call, in its order."""
    wanted = [fold(heading(column)) for column in columns]
    if [fold(text) for text in found[: len(wanted)]] != wanted or any(text.strip() for text in found[len(wanted) :]):
        raise Unreadable(
            N_("Các cột của phiếu đã bị đổi tên, đổi chỗ, thêm hoặc bớt."),
            remedy=N_("Hãy tải lại phiếu từ trang của đề nghị rồi chép nội dung vào bản đó."),
        )


@dataclass(frozen=True, slots=True)
class Returned:
    """What a returned form says: its rows as they are kept, where each stood, and what is wrong in which cell."""

    code: FormCode
    rows: tuple[AnswerRow, ...]
    places: tuple[str, ...]
    problems: tuple[FieldProblem, ...]


def shown(column: Asked, value: str, language: Language) -> str:
    """A kept value as a form shows it: the name of a code, a day as people write it, a number with a comma."""
    if column.kind == "choice" and value in vocabulary(column.terms):
        return vocabulary(column.terms).label(value, language)
    if column.kind == "date" and len(value) == 10:
        year, month, day = value.split("-")
        return f"{int(day)}/{int(month)}/{year}"
    if column.kind == "number" and value:
        whole, _, part = value.lstrip("-").partition(".")
        if len(part) == 3 and len(whole) <= 3:
            part += "0"  # 1,234 could be read as a thousand and more
        grouped = f"{int(whole):,}".replace(",", ".")
        return ("-" if value.startswith("-") else "") + grouped + (f",{part}" if part else "")
    return value


def columns_of(answer: DataCallAnswer) -> tuple[Asked, ...]:
    """The columns that the answer fills."""
    return asked_of(answer.call.questions)


def too_large() -> Unreadable:
    """A file that cannot be one of our forms."""
    return Unreadable(N_("Tệp quá lớn so với một phiếu trả lời."), remedy=N_("Hãy gửi đúng phiếu đã tải về, tối đa 10 MB."))
