"""Every write to bodies and their meetings: entry, steps, agenda from what waits, tasks from what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from banggiao.bodies.lines import ITEMS, ROLL, members_of, require_open, share_with_members
from banggiao.bodies.models import Body, Meeting, MeetingAttendance, MeetingDecision, MeetingItem
from banggiao.bodies.proposals import proposals_for
from banggiao.bodies.states import BODY, MEETING
from banggiao.commitments.models import Task
from banggiao.commitments.services import Ask, create_tasks_from
from banggiao.core import records, transitions
from banggiao.core.acts import CLASSIFICATIONS, Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound, WrongState
from banggiao.core.lines import add_lines, follow_parent
from banggiao.core.numbering import next_code
from banggiao.followup.services_inbox import notify


@transaction.atomic
def create_body(*, act: Act, values: Mapping[str, Any]) -> Body:
    """A body enters the register, still being formed. Raises NotPermitted, InvalidInput (a joint committee without a partner)."""
    act.viewer.require("bodies.edit", subject=str(values.get("name_vi", "")))
    _check_partner(values.get("kind", ""), values.get("partner_id"))
    _check_days(values.get("starts", ""), values.get("ends", ""))
    year = (values.get("starts") or "")[:4] or str(act.at.year)
    code = values.get("code") or next_code(Body, "DT-TC" if act.exercise else "TC", year)
    return records.create(Body, act=act, values={**values, "code": code})


def revise_body(*, act: Act, body: Body, values: Mapping[str, Any], version: int | None) -> Body:
    """Change a body; its meetings follow when its owner or classification does.

    Raises NotPermitted, VersionRequired, StaleEdit, InvalidInput.
    """
    act.viewer.require("bodies.edit", subject=str(body))
    _check_partner(body.kind, values.get("partner_id", body.partner_id))
    _check_days(values.get("starts", body.starts), values.get("ends", body.ends))
    with transaction.atomic():
        changed = records.revise(body, act=act, values=values, version=version)
        if "owner" in values or "classification" in values:
            follow_parent(act=act, parent=changed)
    return changed


def move_body(*, act: Act, body: Body, action: str, version: int | None, values: Mapping[str, Any] | None = None) -> Body:
    """Take a step of a body. Raises what `transitions.apply` raises."""
    also = {"ends": ""} if action == "renew" else {}
    return transitions.apply(body, BODY, action, act=act, version=version, values=values, also=also)


@transaction.atomic
def create_meeting(*, act: Act, values: Mapping[str, Any]) -> Meeting:
    """A meeting of a body is planned: the next in its count, of its owner, classification and world, seen by its members.

    Raises NotPermitted, InvalidInput (no such body, one that has ended).
    """
    act.viewer.require("bodies.edit")
    body = Body.objects.visible_to(act.viewer).filter(pk=values.get("body_id")).first()
    if body is None or body.state == "ended":
        message = N_("Tổ chức này đã kết thúc hoạt động.") if body else N_("Hãy chọn tổ chức họp.")
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=[FieldProblem("body_id", message)],
        )
    records.lock(Body, body.pk)  # two who plan at once get two numbers
    number = (Meeting.objects.filter(body=body).aggregate(last=Max("number"))["last"] or 0) + 1
    year = (values.get("day") or "")[:4] or str(act.at.year)
    name = N_("Phiên họp thứ %(number)d: %(body)s") % {"number": number, "body": body.name_vi}
    english = f"Meeting {number}: {body.name_en}" if body.name_en else ""
    own = {
        "number": number,
        "name_vi": values.get("name_vi") or name[:400],
        "name_en": values.get("name_en") or ("" if values.get("name_vi") else english[:400]),
        "code": values.get("code") or next_code(Meeting, "DT-PH" if body.exercise else "PH", year),
        "owner": body.owner,
        "classification": max(body.classification, values.get("classification", ""), key=_level),
        "exercise": body.exercise,
    }
    meeting = records.create(Meeting, act=act, values={**values, **own})
    share_with_members(body, act)
    return meeting


def revise_meeting(*, act: Act, meeting: Meeting, values: Mapping[str, Any], version: int | None) -> Meeting:
    """Change a meeting; its minutes, once done, stand still. Raises NotPermitted, WrongState, StaleEdit, InvalidInput."""
    act.viewer.require("bodies.edit", subject=str(meeting))
    if meeting.settled:
        raise WrongState(
            N_("Biên bản đã hoàn thành nên không sửa được phiên họp."),
            subject=str(meeting),
            remedy=N_("Hãy mở lại biên bản, có lý do, rồi sửa."),
        )
    with transaction.atomic():
        changed = records.revise(meeting, act=act, values=values, version=version)
        if "owner" in values or "classification" in values:
            follow_parent(act=act, parent=changed)
    return changed


@transaction.atomic
def move_meeting(
    *, act: Act, meeting: Meeting, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> Meeting:
    """Take a step of a meeting. Convening it expects every institution with a seat that day, and tells them.

    Raises what `transitions.apply` raises, and InvalidInput for a meeting held before its day.
    """
    day = (values or {}).get("day") or meeting.day
    act.viewer.require(MEETING.step(action).permission, subject=str(meeting))
    if action == "hold" and day > timezone.localdate(act.at).isoformat():
        raise InvalidInput(
            N_("Phiên họp chưa đến ngày nên chưa thể ghi là đã họp."),
            subject=str(meeting),
            remedy=N_("Hãy sửa ngày họp hoặc ghi nhận sau khi họp."),
            problems=[FieldProblem("day", N_("Ngày họp còn ở phía trước."))],
        )
    moved = transitions.apply(meeting, MEETING, action, act=act, version=version, values=values)
    if action == "convene":
        members = members_of(moved.body, moved.day)
        there = set(MeetingAttendance.objects.filter(meeting=moved, retracted=False).values_list("institution_id", flat=True))
        rows = [{"institution_id": pk, "basis": "members"} for pk in members if pk not in there]
        if rows:
            add_lines(act=act, lines=ROLL, parent=moved, rows=rows)
        notify(act=act, kind="meeting", record=moved, institutions=list(dict.fromkeys([*members, *there])))
    return moved


@transaction.atomic
def put_on_agenda(*, act: Act, meeting: Meeting, chosen: Sequence[Any]) -> list[MeetingItem]:
    """Chosen proposals become lines of the agenda, behind those that stand, each leading to its record.

    Raises NotPermitted, WrongState once the meeting is minuted or cancelled, NotFound for what is not proposed.
    """
    act.viewer.require("bodies.edit", subject=str(meeting))
    require_open(meeting, act)
    offered = {str(p.record.pk): p for p in proposals_for(meeting, act.viewer, act.at)}
    wanted = list(dict.fromkeys(str(pk) for pk in chosen))
    if not wanted:
        raise InvalidInput(
            N_("Chưa chọn việc nào."),
            subject=str(meeting),
            remedy=N_("Hãy đánh dấu những việc đưa vào chương trình."),
            problems=[FieldProblem("chosen", N_("Chưa chọn việc nào."))],
        )
    if unknown := [pk for pk in wanted if pk not in offered]:
        raise NotFound(
            N_("Việc này không nằm trong danh sách đề xuất."),
            subject=unknown[0][:80],
            remedy=N_("Hãy tải lại danh sách đề xuất."),
        )
    standing = MeetingItem.objects.filter(meeting=meeting, retracted=False)
    last = standing.aggregate(last=Max("place"))["last"] or standing.count()
    rows = []
    for place, pk in enumerate(wanted, last + 1):
        proposal = offered[pk]
        rows.append(
            {
                "place": place,
                "title_vi": proposal.title.vi[:500],
                "title_en": proposal.title.en[:500],
                "reason": proposal.reason,
                # Plain words that every member reads: no name of a body that not everybody may know of.
                "presenter": lead.name_vi if (lead := proposal.lead) and lead.classification == "public" else "",
                "subject_type": proposal.record.record_type(),
                "subject_id": proposal.record.pk,
            }
        )
    return add_lines(act=act, lines=ITEMS, parent=meeting, rows=rows)


@transaction.atomic
def give_tasks(*, act: Act, meeting: Meeting, decisions: Sequence[MeetingDecision]) -> list[Task]:
    """Each decision becomes a task of its lead and co-ordinating bodies; one that is a task already stays the one it is.

    Raises NotPermitted, WrongState before the meeting was held, InvalidInput for a decision without a lead.
    """
    act.viewer.require("bodies.edit", subject=str(meeting))
    if meeting.state not in ("held", "minuted"):
        raise WrongState(
            N_("Chỉ giao việc từ kết luận của phiên đã họp."),
            subject=str(meeting),
            remedy=N_("Hãy ghi nhận phiên họp đã họp trước khi giao việc."),
        )
    without = [decision for decision in decisions if decision.lead_id is None]
    if without or not decisions:
        problems = [FieldProblem(str(decision.pk), N_("Kết luận chưa có cơ quan chủ trì.")) for decision in without]
        raise InvalidInput(
            N_("Chưa giao được việc."),
            subject=str(meeting),
            remedy=N_("Hãy chọn kết luận và ghi cơ quan chủ trì cho từng kết luận."),
            problems=problems or [FieldProblem("chosen", N_("Chưa chọn kết luận nào."))],
        )
    asks = [
        Ask(
            decision.text_vi,
            str(decision.pk),
            decision.lead_id,
            [row.institution_id for row in decision.coordinating_rows.order_by("position")],
            decision.due,
            decision.product,
            {"text_en": decision.text_en, "given_on": meeting.day, "giver": meeting.chair[:200]},
        )
        for decision in decisions
    ]
    return create_tasks_from(act=act, origin=meeting, asks=asks)


def _level(classification: str) -> int:
    return CLASSIFICATIONS.index(classification) if classification in CLASSIFICATIONS else -1


def _check_partner(kind: str, partner: Any) -> None:
    if kind == "joint_committee" and not partner:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=[FieldProblem("partner_id", N_("Ủy ban hỗn hợp phải có đối tác."))],
        )


def _check_days(starts: str, ends: str) -> None:
    if starts and ends and ends < starts[: len(ends)]:
        raise InvalidInput(
            N_("Ngày kết thúc đứng trước ngày bắt đầu."),
            remedy=N_("Hãy sửa một trong hai ngày."),
            problems=[FieldProblem("ends", N_("Đứng trước ngày bắt đầu."))],
        )
