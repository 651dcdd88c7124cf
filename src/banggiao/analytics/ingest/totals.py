"""Can these totals be? Against the release in force, against known exports: a wrong unit is a thousandfold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq

from banggiao.analytics.ingest.areas import by_iso3, packaged
from banggiao.analytics.ingest.checks import Report
from banggiao.analytics.store import NoRelease, Release, Store
from banggiao.core.errors import N_

#: A value as the file has it -> thousand USD.
UNITS = {"usd": 1e-3, "thousand_usd": 1.0, "million_usd": 1e3}
#: A total further off than this is a unit, not trade; a release of the same source differs by less than that.
UNIT_FACTOR, USUAL = 100.0, 0.01


def check_totals(
    store: Store,
    margins: Mapping[int, Path],
    report: Report,
    *,
    source: str,
    unit_said: bool,
) -> None:
    """Compare the pair margins of the new years with the release in force (over the pairs both hold) and with known exports.

    A factor beyond a hundred is refused unless the caller said the unit; in the same year and source more than one per cent
    is a warning.
    """
    before = _in_force(store)
    for year, path in margins.items():
        fresh = _pairs(path)
        if before is not None:
            nearest = min(before.years, key=lambda each: (abs(each - year), -each))
            known = _pairs(store.margin_file(before, nearest, "pair"))
            common = fresh.keys() & known.keys()
            old, new = math.fsum(known[pair] for pair in common), math.fsum(fresh[pair] for pair in common)
            if old > 0 and new > 0:
                _unit(report, new / old, year, f"{before.id} {nearest}", unit_said)
                if nearest == year:
                    _usual(report, new / old, year, before, source)
        _unit(report, _against_known(fresh, year), year, "reference/world_trade_totals", unit_said, only_more=True)


def _unit(report: Report, ratio: float, year: int, against: str, said: bool, *, only_more: bool = False) -> None:
    if not ratio or (1 / UNIT_FACTOR < ratio < UNIT_FACTOR) or (only_more and ratio < 1):
        return
    report.add(
        "unit",
        "warning" if said else "refused",
        N_("Tổng năm %(year)s gấp %(factor)s lần số đã biết (%(against)s): có lẽ nhầm đơn vị (USD với nghìn USD)."),
        count=1,
        year=year,
        factor=f"{ratio:,.4g}",
        against=against,
    )


def _usual(report: Report, ratio: float, year: int, before: Release, source: str) -> None:
    off = abs(ratio - 1)
    same = before.source == source
    report.add(
        "totals",
        "warning" if same and off > USUAL else "ok",
        N_("Tổng năm %(year)s lệch %(percent)s %% so với bản đang dùng %(release)s (trên các cặp nước cả hai bản có)."),
        year=year,
        percent=f"{100 * (ratio - 1):+.2f}",
        release=before.id,
    )


def _in_force(store: Store) -> Release | None:
    try:
        release = store.in_force()
    except NoRelease:
        return None
    # What is made up says nothing about what may be.
    return None if release.synthetic else release


def _pairs(path: Path) -> dict[tuple[int, int], float]:
    table = pq.read_table(path)
    return dict(
        zip(
            zip(table["exporter"].to_pylist(), table["importer"].to_pylist(), strict=True),
            table["value"].to_pylist(),
            strict=True,
        )
    )


def _against_known(pairs: Mapping[tuple[int, int], float], year: int) -> float:
    """Exports in the table over the known exports of the same countries; a table of few partners only shows less."""
    known, exports = _known_exports(year), dict[int, float]()
    for (exporter, _), value in pairs.items():
        if exporter in known:
            exports[exporter] = exports.get(exporter, 0.0) + value
    expected = math.fsum(known[code] for code in exports)
    return math.fsum(exports.values()) / expected if expected else 0.0


@cache
def _known_exports(year: int) -> dict[int, float]:
    """Country -> exports in thousand USD in the packaged year nearest to that one."""
    codes, nearest = by_iso3(), dict[int, tuple[int, float]]()
    for row in packaged("world_trade_totals"):
        if row["flow"] == "export" and row["reporter_iso3"] in codes and float(row["value_usd_million"]) > 0:
            code, apart = codes[row["reporter_iso3"]], abs(int(row["year"]) - year)
            if code not in nearest or apart < nearest[code][0]:
                nearest[code] = (apart, 1e3 * float(row["value_usd_million"]))
    return {code: value for code, (_, value) in nearest.items()}
