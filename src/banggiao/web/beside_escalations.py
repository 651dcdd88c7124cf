"""What stands on the page of a record about the questions put to the level above, and the way to put one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.core.acts import Viewer
from banggiao.core.questions import Bi
from banggiao.core.registers import Register
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.chasing.questions import bodies_above
from banggiao.followup.escalations.questions import ESCALATIONS, escalations_of
from banggiao.partners.models import Institution
from banggiao.web.addresses import record_url
from banggiao.web.asking import language
from banggiao.web.parts import Action, Cell, Section, Table, TableColumn, TableRow
from banggiao.web.words import label, partial_date, state_badge


def escalations_section(book: Register, record: Any, viewer: Viewer) -> list[Section]:
    """The questions about a record; for those who may, the way to put another, with the bodies filled in."""
    if book.record_type not in vocabulary("escalation_subject"):
        return []
    rows = [
        TableRow(
            cells=(
                Cell(value=each.title_vi, url=record_url(each.record_type(), each.pk), note=each.code),
                Cell(value=_name(each.decider)),
                Cell(value=partial_date(each.needed_by) if each.needed_by else None),
                Cell(value=label("escalation_state", each.state), badge=state_badge("escalation_state", each.state)),
                Cell(value=each.decision or None, note=each.document_number),
            ),
            exercise=each.exercise,
        )
        for each in escalations_of(record.pk, viewer)
    ]
    may = viewer.may(ESCALATIONS.edit_permission)
    if not rows and not may:
        return []
    columns = (
        TableColumn(key="question", label=_("Vấn đề xin ý kiến"), lead=True),
        TableColumn(key="decider", label=_("Trình ai")),
        TableColumn(key="needed_by", label=_("Cần có quyết định trước"), kind="date"),
        TableColumn(key="state", label=_("Tình trạng")),
        TableColumn(key="decision", label=_("Nội dung quyết định")),
    )
    table = Table(caption=_("Việc trình cấp trên"), columns=columns, rows=rows) if rows else None
    note = "" if rows else _("Chưa trình việc nào. Điều vượt thẩm quyền của cơ quan thì trình cấp trên quyết định.")
    actions = (Action(label=_("Trình cấp trên"), url=_new(book, record, viewer), icon="up"),) if may else ()
    return [Section(id="escalations", title=_("Việc trình cấp trên"), table=table, note=note, actions=actions, folded=not rows)]


def _new(book: Register, record: Any, viewer: Viewer) -> str:
    """The form of a new question about the record: asked by its lead of the nearest body above."""
    lead = getattr(record, "lead_id", None) or next(iter(viewer.institutions), None)
    above = bodies_above(lead, itself=False) if lead else []
    # Where nobody stands above the lead: the bodies above the one whose record it is.
    above = above or (bodies_above(record.owner, itself=False) if record.owner else [])
    known = Institution.objects.visible_to(viewer).in_bulk([pk for pk in (lead, *above[:1]) if pk])
    filled = {
        "subject_type": book.record_type,
        "subject_id": getattr(record, book.code_path, "") or str(record.pk) if book.code_path else str(record.pk),
        "asker_id": known[lead].code if lead in known else "",
        "decider_id": known[above[0]].code if above and above[0] in known else "",
    }
    return f"{reverse('web:new', args=[ESCALATIONS.name])}?{urlencode({n: v for n, v in filled.items() if v})}"


def _name(body: Institution | None) -> str | None:
    return Bi(body.name_vi, body.name_en).get(language()) if body else None
