"""Does the reading room work by keyboard, for two people at once, on a phone, and without script?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from banggiao.sources.models import Document, Fact
from tests.factories.rows import activity
from tests.web.browser import PASSWORD, sign_in
from tests.web.world import PUBLIC, World

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def waiting(world: World) -> int:
    return Fact.objects.filter(document=world.document, state="proposed").count()


def settle(page: Page, key: str, here: str) -> None:
    """Press the key and wait until the focus has gone to another card."""
    page.keyboard.press(key)
    page.wait_for_selector(f".fact:focus:not(#{here})")


def test_a_document_is_checked_by_keyboard_alone(
    server: str,
    signed_in: tuple[BrowserContext, Page],
    world: World,
) -> None:
    _context, page = signed_in
    page.goto(f"{server}/documents/{world.document.pk}")
    page.evaluate("window.stayed = true")
    before = waiting(world)
    page.keyboard.press("j")
    first = focused(page)
    settle(page, "a", first)
    second = focused(page)
    assert waiting(world) == before - 1 and page.locator(f"#{first} .badge.good").is_visible()
    settle(page, "r", second)
    assert waiting(world) == before - 2 and f"còn {before - 2} trong" in page.inner_text("#room-counts")
    page.keyboard.press("u")
    page.wait_for_selector(f"#{second}.waits")
    assert waiting(world) == before - 1 and focused(page) == second
    page.keyboard.press("k")
    assert focused(page) == first
    page.keyboard.press("u")
    page.wait_for_selector(f"#{first}.waits")
    assert waiting(world) == before and page.evaluate("window.stayed") is True
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    other = Document.objects.exclude(pk=world.document.pk).get()
    page.wait_for_url(f"**/documents/{other.pk}")


def test_sentence_and_fact_light_each_other(
    server: str,
    signed_in: tuple[BrowserContext, Page],
    world: World,
) -> None:
    _context, page = signed_in
    page.goto(f"{server}/documents/{world.document.pk}")
    words = page.locator(f'.text a.span[data-fact="{world.fact.pk}"]').first
    card = page.locator(f"#fact-{world.fact.pk}")
    where = words.bounding_box()
    words.hover()
    assert "lit" in (card.get_attribute("class") or "") and words.bounding_box() == where, "lighting moves nothing"
    other = page.locator(".fact").first
    other.hover()
    assert "lit" not in (card.get_attribute("class") or "")
    words.click()
    assert focused(page) == f"fact-{world.fact.pk}" and card.is_visible()
    page.keyboard.press("s")
    page.wait_for_url("**#s*")
    page.wait_for_selector(f"#fact-{world.fact.pk}:focus")
    page.keyboard.press("c")
    page.wait_for_url(f"**/facts/{world.fact.pk}/correct")
    assert "báo cáo kết quả" in page.inner_text("[data-fills]")


def test_a_conflict_is_decided_by_keyboard(
    server: str,
    signed_in: tuple[BrowserContext, Page],
    world: World,
) -> None:
    _context, page = signed_in
    fact = Fact.objects.get(document=world.document, kind="quantity")
    page.goto(f"{server}/documents/{world.document.pk}?fact={fact.pk}#fact-{fact.pk}")
    assert focused(page) == f"fact-{fact.pk}"
    settle(page, "a", f"fact-{fact.pk}")
    known = activity(
        kind="meeting", name_vi="Họp rà soát", chair="Nguyễn Văn Mẫu", start="2025-08-12", organiser="Bộ B", **PUBLIC
    )
    event = Fact.objects.get(document=world.document, kind="event")
    page.goto(f"{server}/facts/{event.pk}/correct")
    page.fill("#field-organiser", "Cục Xuất nhập khẩu")
    page.click("button.primary")
    page.wait_for_selector("[name=ruling]")
    assert page.input_value("#field-organiser") == "Cục Xuất nhập khẩu", "nothing typed is lost"
    page.check("#ruling-take")
    page.click("button.primary")
    page.wait_for_url(f"**/documents/{world.document.pk}?fact=*")
    known.refresh_from_db()
    assert known.organiser == "Cục Xuất nhập khẩu"


def test_two_people_at_one_document(server: str, signed_in: tuple[BrowserContext, Page], chromium: Browser, world: World) -> None:
    _context, mine = signed_in
    theirs = chromium.new_context(locale="vi-VN", viewport={"width": 1440, "height": 900}).new_page()
    theirs.goto(f"{server}/sign-in")
    theirs.fill("#field-username", "user.verifier")
    theirs.fill("#field-password", PASSWORD)
    theirs.click("button.primary")
    theirs.wait_for_url(f"{server}/")
    address, card = f"{server}/documents/{world.document.pk}", f"fact-{world.fact.pk}"
    mine.goto(address)
    theirs.goto(address)
    mine.focus(f"#{card}")
    settle(mine, "r", card)
    theirs.focus(f"#{card}")
    theirs.keyboard.press("a")
    theirs.wait_for_selector(f"#{card} .notice")
    assert f"{world.users['desk'].name} đã bác bỏ thông tin này lúc" in theirs.inner_text(f"#{card} .notice")
    assert theirs.locator(f"#{card} .badge.bad").is_visible() and focused(theirs) == card
    theirs.reload()
    assert "đang duyệt tài liệu này" in theirs.inner_text(".company")
    theirs.context.close()


def test_on_a_phone_text_and_facts_take_turns(
    server: str,
    signed_in: tuple[BrowserContext, Page],
    world: World,
) -> None:
    _context, page = signed_in
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server}/documents/{world.document.pk}")
    assert page.locator(".facts-side").is_visible() and not page.locator(".text-side").is_visible()
    page.locator(f"#fact-{world.fact.pk} [data-sentence]").click()
    assert page.locator(".text-side").is_visible() and not page.locator(".facts-side").is_visible()
    page.locator(f'.text a.span[data-fact="{world.fact.pk}"]').first.click()
    assert page.locator(f"#fact-{world.fact.pk}").is_visible()


def test_words_chosen_in_the_text_become_a_fact(
    server: str,
    signed_in: tuple[BrowserContext, Page],
    world: World,
) -> None:
    _context, page = signed_in
    page.goto(f"{server}/documents/{world.document.pk}")
    assert not page.locator("#add-selected").is_visible()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.text p .sentence'))")
    page.click("#add-selected")
    page.wait_for_url("**/facts/add?**")
    page.select_option("#field-kind", "result")
    page.click("button.primary")
    page.wait_for_selector("#field-what")
    page.click("button.primary")
    page.wait_for_url("**#fact-*")
    made = Fact.objects.get(document=world.document, rule="by-hand@1")
    assert made.kind == "result" and made.end > made.start


def test_files_are_dropped(server: str, signed_in: tuple[BrowserContext, Page], tmp_path: Path) -> None:
    _context, page = signed_in
    page.goto(f"{server}/documents/add")
    page.evaluate(
        """() => {
            const all = new DataTransfer();
            for (const name of ["mot.txt", "hai.txt"]) all.items.add(new File([`Nội dung ${name}.`], name, {type: "text/plain"}));
            const dropped = new DragEvent("drop", {dataTransfer: all, bubbles: true, cancelable: true});
            document.querySelector("[data-drop]").dispatchEvent(dropped);
        }"""
    )
    assert page.locator("[data-chosen] li").all_inner_texts() == ["mot.txt", "hai.txt"]
    page.click("button.primary")
    page.wait_for_url("**/documents/batches/*")
    assert page.locator(".files li").count() == 2


def test_without_script_the_same_forms_work(server: str, chromium: Browser, world: World) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    sign_in(page, server)
    page.goto(f"{server}/documents/{world.document.pk}")
    before = waiting(world)
    page.click(f"#fact-{world.fact.pk} button[data-key=a]")
    page.wait_for_url("**/documents/*?fact=*")
    assert waiting(world) == before - 1
    page.fill("#field-above", "0")
    page.click("text=Duyệt hàng loạt")
    page.wait_for_load_state()
    assert waiting(world) == 0
    page.click("text=Hoàn tác lần duyệt hàng loạt gần nhất")
    page.wait_for_load_state()
    assert waiting(world) == before - 1
    context.close()
