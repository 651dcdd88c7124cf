"""Are due dates approved, questions put and decided, mail chosen and calendars read as the pages say, and by nobody else?"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from banggiao.accounts.models import AccessToken
from banggiao.activities.models import Activity
from banggiao.commitments.models import Task
from banggiao.core import records
from banggiao.followup.escalations.models import Escalation
from banggiao.followup.mail.models import MailChoice, OutboxMail
from banggiao.followup.models import DueDateMove
from tests.factories.rows import AT, act, activity, task
from tests.web.world import World

pytestmark = pytest.mark.django_db
Roles = Callable[..., Client]


def test_what_waits_is_listed_and_approved_where_it_is_listed(world: World, as_role: Roles) -> None:
    records.revise(world.task, act=act(), values={"lead_id": world.other.pk}, version=Task.objects.get(pk=world.task.pk).version)
    leader = as_role("leader")
    page = leader.get("/approvals").content.decode()
    assert "Đối tác đề nghị" in page and "30/10/2025" in page and f"/tasks/{world.task.pk}/due/{world.move.pk}" in page
    assert as_role("ministry").get("/approvals").status_code == 403
    done = leader.post(f"/tasks/{world.task.pk}/due/{world.move.pk}", {"approve": "yes", "next": "/approvals"}, follow=True)
    assert done.redirect_chain[-1][0] == "/approvals" and "Không có đề nghị nào chờ duyệt" in done.content.decode()
    assert DueDateMove.objects.get(pk=world.move.pk).state == "approved"
    away = leader.post(f"/tasks/{world.task.pk}/due/{world.move.pk}", {"approve": "yes", "next": "https://xau.example/"})
    assert away.status_code == 409


def test_a_step_of_the_register_decides_too(world: World, as_role: Roles) -> None:
    records.revise(world.task, act=act(), values={"lead_id": world.other.pk}, version=Task.objects.get(pk=world.task.pk).version)
    url = f"/due_date_moves/{world.move.pk}"
    assert "Không duyệt hạn mới" in as_role("leader").get(url).content.decode()
    assert as_role("desk").post(f"{url}/steps/refuse", {"version": "1"}).status_code == 403
    assert as_role("leader").post(f"{url}/steps/refuse", {"version": "1"}).status_code == 302
    assert DueDateMove.objects.get(pk=world.move.pk).state == "refused"


def test_a_question_goes_from_the_page_of_its_record_to_its_decision(world: World, as_role: Roles) -> None:
    ministry, place = as_role("ministry"), f"/tasks/{world.task.pk}"
    page = html.unescape(ministry.get(place).content.decode())
    assert "Có giữ thuế 0% không?" in page
    new = re.search(r'href="(/escalations/new\?[^"]+)"', page)
    assert new is not None and f"subject_id={world.task.code}" in new[1] and "asker_id=BO-A" in new[1]
    assert world.task.code in ministry.get(new[1]).content.decode()
    sent = {
        "subject_type": "commitments.task", "subject_id": world.task.code, "question": "Có lùi phiên họp không?",
        "needed_by": "25/9/2025", "asker_id": "BO-A", "decider_id": "BO-B",
    }  # fmt: skip
    made = ministry.post("/escalations/new", sent, follow=True)
    one = Escalation.objects.get(question="Có lùi phiên họp không?")
    assert made.redirect_chain[-1][0].startswith(f"/escalations/{one.pk}")
    assert ministry.post(f"/escalations/{one.pk}/steps/send", {"version": "1"}).status_code == 302
    leader = as_role("leader")
    assert (
        leader.post(f"/escalations/{one.pk}/steps/decide", {"version": "2", "decision": "Có", "decided_by": "A"}).status_code
        == 403
    )
    assert "Có lùi phiên họp không?" not in leader.get("/approvals").content.decode(), "it is not put to the leader's body"
    assert "/escalations/new" not in as_role("auditor").get(place).content.decode()


def test_ladders_in_force_and_how_another_is_set(world: World, as_role: Roles) -> None:
    page = as_role("auditor").get("/admin/reminders").content.decode()
    assert "Còn 7 ngày; Đến hạn; Quá hạn 7 ngày" in page and "/reminder_ladders/new" not in page
    keeper = as_role("administrator")
    sent = {"applies_to": "task", "holds_from": "15/9/2025", "rungs": "-3, 0, 10", "tells_above": "có"}
    assert keeper.post("/reminder_ladders/new", sent).status_code == 302
    page = keeper.get("/admin/reminders").content.decode()
    form = re.search(r'href="(/reminder_ladders/new\?[^"]+)"', page)
    assert form is not None
    filled = keeper.get(html.unescape(form[1])).content.decode()
    assert 'value="-7, 0, 7"' in filled and re.search(r'name="tells_above"[^>]*checked', filled)
    assert "Còn 3 ngày; Đến hạn; Quá hạn 10 ngày" in page
    wrong = keeper.post("/reminder_ladders/new", {**sent, "rungs": "mai"})
    assert wrong.status_code == 422 and "-30, -14, -7, 0, 7, 14" in wrong.content.decode()


def test_mail_is_chosen_and_what_failed_is_sent_again(world: World, as_role: Roles) -> None:
    ministry = as_role("ministry")
    wrong = ministry.post("/account/mail", {"mode": "digest", "address": "khong-phai"})
    assert wrong.status_code == 422 and 'value="khong-phai"' in wrong.content.decode()
    assert ministry.post("/account/mail", {"mode": "digest", "address": "a@bo.example"}).status_code == 302
    assert MailChoice.objects.get().mode == "digest"
    assert 'value="a@bo.example"' in ministry.get("/account/mail").content.decode()
    failed = OutboxMail.objects.create(
        user=world.users["ministry"], kind="notice", key="k", message_id="<k@x>", subject="Bang Giao: thử", body="",
        state="failed", queued_at=AT, try_after=AT, error="550 no",
    )  # fmt: skip
    keeper = as_role("administrator")
    assert "550 no" in keeper.get("/admin/mails").content.decode()
    assert keeper.post(f"/admin/mails/{failed.pk}/resend").status_code == 302
    assert OutboxMail.objects.get().state == "queued"
    assert "Bang Giao: thử" in keeper.get("/mails").content.decode()


def _made(client: Client) -> str:
    """The path of a new calendar address, as the page shows it once."""
    page = client.post("/account/feed").content.decode()
    found = re.search(r"(/feeds/[\w-]+\.ics)", page)
    assert found is not None
    assert found[1] not in client.get("/account/mail").content.decode()
    return found[1]


def _events(client: Client, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert calendar["VERSION"] == "2.0" and answer.content.count(b"\r\n") == answer.content.count(b"\n")
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_a_calendar_programme_reads_the_dates_of_its_user(world: World, as_role: Roles) -> None:
    secret = task(text_vi="Việc nội bộ", lead_id=world.body.pk, owner=world.body.pk, deadline="2025-10-20")
    drill = task(text_vi="Bài tập", lead_id=world.body.pk, deadline="2025-10-21", exercise=True, classification="public")
    visit = activity(start="2025-10-01", end="2025-10-03", owner=world.body.pk, classification="public")
    cancelled = activity(start="2025-10-05", owner=world.body.pk)
    records.revise(Activity.objects.get(pk=cancelled.pk), act=act(), values={"status": "cancelled"}, version=1)
    vague = task(lead_id=world.body.pk, deadline="2025-10")
    path, outside = _made(as_role("ministry")), Client()
    events = _events(outside, path)
    for gone in (cancelled, vague, world.hidden):
        assert f"{gone.pk}@banggiao" not in events
    due = events[f"{world.task.pk}@banggiao"]
    assert due["DTSTART"].dt == date(2025, 9, 1) and due["DTEND"].dt == date(2025, 9, 2)
    assert str(due["SUMMARY"]) == f"Hạn: Nhiệm vụ: {world.task.code} {world.task.text_vi}"
    assert str(due["URL"]).endswith(f"/tasks/{world.task.pk}") and due["TRANSP"] == "TRANSPARENT"
    private = events[f"{secret.pk}@banggiao"]
    assert str(private["SUMMARY"]) == f"Hạn: Nhiệm vụ: {secret.code}" and private["CLASS"] == "PRIVATE"
    assert str(events[f"{drill.pk}@banggiao"]["SUMMARY"]).startswith("[DIỄN TẬP] ")
    held = events[f"{visit.pk}@banggiao"]
    assert (held["DTSTART"].dt, held["DTEND"].dt) == (date(2025, 10, 1), date(2025, 10, 4))
    assert outside.get(path).content == outside.get(path).content, "the same bytes"
    records.revise(secret, act=act(), values={"current_due": "2025-10-22"}, version=1)
    moved = _events(outside, path)[f"{secret.pk}@banggiao"]
    assert moved["DTSTART"].dt == date(2025, 10, 22) and moved["SEQUENCE"] == private["SEQUENCE"] + 1
    assert outside.post(path).status_code == 405


def test_hostile_names_and_days_stay_in_their_line_of_a_calendar(world: World, as_role: Roles) -> None:
    name = "Đoàn; <b>A</b>, " + "ề" * 200 + "\nBEGIN:VALARM\r\nX"
    endless = activity(name_vi=name, start="2025-10-01", end="9999-12-31", owner=world.body.pk, classification="public")
    path = _made(as_role("ministry"))
    events = _events(Client(), path)
    found = events[f"{endless.pk}@banggiao"]
    assert str(found["SUMMARY"]).endswith(f"{name.split(chr(10))[0]} BEGIN:VALARM X") and not found.walk("VALARM")
    assert found["DTSTART"].dt == date(2025, 10, 1) and found["DTEND"].dt == date(9999, 12, 31)
    assert max(map(len, Client().get(path).content.split(b"\r\n"))) <= 75, "folded by bytes (RFC 5545, 3.1)"


def test_a_calendar_address_opens_nothing_else_and_ends(
    world: World, as_role: Roles, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    ministry, outside = as_role("ministry"), Client()
    first = _made(ministry)
    key = first.removeprefix("/feeds/").removesuffix(".ics")
    assert key not in str(list(AccessToken.objects.values())), "only its digest is kept"
    assert outside.get("/api/questions/tasks", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    page = ministry.post("/account/tokens", {"label": "API", "scope": "read", "days": "9"}).content.decode()
    api = re.search(r"bg_[\w-]{20,}", page)
    assert api is not None and outside.get(f"/feeds/{api[0]}.ics").status_code == 404
    assert outside.get(f"/feeds/{key[:-1]}.ics").status_code == 404
    second = _made(ministry)
    assert (outside.get(first).status_code, outside.get(second).status_code) == (404, 200), "the new one takes its place"
    with monkeypatch.context() as enclave:
        enclave.setattr("banggiao.core.installation.installed_level", lambda: "enclave")
        assert outside.get(second).status_code == 422
        assert ministry.post("/account/feed").status_code == 422
    token = AccessToken.objects.get(scope="calendar", revoked_at=None)
    assert as_role("desk").post(f"/account/feed/{token.pk}/revoke").status_code == 404
    assert ministry.post(f"/account/feed/{token.pk}/revoke").status_code == 302
    assert outside.get(second).status_code == 404
