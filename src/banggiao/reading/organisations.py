"""Which bodies does a text name?

Known bodies come from the lexicon; others are built by pattern (rules of kind `organisation`): what a body is called by ("Cục", "Hiệp
hội") and the words such names go on with. Missions abroad, committees of provinces and bodies of other states are put together from
known names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from banggiao.reading import rules
from banggiao.reading.gazetteer import Mention, Page, Places, gazetteer
from banggiao.reading.partners import HOME
from banggiao.reading.types import Span

# Bodies every state has one of: followed by a state they are that state's.
_COMMON = {"ministry", "former_ministry", "ministerial_agency", "government", "assembly", "party"}
_HOLDER = regex.compile(r"(?:Phó )?(?:Thủ|thủ) tướng \Z")
_MANY = regex.compile(r"(?<!\p{L})(?:các|những|hai|nhiều|mỗi|Các|Hai) (?:nước |bộ )?\Z")


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body named at a place. `key` is the same for all its mentions."""

    span: Span
    name: str
    id: str | None
    key: str
    generic: bool
    confidence: float
    rule: str


def find_organisations(page: Page, partners: Sequence[Mention], places: Sequence[Mention]) -> list[Organisation]:
    """The bodies of a page, from left to right, the longest at each place."""
    text = page.text
    states, sites = Places(partners), Places(places)
    found = [_known(text, mention, states) for mention in gazetteer("organisations").find(text)]
    kept = [row for row in found if row is not None]
    for hit in rules.find("organisation", text):
        row = _built(text, hit, states, sites)
        if row is not None:
            kept.append(row)
    return _longest(kept)


def _known(text: str, mention: Mention, states: Places) -> Organisation | None:
    entry, (start, end) = mention.entry, mention.span
    generic = bool(entry["generic"])
    name, identifier = mention.surface, entry["id"] or None
    key = identifier or rules.shadow(entry["name_vi"]).casefold()
    if entry["id"] == "GOV" and _HOLDER.search(text[max(0, start - 14) : start]):
        return None
    if entry["type"] in _COMMON and not generic:
        if _MANY.search(text[max(0, start - 16) : start]):
            return None
        if text[end : end + 10].startswith((" các nước", " hai nước")):
            return None
        state = _state_after(text, end, states)
        if state is not None and state.entry["code"] != HOME:
            name, identifier = text[start : state.span[1]], None
            return Organisation((start, state.span[1]), name, None, name.casefold(), False, 0.9, "organisation.foreign@1")
    return Organisation((start, end), name, identifier, key, generic, 0.95, "organisation.known@1")


def _built(text: str, hit: rules.Hit, states: Places, sites: Places) -> Organisation | None:
    start, end = hit.span
    site = sites.starting(start) or states.starting(start)
    if site is not None:
        # "Đài Loan" is no broadcaster, "Hội An" no association.
        return None
    seat = hit.rule.fields.get("seat")
    if seat:
        place = sites.starting(end + 1) or states.starting(end + 1)
        if text[end : end + 1] == " " and place is not None:
            end = place.span[1]
        elif seat == "needed":
            return None
    else:
        cut = [mention for mention in (states.last_before(end + 1),) if mention and mention.span[0] > start]
        if cut and cut[0].span[0] < end < cut[0].span[1]:
            end = cut[0].span[1]
        state = _state_after(text, end, states)
        if state is not None and hit.rule.fields.get("state"):
            end = state.span[1]
    name = text[start:end]
    generic = bool(hit.rule.fields.get("generic"))
    return Organisation((start, end), name, None, name.casefold(), generic, hit.rule.confidence, hit.rule.label)


def _state_after(text: str, end: int, states: Places) -> Mention | None:
    for link in (" ", " của "):
        if text.startswith(link, end):
            state = states.starting(end + len(link))
            if state is not None and state.entry["type"] in ("country", "territory", "home", "bloc"):
                return state
    return None


def _longest(rows: list[Organisation]) -> list[Organisation]:
    rows.sort(key=lambda row: (row.span[0], -row.span[1], -row.confidence))
    kept: list[Organisation] = []
    for row in rows:
        if not kept or row.span[0] >= kept[-1].span[1]:
            kept.append(row)
    return kept
