"""What does a reader of one format hand to the common finish?"""

from __future__ import annotations

from dataclasses import dataclass

from banggiao.reading.types import Hints

# What joins the cells of a table row into one line.
CELL_BREAK = " | "
# A row longer than this, or holding a longer cell, is layout and not data: its cells stay lines of their own.
MAX_ROW_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Extract:
    """Text taken out of a container, not yet mended: lines end with `\\n`, `pages` as in `Intake`."""

    text: str
    hints: Hints = Hints()
    repairs: tuple[str, ...] = ()
    pages: tuple[tuple[int, int], ...] = ()


def tidy(text: str) -> str:
    """`text` on one line: runs of white space become one space, control characters and zero-width spaces go."""
    return " ".join(text.translate(_DROPPED).split())


def row_line(cells: list[str]) -> str:
    """A table row as one line; empty cells keep their place, except at the end."""
    return CELL_BREAK.join(cells).rstrip(" |")


# The soft hyphen stays for now: in TCVN3 it is the letter ư.
_DROPPED = {code: None for code in (*range(9), *range(14, 28), 0x7F, 0x200B, 0x2060, 0xFEFF)}
