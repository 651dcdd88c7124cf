"""What do the codes of a release stand for: names from the lists beside it, else from what is packaged?"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from banggiao.analytics.ingest.areas import Area, areas, packaged
from banggiao.analytics.ingest.layouts import COUNTRIES, PRODUCTS, Layout
from banggiao.analytics.ingest.opening import Opened


def countries_of(files: Iterable[Opened]) -> dict[int, Area]:
    """Number -> area: what is packaged, with the names (NFC) and further numbers of the lists given. Our ISO codes win: the lists
    call what is in substance Taiwan S19."""
    known = dict(areas())
    for file in files:
        for row in _rows(file, COUNTRIES):
            if row["code"].isdigit() and int(row["code"]) <= 32_767:
                code = int(row["code"])
                ours = known.get(code)
                iso3 = row.get("iso3", "").upper()
                known[code] = (
                    Area(code, ours.iso3, row["name"] or ours.name, ours.kind, ours.region)
                    if ours
                    else Area(code, iso3 if len(iso3) == 3 and iso3.isalpha() else "", row["name"])
                )
    return known


def products_of(files: Iterable[Opened], revision: str) -> dict[int, str]:
    """Product -> description, from the lists given, else HS 2022 as packaged; empty where neither fits the revision."""
    given = {int(row["code"]): row["description"] for file in files for row in _rows(file, PRODUCTS) if row["code"].isdigit()}
    if given or revision != "HS22":
        return given
    return packaged_products()


def packaged_products() -> dict[int, str]:
    """Subheading of HS 2022 -> its English description."""
    texts: dict[int, str] = {}
    above: list[str] = []
    # A row holds only the words that differ from the row above it.
    for row in packaged("hs_nomenclature"):
        head, tail = int(row["head"] or 0), int(row["tail"] or 0)
        above = [*above[:head], *row["words"].split(), *(above[-tail:] if tail else [])]
        if len(row["code"]) == 6:
            texts[int(row["code"])] = " ".join(above)
    return texts


def write_names(folder: Path, countries: Iterable[tuple[int, str, str]], products: Iterable[tuple[int, str]]) -> None:
    """Write countries.parquet (code, iso3, name) and products.parquet (product, description) of a release, by code."""
    listed, goods = sorted(countries), sorted(products)
    code, iso3, name = zip(*listed, strict=True) if listed else ((), (), ())
    pq.write_table(
        pa.table({"code": pa.array(code, pa.int16()), "iso3": pa.array(iso3, pa.string()), "name": pa.array(name, pa.string())}),
        folder / "countries.parquet",
    )
    product, text = zip(*goods, strict=True) if goods else ((), ())
    pq.write_table(
        pa.table({"product": pa.array(product, pa.int32()), "description": pa.array(text, pa.string())}),
        folder / "products.parquet",
    )


def _rows(file: Opened, layout: Layout) -> Iterable[Mapping[str, str]]:
    found = layout.taken(file)
    with file.path.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle, delimiter=file.delimiter):
            told = {(key or "").strip(): value for key, value in row.items() if isinstance(value, str)}
            yield {ours: unicodedata.normalize("NFC", (told.get(theirs) or "").strip()) for ours, theirs in found.items()}
