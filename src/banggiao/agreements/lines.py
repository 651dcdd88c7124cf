"""What an agreement consists of: legal steps of its parties, texts, clauses, and the checklist before it is signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from banggiao.agreements.models import AgreementText, Clause, PartyStatus, ReadinessCheck
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem
from banggiao.core.lines import Lines, declare_lines
from banggiao.core.questions import Bi, Column
from banggiao.core.registers import Field, Order, Register
from banggiao.core.vocabulary import vocabulary
from banggiao.sources.models import Document


def of_known_documents(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    """The rows whose document the viewer may know of: the words of a clause are the words of its document."""
    return rows.filter(document_id__in=Document.objects.visible_to(viewer).values("pk"))


def _a_step(step: PartyStatus, act: Act) -> Sequence[FieldProblem]:
    """A step of the list, of a party, once for a day."""
    if step.status not in vocabulary("party_status"):
        return [FieldProblem("status", N_("Giá trị không có trong danh mục."))]
    same = PartyStatus.objects.filter(agreement_id=step.agreement_id, status=step.status, day=step.day, retracted=False)
    same = same.filter(partner_id=step.partner_id) if step.partner_id else same.filter(partner=None)
    if same.exists():
        return [FieldProblem("status", N_("Bước này của bên này đã được ghi."))]
    return _known_document(step, act)


def _attached_once(text: AgreementText, act: Act) -> Sequence[FieldProblem]:
    """The document is attached once."""
    others = AgreementText.objects.filter(agreement_id=text.agreement_id, document_id=text.document_id, retracted=False)
    if text.document_id and others.exclude(pk=text.pk).exists():
        return [FieldProblem("document_id", N_("Tài liệu này đã được gắn với thỏa thuận."))]
    return _known_document(text, act)


def _within_a_text(clause: Clause, act: Act) -> Sequence[FieldProblem]:
    """The words lie in a text of this agreement and in no other clause of it."""
    attached = AgreementText.objects.filter(
        agreement_id=clause.agreement_id, document_id=clause.document_id, retracted=False
    ).exists()
    if not attached or _known_document(clause, act):
        return [FieldProblem("document_id", N_("Tài liệu này chưa được gắn làm văn bản của thỏa thuận."))]
    length = len(Document.objects.values_list("text", flat=True).get(pk=clause.document_id))
    start, end = getattr(clause, "start", None), getattr(clause, "end", None)
    if start is None or end is None:
        return []  # that something is missing is said of the field itself
    if not 0 <= start < end <= length:
        return [FieldProblem("end", N_("Đoạn chữ của điều khoản nằm ngoài văn bản."))]
    others = Clause.objects.filter(agreement_id=clause.agreement_id, document_id=clause.document_id, retracted=False)
    if others.exclude(pk=clause.pk).filter(start__lt=clause.end, end__gt=clause.start).exists():
        return [FieldProblem("start", N_("Đoạn chữ này chồng lên một điều khoản đã có."))]
    return []


def _once(check: ReadinessCheck, act: Act) -> Sequence[FieldProblem]:
    """Each point stands once."""
    others = ReadinessCheck.objects.filter(agreement_id=check.agreement_id, item=check.item, retracted=False)
    if others.exclude(pk=check.pk).exists():
        return [FieldProblem("item", N_("Mục này đã có; hãy sửa dòng đang có."))]
    return []


def _known_document(row: Any, act: Act) -> Sequence[FieldProblem]:
    if row.document_id and not Document.objects.visible_to(act.viewer).filter(pk=row.document_id).exists():
        return [FieldProblem("document_id", N_("Không tìm thấy tài liệu này."))]
    return []


_DOCUMENT = Field(
    Column("document", N_("Tài liệu"), "record"),
    ("document_id", "document__title", "document__title"),
    leads_to="sources.document",
)

LEGAL_STEPS = declare_lines(
    Lines(
        Register(
            name="legal_steps",
            model=PartyStatus,
            title=Bi("Các bước pháp lý của từng bên", "Legal steps of each party"),
            one=Bi("Bước pháp lý", "Legal step"),
            fields=(
                Field(Column("day", N_("Ngày"), "date"), ("day",)),
                Field(
                    Column("partner", N_("Bên"), "record"),
                    ("partner_id", "partner__name_vi", "partner__name_en"),
                    leads_to="partners.partner",
                ),
                Field(Column("status", N_("Bước"), "code", "party_status"), ("status",)),
                Field(Column("note", N_("Ghi chú"), "bilingual"), ("note_vi", "note_en")),
                _DOCUMENT,
            ),
            orders=(Order("day", N_("Theo ngày"), ("day",)),),
            entry=("partner_id", "status", "day", "note_vi", "note_en", "document_id"),
            required=("status", "day"),
            edit_permission="agreements.edit",
            title_paths=("status", ""),
            code_path="",
        ),
        "agreement",
        _a_step,
        kept_as_written=True,
    )
)

TEXTS = declare_lines(
    Lines(
        Register(
            name="texts",
            model=AgreementText,
            title=Bi("Văn bản", "Texts"),
            one=Bi("Văn bản", "Text"),
            fields=(
                Field(Column("role", N_("Loại bản"), "code", "text_role"), ("role",)),
                Field(Column("language", N_("Ngôn ngữ"), "code", "language"), ("language",)),
                _DOCUMENT,
                Field(Column("note", N_("Ghi chú")), ("note",)),
            ),
            orders=(Order("entered", N_("Thứ tự nhập"), ()),),
            entry=("document_id", "role", "language", "note"),
            required=("document_id", "role"),
            edit_permission="agreements.edit",
            title_paths=("role", ""),
            code_path="",
        ),
        "agreement",
        _attached_once,
        narrow=of_known_documents,
    )
)

CLAUSES = declare_lines(
    Lines(
        Register(
            name="clauses",
            model=Clause,
            title=Bi("Điều khoản", "Clauses"),
            one=Bi("Điều khoản", "Clause"),
            fields=(
                Field(Column("number", N_("Điều khoản"), "lead"), ("number",)),
                Field(Column("heading", N_("Tên điều")), ("heading",)),
                _DOCUMENT,
                Field(Column("start", N_("Từ ký tự"), "number"), ("start",)),
                Field(Column("end", N_("Đến ký tự"), "number"), ("end",)),
            ),
            orders=(Order("text", N_("Thứ tự trong văn bản"), ("document_id", "start")),),
            entry=("document_id", "number", "heading", "start", "end"),
            required=("document_id", "number", "start", "end"),
            edit_permission="agreements.edit",
            title_paths=("number", ""),
            code_path="",
        ),
        "agreement",
        _within_a_text,
        narrow=of_known_documents,
    )
)

READINESS = declare_lines(
    Lines(
        Register(
            name="readiness",
            model=ReadinessCheck,
            title=Bi("Chuẩn bị ký kết", "Readiness to be signed"),
            one=Bi("Mục chuẩn bị", "Readiness check"),
            fields=(
                Field(Column("item", N_("Mục"), "code", "readiness_item"), ("item",)),
                Field(Column("state", N_("Tình trạng"), "code", "readiness_state"), ("state",)),
                Field(Column("day", N_("Ngày"), "date"), ("day",)),
                Field(Column("note", N_("Ghi chú")), ("note",)),
            ),
            orders=(Order("entered", N_("Thứ tự nhập"), ()),),
            entry=("item", "state", "day", "note"),
            required=("item", "state"),
            edit_permission="agreements.edit",
            title_paths=("item", ""),
            code_path="",
        ),
        "agreement",
        _once,
    )
)
