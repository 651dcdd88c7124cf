"""`banggiao markets simulate|agreement|gravity|watch`: what a change would do, what trade costs do, what is unusual."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from banggiao.cli.session import ready

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
#: Command -> the table it prints -> the question that gives it; the first is printed where none is named.
SCENARIOS: Mapping[str, Mapping[str, str]] = {
    "simulate": {
        "totals": "market_tariff_totals",
        "suppliers": "market_tariff_suppliers",
        "products": "market_tariff_products",
    },
    "agreement": {"countries": "market_agreement_effects", "sales": "market_agreement_sales"},
}
_HELP = {
    "simulate": "What a change of duties in a market does (SMART).",
    "agreement": "What a new agreement would change (gravity, general equilibrium).",
}


def commands() -> list[click.Command]:
    """The commands of scenarios, whose options are the parameters of their questions, and those of gravity and of the watches."""
    from banggiao.core.questions import question_named

    made: list[click.Command] = []
    for name, tables in SCENARIOS.items():
        asked = question_named(next(iter(tables.values()))).parameters
        options: list[click.Parameter] = [
            click.Option([f"--{p.name.replace('_', '-')}", p.name], default="", help=f"default: {p.default}" if p.default else "")
            for p in asked
        ]
        options += [
            click.Option(["--by"], type=click.Choice(list(tables)), default=next(iter(tables)), help="Which table to print."),
            click.Option(["--json", "as_json"], is_flag=True, help="Print JSON."),
        ]
        made.append(click.Command(name, params=options, callback=_asking(tables), help=_HELP[name]))
    return [*made, gravity, watch]


def _asking(tables: Mapping[str, str]) -> Callable[..., None]:
    @click.pass_context
    def run(ctx: click.Context, /, by: str, as_json: bool, **given: str) -> None:
        from banggiao.cli.lookups import _print_answer
        from banggiao.core.questions import ALL, ask

        with ready(ctx) as (act, language):
            answer = ask(tables[by], {n: v for n, v in given.items() if v}, act.viewer, at=act.at, page=ALL)
            _print_answer(answer.listed(), language, as_json)

    return run


@click.command("gravity")
@click.argument("file", type=_FILE)
@click.option("--outcome", default="trade", show_default=True, help="Column with trade in levels, zeros included.")
@click.option("--terms", required=True, help="Columns estimated, set off by commas.")
@click.option(
    "--effects", default="exporter^year,importer^year", show_default=True, help="Fixed effects, set off by commas; - for none."
)
@click.option("--cluster", default="exporter^importer", show_default=True, help="Clusters of the standard errors; - for none.")
@click.option("--ols", is_flag=True, help="Least squares of the logarithm instead, for comparison.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def gravity(file: Path, outcome: str, terms: str, effects: str, cluster: str, ols: bool, as_json: bool) -> None:
    """Structural gravity estimated on a csv or parquet panel (PPML)."""
    from banggiao.markets.store import store

    store()  # says what to install
    from banggiao.analytics.gravity import ppml as models
    from banggiao.analytics.notebook import panel

    columns = [part.strip() for part in terms.split(",") if part.strip()]
    fixed = [part.strip() for part in effects.split(",") if part.strip() and part.strip() != "-"]
    estimate = (models.ols if ols else models.ppml)(
        panel(file), outcome=outcome, regressors=columns, effects=fixed, cluster=None if cluster == "-" else cluster
    )
    rows: list[dict[str, Any]] = estimate.arrow().to_pylist()
    if as_json:
        told = {
            "method": estimate.method, "outcome": estimate.outcome, "rows": estimate.rows, "used": estimate.used,
            "missing": estimate.dropped.missing, "separated": estimate.dropped.separated,
            "singletons": estimate.dropped.singletons, "convention": estimate.convention, "clusters": estimate.clusters,
            "deviance": estimate.deviance, "coefficients": rows,
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo("  ".join(f"{name} {value:.4f}" if isinstance(value, float) else f"{value}" for name, value in row.items()))
    dropped = estimate.dropped
    click.echo(
        f"{estimate.method}: {estimate.used}/{estimate.rows} rows (missing {dropped.missing}, separated {dropped.separated}, "
        f"singletons {dropped.singletons}); errors: {estimate.convention}, {estimate.clusters} clusters"
    )


@click.command("watch")
@click.pass_context
def watch(ctx: click.Context) -> None:
    """Look through the data of every active watch now; what is unusual becomes a signal, once."""
    from banggiao.intelligence.watching.models import Watch
    from banggiao.intelligence.watching.services import check_watches

    with ready(ctx) as (act, language):
        act.viewer.require("signals.triage")
        watches = Watch.objects.visible_to(act.viewer).filter(state="active").select_related("partner").order_by("code")
        signals = check_watches(act=act, watches=watches)
        for signal in signals:
            name = signal.name_vi if language == "vi" else signal.name_en or signal.name_vi
            click.echo(f"{signal.code}  {signal.period}  {name}")
        click.echo(f"{len(signals)}")
