"""Do real pages read well for everyone, wide and narrow, in both languages, and does the desk's day work in a browser?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import banggiao.web
from tests.web.world import World

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(banggiao.web.__file__).parents[3] / "node_modules/axe-core/axe.min.js"
RULES = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
PLAIN = (
    "/",
    "/tasks",
    "/agreements?kind=mou",
    "/documents/add",
    "/facts_to_check",
    "/reviews",
    "/reviews/2025-H1",
    "/search?q=ca+phe",
    "/tasks?face=board",
    "/commitments?face=timeline",
    "/tasks?face=calendar&month=2025-09",
    "/inbox",
    "/partners/map",
    "/figures/reconcile",
    "/commitments/new",
    "/commitments/paste",
    "/data_calls/new",
    "/account",
)


@pytest.mark.slow
def test_pages_are_accessible_and_fit(server: str, signed_in: tuple[BrowserContext, Page], world: World) -> None:
    if not AXE.exists():
        pytest.skip("No axe-core: node_modules is absent (python tools/collect_assets.py).")
    context, page = signed_in
    axe, wrong, complaints = AXE.read_text(encoding="utf-8"), {}, []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    addresses = [*PLAIN, *(f"/{name}/{world.of(name).pk}" for name in ("tasks", "agreements", "partners", "documents"))]
    addresses += [f"/documents/{world.document.pk}/facts/add", f"/documents/batches/{world.upload.pk}"]
    addresses += [f"/{name}/{world.of(name).pk}" for name in ("data_calls", "data_call_answers")]
    addresses += [f"/facts/{world.fact.pk}/correct", f"/tasks/{world.task.pk}/edit", f"/tasks/{world.task.pk}/steps/block"]
    for language in ("vi", "en"):
        context.add_cookies([{"name": "django_language", "value": language, "url": server}])
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 860})
            for address in addresses:
                page.goto(server + address)
                page.evaluate(axe)
                found = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in page.evaluate(RULES)["violations"]]
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    found.append(("wider than the window", []))
                if found:
                    wrong[f"{language} {width} {address}"] = found
    assert wrong == {}
    assert complaints == []


def test_sign_in_is_accessible(server: str, page: Page) -> None:
    if not AXE.exists():
        pytest.skip("No axe-core: node_modules is absent (python tools/collect_assets.py).")
    page.goto(f"{server}/sign-in")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert [v["id"] for v in page.evaluate(RULES)["violations"]] == []


def test_lists_filter_and_sort_in_place(server: str, signed_in: tuple[BrowserContext, Page]) -> None:
    _context, page = signed_in
    page.goto(f"{server}/tasks")
    page.evaluate("window.stayed = true")
    page.click("text=Quá hạn >> nth=0")
    page.wait_for_url("**/tasks?overdue_on=2025-09-15")
    assert page.evaluate("window.stayed") is True and page.locator("tbody tr").count() == 3
    page.fill("#field-q", "gia dinh")
    page.click("form.filters button:has-text('Lọc') >> nth=0")
    page.wait_for_selector("text=1 trong 1 bản ghi")
    assert page.evaluate("window.stayed") is True and "overdue_on=2025-09-15" in page.url


def test_the_palette_finds_without_accents(server: str, signed_in: tuple[BrowserContext, Page]) -> None:
    _context, page = signed_in
    page.keyboard.press("Control+k")
    page.keyboard.type("ca phe")
    page.wait_for_selector("#palette-hits .hit")
    assert page.locator("#palette-hits mark").count() >= 2
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()
    page.keyboard.press("/")
    assert page.locator("#palette").is_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agreements/*")


def test_people_are_called_by_keyboard_alone(server: str, signed_in: tuple[BrowserContext, Page], world: World) -> None:
    _context, page = signed_in
    page.goto(f"{server}/tasks/{world.task.pk}")
    page.focus("#comment-text")
    page.keyboard.type("Nhờ @user.mi")
    page.wait_for_selector(".people [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    chosen = page.input_value("#comment-text")
    assert chosen.startswith("Nhờ @user.mi") and chosen.endswith(" ") and page.is_hidden(".people")
    page.keyboard.type("@khong-co-ai")
    page.wait_for_timeout(400)
    assert page.is_hidden(".people")
    page.fill("#comment-text", f"{chosen}xem giúp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Đã gửi ý kiến.")
    assert page.locator(".said .words").first.inner_text().endswith("xem giúp")


def test_a_card_is_moved_by_keyboard_and_filters_need_no_reload(
    server: str, signed_in: tuple[BrowserContext, Page], world: World
) -> None:
    _context, page = signed_in
    page.goto(f"{server}/commitments?face=board")
    lanes = page.locator(".lane").all_inner_texts()
    assert any(lane.startswith("Đã giao\n2") for lane in lanes), lanes
    page.focus(f".card:has(a[href='/commitments/{world.commitment.pk}']) summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Đã ghi nhận")
    assert page.url == f"{server}/commitments?face=board"
    lanes = page.locator(".lane").all_inner_texts()
    assert any(lane.startswith("Đang thực hiện\n1") for lane in lanes), lanes
    page.evaluate("window.stays = true")
    page.click("text=Quá hạn")
    page.wait_for_url("**/commitments?face=board&overdue_on=*")
    page.click(".faces a:has-text('Danh sách')")
    page.wait_for_url("**/commitments?overdue_on=*")
    assert page.evaluate("window.stays") is True and page.locator("table.data tbody tr").count() == 1
