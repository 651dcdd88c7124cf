"""Which number does a browser put before an item of a list? It stands in no text of the page."""

from __future__ import annotations

import re
from typing import Any

from banggiao.reading.intake.docx_numbers import spelled

_KINDS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_NUMBER = re.compile(r"-?\d{1,5}")
# A page that numbers its items by hand hides the numbers of the list, often in a style sheet that is not read.
_OWN_MARK = re.compile(r"(?:[-+*•–]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zđA-ZĐ]|[ivxIVX]{1,4})[.)])\s")
_NO_MARK = re.compile(r"list-style(?:-type)?\s{0,9}:[^;]{0,40}\bnone", re.IGNORECASE)


def has_mark(text: str) -> bool:
    """Whether the text of an item begins with a number or mark of its own."""
    return _OWN_MARK.match(text) is not None


class NumberedList:
    """An `<ol>`: asked for one item after the other, in their order."""

    def __init__(self, element: Any) -> None:
        start = _NUMBER.fullmatch((element.get("start") or "").strip())
        self._next = int(start[0]) if start else 1
        self._kind = _KINDS.get(element.get("type") or "1", "decimal")
        # What counts down begins at a number known only at its end.
        self._hidden = "reversed" in element.attrib or _NO_MARK.search(element.get("style") or "") is not None

    def mark(self, item: Any) -> str:
        """What stands before the item, such as `3.` or `c)`; empty where the list shows no numbers."""
        value = _NUMBER.fullmatch((item.get("value") or "").strip())
        number = int(value[0]) if value else self._next
        self._next = number + 1
        if self._hidden:
            return ""
        return spelled(number, self._kind) + (")" if self._kind == "lowerLetter" else ".")
