"""Who else sells a product to a market, and who is gaining there?"""

from __future__ import annotations

import ibis

from banggiao.analytics.measures.columns import Code, compound_growth, ratio, require


def competitors(trade: ibis.Table, importer: Code, product: Code | None = None) -> ibis.Table:
    """The suppliers of a market in the last year of the table, against its first.

    Of one product or of all. rank counts from 1, by value. growth is compound, a year, NULL for who began later; share_change the
    difference of shares. unit_value (value / quantity: thousand USD a ton in the store) only where the table has quantities,
    over the rows that have one. Returns exporter, rank, value, share, share_change, growth, unit_value.
    """
    require(trade, "exporter", "importer", "product", "value")
    rows = trade.filter(trade.importer == importer)
    if product is not None:
        rows = rows.filter(rows.product == product)
    if "year" not in rows.columns:
        rows = rows.mutate(year=ibis.literal(0, "int16"))
    if "quantity" not in rows.columns:
        rows = rows.mutate(quantity=ibis.null("float64"))
    dated = rows.cross_join(rows.agg(first=rows.year.min(), last=rows.year.max()))
    zero = ibis.literal(0.0)
    now, then, weighed = dated.year == dated.last, dated.year == dated.first, dated.quantity.notnull()
    sellers = dated.group_by("exporter").agg(
        value=now.ifelse(dated.value, zero).sum(),
        began=then.ifelse(dated.value, zero).sum(),
        weighed=(now & weighed).ifelse(dated.value, zero).sum(),
        quantity=(now & weighed).ifelse(dated.quantity, zero).sum(),
        years=(dated.last - dated.first).max(),
    )
    joined = sellers.cross_join(sellers.agg(whole=sellers.value.sum(), begun=sellers.began.sum()))
    joined = joined.filter(joined.value > 0)
    share = ratio(joined.value, joined.whole)
    return joined.select(
        "exporter",
        # Ranks of equal values are equal, so the engines agree.
        rank=ibis.rank().over(ibis.window(order_by=joined.value.desc())) + 1,
        value=joined.value,
        share=share,
        share_change=(joined.years > 0).ifelse(share - ratio(joined.began, joined.begun), ibis.null("float64")),
        growth=compound_growth(joined.began, joined.value, joined.years),
        unit_value=ratio(joined.weighed, joined.quantity),
    )
