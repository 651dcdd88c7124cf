"""Do expressions of time become the day, month or period they mean, with the year of the document where they name none?"""

from __future__ import annotations

import pytest

from banggiao.reading.dates import Reference, find_dates, reference_year
from banggiao.reading.layout import build_layout
from banggiao.reading.rules import shadow
from banggiao.reading.types import Hints, Metadata

JULY = Reference(2025, "year of publication", "2025-07-22")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("chiều 22/7", "2025-07-22"),
        ("Sáng ngày 18/9, tại Huế", "2025-09-18"),
        ("ngày 15 tháng 4 năm 2026", "2026-04-15"),
        ("mùng 3 tháng 8", "2025-08-03"),
        ("hôm nay (5/9),", "2025-09-05"),
        ("các ngày 12-13/12", "2025-12-12/2025-12-13"),
        ("từ ngày 10 đến 13/8/2024", "2024-08-10/2024-08-13"),
        ("từ 30/12 đến 2/1/2026", "2025-12-30/2026-01-02"),
        ("trong tháng 8", "2025-08"),
        ("tháng 12/2024", "2024-12"),
        ("quý II/2026", "2026-Q2"),
        ("6 tháng đầu năm", "2025-H1"),
        ("6 tháng cuối năm 2021", "2021-H2"),
        ("chín tháng đầu năm 2025", "2025-01/2025-09"),
        ("nửa cuối năm 2024", "2024-H2"),
        ("giai đoạn 2021 - 2030", "2021/2030"),
        ("năm 2019", "2019"),
        ("từ đầu năm đến nay", "2025-01/2025-07-22"),
        ("những năm 1980", "1980/1989"),
    ],
)
def test_expressions(text: str, value: str) -> None:
    assert [when.value for when in find_dates(shadow(text), JULY)] == [value]


@pytest.mark.parametrize(
    "text", ["năm nhiệm vụ", "Thứ năm, đẩy mạnh", "2/3 số phiếu", "Nghị quyết 176/2025/QH15", "ngày 31/2", "quý vị"]
)
def test_no_dates(text: str) -> None:
    assert find_dates(shadow(text), JULY) == ()


def test_a_filled_in_year_says_so_and_a_written_one_does_not() -> None:
    first, second = find_dates("ngày 5/3 và ngày 6/3/2024", JULY)
    assert first.inferred == "year of publication"
    assert second.inferred is None


def test_december_read_in_january_was_last_year() -> None:
    (when,) = find_dates("ngày 30/12", Reference(2026, "year of publication", "2026-01-02"))
    assert when.value == "2025-12-30"


def test_year_of_a_document_comes_from_publication_then_title_then_text() -> None:
    assert reference_year(Metadata(published="2025-07-22T21:12"), build_layout("năm 2020", Hints())).year == 2025
    assert reference_year(Metadata(title="Kế hoạch năm 2024"), build_layout("năm 2020", Hints())).year == 2024
    assert (
        reference_year(Metadata(), build_layout("năm 2021, năm 2021, đến năm 2045, đến năm 2045, đến năm 2045", Hints())).year
        == 2021
    )
    assert reference_year(Metadata(), build_layout("không có năm", Hints())).year is None
