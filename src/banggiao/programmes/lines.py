"""What a work programme consists of: tasks of the head of mission, opportunities found, proposals made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem
from banggiao.core.lines import Lines, declare_lines
from banggiao.core.questions import Bi, Column
from banggiao.core.registers import Field, Order, Register
from banggiao.core.vocabulary import vocabulary
from banggiao.programmes.models import FoundOpportunity, MissionProposal, ProgrammeTask

#: A mission has five or so tasks; more than this is no programme.
MOST_TASKS = 30


def _a_task(line: ProgrammeTask, act: Act) -> Sequence[FieldProblem]:
    """Tasks are written until the programme is submitted, each number once; afterwards only what came of them."""
    problems = []
    number: int | None = getattr(line, "number", None)
    if number is not None and not 1 <= number <= MOST_TASKS:
        problems.append(FieldProblem("number", N_("Số thứ tự từ 1 đến 30.")))
    others = ProgrammeTask.objects.filter(programme_id=line.programme_id, retracted=False).exclude(pk=line.pk)
    if number is not None and others.filter(number=number).exists():
        problems.append(FieldProblem("number", N_("Số thứ tự này đã có.")))
    if line.programme.state != "draft":
        was = ProgrammeTask.objects.filter(pk=line.pk).first()
        if was is None or any(getattr(was, n) != getattr(line, n) for n in ("number", "text_vi", "indicator", "target", "due")):
            problems.append(FieldProblem("text_vi", N_("Chương trình đã trình: chỉ ghi được kết quả của nhiệm vụ.")))
    return problems


def _an_opportunity(line: FoundOpportunity, act: Act) -> Sequence[FieldProblem]:
    """What was handed on says to whom."""
    problems = []
    if line.state not in vocabulary("opportunity_state"):
        problems.append(FieldProblem("state", N_("Giá trị không có trong danh mục.")))
    if line.state in ("handed", "taken_up") and line.handed_to_id is None:
        problems.append(FieldProblem("handed_to_id", N_("Đã chuyển thì phải ghi chuyển cho ai.")))
    return problems


def _a_proposal(line: MissionProposal, act: Act) -> Sequence[FieldProblem]:
    """An answer has its day."""
    if bool(line.answer.strip()) != bool(line.answered_on):
        return [FieldProblem("answered_on", N_("Nội dung trả lời và ngày trả lời đi cùng nhau."))]
    return []


def _text(label: str) -> Field:
    return Field(Column("text", label, "bilingual"), ("text_vi", "text_en"))


def _lines(name: str, model: Any, title: Bi, one: Bi, fields: tuple[Field, ...], more: dict[str, Any], check: Any) -> Lines:
    """Lines of a programme: they share right and parent."""
    book = Register(
        name=name,
        model=model,
        title=title,
        one=one,
        fields=fields,
        edit_permission="programmes.edit",
        title_paths=("text_vi", "text_en"),
        code_path="",
        **more,
    )
    return declare_lines(Lines(book, "programme", check))


TASKS = _lines(
    "programme_tasks",
    ProgrammeTask,
    Bi("Nhiệm vụ của Trưởng cơ quan đại diện", "Tasks of the head of mission"),
    Bi("Nhiệm vụ của chương trình", "Task of the programme"),
    (
        Field(Column("number", N_("Thứ tự"), "number"), ("number",)),
        _text(N_("Nhiệm vụ")),
        Field(Column("indicator", N_("Chỉ số đo")), ("indicator",)),
        Field(Column("target", N_("Chỉ tiêu đặt ra")), ("target",)),
        Field(Column("due", N_("Hạn hoàn thành"), "date"), ("due",)),
        Field(Column("result", N_("Kết quả")), ("result",)),
        Field(
            Column("task", N_("Trong sổ nhiệm vụ"), "record"),
            ("task_id", "task__text_vi", "task__text_en"),
            leads_to="commitments.task",
        ),
    ),
    {
        "orders": (Order("number", N_("Thứ tự"), ("number",)),),
        "entry": ("number", "text_vi", "indicator", "target", "due", "result", "text_en"),
        "required": ("number", "text_vi"),
    },
    _a_task,
)

OPPORTUNITIES = _lines(
    "opportunities",
    FoundOpportunity,
    Bi("Cơ hội phát hiện", "Opportunities found"),
    Bi("Cơ hội", "Opportunity"),
    (
        Field(Column("day", N_("Ngày"), "date"), ("day",)),
        _text(N_("Cơ hội")),
        Field(
            Column("partner", N_("Đối tác"), "record"),
            ("partner_id", "partner__name_vi", "partner__name_en"),
            leads_to="partners.partner",
        ),
        Field(Column("field", N_("Lĩnh vực"), "code", "agreement_field"), ("field",)),
        Field(Column("product", N_("Mặt hàng, dịch vụ")), ("product",)),
        Field(Column("state", N_("Tình trạng"), "code", "opportunity_state"), ("state",)),
        Field(
            Column("handed_to", N_("Chuyển cho"), "record"),
            ("handed_to_id", "handed_to__name_vi", "handed_to__name_en"),
            leads_to="partners.institution",
        ),
        Field(Column("outcome", N_("Kết quả")), ("outcome",)),
    ),
    {
        "orders": (Order("day", N_("Theo ngày"), ("day",)),),
        "entry": ("text_vi", "partner_id", "field", "product", "day", "state", "handed_to_id", "outcome", "text_en"),
        "required": ("text_vi",),
    },
    _an_opportunity,
)

PROPOSALS = _lines(
    "proposals",
    MissionProposal,
    Bi("Đề xuất, kiến nghị", "Proposals"),
    Bi("Đề xuất", "Proposal"),
    (
        Field(Column("day", N_("Ngày"), "date"), ("day",)),
        Field(
            Column("addressee", N_("Gửi"), "record"),
            ("addressee_id", "addressee__name_vi", "addressee__name_en"),
            leads_to="partners.institution",
        ),
        _text(N_("Đề xuất")),
        Field(Column("answer", N_("Trả lời")), ("answer",)),
        Field(Column("answered_on", N_("Ngày trả lời"), "date"), ("answered_on",)),
    ),
    {
        "orders": (Order("day", N_("Theo ngày"), ("day",)),),
        "entry": ("text_vi", "addressee_id", "day", "answer", "answered_on", "text_en"),
        "required": ("text_vi",),
    },
    _a_proposal,
)
