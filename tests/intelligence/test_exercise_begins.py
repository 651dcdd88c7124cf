"""Does the exercise begin well: on any day, all or nothing, and only where somebody may build it?"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from banggiao.accounts import demo
from banggiao.commitments.models import Commitment
from banggiao.core.acts import Act
from banggiao.core.errors import NotPermitted
from banggiao.core.installation import install
from banggiao.core.ledger import LedgerEntry
from banggiao.followup.questions import due_soon, overdue
from banggiao.intelligence.exercise import build
from banggiao.partners.models import Institution
from tests.factories.rows import SYSTEM, viewer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
START = NOW.date()


@pytest.mark.parametrize("start", [date(2026, 2, 20), date(2028, 2, 29)], ids=["in Tết", "leap day"])
def test_any_day_can_be_the_first(start: date) -> None:
    at = datetime(start.year, start.month, start.day, 8, tzinfo=NOW.tzinfo)
    build(Act(SYSTEM, at), start)
    rows = Commitment.objects.filter(exercise=True)
    assert rows.count() == 40
    assert overdue(rows, start).exists()
    assert due_soon(rows, start).exists()
    assert not LedgerEntry.objects.filter(recorded_at__gte=at).exists()


def test_somebody_without_the_right_builds_nothing() -> None:
    with pytest.raises(NotPermitted):
        build(Act(viewer("desk"), NOW), START)
    assert not Institution.objects.filter(exercise=True).exists()
    assert not LedgerEntry.objects.exists()


def test_no_accounts_without_the_exercise() -> None:
    install("internal", at=NOW, exercise=True)
    assert demo.accounts() == []
