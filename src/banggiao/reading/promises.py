"""Who promised what to whom: commitments of ours, of theirs, and of both sides?"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from banggiao.reading import clauses, rules, slots
from banggiao.reading.gazetteer import page_of
from banggiao.reading.layout import Layout
from banggiao.reading.quick import quick
from banggiao.reading.statements import mentions, one_line
from banggiao.reading.types import Fact, Span
from banggiao.reading.views import View

# Agreeing on a view or on the past is no promise.
_VIEWS = quick(
    r"(?:cho rằng|đánh giá|nhận định|rằng quan hệ|về tầm quan trọng|hoan nghênh|với (?:đánh giá|nhận định|quan điểm)|cao )"
    r"|.{0,12}(?<!đã )đã (?!ký|thỏa thuận|đạt)"
)
_UPGRADE = quick(r"(?:chính thức )?(?:nâng cấp|nâng|thiết lập|xác lập) (?:khuôn khổ )?quan hệ")
_NEXT = quick(r"(?:,| và|;) (?=(?:sẽ |cam kết |nhất trí |phấn đấu )(?:\p{L}))")
_MIN = 10


def find_promises(layout: Layout, entities: Sequence[Fact] = (), year: int | None = None) -> list[Fact]:
    """Commitments in order of their place."""
    partners = sorted((span, str(fact.value["code"])) for fact in entities if fact.kind == "partner" for span in mentions(fact))
    usual = next((code for code, _count in Counter(code for _span, code in partners).most_common(1)), None)
    found: list[Fact] = []
    page = page_of(layout)
    words = rules.words_in(page.text)
    for sentence in layout.sentences:
        if sentence.cls == "body" and words.possible(sentence.span[0]) & rules.bits_of("promise"):
            text = page.quiet(sentence.span)
            view = View(text, sentence.span[0], words)
            for span, rule, side in _in_sentence(view):
                found.append(_fact(layout, sentence.span, view, span, rule, side, partners, usual, year))
    return found


def _in_sentence(view: View) -> Iterator[tuple[Span, rules.Rule, str]]:
    text, at = view.text, 0
    hits = [(match, rule) for rule in view.candidates("promise") for match in view.matches(rule)]
    hits.sort(key=lambda hit: hit[0].start())
    for n, (match, rule) in enumerate(hits):
        start = match.start("what")
        if match.start() < at or _VIEWS.match(text, start) or _UPGRADE.match(text, start):
            continue
        stop = next((after.start() for after, _rule in hits[n + 1 :] if after.start() > start), len(text))
        for left, right in _parts(text, start, stop):
            span = clauses.trimmed(text, (left, right))
            if span[1] - span[0] >= _MIN:
                yield span, rule, str(rule.fields["side"])
        at = stop


def _parts(text: str, start: int, stop: int) -> Iterator[Span]:
    end = text.find(";", start, stop)
    end = stop if end < 0 else end
    at = start
    for match in _NEXT.finditer(text, start, end):
        yield at, match.start()
        at = match.end()
    yield at, end


def _fact(
    layout: Layout,
    sentence: Span,
    view: View,
    span: Span,
    rule: rules.Rule,
    side: str,
    partners: Sequence[tuple[Span, str]],
    usual: str | None,
    year: int | None,
) -> Fact:
    words = view.text[span[0] : span[1]]
    limit = slots.deadline(view, span, year)
    left, right = bisect_left(partners, ((sentence[0], 0), "")), bisect_left(partners, ((sentence[1], 0), ""))
    named = list(dict.fromkeys(code for _place, code in partners[left:right]))
    value = {
        "side": side,
        "what": " ".join(layout.text[sentence[0] + span[0] : sentence[0] + span[1]].split()),
        "parties": named or ([usual] if usual else []),
        "deadline": (limit.due or limit.words) if limit else None,
        "measurable": slots.measurable(words, limit),
    }
    place = one_line(layout.text, sentence[0] + span[0], sentence[0] + span[1])
    how = "the partner the document names most" if usual and not named else None
    return Fact("commitment", place, sentence, value, rule.confidence, rule.label, how)
