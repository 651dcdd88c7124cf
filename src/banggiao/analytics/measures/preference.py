"""What is a trade preference worth, how far is it used, and what duty is still paid for nothing?"""

from __future__ import annotations

from collections.abc import Sequence

import ibis

from banggiao.analytics.measures.columns import grouped, ratio, require


def preference_margins(tariffs: ibis.Table, trade: ibis.Table | None = None) -> ibis.Table:
    """The margin of each preference: (t_mfn - t_pref) / (1 + t_mfn), tariffs as fractions (0.1 is ten per cent).

    `tariffs` has importer, exporter, product, mfn, preferential (NULL: none). With `trade` also the competition-adjusted margin
    (t_others - t_pref) / (1 + t_others): t_others is what the other suppliers of the importer pay for the product, each with
    the weight of its sales; those without a row pay the highest mfn of the product there. It can be negative, and is NULL where
    nobody else sells. Where both tables have a year they are taken by year. Returns importer, exporter, product, mfn, paid,
    margin [, others_pay, adjusted_margin]. Source: Low, Piermartini and Richtering 2005,
    WTO ERSD-2005-05.
    """
    require(tariffs, "importer", "exporter", "product", "mfn", "preferential")
    by_year = ["year"] if "year" in tariffs.columns and (trade is None or "year" in trade.columns) else []
    line = [*by_year, "importer", "exporter", "product"]
    known = tariffs.select(*line, mfn=tariffs.mfn, paid=ibis.coalesce(tariffs.preferential, tariffs.mfn))
    margin = (known.mfn - known.paid) / (1 + known.mfn)
    if trade is None:
        return known.mutate(margin=margin)
    require(trade, "importer", "exporter", "product", "value")
    market = [*by_year, "importer", "product"]
    general = known.group_by(market).agg(general=known.mfn.max())
    sold = trade.group_by(line).agg(value=trade.value.sum())
    paying = sold.join(general, market).left_join(known, line)
    paying = paying.select(*line, value=paying.value, pays=ibis.coalesce(paying.paid, paying.general))
    of_market = paying.group_by(market).agg(
        whole=paying.value.sum(), duty=(paying.value * paying.pays).sum(), sellers=paying.exporter.nunique()
    )
    joined = known.left_join(paying.select(*line, own=paying.value), line).left_join(of_market, market)
    own = joined.own.fill_null(0.0)
    rivals = joined.sellers.fill_null(0) - joined.own.notnull().cast("int64")
    others = (rivals > 0).ifelse(ratio(joined.duty - own * joined.paid, joined.whole - own), ibis.null("float64"))
    rows = joined.select(*line, "mfn", "paid", margin=(joined.mfn - joined.paid) / (1 + joined.mfn), others_pay=others)
    return rows.mutate(adjusted_margin=(rows.others_pay - rows.paid) / (1 + rows.others_pay))


def utilisation(use: ibis.Table, by: Sequence[str] = ("importer", "exporter")) -> ibis.Table:
    """How far preferences are used: imports claimed under them / imports eligible, and the duty that could still be saved.

    `use` has claimed and eligible (values), mfn and preferential (fractions) and the columns of `by`; imports are eligible where
    preferential < mfn, other rows do not count. savings_left = sum max(eligible - claimed, 0) (mfn - preferential), in the unit
    of the values; saved the same for what was claimed. Returns by, eligible, claimed, utilisation (0 to 1), unclaimed, saved and
    savings_left. Source: Keck and Lendle 2012, WTO ERSD-2012-12.
    """
    require(use, "eligible", "claimed", "mfn", "preferential", *by)
    rows = use.filter(use.preferential < use.mfn)
    zero = ibis.literal(0.0)
    unclaimed = ibis.greatest(rows.eligible.cast("float64") - rows.claimed, zero)
    found = grouped(rows, by).agg(
        eligible=rows.eligible.sum(),
        claimed=rows.claimed.sum(),
        unclaimed=unclaimed.sum(),
        saved=(rows.claimed * (rows.mfn - rows.preferential)).sum(),
        savings_left=(unclaimed * (rows.mfn - rows.preferential)).sum(),
    )
    return found.select(
        *by, "eligible", "claimed", ratio(found.claimed, found.eligible).name("utilisation"), "unclaimed", "saved", "savings_left"
    )
