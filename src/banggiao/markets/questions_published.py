"""What do the packaged published tables say of trade: partner shares of every country, what Viet Nam sells, month by month?

Real figures that every installation has, without any ingest; each row keeps the source it was read from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, Source, register_question
from banggiao.markets.answers import PERMISSION
from banggiao.partners.models import Partner
from banggiao.partners.questions_levels import paged
from banggiao.sources.models import Dataset, Observation

_FLOWS = {"export": Bi("Xuất khẩu", "Exports"), "import": Bi("Nhập khẩu", "Imports")}


def _partners(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    measures = {f"world_share_{flow}": flow for flow in _FLOWS if params["flow"] in ("", flow)}
    rows = Observation.objects.filter(subject=params["country"].upper(), measure__in=list(measures)).select_related("dataset")
    figures = sorted(rows, key=lambda o: (o.measure, -int(o.period or 0), int(o.dimensions.get("rank") or 99)))
    latest = {m: max((o.period for o in figures if o.measure == m), default="") for m in measures}
    figures = [o for o in figures if o.period == latest[o.measure]]
    names = _names([str(o.dimensions.get("partner_iso3", "")) for o in figures], viewer)
    listed = [
        Row(
            (
                _FLOWS[measures[o.measure]], o.period, int(o.dimensions.get("rank") or 0),
                names.get(code := str(o.dimensions.get("partner_iso3", "")), Bi(code)), code,
                float(o.value) if o.value is not None else None, o.source_url,
            ),
            mark=o.evidence,
        )
        for o in figures
    ]  # fmt: skip
    return _sourced(paged(PARTNERS_PUBLISHED, listed, page, at, "trade_as_published", params), [o.dataset for o in figures])


PARTNERS_PUBLISHED = register_question(
    Question(
        "published_trade_partners",
        Bi("Bạn hàng chính của một nước, số đã công bố", "Main trade partners of a country, as published"),
        PERMISSION,
        (
            Parameter("country", N_("Nước"), "partner", default="VNM"),
            Parameter("flow", N_("Chiều buôn bán"), "code", "watch_flow"),
        ),
        (
            Column("flow", N_("Chiều buôn bán"), "bilingual"),
            Column("period", N_("Năm")),
            Column("rank", N_("Thứ hạng"), "number"),
            Column("partner", N_("Bạn hàng"), "record"),
            Column("code", N_("Mã")),
            Column("share", N_("Tỷ trọng"), "percent"),
            Column("source", N_("Nguồn"), "url"),
        ),
        _partners,
    )
)


def _products(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    flow = params["flow"] or "export"
    rows = Observation.objects.filter(measure__in=(f"product_{flow}", f"product_{flow}_revised")).select_related("dataset")
    best: dict[tuple[str, str], Observation] = {}
    for o in rows:
        if len(o.period) == 4 and o.value is not None and o.dimensions.get("reporter", "VNM") == "VNM":
            key = (o.subject, o.period)
            if key not in best or o.measure.endswith("_revised"):
                best[key] = o
    latest = {subject: max(p for s, p in best if s == subject) for subject, _period in best}
    figures = sorted((best[key] for key in latest.items()), key=lambda o: (-(o.value or 0), o.subject))
    listed = []
    for o in figures:
        old = best.get((o.subject, str(int(o.period) - 1)))
        change = round(100 * float(o.value / old.value - 1), 1) if old and old.value and o.value is not None else None
        name = Bi(str(o.dimensions.get("name_vi", o.subject)), str(o.dimensions.get("name_en", "")))
        chapters = str(o.dimensions.get("hs_chapters", "")).replace("|", ", ")
        listed.append(
            Row((name, _FLOWS[flow], o.period, round(float(o.value or 0), 1), change, chapters, o.source_url), mark=o.evidence)
        )
    return _sourced(paged(PRODUCTS_PUBLISHED, listed, page, at, "trade_as_published", params), [o.dataset for o in figures])


PRODUCTS_PUBLISHED = register_question(
    Question(
        "published_trade_products",
        Bi("Việt Nam xuất khẩu, nhập khẩu gì, số đã công bố", "What Viet Nam exports and imports, as published"),
        PERMISSION,
        (Parameter("flow", N_("Chiều buôn bán"), "code", "watch_flow"),),
        (
            Column("product", N_("Nhóm hàng"), "bilingual"),
            Column("flow", N_("Chiều buôn bán"), "bilingual"),
            Column("period", N_("Năm")),
            Column("value", N_("Trị giá"), "number", unit=N_("triệu USD")),
            Column("change", N_("So với năm trước"), "percent"),
            Column("chapters", N_("Chương HS")),
            Column("source", N_("Nguồn"), "url"),
        ),
        _products,
    )
)


def _names(codes: Sequence[str], viewer: Viewer) -> dict[str, Ref | Bi]:
    rows = Partner.objects.visible_to(viewer).filter(code__in=set(codes)).values_list("code", "pk", "name_vi", "name_en")
    return {code: Ref(pk, "partners.partner", Bi(vi, en)) for code, pk, vi, en in rows}


def _sourced(answer: Answer, sets: Sequence[Dataset]) -> Answer:
    used = {s.pk: s for s in sets}.values()
    return replace(answer, sources=tuple(Source(Bi(s.title, s.title_en), s.url, s.edition) for s in used))
