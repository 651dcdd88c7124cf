"""Is a partner's file whole, honest about rights, and one sheet long in print? Does the map lead to it, and a body end well?"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from banggiao.commitments.models import Commitment, Task
from banggiao.core.ledger import LedgerEntry
from banggiao.partners.models import Institution, RelationLevel
from banggiao.sources.models import Observation
from banggiao.sources.services import load_observations
from tests.factories.rows import SIX, act, activity, barrier, commitment, institution, partner
from tests.web.world import PUBLIC, World

pytestmark = pytest.mark.django_db
AsRole = Callable[..., Client]


def text_of(client: Client, url: str) -> str:
    html = client.get(url).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_file_tells_what_both_sides_promised_and_what_comes_next(world: World, as_role: AsRole) -> None:
    activity(name_vi="Khóa họp tháng 12", start="2025-12-04", partners=[world.state], **PUBLIC)
    commitment(text_vi="Cử đoàn chuyên gia", side="ours", partner_id=world.state.pk, lead_id=world.body.pk, **SIX, **PUBLIC)
    text = text_of(as_role("desk"), "/partners/XAA")
    assert text.index("Phía bạn đã hứa") < text.index("Phía ta đã hứa") < text.index("Hai bên cùng làm")
    for words in (
        "Đối tác chiến lược", "Mở cửa thị trường", "Cử đoàn chuyên gia", "Bộ BO-A", "Bản ghi nhớ về cà phê",
        "Kiểm tra dư lượng với cà phê", "Thăm chính thức", "Sắp tới: Khóa họp tháng 12, 4/12/2025.", "Tuyên bố chung",
        "Kỷ niệm gần nhất: 20/11/2025, 10 năm, đối tác chiến lược.", "Năm tròn",
    ):  # fmt: skip
        assert words in text, words
    assert "Quá hạn 1" in text  # the other side's promise of 1 August; the strip links to the list it counted
    listed = text_of(as_role("desk"), "/commitments?partner=XAA&overdue_on=2025-09-15")
    assert "Bỏ kiểm tra kép" in listed and "Cử đoàn" not in listed
    assert "/partners/XAA/brief.pdf" in as_role("desk").get(f"/partners/{world.state.pk}").content.decode()


def test_the_file_hides_what_its_reader_may_not_know(world: World, as_role: AsRole) -> None:
    commitment(text_vi="Thỏa thuận kín", partner_id=world.state.pk, lead_id=world.other.pk, owner=world.other.pk, **SIX)
    assert "Thỏa thuận kín" in text_of(as_role("desk"), "/partners/XAA")
    client = as_role("enterprise")
    page = client.get("/partners/XAA").content.decode()
    assert "Thỏa thuận kín" not in page and "brief.pdf" not in page and "Ghi mức quan hệ" not in page
    assert client.get("/partners/XAA/brief.pdf").status_code == 403
    assert client.get("/partners/ZZZ").status_code == client.get("/partners/ZZZ/brief.pdf").status_code == 404
    assert "Thỏa thuận kín" not in as_role("mission").get("/partners/XAA/brief.json").content.decode()


def test_the_file_costs_few_queries_however_long_its_lists(world: World, as_role: AsRole) -> None:
    client = as_role("desk")
    client.get("/partners/XAA")
    with CaptureQueriesContext(connection) as before:
        client.get("/partners/XAA")
    for number in range(20):
        commitment(text_vi=f"Việc {number}", partner_id=world.state.pk, side="joint", lead_id=world.body.pk, **PUBLIC)
        activity(name_vi=f"Gặp {number}", partners=[world.state], **PUBLIC)
        barrier(name_vi=f"Rào cản {number}", partner_id=world.state.pk, **PUBLIC)
    with CaptureQueriesContext(connection) as after:
        client.get("/partners/XAA")
    assert len(after) <= len(before) + 3 and len(after) < 130


@pytest.mark.parametrize("language", ["vi", "en"])
def test_one_sheet_however_much_there_is(language: str, world: World, as_role: AsRole) -> None:
    for number in range(12):
        for side in ("ours", "theirs", "joint"):
            commitment(
                text_vi=f"Việc thứ {number}: " + "mở rộng hợp tác về nhiều lĩnh vực cùng quan tâm " * 6, side=side,
                partner_id=world.state.pk, lead_id=world.body.pk, **PUBLIC,
            )  # fmt: skip
    client = as_role("desk", language)
    answer = client.get("/partners/XAA/brief.pdf")
    assert answer["Content-Type"] == "application/pdf" and "brief-XAA-20250915.pdf" in answer["Content-Disposition"]
    pdf = pypdfium2.PdfDocument(answer.content)
    assert len(pdf) == 1
    page = pdf[0]
    words = page.get_textpage().get_text_range()
    assert ("DỰ THẢO" if language == "vi" else "DRAFT") in words and "DIỄN TẬP" not in words
    sizes = _sizes(page)
    assert min(size for size in sizes if size > 11.5) >= 13.9  # all but the stamp in the head is in large print
    assert LedgerEntry.objects.filter(record_type="core.export").count() == 1


def _sizes(page: Any) -> set[float]:
    """The sizes, in points, that text is set in."""
    found = set()
    for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
        import ctypes

        size = ctypes.c_float()
        pypdfium2.raw.FPDFTextObj_GetFontSize(each, size)
        found.add(round(size.value * each.get_matrix().d, 1))
    return found


def test_the_sheet_says_who_must_act_and_bears_the_mark_of_the_exercise(world: World, as_role: AsRole) -> None:
    drill = partner("DT-P", "Nước P", exercise=True)
    commitment(text_vi="Việc diễn tập", partner_id=drill.pk, lead_id=world.body.pk, exercise=True, **PUBLIC)
    client = as_role("desk")
    paper = client.get("/partners/DT-P/brief.json").json()
    assert paper["exercise"] and paper["draft"] and paper["layout"] == "working"
    told = json.dumps(paper, ensure_ascii=False)
    assert "Việc diễn tập" in told and "Bộ BO-A" in told and "hạn 30/9/2025" in told
    assert "DIỄN TẬP" in text_of(client, "/partners/DT-P")
    word = zipfile.ZipFile(io.BytesIO(client.get("/partners/DT-P/brief.docx").content))
    header = "".join(word.read(n).decode() for n in word.namelist() if "header" in n)
    assert "DIỄN TẬP" in header and "DỰ THẢO" in header
    real = json.dumps(client.get("/partners/XAA/brief.json").json(), ensure_ascii=False)
    assert "QUÁ HẠN" in real  # the promise of 1 August, given and past its date


def test_trade_stands_as_each_source_gives_it(world: World, as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    list(_load_shares())
    monkeypatch.setattr("banggiao.reports.questions_partner.HOME_CODE", "VNM")
    Observation.objects.filter(subject="KOR").update(subject="XAA")
    client = as_role("desk")
    text = text_of(client, "/partners/XAA")
    assert "Tỷ trọng trong xuất khẩu của Việt Nam" in text and "Xem số liệu của biểu đồ" in text
    svg = client.get("/partners/XAA/trade.svg")
    assert svg["Content-Type"] == "image/svg+xml" and "Nhập khẩu" in svg.content.decode()
    table = text_of(client, "/partner_trade?partner=XAA")
    assert "6" in table and "2022" in table


def _load_shares() -> Any:
    from banggiao.sources.loading import SERIES, _reader

    yield load_observations(
        act=act(), name="trade_partner_shares", build=_reader("trade_partner_shares", SERIES["trade_partner_shares"])
    )


def test_the_map_leads_to_files_and_stands_above_its_table(world: World, as_role: AsRole) -> None:
    partner("AUS", "Australia")
    client = as_role("desk", "en")
    page = client.get("/partners/map?show=commitments").content.decode()
    assert "Hoang Sa Archipelago (Viet Nam)" in page and page.count('data-islands="') == 19
    assert "Kingdom XAA (2 commitments)" in page  # has no shape, so it stands below the map
    assert client.get("/partners/map?show=%00").status_code == 404
    assert 'href="/partners/map"' in client.get("/partners").content.decode()
    png = client.get("/partners/map/levels.png")
    assert png.content.startswith(b"\x89PNG") and png["Content-Disposition"].startswith("attachment")
    assert len(pypdfium2.PdfDocument(client.get("/partners/map/levels.pdf").content)) >= 1
    assert zipfile.ZipFile(io.BytesIO(client.get("/partners/map/levels.docx").content)).testzip() is None
    assert client.get("/partners/map/levels.exe").status_code == 404
    assert as_role("enterprise").get("/partners/map/levels.png").status_code == 403


def test_a_level_is_entered_by_hand_and_shows_in_the_file(world: World, as_role: AsRole) -> None:
    client = as_role("desk")
    assert 'value="XAA"' in client.get("/relation_levels/new?partner_id=XAA").content.decode()
    sent = {
        "partner_id": "XAA", "level": "comprehensive_strategic", "event": "upgraded", "day": "1/9/2025",
        "basis": "Tuyên bố chung ngày 1/9/2025",
    }  # fmt: skip
    assert client.post("/relation_levels/new", {**sent, "day": "1/9/2030"}).status_code == 422
    assert client.post("/relation_levels/new", sent).status_code == 302
    made = RelationLevel.objects.get(level="comprehensive_strategic")
    assert made.day == "2025-09-01"
    assert "Tuyên bố chung ngày 1/9/2025" in text_of(client, "/partners/XAA")
    assert as_role("ministry").post("/relation_levels/new", sent).status_code == 403


def test_a_body_ends_by_its_page_with_its_duties_handed_on(world: World, as_role: AsRole) -> None:
    client, url = as_role("desk"), f"/institutions/{world.other.pk}/close"
    heir = institution("BO-C")
    page = text_of(client, url)
    assert "việc chưa kết thúc" in page and "Kết thúc và chuyển việc" in page
    sent = {"version": "1", "valid_to": "1/9/2025", "basis": "Nghị định 1"}
    refused = client.post(url, sent)
    assert refused.status_code == 422 and world.late.code in refused.content.decode()
    assert 'value="1/9/2025"' in refused.content.decode()  # nothing typed is lost
    done = client.post(url, {**sent, "successor_id": str(heir.pk)}, follow=True)
    assert "chuyển sang cơ quan kế nhiệm" in done.content.decode()
    ended = Institution.objects.get(pk=world.other.pk)
    assert (ended.valid_to, ended.successor_id) == ("2025-09-01", heir.pk)
    assert Commitment.objects.get(pk=world.late.pk).lead_id == heir.pk and not Task.objects.filter(lead=ended).exists()
    assert "Bộ BO-B" in text_of(client, f"/institutions/{heir.pk}")
    assert client.post(url, {**sent, "version": "1"}).status_code in (409, 412)
    assert as_role("leader").get(url).status_code == 403


def test_posts_over_time_stand_on_the_persons_page(world: World, as_role: AsRole) -> None:
    client = as_role("desk")
    sent = {"person_id": str(world.person.pk), "title_vi": "Phó Thủ tướng", "first_seen": "9/2025", "basis": "Thông cáo báo chí"}
    assert client.post("/posts/new", sent).status_code == 302
    text = text_of(client, f"/people/{world.person.pk}")
    assert text.index("Phó Thủ tướng") < text.index("Bộ trưởng") and "Thông cáo báo chí" in text
    assert "đương nhiệm" not in text.lower()
    assert client.post("/posts/new", {**sent, "basis": ""}).status_code == 422
