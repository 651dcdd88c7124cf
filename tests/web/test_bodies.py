"""Do the forms of meetings and conferences do what they say, and come back when somebody else was there first?"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from banggiao.activities.models import Attendance, Speaker
from banggiao.bodies.models import MeetingAttendance, MeetingDecision, MeetingItem
from banggiao.commitments.models import Task
from banggiao.followup.data_calls.models import DataCall
from tests.web.world import World

pytestmark = pytest.mark.django_db


def test_what_waits_goes_on_the_agenda(world: World, as_role: Any) -> None:
    desk, meeting = as_role("desk"), world.of("meetings")
    url = reverse("web:meeting_propose", args=[meeting.pk])
    html = desk.get(url).content.decode()
    assert world.late.text_vi in html and f"put-{world.late.pk}" in html
    assert desk.post(url).status_code == 422
    assert desk.post(url, {f"put-{world.late.pk}": "yes"}).status_code == 302
    assert MeetingItem.objects.filter(meeting=meeting, subject_id=world.late.pk).count() == 1
    page = desk.get(reverse("web:record", args=["meetings", meeting.pk])).content.decode()
    assert reverse("web:record", args=["commitments", world.late.pk]) in page
    assert f"put-{world.late.pk}" not in desk.get(url).content.decode()


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
