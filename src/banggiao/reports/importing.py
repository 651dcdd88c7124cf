"""What does the next version of a list change: which rows are new, say something else, are gone, and where does it clash?

A list is known again by its owner, its register and the name of its file and sheet, a row by the list's own number or by what
it says. What people changed in the register since stays, unless the list changed the same field too: then a person decides.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from django.apps import apps
from django.utils.translation import gettext

from banggiao.core.acts import Viewer
from banggiao.core.folding import fold
from banggiao.core.record import plain
from banggiao.core.registers import Register
from banggiao.reports.cells import Options
from banggiao.reports.duplicates import near_rows, telling_fields
from banggiao.reports.entry import Reader, asked_by
from banggiao.reports.pasting import PROGRESS, Line, Pasted
from banggiao.sources.models import ImportedList, ImportedRow

#: How a difference is settled: written at once, decided by a person first, asked of those who approve later dates, or not here.
How = Literal["take", "clash", "ask", "fixed"]
#: A term of `import_row`.
Kind = Literal["good", "changed", "clash", "same", "twin", "wrong", "skipped", "removed"]
#: What may be said of a row: its record is a new one, it is the record shown (which is brought up to date), or it is left out;
#: of a clash: the list's words, or the register's.
CHOICES = ("new", "same", "skip", "take", "keep")
_CHUNK = 400
#: What tells one month's file from the next, and copies from their original.
_DATED = re.compile(
    r"\b(?:thang|quy|nam|ngay|lan|ban|phien ban|version|v|cap nhat|updated?|final|chinh thuc|copy|sao|du thao|draft"
    r"|[ivx]+|[tq]\d{1,2}|\d+)\b"
)


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a record that the list says otherwise: as it stands, as the list says, and how that is settled."""

    field: str
    old: Any
    new: Any
    how: How


@dataclass(frozen=True, slots=True)
class Standing:
    """How a row stands to the register: its kind, its record with the version compared, what differs, and its earlier row."""

    kind: Kind
    key: str
    values: Mapping[str, Any]
    record: Any = None
    changes: tuple[Change, ...] = ()
    row: ImportedRow | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A list held against the register: each row with its standing, earlier rows that are gone, the list known again."""

    lines: list[Line]
    gone: list[ImportedRow]
    listed: ImportedList | None
    seen: str = ""

    def counts(self) -> dict[str, int]:
        """How many rows are of each kind, and `gone`."""
        counted = {kind: 0 for kind in ("good", "changed", "clash", "same", "twin", "wrong", "skipped", "removed")}
        for line in self.lines:
            counted[line.kind] += 1
        return {**counted, "gone": len(self.gone)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person chose for an import: how cells are taken, what becomes of likely duplicates, and of single rows.

    `listed` is the id of the list that this is the next version of, `new` for a list of its own, empty to know it by its name.
    """

    options: Options = field(default_factory=Options)
    twins: Literal["", "new", "same"] = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    listed: str = ""
    as_of: str = ""

    def to_json(self) -> dict[str, Any]:
        """What is kept with the table and the list."""
        return {**asdict(self.options), "twins": self.twins, "listed": self.listed, "as_of": self.as_of}

    @classmethod
    def of(cls, kept: Mapping[str, Any], choices: Mapping[str, str] | None = None) -> Wanted:
        """What was kept; anything unknown is left out."""
        partners, twins = str(kept.get("partners", "")), str(kept.get("twins", ""))
        return cls(
            Options(partners if partners in ("split", "joint") else "", kept.get("blank") is True),  # type: ignore[arg-type]
            twins if twins in ("new", "same") else "",  # type: ignore[arg-type]
            {row: choice for row, choice in (choices or {}).items() if choice in CHOICES},
            str(kept.get("listed", "")),
            str(kept.get("as_of", "")),
        )


def series_of(name: str, sheet: str) -> str:
    """The name of file and sheet without months, years and numbers of versions, by which the next file of a list is known."""
    stem = re.sub(r"\.[A-Za-z]{3,4}\Z", "", name)
    parts = [" ".join(_DATED.sub(" ", fold(part)).split()) for part in (stem, sheet)]
    return " | ".join(part or fold(whole) for part, whole in zip(parts, (stem, sheet), strict=True))[:255]


def lists_of(register: Register, viewer: Viewer) -> list[ImportedList]:
    """The lists of this register that the viewer's institution imported, the last one first."""
    owner = Reader(register, viewer).owner
    return list(ImportedList.objects.filter(owner=owner, register=register.name).order_by("-imported_at", "-pk")[:50])


def list_meant(register: Register, name: str, sheet: str, listed: str, viewer: Viewer) -> ImportedList | None:
    """The list that a file is the next version of: the one chosen, else the last one of like name; None for a new list."""
    known = lists_of(register, viewer)
    if listed == "new":
        return None
    chosen = next((each for each in known if str(each.pk) == listed), None)
    return chosen or next((each for each in known if each.series == series_of(name, sheet)), None)


