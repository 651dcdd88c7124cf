"""How the packaged statistical sets become observations, and published totals official figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from banggiao.core.acts import Act
from banggiao.core.vocabulary import vocabulary
from banggiao.sources.models import OfficialFigure
from banggiao.sources.services import Loaded, load_observations, load_rows, to_decimal

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Series:
    """How a set's rows read: which columns say what the figure is about, of which period, and what is measured in which unit."""

    subject: str
    period: str
    measures: tuple[tuple[str, str, str], ...]  # (column, measure or {column}, unit)
    dimensions: tuple[str, ...] = ()
    qualifier: str = "approx"


_USD = "USD million"
SERIES: dict[str, Series] = {
    "trade_by_partner": Series(
        "partner_code", "period", (("value_usd_million", "trade_{flow}", _USD),), ("reporter", "basis", "note")
    ),
    "trade_by_product": Series(
        "product_code",
        "period",
        (("value_usd_million", "product_{flow}", _USD), ("value_revised_usd_million", "product_{flow}_revised", _USD)),
        ("name_vi", "name_en", "hs_chapters", "reporter", "basis"),
    ),
    "trade_monthly": Series(
        "reporter",
        "period",
        (("value_usd_million", "monthly_{flow}", _USD), ("value_first_usd_million", "monthly_{flow}_first", _USD)),
        ("status", "basis", "note"),
        "",
    ),
    "trade_partner_shares": Series("partner_iso3", "year", (("share_pct", "share_{flow}", "%"),), ("rank", "note"), ""),
    "world_trade_partners": Series(
        "reporter_iso3", "year", (("share_pct", "world_share_{flow}", "%"),), ("partner_iso3", "rank"), ""
    ),
    "world_trade_totals": Series("reporter_iso3", "year", (("value_usd_million", "world_{flow}", _USD),), (), ""),
    "fdi_by_partner": Series(
        "partner_code",
        "period",
        (("value_usd_million", "fdi_{measure}", _USD), ("projects", "fdi_{measure}_projects", "projects")),
        ("period_end", "note"),
    ),
    "fdi_by_province": Series(
        "province_code",
        "period",
        (("value_usd_million", "fdi_{measure}", _USD), ("projects", "fdi_{measure}_projects", "projects")),
        ("former_name_vi", "period_end", "note"),
    ),
    "fdi_by_sector": Series(
        "sector_code", "period", (("value_usd_million", "fdi_{measure}", _USD),), ("sector_vi", "sector_en", "period_end", "note")
    ),
    "fta_utilisation": Series(
        "partner_code",
        "period",
        (
            ("exports_with_co_usd_million", "preferential_exports", _USD),
            ("utilisation_percent", "utilisation", "%"),
            ("co_sets", "co_sets", "sets"),
        ),
        ("fta_short_names", "form", "note"),
    ),
    "oda": Series("donor_code", "year", (("value_usd_million", "oda_{measure}", _USD),), ("note",)),
    "labour": Series(
        "market_code",
        "period",
        (("workers", "labour_{measure}", "persons"), ("women", "labour_{measure}_women", "persons")),
        ("note",),
    ),
    "tourism_arrivals": Series("source_code", "year", (("arrivals", "arrivals", "arrivals"),), ("period", "note")),
    "vaccines": Series(
        "source_code",
        "date",
        (("doses_pledged", "doses_pledged", "doses"), ("doses_delivered", "doses_delivered", "doses")),
        ("source_name", "form", "vaccine", "date_kind", "cumulative", "note"),
        "",
    ),
}


def load_series(*, act: Act) -> Iterator[Loaded]:
    """Load every statistical set; one result a set."""
    for name, series in SERIES.items():
        yield load_observations(act=act, name=name, build=_reader(name, series))


def load_totals(*, act: Act) -> Loaded:
    """Load the published totals of activities and agreements as official figures."""
    measures = vocabulary("activity_measure")

    def build(row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
        code = measures.from_reference(row["measure"])
        return {
            "code": f"{row['measure']}:{row['period']}:{row['as_of']}",
            "measure": code,
            "label_vi": measures.label(code, "vi"),
            "label_en": measures.label(code, "en"),
            "value": to_decimal(row["value"], where="activity_totals"),
            "unit": measures.attribute(code, "unit_vi"),
            "qualifier": "" if row["qualifier"] == "exact" else vocabulary("qualifier").from_reference(row["qualifier"]),
            "period": row["period"],
            "comparison": row["comparison"],
        }, {}

    return load_rows(OfficialFigure, act=act, name="activity_totals", build=build)


def _reader(name: str, series: Series) -> Callable[[Row], Iterable[dict[str, Any]]]:
    def read(row: Row) -> Iterable[dict[str, Any]]:
        for column, measure, unit in series.measures:
            value = to_decimal(row[column], where=f"{name}: {column}")
            if value is not None:
                yield {
                    "subject": row[series.subject],
                    "period": row[series.period],
                    "measure": measure.format(**row),
                    "value": value,
                    "unit": unit,
                    "qualifier": row.get(series.qualifier, "") if series.qualifier else "",
                    "dimensions": {d: row[d] for d in series.dimensions if row[d]},
                }

    return read
