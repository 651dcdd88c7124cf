"""Which records of a register may be the same as one being entered: the same words, for the same partner, of the same day?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz, process

from banggiao.core.acts import Viewer
from banggiao.core.folding import fold
from banggiao.core.questions import Bi
from banggiao.core.registers import Register
from banggiao.core.search_query import find
from banggiao.reports.entry import Asked, Understood, asked

#: Likeness of the words (rapidfuzz, 0 to 100) from which a record is shown; less is enough where partner and day agree.
ALIKE = 78
ALIKE_BESIDE = 62
#: For a row of a table, of which nobody looks at each proposal as long: the same words but for a few letters.
ALIKE_ROW = 86
MOST = 5


@dataclass(frozen=True, slots=True)
class Twin:
    """A record like the one being entered, and how like its words are."""

    id: UUID
    code: str
    title: Bi
    score: float


def similar(register: Register, entered: Understood, viewer: Viewer) -> list[Twin]:
    """The records most like what is entered, best first; empty while there are no words to go by."""
    words = fold(str(entered.values.get(register.title_paths[0], "")))
    if len(words) < 3:
        return []
    rows = register.model.objects.visible_to(viewer)
    hits = find(" ".join(words.split()[:8]), viewer, record_types=[register.record_type], limit=40)
    ids = {hit.record_id for hit in hits}
    beside = {name: value for name in telling_fields(register) if (value := entered.values.get(name))}
    if beside:
        ids |= set(rows.filter(**beside).order_by("-pk").values_list("pk", flat=True)[:100])
    vi, en = register.title_paths
    paths = ("pk", register.code_path or "pk", vi, en or vi, *telling_fields(register))
    twins = []
    for pk, code, name, other, *told in rows.filter(pk__in=ids).values_list(*paths):
        said = dict(zip(telling_fields(register), told, strict=True))
        score = fuzz.token_sort_ratio(words, fold(str(name)))
        same_place = bool(beside) and all(said[n] == v for n, v in beside.items())
        if score >= (ALIKE_BESIDE if same_place else ALIKE):
            twins.append(Twin(pk, str(code) if register.code_path else "", Bi(str(name), str(other or "")), score))
    return sorted(twins, key=lambda twin: (-twin.score, twin.code))[:MOST]


def known_rows(register: Register, entered: Sequence[Understood], viewer: Viewer) -> list[UUID | int | None]:
    """For each row the record that already says the same, or the place of an earlier row that does; None for what is new.

    The same: equal words, and nothing that both give of partner, body, occasion and day differs.
    """
    vi = register.title_paths[0]
    telling = telling_fields(register)
    standing: dict[str, list[tuple[UUID | int, Mapping[str, Any]]]] = {}
    wanted = {fold(str(each.values.get(vi, ""))) for each in entered}
    rows = register.model.objects.visible_to(viewer).values_list("pk", vi, *telling)
    for pk, name, *told in rows.iterator(chunk_size=2000):
        words = fold(str(name))
        if words in wanted:
            standing.setdefault(words, []).append((pk, dict(zip(telling, told, strict=True))))
    found: list[UUID | int | None] = []
    for place, each in enumerate(entered):
        words = fold(str(each.values.get(vi, "")))
        mine = {name: each.values.get(name) for name in telling}
        same = next((who for who, said in standing.get(words, ()) if _agree(mine, said)), None) if words else None
        found.append(same)
        if words and same is None:
            standing.setdefault(words, []).append((place, mine))
    return found


def near_rows(register: Register, entered: Sequence[Understood], viewer: Viewer) -> list[tuple[UUID, float] | None]:
    """For each row the record whose words are nearest and how near (0 to 100), for the same partner; None where none is near.

    Words that differ in their numbers are about different things.
    """
    vi, telling = register.title_paths[0], telling_fields(register)
    apart = next((name for name in telling if name.startswith("partner")), "")
    standing: dict[Any, tuple[list[UUID], list[str]]] = {}
    for pk, name, *told in (
        register.model.objects.visible_to(viewer).values_list("pk", vi, *([apart] if apart else [])).iterator(2000)
    ):
        ids, choices = standing.setdefault(told[0] if told else None, ([], []))
        ids.append(pk)
        choices.append(_sorted(str(name)))
    found: list[tuple[UUID, float] | None] = []
    for each in entered:
        ids, choices = standing.get(each.values.get(apart) if apart else None, ([], []))
        words = _sorted(str(each.values.get(vi, "")))
        best = process.extractOne(words, choices, scorer=fuzz.ratio, score_cutoff=ALIKE_ROW) if len(words) > 12 else None
        same_numbers = best is not None and re.findall(r"\d+", words) == re.findall(r"\d+", best[0])
        found.append((ids[best[2]], best[1]) if best is not None and same_numbers else None)
    return found


def _sorted(text: str) -> str:
    return " ".join(sorted(fold(text).split()))


def _agree(mine: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    return all(not value or not said.get(name) or value == said[name] for name, value in mine.items())


def telling_fields(register: Register) -> tuple[str, ...]:
    """The fields that tell two records of like words apart: who it concerns and when."""
    fields: list[Asked] = [asked(register, name) for name in register.entry]
    return tuple(each.field.attname for each in fields if each.kind in ("record", "date", "due", "day", "period"))
