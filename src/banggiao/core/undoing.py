"""How somebody takes back their own last change: by a compensating change from the ledger, while nobody has written since.

Nothing is erased: the ledger shows the change and its undoing. A record just made is retracted, unless others rest on it already.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from django.apps import apps
from django.db import models, transaction
from django.db.models import ForeignKey
from django.db.models.fields.reverse_related import ForeignObjectRel

from banggiao.core import records
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, BangGiaoError, NotPermitted, VersionRequired, WrongState
from banggiao.core.ledger import LedgerEntry, entries_of
from banggiao.core.record import Record

R = TypeVar("R", bound=Record)
#: What can be taken back beside the steps that the caller names; other entries stand for more than this one record.
REVERSIBLE = frozenset({"create", "revise", "retract", "restore", "undo"})


def undo(record: R, *, act: Act, version: int | None, steps: Collection[str] = ()) -> R:
    """The record as it stood before the actor's own last change, which made it `version`; `steps` are further actions to undo.

    Raises VersionRequired, StaleEdit when somebody wrote since, NotPermitted for another's change, WrongState for what cannot be
    taken back.
    """
    if version is None:
        raise VersionRequired(
            N_("Thiếu phiên bản của bản ghi cần hoàn tác."), subject=str(record), remedy=N_("Hãy tải lại bản ghi rồi thử lại.")
        )
    with transaction.atomic():
        current = records.lock(type(record), record.pk)
        last = entries_of(record.pk).last()
        if current.version == version:
            _require_reversible(current, last, act.viewer, steps)
        values, links = _before(current, last) if last else ({}, {})
        return records.revise(record, act=act, values=values, links=links, version=version, action="undo")


def can_undo(record: Record, viewer: Viewer, steps: Collection[str] = ()) -> bool:
    """Whether `undo` would take back the record's last change for this viewer."""
    try:
        _require_reversible(record, entries_of(record.pk).last(), viewer, steps)
    except BangGiaoError:
        return False
    return True


def _require_reversible(record: Record, last: LedgerEntry | None, viewer: Viewer, steps: Collection[str]) -> None:
    if last is None or viewer.id is None or last.actor_id != viewer.id:
        raise NotPermitted(
            N_("Chỉ người đã ghi mới hoàn tác được thay đổi của mình."),
            subject=str(record),
            remedy=N_("Hãy sửa bản ghi, hoặc nhờ người đã ghi hoàn tác."),
        )
    if last.action not in REVERSIBLE and last.action not in steps:
        raise WrongState(
            N_("Không hoàn tác được thao tác này."), subject=str(record), remedy=N_("Hãy dùng thao tác ngược lại, nếu có.")
        )
    if last.sequence == 1 and rests_on(record):
        raise WrongState(
            N_("Đã có bản ghi khác gắn với bản ghi này nên không rút lại được."),
            subject=str(record),
            remedy=N_("Hãy gỡ các bản ghi đó trước, hoặc sửa bản ghi này."),
        )


def rests_on(record: Record) -> bool:
    """Whether another record that stands leads to this one, or says something about it."""
    own = {link.through.lower() for link in record.links.values()}
    # Hidden ones too: a duty does not ask its lead institution for a name to be found by.
    for relation in record._meta.get_fields(include_hidden=True):
        if not (isinstance(relation, ForeignObjectRel) and (relation.one_to_many or relation.one_to_one)):
            continue
        model: Any = relation.related_model
        if model._meta.label_lower in own:
            continue
        rows = model._default_manager.filter(**{relation.field.name: record.pk})
        if issubclass(model, Record):
            rows = rows.filter(retracted=False)
        if rows.exists():
            return True
    about = [m for m in apps.get_models() if issubclass(m, Record) and m.visible_by != "pk"]
    return any(m._default_manager.filter(**{m.visible_by: record.pk}, retracted=False).exists() for m in about)


def _before(record: Record, last: LedgerEntry) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Values and links as they stood before the entry."""
    if last.sequence == 1:
        return {"retracted": True}, {}
    fields = {f.attname: f for f in record._meta.concrete_fields}
    values = {name: _value(fields[name], old) for name, (old, _new) in last.changes.items() if name in fields}
    return values, {name: old or [] for name, (old, _new) in last.changes.items() if name in record.links}


def _value(field: models.Field[Any, Any], old: Any) -> Any:
    if isinstance(field, ForeignKey):
        return field.target_field.to_python(old)
    return field.to_python(old)
