"""Do the measures of delivery hold for any promises, and does a forecast show only where it knows more than the base rate?"""

from __future__ import annotations

import random
from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banggiao.analytics.delivery import forecast, pledges, portfolio, progress, schedule, timeliness
from banggiao.analytics.delivery.numbers import wilson

SHARES = st.lists(st.integers(1, 50), min_size=1, max_size=8).map(lambda parts: [F(p, sum(parts)) for p in parts])
TIMES = st.lists(st.tuples(st.integers(1, 40).map(F), st.integers(0, 2)), min_size=1, max_size=30)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 10), st.integers(0, 4)), min_size=1, max_size=6))
def test_verified_never_exceeds_claimed(rows: list[tuple[int, int, int]]) -> None:
    whole = sum(w for w, _a, _g in rows)
    weights = [D(w) / whole for w, _a, _g in rows]
    weights[-1] = 1 - sum(weights[:-1], D(0))
    found = progress.progress([progress.Milestone(w, D(a) / 10, g) for w, (_w, a, g) in zip(weights, rows, strict=True)])
    assert 0 <= found.verified <= found.claimed <= 1 and found.gap == found.claimed - found.verified


@pytest.mark.parametrize(
    "wrong",
    [
        [progress.Milestone(D(".5"), D(1), 2)],
        [progress.Milestone(D(1), D("1.1"), 2)],
        [progress.Milestone(D(1), D(1), 7)],
        [progress.Milestone(D("1.5"), D(1), 2), progress.Milestone(D("-.5"), D(1), 2)],
    ],
)
def test_a_plan_that_is_none_is_refused(wrong: list[progress.Milestone]) -> None:
    with pytest.raises(ValueError, match=r"weights|milestone"):
        progress.progress(wrong)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=12), st.integers(0, 100), st.integers(1, 20))
def test_earned_schedule_lies_within_the_plan(steps: list[int], share: int, actual: int) -> None:
    plan = [D(sum(steps[: n + 1])) for n in range(len(steps))]
    found = schedule.earned_schedule(plan, plan[-1] * share / 100, D(actual))
    assert 0 <= found.earned <= len(plan)
    assert found.index is not None and found.index * actual == pytest.approx(found.earned)
    assert (found.expected is None) == (found.earned == 0)


def test_nothing_earned_is_not_infinite() -> None:
    found = schedule.earned_schedule([D(10), D(20)], D(0), D(1))
    assert (found.index, found.expected) == (0, None)
    assert schedule.earned_schedule([D(10), D(20)], D(0), D(0)).index is None


@given(st.lists(st.integers(0, 9), min_size=6, max_size=6), st.integers(0, 9))
def test_no_pledged_quantity_is_lost(drops: list[int], withdrawn: int) -> None:
    levels = [D(sum(drops[n:])) for n in range(6)]
    left = pledges.remainder(pledges.Pledge(levels[0] + withdrawn, *levels[1:], cancelled=D(withdrawn)))
    parts = (left.in_transit, left.committed_not_shipped, left.not_committed, left.withdrawn)
    assert levels[3] + sum(parts) - left.surplus == levels[0] + withdrawn and min(parts) >= 0


def test_more_delivered_than_shipped_is_refused() -> None:
    with pytest.raises(ValueError, match="stage"):
        pledges.remainder(pledges.Pledge(D(5), D(5), D(1), D(2)))


@given(TIMES)
def test_curves_fall_and_what_ends_adds_up(times: list[tuple[F, int]]) -> None:
    curve = forecast.survival([(t, what != forecast.OPEN) for t, what in times])
    shares = [F(1), *(s.share for s in curve)]
    assert all(0 <= b <= a for a, b in zip(shares, shares[1:], strict=False))
    last = F(100)
    ended = sum(forecast.at(forecast.incidence(times, e), last, before=F(0)) for e in (forecast.DONE, forecast.CANCELLED))
    assert ended == 1 - forecast.at(curve, last)


@given(st.integers(0, 40), st.integers(0, 40))
def test_an_interval_holds_its_share(successes: int, failures: int) -> None:
    found = wilson(successes, successes + failures)
    if successes + failures == 0:
        assert found is None
    else:
        assert found is not None and 0 <= found[0] <= D(successes) / (successes + failures) <= found[1] <= 1


@given(SHARES, st.integers(1, 9))
def test_split_counts_add_up(shares: list[F], items: int) -> None:
    exact = [D(int(s * 1000)) / 1000 for s in shares]
    exact[-1] = 1 - sum(exact[:-1], D(0))
    totals = portfolio.split_counts([{str(n): s for n, s in enumerate(exact)}] * items)
    assert sum(totals.values()) == items


def test_shares_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="item 1"):
        portfolio.split_counts([{"A": D(".6"), "B": D(".3")}])


def test_an_unknown_outcome_is_no_rate() -> None:
    assert timeliness.rates(timeliness.Tally(None, None, 3, 1)) == timeliness.Rates(None, None, None, None, None)
    assert timeliness.rates(timeliness.Tally(0, 0, 5, 0)).on_time is None


def history(seed: int, *, known_hazard: bool) -> list[forecast.Past]:
    """Promises made month by month for ten years, due after 24 months, as they stand at month 132.

    With a known hazard one in ten of the open is done each month. At random, whether a promise is kept has nothing to do with its
    age: a coin falls at its due date.
    """
    source, now, past = random.Random(seed), F(132), []
    for made in range(120):
        for _ in range(4):
            if known_hazard:
                lasted = 1
                while source.random() > 0.1:
                    lasted += 1
                what = forecast.DONE
            else:
                lasted, what = 24, source.choice((forecast.DONE, forecast.CANCELLED))
            age = now - made
            still_open = lasted > age
            past.append(forecast.Past(F(made), age if still_open else F(lasted), forecast.OPEN if still_open else what, F(24)))
    return past


ORIGINS = [F(n) for n in range(48, 120, 12)]


@pytest.mark.parametrize("seed", range(3))
def test_a_forecast_shows_where_there_is_something_to_know(seed: int) -> None:
    found = forecast.backtest(history(seed, known_hazard=True), ORIGINS, forecast.competing_model)
    assert found is not None and found > 0
    assert forecast.gated(F(1, 4), F(1, 2), found).by_model


@pytest.mark.parametrize("seed", range(3))
def test_no_forecast_shows_where_chance_decides(seed: int) -> None:
    found = forecast.backtest(history(seed, known_hazard=False), ORIGINS, forecast.competing_model)
    said = forecast.gated(F(1, 4), F(1, 2), found)
    assert (said.by_model, said.chance) == (False, D(".5"))


def test_too_little_history_gives_the_base_rate() -> None:
    few = history(0, known_hazard=True)[:10]
    assert forecast.backtest(few, ORIGINS, forecast.competing_model) is None
    assert not forecast.gated(F(1, 4), F(1, 2), None).by_model


def test_a_class_that_is_too_small_gives_way_to_a_wider_one() -> None:
    narrow, wide = [F(1)] * 5, [F(2)] * 30
    assert forecast.widest_needed([narrow, wide]) == wide
    assert forecast.widest_needed([narrow]) is None
