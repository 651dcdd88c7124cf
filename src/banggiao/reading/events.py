"""Which events does a text tell of: the one it reports (main), with its frame, and those it mentions?

The main event is the best of the sentences that report one (rules `event_main`, `event_act`), early and dated sentences
first. Its frame is filled in `frames`. Events with a name (`event_named`) and other acts are mentioned events, each once.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from banggiao.reading import rules
from banggiao.reading.dates import Reference, When, find_dates, reference_year
from banggiao.reading.frames import Scene, chair_of, mode_of, organiser_of, place_of
from banggiao.reading.gazetteer import Page, entries, page_of, titles_in
from banggiao.reading.layout import Layout
from banggiao.reading.partners import HOME, find_partners
from banggiao.reading.quick import quick
from banggiao.reading.types import Fact, Metadata, Span

_THRESHOLD = 5.5
# What stands farther from the words for an event, in characters, says nothing about it.
_NEAR = 300
_PLOVER = {
    "party_congress": None,
    "interview": None,
    "promotion": "COOPERATE",
    "signing": "AGREE",
    "training": None,
    "announcement": None,
}
_FUTURE = quick(
    r"(?<!\p{L})(?:sẽ|dự kiến|chuẩn bị|sắp|mời|nhận lời|đề nghị|kế hoạch|tiến tới|hướng tới|nhân|phục vụ)(?: [\p{L}-]++){0,4} ?\Z"
)
_INVITED = quick(r"(?<!\p{L})(?:mời|nhận lời|đề nghị|mong|chào đón|sẵn sàng đón)(?!\p{L})[^,;.\n]*\Z")
_PLURAL = quick(r"(?<!\p{L})(?:các|nhiều|những|hàng loạt|\d++|hai|ba|bốn|năm|một số|mỗi|mọi) ?\Z")
_RECENT = quick(
    r"(?<!\p{L})(?:[Vv]ừa qua|[Mm]ới đây|[Hh]ôm nay|[Hh]ôm qua|[Ss]áng nay|[Cc]hiều nay|[Tt]ối qua|[Nn]gày hôm nay)(?!\p{L})"
)


class _Told(NamedTuple):
    """An event a sentence tells of: its span, kind, the noun or verb, its name, and how much speaks for it as the main one."""

    span: Span
    type: str
    noun: str
    name: str | None
    score: float
    hit: rules.Hit


def find_events(layout: Layout, metadata: Metadata, entities: Sequence[Fact]) -> list[Fact]:
    """The events of a document, the main one (if the text reports one) and the mentioned ones, in order of their place."""
    page = page_of(layout)
    reference = reference_year(metadata, layout)
    scene = Scene(page, find_dates(page.text, reference), entities, find_partners(page.text))
    told = sorted(_told(scene, metadata.title or ""), key=lambda row: -row.score)
    main = told[0] if told and told[0].score >= _THRESHOLD and _is_dated(scene, told[0]) else None
    facts = [_main(scene, main, reference)] if main else []
    facts += _mentioned(scene, main, told, facts)
    return sorted(facts, key=lambda fact: fact.span)


def _is_dated(scene: Scene, told: _Told) -> bool:
    """A report of an event says when it was, at least that it was lately; a review of a period does not."""
    sentence = scene.page.sentence_at(told.span[0]).span
    return _date_of(scene, told, _noun_head(told)) is not None or bool(_RECENT.search(scene.page.text, *sentence))


def _told(scene: Scene, title: str) -> Iterator[_Told]:
    page, text = scene.page, scene.page.text
    heading = rules.shadow(title).casefold()
    order = _reading_order(page)
    for kind in ("event_main", "event_act"):
        for hit in rules.find(kind, text):
            number = page.index_at(hit.span[0])
            sentence = page.sentences[number]
            if sentence.cls == "heading" or hit.rule.fields.get("free"):
                continue
            row = _reported(scene, hit, heading) if kind == "event_main" else _act(scene, hit)
            if row is None:
                continue
            near = max(sentence.span[0], hit.span[0] - _NEAR), min(sentence.span[1], hit.span[1] + _NEAR)
            days = [when for when in scene.dates_in(near) if when.precision in ("day", "days")]
            score = row.score + max(0.0, 3.0 - 0.5 * order[number]) + (2.0 if days else 0.0)
            score += 1.0 if _RECENT.search(text, *near) else 0.0
            score += 1.5 if row.noun.casefold() in heading or (row.name and row.name.casefold()[:30] in heading) else 0.0
            before = text[max(sentence.span[0], hit.span[0] - 110) : hit.span[0]]
            score -= 4.0 if _FUTURE.search(before[-50:]) or (kind == "event_act" and _INVITED.search(before)) else 0.0
            yield row._replace(score=score)


def _reported(scene: Scene, hit: rules.Hit, heading: str) -> _Told | None:
    text = scene.page.text
    noun, place = hit["noun"] or "", hit.span_of("noun") or hit.span
    if _PLURAL.search(text[max(0, place[0] - 8) : place[0]]):
        return None
    name = (hit["name"] or "").strip(" \"'")
    kind = _type(noun + " " + name[:24]) if noun.casefold() in ("hội nghị", "chương trình", "sự kiện") else _type(noun)
    if hit.rule.id == "event.met" and "hội nghị" in heading:
        # "Ban X đã họp tổng kết" reports what the headline calls a conference.
        kind, noun = "conference", "hội nghị"
    if noun.casefold() in ("chương trình", "sự kiện") and kind == "meeting":
        return None
    start, end = hit.span_of("span") or (hit.span[0], place[1])
    if hit.rule.fields.get("organiser") == "before":
        organiser = scene.subject_before(hit.span[0])
        if organiser is None and hit.rule.id == "event.met":
            return None
        start = organiser[1][0] if organiser else start
    end = hit.span[1] if hit.rule.id == "event.took_place" else min(hit.span[1], place[1] + 60)
    return _Told((start, end), kind, noun, name or None, float(hit.rule.fields["base"]), hit)


def _act(scene: Scene, hit: rules.Hit) -> _Told | None:
    """An act on somebody: a visit needs a state (or home) to go to, a meeting or call the holder of an office."""
    text, end = scene.page.text, hit.span[1]
    sentence = scene.page.sentence_at(hit.span[0]).span
    whom = hit.rule.fields.get("object")
    if _PLURAL.search(text[max(0, hit.span[0] - 8) : hit.span[0]]):
        return None
    if whom == "state":
        state = scene.states.starting(end)
        place = scene.place_starting(end)
        if state is None and place is None and not _PLACEHOLDER.match(text, end):
            return None
        stop = state.span[1] if state else (place or _PLACEHOLDER.match(text, end).span())[1]  # type: ignore[union-attr]
        base = 5.2
    else:
        office = titles_in(text).starting(end)
        state = scene.states.starting(end)
        person = scene.person_starting(end)
        if not (office or state or person):
            return None
        following = scene.next_person(end, sentence[1])
        stop = (
            following[1]
            if following and following[0] - end < 110
            else (state.span[1] if state else (office.span[1] if office else end))
        )
        base = 4.6 if hit.rule.fields["type"] == "call" or "hội" in hit.match.group() else 4.0
    subject = scene.person_before(hit.span[0], sentence[0])
    if subject is None and whom == "holder":
        base -= 1.0
    start = subject[0] if subject and hit.span[0] - subject[1] < 60 else hit.span[0]
    words = hit.match.group().strip()
    return _Told((start, min(stop, sentence[1])), str(hit.rule.fields["type"]), words.split(" ")[0], None, base, hit)


def _main(scene: Scene, told: _Told, reference: Reference) -> Fact:
    page = scene.page
    sentence = page.sentence_at(told.span[0])
    noun = _noun_head(told)
    when = _date_of(scene, told, noun)
    chaired = told.type in ("conference", "meeting", "forum", "promotion", "dialogue", "training", "summit", "signing")
    acts = told.hit.rule.kind == "event_act"
    chair = chair_of(scene, sentence, noun) if chaired and not acts else None
    organiser = organiser_of(scene, told.hit, sentence) if not acts else None
    people = scene.people_in(sentence.span)
    participants = [name for name in people if name != chair]
    if acts:
        participants += [
            mention.entry["code"] for mention in scene.states.within(*sentence.span) if mention.entry["code"] != HOME
        ]
    value: dict[str, Any] = {
        "type": told.type,
        "role": "main",
        "name": _title_of(scene, told),
        "date": when.value if when else None,
        "place": place_of(scene, sentence.span),
        "mode": mode_of(scene, sentence, noun, told.type),
        "organiser": organiser,
        "chair": chair,
        "participants": list(dict.fromkeys(participants)),
        "plover": _PLOVER.get(told.type, "CONSULT"),
    }
    confidence = min(0.97, 0.6 + 0.04 * told.score)
    return Fact(
        "event",
        told.span,
        sentence.span,
        value,
        confidence,
        told.hit.rule.label,
        f"date: {when.inferred}" if when and when.inferred else None,
    )


def _mentioned(scene: Scene, main: _Told | None, told: Sequence[_Told], facts: Sequence[Fact]) -> Iterator[Fact]:
    page, text = scene.page, scene.page.text
    taken = sorted(fact.span for fact in facts)
    seen = {(main.type, _key(main.name))} if main and main.name else set()
    own = _key(facts[0].value["name"]) if facts else ""
    # "Kỳ họp lần thứ 26" is the main event whose name goes on after its number.
    full = _key(f"{main.noun} {own}") if main and own else ""
    rows: list[tuple[Span, str, str | None, rules.Hit]] = []
    for hit in rules.find("event_named", text):
        place = hit.span_of("quoted") or hit.span
        if hit.rule.fields.get("dated"):
            rows.append((hit.span, _type(hit.match.group()[:20]), hit.match.group(), hit))
        elif not (hit.rule.id == "event.ceremony" and page.sentence_at(hit.span[0]).cls == "caption"):
            rows.append((hit.span, str(hit.rule.fields["type"]), text[slice(*place)], hit))
    for hit in rules.find("event_act", text):
        if hit.rule.fields.get("free"):
            rows.append((hit.span, str(hit.rule.fields["type"]), hit.match.group(), hit))
    for row in told:
        if row is not main and row.hit.rule.kind == "event_act" and row.score >= 4.5:
            rows.append((row.span, row.type, None, row.hit))
    for span, kind, name, hit in sorted(rows, key=lambda row: row[0]):
        sentence = page.sentence_at(span[0])
        if hit.rule.kind == "event_act" and _overlaps(span, taken):
            # Its subject belongs to the event before; the act itself may still stand free.
            span = (hit.span[0], span[1])
        if sentence.cls == "heading" or _overlaps(span, taken):
            continue
        partners = tuple(sorted({mention.entry["code"] for mention in scene.states.within(*span)} - {HOME}))
        key = _key(name) if name else " ".join([*partners, *scene.people_in((hit.span[0], span[1]))])
        if kind == "party_congress":
            key = "".join(_ROMAN.findall(name or "")[:1])
        if (
            (kind, key) in seen
            or (own and key and (key in full or own in key))
            or (kind == "visit" and main and main.type == "visit" and not name and _same_states(scene, main, partners))
        ):
            continue
        if hit.rule.id == "event.forum" and (scene.body_starting(span[0]) or scene.states.starting(span[0])):
            # A bloc or body that is called a forum (APEC, WEF).
            continue
        near = max(sentence.span[0], span[0] - _NEAR), min(sentence.span[1], span[1] + _NEAR)
        when = scene.nearest_date(span, near)
        if hit.rule.fields.get("dated") and facts and when and when.value == facts[0].value["date"]:
            # The main event again, named by its day.
            continue
        seen.add((kind, key))
        insort(taken, span)
        value: dict[str, Any] = {
            "type": kind,
            "role": "mentioned",
            "name": name,
            "date": when.value if when else None,
            "place": None,
            "mode": None,
            "organiser": None,
            "chair": None,
            "participants": list(partners),
            "plover": _PLOVER.get(kind, "CONSULT"),
        }
        confidence = hit.rule.confidence if name else 0.7
        yield Fact(
            "event",
            span,
            sentence.span,
            value,
            confidence,
            hit.rule.label,
            f"date: {when.inferred}" if when and when.inferred else None,
        )


def _overlaps(span: Span, taken: Sequence[Span]) -> bool:
    # The spans taken are in order and do not overlap, so only the neighbours matter.
    at = bisect_left(taken, span)
    return any(span[0] < end and start < span[1] for start, end in taken[max(0, at - 1) : at + 1])


def _same_states(scene: Scene, main: _Told, partners: Sequence[str]) -> bool:
    states = {mention.entry["code"] for mention in scene.states.within(*main.span)}
    return not partners or bool(states & set(partners))


def _date_of(scene: Scene, told: _Told, noun: str) -> When | None:
    page = scene.page
    sentence = page.sentence_at(told.span[0])
    fine = [when for when in scene.dates_in(sentence.span) if when.precision in ("day", "days")]
    if fine:
        if told.type == "visit" and any(when.precision == "days" for when in fine):
            return next(when for when in fine if when.precision == "days")
        before = [when for when in fine if when.span[1] <= told.span[1]]
        return (
            before[-1]
            if before and told.hit.rule.id != "event.took_place"
            else min(fine, key=lambda when: abs(when.span[0] - told.span[1]))
        )
    for other in sorted(page.sentences[:40], key=lambda row: row.cls != "caption"):
        if other.cls == "caption" or scene.speaks_of(other.span, noun):
            days = [when for when in scene.dates_in(other.span) if when.precision in ("day", "days")]
            if days:
                return days[0]
    lead = next((row for row in page.sentences if row.cls == "body"), None)
    days = [when for when in scene.dates_in(lead.span) if when.precision in ("day", "days")] if lead else []
    return days[0] if days else None


def _title_of(scene: Scene, told: _Told) -> str | None:
    """The name of the main event: a quoted one of the same kind, else the words after its noun."""
    text = scene.page.text
    start, stop = scene.page.sentence_at(told.span[0]).span
    for match in _QUOTED.finditer(text, start, stop):
        if 0 <= match.start() - told.span[1] < 40:
            return match.group().strip("\"'")
    place = told.hit.span_of("name")
    if place is None or not told.name:
        return None
    rest = _NAME.match(text, place[0])
    return (rest.group() if rest else told.name).strip(" ,\"'") or None


def _noun_head(told: _Told) -> str:
    noun = told.noun.casefold()
    return next(
        (
            word
            for word in ("hội nghị", "hội thảo", "tọa đàm", "diễn đàn", "cuộc họp", "phiên họp", "kỳ họp")
            if noun.startswith(word)
        ),
        "cuộc họp" if noun in ("họp", "buổi họp") else noun,
    )


def _type(words: str) -> str:
    lowered = words.casefold()
    padded = " " + lowered
    return next((kind for word, kind in _types() if f" {word}" in padded), "meeting")


@cache
def _types() -> tuple[tuple[str, str], ...]:
    return tuple((rules.shadow(row["word"]), row["type"]) for row in entries("event_types"))


def _key(name: str | None) -> str:
    return " ".join(_MARKS.sub(" ", (name or "")[:120]).casefold().split())[:60]


def _reading_order(page: Page) -> list[int]:
    """The place of each sentence among those of the body; a caption counts as the body sentence it stands before."""
    order, at = [], 0
    for sentence in page.sentences:
        order.append(at)
        at += sentence.cls == "body" and sentence.span[1] - sentence.span[0] > 30
    return order


_PLACEHOLDER = quick(r"(?<=[Nn]ước )[A-Z](?!\p{L})|Nước [A-Z](?!\p{L})")
_MARKS = quick(r"[^\p{L}\p{N} ]")
_ROMAN = quick(r"(?<!\p{L})[IVX]{1,6}(?!\p{L})")
_QUOTED = quick(r"[\"'][^\"'\n]{4,220}+[\"']")
_NAME = quick(r"[^.,;()\n\"]{3,200}+")
