"""What part of a whole is each member of it: a market in a country's exports, a supplier in a market?"""

from __future__ import annotations

from collections.abc import Sequence

import ibis

from banggiao.analytics.measures.columns import beside, keys, ratio, require, totals


def shares(trade: ibis.Table, of: Sequence[str], within: Sequence[str] = (), unique: bool = False) -> ibis.Table:
    """Each `of` in the total of its `within`: shares(trade, ["importer"], ["exporter"]) is the share of each market.

    `unique` says that the table has one row for each of them, as a release in the store has by line: nothing is then added up
    first, which for all markets of a year takes two thirds of the time. Returns within, of, value (unit of the input) and share
    (0 to 1; adds up to 1 within each `within`), NULL in a whole of zero.
    """
    require(trade, *of, *within, "value")
    by = keys(trade, *within, *of)
    cells = trade.select(*by, "value") if unique else totals(trade, by)
    whole = totals(cells, keys(trade, *within), "whole")
    joined = beside(cells, whole, keys(trade, *within))
    return joined.select(*keys(trade, *within, *of), "value", share=ratio(joined.value, joined.whole))


def market_shares(trade: ibis.Table, unique: bool = False) -> ibis.Table:
    """The share of each exporter in what an importer buys of a product: v_ijk / v_jk.

    `unique` as in `shares`. Returns importer, product, exporter, value, share.
    """
    return shares(trade, ["exporter"], ["importer", "product"], unique)
