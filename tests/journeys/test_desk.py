"""A newcomer at the desk, in the browser: finds a partner's file, enters a commitment, corrects a fact, takes a list home."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from banggiao.commitments.models import Commitment
from banggiao.core.ledger import LedgerEntry, entries_of, verify
from banggiao.sources.models import Citation, Fact
from tests.web.browser import sign_in
from tests.web.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_five_minutes_of_a_newcomer(server: str, page: Page, world: World) -> None:
    sign_in(page, server)

    # Ctrl+K, a name without accents, Enter: the file of the partner.
    page.keyboard.press("Control+k")
    page.keyboard.type("vuong quoc x")
    page.wait_for_selector("#palette-hits .hit")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/partners/*")
    assert page.locator("h1").inner_text() == "Vương quốc X"
    promised = page.locator(".kpi", has_text="Phía bạn hứa, chưa xong")
    assert promised.locator(".figure").inner_text() == "2"

    # A commitment, typed in with the keyboard alone.
    page.focus("text=Ghi cam kết")
    page.keyboard.press("Enter")
    page.wait_for_url("**/commitments/new?partner_id=XAA")
    page.focus("#field-text_vi")
    page.keyboard.type("Công nhận kết quả kiểm dịch hạt điều")
    page.focus("#field-side")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.focus("#field-current_due")
    page.keyboard.type("quý IV/2025")
    page.focus("#field-lead_id")
    page.keyboard.type("BO-A")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Đã ghi:")
    made = Commitment.objects.get(text_vi="Công nhận kết quả kiểm dịch hạt điều")
    assert page.url == f"{server}/commitments/{made.pk}" and made.code in page.inner_text("main")
    assert (made.partner, made.lead, made.side, made.current_due) == (world.state, world.body, "theirs", "2025-12")
    [written] = entries_of(made.pk)
    assert (written.action, written.actor_id) == ("create", world.users["desk"].pk) and not list(verify(made.pk))
    page.goto(f"{server}/partners/XAA")
    assert promised.locator(".figure").inner_text() == "3"
    promised.locator("a").click()
    page.wait_for_selector("text=3 trong 3 bản ghi")


def test_a_fact_is_corrected_with_its_sentence_beside_it(server: str, page: Page, world: World) -> None:
    sign_in(page, server)
    fact = world.fact
    page.goto(f"{server}/facts/{fact.pk}")
    page.wait_for_url(f"**/documents/{world.document.pk}*")
    card = page.locator(f"#fact-{fact.pk}")
    card.locator("a", has_text="Sửa rồi duyệt").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/facts/{fact.pk}/correct*")
    assert page.locator("blockquote").inner_text().endswith("báo cáo kết quả trước ngày 30/9/2025.")
    page.fill("#field-assignee", "Cục Xuất nhập khẩu")
    page.fill("#field-deadline", "15/10/2025")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/documents/{world.document.pk}*")
    assert card.locator("a", has_text="Sửa rồi duyệt").count() == 0
    kept = Fact.objects.get(pk=fact.pk)
    assert kept.state == "corrected" and kept.value["assignee"] == "Cục Xuất nhập khẩu"
    cited = Citation.objects.get(fact=kept)
    assert page.goto(f"{server}/tasks/{cited.subject_id}") is not None
    assert "15/10/2025" in page.inner_text("main") and "báo cáo kết quả trước ngày 30/9/2025" in page.inner_text("main")
    assert entries_of(cited.subject_id).last().actor_id == world.users["desk"].pk  # type: ignore[union-attr]


def test_a_list_is_taken_home(server: str, page: Page, world: World, tmp_path: Path) -> None:
    sign_in(page, server)
    page.goto(f"{server}/commitments?partner=XAA")
    with page.expect_download() as taking:
        page.locator(".exports a", has_text="CSV").press("Enter")
    file = tmp_path / taking.value.suggested_filename
    taking.value.save_as(file)
    text = file.read_text(encoding="utf-8-sig")
    assert all(row.text_vi in text for row in (world.commitment, world.late)) and "Quy tắc đếm" in text and "2025-09-15" in text
    left = LedgerEntry.objects.filter(action="export").latest("recorded_at")
    assert left.actor_id == world.users["desk"].pk and left.changes["question"][1] == "commitments"
