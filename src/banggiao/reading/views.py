"""Which rules can match in a sentence, and where in it could they begin?

Rules of statements see a sentence with its marker cut off, quoted words blanked and clause heads in small letters (`clauses`).
Most of them begin only where a clause begins, so they are tried there: `anchored` says where a clause begins (`clause`), where
one begins with a subject of the home side (`home`), where one begins or somebody who gives orders is named (`speaker`), or at
the words the rule needs (`word`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from banggiao.reading import rules
from banggiao.reading.quick import Match, Pattern


class View:
    """A sentence as rules see it: its text, which begins at `base` of the page whose words are given."""

    __slots__ = ("_base", "_homes", "_openings", "_words", "possible", "text")

    def __init__(self, text: str, base: int, words: rules.Words) -> None:
        self.text = text
        self.possible = words.possible(base)
        self._base, self._words = base, words
        self._openings: list[int] | None = None
        self._homes: list[int] | None = None

    def candidates(self, kind: str) -> Sequence[rules.Rule]:
        """The rules of a kind that can match here."""
        return rules.chosen(self.possible & rules.bits_of(kind))

    def matches(self, rule: rules.Rule, start: int = 0, end: int | None = None) -> Sequence[Match]:
        """The matches of a rule in text[start:end]."""
        if not self.possible & rule.bit:
            return ()
        stop = len(self.text) if end is None else end
        if rule.anchored is None and not rule.begins:
            return list(rule.pattern.finditer(self.text, start, stop))
        places = self._places(rule)
        if not places:
            return ()
        found: list[Match] = []
        text, at, match_at = self.text, start, rule.pattern.match
        for place in places:
            if at <= place < stop and (match := match_at(text, place, stop)) is not None:
                found.append(match)
                at = match.end()
        return found

    def first(self, rule: rules.Rule, start: int = 0, end: int | None = None) -> Match | None:
        """The first match of a rule in text[start:end]."""
        if not self.possible & rule.bit:
            return None
        stop = len(self.text) if end is None else end
        if rule.anchored is None and not rule.begins:
            return rule.pattern.search(self.text, start, stop)
        text, match_at = self.text, rule.pattern.match
        for place in self._places(rule):
            if start <= place < stop and (match := match_at(text, place, stop)) is not None:
                return match
        return None

    def speakers(self) -> list[int]:
        """Where the words stand for who may give orders."""
        return self._here(self._words.speakers)

    def _places(self, rule: rules.Rule) -> Sequence[int]:
        if rule.anchored is None or rule.anchored == "word":
            return self._here(self._words.places(rule))
        if rule.anchored == "home":
            if self._homes is None:
                home = pattern("{home_subject}")
                self._homes = [place for place in self._clauses() if home.match(self.text, place)]
            return self._homes
        if rule.anchored == "speaker":
            return sorted({*self._clauses(), *self.speakers()})
        return self._clauses()

    def _clauses(self) -> list[int]:
        if self._openings is None:
            self._openings = [0, *self._here(self._words.openings)]
        return self._openings

    def _here(self, places: Sequence[int]) -> list[int]:
        base = self._base
        if not places:
            return []
        return [place - base for place in places[bisect_left(places, base) : bisect_left(places, base + len(self.text))]]


@cache
def pattern(source: str) -> Pattern:
    """A pattern of the lexicon's pieces and lists, compiled once."""
    return rules.compile_pattern(source, at_places=True)
