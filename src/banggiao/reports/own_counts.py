"""What do the registers themselves count of what a published figure speaks of: by which rule, how many, and which records?

A published number is never repaired by it. Both stand side by side, each with its rule, and the list of what was counted opens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from banggiao.activities.questions import high_level
from banggiao.agreements.questions import signed_in
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, BangGiaoError, FieldProblem, InvalidInput
from banggiao.core.periods import Period, parse_period
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import register_of
from banggiao.partners.questions import level_changes
from banggiao.reports.duties import paged
from banggiao.sources.models import OfficialFigure


@dataclass(frozen=True, slots=True)
class Rule:
    """A counting rule of ours: its code, the records it counts in a period, and the field with their day."""

    code: str
    records: Callable[[Viewer, Period], Iterable[Any]]
    day: str


#: Term of `activity_measure` -> how the registers count the same; measures without one are counted by nobody here.
RULES: Mapping[str, Rule] = {
    "high_level_external_activities": Rule("high_level_activities", high_level, "start"),
    "agreements_signed": Rule("instruments_signed", signed_in, "signed_on"),
    "partnerships_upgraded": Rule("relation_upgrades", level_changes, "day"),
}


@dataclass(frozen=True, slots=True)
class OwnCount:
    """How many records the registers count for a measure in a period, by which rule; `same_rule` as the published figure."""

    measure: str
    period: str
    rule: str
    count: int
    exercise: bool
    same_rule: bool


def own_counts(figures: Iterable[OfficialFigure], viewer: Viewer) -> list[OwnCount]:
    """Our count for each period that the figures speak of, once; none for measures and periods we do not count."""
    found: dict[tuple[str, str, bool], OwnCount] = {}
    for figure in figures:
        key = (figure.measure, figure.period, figure.exercise)
        counted = _records(figure.measure, figure.period, viewer, exercise=figure.exercise)
        if counted is not None:
            rule = RULES[figure.measure].code
            same = figure.counting_rule == rule or (key in found and found[key].same_rule)
            found[key] = OwnCount(figure.measure, figure.period, rule, len(counted), figure.exercise, same)
    return sorted(found.values(), key=lambda each: each.period)


def _records(measure: str, period: str, viewer: Viewer, *, exercise: bool) -> list[Any] | None:
    try:
        span = parse_period(period)
    except BangGiaoError:
        return None
    rule = RULES.get(measure)
    if rule is None:
        return None
    return [record for record in rule.records(viewer, span) if record.exercise == exercise and not record.retracted]


def _counted(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    found = _records(params["measure"], params["period"], viewer, exercise=params["exercise"] == "yes")
    if found is None:
        raise InvalidInput(
            N_("Sổ không đếm chỉ tiêu này."),
            subject=params["measure"][:80],
            remedy=N_("Hãy chọn một chỉ tiêu mà sổ có quy tắc đếm."),
            problems=[FieldProblem("measure", N_("Không có quy tắc đếm của sổ."))],
        )
    rule = RULES[params["measure"]]
    rows = [_row(record, rule) for record in found]
    return paged(COUNTED, rows, page, at, rule.code, params)


def _row(record: Any, rule: Rule) -> Row:
    kind = record.record_type()
    book = register_of(kind)
    title = book.title_of(record) if book else Bi(str(record), str(record))
    return Row((getattr(record, rule.day), Ref(record.pk, kind, title)), record.pk, kind, exercise=record.exercise)


COUNTED = register_question(
    Question(
        "counted_here",
        Bi("Số đếm trong sổ của một chỉ tiêu", "What the registers count of a measure"),
        "registers.view",
        (
            Parameter("measure", N_("Chỉ tiêu"), "code", "activity_measure", needed=True),
            Parameter("period", N_("Kỳ"), "period", needed=True),
            Parameter("exercise", N_("Dữ liệu diễn tập"), "code", "yes_no", default="no"),
        ),
        (Column("day", N_("Ngày"), "date"), Column("record", N_("Bản ghi"), "record")),
        _counted,
    )
)
