"""Charts: valid SVG with every figure on it, Vietnamese intact, hostile names harmless."""

from __future__ import annotations

import re
import struct

import pytest
from lxml import etree

from banggiao.reports.blocks import Chart, Series
from banggiao.reports.charts import GOLD, JADE, PAPER_DARK, WATER, WIDTH, png, svg
from tests.reports.papers import CHART, HOSTILE, needs_fonts


def texts(drawing: str) -> list[str]:
    return [node.text or "" for node in etree.fromstring(drawing.encode()).iter("{http://www.w3.org/2000/svg}text")]


def test_a_stacked_chart_prints_parts_totals_and_legend() -> None:
    found = texts(svg(CHART, "vi"))
    assert {"Nước A", "12", "20", "33", "Hoàn thành", "Đang thực hiện", "Quá hạn", "Đơn vị: cam kết"} <= set(found)
    assert "10 (chưa đủ số liệu)" in found  # Nước B, where one part is not known
    assert "10" not in found
    assert "DIỄN TẬP" not in found


def test_exercise_data_is_marked_in_the_drawing() -> None:
    assert "DIỄN TẬP" in texts(svg(CHART, "vi", exercise=True))
    assert "EXERCISE" in texts(svg(CHART, "en", exercise=True))


@pytest.mark.parametrize("kind", ["bar", "column"])
def test_missing_and_negative_figures_are_told_apart_from_nought(kind: str) -> None:
    chart = Chart(kind, ("a", "b", "c", "d"), (Series("Tăng", (12.5, -3.2, None, 0)),), "%")  # type: ignore[arg-type]
    found = texts(svg(chart, "vi"))
    assert {"12,5", "−3,2", "0"} <= set(found)
    assert any("không có số liệu" in text for text in found)


def test_columns_without_room_for_their_labels_become_bars() -> None:
    few = Chart("column", ("2023", "2024"), (Series("s", (1, 2)),), "")
    many = Chart("column", tuple(f"Tháng {place} của năm" for place in range(30)), (Series("s", tuple(range(30))),), "")
    assert 'text-anchor="end"' not in svg(few, "vi")
    assert svg(many, "vi").count('text-anchor="end"') >= 30


@pytest.mark.parametrize("kind", ["bar", "stacked", "column"])
def test_everything_drawn_lies_within_the_sheet(kind: str) -> None:
    values = tuple(float(value) for value in (1_234_567_890, 5, 0))
    chart = Chart(kind, ("Tên " * 40, "x" * 900, "c"), (Series("Một", values), Series("Hai " * 60, values)), "đơn vị " * 30)  # type: ignore[arg-type]
    root = etree.fromstring(svg(chart, "vi", exercise=True).encode())
    height = float(root.get("height"))
    for node in root.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(node.get("x")) >= -0.1
        assert float(node.get("x")) + float(node.get("width")) <= WIDTH + 0.1
        assert float(node.get("y")) + float(node.get("height")) <= height + 0.1


def test_a_plain_series_is_grey_and_takes_no_colour_of_the_others() -> None:
    states = (Series("Xong", (1,)), Series("Đang làm", (2,)), Series("Chưa giao", (3,), plain=True), Series("Vướng", (4,)))
    drawing = svg(Chart("stacked", ("a",), states, "việc"), "vi")
    assert re.findall(r'fill="(#\w+)"/>', drawing)[:4] == [JADE, WATER, PAPER_DARK, GOLD]


def test_hostile_names_and_empty_charts_stay_text() -> None:
    drawing = svg(Chart("bar", (HOSTILE, ""), (Series(HOSTILE, (1, None)),), HOSTILE), "vi")
    assert "<script" not in drawing
    assert not re.search(r"[\x00-\x08]", drawing)
    etree.fromstring(drawing.encode())
    assert "Không có dữ liệu." in texts(svg(Chart("column", (), (Series("", ()),), ""), "vi"))


@needs_fonts
def test_png_is_1600_wide_and_the_same_every_time() -> None:
    first = png(CHART, "vi")
    assert struct.unpack(">I", first[16:20])[0] == 1600
    assert first == png(CHART, "vi")
    assert first != png(CHART, "vi", exercise=True)
