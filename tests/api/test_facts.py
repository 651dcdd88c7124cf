"""Are facts listed and settled over HTTP by version, with what the register knows, and only for those who may?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from banggiao.intelligence.services import read_in
from banggiao.sources.models import Document, Fact
from tests.api.world import SYSTEM, Caller, World

pytestmark = pytest.mark.django_db
TEXT = "Trong sáu tháng đầu năm 2025, hai bên đã ký 12 thỏa thuận hợp tác.\n"


@pytest.fixture
def document(world: World, settings: Any, tmp_path: Path) -> Document:
    settings.MEDIA_ROOT = tmp_path
    return read_in(act=SYSTEM, data=TEXT.encode(), name="a.txt", classification="public")[0]


def test_facts_are_read_and_settled_by_version(world: World, as_role: Any, document: Document) -> None:
    desk = as_role("desk")
    listed = desk.get(f"/api/documents/{document.pk}/facts?size=1").json()
    assert listed["total"] == document.facts.count() and len(listed["facts"]) == 1 and listed["next"]
    rest = desk.get(f"/api/documents/{document.pk}/facts?after={listed['next']}").json()
    assert len(rest["facts"]) == listed["total"] - 1 and rest["next"] is None
    fact = Fact.objects.get(document=document, kind="quantity")
    shown = desk.get(f"/api/facts/{fact.pk}")
    assert shown.json()["sentence"].startswith("Trong sáu tháng") and shown.headers["ETag"] == '"1"'
    assert desk.send("POST", f"/api/facts/{fact.pk}/accept", {}).status_code == 428
    done = desk.send("POST", f"/api/facts/{fact.pk}/accept", {}, version=1)
    assert (
        done.status_code == 200 and done.json()["state"] == "accepted" and done.json()["record_type"] == "sources.officialfigure"
    )
    late = as_role("verifier").send("POST", f"/api/facts/{fact.pk}/reject", {}, version=1)
    assert late.status_code == 409 and "đã duyệt thông tin này lúc" in str(late.json())
    undone = desk.send("POST", f"/api/facts/{fact.pk}/undo", {}, version=done.json()["version"])
    assert undone.json()["state"] == "proposed"
    assert desk.send("POST", f"/api/facts/{fact.pk}/accept", {}, version=1).status_code == 412


def test_where_the_register_differs_a_ruling_is_asked_for(world: World, as_role: Any, document: Document) -> None:
    desk = as_role("desk")
    fact = Fact.objects.get(document=document, kind="quantity")
    desk.send("POST", f"/api/facts/{fact.pk}/accept", {}, version=1)
    other = read_in(act=SYSTEM, data=TEXT.replace("12", "15").encode(), name="b.txt", classification="public")[0]
    second = Fact.objects.get(document=other, kind="quantity")
    known = desk.get(f"/api/facts/{second.pk}").json()["known"]
    assert known["choices"] == ["separate"] and not known["sure"]
    assert {line["field"]: (line["known"], line["said"]) for line in known["lines"]}["value"] == ("12", "15")
    assert desk.send("POST", f"/api/facts/{second.pk}/accept", {}, version=1).status_code == 422
    ruling = {"ruling": {"choice": "separate", "record": known["record"], "version": known["version"]}}
    assert desk.send("POST", f"/api/facts/{second.pk}/accept", ruling, version=1).status_code == 200


def test_hidden_documents_and_missing_rights(world: World, as_role: Any, document: Document) -> None:
    hidden = read_in(act=SYSTEM, data=b"Bo Cong Thuong hop.", name="c.txt", classification="internal", owner=world.other.pk)[0]
    ministry = as_role("ministry")
    assert ministry.get(f"/api/documents/{hidden.pk}/facts").status_code == 404
    for fact in Fact.objects.filter(document=hidden):
        assert ministry.get(f"/api/facts/{fact.pk}").status_code == 404
    fact = Fact.objects.filter(document=document).first()
    assert fact is not None
    assert as_role("auditor").send("POST", f"/api/facts/{fact.pk}/accept", {}, version=1).status_code == 403
    assert Caller("").get(f"/api/facts/{fact.pk}").status_code == 401


def test_keys_of_idempotency_hold_here_too(world: World, as_role: Any, document: Document) -> None:
    desk, fact = as_role("desk"), Fact.objects.get(document=document, kind="quantity")
    first = desk.send("POST", f"/api/facts/{fact.pk}/reject", {}, version=1, key="mot")
    again = desk.send("POST", f"/api/facts/{fact.pk}/reject", {}, version=1, key="mot")
    assert first.status_code == again.status_code == 200 and first.json() == again.json()
