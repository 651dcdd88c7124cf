"""Every write to documents, facts, citations, datasets and official figures."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, StaleEdit, WrongState
from banggiao.core.ledger import LedgerEntry, entries_of
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.reading.sentences import split
from banggiao.reading.types import ReadDocument
from banggiao.sources.datasets import Origin, origin, read_set
from banggiao.sources.models import Citation, Dataset, Document, Fact, Observation, OfficialFigure

Span = tuple[int, int]
#: The rule of a fact that no rule found but a person.
BY_HAND = "by-hand@1"
#: State -> what is said to somebody who comes second.
SETTLED = {
    "accepted": N_("%(who)s đã duyệt thông tin này lúc %(at)s."),
    "corrected": N_("%(who)s đã sửa và duyệt thông tin này lúc %(at)s."),
    "rejected": N_("%(who)s đã bác bỏ thông tin này lúc %(at)s."),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a set did: rows made, changed and left as they were."""

    name: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0


def store_document(
    *, act: Act, read: ReadDocument, classification: str = "internal", owner: UUID | None = None
) -> tuple[Document, bool]:
    """The document with all its facts proposed, in one transaction; (document, False) when the same bytes are already stored.

    Reading the same file twice therefore changes nothing, and an interrupted reading leaves nothing.
    """
    intake, meta = read.intake, read.metadata
    found = Document.objects.filter(sha256=intake.sha256).first()
    if found is not None:
        return found, False
    common = {"classification": classification, "owner": owner}
    title = (meta.title or _first_words(read) or intake.source)[:500]
    with transaction.atomic():
        document = records.create(
            Document,
            act=act,
            values={
                **common,
                "title": title,
                "source_name": intake.source[:255],
                "sha256": intake.sha256,
                "media_type": intake.media_type,
                "text": intake.text,
                "published": (meta.published or "")[:16],
                "author": (meta.author or "")[:200],
                "outlet": (meta.outlet or "")[:200],
                "url": (meta.url or "")[:1000],
                "language": meta.language or "",
                "genre": meta.genre or "",
                "topics": list(meta.topics),
                "inferred": dict(meta.inferred),
                "lines": [[line.line, line.cls] for line in read.lines],
                "repairs": list(intake.repairs),
                "warnings": list(read.warnings),
            },
        )
        rows: list[tuple[Mapping[str, Any], Mapping[str, Sequence[Any]]]] = [
            (
                {
                    **common, "document_id": document.pk, "kind": fact.kind, "start": fact.span[0], "end": fact.span[1],
                    "evidence_start": fact.evidence[0], "evidence_end": fact.evidence[1], "value": dict(fact.value),
                    "certainty": fact.confidence, "rule": fact.rule, "inferred": fact.inferred or "",
                },
                {},
            )
            for fact in read.facts
        ]  # fmt: skip
        records.create_many(Fact, act=act, rows=rows, action="propose")
    return document, True


def keep_original(data: bytes, sha256: str) -> Path:
    """Keep the bytes of a document under their digest in the data folder; the same bytes are kept once."""
    path = Path(settings.MEDIA_ROOT) / sha256[:2] / sha256
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = path.with_suffix(f".{os.getpid()}.part")
        try:
            half.write_bytes(data)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)  # what could not be written whole is no file
    return path


def cite(*, act: Act, record: Record, fact: Fact, field: str = "") -> Citation:
    """The citation by which a record rests on a fact's words; the one already there when the same words are cited already."""
    place = {"subject_id": record.pk, "document_id": fact.document_id, "start": fact.start, "end": fact.end, "field": field}
    found: Citation | None = Citation.objects.filter(**place).first()
    if found is not None:
        return records.restore(found, act=act) if found.retracted else found
    values = {
        **place, "subject_type": record.record_type(), "evidence_start": fact.evidence_start, "evidence_end": fact.evidence_end,
        "fact_id": fact.pk, "classification": fact.classification, "owner": fact.owner, "exercise": fact.exercise,
    }  # fmt: skip
    return records.create(Citation, act=act, values=values, action="cite")


def waiting(fact: Fact, *, version: int | None = None) -> Fact:
    """The proposed fact, locked, as it stands now; `version` is the one a person saw.

    Raises WrongState saying who settled it and when, StaleEdit when it was changed since.
    """
    current = records.lock(Fact, fact.pk)
    if current.state != "proposed":
        last = entries_of(current.pk).last()
        raise WrongState(
            SETTLED[current.state],
            who=last.actor_label if last else "",
            at=timezone.localtime(last.recorded_at).strftime("%H:%M, %d/%m/%Y") if last else "",
            subject=str(current),
            remedy=N_("Nếu chưa đúng, hãy hoàn tác lần xử lý ấy trước."),
        )
    if version is not None and version != current.version:
        raise StaleEdit(
            N_("Thông tin này vừa có thay đổi sau khi bạn mở trang."),
            subject=str(current),
            remedy=N_("Hãy xem lại thẻ rồi duyệt lại."),
            current_version=current.version,
        )
    return current


