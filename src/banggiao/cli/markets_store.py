"""`banggiao markets ingest|demo|convert|releases|use|remove`: which trade data this installation holds and which is in force."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from banggiao.cli.session import ready

if TYPE_CHECKING:
    from banggiao.analytics.store import Check, Release

_JSON = click.option("--json", "as_json", is_flag=True)


@click.command("demo")
@_JSON
@click.pass_context
def demo(ctx: click.Context, as_json: bool) -> None:
    """Make up five years of world trade, labelled as such, so that every market page can be tried."""
    with ready(ctx) as (act, _language):
        from banggiao.markets.services_releases import make_demo

        show(make_demo(act=act), as_json)


@click.command("ingest")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--source",
    type=click.Choice(["baci", "comtrade", "wits", "trademap", "tariffs", "origin", "customs", "wdi", "sdmx"]),
    help="Whose table it is. BACI, Comtrade and WITS are told by their header.",
)
@click.option("--revision", default="", help="HS92 … HS22, where neither the file's name nor its rows tell.")
@click.option(
    "--unit",
    type=click.Choice(["usd", "thousand_usd", "million_usd", "percent", "fraction"]),
    help="Of the values, where not the source's own; percent and fraction of tariffs.",
)
@click.option("--reporter", default="", help="ISO code of the country whose table it is, where the table does not say.")
@click.option("--year", default="", help="Of the figures, where the table does not say.")
@click.option("--flow", type=click.Choice(["export", "import"]), help="Customs, SDMX: where the table does not say.")
@click.option("--mapping", default="", help="Customs: the name under which goods explained once are remembered. WDI: indicator.")
@click.option("--prefer", type=click.Choice(["imports", "exports"]), default="imports", help="Comtrade: whose records count.")
@click.option("--extend", is_flag=True, help="Take the years that the files lack from the release in force.")
@click.option("--title", default="", help="How the release is called.")
@click.option("--not-in-force", is_flag=True, help="Keep it beside the one in force.")
@click.option("--dry-run", is_flag=True, help="Only check, and say what would be.")
@click.option("--memory", default="2GB", show_default=True, help="What the reading may hold in memory before it uses the disk.")
@_JSON
@click.pass_context
def ingest(
    ctx: click.Context,
    files: tuple[Path, ...],
    source: str | None,
    revision: str,
    unit: str | None,
    reporter: str,
    year: str,
    flow: str | None,
    mapping: str,
    prefer: Literal["imports", "exports"],
    extend: bool,
    title: str,
    not_in_force: bool,
    dry_run: bool,
    memory: str,
    as_json: bool,
) -> None:
    """Make a release out of files, checked; the one in force stays until it is whole.

    Annual trade of CEPII BACI or UN Comtrade; tariff schedules; use of preferences (origin); monthly tables of customs or SDMX;
    indicators of the World Bank.
    """
    with ready(ctx) as (act, _language):
        from banggiao.markets import store as holding

        holding.store()
        from banggiao.analytics.ingest.annual import Wanted
        from banggiao.analytics.ingest.checks import Refused
        from banggiao.analytics.ingest.further import READERS, Further
        from banggiao.analytics.ingest.tables_of import Told
        from banggiao.markets.services_releases import ingest_files

        # A list of one country's partners or products must not stand for the world's trade; `markets use` puts it in force.
        in_force = not (not_in_force or source == "trademap")
        wanted: Wanted | Further
        if source is not None and source in READERS:
            told = Told(reporter=reporter, year=year, unit=unit or "", flow=flow or "", mapping=mapping, title=title)
            wanted = Further(source, told, in_force=in_force, dry_run=dry_run)
        else:
            wanted = Wanted(
                source=source or "",
                revision=revision,
                unit=unit or "",
                prefer=prefer,
                extend=extend,
                title=title,
                in_force=in_force,
                dry_run=dry_run,
                memory=memory,
            )
        try:
            outcome = ingest_files(act=act, paths=files, wanted=wanted, progress=_meter())
        except Refused as refused:
            # The report is shown whole, so the error need not repeat its refused lines.
            show_checks(refused.checks, err=True)
            refused.problems = ()
            raise
        show(outcome.release, as_json, in_force=outcome.published and in_force)


@click.command("convert")
@click.argument("release")
@click.option("--to", required=True, help="HS92, HS17 or HS22.")
@click.option("--not-in-force", is_flag=True, help="Keep it beside the one in force.")
@_JSON
@click.pass_context
def convert(ctx: click.Context, release: str, to: str, not_in_force: bool, as_json: bool) -> None:
    """Make a release in another HS revision; what one code became is shared out, and how is recorded."""
    with ready(ctx) as (act, _language):
        from banggiao.markets.services_releases import convert_release

        show(convert_release(act=act, id=release, to=to, in_force=not not_in_force), as_json, in_force=not not_in_force)


@click.command("releases")
@click.option("--kind", default="", help="Only annual, monthly, tariffs, origin, indicators or gravity.")
@_JSON
@click.pass_context
def releases(ctx: click.Context, kind: str, as_json: bool) -> None:
    """The releases held, those in force marked with *."""
    with ready(ctx) as (act, _language):
        act.viewer.require("markets.view")
        from banggiao.markets import store as holding

        store = holding.store()
        held, in_force = store.releases(kind or None), set(store.in_force_ids().values())
        if as_json:
            click.echo(json.dumps([{**asdict(r), "in_force": r.id in in_force} for r in held], ensure_ascii=False, indent=1))
            return
        for each in held:
            click.echo(_line(each, each.id in in_force))
        for path in store.damaged():
            click.echo(f"! {path}", err=True)


@click.command("use")
@click.argument("release")
@_JSON
@click.pass_context
def use(ctx: click.Context, release: str, as_json: bool) -> None:
    """Put a release in force, an older one too."""
    with ready(ctx) as (act, _language):
        from banggiao.markets.services_releases import use_release

        show(use_release(act=act, id=release), as_json)


@click.command("remove")
@click.argument("release")
@click.pass_context
def remove(ctx: click.Context, release: str) -> None:
    """Take a release away for good; not the one in force."""
    with ready(ctx) as (act, _language):
        from banggiao.markets.services_releases import remove_release

        click.echo(f"- {remove_release(act=act, id=release).id}")


def show(release: Release, as_json: bool, *, in_force: bool = True) -> None:
    """Say what a release is and how it was checked, as words or JSON."""
    if as_json:
        click.echo(json.dumps({**asdict(release), "in_force": in_force}, ensure_ascii=False, indent=1))
        return
    click.echo(_line(release, in_force))
    show_checks(release.checks)


def show_checks(checks: tuple[Check, ...], *, err: bool = False) -> None:
    """A validation report, one check a line, the first samples of what is not clean under it."""
    from django.utils.translation import gettext

    for check in checks:
        mark = {"ok": " ", "warning": "!", "refused": "x"}[check.level]
        text = gettext(check.text) % check.params if check.params else gettext(check.text)
        click.echo(f"  {mark} {text}", err=err)
        if check.level != "ok":
            for sample in check.samples:
                click.echo(f"      {sample}", err=err)


def _meter() -> Callable[[str, float], None]:
    """Says each step once, and how far the whole is, where somebody watches."""
    last = [""]

    def tell(step: str, share: float) -> None:
        if step != last[0] and sys.stderr.isatty():
            click.echo(f"{share:4.0%} {step}", err=True)
            last[0] = step

    return tell


def _line(release: Release, in_force: bool) -> str:
    years = f"{release.years[0]}-{release.years[-1]}" if len(release.years) > 1 else "".join(map(str, release.years))
    mark = "*" if in_force else " "
    return f"{mark} {release.kind:<10} {release.id:<44} {years:<10} {release.rows:>12,}  {release.title}"


COMMANDS = [ingest, demo, convert, releases, use, remove]
