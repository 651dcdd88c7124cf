"""Every write to the pages' own tables: pasted tables and lists until they are settled, and what headings mean to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from banggiao.accounts.models import User
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, NotFound
from banggiao.core.registers import Register
from banggiao.reports.importing import Wanted
from banggiao.reports.pasting import Known, Pasted, explained, signature
from banggiao.reports.shaping import Dropped
from banggiao.reports.taking_in import ListFile, TakenBack, TakenIn, open_list, take_back, take_in
from banggiao.web.models import HeadingMeaning, StagedPaste

KEPT_FOR = timedelta(days=7)
#: So many tables of one user wait at once; the oldest makes room.
MOST_WAITING = 5


@transaction.atomic
def stage(
    *, user: User, register: str, table: Pasted, at: datetime, file: ListFile | None = None, place: int = 0,
    wanted: Wanted | None = None,
) -> StagedPaste:  # fmt: skip
    """Keep a pasted table, or a file with the table chosen of it, until it is settled; what is older than a week goes."""
    StagedPaste.objects.filter(staged_at__lt=at - KEPT_FOR).delete()
    waiting = StagedPaste.objects.filter(user=user).order_by("-staged_at", "-pk").values_list("pk", flat=True)
    StagedPaste.objects.filter(pk__in=list(waiting[MOST_WAITING - 1 :])).delete()
    return StagedPaste.objects.create(
        user=user,
        register=register,
        **_kept(table),
        staged_at=at,
        name=file.name if file else "",
        sheet=place,
        sheets=[[sheet.name, len(sheet.rows)] for sheet in file.sheets] if file else [],
        original=file.data if file else None,
        options=(wanted or Wanted()).to_json(),
    )


def choose_sheet(paste: StagedPaste, place: int, table: Pasted) -> StagedPaste:
    """Take another table of the file; what was decided on single rows of the one before goes."""
    for name, value in _kept(table).items():
        setattr(paste, name, value)
    paste.sheet, paste.choices = place, {}
    paste.save()
    return paste


@transaction.atomic
def map_columns(paste: StagedPaste, columns: Sequence[str], viewer: Viewer) -> StagedPaste:
    """Take the columns for these fields, and remember it for the next table, for the same headings, and for colleagues."""
    paste.columns = list(columns)
    paste.save(update_fields=["columns"])
    heading = tuple(paste.heading)
    owner = min(viewer.institutions, default=None)
    HeadingMeaning.objects.bulk_create(
        [
            HeadingMeaning(
                user_id=paste.user_id, register=paste.register, heading=name[:200], field=field, table=table, owner=owner
            )
            for name, field in explained(Pasted(heading, (), tuple(columns))).items()
            for table in ("", signature(heading))
        ],
        update_conflicts=True,
        unique_fields=["user", "register", "table", "heading"],
        update_fields=["field", "owner"],
    )
    return paste


@transaction.atomic
def choose(paste: StagedPaste, *, wanted: Mapping[str, Any] | None = None, row: str = "", choice: str = "") -> StagedPaste:
    """Keep how the table is to be taken, and what becomes of one row (an empty choice takes it back).

    What was decided on other rows meanwhile stays.
    """
    held = StagedPaste.objects.select_for_update().filter(pk=paste.pk).values_list("options", "choices").first()
    paste.options, paste.choices = held or (paste.options, paste.choices)
    if wanted is not None:
        paste.options = dict(wanted)
    if row:
        paste.choices = {key: value for key, value in {**paste.choices, row: choice}.items() if value}
    paste.save(update_fields=["options", "choices"])
    return paste


@transaction.atomic
def write_out(paste: StagedPaste, register: Register, *, seen: str, whole: bool, act: Act) -> TakenIn:
    """Write the rows that can be written and keep the others; both are settled at once, so a second press finds what is left.

    Raises NotFound for a table that was dropped meanwhile, and as `taking_in.take_in`.
    """
    held = StagedPaste.objects.select_for_update().filter(pk=paste.pk).first()
    if held is None:
        raise NotFound(N_("Không tìm thấy bảng đã dán."), subject=str(paste.pk), remedy=N_("Hãy dán lại nếu cần."))
    done = take_in(register, file_of(held), table_of(held), wanted_of(held), seen=seen or None, whole=whole, act=act)
    held.written = done.trace or held.written
    if not held.name and done.created:  # rows of a file stay, since they are known again; of a pasted table only the faulty ones
        left = [line for line in done.left if line.kind == "wrong"]
        held.rows, held.places = [list(line.cells) for line in left], [line.place for line in left]
    held.save(update_fields=["rows", "places", "written"])
    return done


def table_of(paste: StagedPaste) -> Pasted:
    """The table as it was given, without the rows of a pasted one that were written."""
    dropped = tuple(Dropped(number, why, text) for number, why, text in paste.dropped)
    sheet = paste.sheets[paste.sheet][0] if paste.sheets else ""
    rows = tuple(tuple(row) for row in paste.rows)
    return Pasted(
        tuple(paste.heading), rows, tuple(paste.columns), tuple(paste.places), dropped, sheet, tuple(paste.warnings)
    )  # fmt: skip


def file_of(paste: StagedPaste) -> ListFile | None:
    """The file that the table came from; None for a pasted one."""
    return open_list(bytes(paste.original), paste.name) if paste.name and paste.original is not None else None


def wanted_of(paste: StagedPaste) -> Wanted:
    """How the table is to be taken."""
    return Wanted.of(paste.options, paste.choices)


@transaction.atomic
def take_back_written(paste: StagedPaste, register: Register, *, act: Act) -> TakenBack:
    """What was written of the table last is taken back, once. Raises as `taking_in.take_back`."""
    held = StagedPaste.objects.select_for_update().get(pk=paste.pk)
    done = take_back(register, held.written or {}, act=act)
    held.written = {}
    held.save(update_fields=["written"])
    return done


def drop(paste: StagedPaste) -> None:
    """The table is not wanted any more; what was written of it stays."""
    paste.delete()


def waiting_of(user: User, register: str, at: datetime) -> list[StagedPaste]:
    """The tables of a user that wait to be settled, newest first."""
    found = StagedPaste.objects.filter(user=user, register=register, staged_at__gte=at - KEPT_FOR)
    return list(found.order_by("-staged_at", "-pk").defer("rows", "original"))


def meanings_of(user: User, register: Register, viewer: Viewer) -> Known:
    """What headings mean: to the user, else to colleagues of the same institution."""
    headings: dict[str, str] = {}
    tables: dict[str, dict[str, str]] = {}
    rows = HeadingMeaning.objects.filter(Q(user=user) | Q(owner__in=viewer.institutions), register=register.name)
    for row in sorted(rows, key=lambda row: (row.user_id == user.pk, row.pk)):
        (tables.setdefault(row.table, {}) if row.table else headings)[row.heading] = row.field
    return Known(headings, tables)


def _kept(table: Pasted) -> dict[str, Any]:
    return {
        "heading": list(table.heading),
        "rows": [list(row) for row in table.rows],
        "columns": list(table.columns),
        "places": list(table.places),
        "dropped": [[line.number, line.why, line.text] for line in table.dropped],
        "warnings": list(table.warnings),
    }
