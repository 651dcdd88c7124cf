"""How are meetings and conferences run over HTTP: agenda from what waits, tasks from decisions, roll, invitations, statements?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from banggiao.activities.services_conference import call_statements, call_the_roll, expect, take_statements
from banggiao.api.caller import act_of, no_parameters, text, writer_of
from banggiao.api.router import READ_PROBLEMS, WRITE_PROBLEMS
from banggiao.bodies import services as bodies
from banggiao.bodies.lines import DECISIONS, ROLL
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.lines import find_line, lines_named
from banggiao.core.registers import find_record, register_named
from banggiao.partners.models import Institution
from banggiao.reports.files import MEDIA_TYPES, take
from banggiao.reports.meetings import paper_of
from banggiao.reports.typography import Language

router = Router(tags=["meetings"])


class ChosenIn(BaseModel):
    """Records chosen by id."""

    model_config = ConfigDict(extra="forbid")
    ids: list[UUID] = Field(min_length=1, max_length=200)


class InviteIn(BaseModel):
    """A rule that names the bodies (missions, provinces, ministries), or bodies by id or code."""

    model_config = ConfigDict(extra="forbid")
    rule: str = Field(default="", max_length=20)
    institutions: list[str] = Field(default=[], max_length=400)


class StatementsIn(BaseModel):
    """Who asks whom for a statement by which day."""

    model_config = ConfigDict(extra="forbid")
    asker: str = Field(min_length=1, max_length=80)
    deadline: str = Field(min_length=10, max_length=10, pattern=r"^\d{4}-\d\d-\d\d$")
    institutions: list[str] = Field(min_length=1, max_length=400)
    purpose: str = Field(default="", max_length=2000)


class PresenceIn(BaseModel):
    """What the roll says of one body expected: its line, the version of it that was read, whether it came."""

    model_config = ConfigDict(extra="forbid")
    line: UUID
    version: int = Field(ge=1)
    presence: str = Field(max_length=16)
    represented_by: str = Field(default="", max_length=300)


class RollIn(BaseModel):
    """Several lines of a roll, written together or not at all."""

    model_config = ConfigDict(extra="forbid")
    rows: list[PresenceIn] = Field(min_length=1, max_length=500)


class MadeOut(BaseModel):
    """The records that were made or that stand for what was chosen, and how many changed."""

    ids: list[UUID]
    changed: int


@router.post(
    "/meetings/{key}/agenda",
    response={200: MadeOut, **WRITE_PROBLEMS},
    summary=N_("Đưa việc được đề xuất vào chương trình họp"),
    description=N_(
        "ids là các việc trong câu hỏi agenda_proposals của phiên họp; mỗi việc thành một mục, dẫn tới bản ghi của nó."
    ),
)
def put(request: HttpRequest, key: str, sent: ChosenIn) -> dict[str, Any]:
    """The new lines of the agenda."""
    viewer = _writer(request)
    made = bodies.put_on_agenda(act=act_of(request), meeting=_record("meetings", key, viewer), chosen=sent.ids)
    return {"ids": [line.pk for line in made], "changed": len(made)}


@router.post(
    "/meetings/{key}/tasks",
    response={200: MadeOut, **WRITE_PROBLEMS},
    summary=N_("Giao kết luận của phiên họp thành nhiệm vụ"),
    description=N_("ids là các kết luận; kết luận đã giao trả về nhiệm vụ đã có, không giao hai lần."),
)
def give_tasks(request: HttpRequest, key: str, sent: ChosenIn) -> dict[str, Any]:
    """The tasks of the decisions, in their order."""
    viewer = _writer(request)
    meeting = _record("meetings", key, viewer)
    decisions = [find_line(DECISIONS, meeting, pk, viewer) for pk in sent.ids]
    made = bodies.give_tasks(act=act_of(request), meeting=meeting, decisions=decisions)
    return {"ids": [task.pk for task in made], "changed": len(made)}


@router.post(
    "/registers/{name}/{key}/roll",
    response={200: MadeOut, **WRITE_PROBLEMS},
    summary=N_("Điểm danh phiên họp, hội nghị"),
    description=N_("Mỗi dòng gửi kèm phiên bản đã đọc; tất cả được ghi hoặc không dòng nào."),
)
def roll(request: HttpRequest, name: str, key: str, sent: RollIn) -> dict[str, Any]:
    """How many lines changed."""
    viewer = _writer(request)
    record = _record(text("name", name), key, viewer)
    rows = {
        row.line: (row.version, {"presence": row.presence, "represented_by": text("represented_by", row.represented_by)})
        for row in sent.rows
    }
    lines = lines_named(record.record_type(), ROLL.name)
    return {"ids": list(rows), "changed": call_the_roll(act=act_of(request), lines=lines, parent=record, rows=rows)}


@router.post(
    "/activities/{key}/invite",
    response={200: MadeOut, **WRITE_PROBLEMS},
    summary=N_("Mời các cơ quan dự hội nghị"),
    description=N_(
        "rule là missions, provinces hoặc ministries, tính theo ngày của hội nghị; hoặc liệt kê institutions theo id, mã."
    ),
)
def invite(request: HttpRequest, key: str, sent: InviteIn) -> dict[str, Any]:
    """The new lines of the roll; who was invited before is not repeated."""
    viewer = _writer(request)
    activity = _record("activities", key, viewer)
    bodies = [_body(each, viewer) for each in sent.institutions]
    made = expect(act=act_of(request), activity=activity, rule=sent.rule, institutions=bodies)
    return {"ids": [line.pk for line in made], "changed": len(made)}


@router.post(
    "/activities/{key}/statements/call",
    response={200: MadeOut, **WRITE_PROBLEMS},
    summary=N_("Gọi tham luận"),
    description=N_("Soạn một đề nghị báo cáo tới các cơ quan; chưa cơ quan nào nhận được trước khi đề nghị được gửi."),
)
def statements(request: HttpRequest, key: str, sent: StatementsIn) -> dict[str, Any]:
    """The data call that was drafted."""
    viewer = _writer(request)
    call = call_statements(
        act=act_of(request),
        activity=_record("activities", key, viewer),
        asker_id=_body(sent.asker, viewer).pk,
        deadline=sent.deadline,
        institutions=[_body(each, viewer) for each in sent.institutions],
        purpose=text("purpose", sent.purpose),
    )
    return {"ids": [call.pk], "changed": 1}


@router.post(
    "/activities/{key}/statements/take",
    response={200: MadeOut, **WRITE_PROBLEMS},
    summary=N_("Lấy bài tham luận đã nộp vào danh sách"),
    description=N_("Chỉ điền những gì danh sách còn trống; điều người đã viết được giữ nguyên."),
)
def take_over(request: HttpRequest, key: str) -> dict[str, Any]:
    """How many lines of the speakers' list changed."""
    viewer = _writer(request)
    return {"ids": [], "changed": take_statements(act=act_of(request), activity=_record("activities", key, viewer))}


