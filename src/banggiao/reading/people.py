"""Who is named in a text, and with which offices?

Names are looked for where no known name stands (states, bodies, places are masked first). A run of capitalised words is a
person when a title or a form of address leads up to it, when a title follows it, or when a common surname begins three or
four syllables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from banggiao.reading.gazetteer import KNOWN, Page, Places, masked, titles_in
from banggiao.reading.quick import Pattern, quick
from banggiao.reading.rules import compile_pattern, word_lists
from banggiao.reading.syllables import is_syllable
from banggiao.reading.types import Span

_LONGEST_TITLE = 140
_BETWEEN_TITLES = 90
_SPLIT = quick(r" ?(?:,| kiêm| và) ?\Z")
_APPOSITION = quick(r" ?(?:,|-|\() ?")
_BRACKETED = quick(r" ?\([^()]*+\) ?\Z")
_FORMER = quick(r"(?<!\p{L})(?:nguyên|cố|cựu|quyền|tân|Nguyên|Cố|Cựu|Quyền|Tân) \Z")


@dataclass(slots=True)
class Person:
    """A person of a text: the name, where it stands, the offices named with it, and how sure the reading is."""

    name: str
    spans: list[Span]
    positions: list[str] = field(default_factory=list)
    confidence: float = 0.0
    rule: str = ""


class _Candidate(NamedTuple):
    span: Span
    name: str
    vietnamese: bool
    words: int
    # Whether an abbreviation was cut off before it ("NVIDIA Jensen Huang"), which then counts as a known name.
    after_known: bool = False


def find_people(page: Page, known: Sequence[Span]) -> list[Person]:
    """The people of a page in order of their first mention; `known` are the spans of states, bodies and places, in order."""
    text = masked(page.text, known)
    # A title may reach into a name ("Trưởng Ban Đối ngoại Trung ương"), but none begins inside one ("Ban Bí thư").
    offices = Places([office for office in titles_in(page.text).mentions if text[office.span[0]] != KNOWN])
    candidates = list(_candidates(masked(text, [office.span for office in offices.mentions])))
    people: dict[str, Person] = {}
    last_end = 0
    for number, candidate in enumerate(candidates):
        following = candidates[number + 1].span[0] if number + 1 < len(candidates) else len(text)
        left = max(last_end, page.sentence_at(candidate.span[0]).span[0])
        read = _read(page.text, text, offices, candidate, left, following)
        if read is None:
            continue
        positions, confidence, rule = read
        last_end = candidate.span[1]
        person = people.setdefault(candidate.name, Person(candidate.name, []))
        person.spans.append(candidate.span)
        person.positions += [position for position in positions if position not in person.positions]
        if confidence > person.confidence:
            person.confidence, person.rule = confidence, rule
    return _with_all_mentions(page.text, _merged(people))


def _candidates(text: str) -> Iterator[_Candidate]:
    surnames, ambiguous, addresses = _set("surnames"), _set("word_surnames"), _set("honorifics")
    for run in _run().finditer(text):
        if " " not in run.group() and (is_syllable(run.group()) or _is_code(run.group())):
            continue
        tokens, place = [], run.start()
        for word in run.group().split(" "):
            tokens.append((place, word))
            place += len(word) + 1
        at, found = 0, False
        while at < len(tokens) - 1:
            word = tokens[at][1]
            end = at + 1
            if word in surnames:
                while end < len(tokens) and end - at < 5 and _given(tokens[end][1]):
                    end += 1
                shadowed = word in ambiguous and tokens[at + 1][1] in surnames and end - at >= 3
                if end - at >= 2 and not shadowed:
                    yield _candidate(tokens[at:end], True)
                    found, at = True, end
                    continue
            at += 1
        if not found:
            first = 0
            while first < len(tokens) and (tokens[first][1] in addresses or _is_code(tokens[first][1])):
                first += 1
            rest = tokens[first : first + 6]
            while rest and _is_code(rest[-1][1]):
                rest.pop()
            if rest:
                yield _candidate(rest, False, first > 0 and _is_code(tokens[first - 1][1]))


def _candidate(tokens: Sequence[tuple[int, str]], vietnamese: bool, after_known: bool = False) -> _Candidate:
    start = tokens[0][0]
    name = " ".join(word for _at, word in tokens)
    return _Candidate((start, start + len(name)), name, vietnamese, sum(word[0].isupper() for _at, word in tokens), after_known)


def _read(
    plain: str, text: str, offices: Places, candidate: _Candidate, left: int, following: int
) -> tuple[list[str], float, str] | None:
    start, end = candidate.span
    near = text[max(left, start - 16) : start]
    address = _address().search(near) if near.endswith(" ") else None
    addressed = address is not None
    name_start = start - len(near) + address.start() if address else start
    positions, title_gap = _positions_before(plain, text, offices, left, name_start)
    after = _positions_after(plain, text, offices, end, following)
    if title_gap is not None and _fits(text, candidate, title_gap):
        return positions + after, 0.97, "person.titled@1"
    if addressed and (candidate.vietnamese or _foreign(candidate)):
        return after, 0.95, "person.addressed@1"
    if after and (candidate.vietnamese or (candidate.words > 1 and _foreign(candidate))):
        return after, 0.9, "person.apposition@1"
    if candidate.vietnamese and candidate.words >= 3 and candidate.name.split(" ")[0] in _set("strong_surnames"):
        if candidate.name != "Hồ Chí Minh" and not _named_after(text[left:start]):
            return [], 0.65, "person.bare@1"
    return None


def _fits(text: str, candidate: _Candidate, gap: str) -> bool:
    """Whether what stands between the title and the words lets them be the name of its holder."""
    if _named_after(gap):
        return False
    gap = _BRACKETED.sub("", gap)
    if candidate.vietnamese:
        return candidate.words >= 3 or len(gap) <= 70
    close = not gap.strip() or gap.rstrip().endswith(KNOWN) or candidate.after_known
    if candidate.words == 1:
        return close and _foreign(candidate) and len(candidate.name) > 2
    return (close and (KNOWN in gap or _foreign(candidate))) or (_foreign(candidate) and gap.rstrip()[-1:].islower())


def _positions_before(plain: str, text: str, offices: Places, left: int, name_start: int) -> tuple[list[str], str | None]:
    title = offices.last_before(name_start - 1)
    left = max(left, name_start - _LONGEST_TITLE)
    if title is None or title.span[0] < left:
        return [], None
    gap = text[title.span[1] : name_start]
    if _stop().search(gap):
        return [], None
    starts = [title.span[0]]
    while (before := offices.last_before(starts[0])) is not None and before.span[0] >= left:
        between = text[before.span[1] : starts[0]]
        if (
            len(between) > _BETWEEN_TITLES
            or any(letter.isdigit() for letter in between)
            or between.strip() == "và"
            or _stop().search(between)
        ):
            break
        starts.insert(0, before.span[0])
    positions: list[Span] = []
    for number, at in enumerate(starts):
        stop = starts[number + 1] if number + 1 < len(starts) else name_start
        if positions and not _SPLIT.search(text[starts[number - 1] : at]):
            start = positions.pop()[0]
        else:
            former = _FORMER.search(text[max(left, at - 8) : at])
            start = at - len(former.group()) if former else at
        positions.append((start, stop))
    return [_trimmed(plain[start:stop]) for start, stop in positions], gap


def _positions_after(plain: str, text: str, offices: Places, end: int, following: int) -> list[str]:
    positions: list[str] = []
    at = end
    while (joint := _APPOSITION.match(text, at)) is not None and (title := offices.starting(joint.end())) is not None:
        rest = _complement().match(text, title.span[1])
        stop = rest.end() if rest else title.span[1]
        if 0 <= following - stop <= 2 or following < stop:
            # The title leads up to the next name.
            return positions
        positions.append(_trimmed(plain[joint.end() : stop]))
        at = stop
    return positions


def _trimmed(position: str) -> str:
    position = _END.sub("", position.strip(" ,:;-"))
    if position.count("(") > position.count(")"):
        position += ")"
    return position.strip()


def _named_after(gap: str) -> bool:
    return bool(_named().search(gap[-24:]))


def _foreign(candidate: _Candidate) -> bool:
    return any(not is_syllable(word) for word in candidate.name.split(" ") if word[0].isupper() and len(word.rstrip(".")) > 1)


def _given(word: str) -> bool:
    return len(word) == 1 or (not word.isupper() and is_syllable(word))


def _is_code(word: str) -> bool:
    return len(word) > 1 and word.rstrip(".").isupper() and "." not in word[:-1]


def _merged(people: dict[str, Person]) -> list[Person]:
    """A surname alone ("Trump") is the person whose full name the text gives ("Donald Trump")."""
    full = [name for name in people if " " in name]
    by_part: dict[str, list[str]] = {}
    for name in full:
        for part in {name.split(" ")[0], name.split(" ")[-1]}:
            by_part.setdefault(part, []).append(name)
    for name in [name for name in people if " " not in name]:
        owners = by_part.get(name, [])
        if len(owners) == 1:
            people[owners[0]].spans += people.pop(name).spans
    return list(people.values())


def _with_all_mentions(text: str, people: list[Person]) -> list[Person]:
    if people:
        # Made for one text: what is made fastest is the fastest.
        names = [person.name for person in people]
        search = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.NoncontiguousNFA)
        for number, start, end in search.find_matches_as_indexes(text):
            if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
                people[number].spans.append((start, end))
    for person in people:
        person.spans = sorted(set(person.spans))
    return sorted(people, key=lambda person: person.spans[0])


_END = quick(r" (?:kiêm|và)\Z")


@lru_cache(maxsize=1)
def _run() -> Pattern:
    word = r"(?:\p{Lu}\.|\p{Lu}[\p{L}\p{M}']*+(?:-[\p{L}\p{M}']++)*+)"
    return compile_pattern(rf"(?<![\p{{L}}\p{{N}}.'/&-]){word}(?:(?: \L<name_particles>(?= )){{0,3}} {word})*")


@lru_cache(maxsize=1)
def _stop() -> Pattern:
    return compile_pattern(r"(?<!\p{L})(?:\L<title_stops>)(?!\p{L})|[.;:?!\"\n\x00]| tại (?!\x01)")


@lru_cache(maxsize=1)
def _complement() -> Pattern:
    return compile_pattern(
        r"(?: (?!\L<title_stops>(?!\p{L}))(?!(?:tại|và|nhưng) )[\p{L}&/\x01-]++"
        r"| (?:tại|và) [\p{Lu}\x01][\p{L}\x01]*+| ?\([\p{L} \x01]++\)){0,14}+"
    )


@lru_cache(maxsize=1)
def _named() -> Pattern:
    return compile_pattern(r"(?<!\p{L})\L<named_after> \Z")


@lru_cache(maxsize=1)
def _address() -> Pattern:
    return compile_pattern(r"(?<![\p{L}\p{N}])\L<honorifics> \Z", at_places=True)


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(word_lists()[name])
