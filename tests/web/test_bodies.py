"""Do the forms of meetings and conferences do what they say, and come back when somebody else was there first?"""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.urls import reverse

from banggiao.activities.models import Attendance, Speaker
from banggiao.bodies.lines import DECISIONS, ITEMS
from banggiao.bodies.models import MeetingAttendance, MeetingDecision, MeetingItem
from banggiao.bodies.services import move_meeting
from banggiao.commitments.models import Task
from banggiao.core.lines import add_line
from banggiao.followup.data_calls.models import DataCall
from banggiao.followup.escalations.models import Escalation
from banggiao.followup.escalations.services import create_escalation, move_escalation
from tests.factories.rows import act
from tests.web.world import World

pytestmark = pytest.mark.django_db


def test_what_waits_goes_on_the_agenda(world: World, as_role: Any) -> None:
    desk, meeting = as_role("desk"), world.of("meetings")
    url = reverse("web:meeting_propose", args=[meeting.pk])
    shown = desk.get(url).content.decode()
    assert "Tính đến 12/9/2025" in shown, "a duty due between today and the meeting counts as late there"
    assert world.late.text_vi in shown and f"put-{world.late.pk}" in shown
    assert desk.post(url).status_code == 422
    assert desk.post(url, {f"put-{world.late.pk}": "yes"}).status_code == 302
    assert MeetingItem.objects.filter(meeting=meeting, subject_id=world.late.pk).count() == 1
    page = desk.get(reverse("web:record", args=["meetings", meeting.pk])).content.decode()
    assert reverse("web:record", args=["commitments", world.late.pk]) in page
    assert f"put-{world.late.pk}" not in desk.get(url).content.decode()


def test_what_a_meeting_decides_on_an_escalation_is_written_there_by_who_may(world: World, as_role: Any) -> None:
    meeting, asked = world.of("meetings"), {"question": "Có miễn thuế không?", "needed_by": "2025-09-20"}
    bodies = {"asker_id": world.other.pk, "decider_id": world.body.pk}
    one = create_escalation(act=act(), values={**asked, **bodies}, subject=world.task)
    move_escalation(act=act(), escalation=one, action="send", version=1)
    about = {"subject_type": one.record_type(), "subject_id": one.pk}
    item = add_line(act=act(), lines=ITEMS, parent=meeting, values={"title_vi": "Miễn thuế", **about})
    values = {"kind": "decision", "text_vi": "Đồng ý miễn thuế hai năm", "item_id": item.pk}
    add_line(act=act(), lines=DECISIONS, parent=meeting, values=values)
    page, form = reverse("web:record", args=["meetings", meeting.pk]), reverse("web:step", args=["escalations", one.pk, "decide"])
    assert form not in as_role("desk").get(page).content.decode(), "a secretary does not decide for the body that was asked"
    leader = as_role("leader")
    link = re.search(rf'href="({form}[^"]*)"', html.unescape(leader.get(page).content.decode()))
    assert link is not None
    filled = html.unescape(leader.get(link[1]).content.decode())
    assert "Đồng ý miễn thuế hai năm" in filled and meeting.chair in filled and meeting.code in filled
    assert Escalation.objects.get(pk=one.pk).state == "sent", "a form that is only opened decides nothing"
    sent = {"version": "2", "decision": "Đồng ý miễn thuế hai năm", "decided_by": meeting.chair, "back": page}
    assert leader.post(form, sent)["Location"] == page
    assert Escalation.objects.get(pk=one.pk).state == "decided"
    after = leader.get(page).content.decode()
    assert form not in after and one.code in after


def test_finished_minutes_offer_no_way_back_as_the_next_step_and_no_line_to_change(world: World, as_role: Any) -> None:
    desk, meeting = as_role("desk"), world.of("meetings")
    page = reverse("web:record", args=["meetings", meeting.pk])
    add, roll = (
        reverse("web:add_line", args=["meetings", meeting.pk, "decisions"]),
        reverse("web:roll_call", args=["meetings", meeting.pk]),
    )
    before = desk.get(page).content.decode()
    assert add in before and roll in before
    signed = {"minutes_number": 1, "minutes_on": meeting.day, "signer_title": "THƯ KÝ", "signer_name": "Trần Thị B"}
    move_meeting(act=act(), meeting=meeting, action="minute", version=meeting.version, values=signed)
    after = desk.get(page).content.decode()
    assert "Bước tiếp theo" not in after and "Không còn bước nào" not in after
    assert reverse("web:step", args=["meetings", meeting.pk, "reopen"]) in after, "it stands among the other steps"
    assert add not in after and roll not in after


