"""How near are two products to one another, judged by who exports both, and how do values spread over what is near?

The proximity of 5,000 products is a matrix of 25 million numbers, but it is made of the few hundred rows of M. Where only its
product with other rows is wanted (density, complexity outlook), it is never written out: see `spread`.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Array: TypeAlias = npt.NDArray[np.floating[Any]]
Dtype: TypeAlias = type[np.float32] | type[np.float64]
#: Products worked on at a time: their piece of the matrix stays in the cache.
TILE, BLOCK = 512, 128


def proximity(present: Flags) -> npt.NDArray[np.float32]:
    """phi_kl = (M'M)_kl / max(u_k, u_l) [P, P], float32, 1 on the diagonal (Hidalgo et al. 2007).

    Counts below 2^24 are exact in float32. A product nobody exports with advantage must be left out before.
    """
    m = present.astype(np.float32)
    often = m.sum(axis=0)
    wide = m.shape[1]
    found = np.empty((wide, wide), np.float32)
    # Above the diagonal only, divided while in the cache, then mirrored: half the work and one pass over the memory.
    for begin in range(0, wide, TILE):
        end = min(begin + TILE, wide)
        part = m[:, begin:end].T @ m[:, begin:]
        part /= np.maximum(often[begin:end, None], often[None, begin:])
        found[begin:end, begin:] = part
        found[end:, begin:end] = part[:, end - begin :].T
    np.fill_diagonal(found, 1)
    return found


def nearest(present: Flags, product: int, count: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """The positions of the `count` products nearest to the one at `product`, itself left out, and their proximity, descending."""
    often = present.sum(axis=0)
    near = (present[present[:, product]].sum(axis=0)) / np.maximum(often, often[product])
    near[product] = -1
    order = np.argsort(-near, kind="stable")[: min(count, len(near) - 1)]
    return order, near[order]


def spread(present: Flags, rows: npt.NDArray[Any], dtype: Dtype = np.float32) -> Array:
    """rows [R, P] times phi [P, P], without phi. Returns [R, P].

    With the products in ascending ubiquity, max(u_k, u_l) is that of the later one, so for the product k
        sum_l x_l phi_lk = sum_c M_ck / u_k (sum_{l before k} x_l M_cl) + sum_c M_ck (sum_{l after k} x_l M_cl / u_l),
    and the two inner sums are R x C matrices carried along from product to product. Taken in blocks of B products that is
    about 8 R C P + 4 (R + C) B P operations in place of 2 R P^2: for 226 countries and 5,020 products a fifth.
    """
    often = present.sum(axis=0)
    order = np.argsort(often, kind="stable")
    u: Array = often[order].astype(dtype)
    x: Array = rows.take(order, axis=1).astype(dtype, copy=False)
    countries, products = present.shape
    both = np.empty((2 * countries, products), dtype)
    weighted, m = both[:countries], both[countries:]
    m[:] = present.take(order, axis=1)
    np.divide(m, u, out=weighted)
    sums = np.zeros((len(x), 2 * countries), dtype)
    before, after = sums[:, :countries], sums[:, countries:]
    after[:] = x @ weighted.T
    found = np.empty_like(x)
    for begin in range(0, products, BLOCK):
        part = slice(begin, begin + BLOCK)
        some = np.ascontiguousarray(x[:, part])
        after -= some @ weighted[:, part].T
        result = sums @ both[:, part]
        inside: Array = m[:, part].T @ m[:, part]
        inside /= np.maximum(u[part, None], u[None, part])
        result += some @ inside
        found[:, part] = result
        before += some @ m[:, part].T
    back = np.empty_like(order)
    back[order] = np.arange(products)
    return found.take(back, axis=1)
