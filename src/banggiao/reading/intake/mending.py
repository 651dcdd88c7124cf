"""Were the characters of this text written wrongly, and what were they meant to be?"""

from __future__ import annotations

import unicodedata

import ftfy
import regex
from viparse.normalize.tables import Charmap, build_charmap, convert
from viparse.normalize.tcvn3 import TCVN3
from viparse.normalize.vni import VNI

from banggiao.core.errors import N_, Unreadable
from banggiao.reading.intake.likeness import Likeness, likeness


def mend(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` with legacy Vietnamese encodings and mojibake undone, in NFC, and the names of what was done.

    Clean text comes back as it is. Lines keep their number and order. Raises `Unreadable` for what no writing system produces.
    """
    if text.isascii():
        return text, ()
    # Putting marks in order takes time with the square of their run, and no script stacks more than a few.
    if _STACKED_MARKS.search(text):
        raise Unreadable(
            N_("Văn bản có chuỗi dấu phụ dài bất thường."),
            remedy=N_("Hãy mở tệp, chép phần chữ sang tệp mới ở dạng TXT (UTF-8) rồi gửi lại."),
        )
    repairs: list[str] = []
    mended = _legacy(text, repairs)
    if not repairs:
        mended = _mojibake(mended, repairs)
    if not unicodedata.is_normalized("NFC", mended):
        mended = unicodedata.normalize("NFC", mended)
        repairs.append("nfd")
    return mended, tuple(repairs)


_STACKED_MARKS = regex.compile(r"\p{M}{50}")

# What the table lacks: ẳ, ỵ and the marks of capitals typed in lower case ("Aán Ñoä").
_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}


def _full_vni() -> Charmap:
    pairs = dict(VNI.pairs)
    for shift in (str, str.upper):
        for letters, shape, marks in (
            ("AaEeUuYyOoÔôÖö", "", _VNI_TONES),
            ("AaEeOo", "\u0302", _VNI_CIRCUMFLEX),
            ("Aa", "\u0306", _VNI_BREVE),
        ):
            for letter in letters:
                base = {"Ô": "Ơ", "ô": "ơ", "Ö": "Ư", "ö": "ư"}.get(letter, letter)
                for mark, tone in marks.items():
                    pairs.setdefault(letter + shift(mark), unicodedata.normalize("NFC", base + shape + tone))
    pairs |= {"î": "ỵ", "Î": "Ỵ"}
    return build_charmap("vni", list(pairs.items()))


_CHARMAPS = (TCVN3, _full_vni())
_SAMPLE_CHARACTERS = 100_000


def _legacy(text: str, repairs: list[str]) -> str:
    """Convert TCVN3 or VNI where the text can be nothing else.

    Both write Vietnamese with letters and signs of Latin-1 only, so a line holding any letter beyond is never touched; and the
    rest must turn from no Vietnamese into clear Vietnamese.
    """
    lines = text.split("\n")
    suspects = [place for place, line in enumerate(lines) if not line.isascii() and _fits_one_byte(line)]
    sample = "\n".join(_taken([lines[place] for place in suspects], _SAMPLE_CHARACTERS))
    before = likeness(sample)
    if before.marked < 4 or before.valid * 100 > before.marked * 60:
        return text
    best: tuple[int, Charmap] | None = None
    for charmap in _CHARMAPS:
        after = likeness(convert(sample, charmap))
        if after.is_vietnamese and after.valid > before.valid and (best is None or after.valid > best[0]):
            best = (after.valid, charmap)
    if best is None:
        return text
    charmap = best[1]
    for place in suspects:
        converted = convert(lines[place], charmap)
        if _no_worse(likeness(lines[place]), likeness(converted)):
            lines[place] = _capitals(converted) if charmap is TCVN3 else converted
    repairs.append(charmap.name)
    return "\n".join(lines)


def _capitals(line: str) -> str:
    """TCVN3 has no accented capitals: a heading in its capital font holds plain capitals and small accented letters."""
    plain = [char for char in line if char.isascii() and char.isalpha()]
    return line.upper() if len(plain) >= 4 and all(char.isupper() for char in plain) else line


def _mojibake(text: str, repairs: list[str]) -> str:
    """UTF-8 once read as a single-byte encoding, line by line so that one sound line does not shield the broken ones."""
    if not _MOJIBAKE.search(text):
        return text
    lines = text.split("\n")
    changed = False
    for place, line in enumerate(lines):
        if line.isascii() or not _MOJIBAKE.search(line):
            continue
        fixed = ftfy.fix_encoding(line)
        if fixed != line and "\n" not in fixed and _no_worse(likeness(line), likeness(fixed)):
            lines[place] = fixed
            changed = True
    if changed:
        repairs.append("mojibake")
    return "\n".join(lines)


# First bytes of Vietnamese and typographic UTF-8 (C2-C6, CC, E1, E2) before a byte that goes on, as Windows-1252 and 1258 show
# them, and à, whose second byte looks like a space.
_MOJIBAKE = regex.compile(
    "[ÂÃÄÅÆÌáâăĂ\u0300][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|Ã "
)


def _no_worse(before: Likeness, after: Likeness) -> bool:
    return after.valid >= before.valid


def _fits_one_byte(line: str) -> bool:
    try:
        # A PDF shows two of TCVN3's letters as mathematical signs; `convert` knows them.
        line.replace("\u2212", "\xad").replace("\u2219", "\xb7").encode("sloppy-windows-1252")
    except UnicodeEncodeError:
        return False
    return True


def _taken(lines: list[str], characters: int) -> list[str]:
    taken = []
    for line in lines:
        taken.append(line[:characters])
        characters -= len(line) + 1
        if characters <= 0:
            break
    return taken
