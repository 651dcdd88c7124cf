"""Which partners does the world map colour: by level of relations, and by number of commitments?

Both maps are drawn from the answer that also stands below them as a table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, NotFound
from banggiao.core.exports import note_taken
from banggiao.core.questions import ALL, Answer, Bi, ask
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Partner
from banggiao.partners.questions_levels import DIPLOMATIC, home_day
from banggiao.reports import maps
from banggiao.reports.blocks import Block, Column, Figure, OfficialDocument, Paragraph, Place, Shade, Table, WorldMap
from banggiao.reports.files import MEDIA_TYPES, take
from banggiao.reports.maps import SHADES, SPECIAL, drawn_codes, remark
from banggiao.reports.typography import Language, number, short_date

#: What the map may show -> the question it draws.
MAPS = {"levels": "standing_levels", "commitments": "partners_by_commitments"}
TITLES = {
    "levels": Bi("Mức quan hệ với các đối tác", "Levels of relations with partners"),
    "commitments": Bi("Số cam kết theo đối tác", "Commitments by partner"),
}
_LEVEL_COLOURS = {
    "special": SPECIAL,
    "comprehensive_strategic": SHADES[0],
    "strategic": SHADES[1],
    "sectoral_strategic": SHADES[2],
    "comprehensive": SHADES[3],
}
_STEPS = (20, 10, 5, 3, 1)
Url = Callable[[str], str]
#: Form of a map as a file -> its media type.
FORMS = {"svg": "image/svg+xml", "png": "image/png", "pdf": MEDIA_TYPES["pdf"], "docx": MEDIA_TYPES["docx"]}


@dataclass(frozen=True)
class Drawn:
    """A map with the answer it draws, and the partners of the answer that have no shape (blocs, organisations)."""

    drawing: WorldMap
    answer: Answer
    off_map: tuple[tuple[Bi, str, str], ...]  # name, code, value
    exercise: bool


def draw(name: str, viewer: Viewer, *, at: datetime, language: Language, url: Url | None = None) -> Drawn:
    """The map of this name as far as the viewer may know; `url` says where a partner's file stands.

    Raises NotFound, NotPermitted.
    """
    if name not in MAPS:
        raise NotFound(N_("Không có bản đồ này."), subject=name[:40], remedy=N_("Hãy chọn bản đồ mức quan hệ hoặc số cam kết."))
    answer = ask(MAPS[name], {}, viewer, at=at, page=ALL).listed()
    shades, place_of = _levels(answer, language) if name == "levels" else _counts(answer, language)
    places: dict[str, Place] = {}
    off_map = []
    for row in answer.rows:
        title, code = row.cells[0], row.cells[1]
        shade, value = place_of(row.cells)
        if code in drawn_codes():
            places[code] = Place(title.get(language), shade, value, url(code) if url else "")
        else:
            off_map.append((title, code, value))
    others = {code: Bi(vi, en).get(language) for code, vi, en in _drawn_names(viewer)}
    title = TITLES[name].get(language)
    alt = _words(title, shades, places, language)
    exercise = any(row.exercise for row in answer.rows)
    return Drawn(WorldMap(title, shades, places, alt, others), answer, tuple(off_map), exercise)


def compose(name: str, viewer: Viewer, *, at: datetime, language: Language) -> OfficialDocument:
    """The map with its table as a paper, to print or to take into a report. Raises NotFound, NotPermitted."""
    drawn = draw(name, viewer, at=at, language=language)
    words = _PAPER[language]
    day = home_day(at)
    rule = vocabulary("counting_rule").label(drawn.answer.rule, language)
    source = f"{rule}; {words['as_of']} {short_date(day, language)}."
    heads = (words["partner"], words[name])
    rows = tuple((row.cells[0].get(language), _value(name, row.cells, language)) for row in drawn.answer.rows)
    blocks: tuple[Block, ...] = (
        Figure(drawn.drawing, drawn.drawing.alt, drawn.drawing.title, source),
        Paragraph(remark(language)),
        Table((Column(heads[0], width=1.4), Column(heads[1])), rows, drawn.drawing.title, source),
    )
    return OfficialDocument(
        kind=words["kind"],
        kind_code="BĐ",
        title=drawn.drawing.title,
        issuer=words["issuer"],
        issuer_code="BNG",
        place=words["place"],
        as_of=day,
        blocks=blocks,
        language=language,
        exercise=drawn.exercise,
        layout="working",
    )


def take_map(name: str, form: str, *, act: Act, language: Language) -> bytes:
    """The map as a file to take away: the picture alone (svg, png), or with its table (pdf, docx).

    Raises NotFound, NotPermitted without `exports.take`.
    """
    act.viewer.require("exports.take", subject=name)
    if form not in FORMS:
        raise NotFound(N_("Không có định dạng “%(form)s”."), form=form[:20], remedy=N_("Hãy chọn svg, png, pdf hoặc docx."))
    if form in MEDIA_TYPES:
        return take(compose(name, act.viewer, at=act.at, language=language), form, act=act)
    drawn = draw(name, act.viewer, at=act.at, language=language)
    note_taken(act, {"map": name, "form": form})
    if form == "png":
        return maps.png(drawn.drawing, language, exercise=drawn.exercise)
    return maps.svg(drawn.drawing, language, exercise=drawn.exercise).encode()


_PAPER: dict[Language, dict[str, str]] = {
    "vi": {
        "kind": "Bản đồ", "issuer": "Bộ Ngoại giao", "place": "Hà Nội", "partner": "Đối tác", "levels": "Mức quan hệ",
        "commitments": "Số cam kết", "as_of": "tính đến",
    },
    "en": {
        "kind": "Map", "issuer": "Ministry of Foreign Affairs", "place": "Ha Noi", "partner": "Partner",
        "levels": "Level of relations", "commitments": "Commitments", "as_of": "as of",
    },
}  # fmt: skip


def _drawn_names(viewer: Viewer) -> Sequence[tuple[str, str, str]]:
    rows = Partner.objects.visible_to(viewer).filter(code__in=drawn_codes())
    return list(rows.values_list("code", "name_vi", "name_en"))


_PlaceOf = Callable[[Sequence[object]], tuple[int, str]]


def _levels(answer: Answer, language: Language) -> tuple[tuple[Shade, ...], _PlaceOf]:
    levels = vocabulary("relation_level")
    standing = {row.cells[2] for row in answer.rows}
    used = [term.code for term in levels.terms if term.code != DIPLOMATIC and term.code in standing]
    shades = tuple(Shade(levels.label(code, language), _LEVEL_COLOURS[code]) for code in used)
    return shades, lambda cells: (used.index(str(cells[2])), levels.label(str(cells[2]), language))


def _counts(answer: Answer, language: Language) -> tuple[tuple[Shade, ...], _PlaceOf]:
    """Classes with fixed bounds, so that maps of two days can be compared."""
    labels = [
        f"≥ {low}" if place == 0 else f"{low}–{_STEPS[place - 1] - 1}" if _STEPS[place - 1] - 1 > low else str(low)
        for place, low in enumerate(_STEPS)
    ]
    unit = "cam kết" if language == "vi" else "commitments"
    shades = tuple(Shade(text, colour) for text, colour in zip(labels, SHADES, strict=True))

    def place_of(cells: Sequence[object]) -> tuple[int, str]:
        total = int(str(cells[2]))
        return next(place for place, low in enumerate(_STEPS) if total >= low), f"{number(total, language)} {unit}"

    return shades, place_of


def _value(name: str, cells: Sequence[object], language: Language) -> str:
    if name == "levels":
        return vocabulary("relation_level").label(str(cells[2]), language)
    return number(int(str(cells[2])), language)


def _words(title: str, shades: Sequence[Shade], places: dict[str, Place], language: Language) -> str:
    """What the map shows, for those who hear it: how many countries fall in each class."""
    counts = [sum(1 for p in places.values() if p.shade == n) for n in range(len(shades))]
    unit = "nước và vùng lãnh thổ" if language == "vi" else "countries and territories"
    return f"{title}: " + "; ".join(f"{s.label}: {c} {unit}" for s, c in zip(shades, counts, strict=True) if c) + "."
