"""Where do sentences begin and end?

Vietnamese prose ends a sentence with . ! ? or … before a capital; abbreviations (TP., PGS.TS.), initials, numbers
(1.600) and list markers do not end one. A sentence may run over a line end where the next line carries it on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from banggiao.reading.quick import quick
from banggiao.reading.types import LineClass, Span

# The stop, closing marks, space, and then what can begin a sentence; or a stop between a small and a capital letter
# where the space was lost.
_BOUNDARY = quick(
    r"""[.!?…](?:["')\]”’]|\[\p{N}\])*+"""
    r"""(?:[ ]++(?=["'“‘(\[-]?[\p{Lu}\p{N}])|(?<=\p{Ll}[.!?])(?=\p{Lu}\p{Ll}++\s))"""
)
# What a point may belong to instead: an abbreviation, an initial, a list number. Seen in the few characters before it.
_PART = quick(
    r"(?<![\p{L}\p{N}])(?:TP|Tp|tp|TS|ThS|GS|PGS|KS|BS|NSND|NSƯT|St|Mr|Mrs|Ms|Dr|Jr|No|vs|Tr|Th|TX|Tx|KT|TM|TL|ĐT|VD|Vd|v\.v|tr"
    r"|\p{Lu}|(?<![.,])\d{1,2})\.$"
)
_BACK = 8
# What runs on longer than this is no sentence but a list, a table or a trick; it is read in pieces, so that no rule sees more.
_LONGEST = 2_500


class Sentence(NamedTuple):
    """A sentence: its span in the canonical text, the class of its line, and the 1-based number of the line it starts on."""

    span: Span
    cls: LineClass
    line: int


def split(shadow: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of shadow[start:end], without the spaces around them."""
    at = start
    for match in _BOUNDARY.finditer(shadow, start, end):
        stop = match.start() + 1
        if shadow[match.start()] == "." and _PART.search(shadow, max(start, stop - _BACK), stop):
            continue
        yield from _trimmed(shadow, at, match.end())
        at = match.end()
    yield from _trimmed(shadow, at, end)


def _trimmed(shadow: str, start: int, end: int) -> Iterator[Span]:
    while start < end and shadow[start].isspace():
        start += 1
    while start < end and shadow[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST:
        marks = (shadow.rfind(mark, start + _LONGEST // 2, start + _LONGEST) for mark in ("; ", ", ", " "))
        cut = next((place + 1 for place in marks if place > 0), start + _LONGEST)
        yield start, cut
        start = cut
    if start < end:
        yield start, end
