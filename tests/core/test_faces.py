"""Do the faces of a list obey its filters and rights, count everything, and show what changed and what is due when?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from banggiao.commitments.questions import COMMITMENTS, TASKS
from banggiao.core import faces
from banggiao.core.acts import Viewer
from banggiao.core.errors import InvalidInput, NotFound, NotPermitted
from banggiao.core.questions import ALL, Page, ask
from banggiao.core.registers import registers
from banggiao.followup.services import move_due_date, move_work
from banggiao.followup.states import WORK
from tests.factories.rows import AT, SIX, act, activity, institution, task, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
DESK = viewer("desk")


def test_a_board_counts_all_and_shows_few() -> None:
    body, other = institution("BO-A"), institution("BO-B")
    for n in range(7):
        task(text_vi=f"Việc {n}", lead_id=body.pk, owner=body.pk)
    given = task(text_vi="Việc đã giao", lead_id=other.pk, owner=other.pk, **SIX)
    move_work(act=act(), record=given, action="assign", version=given.version)
    lanes = faces.board(TASKS, WORK, {}, DESK, at=AT, most=3)
    assert [(lane.state, lane.total, len(tuple(lane.answer.rows))) for lane in lanes] == [("proposed", 7, 3), ("assigned", 1, 1)]
    assert sum(lane.total for lane in lanes) == ask("tasks", {}, DESK, at=AT).total
    assert all(row.id in lanes[0].records for row in lanes[0].answer.rows)
    mine = viewer("ministry", body)
    assert [(lane.state, lane.total) for lane in faces.board(TASKS, WORK, {}, mine, at=AT, most=3)] == [("proposed", 7)]
    assert [lane.total for lane in faces.board(TASKS, WORK, {"q": "da giao"}, DESK, at=AT, most=3)] == [1]


def test_a_face_asks_for_the_right_of_its_list() -> None:
    nobody = Viewer("không vai trò")
    with pytest.raises(NotPermitted):
        faces.board(TASKS, WORK, {}, nobody, at=AT, most=3)
    with pytest.raises(NotPermitted):
        faces.in_month(TASKS, faces.face_named(TASKS, "calendar"), {}, nobody, at=AT, month=date(2025, 9, 1), most=3)
    with pytest.raises(InvalidInput):
        faces.board(TASKS, WORK, {"work_state": "khong"}, DESK, at=AT, most=3)
    with pytest.raises(NotFound):
        faces.face_named(TASKS, "pie")


def test_a_timeline_holds_both_dates_of_what_was_moved() -> None:
    moved = task(lead_id=institution().pk, deadline="2025-12-31")
    task(text_vi="Biết tháng", deadline="2025-11")
    task(text_vi="Ngoài khung", deadline="2027-01-01")
    task(text_vi="Không hạn", deadline="")
    move_due_date(act=act(), record=moved, to="2025-10-15", version=moved.version)
    face = faces.face_named(TASKS, "timeline")

    def shown(first: date, after: date) -> list[tuple[str, str]]:
        answer = faces.along_months(TASKS, face, {}, DESK, Page(10), at=AT, first=first, after=after)
        return [row.cells[-2:] for row in answer.rows]

    assert shown(date(2025, 9, 1), date(2026, 9, 1)) == [("2025-12-31", "2025-10-15"), ("2025-11", "2025-11")]
    # The first date alone brings a record into the window as well.
    assert shown(date(2025, 12, 1), date(2026, 1, 1)) == [("2025-12-31", "2025-10-15")]
    assert faces.along_months(TASKS, face, {}, DESK, Page(1), at=AT, first=date(2025, 9, 1), after=date(2026, 9, 1)).next_cursor


def test_a_month_holds_what_goes_on_into_it() -> None:
    activity(name_vi="Trong tháng", start="2025-03-10", end="2025-03-12")
    activity(name_vi="Kéo sang", start="2025-02-27", end="2025-03-02")
    activity(name_vi="Biết tháng", start="2025-03")
    activity(name_vi="Biết năm", start="2025", end="2025-12-31")
    activity(name_vi="Xong rồi", start="2025-02-10", end="2025-02-12")
    book = next(r for r in registers() if r.name == "activities")
    answer = faces.in_month(book, faces.face_named(book, "calendar"), {}, DESK, at=AT, month=date(2025, 3, 1), most=10)
    names = [str(row.cells[1]) for row in answer.rows]
    assert names == ["Kéo sang", "Biết tháng", "Trong tháng"] and answer.total == 3


def test_months_and_weeks() -> None:
    assert faces.month_of("", date(2025, 9, 15)) == date(2025, 9, 1)
    assert faces.next_month(date(2025, 12, 1)) == date(2026, 1, 1) and faces.next_month(date(2025, 1, 1), -13) == date(
        2023, 12, 1
    )
    weeks = faces.weeks_of(date(2026, 2, 1))
    assert weeks[0][0] == date(2026, 1, 26) and weeks[-1][-1] == date(2026, 3, 1) and all(len(week) == 7 for week in weeks)
    assert len(faces.weeks_of(date(2027, 2, 1))) == 4
    for wrong in ("2025", "2025-13", "9999-12", "0001-01", "2025-09-01", "' or 1"):
        with pytest.raises(InvalidInput):
            faces.month_of(wrong, date(2025, 9, 15))


def test_changed_since_is_what_was_written_after() -> None:
    early = task(text_vi="Cũ")
    late = act(at=AT + timedelta(days=1))
    from banggiao.commitments.services import revise_task

    task(text_vi="Không đổi")
    revise_task(act=late, task=early, values={"assignee": "Cục C"}, version=early.version)

    def found(since: str) -> int:
        return ask("tasks", {"changed_since": since}, DESK, at=AT).total

    assert found(AT.isoformat()) == 1 and found((AT - timedelta(seconds=1)).isoformat()) == 2
    assert found("2025-09-16") == 1 and found("2025-09-15") == 2 and found("2025-09-17") == 0
    for wrong in ("hôm qua", "2025-09", "2025-09-15T08:30:00", "2025-99-99", "9999-99-99T00:00:00+00:00", "-1"):
        with pytest.raises(InvalidInput):
            found(wrong)
    rows = {str(r.cells[1]): r.recorded_at for r in ask("tasks", {}, DESK, at=AT, page=ALL).rows}
    assert rows == {"Cũ": late.at, "Không đổi": AT}


def test_mine_is_what_my_institution_takes_part_in() -> None:
    body, other = institution("BO-A"), institution("BO-B")
    task(text_vi="Của tôi", lead_id=body.pk)
    task(text_vi="Của người khác", lead_id=other.pk)
    assert ask("tasks", {"mine": "yes"}, viewer("desk", body), at=AT).total == 1
    assert ask("tasks", {"mine": "yes"}, DESK, at=AT).total == 0
    with pytest.raises(InvalidInput):
        ask("tasks", {"mine": "no"}, DESK, at=AT)
    with pytest.raises(InvalidInput):
        ask("documents", {"mine": "yes"}, DESK, at=AT)


@pytest.mark.parametrize(
    ("deadline", "day", "due"),
    [
        ("2025-09-15", "2025-09-15", True),
        ("2025-09-21", "2025-09-15", True),
        ("2025-09-22", "2025-09-15", False),
        ("2025-09-14", "2025-09-15", False),
        ("2025-09", "2025-09-30", True),
        ("2025-09", "2025-09-15", False),
        ("2025", "2025-12-30", True),
        ("2025-10-01", "2025-09-30", True),
        ("2025-10", "2025-09-30", False),
        ("", "2025-09-15", False),
        ("9999-12-31", "9999-12-31", True),
    ],
)
def test_due_this_week(deadline: str, day: str, due: bool) -> None:
    task(deadline=deadline)
    assert ask("tasks", {"due_week_on": day}, DESK, at=AT).total == int(due)


def test_what_is_over_is_not_due() -> None:
    duty = task(lead_id=institution().pk, deadline="2025-09-16", **SIX)
    move_work(act=act(), record=duty, action="assign", version=duty.version)
    move_work(act=act(reason="Thôi"), record=duty, action="cancel", version=duty.version)
    assert ask("tasks", {"due_week_on": "2025-09-16"}, DESK, at=AT).total == 0


def test_every_face_names_fields_of_its_records() -> None:
    with_faces = [register for register in registers() if register.faces]
    assert {register.name for register in with_faces} >= {"commitments", "tasks", "activities", "data_calls", "data_call_answers"}
    assert COMMITMENTS.faces
    for register in with_faces:
        names = {f.name for f in register.model._meta.get_fields()}
        for face in register.faces:
            assert set(face.dates) <= names and (face.name == "board") == (face.machine is not None)
            assert face.machine is None or face.machine in register.machines
    assert isinstance(AT, datetime)
