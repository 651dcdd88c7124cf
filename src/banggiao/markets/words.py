"""Which products does somebody mean who types a word of the trade or a code?"""

from __future__ import annotations

from banggiao.analytics.products import find_products
from banggiao.core.errors import N_, FieldProblem, InvalidInput

#: Meanings of a word that count, and how near to the best they must be: more would show what nobody asked for.
MEANINGS, NEAR = 12, 0.6
LONGEST = 200
#: A word is never taken for a whole chapter; whoever means one types its code.
LEVELS = (4, 6)


def ranges_for(words: str, language: str = "vi") -> list[range]:
    """The six-figure products that words may mean, as ranges of codes; none where the words mean nothing. Raises InvalidInput."""
    if words.isdecimal() and len(words) == 2:
        return [range(int(words) * 10_000, (int(words) + 1) * 10_000)]
    if len(words) > LONGEST:
        raise InvalidInput(
            N_("Tên hàng dài quá %(most)s chữ."),
            most=LONGEST,
            subject="q",
            remedy=N_("Hãy viết ngắn hơn."),
            problems=[FieldProblem("q", N_("Giá trị không hợp lệ."))],
        )
    found = find_products(words, language, limit=MEANINGS, levels=LEVELS)
    best = max((m.score for m in found), default=0.0)
    found = tuple(m for m in found if m.score >= NEAR * best)
    return [range(int(m.code) * 10 ** (6 - m.level), (int(m.code) + 1) * 10 ** (6 - m.level)) for m in found]
