"""Which states, territories, blocs and regions does a text name?

Many names of states are other words too: "Anh" is a pronoun and a given name, "Ý" an idea, "Mỹ Đình" a place, "Nga" a
woman. The lexicon says how careful to be with a spelling (`guards`: `name` where it also occurs in names, `cue` where it
needs a word that announces a state), and `short` gives the forms used only in pairs ("Việt - Trung"). The home country is
found too, with type `home`; it bounds names and is never a partner.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

import regex

from banggiao.reading.gazetteer import Entry, Gazetteer, Mention, entries, titles_in
from banggiao.reading.quick import quick
from banggiao.reading.rules import shadow, word_lists
from banggiao.reading.syllables import is_syllable

HOME = "VNM"
_BEFORE = quick(r"([\p{L}\p{M}&']++) \Z")
_AFTER = quick(r" ([\p{L}\p{M}]++)")
_DASH = quick(r"( ?- ?)")
_LINK = quick(r"(?:,| và| hoặc|,? cùng| hay)? ?[-/]? ?\Z")
# Hands of a pair are close together; more than this is prose.
_WINDOW = 40


@lru_cache(maxsize=2)
def find_partners(text: str) -> tuple[Mention, ...]:
    """The states, territories, blocs and regions named in a shadow (and the home country), from left to right."""
    found = _names().find(text)
    sure = {mention.span for mention in found if mention.surface not in _guards() and mention.entry["type"] != "none"}
    kept: list[Mention] = []
    for number, mention in enumerate(found):
        if mention.entry["type"] == "none":
            continue
        guard = _guards().get(mention.surface)
        if guard is None or _is_state(text, mention, guard, found, number, sure):
            kept.append(mention)
            sure.add(mention.span)
    return tuple(_with_pairs(text, kept))


def surname_before(text: str, offset: int) -> bool:
    """Whether the words before the offset are the beginning of a person's name ("Nguyễn Khánh" before "Hòa")."""
    words_before = text[max(0, offset - 24) : offset].rstrip(" ").split(" ")[-3:]
    for word in reversed(words_before):
        if not word[:1].isupper() or not word.isalpha():
            return False
        if word in _surnames():
            return True
    return False


def _is_state(text: str, mention: Mention, guard: str, found: Sequence[Mention], number: int, sure: set[tuple[int, int]]) -> bool:
    start, end = mention.span
    before, after = _word_before(text, start), _AFTER.match(text, end)
    following = after.group(1) if after else ""
    if before.lower() in _addresses():
        return False
    listed = _beside_another(text, found, number, sure)
    if before[:1].isupper() and not before.isupper() and before.lower() not in _functions():
        office = titles_in(text).ending(start - 1)
        if not listed and office is None and is_syllable(before):
            return False
    if following[:1].isupper() and not following.isupper() and is_syllable(following) and not listed:
        starts_name = following in _surnames() or titles_in(text).starting(end + 1)
        if not starts_name and before.lower() not in _cues():
            return False
        if before.lower() in ("tại", "ở", "đến", "tới", "từ") and not starts_name:
            return False
    return guard == "name" or listed or before.lower() in _cues() or text[start - 1 : start] == "("


def _beside_another(text: str, found: Sequence[Mention], number: int, sure: set[tuple[int, int]]) -> bool:
    start, end = found[number].span
    if (
        number
        and found[number - 1].span in sure
        and start - found[number - 1].span[1] < 8
        and found[number - 1].entry["type"] != "none"
    ):
        if _LINK.fullmatch(text[found[number - 1].span[1] : start]):
            return True
    if number + 1 < len(found):
        following = found[number + 1]
        near = following.span[0] - end < 8 and following.entry["type"] in ("country", "territory", "home", "bloc")
        return near and bool(_LINK.fullmatch(text[end : following.span[0]])) and text[end : following.span[0]] != " "
    return False


def _with_pairs(text: str, kept: list[Mention]) -> list[Mention]:
    taken = {mention.span for mention in kept}
    spans = [mention.span for mention in kept]
    for match in _pair().finditer(text):
        at = match.start()
        for short in _DASH.split(match.group()):
            span = (at, at + len(short))
            entry = _short_names().get(short)
            if entry is not None and span not in taken and not any(a < span[1] and span[0] < b for a, b in _near(spans, span)):
                kept.append(Mention(span, entry, short))
            at = span[1]
    return sorted(kept, key=lambda mention: mention.span)


def _near(spans: Sequence[tuple[int, int]], span: tuple[int, int]) -> Sequence[tuple[int, int]]:
    at = bisect_left(spans, span)
    return spans[max(0, at - 2) : at + 3]


def _word_before(text: str, offset: int) -> str:
    match = _BEFORE.search(text[max(0, offset - _WINDOW) : offset])
    return match.group(1) if match else ""


@lru_cache(maxsize=1)
def _names() -> Gazetteer:
    rows = [*entries("countries"), *entries("blocs")]
    return Gazetteer((name, entry) for entry in rows for name in entry["names"].split("|"))


@lru_cache(maxsize=1)
def _guards() -> dict[str, str]:
    pairs = [part.rsplit(":", 1) for entry in entries("countries") for part in entry["guards"].split("|") if part]
    return {shadow(name): guard for name, guard in pairs}


@lru_cache(maxsize=1)
def _short_names() -> dict[str, Entry]:
    table = {shadow(short): entry for entry in entries("countries") for short in entry["short"].split("|") if short}
    return {**table, "Việt": next(entry for entry in entries("countries") if entry["code"] == HOME)}


@lru_cache(maxsize=1)
def _pair() -> regex.Pattern[str]:
    names = "|".join(sorted(_short_names(), key=len, reverse=True))
    return regex.compile(rf"(?<![\p{{L}}-])(?:{names})(?: ?- ?(?:{names}))++(?![\p{{L}}-])")


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return frozenset(word_lists()["surnames"])


@lru_cache(maxsize=1)
def _functions() -> frozenset[str]:
    return frozenset(word.lower() for word in word_lists()["function_words_any"])


@lru_cache(maxsize=1)
def _cues() -> frozenset[str]:
    return frozenset(word.lower() for word in word_lists()["state_cues_any"])


@lru_cache(maxsize=1)
def _addresses() -> frozenset[str]:
    return frozenset(word_lists()["address_words_any"])
