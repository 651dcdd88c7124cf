"""Who, what and where does a text name? People, bodies, partners, places, governing documents, agreements and quantities as
facts.

A person, body, partner, place or governing document is one fact a document, at its first mention, with the other places in
`value.mentions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from banggiao.reading.agreements import find_agreements
from banggiao.reading.dates import find_dates, reference_year
from banggiao.reading.gazetteer import Mention, Page, gazetteer, page_of
from banggiao.reading.layout import Layout
from banggiao.reading.legal_documents import find_legal_documents, kind_of
from banggiao.reading.letterhead import own_number, signers
from banggiao.reading.organisations import Organisation, find_organisations
from banggiao.reading.partners import HOME, find_partners, surname_before
from banggiao.reading.people import find_people
from banggiao.reading.quantities import find_quantities
from banggiao.reading.types import Fact, Metadata, Span

_PARTNER_TYPES = {"country", "territory", "bloc", "igo", "region"}


def find_entities(layout: Layout, metadata: Metadata) -> list[Fact]:
    """The facts of these kinds in a document, in order of their place. Linear in the length of the text."""
    page = page_of(layout)
    text = page.text
    dates = find_dates(text, reference_year(metadata, layout))
    partners = find_partners(text)
    places = [
        row for row in gazetteer("places").find(text) if row.entry["type"] != "none" and not surname_before(text, row.span[0])
    ]
    bodies = find_organisations(page, partners, places)
    known = sorted([*(m.span for m in partners), *(m.span for m in places), *(body.span for body in bodies)])
    laws = [*_own_number(layout), *find_legal_documents(page, dates)]
    named = _outside(partners, bodies)
    facts = [*_partners(page, named), *_places(page, places), *_organisations(page, bodies), *_people(page, known), *laws]
    facts += find_agreements(page, partners)
    cited = [fact.span for fact in laws] + [tuple(span) for fact in laws for span in fact.value["mentions"]]
    facts += find_quantities(page, dates, cited)
    facts += _signers(layout, {fact.value["name"] for fact in facts if fact.kind == "person"})
    return sorted(facts, key=lambda fact: fact.span)


def _outside(partners: Sequence[Mention], bodies: Sequence[Organisation]) -> list[Mention]:
    """The partners without regions that only name a body ("Vụ Trung Đông - châu Phi")."""
    spans = iter([body.span for body in bodies])
    span, kept = next(spans, None), []
    for mention in partners:
        while span is not None and span[1] <= mention.span[0]:
            span = next(spans, None)
        if mention.entry["type"] != "region" or span is None or mention.span[0] < span[0]:
            kept.append(mention)
    return kept


def _partners(page: Page, partners: Sequence[Mention]) -> Iterable[Fact]:
    groups: dict[str, list[Mention]] = {}
    for mention in partners:
        if mention.entry["code"] != HOME and mention.entry["type"] in _PARTNER_TYPES:
            groups.setdefault(mention.entry["code"], []).append(mention)
    for code, mentions in groups.items():
        entry = mentions[0].entry
        value = {"code": code, "type": entry["type"], "name": entry["name_vi"]}
        yield _once("partner", page, [mention.span for mention in mentions], value, 0.95, "partner.known@1")


def _places(page: Page, places: Sequence[Mention]) -> Iterable[Fact]:
    groups: dict[str, list[Mention]] = {}
    for mention in places:
        groups.setdefault(mention.entry["name_vi"], []).append(mention)
    for name, mentions in groups.items():
        entry = mentions[0].entry
        if entry["type"] == "city_abroad":
            # Foreign towns have many spellings; the one of the text is kept.
            name = mentions[0].surface
        value = {"name": name, "code": entry["code"] or None, "country": entry["country"], "kind": entry["type"]}
        yield _once("place", page, [mention.span for mention in mentions], value, 0.9, "place.known@1")


def _organisations(page: Page, bodies: Sequence[Organisation]) -> Iterable[Fact]:
    groups: dict[str, list[Organisation]] = {}
    for body in bodies:
        groups.setdefault(body.key, []).append(body)
    names = {key: max(group, key=lambda body: (not body.generic, -body.span[0])) for key, group in groups.items()}
    for key, group in groups.items():
        # "Ban chỉ đạo" is the body whose full name stands elsewhere ("Ban chỉ đạo Ngoại giao kinh tế").
        longer = [other for other in groups if other != key and other.startswith(key + " ")]
        if longer and not group[0].id:
            groups[longer[0]] = sorted([*groups[longer[0]], *group], key=lambda body: body.span)
            groups[key] = []
    for key, group in groups.items():
        if not group:
            continue
        first = names[key]
        value = {"name": first.name, "id": first.id, "generic": all(body.generic for body in group)}
        yield _once("organisation", page, [body.span for body in group], value, first.confidence, first.rule)


def _people(page: Page, known: Sequence[Span]) -> Iterable[Fact]:
    for person in find_people(page, known):
        value = {"name": person.name, "positions": person.positions}
        yield _once("person", page, person.spans, value, person.confidence, person.rule)


def _own_number(layout: Layout) -> Iterable[Fact]:
    found = own_number(layout)
    if found is not None:
        number, span = found
        value: dict[str, Any] = {
            "number": number,
            "type": kind_of(number),
            "issuer": None,
            "date": None,
            "subject": None,
            "own": True,
            "mentions": [],
        }
        yield Fact("legal_document", span, layout.line_at(span[0]).span, value, 0.95, "legal.own_number@1")


def _signers(layout: Layout, known: set[str]) -> Iterable[Fact]:
    for name, office, span in signers(layout):
        if name not in known:
            value = {"name": name, "positions": [office], "mentions": []}
            yield Fact("person", span, layout.line_at(span[0]).span, value, 0.9, "person.signer@1")


def _once(kind: str, page: Page, spans: Sequence[Span], value: Mapping[str, Any], confidence: float, rule: str) -> Fact:
    first, *others = spans
    return Fact(
        kind, first, page.sentence_at(first[0]).span, {**value, "mentions": [list(span) for span in others]}, confidence, rule
    )
