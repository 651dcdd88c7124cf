"""Which governing documents does a text cite, by code (57-NQ/TW) or by number and issuer (Directive 15 of the Secretariat)?

The canonical number is the code as the issuer writes it. Where the text has the number only, the code follows from issuer
and kind, or from the list of documents everybody cites by number; the fact then says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from banggiao.reading import rules
from banggiao.reading.dates import When
from banggiao.reading.gazetteer import Page, entries
from banggiao.reading.quick import Pattern, quick
from banggiao.reading.types import Fact, Span

_SIGN = quick(r"\d++[-/](?:\d{4}[-/])?+(?<sign>\p{L}++)(?:&\p{L}++)*+(?<session>\d++)?(?:[-/](?<issuer>[\p{L}\d&]++))?")
_DATE_AFTER = quick(r",? (?:ban hành |ký )?(?=[Nn]gày (?<figures>))")
_ISSUER_AFTER = quick(
    r"[^.;\n]{0,60}? của (?<issuer>Ban Bí thư|Bộ Chính trị|Ban Chấp hành Trung ương|Chính phủ|Quốc hội)(?!\p{L})"
)
_SUBJECT = quick(r"(?:,? (?:ngày|của) [\p{L}\d/ ]{3,40}?)?,? về (?<subject>[^,;.()\n\"]{5,160}+)")
_NUMBER = quick(r"\d++")


def find_legal_documents(page: Page, dates: Sequence[When]) -> list[Fact]:
    """The documents cited on a page, one fact each, with all places in `mentions`."""
    facts: dict[str, Fact] = {}
    at = 0
    for hit in sorted(rules.find("legal_document", page.text), key=lambda hit: (hit.span[0], -hit.span[1])):
        if hit.span[0] < at:
            continue
        at = hit.span[1]
        for number, span, value, inferred in _documents(page.text, hit):
            first = facts.get(number)
            if first is not None:
                first.value["mentions"].append(list(span))
                continue
            value |= {
                "number": number,
                "date": _date(page.text, hit.span[1], dates),
                "subject": _subject(page.text, hit.span[1]),
                "mentions": [],
            }
            confidence = hit.rule.confidence
            facts[number] = Fact(
                "legal_document", span, page.sentence_at(span[0]).span, value, confidence, hit.rule.label, inferred
            )
    return _settled(facts)


def kind_of(number: str) -> str | None:
    """The kind of document a code stands for: `57-NQ/TW` is a resolution."""
    sign = _SIGN.match(number)
    return _codes("kind").get(sign["sign"]) if sign else None


def _documents(text: str, hit: rules.Hit) -> Iterator[tuple[str, Span, dict[str, Any], str | None]]:
    kind = (hit["type"] or "").capitalize()
    if hit["number"]:
        number = hit["number"]
        before = _type_before().search(text, max(0, hit.span[0] - 45), hit.span[0])
        kind = (before["type"] or "").capitalize() if before else ""
        span = (before.start() if before else hit.span[0], hit.span[1])
        sign = _SIGN.match(number)
        code, issuer = (sign["sign"], sign["issuer"]) if sign else ("", None)
        name = (
            _codes("party_issuer").get(code)
            if issuer == "TW"
            else ("Quốc hội" if code == "QH" else _codes("issuer").get(issuer or ""))
        )
        said = _ISSUER_AFTER.match(text, hit.span[1]) if issuer == "TW" else None
        how = None if said or not name else "issuer from the code"
        yield number, span, {"type": kind or _codes("kind").get(code), "issuer": said["issuer"] if said else name}, how
        return
    issuer = hit["issuer"]
    places = [hit.span_of("plain") or hit.span]
    more = hit.span_of("more")
    if more:
        places += [match.span() for match in _NUMBER.finditer(text, *more)]
    for position, place in enumerate(places):
        digits = text[slice(*place)]
        span = hit.span if position == 0 and len(places) == 1 else (hit.span[0] if position == 0 else place[0], place[1])
        number, name, how = _canonical(kind, digits, issuer)
        yield number, span, {"type": kind, "issuer": name}, how


@cache
def _codes(part: str) -> dict[str, str]:
    return {row["code"]: row["name"] for row in entries("document_codes") if row["part"] == part}


@lru_cache(maxsize=1)
def _type_before() -> Pattern:
    return rules.compile_pattern(r"(?<!\p{L})(?<type>\L<legal_types_any>) (?:[Ss]ố ?:? ?)?\Z")


def _canonical(kind: str, digits: str, issuer: str | None) -> tuple[str, str | None, str | None]:
    if issuer:
        name = "Thủ tướng Chính phủ" if issuer == "Thủ tướng" else issuer
        signs = [row for row in entries("document_signs") if (row["type"], row["issuer"]) == (kind, issuer)]
        if not signs:
            return digits, name, None
        return f"{digits}{signs[0]['joint']}{signs[0]['sign']}", name, "code from issuer and type; the text has the number only"
    known = [
        entry
        for entry in entries("legal_documents")
        if entry["type"] == kind and entry["code"].split("-")[0].split("/")[0] == digits
    ]
    party = [entry for entry in known if entry["code"].endswith("/TW")] or known
    if len(party) == 1:
        return party[0]["code"], party[0]["issuer"], "code of the document everybody cites by this number"
    return digits, None, None


def _date(text: str, end: int, dates: Sequence[When]) -> str | None:
    joint = _DATE_AFTER.match(text, end)
    if joint is None:
        return None
    places = (joint.end(), joint.start("figures"))
    return next((when.value for when in dates if when.span[0] in places and when.precision == "day"), None)


def _subject(text: str, end: int) -> str | None:
    match = _SUBJECT.match(text, end)
    return match["subject"].strip() if match else None


def _settled(facts: dict[str, Fact]) -> list[Fact]:
    """A bare number is the coded document of that number where the text has one."""
    kept: dict[str, Fact] = dict(facts)
    for number, fact in facts.items():
        if not number.isdigit():
            continue
        owners = [
            other
            for code, other in facts.items()
            if code.split("-")[0].split("/")[0] == number and code != number and other.value["type"] == fact.value["type"]
        ]
        if len(owners) == 1:
            owners[0].value["mentions"].extend([list(fact.span), *fact.value["mentions"]])
            del kept[number]
    return list(kept.values())
