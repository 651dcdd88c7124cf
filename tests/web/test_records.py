"""Do record pages keep what is typed, refuse what is stale, hide what is hidden, and take the steps of the tables?"""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from banggiao.commitments.models import Task
from banggiao.core.ledger import LedgerEntry, entries_of
from banggiao.followup.models import DueDateMove, Evidence, ProgressUpdate
from tests.web.world import World

pytestmark = pytest.mark.django_db
#: The token against forged requests, which is another on every page.
TOKEN = re.compile(r"\b[A-Za-z0-9]{64}\b")


def body(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_hidden_reads_as_what_does_not_exist(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("ministry")
    for tail in ("", "/edit", "/progress", "/steps/start"):
        answers = [client.get(f"/tasks/{key}{tail}") for key in (world.hidden.pk, uuid4())]
        assert [a.status_code for a in answers] == [404, 404], tail
        pages = [TOKEN.sub("", a.content.decode().replace(str(a.wsgi_request.path), "")) for a in answers]
        assert pages[0] == pages[1], tail
    assert "Việc nội bộ" not in body(client, "/tasks") + body(client, "/search?q=viec+noi+bo")
    assert as_role("desk").get(f"/tasks/{world.hidden.pk}").status_code == 200


def test_an_edit_is_saved_with_its_history(world: World, as_role: Callable[..., Client]) -> None:
    client, url = as_role("desk"), f"/activities/{world.activity.pk}"
    answer = client.post(f"{url}/edit", {"version": "1", "name_vi": "Thăm cấp Nhà nước", "place": "Huế"}, follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain == [(url, 302)] and "Thăm cấp Nhà nước" in html and "Đã lưu." in html
    assert "Cán bộ user.desk" in html and "nguyên vẹn" in html
    assert entries_of(world.activity.pk).count() == 2


def test_a_concurrent_edit_shows_the_difference_and_keeps_what_was_typed(world: World, as_role: Callable[..., Client]) -> None:
    first, second, url = as_role("desk"), as_role("desk"), f"/activities/{world.activity.pk}/edit"
    seen = {"version": "1", "name_vi": world.activity.name_vi, "place": ""}
    assert first.post(url, {**seen, "place": "Đà Nẵng"}).status_code == 302
    answer = second.post(url, {**seen, "name_vi": "Tên <mới>"})
    html = answer.content.decode()
    assert answer.status_code == 412
    assert "Tên &lt;mới&gt;" in html and "Có người đã sửa bản ghi này" in html
    # What the other wrote stands in the form where nothing was typed, so that saving again takes nothing back.
    assert 'value="Đà Nẵng"' in html and 'name="version" value="2"' in html
    assert second.post(url, {"version": "2", "name_vi": "Tên <mới>", "place": "Đà Nẵng"}).status_code == 302
    world.activity.refresh_from_db()
    assert (world.activity.name_vi, world.activity.place, world.activity.version) == ("Tên <mới>", "Đà Nẵng", 3)


def test_a_write_without_version_is_refused(world: World, as_role: Callable[..., Client]) -> None:
    answer = as_role("desk").post(f"/activities/{world.activity.pk}/edit", {"name_vi": "Khác"})
    assert answer.status_code == 428 and "Thiếu phiên bản" in answer.content.decode()


def test_a_wrong_value_comes_back_with_its_field(world: World, as_role: Callable[..., Client]) -> None:
    sent = {"version": "1", "name_vi": "Tên đã gõ", "start": "ngày 3"}
    answer = as_role("desk").post(f"/activities/{world.activity.pk}/edit", sent)
    html = answer.content.decode()
    assert answer.status_code == 422 and 'id="field-start-errors"' in html and "Tên đã gõ" in html and 'value="ngày 3"' in html
    assert entries_of(world.activity.pk).count() == 1


def test_a_step_asks_for_what_it_needs_and_is_taken(world: World, as_role: Callable[..., Client]) -> None:
    client, url = as_role("desk"), f"/tasks/{world.task.pk}"
    assert "Bước tiếp theo: Báo hoàn thành" in body(client, url)
    step = f"{url}/steps/complete"
    short = client.post(step, {"version": str(world.task.version)})
    assert short.status_code == 422 and "Ngày hoàn thành" in short.content.decode()
    done = client.post(step, {"version": str(world.task.version), "done_on": "2025-09-14", "reason": "Theo báo cáo"}, follow=True)
    assert "Đã ghi nhận: Báo hoàn thành." in done.content.decode() and "Theo báo cáo" in done.content.decode()
    world.task.refresh_from_db()
    assert (world.task.work_state, world.task.done_on) == ("done", "2025-09-14")
    again = client.post(step, {"version": str(world.task.version), "done_on": "2025-09-14"})
    assert again.status_code == 409


def test_a_stale_step_is_refused(world: World, as_role: Callable[..., Client]) -> None:
    answer = as_role("desk").post(f"/tasks/{world.task.pk}/steps/pause", {"version": "1", "reason": "Chờ ngân sách"})
    assert answer.status_code == 412 and "Chờ ngân sách" in answer.content.decode()
    world.task.refresh_from_db()
    assert world.task.work_state == "active"


def test_what_is_missing_stands_on_the_page(world: World, as_role: Callable[..., Client]) -> None:
    html = body(as_role("desk"), f"/tasks/{Task.objects.get(text_vi='Lập kế hoạch xúc tiến').pk}")
    for word in ("Bước tiếp theo: Giao việc", "Rõ người", "Rõ trách nhiệm", "Rõ sản phẩm", "Rõ thẩm quyền"):
        assert word in html
    assert "bước này do người có quyền thực hiện" in body(as_role("enterprise"), f"/commitments/{world.commitment.pk}")


def test_following_a_task(world: World, as_role: Callable[..., Client]) -> None:
    client, url = as_role("ministry"), f"/tasks/{world.task.pk}"
    bad = client.post(f"{url}/progress", {"day": "2025-09-15", "text": "Đã gửi dự thảo", "claimed": "140"})
    assert bad.status_code == 422 and "Đã gửi dự thảo" in bad.content.decode()
    sent = {"day": "2025-09-15", "text": "Đã gửi dự thảo", "claimed": "40", "difficulty": "FUNDING"}
    assert client.post(f"{url}/progress", sent).status_code == 302
    latest = ProgressUpdate.objects.filter(subject_id=world.task.pk).order_by("-id").first()
    assert latest is not None and (latest.text, float(latest.claimed or 0), latest.difficulty) == (
        "Đã gửi dự thảo",
        0.4,
        "FUNDING",
    )
    assert client.post(f"{url}/evidence", {"day": "2025-09-15", "description": " ", "grade": "2"}).status_code == 422
    assert client.post(f"{url}/evidence", {"day": "2025-09-15", "description": "Biên bản họp", "grade": "3"}).status_code == 302
    assert Evidence.objects.get(description="Biên bản họp").grade == 3
    html = body(client, url)
    assert "tự báo đạt 40" in html and "Biên bản họp" in html and "Công văn 12/BA" in html
    assert client.post(f"/activities/{world.activity.pk}/progress", sent).status_code == 404


def test_a_later_due_date_needs_a_reason_and_somebody_above(world: World, as_role: Callable[..., Client]) -> None:
    url = f"/commitments/{world.late.pk}"
    sent = {"version": str(world.late.version), "to": "2025-12-31"}
    ministry = as_role("desk")
    assert ministry.post(f"{url}/due", sent).status_code == 422
    assert ministry.post(f"{url}/due", {**sent, "reason": "Đối tác đề nghị"}).status_code == 302
    move = DueDateMove.objects.get(subject_id=world.late.pk)
    decide = f"{url}/due/{move.pk}"
    assert ministry.post(decide, {"approve": "yes"}).status_code == 403
    leader = as_role("leader")
    assert "Duyệt hạn 31/12/2025" in body(leader, url)
    assert leader.post(decide, {"approve": "yes"}).status_code == 302
    world.late.refresh_from_db()
    assert (world.late.first_due, world.late.current_due) == ("2025-08-01", "2025-12-31")
    assert leader.post(f"{url}/due/{uuid4()}", {"approve": "yes"}).status_code == 404
    # The institution that leads the task does not approve its own delay.
    assert leader.post(f"/tasks/{world.task.pk}/due/{world.move.pk}", {"approve": "yes"}).status_code == 409


def test_enterprises_do_not_see_who_wrote_what(world: World, as_role: Callable[..., Client]) -> None:
    url = f"/commitments/{world.commitment.pk}"
    assert 'id="history"' in body(as_role("auditor"), url) and 'id="history"' not in body(as_role("enterprise"), url)


def test_a_broken_chain_is_said(world: World, as_role: Callable[..., Client]) -> None:
    LedgerEntry.objects.filter(record_id=world.barrier.pk).update(reason="sửa lén")
    assert "KHÔNG khớp" in body(as_role("auditor"), f"/barriers/{world.barrier.pk}")


def test_citations_lead_to_the_place_in_the_text(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    place = re.search(r'href="(/documents/[^"#]+)#(w-[^"]+)"', body(client, f"/agreements/{world.agreement.pk}"))
    assert place and f'id="{place.group(2)}"' in body(client, place.group(1))


def test_a_record_may_be_asked_for_by_its_code(world: World, as_role: Callable[..., Client]) -> None:
    assert as_role("desk").get(f"/tasks/{world.task.code}").status_code == 200
