"""Which clauses of a segment tell of something lacking?"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from banggiao.reading import needs, rules
from banggiao.reading.clauses import trimmed
from banggiao.reading.types import Span

_SUBJECT = regex.compile(
    r", (?=(?!(?:chưa|còn|vẫn|thiếu|không|và|hoặc|nhất là|đặc biệt|do|dẫn đến|khiến|gây|ảnh hưởng|để|như) )\p{L})"
)
_OPEN = regex.compile(
    r"^(?:(?:tuy nhiên|tuy vậy|tuy thế|song|dù vậy|ngoài ra|bên cạnh đó|cùng với đó|mặt khác|thế nhưng|đồng thời|đáng chú ý|hơn nữa),? |(?:về|đối với|bên cạnh) [^,;:]{1,60}, |nguyên nhân[^,;:]{0,40} là (?:do )?|(?:những |các |một số )?(?:khó khăn|hạn chế|tồn tại|bất cập|vướng mắc)[^,;:]{0,40} là )++"
)
# What needs no turn of the sentence to be read as a complaint.
_PLAIN = regex.compile(
    r"(?:vẫn )?còn (?:nhiều |rất |khá |gặp )?(?:chậm|hạn chế|bất cập|thiếu|yếu|lúng túng|manh mún)(?![\p{L}-])|có lúc chưa|(?:vẫn )?còn (?:tình trạng|hiện tượng|tâm lý)|(?:nằm|chỉ) trên giấy|chưa (?:thật sự |thực sự |được |thật )?(?:kịp thời|tương xứng|đáp ứng|đồng bộ|chặt chẽ|hiệu quả|thường xuyên|bài bản|rõ nét|thực chất|đầy đủ|toàn diện|bền vững|đồng đều|phát huy|khai thác|tận dụng|chủ động|theo kịp|sâu sát|quyết liệt|khai thác hết)(?![\p{L}-])"
)
_TELLING = regex.compile(r"(?:nhìn nhận|cho rằng|thừa nhận|thẳng thắn|chỉ ra|cho biết|cho thấy|đánh giá)(?: rằng)?,? ")


def find_shortcomings(text: str, span: Span, *, in_section: bool, sure: bool) -> Iterator[tuple[Span, str, float]]:
    """Spans of shortcomings in text[span], with rule and confidence. `sure`: the span is an item of a list of them. Outside a section of
    shortcomings the sentence itself must set against: "tuy nhiên", "song", "mặc dù"."""
    rule = rules.rule("shortcoming.cue")
    start, end = span
    cues = [match.start() for match in needs.matches(rule, text, start, end)]
    if not cues:
        if sure:
            yield trimmed(text, span), rule.label, 0.6
        return
    turn = needs.pattern(r"(?<![\p{L}-])\L<adversatives>(?![\p{L}-])").search(text, 0, max(cues) + 1)
    plain = _PLAIN.search(text, start, end)
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
    opened = _OPEN.match(text[start:cue])
    begin = start + opened.end() if opened else start
    told = None
    for told in _TELLING.finditer(text, begin, cue):
        pass
    if told is not None:
        return told.end()
    turn = None
    for turn in needs.pattern(r"(?<=[\p{L},] )(?:mặc dù|mặc dầu|tuy nhiên|nhưng)(?= )").finditer(text, begin, cue):
        pass
    return turn.end() + 1 if turn is not None and not whole else begin
