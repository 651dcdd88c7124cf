"""Is what was counted once given again only to those who may see it, and only until somebody writes?"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.core.cache import caches
from django.db import transaction

from banggiao.commitments.models import Commitment
from banggiao.core import kept, records
from banggiao.core.acts import Viewer
from banggiao.core.questions import ALL, Page, ask
from banggiao.followup.models import Baseline
from banggiao.followup.planning.services import approve_plan, claim_milestone, draft_plan
from banggiao.followup.services import report_progress
from banggiao.reports.kpi import lags, progressed, timely
from banggiao.reports.questions import holds_exercise
from tests.factories.rows import AT, act, commitment, institution, partner, viewer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    caches[kept.CACHE].clear()
    yield
    caches[kept.CACHE].clear()


def total(asker: Viewer) -> int:
    return ask("commitments", {}, asker, at=AT, page=Page(1)).total


@contextmanager
def nobody_counts() -> Iterator[None]:
    """Whatever is not kept already fails here."""
    with (
        patch("django.db.models.query.QuerySet.count", side_effect=AssertionError("counted")),
        patch("django.db.models.query.QuerySet.exists", side_effect=AssertionError("looked")),
    ):
        yield


def test_a_total_is_counted_once_until_somebody_writes() -> None:
    made = commitment()
    desk = viewer("desk")
    assert (total(desk), holds_exercise("commitments", {}, desk)) == (1, False)
    with nobody_counts():
        assert (total(desk), holds_exercise("commitments", {}, desk)) == (1, False)
    commitment(code="CK-2", exercise=True)
    assert (total(desk), holds_exercise("commitments", {}, desk)) == (2, True)
    records.retract(made, act=act())
    assert total(desk) == 1


def test_what_one_viewer_was_told_is_not_told_to_another() -> None:
    one, other = institution("BO-A"), institution("BO-B")
    commitment(owner=one.pk, lead_id=one.pk)
    commitment(code="CK-2", owner=one.pk, lead_id=one.pk, classification="public")
    askers = [viewer("desk"), viewer("desk", clearance="public"), viewer("ministry", one), viewer("ministry", other)]
    for _again in range(2):
        assert [total(asker) for asker in askers] == [2, 1, 2, 1]
        with nobody_counts():
            assert [total(asker) for asker in askers] == [2, 1, 2, 1]


def test_what_nobody_else_sees_yet_is_not_kept() -> None:
    commitment()
    desk = viewer("desk")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        commitment(code="CK-2")
        assert total(desk) == 2
        raise ZeroDivisionError
    assert total(desk) == 1
    with transaction.atomic(), pytest.raises(AssertionError, match="counted"), nobody_counts():
        total(desk)


def test_a_viewer_who_may_see_nothing_is_told_of_nothing() -> None:
    commitment()
    assert kept.count(Commitment.objects.none()) == 0
    assert not kept.exists(Commitment.objects.none())
    assert kept.listed(Commitment.objects.none().values_list("code")) == []


def test_what_is_kept_equals_what_is_counted_anew_after_any_writes_on_any_day() -> None:
    chance = random.Random(5)
    leads, made = [institution(f"BO-{n}") for n in range(3)], partner()
    askers = [viewer("desk"), viewer("desk", clearance="public"), *(viewer("ministry", lead) for lead in leads)]
    duties: list[Commitment] = []

    def add() -> None:
        lead, day = chance.choice(leads), date(2025, 1, 1) + timedelta(chance.randrange(200))
        values = {"code": f"CK-{len(duties)}", "owner": lead.pk, "lead_id": lead.pk, "partner_id": made.pk}
        values |= {"made_on": chance.choice(("2025-03", day.isoformat())), "deadline": "2025-08-01"}
        values |= {"classification": chance.choice(("public", "internal")), "cycle_days": chance.choice((30, 90))}
        duties.append(commitment(**values))

    def change() -> None:
        duty = Commitment.objects.get(pk=chance.choice(duties).pk)
        state = chance.choice(("active", "done", "cancelled", "superseded"))
        values = {"work_state": state, "done_on": "2025-07-30" if state == "done" else ""}
        records.revise(duty, act=act(), values=values, version=duty.version)

    def report() -> None:
        duty = Commitment.objects.get(pk=chance.choice(duties).pk)
        report_progress(act=act(), record=duty, text="Đã làm.", day=date(2025, chance.choice((3, 9)), 1), claimed=Decimal("0.5"))

    def plan() -> None:
        duty = Commitment.objects.get(pk=chance.choice(duties).pk)
        if not Baseline.objects.filter(subject_id=duty.pk).exists():
            steps = [{"name_vi": f"Bước {n}", "weight": Decimal("0.5"), "due": date(2025, n, 1)} for n in (7, 9)]
            drawn = draft_plan(act=act(), record=duty, starts=date(2025, 6, 1), milestones=steps)
            approve_plan(act=act(viewer("leader")), record=duty, baseline=drawn, version=drawn.version)
        else:
            key = Baseline.objects.get(subject_id=duty.pk).milestones.order_by("position")[0].key
            claim_milestone(act=act(), record=duty, key=key, day=date(2025, 8, 1), quantity=Decimal(1))

    for _n in range(6):
        add()
    for _n in range(40):
        chance.choice((add, change, change, report, plan))()
        asker, on = chance.choice(askers), date(2025, 9, 15) - timedelta(chance.choice((0, 1, 40, 100)))
        params = {"of": "commitments", "by": chance.choice(("lead", "partner", "year"))}

        def answers(asker: Viewer = asker, on: date = on, params: Mapping[str, str] = params) -> list[object]:
            lists = [("who_reported", {"since": "2025-08-01"}), ("commitments", {"overdue_on": on.isoformat()})]
            return [
                *(sorted(map(repr, counted(params, asker, on))) for counted in (timely, progressed, lags)),
                *(list(ask(name, asked, asker, at=AT, page=ALL).rows) for name, asked in lists),
                total(asker),
            ]

        first, again = answers(), answers()
        caches[kept.CACHE].clear()
        assert first == again == answers()
