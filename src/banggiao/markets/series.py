"""The figures a watch follows: a country's monthly trade with a partner in a product, and its largest supplier of a year."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from banggiao.markets.store import has_libraries, in_force, releases, store

if TYPE_CHECKING:
    from banggiao.analytics.store import Release

#: Values of the store are in thousand USD, those of the registers in million.
_THOUSANDS = 1000.0


@dataclass(frozen=True, slots=True)
class Monthly:
    """Months in order as (period, USD million, provisional), and the release they are from."""

    months: Sequence[tuple[str, float, bool]]
    source_title: str
    source_url: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Supplier:
    """The largest supplier of a year: share of all imports (0 to 1), value in USD million, and the release it is from."""

    year: int
    supplier_iso3: str
    supplier_name: str
    share: float
    value: float
    source_title: str
    source_url: str
    as_of: str


def monthly_trade(*, reporter: str, flow: str, partner: str, product: str, synthetic: bool) -> Monthly | None:
    """A country's monthly trade: `partner` by ISO code or "" for all, `product` by its first 2, 4 or 6 HS digits or "" for all.

    None where there is no monthly release (synthetic or not, as asked) or it has nothing of that.
    """
    release = _release("monthly", synthetic)
    if release is None:
        return None
    codes = _codes(release)
    if reporter not in codes or (partner and partner not in codes):
        return None
    low, high = _range(product)
    rows = _ask(
        "SELECT year, month, sum(value), coalesce(bool_or(provisional), false) FROM read_parquet(?) "
        "WHERE reporter = ? AND flow = ? AND (? = 0 OR partner = ?) AND product BETWEEN ? AND ? "
        "GROUP BY ALL ORDER BY year, month",
        [
            [str(each) for each in store().data_files(release)],
            codes[reporter],
            flow,
            codes.get(partner, 0),
            codes.get(partner, 0),
            low,
            high,
        ],
    )
    months = [(f"{year:04d}-{month:02d}", value / _THOUSANDS, bool(provisional)) for year, month, value, provisional in rows]
    return Monthly(months, release.title, release.url, release.ingested_at[:10]) if months else None


def largest_supplier(*, importer: str, product: str, synthetic: bool) -> Supplier | None:
    """Who supplied most of a country's imports in the latest year, of all goods or of an HS code; None without data."""
    release = _release("annual", synthetic)
    if release is None or not release.years:
        return None
    year = max(release.years)
    countries = store().countries(release).to_pylist()
    codes = {row["iso3"]: row["code"] for row in countries if row["iso3"]}
    if importer not in codes:
        return None
    low, high = _range(product)
    rows = _ask(
        "SELECT exporter, sum(value) AS value FROM read_parquet(?) WHERE importer = ? AND product BETWEEN ? AND ? "
        "GROUP BY ALL ORDER BY value DESC, exporter",
        [[str(each) for each in store().trade_files(release, [year])], codes[importer], low, high],
    )
    total = sum(value for _code, value in rows)
    if not rows or total <= 0:
        return None
    code, value = rows[0]
    by_code = {row["code"]: row for row in countries}
    found = by_code.get(code, {})
    return Supplier(
        year=year,
        supplier_iso3=found.get("iso3") or "",
        supplier_name=found.get("name") or str(code),
        share=value / total,
        value=value / _THOUSANDS,
        source_title=release.title,
        source_url=release.url,
        as_of=release.ingested_at[:10],
    )


def _release(kind: str, synthetic: bool) -> Release | None:
    if not has_libraries():
        return None
    current = in_force(kind)
    if current is not None and current.synthetic == synthetic:
        return current
    return next((each for each in releases(kind) if each.synthetic == synthetic), None)


def _codes(release: Release) -> dict[str, int]:
    return {row["iso3"]: row["code"] for row in store().countries(release).to_pylist() if row["iso3"]}


def _range(product: str) -> tuple[int, int]:
    """The HS6 codes under a code of 2, 4 or 6 digits, as integers; all of them without one."""
    return (int(product.ljust(6, "0")), int(product.ljust(6, "9"))) if product else (0, 999999)


def _ask(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    from banggiao.analytics.engine import duckdb_connection

    with closing(duckdb_connection()) as connection:
        return connection.execute(sql, values).fetchall()
