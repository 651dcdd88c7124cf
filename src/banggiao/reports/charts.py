"""How is a chart drawn? One small SVG writer for bars, stacked bars and columns; PNG of the same drawing for Word.

Written by hand because the labels are Vietnamese, the palette is the system's and the same figures must give the same bytes.
Every value is printed on the chart; a missing one is named as missing. The same figures as a table: `Chart.as_table`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

import resvg_py

from banggiao.reports.blocks import Chart
from banggiao.reports.typefaces import font_files, printable
from banggiao.reports.typography import Language, Number, clean, number, text_width
from banggiao.reports.wording import LABELS

INK, WATER_DEEP, WATER, LACQUER, GOLD, JADE = "#10263b", "#0b4f71", "#1c7fae", "#bf2a23", "#d59a1f", "#1b8560"
PAPER_DARK = "#6b7885"

# The order of status series in this trade (done, under way, at risk, overdue) falls on jade, water, gold, lacquer.
SERIES_COLOURS = (JADE, WATER, GOLD, LACQUER, WATER_DEEP, INK, PAPER_DARK)
_LIGHT = (GOLD,)  # colours that carry dark figures

WIDTH = 640.0  # user units; 160 mm on paper, so 4 units are a millimetre
_SIZE = 14.5  # about 10 points on paper
_SMALL = 13.0
_LINE = 17.0
_MOST_LINES = 4


def svg(chart: Chart, language: Language, *, exercise: bool = False) -> str:
    """The chart as a stand-alone SVG document of 640 units width, set in Tinos; marked DIỄN TẬP for exercise data."""
    parts: list[str] = []
    top = _header(chart, language, exercise, parts)
    # Columns whose labels would not fit under them are drawn as bars: a turned label is hard to read.
    draw = _empty if not chart.categories else _columns if chart.kind == "column" and _columns_fit(chart) else _bars
    height = draw(chart, language, top, parts)
    box = f'width="{WIDTH:.0f}" height="{height:.0f}" viewBox="0 0 {WIDTH:.0f} {height:.0f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} '
        f'font-family="Tinos" font-size="{_SIZE}" fill="{INK}">' + "".join(parts) + "</svg>"
    )


def png(chart: Chart, language: Language, *, exercise: bool = False, width: int = 1600) -> bytes:
    """The same drawing as PNG, `width` pixels wide on white. Raises SetupProblem when the fonts are missing."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=printable(svg(chart, language, exercise=exercise)),
            width=width,
            background="#ffffff",
            skip_system_fonts=True,
            font_files=[str(path) for path in font_files()],
            font_family="Tinos",
        )
    )


def _header(chart: Chart, language: Language, exercise: bool, parts: list[str]) -> float:
    """Unit, legend and exercise mark; returns where the drawing may begin."""
    labels = LABELS[language]
    y, right = 4.0, WIDTH
    if exercise:
        width = text_width(labels.exercise, _SMALL, bold=True) + 14
        right = WIDTH - width - 12
        edge = f'fill="none" stroke="{LACQUER}" stroke-width="1.2"'
        parts.append(f'<rect x="{WIDTH - width - 1:.1f}" y="2" width="{width:.1f}" height="20" {edge}/>')
        parts.append(_text(WIDTH - width / 2 - 1, 16.5, labels.exercise, anchor="middle", size=_SMALL, bold=True, colour=LACQUER))
    if chart.unit:
        unit = f"Đơn vị: {chart.unit}" if language == "vi" else f"Unit: {chart.unit}"
        for line in _wrapped(unit, right - 4, _SMALL):
            parts.append(_text(0, y + 12, line, size=_SMALL, italic=True, colour=PAPER_DARK))
            y += _LINE
    elif exercise:
        y += _LINE
    if len(chart.series) > 1:
        x, y = 0.0, y + 6
        for place, one in enumerate(chart.series):
            names = _wrapped(one.name, WIDTH - 60, _SIZE)
            width = 20 + max(text_width(name, _SIZE) for name in names) + 22
            if x and x + width > (right if y < 24 else WIDTH) + 22:
                x, y = 0.0, y + _LINE + 3
            parts.append(_rect(x, y + 2, 13, 13, _colour(chart, place)))
            for step, name in enumerate(names):
                parts.append(_text(x + 19, y + 13 + step * _LINE, name))
            y += (len(names) - 1) * _LINE
            x += width
        y += _LINE + 3
    return y + 8


