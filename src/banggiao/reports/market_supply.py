"""How are dependence on suppliers and concentration of exports drawn: as a world map, and as lines over the years?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from banggiao.core.acts import Viewer
from banggiao.core.questions import ALL, Answer, Bi, Ref, ask
from banggiao.reports import maps, market_drawings
from banggiao.reports.blocks import Place, Shade, WorldMap
from banggiao.reports.charts import GOLD, WATER
from banggiao.reports.maps import SHADES, drawn_codes
from banggiao.reports.market_pictures import Picture, register_picture
from banggiao.reports.typography import Language, number

#: Per cent of all imports that come from a country in goods that depend on it; fixed, so that two years can be compared.
STEPS = (5.0, 2.0, 1.0, 0.2)
MAP = Bi("Nhập khẩu lệ thuộc vào nước nào", "Which countries the imports depend on")
LINES = Bi("Xuất khẩu tập trung tới đâu", "How concentrated exports are")


def _named(cell: Ref | Bi, language: Language) -> str:
    return (cell.title if isinstance(cell, Ref) else cell).get(language)


def _exposure(params: Mapping[str, str], viewer: Viewer, at: datetime, language: Language) -> Picture:
    asked = {name: params[name] for name in ("importer", "hs", "release", "year") if params.get(name)}
    answer = ask("market_exposure", asked, viewer, at=at, page=ALL).listed()
    shades = _shades(language)
    places = {}
    for row in answer.rows:
        supplier, code, products, _flagged, share = row.cells[:5]
        if products and code in drawn_codes():
            words = f"{number(share or 0, language)} %, {products} " + ("sản phẩm" if language == "vi" else "products")
            shade = next((n for n, low in enumerate(STEPS) if (share or 0) >= low), len(STEPS))
            places[code] = Place(_named(supplier, language), shade, words)
    title, largest = MAP.get(language), next(iter(answer.rows), None)
    told = f"{title}: {_named(largest.cells[0], language)} {number(largest.cells[4] or 0, language)} %" if largest else title
    synthetic = any(row.exercise for row in answer.rows)
    svg = maps.svg(WorldMap(title, shades, places, told), language, exercise=synthetic)
    return Picture(svg, title, told, answer)


def _shades(language: Language) -> tuple[Shade, ...]:
    texts = [f"≥ {number(STEPS[0], language)} %" + (" nhập khẩu" if language == "vi" else " of imports")]
    texts += [f"{number(low, language)}–{number(high, language)} %" for high, low in zip(STEPS, STEPS[1:], strict=False)]
    texts.append(f"< {number(STEPS[-1], language)} %")
    return tuple(Shade(text, colour) for text, colour in zip(texts, SHADES, strict=False))


def _concentration(params: Mapping[str, str], viewer: Viewer, at: datetime, language: Language) -> Picture:
    asked = {name: params[name] for name in ("exporter", "release", "year") if params.get(name)}
    answer = ask("market_concentration", asked, viewer, at=at, page=ALL).listed()
    years = sorted({int(row.cells[0]) for row in answer.rows})
    series = []
    for name, colour in zip(_sides(answer), (WATER, GOLD), strict=False):
        by_year = {int(row.cells[0]): row.cells[4] for row in answer.rows if row.cells[1] == name}
        series.append((name.get(language), [by_year.get(year) for year in years], colour))
    title = LINES.get(language)
    told = "; ".join(
        f"{name}: {number(row[-1], language)} ({years[-1]})" for name, row, _colour in series if years and row[-1] is not None
    )
    synthetic = any(row.exercise for row in answer.rows)
    unit = "HHI (0–1)"
    svg = market_drawings.lines(years or [at.year], series, unit=unit, title=title, language=language, synthetic=synthetic)
    return Picture(svg, title, f"{title}. {told}", answer)


def _sides(answer: Answer) -> list[Bi]:
    return list(dict.fromkeys(row.cells[1] for row in answer.rows))


register_picture("market_exposure", _exposure)
register_picture("market_concentration", _concentration)
