"""Who did what, when, to which record, and why: the ledger as a list that anybody reads as far as they may see the records.

Whoever may audit sees every entry; what a record is called, and what stands in a reason, is said only of records they may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.timezone import make_aware
from django.utils.translation import gettext, override

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput
from banggiao.core.ledger import LedgerEntry, verify
from banggiao.core.periods import parse_period
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Row, register_question
from banggiao.core.record import Record
from banggiao.core.registers import register_of, registers
from banggiao.core.vocabulary import vocabulary

#: What is written down beside the records of the registers.
KINDS = {
    "followup.progressupdate": Bi("Cập nhật tiến độ", "Progress update"),
    "followup.evidence": Bi("Minh chứng", "Evidence"),
    "followup.duedatemove": Bi("Đề nghị chuyển hạn", "Move of a due date"),
    "followup.reminder": Bi("Nhắc việc", "Reminder"),
    "activities.review": Bi("Kỳ sơ kết", "Review of a period"),
    "agreements.partystatus": Bi("Bước pháp lý của một bên", "Legal step of a party"),
    "partners.post": Bi("Chức vụ", "Post"),
    "partners.relationlevel": Bi("Mức quan hệ", "Relation level"),
    "partners.printname": Bi("Tên in", "Printed name"),
    "sources.citation": Bi("Trích dẫn", "Citation"),
    "sources.fact": Bi("Thông tin đọc được", "Fact read"),
    "sources.dataset": Bi("Bộ dữ liệu", "Data set"),
    "intelligence.acceptance": Bi("Lần duyệt thông tin", "Acceptance of a fact"),
    "accounts.accesstoken": Bi("Khóa truy cập API", "API access token"),
    "core.export": Bi("Lần xuất dữ liệu", "Export"),
    "core.job": Bi("Công việc nền", "Background job"),
    "core.schedule": Bi("Lịch chạy", "Schedule"),
    "core.calendarexception": Bi("Ngày hoán đổi", "Swapped day"),
    "core.personalvalue": Bi("Thông tin cá nhân", "Personal values"),
}
#: What anybody who may know of the subject may know was done about it.
_ABOUT = ("followup.progressupdate", "followup.evidence", "followup.duedatemove", "sources.citation")
_HIDDEN = Bi("(ngoài quyền xem)", "(beyond your rights)")
_COLUMNS = (
    Column("subject", N_("Bản ghi"), "lead"),
    Column("kind", N_("Loại"), "bilingual"),
    Column("action", N_("Việc đã làm"), "bilingual"),
    Column("actor", N_("Người thực hiện")),
    Column("recorded_at", N_("Lúc"), "datetime"),
    Column("reason", N_("Lý do, nội dung")),
)


def entries_seen(viewer: Viewer) -> QuerySet[LedgerEntry]:
    """The entries that the viewer may know of: all for those who audit, else those of records they see and their own."""
    rows = LedgerEntry.objects.all()
    if viewer.may("audit.view"):
        return rows
    seen = [Q(actor_id=viewer.id)] if viewer.id else []
    for record_type in _types_open_to(viewer):
        known = apps.get_model(record_type).objects.visible_to(viewer)
        seen.append(Q(record_type=record_type, record_id__in=known.values("pk")))
    return rows.filter(reduce(or_, seen)) if seen else rows.none()


def type_choices(viewer: Viewer) -> list[tuple[str, Bi]]:
    """(record type, name) of what the ledger can be narrowed to."""
    named = [(r.record_type, r.one) for r in registers() if viewer.may(r.permission)]
    return named + ([(k, v) for k, v in KINDS.items()] if viewer.may("audit.view") else [(k, KINDS[k]) for k in _ABOUT])


def check_chains(viewer: Viewer, record_ids: Iterable[UUID] | None = None) -> tuple[int, int]:
    """(chains looked at, broken ones) of these records, as far as the viewer sees entries of them; of all for those who audit."""
    viewer.require("reports.view")
    if record_ids is None:
        viewer.require("audit.view")
        return LedgerEntry.objects.values("record_id").distinct().count(), len({p.record_id for p in verify()})
    known = set(entries_seen(viewer).filter(record_id__in=list(record_ids)).values_list("record_id", flat=True))
    return len(known), sum(any(verify(pk)) for pk in known)


def _ledger(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    rows = _narrowed(entries_seen(viewer), params)
    total = rows.count()
    rows = rows.order_by("-recorded_at", "-id")
    if page.cursor:
        moment, pk = _open_cursor(page.cursor)
        rows = rows.filter(Q(recorded_at__lt=moment) | Q(recorded_at=moment, id__lt=pk))
    found = list(rows[: page.size + 1] if page.size else rows)
    more = bool(page.size) and len(found) > page.size
    found = found[: page.size] if more else found
    subjects, names = _subjects(found, viewer), _action_names()
    listed = tuple(_row(entry, subjects, names, viewer) for entry in found)
    cursor = f"{found[-1].recorded_at.isoformat()}|{found[-1].pk}" if more else ""
    used = {n: v for n, v in params.items() if v}
    return Answer("ledger", LEDGER.title, _COLUMNS, listed, total, at, "ledger_entries", next_cursor=cursor, parameters=used)


LEDGER = register_question(
    Question(
        "ledger",
        Bi("Nhật ký", "Ledger"),
        "reports.view",
        (
            Parameter("person", N_("Người thực hiện")),
            Parameter("type", N_("Loại bản ghi"), "record_type"),
            Parameter("period", N_("Kỳ"), "period"),
            Parameter("record", N_("Bản ghi"), "id"),
            Parameter("actor", N_("Tài khoản"), "id"),
        ),
        _COLUMNS,
        _ledger,
    )
)


def _narrowed(rows: QuerySet[LedgerEntry], params: Mapping[str, str]) -> QuerySet[LedgerEntry]:
    if params["person"]:
        rows = rows.filter(actor_label__icontains=params["person"])
    if params["type"]:
        rows = rows.filter(record_type=params["type"])
    if params["period"]:
        period = parse_period(params["period"])
        if not "1000" <= period.start[:4] <= "9000":  # at the edges of the calendar a day has no counterpart in another zone
            raise _not_understood()
        start, end = (make_aware(datetime.fromisoformat(f"{day}-01-01"[:10])) for day in (period.start, period.end))
        rows = rows.filter(recorded_at__gte=start, recorded_at__lt=end)
    for name, column in (("record", "record_id"), ("actor", "actor_id")):
        if params[name]:
            rows = rows.filter(**{column: _id(params[name])})
    return rows


@dataclass(frozen=True, slots=True)
class _Subject:
    """What an entry is about as far as the viewer may know: what it is called, and where its page is."""

    title: Bi
    id: UUID | None
    record_type: str
    exercise: bool


def _row(entry: LedgerEntry, subjects: Mapping[UUID, _Subject], names: Mapping[str, Bi], viewer: Viewer) -> Row:
    register = register_of(entry.record_type)
    kind = register.one if register else KINDS.get(entry.record_type, Bi(entry.record_type))
    subject, a_record = subjects.get(entry.record_id), _model(entry.record_type) is not None
    told = entry.reason if subject or not a_record or entry.actor_id == viewer.id else ""
    if not a_record:
        told = "; ".join(filter(None, (told, _summary(entry.changes))))
    title = subject.title if subject else _HIDDEN if a_record else kind
    cells = (title, kind, names.get(entry.action, Bi(entry.action)), entry.actor_label, entry.recorded_at, told)
    if subject is None or subject.id is None:
        return Row(cells)
    return Row(cells, subject.id, subject.record_type, exercise=subject.exercise)


def _subjects(entries: Sequence[LedgerEntry], viewer: Viewer) -> dict[UUID, _Subject]:
    """What the records are called that the viewer may see; what is said about a record goes by that record's name."""
    found: dict[UUID, _Subject] = {}
    about: dict[UUID, tuple[str, UUID]] = {}
    for record in _visible([(e.record_type, e.record_id) for e in entries], viewer):
        record_type, register = record.record_type(), register_of(record.record_type())
        if register:
            found[record.pk] = _Subject(register.title_of(record), record.pk, record_type, record.exercise)
        elif getattr(record, "subject_type", ""):
            about[record.pk] = (record.subject_type, record.subject_id)
        else:
            leads = record.pk if record_type == "sources.fact" else None
            found[record.pk] = _Subject(KINDS.get(record_type, Bi(record_type)), leads, record_type, record.exercise)
    named = {r.pk: r for r in _visible(list(about.values()), viewer)}
    for pk, (record_type, subject_id) in about.items():
        register, record = register_of(record_type), named.get(subject_id)
        if register and record:
            found[pk] = _Subject(register.title_of(record), subject_id, record_type, record.exercise)
    return found


