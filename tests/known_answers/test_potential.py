"""Is our export potential the one worked out by hand and by two codes (three countries, two products)?

Tolerance: half a unit of the last digit given.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from banggiao.analytics.cube import YearCube
from banggiao.analytics.potential import FACTORS, Terms, explain, factors, potential
from banggiao.analytics.potential_of_all import potential_of_all
from banggiao.analytics.tariffs import Tariffs

A, B, C = 1, 2, 3
P, Q = 100, 200
FLOWS = {
    P: {(A, B): 30, (A, C): 10, (B, A): 20, (B, C): 20, (C, A): 5, (C, B): 15},
    Q: {(A, B): 5, (A, C): 15, (B, C): 40, (C, A): 30, (C, B): 10},
}
EASE = {(A, B): 1.666667, (A, C): 1.086957, (B, A): 0.909091, (B, C): 1.764706, (C, A): 2.058824, (C, B): 1.666667}
EPI = {
    (A, C): (13.043478, 11.956522),
    (B, A): (9.090909, 10.909091),
    (B, C): (21.176471, 38.823529),
    (C, A): (10.294118, 24.705882),
}
EXACT: dict[str, Any] = {"abs": 5.1e-7}


@pytest.fixture(scope="module")
def cube() -> YearCube:
    rows = [(i, j, k, v) for k, flows in FLOWS.items() for (i, j), v in flows.items()]
    return YearCube.from_arrays(*zip(*rows, strict=True))  # type: ignore[arg-type]


def test_5_4_ease(cube: YearCube) -> None:
    ease = factors(cube).ease
    for (i, j), expected in EASE.items():
        assert ease[i - 1, j - 1] == pytest.approx(expected, **EXACT)
    assert not ease.diagonal().any()


def test_5_4_potential_and_what_is_left(cube: YearCube) -> None:
    for (i, j), expected in EPI.items():
        assert potential(cube, i).potential[j - 1] == pytest.approx(expected, **EXACT)
    left = potential(cube, A)
    assert left.unrealised[C - 1] == pytest.approx((3.043478, 0), **EXACT) and left.actual[C - 1].tolist() == [10, 15]


def test_5_4_all_exporters_say_what_each_says(cube: YearCube) -> None:
    found = potential_of_all(cube, top=4)
    for i in (A, B, C):
        one = potential(cube, i)
        assert found.potential[i - 1] == pytest.approx(one.potential.sum(axis=1), rel=1e-12)
        assert found.unrealised[i - 1] == pytest.approx(one.unrealised.sum(axis=1), rel=1e-6)
        rows = [row for row in found.to_arrow().to_pylist() if row["exporter"] == i]
        top = one.top(4).to_pylist()
        assert [(row["importer"], row["product"]) for row in rows] == [(row["importer"], row["product"]) for row in top]
        assert [row["unrealised"] for row in rows] == pytest.approx([row["unrealised"] for row in top], rel=1e-6)
        assert [row["actual"] for row in rows] == pytest.approx([row["actual"] for row in top])


def test_5_4_with_growth_tariffs_and_distance(cube: YearCube) -> None:
    """The averages are given by hand in the source, so the two factors are put together from the terms as the code makes them."""
    gdp, population = np.array([1.2, 1, 1.3]), np.array([1, 1, 1.1])
    supply = factors(cube, Terms(gdp=np.array([1.2, 1, 1]))).supply[0, 0]
    assert supply * 1.05 / 1.08 == pytest.approx(0.432099, **EXACT)
    demand = factors(cube, Terms(gdp=gdp, population=population)).demand[2, 0]
    assert demand * 1.06 / 1.02 * 0.75 == pytest.approx(30.397059, **EXACT)
    assert supply * 1.05 / 1.08 * demand * 1.06 / 1.02 * 0.75 * factors(cube).ease[0, 2] == pytest.approx(14.27666, abs=5.1e-6)


TERMS = {
    "growth": {"gdp": np.array([1.2, 1.0, 1.3]), "population": np.array([1.0, 0.98, 1.1]), "elasticity": 1.4},
    "own": {"self_sufficiency": True},
    "tariffs": {
        "tariffs": Tariffs.of(
            np.array([[0.1, 0.2], [0.05, 0.0], [0.3, 0.12]]), [0, 0, 1], [2, 1, 2], [0, 1, 1], [0.02, 0.0, 0.06]
        )
    },
    "distance": {"distance": np.array([[np.nan, 1000, 2000], [1000, np.nan, 1500], [2000, 1500, np.nan]])},
}
TERMS["all"] = {name: value for terms in list(TERMS.values()) for name, value in terms.items()}


@pytest.mark.parametrize("name", TERMS)
def test_a_figure_is_the_product_of_the_factors_it_is_explained_by(cube: YearCube, name: str) -> None:
    """Each factor of `explain` is made by itself; the whole matrix, of one and of all, must be their product."""
    terms = Terms(**TERMS[name])
    everyone = potential_of_all(cube, terms)
    for i in (A, B, C):
        one = potential(cube, i, terms)
        assert everyone.potential[i - 1] == pytest.approx(one.potential.sum(axis=1), rel=1e-6)
        assert everyone.unrealised[i - 1] == pytest.approx(one.unrealised.sum(axis=1), rel=1e-5, abs=1e-5)
        for j in {A, B, C} - {i}:
            for k, code in enumerate((P, Q)):
                told = explain(cube, i, j, code, terms)
                assert list(told.factors) == list(FACTORS)
                at = [n for n, found in enumerate(one.products) if found == code]
                value, left, sold = (
                    (float(array[j - 1, at[0]]) if at else 0.0) for array in (one.potential, one.unrealised, one.actual)
                )
                assert told.potential == pytest.approx(value, rel=1e-12), (i, j, k)
                assert (told.unrealised, told.actual) == (pytest.approx(left, rel=1e-9), sold)


def test_averages_of_tariffs_by_hand(cube: YearCube) -> None:
    """p: world exports A 40, B 40, C 20; A pays .02 in C in place of .3: tbar_Cp = .3 - .4 x .28."""
    tariffs: Tariffs = TERMS["tariffs"]["tariffs"]  # type: ignore[assignment]
    assert tariffs.asked(cube)[2, 0] == pytest.approx(0.3 - 0.4 * 0.28)
    # World imports of p: A 25, B 45, C 30.
    assert tariffs.faced(cube)[0, 0] == pytest.approx(0.25 * 0.1 + 0.45 * 0.05 + 0.3 * 0.02)
    assert tariffs.faced(cube)[1, 0] == pytest.approx(0.25 * 0.1 + 0.45 * 0.05 + 0.3 * 0.3)
    assert tariffs.world(cube)[0] == pytest.approx(tariffs.faced(cube)[:, 0] @ [0.4, 0.4, 0.2])
    assert tariffs.paid(0).tolist() == [[0.1, 0.2], [0.05, 0.0], [0.02, 0.12]]


def test_self_sufficiency_by_hand(cube: YearCube) -> None:
    """A sells 40 of p and buys 25: the factor is 1. B sells 40 of q and buys 15: 1. A sells 20 of q and buys 30: 2/3."""
    told = [
        explain(cube, i, C if i == A else A, k, Terms(self_sufficiency=True)).factors["self_sufficiency"]
        for i, k in ((A, P), (A, Q))
    ]
    assert told == [1, pytest.approx(2 / 3)]


def test_distance_by_hand(cube: YearCube) -> None:
    """C buys p from A (10, 2000 km) and B (20, 1500 km): it is used to 1666.67 km; the factor of A is 1666.67 / 2000."""
    told = explain(cube, A, C, P, Terms(**TERMS["distance"]))
    assert told.factors["distance"] == pytest.approx((10 * 2000 + 20 * 1500) / 30 / 2000)
    assert explain(cube, B, C, P, Terms(**TERMS["distance"])).factors["distance"] == pytest.approx(1500 / (50000 / 30))


def test_tariffs_stand_in_the_way_of_what_is_theirs(cube: YearCube) -> None:
    terms = Terms(**TERMS["tariffs"])
    given, free = potential(cube, A, terms), potential(cube, A, terms, at_zero_tariffs=True)
    paid = terms.tariffs.paid(0)  # type: ignore[union-attr]
    assert free.potential == pytest.approx(given.potential * (1 + paid))
