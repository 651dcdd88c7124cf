"""What part of a whole is each member of it: a market in a country's exports, a supplier in a market?"""

from __future__ import annotations

from collections.abc import Sequence

import ibis

from banggiao.analytics.measures.columns import beside, keys, ratio, require, totals


def shares(trade: ibis.Table, of: Sequence[str], within: Sequence[str] = ()) -> ibis.Table:
    """Each `of` in the total of its `within`: shares(trade, ["importer"], ["exporter"]) is the share of each market.

    Returns within, of, value (unit of the input) and share (0 to 1; adds up to 1 within each `within`), NULL in a whole of zero.
    """
    require(trade, *of, *within, "value")
    cells = totals(trade, keys(trade, *within, *of))
    whole = totals(cells, keys(trade, *within), "whole")
    joined = beside(cells, whole, keys(trade, *within))
    return joined.select(*keys(trade, *within, *of), "value", share=ratio(joined.value, joined.whole))


def market_shares(trade: ibis.Table) -> ibis.Table:
    """The share of each exporter in what an importer buys of a product: v_ijk / v_jk.

    Returns importer, product, exporter, value, share.
    """
    return shares(trade, ["exporter"], ["importer", "product"])
