"""Which products does somebody mean who types a word of the trade or a code?"""

from __future__ import annotations

from banggiao.analytics.products import find_products
from banggiao.core.errors import N_, FieldProblem, InvalidInput

#: Meanings of a word that count; a question narrowed to more of them would show what nobody asked for.
MEANINGS = 12
LONGEST = 200


def ranges_for(words: str, language: str = "vi") -> list[range]:
    """The six-figure products that words may mean, as ranges of codes; none where the words mean nothing. Raises InvalidInput."""
    if len(words) > LONGEST:
        raise InvalidInput(
            N_("Tên hàng dài quá %(most)s chữ."),
            most=LONGEST,
            subject="q",
            remedy=N_("Hãy viết ngắn hơn."),
            problems=[FieldProblem("q", N_("Giá trị không hợp lệ."))],
        )
    found = find_products(words, language, limit=MEANINGS)
    return [range(int(m.code) * 10 ** (6 - m.level), (int(m.code) + 1) * 10 ** (6 - m.level)) for m in found]
