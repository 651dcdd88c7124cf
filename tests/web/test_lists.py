"""Do lists walk every record once, keep their filters in the address, and leave as files with what they rest on?"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from banggiao.accounts.keeping import LastVisit, SavedView
from banggiao.core.ledger import LedgerEntry
from banggiao.followup.services import move_due_date
from tests.factories.rows import AT, act, barrier
from tests.web.world import World

pytestmark = pytest.mark.django_db


def test_pages_of_a_list_hold_every_record_once(world: World, as_role: Callable[..., Client]) -> None:
    for n in range(90):
        barrier(name_vi=f"Rào cản số {n}", start=f"2025-0{n % 9 + 1}-01")
    client, url, seen = as_role("desk"), "/barriers", []
    while url:
        html = client.get(url).content.decode()
        seen += re.findall(r'href="/barriers/([0-9a-f-]{36})"', html)
        assert "trong 91 bản ghi" in html
        following = re.search(r'rel="next" href="([^"]+)"', html)
        url = following.group(1).replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 91


def test_filters_stand_in_the_address_and_as_chips(world: World, as_role: Callable[..., Client]) -> None:
    html = as_role("desk").get("/agreements?partner=XAA&kind=mou&period=2025-H1").content.decode()
    assert "Đối tác: Vương quốc X" in html and "Kỳ: 6 tháng đầu năm 2025" in html
    assert 'href="/agreements?kind=mou&amp;partner=XAA"' in html.replace("partner=XAA&amp;kind=mou", "kind=mou&amp;partner=XAA")
    assert '<option value="XAA" selected>' in html and "1 trong 1 bản ghi" in html


def test_a_parameter_that_names_a_record_says_its_title(world: World, as_role: Callable[..., Client]) -> None:
    html = as_role("desk").get(f"/tasks?activity={world.activity.pk}").content.decode()
    assert "Hoạt động: Thăm chính thức" in html and f'name="activity" value="{world.activity.pk}"' in html
    outsider = as_role("enterprise").get(f"/facts_to_check?document={world.document.pk}")
    assert outsider.status_code == 403


@pytest.mark.parametrize(
    "query", ["kind=khong", "period=hom+qua", "overdue_on=mai", "order=la", "after=xyz", "partner=%F0%9F%98%80", "activity=1"]
)
def test_a_bad_filter_says_what_to_do(query: str, world: World, as_role: Callable[..., Client]) -> None:
    answer = as_role("desk").get(f"/tasks?{query}")
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        assert "Cần làm:" in answer.content.decode()
    again = as_role("desk").get(f"/tasks?{query}", headers={"HX-Request": "true"})
    assert (again.headers.get("HX-Retarget") == "#main") == (answer.status_code == 422)


def test_an_empty_list_says_what_to_do_next(world: World, as_role: Callable[..., Client]) -> None:
    html = as_role("desk").get("/barriers?q=khong+co+gi").content.decode()
    assert "Không có bản ghi nào khớp" in html and 'href="/barriers"' in html and "/barriers/export/" not in html


def test_exports_are_the_list_and_are_written_down(world: World, as_role: Callable[..., Client]) -> None:
    client, query = as_role("desk"), "?overdue_on=2025-09-15"
    answer = client.get(f"/tasks/export/csv{query}")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert (
        any("DIỄN TẬP" in row for row in rows)
        and ["Tổng số", "3"] in rows
        and "attachment" in answer.headers["Content-Disposition"]
    )
    assert json.loads(client.get(f"/tasks/export/json{query}").content)["total"] == 3
    entry = LedgerEntry.objects.filter(record_type="core.export").first()
    assert (
        entry is not None
        and entry.actor_id == world.users["desk"].pk
        and entry.changes["parameters"][1]["overdue_on"] == "2025-09-15"
    )
    assert client.get("/tasks/export/exe").status_code == 422
    assert as_role("enterprise").get("/tasks/export/csv").status_code == 403


def test_search_marks_words_without_accents_and_keeps_to_rights(world: World, as_role: Callable[..., Client]) -> None:
    desk = as_role("desk")
    assert "<mark>cà</mark> <mark>phê</mark>" in desk.get("/search?q=ca+phe").content.decode()
    alone = desk.get("/search?q=ca+phe", headers={"HX-Request": "true"}).content.decode()
    assert "<mark>" in alone and "<html" not in alone
    assert "Việc nội bộ" in re.sub(r"</?mark>", "", desk.get("/search?q=viec+noi+bo").content.decode())
    assert "cơ quan khác" not in re.sub(r"</?mark>", "", as_role("ministry").get("/search?q=viec+noi+bo").content.decode())


def test_a_view_is_saved_opened_renamed_and_removed(world: World, as_role: Callable[..., Client]) -> None:
    desk, name = as_role("desk"), '<script>alert("x")</script>'
    page = desk.get("/tasks?overdue_on=2025-09-15&order=due&face=board").content.decode()
    kept = dict(re.findall(r'name="(p\.[a-z_]+)" value="([^"]*)"', page))
    assert kept == {"p.overdue_on": "today", "p.order": "due", "p.face": "board"}, "today moves on"
    saved = desk.post("/views", {"register": "tasks", "name": name, "share_with": str(world.body.pk), **kept})
    assert saved.headers["Location"] == "/tasks?order=due&overdue_on=2025-09-15&face=board"
    view = SavedView.objects.get(name=name)
    for role in ("desk", "ministry"):
        listed = as_role(role).get("/tasks").content.decode()
        assert name not in listed and "&lt;script&gt;" in listed and "overdue_on=2025-09-15&amp;face=board" in listed
    assert as_role("ministry").get(f"/views/{view.pk}").status_code == 403
    assert as_role("ministry").post(f"/views/{view.pk}/remove", {"version": "1"}).status_code == 403
    assert desk.post(f"/views/{view.pk}", {"name": " ", "version": "1", "share_with": ""}).status_code == 422
    assert desk.post(f"/views/{view.pk}", {"name": "Quá hạn", "version": "1", "share_with": ""}).status_code == 302
    assert "Quá hạn ·" not in as_role("ministry").get("/tasks").content.decode()
    assert desk.post(f"/views/{view.pk}/remove", {"version": "1"}).status_code == 412
    assert desk.post(f"/views/{view.pk}/remove", {"version": "2"}).status_code == 302
    assert desk.get(f"/views/{view.pk}").status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {"register": "tasks", "name": ""},
        {"register": "tasks", "name": "x", "p.khong_co": "1"},
        {"register": "tasks", "name": "x", "share_with": "khong"},
        {"register": "khong", "name": "x"},
    ],
)
def test_what_is_no_view_is_refused(sent: dict[str, str], world: World, as_role: Callable[..., Client]) -> None:
    before = SavedView.objects.count()
    answer = as_role("desk").post("/views", sent)
    assert answer.status_code == (404 if sent["register"] == "khong" else 422) and SavedView.objects.count() == before


def test_what_changed_since_the_last_visit_is_marked(world: World, as_role: Callable[..., Client]) -> None:
    desk = as_role("desk")
    first = desk.get("/barriers").content.decode()
    assert 'class="fresh"' not in first and "thay đổi từ lần xem trước" not in first
    visit = LastVisit.objects.filter(user=world.users["desk"], register="barriers")
    visit.update(began=AT - timedelta(hours=2))
    later = desk.get("/barriers").content.decode()
    assert "1 thay đổi từ lần xem trước" in later and later.count('class="fresh"') == 1
    link = re.search(r'href="([^"]+)"[^>]*>1 thay đổi', later)
    assert link is not None
    narrowed = desk.get(link.group(1).replace("&amp;", "&")).content.decode()
    assert "1 bản ghi khớp bộ lọc" in narrowed and "Thay đổi từ: " in narrowed


def test_a_board_moves_a_card_and_comes_back(world: World, as_role: Callable[..., Client]) -> None:
    desk = as_role("desk")
    page = desk.get("/tasks?face=board&lead=BO-A").content.decode()
    assert "Đang thực hiện" in page and "Để “Báo hoàn thành” còn thiếu:" in page
    board = desk.get("/commitments?face=board").content.decode()
    form = re.search(r'<form method="post" action="(/commitments/[^"]+/steps/start)">(.*?)</form>', board, re.DOTALL)
    assert form is not None
    sent = dict(re.findall(r'<input type="hidden" name="(version|back)" value="([^"]+)"', form.group(2)))
    assert sent["back"] == "/commitments?face=board"
    taken = desk.post(form.group(1), sent)
    assert taken.headers["Location"] == "/commitments?face=board"
    away = desk.post(f"/tasks/{world.task.pk}/steps/block", {
        "version": str(world.task.version), "blocked_reason": "PARTNER", "unblocker": "Bộ B", "back": "https://example.com/",
    })  # fmt: skip
    assert away.headers["Location"] == "/", "never to another site"
    nothing = desk.get("/tasks?face=board&q=khong+co+gi").content.decode()
    assert "Không có bản ghi nào khớp" in nothing and 'class="lanes"' not in nothing
    assert "/steps/" not in as_role("enterprise").get("/tasks?face=board").content.decode()


def test_faces_show_what_the_list_shows(world: World, as_role: Callable[..., Client]) -> None:
    move_due_date(act=act(), record=world.commitment, to="2025-09-18", version=world.commitment.version)
    desk = as_role("desk")
    months = desk.get("/tasks?face=timeline").content.decode()
    assert "Hạn ban đầu 20/9/2025, hạn hiện hành 18/9/2025" in desk.get("/commitments?face=timeline").content.decode()
    assert 'class="months"' in months and "bản ghi có ngày trong 12 tháng này" in months
    month = desk.get("/tasks?face=calendar&month=2025-09").content.decode()
    assert "Tháng 9 năm 2025" in month and "Quốc khánh" in month and "Lập kế hoạch xúc tiến" in month and "Việc nội bộ" in month
    assert "Việc nội bộ" not in as_role("ministry").get("/tasks?face=calendar&month=2025-09").content.decode()
    narrowed = desk.get("/tasks?face=calendar&month=2025-09&q=xuc+tien").content.decode()
    assert "1 bản ghi trong tháng; 1 bản ghi khớp bộ lọc." in narrowed and "Việc nội bộ" not in narrowed
    for wrong in ("/tasks?face=pie", "/barriers?face=board", "/facts_to_check?face=board"):
        assert desk.get(wrong).status_code == 404
    for wrong in ("/tasks?face=calendar&month=2025-13", "/tasks?face=timeline&from=x", "/tasks?face=timeline&after=x"):
        assert desk.get(wrong).status_code == 422


def test_a_list_is_small_on_the_wire(world: World, as_role: Callable[..., Client]) -> None:
    for n in range(120):
        barrier(name_vi=f"Rào cản số {n} đối với mặt hàng nông sản", start="2025-03-01")
    desk = as_role("desk")
    plain, packed = (desk.get("/barriers?size=100", headers=h) for h in ({}, {"Accept-Encoding": "gzip"}))
    assert packed.headers["Content-Encoding"] == "gzip" and len(packed.content) < 20_000 < len(plain.content)
    assert plain.content.decode().count('class="lead"') == 100
    assert desk.get("/barriers?size=7").content.decode().count('class="lead"') == 40, "a size that is not offered"


def test_a_list_about_one_partner_keeps_its_partner(world: World, as_role: Callable[..., Client]) -> None:
    html = as_role("desk").get("/partner_commitments?partner=XAA&side=ours&open=yes").content.decode()
    assert html.count('href="/partner_commitments?partner=XAA"') >= 1 and 'href="/partner_commitments"' not in html
    chosen = html[html.index('id="field-partner"') : html.index("</select>", html.index('id="field-partner"'))]
    assert 'value="XAA" selected' in chosen and 'value=""' not in chosen
    assert as_role("desk").get("/partner_commitments?partner=XAA").content.decode().count("<tbody>") == 1
