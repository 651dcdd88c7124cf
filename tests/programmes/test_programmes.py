"""Do missions write their own programmes only, does nobody approve their own, and are reports counted over all missions?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from banggiao.commitments.models import Task
from banggiao.core.errors import (
    InvalidInput,
    MissingInformation,
    NotFound,
    NotPermitted,
    StaleEdit,
    WrongState,
)
from banggiao.core.lines import add_line, change_line, rows_of
from banggiao.core.questions import ALL, ask
from banggiao.core.registers import find_record
from banggiao.core.search_query import find
from banggiao.followup.data_calls.models import DataCallAnswer
from banggiao.followup.data_calls.services import move_answer, save_rows
from banggiao.programmes.lines import OPPORTUNITIES, PROPOSALS, TASKS
from banggiao.programmes.models import ProgrammeTask, WorkProgramme
from banggiao.programmes.questions import PROGRAMMES
from banggiao.programmes.services import call_reports, create_programme, give_task, move_programme, revise_programme
from banggiao.reports.programme_paper import programme_paper
from tests.factories.rows import AT, act, institution, lines_of_each, partner, programme, viewer

pytestmark = pytest.mark.django_db


def people(*bodies: Any) -> list[Any]:
    """Somebody of each mission, with an id of their own."""
    return [replace(viewer("mission", body), id=uuid7()) for body in bodies]


def approved(mission: Any) -> tuple[WorkProgramme, ProgrammeTask]:
    """A programme with one task, approved by the desk."""
    desk, (author,) = viewer("desk", institution("VU-E")), people(mission)
    made = create_programme(act=act(author), values={"mission_id": mission.pk, "period": "2025", "head_title": "Đại sứ"})
    line = add_line(act=act(author), lines=TASKS, parent=made, values={
        "number": 1, "text_vi": "Mở cửa thị trường", "indicator": "Số mặt hàng", "target": "2 mặt hàng", "due": "2025-11-30",
    })  # fmt: skip
    made = move_programme(act=act(author), programme=made, action="submit", version=made.version)
    signed = {"approved_by": "Vụ trưởng"}
    return move_programme(act=act(desk), programme=made, action="approve", version=made.version, values=signed), line


def test_a_mission_knows_and_writes_its_own_programme_only() -> None:
    d, n = institution("DSQ-D", kind="embassy"), institution("DSQ-N", kind="embassy")
    of_d, of_n = people(d, n)
    made = create_programme(act=act(of_d), values={"mission_id": d.pk, "period": "2025", "classification": "public"})
    assert (made.owner, made.classification, made.period_start) == (d.pk, "internal", "2025")
    with pytest.raises(NotPermitted):
        create_programme(act=act(of_n), values={"mission_id": d.pk, "period": "2026"})
    with pytest.raises(NotFound):
        find_record(PROGRAMMES, made.code, of_n)
    with pytest.raises(NotPermitted):
        revise_programme(act=act(of_n), programme=made, values={"summary_vi": "x"}, version=made.version)
    with pytest.raises(NotPermitted):
        move_programme(act=act(of_n), programme=made, action="submit", version=made.version)
    changed = revise_programme(
        act=act(of_d), programme=made, values={"summary_vi": "Nông sản", "classification": "public"}, version=1
    )
    assert changed.classification == "internal"
    with pytest.raises(StaleEdit):
        revise_programme(act=act(of_d), programme=made, values={"summary_vi": "y"}, version=1)


@pytest.mark.parametrize("values", [{"period": "2025-Q1"}, {"period": ""}, {"period": "2025-03"}, {"mission_id": None}])
def test_a_programme_is_of_a_mission_and_a_year_or_half_year(values: dict[str, Any]) -> None:
    mission = institution("DSQ-D", kind="embassy")
    with pytest.raises(InvalidInput):
        create_programme(act=act(), values={"mission_id": mission.pk, "period": "2025", **values})
    ministry = institution("BO-A")
    with pytest.raises(InvalidInput):
        create_programme(act=act(), values={"mission_id": ministry.pk, "period": "2025"})


def test_one_programme_for_a_mission_and_period() -> None:
    first = programme()
    with pytest.raises(InvalidInput):
        programme(first.mission)
    assert programme(first.mission, period="2025-H2").code != first.code


def test_nobody_approves_what_is_their_own_and_nothing_without_tasks_is_submitted() -> None:
    mission = institution("DSQ-D", kind="embassy")
    (author,) = people(mission)
    made = create_programme(act=act(author), values={"mission_id": mission.pk, "period": "2025", "head_title": "Đại sứ"})
    with pytest.raises(MissingInformation):
        move_programme(act=act(author), programme=made, action="submit", version=made.version)
    add_line(act=act(author), lines=TASKS, parent=made, values={"number": 1, "text_vi": "x"})
    desk = replace(viewer("desk", institution("VU-E")), id=uuid7())
    sent = move_programme(act=act(desk), programme=made, action="submit", version=made.version)
    for who in (desk, replace(desk, id=uuid7(), institutions=frozenset({mission.pk}))):
        with pytest.raises(WrongState):
            move_programme(act=act(who), programme=sent, action="approve", version=sent.version, values={"approved_by": "A"})
    with pytest.raises(NotPermitted):
        move_programme(act=act(author), programme=sent, action="approve", version=sent.version, values={"approved_by": "A"})
    other = replace(desk, id=uuid7())
    done = move_programme(act=act(other), programme=sent, action="approve", version=sent.version, values={"approved_by": "A"})
    assert (done.state, done.approved_on, done.submitted_on) == ("approved", "2025-09-15", "2025-09-15")


def test_once_submitted_only_results_are_written_into_tasks() -> None:
    made, line = approved(institution("DSQ-D", kind="embassy"))
    with pytest.raises(InvalidInput):
        add_line(act=act(), lines=TASKS, parent=made, values={"number": 2, "text_vi": "Thêm"})
    with pytest.raises(InvalidInput):
        change_line(act=act(), lines=TASKS, parent=made, line=line, values={"target": "3"}, version=line.version)
    told = change_line(act=act(), lines=TASKS, parent=made, line=line, values={"result": "Đã mở một"}, version=line.version)
    assert told.result == "Đã mở một"
    with pytest.raises(WrongState):
        revise_programme(act=act(), programme=made, values={"period": "2026"}, version=made.version)


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        (TASKS, {"number": 0, "text_vi": "x"}),
        (TASKS, {"number": 1, "text_vi": "trùng số"}),
        (TASKS, {"number": 2, "text_vi": "  "}),
        (OPPORTUNITIES, {"text_vi": "x", "state": "handed"}),
        (OPPORTUNITIES, {"text_vi": "x", "state": "lost"}),
        (PROPOSALS, {"text_vi": "x", "answer": "Đồng ý"}),
        (PROPOSALS, {"text_vi": "x", "answered_on": "2025-09-01"}),
    ],
)
def test_what_a_line_may_not_say(lines: Any, values: dict[str, Any]) -> None:
    made = programme()
    lines_of_each(made)
    with pytest.raises(InvalidInput):
        add_line(act=act(), lines=lines, parent=made, values=values)


def test_an_approved_task_enters_the_register_of_tasks_once() -> None:
    mission = institution("DSQ-D", kind="embassy")
    made, line = approved(mission)
    with pytest.raises(NotPermitted):
        give_task(act=act(viewer("mission", mission)), programme=made, line=line, version=line.version)
    task = give_task(act=act(), programme=made, line=line, version=line.version)
    assert (task.lead_id, task.first_due, task.product) == (mission.pk, "2025-11-30", "Số mặt hàng; 2 mặt hàng")
    assert rows_of(TASKS, made, viewer("mission", mission)).get().task_id == task.pk
    with pytest.raises(WrongState):
        give_task(act=act(), programme=made, line=line, version=line.version + 1)
    assert Task.objects.count() == 1
    fresh = programme()
    lines_of_each(fresh)
    with pytest.raises(WrongState):
        give_task(act=act(), programme=fresh, line=rows_of(TASKS, fresh, viewer("desk")).get(), version=1)


def test_reports_are_asked_of_every_mission_and_counted_over_all() -> None:
    asker = institution("VU-E")
    missions = [institution(f"DSQ-{n}", kind="embassy") for n in range(3)] + [institution("TLSQ", kind="consulate_general")]
    institution("DSQ-CU", kind="embassy", valid_to="2020-01-01")
    institution("DT-DSQ", kind="embassy", exercise=True)
    desk = viewer("desk", asker)
    with pytest.raises(NotPermitted):
        call_reports(act=act(viewer("mission", missions[0])), asker_id=missions[0].pk, period="2025-H2", deadline="2025-12-15")
    call = call_reports(act=act(desk), asker_id=asker.pk, period="2025-H2", deadline="2025-12-15")
    assert call.state == "open" and set(call.addressee_rows.values_list("institution_id", flat=True)) == {m.pk for m in missions}
    (of_first,) = people(missions[0])
    answer = DataCallAnswer.objects.get(call=call, institution=missions[0])
    row = {"id": "", "values": {"c1": "Mở cửa", "c2": "Xong", "c3": "80"}}
    answer = save_rows(act=act(of_first), answer=answer, rows=[row], version=answer.version)
    move_answer(act=act(of_first), answer=answer, action="submit", version=answer.version)

    answered = ask("programmes_by_mission", {"period": "2025-H2"}, desk, at=AT, page=ALL).listed()
    assert {r.id: r.cells[-1] for r in answered.rows} == {missions[0].pk: "submitted", **{m.pk: "none" for m in missions[1:]}}
    assert answered.title.vi.endswith("đã báo cáo 1/4") and answered.title.en.endswith("1/4 reported"), (
        "the made-up mission is not counted with the others"
    )
    drilled = ask("programmes_by_mission", {"period": "2025-H2", "exercise": "yes"}, desk, at=AT, page=ALL).listed()
    assert [r.exercise for r in drilled.rows] == [True]
    silent = ask("programmes_by_mission", {"period": "2025-H2", "reported": "no"}, desk, at=AT, page=ALL).listed()
    assert missions[0].pk not in {r.id for r in silent.rows}
    own = ask("programmes_by_mission", {"period": "2025-H2"}, of_first, at=AT, page=ALL).listed()
    assert [r.id for r in own.rows] == [missions[0].pk], "a mission learns of its own only"


def test_a_half_year_shows_the_programme_of_its_year_and_what_it_holds() -> None:
    made = programme()
    lines_of_each(made)
    (row,) = ask("programmes_by_mission", {"period": "2025-H1"}, viewer("desk"), at=AT, page=ALL).listed().rows
    assert row.cells[2:6] == ("draft", 1, 1, "0/1")
    with pytest.raises(InvalidInput):
        ask("programmes_by_mission", {"period": "nửa năm"}, viewer("desk"), at=AT, page=ALL)


def test_search_finds_a_programme_by_the_words_of_its_lines() -> None:
    made = programme()
    add_line(act=act(), lines=OPPORTUNITIES, parent=made, values={"text_vi": "Chuỗi siêu thị tìm trái cây sấy", "state": "found"})
    assert made.pk in {hit.record_id for hit in find("trai cay say", viewer("desk"))}
    assert made.pk not in {hit.record_id for hit in find("trai cay say", viewer("mission", institution("DSQ-X", kind="embassy")))}


@pytest.mark.parametrize(("language", "word"), [("vi", "Chỉ tiêu"), ("en", "Target")])
def test_the_paper_holds_every_part_and_is_a_draft(language: Any, word: str) -> None:
    state = partner()
    made = programme(institution("DSQ-D", kind="embassy", host_id=state.pk))
    lines_of_each(made)
    paper = programme_paper(made, viewer("desk"), at=AT, language=language)
    said = str(paper.blocks)
    assert paper.is_draft and word in said
    assert paper.place == (state.name_vi if language == "vi" else state.name_en)
    for text in ("Mở cửa thị trường", "Tìm nguồn cung cà phê", "Cử chuyên gia"):
        assert text in said
