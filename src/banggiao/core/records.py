"""How a record is written: create, revise, retract, restore, each with its ledger entry in the same transaction.

Packages' services call these; nothing else writes a Record. Every write checks the installation's secrecy level, validates the
fields, moves the version on, keeps the search entry in step and appends to the record's chain.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction

from banggiao.core.acts import CLASSIFICATIONS, Act
from banggiao.core.errors import N_, FieldDifference, FieldProblem, InvalidInput, NotFound, StaleEdit, VersionRequired
from banggiao.core.folding import check_text, nfc
from banggiao.core.installation import check_level
from banggiao.core.ledger import GENESIS, LedgerEntry, entries_of
from banggiao.core.record import Link, Record, plain, writing
from banggiao.core.search import index_borrowers, index_records, offered
from banggiao.core.visibility import Involvement
from banggiao.core.vocabulary import vocabulary

R = TypeVar("R", bound=Record)
LinkRows = Mapping[str, Sequence[Any]]


def create(model: type[R], *, act: Act, values: Mapping[str, Any], links: LinkRows | None = None, action: str = "create") -> R:
    """A new record with its first ledger entry. Raises InvalidInput, SecrecyRefused."""
    return create_many(model, act=act, rows=[(values, links or {})], action=action)[0]


def create_many(
    model: type[R], *, act: Act, rows: Sequence[tuple[Mapping[str, Any], LinkRows]], action: str = "create"
) -> list[R]:
    """New records of one kind in few queries, each with its own ledger entry; all or none. Raises as `create`."""
    records: list[R] = []
    for values, _links in rows:
        record = model(**{"exercise": act.exercise, **values}, recorded_at=act.at)
        _check(record)
        records.append(record)
    with transaction.atomic(), writing():
        model.objects.bulk_create(records, batch_size=200)
        entries, implied = [], defaults_of(model)
        for record, (_values, links) in zip(records, rows, strict=True):
            state = record.snapshot() | {name: _plain_links(rows) for name, rows in links.items()}
            # Falsy defaults are implied by the model; keeping them would double the ledger for nothing.
            changes = {
                name: [None, value] for name, value in state.items() if not (name in implied and _same(value, implied[name]))
            }
            entries.append(_entry(record, act, action, changes, sequence=1, previous_hash=GENESIS))
        for name, link in model.links.items():
            _insert_links(link, [(record.pk, links.get(name, ())) for record, (_v, links) in zip(records, rows, strict=True)])
        LedgerEntry.objects.bulk_create(entries, batch_size=200)
        _involve([(record, links) for record, (_values, links) in zip(records, rows, strict=True)])
        index_records(model, records)
    return records


def revise(
    record: R,
    *,
    act: Act,
    values: Mapping[str, Any],
    links: LinkRows | None = None,
    secret: Mapping[str, Any] | None = None,
    version: int | None,
    action: str = "revise",
    on_change: Callable[[R], None] | None = None,
) -> R:
    """Change some fields or links of a record that still has the version the editor saw. Nothing changed, nothing written.

    `values` uses attribute names (`partner_id`) or field names; `secret` sets untracked fields, of which the ledger says only
    that they were set. Raises VersionRequired, StaleEdit (with the field difference), NotFound, InvalidInput, SecrecyRefused.
    """
    model = type(record)
    if version is None:
        raise VersionRequired(
            N_("Thiếu phiên bản của bản ghi cần sửa."),
            subject=str(record),
            remedy=N_("Hãy tải lại bản ghi rồi sửa trên phiên bản mới nhất."),
        )
    with transaction.atomic(), writing():
        current = lock(model, record.pk)
        if current.version != version:
            raise _stale(current, version, values, links or {})
        before, words = current.snapshot(), offered(current)
        for name, value in {**values, **(secret or {})}.items():
            setattr(current, name, value)
        _check(current)
        changes = {n: [before[n], v] for n, v in current.snapshot().items() if v != before[n]}
        for name, rows in (links or {}).items():
            link = model.links[name]
            old, new = read_links(link, current.pk), _plain_links(rows)
            if old != new:
                changes[name] = [old or None, new]
                _through(link)._default_manager.filter(**{link.near: current.pk}).delete()
                _insert_links(link, [(current.pk, rows)])
        if not changes and not secret:
            return current
        sequence, previous = entries_of(current.pk).values_list("sequence", "hash").last() or (0, GENESIS)
        # A chain never goes back in time, whatever the clock of this write says.
        current.version, current.recorded_at = version + 1, max(act.at, current.recorded_at)
        current.save(force_update=True)
        entry = _entry(current, act, action, changes, sequence=sequence + 1, previous_hash=previous)
        entry.save(force_insert=True)
        if any(name in changes for name in model.involves.values()):
            Involvement.objects.filter(record_id=current.pk, role__in=list(model.involves)).delete()
            _involve(
                [(current, {n: read_links(model.links[n], current.pk) for n in model.involves.values() if n in model.links})]
            )
        if on_change:
            on_change(current)
        if changes.keys() & {"classification", "owner"}:
            _lead_along(current, act, before)
        now = offered(current)
        if links or on_change or now != words:
            index_records(model, [current])
        if now != words:
            index_borrowers(current)
    record.__dict__.update({f.attname: getattr(current, f.attname) for f in model._meta.concrete_fields})
    record._state.fields_cache.clear()
    return current


def parted(model: type[Record], values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Sequence[Any]]]:
    """(values of fields, rows of links) of what was given for both, by name."""
    fields = {name: value for name, value in values.items() if name not in model.links}
    return fields, {name: value for name, value in values.items() if name in model.links}


def retract(record: R, *, act: Act, version: int | None = None) -> R:
    """Take a record out of every register; its ledger stays and `restore` brings it back."""
    return revise(record, act=act, values={"retracted": True}, version=version or record.version, action="retract")


def restore(record: R, *, act: Act, version: int | None = None) -> R:
    """Bring a retracted record back."""
    return revise(record, act=act, values={"retracted": False}, version=version or record.version, action="restore")


def lock(model: type[R], record_id: UUID) -> R:
    """The record, locked until the transaction ends (SQLite locks the whole file by its immediate transactions)."""
    try:
        found: R = model.objects.select_for_update().get(pk=record_id)
    except model.DoesNotExist:
        raise NotFound(N_("Không tìm thấy bản ghi."), subject=str(record_id)) from None
    return found


def read_links(link: Link, record_id: UUID) -> list[Any]:
    """The link's rows of a record as the ledger keeps them: far ids, or [far id, extra, ...]."""
    columns = (_column(link, link.far), *link.extra)
    rows = _through(link)._default_manager.filter(**{link.near: record_id}).order_by("position").values_list(*columns)
    return [plain(row[0]) if len(row) == 1 else [plain(cell) for cell in row] for row in rows]


