"""The report of commitments as known on a day: its totals and rows, its files, and what lies between two days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banggiao.analytics.delivery.numbers import shown
from banggiao.core.exports import note_taken
from banggiao.core.questions import Page
from banggiao.core.vocabulary import vocabulary
from banggiao.reports.commitments_difference import (
    DIFFERENCE,
    Difference,
    Renamed,
    as_json,
    asked_moments,
    difference,
    signed,
    take_difference,
)
from banggiao.reports.commitments_difference import answer_of as difference_rows
from banggiao.reports.commitments_known import RULE, TOTALS, Known, known, on_time_rates
from banggiao.reports.commitments_report import answer_of, as_of_moment, asked_of, take_report
from banggiao.reports.questions import holds_exercise
from banggiao.web.asking import asker, deed, language, moment
from banggiao.web.formats import format_number, format_percent
from banggiao.web.frame import render
from banggiao.web.pages import Band, HomePage
from banggiao.web.parts import (
    Action,
    Basis,
    Cell,
    Empty,
    Field,
    Form,
    Header,
    Kpi,
    Link,
    Section,
    Table,
    TableColumn,
    TableRow,
)
from banggiao.web.tables import table_of
from banggiao.web.words import say

_ASKED = ("period", "partner", "lead", "exercise")
_SHOWN = 50
#: Columns of the answer that the page leaves to the files.
_WITHOUT = (
    "coordinating", "made_on", "first_due", "current_due", "done_on", "timeliness", "validation_state", "outcome", "claimed",
    "index_first", "index_current", "confidence", "age",
)  # fmt: skip


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """Figures, totals and the six fields as known on a day."""
    viewer, at = asker(request), moment(request)
    params = _given(request, "as_of", *_ASKED)
    found = known(viewer, as_of_moment(params.get("as_of", ""), at), asked_of(params))
    # A report of this very moment has nothing after it to be compared with.
    other = params if found.at < at else {n: v for n, v in params.items() if n != "as_of"}
    actions = [Action(label=_("So với ngày khác"), url=_url("commitments_difference", _between(other)), icon="history")]
    if viewer.may("exports.take"):
        for form, name in (("docx", "Word"), ("pdf", "PDF"), ("csv", "CSV"), ("json", "JSON")):
            actions.append(Action(label=name, url=_url("commitments_report_file", params, form), icon="download"))
    page = HomePage(
        header=Header(
            title=_("Báo cáo cam kết như đã biết vào một ngày"),
            subtitle=_("Đến %(moment)s. Điều ghi sau thời điểm đó, kể cả về những ngày trước, không có trong báo cáo.")
            % {"moment": _moment(found.at)},
            actions=actions,
        ),
        bands=[_band(found)],
        sections=[_choose(request, params), _rows(request, found, params), _totals(found)],
    )
    return render(request, "home_desk.html", page, exercise=found.asked.exercise)


@require_safe
def take(request: HttpRequest, form: str) -> HttpResponseBase:
    """The report as a file."""
    act, params = deed(request), _given(request, "as_of", *_ASKED)
    act.viewer.require("exports.take", subject=RULE)
    found = known(act.viewer, as_of_moment(params.get("as_of", ""), moment(request)), asked_of(params))
    return _file(*take_report(found, form, act=act, language=language()))


@require_safe
def compare(request: HttpRequest) -> HttpResponseBase:
    """Which totals moved between two days, by which records and entries."""
    viewer = asker(request)
    viewer.require("reports.view")
    params = _given(request, "first", "second", *_ASKED)
    header = Header(
        title=_("Chênh lệch của báo cáo cam kết giữa hai ngày"),
        subtitle=_("Mỗi chênh lệch của một tổng là tổng chênh lệch của từng cam kết."),
        trail=(Link(label=_("Báo cáo cam kết"), url=_url("commitments_report", _between(params, back=True))),),
    )
    choose = _choose_two(request, params)
    if not params.get("first"):
        return render(request, "home_desk.html", HomePage(header=header, sections=[choose]))
    found = difference(viewer, *asked_moments(params, moment(request)), asked_of(params))
    if viewer.may("exports.take"):
        files = [
            Action(label=name, url=_url("commitments_difference_file", params, form), icon="download")
            for form, name in (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON"))
        ]
        header = replace(header, actions=files)
    page = HomePage(
        header=header,
        sections=[choose, _moved_totals(found), _changed_records(request, found, params), *_renamed_names(found)],
    )
    return render(request, "home_desk.html", page, exercise=found.first.asked.exercise)


@require_safe
def take_compared(request: HttpRequest, form: str) -> HttpResponseBase:
    """The difference as a file."""
    act, params = deed(request), _given(request, "first", "second", *_ASKED)
    act.viewer.require("exports.take", subject=DIFFERENCE.name)
    found = difference(act.viewer, *asked_moments(params, moment(request)), asked_of(params))
    if form == "json":
        note_taken(act, {"question": DIFFERENCE.name, "form": form, "rows": len(found.changed)})
        return _file(as_json(found), "application/json", f"{DIFFERENCE.name}.json")
    return _file(*take_difference(found, form, act=act, language=language(), translate=say))


def _given(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: value for name in names if (value := request.GET.get(name, "").strip())}


def _url(name: str, params: Mapping[str, str], *args: str) -> str:
    return reverse(f"web:{name}", args=args) + (f"?{urlencode(params)}" if params else "")


def _between(params: Mapping[str, str], *, back: bool = False) -> dict[str, str]:
    """The same filters for the other page; its day is carried over."""
    kept = {name: params[name] for name in _ASKED if name in params}
    one, other = ("second", "as_of") if back else ("as_of", "first")
    return {**kept, **({other: params[one]} if params.get(one) else {})}


def _file(content: bytes, media: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _percent(share: Decimal) -> Decimal:
    return shown(share * 100, 1)


def _moment(at: datetime) -> str:
    here = timezone.localtime(at)
    return f"{here:%H:%M} {here.day}/{here.month}/{here.year}"


def _basis(found: Known, rule: str = RULE) -> Basis:
    return Basis(as_of=found.at, rule=vocabulary("counting_rule").label_at(rule, language(), found.day))


def _band(found: Known) -> Band:
    totals, basis = found.totals(), _basis(found)
    rates = on_time_rates(totals)
    kpis = [
        Kpi(label=_("Cam kết"), value=totals["all"], basis=basis),
        Kpi(label=_("Đã hoàn thành"), value=totals["done"], basis=basis),
    ]
    if rates.on_time is not None and rates.interval is not None:
        low, high = (format_percent(_percent(end), language()) for end in rates.interval)
        note = _("%(low)s – %(high)s, trên %(due)s việc đã đến hạn") % {
            "low": low, "high": high, "due": format_number(rates.due or 0, language()),
        }  # fmt: skip
        kpis.append(Kpi(label=_("Đúng hạn ban đầu"), value=_percent(rates.on_time), basis=basis, kind="percent", note=note))
    late = totals["past_due"]
    kpis.append(Kpi(label=_("Quá hạn hiện hành"), value=late, basis=basis, alarming=bool(late)))
    if totals["weight"]:
        claimed, verified = (_percent(totals[f"{name}_weight"] / totals["weight"]) for name in ("claimed", "verified"))
        note = _("tự báo %(claimed)s") % {"claimed": format_percent(claimed, language())}
        kpis.append(Kpi(label=_("Tiến độ được thẩm tra"), value=verified, basis=basis, kind="percent", note=note))
    return Band(title=_("Toàn bộ"), kpis=kpis)


def _totals(found: Known) -> Section:
    totals, terms = found.totals(), vocabulary("commitment_total")
    rows = [
        TableRow(cells=(Cell(value=terms.label_at(name, language(), found.day)), Cell(value=totals[name])))
        for name in TOTALS
        if totals[name]
    ]
    columns = (
        TableColumn(key="name", label=_("Chỉ tiêu"), lead=True),
        TableColumn(key="count", label=_("Số lượng"), kind="number"),
    )
    title = _("Mọi số tổng")
    return Section(
        id="totals", title=title, table=Table(caption=title, columns=columns, rows=rows, basis=_basis(found), compact=True)
    )


def _rows(request: HttpRequest, found: Known, params: Mapping[str, str]) -> Section:
    cursor = request.GET.get("cursor", "")
    answer = answer_of(found, Page(_SHOWN, cursor if cursor.isdigit() else ""))
    following = {**params, "as_of": found.at.isoformat(), "cursor": answer.next_cursor}
    table = table_of(
        answer,
        today=found.day,
        without=_WITHOUT,
        next_url=_url("commitments_report", following) if answer.next_cursor else "",
        first_url=_url("commitments_report", params) if cursor else "",
        empty=Empty(title=_("Chưa có cam kết nào"), text=_("Vào ngày đó sổ chưa có cam kết nào khớp với bộ lọc.")),
    )
    return Section(id="rows", title=_("Sáu nội dung của từng cam kết"), table=table)


def _filters(request: HttpRequest, params: Mapping[str, str]) -> list[Field]:
    fields = [
        Field(name="period", label=_("Kỳ"), value=params.get("period", ""), help=_("Ví dụ 2025, 2025-H1; để trống là mọi kỳ.")),
        Field(name="partner", label=_("Mã đối tác"), value=params.get("partner", "")),
        Field(name="lead", label=_("Mã cơ quan chủ trì"), value=params.get("lead", "")),
    ]
    if holds_exercise("commitments", {}, asker(request)):
        checked = params.get("exercise") == "yes"
        fields.append(Field(name="exercise", label=_("Diễn tập"), kind="checkbox", value="yes", checked=checked))
    return fields


def _choose(request: HttpRequest, params: Mapping[str, str]) -> Section:
    day = Field(
        name="as_of", label=_("Như đã biết vào hết ngày"), kind="date" if len(params.get("as_of", "")) in (0, 10) else "text",
        value=params.get("as_of", ""), help=_("Để trống là đến lúc này."),
    )  # fmt: skip
    form = Form(
        action=reverse("web:commitments_report"), method="get", submit=_("Xem báo cáo"), fields=[day, *_filters(request, params)]
    )
    text = _("Một ngày đã qua luôn cho cùng một báo cáo, dù sau đó có gì được sửa, gộp, tách, đổi tên hay ghi bù.")
    return Section(id="choose", title=_("Xem vào ngày"), form=form, text=text)


def _choose_two(request: HttpRequest, params: Mapping[str, str]) -> Section:
    days = [
        Field(name="first", label=_("Ngày thứ nhất"), kind="date", value=params.get("first", "")[:10], required=True),
        Field(
            name="second",
            label=_("Ngày thứ hai"),
            kind="date",
            value=params.get("second", "")[:10],
            help=_("Để trống là lúc này."),
        ),
    ]
    fields = [*days, *_filters(request, params)]
    form = Form(action=reverse("web:commitments_difference"), method="get", submit=_("So hai ngày"), fields=fields)
    return Section(id="choose", title=_("Hai ngày"), form=form)


def _moved_totals(found: Difference) -> Section:
    terms, causes = vocabulary("commitment_total"), vocabulary("difference_cause")
    columns = [
        TableColumn(key="name", label=_("Chỉ tiêu"), lead=True),
        TableColumn(key="first", label=_moment(found.first.at), kind="number"),
        TableColumn(key="second", label=_moment(found.second.at), kind="number"),
        TableColumn(key="difference", label=_("Chênh lệch"), kind="number"),
        *(TableColumn(key=code, label=text, kind="number") for code, text in causes.choices(language())),
    ]
    rows = [
        TableRow(
            cells=(
                Cell(value=terms.label_at(name, language(), found.second.day)),
                Cell(value=before),
                Cell(value=after),
                Cell(value=signed(after - before, language())),
                *(Cell(value=signed(by[code], language())) if by.get(code) else Cell() for code in causes.codes),
            )
        )
        for name, before, after, by in found.totals()
    ]
    title = _("Các số tổng")
    table = Table(caption=title, columns=columns, rows=rows, basis=_basis(found.second, DIFFERENCE.name), compact=True)
    return Section(id="totals", title=title, table=table)


def _changed_records(request: HttpRequest, found: Difference, params: Mapping[str, str]) -> Section:
    """A row for each cause and each entry; what moved stands beside the last entry that moved it."""
    title = _("Từng cam kết")
    if not found.changed:
        return Section(id="records", title=title, text=_("Giữa hai ngày không có cam kết nào được tính khác đi."))
    cursor = request.GET.get("cursor", "")
    answer = difference_rows(found, Page(2 * _SHOWN, cursor if cursor.isdigit() else ""))
    moments = {"first": found.first.at.isoformat(), "second": found.second.at.isoformat()}
    following = {**params, **moments, "cursor": answer.next_cursor}
    table = table_of(
        answer,
        today=found.second.day,
        without=("since",),
        next_url=_url("commitments_difference", following) if answer.next_cursor else "",
        first_url=_url("commitments_difference", params) if cursor else "",
    )
    return Section(id="records", title=title, table=table)


def _renamed_names(found: Difference) -> Sequence[Section]:
    if not found.renamed:
        return ()
    columns = (
        TableColumn(key="old", label=_("Trước"), lead=True),
        TableColumn(key="new", label=_("Sau")),
        TableColumn(key="entry", label=_("Do mục nào được ghi")),
    )
    rows = [_renamed_row(each) for each in found.renamed]
    title = _("Cơ quan, đối tác đổi tên")
    return [Section(id="renamed", title=title, table=Table(caption=title, columns=columns, rows=rows))]


def _renamed_row(each: Renamed) -> TableRow:
    told = each.entry
    text = f"{_moment(told.recorded_at)} {told.actor}" + (f" ({told.reason})" if told.reason else "")
    return TableRow(cells=(Cell(value=each.old.get(language())), Cell(value=each.new.get(language())), Cell(value=text)))
