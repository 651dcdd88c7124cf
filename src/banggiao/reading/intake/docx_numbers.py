"""Which number or mark does Word put before a paragraph of a list? No text of the file holds it: who opens the file counts."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from lxml import etree

from banggiao.reading.intake.packages import parse_part

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VALUE = _W + "val"
_LEVELS = 9
# A style that is based on others so deep, or in a circle, tells no more.
_DEEPEST = 12
_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_BULLET = "-"


class _Level(NamedTuple):
    """How one level of a list is numbered: the first number, its kind, and the text around it (`%1.%2.`)."""

    start: int
    kind: str
    text: str


class Numbering:
    """The lists of a Word file; asked for one paragraph after the other, in their order."""

    def __init__(self, package: zipfile.ZipFile, folder: str) -> None:
        self._raw_lists = _member(package, f"{folder}/numbering.xml")
        # Most files have lists and styles by the dozen and use few: they are parsed when a paragraph asks for them.
        self._raw_styles = _member(package, f"{folder}/styles.xml") if self._raw_lists else b""
        self._counts: dict[str, list[int]] = {}
        self._begun: set[str] = set()

    @cached_property
    def _parsed(self) -> Any:
        return _parsed(self._raw_lists)

    @cached_property
    def _kinds(self) -> dict[str, dict[int, _Level]]:
        return {_id(kind, "abstractNumId"): _levels(kind) for kind in _all(self._parsed, "abstractNum")}

    @cached_property
    def _lists(self) -> dict[str, tuple[str, dict[int, int]]]:
        return dict(self._read(one) for one in _all(self._parsed, "num"))

    @cached_property
    def _styles(self) -> dict[str, Any]:
        root = _parsed(self._raw_styles) if b"numPr" in self._raw_styles else None
        return {_id(style, "styleId"): style for style in _all(root, "style")}

    def mark(self, paragraph: Any) -> str:
        """What stands before the paragraph, such as `1.`, `2.1.`, `a)` or `-`; empty where nothing does."""
        name, level = self._place(paragraph) if self._raw_lists else ("", 0)
        if not name or name not in self._lists or not 0 <= level < _LEVELS:
            return ""
        kind, starts = self._lists[name]
        levels = self._kinds.get(kind, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(kind, [0] * _LEVELS)
        if name not in self._begun:
            # Lists of one kind count on, except one that says where it begins.
            self._begun.add(name)
            for place, start in starts.items():
                counts[place] = start - 1 if start > 0 else 0
        first = starts.get(level, levels[level].start)
        counts[level] = counts[level] + 1 if counts[level] else first
        counts[level + 1 :] = [0] * (_LEVELS - level - 1)
        return _shown(levels, counts, level)

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """The list of the paragraph and its level in it, of its own or from its style; the list is empty where there is none."""
        name, level = _numbered(paragraph.find(_W + "pPr"))
        style = _value(paragraph.find(f"{_W}pPr/{_W}pStyle"))
        for _step in range(_DEEPEST):
            if (name is not None and level is not None) or not style or style not in self._styles:
                break
            found, deep = _numbered(self._styles[style].find(_W + "pPr"))
            name, level = found if name is None else name, deep if level is None else level
            style = _value(self._styles[style].find(_W + "basedOn"))
        return name or "", level or 0

    @staticmethod
    def _read(one: Any) -> tuple[str, tuple[str, dict[int, int]]]:
        starts = {
            _number(override.get(_W + "ilvl")) or 0: _number(start.get(_VALUE)) or 0
            for override in _all(one, "lvlOverride")
            for start in _all(override, "startOverride")
        }
        kept = {level: start for level, start in starts.items() if 0 <= level < _LEVELS}
        return _id(one, "numId"), (_value(one.find(_W + "abstractNumId")), kept)


def _shown(levels: dict[int, _Level], counts: list[int], level: int) -> str:
    shape = levels[level]
    if shape.kind == "bullet":
        return _BULLET
    if shape.kind == "none":
        return ""

    def number(place: re.Match[str]) -> str:
        which = int(place[1]) - 1
        one = levels.get(which, shape)
        return spelled(counts[which] or one.start, one.kind)

    return " ".join(_PLACE.sub(number, shape.text).split())


def spelled(number: int, kind: str) -> str:
    """The number as Word's kinds of numbering write it: 3, iii, C."""
    if kind in ("lowerLetter", "upperLetter") and number > 0:
        # After z Word writes aa, bb, cc.
        letters = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
        return letters.upper() if kind == "upperLetter" else letters
    if kind in ("lowerRoman", "upperRoman") and 0 < number < 400:
        roman = ""
        for value, sign in _ROMAN:
            while number >= value:
                roman, number = roman + sign, number - value
        return roman.upper() if kind == "upperRoman" else roman
    return f"{number:02d}" if kind == "decimalZero" else str(number)


def _levels(kind: Any) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for level in _all(kind, "lvl"):
        at, start = _number(level.get(_W + "ilvl")), _number(_value(level.find(_W + "start")))
        if at is not None and 0 <= at < _LEVELS:
            shape = _value(level.find(_W + "numFmt")) or "decimal"
            found[at] = _Level(1 if start is None else start, shape, _value(level.find(_W + "lvlText"))[:40])
    return found


def _numbered(properties: Any) -> tuple[str | None, int | None]:
    """The list and level that properties name; None for what they leave to the style."""
    own = properties.find(_W + "numPr") if properties is not None else None
    if own is None:
        return None, None
    name = own.find(_W + "numId")
    return None if name is None else _value(name), _number(_value(own.find(_W + "ilvl")))


def _member(package: zipfile.ZipFile, name: str) -> bytes:
    return package.read(name) if name in package.namelist() else b""


def _parsed(part: bytes) -> Any:
    """The root of a part; None where it is none or cannot be read: numbers are worth less than the text."""
    try:
        return parse_part(part) if part else None
    except etree.XMLSyntaxError:
        return None


def _all(element: Any, name: str) -> Iterator[Any]:
    return iter(()) if element is None else element.iterchildren(_W + name)


def _id(element: Any, name: str) -> str:
    return str(element.get(_W + name) or "")


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(_VALUE) or "")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None
