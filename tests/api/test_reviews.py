"""Are a review's papers, figures, readers and tasks reached over HTTP, each by those who may?"""

from __future__ import annotations

from typing import Any

from banggiao.activities.models import Review
from banggiao.commitments.models import Task
from banggiao.core.lines import add_line, lines_named
from banggiao.reports.review_issue import take_review_step
from tests.api.world import World, problem_of
from tests.factories.rows import act

AT = "/api/reviews/{}/{}"


def test_the_cycle_over_http(world: World, as_role: Any) -> None:
    desk, other = as_role("desk"), as_role("enterprise")
    made = desk.send("POST", "/api/registers/reviews", {"period": "2024-H2"}).json()
    key, code = made["id"], "SK-2024-H2"
    live = desk.get(AT.format(code, "report.json")).json()
    assert live["is"] == "OfficialDocument" and desk.get(AT.format(code, "figures")).json() == []
    problem_of(other.get(AT.format(code, "report.json")), 403, "not_permitted")
    url = f"/api/registers/reviews/{key}/steps/"
    frozen = desk.send("POST", url + "freeze", {}, version=made["version"]).json()
    kept = desk.get(AT.format(code, "report.pdf")).content
    figures = {f["key"]: f for f in desk.get(AT.format(code, "figures")).json()}
    assert figures["instruments"]["label_en"] == "Instruments signed"
    body = {"institutions": [str(world.ministry.pk)]}
    problem_of(other.send("PUT", AT.format(code, "readers"), body), 403, "not_permitted")
    asked = desk.send("PUT", AT.format(code, "readers"), body)
    assert asked.status_code == 200, asked.content
    assert [r["state"] for r in asked.json()] == ["asked"]
    sent = {"comments_due": "2025-09-30"}
    moved = desk.send("POST", url + "circulate", sent, version=frozen["version"])
    assert moved.status_code == 200, moved.content
    problem_of(desk.send("POST", AT.format(code, "tasks"), {}), 409, "wrong_state")
    said = {"review_id": key, "figure": "instruments", "text": "Thiếu một văn kiện."}
    comment = as_role("ministry").send("POST", "/api/registers/review_comments", said).json()
    answer = {"answer": "Đã bổ sung."}
    step = f"/api/registers/review_comments/{comment['id']}/steps/accept"
    assert desk.send("POST", step, answer, version=1).status_code == 200
    review = Review.objects.get(pk=key)
    values = {"kind": "direction", "text_vi": "Mở thị trường", "lead_id": world.ministry.pk, "due": "2025-12-31"}
    add_line(act=act(), lines=lines_named("activities.review", "points"), parent=review, values=values)
    assert desk.get(AT.format(code, "report.pdf")).content == kept
    assert desk.get(AT.format(code, "comments.docx")).content.startswith(b"PK")
    take_review_step(act(), review, "conclude", review.version)
    assert [t["text_vi"] for t in desk.send("POST", AT.format(code, "tasks"), {}).json()] == ["Mở thị trường"]
    assert Task.objects.filter(origin_id=key).count() == 1
    assert desk.get(AT.format(code, "memo.json")).json()["kind"] == "Bản đính chính"
