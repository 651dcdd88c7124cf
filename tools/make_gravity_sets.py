"""Make the reference sets gravity_countries and gravity_pairs: `python tools/make_gravity_sets.py FOLDER [YYYY-MM-DD]`.

FOLDER holds the WDI series of GDP and population as CSV (wdi_gdp_current_usd.csv, wdi_population.csv) and CEPII's GeoDist as
Parquet (cepii_geodist_bilateral.parquet, cepii_geo_countries.parquet). The day is when they were fetched.
Needs the extra `markets`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

REFERENCE = Path(__file__).resolve().parent.parent / "src" / "banggiao" / "data" / "reference"
#: GeoDist of 2011 knows countries by codes that ISO 3166-1 has since given up.
RENAMED = {"ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "PAL": "PSE", "YUG": "SRB"}
#: Older figures say little about today; countries without newer ones are left out.
OLDEST = 2014

ORIGIN = """set = "{name}"
version = "{day}"
title_vi = "{title_vi}"
title_en = "{title_en}"
producer = "{producer}"
citation = "{citation}"
url = "{url}"
published = "{published}"
accessed = "{day}"
licence = "{licence}"
sha256 = "{digest}"
rows = {rows}
steps = [
{steps}
]
key = [{key}]

[columns]
{columns}
{gaps}"""


def main(folder: Path, day: str) -> None:
    """Write both sets with their origin files."""
    iso = {row["iso3"] for row in csv.DictReader((_newest("countries")).open(encoding="utf-8"))}
    gdp, people = _latest(folder / "wdi_gdp_current_usd.csv", iso), _latest(folder / "wdi_population.csv", iso)
    geo, city_only = _distances(folder / "cepii_geodist_bilateral.parquet", iso)
    landlocked = {
        RENAMED.get(row["iso3"], row["iso3"]): int(row["landlocked"])
        for row in pq.read_table(folder / "cepii_geo_countries.parquet").to_pylist()
        if row["landlocked"] is not None
    }
    kept = sorted(code for code in gdp if code in people and (code, code) in geo)
    countries = [
        [code, f"{gdp[code][1] / 1e6:.1f}", gdp[code][0], int(people[code][1]), people[code][0]]
        + [landlocked[code], geo[code, code][0]]
        for code in kept
    ]
    pairs = [[a, b, *geo[a, b]] for a in kept for b in kept if a < b]
    missing = sorted(code for code in gdp if code not in kept)
    cities = sorted(set(kept) & city_only)
    _write(
        "gravity_countries",
        day,
        countries,
        {
            "iso3": "country required",
            "gdp_usd_million": "number required",
            "gdp_year": "year required",
            "population": "count required",
            "population_year": "year required",
            "landlocked": "count required",
            "internal_distance_km": "count required",
        },
        key=("iso3",),
        title_vi="GDP, dân số và khoảng cách trong nước dùng cho mô hình lực hấp dẫn",
        title_en="GDP, population and internal distance for the gravity model",
        producer="World Bank; CEPII",
        citation="World Bank, World Development Indicators, GDP (current USD) and total population, through"
        " datasets/gdp (822019c) and datasets/population (425fc44); Mayer and Zignago 2011, CEPII GeoDist",
        url="https://data.worldbank.org/indicator/NY.GDP.MKTP.CD",
        published="2024-12-31",
        licence="WDI: CC BY 4.0 (World Bank); GeoDist: Open Licence 2.0 (Etalab), CEPII; the compilation is under Apache-2.0",
        steps=[
            f"newest value of each country since {OLDEST}, GDP in million current USD, its year beside it; regions left out",
            "internal distance: CEPII distw of a country with itself (dist where it is missing), rounded to the kilometre",
            "codes given up by ISO 3166-1 renamed: ROM, ZAR, TMP, PAL; YUG stands for Serbia",
        ],
        gaps=[
            ("years_differ", "GDP của các nước không cùng một năm.", "GDP is not of one year for all countries."),
            (
                "no_distance",
                f"Không có khoảng cách nên không có trong bộ: {', '.join(missing)}.",
                f"Left out because GeoDist has no distances: {', '.join(missing)}.",
            ),
        ],
    )
    _write(
        "gravity_pairs",
        day,
        pairs,
        {
            "iso3_a": "country required",
            "iso3_b": "country required",
            "distance_km": "count required",
            "contiguous": "count required",
            "common_language": "count required",
            "colonial": "count required",
        },
        key=("iso3_a", "iso3_b"),
        title_vi="Khoảng cách, biên giới chung, ngôn ngữ chung giữa các nước",
        title_en="Distance, common border and common language between countries",
        producer="CEPII",
        citation="Mayer and Zignago 2011, Notes on CEPII's distances measures: the GeoDist database, CEPII Working Paper 2011-25,"
        " through pachadotdev/cepiigeodist (534f171)",
        url="https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=6",
        published="2011-12-31",
        licence="Open Licence 2.0 (Etalab), CEPII; the compilation is under Apache-2.0",
        steps=[
            "each pair once, codes in alphabetical order; the columns are the same in both directions",
            "distance: distw (weighted by population of cities), dist where it is missing, rounded to the kilometre",
            "common language: comlang_off; colonial: colony (ever in colonial relationship)",
            "codes given up by ISO 3166-1 renamed: ROM, ZAR, TMP, PAL; YUG stands for Serbia",
        ],
        gaps=[
            (
                "city_distances",
                f"Khoảng cách giữa hai thành phố chính, không theo dân số, với: {', '.join(cities)}.",
                f"Distances between main cities, not weighted, for: {', '.join(cities)}.",
            ),
            ("as_of_2011", "Biên giới và ngôn ngữ theo bản năm 2011.", "Borders and languages as of the edition of 2011."),
        ],
    )  # fmt: skip


def _latest(file: Path, iso: set[str]) -> dict[str, tuple[int, float]]:
    found: dict[str, tuple[int, float]] = {}
    for row in csv.DictReader(file.open(encoding="utf-8")):
        year, code = int(row["Year"]), row["Country Code"]
        if code in iso and row["Value"] and year >= max(OLDEST, found.get(code, (0, 0.0))[0]):
            found[code] = (year, float(row["Value"]))
    return found


def _distances(file: Path, iso: set[str]) -> tuple[dict[tuple[str, str], tuple[int, int, int, int]], set[str]]:
    """(a, b) -> km, border, language, colony; and the countries with distances between cities only."""
    geo: dict[tuple[str, str], tuple[int, int, int, int]] = {}
    lacking: dict[str, int] = {}
    for row in pq.read_table(file).to_pylist():
        a, b = RENAMED.get(row["iso_o"], row["iso_o"]), RENAMED.get(row["iso_d"], row["iso_d"])
        if a not in iso or b not in iso:
            continue
        weighted = row["distw"]
        if weighted is None or weighted != weighted:
            lacking[a] = lacking.get(a, 0) + 1
            weighted = row["dist"]
        geo[a, b] = (max(round(weighted), 1), int(row["contig"]), int(row["comlang_off"]), int(row["colony"]))
    return geo, {code for code, count in lacking.items() if count > 100}


def _newest(name: str) -> Path:
    return max((REFERENCE / name).iterdir()) / f"{name}.csv"


def _write(
    name: str,
    day: str,
    rows: list[list[object]],
    columns: dict[str, str],
    *,
    key: tuple[str, ...],
    steps: list[str],
    gaps: list[tuple[str, str, str]],
    **said: str,
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    content = text.getvalue().encode()
    folder = REFERENCE / name / day
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_bytes(content)
    (folder / "origin.toml").write_text(
        ORIGIN.format(
            name=name,
            day=day,
            digest=hashlib.sha256(content).hexdigest(),
            rows=len(rows),
            key=", ".join(f'"{part}"' for part in key),
            steps="\n".join(f'    "{step}",' for step in steps),
            columns="\n".join(f'{column} = "{rule}"' for column, rule in columns.items()),
            gaps="".join(f'\n[[known_gaps]]\ncode = "{code}"\nvi = "{vi}"\nen = "{en}"\n' for code, vi, en in gaps),
            **said,
        ),
        encoding="utf-8",
    )
    print(f"{folder}: {len(rows)} rows, {len(content):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else date.today().isoformat())
