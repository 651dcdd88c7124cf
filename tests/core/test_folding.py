"""Is Vietnamese text folded and ordered the same however it is written?"""

from __future__ import annotations

import random
import unicodedata

import pytest

from banggiao.core.folding import accented, check_text, fold, is_text, nfc, person_sort_key, sort_key

#: In the order of a Vietnamese dictionary: letters first, then tone (level, hỏi after huyền, ngã, sắc, nặng).
IN_ORDER = [
    "ba", "bà", "bả", "bã", "bá", "bạ", "bà con", "bác", "băng", "bằng", "bẵng", "bắn", "bân", "bần", "cá", "da", "dạ", "đa",
    "đà", "đá",
    "e", "ê", "fa", "ga", "hà nam", "hà nội", "hoa", "hòa", "i", "ia", "ja", "lo", "lô", "lơ", "mai", "nga", "nhà", "ta", "tha",
    "tra",
    "u", "ư", "va", "wa", "xa", "ya", "za",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đắk Lắk", "dak lak"), ("ĐẠI HỌC", "dai hoc"), ("Trường Sa", "truong sa"),
        ("  Hà\tNội,\n(Việt Nam) ", "ha noi viet nam"),
        ("21/NQ-CP", "21 nq cp"), ("Cộng hòa", "cong hoa"), ("", ""), ("!!!", ""), ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("Côte d’Ivoire", "cote d ivoire"), ("ÐÀ NẴNG", "da nang"), ("m² ½", "m2 1 2"), ("ＷＴＯ", "wto"),
    ],
)  # fmt: skip
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == fold(unicodedata.normalize("NFD", text)) == folded


def test_vietnamese_order() -> None:
    mixed = IN_ORDER[:]
    random.Random(7).shuffle(mixed)
    assert sorted(mixed, key=sort_key) == sorted(IN_ORDER, key=sort_key)
    assert sorted(mixed, key=sort_key) == reference_order(IN_ORDER)


def reference_order(words: list[str]) -> list[str]:
    """The order worked out the slow way: letter by letter of the alphabet, then tone by tone."""
    letters = " aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
    tones = "\u0300\u0309\u0303\u0301\u0323"

    def key(word: str) -> tuple[list[int], list[int]]:
        places, marks = [], []
        for c in unicodedata.normalize("NFC", word):
            parts = unicodedata.normalize("NFD", c)
            tone = next((t for t in parts if t in tones), "")
            places.append(letters.index(unicodedata.normalize("NFC", "".join(p for p in parts if p != tone))))
            marks.append(tones.index(tone) + 1 if tone else 0)
        return places, marks

    return sorted(words, key=key)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Ai Cập", "Áo"), ("Anh", "Áo"), ("Áo", "Ăng-gô-la"), ("Ăng-gô-la", "Ấn Độ"), ("Dominica", "Đan Mạch"), ("Ô-man", "Ơ"),
        ("Vanuatu", "Wales"),
        ("Hà Nam", "Hà Nội"), ("Hà Nội", "Hải Phòng"), ("An Giang", "Anh"), ("Bà Rịa", "Bạc Liêu"), ("1", "a"), ("ma", "má"),
        ("Cam-pu-chia", "Campuchia"), ("lan", "Lan Anh"),
    ],
)  # fmt: skip
def test_pairs_in_order(before: str, after: str) -> None:
    assert sort_key(before) < sort_key(after)


def test_people_stand_under_their_given_name() -> None:
    names = ["Trần Văn An", "Nguyễn Thị Ánh", "Lê Bình", "Đỗ Văn Bình", "Phạm Đức", "Bùi Dũng"]
    assert sorted(names, key=person_sort_key) == [
        "Trần Văn An", "Nguyễn Thị Ánh", "Đỗ Văn Bình", "Lê Bình", "Bùi Dũng", "Phạm Đức"
    ]  # fmt: skip
    assert person_sort_key("") < person_sort_key("A")


@pytest.mark.parametrize(("old", "new"), [("hoà bình", "hòa bình"), ("Thuỵ Sĩ", "Thụy Sĩ"), ("xoá", "xóa"), ("uỷ ban", "ủy ban")])
def test_old_and_new_placing_of_tones_are_one(old: str, new: str) -> None:
    assert accented(old) == accented(new) != fold(new)


def test_what_is_text() -> None:
    assert is_text("Việt Nam 😀") and is_text("")
    for bad in ("\x00", "a\ud800"):
        assert not is_text(bad)
        with pytest.raises(ValueError):
            check_text(bad)
    assert nfc(unicodedata.normalize("NFD", "Việt")) == "Việt"
