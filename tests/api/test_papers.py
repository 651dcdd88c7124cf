"""Are the meeting sheet and the map taken over HTTP, and does a body end there as on its page?"""

from __future__ import annotations

from typing import Any

import pytest

from banggiao.commitments.models import Task
from banggiao.partners.models import Institution
from tests.api.world import World, problem_of

BRIEF = "/api/partners/{}/brief.{}"


def test_the_sheet_and_the_map_are_files(world: World, as_role: Any) -> None:
    desk, code = as_role("desk"), world.partner.code
    assert desk.get(BRIEF.format(code, "pdf")).content.startswith(b"%PDF")
    paper = desk.get(BRIEF.format(code, "json")).json()
    assert paper["draft"] and paper["layout"] == "working" and paper["title"] == world.partner.name_vi
    assert desk.get("/api/maps/levels.svg").content.startswith(b"<svg")
    assert desk.get("/api/maps/commitments.png").content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("desk", BRIEF.format("ZZZ", "pdf"), 404), ("desk", BRIEF.format("XXA", "exe"), 404),
        ("enterprise", "/api/maps/levels.png", 403), ("desk", "/api/maps/wars.png", 404), ("desk", "/api/maps/levels.gif", 404),
        ("desk", "/api/maps/levels.svg?x=1", 422),
    ],
)  # fmt: skip
def test_what_is_refused(role: str, path: str, status: int, world: World, as_role: Any) -> None:
    answer = as_role(role).get(path)
    assert answer.status_code == status and answer["Content-Type"].startswith("application/json")


def test_a_body_ends_with_its_duties_handed_on(world: World, as_role: Any) -> None:
    desk, url = as_role("desk"), f"/api/institutions/{world.ministry.code}/close"
    sent = {"valid_to": "2025-07-01", "basis": "Nghị quyết"}
    refused = problem_of(desk.send("POST", url, sent, version=1), 422, "invalid_input")
    assert world.task.code in str(refused)
    problem_of(desk.send("POST", url, {**sent, "successor": "BO-B"}), 428, "version_required")
    problem_of(as_role("ministry").send("POST", url, sent, version=1), 403, "not_permitted")
    done = desk.send("POST", url, {**sent, "successor": "BO-B"}, version=1).json()
    assert (done["valid_to"], done["version"], done["moved"]) == ("2025-07-01", 2, 1)
    assert Task.objects.get(pk=world.task.pk).lead_id == world.other.pk
    assert Institution.objects.get(pk=world.ministry.pk).successor_id == world.other.pk
    problem_of(desk.send("POST", url, {**sent, "successor": "BO-B"}, version=2), 409, "wrong_state")
