"""Is the world drawn as the country draws it: its islands its own and named, no sea misnamed, no line at sea?"""

from __future__ import annotations

import gzip
import re
from xml.etree import ElementTree

import pytest

from banggiao.reports.blocks import Place, Shade, WorldMap
from banggiao.reports.maps import ISLANDS, SHADES, drawn_codes, island_labels, png, position, projected, remark, sheet, svg
from banggiao.reports.typography import Language
from banggiao.sources.datasets import check_set, country_codes, read_set

SVG = "{http://www.w3.org/2000/svg}"
Box = tuple[float, float, float, float]
#: West, south, east, north of the waters around the two archipelagos; nothing of another country lies in them.
HOANG_SA: Box = (110.8, 15.3, 113.3, 17.3)
TRUONG_SA: Box = (111.3, 7.0, 116.4, 12.0)
MAP = WorldMap(
    "Bản đồ <thử>",
    (Shade("Mức & cao", SHADES[0]), Shade("Mức thấp", SHADES[3])),
    {
        "AUS": Place("Australia", 0, "cao", "/partners/AUS"),
        "TUV": Place("Tuvalu", 1, "thấp"),
        "CHN": Place("Trung Quốc", 0, "cao", "/partners/CHN?a=1&b=2"),
    },
    "Hai nước.",
    {"ESH": "Tây Sahara", "SRB": "Serbia"},
)


def points(rings: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for ring in rings.split("|") for x, y in (pair.split(",") for pair in ring.split())]


def inside(rings: str, box: Box) -> bool:
    west, south, east, north = box
    return any(west <= x <= east and south <= y <= north for x, y in points(rings))


def _width(path: str) -> int:
    """How many units wide a closed path of relative steps is."""
    numbers = [int(n) for n in re.findall(r"-?\d+", path)]
    x = low = high = numbers[0]
    for step in numbers[2::2]:
        x += step
        low, high = min(low, x), max(high, x)
    return high - low


def drawn(language: Language = "vi", **options: bool) -> ElementTree.Element:
    return ElementTree.fromstring(svg(MAP, language, **options))


def test_the_islands_belong_to_viet_nam_and_to_nobody_else() -> None:
    assert check_set("world_shapes") == []
    rows = read_set("world_shapes")
    groups = {group: [r for r in rows if r["islands"] == group] for group in ISLANDS}
    assert (len(groups["HOANG_SA"]), len(groups["TRUONG_SA"])) == (7, 12)
    assert {r["iso3"] for group in groups.values() for r in group} == {"VNM"}
    for box, group in ((HOANG_SA, "HOANG_SA"), (TRUONG_SA, "TRUONG_SA")):
        assert [r["iso3"] for r in rows if inside(r["rings"], box)] == ["VNM"] * len(groups[group])
        assert all(box[0] <= x <= box[2] and box[1] <= y <= box[3] for r in groups[group] for x, y in points(r["rings"]))


def test_who_has_a_shape() -> None:
    assert drawn_codes() <= country_codes()
    assert not {"XKX", "XXK", "KOS", "ATA"} & drawn_codes()
    assert {"ESH", "SRB", "PSE", "TWN", "SGP", "MDV"} <= drawn_codes()
    # The whole of Western Sahara, up to the parallel that is its border, and none of it Morocco's.
    rows = read_set("world_shapes")
    assert max(y for r in rows if r["iso3"] == "ESH" for _x, y in points(r["rings"])) == pytest.approx(27.67, abs=0.02)
    assert min(y for r in rows if r["iso3"] == "MAR" for _x, y in points(r["rings"])) >= 27.66


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("legend", [True, False])
@pytest.mark.parametrize("exercise", [True, False])
def test_both_labels_stand_on_every_drawing(language: Language, legend: bool, exercise: bool) -> None:
    root = drawn(language, legend=legend, exercise=exercise)
    labels = {t.get("data-label"): t.text for t in root.iter(f"{SVG}text") if t.get("data-label")}
    assert labels == island_labels(language)
    wanted = {
        "vi": {"Quần đảo Hoàng Sa (Việt Nam)", "Quần đảo Trường Sa (Việt Nam)"},
        "en": {"Hoang Sa Archipelago (Viet Nam)", "Truong Sa Archipelago (Viet Nam)"},
    }
    assert set(labels.values()) == wanted[language]
    # Nothing else is written on the sheet but the legend and the mark of the exercise: no sea has a name.
    others = {t.text for t in root.iter(f"{SVG}text")} - set(labels.values())
    expected = {s.label for s in MAP.shades} if legend else set()
    mark = {"vi": "DIỄN TẬP", "en": "EXERCISE"}[language]
    assert others == expected | ({mark} if exercise else set())


