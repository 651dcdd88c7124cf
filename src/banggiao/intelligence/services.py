"""Reading into the register: files become documents with proposed facts; facts are accepted one by one or in a batch, and undone.

Every fact is settled in a transaction of its own, so stopping at any moment and going on later ends in the same register.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from uuid_utils.compat import uuid7

from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import N_, BangGiaoError, NotFound, StaleEdit, WrongState
from banggiao.core.ledger import entries_of
from banggiao.core.record import Record
from banggiao.core.registers import register_of
from banggiao.intelligence.accepting import ACCEPT, Target
from banggiao.intelligence.comparing import Ruling, Undecided, compare_one
from banggiao.intelligence.matching import MATCHERS, Matcher
from banggiao.intelligence.models import Acceptance
from banggiao.intelligence.setting import Setting
from banggiao.sources.models import Citation, Document, Fact
from banggiao.sources.services import cite, keep_original, settle_fact, store_document, waiting

EXERCISE_MARKS = ("DIỄN TẬP", "EXERCISE")


@dataclass(slots=True)
class Batch:
    """What accepting a document's facts did: counts by kind, and why some facts were left for a person."""

    above: float = 0.0
    holds: bool = False
    id: UUID = field(default_factory=uuid7)
    accepted: Counter[str] = field(default_factory=Counter)
    left: list[tuple[Fact, BangGiaoError]] = field(default_factory=list)


def read_in(
    *,
    act: Act,
    data: bytes,
    name: str,
    classification: str = "internal",
    owner: UUID | None = None,
    stated: Mapping[str, str] | None = None,
) -> tuple[Document, bool]:
    """Read a file into the register: its document with all facts proposed; (document, False) when these bytes are there already.

    `stated` is what a person says of the text (title, outlet, published, url) and stands above what is read from it.
    A text whose first line is marked as an exercise yields exercise records only.
    Raises NotPermitted, Unreadable, SecrecyRefused.
    """
    from banggiao.reading import read  # slow to import, and few requests read a file

    act.viewer.require("documents.read_in", subject=name)
    found = read(data, name)
    if said := _said(stated or {}):
        inferred = {n: how for n, how in found.metadata.inferred.items() if n not in said}
        found = replace(found, metadata=replace(found.metadata, **said, inferred=inferred))
    first = next((line.strip() for line in found.intake.text.splitlines() if line.strip()), "")
    exercise = act.exercise or first.startswith(EXERCISE_MARKS)
    act = Act(act.viewer, act.at, act.reason, act.valid_from, exercise)
    document, fresh = store_document(act=act, read=found, classification=classification, owner=owner)
    if fresh:
        keep_original(data, document.sha256)
    return document, fresh


def accept(
    *,
    act: Act,
    fact: Fact,
    version: int | None = None,
    value: dict[str, Any] | None = None,
    ruling: Ruling | None = None,
    batch: Batch | None = None,
    setting: Setting | None = None,
) -> Acceptance:
    """Accept a fact, corrected by `value` if a person corrected it: its record is made or joined, with the citation kept.

    `ruling` is what a person decided where the register says something else; `batch` marks a batch acceptance, which passes the
    `setting` of its document along. Raises NotPermitted, WrongState when settled already, StaleEdit when the fact or the record
    that a ruling overwrites is no longer as it was seen, Undecided and MissingInformation when a person must decide.
    """
    act.viewer.require("facts.check", subject=str(fact))
    act = Act(act.viewer, act.at, act.reason, act.valid_from, fact.exercise)
    with transaction.atomic():
        fact = waiting(fact, version=version)
        if value:
            fact.value = {**fact.value, **value}
        setting = setting or Setting(act, fact.document)
        ours = MATCHERS[fact.kind](setting, [fact])
        outcome = ACCEPT[fact.kind](setting, fact, ours, _target(act, fact, ours, ruling, asks=batch is None or batch.holds))
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
            "batch_above": batch.above if batch else None,
            "batch": batch.id if batch else None,
            "classification": fact.classification,
            "owner": fact.owner,
        }
        return records.create(Acceptance, act=act, values=values, action="accept in batch" if batch else "accept")


