"""What stands on the page of a work programme: its tasks, opportunities and proposals, what may be given as a task, its paper."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.core.acts import Viewer
from banggiao.core.lines import rows_of
from banggiao.programmes.lines import TASKS
from banggiao.programmes.models import WorkProgramme
from banggiao.programmes.questions import PARTS, PROGRAMMES
from banggiao.web.line_sections import sections
from banggiao.web.parts import Action, Section


def programme_sections(programme: WorkProgramme, viewer: Viewer) -> list[Section]:
    """Tasks, opportunities and proposals of a programme, what may be given as a task, and its paper."""
    return [*sections(programme, viewer, PARTS), *_given(programme, viewer), *_paper(programme, viewer)]


def _given(programme: WorkProgramme, viewer: Viewer) -> list[Section]:
    """The tasks of an approved programme that are not in the register of tasks yet."""
    if programme.state not in ("approved", "running") or not viewer.may("commitments.edit") or not viewer.may("programmes.edit"):
        return []
    rows = [row for row in rows_of(TASKS, programme, viewer) if row.task_id is None]
    if not rows:
        return []
    actions = [
        Action(
            label=_("Đưa nhiệm vụ %(n)d vào sổ") % {"n": row.number},
            url=reverse("web:programme_task", args=[programme.pk, row.pk]),
            method="post",
            icon="task",
            fields=(("version", str(row.version)),),
        )
        for row in rows
    ]
    text = _("Nhiệm vụ được đưa vào sổ thì được giao, báo tiến độ, nhắc hạn như mọi nhiệm vụ khác.")
    return [Section(id="give", title=_("Đưa vào sổ nhiệm vụ"), text=text, actions=actions)]


def _paper(programme: WorkProgramme, viewer: Viewer) -> list[Section]:
    if not viewer.may("exports.take"):
        return []
    actions = [
        Action(label=name, url=reverse("web:record_paper", args=[PROGRAMMES.name, programme.pk, form]), icon="download")
        for form, name in (("docx", "Word"), ("pdf", "PDF"))
    ]
    text = _("Còn là dự thảo: mỗi trang in DỰ THẢO cho đến khi ghi số, ngày và người ký.")
    return [Section(id="paper", title=_("Văn bản chương trình"), text=text, actions=actions)]
