"""How does the picture of a figure come about, be it a chart or a map? SVG for page and PDF, PNG for Word."""

from __future__ import annotations

from banggiao.reports import charts, maps
from banggiao.reports.blocks import Chart, WorldMap
from banggiao.reports.typography import Language


def svg(drawing: Chart | WorldMap, language: Language, *, exercise: bool = False) -> str:
    """The drawing as a stand-alone SVG document, marked DIỄN TẬP for exercise data."""
    if isinstance(drawing, Chart):
        return charts.svg(drawing, language, exercise=exercise)
    return maps.svg(drawing, language, exercise=exercise)


def png(drawing: Chart | WorldMap, language: Language, *, exercise: bool = False) -> bytes:
    """The same drawing as PNG on white. Raises SetupProblem when the fonts are missing."""
    if isinstance(drawing, Chart):
        return charts.png(drawing, language, exercise=exercise)
    return maps.png(drawing, language, exercise=exercise)
