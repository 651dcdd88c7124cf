"""The forecast shows where the past has a pattern, gives the base rate where it has none, is silent with too little."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from banggiao.analytics.delivery.forecast import CANCELLED
from banggiao.commitments.models import Commitment
from banggiao.commitments.services import revise_commitment
from banggiao.core import records
from banggiao.core.acts import Viewer
from banggiao.core.questions import ALL, ask
from banggiao.followup.services import move_work
from banggiao.reports.forecasting import _history, outlook
from tests.factories.rows import AT, act, commitment, institution, viewer

pytestmark = pytest.mark.django_db
TODAY = date(2025, 9, 15)
LEADER = viewer("leader")


def past(count: int, *, known_hazard: bool, seed: int = 7, **more: Any) -> None:
    """Promises of three years, due after 200 days. With a known hazard most are done early or not at all; else at random."""
    rng, rows = random.Random(seed), []
    for n in range(count):
        begun = TODAY - timedelta(days=1100 - 1000 * n // count)
        lasted = (rng.randint(10, 60) if rng.random() < 0.6 else 900) if known_hazard else rng.choice((rng.randint(5, 200), 900))
        ended = begun + timedelta(days=lasted)
        done = ended <= TODAY
        values = {
            "code": f"CK-X-{seed}-{n}", "text_vi": f"Việc {n}", "side": "ours", "field": "trade", "made_on": begun.isoformat(),
            "first_due": (begun + timedelta(days=200)).isoformat(), "work_state": "done" if done else "active",
            "done_on": ended.isoformat() if done else "", **more,
        }  # fmt: skip
        rows.append((values, {}))
    records.create_many(Commitment, act=act(), rows=rows)


def promise(age: int) -> Commitment:
    begun = TODAY - timedelta(days=age)
    made = commitment(side="ours", field="trade", made_on=begun.isoformat(), deadline=(begun + timedelta(days=200)).isoformat())
    return records.revise(made, act=act(), values={"work_state": "active"}, version=made.version)


def test_a_known_hazard_is_seen_and_a_random_history_gives_the_base_rate() -> None:
    past(300, known_hazard=True)
    fresh, old = (outlook(promise(age), LEADER, AT) for age in (5, 120))
    assert fresh is not None and old is not None
    assert fresh.forecast.by_model and old.forecast.by_model
    assert fresh.forecast.chance > Decimal("0.4") > Decimal("0.1") > old.forecast.chance
    assert fresh.half is not None and fresh.half < TODAY + timedelta(days=60)


def test_a_random_history_gives_no_model() -> None:
    rng, rows = random.Random(3), []
    for n in range(300):
        begun = TODAY - timedelta(days=1100 - 3 * n)
        # All or nothing decided by chance on the last day: age tells nothing.
        done = rng.random() < 0.5 and begun + timedelta(days=200) <= TODAY
        values = {
            "code": f"CK-R-{n}", "text_vi": f"Việc {n}", "side": "ours", "field": "trade", "made_on": begun.isoformat(),
            "first_due": (begun + timedelta(days=200)).isoformat(), "work_state": "done" if done else "active",
            "done_on": (begun + timedelta(days=200)).isoformat() if done else "",
        }  # fmt: skip
        rows.append((values, {}))
    records.create_many(Commitment, act=act(), rows=rows)
    found = outlook(promise(50), LEADER, AT)
    assert found is not None and not found.forecast.by_model
    assert Decimal("0.35") < found.forecast.chance < Decimal("0.65")


def test_too_little_of_the_past_says_nothing_and_what_is_hidden_teaches_nothing() -> None:
    owner = institution("BO-L").pk
    past(300, known_hazard=True, classification="internal", owner=owner)
    made = promise(5)
    assert outlook(made, LEADER, AT) is not None
    stranger = Viewer("x", institutions=frozenset({institution("BO-N").pk}), permissions=LEADER.permissions)
    assert outlook(made, stranger, AT) is None


def test_a_narrow_class_with_few_gives_way_to_a_wider_one() -> None:
    past(300, known_hazard=True)
    found = outlook(promise(5), LEADER, AT)
    assert found is not None and found.alike[:2] == ("side", "field")
    lone = institution("BO-L").pk
    made = promise(5)
    made = records.revise(made, act=act(), values={"lead_id": lone}, version=made.version)
    again = outlook(made, LEADER, AT)
    assert again is not None and "lead_id" not in again.alike


def test_past_its_deadline_there_is_no_chance_of_it() -> None:
    past(300, known_hazard=True)
    found = outlook(promise(250), LEADER, AT)
    assert found is not None and found.forecast.chance == 0 and not found.forecast.by_model


def test_the_question_says_on_what_it_rests() -> None:
    past(300, known_hazard=True)
    answer = ask("outlook", {"code": promise(5).code}, LEADER, at=AT, page=ALL).listed()
    (row,) = answer.rows
    cells = dict(zip((c.key for c in answer.columns), row.cells, strict=True))
    assert cells["basis"] == "model" and cells["skill"] > 0 and cells["size"] == 300
    done = promise(6)
    done = records.revise(done, act=act(), values={"work_state": "done", "done_on": "2025-09-10"}, version=done.version)
    assert ask("outlook", {"code": done.code}, LEADER, at=AT, page=ALL).listed().rows == ()


def test_what_was_cancelled_ended_on_the_day_of_the_step_not_of_the_last_edit() -> None:
    begun = TODAY - timedelta(days=100)
    made = commitment(side="ours", field="trade", made_on=begun.isoformat(), deadline=(begun + timedelta(days=200)).isoformat())
    gone = move_work(act=act(reason="Hai bên thỏa thuận"), record=made, action="cancel", version=1)
    revise_commitment(act=act(at=AT + timedelta(days=30)), commitment=gone, values={"product": "x"}, version=gone.version)
    (known,) = _history(Commitment, {}, LEADER, promise(5), TODAY + timedelta(days=40))
    assert known.what == CANCELLED and known.lasted == 100
