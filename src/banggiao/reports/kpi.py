"""Indicators of delivery by body, partner, field, year, side or flagship: timeliness, progress, first action.

Each is a table of its own with its rule; nothing is rolled into one number. A cell is the total of a list (`opens`). The formulas
are those of `analytics.delivery`; what is made up stands by itself (`exercise`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Length, Substr
from django.utils import timezone

from banggiao.analytics.delivery.forecast import Time, quantile, survival
from banggiao.analytics.delivery.numbers import ratio, shown, wilson
from banggiao.analytics.delivery.portfolio import can_be_ranked
from banggiao.commitments.models import Commitment, Task
from banggiao.core import kept
from banggiao.core.acts import Viewer
from banggiao.core.days import DaysBetween
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.periods import is_partial_date
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import narrowed, register_named
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.outcomes import CELLS, COHORT, cell_of, come, counted
from banggiao.followup.planning.models import PlanTotals
from banggiao.followup.planning.questions import totals_in, totals_of
from banggiao.partners.models import Institution, Partner
from banggiao.reports.duties import paged

MODELS: Mapping[str, Any] = {"commitments": Commitment, "tasks": Task}
#: What the rows of a table can be, by register: terms of the vocabulary `kpi_grouping`.
_OF = {"commitments": ("lead", "partner", "field", "year", "side", "flagship"), "tasks": ("lead", "year", "topic")}
#: Parameters that a table hands on to the lists its cells open.
FILTERS = ("period", "lead", "partner", "field", "side", "flagship")
#: Terms of the vocabulary `data_age`.
AGES = ("fresh", "ageing", "stale", "unknown")
_WHOLE = ""


@dataclass(frozen=True, slots=True)
class Grouping:
    """How records fall into groups: the expression, and how a group is called and opened in a list."""

    path: str
    call: Callable[[Sequence[Any], Viewer], Mapping[Any, Ref | Bi]]
    opens: Callable[[Sequence[Any]], dict[Any, dict[str, str]]]


def group_filters(by: str, groups: Iterable[Any]) -> dict[Any, dict[str, str]]:
    """For each group of a table (an id, a term, a year, a flag) the filter of the list that holds just its records."""
    return grouping(by).opens(list(groups))


def opens(params: Mapping[str, str], by: Mapping[str, str], more: Mapping[str, str], on: date) -> tuple[str, dict[str, str]]:
    """The list, and its filter, that a cell of a table opens; `by` is its group's (`group_filters`), empty for the whole."""
    kind = params.get("of") or "commitments"
    kept = {name: params[name] for name in FILTERS if params.get(name)}
    exercise = "yes" if params.get("exercise") == "yes" else "no"
    day = {"on": on.isoformat()} if more.keys() & {"outcome", "cohort", "data_age", "acted"} else {}
    return kind, {**kept, **by, "counted": "yes", "exercise": exercise, **day, **more}


def possible_groupings(of: str) -> tuple[str, ...]:
    """The ways in which a register's records can be grouped."""
    return _OF.get(of, _OF["commitments"])


def grouping(name: str) -> Grouping:
    """The grouping of that name; KeyError for none."""
    return _GROUPINGS[name]


def day_of(params: Mapping[str, str], at: datetime) -> date:
    """The day the indicators are as of: the one asked for, not after today. Raises InvalidInput."""
    today, text = timezone.localdate(at), params.get("on", "")
    if not text:
        return today
    if len(text) != 10 or not is_partial_date(text) or date.fromisoformat(text) > today:
        raise InvalidInput(
            N_("Ngày tính phải là một ngày đã qua hoặc hôm nay."),
            subject=text[:40],
            remedy=N_("Hãy viết NNNN-TT-NN."),
            problems=[FieldProblem("on", N_("Ngày không hợp lệ."))],
        )
    return date.fromisoformat(text)


# --- Timeliness ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Timely:
    """Counts of a group by cell; `due` and `timely` are those of the cohort whose first deadline has come."""

    group: Any
    cells: Mapping[str, int]
    due: int
    timely: int

    @property
    def total(self) -> int:
        """Every record of the group, each counted once."""
        return sum(self.cells.values())