def _empty(chart: Chart, language: Language, top: float, parts: list[str]) -> float:
    parts.append(_text(WIDTH / 2, top + _LINE, LABELS[language].no_rows, anchor="middle", italic=True, colour=PAPER_DARK))
    return top + 2 * _LINE


def _bars(chart: Chart, language: Language, top: float, parts: list[str]) -> float:
    stacked = chart.kind == "stacked"
    labels = [_wrapped(name, WIDTH * 0.34, _SIZE) for name in chart.categories]
    gutter = max((text_width(line, _SIZE) for lines in labels for line in lines), default=0.0) + 10
    value_room = max((text_width(text, _SIZE, bold=True) for text in _value_texts(chart, language)), default=0.0) + 10
    if stacked:
        totals = [
            sum(float(value) for value in _row(chart, place) if value is not None) for place in range(len(chart.categories))
        ]
        low, high = 0.0, max(totals, default=0.0)
    else:
        low, high = _extent(chart)
    left_room = value_room if low < 0 else 0.0
    span = WIDTH - gutter - value_room - left_room
    zero = gutter + left_room + (span * -low / (high - low) if high > low else 0.0)
    scale = span / (high - low) if high > low else 0.0
    per_bar = 22.0 if stacked or len(chart.series) == 1 else 17.0
    bars = 1 if stacked else len(chart.series)
    y = top
    for place, lines in enumerate(labels):
        height = max(bars * per_bar, len(lines) * _LINE)
        middle = y + height / 2
        for step, line in enumerate(lines):
            parts.append(_text(gutter - 10, middle + 5 + (step - (len(lines) - 1) / 2) * _LINE, line, anchor="end"))
        bar_y = middle - bars * per_bar / 2
        if stacked:
            _stack(chart, language, place, zero, scale, bar_y, per_bar, parts)
        else:
            for order, value in enumerate(_row(chart, place)):
                _bar(value, language, _colour(chart, order), zero, scale, bar_y + order * per_bar, per_bar, parts)
        y += height + 9
    parts.append(f'<line x1="{zero:.1f}" y1="{top - 4:.1f}" x2="{zero:.1f}" y2="{y - 5:.1f}" stroke="{INK}" stroke-width="1"/>')
    return y


def _bar(
    value: Number | None, language: Language, colour: str, zero: float, scale: float, y: float, room: float, parts: list[str]
) -> None:
    if value is None:
        parts.append(_text(zero + 6, y + room / 2 + 5, LABELS[language].no_data, size=_SMALL, italic=True, colour=PAPER_DARK))
        return
    length = abs(float(value)) * scale
    start = zero if value >= 0 else zero - length
    parts.append(_rect(start, y + 1, length, room - 2, colour))
    outside = zero + length + 6 if value >= 0 else start - 6
    parts.append(_text(outside, y + room / 2 + 5, number(value, language), bold=True, anchor="start" if value >= 0 else "end"))


def _stack(
    chart: Chart, language: Language, place: int, zero: float, scale: float, y: float, room: float, parts: list[str]
) -> None:
    x, known = zero, [value for value in _row(chart, place) if value is not None]
    for order, value in enumerate(_row(chart, place)):
        if not value:
            continue
        length = float(value) * scale
        parts.append(_rect(x, y + 1, length, room - 2, _colour(chart, order), gap=True))
        inside = number(value, language)
        if text_width(inside, _SMALL) + 6 < length:
            colour = INK if _colour(chart, order) in _LIGHT else "#ffffff"
            parts.append(_text(x + length / 2, y + room / 2 + 4.5, inside, anchor="middle", size=_SMALL, colour=colour))
        x += length
    if known:
        parts.append(_text(x + 6, y + room / 2 + 5, _total(chart, known, language), bold=True))
    else:
        parts.append(_text(zero + 6, y + room / 2 + 5, LABELS[language].no_data, size=_SMALL, italic=True, colour=PAPER_DARK))


