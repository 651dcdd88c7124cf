"""A province, in the browser: returns the Excel form of a data call, and asks for a later due date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from banggiao.commitments.models import Commitment
from banggiao.core.ledger import entries_of, verify
from banggiao.followup.models import DueDateMove
from tests.web.browser import sign_in
from tests.web.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_excel_form_comes_back(server: str, page: Page, world: World, tmp_path: Path) -> None:
    sign_in(page, server, "province")
    answer = world.of("data_call_answers")
    page.goto(f"{server}/data_call_answers/{answer.pk}")
    with page.expect_download() as taking:
        page.locator("a", has_text="Tải phiếu Excel").press("Enter")
    form = tmp_path / taking.value.suggested_filename
    taking.value.save_as(form)

    book = load_workbook(form)
    sheet = book["Phieu"]
    heads = next(row for row in sheet.iter_rows() if row[0].value == "Mã dòng")
    first = heads[0].row
    assert [cell.value for cell in sheet[first + 1]][:3] == ["1", "Bản ghi nhớ", 12.5]
    sheet.cell(first + 1, 3).value = 15
    for column, value in ((2, "Thỏa thuận kết nghĩa hai tỉnh"), (3, "3,5"), (5, "Đầu tư")):
        sheet.cell(first + 2, column).value = value
    book.save(form)

    page.locator("a", has_text="Nạp phiếu đã điền").press("Enter")
    page.wait_for_url("**/returned")
    page.set_input_files("#field-file", form)
    page.locator("button", has_text="Đọc phiếu").press("Enter")
    page.wait_for_selector("text=Xem lại trước khi ghi")
    seen = page.inner_text("main")
    assert "Dòng mới" in seen and "15 triệu USD" in seen and "12,5 triệu USD" in seen
    answer.refresh_from_db()
    assert len(answer.rows) == 1, "nothing is written before it is confirmed"
    page.locator("button", has_text="Ghi và gửi phiếu").press("Enter")
    page.wait_for_url(f"**/data_call_answers/{answer.pk}")

    answer.refresh_from_db()
    assert answer.state == "submitted" and [row["values"].get("c2") for row in answer.rows] == ["15", "3.5"]
    last = entries_of(answer.pk).order_by("sequence").last()
    assert last is not None and last.actor_id == world.users["province"].pk and not list(verify(answer.pk))
    assert "3,5 triệu USD" in page.inner_text("main")


def test_a_later_due_date_needs_a_reason_and_waits(server: str, page: Page, world: World) -> None:
    sign_in(page, server, "province")
    promise = world.commitment
    page.goto(f"{server}/commitments/{promise.pk}")
    page.locator("a.button", has_text="Đề nghị chuyển hạn").press("Enter")
    page.wait_for_url("**/due")
    page.fill("#field-to", "2025-10-31")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-text")
    assert page.input_value("#field-to") == "2025-10-31"
    page.fill("#field-reason", "Đối tác hoãn đoàn công tác")
    page.locator("button.primary", has_text="Đề nghị chuyển hạn").press("Enter")
    page.wait_for_selector("text=Đã ghi đề nghị chuyển hạn.")
    asked = page.inner_text("#due-moves")
    assert "Từ 20/9/2025 đến 31/10/2025" in asked and "chờ duyệt" in asked

    move = DueDateMove.objects.get(subject_id=promise.pk)
    assert (move.state, Commitment.objects.get(pk=promise.pk).current_due) == ("requested", "2025-09-20")
    [written] = entries_of(move.pk)
    assert (written.actor_id, written.reason) == (world.users["province"].pk, "Đối tác hoãn đoàn công tác")
    assert page.locator("#due-moves button").count() == 0, "nobody decides their own request"
