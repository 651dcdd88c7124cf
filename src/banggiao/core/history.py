"""What a register looked like at a moment in the past, as it was known then.

Records untouched since are read as they stand; the others are rebuilt from the ledger, including those retracted since. A viewer
gets what they might have known then and may know now: a record opened to them later does not enter a report of before, and one
closed to them since leaves it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from banggiao.core.acts import Viewer
from banggiao.core.ledger import LedgerEntry, states_at, values_before
from banggiao.core.record import Record
from banggiao.core.records import defaults_of, links_of_all, read_links
from banggiao.core.visibility import Involvement, knowable, visible

R = TypeVar("R", bound=Record)


def as_known(model: type[R], viewer: Viewer, at: datetime, *, where: Q, holds: Callable[[R], bool]) -> list[R]:
    """The records that fit and that the viewer might know of then and may know of now, as known at that moment, by id.

    `where` and `holds` say the same thing, to the database and of a rebuilt record. Roles and clearance are those of now.
    """
    untouched = list(visible(model.objects.filter(where, recorded_at__lte=at), viewer, record_id=model.visible_by))
    changed = [r for r in _changed(model, at) if not r.retracted and r.classification in viewer.cleared_levels() and holds(r)]
    if changed:
        later = knowable(model.objects.filter(recorded_at__gt=at), viewer, record_id=model.visible_by)
        now = set(later.values_list("pk", flat=True))
        changed = [r for r in changed if r.pk in now]
    if not viewer.sees_all:
        # What is said about a record is seen by those involved in it, who may have changed while the words stood still.
        asked = changed if model.visible_by == "pk" else [*untouched, *changed]
        beyond = _beyond(model, asked, viewer, at)
        untouched, changed = ([r for r in rows if r.pk not in beyond] for rows in (untouched, changed))
    return sorted([*untouched, *changed], key=lambda r: r.pk)


def restored(model: type[R], pk: UUID, state: Mapping[str, Any], at: datetime) -> R:
    """A record in a past state, not to be saved; its links of then stand in `_links_then`."""
    return _builder(model, at)(pk, state)


def links_then(record: Record, name: str) -> list[Any]:
    """A record's link rows as known then (see `as_known`), as the ledger keeps them."""
    then: Mapping[str, list[Any]] | None = getattr(record, "_links_then", None)
    return list(then[name]) if then is not None else read_links(record.links[name], record.pk)


def all_links_then(records: Sequence[R], name: str) -> dict[UUID, list[Any]]:
    """The same for many records of one kind, in one query."""
    rebuilt = {r.pk: list(r._links_then[name]) for r in records if hasattr(r, "_links_then")}
    others = [r for r in records if r.pk not in rebuilt]
    read = links_of_all(others[0].links[name], {r.pk for r in others}) if others else {}
    return {r.pk: rebuilt[r.pk] if r.pk in rebuilt else read.get(r.pk, []) for r in records}


def _changed(model: type[R], at: datetime) -> list[R]:
    """Every record written after the moment that existed then, as it was, whoever may know of it.

    The shorter way is taken: forward through what was written until then, or back through what was written since.
    """
    kind = model.record_type()
    written = LedgerEntry.objects.filter(record_type=kind)
    since = written.filter(recorded_at__gt=at).count()
    if not since:
        return []
    build = _builder(model, at)
    if since > written.filter(recorded_at__lte=at).count():
        later = model.objects.filter(recorded_at__gt=at).values_list("pk", flat=True)
        return [build(pk, state) for pk, state in states_at(kind, at, later).items()]
    before = {pk: values for pk, values in values_before(kind, at).items() if values is not None}
    links = {name: links_of_all(link, set(before)) for name, link in model.links.items()}
    rows = model.objects.filter(recorded_at__gt=at).iterator(chunk_size=2000)
    return [
        build(row.pk, row.snapshot() | {name: of.get(row.pk, []) for name, of in links.items()} | before[row.pk])
        for row in rows
        if row.pk in before
    ]


def _builder(model: type[R], at: datetime) -> Callable[[UUID, Mapping[str, Any]], R]:
    defaults = {n: v for n, v in defaults_of(model).items() if n not in model.links}
    fields = {f.attname: f for f in model._meta.concrete_fields}

    def build(pk: UUID, state: Mapping[str, Any]) -> R:
        values = defaults | {n: v for n, v in state.items() if n in fields}
        record = model(id=pk, recorded_at=at, **{n: fields[n].to_python(v) for n, v in values.items() if n in fields})
        record._links_then = {n: state.get(n) or [] for n in model.links}  # type: ignore[attr-defined]
        return record

    return build


def _beyond(model: type[R], records: Sequence[R], viewer: Viewer, at: datetime) -> set[UUID]:
    """Those of the records that the viewer could not know of then: not public, not theirs, not involved in."""
    closed = [r for r in records if r.classification != "public" and r.owner not in viewer.institutions]
    subjects: dict[str, set[UUID]] = {}
    for record in closed:
        subjects.setdefault(_subject_type(record), set()).add(getattr(record, model.visible_by))
    involved: set[UUID] = set()
    for kind, ids in subjects.items():
        involved |= _involved_then(kind, ids, viewer, at)
    return {r.pk for r in closed if getattr(r, model.visible_by) not in involved}


def _subject_type(record: Record) -> str:
    if record.visible_by == "pk":
        return record.record_type()
    field = next(f for f in record._meta.concrete_fields if f.attname == record.visible_by)
    related = field.related_model
    return related._meta.label_lower if related is not None else str(getattr(record, "subject_type"))  # noqa: B009


def _involved_then(kind: str, ids: Iterable[UUID], viewer: Viewer, at: datetime) -> set[UUID]:
    """Those of the records in which an institution of the viewer had a part at that moment."""
    model: type[Record] = apps.get_model(kind)
    if not model.involves:
        return set()
    wanted = set(ids)
    standing = Involvement.objects.filter(institution_id__in=viewer.institutions).values_list("record_id", flat=True)
    then = wanted.intersection(standing)
    since = set(model.objects.filter(recorded_at__gt=at).values_list("pk", flat=True)) & wanted
    mine = {str(pk) for pk in viewer.institutions}
    for pk, state in states_at(kind, at, since).items():
        named = {
            str(one[0] if isinstance(one, list) else one) for name in model.involves.values() for one in _many(state.get(name))
        }
        if named & mine:
            then.add(pk)
        else:
            then.discard(pk)
    return then


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
