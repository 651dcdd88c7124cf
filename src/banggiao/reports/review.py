"""What the review report of a period says, composed from the registers as known at a moment: the same moment, the same report.

Every figure carries a note that leads to its counting rule, its date, and the sentence or the row of a reference set it rests
on. Conclusions and signature are put into a paper that may have been composed long before (`finished`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from banggiao.activities.models import Review
from banggiao.core.acts import Viewer
from banggiao.core.periods import parse_period
from banggiao.core.vocabulary import vocabulary
from banggiao.reports.blocks import (
    Annex,
    Block,
    BulletList,
    Column,
    Heading,
    OfficialDocument,
    Paragraph,
    Table,
    Text,
    in_reading_order,
)
from banggiao.reports.review_known import HOME_TIME as HOME_TIME
from banggiao.reports.review_known import day_in_print
from banggiao.reports.review_parts import Composer
from banggiao.reports.review_words import WORDS
from banggiao.reports.typography import Language
from banggiao.reviews.models import ReviewMemo, ReviewPoint
from banggiao.reviews.papers import FrozenFigure

#: Which part of the report (0 to 5) a kind of point stands in.
PARTS = {"result": 1, "shortcoming": 2, "lesson": 3, "direction": 4, "recommendation": 5}


@dataclass(frozen=True, slots=True)
class Base:
    """The paper without conclusions and signature, its figures by key, and the names of the bodies it may speak of."""

    document: OfficialDocument
    figures: Mapping[str, FrozenFigure]
    bodies: Mapping[UUID, str]
    review: Review | None
    points: Sequence[ReviewPoint]


def compose(
    period_code: str, viewer: Viewer, *, at: datetime, language: Language = "vi", exercise: bool = False
) -> OfficialDocument:
    """The review report of a period as known at `at`, notes in reading order.

    Raises NotPermitted, and InvalidInput for what is no period.
    """
    base = compose_base(period_code, viewer, at=at, language=language, exercise=exercise)
    return finished(base.document, base.points, base.bodies, review=base.review)


def compose_base(period_code: str, viewer: Viewer, *, at: datetime, language: Language = "vi", exercise: bool = False) -> Base:
    """The report without conclusions and signature, with the figures in it. Raises as `compose`."""
    viewer.require("reports.view", subject=period_code)
    composer = Composer(parse_period(period_code), viewer, at, language, exercise)
    document = in_reading_order(composer.base())
    return Base(document, composer.figures, composer.bodies, composer.review, composer.points())


def finished(
    base: OfficialDocument,
    points: Sequence[ReviewPoint],
    bodies: Mapping[UUID, str],
    *,
    review: Review | None = None,
    memos: Sequence[ReviewMemo] = (),
    figures: Mapping[str, FrozenFigure] | None = None,
) -> OfficialDocument:
    """The paper with the points of the conclusions in their parts, the memos in an annex, and number, date and signer.

    What the base says stays as it is; a part of which there is nothing says so.
    """
    words = WORDS[base.language]
    parts: list[list[Block]] = []
    for block in base.blocks:
        if isinstance(block, Heading) and block.level == 1:
            parts.append([])
        parts[-1].append(block)
    for kind, place in PARTS.items():
        told = [p for p in points if p.kind == kind]
        if told:
            # Results stand under headings of the second level; the conclusions come as one of their own.
            more = [Heading(2, words.concluded)] if kind == "result" else []
            parts[place] += [*more, *_points(kind, told, bodies, base.language)]
        elif len(parts[place]) == 1:
            parts[place].append(Paragraph(words.no_tasks if kind == "direction" else words.nothing))
    document = replace(base, blocks=tuple(block for part in parts for block in part))
    if memos and figures is not None:
        annex = Annex(words.annex_memos, (memo_table(memos, figures, base.language),))
        document = replace(document, annexes=(*base.annexes, annex))
    if review is None:
        return document
    return replace(
        document,
        place=review.place or document.place,
        number=review.number,
        dated=review.issued_on,
        signer=review.signer_name,
        signing_as=tuple(filter(None, (review.signer_title.upper(),))),
    )


def memo_table(memos: Sequence[ReviewMemo], figures: Mapping[str, FrozenFigure], language: Language) -> Table:
    """What each memo corrects: the figure, as frozen, as it should be, why, and who decided so on which day."""
    words = WORDS[language]
    rows: list[tuple[Text, ...]] = []
    for place, memo in enumerate(memos, 1):
        figure = figures.get(memo.figure)
        label, was = (figure.label.get(language), figure.value) if figure else (memo.figure, words.unknown)
        decided = f"{memo.decided_by}, {day_in_print(memo.day.isoformat(), language)}"
        rows.append((str(place), label, was, memo.should_be, memo.reason, decided))
    columns = (
        Column(words.no, "center", 0.5),
        Column(words.figure, width=2.2),
        Column(words.was, "center", 0.9),
        Column(words.should_be, "center", 0.9),
        Column(words.reason, width=2.4),
        Column(words.decided, width=1.8),
    )
    return Table(columns, tuple(rows))


def _points(kind: str, points: Sequence[ReviewPoint], bodies: Mapping[UUID, str], language: Language) -> list[Block]:
    words = WORDS[language]
    if kind == "direction":
        rows: list[tuple[Text, ...]] = []
        for place, point in enumerate(points, 1):
            product = f" {words.product % {'product': point.product.rstrip('.')}}" if point.product else ""
            lead = bodies.get(point.lead_id, "") if point.lead_id else ""
            due = day_in_print(point.due, language) if point.due else words.unknown
            rows.append((str(place), _text(point, language) + product, lead or words.unassigned, due))
        columns = (
            Column(words.no, "center", 0.5),
            Column(words.task, width=5.0),
            Column(words.lead, width=2.0),
            Column(words.due, "center", 1.4),
        )
        return [Table(columns, tuple(rows), words.directions)]
    return [BulletList(tuple(_sentence(point, language) for point in points))]


def _sentence(point: ReviewPoint, language: Language) -> str:
    words, text = WORDS[language], _text(point, language)
    if point.kind == "recommendation":
        return f"{point.addressee}: {text}"
    if point.kind != "shortcoming":
        return text
    causes = [vocabulary("cause_kind").label(point.cause, language).lower()] if point.cause else []
    if point.difficulty:
        causes.append(vocabulary("difficulty_code").label(point.difficulty, language).lower())
    return f"{text} {words.cause % {'cause': '; '.join(causes)}}" if causes else text


def _text(point: ReviewPoint, language: Language) -> str:
    text = (point.text_vi if language == "vi" or not point.text_en else point.text_en).strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
