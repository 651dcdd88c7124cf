"""A mission abroad, in the browser: what Hà Nội asks, answered by the form; and a word to a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from banggiao.core.ledger import entries_of, verify
from banggiao.followup.models import Comment, InboxItem
from tests.web.browser import sign_in
from tests.web.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_data_call_is_answered_by_the_form(server: str, page: Page, world: World) -> None:
    sign_in(page, server, "mission")
    answer = world.of("data_call_answers")
    waiting = page.locator(".kpi", has_text="Đề nghị báo cáo chưa trả lời").locator("a")
    assert "Hà Nội đang đề nghị gì" in page.inner_text("main") and waiting.inner_text() == "1"
    waiting.press("Enter")
    page.wait_for_selector("text=1 trong 1 bản ghi")
    page.goto(f"{server}/data_call_answers/{answer.pk}")
    page.locator("a.button", has_text="Điền phiếu").first.press("Enter")
    page.wait_for_url(f"**/{answer.pk}/edit")

    # What cannot be understood comes back with everything typed.
    page.fill("#field-r1-c1", "Thỏa thuận hợp tác cảng")
    page.fill("#field-r1-c2", "chưa rõ")
    page.locator("button", has_text="Lưu và gửi phiếu").press("Enter")
    page.wait_for_selector(".error-text")
    assert page.input_value("#field-r1-c1") == "Thỏa thuận hợp tác cảng"
    page.fill("#field-r1-c2", "1.200,5")
    page.fill("#field-r1-c3", "5/9/2025")
    page.locator("button", has_text="Lưu và gửi phiếu").press("Enter")
    page.wait_for_url(f"**/data_call_answers/{answer.pk}")
    assert "Đã gửi" in page.inner_text("main") and "1.200,5 triệu USD" in page.inner_text("main")

    answer.refresh_from_db()
    assert (answer.state, answer.submitted_on) == ("submitted", "2025-09-15")
    assert [row["values"]["c1"] for row in answer.rows] == ["Bản ghi nhớ", "Thỏa thuận hợp tác cảng"]
    written = list(entries_of(answer.pk))
    assert {each.actor_id for each in written[-2:]} == {world.users["mission"].pk} and not list(verify(answer.pk))
    page.goto(server)
    assert waiting.inner_text() == "0"


def test_a_colleague_is_called_by_name_and_finds_it_in_the_inbox(server: str, page: Page, world: World) -> None:
    sign_in(page, server, "mission")
    page.goto(f"{server}/tasks/{world.task.pk}")
    page.focus("#comment-text")
    page.keyboard.type("Sở tại đề nghị lùi cuộc họp, @user.min")
    page.wait_for_selector(".people [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.type("xem giúp.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Đã gửi ý kiến.")
    said = Comment.objects.get(text__startswith="Sở tại đề nghị")
    assert said.text == "Sở tại đề nghị lùi cuộc họp, @user.ministry xem giúp." and said.author_id == world.users["mission"].pk
    assert InboxItem.objects.filter(user=world.users["ministry"], about=said.pk, kind="mention").count() == 1
    assert entries_of(said.pk).count() == 1

    page.context.clear_cookies()
    sign_in(page, server, "ministry")
    page.goto(f"{server}/inbox")
    letter = page.locator(".letters li", has_text="Sở tại đề nghị")
    assert "Rà soát thỏa thuận" in letter.inner_text()
    letter.locator("a").press("Enter")
    page.wait_for_url(f"**/tasks/{world.task.pk}#comment-{said.pk}")
