"""Which agreements does a text speak of, of what kind, with whom, and how far have they come?

Agreements with a code stand in the lexicon (EVFTA); others are found by what they are called (rules of kind `agreement`).
The stage is read from the words before the agreement in its clause, the nearest last, else from those after it (rules of
kind `agreement_stage`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from banggiao.reading import rules
from banggiao.reading.gazetteer import Mention, Page, Places, entries, gazetteer
from banggiao.reading.numbers import read_number, read_words
from banggiao.reading.partners import HOME
from banggiao.reading.quantities import qualifier_before
from banggiao.reading.quick import quick
from banggiao.reading.types import Fact, Span

_LEFT, _RIGHT = 150, 70
_WORD_BEFORE = quick(
    r'(?:(?<!\p{L})(?:[Hh]ai |các |[Cc]ác )?(?:Hiệp định|hiệp định|Hiệp ước|FTA)(?: (?!và )[\p{L}–-]++){0,14}? ?\(?|")\Z'
)
_LISTED = quick(r"(?:, (?:với )?| và (?:với )?)\Z")
_ITEM = quick(r"[-+*•] |\(?(?:\d{1,2}|[a-zđ])[).] ")
_EXCHANGE = quick(r"(?:[Ll]ễ|[Bb]uổi) (?:ký|trao)|văn kiện (?:đã |được )?(?:ký|trao)")
_CLAUSE = quick(r"[;\n]|\. (?=\p{Lu})")
_NAMED_AFTER = quick(r",? (?:đã |được |cũng |này |vừa |đang |sẽ |chính |thức |[^,;.()\n]{0,40}? )?")


class _Found(NamedTuple):
    span: Span
    key: str
    name: str
    type: str
    parties: tuple[str, ...]
    confidence: float
    rule: str
    number: int | float | None = None
    collective: bool = False


def find_agreements(page: Page, partners: Sequence[Mention]) -> list[Fact]:
    """The agreements of the body of a page, one fact each, with all places in `mentions`."""
    text, states = page.text, Places(partners)
    coded = list(_coded(text))
    # "Hiệp định Bảo hộ đầu tư giữa ... (EVIPA)" is the agreement with the code, whatever else its words fit.
    starts = {row.span[0] for row in coded}
    found = [*coded, *(row for row in _ruled(text, states) if row.span[0] not in starts)]
    found.sort(key=lambda row: (row.span[0], -row.span[1], -row.confidence))
    stages = _Stages(page)
    facts: dict[str, Fact] = {}
    at = 0
    for row in found:
        sentence = page.sentence_at(row.span[0])
        if row.span[0] < at or sentence.cls != "body":
            continue
        at = row.span[1]
        stage = stages.of(row.span, sentence.span) or stages.of_list(row.span[0])
        first = facts.get(row.key)
        if first is not None:
            first.value["mentions"].append(list(row.span))
            if first.value["status"] is None:
                first.value["status"] = stage  # type: ignore[index]
            continue
        value: dict[str, Any] = {
            "name": row.name,
            "type": row.type,
            "parties": list(row.parties) or _parties(row.span, sentence.span, states, text),
            "status": stage,
            "collective": row.collective,
            "count": row.number,
            "mentions": [],
        }
        facts[row.key] = Fact("agreement", row.span, sentence.span, value, row.confidence, row.rule)
    return list(facts.values())


def _coded(text: str) -> Iterator[_Found]:
    for mention in gazetteer("agreements").find(text):
        start, end = mention.span
        entry = mention.entry
        if entry["code"] == "CEPA":
            # The kind, not an agreement: the rule for trade agreements reads it with its partner.
            continue
        before = _WORD_BEFORE.search(text[max(0, start - 120) : start])
        if before:
            start -= len(before.group())
            if before.group().endswith("(") and text[end : end + 1] == ")":
                end += 1
            elif before.group().endswith('"'):
                start += 1
        elif text[start - 1 : start] == "(":
            continue
        name = mention.surface if mention.surface.isupper() else text[start:end]
        parties = tuple(code for code in entry["parties"].split("|") if code)
        yield _Found((start, end), entry["code"], name, entry["type"], parties, 0.95, "agreement.code@1")


def _ruled(text: str, states: Places) -> Iterator[_Found]:
    for hit in rules.find("agreement", text):
        fields = hit.rule.fields
        start, end = hit.span
        if fields.get("fta"):
            yield from _trade(text, hit, states)
        elif fields.get("plural"):
            yield _Found(hit.span, "fta*", text[start:end], "fta", (), hit.rule.confidence, hit.rule.label, None, True)
        elif hit["number"] or hit["words"]:
            count = read_words(hit["words"]) if hit["words"] else read_number(hit["number"] or "")
            name = text[(hit.span_of("number") or hit.span_of("words") or hit.span)[0] : end]
            span = (qualifier_before(text, start)[1], end)
            yield _Found(
                span, f"{name} {start}", name, _kind(hit["head"] or ""), (), hit.rule.confidence, hit.rule.label, count, True
            )
        else:
            name = text[slice(*(hit.span_of("name") or hit.span))] if hit.rule.id == "agreement.quoted" else text[start:end]
            yield _Found((start, end), name.casefold(), name.strip(' "'), _kind(name), (), hit.rule.confidence, hit.rule.label)


def _trade(text: str, hit: rules.Hit, states: Places) -> Iterator[_Found]:
    start, end = hit.span
    kind = _kind(hit["head"] or "")
    if hit["party"]:
        listed = states.within(end, end + 200) if text[end : end + 2] == " (" else []
        stop = text.find(")", end, end + 300)
        parties = tuple(dict.fromkeys(m.entry["code"] for m in listed if m.span[0] < stop and m.entry["code"] != HOME))
        yield _Found(
            (start, end), text[start:end].casefold(), text[start:end], kind, parties, hit.rule.confidence, hit.rule.label
        )
        return
    at, first = end, True
    while (state := states.starting(at) or states.starting(at + 1)) is not None:
        if state.entry["code"] != HOME and state.entry["type"] in ("country", "territory", "bloc", "igo"):
            span = (start if first else state.span[0], state.span[1])
            name = f"{kind.upper()} Việt Nam - {state.surface}"
            yield _Found(
                span, f"{kind} {state.entry['code']}", name, kind, (state.entry["code"],), hit.rule.confidence, hit.rule.label
            )
            first = False
        following = states.within(state.span[1], state.span[1] + 8)
        if not following or not _LISTED.fullmatch(text[state.span[1] : following[0].span[0]]):
            return
        at = following[0].span[0]


@lru_cache(maxsize=1)
def _types() -> tuple[tuple[str, str], ...]:
    return tuple((rules.shadow(row["word"]), row["type"]) for row in entries("agreement_types"))


def _kind(words: str) -> str:
    lowered = words.casefold()
    if "ghi nhớ" in lowered[:24]:
        return "mou"
    places = [(lowered.find(word), -len(word), kind) for word, kind in _types() if word in lowered]
    return min(places)[2] if places and min(places)[0] < 45 else "agreement"


def _parties(span: Span, sentence: Span, states: Places, text: str) -> list[str]:
    """The partners named in the agreement or beside it in its sentence."""
    inside = [mention for mention in states.within(span[0], span[1]) if mention.entry["code"] != HOME]
    near = inside or [
        mention
        for mention in states.within(max(sentence[0], span[0] - 100), min(sentence[1], span[1] + 60))
        if mention.entry["code"] != HOME
        and mention.entry["type"] != "region"
        and not _CLAUSE.search(text, min(span[1], mention.span[0]), max(span[0], mention.span[1]))
    ]
    return list(dict.fromkeys(mention.entry["code"] for mention in near))


class _Stages:
    """The words for stages in the sentences asked about; each sentence is searched once."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._hits: dict[Span, Sequence[rules.Hit]] = {}

    def of(self, span: Span, sentence: Span) -> str | None:
        """The stage the sentence gives the agreement in the span."""
        text = self._page.text
        left, right = max(sentence[0], span[0] - _LEFT), min(sentence[1], span[1] + _RIGHT)
        for cut in _CLAUSE.finditer(text, left, span[0]):
            left = cut.end()
        after = _CLAUSE.search(text, span[1], right)
        right = after.start() if after else right
        hits = self._in(sentence)
        leading = [hit for hit in hits if left <= hit.span[0] and hit.span[1] <= span[0]]
        if leading:
            return _last(leading)
        following = [hit for hit in hits if span[0] <= hit.span[0] and hit.span[1] <= right]
        return str(min(following, key=lambda hit: (hit.span[0], -hit.span[1])).rule.fields["status"]) if following else None

    def of_list(self, offset: int) -> str | None:
        """The stage an item of a list has from the sentence that leads into the list."""
        page = self._page
        number = page.index_at(offset)
        if not _ITEM.match(page.text, page.sentences[number].span[0]):
            return None
        for earlier in reversed(page.sentences[max(0, number - 20) : number]):
            if page.text[earlier.span[1] - 1] == ":":
                hits = self._in(earlier.span)
                exchanged = _EXCHANGE.search(page.text, *earlier.span)
                return _last(hits) if hits else "signed" if exchanged else None
            if not _ITEM.match(page.text, earlier.span[0]):
                return None
        return None

    def _in(self, sentence: Span) -> Sequence[rules.Hit]:
        if sentence not in self._hits:
            self._hits[sentence] = rules.find("agreement_stage", self._page.text, *sentence)
        return self._hits[sentence]


def _last(hits: Sequence[rules.Hit]) -> str:
    # Of two rules ending together the longer one says more ("để ký kết" is not "ký kết").
    return str(max(hits, key=lambda hit: (hit.span[1], -hit.span[0])).rule.fields["status"])
