"""How does a list become records: its table found in the file, looked at, and on a person's word written, each row cited?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from banggiao.core.acts import CLASSIFICATIONS, Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, StaleEdit, VersionRequired
from banggiao.core.registers import Register
from banggiao.core.turns import take_turn
from banggiao.core.typed import typed_date
from banggiao.followup.services import move_due_date
from banggiao.followup.services_words import report_words, withdraw_words
from banggiao.reports import actions
from banggiao.reports.entry import Reader
from banggiao.reports.importing import Held, Wanted, held_against, list_meant, series_of
from banggiao.reports.pasting import Known, Line, Pasted, checked, explained, recognised, require_sound
from banggiao.reports.sheets import Sheet, file_name, sheets_of_file
from banggiao.sources.models import Document, ImportedList
from banggiao.sources.services import Span
from banggiao.sources.services_imports import Remembered, cite_rows, keep_list, remember, unremember


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file with lists: its bytes, its name without folders, and the tables it holds."""

    data: bytes
    name: str
    sheets: list[Sheet]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of an import: records made and changed, claims of progress noted, later dates asked for, rows that were left.

    `trace` is what `take_back` needs, as JSON-ready values.
    """

    created: tuple[Any, ...] = ()
    changed: tuple[Any, ...] = ()
    claims: int = 0
    asked: int = 0
    left: tuple[Line, ...] = ()
    document: Document | None = None
    trace: dict[str, Any] = field(default_factory=dict)


def open_list(data: bytes, name: str) -> ListFile:
    """The tables of a file. Raises Unreadable, naming the file."""
    return ListFile(data, file_name(name), sheets_of_file(data, name))


def find_table(register: Register, file: ListFile, sheet: str, known: Known, viewer: Viewer) -> tuple[int, Pasted]:
    """(place, table) of the sheet that is named, by name or by number from 1; unnamed, the one of which most is understood.

    Raises InvalidInput for a sheet that is not there, and where no row stands under a heading.
    """
    if sheet:
        places = [n for n, each in enumerate(file.sheets) if each.name == sheet or str(n + 1) == sheet]
        if not places:
            raise InvalidInput(
                N_("Tệp không có trang hoặc bảng “%(sheet)s”."),
                subject=file.name,
                sheet=sheet[:80],
                remedy=N_("Hãy chọn một trong các trang hoặc bảng có trong tệp."),
                problems=[FieldProblem("sheet", "; ".join(each.name for each in file.sheets)[:400])],
            )
        return places[0], _table(register, file, file.sheets[places[0]], known, viewer)
    best: tuple[int, Pasted] | None = None
    wrong: InvalidInput | None = None
    for place, each in enumerate(file.sheets):
        try:
            table = _table(register, file, each, known, viewer)
        except InvalidInput as error:
            wrong = wrong or error
            continue
        if best is None or _worth(register, table) > _worth(register, best[1]):
            best = (place, table)
    if best is None:
        raise wrong or InvalidInput(N_("Bảng không có dòng nào dưới tiêu đề."), remedy=N_("Hãy chọn tệp có bảng."))
    return best


def _table(register: Register, file: ListFile, sheet: Sheet, known: Known, viewer: Viewer) -> Pasted:
    """The table as it was taken the last time, where its list is known; what is explained now stands above."""
    listed = list_meant(register, file.name, sheet.name, "", viewer)
    before = listed.options.get("columns", {}) if listed else {}
    return recognised(register, sheet, Known({**before, **known.headings}, known.tables), viewer)


def look(register: Register, name: str, table: Pasted, wanted: Wanted, viewer: Viewer) -> Held:
    """What the list would do to the register if it were written now; nothing is written.

    Without the name of a file it is a table of no list: nothing is remembered of it, and nothing can be gone.
    """
    lines = checked(register, table, viewer, wanted.options)
    listed = list_meant(register, name, table.sheet, wanted.listed, viewer) if name else None
    return held_against(register, table, lines, wanted, listed, viewer)


@transaction.atomic
def take_in(
    register: Register, file: ListFile | None, table: Pasted, wanted: Wanted, *, seen: str | None, whole: bool = False, act: Act
) -> TakenIn:
    """The list written: new rows as records, changed ones as revisions of theirs, each cited to its row; the rest stays.

    Without a file it is a table that was pasted: nothing is cited, and nothing remembered of its rows.
    `seen` is what the preview said (`Held.seen`). Raises NotPermitted, VersionRequired without it where records change, StaleEdit
    when the register moved since, InvalidInput with `whole` while a row has a fault, and as the services.
    """
    actions.require_entry(register, act.viewer)
    name = file.name if file else ""
    take_turn(f"import {register.name}")  # of two who confirm at once, the second sees what the first wrote
    held = look(register, name, table, wanted, act.viewer)
    require_sound(held.lines, whole)
    changed = [line for line in held.lines if line.kind == "changed"]
    if changed and not seen:
        raise VersionRequired(
            N_("Danh sách sửa bản ghi đã có mà không nêu bản xem trước."),
            subject=name,
            remedy=N_("Hãy xem trước rồi xác nhận đúng bản đã xem."),
        )
    if seen and seen != held.seen:
        raise StaleEdit(
            N_("Sổ hoặc danh sách vừa có thay đổi sau khi bạn xem trước."),
            subject=name,
            remedy=N_("Hãy xem lại các dòng rồi xác nhận lại."),
        )
    fresh = [line for line in held.lines if line.kind == "good"]
    left = tuple(line for line in held.lines if line.kind in ("wrong", "twin", "clash", "removed"))
    if not (fresh or changed or (file and (held.gone or _unknown(held)))):
        return TakenIn(left=left)
    if not act.reason:
        called = " – ".join(filter(None, (name, table.sheet if file else ""))) or gettext("đã dán")
        act = act.because(gettext("Theo danh sách %(name)s") % {"name": called})
    made = _made(register, fresh, act)
    revised = [(line, _revise(register, line, act)) for line in changed]
    written = tuple(record for line, (record, _asked) in revised if any(c.how != "fixed" for c in line.about.changes))
    touched = [(line, made[line.id]) for line in fresh] + [(line, record) for line, (record, _asked) in revised]
    claims = _claims(touched, wanted, act)
    document = _keep(register, file, table, touched, act) if file else None
    said = {record.pk: dict(line.about.row.values) if line.about.row else None for line, record in touched}
    listed = None
    if file and document:
        listed = _remember(register, file, table, wanted, held, {line.id: record for line, record in touched}, document, act)
    asked = sum(asked for _line, (_record, asked) in revised)
    trace = {
        "list": str(listed.pk) if listed else "",
        "made": [str(record.pk) for record in made.values()],
        "changed": [[str(record.pk), record.version, said[record.pk]] for record in written],
        "claims": [str(claim.pk) for claim in claims],
    }
    return TakenIn(tuple(made.values()), written, len(claims), asked, left, document, trace)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken back of an import: new records that left the register, changed ones as they stood; how many were kept."""

    made: tuple[UUID, ...] = ()
    changed: tuple[UUID, ...] = ()
    claims: int = 0
    kept: int = 0


