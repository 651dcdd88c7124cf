"""How are papers about partners taken over HTTP: the sheet for a meeting, the world map? And how does a home body end?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from banggiao.api.caller import act_of, no_parameters, text, writer_of
from banggiao.api.registers import IfMatch, version_of
from banggiao.api.router import READ_PROBLEMS, WRITE_PROBLEMS
from banggiao.core.errors import N_
from banggiao.core.registers import find_record, register_named
from banggiao.reports.closing import close_institution, open_duties
from banggiao.reports.files import MEDIA_TYPES, take
from banggiao.reports.partner_brief import compose_brief
from banggiao.reports.partner_maps import FORMS, take_map
from banggiao.reports.typography import Language

router = Router(tags=["papers"])


class CloseIn(BaseModel):
    """The end of a home body: its first day no more, who follows it (id or code), the paper that says so."""

    model_config = ConfigDict(extra="forbid")
    valid_to: str = Field(min_length=4, max_length=10, pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")
    successor: str = Field(default="", max_length=80)
    basis: str = Field(default="", max_length=300)


class CloseOut(BaseModel):
    """The body as it stands now, and how many duties changed hands."""

    id: UUID
    version: int
    valid_to: str
    moved: int


@router.get(
    "/partners/{code}/brief.{form}",
    response={200: None, **READ_PROBLEMS},
    summary=N_("Trang tiếp xúc với một đối tác"),
    description=N_("form là pdf, docx hoặc json. Một trang, chữ lớn; cần quyền xuất dữ liệu; lần xuất được ghi vào sổ nhật ký."),
)
def take_brief(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The sheet as a file."""
    no_parameters(request)
    act = act_of(request)
    act.viewer.require("exports.take", subject=code[:40])
    document = compose_brief(text("code", code), act.viewer, at=act.at, language=_language())
    return HttpResponse(take(document, form, act=act), content_type=MEDIA_TYPES[form])


@router.get(
    "/maps/{name}.{form}",
    response={200: None, **READ_PROBLEMS},
    summary=N_("Bản đồ thế giới của các đối tác"),
    description=N_("name là levels hoặc commitments; form là svg, png, pdf hoặc docx. Cần quyền xuất dữ liệu."),
)
def take_world_map(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The map as a file."""
    no_parameters(request)
    content = take_map(text("name", name), form, act=act_of(request), language=_language())
    return HttpResponse(content, content_type=FORMS[form])


@router.post(
    "/institutions/{key}/close",
    response={200: CloseOut, **WRITE_PROBLEMS},
    summary=N_("Kết thúc hoạt động của một cơ quan"),
    description=N_(
        "If-Match là phiên bản đã đọc. Việc chưa kết thúc chuyển sang cơ quan kế nhiệm; không có cơ quan kế nhiệm thì bị từ chối "
        "kèm danh sách các việc đó."
    ),
)
def close(request: HttpRequest, key: str, sent: CloseIn, if_match: IfMatch = "") -> dict[str, Any]:
    """The body after its end."""
    caller = writer_of(request)
    no_parameters(request)
    caller.viewer.require("partners.edit", subject=key[:80])
    book = register_named("institutions")
    institution = find_record(book, text("key", key), caller.viewer)
    successor = find_record(book, text("successor", sent.successor), caller.viewer) if sent.successor else None
    duties, _hidden = open_duties(institution, caller.viewer)
    closed = close_institution(
        act=act_of(request),
        institution=institution,
        day=sent.valid_to,
        successor=successor,
        basis=text("basis", sent.basis),
        version=version_of(if_match),
    )
    return {"id": closed.pk, "version": closed.version, "valid_to": closed.valid_to, "moved": len(duties) if successor else 0}


def _language() -> Language:
    return "en" if (get_language() or "vi").startswith("en") else "vi"