@router.get(
    "/registers/{name}/{key}/paper.{form}",
    response={200: None, **READ_PROBLEMS},
    summary=N_("Văn bản của một bản ghi"),
    description=N_(
        "Biên bản của phiên họp, thông báo kết luận, phiếu theo dõi của cam kết và nhiệm vụ; form là pdf, docx hoặc json. "
        "Cần quyền xuất dữ liệu."
    ),
)
def paper(request: HttpRequest, name: str, key: str, form: str) -> HttpResponse:
    """The official paper as a file."""
    no_parameters(request)
    act = act_of(request)
    act.viewer.require("exports.take", subject=key[:80])
    language: Language = "en" if (get_language() or "vi").startswith("en") else "vi"
    document = paper_of(_record(text("name", name), key, act.viewer), act.viewer, at=act.at, language=language)
    return HttpResponse(take(document, form, act=act), content_type=MEDIA_TYPES[form])


def _writer(request: HttpRequest) -> Viewer:
    no_parameters(request)
    return writer_of(request).viewer


def _record(name: str, key: str, viewer: Viewer) -> Any:
    book = register_named(name)
    viewer.require(book.permission, subject=name)
    return find_record(book, text("key", key), viewer)


def _body(key: str, viewer: Viewer) -> Institution:
    found: Institution = find_record(register_named("institutions"), text("institution", key), viewer)
    return found
