"""How are half-year reports called for, and tasks of a work programme given, over HTTP? The rest is the register `programmes`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from banggiao.api.caller import act_of, no_parameters, text, writer_of
from banggiao.api.registers import IfMatch, version_of
from banggiao.api.router import WRITE_PROBLEMS
from banggiao.core.errors import N_
from banggiao.core.lines import find_line
from banggiao.core.registers import find_record
from banggiao.programmes.lines import TASKS
from banggiao.programmes.questions import PROGRAMMES
from banggiao.programmes.services import call_reports, give_task
from banggiao.reports.progress_form import body_named

router = Router(tags=["programmes"])


class CallIn(BaseModel):
    """A call for reports: the period, the code of the body that asks, the day by which missions answer."""

    model_config = ConfigDict(extra="forbid")
    period: str = Field(max_length=24)
    asker: str = Field(max_length=64)
    deadline: str = Field(max_length=10)
    purpose: str = Field("", max_length=5000)
    send: bool = True


class CallOut(BaseModel):
    """The data call, and how many missions it goes to."""

    id: UUID
    code: str
    state: str
    missions: int


class GivenOut(BaseModel):
    """The task that a line of a programme became."""

    id: UUID
    code: str


@router.post(
    "/programmes/reports",
    response={200: CallOut, **WRITE_PROBLEMS},
    summary=N_("Gọi báo cáo kỳ của mọi cơ quan đại diện"),
)
def call(request: HttpRequest, sent: CallIn) -> dict[str, Any]:
    """The call, sent unless `send` is false."""
    no_parameters(request)
    writer_of(request)
    act = act_of(request)
    act.viewer.require("programmes.approve")
    body = body_named(text("asker", sent.asker), act.viewer)
    made = call_reports(
        act=act, asker_id=body.pk, period=text("period", sent.period), deadline=text("deadline", sent.deadline),
        purpose=text("purpose", sent.purpose), send=sent.send,
    )  # fmt: skip
    return {"id": made.pk, "code": made.code, "state": made.state, "missions": made.addressee_rows.count()}


@router.post(
    "/programmes/{key}/tasks/{line}/give",
    response={200: GivenOut, **WRITE_PROBLEMS},
    summary=N_("Đưa một nhiệm vụ của chương trình vào sổ nhiệm vụ"),
    description=N_("If-Match là phiên bản của dòng nhiệm vụ."),
)
def give(request: HttpRequest, key: str, line: UUID, if_match: IfMatch = "") -> dict[str, Any]:
    """The task of the register."""
    no_parameters(request)
    caller = writer_of(request)
    caller.viewer.require("programmes.edit", subject=key[:80])
    programme = find_record(PROGRAMMES, text("key", key), caller.viewer)
    row = find_line(TASKS, programme, line, caller.viewer)
    task = give_task(act=act_of(request), programme=programme, line=row, version=version_of(if_match))
    return {"id": task.pk, "code": task.code}