def held_against(
    register: Register, table: Pasted, lines: Sequence[Line], wanted: Wanted, listed: ImportedList | None, viewer: Viewer
) -> Held:
    """Each row with what it would do to the register, and the rows of the last import that the list does not have any more."""
    mapped = [each for each in asked_by(register) if each.name in table.columns]
    names = [each.name if each.kind == "records" else each.field.attname for each in mapped]
    rows = list(listed.rows.all()) if listed else []
    by_key, by_words = {row.key: row for row in rows}, {_words_key(register, row.values): row for row in rows}
    keyed: list[tuple[Line, str, dict[str, Any], ImportedRow | None]] = []
    taken: set[UUID] = set()
    used: dict[str, int] = {}
    for line in lines:
        values = _values(line, names)
        key = _key(register, line, values)
        used[key] = used.get(key, 0) + 1
        key = f"{key}#{used[key]}" if used[key] > 1 else key
        row = by_key.get(key)
        keyed.append((line, key, values, row if row and row.pk not in taken else None))
        if row:
            taken.add(row.pk)
    for place, (line, key, values, row) in enumerate(keyed):
        other = by_words.get(_words_key(register, values)) if row is None and not line.understood.problems else None
        if other is not None and other.pk not in taken:
            taken.add(other.pk)
            keyed[place] = (line, key, values, other)
    fresh = [line for line, _k, _v, row in keyed if row is None and not line.understood.problems and line.twin is None]
    near = dict(zip((line.id for line in fresh), near_rows(register, [line.understood for line in fresh], viewer), strict=True))
    told = [replace(line, twin=n[0], likeness=n[1]) if (n := near.get(line.id)) else line for line, _k, _v, _row in keyed]
    wanted_ids = {row.record_id for _l, _k, _v, row in keyed if row} | {line.twin for line in told if isinstance(line.twin, UUID)}
    records = _records(register, wanted_ids, names, viewer)
    free = {row.record_id: row for row in rows if row.pk not in taken}
    held = [
        replace(line, about=_standing(register, line, key, values, row, records, free, wanted, names, viewer))
        for line, (_line, key, values, row) in zip(told, keyed, strict=True)
    ]
    meant = {
        line.about.record.pk
        for line in held
        if line.about.record is not None and line.kind in ("same", "changed", "clash", "twin")
    }
    meant |= {row.record_id for _line, _key_, _values_, row in keyed if row}
    gone = [row for row in rows if listed and row.seen == listed.times and row.record_id not in meant]
    return Held(held, sorted(gone, key=lambda row: row.place), listed, _seen(held, gone))


def _standing(
    register: Register, line: Line, key: str, values: Mapping[str, Any], row: ImportedRow | None, records: Mapping[UUID, Any],
    free: dict[UUID, ImportedRow], wanted: Wanted, names: Sequence[str], viewer: Viewer,
) -> Standing:  # fmt: skip
    choice = wanted.choices.get(line.id, "")
    if choice == "skip":
        return Standing("skipped", key, values, row=row)
    if line.understood.problems:
        return Standing("wrong", key, values, row=row)
    if row is not None:
        record = records.get(row.record_id)
        if record is None:  # taken out of the register since, or hidden from this viewer by now
            return Standing("good" if choice == "new" or wanted.twins == "new" else "removed", key, values, row=row)
        changes = _changes(register, record, values, row.values, line, names, viewer)
        if choice == "keep":
            changes = tuple(c for c in changes if c.how != "clash")
        elif choice == "take":
            changes = tuple(_settled(register, record, c, viewer) if c.how == "clash" else c for c in changes)
        kind: Kind = "clash" if any(c.how == "clash" for c in changes) else "changed" if changes else "same"
        return Standing(kind, key, values, record, changes, row)
    if line.twin is None:
        return Standing("good", key, values)
    record = records.get(line.twin) if isinstance(line.twin, UUID) else None
    choice = choice or (wanted.twins if wanted.twins == "new" or record is not None else "")
    if choice == "new":
        return Standing("good", key, values)
    if choice == "same" and record is not None:
        changes = _changes(register, record, values, None, line, names, viewer)
        return Standing("changed" if changes else "same", key, values, record, changes, free.pop(record.pk, None))
    shown = _changes(register, record, values, None, line, names, viewer) if record is not None else ()
    return Standing("twin", key, values, record, shown)


