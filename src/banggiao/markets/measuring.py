"""How do the questions reach the measures: the trade table of a release on the engine, results kept while a release stands?

No formula stands here. Results of the relational measures come as Arrow, those of the matrix measures as arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings

from banggiao.markets.store import Chosen

if TYPE_CHECKING:
    import ibis


@contextmanager
def trade(chosen: Chosen, years: Iterable[int] | None = None) -> Iterator[ibis.Table]:
    """The trade table of the release, of its chosen year or of several, on the engine of this installation."""
    from banggiao.analytics.engine import engine, read_parquet

    with engine(settings.MARKETS_ENGINE) as backend:
        yield read_parquet(backend, chosen.store.trade_files(chosen.release, years or [chosen.year]))


def listed(expression: ibis.Table) -> list[dict[str, Any]]:
    """The rows of a measure; missing figures are None."""
    from banggiao.analytics.engine import arrow

    rows: list[dict[str, Any]] = arrow(expression).to_pylist()
    return rows


def first_year(chosen: Chosen, least: int = 1) -> int | None:
    """The earliest year of the release in the five before the chosen one, at least `least` back; None where there is none."""
    earlier = [y for y in chosen.release.years if chosen.year - 5 <= y <= chosen.year - least]
    return min(earlier, default=None)
