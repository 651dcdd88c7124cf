"""Which bodies does a text name?

Known bodies come from the lexicon; others are built by pattern (rules of kind `organisation`): what a body is called by
("Cục", "Hiệp hội") and the words such names go on with. Missions abroad, committees of provinces and bodies of other
states are put together from known names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from banggiao.reading import rules
from banggiao.reading.gazetteer import Entry, Mention, Page, Places, gazetteer, titles_in
from banggiao.reading.partners import HOME
from banggiao.reading.quick import quick
from banggiao.reading.syllables import is_syllable
from banggiao.reading.types import Span

# Bodies every state has one of: followed by a state they are that state's.
_COMMON = {"ministry", "former_ministry", "ministerial_agency", "government", "assembly", "party"}
_HOLDER = quick(r"(?:Phó )?(?:Thủ|thủ) tướng \Z")
_DATELINE = quick(r" ?[-)]")
# Exercises and models of documents speak of "Nước M".
_PLACEHOLDER = quick(r" (?:của )?(?<name>[Nn]ước [A-ZĐ])(?![\p{L}\d])")
_MANY = quick(r"(?<!\p{L})(?:các|những|hai|nhiều|mỗi|Các|Hai) (?:nước |bộ )?\Z")


class Organisation(NamedTuple):
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
    ends = {row.span[0]: row.span[1] for row in kept if not row.generic}
    for hit in rules.find("organisation", text):
        row = _built(text, hit, states, sites)
        foreign = row is not None and (state := states.ending(row.span[1])) is not None and state.entry["code"] != HOME
        if row is not None and (foreign or not _runs_on(text, row.span, ends)):
            kept.append(row)
    return _longest(kept)


def _runs_on(text: str, span: Span, ends: dict[int, int]) -> bool:
    """Whether a pattern took the verb after a known body for its name: "Bộ Ngoại giao tổng hợp, đề xuất"."""
    end = ends.get(span[0])
    return end is not None and end < span[1] and text[end + 1 : end + 2].islower() and not text.startswith(" và ", end)


def _known(text: str, mention: Mention, states: Places) -> Organisation | None:
    entry, (start, end) = mention.entry, mention.span
    generic = bool(entry["generic"])
    name, identifier = mention.surface, entry["id"] or None
    key = identifier or rules.shadow(entry["name_vi"]).casefold()
    if entry["type"] in ("agency", "press") and _DATELINE.match(text, end) and _opens_sentence(text, start):
        return None
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
    before = hit.span_of("before")
    start = before[0] if before else start
    site = sites.starting(start) or states.starting(start)
    if site is not None:
        # "Đài Loan" is no broadcaster, "Hội An" no association.
        return None
    seat = hit.rule.fields.get("seat")
    if text.startswith((" hai nước", " các nước", " hai bên"), end):
        return None
    if seat:
        place = sites.starting(end + 1) or states.starting(end + 1)
        if text[end : end + 1] == " " and place is not None:
            end = place.span[1]
            if text.startswith(" tại Việt Nam", end) and text[end - 8 : end] != "Việt Nam":
                end += len(" tại Việt Nam")
        elif seat == "needed":
            return None
    else:
        end = _with_states(text, start, end, states, bool(hit.rule.fields.get("state")))
        end = _without_holder(text, start, end)
    name = text[start:end]
    generic = bool(hit.rule.fields.get("generic")) or name in ("Tỉnh ủy", "Thành ủy")
    return Organisation((start, end), name, None, name.casefold(), generic, hit.rule.confidence, hit.rule.label)


def _opens_sentence(text: str, start: int) -> bool:
    """Whether nothing but a bracket stands before it in its sentence."""
    return text[max(0, start - 3) : start].rstrip("(")[-1:] in ("", "\n", "\x00")


def _with_states(text: str, start: int, end: int, states: Places, may_follow: bool) -> int:
    """Where a name ends that has a state in it or behind it: "Ủy ban Hỗn hợp Việt Nam - Ấn Độ", but not "Thượng viện Lào Xay"."""
    inside = [mention for mention in states.within(start, end) if mention.entry["type"] != "continent"]
    if inside:
        end = max(end, inside[-1].span[1])
        rest = text[inside[-1].span[1] : end]
        if rest.startswith(" ") and (inside[-1].entry["code"] != HOME or rest[1:2].islower()):
            end = inside[-1].span[1]
    elif may_follow:
        state = _state_after(text, end, states)
        end = state.span[1] if state is not None else end
    for link in (" - ", "-"):
        other = states.starting(end + len(link)) if text.startswith(link, end) else None
        if other is not None and states.ending(end) is not None:
            end = other.span[1]
    if text.startswith(" tại Việt Nam", end) and states.ending(end) is not None:
        end += len(" tại Việt Nam")
    return end


def _without_holder(text: str, start: int, end: int) -> int:
    """ "Chủ tịch Tập đoàn AstraZeneca Michel Demaré": after a title the last two foreign words are its holder."""
    if titles_in(text).ending(start - 1) is None:
        return end
    words = text[start:end].split(" ")
    foreign = [word for word in words if word[:1].isupper() and not is_syllable(word)]
    if len(foreign) >= 3 and foreign == words[-len(foreign) :]:
        return start + len(" ".join(words[:-2]))
    return end


def _state_after(text: str, end: int, states: Places) -> Mention | None:
    placeholder = _PLACEHOLDER.match(text, end)
    if placeholder is not None:
        return Mention(
            (placeholder.start("name"), placeholder.end()), Entry({"code": "", "type": "country"}), placeholder["name"]
        )
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