def _columns(chart: Chart, language: Language, top: float, parts: list[str]) -> float:
    low, high = _extent(chart)
    slot = WIDTH / len(chart.categories)
    labels = [_wrapped(name, slot - 8, _SIZE) for name in chart.categories]
    tall, above, below = 190.0, 20.0, 20.0 if low < 0 else 0.0
    scale = (tall - above - below) / (high - low) if high > low else 0.0
    zero = top + above + high * scale
    width = min(46.0, (slot - 14) / len(chart.series))
    for place, lines in enumerate(labels):
        centre = slot * (place + 0.5)
        for order, value in enumerate(_row(chart, place)):
            x = centre + (order - len(chart.series) / 2) * width
            if value is None:
                parts.append(_text(x + width / 2, zero - 6, "…", anchor="middle", colour=PAPER_DARK))
                continue
            length = abs(float(value)) * scale
            y = zero - length if value >= 0 else zero
            parts.append(_rect(x + 1, y, width - 2, length, _colour(chart, order)))
            at = y - 6 if value >= 0 else y + length + 15
            parts.append(_text(x + width / 2, at, number(value, language), anchor="middle", bold=True, size=_SMALL))
        for step, line in enumerate(lines):
            parts.append(_text(centre, top + tall + 20 + step * _LINE, line, anchor="middle"))
    parts.append(f'<line x1="0" y1="{zero:.1f}" x2="{WIDTH:.0f}" y2="{zero:.1f}" stroke="{INK}" stroke-width="1"/>')
    bottom = top + tall + 8 + max(len(lines) for lines in labels) * _LINE + 6
    if any(value is None for one in chart.series for value in one.values):
        parts.append(_text(0, bottom + 12, f"… {LABELS[language].no_data}", size=_SMALL, italic=True, colour=PAPER_DARK))
        bottom += _LINE
    return bottom


def _columns_fit(chart: Chart) -> bool:
    slot = WIDTH / len(chart.categories)
    widest = max(text_width(word, _SIZE) for name in chart.categories for word in clean(name).split() or [""])
    figures = max((text_width(text, _SMALL, bold=True) for text in _value_texts(chart, "vi")), default=0.0)
    return (
        widest < slot - 8
        and figures + 2 < (slot - 14) / len(chart.series)
        and all(len(_wrapped(name, slot - 8, _SIZE)) <= 3 for name in chart.categories)
    )


def _value_texts(chart: Chart, language: Language) -> Iterator[str]:
    for place in range(len(chart.categories)):
        row = [value for value in _row(chart, place) if value is not None]
        if len(row) < len(chart.series):
            yield LABELS[language].no_data if chart.kind != "column" else "…"
        if row and chart.kind == "stacked":
            yield _total(chart, row, language)
        else:
            yield from (number(value, language) for value in row)


def _total(chart: Chart, known: list[Number], language: Language) -> str:
    """The sum of what is known, and a word when something is missing from it."""
    total = number(sum(known[1:], known[0]), language)
    return total if len(known) == len(chart.series) else f"{total} ({LABELS[language].incomplete})"


def _row(chart: Chart, place: int) -> list[Number | None]:
    return [one.values[place] for one in chart.series]


def _extent(chart: Chart) -> tuple[float, float]:
    values = [float(value) for one in chart.series for value in one.values if value is not None]
    return min([0.0, *values]), max([0.0, *values])


def _colour(chart: Chart, order: int) -> str:
    """Water for a single series, so that one measure does not look like a verdict; a plain series takes no colour of the row."""
    if chart.series[order].plain:
        return PAPER_DARK
    place = sum(not one.plain for one in chart.series[:order])
    return SERIES_COLOURS[place % len(SERIES_COLOURS)] if len(chart.series) > 1 else WATER


def _rect(x: float, y: float, width: float, height: float, colour: str, *, gap: bool = False) -> str:
    edge = ' stroke="#ffffff" stroke-width="0.8"' if gap else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"{edge}/>'


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    size: float = _SIZE,
    bold: bool = False,
    italic: bool = False,
    colour: str = INK,
) -> str:
    face = (' font-weight="bold"' if bold else "") + (' font-style="italic"' if italic else "")
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}"'
    return f'<text {where} text-anchor="{anchor}" fill="{colour}"{face}>{escape(clean(text))}</text>'


def _wrapped(text: str, room: float, size: float) -> Sequence[str]:
    """`text` in at most four lines no wider than `room`, the rest as …; a word that is wider is cut."""
    lines: list[str] = []
    for word in clean(text)[:400].split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, size) <= room:
            lines[-1] = joined
            continue
        lines.append("")
        for char in word:
            if lines[-1] and text_width(lines[-1] + char, size) > room:
                lines.append("")
            lines[-1] += char
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1].rstrip(" ,;.")[:-1] + "…"]
    return lines or [""]
