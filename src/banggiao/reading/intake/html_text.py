"""What does a reader of this web page see? Its visible lines, narrowed to the article where that loses no sentences."""

from __future__ import annotations

import logging
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import regex
from lxml import etree, html

from banggiao.core.errors import N_, Unreadable
from banggiao.reading.intake.extract import MAX_ROW_CHARACTERS, Extract, row_line, tidy
from banggiao.reading.intake.html_numbers import NumberedList, has_mark
from banggiao.reading.intake.limits import (
    MAX_HTML_CHARACTERS,
    MAX_MAIN_TEXT_CHARACTERS,
    MAX_MAIN_TEXT_DEPTH,
    MAX_MAIN_TEXT_ELEMENTS,
    check_text_size,
)
from banggiao.reading.types import Hints


def read_html(page: str) -> Extract:
    """The visible text of a decoded page: headings and paragraphs as lines with a blank one after, list items and table rows
    as lines, and hints from its head. An item of a numbered list begins with its number.

    Scripts, styles, comments and hidden parts are left out. Raises `Unreadable` when the page is too long or not parsed at all.
    """
    check_text_size(len(page), MAX_HTML_CHARACTERS)
    root, walk = _walked(page)
    if walk.depth >= _PARSER_DEPTH and not _HIDING_INLINE.search(page):
        # Old pages open a <font> a line and close none; below that depth the parser drops text without a word.
        root, walk = _walked(_INLINE.sub("", page))
    if walk.depth >= _PARSER_DEPTH:
        raise Unreadable(
            N_("Trang HTML có quá nhiều thẻ lồng nhau, đọc sẽ mất chữ."),
            remedy=N_("Hãy mở trang bằng trình duyệt rồi in ra PDF."),
        )
    lines, hints = walk.lines, Hints(title=walk.title)
    # trafilatura recurses and its cost is its own affair, so it sees only pages of ordinary size.
    ordinary = walk.depth <= MAX_MAIN_TEXT_DEPTH and walk.elements <= MAX_MAIN_TEXT_ELEMENTS
    if ordinary and len(page) <= MAX_MAIN_TEXT_CHARACTERS:
        found = _main_text(root)
        if found is not None:
            hints = _hints(found, walk.title)
            lines = _narrowed(lines, found.text or "")
    text = "\n".join(part for line in lines for part in ((line.shown, "") if line.spaced else (line.shown,)))
    return Extract(text.strip("\n") + "\n" if lines else "", hints)


@dataclass(slots=True)
class _ShownLine:
    text: str
    tag: str
    spaced: bool
    mark: str = ""

    @property
    def shown(self) -> str:
        """The line as a reader sees it; `text` alone is what the search for the main text gives back."""
        return f"{self.mark} {self.text}" if self.mark else self.text


@dataclass(slots=True)
class _Row:
    """A table row being walked: where its lines begin, where its cells do, and whether a table lies inside."""

    start: int
    cells: list[int] = field(default_factory=list)
    nested: bool = False


# It reports every page it makes nothing of; that is an ordinary outcome here, and the command line must stay quiet about it.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_BLOCKS = frozenset(
    (
        "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol p pre section "
        "summary table tbody td tfoot th thead tr ul"
    ).split()
)
_UNSEEN = frozenset(
    (
        "applet audio base button canvas datalist embed frame frameset head iframe input link map math meta "
        "noembed noframes noscript object option param script select style svg template textarea title video"
    ).split()
)
_ITEMS = frozenset(("li", "tr", "dt", "dd"))
_LISTS = frozenset(("ol", "ul"))
_TABLE_PARTS = frozenset(("tr", "tbody", "thead", "tfoot"))
_HIDING_STYLE = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden", re.IGNORECASE)
_PARSER_DEPTH = 2_040
_INLINE_NAMES = r"(?:font|b|i|u|s|em|strong|small|big|span|a|center|sup|sub|label|abbr|cite|code|ins|mark|nobr|strike|tt)"
_INLINE = regex.compile(rf"</?{_INLINE_NAMES}(?:\s[^<>]*+)?>", regex.IGNORECASE)
_HIDING_INLINE = regex.compile(rf"<{_INLINE_NAMES}\s[^<>]*?(?:hidden|display|visibility)", regex.IGNORECASE)
_LONG_TAG = regex.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,20})\b[^<>]{5000,}+")
_ATTRIBUTE_BREAK = re.compile(r"[\s/\"']")
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")


