"""`banggiao markets demo|releases|use|remove`: which trade data this installation holds and which is in force."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

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


def show_checks(checks: tuple[Check, ...]) -> None:
    """A validation report, one check a line, the first samples of what is not clean under it."""
    from django.utils.translation import gettext

    for check in checks:
        mark = {"ok": " ", "warning": "!", "refused": "x"}[check.level]
        text = gettext(check.text) % check.params if check.params else gettext(check.text)
        click.echo(f"  {mark} {text}")
        if check.level != "ok":
            for sample in check.samples:
                click.echo(f"      {sample}")


def _line(release: Release, in_force: bool) -> str:
    years = f"{release.years[0]}-{release.years[-1]}" if len(release.years) > 1 else "".join(map(str, release.years))
    mark = "*" if in_force else " "
    return f"{mark} {release.kind:<10} {release.id:<44} {years:<10} {release.rows:>12,}  {release.title}"


COMMANDS = [demo, releases, use, remove]
