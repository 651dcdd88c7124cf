"""Are files read in with their rights and their errors, and facts accepted, corrected, rejected and undone from the page?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from banggiao.commitments.models import Task
from banggiao.reading.intake import limits
from banggiao.sources.models import Document, Fact
from tests.web.world import TEXT, World

pytestmark = pytest.mark.django_db


def sent(*files: tuple[str, bytes], level: str = "internal") -> dict[str, object]:
    return {"classification": level, "file": [SimpleUploadedFile(name, data) for name, data in files]}


def test_a_file_is_read_in_and_owned(world: World, as_role: Callable[..., Client]) -> None:
    answer = as_role("mission").post("/documents/add", sent(("tin-moi.txt", TEXT.replace("12/8", "13/8").encode())), follow=True)
    document = Document.objects.get(source_name="tin-moi.txt")
    assert (
        answer.redirect_chain == [(f"/documents/{document.pk}", 302)] and "Đã đọc tệp “tin-moi.txt”." in answer.content.decode()
    )
    assert (document.owner, document.classification) == (world.body.pk, "internal") and document.facts.exists()


def test_the_same_file_again_opens_the_one_that_is_there(world: World, as_role: Callable[..., Client]) -> None:
    answer = as_role("desk").post("/documents/add", sent(("ten-khac.txt", TEXT.encode())), follow=True)
    assert answer.redirect_chain == [(f"/documents/{world.document.pk}", 302)]
    assert "đã có trong hệ thống" in answer.content.decode() and Document.objects.count() == 2


def test_bad_files_are_named_and_stop_no_others(
    world: World, as_role: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 5_000)
    files = (
        ("rong.txt", b""),
        ("hong.docx", b"PK\x03\x04 khong phai"),
        ("to.txt", b"a" * 6_000),
        ("tot.txt", "Một văn bản ngắn.".encode()),
    )
    answer = as_role("desk").post("/documents/add", sent(*files))
    html = answer.content.decode()
    assert answer.status_code == 422
    for name in ("rong.txt", "hong.docx", "to.txt"):
        assert re.search(rf"<p>{name}: [^<]+</p>", html), name
    assert "Đã đọc tệp “tot.txt”." in html and Document.objects.filter(source_name="tot.txt").exists()


@pytest.mark.parametrize("data", [{}, {"classification": "internal"}, {"classification": "secret"}])
def test_an_incomplete_upload_is_refused(data: dict[str, str], world: World, as_role: Callable[..., Client]) -> None:
    assert as_role("desk").post("/documents/add", data).status_code == 422


def test_a_secret_is_refused(world: World, as_role: Callable[..., Client]) -> None:
    answer = as_role("desk").post("/documents/add", sent(("mat.txt", b"Noi dung"), level="secret"))
    assert answer.status_code == 422 and Document.objects.count() == 2


def test_facts_are_settled_from_the_page(world: World, as_role: Callable[..., Client]) -> None:
    client, fact = as_role("desk"), world.fact
    page = f"/documents/{world.document.pk}"
    assert f'id="fact-{fact.pk}"' in client.get(page).content.decode()
    answer = client.post(f"/facts/{fact.pk}/accept")
    fact.refresh_from_db()
    assert answer.status_code == 302 and answer.headers["Location"].startswith(f"{page}#fact-") and fact.state == "accepted"
    assert f"/tasks/{fact.target_id}" in client.get(page).content.decode()
    assert client.post(f"/facts/{fact.pk}/accept").status_code == 409
    assert client.post(f"/facts/{fact.pk}/undo").status_code == 302
    fact.refresh_from_db()
    assert fact.state == "proposed" and Task.objects.get(pk=fact.target_id or Task.objects.latest("recorded_at").pk)
    assert client.post(f"/facts/{fact.pk}/reject").status_code == 302
    fact.refresh_from_db()
    assert fact.state == "rejected"
    assert client.post(f"/facts/{fact.pk}/undo").status_code == 302
    fact.refresh_from_db()
    assert fact.state == "proposed"


def test_a_fact_is_corrected_and_accepted(world: World, as_role: Callable[..., Client]) -> None:
    client, fact = as_role("desk"), world.fact
    answer = client.post(f"/facts/{fact.pk}/correct", {"what": "Cục A báo cáo kết quả", "deadline": "2025-10-15"})
    fact.refresh_from_db()
    assert answer.status_code == 302 and fact.state == "corrected"
    made = Task.objects.get(pk=fact.target_id)
    assert (made.text_vi, made.current_due) == ("Cục A báo cáo kết quả", "2025-10-15")


def test_a_number_must_stay_a_number(world: World, as_role: Callable[..., Client]) -> None:
    fact = Fact.objects.filter(document=world.document, kind="quantity").first()
    assert fact is not None
    answer = as_role("desk").post(f"/facts/{fact.pk}/correct", {"number": "nhiều"})
    assert answer.status_code == 422 and 'value="nhiều"' in answer.content.decode()


def test_a_batch_above_a_confidence(world: World, as_role: Callable[..., Client]) -> None:
    client, page = as_role("desk"), f"/documents/{world.document.pk}"
    assert "Độ tin cậy phải là" in client.post(f"{page}/accept", {"above": "rất cao"}, follow=True).content.decode()
    sure = Fact.objects.filter(document=world.document, certainty__gte=0.9).count()
    answer = client.post(f"{page}/accept", {"above": "90"}, follow=True)
    left = Fact.objects.filter(document=world.document, certainty__gte=0.9, state="proposed").count()
    assert f"Đã duyệt {sure - left} thông tin." in answer.content.decode() and left < sure


def test_the_inbox_leads_to_the_card(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    html = client.get("/facts_to_check").content.decode()
    assert f"/facts/{world.fact.pk}" in html
    moved = client.get(f"/facts/{world.fact.pk}")
    assert moved.headers["Location"] == f"/documents/{world.document.pk}#fact-{world.fact.pk}"


def test_scripts_in_a_text_stay_text(world: World, as_role: Callable[..., Client]) -> None:
    data = "Tiêu đề <script>alert(1)</script>\n\nMột câu <img src=x onerror=alert(1)>.".encode()
    html = as_role("desk").post("/documents/add", sent(("xss.txt", data)), follow=True).content.decode()
    assert "<script>alert" not in html and "<img src=x" not in html and "&lt;img" in html