class _Walk:
    """One pass over the tree, without recursion, that writes down the visible lines in order."""

    def __init__(self) -> None:
        self.lines: list[_ShownLine] = []
        self.title: str | None = None
        self.depth = 0
        self.elements = 0
        self._words: list[str] = []
        self._rows: list[_Row] = []
        self._tag = "body"
        self._lists: list[NumberedList | None] = []
        self._mark = ""

    def over(self, root: Any) -> None:
        """Walk `root` from its first to its last element."""
        walker = etree.iterwalk(root, events=("start", "end"))
        depth = 0
        for event, element in walker:
            tag = element.tag
            if not isinstance(tag, str):
                if event == "end" and element.tail:
                    self._words.append(element.tail)
                continue
            if event == "start":
                depth += 1
                self.elements += 1
                self.depth = max(self.depth, depth)
                if _is_unseen(element, tag):
                    if tag == "head":
                        self._head(element)
                    walker.skip_subtree()
                    element.set("banggiao-unseen", "")
                    continue
                self._open(element, tag)
                if element.text:
                    self._words.append(element.text)
            else:
                depth -= 1
                if "banggiao-unseen" not in element.attrib:
                    self._close(tag)
                if element.tail:
                    self._words.append(element.tail)
        self._flush("body")

    def _head(self, head: Any) -> None:
        for title in head.iter("title"):
            self.title = _clean(title.text) or self.title

    def _open(self, element: Any, tag: str) -> None:
        if tag == "br":
            self._flush(self._tag, spaced=False)
        elif tag in _BLOCKS:
            self._flush(self._tag)
            self._tag = tag
            if tag in _LISTS:
                self._lists.append(NumberedList(element) if tag == "ol" else None)
            elif tag == "li":
                self._mark = self._lists[-1].mark(element) if self._lists and self._lists[-1] is not None else ""
            elif tag == "table" and self._rows:
                self._rows[-1].nested = True
            elif tag == "tr":
                self._rows.append(_Row(len(self.lines)))
            elif tag in ("td", "th") and self._rows:
                self._rows[-1].cells.append(len(self.lines))

    def _close(self, tag: str) -> None:
        if tag not in _BLOCKS:
            return
        self._flush(tag)
        self._tag = "div"
        if tag in _LISTS and self._lists:
            self._lists.pop()
        elif tag == "li":
            self._mark = ""
        if tag == "tr" and self._rows:
            self._end_row(self._rows.pop())
        elif tag not in _TABLE_PARTS and self.lines:
            self.lines[-1].spaced = tag not in _ITEMS

    def _flush(self, tag: str, *, spaced: bool = True) -> None:
        text = tidy("".join(self._words))
        self._words.clear()
        if text:
            mark = "" if not self._mark or has_mark(text) else self._mark
            self.lines.append(_ShownLine(text, tag, spaced and tag not in _ITEMS, mark))
            self._mark = ""

    def _end_row(self, row: _Row) -> None:
        """Make one line of the row's cells, unless the table only lays out the page."""
        parts = self.lines[row.start :]
        size = sum(len(part.shown) for part in parts)
        if row.nested or len(row.cells) < 2 or not parts or size > MAX_ROW_CHARACTERS:
            return
        borders = [*row.cells, len(self.lines)]
        cells = [" ".join(part.shown for part in self.lines[start:end]) for start, end in zip(borders, borders[1:], strict=False)]
        self.lines[row.start :] = [_ShownLine(row_line(cells), "tr", False)]


