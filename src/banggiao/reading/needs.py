"""Can a rule match here at all? A rule may name in `fields.needs` words of which its pattern needs one; a substring search is a hundred times
cheaper than the pattern."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex

from banggiao.reading import rules


def may_match(rule: rules.Rule, text: str, start: int = 0, end: int | None = None) -> bool:
    """False only where none of the words the rule needs stands in text[start:end]."""
    words = rule.fields.get("needs")
    if words is None:
        return True
    stop = len(text) if end is None else end
    return any(text.find(word, start, stop) >= 0 for word in words)


def matches(rule: rules.Rule, text: str, start: int = 0, end: int | None = None) -> Iterator[regex.Match[str]]:
    """The matches of a rule in text[start:end]."""
    if may_match(rule, text, start, end):
        yield from rule.pattern.finditer(text, start, len(text) if end is None else end)


def first(rule: rules.Rule, text: str, start: int = 0, end: int | None = None) -> regex.Match[str] | None:
    """The first match of a rule in text[start:end]."""
    if not may_match(rule, text, start, end):
        return None
    return rule.pattern.search(text, start, len(text) if end is None else end)


@lru_cache(maxsize=64)
def pattern(source: str) -> regex.Pattern[str]:
    """A pattern of the lexicon's pieces and lists, compiled once."""
    return rules.compile_pattern(source)
