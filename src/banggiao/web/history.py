"""What was done to a record, by whom, when and why, told from its ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey
from django.utils.translation import gettext as _

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, BangGiaoError
from banggiao.core.ledger import LedgerEntry, verify
from banggiao.core.lines import lines_of, written_of
from banggiao.core.record import Record
from banggiao.core.registers import Register, find_record, register_named, register_of
from banggiao.reports.actions import may_undo
from banggiao.web.addresses import undo_url
from banggiao.web.asking import language
from banggiao.web.field_words import DERIVED, columns_by_field, field_label, vocabulary_of
from banggiao.web.parts import Action, Change, HistoryEntry, Section, Value
from banggiao.web.words import is_id, plain_value, say

SHOWN = 25
#: What a line takes over from its record.
_OF_THE_RECORD = frozenset({"classification", "owner", "exercise", "retracted", "activity_id", "agreement_id", "directive_id"})
#: What each action of the ledger is called; steps are called as their table says.
ACTIONS = {
    "create": N_("Tạo bản ghi"),
    "ask": N_("Gửi phiếu tới cơ quan được hỏi"),
    "revise": N_("Sửa"),
    "retract": N_("Rút khỏi sổ"),
    "restore": N_("Đưa lại vào sổ"),
    "load": N_("Nạp từ bộ dữ liệu"),
    "propose": N_("Máy đề xuất"),
    "fill from fact": N_("Bổ sung từ thông tin đã duyệt"),
    "move due date": N_("Chuyển hạn"),
    "join text": N_("Gắn văn bản và tách thành các đoạn"),
    "leave out": N_("Ghi lý do không có nhiệm vụ"),
    "undo": N_("Hoàn tác"),
    "enter signature": N_("Nhập số, ngày, người ký"),
    "cite": N_("Ghi trích dẫn"),
}


def history(register: Register, record: Any, viewer: Viewer) -> list[Section]:
    """The latest entries of the record's ledger, and whether the chain is whole; who wrote what is no business of enterprises."""
    if not viewer.may("reports.view"):
        return []
    books = {record.pk: register}
    for lines in lines_of(record.record_type()):
        books |= dict.fromkeys(written_of(lines, record, viewer).values_list("pk", flat=True), lines.book)
    written = LedgerEntry.objects.filter(record_id__in=list(books))
    entries = list(written.order_by("-recorded_at", "-sequence", "-pk")[: SHOWN + 1])
    broken = any(verify(record.pk))
    note = (
        _("Chuỗi nhật ký KHÔNG khớp: có mục bị sửa hoặc mất. Hãy báo quản trị viên.")
        if broken
        else _("Đã kiểm tra chuỗi nhật ký của bản ghi: nguyên vẹn.")
    )
    if len(entries) > SHOWN:
        note = _("Chỉ hiện %(n)d mục mới nhất.") % {"n": SHOWN} + " " + note
    told = [_entry(books[entry.record_id], entry, viewer, of_line=entry.record_id != record.pk) for entry in entries[:SHOWN]]
    last = next((n for n, entry in enumerate(entries[:SHOWN]) if entry.record_id == record.pk), None)
    if last is not None and may_undo(register, record, viewer):
        told[last] = replace(told[last], undo=_undoing(register, record))
    return [Section(id="history", title=_("Lịch sử"), history=told, note=note)]


def _undoing(register: Register, record: Any) -> Action:
    fields = (("version", str(record.version)),)
    return Action(label=_("Hoàn tác"), url=undo_url(register, record), method="post", fields=fields)


def _entry(register: Register, entry: LedgerEntry, viewer: Viewer, *, of_line: bool = False) -> HistoryEntry:
    steps = {step.action: step.label for machine in register.machines for step in machine.steps}
    name = ACTIONS.get(entry.action) or steps.get(entry.action)
    return HistoryEntry(
        at=entry.recorded_at,
        actor=entry.actor_label,
        action=_line_action(register, entry, viewer) if of_line else say(name) if name else entry.action,
        reason=entry.reason,
        changes=[
            Change(
                label=field_label(register, field),
                old=shown_value(register, field, old, viewer),
                new=shown_value(register, field, new, viewer),
            )
            for field, (old, new) in entry.changes.items()
            if field not in DERIVED
            and not (old is None and new in ("", None, False, []))
            and not (of_line and (field in _OF_THE_RECORD or entry.sequence == 1))
        ],
    )


def _line_action(book: Register, entry: LedgerEntry, viewer: Viewer) -> str:
    """What was done to a line, and to which where its first entry names it; what it says stands in its section."""
    words = {"create": N_("thêm dòng"), "load": N_("thêm dòng"), "retract": N_("gỡ dòng"), "restore": N_("đưa lại dòng")}
    changed = N_("sửa dòng")
    done = f"{book.one.get(language())}: {say(words.get(entry.action, changed))}"
    title = book.title_paths[0]
    named = shown_value(book, title, entry.changes[title][1], viewer) if title in entry.changes else None
    return f"{done} – {named}" if named and entry.sequence == 1 else done


def shown_value(register: Register, field: str, value: Any, viewer: Viewer) -> Value:
    """A value of the ledger as the reader knows it: codes by name, records by title, dates as written."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, dict):  # a row of a form: its cells, without the names that programs use
        filled = [item for item in value.values() if item not in ("", None, False)]
        return ", ".join(str(shown_value(register, field, item, viewer)) for item in filled)
    if isinstance(value, list):
        return "; ".join(str(shown_value(register, field, item, viewer)) for item in value)
    if isinstance(value, bool | int | float):
        return value
    text = str(value)
    if is_id(text):
        return _title(register, field, text, viewer)
    if terms := vocabulary_of(register, field):
        return plain_value(text, "text", terms)
    columns = columns_by_field(register)
    kind = columns[field][1].type if field in columns else "date" if field.endswith(("_on", "_due")) else "text"
    return plain_value(text, kind if kind in ("date", "period") else "text")


def _title(register: Register, field: str, pk: str, viewer: Viewer) -> str:
    """The title of the record a field leads to; what the viewer may not know of stays unnamed."""
    model = register.model
    target: Any = None
    if field in model.links:
        link = model.links[field]
        target = apps.get_model(link.through)._meta.get_field(link.far).related_model
    elif field == "owner":
        target = register_named("institutions").model
    else:
        found = next((f for f in model._meta.concrete_fields if f.attname == field), None)
        target = found.related_model if isinstance(found, ForeignKey) else None
    leads_to = register_of(target._meta.label_lower) if target is not None else None
    if leads_to is not None:
        try:
            return leads_to.title_of(find_record(leads_to, str(UUID(pk)), viewer)).get(language())
        except BangGiaoError:
            return _("(bản ghi ngoài quyền xem)")
    if target is not None and issubclass(target, Record):  # a line such as a site, which no register lists
        line = target.objects.visible_to(viewer).filter(pk=UUID(pk)).first()
        return str(line) if line is not None else _("(bản ghi ngoài quyền xem)")
    return pk
