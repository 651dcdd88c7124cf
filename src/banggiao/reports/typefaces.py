"""Where are the type faces of reports, and which characters can they print?

The files are merged at set-up (`tools/merge_fonts.py`) and lie in the wheel; no system font is ever used, so a paper looks the
same everywhere.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from banggiao.core.errors import N_, SetupProblem

FOLDER = Path(__file__).parent / "fonts"
_FILES = ("Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf")
_MISSING = "\ufffd"


def font_files(folder: Path = FOLDER) -> list[Path]:
    """The four faces. Raises SetupProblem when one is missing: a renderer would leave the text out without a word."""
    found = [folder / name for name in _FILES]
    absent = [path.name for path in [*found, folder / "coverage.txt"] if not path.is_file()]
    if absent:
        raise SetupProblem(
            N_("Thiếu phông chữ để in văn bản: %(absent)s."),
            subject=str(folder),
            remedy=N_("Hãy chạy lại `./run demo` khi có mạng, hoặc `npm ci --ignore-scripts` rồi `python tools/merge_fonts.py`."),
            absent=", ".join(absent),
        )
    return found


def printable(text: str) -> str:
    """`text` with \ufffd for every character the faces lack (Chinese signs, emoji): PDF/A refuses a character without a glyph."""
    if text.isascii():
        return text
    covered = _covered()
    return "".join(char if char in covered else _MISSING for char in text)


@cache
def _covered() -> frozenset[str]:
    lines = (FOLDER / "coverage.txt").read_text(encoding="ascii").split()
    spans = [[int(end, 16) for end in line.split("-")] for line in lines]
    return frozenset(chr(code) for first, last in spans for code in range(first, last + 1))
