"""Can an administrator keep the installation from the pages, and can nobody else?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from banggiao.accounts.models import AccessToken, RoleHeld, User
from banggiao.accounts.permissions import PERMISSIONS
from banggiao.accounts.questions import viewer_of
from banggiao.accounts.services import give_role, invite_user
from banggiao.commitments.models import Task
from banggiao.core.calendar import CalendarException, WorkingCalendar
from banggiao.core.jobs.models import Job, Schedule
from banggiao.core.ledger import LedgerEntry, entries_of, verify
from banggiao.followup.services import move_work
from tests.conftest import NOW
from tests.factories.rows import AT, SIX, act, institution, task, user
from tests.web.world import PUBLIC, World

pytestmark = pytest.mark.django_db
AsRole = Callable[..., Client]
GOOD = "con ngua khoe 2025"


def words(response: Any) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def one_time(response: Any) -> str:
    found = re.search(r">([a-z2-9]{5}(?:-[a-z2-9]{5}){3})<", response.content.decode())
    assert found, words(response)
    return found.group(1)


def sign_in(username: str, password: str) -> tuple[Client, Any]:
    client = Client()
    return client, client.post(reverse("web:sign_in"), {"username": username, "password": password})


# --- Accounts ---------------------------------------------------------------------------------------------------------


def test_a_new_user_comes_in_with_a_password_that_opens_one_page(world: World, as_role: AsRole) -> None:
    form = {
        "name": "Phạm Thị Mới",
        "username": "pham.moi",
        "role": "ministry",
        "institution_id": str(world.body.pk),
        "language": "vi",
    }
    made = as_role("administrator").post(reverse("web:add_user"), form)
    password = one_time(made)
    assert made.status_code == 200 and made["Cache-Control"] == "private, no-store"
    client, entered = sign_in("pham.moi", password)
    assert entered.status_code == 302 and entered["Location"] == reverse("web:first_sign_in")
    assert client.get("/tasks").status_code == 302  # not signed in yet
    assert "Chọn mật khẩu của bạn" in words(client.get(reverse("web:first_sign_in")))
    for wrong in (
        {"password": GOOD, "again": "khác"},
        {"password": "ngan", "again": "ngan"},
        {"password": password, "again": password},
    ):
        assert client.post(reverse("web:first_sign_in"), wrong).status_code == 422
    chosen = client.post(reverse("web:first_sign_in"), {"password": GOOD, "again": GOOD})
    assert chosen.status_code == 302 and client.get("/tasks").status_code == 200
    assert sign_in("pham.moi", password)[1].status_code == 422  # used up
    again = as_role("administrator").post(reverse("web:add_user"), form)
    assert again.status_code == 422 and "đã có người dùng" in words(again)
    assert list(verify()) == []


def test_a_one_time_password_runs_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _made, password = invite_user(act=act(), username="cham", name="Chậm", institution_id=world.body.pk, role="desk")
    client, _entered = sign_in("cham", password)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=73))
    assert "hết hạn" in words(sign_in("cham", password)[1])
    assert client.get(reverse("web:first_sign_in"))["Location"] == reverse("web:sign_in")
    assert client.post(reverse("web:first_sign_in"), {"password": GOOD, "again": GOOD}).status_code == 302
    assert not client.session.get("_auth_user_id")


def test_the_first_sign_in_page_opens_for_nobody_else(world: World) -> None:
    for method in ("get", "post"):
        assert getattr(Client(), method)(reverse("web:first_sign_in"))["Location"] == reverse("web:sign_in")


def test_a_lost_password_is_reset_and_open_sessions_end(world: World, as_role: AsRole) -> None:
    desk = as_role("desk")
    desk.force_login(User.objects.get(pk=world.users["desk"].pk), backend="banggiao.accounts.backend.AccountBackend")
    answer = as_role("administrator").post(reverse("web:reset_password", args=[world.users["desk"].pk]))
    assert one_time(answer)
    assert desk.get("/")["Location"].startswith("/sign-in")


def test_an_account_goes_out_of_use_and_back(world: World, as_role: AsRole) -> None:
    url, who = reverse("web:switch_user", args=[world.users["desk"].pk]), world.users["desk"]
    admin, desk = as_role("administrator"), as_role("desk")
    assert desk.get("/").status_code == 200
    assert admin.post(url, {"active": "no", "version": who.version}).status_code == 302
    assert desk.get("/")["Location"].startswith("/sign-in")
    assert admin.post(url, {"active": "yes", "version": who.version}).status_code == 412
    assert admin.post(url, {"active": "yes", "version": who.version + 1}).status_code == 302
    own = world.users["administrator"]
    refused = admin.post(reverse("web:switch_user", args=[own.pk]), {"active": "no", "version": own.version})
    assert refused.status_code == 422 and User.objects.get(pk=own.pk).is_active


def test_a_role_is_given_and_ended_from_the_page_of_a_user(world: World, as_role: AsRole) -> None:
    admin, who = as_role("administrator"), user("moi")
    give = {
        "role": "verifier",
        "institution_id": str(world.other.pk),
        "held_from": "2025-09-15",
        "held_until": "",
        "reason": "QĐ 1",
    }
    assert admin.post(reverse("web:give_role", args=[who.pk]), give).status_code == 302
    held = RoleHeld.objects.get(user=who)
    assert viewer_of(who, today=AT.date()).roles == {"verifier"} and entries_of(held.pk)[0].reason == "QĐ 1"
    for bad in (
        {**give, "role": "king"},
        {**give, "institution_id": "x"},
        {**give, "held_from": "hôm nay"},
        {**give, "role": "verifier"},
    ):
        assert admin.post(reverse("web:give_role", args=[who.pk]), bad).status_code == 422
    assert "Kết thúc vai trò" in words(admin.get(f"/roles_held/{held.pk}"))
    assert admin.post(reverse("web:end_role", args=[held.pk]), {"on": "2025-09-01"}).status_code == 422
    assert admin.post(reverse("web:end_role", args=[held.pk]), {"on": "2025-09-20"}).status_code == 302
    page = words(admin.get(f"/users/{who.pk}"))
    assert "Người thẩm tra" in page and "20/9/2025" in page
    last = RoleHeld.objects.get(user=world.users["administrator"])
    assert admin.post(reverse("web:end_role", args=[last.pk]), {"on": "2025-09-20"}).status_code == 409


@pytest.mark.parametrize("role", PERMISSIONS)
def test_nobody_but_an_administrator_writes(role: str, world: World, as_role: AsRole) -> None:
    if role == "administrator":
        return
    client, before = as_role(role), LedgerEntry.objects.count()
    who = world.users["enterprise"]
    job = Job.objects.create(task="x", enqueued_at=AT, run_after=AT, state="DEAD")
    Schedule.objects.create(name="remind", task="x", every_minutes=60, next_at=AT)
    day = CalendarException.objects.create(day=AT.date(), works=False, decision="QĐ")
    tries = [
        ("add_user", [], {"name": "A", "username": "a", "role": "desk", "institution_id": str(world.body.pk)}),
        ("give_role", [who.pk], {"role": "leader", "institution_id": str(world.body.pk), "held_from": "2025-09-15"}),
        ("end_role", [world.of("roles_held").pk], {"on": "2025-09-20"}),
        ("reset_password", [who.pk], {}),
        ("switch_user", [who.pk], {"active": "no", "version": "1"}),
        ("hand_over", [who.pk], {"to": str(who.pk), "reason": "x", "expected": "0"}),
        ("end_delegation", [world.of("roles_held").pk], {}),
        ("calendar", [], {"calendar": "VNM", "day": "2025-12-24", "works": "no", "decision": "x"}),
        ("calendar_remove", [day.pk], {}),
        ("resend_job", [job.pk], {}),
        ("switch_schedule", ["remind"], {"active": "no"}),
        ("edit", ["users", who.pk], {"name": "X", "version": "1"}),
    ]
    for name, args, form in tries:
        assert client.post(reverse(f"web:{name}", args=args), form).status_code == 403, name
    assert LedgerEntry.objects.count() == before and Schedule.objects.get().active


@pytest.mark.parametrize("role", PERMISSIONS)
def test_the_menu_holds_what_the_reader_may_open(role: str, world: World, as_role: AsRole) -> None:
    client = as_role(role)
    html = client.get("/").content.decode()
    links = re.findall(r'<a[^>]* href="([^"]+)"', html[html.index("<nav") : html.index("</nav>")])
    assert {url: client.get(unescape(url)).status_code for url in links} == dict.fromkeys(links, 200)
    assert ("/users" in links) is ("accounts.view" in PERMISSIONS[role])


# --- One's own account -------------------------------------------------------------------------------------------------


def test_one_changes_ones_password_knowing_the_old_one(world: World, as_role: AsRole) -> None:
    made, first = invite_user(act=act(), username="a.b", name="A B", institution_id=world.body.pk, role="desk")
    client, _entered = sign_in("a.b", first)
    client.post(reverse("web:first_sign_in"), {"password": GOOD, "again": GOOD})
    url = reverse("web:password")
    for wrong in (
        {"old": "sai", "password": "mat khau moi 99", "again": "mat khau moi 99"},
        {"old": GOOD, "password": "mat khau moi 99", "again": "khac"},
        {"old": GOOD, "password": "ngan", "again": "ngan"},
    ):
        answer = client.post(url, wrong)
        assert answer.status_code == 422 and "mat khau moi 99" not in answer.content.decode()
    other, _again = sign_in("a.b", GOOD)
    assert client.post(url, {"old": GOOD, "password": "mat khau moi 99", "again": "mat khau moi 99"}).status_code == 302
    assert client.get("/").status_code == 200 and other.get("/").status_code == 302
    assert User.objects.get(pk=made.pk).check_password("mat khau moi 99")


def test_a_token_is_shown_once_and_revoked(world: World, as_role: AsRole) -> None:
    client, url = as_role("desk"), reverse("web:tokens")
    made = client.post(url, {"label": "máy tính", "scope": "read", "days": "30"})
    secret = re.search(r"bg_[\w-]{40,}", made.content.decode())
    assert made.status_code == 200 and secret
    token = AccessToken.objects.get()
    assert not token.may_write and token.user == world.users["desk"]
    assert secret.group() not in client.get(url).content.decode()
    assert Client().get("/api/questions", headers={"Authorization": f"Bearer {secret.group()}"}).status_code == 200
    for wrong in ({"label": "", "days": "30"}, {"label": "x", "days": "999"}, {"label": "x", "days": "mai"}):
        assert client.post(url, wrong).status_code == 422
    assert as_role("leader").post(reverse("web:revoke_token", args=[token.pk])).status_code == 404
    assert client.post(reverse("web:revoke_token", args=[token.pk])).status_code == 302
    assert Client().get("/api/questions", headers={"Authorization": f"Bearer {secret.group()}"}).status_code == 401


def test_a_role_is_delegated_and_the_frame_says_for_whom(world: World, as_role: AsRole) -> None:
    leader, desk = as_role("leader"), as_role("desk")
    held = RoleHeld.objects.get(user=world.users["leader"])
    form = {
        "held": str(held.pk),
        "to": str(world.users["desk"].pk),
        "start": "2025-09-15",
        "end": "2025-09-20",
        "reason": "nghỉ phép",
    }
    for bad in ({**form, "to": "x"}, {**form, "end": "2025-09-01"}, {**form, "reason": ""}, {**form, "held": str(world.task.pk)}):
        answer = leader.post(reverse("web:delegate"), bad)
        assert answer.status_code == 422
    stranger = user("la", role="desk", body=institution("BO-XA"))
    assert leader.post(reverse("web:delegate"), {**form, "to": str(stranger.pk)}).status_code == 422
    assert leader.post(reverse("web:delegate"), form).status_code == 302
    assert f"thay mặt {world.users['leader'].name}" in words(desk.get("/"))
    given = RoleHeld.objects.get(delegated_by=world.users["leader"])
    assert "nghỉ phép" in entries_of(given.pk)[0].reason
    assert as_role("ministry").post(reverse("web:undelegate", args=[given.pk])).status_code == 404
    assert desk.post(reverse("web:undelegate", args=[given.pk])).status_code == 302
    assert "thay mặt" not in words(desk.get("/"))


# --- Handing over -----------------------------------------------------------------------------------------------------


def test_a_portfolio_passes_to_a_successor_all_at_once(world: World, as_role: AsRole) -> None:
    admin = as_role("administrator")
    leaving, coming = (
        user("a", name=SIX["person_in_charge"], role="ministry", body=world.body),
        user("b", role="desk", body=world.body),
    )
    mine = Task.objects.filter(person_in_charge=leaving.name, lead=world.body).count()
    theirs = Task.objects.filter(person_in_charge=leaving.name, lead=world.other).count()
    url = reverse("web:hand_over", args=[leaving.pk])
    shown = words(admin.get(url))
    assert f"nhiệm vụ: {mine}" in shown and theirs
    expected = re.search(r'name="expected" value="(\d+)"', admin.get(url).content.decode())
    assert expected
    form = {"to": str(coming.pk), "reason": "chuyển công tác", "expected": expected.group(1)}
    for bad, status in (
        ({**form, "reason": ""}, 422),
        ({**form, "to": str(leaving.pk)}, 422),
        ({**form, "expected": "99"}, 409),
        ({**form, "to": str(user("c", role="desk", body=world.other).pk)}, 422),
    ):
        assert admin.post(url, bad).status_code == status
    assert not Task.objects.filter(person_in_charge=coming.name).exists()
    assert admin.post(url, form).status_code == 302
    assert Task.objects.filter(person_in_charge=coming.name, lead=world.body).count() == mine
    assert Task.objects.filter(person_in_charge=leaving.name, lead=world.other).count() == theirs
    entry = entries_of(world.task.pk).last()
    assert entry is not None and entry.action == "hand over" and "chuyển công tác" in entry.reason
    assert admin.post(url, {**form, "expected": "0"}).status_code == 422  # nothing left
    assert list(verify()) == []


def test_a_name_borne_by_two_is_no_portfolio(world: World, as_role: AsRole) -> None:
    name = SIX["person_in_charge"]
    first, _second = (user(u, name=name, role="ministry", body=world.body) for u in ("a", "b"))
    coming = user("c", role="desk", body=world.body)
    url = reverse("web:hand_over", args=[first.pk])
    expected = re.search(r'name="expected" value="(\d+)"', as_role("administrator").get(url).content.decode())
    assert expected
    answer = as_role("administrator").post(url, {"to": str(coming.pk), "reason": "x", "expected": expected.group(1)})
    assert answer.status_code == 422 and "cùng họ tên" in words(answer)


# --- Calendar, jobs, lists, ledger ------------------------------------------------------------------------------------


def test_a_swapped_day_counts_until_it_is_removed(world: World, as_role: AsRole) -> None:
    admin, url = as_role("administrator"), reverse("web:calendar")
    form = {"calendar": "VNM", "day": "2025-12-24", "works": "no", "decision": "QĐ 5/2025"}
    for bad in ({**form, "decision": " "}, {**form, "works": "yes"}, {**form, "day": "24/12"}):
        assert admin.post(url, bad).status_code == 422
    assert admin.post(url, form).status_code == 302
    found = CalendarException.objects.get()
    assert not WorkingCalendar().is_working_day(found.day) and "QĐ 5/2025" in words(admin.get(url + "?year=2025"))
    assert admin.post(reverse("web:calendar_remove", args=[found.pk])).status_code == 302
    assert WorkingCalendar().is_working_day(found.day)
    assert [e.action for e in entries_of(found.pk)] == ["set", "remove"]
    assert admin.post(reverse("web:calendar_remove", args=[found.pk])).status_code == 404


def test_a_dead_job_is_sent_again_and_a_schedule_switched_off(world: World, as_role: AsRole) -> None:
    admin = as_role("administrator")
    dead = Job.objects.create(task="x.y", enqueued_at=AT, run_after=AT, state="DEAD", attempts=5, error="Traceback\n<b>hỏng</b>")
    Schedule.objects.create(name="remind", task="x.remind_leads", every_minutes=60, next_at=AT)
    page = admin.get(reverse("web:jobs"))
    assert "<b>hỏng" not in page.content.decode() and "<b>hỏng</b>" in words(page) + unescape(page.content.decode())
    assert "Nhắc cơ quan chủ trì về hạn" in words(page) and "mỗi 1 giờ" in words(page)
    assert admin.post(reverse("web:resend_job", args=[dead.pk])).status_code == 302
    assert Job.objects.get(pk=dead.pk).state == "READY" and entries_of(dead.pk)[0].action == "resend"
    assert admin.post(reverse("web:resend_job", args=[dead.pk])).status_code == 404
    assert admin.post(reverse("web:switch_schedule", args=["remind"]), {"active": "no"}).status_code == 302
    assert not Schedule.objects.get().active
    assert admin.post(reverse("web:switch_schedule", args=["khac"]), {"active": "no"}).status_code == 404


def test_the_closed_lists_are_read_by_anybody_and_unknown_ones_are_not_there(world: World, as_role: AsRole) -> None:
    client = as_role("enterprise")
    assert "Người thẩm tra" in words(client.get(reverse("web:vocabulary", args=["role"])))
    assert client.get(reverse("web:vocabulary", args=["khong-co"])).status_code == 404


def test_everybody_reads_the_ledger_of_what_they_see(world: World, as_role: AsRole) -> None:
    secret = "Việc nội bộ của cơ quan khác"
    assert secret in words(as_role("auditor").get(f"/ledger?record={world.hidden.pk}"))
    assert secret not in words(as_role("ministry").get(f"/ledger?record={world.hidden.pk}"))
    assert "trong" not in words(as_role("ministry").get(f"/ledger?record={world.hidden.pk}")).split("Nhật ký")[-1][:200]
    # Who keeps the accounts reads that something was done, not to what.
    told = words(as_role("administrator").get(f"/ledger?record={world.hidden.pk}"))
    assert secret not in told and "(ngoài quyền xem)" in told
    assert "Rà soát thỏa thuận" in words(as_role("ministry").get(f"/ledger?record={world.task.pk}"))
    assert as_role("enterprise").get("/ledger").status_code == 403


@pytest.mark.parametrize("role", ["auditor", "ministry"])
def test_a_broken_chain_is_found_by_whoever_checks(role: str, world: World, as_role: AsRole) -> None:
    client, url = as_role(role), reverse("web:verify_ledger")
    assert "nguyên vẹn" in words(client.post(url, {"record": str(world.task.pk)}, follow=True))
    assert "nguyên vẹn" in words(client.post(url, follow=True))
    LedgerEntry.objects.filter(record_id=world.task.pk, sequence=1).update(reason="sửa lén")
    assert "CẢNH BÁO" in words(client.post(url, {"record": str(world.task.pk)}, follow=True))
    assert "nguyên vẹn" in words(client.post(url, {"record": str(world.barrier.pk)}, follow=True))


def test_hostile_names_are_only_names(world: World, as_role: AsRole) -> None:
    bad = "<script>alert(1)</script>"
    made, _password = invite_user(act=act(), username="x", name=bad, institution_id=world.body.pk, role="desk")
    give_role(act=act(), user=made, role="verifier", institution_id=world.other.pk, held_from=AT.date())
    duty = task(text_vi=bad, lead_id=world.body.pk, deadline="2025-09-01", **SIX, **PUBLIC)
    move_work(act=act(), record=duty, action="assign", version=duty.version)
    admin = as_role("administrator")
    for url in ("/users", f"/users/{made.pk}", "/roles_held", "/ledger", reverse("web:hand_over", args=[made.pk]), "/"):
        html = admin.get(url).content.decode()
        assert "<script>alert" not in html, url
