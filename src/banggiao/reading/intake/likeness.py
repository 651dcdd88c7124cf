"""How much does a text look like Vietnamese? The shape of its accented syllables answers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Likeness:
    """Counts over a text: all words, `marked` ones with a character outside ASCII, those of them that are `valid` syllables of
    Vietnamese, and how many of these are `distinct`."""

    words: int
    marked: int
    valid: int
    distinct: int

    @property
    def is_vietnamese(self) -> bool:
        """Whether accented syllables are many, varied and nearly all well formed. About seven in ten Vietnamese words carry
        an accent; English and its neighbours stay below one in ten, or have the wrong syllables."""
        return self.distinct >= 4 and self.marked * 4 >= self.words and self.valid * 100 >= self.marked * 85


def likeness(text: str) -> Likeness:
    """The counts for `text`. Words of one letter count as words but prove nothing."""
    words = marked = valid = 0
    distinct = set()
    for word in _WORD.findall(text):
        words += 1
        if word.isascii() or len(word) < 2:
            continue
        marked += 1
        if is_syllable(word):
            valid += 1
            distinct.add(word)
    return Likeness(words, marked, valid, len(distinct))


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether `word`, in any case and normal form, has the shape of one Vietnamese syllable."""
    if len(word) > 21:
        return False
    parts = unicodedata.normalize("NFD", word.lower())
    bare = "".join(char for char in parts if char not in _TONES)
    return len(parts) - len(bare) <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


# The signs of Latin-1 are here because TCVN3 writes letters with them.
_WORD = re.compile("[A-Za-z\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u024f\u0300-\u0323\u1e00-\u1eff\u00ab\u00bb\u2212\u2219]+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"(?:iê|yê|uyê|uô|ươ|uâ|uê|uơ|uya|uyu|uy|oa|oă|oe|oo|ia|ya|ua|ưa|ưu|iêu|yêu|ươu|uôi|ươi|[aăâeêioôơuưy])"
    r"(?:ch|nh|ng|[cmnptiyou])?"
)