def _visible(wanted: Sequence[tuple[str, UUID]], viewer: Viewer) -> Iterator[Any]:
    """Those of the records that the viewer may see, a few hundred to a query."""
    groups: dict[str, list[UUID]] = {}
    for record_type, pk in dict.fromkeys(wanted):
        groups.setdefault(record_type, []).append(pk)
    for record_type, ids in groups.items():
        model, register = _model(record_type), register_of(record_type)
        if model is None or (register and not viewer.may(register.permission)):
            continue
        for start in range(0, len(ids), 500):  # SQLite takes a limited number of values in one query
            yield from model.objects.visible_to(viewer).filter(pk__in=ids[start : start + 500])


def _action_names() -> dict[str, Bi]:
    """What each action is called: steps as their tables say, the rest as the closed list does."""
    labels = {step.action: step.label for r in registers() for machine in r.machines for step in machine.steps}
    with override("en"):
        steps = {action: Bi(text, gettext(text)) for action, text in labels.items()}
    return steps | {term.code: Bi(term.label_vi, term.label_en) for term in vocabulary("ledger_action").terms}


def _types_open_to(viewer: Viewer) -> list[str]:
    return [r.record_type for r in registers() if viewer.may(r.permission)] + list(_ABOUT)


def _model(record_type: str) -> Any:
    """The record's model; None for what is written down without being a record."""
    try:
        model = apps.get_model(record_type)
    except LookupError:
        return None
    return model if issubclass(model, Record) else None


def _summary(changes: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {_shown(new if new is not None else old)}" for name, (old, new) in changes.items())[:300]


def _shown(value: Any) -> str:
    return {True: "✓", False: "✗"}[value] if isinstance(value, bool) else str(value)


def _open_cursor(cursor: str) -> tuple[datetime, UUID]:
    moment, _bar, pk = cursor.partition("|")
    try:
        parsed = parse_datetime(moment)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise _not_understood()
    return parsed, _id(pk)


def _id(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise _not_understood() from None


def _not_understood() -> InvalidInput:
    return InvalidInput(N_("Không hiểu giá trị lọc hoặc vị trí trang."), remedy=N_("Hãy mở lại danh sách từ trang đầu."))
