"""Does export potential keep to the window, take given ease for new markets, refuse unfit terms, and rank exactly?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from banggiao.analytics.cube import YearCube
from banggiao.analytics.potential import Terms, factors, potential
from banggiao.analytics.potential_of_all import potential_of_all
from banggiao.analytics.ranking import largest
from banggiao.analytics.tariffs import Tariffs
from banggiao.core.errors import InvalidInput, NotFound


def invented(seed: int = 1, countries: int = 12, products: int = 40, share: float = 0.3) -> YearCube:
    rng = np.random.default_rng(seed)
    there = rng.random((countries, countries, products)) < share
    there[np.arange(countries), np.arange(countries)] = False
    i, j, k = np.nonzero(there)
    return YearCube.from_arrays(i + 10, j + 10, k + 1, rng.lognormal(3, 2, len(i)))


def test_only_what_was_sold_and_bought_in_every_year_of_the_window() -> None:
    cube, before = invented(1, share=0.04), invented(2, share=0.04)
    terms = Terms(window=[before])
    for i, code in enumerate(cube.countries):
        found = potential(cube, int(code), terms)
        row = np.searchsorted(before.countries, code)
        sold = {int(k) for k in before.products[before.exports[row] > 0]} if before.countries[row] == code else set()
        assert set(found.products.tolist()) == {int(k) for k in cube.products[cube.exports[i] > 0]} & sold
        for k, product in enumerate(found.products):
            bought = before.imports[:, np.searchsorted(before.products, product)] > 0
            assert not found.potential[~bought[np.searchsorted(before.countries, cube.countries)], k].any()
    assert potential_of_all(cube, terms).potential.sum() < potential_of_all(cube).potential.sum()


def test_a_window_that_leaves_products_out_ranks_the_same_for_one_and_for_all() -> None:
    cube, terms = invented(1), Terms(window=[invented(2, share=0.05)])
    everyone = potential_of_all(cube, terms, top=50)
    for i, code in enumerate(cube.countries):
        one = potential(cube, int(code), terms)
        values = np.array(one.top(50)["unrealised"])
        assert np.allclose(everyone.values[i, : len(values)], values, rtol=1e-6, atol=1e-3)  # float32 of what is left over
        assert everyone.unrealised[i].sum() == pytest.approx(one.unrealised.sum(), rel=1e-5)
        assert np.allclose(everyone.actual[i, : len(values)], np.array(one.top(50)["actual"]), rtol=1e-6)


def test_given_ease_opens_a_market_that_is_not_supplied_yet() -> None:
    cube = invented(3, share=0.02)
    i, j = next((i, j) for i, j in np.argwhere(cube.pair == 0) if i != j and cube.exports[i].any() and cube.imports[j].any())
    given = np.full(cube.pair.shape, np.nan)
    given[i, j] = 0.8
    code = int(cube.countries[i])
    assert not potential(cube, code).potential[j].any()
    opened = potential(cube, code, Terms(ease=given))
    assert opened.potential[j].sum() == pytest.approx(0.8 * (factors(cube).supply[i] @ cube.imports[j]))
    others = np.arange(len(cube.countries)) != j
    assert np.array_equal(opened.potential[others], potential(cube, code).potential[others])


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"gdp": np.ones(3)}, "gdp"),
        ({"gdp": np.full(12, np.nan)}, "gdp"),
        ({"population": np.full(12, -0.01)}, "population"),
        ({"elasticity": np.ones((2, 2))}, "elasticity"),
        ({"distance": np.zeros((12, 12))}, "distance"),
        ({"ease": np.full((12, 12), -1.0)}, "ease"),
        ({"tariffs": Tariffs.of(np.zeros((3, 3)))}, "tariffs"),
    ],
)
def test_terms_that_do_not_fit_are_refused_by_name(wrong: dict[str, Any], name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        factors(invented(), Terms(**wrong))
    assert refused.value.problems[0].field == name


def test_rates_that_cannot_be_rates_are_refused() -> None:
    for columns in (
        {"rate": [-0.1]},
        {"rate": [np.nan]},
        {"rate": [0.1, 0.2]},
        {"importer": [9]},
        {"product": [-1]},
    ):
        with pytest.raises(InvalidInput):
            Tariffs.of(np.zeros((3, 4)), **({"exporter": [0], "importer": [1], "product": [2], "rate": [0.1]} | columns))  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        Tariffs.of(np.full((3, 4), -1.0))


def test_who_did_not_trade_has_no_potential() -> None:
    with pytest.raises(NotFound):
        potential(invented(), 999)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_do_not_change_the_answer(threads: int) -> None:
    cube = invented(4)
    first, other = potential_of_all(cube, threads=1), potential_of_all(cube, threads=threads)
    for name in ("potential", "unrealised", "cells", "values", "actual"):
        assert np.array_equal(getattr(first, name), getattr(other, name)), name


@pytest.mark.parametrize("count", [1, 10, 1000])
def test_the_largest_are_exactly_the_largest(count: int) -> None:
    rng = np.random.default_rng(count)
    for values in (
        rng.lognormal(0, 3, 200_000),
        np.maximum(rng.normal(-2, 1, 200_000), 0),
        np.zeros(5000),
        np.repeat([3.0, 1.0, 2.0], 400),
        np.concatenate([np.zeros(60_000), np.arange(7.0)]),
        np.concatenate([np.arange(60_000.0)[::-1], np.zeros(60_000)]),
    ):
        found = largest(values, count)
        expected = np.argsort(-values, kind="stable")[:count]
        assert np.array_equal(found, expected[values[expected] > 0])
