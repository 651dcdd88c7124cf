"""How is the world drawn? The one map builder: the same SVG for page, PNG, PDF and Word.

The Pacific stands in the middle. Hoàng Sa and Trường Sa belong to Việt Nam and carry their labels at every size and in both
languages; no sea is named and no line is drawn at sea. Shapes come from the set `world_shapes`, projected by the Natural Earth
formula when the programme first draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import radians
from xml.sax.saxutils import escape, quoteattr

import resvg_py

from banggiao.core.questions import Bi
from banggiao.reports.blocks import WorldMap
from banggiao.reports.charts import GOLD, INK, LACQUER, WATER, WATER_DEEP
from banggiao.reports.typefaces import font_files, printable
from banggiao.reports.typography import Language, text_width
from banggiao.reports.wording import LABELS
from banggiao.sources.datasets import origin, read_set

HOME = "VNM"
WIDTH = 3000  # whole units keep the drawing small: a unit is a third of a pixel on a page
MARGIN = 24
CENTRE = 150.0
LAND = "#e3e9ee"
#: From the strongest class to the weakest; five at most.
SHADES = (WATER_DEEP, WATER, "#6fb1d3", "#a9d0e4", "#d3e7f1")
SPECIAL = GOLD
#: Group of island polygons -> where its mark stands (between the islands) and how far the label lies above or below it.
ISLANDS = {"HOANG_SA": (112.0, 16.5, -30), "TRUONG_SA": (113.9, 9.6, 52)}
CAPITAL = (105.85, 21.03)
_LABEL_AT = 124.0  # east of the Philippines, where there is room
_SIZE = 38  # of letters on a page, where the style sheet enlarges them on a phone
_PRINTED = 44  # of letters in print; longer labels would run into Hawaii, whose islands look like a mark below a letter


def svg(drawn: WorldMap, language: Language, *, exercise: bool = False, legend: bool = True) -> str:
    """The map as an SVG document. Without `legend` it is as high as the land: the page writes the legend beside it."""
    height = sheet().height
    parts = [f'<g class="land" stroke="#ffffff" stroke-width="2" stroke-linejoin="round" fill="{LAND}">']
    for code, outline in sheet().outlines.items():
        if code != HOME:
            parts.append(_country(drawn, code, outline))
    parts += ["</g>", _home(language), *_labels(language)]
    if legend:
        height = _legend(drawn, height, parts)
    if exercise:
        parts.append(_exercise(language))
    box = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH // 3}" height="{height // 3}"'
    hear = f'role="group" aria-label={quoteattr(drawn.title)}'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" {box} {hear} '
        f'font-family="Tinos" font-size="{_PRINTED if legend else _SIZE}" fill="{INK}">' + "".join(parts) + "</svg>"
    )


def png(drawn: WorldMap, language: Language, *, exercise: bool = False, width: int = 2000) -> bytes:
    """The same drawing as PNG on white. Raises SetupProblem when the fonts are missing."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=printable(svg(drawn, language, exercise=exercise)),
            width=width,
            background="#ffffff",
            skip_system_fonts=True,
            font_files=[str(path) for path in font_files()],
            font_family="Tinos",
        )
    )


def remark(language: Language) -> str:
    """What is said below every map."""
    return next(gap.text(language) for gap in origin("world_shapes").known_gaps if gap.code == "no_stand")


def drawn_codes() -> frozenset[str]:
    """The countries and territories that have a shape."""
    return frozenset(sheet().outlines) - {""}


def island_labels(language: Language) -> dict[str, str]:
    """The words beside the two archipelagos, from the table of print names."""
    names = {row["code"]: Bi(row["name_vi"], row["name_en"]).get(language) for row in read_set("print_names")}
    return {group: f"{names[group]} ({names[HOME]})" for group in ISLANDS}


# --- the sheet


@dataclass(frozen=True, slots=True)
class Sheet:
    """Outlines as SVG paths: of each country without the two archipelagos, and of each island of these."""

    outlines: Mapping[str, str]
    islands: Mapping[str, tuple[str, ...]]
    height: int


@cache
def sheet() -> Sheet:
    """The drawn world, projected once."""
    rows = read_set("world_shapes")
    rings = [(r, [[_turned(pair) for pair in ring.split()] for ring in r["rings"].split("|")]) for r in rows]
    points = [p for _r, polygon in rings for ring in polygon for p in ring]
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    north, south = min(y for _x, y in points), max(y for _x, y in points)
    scale = (WIDTH - 2 * MARGIN) / (east - west)
    outlines: dict[str, list[str]] = {}
    islands: dict[str, list[str]] = {}
    for row, polygon in rings:
        placed = [[(round((x - west) * scale) + MARGIN, round((y - north) * scale) + MARGIN) for x, y in r] for r in polygon]
        path = "".join(_path(ring) for ring in placed)
        if row["islands"]:
            islands.setdefault(row["islands"], []).append(path)
        else:
            outlines.setdefault(row["iso3"], []).append(path)
    _place.update(west=west, north=north, scale=scale)
    return Sheet(
        {code: "".join(parts) for code, parts in sorted(outlines.items())},
        {group: tuple(parts) for group, parts in sorted(islands.items())},
        round((south - north) * scale) + 2 * MARGIN,
    )


