"""Which known names stand in a text, and where: states, blocs, bodies, provinces, cities, agreements, titles of office.

The names are data in `banggiao/data/lexicon/*.csv`: columns `names` (spellings, parted by `|`) and whatever else the kind
needs. One pass finds the names of a kind, the longest at each place, and only where they stand between word borders.
"""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import ahocorasick_rs

from banggiao.reading.clauses import quiet
from banggiao.reading.layout import Layout, Sentence
from banggiao.reading.quick import quick
from banggiao.reading.rules import DATA, shadow, small, word_lists
from banggiao.reading.types import Span

# What stands for text that must feed nothing; no name and no pattern of a rule holds it.
BLANK = "\x00"
# What stands for a name already understood, so that no other name is found in it.
KNOWN = "\x01"
_CREDIT = quick(
    r"(?:[(\[] ?|[-|/] ?|(?<=[.!?] )|\A)(?:Ảnh|ảnh|Nguồn|nguồn|Photo|Ảnh tư liệu|Ảnh minh họa|Nguồn ảnh|Video|Clip)"
    r"(?: ?:| minh họa\b)[^)\]\n]*+[)\]]?"
    r"|https?://\S++|www\.\S++|[\w.+-]++@[\w-]++\.[\w.]++"
)


# A row of a lexicon: its columns by name.
Entry = dict[str, str]


class Mention(NamedTuple):
    """A known name in the text."""

    span: Span
    entry: Entry
    surface: str


class Page:
    """The part of a text that may feed facts: its shadow, of equal length, with everything else blanked.

    Between sentences there is always a `\\n`, so a pattern that does not cross line ends does not cross sentences. Body, captions
    and headings stay; boilerplate, picture credits and addresses are blanked.
    """

    def __init__(self, layout: Layout) -> None:
        parts, at = [], 0
        self.sentences: list[Sentence] = []
        tables = "\t" in layout.text
        for sentence in layout.sentences:
            start, end = sentence.span
            if sentence.cls == "boilerplate":
                continue
            seen = _cells(layout, start, end) if tables else layout.shadow[start:end]
            parts += ["\n" + BLANK * (start - at - 1) if start > at else "", _without_credits(seen)]
            at = end
            self.sentences.append(sentence)
        parts.append(BLANK * (len(layout.shadow) - at))
        self.text = "".join(parts)
        self._starts = [sentence.span[0] for sentence in self.sentences]
        self._shadow = layout.shadow
        self._quiet: dict[Span, str] = {}

    def quiet(self, span: Span) -> str:
        """A sentence as rules of statements see it (`clauses.quiet`), worked out once."""
        if span not in self._quiet:
            self._quiet[span] = quiet(self._shadow[slice(*span)])
        return self._quiet[span]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence the offset stands in (or the last one before it)."""
        return self.sentences[max(0, bisect_right(self._starts, offset) - 1)]

    def index_at(self, offset: int) -> int:
        """The number of the sentence the offset stands in."""
        return max(0, bisect_right(self._starts, offset) - 1)


@lru_cache(maxsize=2)
def page_of(layout: Layout) -> Page:
    """The page of a layout, made once."""
    return Page(layout)


class Gazetteer:
    """Names of one kind, ready to be found; with `any_case` the names are written small and their case does not matter."""

    def __init__(self, named: Iterable[tuple[str, Entry]], any_case: bool = False) -> None:
        table = {shadow(name): entry for name, entry in reversed(list(named)) if name}
        self.names = list(table)
        self._entries = list(table.values())
        self._any_case = any_case
        self._search = ahocorasick_rs.AhoCorasick(self.names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def find(self, text: str) -> list[Mention]:
        """The names in a shadow, from left to right, none inside another."""
        found = []
        searched = small(text) if self._any_case else text
        for number, start, end in self._search.find_matches_as_indexes(searched):
            if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
                found.append(Mention((start, end), self._entries[number], self.names[number]))
        return found


class Places:
    """Spans in order, asked by place."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.mentions = mentions
        self._starts = [mention.span[0] for mention in mentions]
        self._ends = [mention.span[1] for mention in mentions]

    def starting(self, offset: int) -> Mention | None:
        """The mention that begins exactly here."""
        at = bisect_left(self._starts, offset)
        return self.mentions[at] if at < len(self.mentions) and self._starts[at] == offset else None

    def ending(self, offset: int) -> Mention | None:
        """The mention that ends exactly here."""
        at = bisect_left(self._ends, offset)
        return self.mentions[at] if at < len(self.mentions) and self._ends[at] == offset else None

    def within(self, start: int, end: int) -> list[Mention]:
        """The mentions that begin in the stretch."""
        return list(self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)])

    def last_before(self, offset: int) -> Mention | None:
        """The last mention that ends at or before the offset."""
        at = bisect_right(self._ends, offset)
        return self.mentions[at - 1] if at else None


@cache
def gazetteer(file: str) -> Gazetteer:
    """The names of a lexicon file, e.g. `countries`."""
    return Gazetteer((name, entry) for entry in entries(file) for name in entry["names"].split("|"))


@cache
def entries(file: str) -> tuple[Entry, ...]:
    """The rows of a lexicon file."""
    with (DATA / "lexicon" / f"{file}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(Entry(row) for row in csv.DictReader(handle))


@cache
def titles() -> Gazetteer:
    """The titles of office and rank, in any case, and their abbreviations."""
    lists = word_lists()
    rows = [*lists["titles"], *(code.lower() for code in lists["title_codes"])]
    return Gazetteer(((word, Entry({"name": word})) for word in rows), any_case=True)


@lru_cache(maxsize=2)
def titles_in(text: str) -> Places:
    """The titles in a shadow; asked for the same text again, it is not searched again."""
    return Places(titles().find(text))


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text with known names put out of sight; spans in order, they may overlap."""
    parts, at = [], 0
    for start, end in spans:
        if end <= at:
            continue
        start = max(start, at)
        parts += [text[at:start], KNOWN * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def _cells(layout: Layout, start: int, end: int) -> str:
    """The sentence, with the tabs between the cells of a table row as line ends: no name runs from cell to cell."""
    sentence, raw = layout.shadow[start:end], layout.text[start:end]
    if "\t" not in raw:
        return sentence
    return "".join("\n" if written == "\t" else seen for seen, written in zip(sentence, raw, strict=True))


def _without_credits(sentence: str) -> str:
    if ":" not in sentence and "@" not in sentence and "www." not in sentence and "minh họa" not in sentence:
        return sentence
    return _CREDIT.sub(lambda match: BLANK * len(match.group()), sentence)
