"""Is progress a claim, evidence graded, and a result verified by somebody else?"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from banggiao.core import records
from banggiao.core.errors import InvalidInput, MissingInformation, NotFound, NotPermitted, WrongState
from banggiao.core.periods import parse_period
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.models import Finding, ProgressUpdate
from banggiao.followup.questions import evidence_of, findings_in, updates_of
from banggiao.followup.services import move_validation, record_finding, report_progress
from tests.factories.rows import AT, SYSTEM, act, commitment, document, institution, viewer

pytestmark = pytest.mark.django_db


def test_an_update_takes_level_owner_and_exercise_from_its_record() -> None:
    duty = records.revise(commitment(owner=UUID(int=5), classification="public"), act=act(), values={"exercise": True}, version=1)
    update = report_progress(
        act=act(), record=duty, day=AT.date().replace(day=1), text="Đã họp", claimed=Decimal("0.5"), difficulty="PARTNER"
    )
    assert (update.owner, update.classification, update.exercise) == (UUID(int=5), "public", True)
    later = report_progress(act=act(), record=duty, day=AT.date(), text="Đã ký", claimed=Decimal(1))
    assert updates_of(duty.pk, SYSTEM) == [later, update]


@pytest.mark.parametrize(
    ("values", "error", "fields"),
    [
        ({"text": " "}, InvalidInput, {"text"}),
        ({"claimed": Decimal("1.01")}, InvalidInput, {"claimed"}),
        ({"claimed": Decimal("-0.1"), "text": ""}, InvalidInput, {"claimed", "text"}),
        ({"difficulty": "WEATHER"}, NotFound, set()),
    ],
)
def test_bad_reports_are_refused(values: dict[str, object], error: type[Exception], fields: set[str]) -> None:
    with pytest.raises(error) as raised:
        report_progress(act=act(), record=commitment(), **{"day": AT.date(), "text": "x", **values})  # type: ignore[arg-type]
    assert {p.field for p in getattr(raised.value, "problems", ())} == fields
    assert not ProgressUpdate.objects.exists()


def test_evidence_is_graded() -> None:
    duty, text = commitment(), document()
    for grade in map(int, vocabulary("evidence_grade").codes):
        made = add_evidence(act=act(), record=duty, grade=grade, description="Biên bản", day=AT.date(), document=text)
        assert (made.grade, made.document_id) == (grade, text.pk)
    assert len(evidence_of(duty.pk, SYSTEM)) == 5
    with pytest.raises(NotFound):
        add_evidence(act=act(), record=duty, grade=5, description="x", day=AT.date())
    with pytest.raises(NotPermitted):
        add_evidence(act=act(viewer("leader")), record=duty, grade=1, description="x", day=AT.date())


def test_nobody_verifies_what_their_own_institution_leads() -> None:
    lead, other = institution("BO-A"), institution("BO-B")
    duty = move_validation(act=act(viewer("ministry", lead)), record=commitment(lead_id=lead.pk), action="submit", version=1)
    with pytest.raises(WrongState):
        move_validation(act=act(viewer("verifier", lead)), record=duty, action="verify", version=2)
    with pytest.raises(NotPermitted):
        move_validation(act=act(viewer("ministry", other)), record=duty, action="verify", version=2)
    with pytest.raises(MissingInformation):
        move_validation(act=act(viewer("verifier", other)), record=duty, action="return", version=2)
    assert (
        move_validation(act=act(viewer("verifier", other)), record=duty, action="verify", version=2).validation_state
        == "verified"
    )


def test_findings_of_a_period() -> None:
    for kind, period, start in (("result", "2025-H1", "2025-01"), ("shortcoming", "", "2025-06-30"), ("result", "2025", "2025")):
        record_finding(act=act(), values={"kind": kind, "text_vi": "x", "period": period, "period_start": start})
    assert findings_in(SYSTEM, parse_period("2025-H1")).count() == 2
    assert findings_in(SYSTEM, parse_period("2025")).count() == 3
    with pytest.raises(NotFound):
        record_finding(act=act(), values={"kind": "opinion", "text_vi": "x"})
    assert Finding.objects.count() == 3
