"""How lines of a record (an agenda, a delegation, legal steps) are declared once, and shown and written by every face.

A line is a record of its own with its own ledger, and belongs to exactly one other record. It is seen by those who see that
record: it takes over owner, classification and exercise flag. Search finds the record by the words of its lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import F, QuerySet

from banggiao.core import records
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound, NotPermitted
from banggiao.core.record import Record
from banggiao.core.registers import Register
from banggiao.core.search import index_records

#: Looks at a line as it would be written and says what is wrong with it.
Check = Callable[[Any, Act], Sequence[FieldProblem]]
#: What else changes with the lines of a record, such as who may see it; runs in the transaction of the write.
After = Callable[[Any, Act], None]


def _nothing_wrong(line: Any, act: Act) -> Sequence[FieldProblem]:
    return ()


def _nothing_more(parent: Any, act: Act) -> None:
    return None


def _never(parent: Any) -> bool:
    return False


@dataclass(frozen=True)
class Lines:
    """The lines of one kind of record: `book` says what they are called, show and ask for; `parent` is the field that leads up.

    Lines that are `kept_as_written` are never changed: a mistaken one is taken back, with a reason. `narrow` leaves out lines
    that tell of something else the viewer may not know of, such as the words of a document. Lines of a record that is `closed`
    stand still: `after` refuses what is written, and no page offers to write it.
    """

    book: Register
    parent: str
    check: Check = _nothing_wrong
    kept_as_written: bool = False
    narrow: Callable[[QuerySet[Any], Viewer], QuerySet[Any]] | None = None
    after: After = _nothing_more
    closed: Callable[[Any], bool] = _never

    @property
    def name(self) -> str:
        """How addresses call these lines."""
        return self.book.name

    @property
    def belongs_to(self) -> str:
        """The record type whose lines these are."""
        related: Any = self.book.model._meta.get_field(self.parent).related_model
        return str(related._meta.label_lower)

    @property
    def editable(self) -> tuple[str, ...]:
        """The fields and links of a line that may be changed once it stands."""
        return () if self.kept_as_written else self.book.entry


_lines: list[Lines] = []


def declare_lines(lines: Lines) -> Lines:
    """Make the lines known to all faces. Raises ValueError for a name declared twice for the same kind of record."""
    if any(known.name == lines.name and known.belongs_to == lines.belongs_to for known in _lines):
        raise ValueError(f"lines {lines.name} are declared twice")
    _lines.append(lines)
    return lines


def lines_of(record_type: str) -> tuple[Lines, ...]:
    """What kinds of lines the records of a type have, in order of declaration."""
    return tuple(lines for lines in _lines if lines.belongs_to == record_type)


def lines_named(record_type: str, name: str) -> Lines:
    """The lines of that name, or NotFound."""
    found = next((lines for lines in lines_of(record_type) if lines.name == name), None)
    if found is None:
        raise NotFound(N_("Bản ghi của sổ này không có phần này."), subject=name[:80])
    return found


def rows_of(lines: Lines, parent: Record, viewer: Viewer) -> QuerySet[Any]:
    """The lines of a record that the viewer may know of, in their order; those without a place in it come last."""
    order = [F(path).asc(nulls_last=True) for path in lines.book.orders[0].paths]
    return written_of(lines, parent, viewer).filter(retracted=False).order_by(*order, "pk")


def written_of(lines: Lines, parent: Record, viewer: Viewer) -> QuerySet[Any]:
    """The lines ever written to a record that the viewer may know of, those taken out since among them: what its history tells.

    Lines share owner and classification with their record, so whoever was given the record may know of them.
    """
    rows = lines.book.model._default_manager.filter(**{lines.parent: parent.pk}, classification__in=viewer.cleared_levels())
    return lines.narrow(rows, viewer) if lines.narrow else rows


def find_line(lines: Lines, parent: Record, key: UUID, viewer: Viewer) -> Any:
    """The line of that id, or NotFound."""
    found = rows_of(lines, parent, viewer).filter(pk=key).first()
    if found is None:
        raise NotFound(N_("Không tìm thấy dòng này."), subject=str(key), remedy=N_("Hãy tải lại trang của bản ghi."))
    return found


def add_line(*, act: Act, lines: Lines, parent: Record, values: Mapping[str, Any]) -> Any:
    """A new line of the record. Raises NotPermitted, InvalidInput naming each field."""
    return add_lines(act=act, lines=lines, parent=parent, rows=[values])[0]


@transaction.atomic
def add_lines(*, act: Act, lines: Lines, parent: Record, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """New lines of the record, all or none. Raises NotPermitted, InvalidInput naming each field."""
    act.viewer.require(lines.book.edit_permission, subject=str(parent))
    records.lock(type(parent), parent.pk)  # two who add the same line at once: the second sees the first
    made = []
    for values in rows:
        given = {
            **values,
            f"{lines.parent}_id": parent.pk,
            "classification": parent.classification,
            "owner": parent.owner,
            "exercise": parent.exercise,
        }
        fields, links = records.parted(lines.book.model, given)
        _require_sound(lines, lines.book.model(**fields), act, links)
        made.append(records.create(lines.book.model, act=act, values=fields, links=links))
    lines.after(parent, act)
    index_records(type(parent), [parent])
    return made


@transaction.atomic
def change_line(*, act: Act, lines: Lines, parent: Record, line: Any, values: Mapping[str, Any], version: int | None) -> Any:
    """The line with some fields changed. Raises NotPermitted, InvalidInput, VersionRequired, StaleEdit."""
    act.viewer.require(lines.book.edit_permission, subject=str(parent))
    if lines.kept_as_written:
        raise NotPermitted(
            N_("Dòng đã ghi được giữ nguyên, không sửa."), subject=str(line), remedy=N_("Hãy gỡ dòng ghi sai rồi ghi dòng mới.")
        )
    records.lock(type(parent), parent.pk)
    trial = lines.book.model(**{f.attname: getattr(line, f.attname) for f in line._meta.concrete_fields})
    fields, links = records.parted(lines.book.model, values)
    for name, value in fields.items():
        setattr(trial, name, value)
    _require_sound(lines, trial, act, links)
    changed = records.revise(line, act=act, values=fields, links=links, version=version)
    lines.after(parent, act)
    index_records(type(parent), [parent])
    return changed


@transaction.atomic
def remove_line(*, act: Act, lines: Lines, parent: Record, line: Any, version: int | None) -> Any:
    """Take a line out; its ledger stays. A line kept as written needs a reason.

    Raises NotPermitted, InvalidInput, VersionRequired, StaleEdit.
    """
    act.viewer.require(lines.book.edit_permission, subject=str(parent))
    if lines.kept_as_written and not act.reason.strip():
        raise InvalidInput(
            N_("Gỡ dòng này phải có lý do."),
            subject=str(line),
            remedy=N_("Hãy ghi lý do."),
            problems=[FieldProblem("reason", N_("Hãy ghi lý do."))],
        )
    gone = records.revise(line, act=act, values={"retracted": True}, version=version, action="retract")
    lines.after(parent, act)
    index_records(type(parent), [parent])
    return gone


def follow_parent(*, act: Act, parent: Record) -> None:
    """Bring owner and classification of all lines in step with their record; call it in the transaction that changed them."""
    as_parent = {"owner": parent.owner, "classification": parent.classification}
    for lines in lines_of(parent.record_type()):
        for line in lines.book.model.objects.filter(**{lines.parent: parent.pk}):
            records.revise(line, act=act, values=as_parent, version=line.version)


def _require_sound(lines: Lines, trial: Any, act: Act, links: records.LinkRows) -> None:
    empty = [
        FieldProblem(name, N_("Không được để trống."))
        for name in lines.book.required
        if (value := getattr(trial, name)) is None or (isinstance(value, str) and not value.strip())
    ]
    problems = [*empty, *_of_the_other_world(trial, links), *lines.check(trial, act)]
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            subject=lines.book.one.vi,
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=problems,
        )


def _of_the_other_world(trial: Any, links: records.LinkRows) -> Sequence[FieldProblem]:
    """What is made up and what is real do not touch each other."""
    problems = []
    for name, rows in links.items():
        link = trial.links[name]
        far: Any = apps.get_model(link.through)._meta.get_field(link.far).related_model
        if far.objects.filter(pk__in=list(rows)).exclude(exercise=trial.exercise).exists():
            problems.append(FieldProblem(name, N_("Dữ liệu diễn tập và dữ liệu thật không gắn với nhau.")))
    for field in trial._meta.concrete_fields:
        related: Any = field.related_model
        if isinstance(related, type) and issubclass(related, Record) and (key := getattr(trial, field.attname)):
            other = related.objects.filter(pk=key).values_list("exercise", flat=True).first()
            if other is not None and other != trial.exercise:
                problems.append(FieldProblem(field.attname, N_("Dữ liệu diễn tập và dữ liệu thật không gắn với nhau.")))
    return problems
