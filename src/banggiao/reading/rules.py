"""Which rules find a kind of fact, and where in a text do they hit?

A rule is data in `banggiao/data/rules/*.yaml`; a file is a list of rules:

    - id: quantity.counted            unique; `id@version` is written into every fact
      version: 1
      kind: quantity                  what `rules_for(kind)` asks by; any word, one of the fact kinds or a helper's own
      pattern: '(?<number>\\d++) \\L<units>{tail}?'
      needs: [gần, hơn]              optional: words (small letters) one of which stands in every line the pattern fits in
      starts: [units]                optional: named lists; the pattern begins with a word of one of them
      fields: {qualifier: null}       constants of the record; named groups of the pattern are added by the caller
      confidence: 0.9
      matches: [at least two texts the pattern is found in]
      rejects: [at least two texts it is not found in]

In a pattern `{name}` is a named piece (a regular expression) and `\\L<name>` a named list (plain words, the longest that
fits wins). Both come from `banggiao/data/lexicon/*.yaml`, files with the keys `pieces` and `lists`; names are shared by
all rules. A piece may use pieces. The words of a list whose name ends in `_any` are written small and also fit with a
capital at the start ("Bộ trưởng") and with a capital in every word ("Bộ Trưởng"). Patterns are compiled with `regex`:
write `++`, `*+`, `?+` or `(?>...)` where a pattern could otherwise try again.

Texts are matched in their shadow (`shadow`): same length, so offsets hold, but one tone placement, one space, one dash,
one apostrophe and one double quote. `needs` and `starts` make a rule cheap: only lines with one of the words, or places
where one of the words stands, are tried. Write patterns, lists and examples in that form: "thỏa thuận", "Ủy ban", "-",
"'", '"'.

    for hit in find("quantity", shadow(text), start, end): hit.rule, hit.span, hit["number"], hit.span_of("number")
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import regex
import yaml
from ahocorasick_rs import AhoCorasick, MatchKind

from banggiao.reading.types import Span

DATA = Path(__file__).resolve().parent.parent / "data"
# A name in braces, but not the braces of a property class (\p{Lu}) or a count ({2,3}).
_PIECE = regex.compile(r"(?<!\\[pPN])\{([a-z][a-z_0-9]*+)\}")
_LIST = regex.compile(r"\\L<([a-z_0-9]++)>")
# oà, uý and their kin are written òa, úy; qu- keeps its u as part of the consonant (quý, quỳ).
_OLD = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ".split()
_NEW = "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy".split()


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule. `label` is what a fact names as its rule."""

    id: str
    version: int
    kind: str
    pattern: regex.Pattern[str]
    fields: Mapping[str, Any]
    needs: tuple[str, ...]
    starts: tuple[str, ...]
    confidence: float
    matches: tuple[str, ...]
    rejects: tuple[str, ...]

    @property
    def label(self) -> str:
        """The rule as facts cite it: `id@version`."""
        return f"{self.id}@{self.version}"

    def find(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Hit]:
        """The hits in text[start:end], from left to right; `text` is a shadow and offsets are its own."""
        for match in self.pattern.finditer(text, start, len(text) if end is None else end):
            yield Hit(self, match)

    def find_at(self, text: str, places: Iterable[int]) -> Iterator[Hit]:
        """The hits that begin at one of the places (in order), none inside an earlier one."""
        at = 0
        for place in places:
            match = self.pattern.match(text, place) if place >= at else None
            if match is not None:
                at = max(match.end(), place + 1)
                yield Hit(self, match)


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a rule fits: `hit["name"]` is the text of a named group or None, `span_of` its place."""

    rule: Rule
    match: regex.Match[str]

    @property
    def span(self) -> Span:
        """The group `span` where the pattern has one, otherwise the whole match."""
        if "span" in self.rule.pattern.groupindex and self.match.group("span") is not None:
            return self.match.span("span")
        return self.match.span()

    def __getitem__(self, name: str) -> str | None:
        if name not in self.rule.pattern.groupindex:
            return None
        text: str | None = self.match.group(name)
        return text

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


def find(kind: str, text: str, start: int = 0, end: int | None = None) -> list[Hit]:
    """All hits of the rules of a kind in text[start:end] (a shadow), by place and then by order of the rules."""
    if start or end is not None:
        hits = [hit for rule in rules_for(kind) for hit in rule.find(text, start, end)]
    else:
        lines, places, hits = _lines_with_needs(text), _places_of_starts(text), []
        for rule in rules_for(kind):
            if rule.starts:
                hits += rule.find_at(text, places[rule.id]) if rule.id in places else ()
            elif rule.needs:
                for span in lines.get(rule.id, ()):
                    hits += rule.find(text, *span)
            else:
                hits += rule.find(text)
    hits.sort(key=_start_of)
    return hits


def rules_for(kind: str) -> tuple[Rule, ...]:
    """The rules of a kind in the order of their files."""
    return _by_kind().get(kind, ())


def rule(identifier: str) -> Rule:
    """The rule with this id; KeyError if there is none."""
    return _by_id()[identifier]


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Every rule of the package. ValueError names the rule that cannot be used."""
    rules = []
    for path in sorted((DATA / "rules").glob("*.yaml")):
        rules += [_compiled(path.name, row) for row in load_yaml(path) or ()]
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


