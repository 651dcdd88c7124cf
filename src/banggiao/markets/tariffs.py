"""Which duty does an exporter pay in a market, and what is its preference worth there, by the tariff schedules held?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    import pyarrow as pa

    from banggiao.analytics.duties import asked_from, duties
    from banggiao.analytics.engine import arrow, engine, from_arrow
    from banggiao.analytics.ingest.codes import EVERYBODY
    from banggiao.analytics.measures.preference import preference_margins

    rows = _rows(release, {j for j, _k in pairs}, {k for _j, k in pairs}, asked_from(exporter))
    known = duties(rows, {j for j, _k in pairs})
    lines = []
    for importer, product in dict.fromkeys(pairs):
        asked = known.get((importer, product), {})
        duty = asked.get(exporter) or asked.get(EVERYBODY)
        if duty is not None:
            everybody = asked.get(EVERYBODY)
            mfn = duty.mfn if duty.mfn is not None or everybody is None else everybody.mfn
            lines.append((importer, exporter, product, mfn, duty.preferential))
    if not lines:
        return {}
    names = ("importer", "exporter", "product", "mfn", "preferential")
    kinds = (pa.int16(), pa.int16(), pa.int32(), pa.float64(), pa.float64())
    columns = [pa.array(column, kind) for column, kind in zip(zip(*lines, strict=True), kinds, strict=True)]
    with engine(settings.MARKETS_ENGINE) as backend:
        found = arrow(preference_margins(from_arrow(backend, pa.table(columns, names=list(names))))).to_pylist()
    return {(r["importer"], r["product"]): Tariff(r["mfn"], r["paid"], r["margin"]) for r in found}


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
    from banggiao.analytics.duties import duties

    known = duties(_rows(release, {importer}, products), {importer})
    mfn: dict[int, float] = {}
    preferential: dict[tuple[int, int], float] = {}
    for (_importer, product), asked in known.items():
        for exporter, duty in asked.items():
            if duty.mfn is not None:
                mfn[product] = duty.mfn
            if duty.preferential is not None:
                preferential[product, exporter] = duty.preferential
    return Schedule(mfn, preferential)


def _rows(
    release: Release, importers: Collection[int], products: Collection[int], exporters: Collection[int] | None = None
) -> list[dict[str, Any]]:
    """The rows of the schedules that may tell of these, in the columns of the store."""
    from banggiao.analytics.duties import asked_of
    from banggiao.analytics.engine import arrow, engine, read_parquet

    with engine(settings.MARKETS_ENGINE) as backend:
        table = read_parquet(backend, store().data_files(release))
        rows = table.filter(table.importer.isin(asked_of(importers)), table.product.isin(sorted(products)))
        if exporters is not None:
            rows = rows.filter(rows.exporter.isin(sorted(exporters)))
        listed: list[dict[str, Any]] = arrow(rows).to_pylist()
    return listed
