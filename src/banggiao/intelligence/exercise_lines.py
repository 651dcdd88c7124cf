"""What activities and agreements of the exercise consist of, and one agreement with its text, clauses and commitments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from importlib.resources import files
from typing import Any
from uuid import UUID

from banggiao.activities.lines import AGENDA, DELEGATION, ECONOMIC, OUTCOMES, SITES
from banggiao.activities.models import Activity, Site
from banggiao.agreements.lines import LEGAL_STEPS, READINESS, TEXTS
from banggiao.agreements.models import Agreement, AgreementText
from banggiao.agreements.services import confirm_clauses
from banggiao.commitments.models import Commitment
from banggiao.core.acts import Act
from banggiao.core.lines import Lines, add_line, add_lines
from banggiao.core.record import Record
from banggiao.reading.articles import articles
from banggiao.sources.services import cite_words, keep_original, store_document

Row = Mapping[str, str]
#: Table of `data/exercise` -> the lines it tells of; sites first, since an agenda names them.
PARTS: Mapping[str, Lines] = {
    "sites": SITES,
    "agenda": AGENDA,
    "delegation": DELEGATION,
    "economic_content": ECONOMIC,
    "outcomes": OUTCOMES,
    "legal_steps": LEGAL_STEPS,
    "readiness": READINESS,
}
#: The agreement that has a text, and which clause (by number) its commitments rest on.
_TEXT = "DT-TT-05"
_TEXT_FROM = -57
_RESTS_ON = {"Điều 6": ("DT-CK-29", "DT-CK-30")}


@dataclass(frozen=True, slots=True)
class Written:
    """Lines of one record that are written down on one day of the story."""

    day: int
    do: Callable[[Act], object]


def lines_of_story(
    rows_of: Callable[[str], Sequence[Row]], began: Mapping[str, int], date: Callable[[str], str], ids: Mapping[str, UUID]
) -> list[Written]:
    """Everything that activities and agreements consist of; `began` is the day on which each record is written down.

    A record that has lines of a part already keeps them as they are.
    """
    told = []
    for table, lines in PARTS.items():
        rows = lines.book.model._default_manager.filter(exercise=True)
        standing = set(rows.values_list(f"{lines.parent}__code", flat=True))
        grouped: dict[tuple[str, int], list[Row]] = {}
        for row in rows_of(table):
            if row["of"] in standing:
                continue
            own = int(row["day"]) if table in ("legal_steps", "readiness") else began[row["of"]]
            grouped.setdefault((row["of"], own), []).append(row)
        told += [Written(day, _adding(lines, code, group, date, ids)) for (code, day), group in grouped.items()]
    if not AgreementText.objects.filter(agreement__code=_TEXT).exists():
        told.append(Written(_TEXT_FROM, _with_text))
    return told


def _adding(
    lines: Lines, code: str, rows: Sequence[Row], date: Callable[[str], str], ids: Mapping[str, UUID]
) -> Callable[[Act], object]:
    def add(act: Act) -> object:
        parent = _parent(lines, code)
        values = [_values(lines, row, parent, date, ids) for row in rows]
        return add_lines(act=act, lines=lines, parent=parent, rows=values)

    return add


def _parent(lines: Lines, code: str) -> Any:
    model: Any = Activity if lines.belongs_to == Activity.record_type() else Agreement
    return model.objects.get(code=code)


def _values(lines: Lines, row: Row, parent: Record, date: Callable[[str], str], ids: Mapping[str, UUID]) -> dict[str, Any]:
    """A row of a table as the fields hold it: days counted from the start, names of records as their ids."""
    values: dict[str, Any] = {
        n: v for n, v in row.items() if n not in ("of", "day", "site", "lead", "partner", "project", "amount")
    }
    if "day" in row:
        values["day"] = date(row["day"])
    if row.get("site"):
        values["site_id"] = Site.objects.get(activity_id=parent.pk, name=row["site"]).pk
    for name in ("lead", "partner"):
        if row.get(name):
            values[f"{name}_id"] = ids[row[name]]
    if lines is ECONOMIC:
        values |= {"project": bool(row["project"]), "amount": Decimal(row["amount"]) if row["amount"] else None}
    return values


def _with_text(act: Act) -> None:
    """The agreement's text, its clauses as a person confirmed them, and the commitments that rest on one of them."""
    from banggiao.reading import read  # slow to import

    agreement = Agreement.objects.get(code=_TEXT)
    data = files("banggiao").joinpath("data", "exercise", f"{_TEXT}.txt").read_bytes()
    found = read(data, f"{_TEXT}.txt")
    # It is there to be split into clauses; what a document tells is shown with other texts.
    bare = replace(found, facts=(), metadata=replace(found.metadata, title=f"{agreement.name_vi} (văn bản giả định)"))
    document, fresh = store_document(act=act, read=bare, classification="public", owner=agreement.owner)
    if fresh:
        keep_original(data, document.sha256)
    add_line(
        act=act,
        lines=TEXTS,
        parent=agreement,
        values={"document_id": document.pk, "role": "authentic", "language": "vi", "note": ""},
    )
    chosen = [{"number": a.number, "heading": a.heading, "start": a.start, "end": a.end} for a in articles(document.text)]
    for clause in confirm_clauses(act=act, agreement=agreement, document_id=document.pk, clauses=chosen):
        for commitment in Commitment.objects.filter(code__in=_RESTS_ON.get(clause.number, ())):
            cite_words(act=act, record=commitment, document=document, start=clause.start, end=clause.end)
