"""How is the product space of a country drawn: the network of proximity, and near against complex?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from banggiao.core.acts import Viewer
from banggiao.core.questions import ALL, Answer, Bi, ask
from banggiao.core.vocabulary import vocabulary
from banggiao.reports.market_drawings import COLOURS, Dot, network, scatter
from banggiao.reports.market_pictures import Picture, register_picture
from banggiao.reports.typography import Language, number

#: Products without advantage that the scatter shows: those nearest to what the country exports.
NEAR = 400
#: Names printed beside dots, those of the largest.
NAMED = 14
_LONGEST = 34


def sector_colours() -> dict[str, str]:
    """The colour of each sector of goods."""
    return dict(zip(vocabulary("product_sector").codes, COLOURS, strict=True))


def short(name: str) -> str:
    """A product's name short enough for a picture."""
    name = name.partition(" (")[0]
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip(" ,;") + "…"


def _asked(params: Mapping[str, str], *names: str) -> dict[str, str]:
    return {n: v for n, v in params.items() if n in (*names, "release", "year") and v}


def _legend(answer: Answer, language: Language, *, held: bool) -> tuple[tuple[str, str], ...]:
    colours, terms = sector_colours(), vocabulary("product_sector")
    used = {row.cells[2] for row in answer.rows}
    return tuple((terms.label(code, language), colours[code]) for code in terms.codes if code in used)


def _words(cells: tuple[Any, ...], language: Language) -> str:
    name = cells[0].get(language)
    told = {"vi": "mật độ", "en": "density"}[language]
    exports = {"vi": "xuất khẩu", "en": "exports"}[language]
    million = {"vi": "triệu USD", "en": "USD million"}[language]
    return (
        f"{cells[1]} {name}: RCA {number(cells[3] or 0, language, 2)}, {told} {number(cells[5] or 0, language, 2)}, "
        f"PCI {number(cells[6] or 0, language, 2)}, {exports} {number(cells[9], language)} {million}"
    )


def _scatter(params: Mapping[str, str], viewer: Viewer, at: datetime, language: Language) -> Picture:
    answer = ask("market_space", {**_asked(params, "exporter", "sector"), "held": "no"}, viewer, at=at, page=ALL).listed()
    rows = list(answer.rows)[:NEAR]
    colours = sector_colours()
    best = {row.cells[1] for row in sorted(rows, key=lambda r: -_promise(r.cells))[:NAMED]}
    dots = [
        Dot(
            row.cells[5] or 0.0,
            row.cells[6] or 0.0,
            _words(row.cells, language),
            size=row.cells[10],
            colour=colours[row.cells[2]],
            text=short(row.cells[0].get(language)) if row.cells[1] in best else "",
        )
        for row in rows
    ]
    title = Bi("Sản phẩm ở gần năng lực hiện có, so với độ phức hợp", "Products near present capabilities against complexity")
    svg = scatter(
        dots,
        x_label=Bi("Mật độ: gần với những gì đã xuất khẩu", "Density: near what is exported").get(language),
        y_label=Bi("PCI: phức hợp hơn", "PCI: more complex").get(language),
        title=title.get(language),
        language=language,
        synthetic=any(r.exercise for r in rows),
    )
    summary = Bi(
        "Mỗi chấm là một sản phẩm chưa có lợi thế; càng sang phải càng gần năng lực hiện có, càng lên cao càng phức hợp; "
        "chấm to là thị trường thế giới lớn.",
        "Each dot is a product without advantage; further right is nearer to present capabilities, higher is more complex; "
        "a large dot is a large world market.",
    )
    return Picture(svg, title.get(language), summary.get(language), answer, _legend(answer, language, held=False))


def _promise(cells: tuple[Any, ...]) -> float:
    """What a label goes to first: near, complex and large at once."""
    return float(cells[5] or 0.0) * 4 + float(cells[6] or 0.0) + 0.0001 * math.sqrt(float(cells[10]))


def _network(params: Mapping[str, str], viewer: Viewer, at: datetime, language: Language) -> Picture:
    space = ask("market_space", _asked(params, "exporter"), viewer, at=at, page=ALL).listed()
    pairs = ask("market_proximity", _asked(params), viewer, at=at, page=ALL).listed()
    links = tuple((row.cells[1], row.cells[3], row.cells[4]) for row in pairs.rows)
    codes, where = _places(links)
    known = {row.cells[1]: row.cells for row in space.rows}
    colours = sector_colours()
    drawn = [code for code in codes if code in known]
    largest = sorted((c for c in drawn if known[c][4]), key=lambda c: -known[c][9])[:NAMED]
    dots = {
        n: Dot(
            *where[n],
            _words(known[code], language),
            size=known[code][10],
            colour=colours[known[code][2]],
            strong=bool(known[code][4]),
            text=short(known[code][0].get(language)) if code in largest else "",
        )
        for n, code in enumerate(codes)
        if code in known
    }
    number_of = {code: n for n, code in enumerate(codes)}
    edges = [(number_of[a], number_of[b], float(w)) for a, b, w in links if number_of[a] in dots and number_of[b] in dots]
    title = Bi("Không gian sản phẩm", "The product space")
    svg = network(dots, edges, title=title.get(language), language=language, synthetic=any(r.exercise for r in space.rows))
    summary = Bi(
        "Sản phẩm hay được cùng một nước xuất khẩu thì nối với nhau; chấm đặc là sản phẩm nước này có lợi thế (RCA ≥ 1).",
        "Products often exported by the same countries are joined; a filled dot is a product of advantage here (RCA ≥ 1).",
    )
    return Picture(svg, title.get(language), summary.get(language), pairs, _legend(space, language, held=True))


@lru_cache(maxsize=4)
def _places(links: tuple[tuple[str, str, float], ...]) -> tuple[tuple[str, ...], tuple[tuple[float, float], ...]]:
    """The codes that are linked, and where each stands on the sheet; placing takes most of the time of the picture."""
    from banggiao.analytics.layout import placed

    codes = tuple(sorted({code for a, b, _w in links for code in (a, b)}))
    number_of = {code: n for n, code in enumerate(codes)}
    where = placed(len(codes), [(number_of[a], number_of[b], w) for a, b, w in links])
    return codes, tuple((float(x), float(y)) for x, y in where)


register_picture("market_space_scatter", _scatter)
register_picture("market_space_network", _network)
