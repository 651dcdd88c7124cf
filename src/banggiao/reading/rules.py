"""Which rules find a kind of fact, and where in a text do they hit?

A rule is data in `banggiao/data/rules/*.yaml`; a file is a list of rules:

    - id: quantity.counted            unique; `id@version` is written into every fact
      version: 1
      kind: quantity                  what `rules_for(kind)` asks by; any word, one of the fact kinds or a helper's own
      pattern: '(?<number>\\d++) \\L<units>{tail}?'
      needs: [gần, hơn]              optional: words (small letters) one of which stands in every line the pattern
                                      fits in; `\\L<name>` stands for the words of a list
      starts: [units]                optional: named lists; the pattern begins with a word of one of them
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

Why this is fast: most rules fit in few places, and trying a pattern costs more than knowing that it cannot fit. All words
of all `needs` and `starts` are found in one pass over a text (`words_in`), whatever their case. Each rule is one bit, so
the words of a line are one number that says which rules can match there; a rule with `starts` (or `anchored: word`) is
tried only where one of its words begins, one whose pattern begins with a look at figures (`(?=\\d...)`) only where a figure
begins and that look, taken by the faster standard engine, finds what it asks for: let it say as much as it can. So time
grows with the text and hardly with the number of rules, and a new rule should name such words. The pattern alone decides
what matches: words only tell where not to look.

    for hit in find("quantity", shadow(text), start, end): hit.rule, hit.span, hit["number"], hit.span_of("number")
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import regex
import yaml
from ahocorasick_rs import AhoCorasick

from banggiao.reading.quick import Match, Pattern, quick
from banggiao.reading.types import Span

DATA = Path(__file__).resolve().parent.parent / "data"
# A name in braces, but not the braces of a property class (\p{Lu}) or a count ({2,3}).
_PIECE = regex.compile(r"(?<!\\[pPN])\{([a-z][a-z_0-9]*+)\}")
_LIST = regex.compile(r"\\L<([a-z_0-9]++)>")
# oà, uý and their kin are written òa, úy; qu- keeps its u as part of the consonant (quý, quỳ).
_OLD = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ".split()
_NEW = "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy".split()


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A compiled rule. `label` (`id@version`) is what a fact names as its rule; `bit` is its place among all rules."""

    id: str
    label: str
    kind: str
    pattern: Pattern
    fields: Mapping[str, Any]
    needs: tuple[str, ...]
    starts: tuple[str, ...]
    anchored: str | None
    confidence: float
    matches: tuple[str, ...]
    rejects: tuple[str, ...]
    bit: int
    groups: frozenset[str]
    head: re.Pattern[str] | None

    def find_at(self, text: str, places: Iterable[int], end: int | None = None) -> list[Hit]:
        """The hits in text[:end] that begin at one of the places (in order), none inside an earlier one."""
        stop = len(text) if end is None else end
        if self.head is not None:
            looks = self.head.match
            places = [place for place in places if looks(text, place, stop)]
        hits: list[Hit] = []
        at, match_at = 0, self.pattern.match
        for place in places:
            if place >= at and (match := match_at(text, place, stop)) is not None:
                at = max(match.end(), place + 1)
                hits.append(Hit(self, match))
        return hits


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
    return _shadow(text)


def small(text: str) -> str:
    """The text in small letters, of equal length."""
    lowered = text.lower()
    # A few capitals (\u0130) become two characters; then letter by letter, so that offsets hold.
    return lowered if len(lowered) == len(text) else "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


