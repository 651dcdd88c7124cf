"""Which topic a statement is about, and so which growth driver it serves: by the keywords of the packaged set of topics."""

from __future__ import annotations

from collections import Counter
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from banggiao.core.vocabulary import vocabulary
from banggiao.sources.datasets import read_set


def topic_of(text: str) -> str:
    """The topic most spoken of in the text, the narrower one before the one it belongs to; empty when no keyword occurs."""
    machine, codes = _keywords()
    lowered, counts = text.lower(), Counter[str]()
    for which, start, end in machine.find_matches_as_indexes(lowered):
        if not (lowered[start - 1 : start].isalnum() or lowered[end : end + 1].isalnum()):
            counts.update(codes[which])
    if not counts:
        return ""
    terms = vocabulary("topic")
    return max(counts, key=lambda code: (counts[code], bool(terms.attribute(code, "parent")), -terms.term(code).sort))


def driver_of(topic: str) -> str:
    """traditional, new or other; empty for no topic."""
    return vocabulary("topic").attribute(topic, "growth_driver") if topic else ""


def field_of(topic: str) -> str:
    """The field of agreements and commitments that a topic belongs to; empty for no topic."""
    return vocabulary("topic").attribute(topic, "field") if topic else ""


@cache
def _keywords() -> tuple[AhoCorasick, list[list[str]]]:
    words: dict[str, list[str]] = {}
    for row in read_set("topics"):
        for word in (*row["keywords_vi"].split("|"), *row["keywords_en"].split("|")):
            if word:
                words.setdefault(word.lower(), []).append(row["code"])
    return AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest), list(words.values())
