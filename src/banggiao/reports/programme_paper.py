"""How does a mission's work programme become an official paper: a draft of the mission until a person signs it?"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils import timezone

from banggiao.core.acts import Viewer
from banggiao.core.exports import cell_text
from banggiao.core.lines import Lines, rows_of
from banggiao.core.periods import period_label
from banggiao.core.registers import cells_of
from banggiao.core.vocabulary import vocabulary
from banggiao.programmes.lines import OPPORTUNITIES, PROPOSALS, TASKS
from banggiao.programmes.models import WorkProgramme
from banggiao.reports.blocks import Column, Heading, OfficialDocument, Paragraph, Table

Language = Literal["vi", "en"]
_WORDS: dict[str, tuple[str, str]] = {
    "kind": ("Chương trình công tác", "Work programme"),
    "title": ("{period}", "{period}"),
    "focus": ("Trọng tâm", "Focus"),
    "head": ("Trưởng cơ quan đại diện: {head}. Tình trạng: {state}.", "Head of mission: {head}. State: {state}."),
    "unnamed": ("chưa ghi", "not recorded"),
    "none": ("Chưa có.", "None yet."),
    "place": ("{host}", "{host}"),
}
#: Lines -> the columns that stand in the paper, with their widths.
_SHOWN: tuple[tuple[Lines, tuple[tuple[str, float], ...]], ...] = (
    (TASKS, (("number", 0.5), ("text", 2.4), ("indicator", 1.2), ("target", 1.0), ("due", 0.9), ("result", 1.4))),
    (OPPORTUNITIES, (("text", 2.4), ("partner", 1.1), ("product", 1.2), ("state", 1.0), ("handed_to", 1.3))),
    (PROPOSALS, (("text", 2.4), ("addressee", 1.4), ("answer", 1.6), ("answered_on", 0.9))),
)
_HEADS: dict[str, tuple[str, str]] = {
    "number": ("TT", "No."), "text": ("Nội dung", "Text"), "indicator": ("Chỉ số đo", "Indicator"),
    "target": ("Chỉ tiêu", "Target"), "due": ("Thời hạn", "Due"), "result": ("Kết quả", "Result"),
    "partner": ("Đối tác", "Partner"),
    "product": ("Mặt hàng, dịch vụ", "Product or service"), "state": ("Tình trạng", "State"),
    "handed_to": ("Chuyển cho", "Handed to"), "addressee": ("Gửi", "To"), "answer": ("Trả lời", "Answer"),
    "answered_on": ("Ngày trả lời", "Answered on"),
}  # fmt: skip


def programme_paper(programme: WorkProgramme, viewer: Viewer, *, at: datetime, language: Language) -> OfficialDocument:
    """The programme of one mission: focus, tasks with indicator, target and due date, opportunities, proposals with answers."""

    def say(name: str) -> str:
        return _WORDS[name][language == "en"]

    mission, english = programme.mission, language == "en"
    head = "; ".join(filter(None, (programme.head_title, programme.head.person.name if programme.head else "")))
    state = vocabulary("programme_state").label(programme.state, language).lower()
    summary = programme.summary_en if english and programme.summary_en else programme.summary_vi
    blocks: list[Any] = [
        Heading(1, say("focus")),
        Paragraph(summary or say("none")),
        Paragraph(say("head").format(head=head or say("unnamed"), state=state)),
    ]
    for lines, columns in _SHOWN:
        blocks += [Heading(1, lines.book.title.get(language)), _table(lines, columns, programme, viewer, language, say("none"))]
    host = mission.host
    named = (host.name_en if english and host.name_en else host.name_vi) if host else ("Hanoi" if english else "Hà Nội")
    return OfficialDocument(
        kind=say("kind"),
        kind_code="CTr",
        title=period_label(programme.period, language),
        issuer=mission.name_en if english and mission.name_en else mission.name_vi,
        issuer_code=mission.abbr_vi or mission.code,
        place=named,
        as_of=timezone.localdate(at),
        blocks=tuple(blocks),
        language=language,
        signing_as=tuple(filter(None, (programme.head_title.upper(),))),
        exercise=programme.exercise,
    )


def _table(
    lines: Lines,
    columns: tuple[tuple[str, float], ...],
    programme: WorkProgramme,
    viewer: Viewer,
    language: Language,
    none: str,
) -> Table | Paragraph:
    fields = {field.column.key: field for field in lines.book.fields}
    shown = [fields[key] for key, _width in columns]
    rows = [
        tuple(_text(cell, field.column, language) for cell, field in zip(cells, shown, strict=True))
        for _pk, cells in cells_of(shown, rows_of(lines, programme, viewer), viewer)
    ]
    if not rows:
        return Paragraph(none)
    heads = tuple(Column(_HEADS[key][language == "en"], width=width) for key, width in columns)
    return Table(columns=heads, rows=tuple(rows))


def _text(cell: Any, column: Any, language: Language) -> str:
    if column.type == "date" and cell:
        return period_label(str(cell), language)
    return cell_text(cell, language, column.vocabulary)
