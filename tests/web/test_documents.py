"""Are files read in with their rights and their errors, and facts accepted, corrected, rejected and undone from the page?"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from banggiao.accounts.models import RoleHeld
from banggiao.accounts.services import end_role
from banggiao.commitments.models import Task
from banggiao.core.jobs.models import Job
from banggiao.core.jobs.worker import run, take, utc_now
from banggiao.intelligence.models import UploadedFile
from banggiao.intelligence.services import read_in
from banggiao.reading.intake import limits
from banggiao.sources.models import Document, Fact
from banggiao.sources.services import reject_fact
from tests.factories.rows import AT, act, activity
from tests.web.world import PUBLIC, TEXT, World

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


def run_jobs() -> int:
    """Run what waits, as the worker does beside the pages."""
    count = 0
    while (job := take("test", at=utc_now())) is not None:
        assert run(job, now=utc_now), Job.objects.get(pk=job.pk).error
        count += 1
    return count


def test_many_files_are_read_one_by_one_and_a_bad_one_stops_no_other(
    world: World, as_role: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 5_000)
    files = (
        ("rong.txt", b""),
        ("hong.docx", b"PK\x03\x04 khong phai"),
        ("to.txt", b"a" * 6_000),
        ("../../etc/x.txt", "Một văn bản ngắn về Bộ Công Thương.".encode()),
        ("..\\..\\cu.txt", unicodedata.normalize("NFD", "Bộ Tài chính họp về đầu tư.").encode()),
        ("da-co.txt", TEXT.encode()),
    )
    client = as_role("desk")
    answer = client.post("/documents/add", sent(*files))
    page = answer.headers["Location"]
    assert answer.status_code == 302 and page.startswith("/documents/batches/")
    html = client.get(page).content.decode()
    assert html.count("Đang chờ đọc") == 5 and 'hx-trigger="every 2s"' in html and "Đã xử lý 1 trên 6 tệp." in html
    assert run_jobs() == 5
    html = client.get(page).content.decode()
    assert "Đã xử lý 6 trên 6 tệp." in html and "every 2s" not in html and "../" not in html and "..\\" not in html
    assert html.count(">Không nhận</span>") == 3 and html.count(">Đã đọc</span>") == 2
    assert "vượt giới hạn" in html and f'href="/documents/{world.document.pk}"' in html
    read = Document.objects.get(source_name="cu.txt")
    assert unicodedata.is_normalized("NFC", read.text) and Document.objects.filter(source_name="x.txt").exists()
    kept = [path.name for path in (Path(settings.MEDIA_ROOT) / "incoming").iterdir()]
    assert len(kept) == 2, "only what was refused is kept, to be read again"
    assert "Đọc lại 2 tệp." in client.post(f"{page}/retry", follow=True).content.decode() and run_jobs() == 2


def test_an_upload_is_its_senders_alone_and_needs_the_right_when_it_is_read(world: World, as_role: Callable[..., Client]) -> None:
    page = as_role("mission").post("/documents/add", sent(("a.txt", b"Mot."), ("b.txt", b"Hai."))).headers["Location"]
    for role in ("desk", "ministry"):
        assert as_role(role).get(page).status_code == 404
    held = RoleHeld.objects.get(user=world.users["mission"])
    end_role(act=act(), held=held, on=AT.date() - timedelta(days=1))
    run_jobs()
    assert set(UploadedFile.objects.filter(name__in=("a.txt", "b.txt")).values_list("state", flat=True)) == {"refused"}


def test_a_text_is_pasted_with_what_is_known_of_it(world: World, as_role: Callable[..., Client]) -> None:
    data = {
        "classification": "internal",
        "text": "Bộ Công Thương họp về xuất khẩu.",
        "title": "Bản tin sáng",
        "outlet": "Báo Mẫu",
        "published": "5/9/2025",
    }
    client = as_role("desk")
    assert client.post("/documents/add", {**data, "published": "hôm qua"}).status_code == 422
    answer = client.post("/documents/add", data)
    document = Document.objects.get(title="Bản tin sáng")
    assert answer.headers["Location"] == f"/documents/{document.pk}"
    assert (document.outlet, document.published) == ("Báo Mẫu", "2025-09-05") and "xuất khẩu" in document.text


def test_a_file_of_others_is_known_but_not_shown(world: World, as_role: Callable[..., Client]) -> None:
    mine = "Việc nội bộ của cơ quan khác.".encode()
    read_in(act=act(), data=mine, name="cua-ho.txt", classification="internal", owner=world.other.pk)
    answer = as_role("mission").post("/documents/add", sent(("cua-ho.txt", mine)))
    assert answer.status_code == 422 and "không thuộc phạm vi" in answer.content.decode()
    hidden = Document.objects.get(source_name="cua-ho.txt")
    for path in ("", "/accept/preview", "/facts/add"):
        assert as_role("mission").get(f"/documents/{hidden.pk}{path}").status_code == 404


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
    assert answer.status_code == 302 and answer.headers["Location"].startswith(f"{page}?fact=") and fact.state == "accepted"
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
    assert moved.headers["Location"] == f"/documents/{world.document.pk}?fact={world.fact.pk}#fact-{world.fact.pk}"


def test_scripts_in_a_text_stay_text(world: World, as_role: Callable[..., Client]) -> None:
    data = "Tiêu đề <script>alert(1)</script>\n\nMột câu <img src=x onerror=alert(1)>.".encode()
    html = as_role("desk").post("/documents/add", sent(("xss.txt", data)), follow=True).content.decode()
    assert "<script>alert" not in html and "<img src=x" not in html and "&lt;img" in html


HX = {"HTTP_HX_REQUEST": "true"}


def test_a_card_comes_back_alone_with_the_counts(world: World, as_role: Callable[..., Client]) -> None:
    answer = as_role("desk").post(f"/facts/{world.fact.pk}/accept", {"version": world.fact.version, "sentence": "5"}, **HX)
    html, told = answer.content.decode(), json.loads(answer.headers["HX-Trigger-After-Settle"])["settled"]
    assert answer.status_code == 200 and "<html" not in html and html.count("<article") == 1 and 'href="#s5"' in html
    assert told["fact"] == str(world.fact.pk) and not told["waits"] and Fact.objects.get(pk=told["next"]).state == "proposed"
    waiting = Fact.objects.filter(document=world.document, state="proposed").count()
    assert f"còn {waiting} trong" in html and "hx-swap-oob" in html


def test_who_comes_second_sees_who_was_first_and_when(world: World, as_role: Callable[..., Client]) -> None:
    first, second, fact = as_role("desk"), as_role("verifier"), world.fact
    seen = fact.version
    assert first.post(f"/facts/{fact.pk}/reject", {"version": seen}, **HX).status_code == 200
    late = second.post(f"/facts/{fact.pk}/accept", {"version": seen}, **HX)
    name = world.users["desk"].name
    assert late.status_code == 409 and f"{name} đã bác bỏ thông tin này lúc 08:30, 15/09/2025." in late.content.decode()
    assert second.post(f"/facts/{fact.pk}/accept").status_code == 409
    page = f"/documents/{world.document.pk}"
    assert f"{name} đang duyệt tài liệu này" in second.get(page).content.decode()
    assert "đang duyệt tài liệu này" not in first.get(page).content.decode()
    assert first.post(f"/facts/{fact.pk}/undo", **HX).status_code == 200
    stale = second.post(f"/facts/{fact.pk}/accept", {"version": seen}, **HX)
    assert stale.status_code == 412 and "vừa có thay đổi" in stale.content.decode()
    fact.refresh_from_db()
    assert fact.state == "proposed"


def test_the_register_stands_beside_the_fact_and_a_person_decides(world: World, as_role: Callable[..., Client]) -> None:
    known = activity(
        name_vi="Cuộc họp rà soát", kind="meeting", chair="Nguyễn Văn Mẫu", start="2025-08-12", place="Huế", **PUBLIC
    )
    fact = Fact.objects.get(document=world.document, kind="event")
    client, page = as_role("desk"), f"/documents/{world.document.pk}"
    assert client.post(f"/facts/{fact.pk}/correct", {"place": "Hà Nội"}).status_code == 422
    fact = Fact.objects.get(pk=fact.pk)
    html = client.get(page).content.decode()
    assert f'href="/activities/{known.pk}"' in html and "Sổ đã có" in html
    sent_along = {"place": "Hà Nội", "ruling": "take", "record": str(known.pk), "record_version": known.version}
    assert client.post(f"/facts/{fact.pk}/correct", sent_along).status_code == 302
    known.refresh_from_db()
    assert known.place == "Hà Nội" and Fact.objects.get(pk=fact.pk).target_id == known.pk


def test_a_batch_says_first_what_it_would_do_and_is_undone_as_one(world: World, as_role: Callable[..., Client]) -> None:
    client, page = as_role("desk"), f"/documents/{world.document.pk}"
    before = Fact.objects.filter(document=world.document, state="proposed").count()
    words = client.get(f"{page}/accept/preview?above=0").content.decode()
    assert f"Sẽ duyệt {before} thông tin." in words and "<html" not in words
    assert "phải là một số" in client.get(f"{page}/accept/preview?above=nhiều").content.decode()
    client.post(f"{page}/accept", {"above": "0"})
    taken = before - Fact.objects.filter(document=world.document, state="proposed").count()
    html = client.get(page).content.decode()
    undo_url = re.search(rf'action="({page}/accept/[0-9a-f-]+/undo)"', html)
    assert undo_url and taken > 3
    assert f"{taken} thông tin lại chờ duyệt." in client.post(undo_url[1], follow=True).content.decode()
    assert Fact.objects.filter(document=world.document, state="proposed").count() == before
    assert client.post(undo_url[1]).status_code == 404


def test_a_long_batch_is_a_job_that_one_can_leave(
    world: World, as_role: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from banggiao.intelligence import services_batches

    monkeypatch.setattr(services_batches, "AT_ONCE", 2)
    client, page = as_role("desk"), f"/documents/{world.document.pk}"
    assert "bạn có thể rời trang này" in client.post(f"{page}/accept", {"above": "0"}, follow=True).content.decode()
    assert "Đang duyệt hàng loạt" in client.get(page).content.decode()
    assert client.post(f"{page}/accept", {"above": "0"}).status_code == 409
    state = client.get(f"{page}/accept/state")
    assert "HX-Refresh" not in state.headers and "còn" in state.content.decode()
    assert run_jobs() == 1
    assert client.get(f"{page}/accept/state").headers["HX-Refresh"] == "true"
    assert not Fact.objects.filter(document=world.document, state="proposed", kind="task").exists()
    undo_url = re.search(rf'action="({page}/accept/[0-9a-f-]+/undo)"', client.get(page).content.decode())
    assert undo_url and client.post(undo_url[1]).status_code == 302 and run_jobs() == 1
    assert Fact.objects.filter(document=world.document, state="proposed", kind="task").exists()


def test_a_missed_fact_is_added_from_words_of_the_text(world: World, as_role: Callable[..., Client]) -> None:
    client, page = as_role("desk"), f"/documents/{world.document.pk}/facts/add"
    words = "báo cáo kết quả trước ngày 30/9/2025"
    form = client.get(page, {"words": words, "kind": "commitment"}).content.decode()
    assert "Bộ trưởng yêu cầu Cục Xuất nhập khẩu" in form and 'name="side"' in form and words in form
    data = {"words": words, "kind": "commitment", "what": "Báo cáo kết quả", "side": "ours", "deadline": "30/9/2025"}
    answer = client.post(page, data)
    fact = Fact.objects.get(document=world.document, kind="commitment")
    assert answer.headers["Location"].endswith(f"#fact-{fact.pk}") and fact.rule == "by-hand@1"
    assert world.document.text[fact.start : fact.end] == words and fact.value["deadline"] == "2025-09-30"
    assert "người nhập" in client.get(f"/documents/{world.document.pk}").content.decode()
    for wrong in ({"side": ""}, {"deadline": "31/2/2025"}, {"words": "không có trong văn bản"}, {"kind": "thứ lạ"}, {}):
        assert client.post(page, {**data, **wrong}).status_code == 422 or wrong == {"kind": "thứ lạ"}
    assert Fact.objects.filter(document=world.document, kind="commitment").count() == 1
    assert as_role("leader").get(page).status_code == 403


def test_a_long_document_is_read_in_parts_and_a_fact_is_found_in_its_own(world: World, as_role: Callable[..., Client]) -> None:
    lines = [f"Ngày {n % 28 + 1}/9/2025, Bộ Công Thương giao Cục {n} báo cáo việc số {n}." for n in range(400)]
    long, _fresh = read_in(act=act(), data="\n".join(lines).encode(), name="dai.txt", classification="public")
    facts = list(Fact.objects.filter(document=long).order_by("start"))
    assert len(facts) > 250
    client, page = as_role("desk"), f"/documents/{long.pk}"
    first, last = client.get(page).content.decode(), client.get(f"{page}?fact={facts[-1].pk}").content.decode()
    assert f'id="fact-{facts[0].pk}"' in first and f'id="fact-{facts[-1].pk}"' not in first
    assert f'id="fact-{facts[-1].pk}"' in last and "Phần sau" in first and "Phần trước" in last
    shown = [client.get(f"{page}?part={n}").content.decode() for n in range(1, first.count("<option") + 1)]
    cards = [fact for html in shown for fact in re.findall(r'id="fact-([0-9a-f-]{36})"', html)]
    assert cards == [str(fact.pk) for fact in facts]
    for odd in ("?part=0", "?part=999", "?part=x", "?fact=x", f"?fact={world.fact.pk}"):
        assert client.get(page + odd).status_code == 200


def test_the_next_document_is_one_that_waits(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    other = Document.objects.exclude(pk=world.document.pk).get()
    assert f'href="/documents/{other.pk}" title=' in client.get(f"/documents/{world.document.pk}").content.decode()
    for fact in Fact.objects.filter(document=other, state="proposed"):
        reject_fact(act=act(), fact=fact)
    assert 'data-page-key="n"' not in client.get(f"/documents/{world.document.pk}").content.decode()
