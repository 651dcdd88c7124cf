"""Do the measures of delivery give the answers worked out by hand or published? Each test is named after its number.

Tolerance: exact where the answer is exact, else half a unit of the last digit given.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from banggiao.analytics.delivery import (
    confidence,
    forecast,
    pledges,
    portfolio,
    progress,
    schedule,
    scoring,
    status,
    targets,
    timeliness,
)
from banggiao.analytics.delivery.numbers import shown, wilson

WEIGHTS = (D(".10"), D(".20"), D(".30"), D(".25"), D(".15"))
CLAIMS = (D(1), D(1), D(1), D(".4"), D(0))
GRADES = (4, 3, 1, 2, 0)


def plan() -> list[progress.Milestone]:
    return [progress.Milestone(w, a, g) for w, a, g in zip(WEIGHTS, CLAIMS, GRADES, strict=True)]


def fractions(*values: str) -> list[F]:
    return [F(v) for v in values]


def test_kat_01_progress_is_gated_by_evidence() -> None:
    found = progress.progress(plan())
    assert (found.claimed, found.verified, found.gap, found.evidenced) == (D(".70"), D(".40"), D(".30"), True)


def test_kat_02_no_evidence_is_a_class_of_its_own() -> None:
    assert progress.progress([]) == progress.Progress(D(0), D(0), D(0), evidenced=False)
    unproven = progress.progress([progress.Milestone(D(1), D(1), 1)])
    assert (unproven.verified, unproven.claimed, unproven.evidenced) == (D(0), D(1), False)


def test_kat_03_splitting_changes_nothing() -> None:
    assert progress.pooled([(D(6), D(".5")), (D(4), D(1))]) == D(".7")
    assert progress.pooled([(D(2), D(1)), (D(2), D(".5")), (D(2), D(0)), (D(4), D(1))]) == D(".7")


PLAN = [D(v) for v in (10, 25, 45, 70, 90, 100)]


def test_kat_04_earned_schedule() -> None:
    found = schedule.earned_schedule(PLAN, D(40), D(4))
    assert (found.earned, found.index, found.variance) == (D("2.75"), D(".6875"), D("-1.25"))
    assert found.expected is not None and shown(found.expected, 4) == D("8.7273")
    classic = schedule.classic_index(PLAN, D(40), 4)
    assert classic is not None and shown(classic, 4) == D(".5714")


def test_kat_05_the_classic_index_lies_at_the_end() -> None:
    found = schedule.earned_schedule(PLAN, D(100), D(9))
    assert found.index is not None and shown(found.index, 4) == D(".6667")
    assert schedule.classic_index(PLAN, D(100), 9) == 1


def test_kat_06_both_baselines_are_answered_to() -> None:
    rebased = [D(v) for v in (10, 20, 30, 45, 60, 70, 80, 90, 100)]
    first, current = schedule.earned_schedule(PLAN, D(100), D(9)), schedule.earned_schedule(rebased, D(100), D(9))
    assert current.index == 1 and first.index is not None and shown(first.index, 4) == D(".6667")
    assert schedule.drift(D(6), D(9)) == D(".5")


def test_kat_07_a_flat_plan_counts_to_its_end() -> None:
    assert schedule.earned_schedule([D(10), D(10), D(30)], D(10), D(2)).earned == 2


def test_kat_08_pace_towards_a_target() -> None:
    found = targets.pace(D(100), D(115), D(150), begun=D(2020), at=D(2023), due=D(2026))
    assert (found.covered, found.elapsed, found.pace, found.projection) == (D(".3"), D(".5"), D(".6"), D(130))
    growth = targets.growth_pace(D(100), D(115), D(150), years=D(3), years_planned=D(6))
    assert growth is not None and shown(growth, 4) == D(".6821")


def test_kat_09_falling_targets_and_the_wrong_way() -> None:
    assert targets.pace(D(20), D(14), D(10), begun=D(0), at=D(1), due=D(2)).covered == D(".6")
    assert targets.pace(D(20), D(22), D(10), begun=D(0), at=D(1), due=D(2)).covered == D("-.2")
    assert targets.pace(D(5), D(5), D(5), begun=D(0), at=D(0), due=D(2)) == targets.Pace(None, D(0), None, None)
    assert targets.growth_pace(D(0), D(1), D(2), years=D(1), years_planned=D(2)) is None


GRANT = pledges.Pledge(D("10.0"), D("6.0"), D("5.5"), D("5.0"), D("4.9"))


def test_kat_10_stages_of_a_pledge() -> None:
    rates = pledges.stage_rates(GRANT)
    assert [shown(r, 4) for r in rates[:4] if r is not None] == [D(".6000"), D(".9167"), D(".9091"), D(".9800")]
    assert shown(GRANT.accepted / GRANT.pledged, 2) == D(".49")
    left = pledges.remainder(GRANT)
    assert (left.in_transit, left.committed_not_shipped, left.not_committed) == (D(".5"), D(".5"), D("4.0"))
    assert left.in_transit + left.committed_not_shipped + left.not_committed == D("5.0")


def test_kat_11_pooled_by_quantity() -> None:
    found = pledges.fulfilment([(D(10), D(5)), (D(20), D("7.5"))])
    assert found.share is not None and shown(found.share, 6) == D(".416667")


def test_kat_12_surplus_stands_apart() -> None:
    found = pledges.fulfilment([(D(10), D(5)), (D(20), D("7.5")), (D(1), D("1.2"))])
    assert found.share is not None and shown(found.share, 6) == D(".435484")
    assert found.surplus == D(".2")


def test_kat_13_delivery_without_a_pledge_has_no_share() -> None:
    assert pledges.fulfilment([(D(0), D("1.0"))]) == pledges.Fulfilment(None, D("1.0"), D(0), D("1.0"))


def test_kat_14_average_lateness() -> None:
    assert pledges.average_lateness([(D(3), D(0)), (D(2), D(2))]) == D(".8")


def test_kat_15_the_official_report_of_2017() -> None:
    tally = timeliness.Tally(on_time=14_068, late=1_983, open_in_time=5_640, overdue=223)
    assert 14_068 + 1_983 + 5_640 + 223 == 21_914
    found = timeliness.rates(tally)
    assert found.due == 16_274 and found.completed and found.overdue and found.on_time and found.interval
    assert [shown(100 * r, 2) for r in (found.completed, found.overdue, found.on_time)] == [D("98.63"), D("1.37"), D("86.44")]
    assert [shown(100 * end, 2) for end in found.interval] == [D("85.91"), D("86.96")]


def test_kat_16_what_is_not_published_is_unknown() -> None:
    tally = timeliness.Tally(on_time=None, late=None, open_in_time=1_620, overdue=61, done=8_150)
    found = timeliness.rates(tally)
    assert found.due == 8_211 and found.overdue is not None and shown(100 * found.overdue, 3) == D("0.743")
    assert found.on_time is None and found.interval is None
    assert shown(100 * D(61) / 9_831, 2) == D("0.62")
    with pytest.raises(timeliness.DifferentBases):
        timeliness.series([("2017", "closed or due", D("1.38")), ("2025", "all tasks", D("0.62"))])


def test_kat_17_an_extension_gives_a_second_figure() -> None:
    item = timeliness.Item(date(2025, 3, 31), date(2025, 6, 15), date(2025, 6, 30))
    assert timeliness.on_time(item, first=False) is True and timeliness.on_time(item, first=True) is False
    assert timeliness.lateness(item) == 76


def test_kat_18_evidence_fades() -> None:
    assert [shown(confidence.fade(age, 30), 6) for age in (0, 45, 90)] == [D(1), D(".353553"), D(".125")]


def test_kat_19_confidence() -> None:
    ages = ((0, True), (0, True), (45, False), (30, False), (None, False))
    claims = [
        confidence.Claim(w, a, g, age, complete) for w, a, g, (age, complete) in zip(WEIGHTS, CLAIMS, GRADES, ages, strict=True)
    ]
    found = confidence.confidence(claims, 30)
    assert found is not None and shown(found, 6) == D(".466452")


def test_kat_20_what_is_stale_is_unknown() -> None:
    assert confidence.freshness(91, 30) == "stale"
    found = progress.progress([progress.Milestone(D(1), D(1), 1)])
    said = status.colour(
        verified=found.verified, index=D(1), confidence=D(".03"), freshness=confidence.freshness(91, 30), overdue=False
    )
    assert said == "unknown"


def test_kat_21_compliance() -> None:
    assert scoring.compliance([1, 1, 0, -1, 0]) == (D(".2"), D(60))


def test_kat_22_late_keeping_counts_nothing() -> None:
    assert scoring.compliance([scoring.score(1), scoring.score(1, late=True), scoring.score(-1)]) == (D(0), D(50))


def test_kat_23_leaves_only() -> None:
    assert portfolio.total(portfolio.Node(D(100), (portfolio.Node(D(60)), portfolio.Node(D(40))))) == 100


def test_kat_24_frozen_shares_add_up() -> None:
    totals = portfolio.split_counts([{"A": D(".6"), "B": D(".2"), "C": D(".2")}] * 5)
    assert totals == {"A": D(3), "B": D(1), "C": D(1)} and sum(totals.values()) == 5


def test_kat_25_missing_is_not_average() -> None:
    found = portfolio.bounds([D(".8")] * 7, 10)
    assert found == portfolio.Bounds(D(".56"), D(".86"), D(".7"))


def test_kat_26_few_are_not_ranked() -> None:
    few, many = wilson(3, 3), wilson(40, 50)
    assert few is not None and many is not None
    assert [shown(v, 4) for v in (*few, *many)] == [D(".4385"), D(1), D(".6696"), D(".8876")]
    assert not portfolio.can_be_ranked((3, 3), (40, 50))
    drawn = [portfolio.shrunk(k, n, prior=D(".8"), strength=D(10)) for k, n in ((3, 3), (40, 50))]
    assert [shown(v, 4) for v in drawn] == [D(".8462"), D(".8000")]


def test_kat_27_observed_over_expected() -> None:
    found = portfolio.observed_over_expected(6, [D("6.5")])
    assert found is not None and shown(found, 4) == D(".9231")


def test_kat_28_strata_are_shown() -> None:
    a, b = [(9, 10), (30, 90)], [(80, 100), (3, 10)]
    rates = [portfolio.crude(a), portfolio.crude(b), portfolio.standardised(a), portfolio.standardised(b)]
    assert [shown(r, 4) for r in rates if r is not None] == [D(".3900"), D(".7545"), D(".6167"), D(".5500")]
    assert all(F(*x) > F(*y) for x, y in zip(a, b, strict=True))


def test_kat_29_an_audit_corrects_claims() -> None:
    found = portfolio.audited(120, 20, 17)
    assert found is not None and found.estimate == 102
    assert [shown(v, 1) for v in (found.low, found.high)] == [D("76.7"), D("113.7")]


OPEN_AND_DONE = [(F(3), True), (F(5), True), (F(5), False), (F(8), True), (F(10), False), (F(12), True)]


def test_kat_30_kaplan_meier() -> None:
    curve = forecast.survival(OPEN_AND_DONE)
    assert [(s.time, shown(s.share, 4)) for s in curve] == [(3, D(".8333")), (5, D(".6667")), (8, D(".4444")), (12, D(0))]
    assert forecast.quantile(curve, F(1, 2)) == 8


def test_kat_31_the_chance_of_what_is_still_open() -> None:
    found = forecast.chance_by(forecast.survival(OPEN_AND_DONE), age=F(5), due=F(10))
    assert found == F(1, 3)


def test_kat_32_cancellation_competes() -> None:
    times = [(F(t), what) for t, what in ((2, 1), (3, 2), (4, 1), (6, 0), (7, 1), (9, 2), (10, 0), (12, 1))]
    done, cancelled = forecast.incidence(times, forecast.DONE), forecast.incidence(times, forecast.CANCELLED)
    assert [forecast.at(done, F(t), before=F(0)) for t in (7, 12)] == [F("0.40625"), F("0.71875")]
    assert forecast.at(cancelled, F(12), before=F(0)) == F("0.28125")
    naive = forecast.survival([(t, what == forecast.DONE) for t, what in times])
    assert [shown(1 - forecast.at(naive, F(t)), 4) for t in (7, 12)] == [D(".4531"), D(1)]


RATIOS = fractions(".9", "1", "1", "1.1", "1.2", "1.3", "1.5", "1.6", "2", "3")


def test_kat_33_the_reference_class() -> None:
    found = forecast.reference_class(RATIOS)
    assert (found.half, found.four_fifths) == (F("1.25"), F("1.68"))
    assert found.half is not None and found.four_fifths is not None
    assert (10 * found.half, 10 * found.four_fifths) == (F("12.5"), F("16.8"))
    assert (found.on_time, found.smoothed) == (F(3, 10), F(1, 3))


def test_kat_34_finished_ones_alone_are_optimistic() -> None:
    finished = [(r, True) for r in RATIOS]
    assert [forecast.reference_curve(finished).half, forecast.reference_curve(finished).four_fifths] == fractions("1.2", "1.6")
    found = forecast.reference_curve([*finished, (F("1.4"), False), (F("2.5"), False)])
    assert [found.half, found.four_fifths] == fractions("1.3", "2.0")


def test_kat_35_hazards() -> None:
    left = forecast.survival_of_hazards(fractions(".1", ".2", ".3"))
    assert (left, 1 - left) == (F(".504"), F(".496"))


def test_kat_36_the_gate() -> None:
    said, outcomes = fractions(".9", ".6", ".2"), [1, 0, 0]
    assert shown(forecast.brier(said, outcomes), 6) == D(".136667")
    assert shown(forecast.brier([F(1, 3)] * 3, outcomes), 6) == D(".222222")
    found = forecast.skill(said, outcomes)
    assert found is not None and shown(found, 3) == D(".385")


def test_kat_37_the_headline_is_the_cohort() -> None:
    due, as_of, later = date(2025, 3, 31), date(2025, 6, 30), date(2025, 12, 31)
    items = [timeliness.Item(due, due)] * 6 + [timeliness.Item(due, date(2025, 5, 1))] * 2 + [timeliness.Item(due)] * 2
    items += [timeliness.Item(later, date(2025, 6, 1))] * 5
    assert timeliness.headline(items, as_of).on_time == D(".6")
    wide = timeliness.rates(timeliness.tally_of(items, as_of))
    assert wide.due == 15 and wide.on_time is not None and shown(100 * wide.on_time, 1) == D("73.3")
