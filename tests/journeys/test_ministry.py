"""A ministry that owes work, in the browser: what is late, what was done, what proves it; then it asks to be verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from banggiao.commitments.models import Task
from banggiao.core.ledger import entries_of, verify
from banggiao.followup.models import Evidence, ProgressUpdate
from tests.web.browser import sign_in
from tests.web.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_progress_evidence_and_verification(server: str, page: Page, world: World) -> None:
    sign_in(page, server, "ministry")
    owed = page.locator(".kpi", has_text="Nhiệm vụ quá hạn").locator("a")
    assert "Đang nợ việc gì" in page.inner_text("main") and owed.inner_text() == "2"
    owed.press("Enter")
    page.wait_for_selector("text=2 trong 2 bản ghi")
    page.locator("tbody a", has_text="Rà soát thỏa thuận").press("Enter")
    page.wait_for_url(f"**/tasks/{world.task.pk}")

    page.locator("a.button", has_text="Báo tiến độ").press("Enter")
    page.wait_for_url("**/progress")
    page.fill("#field-text", "Đã rà soát xong 12 thỏa thuận.")
    page.fill("#field-claimed", "80")
    page.locator("button.primary", has_text="Báo tiến độ").press("Enter")
    page.wait_for_selector("text=Đã ghi cập nhật tiến độ.")

    page.locator("a.button", has_text="Thêm minh chứng").press("Enter")
    page.wait_for_url("**/evidence")
    page.fill("#field-description", "Công văn 345/BA ngày 12/9/2025")
    page.select_option("#field-grade", label="2 – Văn bản chính thức của bên mình")
    page.locator("button.primary", has_text="Thêm minh chứng").press("Enter")
    page.wait_for_selector("text=Đã nộp minh chứng")
    said = page.inner_text("main")
    assert "Đã rà soát xong 12 thỏa thuận." in said and "Công văn 345/BA ngày 12/9/2025" in said

    page.locator("button", has_text="Trình thẩm tra").press("Enter")
    page.wait_for_selector("text=Đã trình thẩm tra")
    duty = Task.objects.get(pk=world.task.pk)
    assert (duty.work_state, duty.validation_state) == ("active", "submitted")
    told = ProgressUpdate.objects.get(subject_id=duty.pk, text__startswith="Đã rà soát")
    proof = Evidence.objects.get(subject_id=duty.pk, description__startswith="Công văn 345")
    assert float(told.claimed) == 0.8 and proof.grade == 2
    for record in (duty, told, proof):
        last = entries_of(record.pk).order_by("sequence").last()
        assert last is not None and last.actor_id == world.users["ministry"].pk and not list(verify(record.pk))

    # Whoever verifies finds it among what waits; the ministry cannot verify its own work.
    assert page.locator("button", has_text="Thẩm tra đạt").count() == 0
    page.context.clear_cookies()
    sign_in(page, server, "verifier")
    waiting = page.locator(".kpi", has_text="Nhiệm vụ chờ thẩm tra").locator("a")
    assert waiting.inner_text() == "1"
    waiting.press("Enter")
    page.wait_for_selector("text=1 trong 1 bản ghi")
    assert "Rà soát thỏa thuận" in page.inner_text("tbody")
