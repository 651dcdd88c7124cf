"""Who wrote a plan does not approve it, and no plan holds dates or bodies that must not stand in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from banggiao.core.errors import InvalidInput, WrongState
from banggiao.followup.planning.services import approve_plan, draft_plan, redraft_plan
from tests.factories.rows import act, commitment, institution, user, viewer

pytestmark = [pytest.mark.django_db]


def rows(**more: Any) -> list[dict[str, Any]]:
    return [{"name_vi": "Mở", "weight": Decimal(1), "due": date(2025, 9, 30), **more}]


def test_who_wrote_the_draft_anew_does_not_approve_it() -> None:
    lead, other = institution(), institution("BO-B")
    duty = commitment(lead_id=lead.pk)
    first = act(viewer("ministry", lead, id=user("mot", role="ministry", body=lead).pk))
    second = act(viewer("desk", other, id=user("hai", role="desk", body=other).pk))
    plan = draft_plan(act=first, record=duty, starts=date(2025, 3, 1), milestones=rows())
    again = redraft_plan(
        act=second, record=duty, baseline=plan, version=plan.version, starts=date(2025, 4, 1), milestones=rows(name_vi="Khác")
    )
    with pytest.raises(WrongState):
        approve_plan(act=second, record=duty, baseline=again, version=again.version)
    third = act(viewer("desk", other, id=user("ba", role="desk", body=other).pk))
    assert approve_plan(act=third, record=duty, baseline=again, version=again.version).state == "approved"


@pytest.mark.parametrize(("starts", "due"), [(date(1, 1, 1), date(2025, 9, 30)), (date(2025, 3, 1), date(9999, 12, 31))])
def test_dates_outside_the_calendar_of_plans_are_refused(starts: date, due: date) -> None:
    """An approved plan with such dates would break every page that counts its months."""
    with pytest.raises(InvalidInput):
        draft_plan(act=act(), record=commitment(), starts=starts, milestones=rows(due=due))


def test_a_body_that_the_drafter_may_not_know_of_is_like_none() -> None:
    lead, hidden = institution(), institution("BO-X", classification="internal")
    drafter = act(viewer("ministry", lead))
    with pytest.raises(InvalidInput) as raised:
        draft_plan(
            act=drafter, record=commitment(lead_id=lead.pk), starts=date(2025, 3, 1), milestones=rows(responsible_id=hidden.pk)
        )
    assert [p.field for p in raised.value.problems] == ["milestones.1.responsible_id"]
