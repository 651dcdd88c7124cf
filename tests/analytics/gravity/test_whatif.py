"""Equilibria, agreements and predicted ease: what they keep, what they refuse, and that the packaged world can be asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from banggiao.analytics.gravity.ease import NOT_TESTED, back_test, expected_trade, pair_traits, predict_trade, predicted_ease
from banggiao.analytics.gravity.effects import agreement_study, event_study, phase_in
from banggiao.analytics.gravity.equilibrium import agreement_change, from_costs, from_trade, home_trade, simulate
from banggiao.analytics.gravity.whatif import RTA, World, agreement_effects, world_from_flows, world_from_totals
from banggiao.core.errors import InvalidInput
from banggiao.sources.datasets import read_set
from tests.analytics.gravity.test_ppml import world as panel

NAMES = ("VNM", "BRA", "ARG", "USA")


def packaged() -> World:
    """The world of a fresh install: public totals, gravity between them."""
    latest: dict[tuple[str, str], tuple[str, float]] = {}
    for row in read_set("world_trade_totals"):
        key = (row["reporter_iso3"], row["flow"])
        latest[key] = max(latest.get(key, ("", 0.0)), (row["year"], float(row["value_usd_million"])))
    rows = read_set("gravity_countries")
    countries = {
        "iso3": [row["iso3"] for row in rows],
        "gdp": [float(row["gdp_usd_million"]) for row in rows],
        "exports": [latest[row["iso3"], "export"][1] for row in rows],
        "imports": [latest[row["iso3"], "import"][1] for row in rows],
    }
    pairs = read_set("gravity_pairs")
    table = {name: [row[name] if name.startswith("iso3") else float(row[name]) for row in pairs] for name in pairs[0]}
    told = [
        (row["reporter_iso3"], row["partner_iso3"], float(row["share_pct"]) / 100, row["flow"])
        for row in read_set("world_trade_partners")
    ]
    shares = {
        "exporter": [a if flow == "export" else b for a, b, _, flow in told],
        "importer": [b if flow == "export" else a for a, b, _, flow in told],
        "share": [share for _, _, share, _ in told],
        "flow": [flow for *_, flow in told],
    }
    in_force = [row["parties_iso3"].split("|") for row in read_set("ftas") if row["status"] == "in_force"]
    return world_from_totals(countries, table, shares=shares, in_force=in_force)


def test_an_agreement_with_mercosur_on_the_packaged_world() -> None:
    world = packaged()
    assert len(world.countries) == 200 and "SGP" in world.floored and len(world.caveats) == 3
    at = {country: place for place, country in enumerate(world.countries)}
    exports = world.trade.sum(axis=1) - np.diagonal(world.trade)
    assert exports[at["VNM"]] == pytest.approx(429_383, rel=1e-6)
    # A known share of its exports stays near what is known of it.
    assert world.trade[at["VNM"], at["USA"]] / exports[at["VNM"]] == pytest.approx(0.28, abs=0.03)
    result = agreement_effects(world, [["VNM"], ["ARG", "BRA", "PRY", "URY"]])
    full = result.middle["full"]
    assert full.residual < 1e-10 and result.middle["conditional"].residual < 1e-10 and full.reference == "USA"
    assert result.between[1] / result.between[0] == pytest.approx(np.exp(RTA.coefficient), rel=0.02)
    assert full.real_output[at["VNM"]] > full.real_output[at["BRA"]] > 0
    assert full.real_output[at["THA"]] < 0
    rows = result.arrow()
    assert rows.num_rows == 400 and set(rows.column("mode").to_pylist()) == {"conditional", "full"}
    low, middle, high = (np.array(rows.column(f"exports_{end}pct").to_pylist()) for end in ("low_", "", "high_"))
    assert (low <= middle).all() and (middle <= high).all()
    assert rows.column("real_output_pct")[0].as_py() is None
    assert result.pairs("VNM").column("importer")[0].as_py() == "BRA"
    assert len(set(result.caveats)) == len(result.caveats) == 6


def test_pairs_already_covered_are_spared_and_counted() -> None:
    trade = np.full((4, 4), 10.0) + np.diag([100.0] * 4)
    world = world_from_flows(NAMES, trade, [100.0] * 4, in_force=[("BRA", "ARG")])
    result = agreement_effects(world, [["VNM", "BRA", "ARG"]])
    assert result.spared == 1
    after = result.middle["conditional"].trade
    assert after[1, 2] < world.trade[1, 2] and after[0, 1] > world.trade[0, 1]
    deeper = agreement_effects(world, [["VNM", "BRA", "ARG"]], spare_covered=False)
    assert deeper.spared == 0 and deeper.middle["conditional"].trade[1, 2] > world.trade[1, 2]
    with pytest.raises(InvalidInput, match="không có cặp"):
        agreement_effects(world, [["BRA", "ARG"]])
    with pytest.raises(InvalidInput, match="hai bên"):
        agreement_effects(world, [["BRA"], ["BRA", "ARG"]])
    with pytest.raises(InvalidInput, match="XYZ"):
        agreement_effects(world, [["BRA"], ["XYZ"]])


def test_order_and_unit_of_countries_do_not_matter() -> None:
    random = np.random.default_rng(4)
    trade = random.lognormal(0, 1, (6, 6)) + np.diag(random.lognormal(4, 1, 6))
    names = [f"C{n}" for n in range(6)]
    change = agreement_change(names, [["C0"], ["C3", "C4"]], 0.4)
    order = random.permutation(6)
    for mode in ("conditional", "full", "one_step"):
        one = simulate(from_trade(names, trade, reference="C5"), change, mode=mode)
        mixed = from_trade([names[place] for place in order], trade[np.ix_(order, order)] * 1000, reference="C5")
        two = simulate(mixed, change[np.ix_(order, order)], mode=mode)
        for field in ("exports", "imports", "price", "consumer_price", "real_output", "outward"):
            assert getattr(two, field) == pytest.approx(getattr(one, field)[order], abs=1e-9, nan_ok=True)


def test_nothing_changes_without_a_change_and_costs_give_the_same_as_trade() -> None:
    random = np.random.default_rng(4)
    trade = random.lognormal(0, 1, (5, 5)) + np.diag(random.lognormal(4, 1, 5))
    names = [f"C{n}" for n in range(5)]
    base = from_trade(names, trade)
    for mode in ("conditional", "full", "one_step"):
        still = simulate(base, np.ones((5, 5)), mode=mode)
        assert np.abs(still.exports).max() < 1e-9 and np.abs(np.nan_to_num(still.real_output)).max() < 1e-9
    again = from_costs(names, base.costs, trade.sum(axis=1), trade.sum(axis=0) * 3, reference="C2")
    assert again.trade == pytest.approx(trade) and again.scaled == pytest.approx(1 / 3)


SQUARE = np.full((2, 2), 5.0)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: from_trade(["A"], [[1.0]]), "hai nước"),
        (lambda: from_trade(["A", "A"], SQUARE), "hai lần"),
        (lambda: from_trade(["A", "B"], [[0.0, 1.0], [1.0, 5.0]]), "nội địa của “A”"),
        (lambda: from_trade(["A", "B"], [[1.0, -1.0], [1.0, 5.0]]), "âm"),
        (lambda: from_trade(["A", "B"], [[1.0, np.nan], [1.0, 5.0]]), "trống"),
        (lambda: from_trade(["A", "B"], np.ones((2, 3))), "vuông"),
        (lambda: from_costs(["A", "B"], [[1.0, 0.0], [0.0, 0.0]], [1, 1], [1, 1]), "“B” không buôn bán"),
        (lambda: from_costs(["A", "B"], SQUARE, [1, 0], [1, 1]), "lớn hơn 0"),
        (lambda: from_costs(["A", "B"], SQUARE, [1], [1, 1]), "mỗi nước một giá trị"),
        # Two countries that do not trade with each other cannot spend what they do not earn.
        (lambda: from_costs(["A", "B"], np.eye(2), [1, 3], [3, 1]), "cân bằng"),
        (lambda: simulate(from_trade(["A", "B"], SQUARE), SQUARE, sigma=1.0), "lớn hơn 1"),
        (lambda: simulate(from_trade(["A", "B"], SQUARE), np.zeros((2, 2))), "âm"),
        (lambda: simulate(from_trade(["A", "B"], SQUARE), SQUARE, mode="magic"), "magic"),  # type: ignore[arg-type]
        (lambda: home_trade(["A", "B"], [1, 1], [1, -1], ratio=2), "mỗi nước một giá trị"),
        (lambda: home_trade(["A", "B"], [1, 1], [1, 1], ratio=0), "Tỷ lệ"),
        (lambda: world_from_totals({"iso3": ["A"], "gdp": [1], "exports": [1], "imports": [1]}, {}), "ba nước"),
    ],
)
def test_refusals(call: Any, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        call()


def test_home_trade_is_floored_for_entrepots_and_says_that_it_is_made_up() -> None:
    home = home_trade(["A", "B"], [100, 100], [50, 500], ratio=2)
    assert home.values.tolist() == [150, 20] and home.floored == ("B",) and "ước tính" in home.caveat


def _markets(seed: int = 2) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    random = np.random.default_rng(seed)
    distance = random.lognormal(0, 0.7, (20, 20))
    distance = (distance + distance.T) / 2
    size = random.lognormal(2, 1, 20)
    mean = np.outer(size, size) / distance
    np.fill_diagonal(mean, 0)
    shown = np.where(random.random((20, 20)) < 0.7, mean * random.gamma(4, 0.25, (20, 20)), 0)
    return shown, mean, {"ln_distance": np.log(distance)}


def test_ease_of_new_markets_is_predicted_where_there_is_no_trade() -> None:
    trade, truth, traits = _markets()
    expected = expected_trade(trade.sum(axis=1)[:, None], trade.sum(axis=0)[:, None])
    ease = predicted_ease(trade, expected, traits)
    observed = trade > 0
    assert ease.ease[observed] == pytest.approx(trade[observed] / expected[observed])
    assert (ease.ease[ease.predicted_at] > 0).all() and not ease.predicted_at[observed].any()
    assert ease.tested == "not back-tested" and ease.caveat == NOT_TESTED
    test = back_test(trade, truth, expected, traits, nearness=-traits["ln_distance"], names=("1", "2"))
    assert test.gravity > test.baseline + 0.05 and test.gravity_ease > 0.8
    tested = predicted_ease(trade, expected, traits, test=test)
    assert tested.tested == "back-tested" and tested.caveat == ""
    with pytest.raises(InvalidInput, match="quá ít"):
        back_test(truth, truth, expected, traits, nearness=-traits["ln_distance"])


def test_pairs_without_known_traits_are_neither_used_nor_predicted() -> None:
    trade, _, _ = _markets()
    names = [row["iso3"] for row in read_set("gravity_countries")][:19]
    rows = read_set("gravity_pairs")
    table = {name: [row[name] if name.startswith("iso3") else float(row[name]) for row in rows] for name in rows[0]}
    traits = pair_traits([*names, "TWN"], table)
    assert np.isnan(traits["ln_distance"][-1]).all() and traits["ln_distance"][0, 1] == traits["ln_distance"][1, 0]
    expected = expected_trade(trade.sum(axis=1)[:, None], trade.sum(axis=0)[:, None])
    ease = predicted_ease(trade, expected, {"ln_distance": traits["ln_distance"]})
    assert not ease.predicted_at[-1].any() and ease.predicted_at[:-1, :-1].any() and ease.estimate.used == 19 * 18
    with pytest.raises(InvalidInput, match="lớn hơn 0"):
        pair_traits(names, table | {"distance_km": [0.0] * len(rows)})


def test_hidden_pairs_are_predicted_from_the_others() -> None:
    _, truth, traits = _markets()
    hidden = np.random.default_rng(0).random(truth.shape) < 0.2
    predicted, estimate = predict_trade(truth, traits, hidden=hidden)
    away = ~np.eye(20, dtype=bool)
    assert predicted[away] == pytest.approx(truth[away], rel=1e-4)
    assert estimate.coefficient("ln_distance")[0] == pytest.approx(-1, abs=1e-4)


def test_expected_trade_by_hand() -> None:
    exports, imports = [[30.0, 0.0], [10.0, 5.0]], [[0.0, 5.0], [40.0, 0.0]]
    assert expected_trade(exports, imports).tolist() == [[0.0, 30.0], [5.0, 10.0]]
    with pytest.raises(InvalidInput):
        expected_trade([[1.0]], [[-1.0]])


def test_studies_refuse_what_they_cannot_tell() -> None:
    rows = panel()
    with pytest.raises(InvalidInput, match="0 hoặc 1"):
        phase_in(rows.assign(rta=2.0))
    with pytest.raises(InvalidInput, match="lặp lại"):
        phase_in(rows.assign(year=2000))
    with pytest.raises(InvalidInput, match="bắt đầu trong kỳ"):
        event_study(rows.assign(rta=0.0))
    with pytest.raises(InvalidInput, match="CPTPP"):
        agreement_study(rows, {"CPTPP": (("C0", "C1"), 1990)})


def test_an_effect_put_in_comes_out() -> None:
    rows = panel(seed=5, countries=14, years=6, zeros=0.0)
    study = phase_in(rows, lags=())
    b, error = study.estimate.coefficient("rta")
    assert abs(b - 0.5) < 3 * error and study.total is not None and study.pre_trend is None
    assert len(study.caveats) >= 3  # no trade at home is one of them
