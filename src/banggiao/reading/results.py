"""Which clauses of a segment tell of something done or reached by the home side?"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from banggiao.reading import rules
from banggiao.reading.clauses import trimmed
from banggiao.reading.quick import quick
from banggiao.reading.types import Span
from banggiao.reading.views import View, pattern

_FUTURE = quick(
    r"(?<![\p{L}-])(?:sẽ|dự kiến|có thể|nếu|kỳ vọng|phấn đấu|cần|phải|mong muốn|hy vọng|đề nghị|yêu cầu|cam kết sẽ|dự báo)"
    r"(?![\p{L}-])(?! thiết)"
)
_YEAR = quick(r"(?:năm|những năm) (\d{4})")
_ALWAYS = (
    "result.done",
    "result.elided",
    "result.upgrade",
    "result.attained",
    "result.instrument",
    "result.exchanged",
    "result.signed",
    "result.ratified",
    "result.improved",
)
_PASSIVE = "result.passive"
_REPORTING = ("result.bettered", "result.counted", "result.fruits", "result.highlight", "result.effect", "result.doing")
# A clause shorter than this many syllables is a member of an enumeration, not a result by itself.
_SYLLABLES = 5


class Result(NamedTuple):
    """A result as found: offsets are those of the sentence; `opens` if the sentence sets a frame of account."""

    span: Span
    rule: str
    confidence: float
    subject: Span | None
    opens: bool


def can_tell(view: View, *, reporting: bool) -> int:
    """The bits of the rules that can find a result in the sentence; most need a section or words that set a frame of account."""
    known = _rules()
    framed = reporting or view.possible & known.frame.bit
    return view.possible & (known.always | known.told if framed else known.always)


def find_results(view: View, span: Span, *, reporting: bool, item: bool, year: int | None) -> list[Result]:
    """The results of text[span]. `reporting`: the section tells of work done; `item`: the span is an item of such a list."""
    possible = can_tell(view, reporting=reporting)
    if not possible and not item:
        return []
    text, (start, end) = view.text, span
    known = _rules()
    framed = view.first(known.frame, 0, min(start + 160, len(text))) is not None
    hits: list[_Hit] = []
    for rule in _in_order(possible):
        if rule.bit & known.told and not (reporting or framed):
            break
        for match in view.matches(rule, start, end):
            groups = match.groupdict()
            if rule is known.passive and not (groups["past"] or reporting or framed):
                continue
            where = next(match.start(key) for key in ("what", "what2", "what3") if groups.get(key) is not None)
            subject = match.span("subject") if groups.get("subject") else None
            begin = subject[0] if subject else where
            if not _FUTURE.search(text, start, where):
                hits.append(_Hit(begin, match.end("what") if groups.get("what") else match.end(), subject, rule))
            if rule is known.last:
                break
    if not (hits or item) or _background(text, year):
        return []
    if not hits:
        return [Result(trimmed(text, span), "result.item@1", 0.6, None, False)] if not _FUTURE.search(text, start, end) else []
    return _cut(text, span, hits, framed)


class _Hit(NamedTuple):
    start: int
    end: int
    subject: Span | None
    rule: rules.Rule


class _Rules(NamedTuple):
    """The rules by what they are for: the bits of those that always tell and of those that need a frame, and single ones."""

    ordered: tuple[rules.Rule, ...]
    always: int
    told: int
    frame: rules.Rule
    passive: rules.Rule
    last: rules.Rule


@cache
def _rules() -> _Rules:
    ordered = tuple(rules.rule(name) for name in (*_ALWAYS, _PASSIVE, *_REPORTING))
    told = sum(rules.rule(name).bit for name in _REPORTING)
    always = sum(rule.bit for rule in ordered) - told
    return _Rules(ordered, always, told, rules.rule("result.frame"), rules.rule(_PASSIVE), ordered[-1])


@lru_cache(maxsize=10_000)
def _in_order(possible: int) -> tuple[rules.Rule, ...]:
    return tuple(rule for rule in _rules().ordered if rule.bit & possible)


def _cut(text: str, span: Span, hits: list[_Hit], framed: bool) -> list[Result]:
    """Spans from each beginning to the next, and further cuts before concrete deeds."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or (hit.start >= kept[-1].end and _long(text, kept[-1].start, hit.start) and _long(text, hit.start, span[1])):
            kept.append(hit)
    found: list[Result] = []
    for n, hit in enumerate(kept):
        stop = kept[n + 1].start if n + 1 < len(kept) else span[1]
        for k, piece in enumerate(_pieces(text, hit.start, stop)):
            subject = hit.subject if k == 0 else None
            found.append(Result(trimmed(text, piece), hit.rule.label, hit.rule.confidence, subject, framed))
    return found


def _pieces(text: str, start: int, end: int) -> list[Span]:
    cuts = [start]
    for match in pattern("{own_result}").finditer(text, start, end):
        at = match.start()
        comma = max(text.rfind(",", start, at - 2) + 1, start)
        # A short member may stand between two concrete deeds.
        if (_long(text, comma, at) or comma + 1 == cuts[-1]) and _long(text, at, end):
            cuts.append(at)
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], end], strict=True)]


def _long(text: str, start: int, end: int) -> bool:
    return len(text[start:end].split()) >= _SYLLABLES


def _background(text: str, year: int | None) -> bool:
    """Old history, the state of the world, or a supposition."""
    if pattern(r"^(?:trong |từ |cho đến )?\L<backgrounds>(?![\p{L}-])").match(text):
        return True
    if pattern("{names_something}").search(text):
        return True
    years = [int(found) for found in _YEAR.findall(text)]
    return bool(year and years and max(years) < year - 3)
