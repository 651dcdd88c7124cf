"""Do periods and partial dates mean the days people mean by them?"""

from __future__ import annotations

from datetime import date

import pytest

from banggiao.core.errors import InvalidInput
from banggiao.core.periods import is_partial_date, last_day, parse_period, period_holding, period_label


@pytest.mark.parametrize(
    ("code", "inside", "outside"),
    [
        ("2025", ["2025", "2025-01-01", "2025-12-31", "2025-07"], ["2024-12-31", "2026", "2026-01-01", ""]),
        ("2025-H1", ["2025-01", "2025-01-01", "2025-06-30", "2025-06"], ["2025", "2025-07", "2025-07-01", "2024-12-31"]),
        ("2025-H2", ["2025-07", "2025-07-01", "2025-12-31"], ["2025", "2025-06-30", "2026", "2026-01-01"]),
        ("2025-Q1", ["2025-01", "2025-03-31"], ["2025-04-01", "2025-04", "2025"]),
        ("2025-Q4", ["2025-10-01", "2025-12-31"], ["2025-09-30", "2026"]),
        ("2025-02", ["2025-02", "2025-02-28"], ["2025-03", "2025-03-01", "2025-01-31", "2025"]),
        ("2025-12", ["2025-12-31"], ["2026", "2026-01-01", "2025-11-30"]),
        ("2025-01-01/2025-06-30", ["2025-01-01", "2025-06-30", "2025-06"], ["2025-07-01", "2024-12-31", "2025-07"]),
        ("2024/2025", ["2024", "2025-12-31", "2024-02-29"], ["2026", "2023-12-31"]),
        ("2025-03/2025-04", ["2025-03", "2025-04-30"], ["2025-05", "2025-02-28"]),
    ],
)
def test_a_period_holds_its_days(code: str, inside: list[str], outside: list[str]) -> None:
    period = parse_period(code)
    assert period.code == code
    assert [d for d in inside if not period.holds(d)] == []
    assert [d for d in outside if period.holds(d)] == []


@pytest.mark.parametrize(
    "code",
    [
        "", "25", "2025-H3", "2025-Q0", "2025-Q5", "2025-13", "2025-00", "2025-1", "2025-01-01", "2025-h1", " 2025", "2025\n",
        "２０２５", "2025-06-30/2025-01-01",
        "2025-02-30/2025-03-01", "2025/", "/2025", "2025/2026/2027", "năm 2025", "2025-H1/2025-H2",
    ],
)  # fmt: skip
def test_what_is_no_period_is_named(code: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_period(code)
    assert raised.value.params["code"] == code
    assert [p.field for p in raised.value.problems] == ["period"]


@pytest.mark.parametrize(
    ("code", "vi", "en", "following"),
    [
        ("2025", "năm 2025", "2025", "2026"),
        ("2025-H1", "6 tháng đầu năm 2025", "first half of 2025", "2025-H2"),
        ("2025-H2", "6 tháng cuối năm 2025", "second half of 2025", "2026-H1"),
        ("2025-Q3", "quý III năm 2025", "quarter 3 of 2025", "2025-Q4"),
        ("2025-Q4", "quý IV năm 2025", "quarter 4 of 2025", "2026-Q1"),
        ("2025-07", "tháng 7 năm 2025", "July 2025", "2025-08"),
        ("2025-12", "tháng 12 năm 2025", "December 2025", "2026-01"),
    ],
)
def test_names_and_followers(code: str, vi: str, en: str, following: str) -> None:
    period = parse_period(code)
    assert (period.label("vi"), period.label("en")) == (vi, en)
    assert period.following() == parse_period(following)
    assert period.following().start.startswith(period.end), "half-open, without a gap"


@pytest.mark.parametrize(
    ("code", "vi", "en"),
    [
        ("2021/2025", "2021-2025", "2021-2025"),
        ("2025-01/2025-09", "tháng 1-9/2025", "January-September 2025"),
        ("2024-11/2025-02", "tháng 11/2024-2/2025", "November 2024-February 2025"),
        ("2025-01-01/2025-06-30", "1/1/2025 - 30/6/2025", "1 January 2025 - 30 June 2025"),
        ("2020/2025-06", "2020 - 6/2025", "2020 - June 2025"),
        ("2026-08-02", "2/8/2026", "2 August 2026"),
        ("6 tháng", "6 tháng", "6 tháng"),
    ],
)
def test_ranges_are_named_as_people_write_them(code: str, vi: str, en: str) -> None:
    assert (period_label(code, "vi"), period_label(code, "en")) == (vi, en)


def test_a_range_has_no_follower() -> None:
    with pytest.raises(InvalidInput):
        parse_period("2025-01-01/2025-06-30").following()


@pytest.mark.parametrize(
    ("day", "code"), [(date(2025, 1, 1), "2025-H1"), (date(2025, 6, 30), "2025-H1"), (date(2025, 7, 1), "2025-H2")]
)
def test_the_half_year_of_a_day(day: date, code: str) -> None:
    assert period_holding(day).code == code
    assert period_holding(day).holds(day.isoformat())


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("2025", True), ("2025-07", True), ("2025-07-31", True), ("2024-02-29", True), ("2025-02-29", False),
        ("2025-04-31", False), ("", False),
        ("2025-13", False), ("2025-7", False), ("0000", False), ("2025-07-31T00:00", False), ("31/07/2025", False),
        ("２０２５", False), ("2025\n", False),
    ],
)  # fmt: skip
def test_partial_dates(value: str, good: bool) -> None:
    assert is_partial_date(value) is good


@pytest.mark.parametrize(
    ("value", "day"), [("2025", date(2025, 12, 31)), ("2024-02", date(2024, 2, 29)), ("2025-07-05", date(2025, 7, 5))]
)
def test_the_last_day_a_partial_date_may_mean(value: str, day: date) -> None:
    assert last_day(value) == day
