"""Pledges in tranches: the known answers from lines entered on a commitment, and the same from page, API and question."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from banggiao.commitments.models import Commitment
from banggiao.commitments.pledges import MOVES, TRANCHES
from banggiao.core.acts import Viewer
from banggiao.core.errors import InvalidInput, NotPermitted
from banggiao.core.lines import add_line
from banggiao.core.questions import ALL, ask
from tests.factories.rows import AT, act, commitment, institution, viewer

pytestmark = pytest.mark.django_db
LEADER = viewer("leader")
#: The stages of KAT-10, in millions of doses.
KAT_10 = {"committed": "6.0", "shipped": "5.5", "delivered": "5.0", "accepted": "4.9"}


def tranche(duty: Commitment, name: str, pledged: str | None, moves: dict[str, str], day: str = "2025-08-01", **more: Any) -> Any:
    values = {"name": name, "form": "grant", "unit": "dose", "pledged": Decimal(pledged) if pledged else None, **more}
    made = add_line(act=act(), lines=TRANCHES, parent=duty, values=values)
    for stage, quantity in moves.items():
        move(duty, made, stage, quantity, day)
    return made


def move(duty: Commitment, of: Any, stage: str, quantity: str, day: str = "2025-08-01") -> Any:
    values = {"tranche_id": of.pk, "stage": stage, "day": day, "quantity": Decimal(quantity)}
    return add_line(act=act(), lines=MOVES, parent=duty, values=values)


def ledger(**params: str) -> list[dict[str, Any]]:
    answer = ask("pledge_ledger", params, LEADER, at=AT, page=ALL).listed()
    return [dict(zip((c.key for c in answer.columns), row.cells, strict=True)) for row in answer.rows]


def test_kat_10_11_12_stages_remainder_pool_and_surplus() -> None:
    duty = commitment()
    tranche(duty, "Viện trợ", "10.0", KAT_10)
    (row,) = ledger()
    assert [row[name] for name in ("in_transit", "committed_not_shipped", "not_committed")] == [Decimal("0.5"), Decimal("0.5"), 4]
    assert row["fulfilment"] == Decimal("50.0")
    tranche(commitment(), "Mua", "20.0", {"delivered": "7.5"}, form="purchase")
    assert ledger()[-1]["fulfilment"] == Decimal("41.7")
    tranche(commitment(), "Vượt", "1.0", {"delivered": "1.2"})
    whole = ledger()[-1]
    assert (whole["fulfilment"], whole["surplus"]) == (Decimal("43.5"), Decimal("0.2"))
    assert [row["fulfilment"] for row in ledger(form="purchase")] == [Decimal("37.5")]


def test_kat_13_delivered_without_a_pledge_has_no_rate() -> None:
    duty = commitment()
    tranche(duty, "Tặng thêm", None, {"delivered": "1.0"})
    (row,) = ledger(code=duty.code)
    assert (row["delivered"], row["fulfilment"], row["surplus"]) == (1, None, 1)


def test_kat_14_lateness_is_weighted_by_quantity() -> None:
    duty = commitment()
    made = tranche(duty, "Đợt 1", "5", {"delivered": "3"}, day="2025-07-01", promised_on="2025-07-01")
    move(duty, made, "delivered", "2", "2025-08-31")
    assert ledger()[0]["lateness"] == Decimal("0.8")


def test_units_are_never_added_up() -> None:
    duty = commitment()
    tranche(duty, "Vắc xin", "10", {"delivered": "5"})
    tranche(duty, "Máy thở", "4", {"delivered": "4"}, unit="set")
    assert [(row["unit"], row["fulfilment"]) for row in ledger()] == [("dose", Decimal("50.0")), ("set", Decimal("100.0"))]


@pytest.mark.parametrize(
    ("change", "field"), [({"quantity": Decimal(0)}, "quantity"), ({"day": "2025-09-16"}, "day"), ({"stage": "flown"}, "stage")]
)
def test_what_cannot_be_is_refused_by_field(change: dict[str, Any], field: str) -> None:
    duty = commitment()
    of = tranche(duty, "Đợt", "1", {})
    values = {"tranche_id": of.pk, "stage": "delivered", "day": "2025-09-01", "quantity": Decimal(1), **change}
    with pytest.raises(InvalidInput) as raised:
        add_line(act=act(), lines=MOVES, parent=duty, values=values)
    assert [p.field for p in raised.value.problems] == [field]


def test_a_tranche_of_another_commitment_is_refused_and_strangers_write_nothing() -> None:
    duty, other = commitment(classification="public"), commitment()
    of = tranche(other, "Đợt", "1", {})
    with pytest.raises(InvalidInput):
        move(duty, of, "delivered", "1")
    stranger = viewer("ministry", institution("BO-N"))
    with pytest.raises(NotPermitted):
        add_line(act=act(stranger), lines=TRANCHES, parent=duty, values={"name": "x", "form": "grant", "unit": "dose"})
    hidden = Viewer("x", permissions=stranger.permissions)
    assert ask("pledge_ledger", {"code": other.code}, hidden, at=AT, page=ALL).listed().rows == ()
