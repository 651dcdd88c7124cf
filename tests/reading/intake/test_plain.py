"""Is plain text in any encoding of the past decades read as it was meant, and clean text left alone?"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path

import pytest

from banggiao.reading.intake import open_bytes, open_path

VIETNAMESE = """BỘ A BÁO CÁO KẾT QUẢ
Chiều 14/5, Thứ trưởng tiếp đoàn doanh nghiệp của nước bạn sang tìm hiểu thị trường thuỷ sản.
Hai bên nhất trí đưa kim ngạch lên 20 tỷ USD vào năm 2030 và mở cửa thêm cho quả chanh leo, quả dừa tươi.
Đề nghị các đơn vị khẩn trương rà soát những thỏa thuận đã ký, nhắc việc chậm, gỡ vướng mắc về kiểm dịch.
Ông Nguyễn Văn Ẩn và bà Đỗ Thị Ỷ cùng dự; chỗ ngồi sẵn có, vẫn còn ngổn ngang, kỹ lưỡng, lẳng lặng, ngỡ ngàng, quỵ.
"""
ENGLISH = """The ministers met in São Paulo over a café lunch; the naïve view, set out in a résumé, was dropped.
Trade rose by 12½ % to €3.4 billion — “a record”, said the host. Samsung® and the ©2025 report of Nestlé agree.
"""
NEIGHBOURS = {
    "es": "El señor Muñoz explicó la situación económica: según él, la inversión creció más rápido en los últimos años, también.",
    "fr": "Le président a été reçu à l'Élysée où, déjà, la délégation étrangère préparait « l'événement » côté français.",
    "de": "Für die Länder gilt: größere Märkte, höhere Löhne, über tausend Verträge, gemäß der Übereinkunft, später natürlich.",
    "pt": "A União não fará exceções às regras: ações, cotações e situações serão avaliadas pela comissão até amanhã.",
}


def test_clean_utf8_is_canonical_as_it_stands() -> None:
    data = (VIETNAMESE + "\r\n\tlùi đầu dòng  và  hai dấu cách \u00a0\r\n" + ENGLISH).encode()
    opened = open_bytes(data, "bao-cao.txt")
    assert opened.text == unicodedata.normalize("NFC", data.decode("utf-8").replace("\r\n", "\n"))
    assert (opened.repairs, opened.media_type, opened.pages) == ((), "text/plain", ())
    assert opened.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "text", [VIETNAMESE, ENGLISH, *NEIGHBOURS.values(), VIETNAMESE + ENGLISH], ids=["vi", "en", *NEIGHBOURS, "mixed"]
)
def test_clean_text_is_never_repaired(text: str) -> None:
    opened = open_bytes(text.encode(), "a.txt")
    assert (opened.text, opened.repairs) == (text, ())


@pytest.mark.parametrize("language", NEIGHBOURS)
def test_western_single_byte_text_is_not_taken_for_vietnamese(language: str) -> None:
    opened = open_bytes(NEIGHBOURS[language].encode("cp1252"), "a.txt")
    assert (opened.text, opened.repairs) == (NEIGHBOURS[language], ("windows-1252",))


@pytest.mark.parametrize(
    ("codec", "repair"), [("utf-8-sig", "bom"), ("utf-16", "utf-16"), ("utf-16-be", "utf-16"), ("utf-32", "utf-32")]
)
def test_marked_unicode(codec: str, repair: str) -> None:
    mark = b"\xfe\xff" if codec == "utf-16-be" else b""
    opened = open_bytes(mark + VIETNAMESE.encode(codec), "a.txt")
    assert (opened.text, opened.repairs) == (VIETNAMESE, (repair,))


def test_decomposed_letters_are_composed() -> None:
    opened = open_bytes(unicodedata.normalize("NFD", VIETNAMESE).encode(), "a.txt")
    assert (opened.text, opened.repairs) == (VIETNAMESE, ("nfd",))


def test_windows_1258() -> None:
    opened = open_bytes(_windows_1258(VIETNAMESE), "a.txt")
    assert (opened.text, opened.repairs) == (VIETNAMESE, ("windows-1258",))


@pytest.mark.parametrize("codec", ["cp1252", "utf-8"])
def test_vni(codec: str) -> None:
    opened = open_bytes(_vni(VIETNAMESE).encode(codec), "a.txt")
    assert opened.text == VIETNAMESE
    assert opened.repairs[-1] == "vni"


def test_vni_capitals_with_small_marks() -> None:
    text = "AÁn Ñoä vaø Aán Ñoä, Uùc, Aùo: thöông maïi taêng tröôûng, hôïp taùc ñaàu tö môû roäng."
    assert open_bytes(text.encode(), "a.txt").text == "Ấn Độ và Ấn Độ, Úc, Áo: thương mại tăng trưởng, hợp tác đầu tư mở rộng."


@pytest.mark.parametrize("codec", ["latin-1", "utf-8"])
def test_tcvn3(codec: str) -> None:
    text = VIETNAMESE.split("\n", 1)[1].replace("Ẩ", "ẩ").replace("Ỷ", "ỷ").replace("Ông", "ông")
    opened = open_bytes(_tcvn3(text).encode(codec), "a.txt")
    assert opened.text == text
    assert opened.repairs[-1] == "tcvn3"


def test_tcvn3_heading_in_the_capital_font() -> None:
    body = "Hai bên nhất trí mở rộng hợp tác đầu tư và thương mại."
    raw = _tcvn3("KếT QUả HộI ĐàM\n" + body)
    assert open_bytes(raw.encode("latin-1"), "a.txt").text == "KẾT QUẢ HỘI ĐÀM\n" + body


def test_unicode_lines_of_a_tcvn3_text_stay() -> None:
    sound = "Bộ trưởng nhấn mạnh: hợp tác bền vững."
    opened = open_bytes((_tcvn3("Hai bên nhất trí mở rộng hợp tác đầu tư.") + "\n" + sound).encode(), "a.txt")
    assert opened.text == "Hai bên nhất trí mở rộng hợp tác đầu tư.\n" + sound


@pytest.mark.parametrize("codec", ["sloppy-windows-1252", "latin-1"])
def test_mojibake(codec: str) -> None:
    broken = "Dòng lành: hợp tác.\n" + VIETNAMESE.encode().decode(codec)
    opened = open_bytes(broken.encode(), "a.txt")
    assert (opened.text, opened.repairs) == ("Dòng lành: hợp tác.\n" + VIETNAMESE, ("mojibake",))


def test_one_broken_byte_does_not_make_utf8_something_else() -> None:
    data = VIETNAMESE.encode()
    opened = open_bytes(data[:200] + b"\xff" + data[200:] + "ế".encode()[:1], "a.txt")
    assert opened.repairs == ("invalid_bytes",)
    assert "Đề nghị các đơn vị khẩn trương" in opened.text


def test_old_mac_line_ends() -> None:
    opened = open_bytes(b"mot\rhai\r", "a.txt")
    assert (opened.text, opened.repairs) == ("mot\nhai\n", ("line_ends",))


def test_a_text_about_bmw_is_no_picture() -> None:
    assert open_bytes(b"BMW builds a plant.", "a.txt").media_type == "text/plain"


def test_repairs_leave_nothing_to_repair() -> None:
    once = open_bytes(_vni(VIETNAMESE).encode(), "a.txt").text
    assert open_bytes(once.encode(), "a.txt").repairs == ()


def test_seeds_are_canonical_as_they_stand() -> None:
    shared = Path(os.environ.get("BANGGIAO_SHARED", Path(__file__).parents[3].parent / "shared"))
    seeds = sorted((shared / "seeds").glob("*.txt"))
    if not seeds:
        pytest.skip("the shared seeds are not here")
    for seed in seeds:
        opened = open_path(seed)
        text = seed.read_bytes().decode("utf-8").replace("\r\n", "\n")
        assert (opened.text, opened.repairs) == (unicodedata.normalize("NFC", text), ()), seed.name


_TONES = {"\u0301": "ùá", "\u0300": "øà", "\u0309": "ûå", "\u0303": "õã", "\u0323": "ïä"}
_BREVE = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
_VNI_I = {"\u0301": "í", "\u0300": "ì", "\u0309": "æ", "\u0303": "ó", "\u0323": "ò"}


def _vni(text: str) -> str:
    return "".join(map(_vni_letter, unicodedata.normalize("NFC", text)))


def _vni_letter(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter.isupper():
        return _vni_letter(letter.lower()).upper()
    if letter == "đ":
        return "ñ"
    parts = unicodedata.normalize("NFD", letter)
    tone = next((part for part in parts if part in _TONES), "")
    shape = next((part for part in parts[1:] if part not in _TONES), "")
    base = parts[0]
    if base == "i":
        return _VNI_I[tone]
    if base == "y" and tone == "\u0323":
        return "î"
    if shape == "\u031b":
        return {"o": "ô", "u": "ö"}[base] + (_TONES[tone][0] if tone else "")
    if shape == "\u0302":
        return base + (_TONES[tone][1] if tone else "â")
    if shape == "\u0306":
        return base + _BREVE[tone]
    return base + _TONES[tone][0]


# Letters of TCVN 5712 in the order of the standard's upper half, from 0xA8.
_TCVN3 = dict(
    zip(
        "ăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        (
            *range(0xA8, 0xAF),
            *(0xB5, 0xB6, 0xB7, 0xB8, 0xB9),
            *(0xBB, 0xBC, 0xBD, 0xBE, 0xC6),
            *(0xC7, 0xC8, 0xC9, 0xCA, 0xCB),
            *(0xCC, 0xCE, 0xCF, 0xD0, 0xD1),
            *(0xD2, 0xD3, 0xD4, 0xD5, 0xD6),
            *(0xD7, 0xD8, 0xDC, 0xDD, 0xDE),
            *(0xDF, 0xE1, 0xE2, 0xE3, 0xE4),
            *(0xE5, 0xE6, 0xE7, 0xE8, 0xE9),
            *(0xEA, 0xEB, 0xEC, 0xED, 0xEE),
            *(0xEF, 0xF1, 0xF2, 0xF3, 0xF4),
            *(0xF5, 0xF6, 0xF7, 0xF8, 0xF9),
            *(0xFA, 0xFB, 0xFC, 0xFD, 0xFE),
        ),
        strict=True,
    )
) | {"Đ": 0xA7, "Ă": 0xA1, "Â": 0xA2}


def _tcvn3(text: str) -> str:
    return "".join(chr(_TCVN3.get(letter, ord(letter))) for letter in text)


def _windows_1258(text: str) -> bytes:
    out = bytearray()
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts if part in _TONES)
        base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
        out += (base + tones).encode("cp1258")
    return bytes(out)
