"""Is what is overdue, due soon, on time or done late the same in every place that says so?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banggiao.commitments.models import Commitment
from banggiao.core import records
from banggiao.followup.questions import due_soon, overdue, timeliness
from banggiao.followup.states import WORK
from tests.factories.rows import act

TODAY = date(2025, 9, 15)


@pytest.mark.parametrize(
    ("due", "done_on", "open_", "expected"),
    [
        ("", "", True, "no_deadline"), ("", "2025-01-01", False, "no_deadline"),
        ("2025-09-14", "", True, "overdue"), ("2025-09-15", "", True, "due_soon"), ("2025-09-29", "", True, "due_soon"),
        ("2025-09-30", "", True, "on_time"), ("2024-12-31", "", True, "overdue"), ("2026-01-01", "", True, "on_time"),
        ("2025-08", "", True, "overdue"), ("2025-09", "", True, "on_time"), ("2025-10", "", True, "on_time"),
        ("2024", "", True, "overdue"), ("2025", "", True, "on_time"), ("2026", "", True, "on_time"),
        ("2025-09-14", "2025-09-14", False, "on_time"), ("2025-09-14", "2025-09-15", False, "done_late"),
        ("2025-09-14", "", False, "on_time"),
        ("2025-09", "2025-09-30", False, "on_time"), ("2025-09", "2025-10-01", False, "done_late"),
        ("2025", "2025-12-31", False, "on_time"), ("2025", "2026-01-01", False, "done_late"),
    ],
)  # fmt: skip
def test_timeliness(due: str, done_on: str, open_: bool, expected: str) -> None:
    assert timeliness(due=due, done_on=done_on, state="active" if open_ else "done", today=TODAY) == expected


@pytest.mark.parametrize(
    ("state", "due", "expected"),
    [
        ("proposed", "2025-09-14", "unknown"), ("proposed", "2025-09-20", "due_soon"), ("proposed", "", "no_deadline"),
        ("assigned", "2025-09-14", "overdue"), ("cancelled", "2025-09-14", "not_applicable"),
        ("superseded", "2026", "not_applicable"),
    ],
)  # fmt: skip
def test_only_what_was_given_can_be_late(state: str, due: str, expected: str) -> None:
    assert timeliness(due=due, done_on="", state=state, today=TODAY) == expected


@pytest.mark.parametrize(
    ("due", "today", "expected"),
    [
        ("2025-09", date(2025, 9, 15), "on_time"), ("2025-09", date(2025, 9, 16), "due_soon"), ("2025-09", date(2025, 9, 30),
        "due_soon"),
        ("2025-09", date(2025, 10, 1), "overdue"), ("2025", date(2025, 12, 16), "on_time"), ("2025", date(2025, 12, 17),
        "due_soon"),
        ("2025", date(2026, 1, 1), "overdue"), ("2024-02", date(2024, 2, 29), "due_soon"),
    ],
)  # fmt: skip
def test_a_month_or_year_is_due_on_its_last_day(due: str, today: date, expected: str) -> None:
    assert timeliness(due=due, done_on="", state="active", today=today) == expected


days = st.dates(date(2023, 12, 1), date(2027, 2, 1))
dues = st.one_of(st.just(""), st.builds(lambda day, width: day.isoformat()[:width], days, st.sampled_from([4, 7, 10])))


@pytest.mark.django_db
@pytest.mark.engine
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(dues, st.sampled_from(WORK.states())), min_size=1, max_size=12), days)
def test_lists_and_marks_agree(duties: list[tuple[str, str]], today: date) -> None:
    made = records.create_many(
        Commitment,
        act=act(),
        rows=[
            (
                {
                    "code": f"X-{Commitment.objects.count()}-{n}",
                    "text_vi": "x",
                    "side": "ours",
                    "current_due": due,
                    "work_state": state,
                },
                {},
            )
            for n, (due, state) in enumerate(duties)
        ],
    )
    rows = Commitment.objects.filter(pk__in=[m.pk for m in made])
    marks = {m.pk: timeliness(due=m.current_due, done_on="", state=m.work_state, today=today) for m in made}
    assert {r.pk for r in overdue(rows, today)} == {pk for pk, mark in marks.items() if mark == "overdue"}
    assert {r.pk for r in due_soon(rows, today)} == {pk for pk, mark in marks.items() if mark == "due_soon"}
