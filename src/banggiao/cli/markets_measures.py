"""`banggiao markets complexity|rca|potential|…`: each measure on the release held, or on a csv or parquet file named.

Without FILE the answer is that of the question of the pages, with its release and rule. With FILE the measure is computed on its
columns, named by options, and nothing of this installation is read.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from banggiao.cli.session import ready
from banggiao.core.errors import N_, InvalidInput

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SHOWN = 50


@dataclass(frozen=True)
class Measure:
    """A command: its question on the store, its function of `analytics.notebook`, the columns and choices it takes of a file."""

    name: str
    question: str
    function: str
    columns: tuple[str, ...]
    chosen: tuple[str, ...]
    help: str


#: `chosen` are the arguments of the function beside the table; `of`, `market`, … are options that name a code in the file.
MEASURES = (
    Measure("complexity", "market_complexity", "complexity", ("country", "product", "value"), (), "ECI, COI, diversity."),
    Measure("products", "market_space", "products", ("country", "product", "value"), (), "PCI and ubiquity of products."),
    Measure("rca", "market_space", "rca", ("exporter", "product", "value"), (), "Revealed comparative advantage."),
    Measure(
        "potential", "market_opportunities", "potential", ("exporter", "importer", "product", "value"), ("of",),
        "Export potential, unrealised potential (ITC EPI).",
    ),
    Measure(
        "dependence", "market_dependence", "dependence", ("exporter", "importer", "product", "value"), ("of",),
        "Import dependence on single suppliers.",
    ),
    Measure(
        "concentration", "market_concentration", "concentration", ("exporter", "importer", "value"), (),
        "Concentration (HHI) of exports.",
    ),
    Measure(
        "complementarity", "market_complementarity", "complementarity", ("exporter", "importer", "product", "value"), ("of",),
        "Fit of exports with imports (TCI).",
    ),
    Measure(
        "growth", "market_growth", "growth", ("exporter", "importer", "product", "value", "year"), ("of", "first", "last"),
        "Growth taken apart (constant market shares).",
    ),
    Measure(
        "competitors", "market_suppliers", "competitors", ("exporter", "importer", "product", "value"), ("market", "good"),
        "Who sells a product to a market.",
    ),
    Measure(
        "preference", "market_preference", "preference", ("importer", "exporter", "product", "mfn", "preferential"), (),
        "Preference margins by tariff schedules.",
    ),
)  # fmt: skip
_CHOICES = {
    "of": "With FILE: the country it is about.",
    "market": "With FILE: the market.",
    "good": "With FILE: the product.",
    "first": "With FILE: the first year.",
    "last": "With FILE: the last year.",
}


def commands() -> list[click.Command]:
    """One command for each measure; options are the parameters of its question and the columns of a file."""
    from banggiao.core.questions import question_named

    made: list[click.Command] = []
    for measure in MEASURES:
        asked = [p.name for p in question_named(measure.question).parameters]
        options: list[click.Parameter] = [click.Argument(["file"], required=False, type=_FILE)]
        for name in dict.fromkeys([*asked, *measure.columns]):
            told = "column of FILE" if name in measure.columns else ""
            told += " or " if told and name in asked else ""
            told += "narrows the answer on the release held" if name in asked else ""
            options.append(click.Option([f"--{name.replace('_', '-')}", name], default="", help=told))
        options += [click.Option([f"--{n}"], default="", help=_CHOICES[n]) for n in measure.chosen if n not in asked]
        options += [
            click.Option(["--json", "as_json"], is_flag=True, help="Print JSON."),
            click.Option(["--csv", "as_csv"], is_flag=True, help="Print CSV."),
            click.Option(["--size"], type=click.IntRange(0), default=0, help="Rows of the release to print; 0 for all."),
        ]
        made.append(click.Command(measure.name, params=options, callback=_runner(measure), help=measure.help))
    return made


def _runner(measure: Measure) -> Callable[..., None]:
    @click.pass_context
    def run(ctx: click.Context, /, file: Path | None, as_json: bool, as_csv: bool, size: int, **given: str) -> None:
        if file is None:
            _on_store(ctx, measure, {n: v for n, v in given.items() if v}, as_json, as_csv, size)
        else:
            _on_file(measure, file, {n: v for n, v in given.items() if v}, as_json, as_csv)

    return run


def _on_store(ctx: click.Context, measure: Measure, given: dict[str, str], as_json: bool, as_csv: bool, size: int) -> None:
    from banggiao.cli.lookups import _print_answer
    from banggiao.core.exports import cell_text
    from banggiao.core.questions import Page, ask
    from banggiao.markets.store import in_force, store

    with ready(ctx) as (act, language):
        if in_force("tariffs" if measure.name == "preference" else "annual") is None:
            store()  # says what to install
            raise InvalidInput(
                N_("Chưa nạp dữ liệu thương mại."),
                subject=measure.name,
                remedy=N_("Hãy chạy banggiao markets ingest, hoặc banggiao markets demo để xem thử; hoặc nêu một tệp."),
            )
        if not as_json and not as_csv:
            size = size or _SHOWN
        answer = ask(measure.question, given, act.viewer, at=act.at, page=Page(size)).listed()
        if not as_csv:
            _print_answer(answer, language, as_json)
            return
        writer = csv.writer(sys.stdout)
        writer.writerow([c.key for c in answer.columns])
        writer.writerows([cell_text(v, language, "") for v in row.cells] for row in answer.rows)  # codes stay codes


def _on_file(measure: Measure, file: Path, given: dict[str, str], as_json: bool, as_csv: bool) -> None:
    from banggiao.markets.store import store

    store()  # says what to install
    from banggiao.analytics import notebook

    columns = {name: given[name] for name in measure.columns if name in given}
    arguments = [_given(measure, name, given) for name in measure.chosen]
    result = getattr(notebook, measure.function)(file, *arguments, columns=columns)
    rows: list[dict[str, Any]] = result.to_pylist()
    if as_json:
        click.echo(json.dumps({"measure": measure.name, "file": file.name, "rows": rows}, ensure_ascii=False, indent=1))
        return
    if as_csv:
        writer = csv.DictWriter(sys.stdout, result.column_names)
        writer.writeheader()
        writer.writerows(rows)
        return
    _print_table(result.column_names, [[_text(row[n]) for n in result.column_names] for row in rows[:_SHOWN]])
    click.echo(f"{min(len(rows), _SHOWN)}/{len(rows)}")


def _given(measure: Measure, name: str, given: dict[str, str]) -> Any:
    """A code, or a year, that the measure needs beside the table."""
    if name not in given:
        if name == "of" and measure.name in ("dependence", "complementarity"):
            return None
        raise InvalidInput(
            N_("Lệnh này cần biết --%(option)s khi tính trên một tệp."),
            option=name,
            subject=measure.name,
            remedy=N_("Hãy nêu thêm lựa chọn đó."),
        )
    return int(given[name]) if name in ("first", "last") else given[name]


def _text(value: Any) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _print_table(head: Sequence[str], body: Sequence[Sequence[str]]) -> None:
    widths = [max([len(h), *(len(row[n]) for row in body)]) for n, h in enumerate(head)]
    for line in (head, *body):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
