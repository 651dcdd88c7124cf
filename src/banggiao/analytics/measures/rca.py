"""In what does a country export more than its weight in world trade would let one expect?"""

from __future__ import annotations

import ibis

from banggiao.analytics.measures.columns import beside, keys, ratio, require, totals


def rca(trade: ibis.Table) -> ibis.Table:
    """Revealed comparative advantage: RCA_ik = (v_ik / v_i) / (v_k / v).

    Needs exporter, product, value. Returns exporter, product, value (unit of the input) and rca (a pure number, 1 where the
    country's share in the product is its share in world exports), for the pairs that occur. Rescaling all values changes
    nothing. Source: Balassa 1965, "Trade Liberalisation and 'Revealed' Comparative Advantage", The Manchester School 33.
    """
    require(trade, "exporter", "product", "value")
    cells = totals(trade, keys(trade, "exporter", "product"))
    # Three small tables joined to the cells take a third less time on DuckDB than three windows over them.
    of_exporter = totals(cells, keys(trade, "exporter"), "of_exporter")
    of_product = totals(cells, keys(trade, "product"), "of_product")
    of_world = totals(cells, keys(trade), "of_world")
    joined = beside(cells, of_exporter, keys(trade, "exporter"))
    joined = beside(joined, of_product, keys(trade, "product"))
    joined = beside(joined, of_world, keys(trade))
    advantage = ratio(ratio(joined.value, joined.of_exporter), ratio(joined.of_product, joined.of_world))
    return joined.select(*keys(trade, "exporter", "product"), "value", rca=advantage)
