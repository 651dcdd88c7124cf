"""The page of indicators: how far promises are kept, by body, partner, field or year; every figure opens what it counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banggiao.core.questions import ALL, Answer, Page, Question, Ref, ask, question_named
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.signs import SIGNS
from banggiao.reports.duties import codes_of_leads
from banggiao.reports.guards import GAMING
from banggiao.reports.guards import opens as opens_sign
from banggiao.reports.kpi import (
    FIRST_ACTION,
    FLAGSHIP,
    PROGRESS,
    TIMELINESS,
    day_of,
    group_filters,
    opens,
    possible_groupings,
)
from banggiao.reports.questions import holds_exercise
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, language, moment
from banggiao.web.formats import format_number, format_percent
from banggiao.web.frame import render
from banggiao.web.pages import Band, HomePage
from banggiao.web.parts import Basis, Cell, Chip, Choice, Field, Form, Header, Kpi, Link, Section, Table, TableColumn, TableRow
from banggiao.web.tables import basis_of, cell_of, table_of
from banggiao.web.words import label, period_label

#: A quarter: who has said nothing for so long owes a report.
REPORTING_DAYS = 90
ROWS = 12
#: More groups than this make a page that nobody reads and that takes long to draw; the rest stand in the list of the table.
MOST_GROUPS = 100
#: Column of a table -> the filter of the list that its cells open.
_OPENS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    TIMELINESS.name: {
        "total": {},
        "due": {"cohort": "yes"},
        **{name: {"outcome": name} for name in ("on_time", "late", "open_in_time", "overdue", "cancelled", "not_given")},
    },
    PROGRESS.name: {
        "count": {"cancelled": "no"},
        "planned": {"cancelled": "no", "planned": "yes"},
        **{age: {"cancelled": "no", "data_age": age} for age in ("fresh", "ageing", "stale", "unknown")},
    },
    FIRST_ACTION.name: {
        "acted": {"cancelled": "no", "acted": "yes"},
        "waiting": {"cancelled": "no", "acted": "no"},
    },
}
#: Grouping -> the closed list its groups are terms of.
_TERMS = {"field": "agreement_field", "side": "commitment_side", "topic": "topic"}
#: What the table shows beside the rate and not in columns of its own.
_BESIDE_THE_RATE = ("low", "high", "against_rest")
_NAMES = ("of", "by", "period", "lead", "partner", "field", "side", "flagship", "on", "exercise")


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """Tiles of the whole, then a table for each indicator."""
    viewer, at = asker(request), moment(request)
    viewer.require("reports.view")
    params = {name: value for name in _NAMES if (value := request.GET.get(name, "").strip())}
    params.setdefault("of", "commitments")
    if params.get("by") not in possible_groupings(params["of"]):
        params["by"] = "lead"
    on = day_of(params, at)
    answers = {q.name: ask(q.name, params, viewer, at=at, page=ALL).listed() for q in (TIMELINESS, PROGRESS, FIRST_ACTION)}
    page = HomePage(
        header=Header(
            title=_("Chỉ số thực hiện"),
            subtitle=_("Bốn con số đứng riêng, không gộp thành một; mỗi con số mở ra các việc nó đếm."),
        ),
        views=_views(params),
        bands=[_band(answers, params, on)],
        sections=[
            _choose(request, params),
            *(_section(answers[q.name], q, params, on) for q in (TIMELINESS, PROGRESS, FIRST_ACTION)),
            *_beside(request, params),
            _remarks(params, on),
        ],
    )
    return render(request, "home_desk.html", page, exercise=params.get("exercise") == "yes")


def _views(params: Mapping[str, str]) -> list[Chip]:
    by = vocabulary("kpi_grouping")
    return [
        Chip(label=by.label(name, language()), url=_here({**params, "by": name}), active=params["by"] == name)
        for name in possible_groupings(params["of"])
    ]


def _band(answers: Mapping[str, Answer], params: Mapping[str, str], on: date) -> Band:
    """The figures of the whole; what cannot be computed has no tile."""
    timely, progress, first = (_last(answers[q.name]) for q in (TIMELINESS, PROGRESS, FIRST_ACTION))
    by_outcome, by_evidence, by_day = (
        Basis(as_of=on, rule=label("counting_rule", answers[q.name].rule)) for q in (TIMELINESS, PROGRESS, FIRST_ACTION)
    )

    def listed(**more: str) -> str:
        return list_url(*opens(params, {}, more, on))

    kpis = [Kpi(label=_("Tổng số"), value=timely.get("total", 0), basis=by_outcome, url=listed())]
    if timely.get("rate") is not None:
        interval = {"low": format_percent(timely["low"], language()), "high": format_percent(timely["high"], language())}
        note = _("%(low)s – %(high)s, trên %(due)s việc đã đến hạn") % {
            **interval,
            "due": format_number(timely["due"], language()),
        }
        kpis.append(
            Kpi(
                label=_("Đúng hạn ban đầu"), value=timely["rate"], basis=by_outcome, kind="percent", note=note,
                url=listed(cohort="yes"),
            )
        )  # fmt: skip
    late = timely.get("overdue", 0)
    kpis.append(Kpi(label=_("Quá hạn ban đầu"), value=late, basis=by_outcome, url=listed(outcome="overdue"), alarming=bool(late)))
    if progress.get("verified") is not None:
        note = _("tự báo %(claimed)s") % {"claimed": format_percent(progress["claimed"], language())}
        kpis.append(
            Kpi(label=_("Tiến độ được thẩm tra"), value=progress["verified"], basis=by_evidence, kind="percent", note=note)
        )
        note = _("trên %(count)s việc") % {"count": format_number(progress["count"], language())}
        url = listed(cancelled="no", data_age="unknown")
        kpis.append(Kpi(label=_("Chưa có minh chứng"), value=progress["unknown"], basis=by_evidence, note=note, url=url))
    if first.get("median") is not None:
        note = _("trung vị, tính cả việc còn chờ")
        kpis.append(Kpi(label=_("Ngày tới việc làm đầu tiên"), value=first["median"], basis=by_day, note=note))
    return Band(title=_("Toàn bộ"), kpis=kpis)


def _section(answer: Answer, question: Question, params: Mapping[str, str], on: date) -> Section:
    columns = [
        TableColumn(
            key=c.key,
            label=label_of(c),
            kind="percent" if c.type == "percent" else "number" if c.type == "number" else "text",
            lead=n == 0,
        )
        for n, c in enumerate(answer.columns)
        if c.key not in _BESIDE_THE_RATE
    ]
    groups = tuple(answer.rows)
    cut = len(groups) > MOST_GROUPS + 1
    shown = replace(answer, rows=(*groups[:MOST_GROUPS], groups[-1])) if cut else replace(answer, rows=groups)
    rows, narrowing = [], _OPENS[question.name]
    keys = [c.key for c in answer.columns]
    for row, by in zip(shown.rows, _filters(shown, params), strict=True):
        cells = [cell_of(answer.columns[0], row.cells[0])]
        values = dict(zip(keys, row.cells, strict=True))
        for column, value in zip(answer.columns[1:], row.cells[1:], strict=True):
            if column.key in _BESIDE_THE_RATE:
                continue
            made = _rate(values) if column.key == "rate" else cell_of(column, value)
            if column.key in narrowing and value and by is not None:
                made = Cell(value=value, url=list_url(*opens(params, by, narrowing[column.key], on)))
            cells.append(made)
        rows.append(TableRow(cells=cells, exercise=row.exercise))
    table = Table(caption=answer.title.get(language()), columns=columns, rows=rows, basis=basis_of(answer), compact=True)
    link = Link(label=_("Xem tất cả") if cut else _("Tải bảng"), url=list_url(question.name, dict(params)))
    if not rows:
        return Section(id=question.name, title=answer.title.get(language()), note=_("Chưa có việc nào để tính."))
    meta = f"{MOST_GROUPS} / {format_number(len(groups) - 1, language())}" if cut else ""
    return Section(id=question.name, title=answer.title.get(language()), table=table, link=link, meta=meta)


def _rate(values: Mapping[str, Any]) -> Cell:
    """A rate never stands without its interval, nor an order without the word that there is one."""
    if values["rate"] is None:
        return Cell()
    between = f"{format_percent(values['low'], language())} – {format_percent(values['high'], language())}"
    rank = label("against_rest", values["against_rest"]).lower() if values["against_rest"] else ""
    return Cell(value=values["rate"], note="; ".join(filter(None, (between, rank))))


def label_of(column: Any) -> str:
    """A column's heading with its unit."""
    title = _(column.label)
    return f"{title} ({_(column.unit)})" if column.unit else title


