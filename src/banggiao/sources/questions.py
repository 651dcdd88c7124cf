"""Every read of documents, facts, citations and official figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.ledger import LedgerEntry, entries_of
from banggiao.core.periods import period_label
from banggiao.core.questions import Bi, Column, Parameter
from banggiao.core.registers import Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary
from banggiao.sources.models import Citation, Document, Fact, OfficialFigure


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as a face shows it: the words, the sentence around them, and where they stand."""

    record_id: UUID
    field: str
    document_id: UUID
    document_title: str
    outlet: str
    published: str
    url: str
    start: int
    end: int
    words: str
    sentence: str
    fact_id: UUID | None
    rule: str


def citations_of(record_ids: Iterable[UUID], viewer: Viewer, *, until: datetime | None = None) -> dict[UUID, list[Cited]]:
    """The citations of each record that the viewer may know of, oldest document first; with `until`, those known by then."""
    rows = Citation.objects.visible_to(viewer).filter(subject_id__in=list(record_ids)).select_related("document", "fact")
    if until is not None:
        rows = rows.filter(recorded_at__lte=until)
    visible_documents = set(
        Document.objects.visible_to(viewer).filter(pk__in={r.document_id for r in rows}).values_list("pk", flat=True)
    )
    cited: dict[UUID, list[Cited]] = {}
    for row in rows.order_by("document__published", "document_id", "start"):
        if row.document_id in visible_documents:
            document = row.document
            cited.setdefault(row.subject_id, []).append(
                Cited(
                    row.subject_id,
                    row.field,
                    document.pk,
                    document.title,
                    document.outlet,
                    document.published,
                    document.url,
                    row.start,
                    row.end,
                    document.text[row.start : row.end],
                    sentence_at(document.text, row.evidence_start, row.evidence_end),
                    row.fact_id,
                    row.fact.rule if row.fact else "",
                )
            )
    return cited


def sentence_at(text: str, start: int, end: int) -> str:
    """The sentence between two offsets on one line."""
    return " ".join(text[start:end].split())


def facts_of(document: Document, viewer: Viewer, *, span: tuple[int, int] | None = None) -> list[Fact]:
    """The facts of a document in reading order; with `span`, those whose words begin in that stretch of its text."""
    rows = Fact.objects.visible_to(viewer).filter(document=document)
    if span is not None:
        rows = rows.filter(start__gte=span[0], start__lt=span[1])
    return list(rows.order_by("start", "end", "kind"))


def facts_page(
    document: Document, viewer: Viewer, *, state: str = "", after: UUID | None = None, size: int
) -> tuple[list[Fact], int]:
    """(so many facts of a document after an id, how many there are of that state), in the order in which they were stored."""
    rows = Fact.objects.visible_to(viewer).filter(document=document)
    if state:
        rows = rows.filter(state=state)
    total = rows.count()
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[:size])
    for fact in found:
        fact.document = document
    return found, total


def fact_places(document: Document, viewer: Viewer) -> list[int]:
    """Where the facts of a document begin, in reading order: enough to part a long document."""
    rows = Fact.objects.visible_to(viewer).filter(document=document)
    return list(rows.order_by("start").values_list("start", flat=True))


def fact_counts(document: Document, viewer: Viewer) -> tuple[int, int]:
    """(all facts, those that wait) of a document."""
    rows = Fact.objects.visible_to(viewer).filter(document=document)
    return rows.count(), rows.filter(state="proposed").count()


def next_fact(fact: Fact, viewer: Viewer) -> Fact | None:
    """The next fact of the document that waits, from the top again after the last; None when none does."""
    rows = Fact.objects.visible_to(viewer).filter(document_id=fact.document_id, state="proposed").exclude(pk=fact.pk)
    rows = rows.order_by("start", "end", "kind")
    found: Fact | None = rows.filter(start__gte=fact.start).first() or rows.first()
    return found


def next_waiting(document: Document, viewer: Viewer) -> Document | None:
    """The next document with facts that wait: the one read in before this, else the latest of the others."""
    waits = Exists(Fact.objects.visible_to(viewer).filter(document=OuterRef("pk"), state="proposed"))
    rows = Document.objects.visible_to(viewer).filter(waits).exclude(pk=document.pk).defer("text", "lines").order_by("-pk")
    found: Document | None = rows.filter(pk__lt=document.pk).first() or rows.first()
    return found


def company(
    document: Document, viewer: Viewer, *, at: datetime, within: timedelta = timedelta(minutes=5)
) -> tuple[str, datetime] | None:
    """(name, when) of the person other than the viewer who settled a fact of the document last, if that is not long ago."""
    lately = Fact.objects.visible_to(viewer).filter(document=document, version__gt=1, recorded_at__gt=at - within)
    entries = LedgerEntry.objects.filter(
        record_type="sources.fact", recorded_at__gt=at - within, actor_id__isnull=False, record_id__in=lately.values("pk")
    )
    last = entries.exclude(actor_id=viewer.id).order_by("-recorded_at", "-id").first()
    return (last.actor_label, last.recorded_at) if last else None


