"""How is a list from Excel, Word or CSV taken in over HTTP: sent to be looked at, sent again with what was seen to be written?"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile
from pydantic import BaseModel, ConfigDict, Field

from banggiao.api.caller import Caller, act_of, no_parameters, now, text, writer_of
from banggiao.api.registers import IdempotencyKey
from banggiao.api.router import WRITE_PROBLEMS
from banggiao.api.services import once
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.folding import fold
from banggiao.core.registers import Register, register_named
from banggiao.reports import actions
from banggiao.reports.import_words import told_preview, told_result
from banggiao.reports.importing import Wanted
from banggiao.reports.pasting import Known, Pasted
from banggiao.reports.sheets import MOST_BYTES
from banggiao.reports.taking_in import ListFile, find_table, look, open_list, take_in

router = Router(tags=["registers"])
_Text = Annotated[str, Field(max_length=400)]


class ImportIn(BaseModel):
    """How the list is to be taken. `columns` and `choices` are JSON objects: heading -> field, row -> choice."""

    model_config = ConfigDict(extra="forbid")
    sheet: _Text = ""
    columns: str = Field(default="{}", max_length=20_000)
    choices: str = Field(default="{}", max_length=400_000)
    partners: str = Field(default="", pattern="^(split|joint)?$")
    twins: str = Field(default="", pattern="^(new|same)?$")
    blank: bool = False
    listed: str = Field(default="", max_length=40, description="id of the list this is the next version of, or new")
    as_of: str = Field(default="", max_length=40)
    show: str = Field(default="", max_length=12)
    offset: int = Field(default=0, ge=0, le=100_000)
    seen: str = Field(default="", max_length=64)
    whole: bool = False
    reason: _Text = ""


class PreviewOut(BaseModel):
    """What the list would do, and the word (`seen`) to confirm it with."""

    model_config = ConfigDict(extra="allow")
    file: str
    sheet: str
    counts: dict[str, int]
    rows: list[dict[str, Any]]
    total: int
    seen: str


class TakenOut(BaseModel):
    """What was written, and which rows were left."""

    model_config = ConfigDict(extra="allow")
    created: list[str]
    changed: list[dict[str, Any]]
    left: list[dict[str, Any]]


@router.post(
    "/registers/{name}/imports/preview",
    response={200: PreviewOut, **WRITE_PROBLEMS},
    summary=N_("Xem trước một danh sách từ tệp"),
    description=N_(
        "Gửi tệp .xlsx, .docx hoặc .csv (multipart, trường file). Chưa có gì được ghi: trả về từng dòng sẽ ghi, sửa, trùng, lỗi "
        "hay không còn, và seen để xác nhận."
    ),
)
def preview(request: HttpRequest, name: str, file: File[UploadedFile], how: Form[ImportIn]) -> dict[str, Any]:
    """What the list would do to the register."""
    caller = writer_of(request)
    no_parameters(request)
    book, source, table, wanted = _read(name, file, how, caller)
    held = look(book, source.name, table, wanted, caller.viewer)
    return told_preview(book, source, table, held, show=text("show", how.show), offset=how.offset)


@router.post(
    "/registers/{name}/imports/confirm",
    response={200: TakenOut, **WRITE_PROBLEMS},
    summary=N_("Ghi một danh sách từ tệp"),
    description=N_(
        "Gửi lại tệp đó với các lựa chọn và seen của bản xem trước. Thiếu seen khi có bản ghi bị sửa: 428; sổ đã đổi từ lúc "
        "xem: 412. Idempotency-Key giúp gửi lại an toàn trong 24 giờ."
    ),
)
def take(
    request: HttpRequest, name: str, file: File[UploadedFile], how: Form[ImportIn], idempotency_key: IdempotencyKey = ""
) -> dict[str, Any]:
    """The list written."""
    caller = writer_of(request)
    no_parameters(request)
    book, source, table, wanted = _read(name, file, how, caller)
    reason = text("reason", how.reason)

    def do() -> dict[str, Any]:
        done = take_in(book, source, table, wanted, seen=how.seen or None, whole=how.whole, act=act_of(request, reason))
        return told_result(book, done)

    if not idempotency_key:
        return do()
    told = json.dumps([request.path, how.model_dump(), hashlib.sha256(source.data).hexdigest()], sort_keys=True)
    return once(user=caller.user, key=idempotency_key, fingerprint=hashlib.sha256(told.encode()).hexdigest(), at=now(), deed=do)


def _read(name: str, sent: UploadedFile, how: ImportIn, caller: Caller) -> tuple[Register, ListFile, Pasted, Wanted]:
    book = register_named(name)
    caller.viewer.require(book.permission, subject=name)
    actions.require_entry(book, caller.viewer)
    if (sent.size or 0) > MOST_BYTES:
        raise InvalidInput(N_("Tệp quá lớn."), remedy=N_("Hãy chia bảng thành nhiều phần rồi gửi từng phần."))
    columns = {fold(heading): field for heading, field in _object("columns", how.columns).items()}
    wanted = Wanted.of(how.model_dump(), _object("choices", how.choices))
    source = open_list(sent.read(), sent.name or "")
    _place, table = find_table(book, source, text("sheet", how.sheet), Known(columns), caller.viewer)
    return book, source, table, wanted


def _object(name: str, sent: str) -> dict[str, str]:
    """The JSON object of texts. Raises InvalidInput naming the field."""
    try:
        value = json.loads(text(name, sent))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=[FieldProblem(name, N_("Giá trị không hợp lệ."))],
        )
    return value
