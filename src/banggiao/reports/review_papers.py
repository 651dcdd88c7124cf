"""The papers about a review beside its report: the table of comments with what became of each, and a memo of corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from banggiao.activities.models import Review
from banggiao.core.acts import Viewer
from banggiao.core.vocabulary import vocabulary
from banggiao.reports.blocks import (
    BulletList,
    Chart,
    Column,
    Heading,
    NoteBook,
    NoteRef,
    OfficialDocument,
    Paragraph,
    Run,
    SourceRow,
    Table,
    Text,
    WorldMap,
)
from banggiao.reports.review import memo_table
from banggiao.reports.review_words import WORDS
from banggiao.reports.typography import Language
from banggiao.reviews.models import ReviewComment, ReviewMemo, ReviewReader
from banggiao.reviews.papers import figures_of, paper_at
from banggiao.reviews.questions import comments_of, readers_of
from banggiao.reviews.states import ANSWERED

_WORDS: dict[str, tuple[str, str]] = {
    "kind": ("Bảng tổng hợp", "Consolidated table"),
    "title": ("Ý kiến góp ý và giải trình, tiếp thu: %(review)s", "Comments and what became of them: %(review)s"),
    "state": ("Tình hình góp ý", "Who has commented"),
    "count": (
        "Có %(answered)s trên %(asked)s nơi được hỏi đã trả lời, trong đó %(agreed)s nơi thống nhất, không có ý kiến.",
        "%(answered)s of %(asked)s bodies have answered, of which %(agreed)s agreed without comment.",
    ),
    "missing": ("Nơi chưa trả lời", "Bodies that have not answered"),
    "none_missing": ("Mọi nơi được hỏi đã trả lời.", "All bodies have answered."),
    "table": ("Ý kiến và giải trình, tiếp thu", "Comments and answers"),
    "outcomes": (
        "Tiếp thu %(accepted)s ý kiến, tiếp thu một phần %(partly)s, không tiếp thu %(rejected)s, chờ giải trình %(open)s.",
        "Accepted: %(accepted)s; in part: %(partly)s; not accepted: %(rejected)s; open: %(open)s.",
    ),
    "body": ("Nơi góp ý", "Body"),
    "place": ("Phần, số liệu", "Part, figure"),
    "comment": ("Ý kiến", "Comment"),
    "outcome": ("Kết quả", "Outcome"),
    "answer": ("Giải trình", "Answer"),
    "memo_kind": ("Bản đính chính", "Memo of corrections"),
    "memo_title": ("Đính chính số liệu: %(review)s", "Corrections of figures: %(review)s"),
    "memo_stays": (
        "Báo cáo và các số đã chốt được giữ nguyên; bản này nêu số nay là và lý do.",
        "The report and its frozen figures stay as they are; this memo says what they should be, and why.",
    ),
    "memos": ("Các số được đính chính", "Figures corrected"),
}


def comments_paper(review: Review, viewer: Viewer, *, at: datetime, language: Language) -> OfficialDocument:
    """All comments on a review in one table with what became of each; who has not answered is named."""

    def say(name: str, **values: object) -> str:
        return _WORDS[name][language == "en"] % values if values else _WORDS[name][language == "en"]

    readers, comments = readers_of(review, viewer), comments_of(review, viewer)
    answered = [r for r in readers if r.state in ANSWERED]
    silent = [r for r in readers if r.state not in ANSWERED]
    book, day = NoteBook(), timezone.localdate(at)
    note = book.refer(
        vocabulary("counting_rule").label("review_answers", language), day, SourceRow(_name(review, language), str(len(readers)))
    )
    count = say("count", answered=len(answered), asked=len(readers), agreed=sum(1 for r in readers if r.state == "agreed"))
    outcomes = {state: sum(1 for c in comments if c.state == state) for state in vocabulary("review_comment_state").codes}
    figures = figures_of(paper_at(review, "frozen"))
    rows: list[tuple[Text, ...]] = []
    for place, each in enumerate(comments, 1):
        figure = figures.get(each.figure)
        about = "; ".join(filter(None, (each.place, f"{figure.label.get(language)}: {figure.value}" if figure else "")))
        outcome = vocabulary("review_comment_state").label(each.state, language)
        rows.append((str(place), _body(each, language), about, each.text, outcome, each.answer))
    columns = (
        Column(WORDS[language].no, "center", 0.5),
        Column(say("body"), width=1.5),
        Column(say("place"), width=1.7),
        Column(say("comment"), width=2.8),
        Column(say("outcome"), width=1.2),
        Column(say("answer"), width=2.3),
    )
    named = tuple(_body(reader, language) for reader in silent)
    return _paper(
        review,
        language,
        at,
        kind=say("kind"),
        code="BTH",
        title=say("title", review=_name(review, language)),
        blocks=(
            Heading(1, say("state")),
            Paragraph((count, note)),
            Heading(1, say("missing")),
            BulletList(named) if named else Paragraph(say("none_missing")),
            Heading(1, say("table")),
            Paragraph(say("outcomes", **outcomes)),
            Table(columns, tuple(rows)),
        ),
        book=book,
    )


def memo_paper(review: Review, memos: Sequence[ReviewMemo], *, at: datetime, language: Language) -> OfficialDocument:
    """The corrections of a review as a paper of its own; a draft, since number and signer are given by people."""

    def say(name: str) -> str:
        return _WORDS[name][language == "en"]

    figures = figures_of(paper_at(review, "frozen"))
    return _paper(
        review,
        language,
        at,
        kind=say("memo_kind"),
        code="DC",
        title=say("memo_title") % {"review": _name(review, language)},
        blocks=(Paragraph(say("memo_stays")), Heading(1, say("memos")), memo_table(memos, figures, language)),
        book=NoteBook(),
    )


def corrected(document: OfficialDocument, memos: Sequence[ReviewMemo]) -> OfficialDocument:
    """The paper for reading on a page: behind every figure that a memo corrects stands what it should be. Figures stay."""
    marks = {memo.figure: memo.should_be for memo in memos}
    words = WORDS[document.language]

    def marked(value: Any) -> Any:
        if isinstance(value, tuple):
            parts: list[Any] = []
            for part in value:
                parts.append(marked(part))
                if isinstance(part, NoteRef) and part.figure in marks:
                    parts.append(Run(f" [{words.correction % {'value': marks[part.figure]}}]", italic=True))
            return tuple(parts)
        if is_dataclass(value) and not isinstance(value, type | Chart | WorldMap):
            return replace(value, **{one.name: marked(getattr(value, one.name)) for one in fields(value)})
        return value

    return replace(document, blocks=marked(document.blocks), annexes=marked(document.annexes)) if marks else document


def _paper(
    review: Review,
    language: Language,
    at: datetime,
    *,
    kind: str,
    code: str,
    title: str,
    blocks: tuple[Heading | Paragraph | BulletList | Table, ...],
    book: NoteBook,
) -> OfficialDocument:
    words = WORDS[language]
    return OfficialDocument(
        kind=kind,
        kind_code=code,
        title=title,
        issuer=words.exercise_issuer if review.exercise else words.issuer,
        issuer_code="DT" if review.exercise else "BNG",
        place=review.place or words.place,
        as_of=timezone.localdate(at),
        blocks=blocks,
        language=language,
        notes=book.notes,
        exercise=review.exercise,
    )


def _name(review: Review, language: Language) -> str:
    return review.name_en if language == "en" else review.name_vi


def _body(row: ReviewReader | ReviewComment, language: Language) -> str:
    body = row.institution
    return body.name_en if language == "en" and body.name_en else body.name_vi
