"""Can progress be reported, forms be given back and reports be called for over HTTP, with the rights of the caller?"""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from banggiao.followup.models import ProgressUpdate
from tests.factories.rows import commitment, institution, programme, user

pytestmark = pytest.mark.django_db


def client_of(role: str, body: Any) -> Client:
    client = Client()
    client.force_login(user(f"u.{role}", role=role, body=body), backend="banggiao.accounts.backend.AccountBackend")
    return client


def test_a_form_is_given_back_and_written_when_asked_to() -> None:
    body, other = institution("BO-A"), institution("BO-B")
    duty = commitment(lead_id=body.pk)
    desk, stranger = client_of("desk", other), client_of("ministry", other)
    assert stranger.get("/api/progress-forms/BO-A.xlsx").status_code == 403
    assert desk.get("/api/progress-forms/BO-A.xlsx?scope=tat-ca").status_code == 404
    assert desk.get("/api/progress-forms/BO-A.xlsx?mau=1").status_code == 422
    book = load_workbook(io.BytesIO(desk.get("/api/progress-forms/BO-A.xlsx").content))
    book.worksheets[0].cell(11, 9).value = "Đã họp"
    out = io.BytesIO()
    book.save(out)

    def give(**more: Any) -> Any:
        file = SimpleUploadedFile("phieu.xlsx", out.getvalue())
        return desk.post("/api/progress-forms/returned", {"file": file, **more})

    seen = give()
    assert seen.status_code == 200 and [row["standing"] for row in seen.json()["rows"]] == ["report"]
    assert give(write="true").status_code == 422 and not ProgressUpdate.objects.exists(), "no letter"
    done = give(write="true", letter="12/BA ngày 14/9/2025").json()
    assert done["rows"][0]["written"] and ProgressUpdate.objects.get().subject_id == duty.pk


def test_progress_is_reported_with_its_recommendation() -> None:
    body = institution("BO-A")
    duty = commitment(lead_id=body.pk)
    own = client_of("ministry", body)

    def report(register: str, **values: Any) -> int:
        address = f"/api/registers/{register}/{duty.pk}/progress"
        body = {"day": "2025-09-15", "text": "Đã họp", **values}
        return own.post(address, json.dumps(body), content_type="application/json").status_code

    assert report("commitments", claimed="1.5") == 422
    assert report("commitments", difficulty="LAZY") == 422
    assert report("tasks") == 404
    assert report("commitments", claimed="0.5", recommendation="Bố trí vốn") == 200
    assert ProgressUpdate.objects.get().recommendation == "Bố trí vốn"


def test_missions_are_called_on_by_those_who_may() -> None:
    asker = institution("VU-E")
    made = programme()
    sent = {"period": "2025-H2", "asker": "VU-E", "deadline": "2025-12-15"}

    def call(client: Client) -> Any:
        return client.post("/api/programmes/reports", json.dumps(sent), content_type="application/json")

    assert call(client_of("mission", made.mission)).status_code == 403
    done = call(client_of("desk", asker))
    assert done.status_code == 200 and (done.json()["state"], done.json()["missions"]) == ("open", 1)
