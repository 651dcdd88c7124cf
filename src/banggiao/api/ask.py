"""How are questions put over HTTP? The same answers as the pages, page by page, or whole as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Query, Router

from banggiao.accounts.questions_keeping import parameters_on, view_named
from banggiao.api.caller import act_of, caller_of, no_parameters, now, parameters, text
from banggiao.api.problems import words
from banggiao.api.router import FREE_PARAMETERS, READ_PROBLEMS, Cursor, Size
from banggiao.api.schemas import AnswerOut, QuestionsOut
from banggiao.core import exports
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.questions import ALL, Answer, Column, Page, Question, ask, questions

router = Router(tags=["questions"])

#: The name or id of a saved view, whose parameters hold where none is sent.
View = Annotated[str, Query(max_length=80)]


@router.get(
    "/questions",
    response={200: QuestionsOut, **READ_PROBLEMS},
    summary=N_("Các câu hỏi có thể đặt"),
    description=N_("Mỗi câu hỏi kèm tham số, các cột của câu trả lời và bạn có được đặt hay không."),
)
def list_questions(request: HttpRequest) -> dict[str, Any]:
    """All questions with parameters and columns."""
    no_parameters(request)
    viewer = caller_of(request).viewer
    return {"questions": [_question(q, viewer) for q in questions()]}


@router.get(
    "/questions/{name}",
    response={200: AnswerOut, **READ_PROBLEMS},
    summary=N_("Đặt một câu hỏi"),
    description=N_(
        "Tham số của câu hỏi gửi trên địa chỉ. fields chọn cột, cách nhau bằng dấu phẩy; cursor lấy từ next của trang trước. "
        "Câu trả lời giống hệt trên trang và trong báo cáo."
    ),
    openapi_extra=FREE_PARAMETERS,
)
def put_question(
    request: HttpRequest,
    name: str,
    size: Size = 50,
    cursor: Cursor = "",
    fields: Annotated[str, Query(max_length=1000)] = "",
    view: View = "",
) -> dict[str, Any]:
    """One page of the answer."""
    params = _with_view(request, name, view, parameters(request, ("size", "cursor", "fields", "view")))
    answer = _asked(name, params, caller_of(request).viewer, Page(size, cursor))
    return exports.answer_as_json(_only(answer, [f for f in fields.split(",") if f]))


@router.get(
    "/questions/{name}/export.{form}",
    response={200: None, **READ_PROBLEMS},
    summary=N_("Tải toàn bộ câu trả lời thành tệp"),
    description=N_("form là csv, xlsx hoặc json. Cần quyền xuất dữ liệu; lần xuất được ghi vào sổ nhật ký."),
    openapi_extra=FREE_PARAMETERS,
)
def export_answer(request: HttpRequest, name: str, form: str, view: View = "") -> HttpResponse:
    """All rows of the answer as a file."""
    act = act_of(request)
    act.viewer.require("exports.take", subject=name)
    answer = _asked(name, _with_view(request, name, view, parameters(request, ("view",))), act.viewer, ALL)
    language = "en" if (get_language() or "vi").startswith("en") else "vi"
    content, media_type, file_name = exports.export(answer, form, act=act, language=language, translate=words)
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{file_name}"'}
    )  # fmt: skip


def _with_view(request: HttpRequest, name: str, view: str, params: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a saved view, with those that were sent put over them."""
    if not view:
        return dict(params)
    saved = view_named(name, text("view", view), caller_of(request).viewer)
    return {**parameters_on(saved, timezone.localdate(now())), **params}


def _asked(name: str, params: Mapping[str, str], viewer: Viewer, page: Page) -> Answer:
    answer = ask(name, params, viewer, at=now(), page=page).listed()
    return replace(answer, columns=tuple(replace(c, label=words(c.label)) for c in answer.columns))


def _only(answer: Answer, keys: list[str]) -> Answer:
    """The answer with these columns only, in this order; all of them when none is named."""
    if not keys:
        return answer
    places = {column.key: place for place, column in enumerate(answer.columns)}
    unknown = [key for key in keys if key not in places]
    if unknown:
        raise InvalidInput(
            N_("Câu trả lời không có cột “%(name)s”."),
            name=unknown[0][:80],
            subject=answer.question,
            remedy=N_("Hãy chọn trong các cột được liệt kê cho câu hỏi này."),
            problems=[FieldProblem("fields", N_("Giá trị không hợp lệ."))],
        )
    wanted = [places[key] for key in dict.fromkeys(keys)]
    rows = tuple(replace(row, cells=tuple(row.cells[place] for place in wanted)) for row in answer.rows)
    return replace(answer, columns=tuple(answer.columns[place] for place in wanted), rows=rows)


def _question(question: Question, viewer: Viewer) -> dict[str, Any]:
    return {
        "name": question.name,
        "title": question.title._asdict(),
        "permission": question.permission,
        "permitted": viewer.may(question.permission),
        "parameters": [
            {
                "name": p.name,
                "label": words(p.label),
                "kind": p.kind,
                "vocabulary": p.vocabulary or None,
                "default": p.default or None,
                "needed": p.needed,
            }
            for p in question.parameters
        ],
        "columns": [_column(c) for c in question.columns],
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "key": column.key,
        "label": words(column.label),
        "type": column.type,
        "vocabulary": column.vocabulary or None,
        "unit": column.unit or None,
    }
