"""Which clauses of a segment tell of something lacking?"""

from __future__ import annotations

from collections.abc import Iterator

from banggiao.reading import rules
from banggiao.reading.clauses import trimmed
from banggiao.reading.quick import quick
from banggiao.reading.types import Span
from banggiao.reading.views import View, pattern

# A comma before words that bring a subject of their own.
_SUBJECT = quick(r", (?=(?!(?:chưa|còn|vẫn|thiếu|không|và|hoặc|nhất là|đặc biệt|do|dẫn đến|khiến|gây|ảnh hưởng|để|như) )\p{L})")
_TELLING = quick(r"(?:nhìn nhận|cho rằng|thừa nhận|thẳng thắn|chỉ ra|cho biết|cho thấy|đánh giá)(?: rằng)?,? ")


def find_shortcomings(view: View, span: Span, *, in_section: bool, sure: bool) -> Iterator[tuple[Span, str, float]]:
    """Spans of shortcomings in text[span], with rule and confidence. `sure`: the span is an item of a list of them.

    Outside a section of shortcomings the sentence itself must set against ("tuy nhiên", "song", "mặc dù") or complain plainly.
    """
    rule, text = rules.rule("shortcoming.cue"), view.text
    start, end = span
    cues = [match.start() for match in view.matches(rule, start, end)]
    if not cues:
        if sure:
            yield trimmed(text, span), rule.label, 0.6
        return
    turn = pattern(r"(?<![\p{L}-])\L<adversatives>(?![\p{L}-])").search(text, 0, max(cues) + 1)
    plain = pattern("{plain_fault}").search(text, start, end)
    if not (in_section or sure or turn or plain):
        return
    begin = _beginning(text, start, cues[0], in_section or sure)
    cuts = [begin]
    for comma in _SUBJECT.finditer(text, cues[0], end):
        after = [cue for cue in cues if cue >= comma.end()]
        if after and after[0] > comma.end() + 3 and any(cuts[-1] <= cue < comma.start() for cue in cues):
            cuts.append(comma.end())
    for left, right in zip(cuts, [*cuts[1:], end], strict=True):
        piece = trimmed(text, (left, right))
        if piece[1] - piece[0] >= 8:
            yield piece, rule.label, rule.confidence if in_section or sure else rule.confidence - 0.1


def _beginning(text: str, start: int, cue: int, whole: bool) -> int:
    """Where the shortcoming begins: after the words that open the sentence, after who says it, at the turn inside a clause."""
    opened = pattern("{fault_opening}").match(text[start:cue])
    begin = start + opened.end() if opened else start
    told = max((match.end() for match in _TELLING.finditer(text, begin, cue)), default=None)
    if told is not None:
        return told
    turns = pattern(r"(?<=[\p{L},] )(?:mặc dù|mặc dầu|tuy nhiên|nhưng)(?= )").finditer(text, begin, cue)
    turn = max((match.end() for match in turns), default=None)
    return turn + 1 if turn is not None and not whole else begin
