"""Does every machine allow what its table says and nothing else, and always say what is missing?"""

from __future__ import annotations

from typing import Any

import pytest

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.commitments.models import Commitment, Task
from banggiao.commitments.services_splitting import judge_repeated
from banggiao.core import records
from banggiao.core.acts import Viewer
from banggiao.core.errors import MissingInformation, NotPermitted, StaleEdit, VersionRequired, WrongState
from banggiao.core.ledger import entries_of, verify
from banggiao.core.record import Record
from banggiao.core.registers import registers
from banggiao.core.transitions import Machine, Step, apply
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import Baseline
from banggiao.followup.planning.states import BASELINE
from banggiao.followup.services import move_work
from banggiao.followup.states import SIX_CLEAR, WORK
from tests.factories.rows import AT, SIX, act, agreement, barrier, commitment, institution, one_of_each, task

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
MACHINES: list[tuple[type[Record], Machine]] = [
    *((register.model, machine) for register in registers() for machine in register.machines),
    (Baseline, BASELINE),
]
NAMES = [f"{model.__name__}.{machine.name}" for model, machine in MACHINES]
#: A value for every field a step may need.
FILLED: dict[str, Any] = {
    **SIX, "current_due": "2025-09-30", "blocked_reason": "PARTNER", "unblocker": "Bộ A", "done_on": "2025-09-01",
    "signed_on": "2025-03-11",
    "in_force_on": "2025-04-01", "summary": "Đã dỡ bỏ", "resolved_on": "2025-08-01", "figures_as_of": AT, "number": 1,
    "issued_on": "2025-09-15",
    "signer_title": "Bộ trưởng", "signer_name": "A", "purpose": "Báo cáo quý", "deadline": "2025-09-30",
    "question": "Có ký không?", "needed_by": "2025-09-30", "decision": "Có", "decided_by": "Bộ trưởng",
    "questions": [{"label": "Số hoạt động", "kind": "number", "unit": "hoạt động"}], "approved_by": "Bộ trưởng",
    "start": "2025-09-01", "decision_number": "12/QĐ-A", "decision_on": "2025-01-10", "decision_issuer": "Bộ trưởng",
    "starts": "2025-01-10", "ends": "2025-12-31", "day": "2025-09-12", "time": "08:30", "place": "Hà Nội", "chair": "Thứ trưởng",
    "head_title": "Đại sứ", "minutes_number": 3, "minutes_on": "2025-09-15", "text": "1. Giao Bộ A rà soát.",
    "comments_due": AT.date(), "answer": "Đã bổ sung",
    "assessment": "Do mùa vụ", "used": "used",
}  # fmt: skip
STATE_LISTS = {
    "body": "body_state", "meeting": "meeting_state", "conclusion_notice": "notice_state",
    "work": "work_state", "validation": "validation_state", "agreement": "agreement_status", "barrier": "barrier_status",
    "review": "review_state", "review_reader": "review_reader_state", "review_comment": "review_comment_state",
    "data_call": "data_call_state", "data_call_answer": "data_call_answer_state",
    "activity": "activity_status", "programme": "programme_state",
    "escalation": "escalation_state", "due_date_move": "due_move_state",
    "baseline": "baseline_state", "evidence": "evidence_state", "watch": "watch_state", "signal": "signal_state",
}  # fmt: skip


def filled(step: Step) -> dict[str, Any]:
    """Values that give the step what it needs."""
    bodies = {"lead_id": "BO-Z", "decider_id": "BO-Y"}
    return {name: institution(bodies[name]).pk if name in bodies else FILLED[name] for name in step.needs}


def in_state(model: type[Record], machine: Machine, state: str) -> Record:
    """A record in that state."""
    made = one_of_each()[model]
    stored = model.objects.get(pk=made.pk)
    return records.revise(stored, act=act(), values={machine.field: state}, version=stored.version, action="set up")


@pytest.mark.parametrize(("model", "machine"), MACHINES, ids=NAMES)
def test_allowed_and_forbidden(model: type[Record], machine: Machine) -> None:
    """Every step from every state: taken where the table says so, refused everywhere else."""
    start = in_state(model, machine, machine.initial)
    if isinstance(start, Task):  # a later task asks for the same: what was asked before may be recorded as replaced
        judge_repeated(act=act(), later=task(given_on="2025-12-01"), earlier=start, same=True)
    values = {step.action: filled(step) for step in machine.steps}
    taken = refused = 0
    for state in machine.states():
        for step in machine.steps:
            record = model.objects.get(pk=start.pk)
            record = records.revise(record, act=act(), values={machine.field: state}, version=record.version, action="set up")
            go = {"act": act(reason="vì"), "version": record.version, "values": values[step.action]}
            if state == step.target and state in step.sources:
                # A step that stays where it is, such as saving a draft, is seen by what it takes.
                go["values"] = {**values[step.action], step.asks[0]: [{"id": "1", "values": {"c1": str(record.version)}}]}
            if state in step.sources:
                moved = apply(record, machine, step.action, **go)
                assert getattr(moved, machine.field) == step.target
                assert entries_of(moved.pk).last().action == step.action  # type: ignore[union-attr]
                taken += 1
            else:
                with pytest.raises(WrongState):
                    apply(record, machine, step.action, **go)
                assert model.objects.get(pk=record.pk).version == record.version
                refused += 1
    assert taken == sum(len(step.sources) for step in machine.steps)
    assert taken + refused == len(machine.steps) * len(machine.states())
    assert list(verify(start.pk)) == []


