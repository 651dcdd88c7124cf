"""How are the pictures of world trade drawn? Scatter, network of products and lines over years, as SVG of our own.

Beside the bars of `charts`. Positions come in data units; what is drawn can be a link, and says its figures when pointed at.
Made-up data carries its label inside the picture, so that the picture taken alone still says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10, sqrt
from xml.sax.saxutils import escape, quoteattr

import resvg_py

from banggiao.reports.charts import GOLD, INK, JADE, LACQUER, PAPER_DARK, WATER, WATER_DEEP
from banggiao.reports.typefaces import font_files, printable
from banggiao.reports.typography import Language, clean, number, text_width

WIDTH, HEIGHT = 960.0, 560.0
LINE, PALE = "#dde3e9", "#c3ccd5"
#: Nine colours that hold apart for most readers with colour blindness; every group is also named in the legend.
COLOURS = (JADE, GOLD, "#7a4fa3", "#8a5a2b", LACQUER, PAPER_DARK, WATER, WATER_DEEP, "#d1719b")
SYNTHETIC = {"vi": "TỔNG HỢP, DIỄN TẬP", "en": "SYNTHETIC, EXERCISE"}
_SIZE = 13.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 18.0, 34.0, 46.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A product or a country in the picture: `strong` ones are filled, `text` is printed beside it, `words` are said of it."""

    x: float
    y: float
    words: str
    size: float = 1.0
    colour: str = WATER
    strong: bool = True
    text: str = ""
    url: str = ""


def scatter(dots: Sequence[Dot], *, x_label: str, y_label: str, title: str, language: Language, synthetic: bool = False) -> str:
    """Dots between two axes; weak ones are rings. `size` is proportional to the area."""
    xs, ys = _extent([d.x for d in dots]), _extent([d.y for d in dots])
    place_x, place_y = _scale(xs, _LEFT, WIDTH - _RIGHT), _scale(ys, HEIGHT - _BOTTOM, _TOP)
    parts = [*_grid(xs, ys, place_x, place_y, language), *_axis_names(x_label, y_label)]
    largest = max((d.size for d in dots), default=1.0) or 1.0
    taken: list[tuple[float, float, float, float]] = []
    for dot in sorted(dots, key=lambda d: (d.strong, -d.size)):
        parts.append(_dot(dot, place_x(dot.x), place_y(dot.y), 2.5 + 13 * sqrt(max(dot.size, 0.0) / largest)))
    parts += _texts(((place_x(d.x), place_y(d.y), d) for d in dots if d.text), taken)
    return _sheet(parts, title, language, synthetic)


def network(
    dots: Mapping[int, Dot], edges: Iterable[tuple[int, int, float]], *, title: str, language: Language, synthetic: bool = False
) -> str:
    """Dots at positions of their own, joined by edges (first, second, weight 0 to 1); positions run from 0 to 1."""
    place_x, place_y = _scale((0.0, 1.0), 20.0, WIDTH - 20.0), _scale((0.0, 1.0), HEIGHT - 14.0, _TOP)
    parts = [f'<g stroke="{PALE}" fill="none">']
    for first, second, weight in edges:
        a, b = dots[first], dots[second]
        line = f'x1="{place_x(a.x):.1f}" y1="{place_y(a.y):.1f}" x2="{place_x(b.x):.1f}" y2="{place_y(b.y):.1f}"'
        parts.append(f'<line {line} stroke-width="{0.5 + 1.6 * max(0.0, min(1.0, weight)):.1f}"/>')
    parts.append("</g>")
    largest = max((d.size for d in dots.values()), default=1.0) or 1.0
    for dot in sorted(dots.values(), key=lambda d: (d.strong, -d.size)):
        parts.append(_dot(dot, place_x(dot.x), place_y(dot.y), 3.0 + 11 * sqrt(max(dot.size, 0.0) / largest)))
    parts += _texts(((place_x(d.x), place_y(d.y), d) for d in dots.values() if d.text), [])
    return _sheet(parts, title, language, synthetic)


