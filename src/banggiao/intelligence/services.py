"""Reading into the register: files become documents with proposed facts; facts are accepted one by one or in a batch, and undone.

Every fact is settled in a transaction of its own, so stopping at any moment and going on later ends in the same register.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction

from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import N_, BangGiaoError, NotFound, WrongState
from banggiao.core.ledger import entries_of
from banggiao.core.record import Record
from banggiao.intelligence.accepting import ACCEPT
from banggiao.intelligence.models import Acceptance
from banggiao.intelligence.setting import Setting
from banggiao.sources.models import Citation, Document, Fact
from banggiao.sources.services import cite, keep_original, settle_fact, store_document

EXERCISE_MARKS = ("DIỄN TẬP", "EXERCISE")


@dataclass(slots=True)
class Batch:
    """What accepting a document's facts did: counts by kind, and why some facts were left for a person."""

    accepted: Counter[str] = field(default_factory=Counter)
    left: list[tuple[Fact, BangGiaoError]] = field(default_factory=list)


def read_in(
    *, act: Act, data: bytes, name: str, classification: str = "internal", owner: UUID | None = None
) -> tuple[Document, bool]:
    """Read a file into the register: its document with all facts proposed; (document, False) when these bytes are there already.

    A text whose first line is marked as an exercise yields exercise records only.
    Raises NotPermitted, Unreadable, SecrecyRefused.
    """
    from banggiao.reading import read  # slow to import, and few requests read a file

    act.viewer.require("documents.read_in", subject=name)
    found = read(data, name)
    first = next((line.strip() for line in found.intake.text.splitlines() if line.strip()), "")
    exercise = act.exercise or first.startswith(EXERCISE_MARKS)
    act = Act(act.viewer, act.at, act.reason, act.valid_from, exercise)
    document, fresh = store_document(act=act, read=found, classification=classification, owner=owner)
    if fresh:
        keep_original(data, document.sha256)
    return document, fresh


def accept(
    *, act: Act, fact: Fact, above: float | None = None, value: dict[str, Any] | None = None, setting: Setting | None = None
) -> Acceptance:
    """Accept a fact, corrected by `value` if a person corrected it: its record is made or joined, with the citation kept.

    `above` marks a batch acceptance, which passes the `setting` of its document along. Raises NotPermitted, WrongState when
    settled already, MissingInformation when a person must decide.
    """
    act.viewer.require("facts.check", subject=str(fact))
    act = Act(act.viewer, act.at, act.reason, act.valid_from, fact.exercise)
    with transaction.atomic():
        fact = records.lock(Fact, fact.pk)
        if fact.state != "proposed":
            raise WrongState(N_("Thông tin này đã được xử lý."), subject=str(fact), remedy=N_("Hãy tải lại trang."))
        if value:
            fact.value = {**fact.value, **value}
        outcome = ACCEPT[fact.kind](setting or Setting(act, fact.document), fact)
        target = outcome.record
        citation = cite(act=act, record=target, fact=fact) if target is not None else None
        settle_fact(
            act=act, fact=records.lock(Fact, fact.pk), state="corrected" if value else "accepted", target=target, value=value
        )
        last = entries_of(target.pk).last() if target is not None and (outcome.created or outcome.changed) else None
        values = {
            "fact_id": fact.pk,
            "target_type": target.record_type() if target is not None else "",
            "target_id": target.pk if target is not None else fact.pk,
            "created": outcome.created,
            "sequence": last.sequence if last else 0,
            "citation_id": citation.pk if citation else None,
            "batch_above": above,
            "classification": fact.classification,
            "owner": fact.owner,
        }
        return records.create(Acceptance, act=act, values=values, action="accept" if above is None else "accept in batch")


def accept_above(*, act: Act, document: Document, certainty: float) -> Batch:
    """Accept every proposed fact of a document at least as certain; logged as a batch. Facts that need a person stay proposed."""
    act.viewer.require("facts.check", subject=str(document))
    batch = Batch()
    act = Act(act.viewer, act.at, act.reason, act.valid_from, document.exercise)
    setting = Setting(act, document)
    for fact in _in_order(document):
        if fact.certainty >= certainty:
            try:
                accept(act=act, fact=fact, above=certainty, setting=setting)
                batch.accepted[fact.kind] += 1
            except BangGiaoError as error:
                batch.left.append((fact, error))
    return batch


def undo(*, act: Act, acceptance: Acceptance) -> Fact:
    """Take an acceptance back: a record it made is retracted, fields it filled are emptied again, the citation goes.

    The fact is proposed again.
    What people wrote since stays: a record it made that has been changed or cited by others is kept and only loses this citation.
    Raises NotPermitted, WrongState when it was undone already.
    """
    act.viewer.require("facts.check", subject=str(acceptance))
    with transaction.atomic():
        acceptance = records.lock(Acceptance, acceptance.pk)
        if acceptance.undone:
            raise WrongState(N_("Lần duyệt này đã được hoàn tác."), subject=str(acceptance), remedy=N_("Hãy tải lại trang."))
        if acceptance.citation_id:
            citation = records.lock(Citation, acceptance.citation_id)
            if not citation.retracted:
                records.retract(citation, act=act)
        if acceptance.target_type:
            _take_back(act, acceptance)
        records.revise(acceptance, act=act, values={"undone": True}, version=acceptance.version, action="undo")
        return settle_fact(act=act, fact=records.lock(Fact, acceptance.fact_id), state="proposed")


def acceptance_of(fact: Fact) -> Acceptance:
    """The standing acceptance of a fact, or NotFound."""
    found: Acceptance | None = Acceptance.objects.filter(fact=fact, undone=False).order_by("-id").first()
    if found is None:
        raise NotFound(N_("Thông tin này chưa được duyệt."), subject=str(fact))
    return found


def _take_back(act: Act, acceptance: Acceptance) -> None:
    model: type[Record] = apps.get_model(acceptance.target_type)
    target = records.lock(model, acceptance.target_id)
    others = Citation.objects.filter(subject_id=target.pk, retracted=False).exists()
    if acceptance.created:
        if not others and entries_of(target.pk).count() == acceptance.sequence and not target.retracted:
            records.retract(target, act=act)
        return
    if not acceptance.sequence:
        return
    entry = entries_of(target.pk).filter(sequence=acceptance.sequence).first()
    now = records.full_snapshot(target)
    back = {n: old for n, (old, new) in (entry.changes if entry else {}).items() if now.get(n) == new}
    fields = {f.attname: f for f in model._meta.concrete_fields}
    links = {n: v or [] for n, v in back.items() if n in model.links}
    values = {n: fields[n].to_python(v) for n, v in back.items() if n not in links}
    if values or links:
        records.revise(target, act=act, values=values, links=links, version=target.version, action="undo")


def _in_order(document: Document) -> Iterator[Fact]:
    order = {kind: place for place, kind in enumerate(ACCEPT)}
    facts = Fact.objects.filter(document=document, state="proposed", retracted=False)
    # A document's main event first: the activity its tasks and commitments belong to.
    yield from sorted(facts, key=lambda f: (order[f.kind], f.value.get("role") != "main", f.start, f.end))
