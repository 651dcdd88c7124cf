"""Numbers, dates, quotation marks and breaks as printed in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from banggiao.reports import typography as typo

NB = typo.NBSP


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (1284, None, "1.284", "1,284"),
        (0, None, "0", "0"),
        (57.8, None, "57,8", "57.8"),
        (57.8, 2, "57,80", "57.80"),
        (Decimal("1234567.5"), None, "1.234.567,5", "1,234,567.5"),
        (-3.25, None, "−3,25", "−3.25"),
        (0.1, None, "0,1", "0.1"),
        (999.96, 1, "1.000,0", "1,000.0"),
    ],
)
def test_numbers(value: typo.Number, decimals: int | None, vi: str, en: str) -> None:
    assert typo.number(value, "vi", decimals) == vi
    assert typo.number(value, "en", decimals) == en


def test_percent_and_quantity_stay_together() -> None:
    assert typo.percent(57.8, "vi") == "57,8%"
    assert typo.percent(57.8, "en", 0) == "58%"
    assert typo.quantity(2.5, "tỷ USD", "vi") == f"2,5{NB}tỷ{NB}USD"
    assert " " not in typo.quantity(1284, "thỏa thuận", "vi")


@pytest.mark.parametrize(
    ("day", "vi_short", "vi_long", "en_long"),
    [
        (date(2025, 7, 22), "22/7/2025", "ngày 22 tháng 7 năm 2025", "22 July 2025"),
        (date(2026, 2, 4), "4/2/2026", "ngày 04 tháng 02 năm 2026", "4 February 2026"),
        (date(2026, 3, 9), "9/3/2026", "ngày 09 tháng 3 năm 2026", "9 March 2026"),
        (date(2026, 12, 31), "31/12/2026", "ngày 31 tháng 12 năm 2026", "31 December 2026"),
    ],
)
def test_dates(day: date, vi_short: str, vi_long: str, en_long: str) -> None:
    assert typo.short_date(day, "vi") == vi_short
    assert typo.long_date(day, "vi").replace(NB, " ") == vi_long
    assert f"ngày{NB}" in typo.long_date(day, "vi")
    assert typo.long_date(day, "en").replace(NB, " ") == en_long


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ('Bộ nói "đồng ý" và "chờ"', "Bộ nói “đồng ý” và “chờ”"),
        ('"Đầu câu"', "“Đầu câu”"),
        ('("trong ngoặc")', "(“trong ngoặc”)"),
        ("không có dấu", "không có dấu"),
    ],
)
def test_quotation_marks(given: str, printed: str) -> None:
    assert typo.curly(given) == printed


def test_quotes_inside_a_quotation_become_single() -> None:
    assert typo.quoted('thẻ "vàng" IUU') == "“thẻ ‘vàng’ IUU”"


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("giai đoạn 2021-2030", "giai đoạn 2021–2030"),
        ("Lào Cai - Hà Nội", "Lào Cai – Hà Nội"),
        ("số 12/2025/NĐ-CP", "số 12/2025/NĐ-CP"),
        ("- gạch đầu dòng", "- gạch đầu dòng"),
        ("ngày 2025-01-30", "ngày 2025-01-30"),
    ],
)
def test_dashes(given: str, printed: str) -> None:
    assert typo.dashed(given) == printed


@pytest.mark.parametrize(
    ("given", "bound"),
    [
        ("đạt 2,5 tỷ USD năm 2025", "đạt 2,5~tỷ~USD năm~2025"),
        ("253 thỏa thuận", "253~thỏa thuận"),
        ("ngày 22 tháng 7", "ngày~22 tháng~7"),
        ("quý IV và Điều 5", "quý~IV và Điều~5"),
        ("tháng Chạp", "tháng Chạp"),
        ("5 hai", "5 hai"),
        ("No. 7 in Article 3", "No.~7 in Article~3"),
    ],
)
def test_spaces_a_line_must_not_break_at(given: str, bound: str) -> None:
    assert typo.bind(given) == bound.replace("~", NB)


def test_clean_keeps_letters_and_drops_what_cannot_be_shown() -> None:
    assert typo.clean("Viê\u0323t\tNam\u202e\x00\ud800\u200b") == "Việt Nam"
    assert typo.clean("hai\r\ndòng") == "hai dòng"


def test_pieces_lose_nothing_and_hold_no_long_word() -> None:
    text = "đọc https://mau.example/mot/dia-chi/rat-dai?va=co&tham=so rồi " + "x" * 200 + " hết"
    parts = list(typo.pieces(text))
    assert "".join(parts) == text
    assert max(len(word) for part in parts for word in part.split()) <= 28
    assert list(typo.pieces("câu ngắn")) == ["câu ngắn"]


def test_counting_signs() -> None:
    assert [typo.roman(value) for value in (1, 4, 9, 14, 40)] == ["I", "IV", "IX", "XIV", "XL"]
    assert "".join(typo.letter(value, "vi") for value in range(1, 8)) == "abcdđeg"
    assert [typo.letter(value, "en") for value in (6, 27)] == ["f", "a1"]


def test_text_width_ignores_marks() -> None:
    assert typo.text_width("Ệ", 10) == typo.text_width("E", 10)
    assert typo.text_width("Hà Nội", 14, bold=True) > typo.text_width("Hà Nội", 14) > typo.text_width("Hà", 14)
