"""How is the effect of an agreement drawn: the change of exports of its members, as bars?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from banggiao.core.acts import Viewer
from banggiao.core.questions import ALL, Bi, Ref, ask
from banggiao.markets.questions_whatif import AGREEMENT
from banggiao.reports import charts
from banggiao.reports.blocks import Chart, Series
from banggiao.reports.market_pictures import Picture, register_picture
from banggiao.reports.typography import Language, number

SHOWN = 14
TITLE = Bi("Xuất khẩu thay đổi bao nhiêu", "How much exports would change")


def _draw(params: Mapping[str, str], viewer: Viewer, at: datetime, language: Language) -> Picture:
    given = {p.name: params[p.name] for p in AGREEMENT if params.get(p.name)}
    answer = ask("market_agreement_effects", given, viewer, at=at, page=ALL).listed()
    rows = list(answer.rows)[:SHOWN]
    labels = tuple((c.title if isinstance(c, Ref) else c).get(language) for c in (row.cells[0] for row in rows))
    unit = Bi("% so với trước, mô hình toàn phần", "% against before, full model").get(language)
    chart = Chart("bar", labels, (Series("", tuple(row.cells[5] for row in rows)),), unit)
    title = TITLE.get(language)
    told = "; ".join(f"{name} {number(row.cells[5], language)} %" for name, row in zip(labels[:3], rows, strict=False))
    return Picture(charts.svg(chart, language), title, f"{title}: {told}", answer)


register_picture("market_agreement_effects", _draw)