def cite_words(*, act: Act, record: Record, document: Document, start: int, end: int, field: str = "") -> Citation:
    """The citation by which a record rests on words that a person pointed at; the one already there when it cites them.

    Raises InvalidInput for words outside the document.
    """
    if not 0 <= start < end <= len(document.text):
        raise InvalidInput(
            N_("Đoạn chữ được trích nằm ngoài văn bản."),
            subject=document.title,
            remedy=N_("Hãy chọn lại đoạn chữ trong văn bản."),
            problems=[FieldProblem("end", N_("Nằm ngoài văn bản."))],
        )
    place = {"subject_id": record.pk, "document_id": document.pk, "start": start, "end": end, "field": field}
    found: Citation | None = Citation.objects.filter(**place).first()
    if found is not None:
        return records.restore(found, act=act) if found.retracted else found
    values = {
        **place, "subject_type": record.record_type(), "evidence_start": start, "evidence_end": end,
        "classification": document.classification, "owner": document.owner, "exercise": document.exercise,
    }  # fmt: skip
    return records.create(Citation, act=act, values=values, action="cite")


def settle_fact(
    *, act: Act, fact: Fact, state: str, target: Record | None = None, value: Mapping[str, Any] | None = None
) -> Fact:
    """Write down what became of a proposed fact, or put it back among the proposed.

    Raises WrongState for a fact settled already.
    """
    with transaction.atomic():
        if state != "proposed":
            fact = waiting(fact)
        values: dict[str, Any] = {
            "state": state, "target_type": target.record_type() if target else "", "target_id": target.pk if target else None
        }  # fmt: skip
        if value is not None:
            values["value"] = {**fact.value, **value}
        return records.revise(fact, act=act, values=values, version=fact.version, action=state)


def reject_fact(*, act: Act, fact: Fact, version: int | None = None) -> Fact:
    """A person says that the fact is wrong. Raises NotPermitted, WrongState when settled already, StaleEdit."""
    act.viewer.require("facts.check", subject=str(fact))
    with transaction.atomic():
        return settle_fact(act=act, fact=waiting(fact, version=version), state="rejected")


def add_fact(*, act: Act, document: Document, kind: str, span: Span, value: Mapping[str, Any]) -> Fact:
    """A fact that the machine missed, proposed by a person from words of the document; it is accepted like any other.

    Raises NotPermitted, InvalidInput for words outside the text, an unknown kind, or words that carry such a fact already.
    """
    act.viewer.require("facts.check", subject=str(document))
    start, end = span
    if kind not in vocabulary("fact_kind"):
        raise _no_fact("kind", N_("Hãy chọn loại thông tin."))
    if not 0 <= start < end <= len(document.text) or not document.text[start:end].strip():
        raise _no_fact("words", N_("Hãy chọn những từ có trong văn bản."))
    if Fact.objects.filter(document=document, kind=kind, start=start, end=end).exists():
        raise _no_fact("words", N_("Những từ này đã mang một thông tin cùng loại."))
    evidence = _sentence_around(document.text, start, end)
    values = {
        "document_id": document.pk, "kind": kind, "start": start, "end": end, "evidence_start": evidence[0],
        "evidence_end": evidence[1], "value": dict(value), "certainty": 1.0, "rule": BY_HAND,
        "classification": document.classification, "owner": document.owner, "exercise": document.exercise,
    }  # fmt: skip
    return records.create(Fact, act=act, values=values, action="propose by hand")


def _no_fact(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, remedy=N_("Hãy sửa các trường được nêu."), problems=[FieldProblem(field, message)])


