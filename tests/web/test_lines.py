"""Can a programme, a delegation, legal steps and clauses be written on the pages, without losing what was typed?"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from banggiao.activities.models import AgendaItem, Outcome
from banggiao.agreements.models import Clause, PartyStatus
from banggiao.commitments.models import Commitment
from banggiao.core.ledger import entries_of
from tests.web.world import World

pytestmark = pytest.mark.django_db


def page_of(client: Any, register: str, record: Any) -> str:
    return str(client.get(reverse("web:record", args=[register, record.pk])).content.decode())


def test_lines_are_added_one_after_the_other(world: World, as_role: Any) -> None:
    desk, url = as_role("desk"), reverse("web:add_line", args=["activities", world.activity.pk, "agenda"])
    sent = {"day": "10/3/2025", "time": "8h", "title_vi": "Khai mạc", "again": "yes"}
    refused = desk.post(url, sent)
    assert refused.status_code == 422 and "Khai mạc" in refused.content.decode() and "08:30" in refused.content.decode()
    answer = desk.post(url, {**sent, "time": "08:00"})
    assert (answer.status_code, answer["Location"]) == (302, f"{url}?again=yes")
    assert "checked" in desk.get(answer["Location"]).content.decode()
    answer = desk.post(url, {"day": "10/3/2025", "time": "09:00", "title_vi": "Phiên 1"})
    assert answer["Location"].endswith("#agenda")
    shown = page_of(desk, "activities", world.activity)
    assert shown.index("Khai mạc") < shown.index("Phiên 1") and "Mục chương trình: thêm dòng – Khai mạc" in shown
    assert "Phiên 1" in page_of(as_role("enterprise"), "activities", world.activity)
    assert AgendaItem.objects.count() == 2


def test_a_line_is_changed_on_its_version_and_taken_out(world: World, as_role: Any) -> None:
    desk, line = as_role("desk"), world.outcome
    url = reverse("web:line", args=["activities", world.activity.pk, "outcomes", line.pk])
    assert "Họp hằng năm" in desk.get(url).content.decode()
    changed = {"kind": "result", "text_vi": "Họp hằng quý", "text_en": "", "version": "1"}
    assert desk.post(url, changed).status_code == 302
    stale = desk.post(url, {**changed, "text_vi": "Của tôi"})
    assert stale.status_code == 412 and "Của tôi" in stale.content.decode() and "Họp hằng quý" in stale.content.decode()
    remove = reverse("web:remove_line", args=["activities", world.activity.pk, "outcomes", line.pk])
    assert desk.post(remove, {"version": "2"}).status_code == 302
    assert Outcome.objects.get(pk=line.pk).retracted and desk.get(url).status_code == 404
    assert "Họp hằng năm" in page_of(desk, "activities", world.activity), "the history still tells it"


def test_a_legal_step_is_taken_back_with_a_reason(world: World, as_role: Any) -> None:
    desk = as_role("desk")
    add = reverse("web:add_line", args=["agreements", world.agreement.pk, "legal_steps"])
    assert "Vương quốc X" in desk.get(add).content.decode(), "a party is chosen from the parties"
    sent = {"partner_id": str(world.state.pk), "status": "ratified", "day": "6/2025", "note_vi": "", "document_id": ""}
    assert desk.post(add, sent).status_code == 302
    step = PartyStatus.objects.get(status="ratified")
    assert (step.day, step.partner_id) == ("2025-06", world.state.pk)
    remove = reverse("web:remove_line", args=["agreements", world.agreement.pk, "legal_steps", step.pk])
    assert desk.post(remove, {"version": "1", "reason": " "}).status_code == 422
    assert desk.post(remove, {"version": "1", "reason": "Nhầm bên"}).status_code == 302
    assert entries_of(step.pk).get(action="retract").reason == "Nhầm bên"


def test_a_text_is_split_and_a_clause_becomes_a_commitment(world: World, as_role: Any) -> None:
    from tests.factories.rows import document

    desk, signed = as_role("desk"), world.agreement
    text = document("THỎA THUẬN\nĐiều 1. Phạm vi\nCà phê.\nĐiều 2. Báo cáo\nHai bên báo cáo hằng năm.\n", name="t.txt")
    add = reverse("web:add_line", args=["agreements", signed.pk, "texts"])
    assert desk.post(add, {"document_id": str(text.pk), "role": "draft", "language": "vi", "note": ""}).status_code == 302
    line = desk.get(reverse("web:record", args=["agreements", signed.pk])).content.decode()
    assert "Tách điều khoản" in line
    from banggiao.agreements.models import AgreementText

    split = reverse("web:split_text", args=[signed.pk, AgreementText.objects.get(document=text).pk])
    assert "Điều 2. Báo cáo" in desk.get(split).content.decode()
    assert desk.post(split, {}).status_code == 422, "nothing chosen"
    assert desk.post(split, {"clause-40": "yes", "clause-999": "yes"}).status_code in (302, 422)
    place = text.text.index("Điều 2")
    desk.post(split, {f"clause-{place}": "yes"})
    clause = Clause.objects.get(document=text, start=place, retracted=False)
    commit = reverse("web:commit_clause", args=[signed.pk, clause.pk])
    assert "Hai bên báo cáo hằng năm." in desk.get(commit).content.decode()
    assert desk.post(commit, {"text_vi": "Báo cáo hằng năm", "side": ""}).status_code == 422
    answer = desk.post(commit, {"text_vi": "Báo cáo hằng năm", "side": "joint", "current_due": "31/12/2025"})
    made = Commitment.objects.get(text_vi="Báo cáo hằng năm")
    assert answer.status_code == 302 and made.agreement_id == signed.pk and made.current_due == "2025-12-31"
    assert "Báo cáo hằng năm" in page_of(desk, "agreements", signed)
    tie = reverse("web:tie_clause", args=[signed.pk, clause.pk])
    assert desk.post(tie, {"commitment": str(world.commitment.pk)}).status_code == 302
    assert desk.post(tie, {"commitment": "nothing"}).status_code == 404


@pytest.mark.parametrize("role", ["leader", "mission", "province", "enterprise", "auditor"])
def test_who_may_not_write_sees_no_forms(world: World, as_role: Any, role: str) -> None:
    client = as_role(role)
    for register, record in (("activities", world.activity), ("agreements", world.agreement)):
        assert "/lines/" not in page_of(client, register, record)
    add = reverse("web:add_line", args=["activities", world.activity.pk, "agenda"])
    assert client.get(add).status_code == 403 and client.post(add, {"title_vi": "X"}).status_code == 403
    assert not AgendaItem.objects.exists()


def test_what_is_not_there(world: World, as_role: Any) -> None:
    desk = as_role("desk")
    for register, part in (("activities", "clauses"), ("agreements", "agenda"), ("tasks", "agenda")):
        record = world.of(register)
        assert desk.get(reverse("web:add_line", args=[register, record.pk, part])).status_code == 404
    elsewhere = reverse("web:line", args=["activities", world.activity.pk, "outcomes", world.legal_step.pk])
    assert desk.get(elsewhere).status_code == 404
