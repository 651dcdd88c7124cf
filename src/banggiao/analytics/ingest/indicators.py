"""What do World Bank tables (WDI) tell: GDP, population and others by country and year, in the wide or the long layout?

A row of the release: iso3, indicator, year, value, in the unit of the indicator. Aggregates (World, income groups, regions) are
removed and counted: they would count their members twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa

from banggiao.analytics.ingest.areas import areas
from banggiao.analytics.ingest.codes import number_of
from banggiao.analytics.ingest.grids import Grid, headed
from banggiao.analytics.ingest.origins import Origin
from banggiao.analytics.ingest.tables import NULLS
from banggiao.analytics.ingest.tables_of import Lines, Made, Reading, table
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.folding import fold

COLUMNS = (("iso3", pa.string()), ("indicator", pa.string()), ("year", pa.int16()), ("value", pa.float64()))
_NAMES = {
    "country": ("Country Code", "Country ISO3", "iso3", "Mã nước"),
    "indicator": ("Indicator Code", "Series Code", "Indicator", "Series", "Mã chỉ tiêu"),
    "year": ("Year", "Time", "Năm"),
    "value": ("Value", "Giá trị"),
}
_COUNTRY = frozenset(fold(word) for word in _NAMES["country"])
_YEAR = re.compile(r"(1[89]\d\d|2[01]\d\d)(\.0)?(\s*\[YR\d{4}\])?")
_WORLD_BANK = Origin(
    "World Development Indicators",
    "World Bank, World Development Indicators.",
    "https://databank.worldbank.org/source/world-development-indicators",
    "CC BY 4.0",
)


def read(work: Reading) -> Made:
    """The indicators in the files. Raises InvalidInput for a wrong heading, Refused for what may not be taken."""
    lines = Lines(work.report)
    known = {area.iso3 for area in areas().values() if area.iso3 and area.kind == "country"}
    values: dict[tuple[str, str, int], float] = {}
    groups: dict[str, int] = {}
    names = []
    for grid in work.grids():
        if re.search(r"metadata|footnote|series-time|country-series", grid.name, re.IGNORECASE):
            continue
        names.append(grid.name)
        for where, country, indicator, year, cell in _cells(grid, work):
            if cell in NULLS:
                continue
            if country not in known:
                groups[country] = groups.get(country, 0) + 1
                continue
            number = number_of(cell)
            if number is None:
                lines.left_out("number", f"{where}: {cell}")
            elif values.setdefault((country, indicator, year), number) != number:
                lines.left_out("duplicate", f"{where}: {country} {indicator} {year}")
            else:
                lines.kept += 1
    if groups:
        work.report.add(
            "aggregates",
            "ok",
            N_("%(count)s số của nhóm nước, vùng (không phải một nước) đã bỏ."),
            count=sum(groups.values()),
            samples=sorted(groups),
        )
    lines.close(", ".join(names))
    return Made(
        table([(*key, value) for key, value in sorted(values.items())], COLUMNS),
        Origin(work.told.title, _WORLD_BANK.citation, _WORLD_BANK.url, _WORLD_BANK.licence) if work.told.title else _WORLD_BANK,
        tuple(sorted({year for _c, _i, year in values})),
        ("aggregates of countries removed",),
    )


def _cells(grid: Grid, work: Reading) -> Iterator[tuple[str, str, str, int, str]]:
    """(where, ISO code, indicator, year, cell) of each cell with a value, of a wide or long table."""
    for heading, row in enumerate(grid.rows[:20]):
        years = {place: int(cell[:4]) for place, cell in enumerate(row) if _YEAR.fullmatch(cell.strip())}
        if years and any(fold(cell) in _COUNTRY for cell in row):
            wide = headed(Grid(grid.name, grid.rows[: heading + 1]), _NAMES, ("country",))
            for number in range(heading + 1, len(grid.rows)):
                cells = grid.rows[number]
                country = _at(cells, wide.columns["country"])
                indicator = _at(cells, wide.columns["indicator"]) if "indicator" in wide.columns else work.told.mapping
                for place, year in years.items():
                    if country and _at(cells, place):
                        yield grid.where(number), country, _named(indicator, grid), year, _at(cells, place)
            return
    long = headed(grid, _NAMES, ("country", "year", "value"))
    for number, told in long.records():
        named = told["year"].removesuffix(".0")
        if named.isdecimal() and told["value"]:
            yield (
                grid.where(number),
                told["country"],
                _named(told.get("indicator") or work.told.mapping, grid),
                int(named),
                told["value"],
            )


def _at(cells: tuple[str, ...], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _named(indicator: str, grid: Grid) -> str:
    if not indicator:
        raise InvalidInput(
            N_("Bảng không nêu chỉ tiêu nào."),
            subject=grid.name,
            remedy=N_("Hãy nêu mã chỉ tiêu bằng --mapping, ví dụ --mapping NY.GDP.MKTP.CD."),
            problems=[FieldProblem("Indicator Code", N_("Thiếu cột này."))],
        )
    return indicator