def _sentence_around(text: str, start: int, end: int) -> Span:
    """The sentences that the words lie in, on their lines."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    spans = [s for s in split(text, first, last if last >= 0 else len(text)) if s[1] > start and s[0] < end]
    return (spans[0][0], spans[-1][1]) if spans else (start, end)


def begin_load(*, act: Act, name: str) -> tuple[Dataset, Origin, list[dict[str, str]]] | None:
    """The dataset of the newest packaged edition with its rows, or None when that edition is loaded already.

    Call inside the transaction that loads the rows, so that an interrupted load leaves neither.
    """
    source = origin(name)
    edition = source.version.isoformat()
    if Dataset.objects.filter(name=name, edition=edition, sha256=source.sha256).exists():
        return None
    values = {
        "name": name,
        "edition": edition,
        "title": source.title_vi,
        "title_en": source.title_en,
        "producer": source.producer,
        "url": source.url,
        "licence": source.licence,
        "sha256": source.sha256,
        "row_count": source.rows,
        "classification": "public",
    }
    return records.create(Dataset, act=act, values=values, action="load"), source, read_set(name)


def origin_values(dataset: Dataset, key: str, row: Mapping[str, str]) -> dict[str, Any]:
    """The fields by which a record points to the row it came from and says how far to trust it."""
    return {
        "dataset_id": dataset.pk, "row_key": key[:120], "source_url": row.get("source_url", ""), "as_of": row.get("as_of", ""),
        "evidence": row.get("evidence", ""), "confidence": row.get("confidence", ""), "classification": "public",
    }  # fmt: skip


Build = Callable[[Mapping[str, str]], tuple[dict[str, Any], dict[str, Sequence[Any]]]]


def load_rows(
    model: type[Record],
    *,
    act: Act,
    name: str,
    build: Build,
    match: tuple[str, ...] = ("code",),
    keep: Callable[[Mapping[str, str]], bool] | None = None,
) -> Loaded:
    """Load a packaged set into a register, keyed by natural code: new rows are made, rows of a new edition revise those not yet
    edited by hand.

    `build` turns a row into (values, links). Idempotent; all or nothing.
    """
    with transaction.atomic():
        begun = begin_load(act=act, name=name)
        if begun is None:
            return Loaded(name, unchanged=model.objects.filter(Q(dataset__name=name)).count())
        dataset, source, rows = begun
        known = {tuple(getattr(r, m) for m in match): r for r in model.objects.all()} if model.objects.exists() else {}
        edited = LedgerEntry.objects.filter(record_type=model.record_type()).exclude(action="load")
        by_hand = set(edited.values_list("record_id", flat=True)) if known else set()
        fresh: list[tuple[Mapping[str, Any], Mapping[str, Sequence[Any]]]] = []
        changed = unchanged = 0
        for row in rows:
            if keep is not None and not keep(row):
                continue
            values, links = build(row)
            values = {**origin_values(dataset, source.key_of(row), row), **values}
            record = known.get(tuple(values[m] for m in match))
            if record is None:
                fresh.append((values, links))
            elif record.pk in by_hand:
                unchanged += 1  # what people know stands above a packaged row
            else:
                records.revise(record, act=act, values=values, links=links, version=record.version, action="load")
                changed += 1
        records.create_many(model, act=act, rows=fresh, action="load")
    return Loaded(name, len(fresh), changed, unchanged)


def load_observations(*, act: Act, name: str, build: Callable[[Mapping[str, str]], Iterable[dict[str, Any]]]) -> Loaded:
    """Load a statistical set as observations; a new edition is added beside the old one. Idempotent; all or nothing."""
    with transaction.atomic():
        begun = begin_load(act=act, name=name)
        if begun is None:
            return Loaded(name, unchanged=Observation.objects.filter(dataset__name=name).count())
        dataset, _source, rows = begun
        observations = [
            Observation(
                dataset=dataset, row=line, source_url=row.get("source_url", ""), as_of=row.get("as_of", ""),
                evidence=row.get("evidence", ""), confidence=row.get("confidence", ""), **values,
            )
            for line, row in enumerate(rows, 2) for values in build(row)
        ]  # fmt: skip
        Observation.objects.bulk_create(observations, batch_size=500)
    return Loaded(name, len(observations))


def to_decimal(text: str, *, where: str) -> Decimal | None:
    """The number in a data cell (decimal point), None when empty. Raises InvalidInput naming the place."""
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InvalidInput(
            N_("“%(text)s” không phải là số."),
            subject=where,
            text=text[:40],
            problems=[FieldProblem("value", N_("Không phải số."))],
        ) from None


def record_figure(*, act: Act, values: Mapping[str, Any]) -> OfficialFigure:
    """A published number enters the register; a published number never changes, so a different one is another figure."""
    return record_figures(act=act, rows=[values])[0]


def record_figures(*, act: Act, rows: Sequence[Mapping[str, Any]]) -> list[OfficialFigure]:
    """The same for many numbers, all or none. Raises NotPermitted, InvalidInput."""
    if not (act.viewer.may("figures.edit") or act.viewer.may("facts.check")):
        act.viewer.require("figures.edit")
    return records.create_many(OfficialFigure, act=act, rows=[(values, {}) for values in rows])


def _first_words(read: ReadDocument) -> str:
    """What to call a text without a title: its first own words, not those of a caption or a menu."""
    rows = read.intake.text.split("\n")
    told = (rows[line.line - 1].strip() for line in read.lines if line.cls in ("body", "heading") and line.line <= len(rows))
    first = next((row for row in told if row), "")
    return first if len(first) <= 120 else first[:117].rsplit(" ", 1)[0] + "…"
