"""What was done to a record, by whom, when and why, told from its ledger."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey
from django.utils.translation import gettext as _

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, BangGiaoError
from banggiao.core.ledger import LedgerEntry, entries_of, verify
from banggiao.core.registers import Register, find_record, register_named, register_of
from banggiao.web.asking import language
from banggiao.web.field_words import DERIVED, columns_by_field, field_label, vocabulary_of
from banggiao.web.parts import Change, HistoryEntry, Section, Value
from banggiao.web.words import is_id, plain_value, say

SHOWN = 25
#: What each action of the ledger is called; steps are called as their table says.
ACTIONS = {
    "create": N_("Tạo bản ghi"),
    "revise": N_("Sửa"),
    "retract": N_("Rút khỏi sổ"),
    "restore": N_("Đưa lại vào sổ"),
    "load": N_("Nạp từ bộ dữ liệu"),
    "propose": N_("Máy đề xuất"),
    "fill from fact": N_("Bổ sung từ thông tin đã duyệt"),
    "move due date": N_("Chuyển hạn"),
    "undo": N_("Hoàn tác"),
    "enter signature": N_("Nhập số, ngày, người ký"),
    "cite": N_("Ghi trích dẫn"),
}


def history(register: Register, record: Any, viewer: Viewer) -> list[Section]:
    """The latest entries of the record's ledger, and whether the chain is whole; who wrote what is no business of enterprises."""
    if not viewer.may("reports.view"):
        return []
    entries = list(entries_of(record.pk).order_by("-sequence")[: SHOWN + 1])
    broken = any(verify(record.pk))
    note = (
        _("Chuỗi nhật ký KHÔNG khớp: có mục bị sửa hoặc mất. Hãy báo quản trị viên.")
        if broken
        else _("Đã kiểm tra chuỗi nhật ký của bản ghi: nguyên vẹn.")
    )
    if len(entries) > SHOWN:
        note = _("Chỉ hiện %(n)d mục mới nhất.") % {"n": SHOWN} + " " + note
    told = [_entry(register, entry, viewer) for entry in entries[:SHOWN]]
    return [Section(id="history", title=_("Lịch sử"), history=told, note=note)]


def _entry(register: Register, entry: LedgerEntry, viewer: Viewer) -> HistoryEntry:
    steps = {step.action: step.label for machine in register.machines for step in machine.steps}
    name = ACTIONS.get(entry.action) or steps.get(entry.action)
    return HistoryEntry(
        at=entry.recorded_at,
        actor=entry.actor_label,
        action=say(name) if name else entry.action,
        reason=entry.reason,
        changes=[
            Change(
                label=field_label(register, field),
                old=shown_value(register, field, old, viewer),
                new=shown_value(register, field, new, viewer),
            )
            for field, (old, new) in entry.changes.items()
            if field not in DERIVED and not (old is None and new in ("", None, False, []))
        ],
    )


def shown_value(register: Register, field: str, value: Any, viewer: Viewer) -> Value:
    """A value of the ledger as the reader knows it: codes by name, records by title, dates as written."""
    if value is None or value == "" or value == []:
        return None
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
    return pk
