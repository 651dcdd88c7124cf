"""Do conferences expect whom a rule names, count who came, and collect statements before a day?"""

from __future__ import annotations

import pytest

from banggiao.activities.conference import ATTENDANCE, SPEAKERS, turnout
from banggiao.activities.models import Activity, Attendance, Speaker
from banggiao.activities.services_conference import call_statements, call_the_roll, expect, take_statements
from banggiao.core.errors import InvalidInput, NotFound, NotPermitted, StaleEdit
from banggiao.core.lines import add_line, change_line, rows_of
from banggiao.core.questions import ALL, ask
from banggiao.core.registers import find_record, register_named
from banggiao.followup.data_calls.models import DataCallAnswer
from banggiao.followup.data_calls.services import move_answer, move_call, save_rows
from tests.factories.rows import AT, act, activity, institution, partner, viewer

pytestmark = pytest.mark.django_db


def conference(**values: object) -> Activity:
    """A hybrid conference on 9 September 2025."""
    return activity(kind="conference", form="hybrid", start="2025-09-09", **values)


def test_a_rule_expects_the_bodies_that_existed_on_the_day() -> None:
    there = institution("DSQ-A", kind="embassy", host_id=partner("JPN", "Nhật Bản").pk)
    institution("DSQ-B", kind="embassy", valid_to="2025-06-01")
    institution("DSQ-C", kind="embassy", valid_from="2025-10-01")
    institution("DSQ-Z", kind="embassy", exercise=True)
    chosen, held, desk = institution("BO-B"), conference(), viewer("desk", institution("BO-A"))
    before = find_record(register_named("institutions"), "DSQ-A", desk)
    made = expect(act=act(desk), activity=held, rule="missions")
    assert before.pk in {line.institution_id for line in made} and {line.basis for line in made} == {"missions"}
    named = set(Attendance.objects.values_list("institution__code", flat=True))
    assert "DSQ-A" in named and not {"DSQ-B", "DSQ-C", "DSQ-Z", "BO-B"} & named
    assert expect(act=act(desk), activity=held, rule="missions") == [], "nobody is expected twice"
    (single,) = expect(act=act(desk), activity=held, institutions=[chosen])
    assert single.basis == "chosen"
    for wrong in ({"rule": "planets"}, {"institutions": []}):
        with pytest.raises(InvalidInput):
            expect(act=act(desk), activity=held, **wrong)
    with pytest.raises(NotPermitted):
        expect(act=act(viewer("mission", there)), activity=held, rule="missions")
    assert find_record(register_named("activities"), held.code, viewer("ministry", chosen)) == held, "the invited may know of it"
    with pytest.raises(NotFound):
        find_record(register_named("activities"), held.code, viewer("ministry", institution("BO-Q")))


def test_the_roll_counts_against_its_denominator_and_never_overwrites() -> None:
    held, desk = conference(), viewer("desk", institution("BO-A"))
    bodies = [institution(f"BO-{n}") for n in range(3)]
    first, second, third = expect(act=act(desk), activity=held, institutions=bodies)
    rows = {
        first.pk: (1, {"presence": "present", "represented_by": ""}),
        second.pk: (1, {"presence": "represented", "represented_by": "Vụ trưởng"}),
        third.pk: (1, {"presence": "expected", "represented_by": ""}),
    }
    assert call_the_roll(act=act(desk), lines=ATTENDANCE, parent=held, rows=rows) == 2
    assert turnout(ATTENDANCE, held, desk) == {"expected": 1, "present": 1, "represented": 1, "absent": 0}
    listed = ask("attendances", {"activity": str(held.pk), "presence": "present"}, desk, at=AT, page=ALL)
    assert [row.id for row in listed.rows] == [first.pk], "the figure opens the list it counted"
    # Somebody else marks the third meanwhile; a form that shows it as it was leaves it alone, one that says otherwise is stale.
    change_line(act=act(), lines=ATTENDANCE, parent=held, line=third, values={"presence": "absent"}, version=1)
    assert call_the_roll(act=act(desk), lines=ATTENDANCE, parent=held, rows={third.pk: rows[third.pk]}) == 0
    assert turnout(ATTENDANCE, held, desk)["absent"] == 1
    with pytest.raises(StaleEdit):
        call_the_roll(act=act(desk), lines=ATTENDANCE, parent=held, rows={third.pk: (1, {"presence": "present"})})
    with pytest.raises(InvalidInput) as raised:
        call_the_roll(
            act=act(desk), lines=ATTENDANCE, parent=held,
            rows={first.pk: (2, {"presence": "absent"}), second.pk: (2, {"represented_by": ""})},
        )  # fmt: skip
    assert [p.field for p in raised.value.problems] == [f"{second.pk}.represented_by"]
    assert turnout(ATTENDANCE, held, desk)["present"] == 1, "all or none"
    with pytest.raises(NotFound):
        call_the_roll(act=act(desk), lines=ATTENDANCE, parent=conference(), rows={first.pk: (2, {"presence": "absent"})})
    with pytest.raises(NotPermitted):
        call_the_roll(act=act(viewer("ministry", bodies[0])), lines=ATTENDANCE, parent=held, rows=rows)


