"""What holds for every matrix of trade: of rescaling, of naming, of sums, and of bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from banggiao.analytics.complexity import Complexity, complexity
from banggiao.analytics.country_product import CountryProduct
from banggiao.analytics.cube import YearCube
from banggiao.analytics.potential import potential
from banggiao.analytics.potential_of_all import potential_of_all
from banggiao.core.errors import InvalidInput

Values = npt.NDArray[Any]


@st.composite
def matrices(draw: st.DrawFn) -> Values:
    """Exports of 4 to 12 countries in 4 to 20 products, some of them nothing."""
    countries, products = draw(st.integers(4, 12)), draw(st.integers(4, 20))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return rng.lognormal(0, 2, (countries, products)) * (rng.random((countries, products)) < draw(st.floats(0.4, 0.95)))


@st.composite
def cubes(draw: st.DrawFn) -> YearCube:
    """Trade of 2 to 9 countries in 1 to 12 products, some pairs without any."""
    countries, products = draw(st.integers(2, 9)), draw(st.integers(1, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = rng.lognormal(0, 2, (countries, countries, products)) * (
        rng.random((countries, countries, products)) < draw(st.floats(0.2, 1))
    )
    values[np.arange(countries), np.arange(countries)] = 0
    assume(values.any())
    i, j, k = np.nonzero(values)
    return YearCube.from_arrays(i, j, k, values[i, j, k])


def ranked(values: Values, countries: Values | None = None, products: Values | None = None) -> Complexity:
    labels = [
        np.arange(count) if given is None else given for count, given in zip(values.shape, (countries, products), strict=True)
    ]
    try:
        return complexity(CountryProduct(*labels, values), dtype=np.float64)
    except InvalidInput:
        assume(False)
        raise


@settings(deadline=None, max_examples=60)
@given(matrices(), st.integers(-8, 8))
def test_another_unit_changes_nothing(values: Values, power: int) -> None:
    assume(values.any())
    first, other = ranked(values), ranked(values * 2.0**power)
    for name in ("rca", "eci", "pci", "density", "coi", "cog"):
        assert np.allclose(getattr(first, name), getattr(other, name), rtol=1e-9, atol=1e-9), name


@settings(deadline=None, max_examples=60)
@given(matrices(), st.integers(0, 2**32 - 1))
def test_other_labels_give_the_same_figures_elsewhere(values: Values, seed: int) -> None:
    assume(values.any())
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(values.shape[0]), rng.permutation(values.shape[1])
    first = ranked(values)
    other = ranked(values[np.ix_(rows, columns)], rows, columns)
    assume(first.eigenvalues[0] - first.eigenvalues[1] > 1e-4)
    i, k = (np.argsort(labels) for labels in (other.countries, other.products))
    assert np.allclose(first.eci, other.eci[i], atol=1e-8) and np.allclose(first.pci, other.pci[k], atol=1e-7)
    assert np.allclose(first.density, other.density[np.ix_(i, k)], atol=1e-12)
    assert np.allclose(first.cog, other.cog[np.ix_(i, k)], atol=1e-7)


@settings(deadline=None, max_examples=60)
@given(matrices())
def test_bounds_and_means_of_complexity(values: Values) -> None:
    assume(values.any())
    found = ranked(values)
    assert ((found.density >= 0) & (found.density <= 1 + 1e-12)).all()
    assert (found.present.sum(axis=0) == found.ubiquity).all() and (found.ubiquity >= 1).all() and (found.diversity >= 1).all()
    assert abs(found.eci.mean()) < 1e-9 and found.eci.std() == pytest.approx(1)
    # The complexity of a country is the mean of that of the products it exports with advantage.
    mean = np.array([found.pci[row].mean() for row in found.present])
    assert np.allclose(mean, found.eci, atol=1e-8)
    assert not found.cog[found.present].any()
    phi = found.proximity()
    assert np.array_equal(phi, phi.T) and (phi.diagonal() == 1).all() and (phi >= 0).all() and (phi <= 1).all()
    assert np.corrcoef(found.eci, found.diversity)[0, 1] != 0
    # RCA averages to 1 over each country, weighted by the world's shares of the products.
    world = values[np.ix_(np.isin(np.arange(len(values)), found.countries), found.products)].sum(axis=0)
    assert np.allclose(found.rca @ (world / world.sum()), 1)


@settings(deadline=None, max_examples=60)
@given(cubes())
def test_without_terms_potential_adds_up_to_what_a_pair_trades(cube: YearCube) -> None:
    everyone = potential_of_all(cube)
    assert np.allclose(everyone.potential, cube.pair, rtol=1e-9)
    for i, code in enumerate(cube.countries):
        one = potential(cube, int(code))
        assert np.allclose(one.potential.sum(axis=1), cube.pair[i], rtol=1e-9)
        # What is left of some products is what is sold beyond potential of others.
        over = np.maximum(one.actual - one.potential, 0).sum(axis=1)
        assert np.allclose(one.unrealised.sum(axis=1), over, rtol=1e-6, atol=1e-6 * cube.total)
        assert (one.unrealised >= 0).all() and (one.unrealised <= one.potential + 1e-9).all()


@settings(deadline=None, max_examples=30)
@given(cubes(), st.randoms(use_true_random=False))
def test_a_cube_forgets_the_order_and_the_splitting_of_its_rows(cube: YearCube, random: Any) -> None:
    rows = [
        (int(code), int(cube.countries[j]), int(cube.products[k]), float(v) / 2)
        for i, code in enumerate(cube.countries)
        for j, k, v in zip(*cube.flows(i), strict=True)
        for _ in range(2)
    ]
    random.shuffle(rows)
    again = YearCube.from_arrays(*zip(*rows, strict=True), duplicates="sum")  # type: ignore[arg-type]
    assert np.array_equal(again.importer, cube.importer) and np.array_equal(again.product, cube.product)
    assert np.allclose(again.value, cube.value, rtol=1e-15) and np.allclose(again.exports, cube.exports)
    with pytest.raises(InvalidInput):
        YearCube.from_arrays(*zip(*rows, strict=True))  # type: ignore[arg-type]
