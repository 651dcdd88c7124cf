"""How are the published partner shares of a country drawn: whom it sells to and buys from, as bars?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from banggiao.core.acts import Viewer
from banggiao.core.questions import ALL, Bi, Ref, ask
from banggiao.reports import charts
from banggiao.reports.blocks import Chart, Series
from banggiao.reports.market_pictures import Picture, register_picture
from banggiao.reports.typography import Language

#: Flow -> what its picture is called.
TITLES = {
    "export": Bi("Bán cho ai nhiều nhất", "Main markets"),
    "import": Bi("Mua của ai nhiều nhất", "Main suppliers"),
}


def _draw(params: Mapping[str, str], viewer: Viewer, at: datetime, language: Language) -> Picture:
    flow = params.get("flow") or "export"
    asked = {"flow": flow, **{n: v for n, v in params.items() if n == "country" and v}}
    answer = ask("published_trade_partners", asked, viewer, at=at, page=ALL).listed()
    rows = list(answer.rows)
    names = tuple((c.title if isinstance(c, Ref) else c).get(language) for c in (r.cells[3] for r in rows))
    period = rows[0].cells[1] if rows else ""
    unit = Bi(f"% trong tổng, năm {period}", f"% of the total, {period}").get(language) if rows else ""
    chart = Chart("bar", names, (Series("", tuple(r.cells[5] for r in rows)),), unit)
    told = "; ".join(f"{name} {row.cells[5]:g} %" for name, row in zip(names, rows, strict=True))
    title = TITLES[flow].get(language)
    return Picture(charts.svg(chart, language), title, f"{title}: {told}", answer)


register_picture("published_trade_partners", _draw)
