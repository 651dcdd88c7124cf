"""Which figures differ between two states of a review report, and which records came in or fell out?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound
from banggiao.core.history import as_known
from banggiao.core.periods import parse_period
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import register_of
from banggiao.reports.review_issue import figures_then
from banggiao.reports.review_known import HOME_TIME
from banggiao.reviews.papers import FrozenFigure, figures_of, papers_of
from banggiao.reviews.questions import review_of


@dataclass(frozen=True, slots=True)
class State:
    """One side of a comparison: the figures, and the moment they hold for."""

    figures: Mapping[str, FrozenFigure]
    at: datetime


def state_of(period: str, day: str, viewer: Viewer, *, at: datetime, exercise: bool) -> State:
    """The figures of a period at the end of `day`; without one as frozen, and where they are not frozen as known at `at`.

    Raises InvalidInput for what is no period or no day.
    """
    code = parse_period(period).code
    if not day:
        review = review_of(code, viewer, exercise=exercise)
        papers = papers_of(review) if review else []
        if papers:
            return State(figures_of(papers[-1]), papers[-1].as_of)
        moment = at
    else:
        try:
            moment = min(datetime.combine(date.fromisoformat(day), time.max, HOME_TIME), at)
        except ValueError:
            raise InvalidInput(
                N_("Không hiểu ngày “%(text)s”."),
                text=day[:40],
                remedy=N_("Hãy viết 2026-11-24."),
                problems=[FieldProblem("since", N_("Giá trị không hợp lệ."))],
            ) from None
    figures, _bases = figures_then(code, viewer, at=moment, exercise=exercise)
    return State(figures, moment)


def _ask(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """A row for each figure that differs, followed by a row for each record that came in or fell out."""
    period, exercise = parse_period(params["review_period"]).code, params.get("exercise") == "yes"
    other, since, until = (params.get(name, "") for name in ("other_period", "since", "until"))
    if other:
        before = _frozen(other, viewer, exercise)
        after = _frozen(period, viewer, exercise)
    else:
        before = state_of(period, since, viewer, at=at, exercise=exercise)
        frozen_against_now = not since and not until
        day = at.astimezone(HOME_TIME).date().isoformat() if frozen_against_now else until
        after = state_of(period, day, viewer, at=at, exercise=exercise)
    rows = _rows(before, after, viewer, exercise)
    kept = {name: value for name, value in params.items() if value}
    return Answer("review_difference", QUESTION.title, _COLUMNS, tuple(rows), len(rows), at, "review_difference", parameters=kept)


def _frozen(period: str, viewer: Viewer, exercise: bool) -> State:
    code = parse_period(period).code
    review = review_of(code, viewer, exercise=exercise)
    papers = papers_of(review) if review else []
    if not papers:
        raise NotFound(N_("Kỳ này chưa chốt số liệu."), subject=code, remedy=N_("Hãy chọn hai kỳ đã chốt số liệu."))
    return State(figures_of(papers[-1]), papers[-1].as_of)


def _rows(before: State, after: State, viewer: Viewer, exercise: bool) -> list[Row]:
    keys = [*before.figures, *(key for key in after.figures if key not in before.figures)]
    changes = []
    for key in keys:
        old, new = before.figures.get(key), after.figures.get(key)
        was, now = set(old.records if old else ()), set(new.records if new else ())
        if (old.value if old else None) != (new.value if new else None) or was != now:
            changes.append((old, new, was - now, now - was))
    gone = _named({each for _o, _n, out, _in in changes for each in out}, before.at, viewer)
    come = _named({each for _o, _n, _out, in_ in changes for each in in_}, after.at, viewer)
    rows = []
    for old, new, out, in_ in changes:
        label = new.label if new else old.label if old else Bi("")
        told = (label, old.value if old else None, new.value if new else None)
        rows.append(Row((*told, "value", None), exercise=exercise))
        for change, records, names in (("came_in", in_, come), ("fell_out", out, gone)):
            rows += [
                Row((label, None, None, change, names[each]), each[1], each[0], exercise)
                for each in sorted(records, key=lambda each: (each[0], str(each[1])))
                if each in names
            ]
    return rows


def _named(wanted: set[tuple[str, UUID]], at: datetime, viewer: Viewer) -> dict[tuple[str, UUID], Ref]:
    """What the records were called at that moment, as far as the viewer may know of them."""
    found: dict[tuple[str, UUID], Ref] = {}
    for kind in sorted({kind for kind, _pk in wanted}):
        ids = {pk for each, pk in wanted if each == kind}
        model: Any = apps.get_model(kind)
        book = register_of(kind)
        for record in as_known(model, viewer, at, where=Q(pk__in=ids), holds=_among(ids)):
            title = book.title_of(record) if book else Bi(str(record))
            found[kind, record.pk] = Ref(record.pk, kind, title)
    return found


def _among(ids: set[UUID]) -> Callable[[Any], bool]:
    return lambda record: record.pk in ids


_COLUMNS = (
    Column("figure", N_("Số liệu"), "bilingual"),
    Column("was", N_("Trước")),
    Column("now", N_("Sau")),
    Column("change", N_("Khác biệt"), "code", "review_change"),
    Column("record", N_("Bản ghi"), "record"),
)
QUESTION = register_question(
    Question(
        "review_difference",
        Bi("So sánh số liệu sơ kết", "Figures of reviews compared"),
        "reports.view",
        (
            Parameter("review_period", N_("Kỳ"), "period", needed=True),
            Parameter("other_period", N_("So với kỳ đã chốt"), "period"),
            Parameter("since", N_("Từ ngày"), "date"),
            Parameter("until", N_("Đến ngày"), "date"),
            Parameter("exercise", N_("Diễn tập"), "code", "yes_no"),
        ),
        _COLUMNS,
        _ask,
    )
)
