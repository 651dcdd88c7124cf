"""Which number does an official letter bear, and who signed it?

Letterhead and signature are no body text, but they are the only place where a document names itself and its signer.
Layout of Decree 30/2020/NĐ-CP: the number under the issuer at the top, the office in capitals above the name at the end.
"""

from __future__ import annotations

from collections.abc import Iterator

from banggiao.reading import rules
from banggiao.reading.gazetteer import titles
from banggiao.reading.layout import Layout
from banggiao.reading.lines import TextLine
from banggiao.reading.quick import quick
from banggiao.reading.types import Span

_HEAD, _TAIL = 14, 30
_NUMBER = quick(r"[Ss]ố ?: ?(?<number>\d{1,5}(?:/\d{4})?+[/-][\p{Lu}\d][\p{L}\d&]*+(?:[/-][\p{Lu}\d][\p{L}\d&]*+){0,3}+)")
_NAME = quick(r"\p{Lu}\p{Ll}*+(?: \p{Lu}\p{Ll}*+){1,4}+")
_DEPUTY = quick(r"^(?:KT|TL|TM|TUQ|Q)\. ?")


def own_number(layout: Layout) -> tuple[str, Span] | None:
    """The number of the document itself and where it stands, or None."""
    for line in layout.lines[:_HEAD]:
        if ":" in line.text and (match := _NUMBER.search(layout.shadow, *line.span)) is not None:
            return match["number"], match.span("number")
    return None


def signers(layout: Layout) -> Iterator[tuple[str, str, Span]]:
    """Name, office and place of those who signed: a name alone on its line under an office in capitals."""
    surnames = rules.word_lists()["surnames"]
    office = ""
    for line in layout.lines[-_TAIL:]:
        if not line.text:
            continue
        text = layout.shadow[slice(*line.span)].strip()
        if not text or text.startswith("("):
            continue
        if office and _NAME.fullmatch(text) and text.split(" ")[0] in surnames:
            yield text, office, _placed(layout, line, text)
        office = _office(text)


def _office(text: str) -> str:
    plain = _DEPUTY.sub("", text)
    if not plain.isupper() or len(plain) > 60 or not any(found.span[0] == 0 for found in titles().find(plain)):
        return ""
    return plain.capitalize()


def _placed(layout: Layout, line: TextLine, text: str) -> Span:
    start = layout.shadow.index(text, line.span[0])
    return start, start + len(text)
