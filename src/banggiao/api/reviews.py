"""How are a review's papers taken over HTTP, its readers chosen, and the tasks of its conclusions given?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from banggiao.api.caller import act_of, no_parameters, text, writer_of
from banggiao.api.router import READ_PROBLEMS, WRITE_PROBLEMS
from banggiao.core.errors import N_
from banggiao.core.lines import rows_of
from banggiao.core.registers import find_record
from banggiao.reports.files import MEDIA_TYPES, take
from banggiao.reports.review import compose
from banggiao.reports.review_issue import standing_paper, take_kept
from banggiao.reports.review_papers import comments_paper, memo_paper
from banggiao.reports.typography import Language
from banggiao.reviews.lines import MEMOS
from banggiao.reviews.papers import figures_of, paper_at
from banggiao.reviews.questions import REVIEWS
from banggiao.reviews.services import give_tasks, set_readers

router = Router(tags=["reviews"])


class ReadersIn(BaseModel):
    """Who is asked for comments, exactly: ids of institutions."""

    model_config = ConfigDict(extra="forbid")
    institutions: list[UUID] = Field(max_length=500)


class ReaderOut(BaseModel):
    """A body that is asked, and whether it has answered."""

    id: UUID
    institution_id: UUID
    state: str
    current_due: str


class TaskOut(BaseModel):
    """A task that a direction became."""

    id: UUID
    code: str
    text_vi: str


class FigureOut(BaseModel):
    """A frozen figure: its key, what it is called, its rule, and how many records were counted."""

    key: str
    label_vi: str
    label_en: str
    value: str
    rule: str
    records: int


@router.get(
    "/reviews/{key}/report.{form}",
    response={200: None, **READ_PROBLEMS},
    summary=N_("Báo cáo của một kỳ sơ kết"),
    description=N_(
        "form là pdf, docx hoặc json. Sau khi chốt số liệu là tệp đã lưu, giữ nguyên từng byte; trước đó dựng từ các sổ. Cần "
        "quyền xuất dữ liệu."
    ),
)
def take_report(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """The report as a file."""
    no_parameters(request)
    act = act_of(request)
    review = _found(request, key)
    kept = standing_paper(review)
    if kept is not None:
        content = take_kept(kept, form, _language(), act=act)
    else:
        document = compose(review.period, act.viewer, at=act.at, language=_language(), exercise=review.exercise)
        content = take(document, form, act=act)
    return HttpResponse(content, content_type=MEDIA_TYPES[form])


@router.get(
    "/reviews/{key}/comments.{form}",
    response={200: None, **READ_PROBLEMS},
    summary=N_("Bảng tổng hợp, giải trình tiếp thu ý kiến"),
    description=N_("form là pdf, docx hoặc json. Cần quyền xuất dữ liệu."),
)
def take_comments(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """The table of comments as a file."""
    no_parameters(request)
    act = act_of(request)
    paper = comments_paper(_found(request, key), act.viewer, at=act.at, language=_language())
    return HttpResponse(take(paper, form, act=act), content_type=MEDIA_TYPES[form])


@router.get(
    "/reviews/{key}/memo.{form}",
    response={200: None, **READ_PROBLEMS},
    summary=N_("Bản đính chính số liệu của một kỳ sơ kết"),
    description=N_("form là pdf, docx hoặc json. Báo cáo và các số đã chốt được giữ nguyên. Cần quyền xuất dữ liệu."),
)
def take_memo(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """The memo of corrections as a file."""
    no_parameters(request)
    act = act_of(request)
    review = _found(request, key)
    paper = memo_paper(review, list(rows_of(MEMOS, review, act.viewer)), at=act.at, language=_language())
    return HttpResponse(take(paper, form, act=act), content_type=MEDIA_TYPES[form])


@router.get(
    "/reviews/{key}/figures",
    response={200: list[FigureOut], **READ_PROBLEMS},
    summary=N_("Các số liệu đã chốt của một kỳ sơ kết"),
    description=N_("Khóa của số liệu dùng khi góp ý và khi đính chính."),
)
def list_figures(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """The frozen figures."""
    no_parameters(request)
    return [
        {
            "key": f.key,
            "label_vi": f.label.vi,
            "label_en": f.label.en,
            "value": f.value,
            "rule": f.rule,
            "records": len(f.records),
        }
        for f in figures_of(paper_at(_found(request, key), "frozen")).values()
    ]


@router.put(
    "/reviews/{key}/readers",
    response={200: list[ReaderOut], **WRITE_PROBLEMS},
    summary=N_("Chọn nơi được hỏi ý kiến về một kỳ sơ kết"),
    description=N_("Danh sách gửi lên là toàn bộ nơi được hỏi; nơi không có trong danh sách được bỏ, trừ khi đã gửi lấy ý kiến."),
)
def put_readers(request: HttpRequest, key: str, sent: ReadersIn) -> list[dict[str, Any]]:
    """The readers as they now stand."""
    writer_of(request)
    no_parameters(request)
    made = set_readers(act=act_of(request), review=_found(request, key), institutions=sent.institutions)
    return [{"id": r.pk, "institution_id": r.institution_id, "state": r.state, "current_due": r.current_due} for r in made]


@router.post(
    "/reviews/{key}/tasks",
    response={200: list[TaskOut], **WRITE_PROBLEMS},
    summary=N_("Giao nhiệm vụ từ kết luận của một kỳ sơ kết"),
    description=N_("Mỗi phương hướng thành một nhiệm vụ của kỳ sau; việc đã giao không giao lại."),
)
def post_tasks(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """The tasks of the conclusions."""
    writer_of(request)
    no_parameters(request)
    made = give_tasks(act=act_of(request), review=_found(request, key))
    return [{"id": task.pk, "code": task.code, "text_vi": task.text_vi} for task in made]


def _found(request: HttpRequest, key: str) -> Any:
    viewer = act_of(request).viewer
    viewer.require(REVIEWS.permission, subject=key[:40])
    return find_record(REVIEWS, text("key", key), viewer)


def _language() -> Language:
    return "en" if (get_language() or "vi").startswith("en") else "vi"
