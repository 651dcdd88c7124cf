"""The series that watches look at: monthly trade of a watch's flow, partner and product, and its suppliers' shares of a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from banggiao.core.questions import Bi
from banggiao.intelligence.watching.models import Watch
from banggiao.partners.models import Partner
from banggiao.sources.models import Observation

#: The country whose trade is watched: the first user of the product.
HOME_ISO3 = "VNM"


@dataclass(frozen=True, slots=True)
class Series:
    """A monthly series without gaps (a missing month is None), USD million, each month with its own source."""

    periods: list[str]
    values: list[float | None]
    provisional: list[bool]
    source_title: str
    urls: list[str]
    as_of: list[str]


@dataclass(frozen=True, slots=True)
class Shares:
    """The largest supplier of a year: its share of the imports (0 to 1) and their value in USD million."""

    year: int
    supplier: Bi
    supplier_id: UUID | None
    share: float
    value: float
    source_title: str
    source_url: str
    as_of: str


def monthly_series(watch: Watch) -> list[Series]:
    """The monthly series of a watch: from the monthly release in force, else, for all goods, from the published totals."""
    found = _of_store(watch)
    if found or watch.exercise or watch.partner_id or watch.product:
        return found
    return _published_totals(watch.flow)


def supplier_shares(watch: Watch) -> list[Shares]:
    """The largest supplier in the last year of the annual release in force; empty without one."""
    from banggiao.markets.series import largest_supplier

    found = largest_supplier(importer=HOME_ISO3, product=watch.product, synthetic=watch.exercise)
    if found is None or found.value < float(watch.value_floor):
        return []
    partner = Partner.objects.filter(code=found.supplier_iso3, exercise=False, retracted=False, classification="public").first()
    if watch.partner_id and (partner is None or partner.pk != watch.partner_id):
        return []
    name = Bi(partner.name_vi, partner.name_en) if partner else Bi(found.supplier_name)
    return [
        Shares(
            found.year, name, partner.pk if partner else None, found.share, found.value, found.source_title, found.source_url,
            found.as_of,
        )
    ]  # fmt: skip


def _of_store(watch: Watch) -> list[Series]:
    from banggiao.markets.series import monthly_trade

    partner = watch.partner.code if watch.partner is not None else ""
    found = monthly_trade(reporter=HOME_ISO3, flow=watch.flow, partner=partner, product=watch.product, synthetic=watch.exercise)
    if found is None:
        return []
    months = _filled({period: (value, provisional) for period, value, provisional in found.months})
    return [
        Series(
            [p for p, _ in months],
            [v[0] if v else None for _, v in months],
            [bool(v and v[1]) for _, v in months],
            found.source_title,
            [found.source_url] * len(months),
            [found.as_of] * len(months),
        )
    ]


def _published_totals(flow: str) -> list[Series]:
    rows = Observation.objects.filter(measure=f"monthly_{flow}", subject=HOME_ISO3, value__isnull=False).select_related("dataset")
    by_month: dict[str, Any] = {row.period: row for row in rows.order_by("dataset__edition", "row")}
    if not by_month:
        return []
    months = _filled(by_month)
    title = next(iter(by_month.values())).dataset.title
    return [
        Series(
            [p for p, _ in months],
            [float(r.value) if r else None for _, r in months],
            [bool(r and r.dimensions.get("status") == "first") for _, r in months],
            title,
            [r.source_url if r else "" for _, r in months],
            [r.as_of if r else "" for _, r in months],
        )
    ]


def _filled(by_month: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Every month from the first to the last, with None where there is nothing."""
    first, last = min(by_month), max(by_month)
    year, month = int(first[:4]), int(first[5:7])
    out = []
    while (period := f"{year:04d}-{month:02d}") <= last:
        out.append((period, by_month.get(period)))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return out