@pytest.mark.parametrize(("model", "machine"), MACHINES, ids=NAMES)
def test_missing_information_lists_the_fields(model: type[Record], machine: Machine) -> None:
    record = in_state(model, machine, machine.initial)
    blank = {n: None if model._meta.get_field(n.removesuffix("_id")).null else "" for step in machine.steps for n in step.needs}
    for step in machine.steps:
        here = model.objects.get(pk=record.pk)
        here = records.revise(
            here, act=act(), values={**blank, machine.field: step.sources[0]}, version=here.version, action="set up"
        )
        wanted = {*step.needs, *(["reason"] if step.reason_required else [])}
        shown = {p.field for p in machine.missing_for(here, step)}
        assert set(step.needs) <= shown
        if wanted:
            with pytest.raises(MissingInformation) as raised:
                apply(here, machine, step.action, act=act(reason="  "), version=here.version)
            assert wanted <= {p.field for p in raised.value.problems}
            assert {p.message for p in raised.value.problems} & {*machine.field_labels.values(), "Lý do"}
            assert model.objects.get(pk=here.pk).version == here.version, "nothing half written"


@pytest.mark.parametrize(("model", "machine"), MACHINES, ids=NAMES)
def test_without_the_right_no_step(model: type[Record], machine: Machine) -> None:
    record = in_state(model, machine, machine.initial)
    for step in machine.steps:
        assert any(step.permission in granted for granted in PERMISSIONS.values()), f"nobody may {step.action}"
        with pytest.raises(NotPermitted):
            apply(record, machine, step.action, act=act(Viewer("x"), reason="vì"), version=record.version, values=FILLED)
        allowed = Viewer("y", permissions=frozenset({step.permission}))
        offered = {s.action for s in machine.offered(record, allowed)}
        assert offered == {s.action for s in machine.steps if machine.initial in s.sources and s.permission == step.permission}
    assert machine.offered(record, Viewer("x")) == ()


@pytest.mark.parametrize(("model", "machine"), MACHINES, ids=NAMES)
def test_the_table_is_whole(model: type[Record], machine: Machine) -> None:
    assert len({step.action for step in machine.steps}) == len(machine.steps)
    assert set(vocabulary(STATE_LISTS[machine.name]).codes) == set(machine.states())
    reached, fields = {machine.initial}, {f.attname for f in model._meta.concrete_fields}
    while more := {s.target for s in machine.steps if reached & set(s.sources)} - reached:
        reached |= more
    assert reached == set(machine.states()), "a state that no steps lead to"
    assert machine.field in fields
    for step in machine.steps:
        assert {*step.needs, *step.asks} <= fields
        assert set(step.needs) <= set(machine.field_labels)
    with pytest.raises(KeyError):
        machine.step("fly")


@pytest.mark.parametrize("missing", SIX_CLEAR)
def test_nothing_is_assigned_while_one_of_six_is_unclear(missing: str) -> None:
    full = {**SIX, "lead_id": institution().pk, "deadline": "2025-09-30"}
    duty = commitment(**{k: v for k, v in full.items() if k != {"current_due": "deadline"}.get(missing, missing)} | (
        {"deadline": ""} if missing == "current_due" else {}))  # fmt: skip
    with pytest.raises(MissingInformation) as raised:
        move_work(act=act(), record=duty, action="assign", version=1)
    assert [p.field for p in raised.value.problems] == [missing]
    if missing not in ("lead_id", "current_due"):
        with pytest.raises(MissingInformation):
            move_work(act=act(), record=duty, action="assign", version=1, values={missing: "   "})
        assert move_work(act=act(), record=duty, action="assign", version=1, values={missing: "có"}).work_state == "assigned"


def test_a_step_takes_only_what_it_asks_for() -> None:
    duty = commitment(**SIX, lead_id=institution().pk)
    moved = move_work(act=act(), record=duty, action="assign", version=1, values={"text_vi": "khác", "product": "Hồ sơ"})
    assert (moved.text_vi, moved.product) == ("Mở cửa thị trường", "Hồ sơ")


def test_done_needs_the_whole_day() -> None:
    duty = in_state(Commitment, WORK, "active")
    with pytest.raises(MissingInformation) as raised:
        apply(duty, WORK, "complete", act=act(), version=duty.version, values={"done_on": "2025-09"})
    assert [p.field for p in raised.value.problems] == ["done_on"]


def test_a_block_names_a_known_difficulty() -> None:
    duty = in_state(Commitment, WORK, "active")
    with pytest.raises(MissingInformation) as raised:
        apply(duty, WORK, "block", act=act(), version=duty.version, values={"blocked_reason": "WEATHER", "unblocker": "Bộ A"})
    assert [p.field for p in raised.value.problems] == ["blocked_reason"]


@pytest.mark.parametrize(("version", "error"), [(None, VersionRequired), (7, StaleEdit)])
def test_a_step_needs_the_version_seen(version: int | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        apply(agreement(status="negotiating"), MACHINES_BY_NAME["agreement"], "initial", act=act(), version=version)


def test_a_resolution_of_a_barrier_needs_summary_and_date() -> None:
    made = barrier(state="in_progress")
    with pytest.raises(MissingInformation) as raised:
        apply(made, MACHINES_BY_NAME["barrier"], "resolve", act=act(), version=1, values={"summary": "Đã dỡ bỏ"})
    assert [p.field for p in raised.value.problems] == ["resolved_on"]


MACHINES_BY_NAME = {machine.name: machine for _model, machine in MACHINES}


def test_a_duty_is_not_replaced_by_nothing() -> None:
    for duty in (commitment(), task()):
        with pytest.raises(MissingInformation) as raised:
            move_work(act=act(reason="vì"), record=duty, action="supersede", version=duty.version)
        assert [p.field for p in raised.value.problems] == ["successor"]
        assert type(duty).objects.get(pk=duty.pk).work_state == "proposed"
