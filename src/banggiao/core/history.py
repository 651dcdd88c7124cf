"""What a register looked like at a moment in the past, as it was known then.

Records untouched since are read as they stand; the others are rebuilt from their ledger entries, including those retracted since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q

from banggiao.core.acts import Viewer
from banggiao.core.ledger import states_at
from banggiao.core.record import Record
from banggiao.core.records import defaults_of, read_links
from banggiao.core.visibility import Involvement, visible

R = TypeVar("R", bound=Record)


def as_known(model: type[R], viewer: Viewer, at: datetime, *, where: Q, holds: Callable[[R], bool]) -> list[R]:
    """The records that fit and that the viewer may know of, as known at that moment, in order of id.

    `where` and `holds` say the same thing, to the database and of a rebuilt record. Rights are those the viewer has now.
    """
    current = list(visible(model.objects.filter(where, recorded_at__lte=at), viewer))
    later = list(model.objects.filter(recorded_at__gt=at).values_list("pk", flat=True))
    rebuilt = [restored(model, pk, state, at) for pk, state in states_at(model.record_type(), at, later).items()]
    allowed = _allowed([r for r in rebuilt if not r.retracted and r.classification in viewer.cleared_levels()], viewer)
    return sorted([*current, *(r for r in allowed if holds(r))], key=lambda r: r.pk)


def restored(model: type[R], pk: UUID, state: Mapping[str, Any], at: datetime) -> R:
    """A record in a past state, not to be saved; its links of then stand in `_links_then`."""
    values = {**defaults_of(model), **{n: v for n, v in state.items() if n not in model.links}}
    fields = {f.attname: f for f in model._meta.concrete_fields}
    typed = {n: fields[n].to_python(v) for n, v in values.items() if n in fields}
    record = model(id=pk, recorded_at=at, **typed)
    record._links_then = {n: state.get(n) or [] for n in model.links}  # type: ignore[attr-defined]
    return record


def links_then(record: Record, name: str) -> list[Any]:
    """A record's link rows as known then (see `as_known`), as the ledger keeps them."""
    then: Mapping[str, list[Any]] | None = getattr(record, "_links_then", None)
    return list(then[name]) if then is not None else read_links(record.links[name], record.pk)


def _allowed(records: Sequence[R], viewer: Viewer) -> list[R]:
    if viewer.sees_all:
        return list(records)
    involved = set(
        Involvement.objects.filter(institution_id__in=viewer.institutions, record_id__in=[r.pk for r in records]).values_list(
            "record_id", flat=True
        )
    )
    return [r for r in records if r.classification == "public" or r.owner in viewer.institutions or r.pk in involved]
