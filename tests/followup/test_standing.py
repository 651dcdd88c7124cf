"""Where a duty stands: the formulas on rows, and the same numbers from plan, claims and evidence written by the services."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from banggiao.analytics.delivery.confidence import fade
from banggiao.core import records
from banggiao.core.acts import Viewer
from banggiao.core.errors import InvalidInput, NotFound, NotPermitted, WrongState
from banggiao.followup.models import Baseline, Evidence, Milestone, PlanTotals
from banggiao.followup.planning.questions import standings
from banggiao.followup.planning.services import approve_plan, claim_milestone, draft_plan, redraft_plan, withdraw_plan
from banggiao.followup.planning.standing import Duty, Plan, Proof, Said, Standing, Step, months_between, standing
from banggiao.followup.services import report_progress
from tests.factories.rows import SYSTEM, act, commitment, institution, partner

D = Decimal
START = date(2025, 1, 1)
KEYS = [uuid4() for _n in range(5)]
KAT_1 = [("0.10", "1", 4), ("0.20", "1", 3), ("0.30", "1", 1), ("0.25", "4", 2), ("0.15", "0", 0)]
TODAY = date(2025, 6, 30)


def kat_1(ages: dict[int, int]) -> Standing:
    """KAT-1 with the age of the evidence of each milestone, in days."""
    steps = [
        Step(key, D(w), date(2025, 2 + n, 1), 2, D(10) if n == 3 else None)
        for n, (key, (w, _a, _g)) in enumerate(zip(KEYS, KAT_1, strict=True))
    ]
    claims = [Said(key, date(2025, 3, 1), D(a)) for key, (_w, a, _g) in zip(KEYS, KAT_1, strict=True)]
    proofs = [Proof(KEYS[n], date.fromordinal(TODAY.toordinal() - ages.get(n, 0)), g) for n, (_w, _a, g) in enumerate(KAT_1) if g]
    return standing(Duty(cycle_days=30), [Plan(0, START, steps)], claims, proofs, TODAY)


def test_kat_1_claimed_verified_and_the_gap_between_them() -> None:
    found = kat_1({})
    assert (found.claimed, found.verified, found.gap) == (D("0.70"), D("0.40"), D("0.30"))
    assert found.evidenced and found.planned


def test_kat_19_what_is_verified_complete_does_not_age() -> None:
    found = kat_1({0: 400, 1: 400, 2: 45, 3: 30})
    assert found.confidence is not None and round(found.confidence, 6) == D("0.466452")
    assert fade(45, 30) != 1


def test_kat_2_without_a_plan_nothing_is_verified_whatever_is_reported() -> None:
    found = standing(Duty(told=D(1)), [], [], [], TODAY)
    assert (found.claimed, found.verified, found.evidenced, found.colour) == (D(1), D(0), False, "unknown")
    assert found.first is None and found.confidence == 0


def one_step(due: date, key: UUID = KEYS[0]) -> list[Step]:
    return [Step(key, D(1), due)]


def test_kat_6_a_new_baseline_hides_no_delay() -> None:
    plans = [Plan(0, START, one_step(date(2025, 7, 1))), Plan(1, START, one_step(date(2025, 10, 1)))]
    done = date(2025, 10, 1)
    found = standing(
        Duty(first_due="2025-07-01", done_on="2025-10-01"),
        plans,
        [Said(KEYS[0], done, D(1))],
        [Proof(KEYS[0], done, 3)],
        date(2026, 3, 1),
    )
    assert found.current is not None and found.first is not None
    assert found.current.schedule.index == 1
    assert round(found.first.schedule.index or D(0), 4) == D("0.6667")
    assert found.drift == D("0.5")
    assert found.colour == "done"


def test_kat_20_a_stale_claim_is_unknown_and_not_green() -> None:
    proof = Proof(None, date.fromordinal(TODAY.toordinal() - 91), 1)
    found = standing(Duty(cycle_days=30, told=D(1)), [], [], [proof], TODAY)
    assert (found.freshness, found.colour, found.age, found.claimed) == ("stale", "unknown", 91, D(1))


def test_evidence_of_a_part_verifies_a_part_and_never_more_than_is_claimed() -> None:
    step = Step(KEYS[0], D(1), date(2025, 12, 1), 2, D(100))
    for claimed, proved, verified in (("40", "25", "0.25"), ("40", "60", "0.4"), ("0", "60", "0")):
        found = standing(
            Duty(), [Plan(0, START, [step])], [Said(KEYS[0], START, D(claimed))], [Proof(KEYS[0], START, 2, D(proved))], TODAY
        )
        assert found.verified == D(verified)


def test_what_comes_after_the_day_does_not_count() -> None:
    late = date.fromordinal(TODAY.toordinal() + 1)
    plan = Plan(0, START, one_step(date(2025, 12, 1)))
    found = standing(Duty(), [plan], [Said(KEYS[0], late, D(1))], [Proof(KEYS[0], late, 3)], TODAY)
    assert (found.claimed, found.verified, found.age) == (D(0), D(0), None)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2025-01-01", "2025-07-01", "6"),
        ("2025-01-31", "2025-02-28", "1"),
        ("2025-01-01", "2025-01-16", "15/31"),
        ("2025-05-01", "2025-01-01", "0"),
    ],
)
def test_months(start: str, end: str, months: str) -> None:
    whole, _, part = months.partition("/")
    expected = D(whole) / D(part) if part else D(whole)
    assert round(months_between(date.fromisoformat(start), date.fromisoformat(end)), 12) == round(expected, 12)


def rows(*weights: str, **more: Any) -> list[dict[str, Any]]:
    return [{"name_vi": f"Mốc {n}", "weight": D(w), "due": date(2025, 6 + n, 1), **more} for n, w in enumerate(weights, 1)]


DESK = Viewer("Vụ", id=uuid4(), sees_all=True, permissions=frozenset({"followup.report", "followup.approve_plan"}))
LEADER = Viewer("Lãnh đạo", id=uuid4(), sees_all=True, permissions=frozenset({"followup.approve_plan"}))


@pytest.mark.django_db
class TestWrites:
    def plan(self, duty: Any, *weights: str, **more: Any) -> Baseline:
        drafted = draft_plan(act=act(DESK), record=duty, starts=date(2025, 6, 1), milestones=rows(*weights), **more)
        return approve_plan(act=act(LEADER), record=duty, baseline=drafted, version=drafted.version)

    def test_a_plan_holds_once_somebody_else_approves_it(self) -> None:
        duty = commitment()
        drafted = draft_plan(act=act(DESK), record=duty, starts=date(2025, 6, 1), milestones=rows("0.4", "0.6"))
        assert standings([duty], SYSTEM, act().at)[duty.pk].planned is False
        with pytest.raises(WrongState):
            draft_plan(act=act(DESK), record=duty, starts=date(2025, 6, 1), milestones=rows("1"))
        with pytest.raises(WrongState):
            approve_plan(act=act(DESK), record=duty, baseline=drafted, version=1)
        with pytest.raises(NotPermitted):
            approve_plan(act=act(Viewer("x", sees_all=True)), record=duty, baseline=drafted, version=1)
        held = approve_plan(act=act(LEADER), record=duty, baseline=drafted, version=1)
        assert (held.number, held.state, held.approved_by) == (0, "approved", "Lãnh đạo")
        grades = Milestone.objects.filter(baseline=held).order_by("position").values_list("required_grade", flat=True)
        assert list(grades) == [2, 3]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"weight": D("0.5")}, "milestones"),
            ({"weight": D("NaN")}, "milestones.1.weight"),
            ({"due": date(2025, 5, 1)}, "milestones.1.due"),
            ({"name_vi": " "}, "milestones.1.name_vi"),
            ({"target": D(0)}, "milestones.1.target"),
            ({"key": uuid4()}, "milestones.1.key"),
        ],
    )
    def test_a_plan_that_cannot_be_is_refused_by_row_and_field(self, change: dict[str, Any], field: str) -> None:
        duty = commitment()
        wrong = [{**rows("1")[0], **change}]
        with pytest.raises(InvalidInput) as raised:
            draft_plan(act=act(DESK), record=duty, starts=date(2025, 6, 1), milestones=wrong)
        assert [p.field for p in raised.value.problems] == [field]
        assert not Baseline.objects.exists() and not Milestone.objects.exists()

    def test_a_later_plan_needs_a_reason_and_the_partners_word_for_what_it_drops(self) -> None:
        duty = commitment(partner_id=partner().pk)
        self.plan(duty, "0.4", "0.6")
        with pytest.raises(InvalidInput) as raised:
            draft_plan(act=act(DESK), record=duty, starts=date(2025, 6, 1), milestones=rows("1"))
        assert {p.field for p in raised.value.problems} == {"reason", "partner_document"}
        again = self.plan(duty, "1", reason="Đối tác lùi lịch", partner_document="Công hàm 12/2025")
        assert again.number == 1
        assert Baseline.objects.get(subject_id=duty.pk, number=0).state == "approved"

    def test_a_draft_is_written_anew_or_given_up(self) -> None:
        duty = commitment()
        drafted = draft_plan(act=act(DESK), record=duty, starts=date(2025, 6, 1), milestones=rows("1"))
        drafted = redraft_plan(
            act=act(DESK), record=duty, baseline=drafted, version=1, starts=date(2025, 5, 1), milestones=rows("0.5", "0.5")
        )
        assert Milestone.objects.visible_to(SYSTEM).filter(baseline=drafted).count() == 2
        gone = withdraw_plan(act=act(DESK, reason="Lập lại"), record=duty, baseline=drafted, version=drafted.version)
        with pytest.raises(WrongState):
            redraft_plan(act=act(DESK), record=duty, baseline=gone, version=gone.version, starts=START, milestones=rows("1"))
        assert self.plan(duty, "1").number == 0

    def test_totals_follow_claims_and_reports(self) -> None:
        duty = commitment()
        report_progress(act=act(), record=duty, day=date(2025, 9, 1), text="Đang làm", claimed=D("0.3"))
        assert PlanTotals.objects.get(pk=duty.pk).claimed == D("0.3")
        plan = self.plan(duty, "0.4", "0.6")
        assert PlanTotals.objects.get(pk=duty.pk).claimed == 0
        first = Milestone.objects.get(baseline=plan, position=0)
        claim_milestone(act=act(DESK), record=duty, key=first.key, day=date(2025, 9, 1), quantity=D(1))
        totals = PlanTotals.objects.get(pk=duty.pk)
        assert (totals.claimed, totals.verified, totals.planned, totals.evidenced_on) == (D("0.4"), D(0), True, None)
        with pytest.raises(InvalidInput):
            claim_milestone(act=act(DESK), record=duty, key=first.key, day=date(2025, 9, 1), quantity=D("0.5"))
        with pytest.raises(InvalidInput):
            claim_milestone(act=act(DESK), record=duty, key=first.key, day=date(2025, 9, 16), quantity=D(1))
        with pytest.raises(NotFound):
            claim_milestone(act=act(DESK), record=duty, key=uuid4(), day=date(2025, 9, 1), quantity=D(1))

    def test_the_standing_of_a_past_day_is_what_was_known_then(self) -> None:
        duty = commitment()
        plan = self.plan(duty, "0.4", "0.6")
        first = Milestone.objects.get(baseline=plan, position=0)
        claim_milestone(act=act(DESK), record=duty, key=first.key, day=date(2025, 9, 1), quantity=D(1))
        proof = {
            "subject_type": duty.record_type(), "subject_id": duty.pk, "grade": 3, "description": "Biên bản",
            "day": date(2025, 9, 2), "milestone": first.key,
        }  # fmt: skip
        evidence = records.create(Evidence, act=act(), values=proof)
        then = act().at
        later = act(at=datetime(2025, 10, 1, 9, tzinfo=UTC))
        records.revise(evidence, act=later, values={"state": "accepted"}, version=1)
        now = standings([duty], SYSTEM, later.at)[duty.pk]
        assert (now.claimed, now.verified) == (D("0.4"), D("0.4"))
        past = standings([duty], SYSTEM, later.at, as_of=then)[duty.pk]
        assert (past.claimed, past.verified) == (D("0.4"), D(0))


@pytest.mark.django_db
def test_co_ordinating_bodies_know_of_the_duty() -> None:
    lead, other, stranger = institution("BO-L"), institution("BO-M"), institution("BO-N")
    duty = commitment(lead_id=lead.pk, classification="internal")
    duty = records.revise(duty, act=act(), values={}, links={"coordinating": [other.pk]}, version=duty.version)
    seen = [
        type(duty).objects.visible_to(Viewer("v", institutions=frozenset({body.pk}))).count() for body in (lead, other, stranger)
    ]
    assert seen == [1, 1, 0]
    records.revise(duty, act=act(), values={}, links={"coordinating": []}, version=duty.version)
    assert not type(duty).objects.visible_to(Viewer("v", institutions=frozenset({other.pk}))).exists()
