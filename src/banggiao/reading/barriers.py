"""Which named obstacles to trade does a text speak of, and who imposes them?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from banggiao.reading import rules
from banggiao.reading.gazetteer import page_of
from banggiao.reading.layout import Layout, Sentence
from banggiao.reading.statements import mentions
from banggiao.reading.types import Fact, Span

# Whoever imposes an obstacle is named near it.
_REACH = 120


def find_barriers(layout: Layout, entities: Sequence[Fact] = ()) -> list[Fact]:
    """Obstacles in order of their place: one fact for a name and partner, with the other places in `value.mentions`."""
    partners = sorted((span, str(fact.value["code"])) for fact in entities if fact.kind == "partner" for span in mentions(fact))
    found: dict[tuple[str, str | None, str], list[Any]] = {}
    at = 0
    for hit in rules.find("barrier", page_of(layout).text):
        start, end = hit.span
        while start < end and layout.shadow[end - 1] in " ,":
            end -= 1
        if start < at:
            continue
        sentence = _sentence(layout, start)
        if sentence is None or sentence.cls != "body" or end > sentence.span[1] or "\n" in layout.text[start:end]:
            continue
        at = end
        fields = hit.rule.fields
        by = fields["partner"] or _near(partners, (start, end), sentence.span)
        key = (hit.rule.id, by, "" if fields["code"] else layout.shadow[start:end].lower())
        found.setdefault(key, [hit.rule, sentence, fields, by, []])[4].append((start, end))
    facts = [_fact(layout, *row) for row in found.values()]
    return sorted(facts, key=lambda fact: fact.span)


def _fact(
    layout: Layout, rule: rules.Rule, sentence: Sentence, fields: dict[str, Any], partner: str | None, spans: list[Span]
) -> Fact:
    value = {
        "what": layout.slice(spans[0]),
        "type": fields["type"],
        "code": fields["code"],
        "partner": partner,
        "actor": None,
        "period": None,
        "mentions": [list(span) for span in spans[1:]],
    }
    how = "who imposes it, from its name" if fields["partner"] else None
    return Fact("barrier", spans[0], sentence.span, value, rule.confidence, rule.label, how)


def _near(partners: Sequence[tuple[Span, str]], span: Span, sentence: Span) -> str | None:
    """The partner nearest in the sentence, before rather than after."""
    best: tuple[int, str] | None = None
    for place, code in partners[bisect_left(partners, ((sentence[0], 0), "")) : bisect_left(partners, ((sentence[1], 0), ""))]:
        distance = span[0] - place[1] if place[1] <= span[0] else (place[0] - span[1]) * 2
        if -1 <= distance <= 2 * _REACH and (best is None or distance < best[0]):
            best = distance, code
    return best[1] if best else None


def _sentence(layout: Layout, offset: int) -> Sentence | None:
    low, high = 0, len(layout.sentences) - 1
    while low <= high:
        middle = (low + high) // 2
        sentence = layout.sentences[middle]
        if sentence.span[1] <= offset:
            low = middle + 1
        elif sentence.span[0] > offset:
            high = middle - 1
        else:
            return sentence
    return None
