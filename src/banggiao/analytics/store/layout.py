"""Where does each part of a release lie under the root of the store?

    <root>/in_force.json                              kind -> id of the release in force
    <root>/annual/<id>/release.json                   what it is; written last, so a folder without it is no release
    <root>/annual/<id>/trade/year=2023/*.parquet      year, exporter, importer, product, value (thousand USD), quantity (tonnes)
    <root>/annual/<id>/margins/year=2023/<name>.parquet
    <root>/annual/<id>/countries.parquet              code, iso3, name
    <root>/annual/<id>/products.parquet               product, description
    <root>/<other kind>/<id>/data/*.parquet
    <root>/<kind>/.incoming-<mark>/                    a release being written; swept by the next ingest

A release may be copied as a folder: nothing in it names the root.
"""

from __future__ import annotations

import re
from pathlib import Path

IN_FORCE = "in_force.json"
RELEASE = "release.json"
INCOMING = ".incoming-"
INGEST_LOCK, IN_FORCE_LOCK = ".ingest.lock", ".in_force.lock"

#: Margins stored at publication: file -> its keys. Each holds its keys and `value`, sorted by the keys.
MARGINS: dict[str, tuple[str, str]] = {
    "exporter_product": ("exporter", "product"),
    "importer_product": ("importer", "product"),
    "pair": ("exporter", "importer"),
}
#: Types on disk of the annual trade table, in this order (DuckDB names).
TRADE_COLUMNS = {
    "year": "SMALLINT",
    "exporter": "SMALLINT",
    "importer": "SMALLINT",
    "product": "INTEGER",
    "value": "DOUBLE",
    "quantity": "DOUBLE",
}

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


def is_id(text: str) -> bool:
    """Whether the text can name a release: no path tricks, nothing hidden."""
    return _ID.fullmatch(text) is not None


def year_folder(year: int) -> str:
    """The folder of a year, in the manner that DuckDB, Spark and Arrow understand as a partition."""
    return f"year={year:04d}"


def trade_folder(release: Path, year: int) -> Path:
    """Where the rows of a year lie."""
    return release / "trade" / year_folder(year)


def margin_file(release: Path, year: int, name: str) -> Path:
    """Where a margin of a year lies; KeyError for a name that is not in MARGINS."""
    MARGINS[name]
    return release / "margins" / year_folder(year) / f"{name}.parquet"
