"""How Vietnamese text is folded for search and keyed for order, the same on every database.

The search engines of SQLite and PostgreSQL disagree about đ and about letters with two marks, so folding is done here, once,
and both store the result. Order: a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y, tone as second key.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_D_LETTERS = str.maketrans({"đ": "d", "Đ": "d", "Ð": "d", "ð": "d"})
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Two letters a place: room for digits before letters and no clash with the tone digits that follow.
_PLACE = {letter: chr(ord("a") + place // 26) + chr(ord("a") + place % 26) for place, letter in enumerate(_ALPHABET)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES = {"\u0306", "\u0302", "\u031b"}


def nfc(text: str) -> str:
    """The text in NFC: how everything is stored."""
    return unicodedata.normalize("NFC", text)


def check_text(text: str) -> None:
    """Raise ValueError for what no database stores: NUL and lone surrogates."""
    if "\x00" in text:
        raise ValueError("NUL")
    text.encode()


def is_text(text: str) -> bool:
    """Whether a database can store and look for the text."""
    try:
        check_text(text)
    except ValueError:
        return False
    return True


def fold(text: str) -> str:
    """Lower case without marks, đ as d, runs of spaces and punctuation as one space. Used for index and query alike."""
    # NFKC first: databases disagree whether ² or a full-width letter is part of a word.
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold().translate(_D_LETTERS))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())


def accented(text: str) -> str:
    """Lower case NFC with the tone on the vowel that new spelling chooses, for exact-accent ranking."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    for old, new in _OLD_TONES.items():
        if old in plain:
            plain = plain.replace(old, new)
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


@lru_cache(maxsize=65536)
def sort_key(text: str) -> str:
    """A string whose byte order is Vietnamese dictionary order of `text`."""
    letters: list[str] = []
    tones: list[str] = []
    for character in unicodedata.normalize("NFC", text.casefold()):
        base, shape, tone = character, "", "0"
        for part in unicodedata.normalize("NFD", character):
            if part in _TONES:
                tone = _TONES[part]
            elif part in _SHAPES:
                shape += part
            elif not unicodedata.combining(part):
                base = part
        letter = unicodedata.normalize("NFC", base + shape)
        if letter in _PLACE:
            letters.append(_PLACE[letter])
            tones.append(tone)
        elif letter.isdigit():
            letters.append("0" + letter)
            tones.append("0")
        elif letter.isspace() or letter in "-–—":
            letters.append(" ")
            tones.append("0")
    return "".join(letters).strip() + "\u0001" + "".join(tones)


def person_sort_key(name: str) -> str:
    """Key for a person's name: Vietnamese lists order by the given name, which stands last, then by the whole name."""
    parts = name.split()
    return sort_key(f"{parts[-1]} {name}" if parts else "")


_OLD_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
