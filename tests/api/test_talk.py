"""Are comments and saved views offered over HTTP with the rights, checks and one shape of errors of everything else?"""

from __future__ import annotations

from typing import Any

import pytest

from banggiao.accounts.keeping import SavedView
from banggiao.accounts.services_keeping import save_view
from banggiao.core.acts import Act
from banggiao.followup.talking import Comment
from tests.api.world import World, caller, problem_of
from tests.conftest import NOW

HERE = {"register": "tasks", "key": "NV-1"}


def test_comments_are_written_and_read(world: World, as_role: Any) -> None:
    desk = as_role("desk")
    said = desk.send("POST", "/api/comments", {**HERE, "text": "Nhờ @ministry <b>xem</b>"}, key="mot")
    again = desk.send("POST", "/api/comments", {**HERE, "text": "Nhờ @ministry <b>xem</b>"}, key="mot")
    assert said.status_code == 200 and said.json() == again.json() and Comment.objects.count() == 1
    for n in range(3):
        desk.send("POST", "/api/comments", {**HERE, "text": f"Ý {n}"})
    first = desk.get("/api/comments", {**HERE, "size": "3"}).json()
    assert [c["text"] for c in first["comments"]] == ["Ý 2", "Ý 1", "Ý 0"] and first["total"] == 4
    rest = desk.get("/api/comments", {**HERE, "before": first["next"]}).json()
    assert [c["text"] for c in rest["comments"]] == ["Nhờ @ministry <b>xem</b>"] and rest["next"] is None
    assert rest["comments"][0]["author"] == "Người desk"
    record = desk.get("/api/registers/tasks/NV-1").json()
    assert "Nhờ" not in str(record), "no export and no record carries what is said about it"


def test_comments_keep_to_rights(world: World, as_role: Any) -> None:
    hidden = {"register": "activities", "key": "HD-2"}
    problem_of(as_role("ministry").get("/api/comments", hidden), 404, "not_found")
    problem_of(as_role("ministry").send("POST", "/api/comments", {**hidden, "text": "x"}), 404, "not_found")
    problem_of(as_role("enterprise").get("/api/comments", {"register": "activities", "key": "HD-C0"}), 403, "not_permitted")
    reader = caller(world, "desk", may_write=False)
    problem_of(reader.send("POST", "/api/comments", {**HERE, "text": "x"}), 403, "not_permitted")


@pytest.mark.parametrize(
    "body",
    [
        {**HERE, "text": ""},
        {**HERE, "text": "@khong.co"},
        {**HERE, "text": "\x00"},
        {"text": "x"},
        {**HERE, "text": "x", "more": 1},
    ],
)
def test_what_is_no_comment_is_refused(body: dict[str, Any], world: World, as_role: Any) -> None:
    problem_of(as_role("desk").send("POST", "/api/comments", body), 422, "invalid_input")
    assert not Comment.objects.exists()
    problem_of(as_role("desk").get("/api/comments", {**HERE, "before": "abc"}), 422, "invalid_input")


def test_a_view_narrows_a_question_and_its_export(world: World, as_role: Any) -> None:
    desk = as_role("desk")
    sent = {"register": "activities", "name": "Hội nghị", "parameters": {"kind": "conference", "face": "calendar"}}
    kept = desk.send("POST", "/api/views", sent)
    view = kept.json()
    assert kept.status_code == 200 and view["parameters"] == {"kind": "conference"} and view["face"] == "calendar" and view["own"]
    for name in ("Hội nghị", view["id"]):
        assert desk.get("/api/questions/activities", {"view": name}).json()["total"] == 3
    assert desk.get("/api/questions/activities", {"view": "Hội nghị", "kind": "visit"}).json()["total"] == 1, "what is sent holds"
    assert desk.get("/api/questions/activities/export.json", {"view": "Hội nghị"}).json()["total"] == 3
    problem_of(desk.get("/api/questions/tasks", {"view": "Hội nghị"}), 404, "not_found")
    problem_of(as_role("ministry").get("/api/questions/activities", {"view": view["id"]}), 404, "not_found")
    problem_of(as_role("ministry").send("DELETE", f"/api/views/{view['id']}"), 404, "not_found")
    assert desk.send("DELETE", f"/api/views/{view['id']}").json() == view
    assert desk.get("/api/views").json() == {"views": []}


def test_views_shared_with_an_institution_are_listed(world: World, as_role: Any) -> None:
    desk = as_role("desk")
    sent = {"register": "tasks", "name": "Chung", "parameters": {"overdue_on": "today"}, "share_with": str(world.ministry.pk)}
    assert desk.send("POST", "/api/views", sent).status_code == 200
    [seen] = as_role("ministry").get("/api/views", {"register": "tasks"}).json()["views"]
    assert (seen["name"], seen["own"], seen["shared_with"]) == ("Chung", False, str(world.ministry.pk))
    problem_of(as_role("ministry").send("DELETE", f"/api/views/{seen['id']}"), 403, "not_permitted")
    problem_of(desk.send("POST", "/api/views", {**sent, "share_with": str(world.other.pk)}), 403, "not_permitted")
    problem_of(desk.send("POST", "/api/views", {**sent, "parameters": {"khong_co": "1"}}), 422, "invalid_input")


def test_the_command_line_begins_with_a_view(world: World, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    import click
    from click.testing import CliRunner

    from banggiao.cli import lookups, session

    monkeypatch.setattr(session, "prepare", lambda **_options: None)
    save_view(act=Act(world.viewer("desk"), NOW), register="activities", name="Hội nghị", parameters={"kind": "conference"})
    group = lookups.register_group("activities")
    assert isinstance(group, click.Group) and SavedView.objects.count() == 1

    def run(*arguments: str, user: str = "desk") -> Any:
        return CliRunner().invoke(group, list(arguments), obj={"language": "vi", "username": user})

    assert run("list", "--view", "Hội nghị").output.rstrip().endswith("3/3")
    assert run("list", "--view", "Hội nghị", "--kind", "visit").output.rstrip().endswith("1/1")
    assert "kind=conference" in run("views").output and run("views", user="ministry").output == ""
    assert run("list", "--view", "Hội nghị", user="ministry").exception.code == "not_found"
