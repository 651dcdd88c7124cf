"""Are dates, periods, numbers and yes understood in the ways people write them, and anything else refused?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from banggiao.core.typed import typed_date, typed_deadline, typed_flag, typed_list, typed_number, typed_period


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("5/9/2025", "2025-09-05"), ("05-09-2025", "2025-09-05"), ("5.9.25", "2025-09-05"), ("31 / 12 / 2025", "2025-12-31"),
        ("ngày 5 tháng 9 năm 2025", "2025-09-05"), ("tháng 9/2025", "2025-09"), ("Tháng 9 năm 2025", "2025-09"),
        ("09/2025", "2025-09"), ("2025-9", "2025-09"), ("năm 2025", "2025"), ("2025", "2025"), ("2025-09-05", "2025-09-05"),
        ("2025-09-05 00:00:00", "2025-09-05"), ("  ", ""), ("29/2/2024", "2024-02-29"),
    ],
)  # fmt: skip
def test_dates(text: str, iso: str) -> None:
    assert typed_date(text) == iso


@pytest.mark.parametrize("text", ["31/2/2025", "12/8", "0/2025", "29/2/2025", "hôm qua", "quý III/2025", "5/13/2025", "٥/٩/٢٠٢٥"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError):
        typed_date(text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("quý III/2025", "2025-09"), ("Quý 4 năm 2025", "2025-12"), ("6 tháng đầu năm 2025", "2025-06"),
        ("trước 30/9/2025", "2025-09-30"), ("trước ngày 30/9/2025", "2025-09-30"), ("đến hết năm 2025", "2025"),
        ("chậm nhất tháng 8/2025", "2025-08"), ("by 2025-10-01", "2025-10-01"), ("", ""),
    ],
)  # fmt: skip
def test_deadlines(text: str, iso: str) -> None:
    assert typed_deadline(text) == iso


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("quý III/2025", "2025-Q3"), ("Quý 1 năm 2026", "2026-Q1"), ("Q3/2025", "2025-Q3"), ("2025-Q3", "2025-Q3"),
        ("6 tháng đầu năm 2025", "2025-H1"), ("6 tháng cuối năm 2025", "2025-H2"), ("nửa đầu năm 2025", "2025-H1"),
        ("second half of 2025", "2025-H2"), ("2025-H1", "2025-H1"), ("năm 2025", "2025"), ("tháng 7/2025", "2025-07"),
        ("2025-01-01/2025-06-30", "2025-01-01/2025-06-30"), ("", ""),
    ],
)  # fmt: skip
def test_periods(text: str, code: str) -> None:
    assert typed_period(text) == code


@pytest.mark.parametrize("text", ["quý V/2025", "5/9/2025", "kỳ này", "2025-H3"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError):
        typed_period(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("1.234", "1234"), ("1234", "1234"), ("1,5", "1.5"), ("0.125", "0.125"),
        ("1.234.567", "1234567"), ("-5", "-5"), ("12 500", "12500"),
    ],
)  # fmt: skip
def test_numbers(text: str, number: str) -> None:
    assert typed_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "5%", "12.34.5", "nhiều", "1e9", "NaN", "--5"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError):
        typed_number(text)


def test_flags_and_lists() -> None:
    assert typed_flag("Có") and typed_flag("x") and not typed_flag("không") and not typed_flag("")
    with pytest.raises(ValueError):
        typed_flag("có thể")
    assert typed_list(" Bộ A;  Bộ B\nBộ A ; ") == ["Bộ A", "Bộ B"]
