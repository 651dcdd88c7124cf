"""Where do the products stand when their space is drawn as a network: neighbours near one another, the rest apart?

The picture is the usual one of the product space (Hidalgo, Klinger, Barabási and Hausmann 2007, Science 317): the maximum
spanning tree of proximity holds all products together, links above a threshold are added, and springs place the nodes. Positions
carry no figure; only which nodes are joined does.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Edges = list[tuple[int, int, float]]
#: Steps of the springs; more change nothing that the eye sees.
STEPS = 220


def space_edges(proximity: Floats, *, threshold: float = 0.55, most_per_node: int = 2) -> Edges:
    """The maximum spanning tree of a proximity matrix [P, P], and each node's strongest links above the threshold.

    Returns (first, second, proximity) with first < second, each pair once. Prim's algorithm on the dense matrix, O(P^2).
    """
    count = len(proximity)
    if count < 2:
        return []
    phi = np.array(proximity, dtype=np.float64)
    np.fill_diagonal(phi, -1.0)
    inside = np.zeros(count, bool)
    inside[0] = True
    best, parent = phi[0].copy(), np.zeros(count, np.intp)
    found: dict[tuple[int, int], float] = {}
    for _ in range(count - 1):
        k = int(np.argmax(np.where(inside, -np.inf, best)))
        first, second = sorted((k, int(parent[k])))
        found[first, second] = max(float(best[k]), 0.0)
        inside[k] = True
        nearer = phi[k] > best
        parent[nearer], best[nearer] = k, phi[k][nearer]
    for i in range(count):
        for j in np.argsort(-phi[i], kind="stable")[:most_per_node]:
            if phi[i, j] >= threshold:
                first, second = sorted((i, int(j)))
                found[first, second] = float(phi[i, j])
    return [(i, j, w) for (i, j), w in sorted(found.items())]


def placed(count: int, edges: Edges, *, seed: int = 7, steps: int = STEPS) -> Floats:
    """Positions [P, 2], 0 to 1, by springs and repulsion (Fruchterman and Reingold 1991); a seed always gives the same."""
    if count < 2:
        return np.full((count, 2), 0.5)
    rng = np.random.default_rng(seed)
    place = rng.uniform(-0.5, 0.5, (count, 2))
    first = np.array([i for i, _j, _w in edges], np.intp)
    second = np.array([j for _i, j, _w in edges], np.intp)
    rest = 1.0 / np.sqrt(count)
    heat = 0.12
    for _ in range(steps):
        apart = place[:, None, :] - place[None, :, :]
        squared = np.einsum("ijd,ijd->ij", apart, apart) + 1e-6
        push = np.einsum("ijd,ij->id", apart, rest**2 / squared)
        along = place[first] - place[second]
        pull = along * (np.sqrt((along**2).sum(1, keepdims=True)) / rest)
        np.add.at(push, first, -pull)
        np.add.at(push, second, pull)
        push -= 0.02 * place / rest  # a little gravity, so that far branches stay on the sheet
        length = np.sqrt((push**2).sum(1, keepdims=True)) + 1e-12
        place = place + push / length * np.minimum(length, heat)
        heat = max(heat * 0.985, 0.002)
    # By rank half, by place half: a few far branches would else press all others together.
    ranks = np.argsort(np.argsort(place, axis=0), axis=0) / (count - 1)
    low, high = place.min(axis=0), place.max(axis=0)
    even: Floats = 0.5 * ranks + 0.5 * (place - low) / np.where(high > low, high - low, 1.0)
    return even
