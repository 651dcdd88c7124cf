"""How do directives become tasks over HTTP: their text comes in, paragraphs with proposals are read, tasks are confirmed?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from banggiao.api.caller import Caller, act_of, caller_of, no_parameters, now, text, writer_of
from banggiao.api.registers import IdempotencyKey, IfMatch, version_of
from banggiao.api.router import READ_PROBLEMS, WRITE_PROBLEMS
from banggiao.api.services import once
from banggiao.commitments.lines import PARAGRAPHS
from banggiao.commitments.models import Directive, Paragraph, Task
from banggiao.commitments.questions_repeated import repeated_of
from banggiao.commitments.questions_splitting import coverage_of, standing_of, tasks_from
from banggiao.commitments.services_splitting import confirm, confirm_above, judge_repeated, leave_out, take_back
from banggiao.commitments.splitting import Proposed, proposals_of
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, NotFound
from banggiao.core.lines import find_line, rows_of
from banggiao.core.registers import find_record, register_named
from banggiao.reports.splitting import as_typed, take_text, understood

router = Router(tags=["directives"])


class TextIn(BaseModel):
    """The text of a directive."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=1_000_000)


class TaskIn(BaseModel):
    """A task to confirm: bodies by code or name, a day as people write it; `key` is that of its proposal, or one of your own."""

    model_config = ConfigDict(extra="forbid")
    key: str = Field(min_length=1, max_length=40)
    text: str = Field(min_length=1, max_length=20_000)
    lead: str = Field("", max_length=300)
    coordinating: list[str] = Field(default_factory=list, max_length=60)
    due: str = Field("", max_length=60)
    product: str = Field("", max_length=2_000)
    every: str = Field("", max_length=16)


class TasksIn(BaseModel):
    """What a paragraph becomes: tasks, or the reason for none; an empty reason takes a former one back."""

    model_config = ConfigDict(extra="forbid")
    tasks: list[TaskIn] = Field(default_factory=list, max_length=60)
    no_task: str = Field("", max_length=24)
    note: str = Field("", max_length=400)


class RepeatedIn(BaseModel):
    """Whether a task asks again for what the earlier one asked."""

    model_config = ConfigDict(extra="forbid")
    earlier: UUID
    same: bool


class ParagraphsOut(BaseModel):
    """The paragraphs of a directive with their tasks and proposals, and how many are settled."""

    asking: int
    settled: int
    open: int
    paragraphs: list[dict[str, Any]]


class MadeOut(BaseModel):
    """The tasks made or standing, by code."""

    tasks: list[dict[str, str]]


@router.get(
    "/directives/{key}/paragraphs",
    response={200: ParagraphsOut, **READ_PROBLEMS},
    summary=N_("Các đoạn của một văn bản và nhiệm vụ được đề xuất"),
    description=N_("Mỗi đoạn kèm nhiệm vụ đã có, đề xuất chưa nhận và lý do không giao nếu có."),
)
def list_paragraphs(request: HttpRequest, key: str) -> dict[str, Any]:
    """The paragraphs in their order."""
    no_parameters(request)
    viewer = caller_of(request).viewer
    return _paragraphs(_directive(key, viewer), viewer)


@router.post(
    "/directives/{key}/text",
    response={200: ParagraphsOut, **WRITE_PROBLEMS},
    summary=N_("Nạp nội dung một văn bản"),
    description=N_("Nội dung được giữ nguyên thành tài liệu và tách thành các đoạn; If-Match là phiên bản của văn bản."),
)
def add_text(request: HttpRequest, key: str, sent: TextIn, if_match: IfMatch = "") -> dict[str, Any]:
    """The paragraphs of the text."""
    caller = writer_of(request)
    no_parameters(request)
    directive = _directive(key, caller.viewer)
    data = text("text", sent.text).encode()
    take_text(act=act_of(request), directive=directive, data=data, name="van-ban.txt", version=version_of(if_match))
    return _paragraphs(_directive(key, caller.viewer), caller.viewer)


@router.post(
    "/directives/{key}/paragraphs/{paragraph}",
    response={200: MadeOut, **WRITE_PROBLEMS},
    summary=N_("Nhận nhiệm vụ của một đoạn, hoặc ghi lý do không giao"),
    description=N_("Nhiệm vụ có cùng key chỉ được tạo một lần. Ghi lý do cần If-Match là phiên bản của đoạn."),
)
def settle(
    request: HttpRequest, key: str, paragraph: UUID, sent: TasksIn, if_match: IfMatch = "", idempotency_key: IdempotencyKey = ""
) -> dict[str, Any]:
    """The tasks of the paragraph."""
    caller = writer_of(request)
    no_parameters(request)

    def do() -> dict[str, Any]:
        directive, row = _row(key, paragraph, caller.viewer)
        proposed = proposals_of(directive, caller.viewer).get(row.pk, [])
        if sent.tasks:
            given = {each.key: {**each.model_dump(), "coordinating": "; ".join(each.coordinating)} for each in sent.tasks}
            asks = understood(given, caller.viewer, exercise=directive.exercise, proposed=proposed)
            return {"tasks": [_task(task) for task in confirm(act=act_of(request), paragraph=row, asks=asks)]}
        leave_out(
            act=act_of(request), paragraph=row, reason=sent.no_task, note=text("note", sent.note), version=version_of(if_match)
        )
        return {"tasks": []}

    return _once(request, caller, idempotency_key, {**sent.model_dump(), "paragraph": str(paragraph)}, do)


