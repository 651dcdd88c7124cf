"""Are comments and the inbox pages on which nothing is lost, nothing is run, and nobody sees more than they may?"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from banggiao.core import records
from banggiao.followup.models import Comment, InboxItem
from tests.factories.rows import AT, act
from tests.web.world import World

pytestmark = pytest.mark.django_db
SCRIPT = '<script>alert("xin chào")</script>'


def test_a_comment_is_said_changed_settled_and_taken_back(world: World, as_role: Callable[..., Client]) -> None:
    desk, url = as_role("desk"), f"/tasks/{world.task.pk}"
    said = desk.post(f"{url}/comments", {"text": f"Nhờ @user.ministry xem {SCRIPT}"}, follow=True)
    page = said.content.decode()
    comment = Comment.objects.get(text__startswith="Nhờ @user.ministry")
    assert said.redirect_chain[-1][0] == f"{url}#comment-{comment.pk}"
    assert "@Cán bộ user.ministry" in page and "&lt;script&gt;alert(" in page and SCRIPT not in page
    place = f"{url}/comments/{comment.pk}"
    changed = desk.post(place, {"text": "Đã xem", "version": "1"}, follow=True).content.decode()
    assert "Đã xem" in changed and "đã sửa" in changed
    stale = desk.post(place, {"text": "Chữ tôi vừa gõ", "version": "1"})
    assert stale.status_code == 412 and "Chữ tôi vừa gõ" in stale.content.decode()
    settled = as_role("ministry").post(f"{place}/resolve", {"version": "2", "resolved": "yes"}, follow=True)
    assert "đã giải quyết" in settled.content.decode()
    assert as_role("ministry").post(f"{place}/remove", {"version": "3"}).status_code == 403
    gone = desk.post(f"{place}/remove", {"version": "3"}, follow=True).content.decode()
    assert "Đã rút ý kiến." in gone and "Đã xem" not in gone
    assert desk.get(place).status_code == 404


def test_what_cannot_be_sent_comes_back_as_typed(world: World, as_role: Callable[..., Client]) -> None:
    answer = as_role("desk").post(f"/tasks/{world.task.pk}/comments", {"text": "Nhờ @khong.co xem kỹ"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Nhờ @khong.co xem kỹ" in page and "@khong.co" in page and "Hãy chọn tên" in page
    assert Comment.objects.count() == 1


def test_hidden_records_are_not_talked_about(world: World, as_role: Callable[..., Client]) -> None:
    ministry, hidden = as_role("ministry"), f"/tasks/{world.hidden.pk}"
    for url in (f"{hidden}/comments", f"{hidden}/comments/{world.comment.pk}/remove"):
        assert ministry.post(url, {"text": "x", "version": "1"}).status_code == 404
    assert ministry.get(f"{hidden}/people?q=a").status_code == 404
    assert as_role("desk").get(f"{hidden}/comments/{world.comment.pk}").status_code == 404, "a comment of another record"
    enterprise = as_role("enterprise")
    page = enterprise.get(f"/tasks/{world.task.pk}").content.decode()
    assert "cho ý kiến" not in page and 'id="comments"' not in page
    assert enterprise.post(f"/tasks/{world.task.pk}/comments", {"text": "x"}).status_code == 403


def test_people_are_offered_by_name(world: World, as_role: Callable[..., Client]) -> None:
    found = as_role("desk").get(f"/tasks/{world.task.pk}/people?q=CAN+bo+user.ministry").json()["people"]
    assert found == [{"username": "user.ministry", "name": "Cán bộ user.ministry", "institution": "Bộ BO-A"}]
    everybody = as_role("desk").get(f"/tasks/{world.task.pk}/people?q=").json()["people"]
    assert len(everybody) == 8 and "user.enterprise" not in {one["username"] for one in everybody}
    hidden = as_role("desk").get(f"/tasks/{world.hidden.pk}/people?q=user.ministry").json()["people"]
    assert hidden == [], "of another institution"
    assert as_role("desk").get(f"/tasks/{world.task.pk}/people?q=%00").json() == {"people": []}


def test_older_comments_are_a_link_away(world: World, as_role: Callable[..., Client]) -> None:
    values = {"subject_type": "commitments.task", "subject_id": world.task.pk, "said_at": AT, "classification": "public"}
    records.create_many(Comment, act=act(), rows=[({**values, "text": f"Ý kiến số {n:03}"}, {}) for n in range(45)])
    url, seen = f"/tasks/{world.task.pk}", []
    while url:
        page = as_role("desk").get(url).content.decode()
        seen += re.findall(r"Ý kiến số (\d+)", page)
        older = re.search(r'href="([^"]+)">Ý kiến cũ hơn', page)
        url = html.unescape(older.group(1)) if older else ""
    assert [int(n) for n in seen] == list(range(44, -1, -1))
    assert as_role("desk").get(f"/tasks/{world.task.pk}?comments=abc").status_code == 422


def test_the_inbox_counts_opens_and_is_emptied(world: World, as_role: Callable[..., Client]) -> None:
    leader = as_role("leader")
    page = leader.get("/inbox").content.decode()
    assert "Nhắc tên trong ý kiến" in page and '<b class="strong">@Cán bộ user.leader</b>' in page
    waiting = InboxItem.objects.filter(user=world.users["leader"]).get()
    count = re.search(r'href="/inbox"[^>]*>.*?<span class="count figure">(\d+)</span>', page)
    assert count is not None and int(count.group(1)) == InboxItem.objects.filter(institution=world.body).count() + 1
    opened = leader.get(f"/inbox/{waiting.pk}")
    assert opened.headers["Location"] == f"/tasks/{world.task.pk}#comment-{world.comment.pk}"
    assert f"/inbox/{waiting.pk}/read" not in leader.get("/inbox").content.decode()
    assert as_role("ministry").get(f"/inbox/{waiting.pk}").status_code == 404, "somebody else's"
    until = re.search(r'name="until" value="([^"]+)"', leader.get("/inbox").content.decode())
    assert until is not None
    leader.post("/inbox/read", {"until": until.group(1)})
    emptied = leader.get("/inbox?unread=yes").content.decode()
    assert "Không có mục nào" in emptied and "count figure" not in emptied.split("Hộp thư")[1][:200]
    assert leader.post("/inbox/read", {"until": "x"}).status_code == 302
    assert as_role("ministry").get("/inbox?unread=yes").content.decode().count("<time") > 0, "read by each for themselves"


def test_an_item_of_a_record_no_longer_seen_says_so(world: World, as_role: Callable[..., Client]) -> None:
    records.retract(world.task, act=act())
    page = as_role("leader").get("/inbox").content.decode()
    assert "Bản ghi này bạn không còn được xem." in page and world.task.text_vi not in page


def test_a_document_is_talked_about_below_its_text(world: World, as_role: Callable[..., Client]) -> None:
    desk, url = as_role("desk"), f"/documents/{world.document.pk}"
    desk.post(f"{url}/comments", {"text": "Đoạn hai trích sai"})
    assert "Đoạn hai trích sai" in desk.get(url).content.decode()
    assert "Đoạn hai trích sai" not in as_role("enterprise").get(url).content.decode()
