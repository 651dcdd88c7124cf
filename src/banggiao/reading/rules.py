"""Which rules find a kind of fact, and where in a text do they hit?

A rule is data in `banggiao/data/rules/*.yaml`; a file is a list of rules:

    - id: quantity.counted            unique; `id@version` is written into every fact
      version: 1
      kind: quantity                  what `rules_for(kind)` asks by; any word, one of the fact kinds or a helper's own
      pattern: '(?<number>\\d++) \\L<units>{tail}?'
      needs: [gần, hơn]              optional: words (small letters) one of which stands in every line the pattern
                                      fits in; `\\L<name>` stands for the words of a list
      anchored: word                 optional, for sentences (`views`): where the pattern can begin
      fields: {qualifier: null}       constants of the record; named groups of the pattern are added by the caller
      confidence: 0.9
      matches: [at least two texts the pattern is found in]
      rejects: [at least two texts it is not found in]

In a pattern `{name}` is a named piece (a regular expression) and `\\L<name>` a named list (plain words, the longest that
fits wins). Both come from `banggiao/data/lexicon/*.yaml`, files with the keys `pieces` and `lists`; names are shared by
all rules. A piece may use pieces. The words of a list whose name ends in `_any` are written small and also fit with a
capital at the start ("Bộ trưởng") and with a capital in every word ("Bộ Trưởng"). Patterns are compiled with `regex`,
lists as trees of letters: write `++`, `*+`, `?+` or `(?>...)` where a pattern could otherwise try again.

Texts are matched in their shadow (`shadow`): same length, so offsets hold, but one tone placement, one space, one dash,
one apostrophe and one double quote. Write patterns, lists and examples in that form: "thỏa thuận", "Ủy ban", "-", "'", '"'.

Why this is fast: most rules fit in few places, and trying a pattern costs more than knowing that it cannot fit. The words a
pattern can begin with are read from the pattern (`patterns.beginnings`), and all of them and all words of all `needs` are found
in one pass over a text (`words_in`), whatever their case. Each rule is one bit, so the words of a line are one number that says
which rules can match there. A rule is tried only where one of its words begins; one whose pattern begins with a look at figures
(`(?=\\d...)`) only where a figure begins and that look, taken by itself, finds what it asks for: let it say as much as it can. So
time grows with the text and hardly with the number of rules; write a new pattern so that it begins with plain words. The pattern
alone decides what matches: words only tell where not to look.

    for hit in find("quantity", shadow(text), start, end): hit.rule, hit.span, hit["number"], hit.span_of("number")
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import regex
import yaml
from ahocorasick_rs import AhoCorasick

from banggiao.reading.patterns import beginnings, one_way
from banggiao.reading.quick import Match, Pattern, quick
from banggiao.reading.shadows import shadow_of
from banggiao.reading.types import Span

DATA = Path(__file__).resolve().parent.parent / "data"
# A name in braces, but not the braces of a property class (\p{Lu}) or a count ({2,3}).
_PIECE = regex.compile(r"(?<!\\[pPN])\{([a-z][a-z_0-9]*+)\}")
_LIST = regex.compile(r"\\L<([a-z_0-9]++)>")


@dataclass(eq=False)
class Rule:
    """A rule, compiled when it is first tried. `label` (`id@version`) is what a fact names as its rule.

    `bit` is its place among all rules; `begins` are the words it begins with, as far as its pattern tells.
    """

    id: str
    label: str
    kind: str
    source: str
    fields: Mapping[str, Any]
    needs: tuple[str, ...]
    begins: frozenset[str]
    anchored: str | None
    confidence: float
    matches: tuple[str, ...]
    rejects: tuple[str, ...]
    bit: int
    head: re.Pattern[str] | None

    @cached_property
    def pattern(self) -> Pattern:
        """The compiled pattern. ValueError names the rule whose pattern is none."""
        try:
            at_places = self.anchored or self.begins or self.head or self.kind == "line"
            return quick(self.source) if at_places else regex.compile(self.source, regex.VERSION1)
        except regex.error as problem:
            raise ValueError(f"rule {self.id}: {problem!r}") from problem

    @cached_property
    def opening(self) -> tuple[str, ...]:
        """Words in small letters with one of which a line must begin that the rule fits; none where it does not tell."""
        tied = self.source.removeprefix("(?i)").startswith("^") and one_way(self.source)
        return tuple(self.begins) if tied else ()

    @cached_property
    def groups(self) -> frozenset[str]:
        """The names of the groups of the pattern."""
        return frozenset(self.pattern.groupindex)

    def find_in(self, text: str, words: Words, start: int, end: int) -> Iterator[Hit]:
        """The hits in text[start:end], whose words are given, none inside an earlier one."""
        if not self.begins and self.head is None:
            for left, right, mask in words.between(start, end) if self.needs else ((start, end, self.bit),):
                if mask & self.bit:
                    for match in self.pattern.finditer(text, left, right):
                        yield Hit(self, match)
            return
        at, match_at, needy = 0, self.pattern.match, bool(self.needs)
        bit, stop = self.bit, end
        for place in _between(words.places(self), start, end):
            if place < at:
                continue
            if needy:
                mask, stop = words.line_at(place)
                if not mask & bit:
                    continue
                stop = min(stop, end)
            found = match_at(text, place, stop)
            if found is not None:
                at = max(found.end(), place + 1)
                yield Hit(self, found)


class Hit:
    """A place where a rule fits: `hit["name"]` is the text of a named group or None, `span_of` its place.

    `span` is the group `span` where the pattern has one, otherwise the whole match.
    """

    __slots__ = ("match", "rule", "span")

    def __init__(self, rule: Rule, match: Match) -> None:
        self.rule, self.match = rule, match
        spanned = "span" in rule.groups and match.group("span") is not None
        self.span: Span = match.span("span") if spanned else match.span()

    def __getitem__(self, name: str) -> str | None:
        return self.match.group(name) if name in self.rule.groups else None

    def span_of(self, name: str) -> Span | None:
        """Where the named group stands, or None if it took no part."""
        return self.match.span(name) if self[name] is not None else None


def shadow(text: str) -> str:
    """The text as patterns see it: equal length, one tone placement, one kind of space, dash and quotation mark."""
    return shadow_of(text)


def small(text: str) -> str:
    """The text in small letters, of equal length."""
    lowered = text.lower()
    # A few capitals (\u0130) become two characters; then letter by letter, so that offsets hold.
    return lowered if len(lowered) == len(text) else "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


class Words:
    """The words rules need, as they stand in a text: which rules a line can hold, and where a rule can begin.

    `mask` are the bits of the rules some line can hold; `found` keeps the hits already looked for.
    """

    __slots__ = ("_always", "_at", "_beginning", "_begins", "_figures", "_machine", "_places", "_text", "found", "lines", "mask")

    def __init__(self, text: str, machine: _Machine) -> None:
        self.lines: list[tuple[int, int, int]] = []
        at: dict[int, list[int]] = defaultdict(list)
        masks, always = machine.masks, machine.always
        begin = stop = mask = every = 0
        # Hits come in order of their ends, and no word reaches over a line end.
        for number, start, _end in machine.search.find_matches_as_indexes(small(text), overlapping=True):
            if start >= stop:
                if mask:
                    self.lines.append((begin, stop, mask))
                    every |= mask
                begin, stop, mask = text.rfind("\n", stop, start) + 1, text.find("\n", start), always
                stop = len(text) if stop < 0 else stop
            if masks[number]:
                mask |= masks[number]
            at[number].append(start)
        if mask:
            self.lines.append((begin, stop, mask))
        self.mask = always | every | mask
        self._begins = [line[0] for line in self.lines]
        self._beginning = {begin: mask for begin, _end, mask in self.lines}
        self._text, self._machine, self._always, self._at = text, machine, always, at
        self._places: dict[int, Sequence[int]] = {}
        self.found: dict[str, Sequence[Hit]] = {}
        self._figures: list[int] | None = None

    def between(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """The lines that hold such words and reach into a stretch, as far as they do."""
        reached = self.lines[max(0, bisect_right(self._begins, start) - 1) : bisect_left(self._begins, end)]
        return [(max(left, start), min(right, end), mask) for left, right, mask in reached]

    def line_at(self, offset: int) -> tuple[int, int]:
        """The bits of the rules that can match in the line of the offset, and where that line ends."""
        at = bisect_right(self._begins, offset) - 1
        if at >= 0:
            _left, right, mask = self.lines[at]
            if offset < right:
                return mask, right
        return self._always, len(self._text)

    def possible_in(self, start: int, end: int) -> int:
        """The bits of the rules that can match in a stretch."""
        mask = self._always
        for line in self.lines[max(0, bisect_right(self._begins, start) - 1) : bisect_left(self._begins, end)]:
            mask |= line[2]
        return mask

    def possible(self, offset: int) -> int:
        """The bits of the rules that can match in the line of the offset."""
        mask = self._beginning.get(offset)
        return self.line_at(offset)[0] if mask is None else mask

    def places(self, item: Rule) -> Sequence[int]:
        """Where the rule can begin: at its words, or at figures of the shape it looks for."""
        if item.head is not None:
            if self._figures is None:
                self._figures = [match.start() for match in _FIGURE.finditer(self._text)]
            text, looks = self._text, item.head.match
            return [place for place in self._figures if looks(text, place)]
        return self._of(item.bit)

    @property
    def openings(self) -> Sequence[int]:
        """Where a clause can begin."""
        return self._of(_OPENING)

    @property
    def speakers(self) -> Sequence[int]:
        """Where the words stand for who may give orders."""
        return self._of(_SPEAKER)

    def _of(self, owner: int) -> Sequence[int]:
        if owner not in self._places:
            at, text = self._at, self._text
            found = [(number, at[number]) for number in self._machine.owned[owner] & at.keys()]
            if owner == _OPENING:
                places = {place + self._machine.sizes[number] for number, starts in found for place in starts}
            elif owner == _SPEAKER:
                spans = [(place, place + self._machine.sizes[number]) for number, starts in found for place in starts]
                places = {
                    start for start, end in spans if not (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha())
                }
            else:
                places = {place for _number, starts in found for place in starts}
            self._places[owner] = sorted(places)
        return self._places[owner]


@lru_cache(maxsize=2)
def words_in(text: str) -> Words:
    """The words rules need in a shadow. Asked for the same text again, it is not searched again."""
    return Words(text, _machine(False))


@lru_cache(maxsize=2)
def words_of_lines(text: str) -> Words:
    """The same for the rules that judge a whole line."""
    return Words(text, _machine(True))


def find(kind: str, text: str, start: int = 0, end: int | None = None) -> Sequence[Hit]:
    """All hits of the rules of a kind in text[start:end] (a shadow), by place and then by order of the rules."""
    words = words_in(text)
    whole = not start and end is None
    if whole and kind in words.found:
        return words.found[kind]
    stop = len(text) if end is None else end
    possible = words.mask if whole else words.possible_in(start, stop)
    hits = [hit for item in rules_for(kind) if item.bit & possible for hit in item.find_in(text, words, start, stop)]
    hits.sort(key=_place)
    if whole:
        words.found[kind] = hits
    return hits


@lru_cache(maxsize=100_000)
def chosen(mask: int) -> tuple[Rule, ...]:
    """The rules whose bits are set, in their order."""
    return tuple(item for item in all_rules() if item.bit & mask)


@cache
def bits_of(kind: str) -> int:
    """The bits of the rules of a kind."""
    return sum(item.bit for item in rules_for(kind))


def rules_for(kind: str) -> tuple[Rule, ...]:
    """The rules of a kind in the order of their files."""
    return _by_kind().get(kind, ())


def rule(identifier: str) -> Rule:
    """The rule with this id; KeyError if there is none."""
    return _by_id()[identifier]


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Every rule of the package. ValueError names the rule that cannot be used."""
    rules: list[Rule] = []
    for path in sorted((DATA / "rules").glob("*.yaml")):
        rules += [_compiled(path.name, row, 1 << (len(rules) + n)) for n, row in enumerate(load_yaml(path) or ())]
    seen: set[str] = set()
    for item in rules:
        if item.id in seen:
            raise ValueError(f"two rules have the id {item.id}")
        seen.add(item.id)
    return tuple(rules)