def timely(params: Mapping[str, str], viewer: Viewer, on: date) -> list[Timely]:
    """The groups, and first of all the whole, with their counts."""
    rows = _rows(params, viewer).annotate(lies=cell_of(on), has_come=Case(When(come(on), then=1), default=0))
    return kept.kept("timely", _grouped(rows, params, "lies", "has_come").annotate(n=Count("pk")), _timely)


def _timely(rows: Iterable[Mapping[str, Any]]) -> list[Timely]:
    cells: dict[Any, dict[str, int]] = {_WHOLE: dict.fromkeys(CELLS, 0)}
    cohort: dict[Any, dict[str, int]] = {_WHOLE: dict.fromkeys(COHORT, 0)}
    for row in rows:
        for group in (_WHOLE, _key(row["group"])):
            cells.setdefault(group, dict.fromkeys(CELLS, 0))[row["lies"]] += row["n"]
            of_due = cohort.setdefault(group, dict.fromkeys(COHORT, 0))
            if row["has_come"] and row["lies"] in of_due:
                of_due[row["lies"]] += row["n"]
    return [Timely(group, counts, sum(cohort[group].values()), cohort[group]["on_time"]) for group, counts in cells.items()]


def against_rest(group: Timely, whole: Timely) -> str:
    """Whether a group's on-time rate lies apart from that of all others: a term of the vocabulary `against_rest`.

    Decided by whether the two 95 per cent intervals overlap (measures, section 8): what is few is not ranked.
    """
    mine, rest = (group.timely, group.due), (whole.timely - group.timely, whole.due - group.due)
    if not can_be_ranked(mine, rest):
        return "undecided"
    return "above" if mine[0] * rest[1] > rest[0] * mine[1] else "below"