def compile_pattern(pattern: str) -> regex.Pattern[str]:
    """A pattern with its pieces and lists filled in. KeyError names a piece or list that does not exist."""
    filled = _fill(pattern)
    lists = {name: word_lists()[name] for name in _LIST.findall(filled)}
    return regex.compile(filled, regex.VERSION1, None, None, **lists)  # type: ignore[arg-type]


def load_yaml(path: Path) -> Any:
    """The content of a YAML file of the package."""
    # The C loader is ten times faster and start-up reads a few thousand lines; not every platform has it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as handle:
        return yaml.load(handle, Loader=loader)  # noqa: S506 - a safe loader either way


def _start_of(hit: Hit) -> int:
    return hit.span[0]


def _compiled(file: str, row: Mapping[str, Any]) -> Rule:
    try:
        return Rule(
            id=row["id"],
            version=int(row["version"]),
            kind=row["kind"],
            pattern=compile_pattern(row["pattern"]),
            fields=dict(row.get("fields") or {}),
            starts=tuple(row.get("starts") or ()),
            needs=tuple(shadow(word) for word in row.get("needs") or ()),
            confidence=float(row["confidence"]),
            matches=tuple(row["matches"]),
            rejects=tuple(row["rejects"]),
        )
    except (KeyError, regex.error) as problem:
        raise ValueError(f"{file}: rule {row.get('id')}: {problem!r}") from problem


@lru_cache(maxsize=4)
def _places_of_starts(text: str) -> Mapping[str, list[int]]:
    """For every rule with `starts`, the places where a word of its lists begins."""
    search, owners = _starting()
    places: dict[str, list[int]] = {}
    # The longest word at a place is enough: a rule looks at the place, not at the word. A word inside another is none of its own.
    for number, start, end in search.find_matches_as_indexes(text):
        if not (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()):
            for name in owners[number]:
                places.setdefault(name, []).append(start)
    return places


@lru_cache(maxsize=1)
def _starting() -> tuple[AhoCorasick, list[list[str]]]:
    owners: dict[str, list[str]] = {}
    for item in all_rules():
        for name in item.starts:
            for word in word_lists()[name]:
                owners.setdefault(word, []).append(item.id)
    for word, names in list(owners.items()):
        # "Công ty Cổ phần" also begins with "Công ty".
        parts = word.split(" ")
        for count in range(1, len(parts)):
            names += [name for name in owners.get(" ".join(parts[:count]), ()) if name not in names]
    return AhoCorasick(list(owners), matchkind=MatchKind.LeftmostLongest), list(owners.values())


@lru_cache(maxsize=4)
def _lines_with_needs(text: str) -> Mapping[str, list[Span]]:
    """For every rule with `needs`, the lines of the text that hold one of its words."""
    search, owners = _needed()
    lines: dict[str, list[Span]] = {}
    start = end = 0
    for number, place, _end in search.find_matches_as_indexes(small(text), overlapping=True):
        if place >= end:
            start = text.rfind("\n", 0, place) + 1
            end = text.find("\n", place)
            end = len(text) if end < 0 else end
        for name in owners[number]:
            spans = lines.setdefault(name, [])
            if not spans or spans[-1][0] != start:
                spans.append((start, end))
    return lines


@lru_cache(maxsize=1)
def _needed() -> tuple[AhoCorasick, list[list[str]]]:
    owners: dict[str, list[str]] = {}
    for item in all_rules():
        for word in item.needs:
            owners.setdefault(word, []).append(item.id)
    return AhoCorasick(list(owners)), list(owners.values())


def _list(name: str, words: list[str]) -> tuple[str, ...]:
    if not name.endswith("_any"):
        return tuple(words)
    # Not str.title: it would write a capital after a hyphen or an apostrophe.
    capitals = [" ".join(part[:1].upper() + part[1:] for part in word.split(" ")) for word in words]
    return tuple(dict.fromkeys([*words, *(word[:1].upper() + word[1:] for word in words), *capitals]))


def _fill(pattern: str, depth: int = 0) -> str:
    if depth > 9:
        raise ValueError(f"pieces go round in a circle: {pattern[:80]}")
    pieces = _pieces()
    return _PIECE.sub(lambda match: "(?:" + _fill(pieces[match.group(1)], depth + 1) + ")", pattern)


@lru_cache(maxsize=1)
def _pieces() -> Mapping[str, str]:
    return {name: str(pattern).strip() for name, pattern in _lexicon("pieces").items()}


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
_ODD = regex.compile("[" + "".join(map(chr, _PLAIN)).replace("-", r"\-") + "]")
_TONES = {change(old): change(new) for old, new in zip(_OLD, _NEW, strict=True) for change in (str.lower, str.upper, str.title)}
# Only where the syllable ends: "toàn", "hoạt", "khoẻn" carry the mark on the second vowel in both styles.
_TONE = regex.compile(r"(?<![Qq])(?:" + "|".join(_TONES) + r")(?!\p{L})")


@lru_cache(maxsize=8)
def _shadow(text: str) -> str:
    return _TONE.sub(lambda match: _TONES[match.group()], _ODD.sub(lambda match: _PLAIN[ord(match.group())], text))
