"""How is a tariff scenario drawn: what each supplier wins and loses, as bars?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from banggiao.core.acts import Viewer
from banggiao.core.questions import ALL, Bi, Ref, ask
from banggiao.markets.questions_scenarios import SCENARIO
from banggiao.reports import charts
from banggiao.reports.blocks import Chart, Series
from banggiao.reports.market_pictures import Picture, register_picture
from banggiao.reports.typography import Language, number

SHOWN = 12
TITLE = Bi("Ai bán thêm, ai mất", "Who sells more, who loses")


def _draw(params: Mapping[str, str], viewer: Viewer, at: datetime, language: Language) -> Picture:
    names = (*(p.name for p in SCENARIO), "release", "year")
    answer = ask("market_tariff_suppliers", {n: params[n] for n in names if params.get(n)}, viewer, at=at, page=ALL).listed()
    rows = list(answer.rows)[:SHOWN]
    labels = tuple((c.title if isinstance(c, Ref) else c).get(language) for c in (row.cells[0] for row in rows))
    unit = Bi("triệu USD", "USD million").get(language)
    chart = Chart("bar", labels, (Series("", tuple(row.cells[7] for row in rows)),), unit)
    title = TITLE.get(language)
    told = "; ".join(f"{name} {number(row.cells[7], language)} {unit}" for name, row in zip(labels[:3], rows, strict=False))
    synthetic = any(row.exercise for row in answer.rows)
    return Picture(charts.svg(chart, language, exercise=synthetic), title, f"{title}: {told}", answer)


register_picture("market_tariff_suppliers", _draw)