def test_statements_are_called_for_handed_in_and_taken_over() -> None:
    asker, x, y = institution("VU-E"), institution("TINH-X", kind="province"), institution("TINH-Y", kind="province")
    held, desk = conference(owner=asker.pk), viewer("desk", asker)
    add_line(act=act(desk), lines=SPEAKERS, parent=held, values={"state": "confirmed", "institution_id": x.pk, "topic": "Cảng"})
    call = call_statements(
        act=act(desk), activity=held, asker_id=asker.pk, deadline="2025-09-05", institutions=[x, y],
    )  # fmt: skip
    assert call.state == "draft" and not DataCallAnswer.objects.exists(), "nobody is asked before it is sent"
    assert Speaker.objects.filter(activity=held, call=call).count() == 2, "one line a body"
    call = move_call(act=act(desk), call=call, action="open", version=call.version)
    answer = DataCallAnswer.objects.get(call=call, institution=x)
    cells = {"c1": "Logistics", "c2": "Trần Thị B", "c4": "7", "c5": "Đề nghị thống nhất mẫu hồ sơ."}
    of_x, of_y = viewer("province", x), viewer("province", y)
    answer = save_rows(act=act(of_x), answer=answer, rows=[{"id": "", "values": cells}], version=1)
    assert take_statements(act=act(desk), activity=held) == 0, "a draft is not handed in"
    move_answer(act=act(of_x), answer=answer, action="submit", version=answer.version)
    assert take_statements(act=act(desk), activity=held) == 1
    speaker = Speaker.objects.get(activity=held, institution=x)
    assert (speaker.topic, speaker.name, speaker.minutes, speaker.state) == ("Cảng", "Trần Thị B", 7, "confirmed")
    assert speaker.text == "Đề nghị thống nhất mẫu hồ sơ." and take_statements(act=act(desk), activity=held) == 0
    given = ask("statements", {"activity": str(held.pk), "handed_in": "yes"}, desk, at=AT, page=ALL)
    missing = ask("statements", {"activity": str(held.pk), "handed_in": "no"}, desk, at=AT, page=ALL)
    assert [row.id for row in given.rows] == [speaker.pk] and missing.total == 1
    column = [c.key for c in given.columns].index("handed_in")
    assert given.rows[0].cells[column].id == answer.pk
    # The other body asked sees the list, not whether this one has answered.
    seen = ask("statements", {"activity": str(held.pk)}, of_y, at=AT, page=ALL)
    assert {row.cells[column].id for row in seen.rows if row.cells[column]} == {DataCallAnswer.objects.get(institution=y).pk}


def test_a_line_names_somebody_once_and_a_site_of_its_own_activity() -> None:
    held, other, body = conference(), conference(), institution("BO-B")
    site = add_line(act=act(), lines=_lines("sites"), parent=other, values={"name": "Điểm cầu khác"})
    with pytest.raises(InvalidInput):
        add_line(act=act(), lines=SPEAKERS, parent=held, values={"state": "registered", "topic": "Không ai"})
    with pytest.raises(InvalidInput):
        add_line(act=act(), lines=SPEAKERS, parent=held, values={"state": "registered", "name": "A", "site_id": site.pk})
    with pytest.raises(InvalidInput):
        add_line(
            act=act(), lines=ATTENDANCE, parent=held,
            values={"institution_id": body.pk, "presence": "present", "represented_by": "Ai đó"},
        )  # fmt: skip
    for turn in (2, None, 1):
        add_line(act=act(), lines=SPEAKERS, parent=held, values={"state": "registered", "name": f"Người {turn}", "turn": turn})
    assert [line.turn for line in rows_of(SPEAKERS, held, viewer("desk"))] == [1, 2, None]
    with pytest.raises(InvalidInput):
        add_line(act=act(), lines=SPEAKERS, parent=held, values={"state": "registered", "name": "B", "turn": 1})


def _lines(name: str) -> object:
    from banggiao.core.lines import lines_named

    return lines_named("activities.activity", name)
