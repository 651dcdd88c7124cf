"""`banggiao markets`: what to sell where, on whom we depend, on the trade data held or on a file named."""

from __future__ import annotations

import click

from banggiao.cli import markets_measures, markets_models, markets_store


@click.group("markets")
def markets() -> None:
    """World trade: releases of data, and the measures on them."""


for _command in (*markets_store.COMMANDS, *markets_measures.commands(), *markets_models.commands()):
    markets.add_command(_command)

COMMANDS = [markets]