@transaction.atomic
def take_back(register: Register, trace: Mapping[str, Any], *, act: Act) -> TakenBack:
    """What an import wrote taken back, as far as nobody has written on it since; the list is remembered as it was before.

    Later due dates that were asked for stay asked: those who approve them decide. Raises NotPermitted.
    """
    actions.require_entry(register, act.viewer)
    take_turn(f"import {register.name}")
    claims = withdraw_words(act=act, ids=[UUID(pk) for pk in trace.get("claims", ())])
    versions = dict.fromkeys(trace.get("made", ()), 1) | {pk: version for pk, version, _said in trace.get("changed", ())}
    before = {pk: said for pk, _version, said in trace.get("changed", ())}
    standing = list(register.model.objects.visible_to(act.viewer).filter(pk__in=versions, retracted=False))
    gone = actions.undo_many(register, [record for record in standing if record.version == versions[str(record.pk)]], act=act)
    if trace.get("list"):
        unremember(list_id=UUID(trace["list"]), rows={pk: before.get(str(pk)) for pk in gone})
    made = tuple(pk for pk in gone if str(pk) not in before)
    return TakenBack(made, tuple(pk for pk in gone if str(pk) in before), len(claims), len(versions) - len(gone))


def _worth(register: Register, table: Pasted) -> int:
    named = set(filter(None, table.columns))
    told = len(named) * 2 + 6 * sum(1 for name in register.required if name in named)
    return told * min(len(table.rows), 500)


def _unknown(held: Held) -> bool:
    """Whether a row that stands already is not remembered of this list yet."""
    return any(line.kind == "same" and line.about.row is None for line in held.lines)


def _made(register: Register, lines: Sequence[Line], act: Act) -> dict[str, Any]:
    """The new records by the id of their line; those of the made-up world come last, as `create_many` gives them."""
    ordered = [line for exercise in (False, True) for line in lines if line.understood.exercise == exercise]
    records = actions.create_many(register, rows=[line.understood for line in ordered], act=act) if ordered else []
    return {line.id: record for line, record in zip(ordered, records, strict=True)}


