"""Do folding and order keep their laws for any text at all?"""

from __future__ import annotations

import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from banggiao.core.folding import accented, fold, is_text, nfc, person_sort_key, sort_key

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxy AĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ-,.0123456789"
words = st.text(st.sampled_from(VIETNAMESE), max_size=30)
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
law = settings(max_examples=300, deadline=None, derandomize=True)


@law
@given(st.one_of(words, anything))
@example("İ")
@example("ᴬ²½ﬁ")
@example("ﷺ")
@example("Đ\u0301ð")
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == folded.strip() and "  " not in folded
    assert all(c.isalnum() or c == " " for c in folded)
    assert accented(accented(text)) == accented(text)


@law
@given(words)
def test_the_form_of_unicode_does_not_matter(text: str) -> None:
    other = unicodedata.normalize("NFD", text)
    for function in (nfc, fold, accented, sort_key, person_sort_key):
        assert function(text) == function(other)


@law
@given(words)
def test_folded_vietnamese_is_plain_ascii(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text) == fold(text.upper()) == fold(text.lower())
    assert fold(fold(text).upper()) == fold(text)


@law
@given(words, words)
def test_folding_knows_words_not_their_borders(left: str, right: str) -> None:
    assert fold(f"{left}, {right}") == " ".join(filter(None, [fold(left), fold(right)]))


@law
@given(words, words)
def test_the_order_is_total_and_blind_to_case(left: str, right: str) -> None:
    assert (sort_key(left) < sort_key(right)) + (sort_key(left) > sort_key(right)) + (sort_key(left) == sort_key(right)) == 1
    assert sort_key(left.upper()) == sort_key(left.lower())


@law
@given(st.sampled_from("aăâeêioôơuưy"), words.map(str.lower).map(nfc), st.sampled_from("\u0300\u0309\u0303\u0301\u0323"))
def test_a_tone_never_outweighs_a_letter(vowel: str, rest: str, tone: str) -> None:
    word, marked = vowel + rest, nfc(vowel + tone + rest)
    assert sort_key(word) < sort_key(marked) < sort_key(word + "a")


@law
@given(anything)
def test_keys_can_be_stored(text: str) -> None:
    for function in (fold, accented):
        assert is_text(function(text))
    assert "\x00" not in sort_key(text)
