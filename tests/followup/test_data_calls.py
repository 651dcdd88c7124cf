"""Does a data call reach those it asks, by a working day, and does each body answer for itself only?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.core.calendar import set_exception
from banggiao.core.errors import InvalidInput, MissingInformation, NotFound, NotPermitted, StaleEdit, VersionRequired, WrongState
from banggiao.core.ledger import entries_of
from banggiao.core.questions import ALL, ask
from banggiao.core.visibility import Involvement
from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.data_calls.questions import answer_timeliness, answers_to, standing_of
from banggiao.followup.data_calls.services import (
    create_call,
    move_answer,
    move_call,
    move_deadline,
    remind_addressees,
    revise_call,
    save_rows,
)
from banggiao.followup.models import Reminder
from banggiao.followup.questions_inbox import items_for
from tests.factories.rows import AT, act, institution
from tests.followup.calls import COLUMNS, asked, filled, person, sent

pytestmark = pytest.mark.django_db
ONE = {"c1": "Bản ghi nhớ cà phê"}


def test_nobody_is_asked_before_the_call_is_sent() -> None:
    world = asked(opened=False)
    assert world.call.code == "BC-2025-0001" and not DataCallAnswer.objects.exists()
    with pytest.raises(NotFound):
        ask("data_call_table", {"data_call": str(world.call.pk)}, world.of_x, at=AT)
    move_call(act=act(world.desk), call=world.call, action="open", version=1)
    assert {a.institution_id for a in DataCallAnswer.objects.all()} == {world.x.pk, world.y.pk, world.mission.pk}
    assert DataCall.objects.visible_to(world.of_x).count() == 1
    assert items_for(world.of_x).count() == 1, "the body finds the call in its inbox"


@pytest.mark.engine
def test_each_body_sees_its_own_answer_and_the_asker_all() -> None:
    world = asked()
    sent(act(world.of_y), world.answer(world.y), ONE)
    assert [a.institution_id for a in answers_to(world.call, world.of_x)] == [world.x.pk]
    table = ask("data_call_table", {"data_call": str(world.call.pk)}, world.of_x, at=AT, page=ALL)
    assert [row.cells[0].id for row in table.rows] == [world.x.pk], "what Y answered is no business of X"
    assert len(answers_to(world.call, world.desk)) == 3
    stranger = person("province", institution("TINH-Z", kind="province"))
    assert not DataCall.objects.visible_to(stranger).exists() and not DataCallAnswer.objects.visible_to(stranger).exists()
    public = asked_again(world, classification="public")
    assert {a.classification for a in DataCallAnswer.objects.filter(call=public)} == {"internal"}


def asked_again(world: Any, **values: Any) -> DataCall:
    call = create_call(
        act=act(world.desk),
        values={
            "name_vi": "Lần hai", "purpose": "x", "asker_id": world.asker.pk, "deadline": "2025-10-15", "questions": COLUMNS,
            **values,
        },
        addressees=[world.x],
    )  # fmt: skip
    return move_call(act=act(world.desk), call=call, action="open", version=call.version)


@pytest.mark.parametrize(
    ("deadline", "at_home", "abroad"),
    [
        ("2025-09-30", "2025-09-30", "2025-09-30"),
        ("2025-09-06", "2025-09-08", "2025-09-08"),  # a Saturday
        ("2025-09-02", "2025-09-03", "2025-09-03"),  # National Day, also kept by posts abroad; 1 September is a day off too
        ("2025-09-15", "2025-09-15", "2025-09-16"),  # a holiday of the host country only
        ("2026-02-17", "2026-02-23", "2026-02-17"),  # Tết at home, no holiday abroad
    ],
)
def test_a_deadline_on_a_day_off_is_the_next_working_day_of_each_body(deadline: str, at_home: str, abroad: str) -> None:
    world = asked(deadline=deadline)
    assert world.answer(world.x).current_due == at_home
    assert world.answer(world.mission).current_due == abroad
    assert world.call.deadline == deadline, "what was asked for is kept as it was asked"


def test_a_day_swapped_by_decision_counts() -> None:
    set_exception(act=act(), country="VNM", day=date(2025, 9, 30), works=False, decision="QĐ 1")
    world = asked()
    assert world.answer(world.x).current_due == "2025-10-01"


def test_only_those_with_a_part_write_and_only_while_it_is_open() -> None:
    world = asked()
    for viewer, error in (
        (world.of_y, NotPermitted),
        (person("auditor", world.x), NotPermitted),
        (person("leader", world.y), NotPermitted),
    ):
        with pytest.raises(error):
            filled(act(viewer), world.answer(world.x), ONE)
    filled(act(world.desk), world.answer(world.x), ONE)
    with pytest.raises(NotPermitted):
        move_call(act=act(world.of_x), call=world.call, action="close", version=world.call.version)
    with pytest.raises(NotPermitted):
        create_call(act=act(world.of_x), values={"name_vi": "x", "asker_id": world.x.pk})
    closed = move_call(act=act(world.desk), call=world.call, action="close", version=world.call.version)
    with pytest.raises(WrongState):
        filled(act(world.of_x), world.answer(world.x), ONE)
    with pytest.raises(MissingInformation):
        move_call(act=act(world.desk), call=closed, action="reopen", version=closed.version)
    assert {r for r, p in PERMISSIONS.items() if "data_calls.edit" in p} == {"desk"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"deadline": ""}, "deadline"), ({"purpose": " "}, "purpose"), ({"questions": []}, "questions"),
    ],
)  # fmt: skip
def test_what_a_call_lacks_is_said_before_it_is_sent(change: dict[str, Any], field: str) -> None:
    world = asked(opened=False, **change)
    with pytest.raises(MissingInformation) as raised:
        move_call(act=act(world.desk), call=world.call, action="open", version=1)
    assert [p.field for p in raised.value.problems] == [field]
    assert not Involvement.objects.filter(record_id=world.call.pk, role="addressee").exists()


def test_a_call_without_addressees_is_not_sent() -> None:
    world = asked(opened=False)
    revise_call(act=act(world.desk), call=world.call, values={}, version=1, addressees=[])
    with pytest.raises(MissingInformation) as raised:
        move_call(act=act(world.desk), call=world.call, action="open", version=2)
    assert [p.field for p in raised.value.problems] == ["addressees"]


@pytest.mark.parametrize(
    "columns",
    [
        [{"label": ""}], [{"label": "a", "kind": "sum"}], [{"label": "a", "kind": "number"}], [{"label": "a", "kind": "choice"}],
        [{"label": "a", "kind": "choice", "terms": "../etc"}], [{"label": "Số"}, {"label": "so"}],
        [{"label": "a", "color": "red"}],
        [{"label": "x" * 201}], "abc", [1], [{"label": "a"}] * 31,
    ],
)  # fmt: skip
def test_columns_that_cannot_be_asked_are_refused(columns: Any) -> None:
    with pytest.raises(InvalidInput):
        asked(opened=False, questions=columns)


def test_the_exercise_asks_no_real_body_and_nobody_asks_the_exercise() -> None:
    real, drill = institution("THAT"), institution("DT-A", exercise=True)
    for asker, body in ((real, drill), (drill, real)):
        with pytest.raises(InvalidInput):
            create_call(act=act(), values={"name_vi": "x", "asker_id": asker.pk}, addressees=[body])
    made = create_call(act=act(), values={"name_vi": "x", "asker_id": drill.pk}, addressees=[drill])
    assert made.exercise and made.code.startswith("DT-")


def test_questions_stand_still_once_sent_and_the_deadline_moves_with_a_reason() -> None:
    world = asked()
    sent(act(world.of_y), world.answer(world.y), ONE)
    with pytest.raises(WrongState):
        revise_call(act=act(world.desk), call=world.call, values={"questions": COLUMNS[:1]}, version=world.call.version)
    revised = revise_call(act=act(world.desk), call=world.call, values={"purpose": "Rõ hơn"}, version=world.call.version)
    with pytest.raises(MissingInformation):
        move_deadline(act=act(world.desk), call=revised, to="2025-10-04", version=revised.version)
    move_deadline(act=act(world.desk, reason="Theo đề nghị"), call=revised, to="2025-10-04", version=revised.version)
    assert (world.answer(world.x).first_due, world.answer(world.x).current_due) == ("2025-09-30", "2025-10-06")
    assert world.answer(world.y).current_due == "2025-09-30", "who has answered keeps the date it was measured by"


def test_values_are_kept_in_one_way_and_what_is_no_value_names_its_cell() -> None:
    world = asked()
    kept = filled(act(world.of_x), world.answer(world.x), {"c1": " a ", "c2": "1234.50", "c3": "2025-09", "c4": "trade"})
    assert kept.rows == [{"id": "1", "values": {"c1": "a", "c2": "1234.5", "c3": "2025-09", "c4": "trade"}}]
    bad = {"c1": "ok", "c2": "1,5", "c3": "31/2/2025", "c4": "vàng", "c9": "?"}
    with pytest.raises(InvalidInput) as raised:
        filled(act(world.of_x), kept, {"c1": "ok"}, bad)
    assert {p.field for p in raised.value.problems} == {"rows.2.c2", "rows.2.c3", "rows.2.c4", "rows.2.c9"}
    assert world.answer(world.x).rows == kept.rows, "nothing half written"
    for rows in (["x"], [{"id": "1"}], [{"id": "1", "values": "x"}], [None]):
        with pytest.raises(InvalidInput):
            save_rows(act=act(world.of_x), answer=kept, rows=rows, version=kept.version)


def test_rows_keep_their_ids_and_an_id_never_comes_twice() -> None:
    world = asked()
    mine = act(world.of_x)
    kept = filled(mine, world.answer(world.x), {"c1": "một"}, {"c1": "hai"})
    kept = save_rows(act=mine, answer=kept, rows=[{"id": "1", "values": {"c1": "một"}}], version=kept.version)
    kept = save_rows(
        act=mine,
        answer=kept,
        rows=[{"id": "1", "values": {"c1": "một"}}, {"id": "7", "values": {"c1": "ba"}}],
        version=kept.version,
    )
    assert [row["id"] for row in kept.rows] == ["1", "3"]


def test_a_form_of_one_row_takes_one() -> None:
    world = asked(many_rows=False)
    with pytest.raises(InvalidInput):
        filled(act(world.of_x), world.answer(world.x), ONE, ONE)


@pytest.mark.engine
def test_of_two_who_answer_at_once_the_second_is_told() -> None:
    world = asked()
    first, second = world.answer(world.x), world.answer(world.x)
    filled(act(world.of_x), first, ONE)
    with pytest.raises(StaleEdit) as raised:
        filled(act(world.desk), second, {"c1": "khác"})
    assert "rows" in {d.field for d in raised.value.differences}
    with pytest.raises(VersionRequired):
        save_rows(act=act(world.of_x), answer=first, rows=[], version=None)
    assert world.answer(world.x).rows[0]["values"] == ONE


def test_an_answer_is_sent_whole_approved_by_another_and_sent_back_with_a_reason() -> None:
    world = asked()
    kept = filled(act(world.of_x), world.answer(world.x), {"c2": "1"})
    with pytest.raises(MissingInformation):
        move_answer(act=act(world.of_x), answer=kept, action="submit", version=kept.version)
    done = sent(act(world.of_x), kept, ONE)
    assert (done.state, done.submitted_on) == ("submitted", "2025-09-15")
    with pytest.raises(WrongState):
        filled(act(world.of_x), done, ONE)
    named = {"approved_by": "Ông B, Chủ tịch"}
    with pytest.raises(WrongState):
        move_answer(act=act(world.of_x), answer=done, action="approve", version=done.version, values=named)
    with pytest.raises(MissingInformation):
        move_answer(act=act(person("province", world.x)), answer=done, action="approve", version=done.version)
    approved = move_answer(
        act=act(world.of_x), answer=done, action="approve", version=done.version, values={**named, "letter": "12/UBND"}
    )
    assert (approved.state, approved.approved_on, approved.letter) == ("approved", "2025-09-15", "12/UBND")
    with pytest.raises(MissingInformation):
        move_answer(act=act(world.desk), answer=approved, action="return", version=approved.version)
    back = move_answer(act=act(world.desk, reason="Thiếu số"), answer=approved, action="return", version=approved.version)
    assert (back.state, back.submitted_on, back.approved_by) == ("returned", "", "")
    assert [e.action for e in entries_of(back.pk)] == ["ask", "save", "save", "submit", "approve", "return"]


@pytest.mark.engine
def test_who_has_answered_is_counted_over_all_that_were_asked() -> None:
    world = asked()
    sent(act(world.of_y), world.answer(world.y), ONE, {"c1": "Hai", "c2": "2.5"})
    filled(act(world.of_x), world.answer(world.x), ONE)
    before, after = date(2025, 9, 30), date(2025, 10, 1)
    standing = standing_of(world.call, world.desk, after)
    assert (standing.asked, standing.answered, standing.approved, standing.late) == (3, 1, 0, 2)
    assert standing_of(world.call, world.desk, before).late == 0
    assert [answer_timeliness(a, after) for a in answers_to(world.call, world.desk)] == ["overdue", "overdue", "on_time"]
    table = ask("data_call_table", {"data_call": str(world.call.pk)}, world.desk, at=AT, page=ALL)
    assert [(r.cells[0].title.vi, r.cells[1], r.cells[3]) for r in table.rows] == [
        ("Bộ TINH-Y", "submitted", 1), ("Bộ TINH-Y", "submitted", 2), ("Bộ DSQ-D", "none", None), ("Bộ TINH-X", "draft", None),
    ]  # fmt: skip
    assert all(cell is None for row in list(table.rows)[2:] for cell in row.cells[4:]), "a draft is not told to the asker's table"
    listed = ask("data_calls", {}, world.desk, at=AT)
    assert next(iter(listed.rows)).cells[-1] == "1/3"


@pytest.mark.engine
def test_those_who_have_not_answered_are_reminded_once_a_rung() -> None:
    world = asked()
    sent(act(world.of_y), world.answer(world.y), ONE)
    for day, count in ((date(2025, 9, 12), 2), (date(2025, 9, 16), 4), (date(2025, 9, 24), 6), (date(2025, 9, 30), 8)):
        remind_addressees(act=act(), today=day)
        remind_addressees(act=act(), today=day)
        assert Reminder.objects.count() == count, day
    assert world.y.pk not in set(Reminder.objects.values_list("recipient_id", flat=True))
    assert Reminder.objects.visible_to(world.of_x).count() == 4 and not Reminder.objects.visible_to(world.of_y).exists()
    move_call(act=act(world.desk), call=world.call, action="close", version=world.call.version)
    assert remind_addressees(act=act(), today=date(2025, 10, 7)) == 0
