"""What stands on the page of an activity only: agenda, delegation, economic content, outcomes, documents being prepared."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from banggiao.activities.lines import AGENDA, DELEGATION, ECONOMIC, OUTCOMES, SITES
from banggiao.activities.models import Activity
from banggiao.agreements.readiness import Readiness, readiness_of
from banggiao.core.acts import Viewer
from banggiao.core.questions import Bi
from banggiao.core.vocabulary import vocabulary
from banggiao.web.addresses import record_url
from banggiao.web.asking import language
from banggiao.web.line_sections import sections
from banggiao.web.parts import Badge, Cell, Section, Table, TableColumn, TableRow, Tone
from banggiao.web.words import label

_TONES: dict[str, Tone] = {"done": "good", "in_progress": "active", "not_needed": "neutral"}


def activity_sections(activity: Activity, viewer: Viewer) -> list[Section]:
    """Its lines, those of the programme first, and the board of the documents it prepares."""
    several = activity.form in ("online", "hybrid")
    parts = (AGENDA, DELEGATION, SITES, ECONOMIC, OUTCOMES) if several else (AGENDA, DELEGATION, ECONOMIC, OUTCOMES, SITES)
    return [*_board(readiness_of(activity, viewer)), *sections(activity, viewer, parts)]


def _board(documents: Sequence[Readiness]) -> list[Section]:
    """Instruments that are prepared for the activity, against the points of the checklist before signing."""
    if not documents:
        return []
    title = _("Văn kiện chuẩn bị ký")
    items = vocabulary("readiness_item").terms
    table = Table(
        caption=title,
        columns=[
            TableColumn(key="agreement", label=_("Văn kiện"), lead=True),
            *(TableColumn(key=item.code, label=item.label(language())) for item in items),
        ],
        rows=[
            TableRow(
                cells=[
                    Cell(
                        value=Bi(each.agreement.name_vi, each.agreement.name_en).get(language()),
                        url=record_url("agreements.agreement", each.agreement.pk),
                        note=label("agreement_status", each.agreement.status),
                    ),
                    *(_point(each.states.get(item.code, "")) for item in items),
                ]
            )
            for each in documents
        ],
    )
    ready = sum(each.ready for each in documents)
    meta = _("%(ready)d trên %(all)d văn kiện đã đủ điều kiện ký") % {"ready": ready, "all": len(documents)}
    return [Section(id="board", title=title, meta=meta, table=table)]


def _point(state: str) -> Cell:
    if not state:
        return Cell(badge=Badge(label=_("chưa"), tone="risk"))
    return Cell(badge=Badge(label=label("readiness_state", state), tone=_TONES.get(state, "neutral")))
