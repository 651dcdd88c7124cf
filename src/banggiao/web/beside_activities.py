"""What stands on the page of an activity only: agenda, delegation, economic content, outcomes, documents being prepared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.activities.lines import AGENDA, DELEGATION, ECONOMIC, OUTCOMES, SITES
from banggiao.activities.models import Activity
from banggiao.activities.questions import SHARE
from banggiao.agreements.readiness import Readiness, missing, readiness_of
from banggiao.core.acts import Viewer
from banggiao.core.lines import rows_of
from banggiao.core.questions import Bi
from banggiao.core.vocabulary import vocabulary
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import language
from banggiao.web.line_sections import sections
from banggiao.web.parts import Action, Cell, Link, Progress, Section, Table, TableColumn, TableRow
from banggiao.web.words import label


def activity_sections(activity: Activity, viewer: Viewer) -> list[Section]:
    """The documents it prepares, then its lines; sites only where people take part from several places."""
    several = activity.form in ("online", "hybrid") or rows_of(SITES, activity, viewer).exists()
    parts = (AGENDA, DELEGATION, *((SITES,) if several else ()), ECONOMIC, OUTCOMES)
    found = [*_board(readiness_of(activity, viewer)), *sections(activity, viewer, parts)]
    return [_with_more(section, activity, viewer) for section in found]


def _with_more(section: Section, activity: Activity, viewer: Viewer) -> Section:
    """The section with what leads on from it: the same across activities, and documents and commitments as outcomes."""
    if section.id == ECONOMIC.name:
        return replace(section, link=Link(label=_("Tỷ lệ hoạt động cấp cao có dự án"), url=list_url(SHARE.name)))
    if section.id != OUTCOMES.name:
        return section
    offered = (
        ("agreements", "agreements.edit", _("Ghi văn kiện của hoạt động này")),
        ("commitments", "commitments.edit", _("Ghi cam kết tại hoạt động này")),
    )
    more = [
        Action(label=text, url=f"{reverse('web:new', args=[book])}?{urlencode({'activity_id': activity.code})}", icon="add")
        for book, permission, text in offered
        if viewer.may(permission)
    ]
    return replace(section, actions=(*section.actions, *more))


def _board(documents: Sequence[Readiness]) -> list[Section]:
    """Instruments that are prepared for the activity: how far each is, and what it still lacks."""
    if not documents:
        return []
    title, total = _("Văn kiện chuẩn bị ký"), len(vocabulary("readiness_item").codes)
    rows = []
    for each in documents:
        lacking = missing(each.states)
        done = total - len(lacking)
        begun = [code for code in lacking if each.states.get(code)]
        rows.append(
            TableRow(
                cells=[
                    Cell(
                        value=Bi(each.agreement.name_vi, each.agreement.name_en).get(language()),
                        url=record_url("agreements.agreement", each.agreement.pk),
                        note=label("agreement_status", each.agreement.status),
                    ),
                    Cell(
                        progress=Progress(
                            percent=round(100 * done / total),
                            label=_("%(done)d trên %(all)d mục") % {"done": done, "all": total},
                            tone="good" if each.ready else "active",
                        )
                    ),
                    Cell(value=_named(begun)),
                    Cell(value=_named([code for code in lacking if code not in begun])),
                ]
            )
        )
    columns = [
        TableColumn(key="agreement", label=_("Văn kiện"), lead=True),
        TableColumn(key="done", label=_("Đã xong")),
        TableColumn(key="begun", label=_("Đang làm")),
        TableColumn(key="lacking", label=_("Chưa làm")),
    ]
    meta = _("%(ready)d trên %(all)d văn kiện đã đủ điều kiện ký") % {
        "ready": sum(each.ready for each in documents),
        "all": len(documents),
    }
    return [Section(id="board", title=title, meta=meta, table=Table(caption=title, columns=columns, rows=rows))]


def _named(codes: Sequence[str]) -> str | None:
    return "; ".join(label("readiness_item", code) for code in codes) or None
