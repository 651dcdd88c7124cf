"""How is a text laid out: which lines are body, and which sentences does it hold?

`build_layout` is the one door. `Layout.shadow` is the text as rules see it: equal length, so every offset is an
offset of the text; where a sentence runs over a line end, the shadow has a space there.
"""

from __future__ import annotations

from dataclasses import dataclass

from banggiao.reading import rules
from banggiao.reading.lines import TextLine, classify_lines, continues
from banggiao.reading.sentences import Sentence, split
from banggiao.reading.types import Hints, Span

__all__ = ["Layout", "Sentence", "TextLine", "build_layout"]


_NO_HINTS = Hints()


# Two layouts are the same only if they are one: what is worked out from one is kept for it (`gazetteer.page_of`).
@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The canonical text, its lines and its sentences in order of their place (sentences of every class of line)."""

    text: str
    lines: tuple[TextLine, ...]
    sentences: tuple[Sentence, ...]
    shadow: str

    def slice(self, span: Span) -> str:
        """The text in the span, as it stands in the document."""
        return self.text[span[0] : span[1]]

    def line_at(self, offset: int) -> TextLine:
        """The line the offset stands on."""
        low, high = 0, len(self.lines) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.lines[middle].span[0] <= offset:
                low = middle
            else:
                high = middle - 1
        return self.lines[low]


def build_layout(text: str, hints: Hints = _NO_HINTS) -> Layout:
    """The layout of a canonical text (NFC, line ends `\\n`). Linear in the length of the text."""
    shadow = rules.shadow(text)
    lines = classify_lines(text, shadow, hints)
    joined: list[int] = []
    sentences: list[Sentence] = []
    at = 0
    while at < len(lines):
        first = last = at
        while continues(lines, last):
            joined.append(lines[last].span[1])
            last += 1
        at = last + 1
        start, end = lines[first].span[0], lines[last].span[1]
        if start < end:
            sentences += _sentences(shadow, lines, first, last)
    return Layout(text, lines, tuple(sentences), _with_spaces(shadow, joined))


def _sentences(shadow: str, lines: tuple[TextLine, ...], first: int, last: int) -> list[Sentence]:
    start, end, cls = lines[first].span[0], lines[last].span[1], lines[first].cls
    if first == last:
        return [Sentence(span, cls, lines[first].number) for span in split(shadow, start, end)]
    flat = shadow[start:end].replace("\n", " ")
    found, row = [], first
    for left, right in split(flat, 0, len(flat)):
        while row < last and lines[row].span[1] <= start + left:
            row += 1
        found.append(Sentence((start + left, start + right), cls, lines[row].number))
    return found


def _with_spaces(shadow: str, places: list[int]) -> str:
    if not places:
        return shadow
    parts, at = [], 0
    for place in places:
        parts += [shadow[at:place], " "]
        at = place + 1
    return "".join([*parts, shadow[at:]])
