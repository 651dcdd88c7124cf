"""Indicators of delivery: the cells add up, rates have their denominators, and each figure equals the list it opens."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from banggiao.commitments.models import Commitment
from banggiao.core import records
from banggiao.core.errors import InvalidInput
from banggiao.core.questions import ALL, Answer, Page, ask
from banggiao.followup.outcomes import CELLS, cell, counted
from banggiao.followup.services import report_progress
from banggiao.partners.models import Institution
from banggiao.reports.kpi import group_filters, opens
from tests.factories.rows import AT, SYSTEM, act, commitment, institution, partner, task, viewer

pytestmark = pytest.mark.django_db
ON = date(2025, 9, 15)
LEAD = viewer("leader")


def duty(state: str, due: str, done: str = "", **more: Any) -> Commitment:
    """A commitment in a state, with its first deadline."""
    made = commitment(deadline=due, **more)
    return records.revise(made, act=act(), values={"work_state": state, "done_on": done}, version=made.version, action="set up")


def table(name: str, **params: str) -> list[dict[str, Any]]:
    answer = ask(name, params, LEAD, at=AT, page=ALL).listed()
    return [dict(zip((c.key for c in answer.columns), row.cells, strict=True)) for row in answer.rows]


def total(params: dict[str, str], kind: str = "commitments") -> int:
    found: Answer = ask(kind, params, LEAD, at=AT, page=Page(1))
    return found.total


def test_kat_37_the_headline_is_of_those_whose_first_deadline_has_come() -> None:
    for n in range(6):
        duty("done", "2025-06-30", f"2025-06-{10 + n}")
    for _n in range(2):
        duty("done", "2025-06-30", "2025-07-02")
        duty("active", "2025-06-30")
    for _n in range(5):
        duty("done", "2025-12-31", "2025-08-01")
    (group, whole) = table("kpi_timeliness")
    assert group["group"].vi == "Chưa ghi"
    assert (whole["on_time"], whole["late"], whole["overdue"], whole["total"]) == (11, 2, 2, 15)
    assert (whole["due"], whole["rate"]) == (10, Decimal("60.0"))
    assert whole["low"] < 60 < whole["high"]


CASES = [
    ("on_time", "done", "2025-06", "2025-06-30"),
    ("late", "done", "2025-06", "2025-07-01"),
    ("on_time", "done", "", "2025-07-01"),
    ("open_in_time", "active", "2025-09", ""),
    ("open_in_time", "active", "2025-09-15", ""),
    ("open_in_time", "active", "2025", ""),
    ("overdue", "active", "2025-09-14", ""),
    ("overdue", "active", "2025-08", ""),
    ("overdue", "blocked", "2024", ""),
    ("overdue", "lapsed", "2025-01-01", ""),
    ("overdue", "done", "2025-01-01", "2025-09-16"),
    ("cancelled", "cancelled", "2025-01-01", ""),
    ("not_given", "proposed", "2025-01-01", ""),
]


@pytest.mark.parametrize(("expected", "state", "due", "done"), CASES)
def test_each_duty_lies_in_one_cell(expected: str, state: str, due: str, done: str) -> None:
    made = duty(state, due, done)
    holding = [name for name in CELLS if Commitment.objects.filter(counted() & cell(name, ON), pk=made.pk).exists()]
    assert holding == [expected]


def test_what_was_replaced_is_counted_in_what_replaced_it() -> None:
    duty("superseded", "2025-01-01")
    assert table("kpi_timeliness") == []


def test_every_cell_is_the_total_of_the_list_it_opens() -> None:
    lead, other, side = institution("BO-L"), institution("BO-M"), partner()
    for n, (_cell, state, due, done) in enumerate(CASES):
        duty(state, due, done, lead_id=(lead, other)[n % 2].pk, partner_id=side.pk, field="trade")
    duty("superseded", "2025-01-01", lead_id=lead.pk)
    for by, group in (
        ("lead", lead.pk),
        ("partner", side.pk),
        ("field", "trade"),
        ("year", "2025"),
        ("flagship", False),
        ("side", "theirs"),
    ):
        rows = table("kpi_timeliness", by=by)
        assert rows[-1]["total"] == len(CASES) == sum(r["total"] for r in rows[:-1])
        first = next(r for r in rows if getattr(r["group"], "id", r["group"]) == group) if by in ("lead", "partner") else rows[0]
        for name in CELLS:
            kind, params = opens({"by": by}, group_filters(by, [group])[group], {"outcome": name}, ON)
            assert total(params, kind) == first[name], (by, name)
        kind, params = opens({"by": by}, group_filters(by, [group])[group], {"cohort": "yes"}, ON)
        assert total(params, kind) == first["due"]
        kind, params = opens({"by": by}, group_filters(by, [group])[group], {}, ON)
        assert total(params, kind) == first["total"]


def test_few_are_not_ranked() -> None:
    good, bad = institution("BO-G"), institution("BO-H")
    for _n in range(3):
        duty("done", "2025-06-30", "2025-06-01", lead_id=good.pk)
    duty("done", "2025-06-30", "2025-07-01", lead_id=bad.pk)
    assert [r["against_rest"] for r in table("kpi_timeliness")] == ["undecided", "undecided", ""]
    for _n in range(40):
        duty("done", "2025-06-30", "2025-06-01", lead_id=good.pk)
        duty("done", "2025-06-30", "2025-07-01", lead_id=bad.pk)
    assert [r["against_rest"] for r in table("kpi_timeliness")] == ["above", "below", ""]


def test_claims_without_evidence_are_no_progress() -> None:
    first, _second = duty("active", "2025-12-31"), duty("active", "2025-12-31")
    report_progress(act=act(), record=first, day=date(2025, 9, 1), text="Xong rồi", claimed=Decimal(1))
    whole = table("kpi_progress")[-1]
    assert (whole["claimed"], whole["verified"], whole["gap"]) == (Decimal("50.0"), Decimal("0.0"), Decimal("50.0"))
    assert (whole["count"], whole["planned"], whole["unknown"]) == (2, 0, 2)
    kind, params = opens({}, {}, {"cancelled": "no", "data_age": "unknown"}, ON)
    assert total(params, kind) == 2


def test_kat_3_weights_and_not_counts_are_pooled() -> None:
    first = duty("active", "2025-12-31", weight=Decimal(6))
    second = duty("active", "2025-12-31", weight=Decimal(4))
    report_progress(act=act(), record=first, day=date(2025, 9, 1), text="Nửa", claimed=Decimal("0.5"))
    report_progress(act=act(), record=second, day=date(2025, 9, 1), text="Cả", claimed=Decimal(1))
    assert table("kpi_progress")[-1]["claimed"] == Decimal("70.0")


def test_those_who_wait_for_a_first_action_are_not_left_out() -> None:
    acted = duty("active", "", made_on="2025-09-01")
    for day in ("2025-06-01", "2025-07-01"):
        duty("proposed", "", made_on=day)
    report_progress(act=act(), record=acted, day=date(2025, 9, 5), text="Bắt đầu")
    whole = table("kpi_first_action")[-1]
    assert (whole["count"], whole["acted"], whole["waiting"]) == (3, 1, 2)
    for name, value in (("acted", "yes"), ("waiting", "no")):
        kind, params = opens({}, {}, {"cancelled": "no", "acted": value}, ON)
        assert total(params, kind) == whole[name]
    assert whole["median"] is None


def test_tasks_by_topic_and_bad_input() -> None:
    task(topic="trade")
    rows = table("kpi_timeliness", of="tasks", by="topic")
    assert rows[-1]["total"] == 1
    for wrong in ({"of": "tasks", "by": "partner"}, {"of": "tasks", "field": "trade"}, {"on": "2031-01-01"}, {"on": "x"}):
        with pytest.raises(InvalidInput):
            ask("kpi_timeliness", wrong, SYSTEM, at=AT, page=ALL)
    for wrong in ({"outcome": "overdue"}, {"outcome": "overdue", "on": "2025-13-01"}):
        with pytest.raises(InvalidInput):
            ask("commitments", wrong, SYSTEM, at=AT, page=ALL)


def test_exercise_stands_by_itself() -> None:
    duty("active", "2025-01-01")
    made = commitment(exercise=True)
    assert made.exercise and table("kpi_timeliness")[-1]["total"] == 1
    assert table("kpi_timeliness", exercise="yes")[-1]["total"] == 1


def test_who_owes_a_report_is_told_of_one_world() -> None:
    duty("active", "2025-12-31", lead_id=institution("BO-R").pk)
    drill = records.create(
        Institution,
        act=act(exercise=True),
        values={"code": "DT-X", "kind": "ministry", "name_vi": "Bộ thử", "sort_key": "bo thu"},
    )
    made = commitment(exercise=True, lead_id=drill.pk)
    records.revise(made, act=act(), values={"work_state": "active"}, version=made.version)
    for exercise, name in (("no", "Bộ BO-R"), ("yes", "Bộ thử")):
        assert [row["lead"].title.vi for row in table("who_reported", exercise=exercise)] == [name]
