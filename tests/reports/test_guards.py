"""Signs that figures were made to look well are counted by lead institution, and only from what may be known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from banggiao.core import records
from banggiao.core.acts import Viewer
from banggiao.core.questions import ALL, ask
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.services import move_due_date
from banggiao.followup.signs import SIGNS
from banggiao.reports.guards import opens
from tests.factories.rows import AT, act, commitment, institution, viewer

pytestmark = pytest.mark.django_db


def table(who: Viewer) -> list[dict[str, Any]]:
    answer = ask("gaming_signs", {}, who, at=AT, page=ALL).listed()
    return [dict(zip((c.key for c in answer.columns), row.cells, strict=True)) for row in answer.rows]


def test_signs_are_counted_by_lead() -> None:
    lead = institution("BO-L")

    def done(due: str, on: str) -> Any:
        made = commitment(deadline=due, lead_id=lead.pk)
        values = {"work_state": "done", "done_on": on}
        return records.revise(made, act=act(), values=values, version=made.version, action="set up")

    done("2025-06-30", "2025-06-30")
    proved = done("2025-06-30", "2025-06-01")
    evidence = add_evidence(act=act(), record=proved, grade=3, description="Biên bản", day=date(2025, 6, 1))
    records.revise(evidence, act=act(), values={"state": "accepted"}, version=evidence.version)
    late, early = (commitment(deadline=due, lead_id=lead.pk) for due in ("2025-09-18", "2025-12-18"))
    for duty in (late, early):
        move_due_date(act=act(reason="Chờ đối tác"), record=duty, to="2026-03-01", version=duty.version)
    (row,) = table(viewer("leader"))
    assert row["lead"].title.vi == "Bộ BO-L"
    assert [row[name] for name in SIGNS] == [2, 1, 1, 2, 1]
    for name in SIGNS:
        kind, params = opens({}, lead.code, name)
        assert ask(kind, params, viewer("leader"), at=AT).total == row[name], name
    assert table(Viewer("x", permissions=viewer("leader").permissions)) == []
