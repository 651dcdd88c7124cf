"""How well does what one country exports fit what another imports?"""

from __future__ import annotations

import ibis

from banggiao.analytics.measures.columns import Code, beside, keys, require
from banggiao.analytics.measures.shares import shares


def complementarity(trade: ibis.Table, exporter: Code | None = None, importer: Code | None = None) -> ibis.Table:
    """Trade complementarity: TCI_ij = 100 (1 - sum_k |m_jk - x_ik| / 2), 0 to 100.

    x_ik is the product's share in all exports of i, m_jk its share in all imports of j. Both add up to 1, so the index equals
    100 sum_k min(m_jk, x_ik), which needs only the products both trade; that is what is computed. Name an exporter or an
    importer: all pairs of a world of 226 take a while and are of little use. Returns exporter, importer, tci, without a country
    with itself; a pair with nothing in common is not listed, its index is 0. Source: Michaely 1996, "Trade Preferential
    Agreements in Latin America", World Bank Policy Research Working Paper 1583.
    """
    require(trade, "exporter", "importer", "product", "value")
    sold = shares(trade if exporter is None else trade.filter(trade.exporter == exporter), ["product"], ["exporter"])
    bought = shares(trade if importer is None else trade.filter(trade.importer == importer), ["product"], ["importer"])
    pairs = beside(
        sold.select(*keys(trade, "exporter", "product"), sold_share=sold.share),
        bought.select(*keys(trade, "importer", "product"), bought_share=bought.share),
        keys(trade, "product"),
    )
    pairs = pairs.filter(pairs.exporter != pairs.importer)
    common = ibis.least(pairs.sold_share, pairs.bought_share)
    return pairs.group_by(keys(trade, "exporter", "importer")).agg(tci=common.sum() * 100)
