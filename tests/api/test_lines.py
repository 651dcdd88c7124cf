"""Can the lines of a record be read and written over HTTP, by those who may, on the version they read?"""

from __future__ import annotations

from typing import Any

import pytest

from banggiao.activities.models import Delegate
from tests.api.world import World, caller, problem_of

pytestmark = pytest.mark.django_db
HERE = "/api/registers/activities/HD-1/lines"


def test_parts_say_what_they_take(as_role: Any) -> None:
    body = as_role("desk").get(HERE).json()
    parts = {part["name"]: part for part in body["parts"]}
    assert list(parts) == ["sites", "agenda", "delegation", "economic_content", "outcomes", "speakers", "attendance"]
    assert parts["delegation"]["required"] == ["side"] and parts["delegation"]["may_edit"] is True
    assert as_role("enterprise").get(HERE).json()["parts"][0]["may_edit"] is False
    assert as_role("desk").get("/api/registers/tasks/NV-1/lines").json() == {"parts": []}


def test_a_line_from_first_to_last(as_role: Any) -> None:
    desk = as_role("desk")
    sent = {"side": "Phía ta", "role": "head", "name": "Nguyễn Văn A", "post": "Bộ trưởng"}
    made = desk.send("POST", f"{HERE}/delegation", sent, key="k1")
    assert made.status_code == 200, made.content
    line = made.json()
    assert (made["ETag"], line["version"], line["values"]["side"]) == ('"1"', 1, "ours")
    assert desk.send("POST", f"{HERE}/delegation", sent, key="k1").json() == line, "sent twice is written once"
    assert Delegate.objects.count() == 1
    problem = problem_of(desk.send("POST", f"{HERE}/delegation", sent), 422, "invalid_input")
    assert [p["field"] for p in problem["problems"]] == ["name"]

    place = f"{HERE}/delegation/{line['id']}"
    problem_of(desk.send("PATCH", place, {"post": "Thứ trưởng"}), 428, "version_required")
    changed = desk.send("PATCH", place, {"post": "Thứ trưởng"}, version=1)
    assert changed.status_code == 200, changed.content
    assert changed.json()["values"] | {"post": ""} == line["values"] | {"post": ""}, "only what was sent"
    assert changed.json()["fields"]["post"] == "Thứ trưởng"
    stale = problem_of(desk.send("PATCH", place, {"post": "Khác"}, version=1), 412, "stale_edit")
    assert [d["field"] for d in stale["differences"]] == ["post"]
    listed = desk.get(f"{HERE}/delegation").json()
    assert (listed["total"], listed["lines"][0]["id"]) == (1, line["id"])
    assert desk.send("DELETE", place, version=2).status_code == 204
    assert desk.get(f"{HERE}/delegation").json()["total"] == 0
    problem_of(desk.send("DELETE", place, version=3), 404, "not_found")


def test_what_is_refused(world: World, as_role: Any) -> None:
    desk, body = as_role("desk"), {"side": "ours", "name": "A"}
    problem_of(as_role("enterprise").send("POST", f"{HERE}/delegation", body), 403, "not_permitted")
    problem_of(caller(world, "desk", may_write=False).send("POST", f"{HERE}/delegation", body), 403, "not_permitted")
    problem_of(desk.send("POST", f"{HERE}/weather", body), 404, "not_found")
    problem_of(desk.get("/api/registers/activities/none/lines/agenda"), 404, "not_found")
    for values in ({"colour": "red"}, {"classification": "public"}, {"name": 5}, {}, {"side": None}):
        problem_of(desk.send("POST", f"{HERE}/delegation", values), 422, "invalid_input")
    problem_of(as_role("enterprise").get(f"/api/registers/activities/{world.hidden.pk}/lines"), 404, "not_found")
    assert not Delegate.objects.exists()
