"""Which duty does a schedule ask of whom, when it names everybody, a customs union, several agreements or several years?

The schedule in force of an importer is that of its latest year; a member of the European Union without rows of its own has the
Union's. An exporter pays the lowest preference that names it or the Union it belongs to, else the rate for everybody
(exporter 0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from banggiao.analytics.ingest.areas import by_iso3, packaged
from banggiao.analytics.ingest.codes import EVERYBODY

#: The European Union as one customs territory, in tables of trade and tariffs.
UNION = 97


@dataclass(frozen=True, slots=True)
class Duty:
    """Fractions: what everybody pays (`mfn`) and what this exporter pays by preference; None where the schedule has none."""

    mfn: float | None
    preferential: float | None


@cache
def union_members() -> frozenset[int]:
    """The codes of the member states of the European Union as packaged."""
    codes = by_iso3()
    told = next(row["members_iso3"] for row in packaged("blocs") if row["code"] == "EU")
    return frozenset(codes[iso3] for iso3 in told.split("|") if iso3 in codes)


def asked_of(importers: Iterable[int]) -> list[int]:
    """The importers whose rows are needed to tell the duties of these: themselves, and the Union of its members."""
    wanted = set(importers)
    return sorted(wanted | ({UNION} if wanted & union_members() else set()))


def asked_from(exporter: int) -> list[int]:
    """The exporters whose rows may concern this one: everybody, itself, its Union."""
    return sorted({EVERYBODY, exporter, *({UNION} if exporter in union_members() else ())})


def duties(rows: Iterable[Mapping[str, Any]], importers: Iterable[int]) -> dict[tuple[int, int], dict[int, Duty]]:
    """(importer, product) -> exporter -> duty, of rows with year, importer, exporter, product, mfn, preferential (fractions).

    Exporter 0 has the rate for everybody; a preference of the Union stands for each of its members.
    """
    by_importer: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_importer.setdefault(row["importer"], []).append(row)
    found: dict[tuple[int, int], dict[int, Duty]] = {}
    for importer in set(importers):
        own = by_importer.get(importer) or (by_importer.get(UNION, []) if importer in union_members() else [])
        latest = max((row["year"] for row in own), default=None)
        current = [row for row in own if row["year"] == latest]
        for row in current:
            held = found.setdefault((importer, row["product"]), {})
            sellers = union_members() if row["exporter"] == UNION else (row["exporter"],)
            for exporter in sellers:
                before = held.get(exporter)
                lower: tuple[float | None, ...] = (row["preferential"], before.preferential if before else None)
                rates = [rate for rate in lower if rate is not None]
                mfn = row["mfn"] if row["mfn"] is not None else (before.mfn if before else None)
                held[exporter] = Duty(mfn, min(rates) if rates else None)
    return found
