"""Which printed lines of a paged text belong to one paragraph, and which only number or head the pages?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence


def paragraphs(pages: Sequence[Sequence[str]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of `pages` (lines of each, in order), and (offset, page number from 1) for every page that adds text.

    Wrapped lines are joined by a space, paragraphs parted by a blank line.

    Nothing is dropped but page numbers and lines repeated at the edge of the pages; a hyphen at a line's end stays, because
    Vietnamese never breaks a word.
    """
    kept = _without_edges([[line for line in page] for page in pages])
    full = _full_width([line for page in kept for line in page])
    out: list[str] = []
    starts: list[tuple[int, int]] = []
    length = 0
    previous = ""
    for number, page in enumerate(kept, start=1):
        fresh = True
        for line in page:
            if not line:
                # A blank inside a page parts paragraphs; the turn of a page does not.
                previous = "" if not fresh else previous
                continue
            glue = "" if not out else " " if _continues(previous, line, full) else "\n\n"
            out += (glue, line)
            length += len(glue)
            if fresh:
                starts.append((length, number))
                fresh = False
            length += len(line)
            previous = line
    return "".join(out) + ("\n" if out else ""), tuple(starts)


_EDGE = 2
_PAGE_NUMBER = re.compile(
    r"(?:[-–—|]\s{0,3})?(?:(?:trang|page|tr\.)\s{0,3})?(\d{1,4})(?:\s{0,3}(?:/|of|trên)\s{0,3}\d{1,4})?(?:\s{0,3}[-–—|])?",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(
    r"[-–—•+*▪●○◦■]|\(?\d{1,3}(?:\.\d{1,2}){0,3}[.)/]\s|\(?[a-zđ][.)]\s|\(?[ivxIVX]{1,5}[.)]\s"
    r"|(?:Điều|Chương|Mục|Phần|Phụ lục|Biểu|Bảng|Hình)\s"
)
_ENDS = (".", "!", "?", "…", ":", ";")


def _continues(previous: str, line: str, full: int) -> bool:
    """Whether `line` goes on with the sentence `previous` was cut in."""
    if not previous or _LIST_MARK.match(line) or previous.rstrip("”\"')]»").endswith(_ENDS):
        return False
    reaches = len(previous) * 10 >= full * 8
    if previous.isupper():
        return reaches and line.isupper()
    return reaches or line[0].islower() or previous.endswith((",", "-", "–"))


def _full_width(lines: Sequence[str]) -> int:
    """How many characters fill a line: what nine in ten lines do not exceed, since the last line of a paragraph is short."""
    lengths = sorted(len(line) for line in lines if line)
    return max(lengths[len(lengths) * 9 // 10] if lengths else 0, 40)


def _without_edges(pages: list[list[str]]) -> list[list[str]]:
    edges = [_edge_places(page) for page in pages]
    seen = Counter(key for page, places in zip(pages, edges, strict=True) for key in {_shape(page[place]) for place in places})
    shifts = Counter(
        number - index for index, (page, places) in enumerate(zip(pages, edges, strict=True)) for number in _numbers(page, places)
    )
    # One number alone proves no numbering: it may be a figure that ends the page.
    shift = next((value for value, count in shifts.most_common(1) if count > 1), 1)
    repeated = {key for key, count in seen.items() if count >= max(3, len(pages) * 4 // 10)}
    headed = False
    kept = []
    for index, (page, places) in enumerate(zip(pages, edges, strict=True)):
        dropped = set()
        for place in places:
            numbered = _PAGE_NUMBER.fullmatch(page[place])
            if numbered:
                if int(numbered.group(1)) - index == shift and (len(pages) > 1 or place == places[-1]):
                    dropped.add(place)
            elif _shape(page[place]) in repeated:
                # The first head may be the title of the work, so it stays once.
                if index == 0 and place == places[0] and not headed:
                    headed = True
                else:
                    dropped.add(place)
        kept.append([line for place, line in enumerate(page) if place not in dropped])
    return kept


def _edge_places(page: Sequence[str]) -> list[int]:
    filled = [place for place, line in enumerate(page) if line]
    return filled if len(filled) <= 2 * _EDGE else [*filled[:_EDGE], *filled[-_EDGE:]]


def _numbers(page: Sequence[str], places: Sequence[int]) -> list[int]:
    return [int(found.group(1)) for place in places if (found := _PAGE_NUMBER.fullmatch(page[place]))]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line)
