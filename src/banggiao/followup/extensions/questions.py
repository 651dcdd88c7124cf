"""Which due dates were asked to move, by whom, how late, and which of them wait for the viewer to approve?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.ledger import LedgerEntry
from banggiao.core.questions import Bi, Column, Parameter, Ref
from banggiao.core.registers import Face, Field, Filter, Order, Register, declare
from banggiao.followup.models import DueDateMove
from banggiao.followup.questions import subject_refs
from banggiao.followup.states import DUE_MOVE

#: An extension asked when no more days were left is counted apart (rule `extensions_asked_late`).
LATE_DAYS = 5


def waiting_moves(viewer: Viewer) -> list[DueDateMove]:
    """The requests that the viewer may decide on, the oldest first: of duties led by others, and not asked by themselves."""
    if not viewer.may("followup.approve_due_date"):
        return []
    asked = list(DueDateMove.objects.visible_to(viewer).filter(state="requested").order_by("pk"))
    own = askers_of([move.pk for move in asked])
    leads: dict[UUID, UUID | None] = {}
    for kind in {move.subject_type for move in asked}:
        ids = [move.subject_id for move in asked if move.subject_type == kind]
        rows: Any = apps.get_model(kind)._default_manager
        leads |= dict(rows.visible_to(viewer).filter(pk__in=ids).values_list("pk", "lead_id"))
    return [
        move
        for move in asked
        if move.subject_id in leads
        and leads[move.subject_id] not in viewer.institutions
        and (viewer.id is None or own.get(move.pk, (None, ""))[0] != viewer.id)
    ]


def askers_of(ids: Sequence[UUID]) -> dict[UUID, tuple[UUID | None, str]]:
    """Request -> (id, name) of who asked."""
    rows = LedgerEntry.objects.filter(record_id__in=list(ids), sequence=1)
    return {pk: (actor, name) for pk, actor, name in rows.values_list("record_id", "actor_id", "actor_label")}


def _askers(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    return {pk: name for pk, (_actor, name) in askers_of(ids).items()}


def _subjects(ids: Sequence[UUID]) -> Mapping[UUID, Ref]:
    return subject_refs(DueDateMove, ids)


def _late(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    late = rows.filter(days_left__lte=LATE_DAYS)
    return late if value == "yes" else rows.exclude(pk__in=late.values("pk"))


DUE_MOVES = declare(
    Register(
        name="due_date_moves",
        model=DueDateMove,
        title=Bi("Đề nghị chuyển hạn", "Requests to move due dates"),
        one=Bi("Đề nghị chuyển hạn", "Request to move a due date"),
        fields=(
            Field(Column("subject", N_("Thuộc hồ sơ"), "record"), lookup=_subjects),
            Field(Column("due_from", N_("Hạn đang có"), "date"), ("due_from",)),
            Field(Column("due_to", N_("Hạn đề nghị"), "date"), ("due_to",)),
            Field(Column("reason", N_("Lý do")), ("reason",)),
            Field(Column("asked_by", N_("Người đề nghị")), lookup=_askers),
            Field(Column("days_left", N_("Số ngày còn lại khi đề nghị"), "number"), ("days_left",)),
            Field(Column("state", N_("Tình trạng"), "code", "due_move_state"), ("state",)),
        ),
        page_fields=(Field(Column("decided_by", N_("Người quyết định")), ("decided_by",)),),
        orders=(Order("recent", N_("Mới nhất"), ("recorded_at",), descending=True),),
        filters=(
            Filter(Parameter("state", N_("Tình trạng"), "code", "due_move_state"), "state"),
            Filter(Parameter("asked_late", N_("Đề nghị trong 5 ngày cuối"), "code", "yes_no"), narrow=_late),
            Filter(Parameter("subject", N_("Thuộc hồ sơ"), "id"), "subject_id"),
        ),
        machines=(DUE_MOVE,),
        faces=(Face("board", machine=DUE_MOVE),),
        title_paths=("title_vi", ""),
        code_path="",
    )
)
