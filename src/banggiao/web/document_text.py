"""How is a document's text cut into parts, paragraphs, sentences and stretches that belong to a fact?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from banggiao.reading.sentences import split
from banggiao.sources.models import Document, Fact
from banggiao.web.parts import Sentence, TextBlock, TextPart

#: A part of a long document ends at a line end after so many facts or characters: what a page holds and a reader overlooks.
PART_FACTS = 120
PART_CHARACTERS = 40_000

Span = tuple[int, int]


def parts_of(text: str, starts: Sequence[int]) -> list[Span]:
    """The stretches of the text that are shown as one page each; `starts` is where its facts begin, in order."""
    if len(starts) <= PART_FACTS * 3 // 2 and len(text) <= PART_CHARACTERS * 2:
        return [(0, len(text))]
    parts: list[Span] = []
    begin = 0
    while begin < len(text):
        first = bisect_left(starts, begin)
        full = starts[first + PART_FACTS] if first + PART_FACTS < len(starts) else len(text)
        end = text.find("\n", min(full, begin + PART_CHARACTERS))
        end = len(text) if end < 0 else end + 1
        parts.append((begin, end))
        begin = end
    return parts or [(0, 0)]


def part_at(parts: Sequence[Span], offset: int) -> int:
    """The number, from 0, of the part that an offset lies in."""
    return max(bisect_right([start for start, _end in parts], offset) - 1, 0)


def text_blocks(
    document: Document, facts: Sequence[Fact], span: Span | None = None, cited: int | None = None
) -> tuple[list[TextBlock], list[Span]]:
    """The text as sentences in which every stretch names its innermost fact; and (offset, number) of each sentence.

    The sentence at the offset `cited` bears the anchor `at`.
    """
    classes = {int(line): cls for line, cls in document.lines}
    blocks: list[TextBlock] = []
    places: list[Span] = []
    begin, end = span or (0, len(document.text))
    starts, longest = [fact.start for fact in facts], max((fact.end - fact.start for fact in facts), default=0)
    at = begin
    for number, line in enumerate(document.text[begin:end].split("\n"), document.text.count("\n", 0, begin) + 1):
        spans = list(split(document.text, at, at + len(line)))
        if spans:
            sentences = []
            for left, right in spans:
                places.append((left, len(places) + 1))
                near = facts[bisect_left(starts, left - longest) : bisect_left(starts, right)]
                stretches = _stretches(document.text, left, right, near)
                if cited is not None and left <= cited < right:
                    stretches[0] = replace(stretches[0], anchors=[*stretches[0].anchors, "at"])
                sentences.append(Sentence(number=len(places), parts=stretches, offset=left))
            blocks.append(TextBlock(sentences=sentences, kind=_kind(classes.get(number, "body"), line)))
        at += len(line) + 1
    return blocks, places


def sentence_of(places: Sequence[Span], offset: int) -> tuple[int, ...]:
    """The number of the sentence that an offset lies in, if there is one."""
    place = bisect_right([start for start, _number in places], offset)
    return (places[place - 1][1],) if place else ()


def _stretches(text: str, start: int, end: int, facts: Sequence[Fact]) -> list[TextPart]:
    here = [fact for fact in facts if fact.end > start]
    cuts = sorted({start, end, *(min(max(p, start), end) for fact in here for p in (fact.start, fact.end))})
    parts = []
    for left, right in zip(cuts, cuts[1:], strict=False):
        over = [fact for fact in here if fact.start <= left and right <= fact.end]
        inner = min(over, key=lambda fact: fact.end - fact.start, default=None)
        begins = [str(fact.pk) for fact in here if fact.start == left]
        linked = inner is not None and text[left:right].strip()  # a link of nothing but a space has no name
        parts.append(TextPart(text=text[left:right], fact=str(inner.pk) if linked and inner else "", anchors=begins))
    return parts


def _kind(cls: str, line: str) -> Any:
    if cls in ("heading", "boilerplate", "caption"):
        return {"heading": "heading", "boilerplate": "aside", "caption": "aside"}[cls]
    return "item" if line.lstrip().startswith(("- ", "– ", "• ", "* ", "+ ")) else "paragraph"
