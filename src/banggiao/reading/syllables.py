"""Could a word be a Vietnamese syllable, or is it foreign?

The spelling of Vietnamese is closed: an initial, a nucleus with at most one tone, a final. "Macron" and "Jae-myung" do
not fit, "Lan" and "Kim" do, so the answer "could be" is weak and "is foreign" strong.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from banggiao.reading.quick import quick

_TONES = {0x300, 0x301, 0x303, 0x309, 0x323}
_SYLLABLE = quick(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
    r"(?:iêu|yêu|ươu|ươi|uyê|uôi|oai|oay|uây|iê|yê|ươ|uô|oa|oă|oe|uâ|uê|uy|uơ|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|ua|ưa|ui|ưi|ưu|uya|uyu|oeo|oao|[aăâeêioôơuưy])"
    r"(?:ch|ng|nh|[cmnpt])?"
)


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether the word (any case) is spelled as one Vietnamese syllable."""
    if len(word) > 7:
        return False
    plain = "".join(mark for mark in unicodedata.normalize("NFD", word.lower()) if ord(mark) not in _TONES)
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)) is not None
