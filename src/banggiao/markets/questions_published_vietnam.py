"""What do the packaged published tables say of Viet Nam's own trade: shares of its partners over the years, values, months?

Each figure stands as its source gave it, with source, day and how it was obtained; figures of different sources or bases are
shown side by side and never added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Row, Source, register_question
from banggiao.core.vocabulary import vocabulary
from banggiao.markets.answers import MILLION, PERMISSION
from banggiao.markets.questions_published import _names
from banggiao.partners.questions_levels import paged
from banggiao.sources.models import Observation

RULE = "trade_as_published"
_FLOW = Parameter("flow", N_("Chiều buôn bán"), "code", "watch_flow")
_FLOW_COLUMN = Column("flow", N_("Chiều buôn bán"), "code", "trade_flow")
_AS_OF = Column("as_of", N_("Tính đến"), "date")
_SOURCE = Column("source", N_("Nguồn"), "url")


def _flows(params: Mapping[str, str]) -> tuple[str, ...]:
    return (params["flow"],) if params["flow"] else ("export", "import")


def _shares(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    measures = {f"share_{flow}": flow for flow in _flows(params)}
    asked = Observation.objects.filter(measure__in=list(measures)).select_related("dataset")
    if params["partner"]:
        asked = asked.filter(subject=params["partner"].upper())
    if params["year"]:
        asked = asked.filter(period=params["year"])
    figures = sorted(asked, key=lambda o: (-int(o.period or 0), o.measure, int(o.dimensions.get("rank") or 99)))
    names = _names([o.subject for o in figures], viewer)
    rows = [
        Row(
            (
                measures[o.measure], o.period, int(o.dimensions.get("rank") or 0), names.get(o.subject, Bi(o.subject)), o.subject,
                None if o.value is None else float(o.value), o.as_of, o.source_url,
            ),
            mark=o.evidence,
        )
        for o in figures
    ]  # fmt: skip
    return _answer(SHARES_PUBLISHED, rows, figures, page, at, params)


SHARES_PUBLISHED = register_question(
    Question(
        "published_trade_shares",
        Bi(
            "Tỷ trọng bạn hàng của Việt Nam qua các năm, số đã công bố", "Partner shares of Viet Nam over the years, as published"
        ),
        PERMISSION,
        (_FLOW, Parameter("partner", N_("Bạn hàng"), "partner"), Parameter("year", N_("Năm"))),
        (
            _FLOW_COLUMN,
            Column("period", N_("Năm")),
            Column("rank", N_("Thứ hạng"), "number"),
            Column("partner", N_("Bạn hàng"), "record"),
            Column("code", N_("Mã")),
            Column("share", N_("Tỷ trọng"), "percent"),
            _AS_OF,
            _SOURCE,
        ),
        _shares,
    )
)


def _values(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    flows = (params["flow"],) if params["flow"] else vocabulary("trade_flow").codes
    asked = Observation.objects.filter(measure__in=[f"trade_{flow}" for flow in flows]).select_related("dataset")
    if params["partner"]:
        asked = asked.filter(subject=params["partner"].upper())
    figures = sorted(asked, key=lambda o: (o.period, o.subject, o.measure, o.source_url), reverse=True)
    names = _names([o.subject for o in figures], viewer)
    rows = [
        Row(
            (
                names.get(o.subject, Bi(o.subject)), o.subject, o.measure.removeprefix("trade_"), o.period,
                None if o.value is None else float(o.value), o.qualifier, str(o.dimensions.get("basis", "")),
                str(o.dimensions.get("reporter", "")), o.as_of, o.source_url,
            ),
            mark=o.evidence,
        )
        for o in figures
    ]  # fmt: skip
    return _answer(VALUES_PUBLISHED, rows, figures, page, at, params)


VALUES_PUBLISHED = register_question(
    Question(
        "published_trade_values",
        Bi("Kim ngạch của Việt Nam với bạn hàng, số đã công bố", "Trade of Viet Nam with its partners, as published"),
        PERMISSION,
        (Parameter("partner", N_("Bạn hàng"), "partner"), Parameter("flow", N_("Chiều buôn bán"), "code", "trade_flow")),
        (
            Column("partner", N_("Bạn hàng"), "record"),
            Column("code", N_("Mã")),
            _FLOW_COLUMN,
            Column("period", N_("Kỳ")),
            Column("value", N_("Trị giá"), "number", unit=MILLION),
            Column("qualifier", N_("Mức chính xác"), "code", "qualifier"),
            Column("basis", N_("Phạm vi"), "code", "trade_basis"),
            Column("reporter", N_("Bên thống kê")),
            _AS_OF,
            _SOURCE,
        ),
        _values,
    )
)


def _months(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    measures = {f"monthly_{flow}{first}": (flow, bool(first)) for flow in _flows(params) for first in ("", "_first")}
    asked = Observation.objects.filter(measure__in=list(measures), subject="VNM").select_related("dataset")
    by_key = {(*measures[o.measure], o.period): o for o in asked}
    periods = sorted({period for _flow, _first, period in by_key}, reverse=True)
    figures = [by_key[key] for period in periods for flow in _flows(params) if (key := (flow, False, period)) in by_key]
    rows = []
    for o in figures:
        flow = measures[o.measure][0]
        first, old = by_key.get((flow, True, o.period)), by_key.get((flow, False, f"{int(o.period[:4]) - 1}{o.period[4:]}"))
        change = round(100 * float(o.value / old.value - 1), 1) if old and old.value and o.value is not None else None
        value, before = (None if x is None or x.value is None else float(x.value) for x in (o, first))
        status = str(o.dimensions.get("status", ""))
        rows.append(Row((o.period, flow, value, before, change, status, o.as_of, o.source_url), mark=o.evidence))
    return _answer(MONTHS_PUBLISHED, rows, figures, page, at, params)


MONTHS_PUBLISHED = register_question(
    Question(
        "published_trade_months",
        Bi("Xuất nhập khẩu của Việt Nam theo tháng, số đã công bố", "Monthly trade of Viet Nam, as published"),
        PERMISSION,
        (_FLOW,),
        (
            Column("period", N_("Tháng")),
            _FLOW_COLUMN,
            Column("value", N_("Trị giá"), "number", unit=MILLION),
            Column("first", N_("Ước tính đầu tiên"), "number", unit=MILLION),
            Column("change", N_("So với cùng tháng năm trước"), "percent"),
            Column("status", N_("Tình trạng số liệu"), "code", "series_status"),
            _AS_OF,
            _SOURCE,
        ),
        _months,
    )
)


def _answer(
    question: Question, rows: Sequence[Row], figures: Sequence[Observation], page: Page, at: datetime, params: Mapping[str, str]
) -> Answer:
    used = {o.dataset.pk: o.dataset for o in figures}.values()
    sources = tuple(Source(Bi(s.title, s.title_en), s.url, s.edition) for s in used)
    return replace(paged(question, rows, page, at, RULE, params), sources=sources)
