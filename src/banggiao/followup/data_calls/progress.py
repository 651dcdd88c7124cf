"""What does the progress form ask: what we print of each duty, and what the body fills in, in both languages?"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from banggiao.core.questions import Bi
from banggiao.followup.data_calls.asked import Asked
from banggiao.followup.data_calls.form_words import Language

#: The columns in the order of the form. The first six are the six fields of a progress report.
_COLUMNS: tuple[tuple[Bi, Asked], ...] = (
    (Bi("Cơ quan chủ trì", "Lead agency"), Asked("lead", "", fixed=True)),
    (Bi("Đối tác", "Partner"), Asked("partner", "", fixed=True)),
    (Bi("Nội dung cam kết, nhiệm vụ", "Content of the commitment or task"), Asked("content", "", fixed=True)),
    (Bi("Tiến độ thời gian", "Timeline"), Asked("timeline", "", fixed=True)),
    (Bi("Khó khăn, vướng mắc đang ghi", "Difficulties on record"), Asked("difficulties", "", fixed=True)),
    (Bi("Kiến nghị đang ghi", "Asks on record"), Asked("recommendations", "", fixed=True)),
    (Bi("Tình trạng và mức tự báo đang ghi", "State and claimed share on record"), Asked("state", "", fixed=True)),
    (Bi("Kết quả thực hiện trong kỳ", "What was done in the period"), Asked("text", "")),
    (Bi("Mức hoàn thành tự đánh giá", "Completion as you assess it"), Asked("claimed", "", "number", "%")),
    (Bi("Loại vướng mắc", "Kind of difficulty"), Asked("difficulty", "", "choice", terms="difficulty_code")),
    (Bi("Mô tả vướng mắc", "Difficulty in words"), Asked("difficulty_text", "")),
    (Bi("Kiến nghị", "Recommendation"), Asked("recommendation", "")),
    (Bi("Minh chứng (số, ký hiệu, ngày văn bản)", "Evidence (number and date of the document)"), Asked("evidence", "")),
    (Bi("Bậc minh chứng", "Grade of evidence"), Asked("grade", "", "choice", terms="evidence_grade")),
    (Bi("Đề nghị hạn mới", "New due date asked for"), Asked("new_due", "", "date")),
    (Bi("Lý do đề nghị hạn mới", "Reason for the new due date"), Asked("due_reason", "")),
)
_CODE = Bi("Mã", "Code")
_TASK = Bi("Nhiệm vụ trong chương trình công tác", "Task of the work programme")
_RESULT = Bi("Kết quả thực hiện", "What was done")
_SHARE = Bi("Mức hoàn thành tự đánh giá", "Completion as you assess it")
_FOUND = Bi("Cơ hội phát hiện (đối tác, mặt hàng, lĩnh vực)", "Opportunities found (partner, product, field)")
_HANDED = Bi("Đã chuyển cơ hội cho cơ quan nào", "To whom the opportunity was handed")
_ASKS = Bi("Đề xuất, kiến nghị", "Proposals")
FILLED = tuple(column.key for _label, column in _COLUMNS if not column.fixed)


#: The half-year report of a mission on its work programme: what every mission is asked, one row for each task.
_PROGRAMME: tuple[Asked, ...] = (
    Asked("c1", _TASK.vi, required=True),
    Asked("c2", _RESULT.vi, required=True),
    Asked("c3", _SHARE.vi, "number", "%"),
    Asked("c4", _FOUND.vi),
    Asked("c5", _HANDED.vi),
    Asked("c6", _ASKS.vi),
)


def ready_questions(form: str) -> list[dict[str, Any]]:
    """The columns of a ready form (a term of `data_call_form`), as a data call stores them."""
    return progress_questions() if form == "progress" else [asdict(column) for column in _PROGRAMME]


def progress_columns(language: Language) -> tuple[Asked, ...]:
    """The columns of the progress form, headed in this language."""
    made = []
    for label, column in _COLUMNS:
        values = asdict(column)
        values["label"] = label.get(language)
        made.append(Asked(**values))
    return tuple(made)


def progress_questions() -> list[dict[str, Any]]:
    """The same as a data call stores its columns, before them the code of the duty."""
    return [asdict(Asked("duty", _CODE.vi, fixed=True)), *(asdict(column) for column in progress_columns("vi"))]