def _changes(
    register: Register, record: Any, values: Mapping[str, Any], before: Mapping[str, Any] | None, line: Line,
    names: Sequence[str], viewer: Viewer,
) -> tuple[Change, ...]:  # fmt: skip
    """Where the list says otherwise than the record; with `before`, only what the list itself changed since the last time."""
    found = []
    for name in names:
        if name in line.left or name == "classification":
            continue
        new, now = values.get(name, ""), _now(record, name)
        old = before.get(name, "") if before is not None else None
        if new == now or (before is not None and new == old) or (before is None and new in ("", [])):
            continue
        clash = before is not None and now != old and now not in ("", [])
        change = Change(name, now, new, "clash" if clash else "take")
        found.append(change if clash else _settled(register, record, change, viewer))
    if line.progress and line.progress != (before or {}).get(PROGRESS, ""):
        found.append(Change(PROGRESS, (before or {}).get(PROGRESS, ""), line.progress, "take"))
    return tuple(found)


def _settled(register: Register, record: Any, change: Change, viewer: Viewer) -> Change:
    """The change with how it is written: fields that are not edited by hand stay, due dates move by their own rule."""
    if change.field == "current_due" and "current_due" not in register.editable:
        may = viewer.may("followup.report") and bool(change.new)
        return replace(change, how="ask" if may else "fixed")
    return replace(change, how="take" if change.field in register.editable else "fixed")


def _records(register: Register, ids: Iterable[UUID], names: Sequence[str], viewer: Viewer) -> dict[UUID, Any]:
    wanted = list(ids)
    found: dict[UUID, Any] = {}
    rows = register.model.objects.visible_to(viewer).filter(retracted=False)
    for n in range(0, len(wanted), _CHUNK):
        found |= {record.pk: record for record in rows.filter(pk__in=wanted[n : n + _CHUNK])}
    for name in (n for n in names if n in register.model.links):
        link = register.model.links[name]
        through = apps.get_model(link.through)
        near, far = (through._meta.get_field(each).attname for each in (link.near, link.far))
        for record in found.values():
            record.__dict__[f"_{name}"] = []
        bodies: Any = through._meta.get_field(link.far).related_model
        known = bodies.objects.visible_to(viewer)
        for n in range(0, len(wanted), _CHUNK):
            told = through._default_manager.filter(**{f"{near}__in": wanted[n : n + _CHUNK], f"{link.far}__in": known})
            told = told.order_by("position")
            for record_id, other in told.values_list(near, far):
                if record_id in found:
                    found[record_id].__dict__[f"_{name}"].append(str(other))
    return found


def _now(record: Any, name: str) -> Any:
    value = record.__dict__.get(f"_{name}") if name in record.links else plain(getattr(record, name))
    return "" if value is None else value


def _values(line: Line, names: Sequence[str]) -> dict[str, Any]:
    """What the row says as the ledger would keep it, by attribute name; empty cells are not there."""
    values = {name: plain(line.understood.values[name]) for name in names if name in line.understood.values}
    links = {
        n: [plain(r[0] if isinstance(r, list) else r) for r in rows] for n, rows in line.understood.links.items() if n in names
    }
    told = {name: value for name, value in {**values, **links}.items() if value not in (None, "", [])}
    return {**told, PROGRESS: line.progress} if line.progress else told


def _key(register: Register, line: Line, values: Mapping[str, Any]) -> str:
    if line.own_key:
        apart = next((str(values[n]) for n in telling_fields(register) if n.startswith("partner") and n in values), "")
        return f"k:{line.own_key}|{apart}" if line.part else f"k:{line.own_key}"
    return _words_key(register, values)


def _words_key(register: Register, values: Mapping[str, Any]) -> str:
    """A digest of what tells a row apart when it bears no number: its words, and for whom."""
    apart = [str(values.get(n, "")) for n in telling_fields(register) if n.startswith("partner")]
    told = "|".join([fold(str(values.get(register.title_paths[0], ""))), *apart])
    return "w:" + hashlib.sha256(told.encode()).hexdigest()[:40]


def _seen(lines: Sequence[Line], gone: Sequence[ImportedRow]) -> str:
    """What somebody who confirms has seen: rows, what they would do, and the versions they would do it to."""
    digest = hashlib.sha256()
    for line in lines:
        record = line.about.record
        told = [(c.field, str(c.old), str(c.new), c.how) for c in line.about.changes]
        digest.update(f"{line.id} {line.kind} {record.pk if record else ''} {record.version if record else ''} {told}\n".encode())
    digest.update(str(sorted(str(row.pk) for row in gone)).encode())
    return digest.hexdigest()[:32]


def said_how(change: Change) -> str:
    """How a difference is settled, in words."""
    return {
        "take": "",
        "clash": gettext("sổ cũng đã được sửa; hãy chọn"),
        "ask": gettext("ghi thành đề nghị chuyển hạn"),
        "fixed": gettext("không sửa được từ danh sách; hãy mở bản ghi"),
    }[change.how]