def _timeliness(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    on = day_of(params, at)
    whole, *groups = timely(params, viewer, on)
    names = _names(params, groups, viewer)
    listed = _in_order(groups, names) + ([(whole, TOGETHER)] if groups else [])
    rows = []
    for group, name in listed:
        interval = wilson(group.timely, group.due)
        rate = ratio(group.timely, group.due)
        rows.append(
            _row(
                name,
                group.total,
                *(group.cells[c] for c in CELLS),
                group.due,
                _percent(rate),
                _percent(interval[0]) if interval else None,
                _percent(interval[1]) if interval else None,
                "" if group is whole or len(groups) < 2 else against_rest(group, whole),
                exercise=params.get("exercise") == "yes",
            )
        )
    return paged(TIMELINESS, rows, page, at, "kpi_timeliness", params)


# --- Progress --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pooled:
    """Progress of a group, pooled by the frozen weights of its records; ages are counts by term of `data_age`."""

    group: Any
    count: int
    planned: int
    weight: Decimal
    claimed: Decimal
    verified: Decimal
    ages: Mapping[str, int]


def progressed(params: Mapping[str, str], viewer: Viewer, on: date) -> list[Pooled]:
    """The whole, then the groups. Cancelled ones are left out: nothing is to be done about them."""
    rows = _rows(params, viewer).exclude(work_state="cancelled")
    # Few different rows stand for many: they are added up here, in exact decimals.
    few = _grouped(rows.annotate(totals=totals_of(rows, on)), params, "weight", "totals").annotate(n=Count("pk"))
    return kept.kept("progressed", few, _progressed)


def _progressed(rows: Iterable[Mapping[str, Any]]) -> list[Pooled]:
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        for group in (_WHOLE, _key(row["group"])):
            groups.setdefault(group, []).append(row)
    return [_pool(group, found) for group, found in groups.items()]


def _pool(group: Any, rows: Iterable[Mapping[str, Any]]) -> Pooled:
    count = planned = 0
    weight = claimed = verified = Decimal(0)
    ages = dict.fromkeys(AGES, 0)
    for row in rows:
        n, each = row["n"], row["weight"] * row["n"]
        told, proved, with_plan, age = totals_in(row["totals"])
        count, planned, weight = count + n, planned + (n if with_plan else 0), weight + each
        claimed, verified = claimed + each * told, verified + each * proved
        ages[age] += n
    return Pooled(group, count, planned, weight, claimed, verified, ages)


def _progress(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    found = progressed(params, viewer, day_of(params, at))
    groups = [g for g in found if g.group != _WHOLE]
    names = _names(params, groups, viewer)
    listed = _in_order(groups, names) + [(g, TOGETHER) for g in found if g.group == _WHOLE]
    rows = []
    for group, name in listed:
        claimed, verified = (ratio(part, group.weight) for part in (group.claimed, group.verified))
        gap = None if claimed is None or verified is None else claimed - verified
        rows.append(
            _row(
                name,
                group.count,
                group.planned,
                _percent(claimed),
                _percent(verified),
                _percent(gap),
                *(group.ages[age] for age in AGES),
                exercise=params.get("exercise") == "yes",
            )
        )
    return paged(PROGRESS, rows, page, at, "kpi_progress", params)


# --- From signing to the first action --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lag:
    """Days from the making of a promise to its first action; those without any count as still waiting (Kaplan-Meier)."""

    group: Any
    count: int
    acted: int
    median: int | None
    worst_tenth: int | None


def lags(params: Mapping[str, str], viewer: Viewer, on: date) -> list[Lag]:
    """The whole, then the groups; a promise whose day is not known in full is not counted."""
    made = "made_on" if (params.get("of") or "commitments") == "commitments" else "given_on"
    rows = _rows(params, viewer).exclude(work_state="cancelled").filter(**{f"{made}__lte": on.isoformat()})
    acted = PlanTotals.objects.filter(pk=OuterRef("pk"), acted_on__lte=on)
    acted = acted.annotate(after=Greatest(DaysBetween(OuterRef(made), F("acted_on")), 0))
    # One number a record, so that its totals are looked up once: days to the first action, or for those that wait -1 less theirs.
    waited = Coalesce(Subquery(acted.values("after")[:1]), Value(-1) - DaysBetween(F(made), Value(on.isoformat())))
    whole = rows.annotate(made_length=Length(made)).filter(made_length=10)
    # The length is looked at within the CASE too: a database may count days before it filters.
    whole = whole.annotate(waited=Case(When(made_length=10, then=waited)))
    return kept.kept("lags", _grouped(whole, params, "waited").annotate(n=Count("pk")), _lags)


def _lags(rows: Iterable[Mapping[str, Any]]) -> list[Lag]:
    groups: dict[Any, list[tuple[Time, bool]]] = {_WHOLE: []}
    for row in rows:
        days = row["waited"]
        alike = [(days, True) if days >= 0 else (-1 - days, False)] * row["n"]
        groups[_WHOLE] += alike
        groups.setdefault(_key(row["group"]), []).extend(alike)
    return [_lag(group, times) for group, times in groups.items() if times]


def _lag(group: Any, times: Sequence[tuple[Time, bool]]) -> Lag:
    curve = survival(times)
    half, tenth = (quantile(curve, share) for share in (Fraction(1, 2), Fraction(9, 10)))
    return Lag(
        group,
        len(times),
        sum(done for _t, done in times),
        None if half is None else int(half),
        None if tenth is None else int(tenth),
    )


def _first_action(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    found = lags(params, viewer, day_of(params, at))
    groups = [g for g in found if g.group != _WHOLE]
    names = _names(params, groups, viewer)
    listed = _in_order(groups, names) + [(g, TOGETHER) for g in found if g.group == _WHOLE]
    rows = [
        _row(name, g.count, g.acted, g.count - g.acted, g.median, g.worst_tenth, exercise=params.get("exercise") == "yes")
        for g, name in listed
    ]
    return paged(FIRST_ACTION, rows, page, at, "kpi_first_action", params)


# --- What the tables share -------------------------------------------------------------------------------------------


def _rows(params: Mapping[str, str], viewer: Viewer) -> QuerySet[Any]:
    kind = params.get("of") or "commitments"
    kept = {name: params[name] for name in FILTERS if params.get(name)}
    known = {f.parameter.name for f in register_named(kind).filters}
    if wrong := kept.keys() - known:
        raise InvalidInput(
            N_("Sổ này không lọc theo “%(name)s”."),
            name=", ".join(sorted(wrong)),
            remedy=N_("Hãy bỏ điều kiện đó."),
            subject=kind,
        )
    return narrowed(register_named(kind), kept, viewer).filter(counted(), exercise=params.get("exercise") == "yes")


def _grouped(rows: QuerySet[Any], params: Mapping[str, str], *columns: str) -> QuerySet[Any]:
    by, kind = params.get("by") or "lead", params.get("of") or "commitments"
    if by not in _OF[kind]:
        raise InvalidInput(
            N_("Sổ này không chia được theo cách đó."), subject=by, remedy=N_("Hãy chọn cách chia khác."),
            problems=[FieldProblem("by", N_("Giá trị không hợp lệ."))],
        )  # fmt: skip
    made = "made_on" if kind == "commitments" else "period_start"  # as the filter "period" of the two lists
    group = Substr(made, 1, 4) if by == "year" else F(grouping(by).path)
    grouped: QuerySet[Any] = rows.order_by().annotate(group=group).values("group", *columns)
    return grouped


def _key(value: Any) -> Any:
    """A group that has no value of its own is not the whole."""
    return None if value in ("", None) else value


def _names(params: Mapping[str, str], groups: Sequence[Any], viewer: Viewer) -> Mapping[Any, Ref | Bi]:
    """What each group is called, in the order of the table; a group the viewer may not know of is not among them."""
    keys = [g.group for g in groups]
    called = dict(grouping(params.get("by") or "lead").call([k for k in keys if k is not None], viewer))
    if None in keys:
        called[None] = UNSAID
    return called


def _in_order(groups: Sequence[Any], names: Mapping[Any, Ref | Bi]) -> list[tuple[Any, Ref | Bi]]:
    """The groups by what they are called and never by how they fare; what is not said comes last."""
    by_key = {group.group: group for group in groups}
    return [(by_key[key], name) for key, name in names.items()]


def _row(*cells: Any, exercise: bool) -> Row:
    lead = cells[0]
    return Row(
        cells, lead.id if isinstance(lead, Ref) else None, lead.record_type if isinstance(lead, Ref) else "", exercise=exercise
    )


def _percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else shown(share * 100, 1)


def _institutions(keys: Sequence[Any], viewer: Viewer) -> Mapping[Any, Ref | Bi]:
    rows = Institution.objects.visible_to(viewer).filter(pk__in=keys).order_by("code")
    return {i.pk: Ref(i.pk, "partners.institution", Bi(i.name_vi, i.name_en)) for i in rows}


def _partners(keys: Sequence[Any], viewer: Viewer) -> Mapping[Any, Ref | Bi]:
    rows = Partner.objects.visible_to(viewer).filter(pk__in=keys).order_by("sort_key")
    return {p.pk: Ref(p.pk, "partners.partner", Bi(p.name_vi, p.name_en)) for p in rows}


def _terms(name: str) -> Callable[[Sequence[Any], Viewer], Mapping[Any, Ref | Bi]]:
    def call(keys: Sequence[Any], viewer: Viewer) -> Mapping[Any, Ref | Bi]:
        terms = vocabulary(name)
        return {code: Bi(terms.label(code, "vi"), terms.label(code, "en")) for code in terms.codes if code in keys}

    return call


def _flags(keys: Sequence[Any], viewer: Viewer) -> Mapping[Any, Ref | Bi]:
    return {value: name for value, name in ((True, FLAGSHIP), (False, ORDINARY)) if value in keys}


def _years(keys: Sequence[Any], viewer: Viewer) -> Mapping[Any, Ref | Bi]:
    return {year: Bi(year, year) for year in sorted(keys, reverse=True)}


def _by_code(name: str, model: Any) -> Callable[[Sequence[Any]], dict[Any, dict[str, str]]]:
    def opens_each(groups: Sequence[Any]) -> dict[Any, dict[str, str]]:
        return {pk: {name: code} for pk, code in model.objects.filter(pk__in=groups).values_list("pk", "code")}

    return opens_each


def _as_said(name: str) -> Callable[[Sequence[Any]], dict[Any, dict[str, str]]]:
    return lambda groups: {group: {name: group} for group in groups}


TOGETHER, UNSAID = Bi("Cộng", "Together"), Bi("Chưa ghi", "Not said")
FLAGSHIP, ORDINARY = Bi("Trọng điểm", "Flagship"), Bi("Khác", "Others")
_GROUPINGS: Mapping[str, Grouping] = {
    "lead": Grouping("lead_id", _institutions, _by_code("lead", Institution)),
    "partner": Grouping("partner_id", _partners, _by_code("partner", Partner)),
    "field": Grouping("field", _terms("agreement_field"), _as_said("field")),
    "side": Grouping("side", _terms("commitment_side"), _as_said("side")),
    "topic": Grouping("topic", _terms("topic"), _as_said("topic")),
    "flagship": Grouping("flagship", _flags, lambda groups: {g: {"flagship": "yes" if g else "no"} for g in groups}),
    "year": Grouping("", _years, _as_said("period")),
}
_PARAMETERS = (
    Parameter("of", N_("Sổ"), "code", "kpi_subject", default="commitments"),
    Parameter("by", N_("Chia theo"), "code", "kpi_grouping", default="lead"),
    Parameter("period", N_("Kỳ"), "period"),
    Parameter("lead", N_("Cơ quan chủ trì"), "institution"),
    Parameter("partner", N_("Đối tác"), "partner"),
    Parameter("field", N_("Lĩnh vực"), "code", "agreement_field"),
    Parameter("side", N_("Bên thực hiện"), "code", "commitment_side"),
    Parameter("flagship", N_("Trọng điểm"), "code", "yes_no"),
    Parameter("on", N_("Tính đến ngày"), "date"),
    Parameter("exercise", N_("Diễn tập"), "code", "yes_no"),
)
_GROUP = Column("group", N_("Nhóm"), "record")


def _question(name: str, title: Bi, columns: tuple[Column, ...], ask: Any) -> Question:
    return register_question(Question(name, title, "reports.view", _PARAMETERS, (_GROUP, *columns), ask))


TIMELINESS = _question(
    "kpi_timeliness",
    Bi("Đúng hạn so với hạn ban đầu", "Timeliness against the first deadline"),
    (
        Column("total", N_("Tổng số"), "number"),
        Column("on_time", N_("Xong đúng hạn"), "number"),
        Column("late", N_("Xong muộn"), "number"),
        Column("open_in_time", N_("Đang làm, trong hạn"), "number"),
        Column("overdue", N_("Quá hạn"), "number"),
        Column("cancelled", N_("Hủy chung"), "number"),
        Column("not_given", N_("Chưa giao"), "number"),
        Column("due", N_("Đã đến hạn (mẫu số)"), "number"),
        Column("rate", N_("Tỷ lệ đúng hạn"), "percent"),
        Column("low", N_("Khoảng 95 %: từ"), "percent"),
        Column("high", N_("đến"), "percent"),
        Column("against_rest", N_("So với phần còn lại"), "code", "against_rest"),
    ),
    _timeliness,
)
PROGRESS = _question(
    "kpi_progress",
    Bi("Tiến độ tự báo và được thẩm tra", "Progress claimed and verified"),
    (
        Column("count", N_("Số việc"), "number"),
        Column("planned", N_("Có kế hoạch"), "number"),
        Column("claimed", N_("Tự báo"), "percent"),
        Column("verified", N_("Được thẩm tra"), "percent"),
        Column("gap", N_("Chênh lệch"), "percent"),
        Column("fresh", N_("Minh chứng mới"), "number"),
        Column("ageing", N_("Cũ dần"), "number"),
        Column("stale", N_("Quá cũ"), "number"),
        Column("unknown", N_("Chưa có minh chứng"), "number"),
    ),
    _progress,
)
FIRST_ACTION = _question(
    "kpi_first_action",
    Bi("Từ khi cam kết đến việc làm đầu tiên", "From promise to first action"),
    (
        Column("count", N_("Biết rõ ngày cam kết"), "number"),
        Column("acted", N_("Đã có việc làm đầu tiên"), "number"),
        Column("waiting", N_("Chưa có"), "number"),
        Column("median", N_("Trung vị"), "number", unit=N_("ngày")),
        Column("worst_tenth", N_("Một phần mười chậm nhất từ"), "number", unit=N_("ngày")),
    ),
    _first_action,
)