@lru_cache(maxsize=1)
def word_lists() -> Mapping[str, tuple[str, ...]]:
    """The named lists of the lexicon, by name."""
    return {name: _list(name, [shadow(str(word)) for word in words]) for name, words in _lexicon("lists").items()}


def compile_pattern(pattern: str, at_places: bool = False) -> Pattern:
    """A pattern with its pieces and lists filled in. KeyError names a piece or list that does not exist."""
    spelled = _in_full(pattern)
    return quick(spelled) if at_places else regex.compile(spelled, regex.VERSION1)


def load_yaml(path: Path) -> Any:
    """The content of a YAML file of the package."""
    # The C loader is ten times faster and start-up reads a few thousand lines; not every platform has it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as handle:
        return yaml.load(handle, Loader=loader)  # noqa: S506 - a safe loader either way


def _between(places: Sequence[int], start: int, end: int) -> Sequence[int]:
    return places[bisect_left(places, start) : bisect_left(places, end)]


def _place(hit: Hit) -> int:
    return hit.span[0]


def _compiled(file: str, row: Mapping[str, Any], bit: int) -> Rule:
    try:
        told = row["kind"] not in _SEARCHED and not row.get("anchored")
        source = _in_full(row["pattern"])
        head = _HEAD.match(row["pattern"])
        return Rule(
            id=row["id"],
            label=f"{row['id']}@{int(row['version'])}",
            kind=row["kind"],
            source=source,
            fields=dict(row.get("fields") or {}),
            needs=tuple(dict.fromkeys(small(shadow(word)) for entry in row.get("needs") or () for word in _named(entry))),
            begins=beginnings(source) if told else frozenset(),
            anchored=row.get("anchored"),
            confidence=float(row["confidence"]),
            matches=tuple(row["matches"]),
            rejects=tuple(row["rejects"]),
            bit=bit,
            head=re.compile(head.group(1)) if head else None,
        )
    except (KeyError, re.error) as problem:
        raise ValueError(f"{file}: rule {row.get('id')}: {problem!r}") from problem


