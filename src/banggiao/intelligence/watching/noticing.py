"""What in the trade data is unusual enough for a watch: which period, how far from the usual, by which source?

Real watches read published figures and the release in force; watches of an exercise read synthetic releases only, and the other
way round never.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from banggiao.core.periods import parse_period
from banggiao.core.questions import Bi
from banggiao.core.vocabulary import vocabulary
from banggiao.intelligence.watching.models import Watch
from banggiao.intelligence.watching.series import Series, Shares, monthly_series, supplier_shares

#: A first look at years of history would flood the board; older months are read as baseline only.
MONTHS_LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class Noticed:
    """One unusual figure: period, value and what was expected (USD million), score (robust z, or share), and its source."""

    name: Bi
    period: str
    partner_id: UUID | None
    product: str
    value: Decimal
    baseline: Decimal | None
    score: Decimal
    provisional: bool
    source_title: str
    source_url: str
    as_of: str


def notice(watch: Watch) -> list[Noticed]:
    """What the watch finds in the data as they stand, the latest first; nothing where there are no data for it."""
    if watch.measure == "supplier_share":
        return [_share(watch, each) for each in supplier_shares(watch) if each.share >= watch.threshold]
    return [one for each in monthly_series(watch) for one in _changes(watch, each)]


def _changes(watch: Watch, series: Series) -> list[Noticed]:
    # Imported here: a core installation has no NumPy, and it has no watches either until somebody sets one up.
    from banggiao.analytics.series.warning import seasonal_scores

    found = []
    scored = seasonal_scores(series.values)
    for at in range(len(series.periods) - 1, max(-1, len(series.periods) - 1 - MONTHS_LOOKED_AT), -1):
        z, baseline, value = scored.z[at], scored.baseline[at], series.values[at]
        if value is None or z != z or abs(z) < float(watch.threshold) or max(value, baseline) < float(watch.value_floor):
            continue
        found.append(
            Noticed(
                name=_said(watch, series.periods[at], z, value, baseline),
                period=series.periods[at],
                partner_id=watch.partner_id,
                product=watch.product,
                value=_usd(value),
                baseline=_usd(baseline),
                score=Decimal(f"{z:.3f}"),
                provisional=series.provisional[at],
                source_title=series.source_title,
                source_url=series.urls[at],
                as_of=series.as_of[at],
            )
        )
    return found


def _share(watch: Watch, each: Shares) -> Noticed:
    percent = f"{each.share * 100:.1f}"
    return Noticed(
        name=Bi(
            f"{watch.name_vi}: {each.supplier.vi} chiếm {percent.replace('.', ',')} % nhập khẩu năm {each.year}",
            f"{watch.name_en or watch.name_vi}: {each.supplier.get('en')} supplied {percent} % of the imports of {each.year}",
        ),
        period=str(each.year),
        partner_id=each.supplier_id,
        product=watch.product,
        value=_usd(each.value),
        baseline=None,
        score=Decimal(f"{each.share:.3f}"),
        provisional=False,
        source_title=each.source_title,
        source_url=each.source_url,
        as_of=each.as_of,
    )


def _said(watch: Watch, period: str, z: float, value: float, baseline: float) -> Bi:
    month = parse_period(period).start
    change = (value / baseline - 1) * 100 if baseline else 0.0
    flow = vocabulary("watch_flow")
    vi = f"{abs(change):.1f}".replace(".", ",")
    return Bi(
        f"{watch.name_vi}: {flow.label(watch.flow, 'vi').lower()} {month:%m/%Y} "
        f"{'cao' if z > 0 else 'thấp'} hơn mức thường {vi} %",
        f"{watch.name_en or watch.name_vi}: {flow.label(watch.flow, 'en').lower()} of {month:%m/%Y} "
        f"{abs(change):.1f} % {'above' if z > 0 else 'below'} the usual level",
    )


def _usd(value: float) -> Decimal:
    return Decimal(f"{value:.3f}")