def links_of_all(link: Link, record_ids: Collection[UUID]) -> dict[UUID, list[Any]]:
    """The link's rows of many records, as `read_links` gives them for one; records without rows are absent."""
    columns = (_column(link, link.near), _column(link, link.far), *link.extra)
    table = _through(link)._default_manager.order_by("position")
    # A few are named, of many the whole table is read: SQLite takes a limited number of values in one query.
    rows = table.filter(**{f"{link.near}__in": list(record_ids)}) if len(record_ids) <= 500 else table
    found: dict[UUID, list[Any]] = {}
    for near, *cells in rows.values_list(*columns).iterator():
        if near in record_ids:
            found.setdefault(near, []).append(plain(cells[0]) if len(cells) == 1 else [plain(cell) for cell in cells])
    return found


def full_snapshot(record: Record) -> dict[str, Any]:
    """Fields and links of a record as they stand: what a rebuild from the ledger must equal."""
    state = record.snapshot()
    for name, link in record.links.items():
        state[name] = read_links(link, record.pk)
    return state


def defaults_of(model: type[Record]) -> dict[str, Any]:
    """What the ledger leaves out of a first entry: the falsy values a new record has where nothing else is said."""
    state = model().snapshot() | {name: [] for name in model.links}
    return {name: value for name, value in state.items() if not value}


def _lead_along(record: Record, act: Act, before: Mapping[str, Any]) -> None:
    """What is said about a record is never more open than the record, and what was its owner's goes with it."""
    levels = CLASSIFICATIONS.index
    for model in apps.get_models():
        if not issubclass(model, Record) or model.visible_by == "pk":
            continue
        field = next(f for f in model._meta.concrete_fields if f.attname == model.visible_by)
        if field.is_relation and field.related_model is not type(record):
            continue
        for said in model.objects.filter(**{model.visible_by: record.pk}):
            values: dict[str, Any] = {}
            if levels(said.classification) < levels(record.classification):
                values["classification"] = record.classification
            if plain(said.owner) == before["owner"]:
                values["owner"] = record.owner
            revise(said, act=act, values=values, version=said.version, action="follow")


def _same(value: Any, other: Any) -> bool:
    return type(value) is type(other) and bool(value == other)  # 0 is not False


