"""Every further read of published figures: the pairs that clash, and the counting rules with their versions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Answer, Bi, Column, Page, Question, Ref, Row, register_question
from banggiao.core.vocabulary import vocabulary
from banggiao.sources.models import OfficialFigure
from banggiao.sources.reconciling import clashing_figures

_VERSION = re.compile(r"\(v(\d+)\)\s*$")


def _clashes(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """One row for each pair that clashes; all of them stand on one page."""
    rows = []
    reasons = vocabulary("clash_reason")
    for group in clashing_figures(viewer):
        used = "; ".join(f"{d.used_for}: {d.chosen.value.normalize():f}" for d in group.decisions)
        for clash in group.clashes:
            why = Bi(*("; ".join(reasons.label(code, lang) for code in clash.reasons) for lang in ("vi", "en")))
            cells = (
                Bi(group.label, group.label_en), clash.kind, _ref(clash.first), clash.first.period, clash.first.value,
                _ref(clash.second), clash.second.period, clash.second.value, clash.implied, why, used,
            )  # fmt: skip
            exercise = clash.first.exercise
            rows.append(Row(cells, clash.first.pk, clash.first.record_type(), exercise=exercise))
    return Answer(CLASHES.name, CLASHES.title, CLASHES.columns, tuple(rows), len(rows), at, "figures_that_clash")


def _ref(figure: OfficialFigure) -> Ref:
    terms = vocabulary("qualifier")
    vi, en = (
        " ".join(
            filter(
                None,
                (terms.label(figure.qualifier, lang) if figure.qualifier else "", f"{figure.value.normalize():f}", figure.unit),
            )
        )
        for lang in ("vi", "en")
    )
    return Ref(figure.pk, figure.record_type(), Bi(vi, en))


def _rules(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    counted = OfficialFigure.objects.visible_to(viewer).values("counting_rule").annotate(n=Count("pk"))
    used = {row["counting_rule"]: row["n"] for row in counted}
    rows = []
    for term in vocabulary("counting_rule").terms:
        found = _VERSION.search(term.label_vi)
        label = Bi(_VERSION.sub("", term.label_vi).strip(), _VERSION.sub("", term.label_en).strip())
        rows.append(Row((label, term.code, f"v{found[1]}" if found else "", used.get(term.code, 0))))
    return Answer(RULES.name, RULES.title, RULES.columns, tuple(rows), len(rows), at, "counting_rules")


CLASHES = register_question(
    Question(
        "figure_clashes",
        Bi("Số liệu đã công bố mâu thuẫn nhau", "Published figures that clash"),
        "registers.view",
        (),
        (
            Column("what", N_("Nội dung"), "bilingual"),
            Column("kind", N_("Mâu thuẫn"), "code", "clash_kind"),
            Column("first", N_("Số thứ nhất"), "record"),
            Column("first_period", N_("Kỳ"), "period"),
            Column("first_value", N_("Giá trị"), "number"),
            Column("second", N_("Số thứ hai"), "record"),
            Column("second_period", N_("Kỳ"), "period"),
            Column("second_value", N_("Giá trị"), "number"),
            Column("implied", N_("Giá trị suy ra từ số so sánh"), "number"),
            Column("reasons", N_("Có thể vì"), "bilingual"),
            Column("used", N_("Quyết định sử dụng")),
        ),
        _clashes,
    )
)

RULES = register_question(
    Question(
        "counting_rules",
        Bi("Quy tắc đếm", "Counting rules"),
        "registers.view",
        (),
        (
            Column("rule", N_("Quy tắc đếm"), "bilingual"),
            Column("code", N_("Mã"), "mono"),
            Column("version", N_("Phiên bản")),
            Column("figures", N_("Số liệu đã công bố dùng quy tắc này"), "number"),
        ),
        _rules,
    )
)
