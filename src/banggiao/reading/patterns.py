"""What does a pattern say of itself: the words it can begin with, and the widths its looks behind can have?

A pattern is read no further than these questions need: alternatives of items, an item being a letter, a class of letters, a
look around or a group, each with how often it may stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<flags>\(\?[a-z]+\))|(?P<back>\(\?P=\w+\))|(?P<look>\(\?<?[=!])|(?P<open>\((?:\?(?:[:>]|P?<\w+>|[a-z-]+:))?+)"
    r"|(?P<close>\))|(?P<bar>\|)|(?P<set>\[\^?+\]?+(?:\\p\{\w+\}|\\.|[^\]\\])*+\])|(?P<escape>\\[pP]\{\w+\}|\\.)|(?P<letter>.)",
    re.DOTALL,
)
_COUNT = re.compile(r"(?:(?P<sign>[?*+])|\{(?P<low>\d*)(?P<to>,?)(?P<high>\d*)\})(?P<how>[?+]?)")
_BEHIND = re.compile(r"\(\?<[=!]")
# A pattern with more beginnings than this, or with one shorter than that, tells nothing by them.
_MOST, _SHORTEST = 2_000, 2
# More than two words tell hardly more than two.
_WORDS = 2
_UNKNOWN = ("",)


class _Item(NamedTuple):
    """A part of a pattern as written: letters it can be (none: a look around), or the ways of a group; least and most times."""

    written: str
    letters: tuple[str, ...]
    ways: list[list[_Item]]
    opening: str
    low: int
    high: int


def beginnings(pattern: str) -> frozenset[str]:
    """Words in small letters one of which begins every match of the pattern; none where the pattern does not tell."""
    open_ones, closed = _starts(_Parsed(pattern).ways())
    words = {" ".join(word.lower().strip().split(" ")[:_WORDS]) for word in open_ones | closed}
    if not words or len(words) > _MOST or min(map(len, words)) < _SHORTEST:
        return frozenset()
    return frozenset(word for word in words if not any(word[:size] in words for size in range(1, len(word))))


def one_way(pattern: str) -> bool:
    """Whether the pattern is no choice between others."""
    return len(_Parsed(pattern).ways()) == 1


def with_fixed_looks(pattern: str) -> str:
    """The pattern with each look behind of several widths as several looks of one width, which every engine can read."""
    parts, at = [], 0
    while (found := _BEHIND.search(pattern, at)) is not None:
        if pattern[: found.start()].endswith("\\"):
            parts.append(pattern[at : found.end()])
            at = found.end()
            continue
        parsed = _Parsed(pattern, found.end())
        ways = [way for sequence in parsed.ways() for way in _spelled_out(sequence)]
        parts += [pattern[at : found.start()], _looks(found.group(), ways)]
        at = parsed.at + 1
    return "".join([*parts, pattern[at:]])


class _Parsed:
    """A pattern being read from a place on."""

    def __init__(self, pattern: str, at: int = 0) -> None:
        self.pattern, self.at = pattern, at

    def ways(self) -> list[list[_Item]]:
        """The alternatives up to the end of the group (whose bracket is not read) or of the pattern."""
        ways: list[list[_Item]] = [[]]
        while self.at < len(self.pattern):
            token = _TOKEN.match(self.pattern, self.at)
            if token is None or token.lastgroup == "close":
                break
            start, self.at = self.at, token.end()
            if token.lastgroup == "bar":
                ways.append([])
                continue
            letters, inner = self._letters(token), list[list[_Item]]()
            if token.lastgroup in ("look", "open"):
                inner = self.ways()
                self.at += 1
            written = self.pattern[start : self.at]
            ways[-1].append(_Item(written, letters, [] if token.lastgroup == "look" else inner, token.group(), *self._count()))
        return ways

    def _letters(self, token: re.Match[str]) -> tuple[str, ...]:
        text = token.group()
        match token.lastgroup:
            case "letter":
                return () if text in "^$" else _UNKNOWN if text == "." else (text,)
            case "escape":
                return () if text[1] in "bBAZ" else _UNKNOWN if text[1].isalnum() else (text[1],)
            case "set":
                plain = text[1] != "^" and not any(mark in text for mark in "\\-")
                return tuple(text[1:-1]) if plain else _UNKNOWN
            case "back":
                return _UNKNOWN
        return ()

    def _count(self) -> tuple[int, int]:
        count = _COUNT.match(self.pattern, self.at)
        if count is None:
            return 1, 1
        self.at = count.end()
        if count["sign"]:
            return {"?": (0, 1), "*": (0, 99), "+": (1, 99)}[count["sign"]]
        low = int(count["low"] or 0)
        return low, int(count["high"] or 99) if count["to"] else low


def _starts(ways: Sequence[Sequence[_Item]]) -> tuple[set[str], set[str]]:
    """What can stand at the beginning: texts after which the pattern may go on, and texts after which anything may come."""
    through: set[str] = set()
    closed: set[str] = set()
    for way in ways:
        current = {""}
        for item in way:
            if not item.letters and not item.ways:
                continue
            after, stopped = _starts(item.ways) if item.ways else (set(item.letters), set[str]())
            if item.letters == _UNKNOWN or len(current) * max(1, len(after)) > _MOST:
                closed |= current
                current = set()
                break
            closed |= {one + other for one in current for other in stopped}
            longer = {one + other for one in current for other in after}
            if item.high > 1:
                closed |= longer
                longer = set()
            current = longer | current if item.low == 0 else longer
            if not current:
                break
        through |= current
    return through, closed


def _spelled_out(way: Sequence[_Item]) -> Iterator[tuple[str, int]]:
    """Every text a sequence can be, as a pattern, with its width. ValueError where there is no end of them."""
    found = [("", 0)]
    for item in way:
        if item.high > 1 and item.low != item.high:
            raise ValueError(f"no fixed width: {item.written}")
        if item.ways:
            if item.opening not in ("(", "(?:"):
                raise ValueError(f"a group in a look behind: {item.written}")
            options = [one for inner in item.ways for one in _spelled_out(inner)]
        else:
            options = [(item.written, 1) if item.letters else (with_fixed_looks(item.written), 0)]
        options = [(text * item.high, width * item.high) for text, width in options]
        if item.low == 0:
            options.append(("", 0))
        found = [(text + more, width + wider) for text, width in found for more, wider in options]
    yield from found


def _looks(sign: str, ways: list[tuple[str, int]]) -> str:
    sized = [
        sign + "|".join(dict.fromkeys(text for text, _width in same)) + ")"
        for _width, same in groupby(sorted(ways, key=lambda way: way[1]), key=lambda way: way[1])
    ]
    if sign.endswith("!") or len(sized) == 1:
        return "".join(sized)
    return "(?:" + "|".join(sized) + ")"
