"""Where the words of every record are kept: folded text, one table, the same on both databases. `search_query` finds them.

A package names its searchable records with `@searchable(Model)`; `core.records` keeps the entry in step with every write. What a
record is about (its partner, the country of a post) lends it its names, as they are when the entry is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.apps import apps
from django.db import models

from banggiao.core.acts import CLASSIFICATIONS
from banggiao.core.folding import accented, fold

if TYPE_CHECKING:
    from banggiao.core.record import Record

#: More words than this say nothing more; every word costs the database a condition.
MOST_WORDS = 12


class SearchEntry(models.Model):
    """What can be found of one record. Derived: can be dropped and built again from the registers."""

    record_id = models.UUIDField(unique=True)
    record_type = models.CharField(max_length=64)
    title_vi = models.TextField()
    title_en = models.TextField(blank=True)
    note_vi = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    title_folded = models.TextField()
    body_folded = models.TextField()
    about = models.TextField(blank=True, help_text="ids of the records whose names stand in the body")
    accented = models.TextField()
    weight = models.SmallIntegerField(default=0)
    day = models.CharField(max_length=10, blank=True)
    classification = models.CharField(max_length=16, choices=[(c, c) for c in CLASSIFICATIONS])
    owner = models.UUIDField(null=True)
    exercise = models.BooleanField(default=False)
    retracted = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["record_type"])]

    def __str__(self) -> str:
        return self.title_vi


@dataclass(frozen=True, slots=True)
class Words:
    """What a record offers to search: its titles, a short note to show beside a hit, other names, running text, and a date.

    `about` are the ids of records whose names it is also found by. `weight` puts a kind of record before others of equal match
    (a partner before a document that mentions it).
    """

    title_vi: str
    title_en: str = ""
    note_vi: str = ""
    note_en: str = ""
    names: Sequence[str] = ()
    body: str = ""
    day: str = ""
    weight: int = 0
    about: Sequence[UUID | None] = ()


_builders: dict[str, tuple[Callable[[Any], Words], Sequence[str]]] = {}
_lenders: set[str] = set()


def searchable(
    model: type[models.Model], *, about: Sequence[str] = (), lends: bool = False
) -> Callable[[Callable[[Any], Words]], Callable[[Any], Words]]:
    """Register the function that says what a record of `model` offers to search.

    `about` names links of the model whose records lend it their names too; a model that `lends` its own is looked for in others'
    entries when it changes.
    """
    if lends:
        _lenders.add(model._meta.label_lower)

    def register(builder: Callable[[Any], Words]) -> Callable[[Any], Words]:
        _builders[model._meta.label_lower] = (builder, about)
        return builder

    return register


def offered(record: Any) -> tuple[Any, ...]:
    """What a record's search entry is made of, its links left out: equal before and after a change that search need not know."""
    known = _builders.get(record._meta.label_lower)
    if known is None:
        return ()
    return (known[0](record), record.classification, record.owner, record.exercise, record.retracted)


def index_records(model: type[models.Model], records: Iterable[Any]) -> None:
    """Bring the search entries of these records up to date; records of a kind without a builder have none."""
    if model._meta.label_lower not in _builders:
        return
    builder, links = _builders[model._meta.label_lower]
    built = [(record, builder(record)) for record in records]
    about = {record.pk: [pk for pk in words.about if pk] for record, words in built}
    for name in links:
        link = cast("type[Record]", model).links[name]
        rows = apps.get_model(link.through)._default_manager.filter(**{f"{link.near}__in": list(about)})
        for near, far in rows.values_list(link.near, link.far):
            about[near].append(far)
    wanted = {pk for ids in about.values() for pk in ids}
    lenders = {entry.record_id: entry for entry in SearchEntry.objects.filter(record_id__in=wanted)} if wanted else {}
    entries = [_entry(model, record, words, about[record.pk], lenders) for record, words in built]
    fields = [f.name for f in SearchEntry._meta.concrete_fields if f.name not in ("id", "record_id")]
    SearchEntry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["record_id"], update_fields=fields, batch_size=100
    )


def index_borrowers(lender: Any) -> None:
    """Bring up to date what is found by the names of this record, if its kind lends them: renamed, hidden or shown."""
    if lender._meta.label_lower not in _lenders:
        return
    by_type: dict[str, list[UUID]] = {}
    for record_type, pk in SearchEntry.objects.filter(about__contains=lender.pk.hex).values_list("record_type", "record_id"):
        by_type.setdefault(record_type, []).append(pk)
    for record_type, ids in by_type.items():
        model = apps.get_model(record_type)
        for first in range(0, len(ids), 500):
            index_records(model, model._default_manager.filter(pk__in=ids[first : first + 500]))


def rebuild_index(models_to_index: Iterable[type[models.Model]]) -> int:
    """Build all entries anew from the registers; returns how many."""
    SearchEntry.objects.all().delete()
    # Twice: the first time some records stand before those that lend them their names.
    for model in [*models_to_index] * 2:
        rows = model._default_manager.all().iterator(chunk_size=500)
        while batch := list(islice(rows, 500)):
            index_records(model, batch)
    return SearchEntry.objects.count()


def _lends(lender: SearchEntry | None, record: Any) -> bool:
    """Whether a record may be found by the name of another: not where the search would tell of what its reader may not know."""
    if lender is None or lender.classification == "public":
        return lender is not None
    no_higher = CLASSIFICATIONS.index(lender.classification) <= CLASSIFICATIONS.index(record.classification)
    return no_higher and lender.owner == record.owner


def _entry(
    model: type[models.Model], record: Any, words: Words, about: Sequence[UUID], lenders: Mapping[UUID, SearchEntry]
) -> SearchEntry:
    lent = [lenders[pk].title_folded for pk in about if _lends(lenders.get(pk), record)]
    titles = [words.title_vi, words.title_en, *words.names]
    return SearchEntry(
        record_id=record.pk,
        record_type=model._meta.label_lower,
        title_vi=words.title_vi,
        title_en=words.title_en,
        note_vi=words.note_vi,
        note_en=words.note_en,
        title_folded="\n".join(dict.fromkeys(fold(t) for t in titles if t)),
        body_folded=" ".join(
            filter(None, (fold(f"{words.body} {words.note_vi} {words.note_en}"), *(names.replace("\n", " ") for names in lent)))
        ),
        about=" ".join(pk.hex for pk in dict.fromkeys(about)),
        accented="\n".join(dict.fromkeys(accented(t) for t in titles if t)),
        weight=words.weight,
        day=words.day,
        classification=record.classification,
        owner=record.owner,
        exercise=record.exercise,
        retracted=record.retracted,
    )
