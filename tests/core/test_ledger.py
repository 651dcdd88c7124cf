"""Does the chain of each record verify, show every tampering, and hold enough to build the record again?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banggiao.agreements.models import PartyStatus
from banggiao.core import records
from banggiao.core.ledger import GENESIS, LedgerEntry, entries_of, replay, states_at, verify
from banggiao.core.record import Record
from banggiao.sources.models import Fact
from tests.factories.rows import AT, KINDS, act, barrier, document, one_of_each

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
COLUMNS = sorted(f.attname for f in LedgerEntry._meta.concrete_fields)
OTHER: dict[str, Any] = {
    "id": UUID(int=7), "record_type": "barriers.other", "record_id": UUID(int=8), "sequence": 99, "action": "other",
    "recorded_at": AT - timedelta(microseconds=1), "valid_from": AT.date(), "actor_id": UUID(int=9), "actor_label": "người khác",
    "reason": "lý do khác", "changes": {"name_vi": [None, "khác"]}, "previous_hash": "1" * 64, "hash": "2" * 64,
}  # fmt: skip


def chains() -> list[LedgerEntry]:
    """Two records, three entries each."""
    for name in ("một", "hai"):
        made = barrier(name_vi=name)
        for turn in (1, 2):
            records.revise(
                made, act=act(at=AT + timedelta(days=turn), reason="vì"), values={"name_vi": f"{name} {turn}"}, version=turn
            )
    return list(LedgerEntry.objects.order_by("record_id", "sequence"))


def test_chains_verify() -> None:
    entries = chains()
    assert [e.previous_hash == GENESIS for e in entries] == [True, False, False] * 2
    assert [b.previous_hash for b in entries[1:3]] == [a.hash for a in entries[:2]]
    assert list(verify()) == []


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 5), column=st.sampled_from(COLUMNS))
def test_tampering_with_any_column_of_any_entry_is_found(place: int, column: str) -> None:
    from django.db import transaction

    with transaction.atomic():
        victim = chains()[place]
        assert getattr(victim, column) != OTHER[column]
        LedgerEntry.objects.filter(pk=victim.pk).update(**{column: OTHER[column]})
        assert list(verify()), f"{column} of entry {place}"
        transaction.set_rollback(True)


def test_every_column_can_be_tampered_with() -> None:
    assert set(OTHER) == set(COLUMNS)
    for column in COLUMNS:
        with_all_six = test_tampering_with_any_column_of_any_entry_is_found.hypothesis.inner_test  # type: ignore[attr-defined]
        with_all_six(place=2, column=column)


@pytest.mark.parametrize("place", range(3))
def test_a_missing_entry_is_found(place: int) -> None:
    entries = chains()
    LedgerEntry.objects.filter(pk=entries[place].pk).delete()
    problems = [(p.record_id, p.what) for p in verify(entries[0].record_id)]
    assert problems[0] == (entries[0].record_id, "end" if place == 2 else "gap")
    assert list(verify(entries[3].record_id)) == []


def test_a_missing_chain_is_found() -> None:
    made = barrier()
    LedgerEntry.objects.all().delete()
    assert [(p.record_id, p.what) for p in verify()] == [(made.pk, "end")]


def test_the_chain_of_one_record_asks_its_own_table_only(django_assert_num_queries: Any) -> None:
    made = barrier()
    with django_assert_num_queries(2):
        assert list(verify(made.pk)) == []
    LedgerEntry.objects.all().delete()
    assert [(p.record_id, p.what) for p in verify(made.pk)] == [(made.pk, "end")], "without its chain it is looked for everywhere"


def test_an_entry_may_be_forged_only_with_the_whole_chain_after_it() -> None:
    first, second, _third = chains()[:3]
    first.changes["name_vi"] = [None, "giả"]
    LedgerEntry.objects.filter(pk=first.pk).update(changes=first.changes, hash=first.digest())
    assert [(p.sequence, p.what) for p in verify()] == [(second.sequence, "previous hash")]


@pytest.mark.parametrize("number", [1.0, 1e16, 1.15e16, 1e300, 0.1, 1e-7, -0.0, 12345678901234567890, 2.5e-10, 0])
def test_numbers_verify_after_the_database_had_them(number: float) -> None:
    fact = Fact.objects.get(document=document())
    records.revise(fact, act=act(), values={"value": {"amount": number, "several": [number, {"n": number}]}}, version=1)
    assert list(verify()) == []
    assert float(entries_of(fact.pk).last().changes["value"][1]["amount"]) == float(number)  # type: ignore[union-attr]


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_a_record_of_every_kind_is_rebuilt_from_its_entries(model: type[Record]) -> None:
    made = one_of_each()[model]
    stored = model.objects.get(pk=made.pk)
    rebuilt = records.defaults_of(model) | replay(entries_of(stored.pk))
    assert rebuilt == records.full_snapshot(stored)
    assert records.full_snapshot(stored) == records.full_snapshot(made) if stored.version == made.version else True
    assert states_at(model.record_type(), AT, [stored.pk])[stored.pk] == replay(entries_of(stored.pk))


def test_the_ledger_needs_no_foreign_key() -> None:
    assert not [f for f in LedgerEntry._meta.get_fields() if f.is_relation]
    assert issubclass(apps.get_model(PartyStatus.record_type()), Record)
