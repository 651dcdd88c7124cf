"""Which published figures speak of the same thing and cannot all be right? Compared as they were published, never repaired."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

from banggiao.core.acts import Viewer
from banggiao.core.errors import BangGiaoError
from banggiao.core.folding import fold
from banggiao.core.periods import last_day, parse_period
from banggiao.sources.models import FigureDecision, OfficialFigure

#: Terms of `clash_kind`: same period but another value; a part above its whole; a value that a comparison makes impossible.
Kind = Literal["same_period", "part_above_whole", "comparison"]
#: How far a number may lie from the truth when it is said to be round (share of the number).
ROUND = Decimal("0.05")
_NEAR = Decimal("0.1")
_ENDLESS = Decimal("1e24")
_TIMES = re.compile(
    r"gấp\s+(đôi|\d+(?:[.,]\d+)?)(?:\s+lần)?\s+(?:so với\s+)?(cùng kỳ\s+)?(?:của\s+)?(?:năm\s+)?(\d{4})", re.IGNORECASE
)


class Span(NamedTuple):
    """What a published number leaves open: the least and the most it can mean."""

    low: Decimal
    high: Decimal

    def meets(self, other: Span) -> bool:
        """Whether some number fits both."""
        return self.low <= other.high and other.low <= self.high


class Days(NamedTuple):
    """The days of a period, `end` not among them."""

    start: date
    end: date

    def within(self, other: Days) -> bool:
        """Whether these days are a part of the other's, and not all of them."""
        return self != other and other.start <= self.start and self.end <= other.end


@dataclass(frozen=True, slots=True)
class Clash:
    """Two figures that cannot both be right as they stand, and the terms of `clash_reason` that may explain it.

    `implied` is the value that a comparison gives for the other figure's period.
    """

    kind: Kind
    first: OfficialFigure
    second: OfficialFigure
    reasons: tuple[str, ...]
    implied: Decimal | None = None


@dataclass(slots=True)
class Group:
    """Figures of one thing that clash with one another, and what was decided about them."""

    label: str
    label_en: str
    figures: list[OfficialFigure] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    decisions: list[FigureDecision] = field(default_factory=list)
    #: Figures of the same thing and of overlapping periods that clash with none of these.
    beside: list[OfficialFigure] = field(default_factory=list)

    @property
    def ids(self) -> set[UUID]:
        """The figures by id."""
        return {figure.pk for figure in self.figures}

    def undecided(self) -> list[OfficialFigure]:
        """The figures that no decision has looked at."""
        seen = {pk for decision in self.decisions for pk in decision.considered}
        return [figure for figure in self.figures if str(figure.pk) not in seen]


def clashing_figures(viewer: Viewer) -> list[Group]:
    """Every group of published figures that clash, as far as the viewer may know of them; those not decided on come first."""
    by_thing: dict[tuple[bool, str], list[OfficialFigure]] = {}
    rows = OfficialFigure.objects.visible_to(viewer).select_related("dataset").order_by("period", "as_of", "pk")
    for figure in rows:
        by_thing.setdefault((figure.exercise, thing_of(figure)), []).append(figure)
    decisions = list(FigureDecision.objects.visible_to(viewer).select_related("chosen").order_by("pk"))
    groups = []
    for figures in by_thing.values():
        clashes = list(_clashes(figures))
        for joined in _joined(clashes):
            mine = [clash for clash in clashes if clash.first.pk in joined]
            members = [figure for figure in figures if figure.pk in joined]
            group = Group(members[0].label_vi, members[0].label_en, members, mine)
            group.beside = [f for f in figures if f.pk not in joined and _overlaps(f, members)]
            group.decisions = [d for d in decisions if d.chosen_id in joined or joined & {UUID(pk) for pk in d.considered}]
            groups.append(group)
    return sorted(groups, key=lambda g: (not g.undecided(), -len(g.figures), fold(g.label)))


def group_of(figure: OfficialFigure, viewer: Viewer) -> Group | None:
    """The clashing group a figure stands in."""
    return next((group for group in clashing_figures(viewer) if figure.pk in group.ids), None)


def thing_of(figure: OfficialFigure) -> str:
    """What a figure counts: its measure, else its words and unit."""
    return figure.measure or f"{fold(figure.label_vi)} | {fold(figure.unit)}"


