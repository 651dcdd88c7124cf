"""Does the tariff simulation give the answers worked out by hand, and stand what nobody should ask?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banggiao.analytics.elasticities import ASSUMED_DEMAND, elasticities, packaged
from banggiao.analytics.smart import Effects, Flows, changed, flows_of, simulate
from banggiao.core.errors import InvalidInput


def flows(imports: list[float], before: list[float], after: list[float], product: int = 851712) -> Flows:
    """Flows of one product from partners 1, 2, 3 ..."""
    n = len(imports)
    return Flows(np.full(n, product), np.arange(1, n + 1), np.array(imports), np.array(before), np.array(after))


def effects(found: Flows, **given_: Any) -> Effects:
    """The central effects with these elasticities, 1.5 unless given."""
    used = elasticities(found.product.tolist(), **({"demand": 1.5, "substitution": 1.5} | given_))
    return simulate(found, used).central


def test_one_partner_goes_free() -> None:
    """Imports 100, 60, 40 at ten per cent, the first goes to zero, both elasticities 1.5: by hand from the formulas."""
    found = effects(flows([100, 60, 40], [0.1] * 3, [0, 0.1, 0.1]))
    assert found.creation == pytest.approx([13.636364, 0, 0], abs=5e-7)
    assert found.diversion == pytest.approx([6.382979, -3.829787, -2.553191], abs=5e-7)
    assert found.sums()["revenue_before"] == pytest.approx(20)
    assert found.sums()["revenue_after"] == pytest.approx(9.361702, abs=5e-7)
    assert found.sums()["welfare"] == pytest.approx(0.681818, abs=5e-7)
    assert found.price == pytest.approx([0, 0, 0])


def test_finite_supply_dampens_creation_and_raises_the_price() -> None:
    found = effects(flows([100, 60, 40], [0.1] * 3, [0, 0.1, 0.1]), supply=3.0)
    assert found.creation[0] == pytest.approx(100 * 1.5 * (0.1 / 1.1) / 1.5)
    assert found.price[0] == pytest.approx(found.creation[0] / 3)
    assert found.total == pytest.approx(found.creation + found.diversion + found.price)


def test_the_same_cut_for_all_diverts_nothing() -> None:
    found = effects(flows([100, 60, 40], [0.1] * 3, [0.05] * 3))
    assert found.diversion == pytest.approx([0, 0, 0], abs=1e-12)
    assert found.creation == pytest.approx(np.array([100, 60, 40]) * 1.5 * 0.05 / 1.1)


def test_a_rise_takes_away_at_most_all() -> None:
    found = effects(flows([100, 60], [0.0, 0.0], [5.0, 0.0]), substitution=30.0)
    assert found.total[0] == pytest.approx(-100)
    assert found.diversion == pytest.approx([-100, 100])
    assert found.revenue_after == pytest.approx([0, 0])


def test_diversion_takes_no_more_than_others_sell() -> None:
    found = effects(flows([100, 60, 40], [2.0, 2.0, 2.0], [0.0, 2.0, 2.0]), substitution=1e6)
    assert found.diversion == pytest.approx([100, -60, -40], rel=1e-4)


rows_ = st.lists(
    st.tuples(st.integers(1, 4), st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=12
)  # fmt: skip


@given(rows_, st.floats(0.2, 20), st.floats(0.2, 20))
def test_diversion_adds_up_to_nothing_in_each_product(rows: list[tuple[int, float, float, float]], e: float, s: float) -> None:
    product, imports, before, after = (np.array(column) for column in zip(*rows, strict=True))
    found = Flows(product.astype(np.int64), np.arange(len(rows)), imports, before, after)
    if imports.sum() == 0 or bool((before == after).all()):
        return
    outcome = effects(found, demand=e, substitution=s)
    for code in set(product.tolist()):
        here = product == code
        assert outcome.diversion[here].sum() == pytest.approx(0, abs=1e-9 * (1 + imports[here].sum()))
    assert bool(np.all(outcome.diversion >= -imports * (1 + 1e-12)))
    twice = effects(Flows(found.product, found.partner, imports * 1000, before, after), demand=e, substitution=s)
    assert twice.total == pytest.approx(outcome.total * 1000, abs=1e-6)
    turned = np.arange(len(rows))[::-1]
    mirrored = Flows(found.product[turned], found.partner[turned], imports[turned], before[turned], after[turned])
    assert effects(mirrored, demand=e, substitution=s).total == pytest.approx(outcome.total[turned], abs=1e-6)


def test_range_and_sources_stand_in_the_result() -> None:
    outcome = simulate(flows([100, 60, 40], [0.1] * 3, [0, 0.1, 0.1], 640399), importer="VNM")
    product = outcome.by_product().to_pylist()[0]
    assert (product["demand"], product["demand_source"], product["substitution_source"]) == (ASSUMED_DEMAND, "assumed", "median")
    assert product["total_half"] < product["total"] < product["total_double"]
    assert outcome.totals()["half"]["creation"] == pytest.approx(outcome.totals()["central"]["creation"] / 2)
    assert len(outcome.cautions) == 2
    partners = {row["partner"]: row for row in outcome.by_partner().to_pylist()}
    assert (partners[1]["before"], partners[1]["after"]) == (pytest.approx(0.1), 0.0)
    assert sum(row["total"] for row in partners.values()) == pytest.approx(product["total"])
    assert outcome.rows().num_rows == 3


def test_an_importer_of_the_table_gets_its_own_elasticity() -> None:
    used = elasticities([10121, 640399], "AUS")
    assert used.substitution[0] == packaged()["AUS", "010"] == pytest.approx(25.032)
    assert used.substitution_source == ("own", "own")
    assert elasticities([770000], "AUS").substitution_source == ("overall",)
    mixed = elasticities([10121, 640399], "AUS", substitution={640399: 2.0})
    assert mixed.substitution_source == ("own", "given")


def test_many_products_are_read_and_changed_at_once() -> None:
    table = pa.table(
        {"product": [10121, 10121, 640399], "partner": [704, 36, 704], "value": [5.0, 7.0, 9.0], "before": [0.1, 0.1, 0.2]}
    )
    found = flows_of(table, lambda f: changed(f, f.partner == 704, cut=0.5))
    assert found.after.tolist() == [0.05, 0.1, 0.1]
    assert changed(found, found.product == 640399, to=0.0).tolist() == [0.1, 0.1, 0.0]
    outcome = simulate(found, importer="AUS")
    assert outcome.by_product()["product"].to_pylist() == [10121, 640399]
    alone = simulate(flows([9.0], [0.2], [0.1], 640399), importer="AUS")
    assert outcome.by_product().to_pylist()[1]["total"] == pytest.approx(alone.central.total.sum())


@pytest.mark.parametrize(
    ("imports", "before", "after", "field"),
    [
        ([1.0], [-0.1], [0.0], "before"),
        ([1.0], [0.1], [-0.1], "after"),
        ([1.0], [25.0], [0.0], "before"),
        ([-1.0], [0.1], [0.0], "imports"),
        ([0.0], [0.1], [0.0], "imports"),
        ([float("nan")], [0.1], [0.0], "imports"),
        ([1.0], [0.1], [0.1], "after"),
    ],
)
def test_nonsense_is_refused(imports: list[float], before: list[float], after: list[float], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        simulate(flows(imports, before, after))
    assert [problem.field for problem in caught.value.problems] == [field]


def test_doubled_rows_unclear_changes_and_bad_elasticities_are_refused() -> None:
    found = flows([1.0, 2.0], [0.1, 0.1], [0.0, 0.1])
    with pytest.raises(InvalidInput, match="851712"):
        simulate(Flows(found.product, np.array([7, 7]), found.imports, found.before, found.after))
    for wrong in ({}, {"to": 0.0, "cut": 0.5}, {"cut": 1.5}):
        with pytest.raises(InvalidInput):
            changed(found, found.partner == 1, **wrong)
    with pytest.raises(InvalidInput):
        elasticities([851712], demand=0.0)
    with pytest.raises(InvalidInput, match="851712"):
        simulate(found, elasticities([640399]))
    with pytest.raises(InvalidInput, match="before"):
        flows_of(pa.table({"product": [1], "partner": [1], "value": [1.0]}))
