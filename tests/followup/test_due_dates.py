"""Is the first due date kept for ever, and does a later one need a reason and somebody above?"""

from __future__ import annotations

import pytest

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.commitments.models import Commitment
from banggiao.core.errors import InvalidInput, MissingInformation, NotFound, NotPermitted, StaleEdit, VersionRequired, WrongState
from banggiao.core.ledger import entries_of
from banggiao.core.questions import ask
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.extensions.questions import waiting_moves
from banggiao.followup.models import DueDateMove
from banggiao.followup.questions import due_moves_of
from banggiao.followup.services import decide_due_date, move_due_date, report_progress, settle_due_move
from banggiao.followup.talking import InboxItem
from tests.factories.rows import AT, SYSTEM, act, commitment, institution, user, viewer

pytestmark = pytest.mark.django_db


def dates(record: Commitment) -> tuple[str, str]:
    fresh = Commitment.objects.get(pk=record.pk)
    return fresh.first_due, fresh.current_due


@pytest.mark.parametrize(
    ("now", "to", "later"),
    [
        ("2025-09-30", "2025-10-01", True), ("2025-09-30", "2026", True), ("2025-09-30", "2025-09-30", False),
        ("2025-09-30", "2025-08-01", False),
        ("2025-09-30", "2025", True), ("2025-09-30", "2025-10", True), ("2025-09-30", "2025-09", False),
        ("2025-09-29", "2025-09", True),
        ("2025", "2025-12-31", False), ("2025", "2025-06-30", False), ("2025", "2026-01", True), ("2025-09", "2025-09-15", False),
        ("2025-09", "2025-10-01", True), ("", "2030", False),
    ],
)  # fmt: skip
def test_what_is_later_waits_and_what_is_not_holds_at_once(now: str, to: str, later: bool) -> None:
    duty = commitment(deadline=now)
    if later:
        with pytest.raises(MissingInformation) as raised:
            move_due_date(act=act(), record=duty, to=to, version=1)
        assert [p.field for p in raised.value.problems] == ["reason"]
        assert not DueDateMove.objects.exists()
    move = move_due_date(act=act(reason="Đối tác xin lùi" if later else ""), record=duty, to=to, version=1)
    assert move.state == ("requested" if later else "approved")
    assert dates(duty) == (now or to, now if later else to), "the first date never moves once there is one"


def test_a_later_date_is_approved_by_another_institution() -> None:
    lead, above = institution("BO-A"), institution("BO-B")
    duty = commitment(lead_id=lead.pk)
    deed = act(viewer("ministry", lead), reason="Thiếu vốn")
    move = move_due_date(act=deed, record=duty, to="2025-12-31", version=1)
    for role, body, error in (("ministry", lead, NotPermitted), ("leader", lead, WrongState), ("desk", above, NotPermitted)):
        with pytest.raises(error):
            decide_due_date(act=act(viewer(role, body)), record=duty, move=move, approve=True)
    assert dates(duty) == ("2025-09-30", "2025-09-30")
    done = decide_due_date(act=act(viewer("leader", above)), record=duty, move=move, approve=True)
    assert (done.state, done.decided_by, dates(duty)) == ("approved", "leader", ("2025-09-30", "2025-12-31"))
    assert entries_of(duty.pk).last().action == "move due date"  # type: ignore[union-attr]
    with pytest.raises(WrongState):
        decide_due_date(act=act(viewer("leader", above)), record=duty, move=done, approve=False)
    assert {r for r, granted in PERMISSIONS.items() if "followup.approve_due_date" in granted} == {"leader"}


def test_a_refusal_changes_no_date() -> None:
    duty = commitment()
    move = move_due_date(act=act(reason="vì"), record=duty, to="2026", version=1)
    assert decide_due_date(act=act(), record=duty, move=move, approve=False).state == "refused"
    assert dates(duty) == ("2025-09-30", "2025-09-30") and Commitment.objects.get().version == 1
    assert [m.state for m in due_moves_of(duty.pk, SYSTEM)] == ["refused"]


def test_an_approval_is_for_its_own_record() -> None:
    duty, other = commitment(), commitment()
    move = move_due_date(act=act(reason="vì"), record=duty, to="2026", version=1)
    with pytest.raises(NotFound):
        decide_due_date(act=act(), record=other, move=move, approve=True)
    assert dates(other) == ("2025-09-30", "2025-09-30")


