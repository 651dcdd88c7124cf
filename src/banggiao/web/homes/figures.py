"""The figures of the home page and the rows behind them, in words."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from banggiao.core.questions import Answer
from banggiao.reports.home import Figure, Home
from banggiao.web.addresses import list_url
from banggiao.web.asking import language
from banggiao.web.formats import format_number
from banggiao.web.pages import Band
from banggiao.web.parts import Basis, Kpi, Link, Section
from banggiao.web.tables import table_of
from banggiao.web.words import label

#: List -> the columns that say nothing in the few rows of a panel.
WITHOUT = {
    "tasks": ("period", "validation_state", "assignee"),
    "commitments": ("validation_state", "side"),
    "activities": ("place", "documents_signed", "level"),
    "barriers": ("products",),
    "users": ("last_login", "is_active"),
    "ledger": ("reason",),
}


def names() -> dict[str, str]:
    """What each figure is called."""
    return {
        "facts_to_check": _("Thông tin chờ duyệt"),
        "commitments overdue": _("Cam kết quá hạn"),
        "tasks overdue": _("Nhiệm vụ quá hạn"),
        "commitments due_soon": _("Cam kết sắp đến hạn"),
        "tasks due_soon": _("Nhiệm vụ sắp đến hạn"),
        "commitments silent": _("Cam kết chậm cập nhật"),
        "tasks silent": _("Nhiệm vụ chậm cập nhật"),
        "commitments blocked": _("Cam kết vướng mắc"),
        "tasks blocked": _("Nhiệm vụ vướng mắc"),
        "commitments awaiting": _("Cam kết chờ quyết định"),
        "tasks awaiting": _("Nhiệm vụ chờ quyết định"),
        "commitments all": _("Cam kết trong sổ"),
        "tasks all": _("Nhiệm vụ trong sổ"),
        "commitments verified": _("Cam kết đã thẩm tra"),
        "tasks verified": _("Nhiệm vụ đã thẩm tra"),
        "commitments submitted": _("Cam kết chờ thẩm tra"),
        "tasks submitted": _("Nhiệm vụ chờ thẩm tra"),
        "commitments returned": _("Cam kết bị trả lại"),
        "tasks returned": _("Nhiệm vụ bị trả lại"),
        "commitments disputed": _("Cam kết đối tác chưa đồng ý"),
        "tasks disputed": _("Nhiệm vụ còn ý kiến khác"),
        "data_calls open": _("Đề nghị báo cáo đang mở"),
        "data_call_answers late": _("Trả lời đề nghị báo cáo quá hạn"),
        "data_call_answers unsent": _("Đề nghị báo cáo chưa trả lời"),
        "data_call_answers returned": _("Trả lời bị trả lại bổ sung"),
        "review_readers silent": _("Báo cáo sơ kết chờ góp ý"),
        "activities upcoming": _("Sắp diễn ra"),
        "barriers": _("Rào cản thị trường"),
        "agreements": _("Thỏa thuận"),
        "documents": _("Tài liệu"),
        "users in_use": _("Tài khoản đang dùng"),
        "users without_role": _("Tài khoản chưa có vai trò"),
        "roles_held in_force": _("Vai trò đang giao"),
        "roles_held delegated": _("Ủy quyền đang hiệu lực"),
        "jobs dead": _("Công việc nền bị hỏng"),
        "ledger": _("Mục nhật ký"),
    }


def band_names() -> dict[str, str]:
    """The question that each band of figures answers."""
    return {
        "stuck": _("Đang vướng ở đâu"),
        "promised": _("Đã hứa và đã làm được"),
        "waiting": _("Đang chờ xử lý"),
        "soon": _("Sắp tới"),
        "asked": _("Hà Nội đang đề nghị gì"),
        "asked_home": _("Đang được yêu cầu gì"),
        "owed": _("Đang nợ việc gì"),
        "open": _("Dành cho đơn vị của bạn"),
        "validate": _("Chờ thẩm tra"),
        "keep": _("Hệ thống"),
        "audit": _("Kiểm toán"),
    }


def bands(home: Home, *, abroad: bool) -> list[Band]:
    """The bands of figures; a mission is asked by Hà Nội, anybody else is simply asked."""
    called = band_names()
    return [
        Band(title=called["asked_home" if name == "asked" and not abroad else name], kpis=[_kpi(f) for f in figures])
        for name, figures in home.bands
    ]


def lists(home: Home, day: date) -> list[Section]:
    """The rows behind some figures, each with the way to all of them."""
    sections = []
    for figure in home.lists:
        suffix = f"-{next(iter(figure.params.get(n, '') for n in ('lead', 'institution')), '')}" if figure.whose.vi else ""
        whose = figure.whose.get(language())
        sections.append(
            Section(
                id=figure.key.replace(" ", "-").replace("_", "-") + suffix,
                title=names()[figure.key] + (f" – {whose}" if whose else ""),
                meta=shown(figure.answer),
                link=Link(label=_("Xem tất cả"), url=list_url(figure.question, figure.params)),
                table=table_of(figure.answer, today=day, with_basis=False, without=WITHOUT.get(figure.question, ())),
            )
        )
    return sections


def shown(answer: Answer) -> str:
    """How many of how many rows stand here."""
    return f"{len(tuple(answer.rows))} / {format_number(answer.total, language())}"


def _kpi(figure: Figure) -> Kpi:
    return Kpi(
        label=names()[figure.key],
        value=figure.value,
        basis=Basis(as_of=figure.answer.as_of, rule=label("counting_rule", figure.rule)),
        url=list_url(figure.question, figure.params),
        note=figure.whose.get(language()),
        alarming=figure.alarming and figure.value > 0,
    )