def _check(record: Record) -> None:
    for f in record._meta.concrete_fields:
        value = record.__dict__.get(f.attname)
        try:
            if (clean := _clean_text(value)) is not value:
                setattr(record, f.attname, clean)
        except ValueError:
            raise InvalidInput(
                N_("Trường có ký tự không hợp lệ."),
                subject=type(record)._meta.label_lower,
                remedy=N_("Hãy xóa ký tự đó rồi ghi lại."),
                problems=[FieldProblem(f.attname, N_("Có ký tự không hợp lệ."))],
            ) from None
    problems = [
        FieldProblem(name, N_("Giá trị không có trong danh mục."))
        for name, terms in record.closed.items()
        if (value := getattr(record, name)) not in ("", None) and str(value) not in vocabulary(terms)
    ]
    try:
        record.clean_fields(exclude=[f.name for f in record._meta.concrete_fields if f.is_relation or f.name in record.untracked])
    except ValidationError as error:
        problems += [FieldProblem(field, text) for field, texts in error.message_dict.items() for text in texts]
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            subject=str(record) or record.record_type(),
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=problems,
        )
    check_level(record.classification, subject=str(record))


def _clean_text(value: Any) -> Any:
    """The value with every text in NFC; the same object where nothing changes. ValueError for NUL and lone surrogates."""
    if isinstance(value, str):
        check_text(value)
        return value if unicodedata.is_normalized("NFC", value) else nfc(value)
    if isinstance(value, list | tuple):
        items = [_clean_text(item) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if isinstance(value, dict):
        pairs = {_clean_text(key): _clean_text(item) for key, item in value.items()}
        return value if all(pairs.get(key) is item for key, item in value.items()) else pairs
    return value


def _entry(record: Record, act: Act, action: str, changes: dict[str, Any], *, sequence: int, previous_hash: str) -> LedgerEntry:
    entry = LedgerEntry(
        record_type=record.record_type(),
        record_id=record.pk,
        sequence=sequence,
        action=action,
        recorded_at=record.recorded_at,
        valid_from=act.valid_from,
        actor_id=act.viewer.id,
        actor_label=act.viewer.label,
        reason=act.reason,
        changes=changes,
        previous_hash=previous_hash,
    )
    entry.hash = entry.digest()
    return entry


def _stale(current: Record, version: int, wanted: Mapping[str, Any], links: LinkRows) -> StaleEdit:
    seen: dict[str, Any] = {}
    for entry in entries_of(current.pk).filter(sequence__gt=version):
        for name, (old, _new) in entry.changes.items():
            seen.setdefault(name, old)
    now = full_snapshot(current)
    mine = {(n if n in now else f"{n}_id"): plain(getattr(v, "pk", v)) for n, v in wanted.items()}
    mine |= {n: _plain_links(rows) for n, rows in links.items()}
    differences = [FieldDifference(n, seen.get(n), mine.get(n, seen.get(n)), now.get(n)) for n in seen]
    return StaleEdit(
        N_("Bản ghi đã được người khác sửa sau khi bạn mở."),
        subject=str(current),
        remedy=N_("Hãy xem các trường khác nhau rồi sửa trên phiên bản mới nhất."),
        differences=differences,
        current_version=current.version,
    )


def _involve(written: Sequence[tuple[Record, LinkRows]]) -> None:
    rows = [
        Involvement(record_id=record.pk, institution_id=institution, role=role)
        for record, links in written
        for role, name in record.involves.items()
        for institution in _institutions(record, links, name)
    ]
    if rows:
        Involvement.objects.bulk_create(rows, batch_size=200)


def _institutions(record: Record, links: LinkRows, name: str) -> list[Any]:
    """Whom a role names: one institution by a field, or several by a link."""
    if name not in record.links:
        return [institution] if (institution := getattr(record, name)) else []
    far = [row[0] if isinstance(row, list | tuple) else row for row in links.get(name, ())]
    return list(dict.fromkeys(getattr(one, "pk", one) for one in far))


def _through(link: Link) -> type[models.Model]:
    return apps.get_model(link.through)


def _column(link: Link, name: str) -> str:
    return cast("models.Field[Any, Any]", _through(link)._meta.get_field(name)).attname


def _plain_links(rows: Sequence[Any]) -> list[Any]:
    return [
        [plain(getattr(c, "pk", c)) for c in row] if isinstance(row, list | tuple) else plain(getattr(row, "pk", row))
        for row in rows
    ]


def _insert_links(link: Link, groups: Sequence[tuple[UUID, Sequence[Any]]]) -> None:
    through, near, far = _through(link), _column(link, link.near), _column(link, link.far)
    objects = []
    for record_id, rows in groups:
        for position, row in enumerate(rows):
            cells = list(row) if isinstance(row, list | tuple) else [row]
            extra = dict(zip(link.extra, cells[1:], strict=True))
            objects.append(through(**{near: record_id, far: getattr(cells[0], "pk", cells[0]), "position": position, **extra}))
    if objects:
        through._default_manager.bulk_create(objects, batch_size=200)
