"""Are our measures of complexity those of the peers? The tiny matrix, real trade of 1998-2000, and random matrices.

Tolerances: half a unit of the last digit printed for published figures; against ecomplexity 0.5.3 and econcomplex 1.0.1, run
here, 1e-12 (1e-11 for PCI, whose own rounding is coarser). Where a peer computes something else, the test says what.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from banggiao.analytics.complexity import Complexity, complexity
from banggiao.analytics.country_product import CountryProduct
from banggiao.analytics.relatedness import proximity
from banggiao.core.errors import InvalidInput

TINY = [[50, 40, 60, 40, 30], [90, 10, 0, 12, 0], [10, 60, 70, 0, 0], [80, 0, 25, 0, 0]]
EXACT = {"abs": 5.1e-7}


def matrix(values: Any) -> CountryProduct:
    values = np.asarray(values, float)
    width = len(str(max(values.shape)))
    labels = [np.array([f"{mark}{n:0{width}}" for n in range(count)]) for mark, count in zip("cp", values.shape, strict=True)]
    return CountryProduct(labels[0], labels[1], values)


@pytest.fixture(scope="module")
def tiny() -> Complexity:
    values = np.array(TINY, float)
    return complexity(CountryProduct(np.array(list("ABCD")), np.array(["p1", "p2", "p3", "p4", "p5"]), values), dtype=np.float64)


def test_5_1_rca_diversity_and_ubiquity(tiny: Complexity) -> None:
    assert tiny.rca[0] == pytest.approx([0.570158, 0.953719, 1.015249, 2.017483, 2.622727], **EXACT)
    assert tiny.rca[1, [0, 3]] == pytest.approx([2.015916, 1.188874], **EXACT)
    assert tiny.rca[2, [1, 2]] == pytest.approx([2.248052, 1.861290], **EXACT)
    assert tiny.rca[3, [0, 2]] == pytest.approx([1.911387, 0.886329], **EXACT)
    assert tiny.diversity.tolist() == [3, 2, 2, 1] and tiny.ubiquity.tolist() == [2, 1, 2, 2, 1]


def test_5_1_eci_pci_and_outlook(tiny: Complexity) -> None:
    assert tiny.eci == pytest.approx([0.508801, -0.673426, 1.361779, -1.197154], **EXACT)
    assert tiny.pci == pytest.approx([-1.197154, 1.623642, 1.099915, -0.149699, 0.576188], **EXACT)
    assert tiny.coi == pytest.approx([-0.415614, 1.670507, -0.274393, -0.980500], **EXACT)


def test_5_1_density_proximity_and_gain(tiny: Complexity) -> None:
    assert tiny.density == pytest.approx(
        np.array([[1 / 3, 1 / 3, 0.8, 0.8, 1], [1, 0, 0.2, 0.6, 0.25], [0, 1, 0.6, 0.2, 0.25], [2 / 3, 0, 0, 0.2, 0]]), abs=1e-14
    )
    phi = np.eye(5)
    for k, l in ((0, 3), (1, 2), (2, 3), (2, 4), (3, 4)):  # noqa: E741
        phi[k, l] = phi[l, k] = 0.5
    assert np.array_equal(tiny.proximity(), phi.astype(np.float32))
    gain = {(0, 0): -0.940265, (1, 1): 1.117600, (1, 2): 0.915537, (2, 3): -0.524574, (3, 3): 0.122893}
    assert [tiny.cog[at] for at in gain] == pytest.approx(list(gain.values()), **EXACT)


def test_5_2_blocks_with_nothing_in_common_are_refused_and_named() -> None:
    apart = np.array(TINY, float)
    apart[1, 3], apart[3, 2] = 5, 5
    with pytest.raises(InvalidInput) as refused:
        complexity(CountryProduct(np.array(list("ABCD")), np.arange(5), apart))
    assert "2 nhóm" in str(refused.value) and "2 nước" in str(refused.value)


@pytest.fixture(scope="module")
def sitc4(shared: Path) -> Complexity:
    table = pq.read_table(shared / "data" / "world_trade_sitc4_avg_1998_2000.parquet")
    return complexity(CountryProduct.from_table(table, country="country", product="product", value="value"))


def test_5_3_real_trade_of_1998_to_2000(sitc4: Complexity) -> None:
    eci = dict(zip(sitc4.countries.tolist(), sitc4.eci.tolist(), strict=True))
    expected = {"sgs": 2.33993, "jpn": 2.262632, "gbr": 1.924224, "deu": 1.884379, "vnm": -0.745434}
    assert {code: eci[code] for code in expected} == pytest.approx(expected, abs=5.1e-6)
    assert 1 + sum(value > eci["vnm"] for value in eci.values()) == 175
    pci = dict(zip(sitc4.products.tolist(), sitc4.pci.tolist(), strict=True))
    assert (pci["7284"], pci["8939"], pci["3330"]) == pytest.approx((5.638347, 5.60409, -5.982233), abs=5.1e-6)
    assert sorted(pci, key=pci.__getitem__)[-2:] == ["8939", "7284"] and min(pci, key=pci.__getitem__) == "3330"


def random(seed: int) -> np.ndarray[Any, Any]:
    rng = np.random.default_rng(seed)
    return rng.lognormal(0, 2, (40, 120)) * (rng.random((40, 120)) < 0.6)


def rows(values: np.ndarray[Any, Any]) -> pd.DataFrame:
    made = matrix(values)
    i, k = np.indices(values.shape)
    columns = {"country": made.countries[i.ravel()], "product": made.products[k.ravel()], "value": values.ravel()}
    return pd.DataFrame({"year": 2000, **columns})


@pytest.fixture(params=[1, 2, 3], scope="module")
def values(request: pytest.FixtureRequest) -> Iterator[np.ndarray[Any, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield random(request.param)


def test_ecomplexity_says_the_same(values: np.ndarray[Any, Any]) -> None:
    from ecomplexity import ecomplexity

    keys = {"time": "year", "loc": "country", "prod": "product", "val": "value"}
    theirs = ecomplexity(rows(values), keys, verbose=False).sort_values(["country", "product"])
    ours = complexity(matrix(values), dtype=np.float64)
    for name, tolerance in (("rca", 1e-12), ("density", 1e-12), ("cog", 1e-12), ("eci", 1e-12), ("coi", 1e-12), ("pci", 1e-11)):
        mine = getattr(ours, name)
        mine = np.tile(mine, (len(ours.countries), 1)) if name == "pci" else mine if mine.ndim == 2 else mine[:, None]
        told = theirs[name].to_numpy().reshape(values.shape)
        assert np.abs(told - mine).max() < tolerance, name
    assert np.array_equal(theirs["mcp"].to_numpy().reshape(values.shape) == 1, ours.present)


def test_float32_is_near_enough_for_density_and_gain(values: np.ndarray[Any, Any]) -> None:
    quick, exact = complexity(matrix(values)), complexity(matrix(values), dtype=np.float64)
    assert quick.density.dtype == np.float32 and np.array_equal(quick.eci, exact.eci)
    assert np.abs(quick.density - exact.density).max() < 1e-5 and np.abs(quick.cog - exact.cog).max() < 1e-4
    assert np.abs(quick.coi - exact.coi).max() < 1e-4


def test_econcomplex_says_the_same(values: np.ndarray[Any, Any]) -> None:
    """Its indices are z-scores of their own, of PCI too; its density is in percent and leaves the product itself out."""
    import econcomplex as peer

    ours = complexity(matrix(values), dtype=np.float64)
    frame = pd.DataFrame(values, index=ours.countries, columns=ours.products)
    eci, pci = peer.eci_pci(frame)
    assert np.abs(np.asarray(peer.rca(frame)) - ours.rca).max() < 1e-12
    assert np.abs(np.asarray(eci) - ours.eci).max() < 1e-12
    own = (ours.pci - ours.pci.mean()) / ours.pci.std()
    # It turns PCI by ubiquity, apart from ECI, so in trade without structure the two can point opposite ways.
    assert min(np.abs(np.asarray(pci) - sign * own).max() for sign in (1, -1)) < 1e-11
    near = np.asarray(peer.proximity(frame, compute="product")["product"], float)
    mine = ours.proximity().astype(float)
    for phi in (near, mine):
        np.fill_diagonal(phi, 0)
    assert np.abs(near - mine).max() < 1e-7


def test_proximity_and_density_are_those_of_the_definition(values: np.ndarray[Any, Any]) -> None:
    """The definition, written out with the whole matrix; ours never writes it for density."""
    ours = complexity(matrix(values), dtype=np.float64)
    m = ours.present.astype(float)
    phi = (m.T @ m) / np.maximum.outer(ours.ubiquity, ours.ubiquity)
    assert np.abs(proximity(ours.present) - phi).max() < 1e-7
    assert np.abs(ours.density - (m @ phi) / phi.sum(axis=0)).max() < 1e-13
