"""Is a question put to the level above decided there and by nobody else, and does what waited for it go on?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.commitments.models import Commitment
from banggiao.core.acts import Act
from banggiao.core.errors import InvalidInput, MissingInformation, NotPermitted, StaleEdit, WrongState
from banggiao.core.ledger import entries_of
from banggiao.core.questions import ask
from banggiao.followup.dispatches.models import DispatchReference
from banggiao.followup.escalations.models import Escalation
from banggiao.followup.escalations.questions import ESCALATIONS, escalations_of, waiting_for
from banggiao.followup.escalations.services import (
    create_escalation,
    move_escalation,
    remind_deciders,
    revise_escalation,
    tell_above_deciders,
)
from banggiao.followup.services import move_work
from banggiao.followup.talking import InboxItem
from banggiao.reports.actions import create
from tests.factories.rows import AT, SIX, act, commitment, institution, user, viewer

pytestmark = pytest.mark.django_db
DECISION = {"decision": "Chọn phương án 1", "decided_by": "Trần Văn C, Bộ trưởng"}


class Case:
    """A duty that waits for a decision, the body that leads it, the one above, and somebody in each."""

    def __init__(self) -> None:
        self.above, self.lead = institution("BO-A"), None
        self.lead = institution("VU-A", kind="department", parent_id=self.above.pk)
        self.asks, self.decides = user("can.bo"), user("lanh.dao")
        duty = commitment(lead_id=self.lead.pk, **SIX)
        duty = move_work(act=act(), record=duty, action="assign", version=1)
        self.duty = move_work(act=act(reason="Chưa rõ"), record=duty, action="await_decision", version=2)

    def asker(self) -> Act:
        return act(viewer("ministry", self.lead, id=self.asks.pk))

    def decider(self) -> Act:
        return act(viewer("leader", self.above, id=self.decides.pk))

    def drafted(self, **more: Any) -> Escalation:
        values = {
            "question": "Có giữ thuế 0% không?",
            "options": "Giữ\nBỏ",
            "needed_by": "2025-09-30",
            "decider_id": self.above.pk,
        }
        return create_escalation(act=self.asker(), values={**values, **more}, subject=self.duty)

    def sent(self) -> Escalation:
        return move_escalation(act=self.asker(), escalation=self.drafted(), action="send", version=1)


@pytest.fixture
def case() -> Case:
    return Case()


def test_from_question_to_decision(case: Case) -> None:
    drafted = case.drafted()
    assert (drafted.state, drafted.asker, drafted.owner, drafted.classification) == ("draft", case.lead, case.lead.pk, "internal")
    assert drafted.code == "TC-2025-0001"
    sent = move_escalation(act=case.asker(), escalation=drafted, action="send", version=1)
    assert (sent.state, sent.sent_on) == ("sent", "2025-09-15")
    outsider = viewer("ministry", case.above)
    assert Commitment.objects.visible_to(outsider).filter(pk=case.duty.pk).exists(), "who decides must see what it is about"
    assert list(waiting_for(case.decider().viewer)) == [sent]
    letter = {"document_number": "45/QĐ-BA", "document_day": "2025-09-15"}
    done = move_escalation(
        act=case.decider(), escalation=sent, action="decide", version=2, values={**DECISION, **letter}
    )  # fmt: skip
    assert (done.state, done.decided_on, done.decided_by) == ("decided", "2025-09-15", DECISION["decided_by"])
    written = DispatchReference.objects.get(number="45/QĐ-BA")
    assert (written.issuer, written.day, written.subject_id) == (case.above, "2025-09-15", done.pk)
    duty = Commitment.objects.get()
    assert duty.work_state == "active", "it waited, and goes on"
    last = entries_of(duty.pk).last()
    assert last is not None and (last.action, last.actor_id) == ("resume", case.decides.pk)
    assert last.reason == "TC-2025-0001: Chọn phương án 1"
    told = InboxItem.objects.filter(subject_id=done.pk).order_by("made_at", "pk").values_list("kind", "institution_id")
    assert sorted(told) == sorted([("escalation", case.above.pk), ("decision", case.lead.pk)])
    assert escalations_of(duty.pk, outsider) == [done]


def test_a_duty_that_does_not_wait_or_waits_for_another_stays(case: Case) -> None:
    first, second = case.sent(), case.sent()
    move_escalation(act=case.decider(), escalation=first, action="decide", version=2, values=DECISION)
    assert Commitment.objects.get().work_state == "awaiting_decision"
    move_work(act=act(), record=Commitment.objects.get(), action="resume", version=3)
    move_escalation(act=case.decider(), escalation=second, action="decide", version=2, values=DECISION)
    fresh = Commitment.objects.get()
    assert (fresh.work_state, fresh.version) == ("active", 4)


def test_who_decides(case: Case) -> None:
    sent = case.sent()
    asker_at_both = viewer("leader", case.above, case.lead, id=case.asks.pk)
    for who, error in (
        (viewer("leader", case.lead, id=user("khac").pk), NotPermitted),
        (viewer("ministry", case.above), NotPermitted),
        (viewer("desk", case.above), NotPermitted),
        (asker_at_both, WrongState),
    ):
        with pytest.raises(error):
            move_escalation(act=act(who), escalation=sent, action="decide", version=2, values=DECISION)
    assert {role for role, granted in PERMISSIONS.items() if "escalations.decide" in granted} == {"leader"}
    assert Escalation.objects.get().state == "sent"


@pytest.mark.parametrize("role", PERMISSIONS)
def test_who_asks(role: str) -> None:
    case = Case()
    try:
        create_escalation(act=act(viewer(role, case.lead)), values={"question": "Gì?"}, subject=case.duty)
        made = True
    except NotPermitted:
        made = False
    assert made == ("escalations.send" in PERMISSIONS[role]) == (role in ("leader", "desk", "mission", "ministry", "province"))


def test_who_has_no_part_does_not_ask_or_send(case: Case) -> None:
    other = act(viewer("ministry", institution("BO-Z")))
    with pytest.raises(NotPermitted):
        create_escalation(act=other, values={"question": "Gì?"}, subject=case.duty)
    with pytest.raises(NotPermitted):
        move_escalation(act=other, escalation=case.drafted(), action="send", version=1)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"question": "  "}, "question"),
    ({"decider_id": lambda case: case.lead.pk}, "decider_id"),
    ({"decider_id": lambda case: institution("DT-X", exercise=True).pk}, "decider_id"),
    ({"decider_id": lambda case: case.duty.pk}, "decider_id"),
]


@pytest.mark.parametrize(("values", "field"), WRONG)
def test_what_is_no_question(case: Case, values: dict[str, Any], field: str) -> None:
    ready = {name: value(case) if isinstance(value, Callable) else value for name, value in values.items()}  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as raised:
        case.drafted(**ready)
    assert [p.field for p in raised.value.problems] == [field]
    assert not Escalation.objects.exists()


@pytest.mark.parametrize(
    ("action", "state", "values", "missing"),
    [
        ("send", "draft", {"needed_by": ""}, "needed_by"), ("send", "draft", {"needed_by": "2025-10"}, "needed_by"),
        ("send", "draft", {"decider_id": None}, "decider_id"),
        ("decide", "sent", {"decided_by": "A"}, "decision"), ("decide", "sent", {"decision": "Giữ"}, "decided_by"),
        ("decide", "sent", {**DECISION, "document_number": "1/QĐ"}, "document_number"),
        ("withdraw", "sent", {}, "reason"),
    ],
)  # fmt: skip
def test_what_a_step_still_needs(case: Case, action: str, state: str, values: dict[str, Any], missing: str) -> None:
    record = case.drafted(**values) if state == "draft" else case.sent()
    who = case.decider() if action == "decide" else case.asker()
    with pytest.raises(MissingInformation) as raised:
        move_escalation(act=who, escalation=record, action=action, version=record.version, values=values)
    assert [p.field for p in raised.value.problems] == [missing]


def test_what_was_sent_stands_and_can_be_withdrawn(case: Case) -> None:
    drafted = case.drafted()
    with pytest.raises(StaleEdit):
        revise_escalation(act=case.asker(), escalation=drafted, values={"question": "Khác?"}, version=7)
    changed = revise_escalation(act=case.asker(), escalation=drafted, values={"question": "Khác?"}, version=1)
    sent = move_escalation(act=case.asker(), escalation=changed, action="send", version=2)
    with pytest.raises(WrongState):
        revise_escalation(act=case.asker(), escalation=sent, values={"question": "Nữa?"}, version=3)
    gone = move_escalation(act=case.asker().because("Đã tự xử lý"), escalation=sent, action="withdraw", version=3)
    assert gone.state == "withdrawn" and not waiting_for(case.decider().viewer).exists()
    assert InboxItem.objects.filter(kind="escalation", institution=case.above).count() == 2, "the level above hears of it"
    assert Commitment.objects.get().work_state == "awaiting_decision"


def test_a_decision_that_is_late_is_reminded_of_and_told_further_up(case: Case) -> None:
    committee = institution("BCD", kind="steering_body")
    chair = user("truong.ban", role="leader", body=committee)
    sent = case.sent()
    assert remind_deciders(act=act(), today=AT.date().replace(day=16)) == 1
    assert remind_deciders(act=act(), today=AT.date().replace(day=16)) == 0
    assert tell_above_deciders(act=act(), today=AT.date().replace(month=11, day=3)) == 1
    assert InboxItem.objects.get(kind="overdue_above").user == chair
    move_escalation(act=case.decider(), escalation=sent, action="decide", version=2, values=DECISION)
    assert remind_deciders(act=act(), today=AT.date().replace(month=12)) == 0


def test_entered_by_kind_and_code_as_page_api_and_command_do(case: Case) -> None:
    typed = {
        "subject_type": "Cam kết", "subject_id": case.duty.code, "question": "Có ký không?", "needed_by": "30/9/2025",
        "decider_id": "BO-A",
    }  # fmt: skip
    made = create(ESCALATIONS, values=typed, act=case.asker())
    assert (made.subject_id, made.decider, made.needed_by, made.asker) == (case.duty.pk, case.above, "2025-09-30", case.lead)
    with pytest.raises(InvalidInput) as raised:
        create(ESCALATIONS, values={**typed, "subject_id": "CK-0000"}, act=case.asker())
    assert [p.field for p in raised.value.problems] == ["subject_id"]
    rows = list(ask("escalations", {"decider": "BO-A"}, case.decider().viewer, at=AT).rows)
    assert [row.id for row in rows] == [made.pk]
    assert rows[0].cells[2].id == case.duty.pk
    assert not list(ask("escalations", {}, viewer("ministry", institution("BO-Z")), at=AT).rows)
