"""Which duty does an exporter pay in a market, and what is its preference worth there, by the tariff schedules held?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from banggiao.markets.store import has_libraries, in_force, store

if TYPE_CHECKING:
    from banggiao.analytics.store import Release


@dataclass(frozen=True, slots=True)
class Tariff:
    """Fractions: the rate everybody pays (`mfn`), what this exporter pays (`applied`), its preference margin; None is unknown."""

    mfn: float | None = None
    applied: float | None = None
    margin: float | None = None


def schedule() -> Release | None:
    """The release of tariff schedules in force; None where none was ingested."""
    return in_force("tariffs") if has_libraries() else None


def tariffs_on(exporter: int, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Tariff]:
    """The duties on an exporter (code) in (market, product) pairs; a pair without a row in the schedules is left out."""
    release = schedule()
    if release is None or not pairs:
        return {}
    from banggiao.analytics.engine import arrow, engine, read_parquet
    from banggiao.analytics.measures.preference import preference_margins

    wanted = set(pairs)
    with engine(settings.MARKETS_ENGINE) as backend:
        table = read_parquet(backend, store().data_files(release))
        rows = table.filter(
            table.exporter == exporter,
            table.importer.isin(sorted({j for j, _k in pairs})),
            table.product.isin(sorted({k for _j, k in pairs})),
        )
        found = arrow(preference_margins(rows)).to_pylist()
    return {
        (r["importer"], r["product"]): Tariff(r["mfn"], r["paid"], r["margin"])
        for r in found
        if (r["importer"], r["product"]) in wanted
    }


@dataclass(frozen=True, slots=True)
class Schedule:
    """The rates of one importer as fractions: by product, and by product and exporter where there is a preference."""

    mfn: dict[int, float]
    preferential: dict[tuple[int, int], float]

    def paid(self, product: int, exporter: int) -> float:
        """What the exporter pays; not a number where the schedule lacks the product."""
        return self.preferential.get((product, exporter), self.mfn.get(product, float("nan")))


def schedule_of(importer: int, products: set[int]) -> Schedule | None:
    """The rates of an importer (code) on products, of the schedules in force; None where none was ingested."""
    release = schedule()
    if release is None:
        return None
    from banggiao.analytics.engine import arrow, engine, read_parquet

    with engine(settings.MARKETS_ENGINE) as backend:
        table = read_parquet(backend, store().data_files(release))
        rows = arrow(table.filter(table.importer == importer, table.product.isin(sorted(products)))).to_pylist()
    return Schedule(
        {r["product"]: r["mfn"] for r in rows if r["mfn"] is not None},
        {(r["product"], r["exporter"]): r["preferential"] for r in rows if r["preferential"] is not None},
    )
