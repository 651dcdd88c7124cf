"""What stands on the page of a record about the official letters behind it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.core.acts import Viewer
from banggiao.core.questions import Bi
from banggiao.core.registers import Register
from banggiao.followup.dispatches.models import DispatchReference
from banggiao.followup.dispatches.questions import DISPATCHES, dispatches_of
from banggiao.followup.dispatches.services import is_pointer_only
from banggiao.web.addresses import record_url
from banggiao.web.asking import language
from banggiao.web.parts import Action, Cell, Section, Table, TableColumn, TableRow
from banggiao.web.words import label, partial_date

#: Registers whose records no letter stands behind: who there is, and what was read or published.
NOT_OF = frozenset(
    {"documents", "figures", "partners", "institutions", "people", "users", "roles_held", "dispatches", "findings"}
)


def dispatches_section(book: Register, record: Any, viewer: Viewer) -> list[Section]:
    """The letters behind a record; for those who may, the way to add one."""
    if book.name in NOT_OF:
        return []
    rows = [
        TableRow(
            cells=(
                Cell(value=letter.number, url=record_url(letter.record_type(), letter.pk), note=letter.about),
                Cell(value=partial_date(letter.day) if letter.day else None),
                Cell(value=label("dispatch_direction", letter.direction)),
                Cell(value=_issuer(letter)),
                Cell(value=letter.keeper or None, note=_level(letter.secrecy)),
            ),
            exercise=letter.exercise,
        )
        for letter in dispatches_of(record.pk, viewer)
    ]
    may = viewer.may(DISPATCHES.edit_permission)
    if not rows and not may:
        return []
    heads = (
        TableColumn(key="number", label=_("Số, ký hiệu"), lead=True),
        TableColumn(key="day", label=_("Ngày"), kind="date"),
        TableColumn(key="direction", label=_("Đi, đến")),
        TableColumn(key="issuer", label=_("Cơ quan ban hành")),
        TableColumn(key="keeper", label=_("Nơi giữ văn bản")),
    )
    table = Table(caption=_("Văn bản liên quan"), columns=heads, rows=rows) if rows else None
    add = Action(label=_("Thêm văn bản"), url=reverse("web:dispatch", args=[book.name, record.pk]), icon="add")
    note = "" if rows else _("Chưa ghi công văn nào. Tệp văn bản nằm ở hệ thống quản lý văn bản, ở đây chỉ ghi số và ngày.")
    actions = (add,) if may else ()
    title = _("Văn bản liên quan")
    return [Section(id="dispatches", title=title, table=table, note=note, actions=actions, folded=not rows)]


def _issuer(letter: DispatchReference) -> str:
    return Bi(letter.issuer.name_vi, letter.issuer.name_en).get(language()) if letter.issuer else letter.issuer_name


def _level(secrecy: str) -> str:
    """The level of a letter of which only a pointer stands here."""
    return label("classification", secrecy) if is_pointer_only(secrecy) else ""
