"""How do progress forms go out and come back over HTTP, and how is progress of one duty reported?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import File, Form, Router
from ninja.files import UploadedFile
from pydantic import BaseModel, ConfigDict, Field

from banggiao.api.caller import act_of, no_parameters, text, writer_of
from banggiao.api.router import READ_PROBLEMS, WRITE_PROBLEMS
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound
from banggiao.core.registers import find_record, register_named
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.form_words import MOST_BYTES, too_large
from banggiao.followup.models import Followed
from banggiao.followup.services import report_progress
from banggiao.reports.files import MEDIA_TYPES
from banggiao.reports.progress_form import body_named, scope_of, take_progress_form
from banggiao.reports.progress_returned import as_data, read_returned, write_returned
from banggiao.reports.six_fields_paper import take_six_fields

router = Router(tags=["progress"])
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Sending(BaseModel):
    """What goes with a returned form: whether to write it, the letter it came with, the keys of rows decided on."""

    write: bool = False
    letter: str = Field("", max_length=200)
    take: list[str] = Field(default_factory=list, max_length=500)
    leave: list[str] = Field(default_factory=list, max_length=500)


class ReportIn(BaseModel):
    """A progress report; `claimed` is a share from 0 to 1."""

    model_config = ConfigDict(extra="forbid")
    day: date
    text: str = Field(max_length=20_000)
    claimed: Decimal | None = Field(None, ge=0, le=1)
    difficulty: str = ""
    difficulty_text: str = Field("", max_length=20_000)
    recommendation: str = Field("", max_length=20_000)


class ReportOut(BaseModel):
    """The report as written."""

    id: str
    subject: str


class ReturnedOut(BaseModel):
    """A returned form: its rows one by one, and how many were written."""

    model_config = ConfigDict(extra="allow")
    body: str
    lost: int
    rows: list[dict[str, Any]]


@router.get(
    "/progress-forms/{body}.{form}",
    response={200: None, **READ_PROBLEMS},
    summary=N_("Phiếu báo cáo tiến độ in sẵn của một cơ quan"),
    description=N_("form là xlsx hoặc docx; scope là open, overdue hoặc all; period như 2025-H2 chỉ lấy việc đến hạn trong kỳ."),
)
def take_form(request: HttpRequest, body: str, form: str, scope: str = "open", period: str = "") -> HttpResponse:
    """The form as a file."""
    no_parameters(request, ("scope", "period"))
    act = act_of(request)
    found = body_named(text("body", body), act.viewer)
    content = take_progress_form(found, scope_of(scope, text("period", period)), form, _language(), act=act)
    return HttpResponse(content, content_type=_XLSX if form == "xlsx" else MEDIA_TYPES["docx"])


@router.post(
    "/progress-forms/returned",
    response={200: ReturnedOut, **WRITE_PROBLEMS},
    summary=N_("Đọc lại phiếu báo cáo tiến độ đã điền"),
    description=N_(
        "Không có write=true thì chưa ghi gì. take và leave nêu key của dòng mâu thuẫn được ghi hoặc được giữ; letter là số và "
        "ngày công văn khi ghi thay cơ quan khác."
    ),
)
def give_back(request: HttpRequest, file: File[UploadedFile], sent: Form[Sending]) -> dict[str, Any]:
    """What the form says, and what of it was written."""
    no_parameters(request)
    writer_of(request)
    act = act_of(request)
    act.viewer.require("followup.report")
    if (file.size or 0) > MOST_BYTES:
        raise too_large()
    form = read_returned(file.read(), act.viewer, today=timezone.localdate(act.at))
    take = {key: True for key in sent.take} | {key: False for key in sent.leave}
    written = write_returned(act=act, form=form, take=take, letter=text("letter", sent.letter)) if sent.write else []
    return as_data(form, written)


@router.post(
    "/registers/{name}/{key}/progress",
    response={200: ReportOut, **WRITE_PROBLEMS},
    summary=N_("Báo tiến độ của một cam kết hoặc nhiệm vụ"),
)
def report(request: HttpRequest, name: str, key: str, sent: ReportIn) -> dict[str, Any]:
    """The report, a claim until it is verified."""
    no_parameters(request)
    caller = writer_of(request)
    book = register_named(name)
    caller.viewer.require(book.permission)
    record: Any = find_record(book, text("key", key), caller.viewer)
    if not issubclass(book.model, Followed):
        raise NotFound(N_("Chỉ nhiệm vụ và cam kết mới được theo dõi."), subject=name[:40])
    if sent.difficulty and sent.difficulty not in vocabulary("difficulty_code"):
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=[FieldProblem("difficulty", N_("Giá trị không có trong danh mục."))],
        )
    update = report_progress(
        act=act_of(request),
        record=record,
        day=sent.day,
        text=text("text", sent.text),
        claimed=sent.claimed,
        difficulty=sent.difficulty,
        difficulty_text=text("difficulty_text", sent.difficulty_text),
        recommendation=text("recommendation", sent.recommendation),
    )
    return {"id": str(update.pk), "subject": str(update.subject_id)}


@router.get(
    "/six-fields.{form}",
    response={200: None, **READ_PROBLEMS},
    summary=N_("Báo cáo tình hình thực hiện cam kết theo sáu mục"),
    description=N_("form là docx, pdf hoặc json; issuer là mã cơ quan đứng tên báo cáo."),
)
def six_fields(request: HttpRequest, form: str, lead: str = "", partner: str = "", issuer: str = "") -> HttpResponse:
    """The paper as a file."""
    no_parameters(request, ("lead", "partner", "issuer"))
    params = {name: text(name, value) for name, value in (("lead", lead), ("partner", partner)) if value}
    content = take_six_fields(params, form, act=act_of(request), language=_language(), issuer=text("issuer", issuer))
    return HttpResponse(content, content_type=MEDIA_TYPES[form])


def _language() -> Any:
    return "en" if (get_language() or "vi").startswith("en") else "vi"
