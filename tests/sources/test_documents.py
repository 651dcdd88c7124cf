"""Is a document stored once with its facts, cited by its own words, and settled by people?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from banggiao.core import records
from banggiao.core.errors import InvalidInput, NotPermitted, SecrecyRefused, WrongState
from banggiao.core.ledger import LedgerEntry, entries_of
from banggiao.sources.models import Citation, Document, Fact
from banggiao.sources.questions import citations_of, facts_of, facts_to_check, waiting_by_document
from banggiao.sources.services import cite, reject_fact, settle_fact, to_decimal
from tests.factories.rows import AT, SYSTEM, TEXT, act, agreement, document, institution, viewer

pytestmark = pytest.mark.django_db


def test_the_same_bytes_twice_change_nothing() -> None:
    first = document()
    entries = LedgerEntry.objects.count()
    assert document(name="khac.txt") == first
    assert (Document.objects.count(), Fact.objects.count(), LedgerEntry.objects.count()) == (1, 1, entries)


def test_an_interrupted_reading_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(records, "create_many", stop)
    with pytest.raises(KeyboardInterrupt):
        document()
    monkeypatch.undo()
    assert not Document.objects.exists() and not LedgerEntry.objects.exists()
    assert document().facts.count() == 1


def test_a_secret_document_is_refused_whole() -> None:
    with pytest.raises(SecrecyRefused):
        document(classification="secret")
    assert not Document.objects.exists() and not LedgerEntry.objects.exists()


def test_facts_carry_owner_and_level_of_their_document() -> None:
    body = institution()
    fact = document(owner=body.pk, classification="public").facts.get()
    assert (fact.owner, fact.classification, fact.state) == (body.pk, "public", "proposed")
    assert entries_of(fact.pk).get().action == "propose"


def test_a_citation_shows_the_words_and_their_sentence() -> None:
    text, record = document(), agreement()
    fact = text.facts.get()
    citation = cite(act=act(), record=record, fact=fact)
    assert cite(act=act(), record=record, fact=fact) == citation, "the same words are cited once"
    (cited,) = citations_of([record.pk], SYSTEM)[record.pk]
    assert (cited.words, cited.sentence) == (TEXT[21:32], TEXT.splitlines()[0])
    assert (cited.outlet, cited.published, cited.rule, cited.fact_id) == ("Báo X", "2025-03-12", "test@1", fact.pk)
    records.retract(citation, act=act())
    assert citations_of([record.pk], SYSTEM) == {}
    again = cite(act=act(), record=record, fact=fact)
    assert again.pk == citation.pk and not Citation.objects.get().retracted


def test_a_citation_from_a_hidden_document_is_hidden() -> None:
    record = agreement(classification="public")
    fact = document(owner=institution("BO-B").pk).facts.get()
    cite(act=act(), record=record, fact=fact)
    assert citations_of([record.pk], viewer("ministry", institution("BO-A"))) == {}
    assert citations_of([record.pk], SYSTEM, until=AT.replace(year=2024)) == {}


def test_a_fact_is_settled_once() -> None:
    fact = document().facts.get()
    assert facts_to_check(SYSTEM) == 1 and waiting_by_document(SYSTEM, 5)[0][2] == 1
    with pytest.raises(NotPermitted):
        reject_fact(act=act(viewer("leader")), fact=fact)
    fact = reject_fact(act=act(viewer("desk")), fact=fact)
    assert (fact.state, facts_to_check(SYSTEM), waiting_by_document(SYSTEM, 5)) == ("rejected", 0, [])
    with pytest.raises(WrongState):
        settle_fact(act=act(), fact=fact, state="accepted")
    back = settle_fact(act=act(), fact=fact, state="proposed")
    assert (back.state, back.target_id) == ("proposed", None)
    done = settle_fact(act=act(), fact=back, state="corrected", target=agreement(), value={"kind": "treaty"})
    assert (done.value, done.target_type) == ({"kind": "treaty"}, "agreements.agreement")
    assert facts_of(done.document, SYSTEM) == [done]


def test_numbers_of_data_cells() -> None:
    assert (to_decimal("1234.5", where="x"), to_decimal("", where="x")) == (Decimal("1234.5"), None)
    with pytest.raises(InvalidInput) as raised:
        to_decimal("1.234,5", where="oda: value")
    assert raised.value.subject == "oda: value"
