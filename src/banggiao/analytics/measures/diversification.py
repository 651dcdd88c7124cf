"""Do exports spread over more markets and products with time, and how much of the growth is new?"""

from __future__ import annotations

import ibis

from banggiao.analytics.measures.columns import keys, require, totals
from banggiao.analytics.measures.concentration import concentration


def diversification(trade: ibis.Table, unique: bool = False) -> ibis.Table:
    """Each exporter's breadth by year: markets, products and lines (a product in a market) with a value, and how even they are.

    `unique` says that the table has one row a line, as a release in the store has, so that nothing must be added up to count
    them. Returns year (where the table has it), exporter, value, markets, products, lines (counts), hhi_markets, hhi_products
    and the equivalent numbers of equal markets and products, 1/hhi.
    """
    require(trade, "exporter", "importer", "product", "value")
    by = keys(trade, "exporter")
    lines = trade if unique else totals(trade, keys(trade, "exporter", "importer", "product"))
    lines = lines.filter(lines.value > 0)
    count = lines.group_by(by).agg(value=lines.value.sum(), lines=lines.count())
    markets, products = concentration(trade, ["importer"]), concentration(trade, ["product"])
    joined = count.join(
        markets.select(*by, markets=markets.active, hhi_markets=markets.hhi, equivalent_markets=markets.equivalent), by
    ).join(products.select(*by, products=products.active, hhi_products=products.hhi, equivalent_products=products.equivalent), by)
    measured = ("markets", "products", "lines", "hhi_markets", "hhi_products", "equivalent_markets", "equivalent_products")
    return joined.select(*by, "value", *measured)


def new_and_lost(trade: ibis.Table) -> ibis.Table:
    """What of the change since the year before came from lines that are new, that ended, and that went on.

    A line is a product in a market. The year before is the one before it in the table, named `since`. Returns exporter, since,
    year, change, continued, new, lost (values in the unit of the input; change = continued + new - lost) and the counts
    new_lines, lost_lines, continued_lines. Extensive and intensive margin: Hummels and Klenow 2005, Evenett and Venables 2002.
    """
    require(trade, "year", "exporter", "importer", "product", "value")
    line = ["exporter", "importer", "product"]
    lines = totals(trade, ["year", *line])
    lines = lines.filter(lines.value > 0)
    years = lines.select("year").distinct()
    # Integer arithmetic on int16 differs between engines, so the years are paired by a window instead of by adding one.
    years = years.mutate(since=years.year.lag().over(ibis.window(order_by=years.year))).filter(lambda t: t.since.notnull())
    later = lines.join(years, "year").select("year", "since", *line, "value")
    earlier = lines.rename(since="year").join(years, "since").select("year", "since", *line, before=lines.value)
    both = later.outer_join(earlier, ["year", "since", *line])
    names = ("year", "since", *line)
    both = both.select(
        **{name: ibis.coalesce(both[name], both[f"{name}_right"]) for name in names},
        now=both.value.fill_null(0.0),
        before=both.before.fill_null(0.0),
    )
    new, lost = both.before == 0, both.now == 0
    went_on = ~new & ~lost
    zero = ibis.literal(0.0)
    return both.group_by("exporter", "since", "year").agg(
        change=(both.now - both.before).sum(),
        continued=went_on.ifelse(both.now - both.before, zero).sum(),
        new=new.ifelse(both.now, zero).sum(),
        lost=lost.ifelse(both.before, zero).sum(),
        new_lines=new.cast("int64").sum(),
        lost_lines=lost.cast("int64").sum(),
        continued_lines=went_on.cast("int64").sum(),
    )