_FIGURE = regex.compile(r"\d++")
_HEAD = re.compile(r"\(\?=(\\d(?:[^()]|\(\?:[^()]*\))*)\)")
# Rules of these kinds see the head or the address of a document.
_OF_DOCUMENTS = ("genre", "url_date")
# Patterns of these kinds are searched for in a whole line or head, at no places.
_SEARCHED = (*_OF_DOCUMENTS, "heading_section", "list", "list_promise")
# Owners of words that are no rules.
_OPENING, _SPEAKER = -1, -2
# After these a clause begins without a comma.
_OPENERS = (", ", "; ", ": ", '" ')
_SAYING = "rằng biết định thấy và này đàm dịp giá mạnh thời ý nghị cầu đạo".split()


def _named(entry: str) -> Sequence[str]:
    name = _LIST.fullmatch(entry)
    return word_lists()[name.group(1)] if name else (entry,)


@dataclass(frozen=True, slots=True)
class _Machine:
    """All words of all rules, ready to be found: for each the bits of the rules whose line must hold it, and its length.

    `owned` are for each rule (by its bit, or by name for what is no rule) the numbers of the words it can begin with.
    """

    search: AhoCorasick
    masks: tuple[int, ...]
    sizes: tuple[int, ...]
    owned: Mapping[int, frozenset[int]]
    always: int