def _filters(answer: Answer, params: Mapping[str, str]) -> list[dict[str, str] | None]:
    """The filter of each row's group: empty for the whole, None where no filter names it."""
    listed = list(answer.rows)[:-1]
    groups = [_group(row.cells[0], params["by"]) for row in listed]
    filters = group_filters(params["by"], [group for group in groups if group is not None])
    return [*(None if group is None else filters.get(group) for group in groups), *([{}] if answer.total else [])]


def _group(lead: Any, by: str) -> Any:
    """The group that a row's first cell names; None for what is not said."""
    if isinstance(lead, Ref):
        return lead.id
    if by == "flagship":
        return lead == FLAGSHIP
    if by == "year":
        return lead.vi if lead.vi.isdigit() else None
    if by not in _TERMS:
        return None
    terms = vocabulary(_TERMS[by])
    return next((code for code in terms.codes if terms.label(code, "vi") == lead.vi), None)


def _choose(request: HttpRequest, params: Mapping[str, str]) -> Section:
    def choices(terms: str, name: str, every: str = "") -> list[Choice]:
        first = [Choice(value="", label=every, selected=not params.get(name))] if every else []
        terms_here = vocabulary(terms).choices(language())
        return first + [Choice(value=c, label=t, selected=params.get(name) == c) for c, t in terms_here]

    fields = [
        Field(name="of", label=_("Sổ"), kind="select", choices=choices("kpi_subject", "of"), value=params["of"]),
        Field(name="period", label=_("Kỳ"), value=params.get("period", ""), help=_("Ví dụ 2025, 2025-H1; để trống là mọi kỳ.")),
        Field(name="on", label=_("Tính đến ngày"), kind="date", value=params.get("on", "")),
    ]
    if params["of"] == "commitments":
        every = _("Tất cả")
        fields.insert(
            2,
            Field(
                name="field", label=_("Lĩnh vực"), kind="select", value=params.get("field", ""),
                choices=choices("agreement_field", "field", every),
            ),
        )  # fmt: skip
        fields.insert(
            3,
            Field(
                name="side", label=_("Bên thực hiện"), kind="select", value=params.get("side", ""),
                choices=choices("commitment_side", "side", every),
            ),
        )  # fmt: skip
    if holds_exercise(params["of"], {}, asker(request)):
        checked = params.get("exercise") == "yes"
        fields.append(Field(name="exercise", label=_("Diễn tập"), kind="checkbox", value="yes", checked=checked))
    hidden = [Field(name="by", label="", kind="hidden", value=params["by"])]
    form = Form(action=reverse("web:kpi"), method="get", submit=_("Tính lại"), fields=[*hidden, *fields])
    return Section(id="choose", title=_("Tính cho"), form=form)


