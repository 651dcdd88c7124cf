"""Every write of what people say about published figures: what they count, and which is used for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from banggiao.core import records
from banggiao.core.acts import CLASSIFICATIONS, Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.sources.models import FigureDecision, OfficialFigure

#: What can be said about a figure afterwards; the number, its words and its period are the source's.
_SAID = frozenset({"measure", "counting_rule", "label_en"})


def revise_figure(*, act: Act, figure: OfficialFigure, values: Mapping[str, Any], version: int | None) -> OfficialFigure:
    """Say more exactly what a figure counts. Raises NotPermitted, InvalidInput for what the source alone says, StaleEdit."""
    act.viewer.require("figures.edit", subject=str(figure))
    wrong = [FieldProblem(name, N_("Số đã công bố thì giữ nguyên.")) for name in values if name not in _SAID]
    if wrong:
        raise InvalidInput(
            N_("Không sửa số liệu đã công bố."),
            subject=str(figure),
            remedy=N_("Nếu nguồn nói khác, hãy ghi một số liệu mới."),
            problems=wrong,
        )
    return records.revise(figure, act=act, values=values, version=version)


def decide(
    *, act: Act, chosen: OfficialFigure, considered: Sequence[OfficialFigure], used_for: str, reason: str
) -> FigureDecision:
    """Which of the figures considered is used for what, and why. Raises NotPermitted, InvalidInput (no purpose, no reason)."""
    act.viewer.require("figures.edit", subject=str(chosen))
    problems = []
    if not used_for.strip():
        problems.append(FieldProblem("used_for", N_("Hãy ghi số này dùng cho việc gì.")))
    if not reason.strip():
        problems.append(FieldProblem("reason", N_("Hãy ghi lý do.")))
    if chosen.pk not in {figure.pk for figure in considered}:
        problems.append(FieldProblem("chosen_id", N_("Hãy chọn một trong các số đang đối chiếu.")))
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=str(chosen), remedy=N_("Hãy sửa các trường được nêu."), problems=problems
        )
    values = {
        "chosen_id": chosen.pk,
        "considered": [str(figure.pk) for figure in considered],
        "used_for": used_for.strip(),
        "reason": reason.strip(),
        "decided_on": timezone.localdate(act.at).isoformat(),
        "owner": min(act.viewer.institutions, key=str, default=None),
        "exercise": chosen.exercise,
        "classification": max((figure.classification for figure in considered), key=CLASSIFICATIONS.index),
    }
    return records.create(FigureDecision, act=act.because(reason.strip()), values=values, action="decide")
