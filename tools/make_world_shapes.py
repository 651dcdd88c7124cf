"""How the packaged set `world_shapes` was made: Natural Earth through world-atlas, simplified, the islands put right.

Run once for each edition, with world-atlas 2.0.2 unpacked (npm) and shapely installed in any environment:
`python tools/make_world_shapes.py FOLDER/world-atlas EDITION`. The programme itself needs neither.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

from shapely import Polygon, box, unary_union
from shapely.geometry.base import BaseGeometry

REFERENCE = Path(__file__).resolve().parent.parent / "src/banggiao/data/reference"
TOLERANCE = 0.16  # degrees; a unit of the widest drawing is 0.36 degrees
SMALLEST = 0.06  # square degrees; smaller islands are left out unless they are all there is of a country
CUT = -30.0  # the meridian at which the sheet ends: the Pacific stands in its middle
Point = tuple[float, float]

#: Features without a code of their own, and the code they are drawn with. Kosovo has no shape of its own.
JOINED = {"Kosovo": "688", "N. Cyprus": "196", "Somaliland": "706"}
#: Contested ground is drawn without a code, in the colour of no class.
CONTESTED = {"Siachen Glacier"}
CRIMEA = (32.0, 44.0, 37.0, 46.5)  # west, south, east, north
SAHARA_NORTH = 27.667  # the northern border of the territory is a parallel; the source draws it at the berm
LEFT_OUT = {"010", "Indian Ocean Ter."}
HOANG_SA, TRUONG_SA = "HOANG_SA", "TRUONG_SA"
MORE = 0.02  # tolerance where all of a country is small


def main() -> int:
    """Write the CSV of the edition and print its digest and number of rows for origin.toml."""
    atlas, edition = Path(sys.argv[1]), sys.argv[2]
    codes = _codes()
    shapes: dict[tuple[str, str], list[BaseGeometry]] = {}
    for name, m49, rough, fine in _features(atlas / "countries-50m.json"):
        if m49 in LEFT_OUT or name in LEFT_OUT:
            continue
        code = "" if name in CONTESTED else codes[JOINED.get(name, m49)]
        for polygon in [p for p in rough if p.area >= SMALLEST] or fine:
            contested = code == "RUS" and box(*CRIMEA).contains(polygon)
            shapes.setdefault(("" if contested else code, ""), []).append(polygon)
    desert = unary_union([p.buffer(1e-6) for p in shapes[("MAR", "")] + shapes[("ESH", "")]])
    south = box(-20, 20, -8.6, SAHARA_NORTH)
    shapes[("ESH", "")], shapes[("MAR", "")] = _pieces(desert & south), _pieces(desert - south)
    for group, rings in _archipelagos(atlas / "countries-10m.json").items():
        shapes[("VNM", group)] = list(rings)
    rows = [row for (code, group), parts in sorted(shapes.items()) for row in _rows(code, group, parts)]
    folder = REFERENCE / "world_shapes" / edition
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "world_shapes.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["iso3", "islands", "part", "rings"])
        writer.writerows(rows)
    print(hashlib.sha256(target.read_bytes()).hexdigest(), len(rows), target.stat().st_size)
    return 0


def _codes() -> dict[str, str]:
    newest = sorted((REFERENCE / "countries").iterdir())[-1]
    with (newest / "countries.csv").open(encoding="utf-8") as file:
        return {row["m49"]: row["iso3"] for row in csv.DictReader(file)}


def _features(path: Path) -> Iterator[tuple[str, str, list[Polygon], list[Polygon]]]:
    """(name, M49 code, simplified polygons, polygons for what would vanish); shared borders stay shared."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = list(_arcs(topology))
    rough, fine = ([_simplified(arc, tolerance) for arc in arcs] for tolerance in (TOLERANCE, MORE))
    for feature in topology["objects"]["countries"]["geometries"]:
        yield (
            feature["properties"]["name"],
            str(feature.get("id", "")),
            _polygons(feature, rough),
            _polygons(feature, fine),
        )


