"""Can a desk send out progress forms, read them back from a file and confirm, and can missions be called on for reports?"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from banggiao.commitments.models import Commitment, Task
from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.models import ProgressUpdate
from banggiao.followup.services import report_progress
from banggiao.programmes.models import ProgrammeTask
from banggiao.programmes.services import move_programme
from tests.factories.rows import AT, act
from tests.web.world import World

AsRole = Callable[..., Client]
RETURNED = "web:progress_returned"


def form_of(client: Client, code: str) -> Any:
    """The workbook of a body as the page gives it out."""
    response = client.get(reverse("web:progress_file", args=[code, "xlsx"]))
    assert response.status_code == 200 and "phieu-tien-do" in response["Content-Disposition"]
    return load_workbook(io.BytesIO(response.content))


def row_of(book: Any, code: str) -> int:
    """The line of a duty."""
    return int(next(n for n in range(11, 60) if str(book.worksheets[0].cell(n, 1).value or "").startswith(f"{code}/")))


def upload(client: Client, book: Any, address: str = "") -> Any:
    """The workbook sent in."""
    out = io.BytesIO()
    book.save(out)
    return client.post(address or reverse(RETURNED), {"file": SimpleUploadedFile("phieu.xlsx", out.getvalue())})


def payload(response: Any) -> str:
    """The rows that wait for confirmation."""
    found = re.search(r'name="returned"[^>]*value="([^"]*)"', response.content.decode())
    assert found is not None
    return unescape(found[1])


def test_a_form_returned_by_file_is_looked_at_then_written(world: World, as_role: AsRole) -> None:
    desk = as_role("desk")
    page = desk.get(reverse("web:progress_forms")).content.decode()
    assert reverse("web:progress_file", args=["BO-B", "docx"]) in page
    book = form_of(desk, "BO-B")
    late = row_of(book, world.late.code)
    book.worksheets[0].cell(late, 9).value, book.worksheets[0].cell(late, 10).value = "Đã gửi hồ sơ", 40
    report_progress(act=act(), record=world.late, day=AT.date(), text="Người khác báo trước")
    before = ProgressUpdate.objects.count()
    seen = upload(desk, book)
    text = seen.content.decode()
    assert seen.status_code == 200 and "Việc đã thay đổi từ khi tải phiếu" in text
    assert ProgressUpdate.objects.count() == before
    sent = {"returned": payload(seen)}
    assert desk.post(reverse(RETURNED), sent).status_code == 422, "no letter"
    held = desk.post(reverse(RETURNED), {**sent, "letter": "12/BB ngày 14/9/2025"})
    assert held.status_code == 422 and ProgressUpdate.objects.count() == before, "a conflict nobody decided"
    (choice,) = re.findall(r'name="(take-[^"]+)"', text)
    done = desk.post(reverse(RETURNED), {**sent, "letter": "12/BB ngày 14/9/2025", unescape(choice): "yes"})
    assert done.status_code == 302
    assert ProgressUpdate.objects.filter(subject_id=world.late.pk, text="Đã gửi hồ sơ").count() == 1


def test_what_is_sent_back_to_confirm_is_looked_at_again(world: World, as_role: AsRole) -> None:
    desk = as_role("desk")
    book = form_of(desk, "BO-B")
    book.worksheets[0].cell(row_of(book, world.late.code), 9).value = "Đã gửi hồ sơ"
    rows = payload(upload(desk, book))
    letter = {"letter": "12/BB ngày 14/9/2025"}
    harmed = rows.replace('"Đã gửi hồ sơ"', '"Đã gửi hồ sơ", "claimed": "nhiều"')
    assert harmed != rows
    desk.post(reverse(RETURNED), {"returned": harmed, **letter})
    assert not ProgressUpdate.objects.filter(text="Đã gửi hồ sơ").exists(), "a wrong cell holds its row back"
    for nothing in ("", "{}", "[1]", '{"code": "x"}'):
        assert desk.post(reverse(RETURNED), {"returned": nothing, **letter}).status_code in (400, 422)
    assert upload(desk, load_workbook(io.BytesIO(_plain()))).status_code == 422


def _plain() -> bytes:
    from openpyxl import Workbook

    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def test_a_round_is_drafted_sent_and_answered_on_the_page(world: World, as_role: AsRole) -> None:
    desk, own = as_role("desk"), as_role("ministry")
    bodies = {f"body-{body.pk}": "yes" for body in (world.body, world.other)}
    values = {"name_vi": "Vòng quý III", "purpose": "Sơ kết", "asker_id": str(world.body.pk), "deadline": "2025-09-30"}
    assert desk.post(reverse("web:progress_round"), {**bodies, **values, "deadline": "mai"}).status_code == 422
    assert desk.post(reverse("web:progress_round"), {**bodies, **values, "period": "2025-Q9"}).status_code == 422
    made = desk.post(reverse("web:progress_round"), {**bodies, **values, "scope": "open"})
    assert made.status_code == 302
    call = DataCall.objects.get(name_vi="Vòng quý III")
    assert call.form == "progress" and call.addressee_rows.count() == 2
    renamed = desk.post(
        reverse("web:edit_call", args=[call.pk]),
        {**values, **bodies, "name_vi": "Vòng quý ba", "version": str(call.version), "lines": "0"},
    )
    assert renamed.status_code == 302
    call.refresh_from_db()
    assert call.name_vi == "Vòng quý ba" and len(call.questions) == 17
    opened = desk.post(reverse("web:step", args=["data_calls", call.pk, "open"]), {"version": str(call.version)})
    assert opened.status_code == 302
    answer = DataCallAnswer.objects.get(call=call, institution=world.body)
    assert own.get(reverse("web:answer_form", args=[answer.pk, "xlsx"])).status_code == 200
    page = own.get(reverse("web:answer_fill", args=[answer.pk])).content.decode()
    marks = re.findall(r'name="(r\d+)-id"[^>]*value="([^"]+)"', page)
    place = next(name for name, mark in marks if mark.startswith(f"{world.commitment.code}/"))
    typed = {f"{name}-id": mark for name, mark in marks} | {f"{place}-text": "Đã ký biên bản", f"{place}-claimed": "70 %"}
    seen = own.post(reverse("web:answer_fill", args=[answer.pk]), typed)
    assert seen.status_code == 200 and "Báo cáo mới" in seen.content.decode()
    done = own.post(reverse(RETURNED), {"returned": payload(seen)})
    assert done.status_code == 302
    update = ProgressUpdate.objects.get(text="Đã ký biên bản")
    assert (update.subject_id, str(update.claimed)) == (world.commitment.pk, "0.700")
    answer.refresh_from_db()
    assert answer.state == "submitted" and Commitment.objects.get(pk=world.commitment.pk).version == world.commitment.version


def test_a_recommendation_is_reported_and_stands_in_the_six_fields(world: World, as_role: AsRole) -> None:
    desk = as_role("desk")
    sent = {"day": "2025-09-15", "text": "Đã họp", "recommendation": "Bố trí vốn quý IV"}
    assert desk.post(reverse("web:progress", args=["commitments", world.late.pk]), sent).status_code == 302
    assert "Bố trí vốn quý IV" in desk.get(reverse("web:record", args=["commitments", world.late.pk])).content.decode()
    listed = desk.get(reverse("web:list", args=["six_fields"])).content.decode()
    assert "Bố trí vốn quý IV" in listed and reverse("web:six_fields_paper", args=["docx"]) in listed


def test_missions_are_called_on_and_a_task_of_a_programme_is_given(world: World, as_role: AsRole) -> None:
    desk, mission = as_role("desk"), world.programme.mission
    values = {"period": "2025-H2", "deadline": "2025-12-15", "asker_id": str(world.body.pk), "purpose": ""}
    assert desk.post(reverse("web:programme_reports"), {**values, "period": "quý"}).status_code == 422
    assert desk.post(reverse("web:programme_reports"), values).status_code == 302
    assert DataCallAnswer.objects.get(call__form="programme").institution_id == mission.pk
    assert (
        "đã báo cáo 0/1" in desk.get(reverse("web:list", args=["programmes_by_mission"]), {"period": "2025-H2"}).content.decode()
    )
    programme = move_programme(act=act(), programme=world.programme, action="submit", version=world.programme.version)
    signed = {"approved_by": "Vụ trưởng"}
    move_programme(act=act(), programme=programme, action="approve", version=programme.version, values=signed)
    line = ProgrammeTask.objects.get(programme=world.programme)
    address = reverse("web:programme_task", args=[programme.pk, line.pk])
    assert address in desk.get(reverse("web:record", args=["programmes", programme.pk])).content.decode()
    assert desk.post(address, {"version": str(line.version)}).status_code == 302
    assert Task.objects.filter(lead=mission).count() == 1
    for form in ("docx", "pdf"):
        assert desk.get(reverse("web:record_paper", args=["programmes", programme.pk, form])).status_code == 200
