"""What a register looked like at a moment in the past, as it was known then.

Records untouched since are read as they stand; the others are rebuilt from the ledger, including those retracted since. A viewer
gets what they might have known then and may know now: a record opened to them later does not enter a report of before, and one
closed to them since leaves it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from banggiao.core.acts import Viewer
from banggiao.core.ledger import LedgerEntry, states_at, values_before
from banggiao.core.record import Record, RecordQuerySet
from banggiao.core.records import defaults_of, links_of_all, read_links
from banggiao.core.visibility import Involvement, knowable, visible

R = TypeVar("R", bound=Record)
#: Of so many ids the rows are looked up one lot after the other; of more the table is read once.
_A_FEW = 10_000
#: An entry that is only sifted by the database costs so many times less than one that is read.
_SIFTED = 3
#: So many records show which fields decide whether one is wanted; if another shows more, it is begun again.
_TRIED = 100


def as_known(
    model: type[R],
    viewer: Viewer,
    at: datetime,
    *,
    where: Q,
    holds: Callable[[R], bool],
    within: tuple[str, Collection[UUID]] | None = None,
) -> list[R]:
    """The records that fit and that the viewer might know of then and may know of now, as known at that moment, by id.

    `where` and `holds` say the same thing, to the database and of a rebuilt record. `within` names a column and the ids it may
    hold, for what is said about a few of very many records. Roles and clearance are those of now.
    """
    standing = visible(model.objects.filter(where, recorded_at__lte=at), viewer, record_id=model.visible_by)
    untouched: list[R] = []
    if within is None or len(within[1]) > _A_FEW:
        untouched = list(standing)
    else:
        ids = sorted(within[1])
        for start in range(0, len(ids), 500):  # SQLite takes a limited number of values in one query
            untouched += standing.filter(**{f"{within[0]}__in": ids[start : start + 500]})

    def among(record: R) -> bool:
        return within is None or getattr(record, within[0]) in within[1]

    untouched = list(filter(among, untouched))
    cleared = viewer.cleared_levels()
    changed = _changed(model, at, lambda r: not r.retracted and r.classification in cleared and among(r) and holds(r))
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
    past = _Past(pk, defaults_of(model) | dict(state), {}, _fields(model))
    return _built(model, past, {name: state.get(name) or [] for name in model.links}, at)


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


class _Unread(Exception):
    """A field was asked for that has not been read."""


class _Past:
    """What a record was, read field by field: of a hundred thousand few are wanted, and making all of them takes the time.

    `asked` remembers which fields anybody looked at.
    """

    __slots__ = ("_asked", "_current", "_fields", "_state", "pk")

    def __init__(
        self,
        pk: UUID,
        state: Mapping[str, Any],
        current: Mapping[str, Any],
        fields: Mapping[str, Any],
        asked: set[str] | None = None,
    ) -> None:
        self.pk, self._state, self._current, self._fields, self._asked = pk, state, current, fields, asked

    def __getattr__(self, name: str) -> Any:
        if self._asked is not None and name in self._fields:
            self._asked.add(name)
        if name in self._state and name in self._fields:
            return self._fields[name].to_python(self._state[name])
        try:
            return self._current[name]
        except KeyError:
            if self._asked is not None and name in self._fields:
                raise _Unread(name) from None
            raise AttributeError(name) from None

    def values(self) -> dict[str, Any]:
        """Every field that has a value."""
        return {name: getattr(self, name) for name in self._fields if name in self._state or name in self._current}


def _changed(model: type[R], at: datetime, wanted: Callable[[Any], bool]) -> list[R]:
    """The records written after the moment that existed then and were wanted, as they were, whoever may know of them.

    The shorter way is taken: forward through what was written until then, or back through what was written since. On the way back
    only those that were wanted are read whole: the database sifts the entries for the fields by which that is decided.
    """
    kind, fields = model.record_type(), _fields(model)
    written = LedgerEntry.objects.filter(record_type=kind)
    since = written.filter(recorded_at__gt=at).count()
    if not since:
        return []
    later = model.objects.filter(recorded_at__gt=at)
    if since > _SIFTED * written.filter(recorded_at__lte=at).count():
        implied = defaults_of(model)
        states = states_at(kind, at, later.values_list("pk", flat=True))
        pasts = [_Past(pk, implied | state, {}, fields) for pk, state in states.items()]
        return [_built(model, p, {n: p._state.get(n) or [] for n in model.links}, at) for p in pasts if wanted(p)]
    ids = _sifted(model, at, later, fields, wanted)
    few = len(ids) * _SIFTED < later.count()
    before = values_before(kind, at, ids=ids if few else None)
    kept = set(ids)
    starts = range(0, len(ids), 500)
    lots = [later.filter(pk__in=ids[start : start + 500]) for start in starts] if few else [later]
    found = [
        _Past(row["pk"], old, row, fields)
        for lot in lots
        for row in lot.values("pk", *fields).iterator(chunk_size=2000)
        if row["pk"] in kept and (old := before.get(row["pk"])) is not None
    ]
    standing = {name: links_of_all(link, {p.pk for p in found}) for name, link in model.links.items()}
    links = [{n: (p._state[n] or []) if n in p._state else of.get(p.pk, []) for n, of in standing.items()} for p in found]
    return [_built(model, past, its, at) for past, its in zip(found, links, strict=True)]


def _sifted(
    model: type[R], at: datetime, later: RecordQuerySet, fields: Mapping[str, Any], wanted: Callable[[Any], bool]
) -> list[UUID]:
    """The ids of those that existed then and were wanted. Which fields decide that is found by looking what is looked at."""
    asked: set[str] = set()
    for row in later.values("pk", *fields)[:_TRIED]:
        wanted(_Past(row["pk"], {}, row, fields, asked))
    while True:
        names = sorted(asked)
        before = values_before(model.record_type(), at, names=names)
        found: list[UUID] = []
        try:
            for row in later.values("pk", *names).iterator(chunk_size=2000):
                old = before.get(row["pk"], {})
                if old is not None and wanted(_Past(row["pk"], old, row, fields, asked)):
                    found.append(row["pk"])
        except _Unread:
            continue  # another record was looked at in another way: once more, with that field too
        if len(asked) == len(names):
            return found


def _fields(model: type[Record]) -> dict[str, Any]:
    tracked = set(model.tracked_fields())
    return {f.attname: f for f in model._meta.concrete_fields if f.attname in tracked}


def _built(model: type[R], past: _Past, links: Mapping[str, list[Any]], at: datetime) -> R:
    record = model(id=past.pk, recorded_at=at, **past.values())
    record._links_then = links  # type: ignore[attr-defined]
    return record


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
