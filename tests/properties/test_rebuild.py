"""Does every record equal what its ledger says, after any series of writes?"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps

from banggiao.accounts.services import set_password
from banggiao.activities.lines import AGENDA, DELEGATION, ECONOMIC, OUTCOMES
from banggiao.activities.models import Activity
from banggiao.activities.services import create_activity, revise_activity
from banggiao.agreements.lines import LEGAL_STEPS, READINESS
from banggiao.agreements.models import Agreement
from banggiao.agreements.services import create_agreement, move_agreement
from banggiao.barriers.models import Barrier
from banggiao.commitments.models import Commitment, Task
from banggiao.commitments.services import create_commitment, create_task, revise_commitment
from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import BangGiaoError
from banggiao.core.ledger import LedgerEntry, replay, states_at, verify
from banggiao.core.lines import add_line, change_line, remove_line, rows_of
from banggiao.core.record import Record
from banggiao.core.search import SearchEntry
from banggiao.core.search_query import find
from banggiao.core.visibility import Involvement
from banggiao.followup.chasing.services import remind
from banggiao.followup.models import DueDateMove
from banggiao.followup.services import decide_due_date, move_due_date, move_validation, move_work, report_progress
from banggiao.followup.states import VALIDATION, WORK
from banggiao.partners.models import Institution, Partner
from banggiao.sources.services import record_figure
from tests.factories.rows import AT, SIX, SYSTEM, act, document, one_of_each, user

pytestmark = [pytest.mark.django_db, pytest.mark.engine, pytest.mark.usefixtures("loaded")]
WORDS = ["", "Huế", "Đà Nẵng", "Cà phê\nvà chè", "0", " khoảng trắng ", "“Ngoặc”", "𝔘nicode", "tổ hợp e\u0302\u0301"]
DAYS = ["", "2025", "2025-03", "2025-03-10", "2024-02-29", "2026-12-31"]


def steps(chance: random.Random) -> list[Callable[[Act], object]]:
    """The writes to draw from; each may be refused, and then must leave nothing."""

    def some(model: type[Record]) -> Any:
        ids = sorted(model.objects.values_list("pk", flat=True))
        return model.objects.get(pk=chance.choice(ids))

    def word() -> str:
        return chance.choice(WORDS)

    def day() -> str:
        return chance.choice(DAYS)

    def partners() -> list[Any]:
        return [some(Partner).pk for _ in range(chance.randrange(3))]

    def duty() -> Any:
        return some(chance.choice([Commitment, Task]))

    def decide(deed: Act) -> object:
        move = some(DueDateMove)
        return decide_due_date(
            act=deed,
            record=apps.get_model(move.subject_type).objects.get(pk=move.subject_id),
            move=move,
            approve=chance.random() < 0.5,
        )

    def six() -> dict[str, Any]:
        return {**SIX, "lead_id": some(Institution).pk} if chance.random() < 0.7 else {"product": word()}

    def touch(deed: Act) -> object:
        record = some(chance.choice([Activity, Agreement, Barrier, Commitment, Partner, Institution]))
        return chance.choice([records.retract, records.restore])(record, act=deed)

    def move(deed: Act) -> object:
        record = duty()
        values = {**SIX, "blocked_reason": "PARTNER", "unblocker": word(), "done_on": "2025-09-01"}
        return move_work(act=deed, record=record, action=chance.choice(WORK.steps).action, version=record.version, values=values)

    def validate(deed: Act) -> object:
        record = duty()
        return move_validation(act=deed, record=record, action=chance.choice(VALIDATION.steps).action, version=record.version)

    def sign(deed: Act) -> object:
        record = some(Agreement)
        return move_agreement(
            act=deed, agreement=record, action=chance.choice(["sign", "ratify", "suspend", "resume"]), version=record.version
        )

    def revise(deed: Act) -> object:
        record = some(Activity)
        values = {
            "place": word(),
            "start": day(),
            "participants": [word(), {"n": chance.choice([0, 1.5, 1e16])}],
            "documents_signed": chance.choice([None, 0, 7]),
        }
        return revise_activity(
            act=deed, activity=record, values=values, version=record.version - (chance.random() < 0.2), partners=partners()
        )

    def describe(deed: Act) -> object:
        record = some(Commitment)
        values = {
            "product": word(),
            "measurable": chance.choice([None, 0, 3]),
            "flagship": chance.random() < 0.5,
            "lead_id": some(Institution).pk,
        }
        return revise_commitment(act=deed, commitment=record, values=values, version=record.version)

    def line(deed: Act) -> object:
        lines = chance.choice([AGENDA, DELEGATION, ECONOMIC, OUTCOMES, LEGAL_STEPS, READINESS])
        parent = some(Activity if lines.parent == "activity" else Agreement)
        values = {
            "title_vi": word(), "time": chance.choice(["", "08:30", "8h"]), "name": word(), "text_vi": word(), "note": word(),
            "side": chance.choice(["ours", "theirs", "us"]), "field": chance.choice(["trade", ""]), "project": True,
            "amount": chance.choice([None, Decimal("1.50"), Decimal(-1)]), "currency": chance.choice(["", "USD"]),
            "kind": chance.choice(["agreed", "result"]), "status": chance.choice(["signed", "ratified", "none"]), "day": day(),
            "item": chance.choice(["signer", "opinions"]), "state": chance.choice(["done", "in_progress"]),
        }  # fmt: skip
        chosen = {name: value for name, value in values.items() if name in lines.book.entry}
        standing = list(rows_of(lines, parent, SYSTEM))
        if not standing or chance.random() < 0.5:
            return add_line(act=deed, lines=lines, parent=parent, values=chosen)
        row = chance.choice(standing)
        if chance.random() < 0.5:
            return change_line(act=deed, lines=lines, parent=parent, line=row, values=chosen, version=row.version)
        return remove_line(act=deed, lines=lines, parent=parent, line=row, version=row.version)

    return [
        line, line,
        lambda deed: create_activity(act=deed, values={"kind": "call", "name_vi": word() or "x", "start": day()},
        partners=partners()),
        lambda deed: create_agreement(act=deed, values={"kind": "mou", "name_vi": word(), "signed_on": day(),
        "count": 0}, parties=partners()),
        lambda deed: create_commitment(act=deed, values={"text_vi": word(), "side": "ours", "deadline": day(),
        "measurable": 0, **six()}),
        lambda deed: create_task(act=deed, values={"text_vi": word(), "deadline": day(), **six()}),
        lambda deed: record_figure(act=deed, values={"label_vi": "x", "value": Decimal(chance.choice(["0", "253", "253.500",
        "1e3", "-0.000001"])), "unit": "x"}),
        lambda deed: report_progress(act=deed, record=duty(), day=deed.at.date(), text=word(),
        claimed=chance.choice([None, Decimal("0.50"), Decimal(1)])),
        lambda deed: move_due_date(act=deed, record=(record := duty()), to=day(), version=record.version),
        lambda deed: remind(act=deed, followed=[duty() for _ in range(3)], today=deed.at.date()),
        lambda deed: document(f"Tin {chance.random()}\n{word()}"),
        lambda deed: set_password(act=deed, user=some(apps.get_model("accounts.User")),
        password=f"mat khau dai {chance.random()}"),
        decide, touch, move, validate, sign, revise, describe,
    ]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_series_of_writes_every_record_equals_its_replay(seed: int) -> None:
    chance = random.Random(seed)
    one_of_each()
    user("khac")
    taken = refused = 0
    remembered: dict[Any, dict[str, Any]] = {}
    half = AT
    for turn in range(120):
        deed = act(at=AT + timedelta(minutes=turn), reason=chance.choice(["", "vì"]), exercise=chance.random() < 0.1)
        before = LedgerEntry.objects.count()
        try:
            chance.choice(steps(chance))(deed)
            taken += 1
        except BangGiaoError:
            refused += 1
            assert LedgerEntry.objects.count() == before, "what is refused leaves nothing"
        if turn == 60:
            half = deed.at
            remembered = {r.pk: records.full_snapshot(r) for r in Activity.objects.all()}
    assert taken > 50 and refused > 10

    chains: dict[Any, list[LedgerEntry]] = {}
    for entry in LedgerEntry.objects.order_by("record_id", "sequence"):
        chains.setdefault(entry.record_id, []).append(entry)
    compared = 0
    for model in apps.get_models():
        if issubclass(model, Record):
            implied = records.defaults_of(model)
            for record in model._default_manager.all():
                assert implied | replay(chains[record.pk]) == records.full_snapshot(record), record
                compared += 1
    assert compared > 1400
    assert list(verify()) == []
    implied = records.defaults_of(Activity)
    then = states_at(Activity.record_type(), half, Activity.objects.values_list("pk", flat=True))
    assert {pk: implied | state for pk, state in then.items()} == remembered, "the state of then is still known"
    leads = {(r.pk, r.lead_id) for model in (Commitment, Task) for r in model.objects.exclude(lead=None)}
    assert set(Involvement.objects.filter(role="lead").values_list("record_id", "institution_id")) == leads
    stale = [
        e for e in SearchEntry.objects.all() if e.retracted != apps.get_model(e.record_type).objects.get(pk=e.record_id).retracted
    ]
    assert stale == [] and find("viet nam", SYSTEM)
