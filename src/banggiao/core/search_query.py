"""How a query finds records: its words understood, the candidates of the full-text index, and their order.

Accents are optional and count when given; abbreviations and old names stand in `data/lexicon/search_words.csv` and mean what is
written there as well as themselves. Hits with the exact title come first, then the phrase, then all words; syllables are words in
Vietnamese, so phrases matter. When few records hold all words, those that hold all but one follow.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import connection, models

from banggiao.core.acts import Viewer
from banggiao.core.folding import accented, fold
from banggiao.core.search import MOST_WORDS, SearchEntry
from banggiao.core.visibility import visible

#: Enough to rank a common word well, few enough to stay under the time of a page.
CANDIDATES = 400
#: With fewer hits than a reader takes in at a glance, records that lack one of the words follow.
FEW = 5


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


@dataclass(frozen=True, slots=True)
class Query:
    """A query as understood. `parts` are what must be found, each in one of several folded ways; `readings` the whole query.

    `exact` is the query with its accents, empty when it was typed without any.
    """

    parts: tuple[tuple[str, ...], ...]
    readings: tuple[str, ...]
    exact: str


def understood(query: str) -> Query:
    """The query in parts, with what its abbreviations and old names mean beside them."""
    words, known = fold(query).split()[:MOST_WORDS], _meanings()
    longest = max(len(written) for written in known)
    parts: list[tuple[str, ...]] = []
    at = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            written = tuple(words[at : at + length])
            if written in known or length == 1:
                parts.append((" ".join(written), *known.get(written, ())))
                at += length
                break
    literal, meant = " ".join(part[0] for part in parts), " ".join(part[1] if len(part) > 1 else part[0] for part in parts)
    exact = accented(query)
    return Query(tuple(parts), tuple(dict.fromkeys((literal, meant))), exact if exact != literal else "")


def find(query: str, viewer: Viewer, *, record_types: Sequence[str] = (), limit: int = 20) -> list[Hit]:
    """The records that hold all words of the query (the last as a prefix), best first, then those that lack one of them.

    An empty query finds nothing. Only records the viewer may know of.
    """
    asked = understood(query)
    if not asked.parts:
        return []
    base = visible(SearchEntry.objects.all(), viewer, record_id="record_id")
    if record_types:
        base = base.filter(record_type__in=record_types)
    engine = _Postgres() if connection.vendor == "postgresql" else _Sqlite()
    phrases, all_words = engine.either([engine.phrase(r) for r in asked.readings]), engine.every(asked.parts)
    found: dict[int, SearchEntry] = {}
    for expression, in_title in ((phrases, True), (all_words, True), (phrases, False), (all_words, False)):
        if len(found) < CANDIDATES:
            _gather(found, engine.matching(base, expression, in_title=in_title))
    ranked = sorted(found.values(), key=lambda entry: _rank(entry, asked))
    if len(ranked) < FEW and len(asked.parts) > 2:
        lacking = [engine.every(asked.parts[:n] + asked.parts[n + 1 :]) for n in range(len(asked.parts))]
        near: dict[int, SearchEntry] = {}
        _gather(near, engine.matching(base, engine.either(lacking), in_title=False))
        ranked += sorted((e for pk, e in near.items() if pk not in found), key=lambda entry: _rank_lacking(entry, asked))
    return [Hit(e.record_id, e.record_type, e.title_vi, e.title_en, e.note_vi, e.note_en, e.exercise) for e in ranked[:limit]]


def _gather(found: dict[int, SearchEntry], rows: models.QuerySet[Any]) -> None:
    for entry in rows.defer("body_folded").order_by("-weight", "pk")[:CANDIDATES]:
        found.setdefault(entry.pk, entry)


def _rank(entry: SearchEntry, asked: Query) -> tuple[Any, ...]:
    lines = entry.title_folded.split("\n")
    within = any(f" {reading}" in f" {line}" for line in lines for reading in asked.readings)
    return (
        not (asked.exact and asked.exact in entry.accented.split("\n")),
        not any(reading in lines for reading in asked.readings),
        not (asked.exact and any(f" {asked.exact}" in f" {line}" for line in entry.accented.split("\n"))),
        -entry.weight if within else 0,
        not within,
        _not_in_title(entry, asked),
        -entry.weight,
        len(entry.title_folded) if within else 0,
        [-ord(c) for c in entry.day],
        entry.pk,
    )


def _rank_lacking(entry: SearchEntry, asked: Query) -> tuple[Any, ...]:
    return (_not_in_title(entry, asked), -entry.weight, len(entry.title_folded), [-ord(c) for c in entry.day], entry.pk)


def _not_in_title(entry: SearchEntry, asked: Query) -> int:
    """How many parts of the query the titles do not hold."""
    title = f" {entry.title_folded}".replace("\n", " \n ")
    return sum(not any(f" {way}" in title for way in part) for part in asked.parts)


@lru_cache(maxsize=1)
def _meanings() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Folded words of an abbreviation or old name -> what it means, folded."""
    meanings: dict[tuple[str, ...], list[str]] = {}
    text = files("banggiao.data").joinpath("lexicon", "search_words.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        meanings.setdefault(tuple(fold(row["written"]).split()), []).append(fold(row["meant"]))
    return {written: tuple(dict.fromkeys(meant)) for written, meant in meanings.items()}


class _Sqlite:
    """Expressions of FTS5. Folded text holds letters, digits and spaces only, so nothing needs escaping."""

    def phrase(self, text: str) -> str:
        return f'"{text}"*'

    def every(self, parts: Sequence[Sequence[str]]) -> str:
        *whole, last = parts
        words = [self.either([f'"{way}"' for way in part]) for part in whole]
        return " AND ".join([*words, self.either([f'"{last[0]}"*', *(f'"{way}"' for way in last[1:])])])

    def either(self, expressions: Sequence[str]) -> str:
        return f"({' OR '.join(f'({each})' for each in expressions)})"

    def matching(self, base: models.QuerySet[Any], expression: str, *, in_title: bool) -> models.QuerySet[Any]:
        match = f"title_folded : {expression}" if in_title else expression
        return base.extra(  # noqa: S610  FTS5 has no ORM
            where=["core_searchentry.id IN (SELECT rowid FROM core_search_fts WHERE core_search_fts MATCH %s)"], params=[match]
        )


class _Postgres:
    """Expressions of tsquery."""

    def phrase(self, text: str) -> str:
        return " <-> ".join(text.split()) + ":*"

    def every(self, parts: Sequence[Sequence[str]]) -> str:
        *whole, last = parts
        words = [self.either([" <-> ".join(way.split()) for way in part]) for part in whole]
        return " & ".join([*words, self.either([self.phrase(last[0]), *(" <-> ".join(way.split()) for way in last[1:])])])

    def either(self, expressions: Sequence[str]) -> str:
        return f"({' | '.join(f'({each})' for each in expressions)})"

    def matching(self, base: models.QuerySet[Any], expression: str, *, in_title: bool) -> models.QuerySet[Any]:
        # Stored columns: a phrase is checked on every row that holds its words, and to parse each of them anew takes a second.
        words = "title_words" if in_title else "all_words"
        return base.extra(where=[f"core_searchentry.{words} @@ to_tsquery('simple', %s)"], params=[expression])  # noqa: S610