def lines(
    years: Sequence[int],
    series: Sequence[tuple[str, Sequence[float | None], str]],
    *,
    unit: str,
    title: str,
    language: Language,
    synthetic: bool = False,
    bands: Sequence[tuple[Sequence[float], Sequence[float], str]] = (),
) -> str:
    """One line for each series (name, a value a year or None, colour), named at its end; bands (low, high, colour) lie below."""
    values = [v for _name, row, _colour in series for v in row if v is not None]
    values += [v for low, high, _colour in bands for v in (*low, *high)]
    xs, ys = (float(min(years)), float(max(years))), _extent(values, zero=min(values, default=0.0) >= 0)
    room = max((text_width(name, _SIZE) for name, _row, _colour in series), default=0.0) + 14
    place_x, place_y = _scale(xs, _LEFT, WIDTH - min(room, 260.0)), _scale(ys, HEIGHT - _BOTTOM, _TOP)
    parts = []
    for tick in _ticks(*ys):
        y = place_y(tick)
        parts.append(f'<line x1="{_LEFT}" x2="{WIDTH - min(room, 260.0):.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{LINE}"/>')
        parts.append(_text(_LEFT - 8, y + 4, _short(tick, language), anchor="end", colour=PAPER_DARK))
    step = max(1, len(years) // 10)
    parts += [
        _text(place_x(year), HEIGHT - _BOTTOM + 22, str(year), anchor="middle", colour=PAPER_DARK) for year in years[::step]
    ]
    parts.append(_text(_LEFT, 20, unit, colour=PAPER_DARK))
    for low, high, colour in bands:
        there = [f"{place_x(y):.1f},{place_y(v):.1f}" for y, v in zip(years, high, strict=True)]
        back = [f"{place_x(y):.1f},{place_y(v):.1f}" for y, v in zip(years, low, strict=True)]
        parts.append(f'<polygon points="{" ".join([*there, *reversed(back)])}" fill="{colour}" opacity="0.15"/>')
    ends: list[float] = []
    for name, row, colour in series:
        known = [(place_x(year), place_y(v), f"{name}, {year}: {number(v, language)}") for year, v in _known(years, row)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _words in known)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.4" stroke-linejoin="round"/>')
        for x, y, words in known:
            heard = f"<title>{escape(clean(words))}</title>"
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{colour}">{heard}</circle>')
        if known:
            y = known[-1][1]
            while any(abs(y - other) < 15 for other in ends):
                y += 15
            ends.append(y)
            parts.append(_text(known[-1][0] + 9, y + 4, name, colour=colour, bold=True))
    return _sheet(parts, title, language, synthetic)


def png(svg: str, width: int = 1600) -> bytes:
    """A drawing as PNG on white, `width` pixels wide. Raises SetupProblem when the fonts are missing."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=printable(svg),
            width=width,
            background="#ffffff",
            skip_system_fonts=True,
            font_files=[str(path) for path in font_files()],
            font_family="Tinos",
        )
    )


def _sheet(parts: Sequence[str], title: str, language: Language, synthetic: bool) -> str:
    mark = ""
    if synthetic:
        words = SYNTHETIC[language]
        width = text_width(words, _SIZE, bold=True) + 16
        edge = f'fill="#ffffff" stroke="{LACQUER}" stroke-width="1.2"'
        mark = f'<rect x="{WIDTH - width - 2:.1f}" y="3" width="{width:.1f}" height="22" {edge}/>' + _text(
            WIDTH - width / 2 - 2, 18.5, words, anchor="middle", colour=LACQUER, bold=True
        )
    box = f'viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" width="{WIDTH:.0f}" height="{HEIGHT:.0f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} '
        f'role="group" aria-label={quoteattr(clean(title))} font-family="Tinos" font-size="{_SIZE}" fill="{INK}">'
        + "".join(parts)
        + mark
        + "</svg>"
    )


def _known(years: Sequence[int], row: Sequence[float | None]) -> list[tuple[int, float]]:
    return [(year, value) for year, value in zip(years, row, strict=True) if value is not None]


def _dot(dot: Dot, x: float, y: float, radius: float) -> str:
    look = f'fill="{dot.colour}" stroke="#ffffff"' if dot.strong else f'fill="#ffffff" stroke="{dot.colour}" opacity="0.75"'
    shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" {look}><title>{escape(clean(dot.words))}</title></circle>'
    return f"<a href={quoteattr(dot.url)} aria-label={quoteattr(clean(dot.words))}>{shape}</a>" if dot.url else shape


def _texts(placed: Iterable[tuple[float, float, Dot]], taken: list[tuple[float, float, float, float]]) -> list[str]:
    """The printed names, those of large dots first; one that would lie over another is left out, its dot still says it."""
    parts = []
    for x, y, dot in sorted(placed, key=lambda each: -each[2].size):
        width = text_width(dot.text, _SIZE)
        left = x + 9 if x + 9 + width < WIDTH - 4 else x - 9 - width
        box = (left, y - 9, left + width, y + 6)
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        halo = 'stroke="#ffffff" stroke-width="3" paint-order="stroke" stroke-linejoin="round"'
        parts.append(f'<text x="{left:.1f}" y="{y + 4:.1f}" font-size="{_SIZE}" {halo}>{escape(clean(dot.text))}</text>')
    return parts


def _grid(xs: tuple[float, float], ys: tuple[float, float], place_x: _Place, place_y: _Place, language: Language) -> list[str]:
    parts = []
    for tick in _ticks(*xs):
        x = place_x(tick)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{HEIGHT - _BOTTOM}" stroke="{LINE}"/>')
        parts.append(_text(x, HEIGHT - _BOTTOM + 18, _short(tick, language), anchor="middle", colour=PAPER_DARK))
    for tick in _ticks(*ys):
        y = place_y(tick)
        parts.append(f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{LINE}"/>')
        parts.append(_text(_LEFT - 8, y + 4, _short(tick, language), anchor="end", colour=PAPER_DARK))
    return parts


def _axis_names(x_label: str, y_label: str) -> list[str]:
    return [
        _text(WIDTH - _RIGHT, HEIGHT - 8, f"{x_label} →", anchor="end", bold=True),
        _text(8, 20, f"↑ {y_label}", bold=True),
    ]


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = INK, bold: bool = False) -> str:
    face = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{_SIZE}" text-anchor="{anchor}" fill="{colour}"{face}>'
        f"{escape(clean(text))}</text>"
    )


class _Place:
    """From data units to the sheet."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self._low, self._start = low, start
        self._step = (end - start) / (high - low) if high > low else 0.0

    def __call__(self, value: float) -> float:
        return self._start + (value - self._low) * self._step


def _scale(extent: tuple[float, float], start: float, end: float) -> _Place:
    return _Place(extent[0], extent[1], start, end)


def _extent(values: Sequence[float], *, zero: bool = False) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    if zero:
        low = 0.0
    margin = (high - low) * 0.04 or 0.5
    return (low if zero else low - margin), high + margin


def _ticks(low: float, high: float) -> list[float]:
    """Round values between the bounds, five to ten of them."""
    rough = (high - low) / 6 or 1.0
    power: float = 10.0 ** floor(log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough)
    first = floor(low / step) + 1
    return [round(n * step, 10) for n in range(first, floor(high / step) + 1)]


def _short(value: float, language: Language) -> str:
    return number(round(value, 6), language)
