"""How do the figures of `bench/markets.py` grow with the rows of a year and with its countries? Drawn to docs/images.

Three sizes of each: a quarter, a half and the whole. Each size is an invented year of its own; the figure is the quickest round.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path

from markets import Run, made, row, run

from banggiao.analytics import synthetic
from banggiao.reports import charts
from banggiao.reports.blocks import Chart, Series

IMAGES = Path(__file__).parent.parent / "docs" / "images"
ASKED = {
    "ours_from_rows": "all complexity measures, from rows",
    "ours_from_margins": "all complexity measures, from stored margins",
    "potential_of_everyone": "export potential of all exporters",
    "textbook_from_rows": "NumPy textbook, complexity from rows",
}


def grow(folder: Path, rounds: int, cpu: bool) -> None:
    """Measure the sizes, print them and draw them."""
    whole = synthetic.FULL_ROWS
    by_rows, by_countries = {}, {}
    for part in (4, 2, 1):
        files = made(folder / f"rows-{part}", synthetic.COUNTRIES, synthetic.PRODUCTS, whole // part)
        by_rows[f"{files['rows'] / 1e6:.1f} million rows"] = _measured(files, rounds, cpu)
        countries = synthetic.COUNTRIES // part
        files = made(folder / f"countries-{part}", countries, synthetic.PRODUCTS)
        by_countries[f"{countries} countries, {files['rows'] / 1e6:.1f} million rows"] = _measured(files, rounds, cpu)
    clock = "processor time" if cpu else "time"
    machine = f"{os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}"
    for name, sizes in (("rows", by_rows), ("countries", by_countries)):
        chart = Chart(
            kind="bar",
            categories=tuple(sizes),
            series=tuple(
                Series(text, tuple(round(one[key].quickest * 1e3) for one in sizes.values())) for key, text in ASKED.items()
            ),
            unit=f"ms of {clock}, {machine}",
        )
        (IMAGES / f"markets-growth-{name}.svg").write_text(charts.svg(chart, "en") + "\n", encoding="utf-8")


def _measured(files: dict[str, object], rounds: int, cpu: bool) -> dict[str, Run]:
    found = {}
    print(f"{files['rows']:,} rows", flush=True)
    for name, text in ASKED.items():
        found[name] = run(name, rounds, files | {"cpu": cpu}, keep_cube=name.startswith("potential"))
        row(f"  {text}", "", found[name])
    return found