def last_word(fact: Fact) -> tuple[str, datetime] | None:
    """(who, when) of the last entry about a fact."""
    last = entries_of(fact.pk).last()
    return (last.actor_label, last.recorded_at) if last else None


def facts_to_check(viewer: Viewer) -> int:
    """How many proposed facts wait for a person (rule `facts_to_check`)."""
    return int(Fact.objects.visible_to(viewer).filter(state="proposed").count())


def waiting_by_document(viewer: Viewer, limit: int) -> Sequence[tuple[UUID, str, int]]:
    """(document id, title, facts waiting), most recent first, for documents with facts to check."""
    from django.db.models import Count  # local: the only aggregate here

    rows = (
        Fact.objects.visible_to(viewer).filter(state="proposed").values("document_id", "document__title", "document__recorded_at")
    )
    counted = rows.annotate(waiting=Count("pk")).order_by("-document__recorded_at", "document_id")[:limit]
    return [(r["document_id"], r["document__title"], r["waiting"]) for r in counted]


@searchable(Document)
def _document_words(document: Document) -> Words:
    genre = document.genre
    terms = vocabulary("document_genre")
    label = (terms.label(genre, "vi"), terms.label(genre, "en")) if genre in terms else ("", "")
    note = " · ".join(filter(None, (document.outlet, document.published[:10])))
    return Words(
        document.title,
        note_vi=note or label[0],
        note_en=note or label[1],
        body=document.text,
        day=document.published[:10],
        weight=1,
    )


@searchable(OfficialFigure)
def _figure_words(figure: OfficialFigure) -> Words:
    vi, en = (period_label(figure.period, language) for language in ("vi", "en"))
    return Words(figure.label_vi, figure.label_en, note_vi=vi, note_en=en, weight=0)


DOCUMENTS = declare(
    Register(
        name="documents",
        model=Document,
        title=Bi("Tài liệu đã đọc", "Documents"),
        one=Bi("Tài liệu", "Document"),
        fields=(
            Field(Column("title", N_("Tiêu đề"), "bilingual"), ("title", "title")),
            Field(Column("published", N_("Ngày đăng"), "date"), ("published",)),
            Field(Column("outlet", N_("Nguồn đăng")), ("outlet",)),
            Field(Column("genre", N_("Thể loại"), "code", "document_genre"), ("genre",)),
            Field(Column("language", N_("Ngôn ngữ"), "code", "language"), ("language",)),
        ),
        page_fields=(
            Field(Column("author", N_("Tác giả")), ("author",)),
            Field(Column("url", N_("Địa chỉ"), "url"), ("url",)),
            Field(Column("source_name", N_("Tên tệp")), ("source_name",)),
            Field(Column("media_type", N_("Loại tệp")), ("media_type",)),
            Field(Column("sha256", N_("Mã SHA-256")), ("sha256",)),
        ),
        orders=(Order("recent", N_("Mới nhất"), ("published",), descending=True),),
        filters=(
            Filter(Parameter("period", N_("Kỳ"), "period"), "published"),
            Filter(Parameter("genre", N_("Thể loại"), "code", "document_genre"), "genre"),
        ),
        title_paths=("title", ""),
        code_path="",
    )
)

_FIGURE_ENTRY = (
    "label_vi", "label_en", "measure", "qualifier", "value", "unit", "period", "as_of", "comparison", "counting_rule",
    "source_url",
)  # fmt: skip

FIGURES = declare(
    Register(
        name="figures",
        model=OfficialFigure,
        title=Bi("Số liệu đã công bố", "Official figures"),
        one=Bi("Số liệu", "Figure"),
        fields=(
            Field(Column("label", N_("Nội dung"), "bilingual"), ("label_vi", "label_en")),
            Field(Column("qualifier", N_("Mức"), "code", "qualifier"), ("qualifier",)),
            Field(Column("value", N_("Giá trị"), "number"), ("value",)),
            Field(Column("unit", N_("Đơn vị")), ("unit",)),
            Field(Column("period", N_("Kỳ"), "period"), ("period",)),
            Field(Column("as_of", N_("Tính đến"), "date"), ("as_of",)),
        ),
        page_fields=(
            Field(Column("comparison", N_("So sánh")), ("comparison",)),
            Field(Column("counting_rule", N_("Quy tắc đếm"), "code", "counting_rule"), ("counting_rule",)),
        ),
        orders=(Order("period", N_("Kỳ"), ("period",), descending=True),),
        filters=(
            Filter(Parameter("measure", N_("Chỉ tiêu"), "code", "activity_measure"), "measure"),
            Filter(Parameter("counting_rule", N_("Quy tắc đếm"), "code", "counting_rule"), "counting_rule"),
        ),
        entry=_FIGURE_ENTRY,
        required=("label_vi", "value", "unit", "period", "source_url"),
        # A published number never changes: only what it counts can be said more exactly.
        editable=("measure", "counting_rule", "label_en"),
        edit_permission="figures.edit",
        title_paths=("label_vi", "label_en"),
        mark_path="evidence",
    )
)