def _archipelagos(path: Path) -> dict[str, list[Polygon]]:
    """The island polygons of Hoàng Sa and Trường Sa, which the source leaves to another code or to none."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = [list(arc) for arc in _arcs(topology)]
    found: dict[str, list[Polygon]] = {HOANG_SA: [], TRUONG_SA: []}
    for feature in topology["objects"]["countries"]["geometries"]:
        spratly = feature["properties"]["name"] == "Spratly Is."
        if feature.get("id") != "156" and not spratly:
            continue
        for polygon in _polygons(feature, arcs):
            west, south, east, north = polygon.bounds
            if spratly:
                found[TRUONG_SA].append(polygon)
            elif 110.8 <= west and east <= 113.3 and 15.3 <= south and north <= 17.3:
                found[HOANG_SA].append(polygon)
    if (len(found[HOANG_SA]), len(found[TRUONG_SA])) != (7, 12):
        raise SystemExit(f"expected 7 and 12 islands, found {len(found[HOANG_SA])} and {len(found[TRUONG_SA])}")
    return found


def _arcs(topology: Any) -> Iterator[list[Point]]:
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * kx + dx, y * ky + dy))
        yield points


def _polygons(feature: Any, arcs: Sequence[Sequence[Point]]) -> list[Polygon]:
    parts = [feature["arcs"]] if feature["type"] == "Polygon" else feature["arcs"]
    made = []
    for part in parts:
        outer, *holes = (_ring(ring, arcs) for ring in part)
        if len(set(outer)) < 3:
            continue
        polygon = Polygon(outer, [hole for hole in holes if len(set(hole)) >= 3])
        clean = polygon if polygon.is_valid else polygon.buffer(0)
        made += [p for p in getattr(clean, "geoms", [clean]) if p.area > 0]
    return made


def _ring(ring: Sequence[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    points: list[Point] = []
    for index in ring:
        arc = list(arcs[index]) if index >= 0 else list(reversed(arcs[~index]))
        points += arc if not points else arc[1:]
    return _unwrapped(points)


def _unwrapped(ring: Sequence[Point]) -> list[Point]:
    """The ring without the jump at the date line: it goes on past 180 degrees."""
    points, shift, last = [], 0.0, ring[0][0]
    for x, y in ring:
        shift += -360.0 if x - last > 180 else 360.0 if last - x > 180 else 0.0
        points.append((x + shift, y))
        last = x
    return points


def _simplified(arc: Sequence[Point], tolerance: float) -> list[Point]:
    """Douglas-Peucker on an arc, degrees of longitude shortened by latitude; ends stay, so neighbours stay together."""
    if len(arc) < 3:
        return list(arc)
    (x0, y0), (x1, y1) = arc[0], arc[-1]
    shrink = cos(radians((y0 + y1) / 2))
    dx, dy = (x1 - x0) * shrink, y1 - y0
    length = hypot(dx, dy)

    def distance(point: Point) -> float:
        px, py = (point[0] - x0) * shrink, point[1] - y0
        return abs(px * dy - py * dx) / length if length > 1e-9 else hypot(px, py)

    farthest = max(range(1, len(arc) - 1), key=lambda n: distance(arc[n]))
    if distance(arc[farthest]) <= tolerance:
        return [arc[0], arc[-1]]
    return _simplified(arc[: farthest + 1], tolerance)[:-1] + _simplified(arc[farthest:], tolerance)


def _rows(code: str, group: str, parts: Sequence[BaseGeometry]) -> Iterator[tuple[str, str, int, str]]:
    """One row a polygon. What lies west of the cut is drawn on the right; a shape that the date line parts is joined again."""
    moved = [_moved(part) for part in parts]
    joined = moved if group else _pieces(unary_union([m.buffer(1e-6, join_style="mitre") for m in moved]))
    ordered = sorted(joined, key=lambda p: -p.area)
    digits = 3 if group else 2
    for number, polygon in enumerate(ordered, 1):
        rings = [polygon.exterior, *(hole for hole in polygon.interiors if Polygon(hole).area > 0.02)]
        texts = []
        for ring in rings:
            points = list(dict.fromkeys((round(x, digits), round(y, digits)) for x, y in ring.coords[:-1]))
            texts.append(" ".join(f"{x:g},{y:g}" for x, y in points))
        yield code, group, number, "|".join(texts)


def _moved(polygon: Any) -> Polygon:
    middle = polygon.representative_point().x
    shift = 360.0 if middle < CUT else -360.0 if middle >= CUT + 360 else 0.0
    outer, *holes = ([(x + shift, y) for x, y in ring.coords] for ring in (polygon.exterior, *polygon.interiors))
    return Polygon(outer, holes)


def _pieces(shape: BaseGeometry) -> list[Any]:
    return list(getattr(shape, "geoms", [shape]))


if __name__ == "__main__":
    sys.exit(main())
