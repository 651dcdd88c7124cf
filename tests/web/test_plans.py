"""Pages and API of plans and evidence: what is refused says why, files leave as downloads, versions are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.http import urlencode

from banggiao.commitments.models import Commitment
from banggiao.followup.evidence.files import Sent
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.models import Evidence
from banggiao.followup.planning.models import Baseline, MilestoneClaim
from tests.factories.rows import AT, act
from tests.reading.intake.test_vetting import pdf
from tests.web.world import World
from tests.web.world_plans import draft

pytestmark = pytest.mark.django_db
AsRole = Callable[..., Client]
JSON = "application/json"


def test_a_file_is_refused_beside_its_field_and_nothing_is_written(as_role: AsRole, world: World) -> None:
    form = {"description": "Biên bản", "day": "2025-09-01", "grade": "2"}
    for name, data, said in (
        ("bien-ban.pdf", b"MZ\x90\0" + bytes(90), "chương trình hoặc tập lệnh"),
        ("a.png", pdf(), "nội dung là PDF"),
    ):
        sent = as_role("ministry").post(f"/tasks/{world.task.pk}/evidence", {**form, "file": SimpleUploadedFile(name, data)})
        assert sent.status_code == 422 and said in sent.content.decode()
    assert not Evidence.objects.filter(description="Biên bản").exists()
    sent = as_role("ministry").post(f"/tasks/{world.task.pk}/evidence", {**form, "file": SimpleUploadedFile("a.pdf", pdf())})
    assert sent.status_code == 302
    made = Evidence.objects.get(description="Biên bản")
    taken = as_role("verifier").get(f"/evidence/{made.pk}/file")
    assert taken.content == pdf() and taken["Content-Type"] == "application/pdf"
    assert taken["Content-Disposition"].startswith("attachment") and taken["X-Content-Type-Options"] == "nosniff"


def test_the_file_of_a_hidden_duty_is_not_there(as_role: AsRole, world: World) -> None:
    made = add_evidence(
        act=act(), record=world.hidden, grade=2, description="Biên bản", day=AT.date(), file=Sent("a.pdf", [pdf()])
    )
    for role, status in (("ministry", 404), ("verifier", 200)):
        for path in (f"/evidence/{made.pk}/file", f"/api/registers/evidence/{made.pk}/file"):
            assert as_role(role).get(path).status_code == status


def test_weights_that_do_not_sum_come_back_as_typed(as_role: AsRole, world: World) -> None:
    client, here = as_role("ministry"), f"/commitments/{world.late.pk}/plan/draft"
    form = {"starts": "2025-09-01", "lines": "2", "m0-name_vi": "Một", "m0-weight": "30", "m0-due": "2025-10-01"}
    form |= {"m1-name_vi": "Hai", "m1-weight": "60", "m1-due": "2025-08-01"}
    client = as_role("desk")
    sent = client.post(here, form)
    page = sent.content.decode().replace("\u00a0", " ")
    assert sent.status_code == 422 and "Tổng tỷ trọng: 90 %" in page
    assert "Ngày của mốc không được trước ngày bắt đầu kế hoạch." in page and ">Một</textarea>" in page
    again = client.post(here, {**form, "m1-due": "2025-10-02"})
    assert "Tổng tỷ trọng của các mốc phải đúng 100 %." in again.content.decode()
    pasted = client.post(
        here, {"starts": "2025-09-01", "lines": "0", "pasted": "Khảo sát\t40%\t5/9/2025\nKý\t60\t2025-09-30\tPhía bạn"}
    )
    assert pasted.status_code == 200 and "Tổng tỷ trọng: 100 %" in pasted.content.decode().replace("\u00a0", " ")
    assert not Baseline.objects.filter(subject_id=world.late.pk).exists()
    assert client.post(here, {**form, "m1-weight": "70", "m1-due": "2025-10-02"}).status_code == 302
    made = Baseline.objects.get(subject_id=world.late.pk)
    assert [m.required_grade for m in made.milestones.order_by("position")] == [2, 3]


def body_of(plan: dict[str, Any]) -> dict[str, Any]:
    rows = [{"name_vi": m["name"]["vi"], "weight": m["weight"], "due": m["due"]} for m in plan["milestones"]]
    return {"starts": plan["starts"], "milestones": rows}


def test_a_draft_is_written_on_the_version_that_was_read(as_role: AsRole, world: World) -> None:
    client, where = as_role("desk"), f"/api/registers/commitments/{world.commitment.pk}/plan"
    plan = client.get(where).json()["baselines"][0]
    put = f"{where}/{draft().pk}"
    changed = {**body_of(plan), "starts": "2025-07-02"}
    assert client.put(put, changed, JSON).status_code == 428
    assert client.put(put, changed, JSON, headers={"If-Match": '"1"'}).status_code == 200
    stale = client.put(put, {**changed, "starts": "2025-07-03"}, JSON, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert [d["field"] for d in stale.json()["differences"]] == ["starts"]
    wrong = client.put(
        put, {**changed, "milestones": [{"name_vi": "", "weight": 2, "due": "x"}]}, JSON, headers={"If-Match": '"2"'}
    )
    fields = {p["field"] for p in wrong.json()["problems"]}
    assert wrong.status_code == 422 and "milestones.1.due" in fields
    approved = as_role("leader").post(f"{put}/approve", {}, JSON, headers={"If-Match": '"2"'})
    assert (approved.status_code, approved.json()["number"]) == (200, 0)


def test_a_claim_and_a_file_sent_twice_are_taken_once(as_role: AsRole, world: World) -> None:
    client, where = as_role("ministry"), f"/api/registers/tasks/{world.task.pk}"
    before = MilestoneClaim.objects.count()
    for _turn in range(2):
        said = client.post(
            f"{where}/claims", {"milestone": "1", "day": "2025-09-10", "quantity": 4}, JSON, headers={"Idempotency-Key": "k1"}
        )
        assert said.status_code == 200, said.content
    assert MilestoneClaim.objects.count() == before + 1
    ids = set()
    for _turn in range(2):
        form = {"description": "Nghiệm thu", "day": "2025-09-10", "grade": "3", "milestone": "1", "quantity": "4"}
        sent = client.post(
            f"{where}/evidence/file", {**form, "file": SimpleUploadedFile("nt.pdf", pdf())}, headers={"Idempotency-Key": "k2"}
        )
        assert sent.status_code == 200, sent.content
        ids.add(sent.json()["id"])
    assert len(ids) == 1 and Evidence.objects.filter(description="Nghiệm thu").count() == 1
    made = Evidence.objects.get(description="Nghiệm thu")
    step = f"/api/registers/evidence/{made.pk}/steps/accept"
    mine = as_role("verifier").post(step, {}, JSON, headers={"If-Match": '"1"'})
    assert mine.status_code == 409, "the verifier is of the body that leads"
    assert client.post(step, {}, JSON, headers={"If-Match": '"1"'}).status_code == 403


def test_commitments_are_split_and_replaced_over_the_api(as_role: AsRole, world: World) -> None:
    client, one, other = as_role("desk"), world.commitment, world.late
    where = f"/api/registers/commitments/{one.code}"
    parts = [{"text_vi": "Gạo", "weight": 0.25}, {"text_vi": "Cà phê", "weight": "0.75"}]
    sent = client.post(f"{where}/split", {"parts": parts, "reason": "vì"}, JSON, headers={"If-Match": f'"{one.version}"'})
    assert sent.status_code == 200, sent.content
    made = sent.json()["commitments"]
    assert [c["weight"] for c in made] == [0.25, 0.75]
    plan = client.get(f"{where}/plan").json()
    assert {end["code"] for end in plan["replaced_by"]} == {c["code"] for c in made}
    page = client.get(f"/commitments/{one.pk}").content.decode()
    assert all(f"Được thay thế bằng {c['code']}" in page for c in made)
    back = client.post(
        f"/api/registers/commitments/{made[0]['code']}/supersede",
        {"by": one.code, "reason": "vì", "document": "12/X"}, JSON, headers={"If-Match": '"1"'},
    )  # fmt: skip
    assert back.status_code == 409 and f"{made[0]['code']} → {one.code} → {made[0]['code']}" in back.json()["message"]
    form = {"by": made[1]["code"], "reason": "vì", "version": other.version}
    assert client.post(f"/commitments/{other.pk}/supersede", form).status_code == 422, "a partner's document is missing"
    assert client.post(f"/commitments/{other.pk}/supersede", {**form, "document": "12/X"}).status_code == 302
    assert Commitment.objects.get(pk=other.pk).work_state == "superseded"


def test_work_waits_for_those_who_check(as_role: AsRole, world: World) -> None:
    page = as_role("verifier").get("/evidence?" + urlencode({"state": "submitted"})).content.decode()
    assert "Biên bản khảo sát" in page and "Rà soát thỏa thuận" in page and "Khảo sát các tỉnh" in page
    assert "Minh chứng chờ thẩm tra" in page
    assert "Minh chứng chờ thẩm tra" not in as_role("ministry").get("/").content.decode()
