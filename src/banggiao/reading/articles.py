"""Into which numbered articles does the text of an instrument fall? A person confirms what this proposes."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """An article as the text numbers it; `start` to before `end` are its words, heading line and all."""

    number: str
    heading: str
    start: int
    end: int


_ARTICLE = re.compile(
    r"^[ \t]*(?P<number>(?:Điều|ĐIỀU|Article|ARTICLE|Art\.) +(?:\d{1,3}[a-zđ]?|[IVXL]{1,6}))(?:[ \t]*[.:–-])?[ \t]*"
    r"(?P<heading>[^\n]*)$",
    re.MULTILINE,
)
_PARAGRAPH = re.compile(r"^[ \t]*(?P<number>\d{1,2})[.)][ \t]+(?P<heading>)\S[^\n]*$", re.MULTILINE)
#: What ends an article without beginning the next: a chapter, a part, an annex, the place and day of signature.
_ENDS = re.compile(
    r"^[ \t]*(?:(?:Chương|CHƯƠNG|Phần|PHẦN|Mục|MỤC|Chapter|CHAPTER|Part|PART|Section|SECTION) +(?:\d{1,3}|[IVXL]{1,6})\b"
    r"|(?:Phụ lục|PHỤ LỤC|Annex|ANNEX)\b|(?:Làm tại|LÀM TẠI|Ký tại|Done at|DONE at|Done in|Signed at|IN WITNESS WHEREOF)\b)",
    re.MULTILINE,
)
#: A heading is a few words; a longer first line is already the text of the article.
_LONGEST_HEADING = 120


def articles(text: str) -> list[Article]:
    """The articles (Điều, Article) of a text in order; where it has none, its paragraphs numbered from 1 upwards.

    A text that only mentions an article in running words has none: numbers must stand at the head of a line and rise.
    """
    found = _rising(list(_ARTICLE.finditer(text)))
    if not found:
        found = _from_one(list(_PARAGRAPH.finditer(text)))
    breaks = [match.start() for match in _ENDS.finditer(text)]
    made = []
    for place, match in enumerate(found):
        begin = match.start("number")
        following = found[place + 1].start() if place + 1 < len(found) else len(text)
        end = min([following, *(at for at in breaks if begin < at < following)])
        made.append(
            Article(" ".join(match["number"].split()), _heading(match, text), begin, begin + len(text[begin:end].rstrip()))
        )
    return made


def _heading(match: re.Match[str], text: str) -> str:
    """The words behind the number, or the short line below it, unless they are already a sentence of the article."""
    heading = " ".join(match["heading"].split())
    if not heading:
        line = text[match.end() :].lstrip("\n").split("\n", 1)[0].strip()
        heading = line if line and not _ARTICLE.match(line) and not line[:1].isdigit() else ""
    return "" if len(heading) > _LONGEST_HEADING or heading.endswith((".", ";", ":")) else heading


def _rising(matches: list[re.Match[str]]) -> list[re.Match[str]]:
    """Those whose number follows the one before: a table of contents or a quoted article of another text starts anew."""
    runs: list[list[re.Match[str]]] = []
    for match in matches:
        if runs and _value(match) > _value(runs[-1][-1]):
            runs[-1].append(match)
        else:
            runs.append([match])
    # The text itself is longer than its table of contents.
    return max(runs, key=lambda run: run[-1].end() - run[0].start(), default=[])


def _from_one(matches: list[re.Match[str]]) -> list[re.Match[str]]:
    kept: list[re.Match[str]] = []
    for match in matches:
        if int(match["number"]) == len(kept) + 1:
            kept.append(match)
    return kept if len(kept) > 1 else []


def _value(match: re.Match[str]) -> tuple[int, str]:
    label = match["number"].split()[-1]
    digits = re.match(r"\d+", label)
    return (int(digits.group()), label[digits.end() :]) if digits else (_roman(label), "")


def _roman(label: str) -> int:
    values = {"I": 1, "V": 5, "X": 10, "L": 50}
    total = 0
    for letter, following in zip(label, f"{label[1:]} ", strict=True):
        value = values[letter]
        total += -value if values.get(following, 0) > value else value
    return total
