"""Into which numbered paragraphs does the text of a directive or conclusion notice fall, and which of them are headings?

Numbers at the head of a line (Điều 3, II., 1., 1.2., a), (i), Thứ nhất, -) open a paragraph and give it its path: the numbers it
stands under, outermost first. A level begins with the kind of number first met inside the one above it.
"""

from __future__ import annotations

from dataclasses import dataclass

from banggiao.reading.layout import build_layout
from banggiao.reading.lines import TextLine, continues
from banggiao.reading.quick import quick
from banggiao.reading.types import Span

_MARK = quick(
    r"[ \t]*(?:(?<article>(?:Điều|ĐIỀU) \d{1,3}[a-zđ]?)[.:]?|(?<roman>[IVX]{1,5})[.)]|(?<number>\d{1,2}(?:\.\d{1,2}){0,3})[.)]"
    r"|(?<clause>(?i:khoản) \d{1,2})[.:]|(?<letter>[a-zđ])\)|\((?<inner>[ivx]{1,4}|\d{1,2}|[a-zđ])\)"
    r"|(?<ordinal>(?i:thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)|(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười) là))[,:]"
    r"|(?<bullet>[-+•*–]))[ \t]+(?=\S)"
)
_CHAPTER = quick(r"[ \t]*(?:Chương|CHƯƠNG|Phần|PHẦN|Mục|MỤC) +(?:\d{1,3}|[IVXL]{1,6})\b")
#: What stands before the first paragraph, and from where only addressees and signature follow.
_TAIL = quick(r"[ \t]*(?:Nơi nhận\s*:|NƠI NHẬN|(?:TL|KT|TM|TUQ)\. ?[A-ZĐ]|\./\.\s*$)")
_HEADS = quick(
    r"[ \t]*(?:CỘNG H[ÒO]A|Độc lập\b|VĂN PHÒNG|Số ?:|DIỄN TẬP|THÔNG BÁO$|BỘ [\p{Lu} ]+$"
    r"|[\p{Lu}][\p{L} ]{2,30}, ngày \d)"
)
_STOPS = quick(r"[.;!?…]\s*$")
_SMALL = quick(r"\p{Ll}")
#: A heading without a stop is at most so long, in letters.
_LONGEST_HEADING = 160
_ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph: its number path (`II.3.b`; empty where it has no number), its words and where they stand."""

    number: str
    text: str
    start: int
    end: int
    heading: bool


def paragraphs(text: str) -> list[Numbered]:
    """The paragraphs of a text in order, without letterhead, addressees and signature."""
    rows = build_layout(text).lines
    found: list[Numbered] = []
    levels: list[tuple[str, str]] = []
    bullets = 0
    numbered = any((mark := _MARK.match(row.text)) is not None and not mark["bullet"] for row in rows)
    opened = not numbered
    for first, last in _blocks(rows):
        start, end = rows[first].span[0], rows[last].span[1]
        words = text[start:end]
        mark = _MARK.match(words)
        if found and _TAIL.match(words):
            break
        opened = opened or bool(mark and not mark["bullet"])
        if (
            not words.strip()
            or _HEADS.match(words)
            or (not opened and rows[first].cls != "body")
            or (rows[first].role == "title" and mark is None)
        ):
            continue
        if mark is None:
            levels = [] if _CHAPTER.match(words) else levels
        else:
            kind = next(name for name, value in mark.groupdict().items() if value)
            known = next((place for place, (name, _label) in enumerate(levels) if name == kind), len(levels))
            known = 0 if kind == "article" else known
            bullets = bullets + 1 if kind == "bullet" and known < len(levels) else 1
            levels = [*levels[:known], (kind, _label(kind, mark[kind], bullets))]
        left, right = start + len(words) - len(words.lstrip()), start + len(words.rstrip())
        body = words[mark.end() :] if mark else words
        flat = " ".join(body.split())
        path = ".".join(label for _kind, label in levels) if mark else ""
        found.append(Numbered(path[:40], flat, left, right, _is_heading(flat, bool(mark))))
    return _without_lone_headings(found)


def _blocks(rows: tuple[TextLine, ...]) -> list[Span]:
    """(first, last) line of each paragraph: a line and those its sentence runs on to."""
    made, at = [], 0
    while at < len(rows):
        last = at
        while last + 1 < len(rows) and rows[last].text.strip() and continues(rows, last) and not _MARK.match(rows[last + 1].text):
            last += 1
        made.append((at, last))
        at = last + 1
    return made


def _label(kind: str, written: str, bullets: int) -> str:
    if kind == "bullet":
        return f"-{bullets}"
    if kind == "ordinal":
        word = written.split()[-1].lower()
        word = written.split()[0].lower() if word == "là" else word
        words = (*_ORDINALS, "một", "bốn")
        return str({"một": 1, "bốn": 4}.get(word, words.index(word) + 1 if word in words else 0))
    return " ".join(written.split()).replace("ĐIỀU", "Điều")


def _is_heading(flat: str, numbered: bool) -> bool:
    """A line that only says what follows: in capitals, ending in a colon, or short and without a stop."""
    if not _SMALL.search(flat) or flat.endswith(":"):
        return True
    return numbered and len(flat) <= _LONGEST_HEADING and not _STOPS.search(flat)


def _without_lone_headings(found: list[Numbered]) -> list[Numbered]:
    """An item of a list that ends without a stop is no heading: one orders what stands below it."""
    made = []
    for place, each in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        below = after is not None and (after.number.startswith(f"{each.number}.") or not after.number)
        lone = each.heading and not below and bool(_SMALL.search(each.text)) and not each.text.endswith(":")
        made.append(Numbered(each.number, each.text, each.start, each.end, False) if lone else each)
    return made
