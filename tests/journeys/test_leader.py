"""A leader's minute, in the browser: what is late, whose it is, who must act; and a later due date decided on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from banggiao.commitments.models import Commitment
from banggiao.core.ledger import entries_of, verify
from banggiao.followup.models import DueDateMove
from banggiao.followup.services import move_due_date
from tests.factories.rows import act
from tests.web.browser import sign_in
from tests.web.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_exception_to_who_must_act(server: str, page: Page, world: World) -> None:
    sign_in(page, server, "leader")
    late = page.locator(".kpi", has_text="Cam kết quá hạn").locator("a")
    assert late.inner_text() == "1"
    late.press("Enter")
    page.wait_for_selector("text=1 trong 1 bản ghi")
    page.locator("tbody a").first.press("Enter")
    page.wait_for_url(f"**/commitments/{world.late.pk}")
    said = page.inner_text("main")
    assert "Quá hạn" in said and "Bộ BO-B" in said and "Rõ người\nNguyễn Văn A" in said

    # The same duty stands in the table of who must act, and its figure opens the list it counts.
    page.goto(server)
    row = page.locator("#who tbody tr", has_text="Bộ BO-B")
    row.locator("a", has_text="1 cam kết").press("Enter")
    page.wait_for_selector("text=1 trong 1 bản ghi")
    assert "Bỏ kiểm tra kép với hàng thủy sản" in page.inner_text("tbody")


@pytest.mark.parametrize(
    ("button", "step", "state", "due"),
    [("Duyệt hạn", "approve", "approved", "2025-11-30"), ("Không duyệt", "refuse", "refused", "2025-08-01")],
)
def test_a_later_due_date_is_decided(button: str, step: str, state: str, due: str, server: str, page: Page, world: World) -> None:
    asking = act(reason="Chờ đối tác sửa quy định")
    move = move_due_date(act=asking, record=world.late, to="2025-11-30", version=Commitment.objects.get(pk=world.late.pk).version)
    sign_in(page, server, "leader")
    page.locator("#decide a", has_text="Bỏ kiểm tra kép").press("Enter")
    page.wait_for_url(f"**/commitments/{world.late.pk}#due-moves")
    assert "Chờ đối tác sửa quy định" in page.inner_text("#due-moves")
    page.locator("#due-moves button", has_text=button).first.press("Enter")
    page.wait_for_selector(".notice.success")
    assert page.locator("#due-moves button").count() == 0

    kept = Commitment.objects.get(pk=world.late.pk)
    assert (DueDateMove.objects.get(pk=move.pk).state, kept.current_due, kept.first_due) == (state, due, "2025-08-01")
    last = entries_of(move.pk).order_by("sequence").last()
    assert last is not None and (last.action, last.actor_id) == (step, world.users["leader"].pk)
    assert not list(verify(move.pk)) and not list(verify(kept.pk))
