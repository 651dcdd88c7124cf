"""How did exports grow, and was it the world, the products, the markets or the exporter?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import ibis

from banggiao.analytics.measures.columns import Code, beside, compound_growth, grouped, ratio, require

First = Literal["product", "market", "neither"]


def growth(trade: ibis.Table, first: int, last: int, by: Sequence[str], within: Sequence[str] = ()) -> ibis.Table:
    """Growth from one year to another of each `by`, and of its share in the total of `within`.

    growth(trade, 2017, 2022, ["exporter", "product"], ["product"]): world market shares by product. Returns by, start, end,
    change (unit of the input), growth (a year, compound; 0.05 is five per cent; NULL where it began at zero), start_share,
    end_share (0 to 1) and share_change (a difference of shares).
    """
    require(trade, "year", "value", *by, *within)
    cells = _two_years(trade, first, last, by)
    whole = grouped(cells, within).agg(start_whole=cells.start.sum(), end_whole=cells.end.sum())
    joined = beside(cells, whole, list(within))
    start_share, end_share = ratio(joined.start, joined.start_whole), ratio(joined.end, joined.end_whole)
    years = ibis.literal(last - first, "int64")
    return joined.select(
        *by,
        "start",
        "end",
        change=joined.end - joined.start,
        growth=compound_growth(joined.start, joined.end, years),
        start_share=start_share,
        end_share=end_share,
        share_change=end_share - start_share,
    )


def decomposition(
    trade: ibis.Table, exporter: Code, first: int, last: int, by: Sequence[str] = (), order: First = "neither"
) -> ibis.Table:
    """Constant market shares: the change of an exporter's sales, taken apart into four terms that add up to it exactly.

    With r the growth of world trade between the years, r_k of the product, r_j of the market, r_jk of the product in the market:
    world = r v; product_mix = (r_k - r) v; market_mix = (r_jk - r_k) v; competitiveness = v' - v - r_jk v, what was won or lost
    against the others; each summed over markets and products with v the sales in `first`, v' in `last`. Product first is an
    arbitrary choice: "market" takes market_mix = (r_j - r) v and product_mix = (r_jk - r_j) v, "neither" the mean of the two.
    The world counts every exporter, the one asked for too. A line without world trade in `first` is new: all of it is
    competitiveness. `by` is any of importer and product; without it there is one row. Returns by, start, end, change, world,
    product_mix, market_mix, competitiveness in the unit of the input. Source: Leamer and Stern 1970, "Quantitative
    International Economics", ch. 7; Richardson 1971, Journal of International Economics 1.
    """
    require(trade, "year", "exporter", "importer", "product", "value")
    rows = trade.filter(trade.year.isin([first, last]))
    zero = ibis.literal(0.0)
    ours, then = rows.exporter == exporter, rows.year == first
    # One pass: the cells of the world with those of the exporter in them.
    cells = rows.group_by("importer", "product").agg(
        w0=then.ifelse(rows.value, zero).sum(),
        w1=then.ifelse(zero, rows.value).sum(),
        v0=(ours & then).ifelse(rows.value, zero).sum(),
        v1=(ours & ~then).ifelse(rows.value, zero).sum(),
    )
    of_product = cells.group_by("product").agg(k0=cells.w0.sum(), k1=cells.w1.sum())
    of_market = cells.group_by("importer").agg(j0=cells.w0.sum(), j1=cells.w1.sum())
    of_world = cells.agg(a0=cells.w0.sum(), a1=cells.w1.sum())
    lines = cells.filter((cells.v0 > 0) | (cells.v1 > 0))
    lines = lines.join(of_product, "product").join(of_market, "importer").cross_join(of_world)
    # Where v0 > 0 there was world trade; elsewhere the terms are multiplied by v0 = 0.
    r = (ratio(lines.a1, lines.a0) - 1).fill_null(0.0)
    r_k = (ratio(lines.k1, lines.k0) - 1).fill_null(0.0)
    r_j = (ratio(lines.j1, lines.j0) - 1).fill_null(0.0)
    r_jk = (ratio(lines.w1, lines.w0) - 1).fill_null(0.0)
    products = {"product": r_k - r, "market": r_jk - r_j, "neither": (r_k - r + r_jk - r_j) / 2}[order]
    markets = {"product": r_jk - r_k, "market": r_j - r, "neither": (r_jk - r_k + r_j - r) / 2}[order]
    terms = lines.select(
        *by,
        start=lines.v0,
        end=lines.v1,
        world=r * lines.v0,
        product_mix=products * lines.v0,
        market_mix=markets * lines.v0,
        competitiveness=lines.v1 - lines.v0 - r_jk * lines.v0,
    )
    summed: ibis.Table = grouped(terms, by).agg(
        start=terms.start.sum(),
        end=terms.end.sum(),
        change=(terms.end - terms.start).sum(),
        world=terms.world.sum(),
        product_mix=terms.product_mix.sum(),
        market_mix=terms.market_mix.sum(),
        competitiveness=terms.competitiveness.sum(),
    )
    return summed


def _two_years(trade: ibis.Table, first: int, last: int, by: Sequence[str]) -> ibis.Table:
    rows = trade.filter(trade.year.isin([first, last]))
    then, zero = rows.year == first, ibis.literal(0.0)
    start, end = then.ifelse(rows.value, zero).sum(), then.ifelse(zero, rows.value).sum()
    summed: ibis.Table = grouped(rows, by).agg(start=start, end=end)
    return summed
