"""Which codes of the Harmonized System may a word mean that an exporter or an officer types?

Four sources, surest first: digits are a code; our list of everyday words (`hs_words.csv`: regional names, trade names); our
names of headings and chapters; the English descriptions. Exact accents count most, a query without accents finds the same words,
a query with other accents hardly (bơ, bò, bo). A word of several meanings brings all of them: `vải` is a fruit and a fabric.

The score orders matches and is no probability. For a query q and an entry e it is

    weight of the code in e  *  (found part of q) ** 1.5  *  (0.55 + 0.45 * found part of e)  *  trust in the source

where parts are sums over words of ln(1 + N / entries with the word), so that rare words decide; words that stand in any query of
the trade (xuất khẩu, các loại) hardly count.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from banggiao.analytics.products.names import _rows, children, descriptions, own_names, product
from banggiao.core.folding import accented, fold

Why = Literal["code", "word", "name", "description"]
LEVELS = (2, 4, 6)


@dataclass(frozen=True, slots=True)
class Match:
    """A code that a query may mean, and why: by its digits, by `matched`, a word or name of ours, or by its description."""

    code: str
    level: int
    name_vi: str
    name_en: str
    why: Why
    matched: str
    score: float


def find_products(words: str, language: str = "vi", *, limit: int = 20, levels: Collection[int] = LEVELS) -> tuple[Match, ...]:
    """The codes that `words` may mean, best first, at most `limit`, of the levels asked (2 chapter, 4 heading, 6 subheading).

    `language` decides which list of words comes first where both know the word. Nothing found is an empty answer, never a guess.
    """
    digits = re.sub(r"[\s.]", "", words)
    if digits.isdecimal():
        return _by_digits(digits, limit, levels)
    found: dict[str, tuple[float, Why, str]] = {}
    for score, code, why, matched in _scored(words, language):
        if code not in found or score > found[code][0]:
            found[code] = (score, why, matched)
    best = max((score for score, _why, _matched in found.values()), default=0.0)
    chosen = sorted((-score, code) for code, (score, _w, _m) in found.items() if len(code) in levels and score >= best * _FLOOR)
    return tuple(_match(code, *found[code]) for _score, code in chosen[:limit])


def ambiguous(matches: Sequence[Match], first: int = 5) -> bool:
    """Whether the first matches stand in different chapters: then a person has to choose, and a page shows them apart."""
    return len({match.code[:2] for match in matches[:first]}) > 1


def everyday_codes() -> frozenset[int]:
    """The subheadings that a word of our list means first, as numbers: the goods people ask for."""
    return frozenset(int(code) for row in _rows("lexicon", "hs_words") for code, weight in _weighted(row["codes"]) if weight == 1)


# --- scoring

_FLOOR = 0.25
_TRUST: Mapping[Why, float] = {"code": 1.0, "word": 1.0, "name": 0.62, "description": 0.5}
# With their accents, for cua is a crab and của is not; those of the second row mean nothing else without accents either.
_EMPTY_WORDS = frozenset(
    accented(
        """
        xuất khẩu nhập các loại cho làm để của và bằng hàng sản phẩm nguyên liệu dùng được trong việt chất lượng
        xuat khau nhap cac loai nguyen lieu pham duoc the of and for a an or
        """
    ).split()
)
_EMPTY_WEIGHT = 0.12


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    folded: tuple[str, ...]
    codes: tuple[tuple[str, float], ...]
    why: Why
    shown: str
    language: str


@dataclass(frozen=True, slots=True)
class _Index:
    entries: tuple[_Entry, ...]
    by_word: Mapping[str, tuple[int, ...]]
    weights: Mapping[str, float]

    def weight(self, word: str, written: str) -> float:
        """How much a word tells, folded and as written; a word that no entry has tells as much as the rarest."""
        return _EMPTY_WEIGHT if written in _EMPTY_WORDS else self.weights.get(word, math.log(1 + len(self.entries)))


def _scored(query: str, language: str) -> Iterator[tuple[float, str, Why, str]]:
    exact, folded = _spelt(query)
    if not folded:
        return
    marked = exact != folded
    for index in (_words(), _descriptions()):
        known = [_nearest(word, index) for word in folded]
        asked = list(zip(exact, known, strict=True))
        total = sum(index.weight(word, written) for written, (word, _near) in asked)
        telling = {word for written, (word, _near) in asked if written not in _EMPTY_WORDS}
        for place in {place for word in telling for place in index.by_word.get(word, ())}:
            entry = index.entries[place]
            of_query, of_entry = _found(entry, asked, index, marked)
            whole = sum(index.weight(*each) for each in zip(entry.folded, entry.words, strict=True))
            score = (of_query / total) ** 1.5 * (0.55 + 0.45 * min(1.0, of_entry / whole)) * _TRUST[entry.why]
            score *= 1.0 if entry.language == language[:2] else 0.97
            for code, weight in entry.codes:
                yield score * weight, code, entry.why, entry.shown


def _found(entry: _Entry, asked: Sequence[tuple[str, tuple[str, float]]], index: _Index, marked: bool) -> tuple[float, float]:
    """How much of the query, and how much of the entry, the words in common tell. Each word of an entry is found once."""
    left = list(range(len(entry.folded)))
    of_query = of_entry = 0.0
    for written, (word, near) in asked:
        same = [place for place in left if entry.folded[place] == word]
        if not same:
            continue
        place = next((at for at in same if entry.words[at] == written), same[0])
        left.remove(place)
        agreed = near * _agreement(written, entry.words[place], word, marked)
        of_query += index.weight(word, written) * agreed
        of_entry += index.weight(word, entry.words[place]) * agreed
    return of_query, of_entry


def _agreement(written: str, meant: str, folded: str, marked: bool) -> float:
    """1 for the same accents, little for others: somebody who writes bò does not mean bơ. A query that is `marked` nowhere
    may mean any accents; where others are marked, a bare word is likely meant so (dệt may is not máy dệt)."""
    if written == meant:
        return 1.0
    if written == folded:
        return 0.7 if marked else 0.93
    return 0.45


def _nearest(word: str, index: _Index) -> tuple[str, float]:
    """The word itself where an entry has it, else the only one that differs by one letter (long words only), counted less."""
    if word in index.by_word or len(word) < _LONG or not word.isalpha():
        return word, 1.0
    near = [
        known for known in index.by_word if abs(len(known) - len(word)) <= 1 and len(known) >= _LONG and _one_off(known, word)
    ]
    return (near[0], 0.8) if len(near) == 1 else (word, 1.0)


_LONG = 5


def _one_off(one: str, other: str) -> bool:
    """Whether a letter put in, left out, changed, or two neighbours exchanged lead from one word to the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