@pytest.mark.parametrize("to", ["", "2025-13", "mai", "2025-02-30", "２０２５", "31/12/2025"])
def test_what_is_no_date_is_refused(to: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        move_due_date(act=act(reason="vì"), record=commitment(), to=to, version=1)
    assert [p.field for p in raised.value.problems] == ["to"]


@pytest.mark.parametrize(("version", "error"), [(None, VersionRequired), (9, StaleEdit)])
def test_a_move_needs_the_version_seen_and_leaves_nothing_half_done(version: int | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        move_due_date(act=act(), record=commitment(), to="2025-01", version=version)
    assert not DueDateMove.objects.exists()


@pytest.mark.parametrize("role", PERMISSIONS)
def test_who_may_ask(role: str) -> None:
    lead = institution()
    duty, deed = commitment(lead_id=lead.pk), act(viewer(role, lead), reason="vì")
    if "followup.report" in PERMISSIONS[role]:
        assert move_due_date(act=deed, record=duty, to="2026", version=1).state == "requested"
    else:
        with pytest.raises(NotPermitted):
            move_due_date(act=deed, record=duty, to="2026", version=1)


@pytest.mark.parametrize(("role", "part"), [("ministry", False), ("mission", False), ("province", False), ("desk", True)])
def test_those_without_a_part_in_a_duty_do_not_act_on_it(role: str, part: bool) -> None:
    duty = commitment(lead_id=institution("BO-A").pk)
    deed = act(viewer(role, institution("BO-B")), reason="vì")
    tries = [
        lambda: move_due_date(act=deed, record=duty, to="2026", version=1),
        lambda: report_progress(act=deed, record=duty, day=AT.date(), text="Đã họp"),
        lambda: add_evidence(act=deed, record=duty, grade=1, description="Biên bản", day=AT.date()),
    ]
    for attempt in tries:
        if part:
            attempt()
        else:
            with pytest.raises(NotPermitted):
                attempt()


def test_who_may_approve_is_asked_and_who_asked_is_answered() -> None:
    ministry = institution("BO-A")
    lead = institution("VU-A", kind="department", parent_id=ministry.pk)
    leader, asks = user("lanh.dao", role="leader", body=ministry), user("can.bo", role="ministry", body=lead)
    user("lanh.dao.vu", role="leader", body=lead)
    duty = commitment(lead_id=lead.pk)
    deed = act(viewer("ministry", lead, id=asks.pk), reason="Thiếu vốn")
    move = move_due_date(act=deed, record=duty, to="2025-12-31", version=1)
    assert [(i.kind, i.user) for i in InboxItem.objects.all()] == [("due_request", leader)]
    above = viewer("leader", ministry, id=leader.pk)
    assert waiting_moves(above) == [move]
    assert waiting_moves(viewer("leader", lead)) == [] == waiting_moves(viewer("desk", ministry)), "not the lead's"
    assert waiting_moves(viewer("leader", ministry, id=asks.pk)) == [], "nor who asked"
    with pytest.raises(VersionRequired):
        settle_due_move(act=act(above), move=move, action="refuse", version=None)
    with pytest.raises(StaleEdit):
        settle_due_move(act=act(above), move=move, action="approve", version=9)
    assert dates(duty) == ("2025-09-30", "2025-09-30"), "nothing half done"
    done = settle_due_move(act=act(above), move=move, action="approve", version=1)
    assert (done.state, dates(duty)[1], waiting_moves(above)) == ("approved", "2025-12-31", [])
    told = InboxItem.objects.filter(kind="due_decision").values_list("user_id", "institution_id")
    assert set(told) == {(asks.pk, None), (None, lead.pk)}


@pytest.mark.parametrize(
    ("due", "left"), [("2025-09-15", 0), ("2025-09-20", 5), ("2025-09-21", 6), ("2025-09-10", -5), ("2025-10", 46)]
)
def test_extensions_asked_in_the_last_days_are_told_apart(due: str, left: int) -> None:
    duty = commitment(deadline=due)
    move = move_due_date(act=act(reason="vì"), record=duty, to="2026-01-01", version=1)
    assert move.days_left == left
    late = [row.id for row in ask("due_date_moves", {"asked_late": "yes"}, SYSTEM, at=AT).rows]
    assert late == ([move.pk] if left <= 5 else [])
    other = [row.id for row in ask("due_date_moves", {"asked_late": "no"}, SYSTEM, at=AT).rows]
    assert late + other == [move.pk]
