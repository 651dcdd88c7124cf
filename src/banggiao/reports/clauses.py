"""The clauses of an agreement beside the commitments that rest on their words.

A commitment belongs to a clause when it cites words of it: those found by reading the document stand there by themselves, others
are tied by a person, which writes the citation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from banggiao.agreements.lines import CLAUSES, TEXTS
from banggiao.agreements.models import Agreement, AgreementText, Clause
from banggiao.commitments.models import Commitment
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, InvalidInput, NotFound
from banggiao.core.lines import find_line, rows_of
from banggiao.core.questions import Bi, Ref
from banggiao.core.registers import register_named
from banggiao.reading.articles import Article, articles
from banggiao.reports import actions
from banggiao.sources.models import Citation, Document
from banggiao.sources.services import cite_words


@dataclass(frozen=True, slots=True)
class ClauseSeen:
    """A clause with its words, the document they stand in, and the commitments that cite them."""

    clause: Clause
    words: str
    document: Ref
    commitments: Sequence[Ref]


def clauses_of(agreement: Agreement, viewer: Viewer) -> list[ClauseSeen]:
    """The clauses of an agreement that the viewer may know of, in the order of its texts."""
    clauses = list(rows_of(CLAUSES, agreement, viewer))
    documents = Document.objects.visible_to(viewer).in_bulk({clause.document_id for clause in clauses})
    cited = _citing(list(documents), viewer)
    seen = []
    for clause in clauses:
        document = documents[clause.document_id]
        words = " ".join(document.text[clause.start : clause.end].split())
        refs = [ref for place, start, end, ref in cited if place == document.pk and start < clause.end and end > clause.start]
        seen.append(
            ClauseSeen(clause, words, Ref(document.pk, "sources.document", Bi(document.title)), tuple(dict.fromkeys(refs)))
        )
    return seen


def _citing(documents: Sequence[UUID], viewer: Viewer) -> list[tuple[UUID, int, int, Ref]]:
    """(document, start, end, commitment) of every commitment that cites words of the documents."""
    rows = Citation.objects.visible_to(viewer).filter(document_id__in=documents, subject_type=Commitment.record_type())
    places = list(rows.order_by("start", "pk").values_list("document_id", "start", "end", "subject_id"))
    commitments = Commitment.objects.visible_to(viewer).in_bulk({subject for *_place, subject in places})
    refs = {pk: Ref(pk, Commitment.record_type(), Bi(c.text_vi, c.text_en)) for pk, c in commitments.items()}
    return [(document, start, end, refs[subject]) for document, start, end, subject in places if subject in refs]


def text_of(agreement: Agreement, key: UUID, viewer: Viewer) -> tuple[AgreementText, Document]:
    """A text of the agreement with its document. Raises NotFound."""
    text: AgreementText = find_line(TEXTS, agreement, key, viewer)
    return text, Document.objects.visible_to(viewer).get(pk=text.document_id)


def proposed(agreement: Agreement, document: Document, viewer: Viewer) -> list[tuple[Article, str, bool]]:
    """(article, its words, whether its words lie in a clause that stands already) of a text, in order."""
    standing = [(c.start, c.end) for c in rows_of(CLAUSES, agreement, viewer) if c.document_id == document.pk]
    return [
        (each, " ".join(document.text[each.start : each.end].split()), any(s < each.end and e > each.start for s, e in standing))
        for each in articles(document.text)
    ]


def can_be_tied(agreement: Agreement, clause: Clause, viewer: Viewer) -> list[tuple[str, Bi]]:
    """(id, words) of the commitments of the agreement, and of its parties without an agreement, that do not cite the clause."""
    tied = {c.id for seen in clauses_of(agreement, viewer) if seen.clause.pk == clause.pk for c in seen.commitments}
    rows = Commitment.objects.visible_to(viewer).filter(exercise=agreement.exercise)
    parties = list(agreement.party_rows.values_list("partner_id", flat=True))
    found = [
        *rows.filter(agreement=agreement),
        *rows.filter(agreement=None, partner_id__in=parties).order_by("-made_on", "pk")[:200],
    ]
    return [(str(c.pk), Bi(f"{c.code} · {c.text_vi}", f"{c.code} · {c.text_en or c.text_vi}")) for c in found if c.pk not in tied]


@transaction.atomic
def tie(agreement: Agreement, clause: Clause, commitment_id: str, *, act: Act) -> Commitment:
    """The commitment rests on the words of the clause from now on. Raises NotPermitted, NotFound, InvalidInput."""
    act.viewer.require("commitments.edit", subject=str(clause))
    try:
        commitment: Commitment | None = Commitment.objects.visible_to(act.viewer).filter(pk=UUID(commitment_id)).first()
    except ValueError:
        commitment = None
    if commitment is None:
        raise NotFound(
            N_("Không tìm thấy bản ghi."), subject=commitment_id[:80], remedy=N_("Hãy chọn một cam kết trong danh sách.")
        )
    if commitment.exercise != agreement.exercise:
        raise InvalidInput(N_("Dữ liệu diễn tập và dữ liệu thật không gắn với nhau."), subject=str(commitment))
    document = Document.objects.visible_to(act.viewer).get(pk=clause.document_id)
    cite_words(act=act, record=commitment, document=document, start=clause.start, end=clause.end)
    return commitment


@transaction.atomic
def commit(agreement: Agreement, clause: Clause, *, values: Mapping[str, Any], act: Act) -> Any:
    """A new commitment of the agreement that rests on the words of the clause. Raises NotPermitted, InvalidInput by field."""
    made = actions.create(register_named("commitments"), values={**values, "agreement_id": str(agreement.pk)}, act=act)
    tie(agreement, clause, str(made.pk), act=act)
    return made