class Words:
    """The words rules need, as they stand in a text: which rules a line can hold, and where a rule can begin.

    `openings` are the places where a clause can begin, `speakers` those of the words for who may give orders, `figures` those
    where a figure begins; `found` keeps the hits already looked for.
    """

    __slots__ = ("_always", "_begins", "_places", "figures", "found", "lines", "openings", "speakers")

    def __init__(self, text: str, machine: _Machine) -> None:
        self.lines: list[tuple[int, int, int]] = []
        found: dict[int, list[int]] = defaultdict(list)
        masks, owners, always = machine.masks, machine.owners, machine.always
        begin = stop = mask = 0
        # Hits come in order of their ends, and no word reaches over a line end.
        for number, start, end in machine.search.find_matches_as_indexes(small(text), overlapping=True):
            if start >= stop:
                if mask:
                    self.lines.append((begin, stop, mask))
                begin, stop, mask = text.rfind("\n", stop, start) + 1, text.find("\n", start), always
                stop = len(text) if stop < 0 else stop
            mask |= masks[number]
            inside, whole = owners[number]
            for bit in inside:
                found[bit].append(end if bit == _OPENING else start)
            if whole and not (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()):
                for bit in whole:
                    found[bit].append(start)
        if mask:
            self.lines.append((begin, stop, mask))
        self._begins = [line[0] for line in self.lines]
        self._always = always
        self.found: dict[str, tuple[Hit, ...]] = {}
        self._places = {bit: sorted(set(places)) for bit, places in found.items()}
        self.figures = [match.start() for match in _FIGURE.finditer(text)]
        self.openings: Sequence[int] = self._places.get(_OPENING, ())
        self.speakers: Sequence[int] = self._places.get(_SPEAKER, ())

    def between(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """The lines that hold such words and reach into a stretch, as far as they do."""
        reached = self.lines[max(0, bisect_right(self._begins, start) - 1) : bisect_left(self._begins, end)]
        return [(max(left, start), min(right, end), mask) for left, right, mask in reached]

    def possible(self, offset: int) -> int:
        """The bits of the rules that can match in the line of the offset."""
        at = bisect_right(self._begins, offset) - 1
        return self.lines[at][2] if at >= 0 and offset < self.lines[at][1] else self._always

    def places(self, item: Rule) -> Sequence[int]:
        """Where the rule, one with `starts` or anchored to its words, can begin."""
        return self._places.get(item.bit, ())


@lru_cache(maxsize=2)
def words_in(text: str) -> Words:
    """The words rules need in a shadow. Asked for the same text again, it is not searched again."""
    return Words(text, _machine(False))


@lru_cache(maxsize=2)
def words_of_lines(text: str) -> Words:
    """The same for the rules that judge a whole line."""
    return Words(text, _machine(True))


def find(kind: str, text: str, start: int = 0, end: int | None = None) -> list[Hit]:
    """All hits of the rules of a kind in text[start:end] (a shadow), by place and then by order of the rules."""
    words = words_in(text)
    whole = not start and end is None
    if whole and kind in words.found:
        return list(words.found[kind])
    stop = len(text) if end is None else end
    everywhere, wanted = _split(kind)
    hits: list[Hit] = []
    for item in everywhere:
        if item.head is not None:
            hits += item.find_at(text, _between(words.figures, start, stop), stop)
        else:
            hits += [Hit(item, match) for match in item.pattern.finditer(text, start, stop)]
    for left, right, mask in words.lines if whole else words.between(start, stop):
        mask &= wanted
        if mask:
            for item in chosen(mask):
                if item.starts:
                    hits += item.find_at(text, _between(words.places(item), left, right))
                elif item.head is not None:
                    hits += item.find_at(text, _between(words.figures, left, right), right)
                else:
                    for match in item.pattern.finditer(text, left, right):
                        hits.append(Hit(item, match))
    hits.sort(key=_place)
    if whole:
        words.found[kind] = tuple(hits)
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
    # A tree of letters matches what the engine's own named list does, four times as fast.
    spelled = _LIST.sub(lambda match: "(?:" + _tree(match.group(1)) + ")", _fill(pattern))
    return quick(spelled) if at_places else regex.compile(spelled, regex.VERSION1)


def load_yaml(path: Path) -> Any:
    """The content of a YAML file of the package."""
    # The C loader is ten times faster and start-up reads a few thousand lines; not every platform has it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as handle:
        return yaml.load(handle, Loader=loader)  # noqa: S506 - a safe loader either way


@cache
def _split(kind: str) -> tuple[Sequence[Rule], int]:
    """The rules of a kind that no word announces, and the bits of the others."""
    everywhere = [item for item in rules_for(kind) if not (item.needs or item.starts)]
    return everywhere, bits_of(kind) & ~sum(item.bit for item in everywhere)


def _between(places: Sequence[int], start: int, end: int) -> Sequence[int]:
    return places[bisect_left(places, start) : bisect_left(places, end)]


def _place(hit: Hit) -> int:
    return hit.span[0]


def _compiled(file: str, row: Mapping[str, Any], bit: int) -> Rule:
    try:
        pattern = compile_pattern(row["pattern"], bool(row.get("anchored") or row.get("starts") or row["kind"] == "line"))
        return Rule(
            id=row["id"],
            label=f"{row['id']}@{int(row['version'])}",
            kind=row["kind"],
            pattern=pattern,
            fields=dict(row.get("fields") or {}),
            needs=tuple(dict.fromkeys(small(shadow(word)) for entry in row.get("needs") or () for word in _named(entry))),
            starts=tuple(row.get("starts") or ()),
            anchored=row.get("anchored"),
            confidence=float(row["confidence"]),
            matches=tuple(row["matches"]),
            rejects=tuple(row["rejects"]),
            bit=bit,
            groups=frozenset(pattern.groupindex),
            head=re.compile(head.group(1)) if (head := _HEAD.match(row["pattern"])) else None,
        )
    except (KeyError, regex.error) as problem:
        raise ValueError(f"{file}: rule {row.get('id')}: {problem!r}") from problem


_FIGURE = regex.compile(r"\d++")
_HEAD = re.compile(r"\(\?=(\\d(?:[^()]|\(\?:[^()]*\))*)\)")
# Rules of these kinds see the head or the address of a document.
_OF_DOCUMENTS = ("genre", "url_date")
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
    """All words of all rules, ready to be found: for each the bits of the rules that need it and those that begin with it."""

    search: AhoCorasick
    masks: tuple[int, ...]
    # For each the bits (or names) of its owners: of those it counts for everywhere, and of those only between word borders.
    owners: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    always: int


@lru_cache(maxsize=2)
def _machine(of_lines: bool) -> _Machine:
    masks: dict[str, int] = {}
    owners: dict[str, list[tuple[int, bool]]] = {}
    rules = [item for item in all_rules() if (item.kind == "line") == of_lines and item.kind not in _OF_DOCUMENTS]
    for item in rules:
        for word in item.needs:
            masks[word] = masks.get(word, 0) | item.bit
            if item.anchored == "word":
                owners.setdefault(word, []).append((item.bit, False))
        for word in {small(word) for name in item.starts for word in word_lists()[name]}:
            owners.setdefault(word, []).append((item.bit, True))
            if not item.needs:
                masks[word] = masks.get(word, 0) | item.bit
    if not of_lines:
        for word in (*_OPENERS, *(f" {word} " for word in _SAYING)):
            owners.setdefault(word, []).append((_OPENING, False))
        for word in word_lists()["speakers"]:
            owners.setdefault(small(word), []).append((_SPEAKER, True))
    words = list(dict.fromkeys([*masks, *owners]))
    return _Machine(
        AhoCorasick(words),
        tuple(masks.get(word, 0) for word in words),
        tuple((_owners(owners, word, False), _owners(owners, word, True)) for word in words),
        sum(item.bit for item in rules if not item.needs and not item.starts),
    )


def _owners(owners: Mapping[str, Sequence[tuple[int, bool]]], word: str, only_whole: bool) -> tuple[int, ...]:
    return tuple(bit for bit, whole in owners.get(word, ()) if whole is only_whole)


def _list(name: str, words: list[str]) -> tuple[str, ...]:
    if not name.endswith("_any"):
        return tuple(words)
    # Not str.title: it would write a capital after a hyphen or an apostrophe.
    capitals = [" ".join(part[:1].upper() + part[1:] for part in word.split(" ")) for word in words]
    return tuple(dict.fromkeys([*words, *(word[:1].upper() + word[1:] for word in words), *capitals]))


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


_PLAIN = {code: " " for code in (0x09, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000)}
_PLAIN |= dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_PLAIN |= dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'") | dict.fromkeys(map(ord, "\u201c\u201d\u201e"), '"')
# Eth looks like the Vietnamese capital and is often typed for it.
_PLAIN |= {0xD0: "Đ"}
# Odd signs are rare; looking for them is ten times faster than translating every letter.
_ODD = re.compile("[" + "".join(map(chr, _PLAIN)).replace("-", r"\-") + "]")
_TONES = {change(old): change(new) for old, new in zip(_OLD, _NEW, strict=True) for change in (str.lower, str.upper, str.title)}
# Only where the syllable ends: "toàn", "hoạt", "khoẻn" carry the mark on the second vowel in both styles.
_TONE = re.compile(r"[oOuU](?<![Qq].)[" + "".join({pair[1] for pair in _TONES}) + r"](?![^\W\d_])")


@lru_cache(maxsize=8)
def _shadow(text: str) -> str:
    return _TONE.sub(
        lambda match: _TONES.get(match.group(), match.group()), _ODD.sub(lambda match: _PLAIN[ord(match.group())], text)
    )
