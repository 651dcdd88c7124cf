"""What a directive consists of: the numbered paragraphs of its text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from banggiao.commitments.models import Paragraph
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem
from banggiao.core.lines import Lines, declare_lines
from banggiao.core.questions import Bi, Column
from banggiao.core.registers import Field, Order, Register
from banggiao.core.vocabulary import vocabulary
from banggiao.sources.models import Document


def _of_known_documents(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    """The words of a paragraph are those of its document; one written by hand has none."""
    return rows.filter(Q(document=None) | Q(document_id__in=Document.objects.visible_to(viewer).values("pk")))


def _sound(paragraph: Paragraph, act: Act) -> Sequence[FieldProblem]:
    if paragraph.no_task and paragraph.no_task not in vocabulary("no_task_reason"):
        return [FieldProblem("no_task", N_("Giá trị không có trong danh mục."))]
    return []


PARAGRAPHS = declare_lines(
    Lines(
        Register(
            name="paragraphs",
            model=Paragraph,
            title=Bi("Các đoạn của văn bản", "Paragraphs"),
            one=Bi("Đoạn", "Paragraph"),
            fields=(
                Field(Column("number", N_("Số mục"), "mono"), ("number",)),
                Field(Column("text", N_("Nội dung"), "lead"), ("text",)),
                Field(Column("heading", N_("Là đề mục"), "flag"), ("heading",)),
                Field(Column("no_task", N_("Lý do không có nhiệm vụ"), "code", "no_task_reason"), ("no_task",)),
                Field(Column("no_task_note", N_("Ghi chú lý do")), ("no_task_note",)),
            ),
            orders=(Order("text", N_("Thứ tự trong văn bản"), ("position",)),),
            entry=("position", "number", "text", "heading", "no_task", "no_task_note"),
            required=("position", "text"),
            edit_permission="commitments.edit",
            title_paths=("text", ""),
            code_path="",
        ),
        "directive",
        _sound,
        narrow=_of_known_documents,
    )
)
