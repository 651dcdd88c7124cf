"""What is each line of a text: body, heading, caption, or something around the text (byline, source, links, letterhead)?

A line is first judged by itself (`data/rules/lines.yaml`), then by its place: the title stands on top, a name alone
on top or at the end is a byline, a headline said twice opens the list of other stories, a headline glued to one
sentence is a teaser box.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from banggiao.reading import rules
from banggiao.reading.quick import quick
from banggiao.reading.types import Hints, LineClass, Span

_CLASS_OF_ROLE: dict[str, LineClass] = {"": "body", "title": "heading", "heading": "heading", "caption": "caption"}
_ENDS = quick(r"[.!?…:;,][\"')\]”’]*+$")
_STOPS = quick(r"[.!?…][\"')\]”’]*+$")
_NAME = quick(
    r"^\p{Lu}[\p{L}.]{0,12}(?:(?: - | & |[ -])\p{Lu}[\p{L}.]{0,12}){0,5}(?: ?\((?:\p{Lu}|[Tt]heo|[Tt]ổng hợp)[^()]{1,40}\))?$"
)
_ITEM = quick(
    r"^(?:[-+•*–]\s|\(?(?:\d{1,2}(?:\.\d{1,2})*+|[a-zđ]|[ivx]{1,4})[.)]\s"
    r"|(?:Một|Hai|Ba|Bốn|Năm|Sáu|Bảy|Tám|Chín|Mười) là\b|[Tt]hứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)\b)"
)
_SMALL = quick(r"\p{Ll}")
_NUMBERED = quick(r"\d{1,2}(?:\.\d{1,2})*+[.)]\s")
_EXERCISE = "DIỄN TẬP"
_WRAP_WIDTHS = (40, 140)
_TITLE_WORDS = 45
_HEADING_WORDS = 22
_LONG = 400


class TextLine(NamedTuple):
    """A line of the canonical text: 1-based number, span without the line end, class, text, and the role behind the class."""

    number: int
    span: Span
    cls: LineClass
    text: str
    role: str = ""


def classify_lines(text: str, shadow: str, hints: Hints) -> tuple[TextLine, ...]:
    """Every line of the text in order, blank ones included (they count as body)."""
    rows: list[TextLine] = []
    lines: list[str] = []
    words = rules.words_of_lines(shadow)
    at = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        end = at + len(raw)
        line = shadow[at:end].strip()
        lines.append(line)
        # A row of a table is body, whatever stands in its cells.
        judged = line and len(line) <= _LONG and "\t" not in raw
        rows.append(TextLine(number, (at, end), "body", raw, _own_role(line, words.possible(at)) if judged else ""))
        at = end + 1
    page = _Page(rows, lines, hints)
    page.judge()
    return tuple(
        TextLine(row.number, row.span, _CLASS_OF_ROLE.get(role, "boilerplate"), row.text, role) if role or row.role else row
        for row, role in zip(rows, page.roles, strict=True)
    )


def continues(rows: tuple[TextLine, ...], at: int) -> bool:
    """Whether the sentence on line `at` (an index) goes on in the next: both body, no blank between, no stop, no new item."""
    if at + 1 >= len(rows):
        return False
    here, after = rows[at], rows[at + 1]
    left, right = here.text.rstrip(), after.text.lstrip()
    if here.role or after.role or not left or not right:
        return False
    return not _ENDS.search(left[-4:]) and not _ITEM.match(right) or (left.endswith(",") and right[0].islower())


class _Page:
    """The lines of one document while they are being judged."""

    def __init__(self, rows: list[TextLine], lines: list[str], hints: Hints) -> None:
        self.lines = lines
        self.roles = [row.role for row in rows]
        self.filled = [n for n, line in enumerate(lines) if line]
        self.hints = hints
        self.rows = {n for n, row in enumerate(rows) if "\t" in row.text}
        self.wrapped = _wrapped(lines)

    def judge(self) -> None:
        self._top()
        self._tail()
        self._end()
        self._inner()

    def _blank(self, at: int) -> bool:
        return not 0 <= at < len(self.lines) or not self.lines[at]

    def _top(self) -> None:
        """Letterhead, title and byline: within the first dozen lines that hold something."""
        title = None
        wanted = rules.shadow(self.hints.title or "").strip()
        # Word takes the first line for the title of the file; a line that only marks an exercise is none.
        wanted = "" if wanted.startswith(_EXERCISE) else wanted
        letter = [n for n in self.filled[:9] if self.roles[n] == "letterhead"]
        for n in self.filled[:9]:
            # The issuing office stands in capitals above number and date.
            if letter and n < letter[-1] and self.roles[n] in ("", "heading") and not _SMALL.search(self.lines[n]):
                self.roles[n] = "letterhead"
        for n in self.filled[:14]:
            line, role = self.lines[n], self.roles[n]
            if title is None and (line == wanted or self._could_be_title(n)):
                title, self.roles[n] = n, "title"
            elif title is not None and not role and _name(line):
                self.roles[n] = "byline"
            elif not role or (role == "caption_guess" and _words(line) > 12):
                break

    def _could_be_title(self, n: int) -> bool:
        line = self.lines[n]
        if self.roles[n] not in ("", "heading", "caption_guess") or n in self.wrapped or n in self.rows or _ITEM.match(line):
            return False
        after = self.lines[n + 1] if n + 1 < len(self.lines) else ""
        if _words(line) < 4 or _words(line) > _TITLE_WORDS or after[:1].islower():
            return False
        return not _ENDS.search(line) or line.endswith(("?", "!"))

    def _tail(self) -> None:
        """Everything from the list of other stories, or from the addressees of a letter, to the end."""
        # A page has a few headers of link lists; a text of nothing else must not cost their square.
        start, tries = None, 20
        for place, n in enumerate(self.filled):
            line, role = self.lines[n], self.roles[n]
            after = self.filled[place + 1] if place + 1 < len(self.filled) else None
            if after is not None and place > 2 and line == self.lines[after] and _words(line) >= 4 and not _STOPS.search(line):
                start = n
            elif role == "letter_tail" and place > 3:
                start = n
            elif role == "related" and (tries := tries - 1) >= 0 and self._only_links_after(place):
                start = n
            if start is not None:
                break
        if start is not None:
            for n in self.filled:
                if n >= start:
                    self.roles[n] = self.roles[n] if self.roles[n] in ("source", "byline") else "links"

    def _only_links_after(self, place: int) -> bool:
        """Nothing but headlines, each with at most one teaser, follows; two sentences in a row are the story going on."""
        rest = [n for n in self.filled[place + 1 :] if self.roles[n] in ("", "heading", "caption_guess")]
        stops = [bool(_STOPS.search(self.lines[n])) for n in rest]
        if any(_words(self.lines[n]) > 42 or _ITEM.match(self.lines[n]) for n in rest):
            return False
        return not any(one and two for one, two in pairwise(stops))

    def _end(self) -> None:
        """A name alone among the last lines of the story signs it."""
        for n in reversed(self.filled):
            role = self.roles[n]
            if role in ("", "heading") and _name(self.lines[n]) and n != self.filled[0]:
                self.roles[n] = "byline"
            elif not role or role == "title":
                break

    def _inner(self) -> None:
        spaced = self._spaced()
        seen: dict[str, int] = {}
        for place, n in enumerate(self.filled):
            line, role = self.lines[n], self.roles[n]
            if role == "related":
                self._box(place)
            elif role == "caption_guess":
                self.roles[n] = "caption" if self._stands_alone(n) else ""
            elif role in ("", "heading") and line in seen and _words(line) >= 4 and not _STOPS.search(line):
                self.roles[n] = "links"
            elif role == "" and place and self.roles[self.filled[place - 1]] == "image" and _words(line) <= 35:
                self.roles[n] = "caption"
            elif role == "" and self._heading(n):
                self.roles[n] = "heading"
                if spaced and self._teaser(n):
                    self.roles[n] = self.roles[n + 1] = "links"
            seen.setdefault(line, n)

    def _spaced(self) -> bool:
        """Whether paragraphs of this page stand apart by blank lines."""
        apart = sum(1 for n in self.filled if self._blank(n + 1))
        return apart * 10 >= len(self.filled) * 6

    def _box(self, place: int) -> None:
        """A "see also" box inside the story: its header and the headlines below it, up to the first real paragraph."""
        start = self.filled[place]
        self.roles[start] = "links"
        touching, last = True, start
        for n in self.filled[place + 1 :]:
            touching = touching and n == last + 1
            last = n
            if (
                _words(self.lines[n]) > 38
                or (_STOPS.search(self.lines[n]) and not touching)
                or _ITEM.match(self.lines[n])
                or self.roles[n]
            ):
                break
            if not touching and not self._blank(n + 1):
                break
            self.roles[n] = "links"

    def _heading(self, n: int) -> bool:
        line = self.lines[n]
        if (
            n in self.wrapped
            or n in self.rows
            or _words(line) > _HEADING_WORDS
            or _ENDS.search(line)
            or not (line[0].isupper() or line[0] in "\"'0123456789")
        ):
            return False
        if _ITEM.match(line):
            return bool(_NUMBERED.match(line)) and _words(line) <= 13 and not self._in_list(n)
        before = self.lines[n - 1] if n else ""
        after = self.lines[n + 1] if n + 1 < len(self.lines) else ""
        if after[:1].islower() or (before and not _ENDS.search(before) and not self.roles[n - 1]):
            return False
        return True

    def _in_list(self, n: int) -> bool:
        """A numbered line beside another numbered line is an item, not a heading."""
        return any(0 <= k < len(self.lines) and _ITEM.match(self.lines[k]) for k in (n - 1, n + 1))

    def _stands_alone(self, n: int) -> bool:
        return self._blank(n - 1) and self._blank(n + 1) or bool(self.roles[n - 1] if n else "")

    def _teaser(self, n: int) -> bool:
        """A headline and one sentence, glued, blank around, past the top: a box that leads to another story."""
        if (
            n <= self.filled[min(3, len(self.filled) - 1)]
            or self._blank(n + 1)
            or not self._blank(n - 1)
            or not self._blank(n + 2)
        ):
            return False
        line, after = self.lines[n], self.lines[n + 1]
        one = after.count(". ") == 0 and bool(_STOPS.search(after))
        return _words(line) >= 6 and one and _words(after) <= 42 and not self.roles[n + 1] and not _ITEM.match(after)


def _own_role(line: str, possible: int) -> str:
    low = rules.small(line)
    for item in rules.chosen(possible):
        if (not item.opening or low.startswith(item.opening)) and item.pattern.search(line):
            return str(item.fields["role"])
    return ""


def _name(line: str) -> bool:
    """Two to six capitalised words and nothing else, or the initials of a reporter."""
    return len(line) <= 45 and bool(_NAME.match(line)) and not line.isupper() or line in ("PV", "CTV", "BBT", "TTXVN")


def _words(line: str) -> int:
    return line.count(" ") + 1


def _wrapped(lines: list[str]) -> set[int]:
    """Lines of blocks broken at a fixed width (text out of a PDF): none of them is a heading."""
    found: set[int] = set()
    start = 0
    for n in range(len(lines) + 1):
        if n < len(lines) and lines[n]:
            continue
        block = range(start, n)
        start = n + 1
        if len(block) < 3:
            continue
        widest = max(len(lines[k]) for k in block)
        if not _WRAP_WIDTHS[0] <= widest <= _WRAP_WIDTHS[1]:
            continue
        lower = sum(1 for k in block if lines[k][0].islower())
        if lower * 3 >= len(block):
            found.update(k for k in block if len(lines[k]) * 10 >= widest * 7 or lines[k][0].islower())
    return found
