"""What stands on the pages of bodies, meetings and conclusion notices only, and what conferences have beside other activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.activities.conference import ATTENDANCE, CONFERENCES, SPEAKERS, handing_in, turnout
from banggiao.activities.models import Activity, Attendance, Speaker
from banggiao.bodies.lines import DECISIONS, ITEMS, MEMBERS, ROLL, stands_still
from banggiao.bodies.models import Body, ConclusionNotice, Meeting, MeetingDecision
from banggiao.bodies.questions import Followed, decisions_of, escalations_decided, last_meeting_of, notices_of
from banggiao.core.acts import Viewer
from banggiao.core.lines import Lines, rows_of
from banggiao.core.questions import Bi
from banggiao.followup.escalations.models import Escalation
from banggiao.followup.escalations.questions import ESCALATIONS
from banggiao.followup.escalations.services import may_decide
from banggiao.partners.models import Institution
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import language
from banggiao.web.line_sections import sections
from banggiao.web.parts import Action, Cell, Empty, Link, Section, Table, TableColumn, TableRow, Tally
from banggiao.web.words import label, partial_date, state_badge

#: So many lines of a roll stand on a page; all of them are a link away.
_ROWS = 12
#: A decision of more characters than this is not handed on in an address, which servers cut off; it is copied by hand.
_HANDED_ON = 600


def body_sections(body: Body, viewer: Viewer) -> list[Section]:
    """Who sits in it."""
    found = sections(body, viewer, (MEMBERS,))
    if viewer.may("bodies.edit") and body.state != "ended":
        url = f"{reverse('web:new', args=['meetings'])}?{urlencode({'body_id': body.code})}"
        action = Action(label=_("Lập phiên họp"), url=url, icon="add")
        found[0] = replace(found[0], actions=(*found[0].actions, action))
    return found


def meeting_sections(meeting: Meeting, viewer: Viewer, today: date) -> list[Section]:
    """Agenda, roll, decisions with what came of them, what the last meeting decided, and the minutes as a paper."""
    may, open_ = viewer.may("bodies.edit"), not stands_still(meeting)
    made: dict[str, Section] = {s.id: s for s in sections(meeting, viewer, (ITEMS, ROLL, DECISIONS))}
    offered: dict[str, list[Action]] = {}
    if may and open_:
        propose = Action(label=_("Đề xuất từ việc quá hạn, vướng mắc"), url=_of("meeting_propose", meeting), icon="clock")
        offered[ITEMS.name] = [propose]
    if may and open_ and rows_of(ROLL, meeting, viewer).exists():
        offered[ROLL.name] = [Action(label=_("Điểm danh"), url=_roll_url("meetings", meeting), icon="check")]
    decided = decisions_of(meeting, viewer, today)
    if may and meeting.state in ("held", "minuted") and any(each.task is None and each.decision.lead_id for each in decided):
        offered[DECISIONS.name] = [
            Action(label=_("Giao thành nhiệm vụ"), url=_of("meeting_tasks", meeting), icon="task", style="primary")
        ]
    found = []
    for name, section in made.items():
        section = replace(section, actions=(*offered.pop(name, ()), *section.actions))
        if name == ROLL.name:
            section = _with_turnout(section, ROLL, meeting, viewer)
        found.append(section)
    if rest := [action for actions in offered.values() for action in actions]:
        found = [replace(s, actions=(*rest, *s.actions)) if s.id == "begin" else s for s in found]
    if any(each.task for each in decided):
        found.append(_came_of("came-of", _("Kết luận đã giao và việc đã làm"), decided, meeting))
    found += _escalated(meeting, viewer)
    last = last_meeting_of(meeting, viewer)
    if last is not None:
        before = decisions_of(last, viewer, today)
        empty = Empty(title=_("Phiên trước chưa ghi kết luận"), text=_("Kết luận được ghi ở trang của phiên họp đó."))
        section = _came_of("before", _("Phiên trước đã kết luận gì, đến đâu"), before, last, link=True)
        found.append(replace(section, empty=empty))
    return [*found, _paper(meeting, viewer, _("Biên bản"), meeting.state == "minuted", may)]


def notice_sections(notice: ConclusionNotice, viewer: Viewer) -> list[Section]:
    """Its paragraphs, who receives it, the paper, and the directive it became."""
    ids = list(notice.receiver_rows.order_by("position").values_list("institution_id", flat=True))
    known = Institution.objects.visible_to(viewer).in_bulk(ids)
    names = "; ".join(Bi(known[pk].name_vi, known[pk].name_en).get(language()) for pk in ids if pk in known)
    empty = Empty(title=_("Chưa có nội dung"), text=_("Hãy sửa thông báo để viết nội dung, mỗi đoạn một dòng."))
    found = [Section(id="text", title=_("Nội dung thông báo"), text=notice.text, empty=empty)]
    if names:
        found.append(Section(id="receivers", title=_("Nơi nhận"), text=f"{names}."))
    paper = _paper(notice, viewer, _("Văn bản"), notice.state == "issued", viewer.may("bodies.edit"))
    if notice.directive_id:
        url = record_url("commitments.directive", notice.directive_id)
        follow = Action(label=_("Mở trong sổ văn bản chỉ đạo để tách thành nhiệm vụ"), url=url, icon="directive", style="primary")
        paper = replace(paper, actions=(follow, *paper.actions))
    return [*found, paper]


def conference_sections(activity: Activity, viewer: Viewer) -> list[Section]:
    """Speakers and roll of a conference; of another activity only where they are entered."""
    is_one = activity.kind in CONFERENCES or activity.form in ("online", "hybrid")
    there = any(model.objects.filter(activity=activity, retracted=False).exists() for model in (Speaker, Attendance))
    if not (is_one or there):
        return []
    may, found = viewer.may("activities.edit"), []
    rows = {lines.name: rows_of(lines, activity, viewer) for lines in (SPEAKERS, ATTENDANCE)}
    begun = {s.id: s for s in sections(activity, viewer, tuple(p for p in (SPEAKERS, ATTENDANCE) if rows[p.name].exists()))}
    speech = begun.get(SPEAKERS.name) or Section(
        id=SPEAKERS.name,
        title=SPEAKERS.book.title.get(language()),
        empty=Empty(title=_("Chưa có tham luận"), text=_("Gọi tham luận để các cơ quan gửi bài trước hội nghị.")),
    )
    actions = list(speech.actions)
    if may and viewer.may("data_calls.edit"):
        actions.insert(0, Action(label=_("Gọi tham luận"), url=_of("call_statements", activity), icon="call"))
        if rows[SPEAKERS.name].exclude(call=None).exists():
            url = _of("take_statements", activity)
            actions.append(Action(label=_("Lấy bài đã nộp"), url=url, method="post", icon="download"))
    if SPEAKERS.name in begun or may:
        link = Link(label=_("Xem tất cả"), url=list_url("statements", {"activity": str(activity.pk)}))
        found.append(
            replace(speech, actions=actions, link=link if SPEAKERS.name in begun else None, meta=_handed(activity, viewer))
        )
    roll = begun.get(ATTENDANCE.name) or Section(
        id=ATTENDANCE.name,
        title=ATTENDANCE.book.title.get(language()),
        empty=Empty(title=_("Chưa có danh sách mời"), text=_("Mời cả nhóm cơ quan hoặc từng cơ quan, rồi điểm danh.")),
    )
    if may:
        more = [Action(label=_("Mời dự"), url=_of("expect", activity), icon="add")]
        if ATTENDANCE.name in begun:
            more.append(Action(label=_("Điểm danh"), url=_roll_url("activities", activity), icon="check"))
        roll = replace(roll, actions=(*more, *roll.actions))
    if ATTENDANCE.name in begun:
        roll = _with_turnout(roll, ATTENDANCE, activity, viewer)
    if ATTENDANCE.name in begun or may:
        found.append(roll)
    if viewer.may("bodies.edit") and not notices_of(viewer, activity=activity.pk):
        found.append(_notice_offer(activity))
    return found


def _handed(activity: Activity, viewer: Viewer) -> str:
    """How many of the bodies asked for a statement have handed it in, to those who may see the answers."""
    called = Speaker.objects.filter(activity=activity, retracted=False).exclude(call=None)
    asked = called.count()
    if not asked or not viewer.may("data_calls.edit"):
        return ""
    return _("%(given)d trên %(asked)d cơ quan đã nộp bài") % {"given": handing_in(called, "yes").count(), "asked": asked}


def _notice_offer(activity: Activity) -> Section:
    given = {"activity_id": activity.code, "name_vi": _about(activity)}
    url = f"{reverse('web:new', args=['conclusion_notices'])}?{urlencode(given)}"
    action = Action(label=_("Soạn thông báo kết luận"), url=url, icon="add")
    text = _("Kết luận của hội nghị được soạn, lấy ý kiến rồi ban hành; sau khi ban hành thì tách thành nhiệm vụ.")
    return Section(id="notice", title=_("Thông báo kết luận"), text=text, actions=(action,))


def _with_turnout(section: Section, lines: Lines, parent: Any, viewer: Viewer) -> Section:
    """The section with its counts, each leading to those it counts, and no more rows than a page takes."""
    counts = turnout(lines, parent, viewer)
    came = counts["present"] + counts["represented"]
    meta = _("%(came)d trên %(expected)d cơ quan có mặt hoặc cử người dự thay") % {
        "came": came,
        "expected": sum(counts.values()),
    }
    tallies, link = [], None
    if lines is ATTENDANCE:
        link = Link(label=_("Xem tất cả"), url=list_url("attendances", {"activity": str(parent.pk)}))
        for code, count in counts.items():
            if count:
                url = list_url("attendances", {"activity": str(parent.pk), "presence": code})
                tallies.append(Tally(label=label("presence", code), url=url, value=count))
    table = section.table
    if table and lines is ATTENDANCE and len(table.rows) > _ROWS:
        table = replace(table, rows=table.rows[:_ROWS])
    note = label("counting_rule", "attendance")
    return replace(section, meta=meta, tallies=tallies, link=link, table=table, note=note)


def _came_of(id_: str, title: str, decided: Sequence[Followed], meeting: Meeting, *, link: bool = False) -> Section:
    rows = [
        TableRow(
            cells=(
                Cell(
                    value=Bi(each.decision.text_vi, each.decision.text_en).get(language()),
                    note=label("meeting_decision_kind", each.decision.kind),
                ),
                Cell(value=Bi(each.lead.name_vi, each.lead.name_en).get(language())) if each.lead else Cell(),
                Cell(value=partial_date(each.decision.due) if each.decision.due else None),
                Cell(value=each.task.code, url=record_url("commitments.task", each.task.pk)) if each.task else Cell(),
                Cell(
                    value=label("work_state", each.task.work_state),
                    badge=state_badge("work_state", each.task.work_state),
                    note=label("timeliness", each.timely) if each.timely in ("overdue", "due_soon", "done_late") else "",
                    note_tone="bad" if each.timely == "overdue" else "risk",
                )
                if each.task
                else Cell(),
            ),
            overdue=each.timely == "overdue",
        )
        for each in decided
    ]
    heads = (
        TableColumn(key="text", label=_("Nội dung"), lead=True),
        TableColumn(key="lead", label=_("Cơ quan chủ trì")),
        TableColumn(key="due", label=_("Hạn"), kind="date"),
        TableColumn(key="task", label=_("Nhiệm vụ đã giao")),
        TableColumn(key="state", label=_("Tình trạng")),
    )
    table = Table(caption=title, columns=heads, rows=rows) if rows else None
    where = Link(label=Bi(meeting.name_vi, meeting.name_en).get(language()), url=record_url(meeting.record_type(), meeting.pk))
    return Section(
        id=id_, title=title, table=table, link=where if link else None, note=label("counting_rule", "meeting_decisions")
    )


def _escalated(meeting: Meeting, viewer: Viewer) -> list[Section]:
    """The escalations that the meeting decided on; who has the right to decide writes the decision there, filled in."""
    rows = []
    for decision, asked in escalations_decided(meeting, viewer):
        open_ = asked.state == "sent"
        mine = open_ and meeting.state in ("held", "minuted") and may_decide(viewer, asked)
        actions = (Action(label=_("Ghi quyết định"), url=_decide_url(meeting, decision, asked), icon="check"),) if mine else ()
        waits = _("chờ cơ quan được trình ghi quyết định") if open_ and not mine else ""
        rows.append(
            TableRow(
                cells=(
                    Cell(value=asked.title_vi, url=record_url(asked.record_type(), asked.pk), note=asked.code),
                    Cell(value=Bi(decision.text_vi, decision.text_en).get(language())),
                    Cell(
                        value=label("escalation_state", asked.state),
                        badge=state_badge("escalation_state", asked.state),
                        note=waits,
                    ),
                    Cell(actions=actions),
                )
            )
        )
    if not rows:
        return []
    heads = (
        TableColumn(key="question", label=_("Vấn đề xin ý kiến"), lead=True),
        TableColumn(key="text", label=_("Kết luận của phiên họp")),
        TableColumn(key="state", label=_("Tình trạng")),
        TableColumn(key="do", label=_("Thao tác")),
    )
    title = _("Việc trình đã được phiên họp kết luận")
    return [Section(id="escalated", title=title, table=Table(caption=title, columns=heads, rows=rows))]


def _decide_url(meeting: Meeting, decision: MeetingDecision, asked: Escalation) -> str:
    """The form of the decision on the escalation with what the meeting decided, to be looked at and signed for."""
    given = {
        "decision": decision.text_vi if len(decision.text_vi) <= _HANDED_ON else "",
        "decided_by": meeting.chair,
        "reason": _("Kết luận tại phiên họp %(code)s") % {"code": meeting.code},
        "back": f"{record_url(meeting.record_type(), meeting.pk)}#escalated",
    }
    url = reverse("web:step", args=[ESCALATIONS.name, asked.pk, "decide"])
    return f"{url}?{urlencode({name: value for name, value in given.items() if value})}"


def _paper(record: Any, viewer: Viewer, title: str, signed: bool, may: bool) -> Section:
    """The files of a record's paper, and for a meeting the way to the notice of its conclusions."""
    register = "meetings" if isinstance(record, Meeting) else "conclusion_notices"
    text = (
        _("Số, ngày và người ký do người có thẩm quyền ghi.")
        if signed
        else _("Còn là dự thảo: mỗi trang in DỰ THẢO cho đến khi ghi số, ngày và người ký.")
    )
    actions = []
    if viewer.may("exports.take"):
        for form, name in (("docx", "Word"), ("pdf", "PDF"), ("json", "JSON")):
            url = reverse("web:record_paper", args=[register, record.pk, form])
            actions.append(Action(label=f"{title} {name}", url=url, icon="download"))
    if isinstance(record, Meeting) and may and record.state in ("held", "minuted"):
        given = {"meeting_id": record.code, "name_vi": _about(record)}
        if record.body.standing:
            given["issuer_id"] = record.body.standing.code
        url = f"{reverse('web:new', args=['conclusion_notices'])}?{urlencode(given)}"
        actions.append(Action(label=_("Soạn thông báo kết luận"), url=url, icon="add"))
    return Section(id="paper", title=title, text=text, actions=actions)


def _about(record: Any) -> str:
    """What the notice of its conclusions is about, to begin with; the paper is Vietnamese whoever drafts it."""
    return f"Kết luận {record.name_vi[:1].lower()}{record.name_vi[1:]}"


def _of(route: str, record: Any) -> str:
    return reverse(f"web:{route}", args=[record.pk])


def _roll_url(register: str, record: Any) -> str:
    return reverse("web:roll_call", args=[register, record.pk])
