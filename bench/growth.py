"""How do the figures of `bench/delivery.py` grow? Run: `python bench/growth.py FILE docs/images/growth.svg`.

FILE is what `delivery.py --growth --keep FILE` wrote. Drawn is what a page costs by itself, as a multiple of a trivial page of
the same run, on two logarithmic scales: a line that stays level does not grow with the register. Full lines are pages whose
counts are kept, broken lines those that count anew. Where a size was measured twice, the lower ratio is drawn.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from html import escape
from pathlib import Path

HEIGHT, LEFT, TOP, PANEL, GAP = 420, 70, 70, 300, 250
COLOURS = ("#0b4f71", "#a13d2d", "#2e7d4f", "#7a5195", "#b8860b", "#444c56")
KINDS = {", alone, kept, ms of the processor": "", ", alone, counted anew, ms of the processor": "anew"}
NAMES = {
    "list of commitments": "list",
    "list of commitments, overdue, by due date": "overdue list",
    "dashboard of the desk": "dashboard",
    "indicators by lead institution": "indicators by lead",
    "indicators by partner": "indicators by partner",
    "page of a commitment, another each time": "commitment",
}
Points = dict[str, dict[str, dict[int, float]]]


def points(file: Path) -> Points:
    """Engine -> page -> commitments -> ratio, of the engines that were measured at several sizes."""
    found: Points = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for kind, said in KINDS.items():
            page = NAMES.get(row["name"].removesuffix(kind))
            if row["name"].endswith(kind) and page and row["ratio"]:
                of = found.setdefault(row["engine"], {}).setdefault(f"{page} {said}".strip(), {})
                of[row["commitments"]] = min(row["ratio"], of.get(row["commitments"], math.inf))
    return {engine: pages for engine, pages in found.items() if len({n for page in pages.values() for n in page}) > 1}


def draw(found: Points) -> str:
    """The picture: a panel for each engine."""
    sizes = sorted({n for pages in found.values() for page in pages.values() for n in page})
    top = 1.3 * max(r for pages in found.values() for page in pages.values() for r in page.values())
    said = "; ".join(f"{e} {p} {_told(page)}" for e, pages in found.items() for p, page in pages.items())
    width = LEFT + len(found) * (PANEL + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" role="img" '
        'aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13">',
        '<title id="title">What pages cost against a trivial page, by the number of commitments</title>',
        f'<desc id="desc">{escape(said)}</desc>',
        f'<rect width="{width}" height="{HEIGHT}" rx="12" fill="#fbfaf6"/>',
        f'<text x="{LEFT}" y="30" font-size="16" font-weight="600" fill="#10263b">Cost of a page by itself, as multiple '
        "of a trivial page</text>",
    ]
    for number, (engine, pages) in enumerate(found.items()):
        parts += _panel(engine, pages, sizes, top, LEFT + number * (PANEL + GAP))
    return "\n".join([*parts, "</svg>", ""])


def _panel(engine: str, pages: Mapping[str, Mapping[int, float]], sizes: list[int], top: float, left: int) -> list[str]:
    height = HEIGHT - TOP - 60

    def x(size: int) -> float:
        return left + PANEL * (math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 0.5)

    def y(ratio: float) -> float:
        return TOP + height * (1 - math.log10(max(ratio, 1)) / math.log10(top))

    parts = [f'<text x="{left}" y="{TOP - 14}" font-weight="600" fill="#10263b">{engine}</text>']
    for power in range(math.floor(math.log10(top)) + 1):
        level = y(10**power)
        parts.append(f'<path d="M{left} {level:.1f} H{left + PANEL}" stroke="#d9d4c7"/>')
        parts.append(f'<text x="{left - 8}" y="{level + 4:.1f}" text-anchor="end" fill="#444c56">{10**power}</text>')
    parts += [f'<text x="{x(n):.1f}" y="{HEIGHT - 34}" text-anchor="middle" fill="#444c56">{n // 1000:,} k</text>' for n in sizes]
    free = HEIGHT - 50.0
    ends = sorted(pages, key=lambda name: -y(pages[name][max(pages[name])]))
    for name in ends:
        page, colour = pages[name], COLOURS[list(NAMES.values()).index(name.removesuffix(" anew"))]
        broken = ' stroke-dasharray="5 4"' if name.endswith(" anew") else ""
        line = " ".join(f"{x(n):.1f},{y(page[n]):.1f}" for n in sorted(page))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"{broken}/>')
        parts += [f'<circle cx="{x(n):.1f}" cy="{y(r):.1f}" r="3" fill="{colour}"/>' for n, r in page.items()]
        last = max(page)
        free = min(free - 16, y(page[last]) + 4)  # names do not stand on each other
        parts.append(f'<text x="{left + PANEL + 10}" y="{free:.1f}" fill="{colour}">{escape(name)} {page[last]:.1f}</text>')
    return parts


def _told(page: Mapping[int, float]) -> str:
    return ", ".join(f"{n}: {page[n]:.1f}" for n in sorted(page))


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(draw(points(Path(sys.argv[1]))), encoding="utf-8")