def span_of(value: Decimal, qualifier: str) -> Span:
    """The numbers that a value with its qualifier (a term of `qualifier`) can mean."""
    spread = abs(value) * ROUND
    return {
        "nearly": Span(value - abs(value) * _NEAR, value),
        "about": Span(value - spread, value + spread),
        "rounded": Span(value - spread, value + spread),
        "estimate": Span(value - spread, value + spread),
        "preliminary": Span(value - spread, value + spread),
        "more_than": Span(value, _ENDLESS),
        "over": Span(value, _ENDLESS),
        "at_least": Span(value, _ENDLESS),
        "below": Span(-_ENDLESS, value),
        "at_most": Span(-_ENDLESS, value),
    }.get(qualifier, Span(value, value))


def days_of(period: str) -> Days | None:
    """The days of a period; None for what is none."""
    try:
        found = parse_period(period)
    except BangGiaoError:
        return None
    start = date.fromisoformat({4: f"{found.start}-01-01", 7: f"{found.start}-01"}.get(len(found.start), found.start))
    if found.end.endswith("~"):
        return Days(start, last_day(found.end.rstrip("~")) + timedelta(days=1))
    return Days(start, date.fromisoformat({4: f"{found.end}-01-01", 7: f"{found.end}-01"}.get(len(found.end), found.end)))


def implied_by(figure: OfficialFigure) -> tuple[Days, Span, Decimal] | None:
    """What a comparison ("gấp đôi năm 2024") says about another period: its days, the numbers it leaves open, the middle."""
    found, own = _TIMES.search(figure.comparison), days_of(figure.period)
    if found is None or own is None:
        return None
    times = Decimal(2) if found[1].lower() == "đôi" else Decimal(found[1].replace(",", "."))
    year = int(found[3])
    if not times:
        return None
    span = span_of(figure.value, figure.qualifier)
    spread = abs(figure.value) * ROUND
    wide = Span(min(span.low, figure.value - spread) / times, max(span.high, figure.value + spread) / times)
    if not found[2]:
        return Days(date(year, 1, 1), date(year + 1, 1, 1)), wide, figure.value / times
    back = own.start.year - year
    try:
        days = Days(own.start.replace(year=year), own.end.replace(year=own.end.year - back))
    except ValueError:  # 29 February
        return None
    return days, wide, figure.value / times


def _overlaps(figure: OfficialFigure, members: Sequence[OfficialFigure]) -> bool:
    own = days_of(figure.period)
    others = [days for each in members if (days := days_of(each.period))]
    return own is not None and any(own.start < days.end and days.start < own.end for days in others)


def _clashes(figures: Sequence[OfficialFigure]) -> Iterable[Clash]:
    dated = [(f, days, span_of(f.value, f.qualifier)) for f in figures if f.qualifier != "times" and (days := days_of(f.period))]
    for place, (first, first_days, first_span) in enumerate(dated):
        for second, second_days, second_span in dated[place + 1 :]:
            if first_days == second_days and not first_span.meets(second_span):
                yield Clash("same_period", first, second, _reasons(first, second))
            elif first_days.within(second_days) and first_span.low > second_span.high:
                yield Clash("part_above_whole", first, second, _reasons(first, second))
            elif second_days.within(first_days) and second_span.low > first_span.high:
                yield Clash("part_above_whole", second, first, _reasons(second, first))
    for figure, _days, _span in dated:
        told = implied_by(figure)
        for other, days, span in dated if told else ():
            if told and other.pk != figure.pk and days == told[0] and not span.meets(told[1]):
                yield Clash("comparison", figure, other, _reasons(figure, other), told[2])


def _reasons(first: OfficialFigure, second: OfficialFigure) -> tuple[str, ...]:
    """The terms of `clash_reason` that hold for two figures."""
    rules = {first.counting_rule, second.counting_rule}
    told = {
        "other_rule": len(rules) == 2,
        "rule_not_told": "as_published" in rules,
        "other_day": first.as_of != second.as_of,
        "other_period": first.period != second.period,
        "round_number": any(figure.qualifier for figure in (first, second)),
        "other_unit": fold(first.unit) != fold(second.unit),
    }
    return tuple(code for code, holds in told.items() if holds)


def _joined(clashes: Sequence[Clash]) -> list[set[UUID]]:
    """The figures that hang together by clashes."""
    sets: list[set[UUID]] = []
    for clash in clashes:
        pair = {clash.first.pk, clash.second.pk}
        touching = [each for each in sets if each & pair]
        sets = [each for each in sets if not each & pair]
        sets.append(pair.union(*touching))
    return sets


def reasons_of(group: Group) -> Mapping[str, int]:
    """The reasons that may explain the clashes of a group, with how many clashes each."""
    counted: dict[str, int] = {}
    for clash in group.clashes:
        for code in clash.reasons:
            counted[code] = counted.get(code, 0) + 1
    return counted
