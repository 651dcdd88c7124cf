"""How does a file become facts: open it, lay out its text, read its metadata, and let every finder speak."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path

from banggiao.reading.barriers import find_barriers
from banggiao.reading.dates import reference_year
from banggiao.reading.entities import find_entities
from banggiao.reading.events import find_events
from banggiao.reading.intake import open_bytes, open_path
from banggiao.reading.layout import build_layout
from banggiao.reading.metadata import read_metadata
from banggiao.reading.promises import find_promises
from banggiao.reading.statements import find_statements
from banggiao.reading.types import Fact, Intake, Line, ReadDocument


def read(data: bytes, name: str) -> ReadDocument:
    """Read the bytes of a file called `name`. Raises `Unreadable` where it cannot be opened."""
    return read_text(open_bytes(data, name))


def read_path(path: Path) -> ReadDocument:
    """Read a file. Raises `Unreadable` where it is not there or cannot be opened."""
    return read_text(open_path(path))


def read_text(intake: Intake) -> ReadDocument:
    """Read a text already opened: its metadata, the classes of its lines, and its facts in order of their place."""
    layout = build_layout(intake.text, intake.hints)
    metadata = read_metadata(layout, intake.hints)
    year = reference_year(metadata, layout).year
    entities = find_entities(layout, metadata)
    facts = [
        *entities,
        *find_events(layout, metadata, entities),
        *find_statements(layout, entities, year),
        *find_promises(layout, entities, year),
        *find_barriers(layout, entities),
    ]
    lines = tuple(Line(line.number, line.cls) for line in layout.lines)
    return ReadDocument(intake, metadata, lines, tuple(_ordered(facts)))


def _ordered(facts: Iterable[Fact]) -> list[Fact]:
    """By place; of two facts of a kind that overlap the surer one stays, the longer one where they are as sure."""
    # Where the last fact of a kind stands among those kept; a place given up is left empty.
    kept: list[Fact | None] = []
    last: dict[str, int] = {}
    for fact in sorted(facts, key=attrgetter("span", "kind")):
        at = last.get(fact.kind)
        before = kept[at] if at is not None else None
        if at is not None and before is not None and fact.span[0] < before.span[1]:
            if _weight(fact) <= _weight(before):
                continue
            kept[at] = None
        last[fact.kind] = len(kept)
        kept.append(fact)
    return [fact for fact in kept if fact is not None]


def _weight(fact: Fact) -> tuple[float, int]:
    return fact.confidence, fact.span[1] - fact.span[0]
