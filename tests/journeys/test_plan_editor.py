"""A ministry plans its work in the browser: milestones in one table, the sum running along, approved by somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from banggiao.followup.planning.models import Baseline
from tests.web.browser import sign_in
from tests.web.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_plan_is_typed_saved_and_approved(server: str, page: Page, world: World) -> None:
    sign_in(page, server, "desk")
    page.goto(f"{server}/commitments/{world.late.pk}")
    page.locator("a.button", has_text="Lập kế hoạch").press("Enter")
    page.wait_for_url("**/plan/draft")
    told = page.locator("[data-sum-of]")
    for n, (name, weight, due) in enumerate((("Khảo sát", "33,5", "2025-09-30"), ("Ban hành", "60", "2025-11-30"))):
        page.fill(f"[name=m{n}-name_vi]", name)
        page.fill(f"[name=m{n}-weight]", weight)
        page.fill(f"[name=m{n}-due]", due)
    assert told.inner_text().replace("\u00a0", " ") == "Tổng tỷ trọng: 93,5 %"
    page.locator("button.primary", has_text="Lưu dự thảo").press("Enter")
    page.wait_for_selector("text=Tổng tỷ trọng của các mốc phải đúng 100 %.")
    assert page.input_value("[name=m0-weight]") == "33,5"
    page.fill("[name=m1-weight]", "66,5")
    assert told.inner_text().replace("\u00a0", " ") == "Tổng tỷ trọng: 100 %"
    page.locator("button.primary", has_text="Lưu dự thảo").press("Enter")
    page.wait_for_selector("text=chờ người khác phê duyệt")
    page.context.clear_cookies()
    sign_in(page, server, "leader")
    page.goto(f"{server}/commitments/{world.late.pk}")
    page.locator("button", has_text="Phê duyệt kế hoạch").press("Enter")
    page.wait_for_selector("text=Đã phê duyệt kế hoạch")
    plan = Baseline.objects.get(subject_id=world.late.pk)
    assert (plan.state, plan.number) == ("approved", 0)
    assert [str(m.weight.normalize()) for m in plan.milestones.order_by("position")] == ["0.335", "0.665"]
    page.locator("summary", has_text="Vì sao là màu này?").press("Enter")
    assert page.locator(".colours li[aria-current]").inner_text().startswith("Chưa rõ")
