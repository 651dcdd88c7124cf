"""What in the trade data is unusual enough for a watch: which period, how far from the usual, by which source?

Real watches read published figures and the release in force; watches of an exercise read synthetic releases only, and the other
way round never.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from banggiao.core.questions import Bi
from banggiao.core.vocabulary import vocabulary
from banggiao.intelligence.watching.models import Watch
from banggiao.intelligence.watching.series import Series, Shares, monthly_series, supplier_shares

if TYPE_CHECKING:
    from banggiao.analytics.series.warning import Alert

#: A first look at years of history would flood the board; older months are read as baseline only.
MONTHS_LOOKED_AT = 12
#: USD million; without a floor of its own a watch takes any trade at all.
_SMALLEST = 0.001


@dataclass(frozen=True, slots=True)
class Noticed:
    """One unusual figure: period, value and what was expected (USD million), score (robust z, or share), and its source."""

    name: Bi
    period: str
    partner_id: UUID | None
    product: str
    value: Decimal
    baseline: Decimal | None
    score: Decimal | None
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
    # Imported here: a core installation has no NumPy.
    import numpy as np
    import pyarrow as pa

    from banggiao.analytics.series.monthly import MonthlySeries
    from banggiao.analytics.series.warning import FEWEST, warnings

    first, last = series.periods[0], len(series.periods) - 1
    asked = MonthlySeries(
        keys=pa.table({"flow": [watch.flow]}),
        values=np.array([[np.nan if value is None else value for value in series.values]]),
        first=int(first[:4]) * 12 + int(first[5:7]) - 1,
        provisional=np.array(series.provisional),
        source_date=series.as_of[last],
        unit="USD million",
    )
    floor, found = max(float(watch.value_floor), _SMALLEST), []
    for at in range(last, max(12 + FEWEST, last - MONTHS_LOOKED_AT + 1) - 1, -1):
        for alert in warnings(asked, floor=floor, at=at, threshold=float(watch.threshold)):
            found.append(
                Noticed(
                    name=_said(watch, alert),
                    period=alert.month,
                    partner_id=watch.partner_id,
                    product=watch.product,
                    value=_usd(alert.value),
                    baseline=_usd(alert.baseline),
                    score=None if alert.z is None else Decimal(f"{alert.z:.3f}"),
                    provisional=alert.provisional,
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


def _said(watch: Watch, alert: Alert) -> Bi:
    """The signal in a sentence: what was watched, in which month, and how the figure departs from what its past let expect."""
    month, flow = f"{alert.month[5:7]}/{alert.month[:4]}", vocabulary("watch_flow")
    change = abs(alert.value / alert.baseline - 1) * 100 if alert.baseline else 0.0
    vi = f"{change:.1f}".replace(".", ",")
    told = {
        "drop": (f"thấp hơn mức thường {vi} %", f"{change:.1f} % below the usual level"),
        "surge": (f"cao hơn mức thường {vi} %", f"{change:.1f} % above the usual level"),
        "stopped": ("dừng hẳn", "stopped altogether"),
        "started": ("phát sinh mới", "began"),
    }[alert.kind]
    return Bi(
        f"{watch.name_vi}: {flow.label(watch.flow, 'vi').lower()} {month} {told[0]}",
        f"{watch.name_en or watch.name_vi}: {flow.label(watch.flow, 'en').lower()} of {month} {told[1]}",
    )


def _usd(value: float) -> Decimal:
    return Decimal(f"{value:.3f}")
