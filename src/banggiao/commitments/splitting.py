"""Which tasks do the paragraphs of a directive propose, and which bodies of the register are meant?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from banggiao.commitments.lines import PARAGRAPHS
from banggiao.commitments.models import Directive, Paragraph
from banggiao.core.acts import Viewer
from banggiao.core.folding import fold
from banggiao.core.lines import rows_of
from banggiao.partners.models import Institution
from banggiao.partners.questions import institutions_by_name
from banggiao.reading.assignments import Assignment, assignments, bodies_named

#: Whoever heads a body answers for it, and a province is named by its committee.
_HEADS = re.compile(
    r"^(?:(?:bo truong|thu truong|chu tich|pho chu tich|giam doc|tong giam doc|thong doc|cuc truong|vu truong|vien truong"
    r"|lanh dao|thu truong co quan|dai su|chanh van phong|tong lanh su|truong) )?(?:ubnd|uy ban nhan dan)?\s*"
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A task that a paragraph proposes: `key` tells it from the others of its paragraph; bodies as the register knows them.

    `unknown` are the names of co-ordinating bodies that the register does not know.
    """

    key: str
    said: Assignment
    lead: Institution | None
    coordinating: tuple[Institution, ...]
    unknown: tuple[str, ...]


class Bodies:
    """The home bodies of one world that the viewer may know of, found by the name a text gives them."""

    def __init__(self, viewer: Viewer, *, exercise: bool) -> None:
        known = set(Institution.objects.visible_to(viewer).values_list("pk", flat=True))
        self._by_name = {n: b for n, b in institutions_by_name(exercise=exercise).items() if b.pk in known}

    @property
    def names(self) -> list[str]:
        """What they are called in full."""
        return sorted({body.name_vi for body in self._by_name.values()})

    def find(self, name: str) -> Institution | None:
        """The one body of that name, of whoever heads it, or whose committee it is; None where none is surely meant."""
        folded = fold(name)
        bare = _HEADS.sub("", folded)
        for wanted in (folded, bare, f"tinh {bare}", f"uy ban nhan dan {bare}"):
            if wanted in self._by_name:
                return self._by_name[wanted]
        return None


def proposals_of(
    directive: Directive, viewer: Viewer, paragraphs: Sequence[Paragraph] | None = None
) -> dict[UUID, list[Proposed]]:
    """For each paragraph the tasks its words propose, in order; those under a heading that names a body are that body's."""
    rows = list(rows_of(PARAGRAPHS, directive, viewer)) if paragraphs is None else paragraphs
    bodies = Bodies(viewer, exercise=directive.exercise)
    names = bodies.names
    year = int(directive.day[:4]) if directive.day else None
    over: dict[str, tuple[str, tuple[str, ...]]] = {}
    found: dict[UUID, list[Proposed]] = {}
    for row in rows:
        if row.heading:
            over[row.number] = bodies_named(row.text, names)
            continue
        lead, together = next((head for path in _above(row.number) if (head := over.get(path, ("", ())))[0]), ("", ()))
        said = assignments(row.text, year=year, lead=lead, together=together, names=names)
        found[row.pk] = [_proposed(str(place), each, bodies) for place, each in enumerate(said, 1)]
    return found


def _proposed(key: str, said: Assignment, bodies: Bodies) -> Proposed:
    together = [(name, bodies.find(name)) for name in said.coordinating]
    lead = bodies.find(said.lead) if said.lead else None
    known = tuple(dict.fromkeys(body for _name, body in together if body is not None and body != lead))
    return Proposed(key, said, lead, known, tuple(name for name, body in together if body is None))


def _above(number: str) -> list[str]:
    """The paths above a paragraph, the nearest first."""
    parts = number.split(".")
    return [".".join(parts[:size]) for size in range(len(parts) - 1, 0, -1)]
