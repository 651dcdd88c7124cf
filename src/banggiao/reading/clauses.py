"""How does a sentence fall into parts: items of a list inside it, segments, and text that must not be read as a statement?"""

from __future__ import annotations

from banggiao.reading.quick import Match, quick
from banggiao.reading.types import Span

# A list marker within a sentence: (i) (1) (a), or "Một là," after the head or a semicolon.
_INNER = quick(
    r"(?:(?<=[\s:;])|^)(?<mark>\((?:[ivx]{1,4}|\d{1,2}|[a-zđ])\))\s++"
    r"|(?<=[:;,]\s)(?<mark>(?i:(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười) là|thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám))),\s++"
    r"|(?<=[:;]\s)(?<mark>(?:\d{1,2}|[a-zđ])[.)])\s++"
)
# A marker at the head of a line.
_HEAD = quick(
    r"(?<mark>\((?:[ivx]{1,4}|\d{1,2}|[a-zđ])\)|\d{1,2}(?:\.\d{1,2})*+[.)]|[a-zđ]\)|[ivx]{1,4}[.)]|[-+•*–]"
    r"|(?i:(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười) là"
    r"|(?:(?:nhiệm vụ|giải pháp|nội dung) )?thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười))"
    r"(?! tư| sáu| ba ngày))(?:[,:]|(?=\s))\s*+"
)
_QUOTED = quick(r'"[^"]{1,600}+"')
_BRACKETS = quick(r"\([^()]{5,400}+(?:\([^()]{1,60}+\)[^()]{0,400}+)*+\)")
_STARTS = quick(r"(?:(?<=[:;] )|(?<=\.\.\. ))\p{Lu}(?=\p{Ll})")
_DANGLING = tuple(mark + word for mark in " ," for word in ("mặc dù", "song", "nhưng", "dù", "và", "tuy"))
_TRAILING = " ,;:.…-/"


def quiet(sentence: str) -> str:
    """The sentence (of a shadow) with quoted and bracketed words blanked and clause heads in small letters; equal length."""
    if '"' in sentence:
        sentence = _QUOTED.sub(_blank, sentence)
    if "(" in sentence:
        sentence = _BRACKETS.sub(_blank, sentence)
    sentence = sentence.replace("\n", " ")
    if sentence[1:2].islower():
        sentence = sentence[0].lower() + sentence[1:]
    if ": " in sentence or "; " in sentence or "... " in sentence:
        sentence = _STARTS.sub(lambda match: match.group().lower(), sentence)
    return sentence


def head_marker(sentence: str) -> tuple[str | None, int]:
    """The list marker a line begins with (None where there is none) and where its text begins."""
    match = _HEAD.match(sentence)
    if match is None:
        return None, 0
    mark = match.group("mark")
    return mark[0].upper() + mark[1:] if len(mark) > 4 else mark, match.end()


def is_item(sentence: str) -> bool:
    """Whether the line begins with a list marker of any kind."""
    return _HEAD.match(sentence) is not None


def inner_items(text: str, start: int, end: int) -> list[tuple[str, Span]]:
    """The items of a list inside a sentence, each with its marker; none where fewer than two stand there."""
    marks: list[Match] = list(_INNER.finditer(text, start, end))
    if len(marks) < 2:
        return []
    ends = [mark.start() for mark in marks[1:]] + [end]
    return [(mark.group("mark"), trimmed(text, (mark.end(), stop))) for mark, stop in zip(marks, ends, strict=True)]


def segments(text: str, start: int, end: int) -> list[Span]:
    """The parts of text[start:end] between semicolons."""
    spans, at = [], start
    while at < end:
        stop = text.find(";", at, end)
        stop = end if stop < 0 else stop
        span = trimmed(text, (at, stop))
        if span[0] < span[1]:
            spans.append(span)
        at = stop + 1
    return spans


def trimmed(text: str, span: Span) -> Span:
    """The span without spaces before it and stops after it."""
    start, end = span
    while start < end and text[start] in " ,;:":
        start += 1
    while start < end and (text[end - 1] in _TRAILING or text.endswith(_DANGLING, start, end)):
        end -= 1
    return start, end


def _blank(match: Match) -> str:
    text = match.group()
    return text[0] + "_" * (len(text) - 2) + text[-1]
