"""Which numbers of things does a text give, with unit, qualifier, period and comparison?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from banggiao.reading import rules
from banggiao.reading.dates import When
from banggiao.reading.gazetteer import Page
from banggiao.reading.numbers import SCALES, Number, read_number, read_words
from banggiao.reading.quick import Pattern, quick
from banggiao.reading.types import Fact, Span

_RATIOS = {"đôi": 2, "ba": 3, "bốn": 4, "năm": 5, "rưỡi": 1.5}
_MEANING = quick(r"[^,;.()\n\"]{0,90}+")
_COMPARED = quick(
    r"[^;.\n(]{0,60}?(?<compared>so với [^,;.()\n]{3,60}+)|[^;.,\n(]{0,40} ?\((?<compared>(?:gấp|tăng|giảm|bằng)[^)\n]{2,60}+)\)"
)
_BRACKETS = quick(r"\([^()\n]{0,200}+\)")
_PHRASE_END = quick(r"[;.\n]")


def find_quantities(page: Page, dates: Sequence[When], taken: Sequence[Span]) -> list[Fact]:
    """The quantities of the body of a page; `taken` are spans of numbers that belong to something else (codes, dates)."""
    text = page.text
    facts: list[Fact] = []
    blocked = sorted([*(when.span for when in dates), *taken])
    hits = sorted(rules.find("quantity", text), key=lambda hit: (hit.span[0], -hit.span[1]))
    at, block = 0, 0
    for hit in hits:
        start, end = hit.span
        if start < at:
            continue
        number = _number(hit)
        place = hit.span_of("number") or hit.span_of("words") or hit.span
        while block < len(blocked) and blocked[block][1] <= place[0]:
            block += 1
        if number is None or (block < len(blocked) and blocked[block][0] < place[1]):
            continue
        sentence = page.sentence_at(start)
        if sentence.cls != "body" or (_is_year(hit) and not hit["scale"]):
            continue
        at = end
        facts.append(_fact(text, hit, number, sentence.span, dates))
    return facts


def qualifier_before(text: str, start: int) -> tuple[str | None, int]:
    """The word that qualifies the number at `start` ("gần", "hơn") and where it begins; None and `start` if there is none."""
    if not text.endswith(_qualifier_ends(), max(0, start - 18), start):
        return None, start
    match = _qualifier().search(text, max(0, start - 18), start)
    return (match.group(1), match.start()) if match else (None, start)


def _fact(text: str, hit: rules.Hit, number: Number, evidence: Span, dates: Sequence[When]) -> Fact:
    start, end = hit.span
    qualifier, start = (hit["qualifier"], start) if hit["qualifier"] else qualifier_before(text, start)
    unit = hit["unit"] or hit["open"] or hit.rule.fields.get("unit")
    unit_span = hit.span_of("unit") or hit.span_of("open") or (end, end)
    rest = _MEANING.match(text, unit_span[0], evidence[1])
    compared = _COMPARED.match(text, end, evidence[1])
    qualifier = hit.rule.fields.get("qualifier") or qualifier
    value = {
        "number": number,
        "unit": unit,
        "meaning": " ".join(rest.group().split()) if rest and rest.group().strip() else unit,
        "period": _period(text, hit.span, evidence, dates),
        "qualifier": qualifier.lower() if qualifier else None,
        "comparison": compared["compared"] if compared else None,
    }
    upper = read_number(hit["upper"]) if hit["upper"] else None
    if upper is not None:
        value["upper"] = _scaled(upper, hit["scale"])
    if hit["of"]:
        value["of"] = read_number(hit["of"])
    confidence = hit.rule.confidence if hit["open"] is None else 0.5
    return Fact("quantity", (start, end), evidence, value, confidence, hit.rule.label)


@lru_cache(maxsize=1)
def _qualifier_ends() -> tuple[str, ...]:
    return tuple({word.split(" ")[-1] + " " for word in rules.word_lists()["qualifiers_any"]})


@lru_cache(maxsize=1)
def _qualifier() -> Pattern:
    return rules.compile_pattern(r"(?<!\p{L})(\L<qualifiers_any>) \Z")


def _number(hit: rules.Hit) -> Number | None:
    if hit["ratio"]:
        return _RATIOS[hit["ratio"]]
    if hit["digits"]:
        return int(hit.rule.fields["number"])
    value = read_words(hit["words"]) if hit["words"] else read_number(hit["number"] or "")
    return None if value is None else _scaled(value, hit["scale"])


def _scaled(value: Number, scale: str | None) -> Number:
    for word in (scale or "").split():
        if word in SCALES:
            value = value * SCALES[word]
    rounded = round(value, 6)
    return int(rounded) if float(rounded).is_integer() else rounded


def _is_year(hit: rules.Hit) -> bool:
    """Four bare figures beginning with 19 or 20 are a year unless something usual is counted."""
    figures = hit["number"] or ""
    return len(figures) == 4 and figures[:2] in ("19", "20") and hit["open"] is not None


def _period(text: str, span: Span, evidence: Span, dates: Sequence[When]) -> str | None:
    """The expression of time nearest to the number in its sentence, rather in the same phrase.

    What stands in brackets tells of the words in them: "(gấp đôi năm 2024)" dates no number outside.
    """
    best: tuple[int, str] | None = None
    brackets = [match.span() for match in _BRACKETS.finditer(text, *evidence)]
    own = _bracket(span, brackets)
    # The dates are in order and do not overlap; only those of the sentence matter.
    for when in dates[bisect_left(dates, evidence[0], key=_start) : bisect_left(dates, evidence[1], key=_start)]:
        if when.span[1] > evidence[1] or _bracket(when.span, brackets) not in (None, own):
            continue
        between = text[when.span[1] : span[0]] if when.span[1] <= span[0] else text[span[1] : when.span[0]]
        between = _BRACKETS.sub("", between)
        distance = len(between) + 200 * len(_PHRASE_END.findall(between))
        if best is None or distance < best[0]:
            best = (distance, when.value)
    return best[1] if best else None


def _start(when: When) -> int:
    return when.span[0]


def _bracket(span: Span, brackets: Sequence[Span]) -> Span | None:
    return next((bracket for bracket in brackets if bracket[0] <= span[0] and span[1] <= bracket[1]), None)
