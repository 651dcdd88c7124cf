"""Are instruments counted by the rule, and the legal state of each party kept apart?"""

from __future__ import annotations

import pytest

from banggiao.agreements.models import PartyStatus
from banggiao.agreements.questions import parties_of, party_steps, signed_in
from banggiao.agreements.services import create_agreement, move_agreement, revise_agreement
from banggiao.core import records
from banggiao.core.errors import InvalidInput, MissingInformation, NotFound, NotPermitted
from banggiao.core.periods import parse_period
from banggiao.core.vocabulary import vocabulary
from tests.factories.rows import SYSTEM, act, agreement, partner, viewer

pytestmark = pytest.mark.django_db
UNCOUNTED = {"declaration", "contract", "company_mou", "certificate"}


@pytest.mark.parametrize("kind", vocabulary("agreement_kind").codes)
def test_which_kinds_are_instruments(kind: str) -> None:
    made = agreement(kind=kind)
    agreement(kind=kind, collective=True, count=12)
    agreement(kind=kind, signed_on="2025-07-01")
    agreement(kind=kind, signed_on="2025")
    assert list(signed_in(SYSTEM, parse_period("2025-H1"))) == ([] if kind in UNCOUNTED else [made])


def test_parties_and_their_steps() -> None:
    first, second = partner(), partner("XBB", "Cộng hòa Y")
    made = agreement(parties=[second, first])
    assert [ref.title.vi for ref in parties_of([made.pk])[made.pk]] == ["Cộng hòa Y", "Vương quốc X"]
    for party, status, day in ((first, "ratified", "2025-05"), (second, "signed", "2025-03-11"), (first, "signed", "2025-03-11")):
        records.create(
            PartyStatus, act=act(), values={"agreement_id": made.pk, "partner_id": party.pk, "status": status, "day": day}
        )
    assert [(s.partner.code, s.status) for s in party_steps(made, SYSTEM)] == [
        ("XBB", "signed"),
        ("XAA", "signed"),
        ("XAA", "ratified"),
    ]
    assert made.status == "signed", "the instrument's own state is another axis"


def test_what_is_refused() -> None:
    with pytest.raises(NotFound):
        create_agreement(act=act(), values={"kind": "pact", "name_vi": "X"})
    made = agreement(status="negotiating", signed_on="")
    with pytest.raises(NotPermitted):
        revise_agreement(act=act(viewer("leader")), agreement=made, values={"note": "x"}, version=1)
    with pytest.raises(InvalidInput) as raised:
        revise_agreement(act=act(viewer("desk")), agreement=made, values={"field": "space", "kind": "pact"}, version=1)
    assert {p.field for p in raised.value.problems} == {"field", "kind"}
    with pytest.raises(MissingInformation):
        move_agreement(act=act(viewer("desk")), agreement=made, action="sign", version=1)
    signed = move_agreement(act=act(viewer("desk")), agreement=made, action="sign", version=1, values={"signed_on": "2025-09-01"})
    assert (signed.status, signed.signed_on) == ("signed", "2025-09-01")