def test_every_line_is_a_shape_or_leads_from_a_label() -> None:
    root = drawn()
    home = next(g for g in root.iter(f"{SVG}g") if g.get("data-code") == "VNM")
    islands = [p for p in home.iter(f"{SVG}path") if p.get("data-islands")]
    assert len(islands) == 19 and len({p.get("d") for p in islands}) >= 15
    countries = [p for p in root.iter(f"{SVG}path") if p.get("data-code") is not None]
    leaders = [p for p in root.iter(f"{SVG}path") if p.get("fill") == "none"]
    assert len(list(root.iter(f"{SVG}path"))) == len(countries) + len(islands) + 1 + len(leaders) and len(leaders) == 2
    assert not any(tag in svg(MAP, "vi") for tag in ("<line", "<polyline", "dasharray"))
    assert len(countries) == len({p.get("data-code") for p in countries}) == len(sheet().outlines) - 1


def test_the_pacific_stands_in_the_middle_and_the_two_archipelagos_where_they_are() -> None:
    assert projected(150, 0) == (0, 0)
    hanoi, hoang_sa, truong_sa = position(105.85, 21.03), position(112.0, 16.5), position(113.9, 9.6)
    assert hanoi[0] < hoang_sa[0] < truong_sa[0] and hanoi[1] < hoang_sa[1] < truong_sa[1]
    assert position(0, 50)[0] < hanoi[0] < position(285, 40)[0] < 3000
    # No shape smears across the sheet: none is wider than the widest country.
    widths = {code: max(map(_width, outline.split("z")[:-1])) for code, outline in sheet().outlines.items()}
    assert max(widths, key=lambda code: widths[code]) == "RUS" and widths["RUS"] < 1250


def test_a_country_is_coloured_named_and_led_to() -> None:
    root = drawn()
    paths = {p.get("data-code"): p for p in root.iter(f"{SVG}path") if p.get("data-code")}
    assert paths["AUS"].get("fill") == SHADES[0]
    assert paths["SRB"].get("fill") is None and paths["SRB"].findtext(f"{SVG}title") == "Serbia"
    assert paths["CHN"].findtext(f"{SVG}title") == "Trung Quốc: cao"
    links = {a.get("href"): a.get("aria-label") for a in root.iter(f"{SVG}a")}
    assert links == {"/partners/AUS": "Australia: cao", "/partners/CHN?a=1&b=2": "Trung Quốc: cao"}
    assert root.get("aria-label") == MAP.title


def test_the_same_map_gives_the_same_bytes_small_enough_for_a_page() -> None:
    assert svg(MAP, "vi") == svg(MAP, "vi")
    assert len(gzip.compress(svg(MAP, "vi").encode())) < 60_000


@pytest.mark.parametrize("width", [400, 1600])
def test_png(width: int) -> None:
    picture = png(MAP, "en", width=width, exercise=True)
    assert picture.startswith(b"\x89PNG") and int.from_bytes(picture[16:20]) == width


def test_what_is_said_below_a_map() -> None:
    assert remark("vi").startswith("Đường biên giữa các nước khác") and "no stand" in remark("en")
