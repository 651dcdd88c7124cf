"""Every write to the pages' own tables: pasted tables until they are settled, and what headings mean to a user."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from banggiao.accounts.models import User
from banggiao.core.acts import Act
from banggiao.core.errors import N_, NotFound
from banggiao.core.registers import Register
from banggiao.reports.pasting import Line, Pasted, Written, checked, explained, write
from banggiao.web.models import HeadingMeaning, StagedPaste

KEPT_FOR = timedelta(days=7)
#: So many tables of one user wait at once; the oldest makes room.
MOST_WAITING = 5


@transaction.atomic
def stage(*, user: User, register: str, table: Pasted, at: datetime) -> StagedPaste:
    """Keep a pasted table until it is settled; what is older than a week goes."""
    StagedPaste.objects.filter(staged_at__lt=at - KEPT_FOR).delete()
    waiting = StagedPaste.objects.filter(user=user).order_by("-staged_at", "-pk").values_list("pk", flat=True)
    StagedPaste.objects.filter(pk__in=list(waiting[MOST_WAITING - 1 :])).delete()
    return StagedPaste.objects.create(
        user=user,
        register=register,
        heading=list(table.heading),
        rows=[list(row) for row in table.rows],
        columns=list(table.columns),
        staged_at=at,
    )


@transaction.atomic
def map_columns(paste: StagedPaste, columns: Sequence[str]) -> StagedPaste:
    """Take the columns for these fields, and remember it for the user's next table of this register."""
    paste.columns = list(columns)
    paste.save(update_fields=["columns"])
    meanings = explained(Pasted(tuple(paste.heading), (), tuple(columns)))
    HeadingMeaning.objects.bulk_create(
        [
            HeadingMeaning(user_id=paste.user_id, register=paste.register, heading=heading[:200], field=field)
            for heading, field in meanings.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "register", "heading"],
        update_fields=["field"],
    )
    return paste


@transaction.atomic
def write_out(paste: StagedPaste, register: Register, *, twins: bool, whole: bool, act: Act) -> tuple[list[Line], Written]:
    """Write the sound rows of a table and keep the others; both are settled at once, so a second press finds what is left.

    Raises NotFound for a table that was dropped meanwhile, and as `pasting.write`.
    """
    held = StagedPaste.objects.select_for_update().filter(pk=paste.pk).first()
    if held is None:
        raise NotFound(N_("Không tìm thấy bảng đã dán."), subject=str(paste.pk), remedy=N_("Hãy dán lại nếu cần."))
    lines = checked(register, table_of(held), act.viewer)
    done = write(register, lines, twins=twins, all_or_nothing=whole, act=act)
    if done.records:
        settle(held, left=[line.cells for line in done.left], written=[record.pk for record in done.records])
    return lines, done


def table_of(paste: StagedPaste) -> Pasted:
    """The table as it was pasted, without the rows that were written."""
    return Pasted(tuple(paste.heading), tuple(tuple(row) for row in paste.rows), tuple(paste.columns))


def settle(paste: StagedPaste, *, left: Sequence[Sequence[str]], written: Sequence[UUID]) -> StagedPaste:
    """Keep of the table only the rows that were not written, and which records were."""
    paste.rows = [list(row) for row in left]
    paste.written = [*paste.written, *map(str, written)]
    paste.save(update_fields=["rows", "written"])
    return paste


def forget_written(paste: StagedPaste, ids: Sequence[Any]) -> StagedPaste:
    """These records were taken back."""
    gone = {str(pk) for pk in ids}
    paste.written = [pk for pk in paste.written if pk not in gone]
    paste.save(update_fields=["written"])
    return paste


def drop(paste: StagedPaste) -> None:
    """The table is not wanted any more; what was written of it stays."""
    paste.delete()


def waiting_of(user: User, register: str, at: datetime) -> list[StagedPaste]:
    """The tables of a user that wait to be settled, newest first."""
    found = StagedPaste.objects.filter(user=user, register=register, staged_at__gte=at - KEPT_FOR)
    return list(found.order_by("-staged_at", "-pk").defer("rows"))


def meanings_of(user: User, register: str) -> dict[str, str]:
    """What the user said that headings mean, by folded heading."""
    return dict(HeadingMeaning.objects.filter(user=user, register=register).values_list("heading", "field"))
