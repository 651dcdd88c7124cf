"""Every read of an agreement that is not there yet: what it would change for each country, and for the sales of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, Source, register_question
from banggiao.markets.answers import MILLION, NO_LIBRARIES, PERMISSION
from banggiao.markets.store import has_libraries
from banggiao.markets.whatif import SETS, asked, effects
from banggiao.partners.models import Partner
from banggiao.partners.questions_levels import paged
from banggiao.sources.datasets import origin

AGREEMENT = (
    Parameter("home", N_("Một bên"), "partner", default="VNM"),
    Parameter("others", N_("Bên kia (mã nước hoặc khối, cách nhau bằng dấu phẩy)"), default="MERCOSUR"),
    Parameter("estimate", N_("Ước lượng"), "code", "agreement_estimate", default="average"),
)
RULE = "market_agreement"
#: Changes smaller than this many per cent are not told of countries that are no members.
_NOTHING = 0.0005


def _countries(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    if not has_libraries():
        return _without(COUNTRIES, page, at, params)
    found = effects(asked(params["home"], params["others"], params["estimate"]))
    rows = found.arrow().to_pylist()
    conditional = {r["country"]: r for r in rows if r["mode"] == "conditional"}
    full = [r for r in rows if r["mode"] == "full" and (r["member"] or abs(r["exports_pct"]) >= _NOTHING)]
    full.sort(key=lambda r: (not r["member"], -abs(r["exports_after_musd"] - r["exports_before_musd"])))
    names = names_of([r["country"] for r in full], viewer)
    cells = [
        (
            names[r["country"]], r["country"], r["member"], round(r["exports_before_musd"]), round(r["exports_after_musd"]),
            *(_change(r[name]) for name in ("exports_pct", "exports_low_pct", "exports_high_pct")),
            _change(conditional[r["country"]]["exports_pct"]),
            *(_change(r[name]) for name in ("imports_pct", "real_output_pct", "real_output_low_pct", "real_output_high_pct")),
        )
        for r in full
    ]  # fmt: skip
    return _sourced(paged(COUNTRIES, [Row(each) for each in cells], page, at, RULE, params))


COUNTRIES = register_question(
    Question(
        "market_agreement_effects",
        Bi("Một hiệp định mới làm thay đổi những gì, theo nước", "What a new agreement would change, by country"),
        PERMISSION,
        AGREEMENT,
        (
            Column("country", N_("Nước"), "record"),
            Column("code", N_("Mã")),
            Column("member", N_("Thành viên"), "flag"),
            Column("before", N_("Xuất khẩu trước"), "number", unit=MILLION),
            Column("after", N_("Xuất khẩu sau"), "number", unit=MILLION),
            Column("exports", N_("Thay đổi xuất khẩu (toàn phần)"), "percent"),
            Column("exports_low", N_("Từ"), "percent"),
            Column("exports_high", N_("Đến"), "percent"),
            Column("conditional", N_("Thay đổi xuất khẩu (có điều kiện)"), "percent"),
            Column("imports", N_("Thay đổi nhập khẩu"), "percent"),
            Column("real_output", N_("Thay đổi GDP thực"), "percent"),
            Column("output_low", N_("GDP thực: từ"), "percent"),
            Column("output_high", N_("GDP thực: đến"), "percent"),
        ),
        _countries,
    )
)


def _sales(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    if not has_libraries():
        return _without(SALES, page, at, params)
    question = asked(params["home"], params["others"], params["estimate"])
    rows = effects(question).pairs(question.home).to_pylist()
    rows = [r for r in rows if round(r["before_musd"]) or round(r["after_musd"])]
    names = names_of([r["importer"] for r in rows], viewer)
    cells = [
        (
            names[r["importer"]], r["importer"], r["importer"] in question.others, round(r["before_musd"]),
            round(r["after_musd"]), round(r["after_musd"] - r["before_musd"], 1),
            _change(100 * (r["after_musd"] / r["before_musd"] - 1)),
        )
        for r in rows
        if r["before_musd"] > 0
    ]  # fmt: skip
    return _sourced(paged(SALES, [Row(each) for each in cells], page, at, RULE, params))


SALES = register_question(
    Question(
        "market_agreement_sales",
        Bi("Xuất khẩu của một bên sang từng nước, trước và sau", "Sales of one side to each country, before and after"),
        PERMISSION,
        AGREEMENT,
        (
            Column("importer", N_("Thị trường"), "record"),
            Column("code", N_("Mã")),
            Column("member", N_("Thành viên"), "flag"),
            Column("before", N_("Trước"), "number", unit=MILLION),
            Column("after", N_("Sau"), "number", unit=MILLION),
            Column("change", N_("Thay đổi"), "number", unit=MILLION),
            Column("percent", N_("Thay đổi (%)"), "percent"),
        ),
        _sales,
    )
)


def names_of(codes: Sequence[str], viewer: Viewer) -> dict[str, Ref | Bi]:
    """The countries as cells that lead to the partner's file, as far as the viewer may know of it."""
    rows = Partner.objects.visible_to(viewer).filter(code__in=list(codes), exercise=False)
    known: dict[str, Ref | Bi] = {
        code: Ref(pk, "partners.partner", Bi(vi, en)) for code, pk, vi, en in rows.values_list("code", "pk", "name_vi", "name_en")
    }
    return {code: known.get(code, Bi(code)) for code in codes}


def _change(value: float | None) -> float | None:
    """Per cent with three significant places, so that a small economy's effect is not rounded to nothing."""
    return None if value is None else (round(value, 2 if abs(value) >= 1 else 3) or 0.0)


def _sourced(answer: Answer) -> Answer:
    held = [origin(name) for name in SETS]
    sources = tuple(Source(Bi(f"{o.title_vi} ({o.licence})", f"{o.title_en} ({o.licence})"), o.url, str(o.version)) for o in held)
    return replace(answer, sources=sources)


def _without(question: Question, page: Page, at: datetime, params: Mapping[str, Any]) -> Answer:
    return replace(paged(question, (), page, at, RULE, params), sources=(Source(NO_LIBRARIES),))
