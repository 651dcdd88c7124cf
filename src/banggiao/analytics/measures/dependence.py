"""Where does a country depend on one supplier, and who else could deliver?"""

from __future__ import annotations

from dataclasses import dataclass

import ibis

from banggiao.analytics.measures.columns import Code, beside, compound_growth, keys, ratio, require, totals
from banggiao.analytics.measures.concentration import concentration


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a dependence is flagged; shares and index from 0 to 1.

    `share` of the supplier in the importer's purchases and `concentration` of all its suppliers are those of the European
    Commission's study of strategic dependencies, SWD(2021) 352 (0.5 and 0.4; there the share is that of all third countries);
    `world`, the supplier's share of world exports, is set to the same half here: above it the rest of the world cannot replace
    the supplier one for one.
    """

    share: float = 0.5
    concentration: float = 0.4
    world: float = 0.5


def dependence(
    trade: ibis.Table,
    importer: Code | None = None,
    thresholds: Thresholds = Thresholds(),  # noqa: B008  frozen
    exports: ibis.Table | None = None,
) -> ibis.Table:
    """How much importers (or one of them) depend on each supplier of each product.

    share = v_ijk / v_jk; supplier_hhi = HHI of the suppliers of (j, k); world_share = v_ik / v_k, the supplier's part of world
    exports. by_share, by_concentration, by_world say whether the threshold is reached, flags how many are (0 to 3). `exports`
    (exporter, product, value; a stored margin) saves summing all trade again. Returns importer, product, exporter, value,
    share, suppliers (count), supplier_hhi, world_share, by_share, by_concentration, by_world, flags.
    """
    require(trade, "exporter", "importer", "product", "value")
    sold = totals(trade if exports is None else exports, keys(trade, "exporter", "product"), "sold")
    world = sold.group_by(keys(trade, "product")).agg(world=sold.sold.sum())
    bought = trade if importer is None else trade.filter(trade.importer == importer)
    cells = totals(bought, keys(trade, "importer", "product", "exporter"))
    suppliers = concentration(bought, ["exporter"], ["importer", "product"])
    suppliers = suppliers.select(
        *keys(trade, "importer", "product"), whole=suppliers.value, suppliers=suppliers.active, supplier_hhi=suppliers.hhi
    )
    joined = cells.join(suppliers, keys(trade, "importer", "product"))
    joined = joined.join(sold, keys(trade, "exporter", "product")).join(world, keys(trade, "product"))
    rows = joined.select(
        *keys(trade, "importer", "product", "exporter"),
        "value",
        "suppliers",
        "supplier_hhi",
        share=ratio(joined.value, joined.whole),
        world_share=ratio(joined.sold, joined.world),
    )
    flagged = rows.mutate(
        by_share=rows.share >= thresholds.share,
        by_concentration=rows.supplier_hhi >= thresholds.concentration,
        by_world=rows.world_share >= thresholds.world,
    )
    flags = flagged.by_share.cast("int64") + flagged.by_concentration.cast("int64") + flagged.by_world.cast("int64")
    measured = ("value", "share", "suppliers", "supplier_hhi", "world_share", "by_share", "by_concentration", "by_world")
    return flagged.select(*keys(trade, "importer", "product", "exporter"), *measured, flags=flags)


def exposure(measured: ibis.Table) -> ibis.Table:
    """By supplier, what an importer buys of it in products of which it supplies the threshold share or more (`by_share`).

    `measured` is what `dependence` gives. Returns importer, exporter, products (count of those flagged), flagged (their value),
    value (of all products), flagged_share (0 to 1, flagged over the importer's imports from everybody) and share (value over the
    same).
    """
    require(measured, "importer", "exporter", "product", "value", "by_share")
    marked, zero = measured.by_share, ibis.literal(0.0)
    sides = measured.group_by(keys(measured, "importer", "exporter")).agg(
        products=marked.cast("int64").sum(), flagged=marked.ifelse(measured.value, zero).sum(), value=measured.value.sum()
    )
    whole = measured.group_by(keys(measured, "importer")).agg(whole=measured.value.sum())
    joined = sides.join(whole, keys(measured, "importer"))
    return joined.select(
        *keys(measured, "importer", "exporter"),
        "products",
        "flagged",
        "value",
        flagged_share=ratio(joined.flagged, joined.whole),
        share=ratio(joined.value, joined.whole),
    )


def alternatives(trade: ibis.Table, importer: Code, product: Code, leaving: Code) -> ibis.Table:
    """Who else sells the product, should `leaving` no longer sell it to `importer`.

    Over the years of the table: exports and supplied are those of the last year, growth is the yearly compound rate of exports
    since the first (NULL where they began later). cover = exports to others than the importer / what `leaving` sold it in the
    last year: 1 means that all of it, sent elsewhere today, would just do. Returns exporter, exports, world_share, supplied
    (to the importer), elsewhere (exports to others), cover, growth, without the importer and `leaving`; values in the unit of
    the input.
    """
    require(trade, "exporter", "importer", "product", "value")
    rows = trade.filter(trade.product == product)
    if "year" not in rows.columns:
        rows = rows.mutate(year=ibis.literal(0, "int16"))
    span = rows.agg(first=rows.year.min(), last=rows.year.max())
    dated = rows.cross_join(span)
    value, zero = dated.value, ibis.literal(0.0)
    now, then = dated.year == dated.last, dated.year == dated.first
    to_importer = now & (dated.importer == importer)
    sellers = dated.group_by("exporter").agg(
        exports=now.ifelse(value, zero).sum(),
        supplied=to_importer.ifelse(value, zero).sum(),
        began=then.ifelse(value, zero).sum(),
    )
    whole = dated.agg(
        world=now.ifelse(value, zero).sum(),
        lost=(to_importer & (dated.exporter == leaving)).ifelse(value, zero).sum(),
        years=(dated.last - dated.first).max(),
    )
    joined = beside(sellers, whole, [])
    joined = joined.filter((joined.exporter != leaving) & (joined.exporter != importer) & (joined.exports > 0))
    elsewhere = joined.exports - joined.supplied
    return joined.select(
        "exporter",
        "exports",
        world_share=ratio(joined.exports, joined.world),
        supplied=joined.supplied,
        elsewhere=elsewhere,
        cover=ratio(elsewhere, joined.lost),
        growth=compound_growth(joined.began, joined.exports, joined.years),
    )