# --- digits


def _by_digits(digits: str, limit: int, levels: Collection[int]) -> tuple[Match, ...]:
    """The code itself, then what stands below it; a tariff line of 8 or 10 digits leads to its subheading."""
    prefix = digits[:6]
    codes = [code for code in descriptions() if code.startswith(prefix) and len(code) in levels]
    ranked = sorted(codes, key=lambda code: (len(code) != len(prefix), len(code), code))
    return tuple(_match(code, 1.0, "code", prefix) for code in ranked[:limit])


def _match(code: str, score: float, why: Why, matched: str) -> Match:
    found = product(code)
    return Match(code, found.level, found.name_vi, found.name_en, why, matched, round(score, 6))


# --- indexes, built at the first query


@cache
def _words() -> _Index:
    """Our words, and our names of headings and chapters, a name also by each of its parts between commas."""
    entries = [
        _entry(row["word"], _weighted(row["codes"]), "word", row["language"], row["word"]) for row in _rows("lexicon", "hs_words")
    ]
    for code, name in own_names().items():
        for part in dict.fromkeys((name, *re.split(r"[,;()]\s*", name))):
            if part.strip():
                entries.append(_entry(part, _with_below(code), "name", "vi", name))
    return _indexed(entries)


@cache
def _descriptions() -> _Index:
    """English descriptions without what they exclude: nobody who types shark means `tuna, other than shark`."""
    return _indexed([_entry(_kept(text), ((code, 1.0),), "description", "en", text) for code, text in descriptions().items()])


def _indexed(entries: Sequence[_Entry]) -> _Index:
    by_word: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        for word in set(entry.folded):
            by_word[word].append(place)
    weights = {word: math.log(1 + len(entries) / len(places)) for word, places in by_word.items()}
    return _Index(tuple(entries), {word: tuple(places) for word, places in by_word.items()}, weights)


def _entry(text: str, codes: tuple[tuple[str, float], ...], why: Why, language: str, shown: str) -> _Entry:
    words, folded = _spelt(text)
    return _Entry(tuple(words), tuple(folded), codes, why, shown, language)


def _spelt(text: str) -> tuple[list[str], list[str]]:
    """The words of a text with accents and without, English ones in the singular."""
    words, folded = ([_singular(word) for word in kind(text).split()] for kind in (accented, fold))
    return (words if len(words) == len(folded) else folded), folded


def _weighted(cell: str) -> tuple[tuple[str, float], ...]:
    return tuple((code, float(weight)) for code, weight in (part.split("=") for part in cell.split("|")))


def _with_below(code: str) -> tuple[tuple[str, float], ...]:
    """A heading with its subheadings, which share its name less and less; a chapter alone."""
    below = children(code) if len(code) == 4 else ()
    return ((code, 1.0), *((each, 0.9 - 0.02 * min(place, 20)) for place, each in enumerate(below)))


def _kept(text: str) -> str:
    return re.sub(r"(\(?(excluding|other than|except|not of|not including)\b[^;,)]*\)?)", " ", text)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("oes", "shes", "ches", "xes", "sses")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
