"""What directives, their paragraphs and repeated asks say on pages: sections of records, notes on proposals."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banggiao.commitments.models import Directive, Task
from banggiao.commitments.questions_repeated import asked_again_since, asked_before, repeated_of
from banggiao.commitments.questions_splitting import coverage_of
from banggiao.commitments.splitting import Proposed
from banggiao.core.acts import Viewer
from banggiao.core.questions import Bi
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import language
from banggiao.web.jinja import written
from banggiao.web.parts import Action, Badge, Cell, Empty, Section, Table, TableColumn, TableRow, Tally
from banggiao.web.words import label, partial_date, state_badge


def inferred_words(proposed: Proposed) -> list[str]:
    """What a person should look at before confirming a proposal."""
    said = proposed.said
    words = {
        "year": _("Năm của hạn lấy theo năm của văn bản."),
        "quarter": _("Hạn “%(words)s” được hiểu là hết quý.") % {"words": said.due_words},
        "several": _("Văn bản nêu ngang nhau nhiều cơ quan; cơ quan đầu được đề xuất chủ trì."),
        "heading": _("Cơ quan chủ trì lấy từ đề mục phía trên."),
        "before": _("Cơ quan chủ trì lấy từ câu trước."),
    }
    notes = [words[code] for code in said.inferred]
    if said.lead and proposed.lead is None:
        notes.append(_("Chưa có trong sổ cơ quan: %(name)s.") % {"name": said.lead})
    if proposed.unknown:
        notes.append(_("Phối hợp chưa có trong sổ: %(names)s.") % {"names": "; ".join(proposed.unknown)})
    if said.due_words and not said.due:
        notes.append(_("Yêu cầu về thời gian: %(words)s.") % {"words": said.due_words})
    if not said.lead:
        notes.append(_("Văn bản không nêu cơ quan chủ trì."))
    return notes


def proposed_line(proposed: Proposed) -> str:
    """A proposal in one line: what, with whom, by when, how often, with what product."""
    said = proposed.said
    together = "; ".join(Bi(body.name_vi, body.name_en).get(language()) for body in proposed.coordinating)
    parts = (
        said.text,
        _("phối hợp: %(names)s") % {"names": together} if together else "",
        _("hạn %(day)s") % {"day": _shown(said.due)} if said.due else "",
        label("task_rhythm", said.every).lower() if said.every else "",
        _("sản phẩm: %(product)s") % {"product": said.product} if said.product else "",
    )
    return " · ".join(filter(None, parts))


def task_line(task: Task) -> tuple[Badge, str]:
    """The badge of a task and one line on its lead and due date."""
    lead = Bi(task.lead.name_vi, task.lead.name_en).get(language()) if task.lead else _("chưa có chủ trì")
    due = _("hạn %(day)s") % {"day": _shown(task.current_due)} if task.current_due else _("chưa có hạn")
    return state_badge("work_state", task.work_state), f"{lead} · {due}"


def directive_sections(directive: Directive, viewer: Viewer) -> list[Section]:
    """How far the paragraphs of a directive have become tasks."""
    coverage = coverage_of(directive, viewer)
    may = viewer.may("commitments.edit")
    if not coverage.asking:
        action = Action(
            label=_("Nạp văn bản để tách nhiệm vụ"), url=reverse("web:directive_text", args=[directive.pk]), icon="upload"
        )
        empty = Empty(
            title=_("Văn bản chưa được tách"),
            text=_("Dán nội dung, chọn tệp hoặc tài liệu đã đọc; các đoạn đánh số hiện ra cùng nhiệm vụ được đề xuất."),
        )
        return [Section(id="coverage", title=_("Từ văn bản đến nhiệm vụ"), empty=empty, actions=(action,) if may else ())]

    def tally(text: str, count: int, standing: str) -> Tally:
        asked = {"directive": str(directive.pk), "standing": standing}
        return Tally(label=text, value=count, url=list_url("directive_paragraphs", asked))

    tallies = (
        tally(_("Đoạn có nhiệm vụ"), coverage.with_tasks, "tasks"),
        tally(_("Đoạn có lý do không giao"), coverage.with_reason, "reason"),
        tally(_("Đoạn còn bỏ ngỏ"), coverage.open, "open"),
    )
    meta = _("%(n)d/%(all)d đoạn đã có nhiệm vụ hoặc lý do") % {"n": coverage.settled, "all": coverage.asking}
    actions = [
        Action(label=_("Tách nhiệm vụ"), url=reverse("web:directive_split", args=[directive.pk]), icon="task", style="primary")
    ]
    if viewer.may("followup.assign"):
        actions.append(Action(label=_("Giao một lượt"), url=reverse("web:directive_assign", args=[directive.pk]), icon="check"))
    return [
        Section(id="coverage", title=_("Từ văn bản đến nhiệm vụ"), meta=meta, tallies=tallies, actions=actions if may else ())
    ]


def repeated_section(task: Task, viewer: Viewer) -> list[Section]:
    """The earlier asks beside a task, with their state; a person says of each whether it is the same ask."""
    beside, since = repeated_of(task, viewer), asked_again_since(task, viewer)
    if not beside and not since:
        return []
    times = asked_before([task.pk]).get(task.pk, 0)
    may = viewer.may("commitments.edit")
    rows = []
    for each in beside:
        earlier = each.earlier
        url = reverse("web:judge_repeated", args=[task.pk, earlier.pk])
        buttons = []
        if may and each.standing != "confirmed":
            buttons.append(Action(label=_("Đúng"), url=url, method="post", icon="check", fields=(("same", "yes"),)))
        if may and each.standing != "rejected":
            buttons.append(Action(label=_("Không phải"), url=url, method="post", icon="close", fields=(("same", "no"),)))
        rows.append(_row(earlier, f"{each.likeness}/100 · {label('repeat_standing', each.standing)}", buttons))
    rows += [_row(later, _("nhắc lại sau đó"), []) for later in since]
    columns = (
        TableColumn(key="text", label=_("Yêu cầu"), lead=True),
        TableColumn(key="state", label=_("Thực hiện")),
        TableColumn(key="standing", label=_("Độ giống, xác nhận")),
        TableColumn(key="actions", label=_("Thao tác")),
    )
    meta = _("được nhắc lại lần thứ %(n)d") % {"n": times} if times else ""
    if since:
        again = ngettext("sau đó còn được nhắc %(n)d lần", "sau đó còn được nhắc %(n)d lần", len(since)) % {"n": len(since)}
        meta = " · ".join(filter(None, (meta, again)))
    table = Table(caption=_("Yêu cầu được nhắc lại"), columns=columns, rows=rows)
    return [Section(id="asked-again", title=_("Yêu cầu được nhắc lại"), meta=meta, table=table)]


def _row(task: Task, standing: str, buttons: list[Action]) -> TableRow:
    text = Bi(task.text_vi, task.text_en).get(language())
    due = _("hạn %(day)s") % {"day": _shown(task.current_due)} if task.current_due else _("chưa có hạn")
    came = task.directive.number if task.directive else _shown(task.given_on) if task.given_on else ""
    note = " · ".join(filter(None, (came, due)))
    cells = (
        Cell(value=text, url=record_url(task.record_type(), task.pk), note=note),
        Cell(value=label("work_state", task.work_state), badge=state_badge("work_state", task.work_state)),
        Cell(value=standing),
        Cell(actions=buttons),
    )
    return TableRow(cells=cells, exercise=task.exercise)


def _shown(due: str) -> str:
    return written(partial_date(due))