@router.delete(
    "/directives/{key}/paragraphs/{paragraph}/tasks",
    response={200: dict[str, int], **WRITE_PROBLEMS},
    summary=N_("Hoàn tác nhiệm vụ và lý do của một đoạn"),
    description=N_("Chỉ khi chưa ai sửa hoặc thực hiện các nhiệm vụ đó."),
)
def undo(request: HttpRequest, key: str, paragraph: UUID) -> dict[str, int]:
    """How many tasks went."""
    caller = writer_of(request)
    no_parameters(request)
    _directive_found, row = _row(key, paragraph, caller.viewer)
    return {"taken_back": take_back(act=act_of(request), paragraph=row)}


@router.post(
    "/directives/{key}/tasks",
    response={200: MadeOut, **WRITE_PROBLEMS},
    summary=N_("Nhận mọi đề xuất đủ chắc chắn của một văn bản"),
    description=N_("confidence từ 0 đến 1; chỉ những đoạn chưa có nhiệm vụ hay lý do, và đề xuất có cơ quan chủ trì trong sổ."),
)
def settle_all(request: HttpRequest, key: str, confidence: Annotated[float, Query(ge=0, le=1)] = 0.8) -> dict[str, Any]:
    """The tasks made."""
    caller = writer_of(request)
    no_parameters(request, ("confidence",))
    made = confirm_above(act=act_of(request), directive=_directive(key, caller.viewer), confidence=confidence)
    return {"tasks": [_task(task) for task in made]}


@router.post(
    "/tasks/{key}/repeated",
    response={200: dict[str, Any], **WRITE_PROBLEMS},
    summary=N_("Xác nhận một nhiệm vụ là yêu cầu được nhắc lại"),
    description=N_("earlier là id của nhiệm vụ trước đó; same cho biết có đúng là nhắc lại không."),
)
def repeat(request: HttpRequest, key: str, sent: RepeatedIn) -> dict[str, Any]:
    """What was said."""
    caller = writer_of(request)
    no_parameters(request)
    book = register_named("tasks")
    caller.viewer.require(book.permission, subject=book.name)
    later: Task = find_record(book, text("key", key), caller.viewer)
    earlier: Task = find_record(book, str(sent.earlier), caller.viewer)
    beside = next((each for each in repeated_of(later, caller.viewer) if each.earlier.pk == earlier.pk), None)
    if beside is None:
        raise NotFound(N_("Không tìm thấy yêu cầu này."), subject=str(earlier))
    judge_repeated(act=act_of(request), later=later, earlier=earlier, same=sent.same, likeness=beside.likeness)
    return {"later": str(later.pk), "earlier": str(earlier.pk), "same": sent.same}


def _paragraphs(directive: Directive, viewer: Viewer) -> dict[str, Any]:
    rows = list(rows_of(PARAGRAPHS, directive, viewer))
    tasks, proposed = tasks_from([row.pk for row in rows], viewer), proposals_of(directive, viewer, rows)
    coverage = coverage_of(directive, viewer)
    listed = []
    for row in rows:
        made = tasks.get(row.pk, [])
        keys = {task.origin_key for task in made}
        listed.append(
            {
                "id": str(row.pk),
                "version": row.version,
                "number": row.number,
                "text": row.text,
                "standing": standing_of(row, made),
                "no_task": row.no_task or None,
                "note": row.no_task_note or None,
                "tasks": [_task(task) for task in made],
                "proposals": [_proposal(each) for each in proposed.get(row.pk, ()) if each.key not in keys],
            }
        )
    return {"asking": coverage.asking, "settled": coverage.settled, "open": coverage.open, "paragraphs": listed}


def _proposal(proposed: Proposed) -> dict[str, Any]:
    said = proposed.said
    return {
        "key": proposed.key,
        **as_typed(proposed),
        "coordinating": [body.name_vi for body in proposed.coordinating],
        "due": said.due,
        "as_written": {"lead": said.lead, "coordinating": list(said.coordinating), "due": said.due_words},
        "inferred": list(said.inferred),
        "confidence": round(said.confidence, 3),
    }


def _task(task: Task) -> dict[str, str]:
    return {"id": str(task.pk), "code": task.code, "key": task.origin_key, "text": task.text_vi, "work_state": task.work_state}


def _directive(key: str, viewer: Viewer) -> Directive:
    book = register_named("directives")
    viewer.require(book.permission, subject=book.name)
    found: Directive = find_record(book, text("key", key), viewer)
    return found


def _row(key: str, paragraph: UUID, viewer: Viewer) -> tuple[Directive, Paragraph]:
    directive = _directive(key, viewer)
    row: Paragraph = find_line(PARAGRAPHS, directive, paragraph, viewer)
    return directive, row


def _once(
    request: HttpRequest, caller: Caller, key: str, sent: dict[str, Any], do: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """The deed, done once for a caller's key where one was sent."""
    if not key:
        return do()
    asked = json.dumps([request.method, request.path, sent], sort_keys=True, default=str)
    fingerprint = hashlib.sha256(asked.encode()).hexdigest()
    return once(user=caller.user, key=text("Idempotency-Key", key), fingerprint=fingerprint, at=now(), deed=do)
