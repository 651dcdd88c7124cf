"""Which asks of a conclusion were asked before, and what became of them? Proposals until a person says so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz

from banggiao.commitments.models import Directive, RepeatedAsk, Task
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.folding import fold
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import keyed, register_named

#: From here on two asks are shown side by side: all 8 labelled pairs (tests) that ask the same, 1 of 8 others.
ALIKE = 56
_SHOWN = 5
#: Words that say who is asked and how, not for what.
_COMMON = frozenset(
    "giao yeu cau de nghi chu tri phoi hop voi cac va cua cho ve bao cao truoc ngay thang nam trong quy thu tuong chinh phu"
    " bo nganh dia phuong co quan lien quan khan truong tiep tuc day manh hoan thanh gui trinh".split()
)


#: The ids of records that ask -> in which series of conclusions each stands (a body's meetings, one owner's reviews).
SeriesOf = Callable[[Collection[UUID]], Mapping[UUID, Collection[str]]]
_series: dict[str, SeriesOf] = {}


def asks_in_series(record_type: str, series_of: SeriesOf) -> None:
    """Packages above say of their records that ask for tasks in which series these stand; a directive stands in its issuer's."""
    _series[record_type] = series_of


@dataclass(frozen=True, slots=True)
class Repeated:
    """An ask beside an earlier one: `likeness` 0 to 100, `standing` proposed, confirmed or rejected."""

    later: Task
    earlier: Task
    likeness: int
    standing: str


def likeness(one: str, other: str) -> int:
    """How alike two asks are, 0 to 100: the words that say what is asked, and pairs of neighbouring words, half each.

    Folded words without those that name orders and bodies; pairs as the share of all pairs of both (Dice, 1945).
    """
    mine, theirs = _telling(one), _telling(other)
    if not mine or not theirs:
        return 0
    words = fuzz.token_sort_ratio(" ".join(mine), " ".join(theirs))
    pairs, others = _pairs(mine), _pairs(theirs)
    shared = 200 * len(pairs & others) / (len(pairs) + len(others)) if pairs or others else 0.0
    # A short ask inside a long one is the same ask said at more length.
    inside = 100 * len(pairs & others) / min(len(pairs), len(others)) if min(len(pairs), len(others)) > 2 else 0.0
    return round((words + max(shared, inside)) / 2)


def _telling(text: str) -> list[str]:
    return [word for word in fold(text).split() if word not in _COMMON and not word.isdigit()]


def _pairs(words: Sequence[str]) -> set[tuple[str, str]]:
    return set(zip(words, words[1:], strict=False))


def repeated_of(task: Task, viewer: Viewer) -> list[Repeated]:
    """The earlier asks in a series of the task's that it may ask again for, most like first; judged ones as they were judged.

    A series is what one issuer's directives, one body's meetings with the notices of their conclusions, or one owner's reviews
    asked for, one after the other.
    """
    return repeated_among([task], viewer)


def repeated_among(tasks: Sequence[Task], viewer: Viewer) -> list[Repeated]:
    """The same for many tasks at once."""
    known = Task.objects.visible_to(viewer).select_related("directive", "lead")
    judged = {
        (each.later_id, each.earlier_id): each
        for each in RepeatedAsk.objects.filter(later_id__in=[task.pk for task in tasks], retracted=False)
    }
    asked = _asked([*tasks, *(_that_ask(known) if any(map(_source, tasks)) else ())])
    in_series: dict[tuple[str, bool], list[_Ask]] = {}
    for ask in asked.values():
        for name in ask.series:
            in_series.setdefault((name, ask.task.exercise), []).append(ask)
    linked = {each.pk: each for each in known.filter(pk__in=[earlier for _later, earlier in judged])}
    found: list[Repeated] = []
    task: Any
    for task in tasks:
        mine = [
            Repeated(task, linked[earlier], row.likeness, "confirmed" if row.same else "rejected")
            for (later, earlier), row in judged.items()
            if later == task.pk and earlier in linked
        ]
        own = asked[task.pk]
        beside = {ask.task.pk: ask for name in own.series for ask in in_series[name, task.exercise]}
        for ask in beside.values():
            earlier = ask.source != own.source and ask.day < own.day
            if earlier and (task.pk, ask.task.pk) not in judged:
                if (score := likeness(task.text_vi, ask.task.text_vi)) >= ALIKE:
                    mine.append(Repeated(task, ask.task, score, "proposed"))
        order = {"confirmed": 0, "proposed": 1, "rejected": 2}
        found += sorted(mine, key=lambda each: (order[each.standing], -each.likeness, each.earlier.code))[:_SHOWN]
    return found


@dataclass(frozen=True, slots=True)
class _Ask:
    task: Any
    source: UUID | None
    day: str
    series: Collection[str]


def _source(task: Any) -> UUID | None:
    """What asked for the task: its directive, else the record it came of, where that stands in a series."""
    return task.directive_id or (task.origin_id if task.origin_type in _series else None)


