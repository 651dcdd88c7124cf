"""Does the picture of the product space keep every product, and join those that are nearest?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banggiao.analytics.layout import placed, space_edges


def proximity(count: int, seed: int) -> np.ndarray:
    half = np.triu(np.random.default_rng(seed).uniform(0, 1, (count, count)), 1)
    return half + half.T + np.eye(count)


def spanning_weight(phi: np.ndarray) -> float:
    """Kruskal's algorithm, as a check of another kind."""
    group = list(range(len(phi)))
    total = 0.0
    pairs = [(a, b) for a in range(len(phi)) for b in range(a)]
    for i, j in sorted(pairs, key=lambda pair: -phi[pair]):
        if group[i] != group[j]:
            total += float(phi[i, j])
            old, new = group[i], group[j]
            group = [new if g == old else g for g in group]
    return total


@given(count=st.integers(2, 24), seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=40)
def test_the_tree_spans_all_with_the_largest_weight(count: int, seed: int) -> None:
    phi = proximity(count, seed)
    tree = space_edges(phi, threshold=2.0)
    assert len(tree) == count - 1 and all(i < j for i, j, _w in tree)
    assert sum(w for _i, _j, w in tree) == pytest.approx(spanning_weight(phi))


def test_strong_links_are_added_once_and_weak_ones_are_not() -> None:
    phi = proximity(30, 5)
    edges = space_edges(phi, threshold=0.9, most_per_node=2)
    tree = {(i, j) for i, j, _w in space_edges(phi, threshold=2.0)}
    added = [(i, j, w) for i, j, w in edges if (i, j) not in tree]
    assert added and all(w >= 0.9 and w == pytest.approx(phi[i, j]) for i, j, w in added)
    assert len({(i, j) for i, j, _w in edges}) == len(edges)


def test_positions_are_on_the_sheet_the_same_every_time_and_neighbours_near() -> None:
    phi = proximity(40, 3)
    edges = space_edges(phi)
    place = placed(40, edges)
    assert place.shape == (40, 2) and place.min() >= 0 and place.max() <= 1
    assert np.array_equal(place, placed(40, edges)) and not np.array_equal(place, placed(40, edges, seed=8))
    joined = np.mean([np.linalg.norm(place[i] - place[j]) for i, j, _w in edges])
    everyone = np.mean([np.linalg.norm(place[i] - place[j]) for i in range(40) for j in range(i)])
    assert joined < 0.6 * everyone


def test_one_product_or_none_needs_no_edges() -> None:
    assert space_edges(np.eye(1)) == [] and placed(1, []).shape == (1, 2) and placed(0, []).shape == (0, 2)
