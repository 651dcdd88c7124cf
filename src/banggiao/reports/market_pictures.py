"""Which pictures of world trade are there, by name, and how does one leave the system as SVG or PNG?

A picture is drawn from the answer of a question, the same that stands beside it as a table. Pages, commands and exports ask for
it by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, NotFound
from banggiao.core.exports import note_taken
from banggiao.core.questions import Answer
from banggiao.reports import market_drawings
from banggiao.reports.typography import Language

#: Form of a picture as a file -> its media type.
FORMS = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True)
class Picture:
    """A drawing with its name, one sentence on what it shows, its legend (words, colour) and the answer it was drawn from."""

    svg: str
    title: str
    summary: str
    answer: Answer
    legend: tuple[tuple[str, str], ...] = ()

    @property
    def synthetic(self) -> bool:
        """Whether it shows made-up data."""
        return any(row.exercise for row in self.answer.rows)


#: Draws a picture for parameters, a viewer, a moment and a language; `url` says where the page of a thing stands ("" for none).
Draw = Callable[[Mapping[str, str], Viewer, datetime, Language], Picture]
_pictures: dict[str, Draw] = {}


def register_picture(name: str, draw: Draw) -> Draw:
    """Make a picture known by name; a name is taken once."""
    if name in _pictures:
        raise ValueError(f"picture {name} is registered twice")
    _pictures[name] = draw
    return draw


def picture_names() -> tuple[str, ...]:
    """Every registered picture."""
    return tuple(sorted(_pictures))


def draw(name: str, params: Mapping[str, str], viewer: Viewer, *, at: datetime, language: Language) -> Picture:
    """The picture of this name. Raises NotFound, and what its question raises."""
    if name not in _pictures:
        raise NotFound(N_("Không có hình này."), subject=name[:40], remedy=N_("Hãy mở lại trang thị trường."))
    return _pictures[name](params, viewer, at, language)


def take(name: str, form: str, params: Mapping[str, str], *, act: Act, language: Language) -> bytes:
    """The picture as a file to take away. Raises NotFound, NotPermitted without `exports.take`."""
    act.viewer.require("exports.take", subject=name)
    if form not in FORMS:
        raise NotFound(N_("Không có định dạng “%(form)s”."), form=form[:20], remedy=N_("Hãy chọn svg hoặc png."))
    picture = draw(name, params, act.viewer, at=act.at, language=language)
    note_taken(act, {"picture": name, "form": form, "parameters": dict(params)})
    return picture.svg.encode() if form == "svg" else market_drawings.png(picture.svg)
