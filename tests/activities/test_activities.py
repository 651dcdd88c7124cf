"""Do activities fall in the period in which they began, and reviews open once a period?"""

from __future__ import annotations

import pytest

from banggiao.activities.models import Activity, Review
from banggiao.activities.questions import high_level, in_period, partners_of
from banggiao.activities.services import create_activity, enter_signature, open_review, revise_activity
from banggiao.core.errors import InvalidInput, NotFound, NotPermitted, StaleEdit, VersionRequired
from banggiao.core.periods import parse_period
from tests.factories.rows import AT, SYSTEM, act, activity, partner, viewer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "periods"),
    [
        ({"start": "2025-03-10"}, {"2025", "2025-H1", "2025-Q1", "2025-03"}),
        ({"start": "2025-06-30", "end": "2025-07-02"}, {"2025", "2025-H1"}),
        ({"start": "2025"}, {"2025"}),
        ({"start": "2025", "period": "2025-H1"}, {"2025", "2025-H1"}),
        ({"start": "2024-12-31"}, set()),
        ({"start": ""}, set()),
    ],
)
def test_an_activity_belongs_to_the_period_in_which_it_began(values: dict[str, str], periods: set[str]) -> None:
    activity(**values)
    found = {
        code
        for code in ("2025", "2025-H1", "2025-H2", "2025-Q1", "2025-03")
        if in_period(Activity.objects.all(), parse_period(code)).exists()
    }
    assert found == periods


@pytest.mark.parametrize(
    ("level", "counted"),
    [("president", True), ("prime_minister", True), ("deputy_prime_minister", False), ("minister", False), ("", False)],
)
def test_the_four_key_leaders(level: str, counted: bool) -> None:
    made = activity(level=level)
    assert list(high_level(SYSTEM, parse_period("2025-H1"))) == ([made] if counted else [])


def test_partners_keep_their_order_and_title() -> None:
    first, second = partner("XBB", "Cộng hòa Y"), partner()
    made, alone = activity(partners=[second, first]), activity()
    found = partners_of([made.pk, alone.pk])
    assert [ref.title.vi for ref in found[made.pk]] == ["Vương quốc X", "Cộng hòa Y"] and alone.pk not in found


def test_what_is_refused() -> None:
    with pytest.raises(NotFound):
        create_activity(act=act(), values={"kind": "picnic", "name_vi": "X"})
    made = activity()
    with pytest.raises(NotPermitted):
        revise_activity(act=act(viewer("leader")), activity=made, values={"place": "Huế"}, version=1)
    desk = act(viewer("desk"))
    for version, error in ((None, VersionRequired), (2, StaleEdit)):
        with pytest.raises(error):
            revise_activity(act=desk, activity=made, values={"place": "Huế"}, version=version)
    changed = revise_activity(act=desk, activity=made, values={"place": "Huế"}, version=1, partners=[partner()])
    assert (changed.place, changed.version, changed.partner_rows.count()) == ("Huế", 2, 1)


def test_a_review_is_opened_once_and_signed_by_people() -> None:
    review = open_review(act=act(), period="2025-H1")
    assert open_review(act=act(), period="2025-H1") == review
    drill = open_review(act=act(exercise=True), period="2025-H1", exercise=True)
    assert drill != review and drill.exercise and Review.objects.count() == 2
    with pytest.raises(InvalidInput):
        open_review(act=act(), period="nửa đầu năm")
    with pytest.raises(NotPermitted):
        enter_signature(act=act(viewer("province")), review=review, values={"place": "Hà Nội"}, version=1)
    values = {"place": "Hà Nội", "issued_on": AT.date(), "signer_name": "A", "state": "published", "period": "2030"}
    signed = enter_signature(act=act(viewer("desk")), review=review, values=values, version=1)
    assert (signed.place, signed.signer_name, signed.state, signed.period) == ("Hà Nội", "A", "open", "2025-H1"), (
        "only what is signed"
    )
