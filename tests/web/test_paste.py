"""Can a table be pasted, mended, written and taken back, with nothing written before it is confirmed and nothing lost?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from banggiao.commitments.models import Commitment
from banggiao.web.models import HeadingMeaning, StagedPaste
from tests.conftest import NOW
from tests.web.world import World

pytestmark = pytest.mark.django_db
HEAD = "Nội dung cam kết\tBên thực hiện\tNước\tHạn\tÝ khác"
GOOD = "Mở đường bay {n}\tHai bên\tVương quốc X\tquý IV/2025\tRõ người <i>A</i>"
BAD = "Cử chuyên gia <script>alert(1)</script>\tPhía bạn\tNước Lạ\tsớm\t"


def body(response: object) -> str:
    return unescape(response.content.decode())  # type: ignore[attr-defined]


def _pasted(client: Client, *rows: str) -> str:
    response = client.post("/commitments/paste", {"table": "\n".join([HEAD, *rows])})
    assert response.status_code == 302, body(response)
    return str(response.headers["Location"])


def test_from_word_into_the_register_and_back_out(world: World, as_role: Callable[..., Client]) -> None:
    client, before = as_role("desk"), Commitment.objects.count()
    place = _pasted(client, GOOD.format(n=1), BAD, GOOD.format(n=2), GOOD.format(n=1))
    response = client.get(place)
    page = body(response)
    assert b"<script>alert" not in response.content and "Không tìm thấy “Nước Lạ”" in page and "Giống dòng 1." in page
    assert Commitment.objects.count() == before, "nothing is written before it is confirmed"
    refused = client.post(place, {"do": "write", "whole": "yes"})
    assert refused.status_code == 422 and Commitment.objects.count() == before
    page = body(client.post(place, {"do": "write"}, follow=True))
    again = client.get(_pasted(client, GOOD.format(n=1))).content.decode()
    known = Commitment.objects.get(text_vi="Mở đường bay 1")
    assert f'href="/commitments/{known.pk}"' in again, "a row that stands already leads to its record"
    assert "Đã ghi 2 bản ghi. Bỏ qua 1 dòng có thể trùng. Còn 1 dòng có lỗi." in page
    assert Commitment.objects.count() == before + 2
    assert "Nước Lạ" in body(client.get(f"{place}/mend.csv"))
    text = re.search(
        r"<textarea[^>]*>(.*?)</textarea>",
        client.get(f"/commitments/paste?from={place.rsplit('/', 1)[1]}").content.decode(),
        re.DOTALL,
    )
    assert text
    mended = unescape(text[1]).replace("Nước Lạ", "Vương quốc X").replace("sớm", "2025")
    again = client.post("/commitments/paste", {"table": mended}).headers["Location"]
    client.post(again, {"do": "write"})
    assert Commitment.objects.count() == before + 3
    page = body(client.post(f"{place}/undo", {"version": "0"}, follow=True))
    assert "Đã rút 2 bản ghi." in page and Commitment.objects.filter(retracted=True).count() == 2


def test_what_somebody_wrote_on_since_is_not_taken_back(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    place = _pasted(client, GOOD.format(n=1), GOOD.format(n=2))
    client.post(place, {"do": "write"})
    made = Commitment.objects.get(text_vi="Mở đường bay 2")
    from banggiao.commitments.services import revise_commitment
    from tests.factories.rows import act

    revise_commitment(act=act(), commitment=made, values={"product": "Đường bay"}, version=1)
    page = body(client.post(f"{place}/undo", {"version": "0"}, follow=True))
    assert "Đã rút 1 bản ghi. Còn 1 bản ghi đã có người sửa hoặc gắn vào nên được giữ." in page
    assert not Commitment.objects.get(pk=made.pk).retracted


def test_a_column_explained_once_is_known_the_next_time(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    place = _pasted(client, GOOD.format(n=1))
    staged = StagedPaste.objects.get(pk=place.rsplit("/", 1)[1])
    assert staged.columns == ["text_vi", "side", "partner_id", "current_due", ""]
    chosen = {f"column-{n}": name for n, name in enumerate([*staged.columns[:4], "person_in_charge"])}
    client.post(place, {"do": "map", **chosen})
    client.post(place, {"do": "write"})
    assert Commitment.objects.get(text_vi="Mở đường bay 1").person_in_charge == "Rõ người <i>A</i>"
    _pasted(client, GOOD.format(n=2))
    assert StagedPaste.objects.order_by("-pk")[0].columns[4] == "person_in_charge"
    client.post(place, {"do": "map", "column-0": "work_state", "column-1": "side", "column-2": "side"})
    assert StagedPaste.objects.get(pk=staged.pk).columns == ["", "side", "", "", ""]
    assert HeadingMeaning.objects.filter(heading="y khac", table="").count() == 1


def test_only_cells_with_several_partners_ask_what_becomes_of_them(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    assert 'name="partners"' not in body(client.get(_pasted(client, BAD))), "an unknown partner is one partner"
    both = GOOD.format(n=1).replace("Vương quốc X", "Vương quốc X; Nước Lạ")
    assert 'name="partners"' in body(client.get(_pasted(client, both)))


def test_a_file_is_taken_and_a_harmful_one_refused(world: World, as_role: Callable[..., Client]) -> None:
    from openpyxl import Workbook

    client, book, out = as_role("desk"), Workbook(), BytesIO()
    assert book.active is not None
    for row in (HEAD, GOOD.format(n=1)):
        book.active.append(row.split("\t"))
    book.save(out)
    file = SimpleUploadedFile("../../cam-ket.xlsx", out.getvalue())
    place = client.post("/commitments/paste", {"file": file}).headers["Location"]
    assert "Mở đường bay 1" in body(client.get(place))
    for name, data in (("x.xlsx", b"PK\x03\x04" + bytes(50)), ("x.exe", bytes(5000)), ("x.csv", b"")):
        response = client.post("/commitments/paste", {"file": SimpleUploadedFile(name, data), "table": ""})
        assert response.status_code == 422 and "error-text" in body(response)
    assert client.post("/commitments/paste", {"table": " \n "}).status_code == 422
    assert client.post("/commitments/paste", {"table": HEAD}).status_code == 422


def test_a_kept_table_is_its_owners_and_goes_after_a_week(
    world: World, as_role: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.factories.rows import user

    client = as_role("desk")
    place = _pasted(client, GOOD.format(n=1))
    assert place in body(client.get("/commitments/paste"))
    colleague = user("dong.nghiep", role="desk", body=world.body)
    other = Client()
    other.force_login(colleague, backend="banggiao.accounts.backend.AccountBackend")
    assert other.get(place).status_code == 404 and other.post(place, {"do": "write"}).status_code == 404
    assert as_role("mission").get("/commitments/paste").status_code == 403
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=8))
    client = as_role("desk")  # the session has ended too
    _pasted(client, GOOD.format(n=2))
    assert client.get(place).status_code == 404 and StagedPaste.objects.count() == 1
    for n in range(7):
        _pasted(client, GOOD.format(n=n))
    assert StagedPaste.objects.count() == 5


def test_an_unwanted_table_goes_and_what_was_written_stays(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    place = _pasted(client, GOOD.format(n=1), BAD)
    client.post(place, {"do": "write"})
    client.post(f"{place}/forget")
    assert (
        not StagedPaste.objects.exclude(pk=world.paste.pk).exists()
        and Commitment.objects.filter(text_vi="Mở đường bay 1").exists()
    )
