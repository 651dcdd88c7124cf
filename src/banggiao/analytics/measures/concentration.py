"""On how few markets, products or suppliers does trade rest?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import ibis

from banggiao.analytics.measures.columns import beside, grouped, keys, ratio, require, totals


def concentration(
    trade: ibis.Table,
    across: Sequence[str],
    within: Sequence[str] = ("exporter",),
    n: Literal["active", "all"] | int = "active",
) -> ibis.Table:
    """How concentrated the value of each `within` is across the members of `across`, with s the shares:

    hhi = sum s^2 (Hirschman 1964; 1/active to 1); hhi_normalised = (hhi - 1/n) / (1 - 1/n), 0 to 1, NULL for n = 1;
    equivalent = 1/hhi, the number of equal members that would be as concentrated (Adelman 1969);
    theil = ln n + sum s ln s, 0 to ln n (Theil 1967). All are pure numbers and do not depend on the unit.

    `n` says how many members there could be: "active" those with a value, "all" those that occur for anyone (in that year), or a
    number. What n was stands in the columns `n` and `n_rule` ("active", "all", "given"). Concentration across markets:
    concentration(trade, ["importer"]); across products: ["product"]; of suppliers: (["exporter"], ["importer", "product"]).
    Returns within, value, active, n, n_rule, hhi, hhi_normalised, equivalent, theil. The normalised index of one file
    agrees with econcomplex for n = "all".
    """
    require(trade, *across, *within, "value")
    cells = totals(trade, keys(trade, *within, *across))
    cells = cells.filter(cells.value > 0)
    value = cells.value.cast("float64")
    found = grouped(cells, keys(trade, *within)).agg(
        value=value.sum(), active=cells.count(), squares=(value * value).sum(), logs=(value * value.ln()).sum()
    )
    if n == "all":
        # Members with their year, so that a market that opens later does not count before.
        members = cells.select(*keys(trade, *across)).distinct()
        found = beside(found, grouped(members, keys(trade)).agg(n=members.count()), keys(trade))
    else:
        found = found.mutate(n=found.active if n == "active" else ibis.literal(int(n), "int64"))
    hhi = found.squares / (found.value * found.value)
    even = 1.0 / found.n.cast("float64")
    return found.select(
        *keys(trade, *within),
        "value",
        "active",
        "n",
        n_rule=ibis.literal(n if isinstance(n, str) else "given"),
        hhi=hhi,
        hhi_normalised=ratio(hhi - even, 1.0 - even),
        equivalent=1.0 / hhi,
        # sum s ln s = sum v ln v / V - ln V: one pass and no join.
        theil=found.n.cast("float64").ln() + found.logs / found.value - found.value.ln(),
    )