@lru_cache(maxsize=2)
def _machine(of_lines: bool) -> _Machine:
    masks: dict[str, int] = {}
    owned: dict[int, Iterable[str]] = {}
    rules = [item for item in all_rules() if (item.kind == "line") == of_lines and item.kind not in _OF_DOCUMENTS]
    for item in rules:
        for word in item.needs or item.begins:
            masks[word] = masks.get(word, 0) | item.bit
        owned[item.bit] = () if of_lines else item.needs if item.anchored == "word" else item.begins
    if not of_lines:
        owned[_OPENING] = (*_OPENERS, *(f" {word} " for word in _SAYING))
        owned[_SPEAKER] = map(small, word_lists()["speakers"])
    owned = {owner: frozenset(words) for owner, words in owned.items()}
    words = list(dict.fromkeys([*masks, *sorted({word for own in owned.values() for word in own})]))
    numbers = {word: number for number, word in enumerate(words)}
    return _Machine(
        AhoCorasick(words),
        tuple(masks.get(word, 0) for word in words),
        tuple(map(len, words)),
        {owner: frozenset(numbers[word] for word in own) for owner, own in owned.items()},
        sum(item.bit for item in rules if not item.needs and not item.begins),
    )


def _list(name: str, words: list[str]) -> tuple[str, ...]:
    if not name.endswith("_any"):
        return tuple(words)
    # Not str.title: it would write a capital after a hyphen or an apostrophe.
    capitals = [" ".join(part[:1].upper() + part[1:] for part in word.split(" ")) for word in words]
    return tuple(dict.fromkeys([*words, *(word[:1].upper() + word[1:] for word in words), *capitals]))


