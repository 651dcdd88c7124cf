"""What was counted is kept while nobody writes: totals and tables of many rows, each under the very query that gave it.

The key is the text of the query with its values, and where the ledger ends. So the filter of visibility is part of the key, a
viewer with other rights asks another query and never meets a kept answer of somebody else; and any write ends all that was kept
before it. Nothing is kept on disk.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from banggiao.core.ledger import LedgerEntry

T = TypeVar("T")
#: The cache of `CACHES` that holds what is kept.
CACHE = "kept"
#: So many of the last entries tell one state of the ledger from another. More than one, because of two writers at the same time
#: the one whose entry was made first may end last.
LAST = 16
#: A writer who takes so long that more than `LAST` entries overtake it, and work that leaves no entry (a search index built
#: anew), is seen after so many seconds at the latest.
SECONDS = 60
_MISSING = object()
# Several readers who miss the same wait for the first of them instead of all counting the same.
_LOCKS = tuple(threading.Lock() for _n in range(64))
_WAIT = 20.0


def kept(name: str, rows: QuerySet[Any], make: Callable[[QuerySet[Any]], T], *also: Any) -> T:
    """`make(rows)`, or what it gave when the same rows were asked last, nothing having been written since.

    `name` tells apart what is made of the same rows, `also` names whatever else the answer depends on. What `make` gives must be
    plain values that nobody changes. Within a transaction nothing is kept: what it writes is not everybody's yet.
    """
    if connection.in_atomic_block:
        return make(rows)
    end = _end_of_ledger()
    if not end:
        return make(rows)
    try:
        asked = rows.query.sql_with_params()
    except EmptyResultSet:
        return make(rows)
    key = hashlib.sha256(repr((name, asked, also, end)).encode()).hexdigest()
    cache = caches[CACHE]
    found = cache.get(key, _MISSING)
    if found is not _MISSING:
        return cast(T, found)
    lock = _LOCKS[int(key[:2], 16) % len(_LOCKS)]
    mine = lock.acquire(timeout=_WAIT)
    try:
        found = cache.get(key, _MISSING)
        if found is _MISSING:
            found = make(rows)
            cache.set(key, found, SECONDS)
    finally:
        if mine:
            lock.release()
    return cast(T, found)


def count(rows: QuerySet[Any]) -> int:
    """How many rows there are."""
    return kept("count", rows.order_by(), lambda them: them.count())


def exists(rows: QuerySet[Any]) -> bool:
    """Whether there are any."""
    return kept("exists", rows.order_by(), lambda them: them.exists())


def listed(rows: QuerySet[Any]) -> list[Any]:
    """The rows themselves, as `values` or `values_list` name them: for the few groups that many rows come down to."""
    return kept("listed", rows, list)


def _end_of_ledger() -> tuple[Any, ...]:
    """The ids of the last entries: random in part, so that no two states of any ledger share them."""
    return tuple(LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True)[:LAST])
