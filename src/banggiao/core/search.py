"""Where the words of every record are kept, and how they are found: folded text, one table, the same answers on both databases.

A package names its searchable records with `@searchable(Model)`; `core.records` keeps the entry in step with every write. Hits
with the exact accents in the title come first, then the phrase, then all words; syllables are words in Vietnamese, so phrases
matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models

from banggiao.core.acts import CLASSIFICATIONS, Viewer
from banggiao.core.folding import accented, fold
from banggiao.core.visibility import visible

#: Enough to rank a common word well, few enough to stay under the time of a page.
CANDIDATES = 400
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

    `weight` puts a kind of record before others of equal match (a partner before a document that mentions it).
    """

    title_vi: str
    title_en: str = ""
    note_vi: str = ""
    note_en: str = ""
    names: Sequence[str] = ()
    body: str = ""
    day: str = ""
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found."""

    record_id: UUID
    record_type: str
    title_vi: str
    title_en: str
    note_vi: str
    note_en: str
    exercise: bool


_builders: dict[str, Callable[[Any], Words]] = {}


def searchable(model: type[models.Model]) -> Callable[[Callable[[Any], Words]], Callable[[Any], Words]]:
    """Register the function that says what a record of `model` offers to search."""

    def register(builder: Callable[[Any], Words]) -> Callable[[Any], Words]:
        _builders[model._meta.label_lower] = builder
        return builder

    return register


def index_records(model: type[models.Model], records: Iterable[Any]) -> None:
    """Bring the search entries of these records up to date; records of a kind without a builder have none."""
    builder = _builders.get(model._meta.label_lower)
    if builder is None:
        return
    entries = [_entry(model, record, builder(record)) for record in records]
    fields = [f.name for f in SearchEntry._meta.concrete_fields if f.name not in ("id", "record_id")]
    SearchEntry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["record_id"], update_fields=fields, batch_size=100
    )


def rebuild_index(models_to_index: Iterable[type[models.Model]]) -> int:
    """Build all entries anew from the registers; returns how many."""
    SearchEntry.objects.all().delete()
    for model in models_to_index:
        batch: list[Any] = []
        for record in model._default_manager.all().iterator(chunk_size=500):
            batch.append(record)
            if len(batch) == 500:
                index_records(model, batch)
                batch = []
        index_records(model, batch)
    return SearchEntry.objects.count()


def find(query: str, viewer: Viewer, *, record_types: Sequence[str] = (), limit: int = 20) -> list[Hit]:
    """The records that hold all words of the query (the last as a prefix), best first; accents in the query are optional.

    An empty query finds nothing. Only records the viewer may know of.
    """
    words = fold(query).split()[:MOST_WORDS]
    if not words:
        return []
    base = visible(SearchEntry.objects.all(), viewer, record_id="record_id")
    if record_types:
        base = base.filter(record_type__in=record_types)
    found: dict[int, SearchEntry] = {}
    for in_title, phrase in ((True, True), (True, False), (False, True), (False, False)):
        if len(found) < CANDIDATES and not (phrase and len(words) == 1):
            for entry in (
                _matching(base, words, in_title=in_title, phrase=phrase)
                .defer("body_folded")
                .order_by("-weight", "pk")[:CANDIDATES]
            ):
                found.setdefault(entry.pk, entry)
    exact, phrase_text = accented(query), " ".join(words)
    has_accents = exact != phrase_text
    ranked = sorted(found.values(), key=lambda e: _rank(e, exact, phrase_text, words, has_accents=has_accents))
    return [Hit(e.record_id, e.record_type, e.title_vi, e.title_en, e.note_vi, e.note_en, e.exercise) for e in ranked[:limit]]


def _rank(entry: SearchEntry, exact: str, phrase: str, words: list[str], *, has_accents: bool) -> tuple[Any, ...]:
    title = entry.title_folded
    lines = title.split("\n")
    exact_title = has_accents and any(line == exact for line in entry.accented.split("\n"))
    return (
        not exact_title,
        phrase not in lines,
        not (has_accents and f" {exact}" in f" {entry.accented}".replace("\n", " \n ")),
        -entry.weight if phrase in title else 0,
        f" {phrase}" not in f" {title}".replace("\n", "\n "),
        not all(word in title for word in words),
        -entry.weight,
        len(title) if phrase in title else 0,
        [-ord(c) for c in entry.day],
        entry.pk,
    )


def _matching(base: models.QuerySet[Any], words: list[str], *, in_title: bool, phrase: bool) -> models.QuerySet[Any]:
    if connection.vendor == "postgresql":
        last = f"{words[-1]}:*"
        query = (" <-> " if phrase else " & ").join([*words[:-1], last])
        text = "title_folded" if in_title else "title_folded || ' ' || body_folded"
        return base.extra(where=[f"to_tsvector('simple', {text}) @@ to_tsquery('simple', %s)"], params=[query])  # noqa: S610
    joined = '"' + " ".join(words) + '"*' if phrase else " ".join([f'"{w}"' for w in words[:-1]] + [f'"{words[-1]}"*'])
    match = f"title_folded : ({joined})" if in_title else joined
    return base.extra(  # noqa: S610
        where=["core_searchentry.id IN (SELECT rowid FROM core_search_fts WHERE core_search_fts MATCH %s)"], params=[match]
    )


def _entry(model: type[models.Model], record: Any, words: Words) -> SearchEntry:
    titles = [words.title_vi, words.title_en, *words.names]
    return SearchEntry(
        record_id=record.pk,
        record_type=model._meta.label_lower,
        title_vi=words.title_vi,
        title_en=words.title_en,
        note_vi=words.note_vi,
        note_en=words.note_en,
        title_folded="\n".join(dict.fromkeys(fold(t) for t in titles if t)),
        body_folded=fold(words.body),
        accented="\n".join(dict.fromkeys(accented(t) for t in titles if t)),
        weight=words.weight,
        day=words.day,
        classification=record.classification,
        owner=record.owner,
        exercise=record.exercise,
        retracted=record.retracted,
    )