def _revise(register: Register, line: Line, act: Act) -> tuple[Any, int]:
    """(the record brought up to date, 1 where a later date was asked for)."""
    record, asked = line.about.record, 0
    values = {c.field: c.new if c.new != "" else _empty(register, c.field) for c in line.about.changes if c.how == "take"}
    fields = {name: value for name, value in values.items() if not name.startswith("_")}
    if fields:
        record = actions.revise(register, record, values=fields, version=record.version, act=act)
    due = next((c for c in line.about.changes if c.how == "ask"), None)
    if due is not None:
        move = move_due_date(act=act, record=record, to=str(due.new), version=record.version)
        asked = int(move.state == "requested")
    return record, asked


def _empty(register: Register, name: str) -> Any:
    return [] if name in register.model.links else ""


def _claims(touched: Sequence[tuple[Line, Any]], wanted: Wanted, act: Act) -> list[Any]:
    """What the list says of progress, noted as its own claim on the day the list speaks of; no state moves by it."""
    told = [(record, line.progress) for line, record in touched if _says_new(line)]
    return list(report_words(act=act, told=told, day=_day(wanted.as_of, act))) if told else []


def _says_new(line: Line) -> bool:
    if not line.progress:
        return False
    return line.kind == "good" or any(change.field == "_progress" for change in line.about.changes)


def _day(as_of: str, act: Act) -> date:
    today = timezone.localdate(act.at)
    try:
        day = date.fromisoformat(typed_date(as_of)) if as_of else today
        wrong = N_("Ngày này chưa tới.") if day > today else ""
    except ValueError:
        day, wrong = today, N_("Hãy viết đủ ngày, tháng, năm, như 30/6/2025.")
    if wrong:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=[FieldProblem("as_of", wrong)],
        )
    return day


def source_text(sheets: Sequence[Sheet]) -> tuple[str, dict[tuple[int, int], Span]]:
    """(the tables as lines of text, where each row of each table stands in it), the same for the same file every time."""
    parts: list[str] = []
    spans: dict[tuple[int, int], Span] = {}
    at = 0
    for place, sheet in enumerate(sheets):
        for number, words in [
            (0, sheet.name or "—"),
            *((n, " | ".join(" ".join(c.split()) for c in cells)) for n, cells in sheet.rows),
        ]:
            head = f"[{number}] " if number else ""
            if number:
                spans[place, number] = (at + len(head), at + len(head) + len(words))
            parts.append(head + words)
            at += len(parts[-1]) + 1
    return "\n".join(parts), spans


def _keep(register: Register, file: ListFile, table: Pasted, touched: Sequence[tuple[Line, Any]], act: Act) -> Document:
    text, spans = source_text(file.sheets)
    place = next((n for n, sheet in enumerate(file.sheets) if sheet.name == table.sheet), 0)
    held = [record.classification for _line, record in touched] or ["internal"]
    # The whole file can be read from any of its rows, so it is guarded as the most secret of them.
    level = max((*held, min("internal", act.viewer.clearance, key=CLASSIFICATIONS.index)), key=CLASSIFICATIONS.index)
    drills = {record.exercise for _line, record in touched}
    reader = Reader(register, act.viewer)
    exercise = drills == {True} or (not drills and bool(reader.world))
    document = keep_list(
        act=act, data=file.data, name=file.name, text=text, classification=level, owner=reader.owner, exercise=exercise
    )
    cite_rows(
        act=act,
        document=document,
        rows=[(record, spans[place, line.place]) for line, record in touched if (place, line.place) in spans],
    )
    return document


def _said(line: Line) -> dict[str, Any]:
    """What the row says, as far as it came into the register: what could not be written is a difference the next time too."""
    about = line.about
    before = about.row.values if about.row is not None else {c.field: c.old for c in about.changes}
    said = dict(about.values)
    for change in about.changes:
        if change.how == "fixed":
            said[change.field] = before.get(change.field, "")
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def _remember(
    register: Register,
    file: ListFile,
    table: Pasted,
    wanted: Wanted,
    held: Held,
    records: dict[str, Any],
    document: Document,
    act: Act,
) -> ImportedList:
    reader = Reader(register, act.viewer)
    listed = held.listed or ImportedList(owner=reader.owner, register=register.name, exercise=document.exercise)
    listed.name, listed.sheet, listed.series = file.name, table.sheet, series_of(file.name, table.sheet)
    rows: list[Remembered] = []
    for line in held.lines:
        about = line.about
        record_id: UUID | None = records[line.id].pk if line.id in records else None
        if record_id is None and about.kind == "same":
            record_id = about.record.pk
        if record_id is not None:
            rows.append(Remembered(about.key, record_id, _said(line), line.place, about.row))
        elif about.row is not None:  # still in the list, and waiting for a person
            rows.append(Remembered(about.row.key, about.row.record_id, about.row.values, line.place, about.row))
    how = {**wanted.to_json(), "columns": explained(table)}
    return remember(act=act, listed=listed, document=document, options=how, rows=rows)