def _target(act: Act, fact: Fact, ours: Matcher, ruling: Ruling | None, *, asks: bool) -> Target:
    """The record the fact joins. Raises Undecided where a person must say, StaleEdit where they said it of an older version."""
    known = compare_one(fact, ours, act.viewer)
    if ruling is None:
        if asks and known is not None and known.asks:
            raise Undecided(known, str(fact))
        return Target(ours.found(fact))
    if known is None or known.record.pk != ruling.record:
        raise WrongState(
            N_("Sổ đã thay đổi sau khi bạn mở trang."),
            subject=str(fact),
            remedy=N_("Hãy xem lại bản ghi bên cạnh rồi duyệt lại."),
        )
    if ruling.choice not in known.choices:
        raise Undecided(known, str(fact))
    if ruling.choice == "separate":
        return Target()
    if ruling.choice == "keep":
        return Target(known.record)
    register = register_of(known.record.record_type())
    act.viewer.require((register.edit_permission if register else "") or "facts.check", subject=str(known.record))
    return Target(known.record, known.taken, ruling.version)


def accept_above(*, act: Act, document: Document, certainty: float, holds: bool = False, batch_id: UUID | None = None) -> Batch:
    """Accept every proposed fact of a document at least as certain; logged as a batch. Facts that need a person stay proposed.

    With `holds` these are also the facts that say something else than the register; without, what the register knows stands.
    `batch_id` goes on with a batch that was interrupted.
    """
    act.viewer.require("facts.check", subject=str(document))
    batch = Batch(above=certainty, holds=holds, id=batch_id or uuid7())
    act = Act(act.viewer, act.at, act.reason, act.valid_from, document.exercise)
    setting = Setting(act, document)
    for fact in _in_order(document):
        if fact.certainty >= certainty:
            try:
                accept(act=act, fact=fact, batch=batch, setting=setting)
                batch.accepted[fact.kind] += 1
            except BangGiaoError as error:
                batch.left.append((fact, error))
    return batch


def undo_batch(*, act: Act, document: Document, batch: UUID) -> int:
    """Take back all that a batch accepted and that still stands, the last first; returns how many facts wait again.

    Raises NotPermitted, NotFound when the batch left nothing in this document to take back.
    """
    act.viewer.require("facts.check", subject=str(document))
    standing = list(Acceptance.objects.filter(batch=batch, fact__document=document, undone=False).order_by("-pk"))
    if not standing:
        raise NotFound(N_("Không còn gì của lần duyệt hàng loạt này để hoàn tác."), subject=str(document))
    for acceptance in standing:
        undo(act=act, acceptance=acceptance)
    return len(standing)


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


def undo_fact(*, act: Act, fact: Fact, version: int | None = None) -> Fact:
    """Put a settled fact back among the proposed, whether it was accepted or rejected.

    Raises NotPermitted, StaleEdit, NotFound when it waits already, and as `undo`.
    """
    act.viewer.require("facts.check", subject=str(fact))
    with transaction.atomic():
        current = records.lock(Fact, fact.pk)
        if version is not None and version != current.version:
            raise StaleEdit(
                N_("Thông tin này vừa có thay đổi sau khi bạn mở trang."),
                subject=str(current),
                remedy=N_("Hãy xem lại thẻ rồi duyệt lại."),
                current_version=current.version,
            )
        if current.state == "rejected":
            return settle_fact(act=act, fact=current, state="proposed")
        return undo(act=act, acceptance=acceptance_of(current))


def acceptance_of(fact: Fact) -> Acceptance:
    """The standing acceptance of a fact, or NotFound."""
    found: Acceptance | None = Acceptance.objects.filter(fact=fact, undone=False).order_by("-id").first()
    if found is None:
        raise NotFound(N_("Thông tin này chưa được duyệt."), subject=str(fact))
    return found


def _said(stated: Mapping[str, str]) -> dict[str, Any]:
    """What was said of a text, without what was left open."""
    return {name: stated[name] for name in ("title", "outlet", "published", "url", "author") if stated.get(name)}


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
