"""What a commitment promises to supply, in tranches, and how far each has come: lines of a commitment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from banggiao.analytics.delivery.pledges import Pledge
from banggiao.commitments.models import Commitment, PledgeMove, PledgeTranche
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem
from banggiao.core.lines import Lines, declare_lines
from banggiao.core.periods import last_day
from banggiao.core.questions import Bi, Column
from banggiao.core.registers import Field, Order, Register
from banggiao.followup.services import require_part

#: From the last to the first: what reached one has passed those behind it.
_PASSED = ("used", "accepted", "delivered", "shipped", "committed")
_DAYS_A_MONTH = Decimal("30.4375")  # the mean month of the Gregorian calendar, so that lateness has one unit


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery of a tranche: the quantity, and how many months after the promised day (negative before it)."""

    quantity: Decimal
    months_late: Decimal


def pledge_of(tranche: PledgeTranche, moves: Iterable[PledgeMove]) -> Pledge:
    """The quantities of a tranche by stage, from its moves."""
    sums = dict.fromkeys((*_PASSED, "cancelled", "expired", "re_exported"), Decimal(0))
    for move in moves:
        sums[move.stage] += move.quantity
    passed = Decimal(0)
    for stage in _PASSED:
        passed = sums[stage] = max(sums[stage], passed)
    return Pledge(pledged=tranche.pledged or Decimal(0), **sums)


def deliveries_of(tranche: PledgeTranche, moves: Iterable[PledgeMove]) -> list[Delivered]:
    """The deliveries of a tranche with a promised day, and how late each was."""
    if not tranche.promised_on:
        return []
    promised = last_day(tranche.promised_on)
    return [
        Delivered(m.quantity, (date.fromisoformat(m.day) - promised).days / _DAYS_A_MONTH)
        for m in moves
        if m.stage == "delivered"
    ]


def moves_until(commitments: QuerySet[Commitment], day: date) -> Mapping[UUID, list[PledgeMove]]:
    """The moves of the tranches of these commitments up to a day, by tranche."""
    found: dict[UUID, list[PledgeMove]] = {}
    for move in PledgeMove.objects.filter(commitment__in=commitments, retracted=False, day__lte=day.isoformat()).order_by(
        "day", "pk"
    ):
        found.setdefault(move.tranche_id, []).append(move)
    return found


def _sound_tranche(tranche: PledgeTranche, act: Act) -> Sequence[FieldProblem]:
    require_part(act, Commitment.objects.get(pk=tranche.commitment_id))
    if tranche.pledged is not None and tranche.pledged < 0:
        return [FieldProblem("pledged", N_("Số lượng không được âm."))]
    standing = PledgeTranche.objects.filter(pk=tranche.pk).first()
    if (
        standing is not None
        and standing.unit != tranche.unit
        and PledgeMove.objects.filter(tranche=tranche.pk, retracted=False).exists()
    ):
        return [FieldProblem("unit", N_("Đợt này đã có lượng ghi theo đơn vị cũ; hãy lập đợt mới cho đơn vị khác."))]
    return []


def _sound_move(move: PledgeMove, act: Act) -> Sequence[FieldProblem]:
    require_part(act, Commitment.objects.get(pk=move.commitment_id))
    problems = []
    quantity: Decimal | None = move.quantity  # none while the form is being filled in
    if quantity is not None and quantity <= 0:
        problems.append(FieldProblem("quantity", N_("Số lượng phải lớn hơn 0.")))
    if len(move.day) != 10:
        problems.append(FieldProblem("day", N_("Hãy ghi đủ ngày, tháng, năm.")))
    elif move.day > timezone.localdate(act.at).isoformat():
        problems.append(FieldProblem("day", N_("Ngày này chưa tới.")))
    of = PledgeTranche.objects.filter(pk=move.tranche_id, commitment_id=move.commitment_id, retracted=False)
    if move.tranche_id and not of.exists():
        problems.append(FieldProblem("tranche_id", N_("Đợt này không thuộc cam kết.")))
    return problems


TRANCHES = declare_lines(
    Lines(
        Register(
            name="tranches",
            model=PledgeTranche,
            title=Bi("Các đợt cung ứng", "Tranches"),
            one=Bi("Đợt cung ứng", "Tranche"),
            fields=(
                Field(Column("name", N_("Đợt"), "lead"), ("name",)),
                Field(Column("form", N_("Hình thức"), "code", "supply_form"), ("form",)),
                Field(Column("pledged", N_("Lượng cam kết"), "number"), ("pledged",)),
                Field(Column("unit", N_("Đơn vị"), "code", "unit"), ("unit",)),
                Field(Column("promised_on", N_("Hẹn giao"), "date"), ("promised_on",)),
            ),
            orders=(Order("promised", N_("Hẹn giao"), ("promised_on",)),),
            entry=("name", "form", "pledged", "unit", "promised_on"),
            required=("name", "form", "unit"),
            edit_permission="followup.report",
            title_paths=("name", ""),
            code_path="",
        ),
        "commitment",
        _sound_tranche,
    )
)
MOVES = declare_lines(
    Lines(
        Register(
            name="pledge_moves",
            model=PledgeMove,
            title=Bi("Diễn biến cung ứng", "Moves of pledges"),
            one=Bi("Lần giao, nhận", "Move of a pledge"),
            fields=(
                Field(Column("day", N_("Ngày"), "date"), ("day",)),
                Field(
                    Column("tranche", N_("Đợt"), "record"),
                    ("tranche_id", "tranche__name", "tranche__name"),
                    leads_to="commitments.pledgetranche",
                ),
                Field(Column("stage", N_("Bước"), "code", "pledge_stage"), ("stage",)),
                Field(Column("quantity", N_("Số lượng"), "number"), ("quantity",)),
                Field(Column("note", N_("Ghi chú")), ("note",)),
            ),
            orders=(Order("day", N_("Theo ngày"), ("day",)),),
            entry=("tranche_id", "stage", "day", "quantity", "note"),
            required=("tranche_id", "stage", "day", "quantity"),
            edit_permission="followup.report",
            title_paths=("stage", ""),
            code_path="",
        ),
        "commitment",
        _sound_move,
    )
)
