"""Do bodies, their meetings and notices keep their rules: who sees, what waits, what is decided, what stands still?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from banggiao.bodies.lines import DECISIONS, ITEMS, MEMBERS, ROLL
from banggiao.bodies.models import Body, Meeting, MeetingItem
from banggiao.bodies.proposals import proposals_for
from banggiao.bodies.questions import BODIES, MEETINGS, NOTICES, decisions_of, last_meeting_of, seats_of
from banggiao.bodies.services import (
    create_body,
    create_meeting,
    give_tasks,
    move_body,
    move_meeting,
    put_on_agenda,
    revise_meeting,
)
from banggiao.bodies.services_notices import move_notice, revise_notice
from banggiao.commitments.models import Directive, Task
from banggiao.commitments.questions_repeated import asked_before, repeated_of
from banggiao.commitments.services import create_directive
from banggiao.commitments.services_splitting import judge_repeated
from banggiao.core.acts import Viewer
from banggiao.core.errors import (
    InvalidInput,
    MissingInformation,
    NotFound,
    NotPermitted,
    StaleEdit,
    VersionRequired,
    WrongState,
)
from banggiao.core.lines import add_line, change_line, remove_line, rows_of
from banggiao.core.questions import ALL, ask
from banggiao.core.records import revise
from banggiao.core.registers import find_record
from banggiao.followup.services import move_work
from banggiao.followup.talking import InboxItem
from banggiao.partners.models import Institution
from banggiao.reports.blocks import Table
from banggiao.reports.lines import change, enter
from banggiao.reports.meetings import minutes_paper, notice_paper
from tests.factories.rows import AT, SIX, act, body, commitment, institution, meeting, notice, partner, task, viewer

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Case:
    """A committee of a ministry and a province, and a third body that has no seat."""

    board: Body
    lead: Institution
    province: Institution
    stranger: Institution
    desk: Viewer
    of_province: Viewer
    outsider: Viewer


@pytest.fixture
def case() -> Case:
    lead, province, stranger = institution("BO-A"), institution("TINH-X", kind="province"), institution("BO-C")
    board = body(lead)
    for role, position, sits in (("head", "Thứ trưởng Bộ A", lead), ("member", "Phó Chủ tịch tỉnh", province)):
        values = {"role": role, "position": position, "institution_id": sits.pk, "since": "2025-01-10"}
        add_line(act=act(), lines=MEMBERS, parent=board, values=values)
    people = (viewer("desk", lead), viewer("province", province), viewer("ministry", stranger))
    return Case(board, lead, province, stranger, *people)


def held(case: Case, **values: Any) -> Meeting:
    """A meeting that was convened and held."""
    made = meeting(case.board, **values)
    made = move_meeting(act=act(case.desk), meeting=made, action="convene", version=made.version)
    return move_meeting(act=act(case.desk), meeting=made, action="hold", version=made.version)


def decide(made: Meeting, text: str, lead: Institution | None, **more: Any) -> Any:
    """A decision of the meeting."""
    values = {"kind": "decision", "text_vi": text, "lead_id": lead.pk if lead else None, **more}
    return add_line(act=act(), lines=DECISIONS, parent=made, values=values)


def test_a_body_is_active_with_its_decision_and_its_head_only(case: Case) -> None:
    headless = body(case.lead, name_vi="Tổ công tác")
    with pytest.raises(MissingInformation) as raised:
        move_body(act=act(case.desk), body=headless, action="activate", version=1)
    assert [p.field for p in raised.value.problems] == ["members"]
    active = move_body(act=act(case.desk), body=case.board, action="activate", version=1)
    with pytest.raises(MissingInformation):
        move_body(act=act(case.desk), body=active, action="end", version=2, values={"ends": "2024-12-31"})
    ended = move_body(
        act=act(case.desk, reason="Hết nhiệm vụ"), body=active, action="end", version=2, values={"ends": "2025-09-30"}
    )
    with pytest.raises(InvalidInput):
        create_meeting(act=act(case.desk), values={"body_id": ended.pk})
    assert move_body(act=act(case.desk, reason="Kiện toàn"), body=ended, action="renew", version=3).ends == ""
    with pytest.raises(NotPermitted):
        move_body(act=act(case.of_province, reason="x"), body=active, action="end", version=4, values={"ends": "2025-10-01"})
    with pytest.raises(InvalidInput) as wrong:
        create_body(act=act(case.desk), values={"kind": "joint_committee", "name_vi": "UBHH"})
    assert [p.field for p in wrong.value.problems] == ["partner_id"]


def test_members_see_the_body_and_its_meetings_others_do_not(case: Case) -> None:
    made = meeting(case.board)
    for register, record in ((BODIES, case.board), (MEETINGS, made)):
        assert find_record(register, str(record.pk), case.of_province) == record
        with pytest.raises(NotFound):
            find_record(register, str(record.pk), case.outsider)
    assert [s.body for s in seats_of(case.province.pk, case.of_province, AT.date())] == [case.board]
    assert seats_of(case.province.pk, case.outsider, AT.date()) == []
    seats = ask("body_seats", {"institution": "TINH-X"}, case.of_province, at=AT)
    assert seats.total == 1 and seats.rows[0].cells[3] == "Phó Chủ tịch tỉnh"
    assert ask("body_seats", {"institution": "TINH-X"}, case.outsider, at=AT).total == 0
    seat = rows_of(MEMBERS, case.board, case.desk).get(institution=case.province)
    with pytest.raises(StaleEdit):
        change_line(act=act(case.desk), lines=MEMBERS, parent=case.board, line=seat, values={"until": "2025-08"}, version=9)
    change_line(act=act(case.desk), lines=MEMBERS, parent=case.board, line=seat, values={"until": "2025-08-31"}, version=1)
    for register, record in ((BODIES, case.board), (MEETINGS, made)):
        with pytest.raises(NotFound):
            find_record(register, str(record.pk), case.of_province)


def test_convening_expects_the_members_and_tells_them(case: Case) -> None:
    made = meeting(case.board)
    with pytest.raises(MissingInformation):
        move_meeting(act=act(case.desk), meeting=meeting(case.board, day="2025-09"), action="convene", version=1)
    with pytest.raises(NotPermitted):
        move_meeting(act=act(case.of_province), meeting=made, action="convene", version=1)
    with pytest.raises(VersionRequired):
        move_meeting(act=act(case.desk), meeting=made, action="convene", version=None)
    made = move_meeting(act=act(case.desk), meeting=made, action="convene", version=1)
    roll = rows_of(ROLL, made, case.desk)
    assert {line.institution_id for line in roll} == {case.lead.pk, case.province.pk}
    assert {line.basis for line in roll} == {"members"}
    told = InboxItem.objects.filter(kind="meeting", subject_id=made.pk).values_list("institution_id", flat=True)
    assert set(told) == {case.lead.pk, case.province.pk}
    ahead = meeting(case.board, day="2025-10-01")
    ahead = move_meeting(act=act(case.desk), meeting=ahead, action="convene", version=1)
    with pytest.raises(InvalidInput):
        move_meeting(act=act(case.desk), meeting=ahead, action="hold", version=2)
    add_line(act=act(), lines=ROLL, parent=ahead, values={"institution_id": case.stranger.pk, "presence": "expected"})
    assert find_record(MEETINGS, str(ahead.pk), case.outsider) == ahead, "whoever is invited may know of it"
    with pytest.raises(InvalidInput):
        add_line(act=act(), lines=ROLL, parent=ahead, values={"institution_id": case.stranger.pk, "presence": "absent"})


def test_the_agenda_is_proposed_from_what_waits_as_of_the_day_of_the_meeting(case: Case) -> None:
    state = partner()
    late = commitment(lead_id=case.province.pk, deadline="2025-09-01", partner_id=state.pk, **SIX)
    late = move_work(act=act(), record=late, action="assign", version=late.version)
    stuck = task(lead_id=case.lead.pk, **SIX)
    for action, values in (("assign", {}), ("start", {}), ("block", {"blocked_reason": "PARTNER", "unblocker": "Bộ A"})):
        stuck = move_work(act=act(reason="vì"), record=stuck, action=action, version=stuck.version, values=values)
    later = commitment(lead_id=case.province.pk, deadline="2025-09-20", **SIX)
    move_work(act=act(), record=later, action="assign", version=later.version)
    others = commitment(lead_id=case.stranger.pk, deadline="2025-01-01", **SIX)
    move_work(act=act(), record=others, action="assign", version=others.version)
    made = meeting(case.board, day="2025-09-12")

    found = proposals_for(made, case.desk, AT)
    assert [(p.record.pk, p.reason) for p in found] == [(stuck.pk, "blocked"), (late.pk, "overdue")]
    assert later.pk in [p.record.pk for p in proposals_for(meeting(case.board, day="2025-09-25"), case.desk, AT)]
    answer = ask("agenda_proposals", {"meeting": made.code}, case.desk, at=AT, page=ALL)
    assert [row.id for row in answer.rows] == [p.record.pk for p in found]
    committee = body(case.lead, kind="joint_committee", partner_id=state.pk, name_vi="UBHH")
    assert [p.record.pk for p in proposals_for(meeting(committee), case.desk, AT)] == [late.pk], "with the partner, no member"

    with pytest.raises(NotFound):
        put_on_agenda(act=act(case.desk), meeting=made, chosen=[others.pk])
    with pytest.raises(InvalidInput):
        put_on_agenda(act=act(case.desk), meeting=made, chosen=[])
    put_on_agenda(act=act(case.desk), meeting=made, chosen=[late.pk, stuck.pk])
    assert [p.record.pk for p in proposals_for(made, case.desk, AT)] == []
    lines = list(rows_of(ITEMS, made, case.desk))
    assert [(line.place, line.subject_id, line.reason) for line in lines] == [(1, late.pk, "overdue"), (2, stuck.pk, "blocked")]
    # The task of the ministry is internal: the province sees the meeting, not that line, nor a decision about it.
    decide(made, "Gỡ vướng", case.lead, item_id=lines[1].pk)
    decide(made, "Đôn đốc", case.province, item_id=lines[0].pk)
    assert [line.subject_id for line in rows_of(ITEMS, made, case.of_province)] == [late.pk]
    assert [line.text_vi for line in rows_of(DECISIONS, made, case.of_province)] == ["Đôn đốc"]
    # Nor does it read the name of a body that it may not know of, wherever that body would stand.
    secret = institution("VU-K", kind="department", name_vi="Vụ Kín", classification="internal")
    add_line(act=act(), lines=ROLL, parent=made, values={"institution_id": secret.pk, "presence": "expected"})
    decide(made, "Tổng hợp", secret, coordinating=[secret.pk])
    for who, reads in ((case.of_province, False), (case.desk, True)):
        assert ("Vụ Kín" in str(minutes_paper(made, who, at=AT, language="vi"))) is reads
        assert ("Vụ Kín" in str(ask("meeting_decisions", {"meeting": made.code}, who, at=AT, page=ALL).rows)) is reads
    assert "Gỡ vướng" not in str(minutes_paper(made, case.of_province, at=AT, language="vi"))
    assert "Gỡ vướng" in str(minutes_paper(made, case.desk, at=AT, language="vi"))
    told = ask("meeting_decisions", {"meeting": made.code}, case.of_province, at=AT, page=ALL)
    assert [row.cells[2].vi for row in told.rows] == ["Đôn đốc", "Tổng hợp"]


def test_a_decision_becomes_one_task_and_the_next_meeting_sees_what_came_of_it(case: Case) -> None:
    made = held(case)
    given = decide(
        made, "Lập mốc kiểm tra", case.province, coordinating=[case.stranger.pk], due="2025-09-01", product="Danh mục mốc"
    )
    said = decide(made, "Nhất trí chủ trương", None)
    with pytest.raises(WrongState):
        give_tasks(act=act(case.desk), meeting=meeting(case.board), decisions=[given])
    with pytest.raises(InvalidInput) as raised:
        give_tasks(act=act(case.desk), meeting=made, decisions=[said])
    assert [p.field for p in raised.value.problems] == [str(said.pk)]
    with pytest.raises(NotPermitted):
        give_tasks(act=act(case.of_province), meeting=made, decisions=[given])
    (first,) = give_tasks(act=act(case.desk), meeting=made, decisions=[given])
    (again,) = give_tasks(act=act(case.desk), meeting=made, decisions=[given])
    assert first == again and (first.lead_id, first.current_due, first.product) == (
        case.province.pk,
        "2025-09-01",
        "Danh mục mốc",
    )
    assert list(first.coordinating_rows.values_list("institution_id", flat=True)) == [case.stranger.pk]
    assert (first.origin_type, first.origin_id) == ("bodies.meeting", made.pk) and first.given_on == "2025-09-12"
    for name, problem in (("Cục không có", "coordinating"), ("Bộ BO-C; Bộ BO-A", "")):
        values = {"kind": "decision", "text_vi": "Việc khác", "coordinating": name}
        try:
            entered = enter(DECISIONS, made, values=values, act=act(case.desk))
            assert [row.institution.code for row in entered.coordinating_rows.order_by("position")] == ["BO-C", "BO-A"]
            change(DECISIONS, made, entered, values={"coordinating": ""}, version=1, act=act(case.desk))
            assert not problem and not entered.coordinating_rows.exists()
        except InvalidInput as unclear:
            assert [p.field for p in unclear.problems] == [problem]

    after = meeting(case.board, day="2025-10-12")
    assert last_meeting_of(after, case.desk) == made
    found = decisions_of(made, case.desk, AT.date())
    assert [(each.decision.text_vi, each.task) for each in found[:2]] == [
        ("Lập mốc kiểm tra", first),
        ("Nhất trí chủ trương", None),
    ]
    assert found[0].timely == "unknown", "past its date, and nobody was given it yet"
    revise(case.stranger, act=act(), values={"name_en": "Ministry C"}, version=case.stranger.version)
    assert "with: Ministry C" in str(minutes_paper(made, case.desk, at=AT, language="en").blocks), "typed in Vietnamese"
    paper = minutes_paper(after, case.desk, at=AT, language="vi")
    assert any("Lập mốc kiểm tra" in str(block) for block in paper.blocks if isinstance(block, Table))
    answer = ask("meeting_decisions", {"body": case.board.code}, case.desk, at=AT, page=ALL)
    assert [row.cells[6] for row in answer.rows] == ["proposed", None, None]
    assert ask("meeting_decisions", {}, case.outsider, at=AT, page=ALL).total == 0


def test_minutes_are_a_draft_until_signed_and_then_stand_still(case: Case) -> None:
    made = held(case)
    typed = {"minutes_number": 3, "minutes_on": "2025-09-15", "signer_title": "Thư ký", "signer_name": "Trần Thị B"}
    assert minutes_paper(made, case.desk, at=AT, language="vi").is_draft
    with pytest.raises(MissingInformation):
        move_meeting(act=act(case.desk), meeting=made, action="minute", version=made.version, values={**typed, "signer_name": ""})
    made = move_meeting(act=act(case.desk), meeting=made, action="minute", version=made.version, values=typed)
    paper = minutes_paper(made, case.desk, at=AT, language="en")
    assert not paper.is_draft and paper.number == 3 and "Present: 0 of 2" in str(paper.blocks)
    assert "the signed copy is the original" in str(paper.notes), "two readers may hold different files of the same minutes"
    with pytest.raises(WrongState):
        revise_meeting(act=act(case.desk), meeting=made, values={"place": "Huế"}, version=made.version)
    with pytest.raises(WrongState):
        add_line(act=act(case.desk), lines=ITEMS, parent=made, values={"title_vi": "Thêm"})
    line = rows_of(ROLL, made, case.desk)[0]
    with pytest.raises(WrongState):
        remove_line(act=act(case.desk), lines=ROLL, parent=made, line=line, version=line.version)
    assert not MeetingItem.objects.exists() and rows_of(ROLL, made, case.desk).count() == 2
    made = move_meeting(act=act(case.desk, reason="Đính chính"), meeting=made, action="reopen", version=made.version)
    assert minutes_paper(made, case.desk, at=AT, language="vi").is_draft, "what was typed is not signed any more"


def test_a_notice_is_known_to_its_receivers_once_sent_and_becomes_a_directive_once_issued(case: Case) -> None:
    made = notice(case.lead, meeting_id=held(case).pk)
    made = revise_notice(act=act(case.desk), notice=made, values={"receivers": [case.stranger.pk]}, version=1)
    with pytest.raises(NotFound):
        find_record(NOTICES, made.code, case.outsider)
    with pytest.raises(StaleEdit):
        revise_notice(act=act(case.desk), notice=made, values={"text": "Khác"}, version=1)
    made = move_notice(act=act(case.desk), notice=made, action="circulate", version=made.version)
    assert find_record(NOTICES, made.code, case.outsider) == made
    assert InboxItem.objects.filter(kind="notice", institution_id=case.stranger.pk).count() == 1
    signed = {"number": 5, "issued_on": "2025-09-20", "signer_title": "TL. BỘ TRƯỞNG; CHÁNH VĂN PHÒNG", "signer_name": "Đỗ Văn C"}
    with pytest.raises(MissingInformation):
        move_notice(act=act(case.desk), notice=made, action="issue", version=made.version, values={**signed, "number": None})
    assert notice_paper(made, case.desk, at=AT, language="vi").is_draft and not Directive.objects.filter(kind="notice").exists()
    with pytest.raises(NotPermitted):
        move_notice(act=act(case.outsider), notice=made, action="issue", version=made.version, values=signed)
    with pytest.raises(StaleEdit):
        move_notice(act=act(case.desk), notice=made, action="issue", version=1, values=signed)
    assert not Directive.objects.filter(kind="notice").exists(), "a step that is refused leaves nothing"
    made = move_notice(act=act(case.desk), notice=made, action="issue", version=made.version, values=signed)
    paper = notice_paper(made, case.desk, at=AT, language="vi")
    assert not paper.is_draft and paper.signing_as == ("TL. BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG")
    directive = Directive.objects.get(pk=made.directive_id)
    assert (directive.kind, directive.number, directive.day) == ("notice", "05/TB-BO-A", "2025-09-20")
    assert directive.asks_vi == made.text and Directive.objects.visible_to(case.outsider).filter(pk=directive.pk).exists()
    with pytest.raises(WrongState):
        revise_notice(act=act(case.desk), notice=made, values={"text": "Khác"}, version=made.version)


def test_a_notice_concludes_one_thing_of_its_own_world(case: Case) -> None:
    sitting = meeting(case.board)
    drill = institution("DT-BO-Z", exercise=True)
    for values in ({}, {"meeting_id": sitting.pk, "activity_id": uuid4()}, {"meeting_id": uuid4()}):
        with pytest.raises(InvalidInput):
            notice(case.lead, **values)
    with pytest.raises(InvalidInput):
        notice(drill, meeting_id=sitting.pk)


def test_what_a_body_asked_before_stands_beside_what_its_next_meeting_or_notice_asks(case: Case) -> None:
    words = "Hoàn thành cổng thông tin thị trường ngoài nước cho doanh nghiệp"
    before, now = held(case, day="2025-06-12"), held(case, day="2025-09-12")
    others = held(Case(body(case.lead, name_vi="Tổ công tác khác"), *astuple_rest(case)), day="2025-05-12")
    for made in (others, before):
        decide(made, words, case.province)
        give_tasks(act=act(case.desk), meeting=made, decisions=list(rows_of(DECISIONS, made, case.desk)))
    (first,) = Task.objects.filter(origin_id=before.pk)
    decide(now, f"Tiếp tục {words.lower()}", case.province)
    decide(now, "Rà soát biểu thuế nhập khẩu", case.province)
    again, _other = give_tasks(act=act(case.desk), meeting=now, decisions=list(rows_of(DECISIONS, now, case.desk)))
    assert [(r.later, r.earlier, r.standing) for r in repeated_of(again, case.desk)] == [(again, first, "proposed")]
    assert repeated_of(first, case.desk) == [], "what was asked later is not asked before"
    answer = ask("asked_again", {}, case.desk, at=AT, page=ALL)
    assert [(row.cells[0].id, row.cells[2].id) for row in answer.rows] == [(again.pk, first.pk)]
    judge_repeated(act=act(case.desk), later=again, earlier=first, same=True)
    assert asked_before([again.pk, first.pk]) == {again.pk: 1}
    concluded = notice(case.lead, meeting_id=now.pk)
    paper = create_directive(act=act(), values={"number": "5/TB", "kind": "notice", "day": "2025-09-20", "issuer_vi": "Bộ A"})
    revise(concluded, act=act(), values={"directive_id": paper.pk}, version=concluded.version)
    told = task(text_vi=words, directive_id=paper.pk, given_on="2025-09-20", lead_id=case.province.pk)
    assert {r.earlier.pk for r in repeated_of(told, case.desk)} == {first.pk, again.pk}


def astuple_rest(case: Case) -> tuple[Any, ...]:
    """The bodies and people of a case, without its committee."""
    return (case.lead, case.province, case.stranger, case.desk, case.of_province, case.outsider)