_place: dict[str, float] = {}


def position(longitude: float, latitude: float) -> tuple[int, int]:
    """Where a place stands on the sheet."""
    sheet()
    x, y = projected(longitude, latitude)
    return (
        round((x - _place["west"]) * _place["scale"]) + MARGIN,
        round((y - _place["north"]) * _place["scale"]) + MARGIN,
    )


def projected(longitude: float, latitude: float) -> tuple[float, float]:
    """The Natural Earth projection (Šavrič, Jenny, Patterson, Petrovič, Hurni 2011) about the map's middle; y runs downward."""
    turned, phi = radians(longitude - CENTRE), radians(latitude)
    p2 = phi * phi
    p4 = p2 * p2
    x = turned * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)))
    y = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)))
    return x, -y


def _turned(pair: str) -> tuple[float, float]:
    longitude, latitude = pair.split(",")
    return projected(float(longitude), float(latitude))


def _path(ring: list[tuple[int, int]]) -> str:
    """A closed path in relative whole steps; an island smaller than a step stays as a dot of its stroke."""
    (x, y), steps = ring[0], []
    for next_x, next_y in ring[1:]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{next_x - x}{'' if next_y < y else ' '}{next_y - y}")
            x, y = next_x, next_y
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps) or '0 0'}z"


# --- what is drawn


def _country(drawn: WorldMap, code: str, outline: str) -> str:
    place = drawn.places.get(code)
    name = place.name if place else drawn.others.get(code, "")
    words = f"{name}: {place.value}" if place else name
    fill = f' fill="{drawn.shades[place.shade].colour}"' if place else ""
    heard = f"<title>{escape(words)}</title>" if words else ""
    shape = f'<path data-code="{code}"{fill} d="{outline}">{heard}</path>'
    if place and place.url:
        return f"<a href={quoteattr(place.url)} aria-label={quoteattr(words)}>{shape}</a>"
    return shape


def _home(language: Language) -> str:
    """Việt Nam with its islands: one group, one colour."""
    names = {row["code"]: Bi(row["name_vi"], row["name_en"]).get(language) for row in read_set("print_names")}
    islands = "".join(f'<path data-islands="{group}" d="{path}"/>' for group, paths in sheet().islands.items() for path in paths)
    edge = f'stroke="{LACQUER}" stroke-width="3" stroke-linejoin="round"'
    return (
        f'<g data-code="{HOME}" fill="{LACQUER}" {edge}><title>{escape(names[HOME])}</title>'
        f'<path d="{sheet().outlines[HOME]}"/>{islands}</g>'
    )


def _labels(language: Language) -> list[str]:
    parts, leader = [], f'stroke="{LACQUER}" stroke-width="2" opacity=".55"'
    halo = 'stroke="#ffffff" stroke-width="9" paint-order="stroke"'
    for group, words in island_labels(language).items():
        longitude, latitude, shift = ISLANDS[group]
        x, y = position(longitude, latitude)
        text_x, text_y = position(_LABEL_AT, latitude)[0], y + shift
        elbow = text_x - 60
        parts.append(
            f'<path d="M{x} {y}L{elbow} {text_y - 13}H{text_x - 12}" fill="none" {leader}/>'
            f'<circle cx="{x}" cy="{y}" r="7" fill="{LACQUER}" stroke="#ffffff" stroke-width="2"/>'
            f'<text x="{text_x}" y="{text_y}" fill="{LACQUER}" {halo} data-label="{group}">{escape(words)}</text>'
        )
    x, y = position(*CAPITAL)
    parts.append(f'<circle cx="{x}" cy="{y}" r="9" fill="#ffffff" stroke="{LACQUER}" stroke-width="5"/>')
    return parts


def _legend(drawn: WorldMap, height: int, parts: list[str]) -> int:
    """The classes in lines below the land, as many to a line as fit; returns the new height."""
    x, y = MARGIN, height + 30
    for shade in drawn.shades:
        width = 84 + round(text_width(shade.label, _PRINTED))
        if x > MARGIN and x + width > WIDTH:
            x, y = MARGIN, y + 78
        parts.append(f'<rect x="{x}" y="{y}" width="60" height="44" fill="{shade.colour}"/>')
        parts.append(f'<text x="{x + 76}" y="{y + 40}">{escape(shade.label)}</text>')
        x += width + 50
    return y + 84


def _exercise(language: Language) -> str:
    words = LABELS[language].exercise
    width = round(text_width(words, 44, bold=True)) + 50
    x = WIDTH - width - MARGIN
    return (
        f'<rect x="{x}" y="{MARGIN}" width="{width}" height="70" fill="#ffffff" stroke="{LACQUER}" stroke-width="4"/>'
        f'<text x="{x + width // 2}" y="{MARGIN + 50}" text-anchor="middle" font-size="44" font-weight="bold" '
        f'fill="{LACQUER}">{escape(words)}</text>'
    )
