"""A made-up promise to supply, and what came of it: two tranches for a classroom of the exercise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from banggiao.commitments.models import Commitment, PledgeTranche
from banggiao.commitments.pledges import MOVES, TRANCHES
from banggiao.core.acts import Act, Viewer
from banggiao.core.lines import add_line

CODE = "DT-CK-14"
#: (name, form, quantity pledged, promised on, moves as (stage, quantity, day)); days count from the start of the exercise.
_SUPPLIES = (
    ("Máy trạm thiết kế, đợt viện trợ", "grant", 25, -60, (("delivered", 15, -70), ("accepted", 15, -65), ("delivered", 6, -30))),
    ("Máy trạm thiết kế, đợt mua", "purchase", 15, 30, (("committed", 15, -50), ("shipped", 8, -10))),
)
_BEGUN = -200


def play_pledges(at: Callable[[int, Viewer, str], Act], start: date, desk: Viewer) -> None:
    """Tell it once, of the commitment it belongs to."""
    duty = Commitment.objects.filter(code=CODE, exercise=True, retracted=False).first()
    if duty is None or PledgeTranche.objects.filter(commitment=duty).exists():
        return
    for name, form, pledged, promised, moves in _SUPPLIES:
        day = (start + timedelta(days=promised)).isoformat()
        values = {"name": name, "form": form, "unit": "set", "pledged": Decimal(pledged), "promised_on": day}
        tranche = add_line(act=at(_BEGUN, desk, ""), lines=TRANCHES, parent=duty, values=values)
        for stage, quantity, on in moves:
            moved = {"tranche_id": tranche.pk, "stage": stage, "quantity": Decimal(quantity)}
            moved["day"] = (start + timedelta(days=on)).isoformat()
            add_line(act=at(on, desk, ""), lines=MOVES, parent=duty, values=moved)
