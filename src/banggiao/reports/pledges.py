"""The ledger of pledges: of each tranche what was pledged, what reached which stage, what is left, and the rates of each unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from banggiao.analytics.delivery.numbers import shown
from banggiao.analytics.delivery.pledges import average_lateness, fulfilment, remainder
from banggiao.commitments.models import Commitment, PledgeTranche
from banggiao.commitments.pledges import deliveries_of, moves_until, pledge_of
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import narrowed, register_named
from banggiao.core.vocabulary import vocabulary
from banggiao.reports.duties import paged

_STAGES = ("pledged", "committed", "shipped", "delivered", "accepted", "used")
_PARTS = ("in_transit", "committed_not_shipped", "not_committed", "withdrawn", "surplus")
_FILTERS = ("partner", "period", "lead")


def _ledger(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """A row for each tranche by commitment, then one for each unit; quantities of different units are never added up."""
    kept = {name: params[name] for name in _FILTERS if params[name]}
    wanted = narrowed(register_named("commitments"), kept, viewer).filter(exercise=params["exercise"] == "yes")
    if params["code"]:
        wanted = wanted.filter(code=params["code"])
    tranches = list(
        PledgeTranche.objects.filter(commitment__in=wanted, retracted=False, classification__in=viewer.cleared_levels())
        .select_related("commitment")
        .order_by("unit", "commitment__code", "promised_on", "pk")
    )
    if params["form"]:
        tranches = [t for t in tranches if t.form == params["form"]]
    moves = moves_until(wanted, timezone.localdate(at))
    rows: list[Row] = []
    for unit in dict.fromkeys(t.unit for t in tranches):
        of_unit = [t for t in tranches if t.unit == unit]
        pledges = [pledge_of(t, moves.get(t.pk, ())) for t in of_unit]
        late = [[(d.quantity, d.months_late) for d in deliveries_of(t, moves.get(t.pk, ()))] for t in of_unit]
        for tranche, pledge, lateness in zip(of_unit, pledges, late, strict=True):
            kind = tranche.commitment.record_type()
            lead = Ref(tranche.commitment_id, kind, Bi(tranche.commitment.text_vi, tranche.commitment.text_en))
            rows.append(_row((lead, Bi(tranche.name), tranche.form, tranche.unit), [pledge], lateness, tranche.commitment))
        if len(of_unit) > 1:
            names = vocabulary("unit")
            whole = Bi(*(f"{_WORDS[lang]}: {names.label(unit, lang)}" for lang in ("vi", "en")))
            rows.append(
                _row(
                    (whole, Bi(""), "", unit), pledges, [each for one in late for each in one], None, params["exercise"] == "yes"
                )
            )
    return paged(LEDGER, rows, page, at, "pledge_ledger", params)


def _row(head: tuple[Any, ...], pledges: list[Any], late: list[Any], of: Commitment | None, exercise: bool = False) -> Row:
    kept = fulfilment([(p.pledged, p.delivered) for p in pledges])
    left = [remainder(p) for p in pledges]
    lateness = average_lateness(late)
    cells = (
        *head,
        *(_sum(pledges, stage) for stage in _STAGES),
        *(_sum(left, part) for part in _PARTS),
        None if kept.share is None else shown(kept.share * 100, 1),
        None if lateness is None else shown(lateness, 1),
    )
    return Row(cells, of.pk, of.record_type(), exercise=of.exercise) if of else Row(cells, exercise=exercise)


def _sum(parts: list[Any], name: str) -> Decimal:
    whole = sum((getattr(part, name) for part in parts), Decimal(0))
    return whole.normalize() if whole else Decimal(0)


_WORDS = {"vi": "Gộp theo đơn vị", "en": "Pooled by unit"}
LEDGER = register_question(
    Question(
        "pledge_ledger",
        Bi("Sổ cung ứng", "Ledger of pledges"),
        "registers.view",
        (
            Parameter("code", N_("Mã cam kết")),
            Parameter("partner", N_("Đối tác"), "partner"),
            Parameter("lead", N_("Cơ quan chủ trì"), "institution"),
            Parameter("period", N_("Kỳ"), "period"),
            Parameter("form", N_("Hình thức"), "code", "supply_form"),
            Parameter("exercise", N_("Diễn tập"), "code", "yes_no"),
        ),
        (
            Column("commitment", N_("Cam kết"), "record"),
            Column("tranche", N_("Đợt"), "bilingual"),
            Column("form", N_("Hình thức"), "code", "supply_form"),
            Column("unit", N_("Đơn vị"), "code", "unit"),
            Column("pledged", N_("Cam kết cung ứng"), "number"),
            Column("committed", N_("Đã ký hợp đồng"), "number"),
            Column("shipped", N_("Đã gửi"), "number"),
            Column("delivered", N_("Đã giao"), "number"),
            Column("accepted", N_("Đã nghiệm thu"), "number"),
            Column("used", N_("Đã sử dụng"), "number"),
            Column("in_transit", N_("Đang đi đường"), "number"),
            Column("committed_not_shipped", N_("Đã ký, chưa gửi"), "number"),
            Column("not_committed", N_("Chưa ký"), "number"),
            Column("withdrawn", N_("Hủy, hết hạn, tái xuất"), "number"),
            Column("surplus", N_("Vượt cam kết"), "number"),
            Column("fulfilment", N_("Tỷ lệ thực hiện"), "percent"),
            Column("lateness", N_("Giao muộn bình quân"), "number", unit="tháng"),
        ),
        _ledger,
    )
)
