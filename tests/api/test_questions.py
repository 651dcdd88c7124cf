"""Does the API answer every question as the programme itself does, to the same viewer, whole or page by page?"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from banggiao.commitments.services import create_directive
from banggiao.core.exports import answer_as_json
from banggiao.core.ledger import LedgerEntry
from banggiao.core.questions import ALL, Page, ask, question_named, questions
from tests.api.world import ROLES, World, problem_of
from tests.factories.rows import act, body, commitment, meeting, one_call

NAMES = [question.name for question in questions()]
RESERVED = {"size", "cursor", "fields"}


@pytest.fixture(autouse=True)
def same_moment(monkeypatch: pytest.MonkeyPatch, now: Any) -> None:
    monkeypatch.setattr("banggiao.api.ask.now", lambda: now)


def test_no_parameter_of_a_question_has_a_name_of_the_api() -> None:
    assert NAMES
    assert not {(q.name, p.name) for q in questions() for p in q.parameters if p.name in RESERVED}


@pytest.fixture
def needed(world: World) -> dict[str, str]:
    """Values of the parameters without which a question has no answer."""
    sitting = meeting(body(world.ministry))
    notice = create_directive(act=act(), values={"kind": "notice", "number": "9/TB-X", "classification": "public"})
    return {
        "partner": world.partner.code,
        "product": "090111",
        "market": "DEU",
        "data_call": str(one_call(world.ministry).pk),
        "meeting": str(sitting.pk),
        "institution": world.ministry.code,
        "measure": "agreements_signed",
        "period": "2025",
        "directive": str(notice.pk),
        "code": commitment(classification="public").code,
        "review_period": "2025-H1",
    }


@pytest.mark.engine
@pytest.mark.parametrize("name", NAMES)
def test_answer_equals_the_one_of_the_programme(name: str, world: World, as_role: Any, now: Any, needed: dict[str, str]) -> None:
    asked = {p.name: needed[p.name] for p in question_named(name).parameters if p.needed}
    for role in ROLES:
        caller = as_role(role)  # its key stands in the ledger
        if not world.viewer(role).may(question_named(name).permission):
            problem_of(caller.get(f"/api/questions/{name}", asked), 403, "not_permitted")
            continue
        if asked:
            body = problem_of(caller.get(f"/api/questions/{name}"), 422, "invalid_input")
            assert [p["field"] for p in body["problems"]] == list(asked)
        expected = answer_as_json(ask(name, asked, world.viewer(role), at=now, page=Page(500)).listed())
        response = caller.get(f"/api/questions/{name}", {"size": 500, **asked})
        assert response.status_code == 200, response.content
        got = response.json()
        assert got["total"] == expected["total"] == len(got["rows"])
        assert {**got, "as_of": None} == {**expected, "as_of": None}
        assert got["as_of"].startswith(expected["as_of"][:19])


def test_all_questions_are_listed_with_parameters_and_columns(as_role: Any) -> None:
    listed = {q["name"]: q for q in as_role("desk").get("/api/questions").json()["questions"]}
    assert list(listed) == sorted(NAMES)
    activities = listed["activities"]
    assert activities["permitted"] is True
    assert {"q", "period", "order"} <= {p["name"] for p in activities["parameters"]}
    assert {"kind", "name"} <= {c["key"] for c in activities["columns"]}


@pytest.mark.engine
def test_pages_together_are_the_whole(as_role: Any) -> None:
    desk = as_role("desk")
    whole = desk.get("/api/questions/activities").json()
    rows, cursor, pages = [], "", 0
    while True:
        page = desk.get("/api/questions/activities", {"size": 2, "cursor": cursor}).json()
        assert page["total"] == whole["total"]
        rows += page["rows"]
        pages += 1
        cursor = page["next"]
        if not cursor:
            break
    assert rows == whole["rows"]
    assert pages == 3


def test_fields_choose_columns(as_role: Any) -> None:
    got = as_role("desk").get("/api/questions/activities", {"fields": "name,kind"}).json()
    assert [c["key"] for c in got["columns"]] == ["name", "kind"]
    assert set(got["rows"][0]) == {"id", "exercise", "mark", "name", "kind"}
    body = problem_of(as_role("desk").get("/api/questions/activities", {"fields": "owner"}), 422, "invalid_input")
    assert body["problems"][0]["field"] == "fields"


def test_parameters_narrow(as_role: Any) -> None:
    got = as_role("desk").get("/api/questions/activities", {"q": "hoi nghi", "period": "2025-05"}).json()
    assert got["total"] == 3
    assert got["parameters"]["period"] == "2025-05"


@pytest.mark.engine
@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": -1}, "size"),
        ({"size": 501}, "size"),
        ({"size": "nhiều"}, "size"),
        ({"size": "9" * 400}, "size"),
        ({"cursor": "???"}, "cursor"),
        ({"cursor": "W10"}, ""),
        ({"cursor": "W3t9LG51bGwsMV0"}, ""),
        ({"cursor": "W1tb" * 900}, ""),
        ({"kind": "không-có"}, "kind"),
        ({"period": "2025-13"}, "period"),
        ({"period": "'; DROP TABLE x"}, "period"),
        ({"order": "password"}, "order"),
        ({"owner": "1"}, "owner"),
        ({"kind__startswith": "v"}, "kind__startswith"),
        ({"q": "a" * 401}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"q": ["a", "b"]}, "q"),
    ],
)
def test_hostile_parameters_are_refused(params: dict[str, Any], field: str, as_role: Any) -> None:
    body = problem_of(as_role("desk").get("/api/questions/activities", params), 422, "invalid_input")
    assert not field or field in [p["field"] for p in body["problems"]]


@pytest.mark.engine
@pytest.mark.parametrize("value", ["%", "_", "\\", "'", '"', "🙂", "a " * 190, "‮", "đ" * 400])
def test_odd_words_are_only_words(value: str, as_role: Any) -> None:
    assert as_role("desk").get("/api/questions/activities", {"q": value}).status_code == 200


@pytest.mark.engine
def test_a_bad_value_of_any_parameter_of_any_question_is_refused_or_finds_nothing(world: World, as_role: Any) -> None:
    callers = {role: as_role(role) for role in ("desk", "administrator")}
    asked = 0
    for question in questions():
        role = next(role for role in callers if world.viewer(role).may(question.permission))
        for parameter in question.parameters:
            for value in ("zz-không-có", "\x00", "-1", "2025-99", "null"):
                response = callers[role].get(f"/api/questions/{question.name}", {parameter.name: value})
                # What a question is about may not be there; everything else narrows.
                allowed = (200, 404, 422) if parameter.needed else (200, 422)
                assert response.status_code in allowed, (question.name, parameter.name, value, response.content)
                asked += 1
    assert asked > 100


def test_unknown_question_is_not_found(as_role: Any) -> None:
    problem_of(as_role("desk").get("/api/questions/nothing"), 404, "not_found")


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_export_holds_every_row_and_is_noted(form: str, world: World, as_role: Any, now: Any) -> None:
    whole = ask("activities", {}, world.viewer("desk"), at=now, page=ALL).listed()
    response = as_role("desk").get(f"/api/questions/activities/export.{form}")
    assert response.status_code == 200
    assert f'filename="activities-20250915.{form}"' in response["Content-Disposition"]
    if form == "json":
        assert len(json.loads(response.content)["rows"]) == whole.total
    elif form == "csv":
        lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert len(lines[1 : lines.index([])]) == whole.total
    else:
        assert response.content.startswith(b"PK")
    noted = LedgerEntry.objects.get(action="export")
    assert noted.changes["rows"] == [None, whole.total]
    assert noted.actor_id == world.users["desk"].pk


def test_export_needs_its_right_and_a_known_form(as_role: Any) -> None:
    problem_of(as_role("enterprise").get("/api/questions/activities/export.csv"), 403, "not_permitted")
    problem_of(as_role("desk").get("/api/questions/activities/export.exe"), 422, "invalid_input")
    problem_of(as_role("desk").get("/api/questions/activities/export.csv", {"owner": "1"}), 422, "invalid_input")
    assert not LedgerEntry.objects.filter(action="export").exists()
