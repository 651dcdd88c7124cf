"""Are Vietnamese figures and number words read as their writers meant them?"""

from __future__ import annotations

import pytest

from banggiao.reading.numbers import read_number, read_words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.600", 1600),
        ("98,23", 98.23),
        ("1.234.567,5", 1234567.5),
        ("12,345,678", 12345678),
        ("4.0", 4),
        ("1.5", 1.5),
        ("14 triệu", 14_000_000),
        ("2,5 nghìn tỷ", 2_500_000_000_000),
        ("3 triệu rưỡi", 3_500_000),
        ("hai mươi lăm", 25),
        ("mười bốn triệu", 14_000_000),
        ("một nghìn hai trăm", 1200),
        ("hai trăm linh năm", 205),
        ("ba tỷ rưỡi", 3_500_000_000),
    ],
)
def test_numbers_are_read(text: str, value: float) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize("text", ["", "một số", "triệu phú", "12 quả", "9" * 30])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


def test_words_need_a_digit_to_be_a_scale() -> None:
    assert read_words("chục") == 10
    assert read_words("trăm") == 100