def test_decisions_are_given_as_tasks_once(world: World, as_role: Any) -> None:
    desk, meeting = as_role("desk"), world.of("meetings")
    url, decision = reverse("web:meeting_tasks", args=[meeting.pk]), MeetingDecision.objects.get()
    assert desk.post(url).status_code == 422
    assert desk.post(url, {f"give-{decision.pk}": "yes"}).status_code == 302
    task = Task.objects.get(origin_id=meeting.pk)
    assert task.text_vi == decision.text_vi and task.lead_id == world.other.pk
    page = desk.get(reverse("web:record", args=["meetings", meeting.pk])).content.decode()
    assert task.code in page
    assert f"give-{decision.pk}" not in desk.get(url).content.decode()


def test_the_roll_is_called_on_one_form(world: World, as_role: Any) -> None:
    desk, meeting = as_role("desk"), world.of("meetings")
    url = reverse("web:roll_call", args=["meetings", meeting.pk])
    first, second = MeetingAttendance.objects.filter(meeting=meeting).order_by("pk")
    sent = {f"v-{line.pk}": "1" for line in (first, second)}
    sent |= {f"presence-{first.pk}": "present", f"presence-{second.pk}": "represented", f"represented_by-{first.pk}": ""}
    wrong = desk.post(url, sent)
    assert wrong.status_code == 422 and "Hãy ghi ai dự thay" in wrong.content.decode()
    assert desk.post(url, {**sent, f"represented_by-{second.pk}": "Vụ trưởng"}).status_code == 302
    assert "2 trên 2" in desk.get(reverse("web:record", args=["meetings", meeting.pk])).content.decode()
    stale = desk.post(url, {f"v-{first.pk}": "1", f"presence-{first.pk}": "absent"})
    assert stale.status_code == 412 and f'name="v-{first.pk}" value="2"' in stale.content.decode().replace("  ", " ")
    assert as_role("province").get(url).status_code == 403


def test_bodies_are_invited_and_asked_for_statements(world: World, as_role: Any) -> None:
    desk, visit = as_role("desk"), world.activity
    assert desk.post(reverse("web:expect", args=[visit.pk])).status_code == 422
    assert desk.post(reverse("web:expect", args=[visit.pk]), {f"body-{world.body.pk}": "yes"}).status_code == 302
    assert Attendance.objects.filter(activity=visit, institution=world.body).exists()
    url = reverse("web:call_statements", args=[visit.pk])
    sent = {"asker_id": str(world.body.pk), "deadline": "2025-12-01", f"body-{world.other.pk}": "yes"}
    assert desk.post(url, {**sent, "deadline": "mai"}).status_code == 422
    made = desk.post(url, sent)
    call = DataCall.objects.latest("pk")
    assert made["Location"] == reverse("web:record", args=["data_calls", call.pk]) and call.state == "draft"
    assert Speaker.objects.get(activity=visit, call=call).institution_id == world.other.pk
    assert desk.post(reverse("web:take_statements", args=[visit.pk])).status_code == 302


def test_a_paper_leaves_with_its_draft_mark_and_hidden_ones_do_not(world: World, as_role: Any) -> None:
    meeting, notice = world.of("meetings"), world.of("conclusion_notices")
    paper = as_role("desk").get(reverse("web:record_paper", args=["meetings", meeting.pk, "json"]))
    assert paper.status_code == 200 and b'"draft": true' in paper.content and "Rà soát" in paper.content.decode()
    assert as_role("desk").get(reverse("web:record_paper", args=["meetings", meeting.pk, "odt"])).status_code == 404
    assert as_role("desk").get(reverse("web:record_paper", args=["activities", world.activity.pk, "pdf"])).status_code == 404
    assert as_role("enterprise").get(reverse("web:record_paper", args=["meetings", meeting.pk, "pdf"])).status_code == 403
    unseen = reverse("web:record", args=["conclusion_notices", notice.pk])
    assert as_role("desk").get(unseen).status_code == 200
