"""How is a text brought to the one spelling that patterns see?"""

from __future__ import annotations

import re
from functools import lru_cache

# oà, uý and their kin are written òa, úy; qu- keeps its u as part of the consonant (quý, quỳ).
_OLD = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ".split()
_NEW = "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy".split()
_PLAIN = {code: " " for code in (0x09, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000)}
_PLAIN |= dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_PLAIN |= dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'") | dict.fromkeys(map(ord, "\u201c\u201d\u201e"), '"')
# Eth looks like the Vietnamese capital and is often typed for it.
_PLAIN |= {0xD0: "Đ"}
# Odd signs are rare; looking for them is ten times faster than translating every letter.
_ODD = re.compile("[" + "".join(map(chr, _PLAIN)).replace("-", r"\-") + "]")
_TONES = {change(old): change(new) for old, new in zip(_OLD, _NEW, strict=True) for change in (str.lower, str.upper, str.title)}
# Only where the syllable ends: "toàn", "hoạt", "khoẻn" carry the mark on the second vowel in both styles.
_TONE = re.compile(r"[oOuU](?<![Qq].)[" + "".join({pair[1] for pair in _TONES}) + r"](?![^\W\d_])")


@lru_cache(maxsize=8)
def shadow_of(text: str) -> str:
    """The text with one tone placement and one kind of space, dash and quotation mark; equal length. Kept for the last texts."""
    return _TONE.sub(
        lambda match: _TONES.get(match.group(), match.group()), _ODD.sub(lambda match: _PLAIN[ord(match.group())], text)
    )
