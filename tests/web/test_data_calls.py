"""Can a desk ask, a body answer on a page or by file, and two people answer at once without losing anything?"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.data_calls.services import create_call, move_call, save_rows
from banggiao.followup.dispatches.models import DispatchReference
from tests.factories.rows import act, institution
from tests.followup.calls import COLUMNS
from tests.web.world import World

AsRole = Callable[..., Client]


@pytest.fixture
def answer(world: World) -> DataCallAnswer:
    """The open answer of the body that the users act for, to a call of another body."""
    asker = institution("VU-E")
    values = {
        "name_vi": "Tình hình thực hiện", "purpose": "Phục vụ sơ kết", "asker_id": asker.pk, "deadline": "2025-09-30",
        "many_rows": True, "questions": COLUMNS,
    }  # fmt: skip
    call = create_call(act=act(), values=values, addressees=[world.body, world.other])
    move_call(act=act(), call=call, action="open", version=1)
    return DataCallAnswer.objects.get(call=call, institution=world.body)


def fresh(answer: DataCallAnswer) -> DataCallAnswer:
    return DataCallAnswer.objects.select_related("call", "institution").get(pk=answer.pk)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def typed(*rows: dict[str, str], version: int, **more: str) -> dict[str, str]:
    """The form of rows as a browser sends it."""
    sent = {"version": str(version), "lines": str(len(rows)), **more}
    for n, row in enumerate(rows):
        sent |= {f"r{n}-{key}": value for key, value in {"id": "", "c1": "", "c2": "", "c3": "", "c4": "", **row}.items()}
    return sent


def test_a_desk_asks_from_one_form(world: World, as_role: AsRole) -> None:
    desk = as_role("desk")
    sent = {
        "name_vi": "Số liệu quý", "purpose": "Báo cáo quý", "asker_id": str(world.body.pk), "deadline": "2025-09-30",
        "lines": "4", "q0-label": "Số hoạt động",
        "q0-kind": "number", "q0-unit": "hoạt động", "q0-required": "yes", "q2-label": "Ghi chú",
        "q2-kind": "text", "preset-ministries": "yes",
    }  # fmt: skip
    more = desk.post(reverse("web:new_call"), {**sent, "more": "yes"})
    assert (
        more.status_code == 200
        and 'name="q7-label"' in text(more)
        and not DataCall.objects.filter(name_vi="Số liệu quý").exists()
    )
    wrong = desk.post(reverse("web:new_call"), {**sent, "q2-kind": "number"})
    assert wrong.status_code == 422 and "Cột số phải có đơn vị tính." in text(wrong) and 'value="Số hoạt động"' in text(wrong)
    assert desk.post(reverse("web:new_call"), sent).status_code == 302
    call = DataCall.objects.get(name_vi="Số liệu quý")
    assert [(q["label"], q["kind"], q["required"]) for q in call.questions] == [
        ("Số hoạt động", "number", True), ("Ghi chú", "text", False),
    ]  # fmt: skip
    assert set(call.addressee_rows.values_list("institution_id", flat=True)) == {world.body.pk, world.other.pk}
    edit = reverse("web:edit_call", args=[call.pk])
    assert desk.post(edit, {**sent, "version": "1", "name_vi": "Tên mới"}).status_code == 302
    stale = desk.post(edit, {**sent, "version": "1", "name_vi": "Tên cũ"})
    assert stale.status_code == 412 and "Tên mới" in text(stale) and 'value="Tên cũ"' in text(stale)
    assert as_role("mission").get(reverse("web:new_call")).status_code == 403


def test_a_body_fills_saves_and_sends(world: World, as_role: AsRole, answer: DataCallAnswer) -> None:
    body, url = as_role("province"), reverse("web:answer_fill", args=[answer.pk])
    assert "Điền phiếu" in text(body.get(reverse("web:record", args=["data_call_answers", answer.pk])))
    bad = body.post(url, typed({"c1": "Một", "c2": "nhiều"}, version=1))
    assert bad.status_code == 422 and "Không phải là số." in text(bad) and 'value="nhiều"' in text(bad)
    assert fresh(answer).rows == []
    lacking = body.post(url, typed({"c2": "1,5"}, version=1, send="yes"), follow=True)
    assert "Còn ô bắt buộc chưa điền." in text(lacking) and fresh(answer).state == "draft"
    row = {"id": "1", "c1": "Một", "c2": "1.250,5", "c3": "2025-09-05", "c4": "trade"}
    done = body.post(url, typed(row, version=2, send="yes"), follow=True)
    assert "Đã lưu và gửi phiếu" in text(done) and "1.250,5 triệu USD" in text(done)
    assert fresh(answer).rows == [{"id": "1", "values": {"c1": "Một", "c2": "1250.5", "c3": "2025-09-05", "c4": "trade"}}]
    assert body.get(url).status_code == 409
    assert as_role("auditor").get(url).status_code == 403


def test_of_two_who_type_at_once_the_second_decides_row_by_row(world: World, as_role: AsRole, answer: DataCallAnswer) -> None:
    save_rows(act=act(), answer=answer, rows=[{"id": "", "values": {"c1": t}} for t in ("một", "hai")], version=1)
    url = reverse("web:answer_fill", args=[answer.pk])
    first, second = as_role("province"), as_role("ministry")
    assert first.post(url, typed({"id": "1", "c1": "MỘT"}, {"id": "2", "c1": "hai"}, version=2)).status_code == 302
    stale = second.post(url, typed({"id": "1", "c1": "một khác"}, {"id": "2", "c1": "HAI"}, {"c1": "ba"}, version=2))
    assert stale.status_code == 412 and "Mâu thuẫn" in text(stale) and "MỘT" in text(stale) and "một khác" in text(stale)
    payload = re.search(r'name="returned" value="([^"]*)"', stale.content.decode())
    assert payload
    from html import unescape

    confirm = reverse("web:answer_returned", args=[answer.pk])
    sent = {"returned": unescape(payload[1]), "version": "3"}
    assert second.post(confirm, sent).status_code == 422
    late = second.post(confirm, {**sent, "version": "2", "take-1": "current"})
    assert late.status_code == 412, "a version that is not the present one is looked at again"
    assert second.post(confirm, {**sent, "take-1": "current"}).status_code == 302
    assert [row["values"]["c1"] for row in fresh(answer).rows] == ["MỘT", "HAI", "ba"]
    for broken in ("", "{", "[]", '{"version": 1}', json.dumps({"version": 1, "rows": [1]})):
        assert second.post(confirm, {"returned": broken, "version": "4"}).status_code == 422


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_a_form_goes_out_and_comes_back(world: World, as_role: AsRole, answer: DataCallAnswer, form: str) -> None:
    body = as_role("province")
    handed = body.get(reverse("web:answer_form", args=[answer.pk, form]))
    assert handed.headers["Content-Disposition"].endswith(f'-v1.{form}"')
    out = io.BytesIO()
    if form == "xlsx":
        book = load_workbook(io.BytesIO(handed.content))
        book.worksheets[0].cell(11, 2).value, book.worksheets[0].cell(11, 3).value = "Bản ghi nhớ", 12.5
        book.save(out)
    else:
        paper = Document(io.BytesIO(handed.content))
        paper.tables[1].rows[1].cells[1].text, paper.tables[1].rows[1].cells[2].text = "Bản ghi nhớ", "12,5"
        paper.save(out)
    for client, url in (
        (body, reverse("web:answer_returned", args=[answer.pk])),
        (as_role("desk"), reverse("web:call_returned", args=[answer.call_id])),
    ):
        seen = client.post(url, {"file": SimpleUploadedFile(f"../../p.{form}", out.getvalue())})
        assert seen.status_code == 200 and "Bản ghi nhớ" in text(seen) and "Dòng mới" in text(seen)
        assert fresh(answer).rows == [], "nothing is written before it is confirmed"
    from html import unescape

    payload = unescape(re.search(r'name="returned" value="([^"]*)"', seen.content.decode())[1])  # type: ignore[index]
    confirm = reverse("web:answer_returned", args=[answer.pk])
    assert body.post(confirm, {"returned": payload, "version": "1", "send": "yes"}).status_code == 302
    assert fresh(answer).state == "submitted" and fresh(answer).rows[0]["values"] == {"c1": "Bản ghi nhớ", "c2": "12.5"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a file", b"a;b;c\n", "chữ".encode()])
def test_what_is_no_form_is_refused_on_the_page(as_role: AsRole, answer: DataCallAnswer, content: bytes) -> None:
    url = reverse("web:answer_returned", args=[answer.pk])
    refused = as_role("province").post(url, {"file": SimpleUploadedFile("x.xlsx", content)})
    assert refused.status_code == 422 and "phiếu" in text(refused)


def test_the_one_table_leaves_by_every_door(world: World, as_role: AsRole, answer: DataCallAnswer) -> None:
    save_rows(act=act(), answer=answer, rows=[{"id": "", "values": {"c1": "=1+1", "c2": "3"}}], version=1)
    desk, body = as_role("desk"), as_role("province")
    body.post(reverse("web:step", args=["data_call_answers", answer.pk, "submit"]), {"version": "2"})
    query = f"?data_call={answer.call_id}"
    listed = text(desk.get(reverse("web:list", args=["data_call_table"]) + query))
    assert "Bộ BO-B" in listed and "Chưa trả lời" in listed
    table = desk.get(reverse("web:export", args=["data_call_table", "csv"]) + query).content.decode()
    assert "'=1+1" in table and "Chưa trả lời" in table
    paper = desk.get(reverse("web:call_paper", args=[answer.call_id]))
    said = "\n".join(p.text for p in Document(io.BytesIO(paper.content)).paragraphs)
    assert "1 trên 2 cơ quan đã trả lời" in said and "Bộ BO-B (chưa trả lời)" in said
    assert as_role("enterprise").get(reverse("web:call_paper", args=[answer.call_id])).status_code == 403
    page = text(desk.get(reverse("web:record", args=["data_calls", answer.call_id])))
    assert "1 trên 2 cơ quan đã trả lời" in page


def test_a_letter_is_referred_to_and_of_a_secret_one_only_the_pointer(world: World, as_role: AsRole) -> None:
    desk, url = as_role("desk"), reverse("web:dispatch", args=["tasks", world.task.pk])
    letter = {"number": "123/ABC-KT", "day": "2025-09-01", "direction": "in", "issuer_name": "Cơ quan Z", "about": "V/v thử"}
    secret = desk.post(url, {**letter, "secrecy": "secret"})
    assert (
        secret.status_code == 422
        and "không ghi trích yếu" in text(secret)
        and not DispatchReference.objects.filter(number="123/ABC-KT").exists()
    )
    assert desk.post(url, {**letter, "secrecy": "secret", "about": "", "keeper": "Văn thư"}).status_code == 302
    assert desk.post(url, {**letter, "secrecy": "public"}).status_code == 302
    page = text(desk.get(reverse("web:record", args=["tasks", world.task.pk])))
    assert "123/ABC-KT" in page and "Văn thư" in page and "Tối mật" in page and "V/v thử" in page
    found = text(desk.get(reverse("web:search"), {"q": "123/ABC"}))
    assert found.count("/dispatches/") == 2
    assert as_role("enterprise").get(url).status_code == 403
    for missing in ({"number": ""}, {"issuer_name": ""}, {"day": "2025-13-01"}):
        assert desk.post(url, {**letter, "secrecy": "public", **missing}).status_code == 422
