"""Where do sentences begin and end?

Vietnamese prose ends a sentence with . ! ? or … before a capital; abbreviations (TP., PGS.TS.), initials, numbers (1.600) and list
markers (1. a)) do not end one. A sentence may run over a line end where the next line carries it on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from banggiao.reading.types import LineClass, Span

# The stop, closing marks, space, and then what can begin a sentence. The lookbehind keeps abbreviations, initials and list numbers whole.
_BOUNDARY = regex.compile(
    r"""(?:(?<!\b(?:TP|Tp|tp|Q|P|TS|ThS|GS|PGS|KS|BS|NSND|NSƯT|St|Mr|Mrs|Ms|Dr|Jr|No|vs|Tr|Th|Đ|TX|Tx|KT|TM|TL|ĐT|VD|Vd|v\.v|tr)\.)
        (?<!(?<![\p{L}\p{N}])\p{Lu}\.)(?<!(?<![\p{L}\p{N}.,])\d{1,2}\.))
        (?<=[.!?…]["')\]”’]?+|[.!?…][\p{L}\p{N}]?\])
        (?:[ ]++(?=["'“‘(\[]?[\p{Lu}\p{N}“-])|(?<=\p{Ll}[.!?])(?=\p{Lu}\p{Ll}+\s))""",
    regex.VERBOSE | regex.VERSION1,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its span in the canonical text, the class of its line, and the 1-based number of the line it starts on."""

    span: Span
    cls: LineClass
    line: int


def split(shadow: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of shadow[start:end], without the spaces around them."""
    at = start
    for match in _BOUNDARY.finditer(shadow, start, end):
        yield from _trimmed(shadow, at, match.start())
        at = match.end()
    yield from _trimmed(shadow, at, end)


def _trimmed(shadow: str, start: int, end: int) -> Iterator[Span]:
    while start < end and shadow[start].isspace():
        start += 1
    while start < end and shadow[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
