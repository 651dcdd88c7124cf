"""The desk's morning through the pages: sign in, bring in a text, accept what was read, follow the citation, open the review."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from banggiao.activities.models import Activity
from banggiao.sources.models import Document, Fact
from tests.factories.loaded import loaded
from tests.factories.rows import institution, user

__all__ = ["loaded"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
SAMPLE = "04-hop-ra-soat-sau-thang.txt"


def test_the_morning_of_the_desk() -> None:
    user("can.bo", role="desk", body=institution("VU-E"), since=date(2025, 1, 1))
    client = Client()
    assert client.post("/sign-in", {"username": "can.bo", "password": "mat khau that dai 9"}).headers["Location"] == "/"
    assert "Chưa có" not in client.get("/").content.decode().split("<main")[0]

    data = files("banggiao").joinpath("data", "samples", "texts", SAMPLE).read_bytes()
    sent = {"file": SimpleUploadedFile(SAMPLE, data), "classification": "public"}
    page = client.post("/documents/add", sent, follow=True)
    document = Document.objects.get(source_name=SAMPLE)
    assert page.redirect_chain == [(f"/documents/{document.pk}", 302)] and "Máy đọc được" in page.content.decode()
    assert SAMPLE in client.get("/documents").content.decode() or document.title in client.get("/documents").content.decode()

    # The main event by hand, the rest in a batch.
    event = Fact.objects.get(document=document, kind="event", value__role="main")
    assert client.post(f"/facts/{event.pk}/accept").status_code == 302
    answer = client.post(f"/documents/{document.pk}/accept", {"above": "80"}, follow=True)
    assert re.search(r"Đã duyệt \d+ thông tin\.", answer.content.decode())
    event.refresh_from_db()
    activity = Activity.objects.get(pk=event.target_id)

    # From the activity to the words it rests on: two clicks from any list.
    html = client.get(f"/activities/{activity.pk}").content.decode()
    sentence = " ".join(document.text[event.evidence_start : event.evidence_end].split())
    assert "Trích dẫn" in html and sentence.replace('"', "&#34;")[:60] in html
    place = re.search(rf'href="(/documents/{document.pk}\?fact=[^"#]+)#(w-[^"]+)"', html)
    assert place and f'id="{place.group(2)}"' in client.get(place.group(1)).content.decode()

    review = client.get("/reviews/choose", {"period": "2025-H1"}, follow=True)
    html = review.content.decode()
    assert review.redirect_chain == [("/reviews/2025-H1", 302)] and "DỰ THẢO" in html and 'id="note-1"' in html
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("json", b"{")):
        file = client.get(f"/reviews/2025-H1/file.{form}")
        assert file.status_code == 200 and file.content.startswith(start)

    # Until number, date and signer are entered it is a draft; afterwards it is not.
    signature = {
        "number": "12",
        "issued_on": "2025-07-15",
        "place": "Hà Nội",
        "signer_title": "Thứ trưởng",
        "signer_name": "Nguyễn Văn Mẫu",
    }
    assert client.post("/reviews/2025-H1/signature", {**signature, "number": "mười hai"}).status_code == 422
    signed = client.post("/reviews/2025-H1/signature", signature, follow=True).content.decode()
    assert "DỰ THẢO" not in signed and "12/BC-BNG" in signed and "Nguyễn Văn Mẫu" in signed
    stale = client.post("/reviews/2025-H1/signature", {**signature, "number": "13", "version": "1"})
    assert stale.status_code == 412 and 'value="13"' in stale.content.decode()