def _that_ask(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(Q(directive__isnull=False) | Q(origin_type__in=list(_series)))


def _asked(tasks: Sequence[Any]) -> dict[UUID, _Ask]:
    """Each task with what asked for it, when, and in which series that stands."""
    kinds: dict[str, set[UUID]] = {Directive.record_type(): {task.directive_id for task in tasks if task.directive_id}}
    for task in tasks:
        if not task.directive_id and task.origin_type in _series:
            kinds.setdefault(task.origin_type, set()).add(task.origin_id)
    told = {kind: _series[kind](ids) if kind in _series else {} for kind, ids in kinds.items()}
    found = {}
    for task in tasks:
        if task.directive_id:
            more = told[Directive.record_type()].get(task.directive_id, ())
            names = [f"issuer {fold(task.directive.issuer_vi)}", *more]
            found[task.pk] = _Ask(task, task.directive_id, task.directive.day, names)
        else:
            names = [*told.get(task.origin_type, {}).get(task.origin_id, ())]
            found[task.pk] = _Ask(task, _source(task), task.given_on, names)
    return found


def asked_before(ids: Sequence[UUID]) -> dict[UUID, int]:
    """How often each task was asked for before, over confirmed links and those behind them; tasks never repeated are left out."""
    links: dict[UUID, set[UUID]] = {}
    for later, earlier in RepeatedAsk.objects.filter(same=True, retracted=False).values_list("later_id", "earlier_id"):
        links.setdefault(later, set()).add(earlier)
    found = {}
    for pk in ids:
        seen: set[UUID] = set()
        waiting = list(links.get(pk, ()))
        while waiting:
            each = waiting.pop()
            if each not in seen and each != pk:
                seen.add(each)
                waiting += links.get(each, ())
        if seen:
            found[pk] = len(seen)
    return found


def asked_again_since(task: Task, viewer: Viewer) -> list[Task]:
    """The later tasks that a person said ask again for this one, oldest first."""
    ids = RepeatedAsk.objects.filter(earlier=task, same=True, retracted=False).values("later_id")
    return list(Task.objects.visible_to(viewer).filter(pk__in=ids).select_related("directive").order_by("given_on", "pk"))


def only_repeated(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Tasks that were asked for before, or with "no" the others."""
    again = RepeatedAsk.objects.filter(same=True, retracted=False).values("later_id")
    return rows.filter(pk__in=again) if value == "yes" else rows.exclude(pk__in=again)


def _answer(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """A row for each ask and an earlier one like it: both, the state of the earlier one, and what a person said of them."""
    rows = _that_ask(Task.objects.visible_to(viewer)).select_related("directive", "lead")
    if params["directive"]:
        rows = rows.filter(directive__in=keyed(register_named("directives"), params["directive"], viewer))
    found = []
    tasks = list(rows.order_by("-given_on", "-pk"))
    counts = asked_before([task.pk for task in tasks])
    for each in repeated_among(tasks, viewer):
        if params["standing"] not in ("", each.standing):
            continue
        cells = (
            Ref(each.later.pk, Task.record_type(), Bi(each.later.text_vi, each.later.text_en)),
            each.later.given_on,
            Ref(each.earlier.pk, Task.record_type(), Bi(each.earlier.text_vi, each.earlier.text_en)),
            each.earlier.given_on,
            each.earlier.work_state,
            each.likeness,
            each.standing,
            counts.get(each.later.pk, 0),
        )
        found.append(Row(cells, each.later.pk, Task.record_type(), exercise=each.later.exercise))
    used = {name: value for name, value in params.items() if value}
    name, title, columns = ASKED_AGAIN.name, ASKED_AGAIN.title, ASKED_AGAIN.columns
    return Answer(name, title, columns, tuple(found), len(found), at, "asks_repeated", parameters=used)


ASKED_AGAIN = register_question(
    Question(
        "asked_again",
        Bi("Yêu cầu được nhắc lại", "Asked again"),
        "registers.view",
        (
            Parameter("directive", N_("Văn bản chỉ đạo"), "id"),
            Parameter("standing", N_("Đã xác nhận hay chưa"), "code", "repeat_standing"),
        ),
        (
            Column("later", N_("Yêu cầu"), "record"),
            Column("given_on", N_("Ngày giao"), "date"),
            Column("earlier", N_("Yêu cầu trước đó"), "record"),
            Column("earlier_on", N_("Ngày giao trước đó"), "date"),
            Column("earlier_state", N_("Thực hiện"), "code", "work_state"),
            Column("likeness", N_("Độ giống"), "percent"),
            Column("standing", N_("Đã xác nhận hay chưa"), "code", "repeat_standing"),
            Column("times", N_("Số lần đã nhắc trước đó"), "number"),
        ),
        _answer,
    )
)