def _in_full(pattern: str) -> str:
    # A tree of letters matches what the engine's own named list does, four times as fast.
    return _LIST.sub(lambda match: "(?:" + _tree(match.group(1)) + ")", _fill(pattern))


@cache
def _tree(name: str) -> str:
    root: dict[str, Any] = {}
    for word in word_lists()[name]:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branch(root)


def _branch(node: dict[str, Any]) -> str:
    ways = [regex.escape(letter, literal_spaces=True) + _branch(after) for letter, after in sorted(node.items()) if letter]
    if not ways:
        return ""
    if "" in node:
        return "(?:" + "|".join(ways) + ")?"
    return ways[0] if len(ways) == 1 else "(?:" + "|".join(ways) + ")"


def _fill(pattern: str, depth: int = 0) -> str:
    if depth > 9:
        raise ValueError(f"pieces go round in a circle: {pattern[:80]}")
    pieces = _pieces()
    return _PIECE.sub(lambda match: "(?:" + _fill(pieces[match.group(1)], depth + 1) + ")", pattern)


@lru_cache(maxsize=1)
def _pieces() -> Mapping[str, str]:
    pieces = {name: str(pattern) for name, pattern in _lexicon("pieces").items()}
    for name, pattern in pieces.items():
        # A space at an end is easily lost in a file: it belongs to the patterns that use the piece.
        if pattern != pattern.strip():
            raise ValueError(f"the piece {name} begins or ends with a space: write the space where the piece is used")
    return pieces


def _lexicon(key: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted((DATA / "lexicon").glob("*.yaml")):
        content = load_yaml(path)
        section = content.get(key) if isinstance(content, dict) else None
        for name, value in (section or {}).items():
            if name in found:
                raise ValueError(f"{path.name}: the name {name} is taken")
            found[name] = value
    return found


@lru_cache(maxsize=1)
def _by_kind() -> Mapping[str, tuple[Rule, ...]]:
    kinds: dict[str, list[Rule]] = {}
    for item in all_rules():
        kinds.setdefault(item.kind, []).append(item)
    return {kind: tuple(items) for kind, items in kinds.items()}


@lru_cache(maxsize=1)
def _by_id() -> Mapping[str, Rule]:
    return {item.id: item for item in all_rules()}
