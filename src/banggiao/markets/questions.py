"""Which releases of trade data are there? And every other question on the markets, which register themselves with this module."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Row, register_question
from banggiao.markets import (
    questions_complexity,
    questions_exposure,
    questions_opportunities,
    questions_published,
    questions_published_vietnam,
    questions_scenarios,
    questions_structure,
    questions_whatif,
)
from banggiao.markets.answers import MILLION, PERMISSION, million
from banggiao.markets.store import has_libraries, releases, store
from banggiao.partners.questions_levels import paged

__all__ = [
    "RELEASES", "questions_complexity", "questions_exposure", "questions_opportunities", "questions_published",
    "questions_published_vietnam", "questions_scenarios", "questions_structure", "questions_whatif",
]  # fmt: skip


def _releases(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    held = releases(params["kind"])
    in_force = set(store().in_force_ids().values()) if held and has_libraries() else set()
    rows = [
        Row(
            (
                r.title or r.id, r.id, r.kind, r.source, r.revision, ", ".join(map(str, r.years)), r.rows,
                million(r.value) if r.value else None, r.licence, r.ingested_at[:10], r.id in in_force, len(r.warnings),
            ),
            exercise=r.synthetic,
        )
        for r in held
    ]  # fmt: skip
    return paged(RELEASES, rows, page, at, "market_releases", params)


RELEASES = register_question(
    Question(
        "market_releases",
        Bi("Bản phát hành dữ liệu thương mại", "Releases of trade data"),
        PERMISSION,
        (Parameter("kind", N_("Loại dữ liệu"), "code", "trade_release_kind"),),
        (
            Column("title", N_("Tên"), "lead"),
            Column("id", N_("Mã bản phát hành"), "mono"),
            Column("kind", N_("Loại dữ liệu"), "code", "trade_release_kind"),
            Column("source", N_("Nguồn")),
            Column("revision", N_("Phiên bản danh mục hàng hóa")),
            Column("years", N_("Năm")),
            Column("rows", N_("Số dòng"), "number"),
            Column("value", N_("Tổng trị giá"), "number", unit=MILLION),
            Column("licence", N_("Giấy phép")),
            Column("ingested_at", N_("Ngày nạp"), "date"),
            Column("in_force", N_("Đang dùng"), "flag"),
            Column("warnings", N_("Cảnh báo khi nạp"), "number"),
        ),
        _releases,
    )
)
