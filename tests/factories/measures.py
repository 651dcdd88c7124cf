"""How are answers of measures put in order and compared, whichever engine gave them?"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pyarrow as pa

Row = dict[str, Any]
Ask = Callable[..., list[Row]]


def rows_in_order(table: pa.Table) -> list[Row]:
    """The rows, sorted by what is not a computed figure: no engine promises an order."""
    keys = [field.name for field in table.schema if not pa.types.is_floating(field.type)]
    rows: list[Row] = table.to_pylist()
    return sorted(rows, key=lambda row: [(row[key] is None, row[key]) for key in keys])


def same(found: list[Row], wanted: list[Row], tolerance: float = 1e-9) -> None:
    """Equal keys and texts, figures within a relative tolerance: sums are taken in another order."""
    assert len(found) == len(wanted)
    for mine, theirs in zip(found, wanted, strict=True):
        assert mine.keys() == theirs.keys()
        for name, value in theirs.items():
            if isinstance(value, float) and mine[name] is not None:
                assert math.isclose(mine[name], value, rel_tol=tolerance, abs_tol=1e-12), (name, mine, theirs)
            else:
                assert mine[name] == value, (name, mine, theirs)
