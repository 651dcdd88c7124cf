"""Does every register give the next code, never one that was used?"""

from __future__ import annotations

import pytest

from banggiao.activities.models import Activity
from banggiao.core import records
from banggiao.core.numbering import next_code
from tests.factories.rows import act, activity, agreement, barrier, commitment, task

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_codes_count_by_year_of_the_record() -> None:
    made = [activity(start=start).code for start in ("2025-03-01", "2025-05", "2024", "")]
    assert made == ["HD-2025-0001", "HD-2025-0002", "HD-2024-0001", "HD-2025-0003"]


def test_each_register_has_its_own_prefix() -> None:
    codes = [activity().code, agreement().code, commitment().code, task().code, barrier().code]
    assert codes == ["HD-2025-0001", "TT-2025-0001", "CK-2025-0001", "NV-2025-0001", "RC-2025-0001"]


def test_exercise_records_are_numbered_apart() -> None:
    from banggiao.commitments.services import create_commitment

    commitment()
    drill = create_commitment(act=act(exercise=True), values={"text_vi": "Mẫu", "side": "ours", "made_on": "2025"})
    assert (drill.code, drill.exercise) == ("DT-CK-2025-0001", True)
    assert commitment().code == "CK-2025-0002"


def test_a_code_is_never_given_twice() -> None:
    first = activity()
    records.retract(first, act=act())
    assert activity().code == "HD-2025-0002", "retracted records keep theirs"


@pytest.mark.parametrize(
    ("taken", "following"),
    [
        (["HD-2025-9999"], "HD-2025-10000"),
        (["HD-2025-9999", "HD-2025-10000"], "HD-2025-10001"),
        (["HD-2025-0007", "HD-2025-X", "HD-2025-0003-bis", "HD-2025-²"], "HD-2025-0008"),
        (["HD-20250-0001", "HD-2024-0009"], "HD-2025-0001"),
    ],
)
def test_whatever_codes_are_there(taken: list[str], following: str) -> None:
    for code in taken:
        activity(code=code)
    assert next_code(Activity, "HD", "2025") == activity().code == following