def _remarks(params: Mapping[str, str], on: date) -> Section:
    period = period_label(params["period"]) if params.get("period") else _("mọi kỳ")
    text = _(
        "Đang tính %(what)s, %(period)s. Việc có kế hoạch được duyệt mới có phần thẩm tra. Nhóm nhỏ có khoảng rộng; "
        "hai nhóm có khoảng chồng lên nhau thì không xếp hạng."
    ) % {"what": label("kpi_subject", params["of"]).lower(), "period": period}
    return Section(id="read", title=_("Đọc các con số này"), text=text)


def _beside(request: HttpRequest, params: Mapping[str, str]) -> list[Section]:
    """Where somebody should look at how figures came about; who owes a report; what the leaders' activities led to."""
    signs = {name: params[name] for name in ("of", "exercise") if name in params}
    found = [_signs(request, signs)]
    if params["of"] == "commitments":
        exercise = "yes" if params.get("exercise") == "yes" else "no"
        since = (timezone.localdate(moment(request)) - timedelta(days=REPORTING_DAYS)).isoformat()
        period = {"period": params["period"]} if "period" in params else {}
        found.append(_table_of(request, "who_reported", {"since": since, "exercise": exercise}))
        found += [_table_of(request, "economic_share", period)] if exercise == "no" else []
    return [section for section in found if section is not None]


def _signs(request: HttpRequest, params: Mapping[str, str]) -> Section | None:
    answer = ask(GAMING.name, params, asker(request), at=moment(request), page=ALL).listed()
    if not answer.total:
        return None
    codes = codes_of_leads([row.id for row in answer.rows if row.id])
    rows = []
    for row in answer.rows:
        counts = [
            Cell(value=value, url=list_url(*opens_sign(params, codes[row.id], name)) if value and row.id else "")
            for name, value in zip(SIGNS, row.cells[1:], strict=True)
        ]
        rows.append(TableRow(cells=[cell_of(answer.columns[0], row.cells[0]), *counts], exercise=row.exercise))
    columns = [
        TableColumn(key=c.key, label=label_of(c), kind="text" if n == 0 else "number", lead=n == 0)
        for n, c in enumerate(answer.columns)
    ]
    title = answer.title.get(language())
    table = Table(caption=title, columns=columns, rows=rows, basis=basis_of(answer), compact=True)
    return Section(id=GAMING.name, title=title, table=table, link=Link(label=_("Tải bảng"), url=list_url(GAMING.name, params)))


def _table_of(request: HttpRequest, question: str, params: Mapping[str, str]) -> Section | None:
    """The first rows of another question that belongs to the picture, where it has any."""
    if not asker(request).may(question_named(question).permission):
        return None
    answer = ask(question, params, asker(request), at=moment(request), page=Page(ROWS)).listed()
    if not answer.total:
        return None
    table = replace(table_of(answer, today=timezone.localdate(moment(request))), compact=True)
    link = Link(label=_("Xem tất cả") if answer.next_cursor else _("Tải bảng"), url=list_url(question, params))
    return Section(id=question, title=answer.title.get(language()), table=table, link=link)


def _last(answer: Answer) -> dict[str, Any]:
    rows = list(answer.rows)
    return dict(zip((c.key for c in answer.columns), rows[-1].cells, strict=True)) if rows else {}


def _here(params: Mapping[str, str]) -> str:
    return f"{reverse('web:kpi')}?{urlencode(params)}"
