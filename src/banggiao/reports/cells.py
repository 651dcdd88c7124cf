"""What does a cell of a ministry's table mean where it tells more than a field: several partners or bodies, a serial date?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

from django.utils.translation import gettext

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, FieldProblem
from banggiao.core.registers import Register
from banggiao.partners.models import Institution, Partner
from banggiao.reports.entry import Asked, Reader, Understood, asked_by, meaning
from banggiao.reports.naming import Names, Unclear
from banggiao.reports.shaping import Shaped

#: Day 0 of Excel's calendar; the days 1990-01-01 to 2099-12-31 are taken for dates.
_EXCEL = date(1899, 12, 30)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?\Z", re.ASCII)
_SERIALS = range(32_874, 73_051)
_SEVERAL = re.compile(r"[;,\n/]|\s+(?:và|and|&)\s+")
_PART = re.compile(r"\A(?:cơ quan\s+)?(?:chủ trì|phối hợp)\s*:\s*|\s*\((?:chủ trì|phối hợp)\)", re.IGNORECASE)
_DATES = ("date", "due", "day")
#: What is wrong with a cell until somebody chose what becomes of its partners.
SEVERAL_PARTNERS = N_("Ô này nêu nhiều đối tác. Hãy chọn ghi mỗi đối tác một bản ghi, hay ghi chung một bản ghi.")
#: Of the lines that part a table at least so many must be names, to be taken for them.
MOST_OF = 0.5


@dataclass(frozen=True, slots=True)
class Options:
    """How a table is to be taken, chosen for each import.

    `partners`: a cell that names several partners gives one record for each (`split`), or one record with the first, the others
    named in its text (`joint`); undecided, such a row is a fault. `blank` leaves what is not understood empty where the field may
    be; the words stay in the row of the file.
    """

    partners: Literal["", "split", "joint"] = ""
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Parted:
    """One record of a row: what was typed for its fields, what is wrong beside them, and the bodies that co-operate."""

    typed: Mapping[str, Any]
    problems: tuple[FieldProblem, ...] = ()
    beside: Sequence[str] = field(default=())


def parted(reader: Reader, typed: Mapping[str, str], options: Options) -> list[Parted]:
    """The records that a row gives: one, or one for each of its partners."""
    ready: dict[str, Any] = dict(typed)
    problems: list[FieldProblem] = []
    partners: tuple[str, list[str]] | None = None
    for name, text in typed.items():
        each = reader.fields[name] if name in reader.fields else None
        if each is None:
            continue
        if each.kind in _DATES:
            ready[name] = plain_date(text)
        elif each.kind == "record" and each.model in (Partner, Institution):
            several = names_in(reader.names, each.model, text)
            if len(several) < 2:
                ready[name] = several[0] if several else text
            elif each.model is Partner:
                partners = (name, several)
            elif name == "lead_id" and "coordinating" in reader.fields:
                ready[name] = several[0]
                told = [part for part in re.split(r"[;\n]", typed.get("coordinating", "")) if part.strip()]
                ready["coordinating"] = "; ".join(dict.fromkeys([*several[1:], *told]))
            else:
                problems.append(
                    FieldProblem(name, N_("Ô này nêu nhiều cơ quan, trường này chỉ nhận một. Hãy chỉ ghi cơ quan chính."))
                )
        elif each.kind == "records" and each.model in (Partner, Institution):
            ready[name] = "; ".join(names_in(reader.names, each.model, text)) or text
    if partners is None:
        return [Parted(ready, tuple(problems))]
    partner, several = partners
    if options.partners == "split":
        return [Parted({**ready, partner: one}, tuple(problems)) for one in several]
    if options.partners == "joint":
        words = reader.register.title_paths[0]
        said = gettext("%(text)s (cùng các đối tác: %(partners)s)")
        text = said % {"text": str(ready.get(words, "")).rstrip(), "partners": ", ".join(several)}
        return [Parted({**ready, partner: several[0], words: text}, tuple(problems))]
    return [Parted({**ready, partner: several[0]}, (*problems, FieldProblem(partner, SEVERAL_PARTNERS)))]


def without_unclear(reader: Reader, row: Parted, options: Options) -> tuple[Understood, dict[str, str]]:
    """The row understood; with `blank`, cells that are not understood are left empty where the field may be, and named."""
    understood = reader.read(row.typed)
    left: dict[str, str] = {}
    if options.blank and understood.problems:
        optional = {p.field for p in understood.problems if (each := reader.fields.get(p.field)) and not each.required}
        typed = {n: v for n, v in row.typed.items() if reader.fields[n].name not in optional or not str(v).strip()}
        left = {reader.fields[n].name: str(v) for n, v in row.typed.items() if n not in typed}
        understood = reader.read(typed) if left else understood
    return (replace(understood, problems=(*row.problems, *understood.problems)) if row.problems else understood), left


def plain_date(text: str) -> str:
    """The day of a number that Excel keeps for a date (45838 is 30 June 2025); any other text as it is."""
    bare = text.strip()
    if _SERIAL.match(bare) and int(bare[:5]) in _SERIALS:
        return (_EXCEL + timedelta(days=int(bare[:5]))).isoformat()
    return text


def names_in(names: Names, model: Any, text: str) -> list[str]:
    """The names that a cell holds, as they stand there; a name that itself holds a comma or `và` is one."""
    found: list[str] = []
    for part in re.split(r"[;\n]", text):
        bare = " ".join(_PART.sub("", part.strip()).split()).strip(" ,.")
        if not bare:
            continue
        try:
            names.one(model, bare)
            found.append(bare)
        except Unclear:
            pieces = [" ".join(_PART.sub("", p.strip()).split()) for p in _SEVERAL.split(bare)]
            found += _joined(names, model, [piece for piece in pieces if piece]) if len(pieces) > 1 else [bare]
    return list(dict.fromkeys(found))


def _joined(names: Names, model: Any, pieces: list[str]) -> list[str]:
    """Pieces as names; what was parted may be one name ("Bộ Văn hóa, Thể thao và Du lịch"), what is unknown stays as it is."""
    found, at = [], 0
    while at < len(pieces):
        for size in (3, 2, 1):
            if at + size > len(pieces):
                continue
            forms = [pieces[at]] if size == 1 else [
                ", ".join(pieces[at : at + size]),
                ", ".join(pieces[at : at + size - 1]) + " và " + pieces[at + size - 1],
            ]  # fmt: skip
            name = next((form for form in forms if _is_name(names, model, form)), "")
            if name or size == 1:
                found.append(name or pieces[at])
                at += size
                break
    return found


def _is_name(names: Names, model: Any, text: str) -> bool:
    try:
        names.one(model, text)
    except Unclear:
        return False
    return True


def told_by_sections(
    register: Register, shaped: Shaped, columns: Sequence[str], told: Mapping[str, str], heading: Sequence[str], viewer: Viewer
) -> tuple[str, ...]:
    """The columns, with each level of lines that part the table taken for the field whose values most of its lines name.

    A field that has a column of its own, and a level that people explained before (`told`), stay as they are.
    """
    names, found = Names(viewer), list(columns)
    open_fields = [
        each for each in asked_by(register) if each.kind in ("record", "records", "code") and each.name != "classification"
    ]
    open_fields = [each for each in open_fields if each.kind == "code" or each.model in (Partner, Institution)]
    for place in range(len(columns) - shaped.levels, len(columns)):
        if heading[place] in told:
            continue
        values = list(dict.fromkeys(row[place] for row in shaped.rows if row[place]))[:60]
        best = max(open_fields, key=lambda each: (_share(each, values, names), -open_fields.index(each)), default=None)
        if best is not None and best.name not in found and values and _share(best, values, names) >= MOST_OF:
            found[place] = best.name
    return tuple(found)


def _share(each: Asked, values: Sequence[str], names: Names) -> float:
    known = 0
    for value in values:
        try:
            known += bool(meaning(each, value, names))
        except ValueError:
            continue
    return known / max(1, len(values))
