"""How a register is declared once and then listed, shown, edited and exported by every face.

A package declares a `Register` for each of its records: columns, filters, orders, the fields of its page, what may be edited,
its state machines. From it come the list question (filters, keyset paging, total) and the record's file; no face repeats any of
it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from banggiao.core import kept
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound
from banggiao.core.folding import check_text, fold, is_text
from banggiao.core.ledger import LedgerEntry
from banggiao.core.periods import is_partial_date, parse_period
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.record import Record
from banggiao.core.search import MOST_WORDS, SearchEntry
from banggiao.core.transitions import Machine
from banggiao.core.visibility import Involvement
from banggiao.core.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Field:
    """A field shown in a list or on a page.

    `paths` are ORM paths: one for a plain value, two (Vietnamese, English) for a bilingual one, three (id, Vietnamese, English)
    for a record to which it leads (`leads_to` its register's record type). `lookup` fetches many-valued cells for a page of ids
    at once.
    """

    column: Column
    paths: tuple[str, ...] = ()
    leads_to: str = ""
    lookup: Callable[[Sequence[UUID]], Mapping[UUID, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow a list. `path` is compared with the value; a `period` filter takes partial dates that lie in it.

    `narrow_on` also takes the day that the filter `ON` names.
    """

    parameter: Parameter
    path: str = ""
    narrow: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None
    narrow_on: Callable[[QuerySet[Any], str, date], QuerySet[Any]] | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A list order: paths that are never null, all ascending or all descending; the id is added as the last."""

    name: str
    label: str
    paths: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """Another way to look at a list than as a table; it obeys the same filters and rights and tells the same total.

    A `board` has a column for each state of `machine`. A `timeline` draws each record along the months, by `dates` (the first
    and the current date: where they differ, both are shown). A `calendar` is a month with the records at `dates` (one day, or
    the first and the last).
    """

    name: Literal["board", "timeline", "calendar"]
    dates: tuple[str, ...] = ()
    machine: Machine | None = None


@dataclass(frozen=True)
class Register:
    """A register: what it is called, how it is listed, what its records' pages show, and what may be edited by hand.

    `entry` names the fields (attribute names of the model, and names of its `links`) that the form of a new record asks for, in
    order, and that a pasted table may fill; `required` those without which there is no record. A register without `entry` is not
    entered by hand. `edit_permission` holds for both. `faces` are the ways to look at the list beside the table.
    """

    name: str
    model: type[Record]
    title: Bi
    one: Bi
    fields: tuple[Field, ...]
    orders: tuple[Order, ...]
    filters: tuple[Filter, ...] = ()
    page_fields: tuple[Field, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    editable: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    machines: tuple[Machine, ...] = ()
    faces: tuple[Face, ...] = ()
    rule: str = "register_rows"
    permission: str = "registers.view"
    edit_permission: str = ""
    mark_path: str = ""
    title_paths: tuple[str, str] = ("name_vi", "name_en")
    code_path: str = "code"

    @property
    def record_type(self) -> str:
        """The record type of its rows."""
        return self.model.record_type()

    def title_of(self, record: Any) -> Bi:
        """What a record of this register is called."""
        vi, en = self.title_paths
        return Bi(str(getattr(record, vi)), str(getattr(record, en, "") or "") if en else "")


#: Parameters that every register has; "mine" only where institutions lead or co-operate.
MINE = Parameter("mine", N_("Việc của đơn vị tôi"), "flag")
CHANGED = Parameter("changed_since", N_("Thay đổi từ"), "moment")

#: The day that other filters refer to; it narrows nothing by itself.
ON = Filter(Parameter("on", N_("Tính đến ngày"), "date"), narrow=lambda rows, value: rows)

_registers: dict[str, Register] = {}


def declare(register: Register) -> Register:
    """Make the register known, together with the question that lists it."""
    if register.name in _registers:
        raise ValueError(f"register {register.name} is declared twice")
    _registers[register.name] = register
    parameters = (
        Parameter("q", N_("Từ khóa")),
        *(f.parameter for f in register.filters),
        *((MINE,) if register.model.involves else ()),
        CHANGED,
        Parameter("order", N_("Thứ tự"), default=register.orders[0].name),
    )
    register_question(
        Question(
            register.name,
            register.title,
            register.permission,
            parameters,
            tuple(f.column for f in register.fields),
            lambda params, viewer, page, at: answer_of(register, params, viewer, page, at),
        )
    )
    return register


def registers() -> Iterator[Register]:
    """Every register, in order of declaration."""
    return iter(_registers.values())


def register_named(name: str) -> Register:
    """The register, or NotFound."""
    try:
        return _registers[name]
    except KeyError:
        raise NotFound(N_("Không có sổ này."), subject=name) from None


def register_of(record_type: str) -> Register | None:
    """The register that lists records of this type, if there is one."""
    return next((r for r in _registers.values() if r.record_type == record_type), None)


def keyed(register: Register, key: str, viewer: Viewer) -> QuerySet[Any]:
    """The record with this id or code as rows: none where the viewer may not know of it. A filter narrows and does not fail."""
    rows: QuerySet[Any] = register.model.objects.visible_to(viewer)
    if _is_uuid(key):
        return rows.filter(pk=UUID(key))
    return rows.filter(**{register.code_path: key}) if register.code_path and is_text(key) else rows.none()


def find_record(register: Register, key: str, viewer: Viewer) -> Any:
    """The record with this id or code, if the viewer may know of it; else NotFound."""
    found = keyed(register, key, viewer).first()
    if found is None:
        raise NotFound(
            N_("Không tìm thấy bản ghi."), subject=f"{register.name}/{key}", remedy=N_("Hãy kiểm tra lại mã hoặc tìm trong sổ.")
        )
    return found


def narrowed(register: Register, params: Mapping[str, str], viewer: Viewer) -> QuerySet[Any]:
    """The records of a register that the viewer may know of and that pass the filters; raises InvalidInput for a bad value."""
    rows: QuerySet[Any] = register.model.objects.visible_to(viewer)
    for each in register.filters:
        value = params.get(each.parameter.name, "")
        if not value:
            continue
        if each.parameter.kind == "date" and not (len(value) == 10 and is_partial_date(value)):
            raise _bad_value(each.parameter, value)
        if each.parameter.vocabulary and value not in vocabulary(each.parameter.vocabulary).codes:
            raise _bad_value(each.parameter, value)
        if each.narrow_on:
            rows = each.narrow_on(rows, value, _day_named(params))
        elif each.narrow:
            rows = each.narrow(rows, value)
        elif each.parameter.kind == "period":
            period = parse_period(value)
            rows = rows.filter(**{f"{each.path}__gte": period.start, f"{each.path}__lt": period.end})
        else:
            if each.parameter.kind == "id" and not _is_uuid(value):
                raise _bad_value(each.parameter, value)
            # By id and not by join: a record that holds the value twice is still one row.
            holding = register.model._default_manager.filter(Q(**{each.path: value}))
            rows = rows.filter(pk__in=holding.values("pk")) if "_rows__" in each.path else rows.filter(**{each.path: value})
    if params.get("mine"):
        if params["mine"] != "yes" or not register.model.involves:
            raise _bad_value(MINE, params["mine"])
        part = Involvement.objects.filter(record_id=OuterRef("pk"), institution_id__in=viewer.institutions)
        rows = rows.filter(Exists(part))
    if params.get("changed_since"):
        rows = changed_since(register, rows, _moment(params["changed_since"]))
    words = fold(params.get("q", "")).split()[:MOST_WORDS]
    if words:
        entries = SearchEntry.objects.filter(record_type=register.record_type)
        for word in words:
            entries = entries.filter(Q(title_folded__contains=word) | Q(body_folded__contains=word))
        rows = rows.filter(pk__in=entries.values("record_id"))
    return rows


def _day_named(params: Mapping[str, str]) -> date:
    day = params.get(ON.parameter.name, "")
    if not (len(day) == 10 and is_partial_date(day)):
        raise _bad_value(ON.parameter, day)
    return date.fromisoformat(day)


def changed_since(register: Register, rows: QuerySet[Any], moment: datetime) -> QuerySet[Any]:
    """Those of the rows that were written after the moment."""
    # The ledger has an index by time where the table has none; a record's `recorded_at` is that of its last entry.
    written = LedgerEntry.objects.filter(record_type=register.record_type, recorded_at__gt=moment)
    return rows.filter(pk__in=written.values("record_id"))


def cells_of(fields: Sequence[Field], rows: QuerySet[Any], viewer: Viewer) -> list[tuple[UUID, tuple[Any, ...]]]:
    """(id, cells) for each row of the queryset, in its order; a cell never names a record the viewer may not know of."""
    paths = [path for f in fields for path in f.paths]
    raw = list(rows.values_list("pk", *paths))
    ids = [row[0] for row in raw]
    looked_up = {f.column.key: f.lookup(ids) for f in fields if f.lookup}
    result: list[tuple[UUID, list[Any]]] = []
    for row in raw:
        at, cells = 1, []
        for each in fields:
            part = row[at : at + len(each.paths)]
            at += len(each.paths)
            cells.append(looked_up[each.column.key].get(row[0], ()) if each.lookup else _cell(each, part))
        result.append((row[0], cells))
    known = _known_refs([cell for _pk, cells in result for cell in cells], viewer)
    return [(pk, tuple(_without_hidden(cell, known) for cell in cells)) for pk, cells in result]


def _known_refs(cells: Sequence[Any], viewer: Viewer) -> set[UUID]:
    """Which of the records that the cells lead to the viewer may know of."""
    wanted: dict[str, set[UUID]] = {}
    for cell in cells:
        for ref in cell if isinstance(cell, tuple | list) else (cell,):
            if isinstance(ref, Ref):
                wanted.setdefault(ref.record_type, set()).add(ref.id)
    known: set[UUID] = set()
    for record_type, ids in wanted.items():
        known.update(apps.get_model(record_type).objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    return known


def _without_hidden(cell: Any, known: set[UUID]) -> Any:
    if isinstance(cell, Ref):
        return cell if cell.id in known else None
    if type(cell) is tuple and any(isinstance(part, Ref) for part in cell):
        return tuple(part for part in cell if not isinstance(part, Ref) or part.id in known)
    return cell


def answer_of(
    register: Register,
    params: Mapping[str, str],
    viewer: Viewer,
    page: Page,
    at: datetime,
    *,
    more: tuple[Field, ...] = (),
    also: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None,
) -> Answer:
    """The list of a register, with `more` fields behind its own, and narrowed further by `also`. Raises InvalidInput."""
    order = next((o for o in register.orders if o.name == params.get("order")), None)
    if order is None:
        raise _bad_value(Parameter("order", N_("Thứ tự")), params.get("order", ""))
    rows = narrowed(register, params, viewer)
    rows = also(rows) if also else rows
    total = kept.count(rows)
    keys = (*order.paths, "pk")
    rows = rows.order_by(*(f"-{k}" if order.descending else k for k in keys))
    if page.cursor:
        rows = rows.filter(_after(keys, _open_cursor(page.cursor, len(keys)), descending=order.descending))
    if page.size:
        rows = rows[: page.size + 1]
    shown = (*register.fields, *more)
    extra = (
        Field(Column("_exercise", ""), ("exercise",)),
        Field(Column("_recorded", ""), ("recorded_at",)),
        *([Field(Column("_mark", ""), (register.mark_path,))] if register.mark_path else []),
    )
    keyed = tuple(Field(Column(f"_k{n}", ""), (path,)) for n, path in enumerate(order.paths))
    found = cells_of((*shown, *extra, *keyed), rows, viewer)
    beyond = bool(page.size) and len(found) > page.size
    found = found[: page.size] if beyond else found
    width = len(shown)
    listed = tuple(
        Row(
            cells[:width],
            pk,
            register.record_type,
            exercise=cells[width],
            mark=cells[width + 2] if register.mark_path else "",
            recorded_at=cells[width + 1],
        )
        for pk, cells in found
    )
    cursor = ""
    if beyond:
        pk, cells = found[-1]
        cursor = _close_cursor([*cells[len(cells) - len(order.paths) :], str(pk)])
    used = {n: v for n, v in params.items() if v}
    columns = tuple(f.column for f in shown)
    return Answer(register.name, register.title, columns, listed, total, at, register.rule, next_cursor=cursor, parameters=used)


def _cell(field: Field, part: Sequence[Any]) -> Any:
    if len(part) == 3:
        return Ref(part[0], field.leads_to, Bi(str(part[1] or ""), str(part[2] or ""))) if part[0] else None
    if len(part) == 2:
        return Bi(str(part[0] or ""), str(part[1] or ""))
    return part[0] if part else None


def _after(keys: Sequence[str], values: Sequence[Any], *, descending: bool) -> Q:
    compare, condition = ("lt" if descending else "gt"), Q()
    for place, key in enumerate(keys):
        equal = Q(**{keys[n]: values[n] for n in range(place)})
        condition |= equal & Q(**{f"{key}__{compare}": values[place]})
    return condition


def _close_cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def _open_cursor(cursor: str, width: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(values, list) and len(values) == width and all(isinstance(v, str) for v in values) and _is_uuid(values[-1]):
            check_text("".join(values))
            return values
    except (ValueError, RecursionError):
        pass
    raise InvalidInput(N_("Không hiểu vị trí trang."), remedy=N_("Hãy mở lại danh sách từ trang đầu."))


def _moment(value: str) -> datetime:
    """A moment with its zone, or the beginning of a day here."""
    try:
        found = parse_datetime(value.replace(" ", "+")) if len(value) > 10 else None  # a "+" of an address may come as a blank
        day = parse_date(value) if found is None and len(value) == 10 else None
    except ValueError:
        found = day = None
    if day is not None:
        found = timezone.make_aware(datetime.combine(day, time.min))
    # At the edges of the calendar a moment has no counterpart in another zone.
    if found is None or not timezone.is_aware(found) or not 1000 <= found.year <= 9000:
        raise _bad_value(CHANGED, value)
    return found


def _is_uuid(value: str) -> bool:
    try:
        return bool(UUID(value))
    except ValueError:
        return False


def _bad_value(parameter: Parameter, value: str) -> InvalidInput:
    return InvalidInput(
        N_("Giá trị “%(value)s” không hợp lệ."),
        value=value[:80],
        remedy=N_("Hãy chọn một giá trị trong danh sách."),
        problems=[FieldProblem(parameter.name, N_("Giá trị không hợp lệ."))],
    )
