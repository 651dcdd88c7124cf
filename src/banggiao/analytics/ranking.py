"""Which are the largest of very many values, exactly, without sorting them all?"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

#: One value in so many is looked at to guess where the largest begin.
EVERY = 67


def largest(values: npt.NDArray[Any], count: int) -> npt.NDArray[np.intp]:
    """The positions of the `count` largest of `values` [N] that are above 0, descending, equal ones by position.

    A sample guesses a floor that about twice as many reach; only those are sorted. Where fewer reach it, the floor is dropped,
    so the answer is exact whatever the sample.
    """
    sample = values[::EVERY]
    rank = max(2 * count // EVERY, 4)
    floor: Any = 0
    if rank < len(sample):
        floor = np.partition(sample, len(sample) - rank)[len(sample) - rank]
    above = np.flatnonzero(values > floor) if floor > 0 else np.flatnonzero(values > 0)
    if len(above) < count and floor > 0:
        above = np.flatnonzero(values > 0)
    found = values[above]
    if len(above) > 4 * count:
        last = np.partition(found, len(found) - count)[len(found) - count]
        above = above[found >= last]
        found = values[above]
    return above[np.argsort(-found, kind="stable")][:count]
