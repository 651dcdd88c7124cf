"""How does the one table of a data call become an official paper, with those who have not answered named?"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils import timezone

from banggiao.core.acts import Viewer
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.asked import Asked, asked_of, rows_of
from banggiao.followup.data_calls.form_words import heading, shown
from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.data_calls.questions import answers_to
from banggiao.followup.data_calls.states import ANSWERED
from banggiao.reports.blocks import BulletList, Column, Heading, NoteBook, OfficialDocument, Paragraph, SourceRow, Table

Language = Literal["vi", "en"]
_WORDS: dict[str, tuple[str, str]] = {
    "kind": ("Bảng tổng hợp", "Consolidated table"),
    "state": ("Tình hình trả lời", "State of the answers"),
    "count": (
        "Có {answered} trên {asked} cơ quan đã trả lời, trong đó {approved} phiếu đã được thủ trưởng duyệt; hạn trả lời {due}.",
        "{answered} of {asked} bodies have answered, {approved} with the approval of their head; answers were due on {due}.",
    ),
    "missing": ("Cơ quan chưa trả lời", "Bodies that have not answered"),
    "none_missing": ("Mọi cơ quan đã trả lời.", "All bodies have answered."),
    "table": ("Nội dung trả lời", "The answers"),
    "body": ("Cơ quan", "Body"),
    "answer": ("Nội dung", "Answer"),
    "place": ("Hà Nội", "Hanoi"),
    "row": ("dòng {n}", "row {n}"),
}


def consolidated_paper(call: DataCall, viewer: Viewer, *, at: datetime, language: Language) -> OfficialDocument:
    """All answers to a call as a draft paper of the asking body: how many answered, who did not, and one table."""

    def say(name: str) -> str:
        return _WORDS[name][language == "en"]

    answers = answers_to(call, viewer)
    answered = [each for each in answers if each.state in ANSWERED]
    silent = [each for each in answers if each.state not in ANSWERED]
    day = timezone.localdate(at)
    book = NoteBook()
    rule = vocabulary("counting_rule").label("data_call_answers", language)
    note = book.refer(rule, day, SourceRow(dataset=call.code, row=f"{len(answers)}"))
    counts = say("count").format(
        answered=len(answered),
        asked=len(answers),
        approved=sum(1 for each in answered if each.state == "approved"),
        due=shown(Asked("", "", "date"), call.deadline, language),
    )
    states = vocabulary("data_call_answer_state")
    named = tuple(f"{_name(each, language)} ({states.label(each.state, language).lower()})" for each in silent)
    blocks: list[Any] = [
        Heading(1, say("state")),
        Paragraph((counts, note)),
        Heading(1, say("missing")),
        BulletList(named) if named else Paragraph(say("none_missing")),
        Heading(1, say("table")),
        _table(call, answered, language, say),
    ]
    asker = call.asker
    return OfficialDocument(
        kind=say("kind"),
        kind_code="BTH",
        title=(call.name_en if language == "en" and call.name_en else call.name_vi),
        issuer=(asker.name_en if language == "en" and asker.name_en else asker.name_vi),
        issuer_code=asker.abbr_vi or asker.code,
        place=say("place"),
        as_of=day,
        blocks=tuple(blocks),
        language=language,
        notes=book.notes,
        exercise=call.exercise,
    )


def _table(call: DataCall, answered: list[DataCallAnswer], language: Language, say: Any) -> Table:
    """A column for each that was asked for while they fit on the page; beyond five the row is told in words."""
    columns = asked_of(call.questions)
    rows = []
    for answer in answered:
        for number, row in enumerate(rows_of(answer.rows), 1):
            body = _name(answer, language) + (f" ({say('row').format(n=number)})" if call.many_rows else "")
            texts = [shown(c, row.values.get(c.key, ""), language) for c in columns]
            if len(columns) <= 5:
                rows.append((body, *texts))
            else:
                rows.append((body, "; ".join(f"{heading_of(c)}: {t}" for c, t in zip(columns, texts, strict=True) if t)))
    heads = (
        [
            Column(heading_of(c), "right" if c.kind == "number" else "left", 1.0 if c.kind in ("number", "date") else 1.6)
            for c in columns
        ]
        if len(columns) <= 5
        else [Column(say("answer"), width=3.4)]
    )
    return Table(columns=(Column(say("body"), width=1.6), *heads), rows=tuple(rows))


def heading_of(column: Asked) -> str:
    """The heading of a column in print: without the mark that it had to be filled."""
    return heading(Asked(column.key, column.label, column.kind, column.unit))


def _name(answer: DataCallAnswer, language: Language) -> str:
    body = answer.institution
    return body.name_en if language == "en" and body.name_en else body.name_vi
