"""What is said about a record follows it when it is closed or changes hands, and is not opened with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from banggiao.commitments.services import revise_commitment
from banggiao.core import records
from banggiao.core.acts import Viewer
from banggiao.core.errors import InvalidInput
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.models import Evidence, ProgressUpdate
from banggiao.followup.services import report_progress
from tests.factories.rows import act, commitment, institution

pytestmark = pytest.mark.django_db


def test_a_duty_that_is_closed_takes_along_what_is_said_about_it() -> None:
    duty, new = commitment(classification="public"), institution("BO-N").pk
    add_evidence(act=act(), record=duty, grade=3, description="Biên bản", day=date(2025, 9, 1))
    report_progress(act=act(), record=duty, day=date(2025, 9, 1), text="Đang làm")
    stranger = Viewer("x", institutions=frozenset({institution("BO-X").pk}))
    assert [m.objects.visible_to(stranger).count() for m in (Evidence, ProgressUpdate)] == [1, 1]
    duty = revise_commitment(
        act=act(), commitment=duty, values={"classification": "internal", "owner": new}, version=duty.version
    )
    assert [m.objects.visible_to(stranger).count() for m in (Evidence, ProgressUpdate)] == [0, 0]
    assert {m.objects.get().owner for m in (Evidence, ProgressUpdate)} == {new}
    revise_commitment(act=act(), commitment=duty, values={"classification": "public"}, version=duty.version)
    assert Evidence.objects.get().classification == "internal"


@pytest.mark.parametrize("values", [{"weight": Decimal(0)}, {"weight": Decimal(-1)}, {"cycle_days": 0}, {"cycle_days": 30_000}])
def test_weights_and_cycles_that_mean_nothing_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as raised:
        commitment(**values)
    assert [p.field for p in raised.value.problems] == [*values]


def test_a_weight_stands_still_once_work_is_given() -> None:
    duty = commitment()
    duty = revise_commitment(act=act(), commitment=duty, values={"weight": Decimal(2)}, version=duty.version)
    duty = records.revise(duty, act=act(), values={"work_state": "active"}, version=duty.version)
    with pytest.raises(InvalidInput):
        revise_commitment(act=act(), commitment=duty, values={"weight": Decimal(3)}, version=duty.version)