def _walked(page: str) -> tuple[Any, _Walk]:
    root, walk = _parse(page), _Walk()
    walk.over(root)
    return root, walk


def _parse(page: str) -> Any:
    # Bytes, because lxml refuses a str that declares an encoding; the declaration goes, because it would be wrong now.
    raw = _LONG_TAG.sub(_bare_tag, _XML_DECLARATION.sub("", page, count=1)).encode("utf-8", errors="replace")
    parser = html.HTMLParser(
        encoding="utf-8", recover=True, huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.LxmlError, ValueError) as problem:
        raise _broken() from problem
    if root is None:
        raise _broken()
    return root


def _bare_tag(found: regex.Match[str]) -> str:
    """The parser's time goes with the square of a tag's attributes, and thousands of them say nothing we want."""
    return f"<{found[1]} " if len(_ATTRIBUTE_BREAK.findall(found[0])) > 1_000 else found[0]


def _broken() -> Unreadable:
    return Unreadable(
        N_("Trang HTML không có nội dung đọc được."), remedy=N_("Hãy mở trang bằng trình duyệt và lưu lại, hoặc in ra PDF.")
    )


def _is_unseen(element: Any, tag: str) -> bool:
    if tag in _UNSEEN:
        return True
    # Some pages hide the whole body until a script shows it.
    if tag in ("html", "body"):
        return False
    attributes = element.attrib
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return style is not None and _HIDING_STYLE.search(style) is not None


def _main_text(root: Any) -> Any | None:
    """What trafilatura finds, or None. A fixed latest date keeps the clock out; the page's own dates are enough for a hint."""
    import trafilatura  # half a second to import: only web pages pay for it

    try:
        return trafilatura.bare_extraction(
            root,
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            favor_recall=True,
            date_extraction_params={"original_date": True, "extensive_search": False, "max_date": "2100-01-01"},
        )
    except Exception:  # noqa: BLE001  any failure of a helper's guess leaves us with all visible lines, which is safe
        return None


def _hints(found: Any, title: str | None) -> Hints:
    return Hints(
        title=_clean(found.title) or title,
        author=_clean(found.author),
        published=_clean(found.date),
        outlet=_clean(found.sitename),
        url=_clean(found.url),
    )


def _clean(value: str | None) -> str | None:
    return unicodedata.normalize("NFC", tidy(value[:500])) or None if value else None


def _narrowed(lines: list[_ShownLine], main: str) -> list[_ShownLine]:
    """The stretch of `lines` from the article's headline to its last line.

    All lines when the guess of the main text misses sentences: junk is sorted out by line later, but what is lost here is lost.
    """
    wanted = {key for line in main.split("\n") if len(key := _key(line)) >= _TELLING}
    hits = [place for place, line in enumerate(lines) if _key(line.text) in wanted]
    if not hits:
        return lines
    first, last = hits[0], hits[-1]
    headlines = [place for place in range(first) if lines[place].tag == "h1"]
    if headlines:
        first = headlines[-1]
    for place in range(last + 1, min(last + 1 + _SIGNATURE_LINES, len(lines))):
        # The author's name or the source stands below the article in a line of its own.
        if len(lines[place].text) > _SIGNATURE_CHARACTERS or lines[place].tag in ("footer", "nav"):
            break
        last = place
    inside = sum(len(line.text) for line in lines[first : last + 1] if _is_sentence(line.text))
    outside = sum(len(line.text) for line in (*lines[:first], *lines[last + 1 :]) if _is_sentence(line.text))
    return lines if outside * 5 > inside else lines[first : last + 1]


_TELLING = 15
_SIGNATURE_LINES = 3
_SIGNATURE_CHARACTERS = 80


def _key(line: str) -> str:
    return "".join(char for char in line if char.isalnum())


def _is_sentence(line: str) -> bool:
    return len(line) >= 80 and line.rstrip("”\"')»")[-1:] in (".", "!", "?", "…", ":", ";")
